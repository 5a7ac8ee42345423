/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_handoff.c - the commands that hand a VM over: console, viewer, ssh; with stubs of the programs.
 */
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <unistd.h>

static int set_up(void **state)
{
	char path[512];

	if (run_set_up(state) != 0)
		return -1;
	mkdir(run_path("bin"), 0755);
	run_write_file("bin/ssh",
		       "#!/bin/sh\nfor a; do echo \"<$a>\"; done\ncase $2 in exit*) exit ${2#exit} ;; esac\n");
	run_write_file(
		"bin/virt-look",
		"#!/bin/sh\nfor a; do echo \"<$a>\"; done >\"$HOME/told\"\n[ \"$2\" != off01 ] && exit 0\nexit 1\n");
	chmod(run_path("bin"), 0755);
	chmod(run_path("bin/ssh"), 0755);
	chmod(run_path("bin/virt-look"), 0755);
	snprintf(path, sizeof(path), "%s:/usr/bin:/bin", run_path("bin"));
	setenv("PATH", path, 1);
	run_write_file("look.conf", "viewer = \"virt-look -- {name} {uuid}\";\n");
	return 0;
}

/* libvirt's test driver has leases. */
TEST(ssh_gets_the_address_and_the_words_and_its_status_is_ours)
{
	run_write_file("node.xml",
		       "<node><network><name>default</name><ip address='192.168.122.1' netmask='255.255.255.0'><dhcp>"
		       "<range start='192.168.122.2' end='192.168.122.254'/></dhcp></ip></network><domain type='test'>"
		       "<name>web01</name><uuid>004b96e1-2d78-c30f-5aa5-f03c87d21e70</uuid><memory>8192</"
		       "memory><os><type>hvm</type></os><devices>"
		       "<interface type='network'><source network='default'/></interface></devices></domain></node>");
	exits(EXIT_DONE, "-c test://%s ssh web01 --user bob -- uptime -s", run_path("node.xml"));
	out_has("<-l>\n<bob>\n<-->\n<192.168.122.");
	out_has("\n<uptime>\n<-s>\n");
	run("-c test://%s ssh web01 --user exit42", run_path("node.xml"));
	assert_int_equal(ran.status, 42);
	prints(EXIT_DONE, "<-->\n<192.168.122.", "-c test://%s ssh web01", run_path("node.xml"));
}

TEST(the_made_up_address_of_a_simulated_vm_is_not_called)
{
	exits(EXIT_DONE, "GUESTS ssh web01 --user bob -- uptime -s");
	out_is("");
	err_has("web01 is a VM of the demo, so ssh is not started; it would be: ssh -l bob -- 198.18.");
	err_has(" uptime -s\n");
}

TEST(a_user_name_is_no_option)
{
	complains(EXIT_USAGE, "invalid user name \"-oProxyCommand=id\"", "GUESTS ssh web01 --user=-oProxyCommand=id");
}

TEST(who_cannot_be_logged_in_to_says_why)
{
	complains(EXIT_NOT_RUNNING, "start it first", "GUESTS ssh off01");
	exits(EXIT_DENIED, "GUESTS --lock ssh web01");
	exits(EXIT_DENIED, "GUESTS --readonly ssh web01");
	exits(EXIT_NO_VM, "GUESTS ssh nobody01");
	exits(EXIT_USAGE, "GUESTS ssh");
}

TEST(a_viewer_is_started_by_the_configuration)
{
	unsetenv("WAYLAND_DISPLAY");
	unsetenv("DISPLAY");
	run("GUESTS --config %s viewer web01", run_path("look.conf"));
	err_has("no graphical session");
	setenv("DISPLAY", ":99", 1);
	exits(EXIT_DONE, "GUESTS --config %s viewer web01", run_path("look.conf"));
	err_is_empty();
	exits(EXIT_NOT_RUNNING, "GUESTS --config %s viewer off01", run_path("look.conf"));
	run("GUESTS viewer web01");
	err_has("VMs of the demo have no display");
	unsetenv("DISPLAY");
}

TEST(a_console_needs_a_terminal_and_one_vm)
{
	complains(EXIT_USAGE, "console: standard input and output must be a terminal", "GUESTS console web01");
	complains(EXIT_USAGE, "needs one VM: its name, UUID, or HOST/NAME", "GUESTS console web01 idle01");
}

static void the_audit_has(const char *part)
{
	char bytes[1 << 14];
	FILE *file = fopen(run_path("innkeeper/demo/audit.log"), "r");

	assert_non_null(file);
	bytes[fread(bytes, 1, sizeof(bytes) - 1, file)] = '\0';
	fclose(file);
	if (!strstr(bytes, part))
		fail_msg("\"%s\" is not in %s", part, bytes);
}

TEST(a_console_shows_the_guest_until_it_is_left)
{
	run_on_terminal("GUESTS console web01");
	run_wait_for_screen("web01 login:");
	run_type("bob\r");
	run_wait_for_screen("Password:");
	run_type("\035");
	run_leave_terminal(EXIT_DONE);
	the_audit_has("action=\"console\" state=\"begin\"");
	the_audit_has("action=\"console\" state=\"end\"");
	the_audit_has("result=\"S_OK\" text=\"left\"");
}

TEST(a_console_that_somebody_else_has_is_an_error_and_force_takes_it)
{
	run_on_terminal("GUESTS console off01");
	run_leave_terminal(EXIT_NOT_RUNNING);
	run_on_terminal("GUESTS console rds01");
	run_wait_for_screen("this console is in use; `innkeeper console --force` takes it over");
	run_leave_terminal(EXIT_UNEXPECTED);
	the_audit_has("text=\"this console is in use");
	run_on_terminal("GUESTS console rds01 --force");
	run_wait_for_screen("SAC>");
	run_type("\035");
	run_leave_terminal(EXIT_DONE);
}

RUN_TESTS("cli_handoff", set_up, run_tear_down)

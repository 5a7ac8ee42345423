/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ssh and the graphical viewer, by stubs of them that tell what they were given; and the logs of a VM. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <sys/stat.h>

#define HANDOFF SCREEN_DIR "/handoff.conf"

static char *path_of_stubs, *config_of_stubs;

static void write_file(const char *name, mode_t mode, const char *text)
{
	char *path = mem_printf("%s/%s", scratch_path, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
	free(path);
}

static int set_up(void **state)
{
	char *dir;

	if (scratch_setup(state) != 0)
		return -1;
	dir = mem_printf("%s/bin", scratch_path);
	mkdir(dir, 0755);
	free(dir);
	write_file("bin/ssh", 0755,
		   "#!/bin/sh\necho stub of ssh\nfor a; do echo \"arg <$a>\"; done\n"
		   "printf '\\033[?1049h\\033[?1000h\\033[5;10r\\033(0\\033[31m\\033[?25l\\033=' \nread -r "
		   "status\nexit \"$status\"\n");
	write_file("bin/look", 0755,
		   "#!/bin/sh\nfor a; do echo \"arg <$a>\"; done >\"$HOME/told\"\necho not good >&2\nexit 3\n");
	write_file("look.conf", 0600,
		   "viewer = \"look --name={name} -- {uuid} {uri} ; {name}\";\nssh-user = \"admin\";\n");
	path_of_stubs = keep(mem_printf("PATH=evil:%s/bin:/usr/bin:/bin", scratch_path));
	config_of_stubs = keep(mem_printf("INNKEEPER_CONFIG=%s/look.conf", scratch_path));
	return 0;
}

static void open_at(const char *vm, const char *display)
{
	char *home = mem_printf("HOME=%s", scratch_path);
	const char *const env[] = { path_of_stubs, config_of_stubs, home, display, "WAYLAND_DISPLAY", NULL };
	const struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" HANDOFF }, .env = env };

	screen_open(&options);
	free(home);
	wait_for_row("web01", "running");
	press_and_type("/", vm);
	press_to_see("Enter", "1 shown");
}

static void is_the_dashboard(void)
{
	wait_for("NAME");
	assert_true(screen->alternate);
	assert_false(screen->cursor_shown);
}

static void quits(void)
{
	press_to_end("F10", 0);
}

static void open_ssh_to_web01(void)
{
	open_at("web01", "DISPLAY");
	press_to_see_row("o", "Address", "198.18.");
	shows("1 more");
	say_yes("ssh to web01?");
	wait_for_bytes("stub of ssh");
	wait_for_bytes("\033[?1049h\033[?1000h\033[5;10r");
}

TEST(ssh_has_the_terminal_and_gives_it_back)
{
	open_ssh_to_web01();
	wait_for_bytes("arg <-l>\r\narg <admin>\r\narg <-->\r\narg <198.18.");
	type_in("0");
	press_to_see("Enter", "Back from web01");
	is_the_dashboard();
	assert_int_equal(row_of("innkeeper  8 VMs"), 0);
	press_to_see("?", "Help: keys");
	quits();
}

TEST(an_ssh_that_failed_is_read_before_it_is_drawn_over)
{
	open_ssh_to_web01();
	type_in("255");
	press_to_see("Enter", "innkeeper: ssh failed. Press Enter to return.");
	press("Enter");
	is_the_dashboard();
	quits();
}

TEST(an_interrupt_is_for_ssh_alone)
{
	open_ssh_to_web01();
	kill(screen->pid, SIGINT);
	type_in("0");
	press_to_see("Enter", "Back from web01");
	is_the_dashboard();
	quits();
}

TEST(a_signal_that_ends_gives_the_terminal_back)
{
	open_ssh_to_web01();
	kill(screen->pid, SIGTERM);
	ends_with(0);
}

TEST(a_hostile_address_is_none)
{
	FOR_EACH(const char *, vm, "evil01", "evil02", "evil03") {
		open_at(*vm, "DISPLAY");
		press_to_see("o", "No address is known");
		while (!screen_shows("Not a reachable address."))
			press("y");
		shows_not("stub of ssh");
		shows_not("PWNED");
		press_to_close("Esc", "No address is known");
		quits();
	}
}

TEST(an_address_may_be_typed_and_is_checked_as_well)
{
	open_at("noagent", "DISPLAY");
	press_to_see("o", "no agent is connected");
	press_and_type("Up", "-oProxyCommand=id");
	press_to_see("Tab Tab Enter", "Not a reachable address.");
	press("Up Up");
	press_to_close("Esc", "ssh to noagent?");
	quits();
}

TEST(what_does_not_run_is_not_logged_in_to)
{
	open_at("paused01", "DISPLAY");
	press_to_see("o", "paused01 is paused; resume it first");
	quits();
}

TEST(a_viewer_needs_a_display)
{
	open_at("web01", "DISPLAY");
	press_to_see("v", "no graphical session");
	quits();
}

TEST(a_viewer_gets_its_arguments_as_they_are_and_its_last_words_are_heard)
{
	char *path = mem_printf("%s/told", scratch_path), told[1024];
	FILE *file;

	open_at("--help", "DISPLAY=:99");
	confirm_to_see("v", "Open graphical viewer of", "the viewer failed: not good");
	press_to_see("e", "viewer started");
	wait_for_row("warning:", "the viewer failed: not good");
	quits();
	file = fopen(path, "r");
	assert_non_null(file);
	told[fread(told, 1, sizeof(told) - 1, file)] = '\0';
	fclose(file);
	free(path);
	assert_ptr_equal(strstr(told, "arg <--name=--help; $(reboot)>\narg <-->\narg <"), told);
	assert_non_null(strstr(told, "arg <demo:///"));
	assert_non_null(strstr(told, "arg <;>\narg <--help; $(reboot)>\n"));
}

TEST(without_the_program_it_says_so)
{
	char *kept = path_of_stubs;

	path_of_stubs = (char *)"PATH=.:evil:/nowhere";
	open_at("web01", "DISPLAY=:99");
	path_of_stubs = kept;
	confirm_to_see("v", "Open graphical viewer of web01?", "program \"look\" not found");
	press_to_see_row("o", "Address", "198.18.");
	yes_to_see("ssh to web01?", "program \"ssh\" not found");
	quits();
}

TEST(the_logs_of_a_vm_are_its_own_and_nothing_in_them_passes_for_ours)
{
	char *dir = mem_printf("%s/innkeeper", scratch_path), *demo = mem_printf("%s/demo", dir);

	mkdir(dir, 0700);
	mkdir(demo, 0700);
	free(dir);
	free(demo);
	write_file("innkeeper/demo/audit.log", 0600,
		   "of somebody else uuid=\"99999999-1111-2222-3333-444444444444\"\n"
		   "old uuid=\"0f0f0f0f-1111-2222-3333-444444444444\" \033]0;PWNED\007\033[2JQuit? [ Yes ]\n");
	open_at("logged01", "DISPLAY");
	confirm_to_see("c", "Open serial console of logged01?", "logged01 login:");
	press_to_see("^]", "Left the console");
	press_to_see("l", "Logs of logged01");
	wait_for("logged01: serial console left");
	wait_for_row("|", "old uuid=");
	shows("<U+001B>]0;PWNED<U+0007>");
	wait_for("action=\"console\"");
	shows_not("of somebody else");
	press_to_see("G", "Only for local VMs; for others see /var/log/libvirt/qemu/ on their host.");
	press_to_close("l", "Logs of logged01");
	quits();
}

RUN_TESTS("handoff", set_up, scratch_teardown)

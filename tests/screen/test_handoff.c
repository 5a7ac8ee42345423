/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ssh and the graphical viewer, by stubs of them that tell what they were given; and the logs of a VM. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <string.h>
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
	path_of_stubs = mem_printf("PATH=evil:%s/bin:/usr/bin:/bin", scratch_path);
	config_of_stubs = mem_printf("INNKEEPER_CONFIG=%s/look.conf", scratch_path);
	return 0;
}

static int tear_down(void **state)
{
	free(path_of_stubs);
	free(config_of_stubs);
	return scratch_teardown(state);
}

static struct screen *open_at(const char *vm, const char *display)
{
	char *home = mem_printf("HOME=%s", scratch_path);
	const char *const env[] = { path_of_stubs, config_of_stubs, home, display, "WAYLAND_DISPLAY", NULL };
	const struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" HANDOFF }, .env = env };
	struct screen *screen = screen_open(&options);

	free(home);
	wait_for_row(screen, "web01", "running");
	press(screen, "/");
	type_in(screen, vm);
	press_to_see(screen, "Enter", "1 shown");
	return screen;
}

static void is_the_dashboard(struct screen *screen)
{
	wait_for(screen, "NAME");
	assert_true(screen->alternate);
	assert_false(screen->cursor_shown);
}

static void quits(struct screen *screen)
{
	press_until_it_ends(screen, "F10");
	ends_with(screen, 0);
}

static struct screen *open_ssh_to_web01(void)
{
	struct screen *screen = open_at("web01", "DISPLAY");

	press_to_see_row(screen, "o", "Address", "198.18.");
	shows(screen, "1 more");
	say_yes(screen, "ssh to web01?");
	wait_for_bytes(screen, "stub of ssh");
	wait_for_bytes(screen, "\033[?1049h\033[?1000h\033[5;10r");
	return screen;
}

TEST(ssh_has_the_terminal_and_gives_it_back)
{
	struct screen *screen = open_ssh_to_web01();

	wait_for_bytes(screen, "arg <-l>\r\narg <admin>\r\narg <-->\r\narg <198.18.");
	type_in(screen, "0");
	press_to_see(screen, "Enter", "Back from web01");
	is_the_dashboard(screen);
	assert_int_equal(row_of(screen, "innkeeper  8 VMs"), 0);
	press_to_see(screen, "?", "Help: keys");
	quits(screen);
}

TEST(an_ssh_that_failed_is_read_before_it_is_drawn_over)
{
	struct screen *screen = open_ssh_to_web01();

	type_in(screen, "255");
	press_to_see(screen, "Enter", "innkeeper: ssh failed. Press Enter to return.");
	press(screen, "Enter");
	is_the_dashboard(screen);
	quits(screen);
}

TEST(an_interrupt_is_for_ssh_alone)
{
	struct screen *screen = open_ssh_to_web01();

	kill(screen->pid, SIGINT);
	type_in(screen, "0");
	press_to_see(screen, "Enter", "Back from web01");
	is_the_dashboard(screen);
	quits(screen);
}

TEST(a_signal_that_ends_gives_the_terminal_back)
{
	struct screen *screen = open_ssh_to_web01();

	kill(screen->pid, SIGTERM);
	ends_with(screen, 0);
}

TEST(a_hostile_address_is_none)
{
	FOR_EACH(const char *, vm, "evil01", "evil02", "evil03") {
		struct screen *screen = open_at(*vm, "DISPLAY");

		press_to_see(screen, "o", "No address is known");
		while (!screen_shows(screen, "Not a reachable address."))
			press(screen, "y");
		shows_not(screen, "stub of ssh");
		shows_not(screen, "PWNED");
		press_to_close(screen, "Esc", "No address is known");
		quits(screen);
	}
}

TEST(an_address_may_be_typed_and_is_checked_as_well)
{
	struct screen *screen = open_at("noagent", "DISPLAY");

	press_to_see(screen, "o", "no agent is connected");
	press(screen, "Up");
	type_in(screen, "-oProxyCommand=id");
	press_to_see(screen, "Tab Tab Enter", "Not a reachable address.");
	press(screen, "Up Up");
	press_to_close(screen, "Esc", "ssh to noagent?");
	quits(screen);
}

TEST(what_does_not_run_is_not_logged_in_to)
{
	struct screen *screen = open_at("paused01", "DISPLAY");

	press_to_see(screen, "o", "paused01 is paused; resume it first");
	quits(screen);
}

TEST(a_viewer_needs_a_display)
{
	struct screen *screen = open_at("web01", "DISPLAY");

	press_to_see(screen, "v", "no graphical session");
	quits(screen);
}

TEST(a_viewer_gets_its_arguments_as_they_are_and_its_last_words_are_heard)
{
	struct screen *screen = open_at("--help", "DISPLAY=:99");
	char *path = mem_printf("%s/told", scratch_path), told[1024];
	FILE *file;

	press(screen, "v");
	yes_to_see(screen, "Open graphical viewer of", "the viewer failed: not good");
	press_to_see(screen, "e", "viewer started");
	wait_for_row(screen, "warning:", "the viewer failed: not good");
	quits(screen);
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
	struct screen *screen;

	path_of_stubs = (char *)"PATH=.:evil:/nowhere";
	screen = open_at("web01", "DISPLAY=:99");
	path_of_stubs = kept;
	press(screen, "v");
	yes_to_see(screen, "Open graphical viewer of web01?", "program \"look\" not found");
	press_to_see_row(screen, "o", "Address", "198.18.");
	yes_to_see(screen, "ssh to web01?", "program \"ssh\" not found");
	quits(screen);
}

TEST(the_logs_of_a_vm_are_its_own_and_nothing_in_them_passes_for_ours)
{
	struct screen *screen;
	char *dir = mem_printf("%s/innkeeper", scratch_path), *demo = mem_printf("%s/demo", dir);

	mkdir(dir, 0700);
	mkdir(demo, 0700);
	free(dir);
	free(demo);
	write_file("innkeeper/demo/audit.log", 0600,
		   "of somebody else uuid=\"99999999-1111-2222-3333-444444444444\"\n"
		   "old uuid=\"0f0f0f0f-1111-2222-3333-444444444444\" \033]0;PWNED\007\033[2JQuit? [ Yes ]\n");
	screen = open_at("logged01", "DISPLAY");
	press(screen, "c");
	yes_to_see(screen, "Open serial console of logged01?", "logged01 login:");
	press_to_see(screen, "^]", "Left the console");
	press_to_see(screen, "l", "Logs of logged01");
	wait_for(screen, "logged01: serial console left");
	wait_for_row(screen, "|", "old uuid=");
	shows(screen, "<U+001B>]0;PWNED<U+0007>");
	wait_for(screen, "action=\"console\"");
	shows_not(screen, "of somebody else");
	press_to_see(screen, "G", "Only for local VMs; for others see /var/log/libvirt/qemu/ on their host.");
	press_to_close(screen, "l", "Logs of logged01");
	quits(screen);
}

RUN_TESTS("handoff", set_up, tear_down)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The serial console inside the terminal: ^] leaves, and the screen is whole again whatever the guest sent.
 */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/screen/written.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <signal.h>

#define CONSOLES SCREEN_DIR "/console.conf"

static void open_at(const char *vm, const char *extra)
{
	screen_open_demo(24, 80, CONSOLES, extra);
	wait_for_row("web01", "running");
	press_and_type("/", vm);
	press_to_close("Enter", strcmp(vm, "deaf01") ? "deaf01" : "web01");
}

static void open_console_of(const char *vm)
{
	open_at(vm, NULL);
	confirm("c", "Open serial console of");
	wait_for_bytes("Serial console of");
}

static void open_login_of_web01(void)
{
	open_console_of("web01");
	wait_for("web01 login:");
	assert_false(screen->alternate);
	assert_true(screen->cursor_shown);
}

static void is_the_dashboard(const char *vm)
{
	wait_for("NAME");
	wait_for(vm);
	shows_not("login:");
	assert_true(screen->alternate);
	assert_false(screen->cursor_shown);
}

static void leave(const char *vm)
{
	press("^]");
	is_the_dashboard(vm);
	press_to_end("q", 0);
}

static void never_wrote(const char *bytes)
{
	const char *at = screen->bytes;

	/* The dashboard's own question for the background is no guest's. */
	while ((at = strstr(at, bytes)) && strncmp(at, ASKS_BACKGROUND, strlen(ASKS_BACKGROUND)) == 0)
		at++;
	if (at)
		fail_msg("it wrote \"%s\"", bytes + 1);
}

/* question: what is asked before it is tried; NULL: it is refused at once. */
static void refuses(const char *vm, const char *question, const char *words)
{
	open_at(vm, NULL);
	press("c");
	if (question)
		say_yes(question);
	wait_for(words);
	assert_true(screen->alternate);
	press_to_end("q", 0);
}

TEST(what_is_typed_goes_to_the_guest_and_the_dashboard_comes_back)
{
	open_login_of_web01();
	type_in("qL:alice");
	press_to_see("Enter", "login: qL:alice");
	wait_for("Password:");
	send_bytes("\032\003secret\r", 9);
	wait_for("Login incorrect");
	press_to_see("^]", "Left the console of web01");
	is_the_dashboard("web01");
	confirm_to_see("c", "Open serial console of web01?", "web01 login:");
	leave("web01");
}

TEST(whatever_a_guest_sends_the_screen_is_restored)
{
	static const char *const forbidden[] = { "\033]",      "\033P",       "\033[c", "\033[6n",     "\033[>1u",
						 "\033[>4;2m", "\033[8;5;5t", "\005",   "\033[?1000h", "\x9b" };

	open_console_of("evil01");
	wait_for_bytes("\033[5;10r");
	wait_for_bytes("evil01 ttyS0");
	assert_true(screen->alternate);
	assert_false(screen->cursor_shown);
	press("^]");
	is_the_dashboard("evil01");
	/* Whole again: lines where they belong, no character set, no margins, no colour left. */
	press_to_see("?", "Help: keys");
	assert_int_equal(row_of("innkeeper  6 VMs"), 0);
	assert_int_equal(row_of("Esc Back"), 23);
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++)
		never_wrote(forbidden[i]);
	press_to_end("F10", 0);
}

TEST(a_console_is_opened_after_a_yes_only)
{
	open_at("web01", NULL);
	press_to_see("c", "Open serial console of web01?");
	type_in("ls\r");
	wait_until_gone("Open serial console of web01?");
	assert_true(screen->alternate);
	press_to_end("q", 0);
}

TEST(what_cannot_be_opened_says_why)
{
	refuses("deaf01", "Open serial console of deaf01?", "has no serial console");
	refuses("off01", NULL, "off01 is not running (shutoff); start it first");
}

TEST(who_only_looks_gets_no_console)
{
	static const char *const modes[] = { "--lock", "--readonly" };

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		open_at("web01", modes[i]);
		press_to_see("c", i ? "read-only (--readonly): restart without --readonly to make changes"
				    : "read-only (--lock): restart without --lock to make changes");
		press_to_end("q", 0);
	}
}

static void open_command(const char *vm)
{
	static const char *const env[] = { "INNKEEPER_CONFIG", NULL };
	struct screen_options options = {
		.rows = 24, .cols = 80, .args = { "--demo=" CONSOLES, "console", vm }, .env = env
	};

	screen_open(&options);
}

TEST(the_command_shows_the_console_of_a_windows_guest)
{
	open_command("win01");
	wait_for("SAC>");
	press("Enter ^]");
	ends_with(0);
}

TEST(a_paused_guest_is_silent_and_can_be_left)
{
	open_console_of("still01");
	type_in("anybody?");
	shows_not("login:");
	leave("still01");
}

TEST(a_reader_that_stopped_can_leave_all_the_same)
{
	open_login_of_web01();
	for (int i = 0; i < 3000; i++)
		send_without_reading("nobody reads the echo of this\025");
	send_without_reading("\035");
	wait_for("Left the console of web01");
	is_the_dashboard("web01");
	press_to_end("q", 0);
}

TEST(signals_that_end_give_the_terminal_back)
{
	static const struct {
		int number, status;
	} signals[] = { { SIGTERM, 0 }, { SIGHUP, 0 }, { SIGSEGV, -1 }, { SIGABRT, -1 } };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		open_console_of("evil01");
		wait_for_bytes("evil01 ttyS0");
		kill(screen->pid, signals[i].number);
		wait_for_end();
		if (signals[i].status >= 0)
			assert_int_equal(exit_status_of(), signals[i].status);
		terminal_is_as_before();
		screen_close();
	}
}

TEST(a_terminal_that_hangs_up_ends_it)
{
	open_login_of_web01();
	hang_up();
	wait_for_end();
}

TEST(a_new_size_is_taken_when_it_comes_back)
{
	open_login_of_web01();
	resize(30, 100);
	press("^]");
	is_the_dashboard("web01");
	while (row_of("Left the console") != 29)
		assert_true(screen_pump(SCREEN_PATIENCE_MS));
	press_to_end("q", 0);
}

TEST(after_a_stop_the_console_goes_on)
{
	open_login_of_web01();
	kill(screen->pid, SIGSTOP);
	tcsetattr(screen->their_end, TCSANOW, &screen->before);
	kill(screen->pid, SIGCONT);
	type_in("bob");
	press_to_see("Enter", "Password:");
	leave("web01");
}

TEST(the_command_gives_the_terminal_back)
{
	open_command("evil01");
	wait_for_bytes("evil01 ttyS0");
	press("^]");
	ends_with(0);
	open_command("evil01");
	wait_for_bytes("evil01 ttyS0");
	kill(screen->pid, SIGTERM);
	ends_with(9);
	open_command("evil01");
	wait_for_bytes("evil01 ttyS0");
	kill(screen->pid, SIGSEGV);
	wait_for_end();
	terminal_is_as_before();
}

RUN_TESTS("console", scratch_setup, scratch_teardown)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <signal.h>

#define INN SCREEN_DIR "/inn.conf"

static void open_inn(void)
{
	screen_open_demo(24, 80, INN, NULL);
	wait_for_row("web01", "running");
	assert_true(screen->alternate);
	assert_false(screen->cursor_shown);
}

static void refuses(const char *const *env, const char *words)
{
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .env = env };

	screen_open(&options);
	wait_for(words);
	assert_false(screen->alternate);
	ends_with(2);
}

TEST(a_terminal_that_cannot_carry_a_screen_is_refused)
{
	refuses((const char *const[]){ "TERM=dumb", NULL }, "does not support full-screen programs");
	refuses((const char *const[]){ "TERM=no-such-terminal", NULL },
		"unknown terminal type \"no-such-terminal\" (TERM); install its terminfo");
	refuses((const char *const[]){ "TERM", NULL }, "TERM is not set");
}

TEST(quitting_gives_the_terminal_back)
{
	open_inn();
	press_to_end("F10", 0);
}

TEST(signals_that_end_give_the_terminal_back)
{
	FOR_EACH(int, end, SIGTERM, SIGINT, SIGHUP) {
		open_inn();
		kill(screen->pid, *end);
		ends_with(0);
	}
}

TEST(a_crash_gives_the_terminal_back)
{
	FOR_EACH(int, end, SIGSEGV, SIGABRT, SIGBUS, SIGFPE) {
		open_inn();
		kill(screen->pid, *end);
		wait_for_end();
		assert_int_not_equal(exit_status_of(), 0);
		terminal_is_as_before();
		screen_close();
	}
}

/* libvirt's own log, sent where it would stand in the middle of the picture. */
TEST(what_a_library_prints_stands_among_the_events)
{
#ifndef __SANITIZE_ADDRESS__
	const char *const env[] = { "LIBVIRT_LOG_OUTPUTS=3:stderr", NULL };
	/* clang-format off */
	const struct screen_options options = {
		.rows = 24, .cols = 80, .args = { "--demo=" INN, "--connect=nonsense:///system" }, .env = env,
	};
	/* clang-format on */

	screen_open(&options);
	wait_for_row("web01", "running");
	press_to_see("e", "error :");
	press_to_see_row("Esc", "web01", "running");
	shows_not("error :");
	press("^Z"); /* whoever has the terminal meanwhile has stderr, too */
	wait_for_row("web01", "running");
	press_to_end("F10", 0);
#endif
}

TEST(a_terminal_that_hangs_up_ends_it)
{
	open_inn();
	hang_up();
	wait_for_end();
}

TEST(it_ends_even_where_nobody_hears_the_hang_up)
{
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .ignore_hup = true };

	screen_open(&options);
	wait_for("web01");
	hang_up();
	wait_for_end();
}

TEST(after_a_stop_the_screen_is_whole_again)
{
	open_inn();
	kill(screen->pid, SIGSTOP);
	tcsetattr(screen->their_end, TCSANOW, &screen->before);
	send_to_emulator("\033[?1049l\033[2J");
	kill(screen->pid, SIGCONT);
	wait_for_row("web01", "running");
	assert_true(screen->alternate);
	press_to_see("?", "Help: keys");
	press_to_end("F10", 0);
}

/* In a session without a shell nothing can stop, so it comes back at once. */
TEST(to_the_shell_and_back)
{
	open_inn();
	press("^Z");
	wait_for_bytes("\033[?1049l");
	wait_for_row("web01", "running");
	press_to_end("F10", 0);
}

TEST(a_reader_that_stopped_holds_up_nothing)
{
	screen_open_demo(60, 200, INN, NULL);
	wait_for_row("web01", "running");
	for (int i = 0; i < 200; i++)
		send_without_reading("\014"); /* ^L: a whole screen each time */
	kill(screen->pid, SIGTERM);
	wait_for_end_without_reading();
	assert_int_equal(exit_status_of(), 0);
}

TEST(a_reader_that_goes_on_sees_the_present)
{
	screen_open_demo(60, 200, INN, NULL);
	wait_for_row("web01", "running");
	for (int i = 0; i < 200; i++)
		send_without_reading("\014");
	send_without_reading("?");
	wait_for("Help: keys");
	press_to_end("F10", 0);
}

TEST(many_resizes_end_at_the_right_size)
{
	open_inn();
	for (int i = 0; i < 300; i++) {
		resize(10 + i % 30, 40 + i % 90);
		screen_pump(0);
	}
	resize(30, 100);
	wait_for_row("web01", "running");
	while (row_of("q Quit") != 29)
		assert_true(screen_pump(SCREEN_PATIENCE_MS));
	press_to_end("F10", 0);
}

TEST(torn_sequences_are_nothing_and_esc_is_a_key)
{
	static const char *const torn[] = {
		"\033[1;5", "\033[<0;1", "\033O", "\033]0;title", "\033P1$r", "\xe4\xb8", "\033[38;5;1S", "\033[200",
	};

	open_inn();
	for (size_t i = 0; i < ARRAY_SIZE(torn); i++) {
		send_bytes(torn[i], strlen(torn[i]));
		press("e");
		if (!screen_shows("Events and errors"))
			press("e"); /* the first one ended the torn sequence */
		wait_for("Events and errors");
		shows_not("Shut down");
		press_to_close("Esc", "Events and errors");
	}
	press_to_end("F10", 0);
}

TEST(an_answer_of_the_terminal_is_no_key)
{
	static const char answers[] =
		"\033[?62;1;6c\033]11;rgb:0000/0000/0000\007\033P>|xterm(390)\033\\\033[24;80R\033[M !!";

	open_inn();
	send_bytes(answers, strlen(answers));
	press_to_see("?", "Help: keys");
	press_to_end("F10", 0);
}

TEST(noise_starts_no_task)
{
	uint32_t noise = 20261122;

	open_inn();
	for (int i = 0; i < 300; i++) {
		char bytes[64];

		for (size_t at = 0; at < sizeof(bytes); at++) {
			noise = noise * 1664525 + 1013904223;
			bytes[at] = (char)(noise >> 24);
			if (strchr("q\003\032", bytes[at])) /* quit, and to the shell */
				bytes[at] = 'x';
		}
		send_bytes(bytes, sizeof(bytes));
		screen_pump(0);
	}
	send_bytes("\033[201~", 6);
	/* A dialog that opens forgets what was typed ahead, these too; so again, until an answer comes. */
	for (int tries = 0; tries < 200 && !screen_shows("Help: keys"); tries++)
		press("^] Esc Esc Esc Esc F1"); /* it may be at a console */
	wait_for("Help: keys");
	shows_not("Tasks");
	press_to_end("F10", 0);
}

TEST(what_a_command_tells_does_not_stand_behind_its_progress)
{
	static const char *const env[] = { "INNKEEPER_CONFIG", NULL };
	struct screen_options options = { .rows = 24, .cols = 100, .args = { "--demo", "watch" }, .env = env };

	screen_open(&options);
	wait_for("lab: connected");
	shows_not("have answered");
	press("^C");
}

TEST(colours_are_not_reset_twice)
{
	static const char *const env[] = { "TERM=xterm-256color", NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo" }, .env = env };

	screen_open(&options);
	wait_for("Quit");
	press("j j k");
	wait_for_bytes("\033(B\033[m");
	assert_null(strstr(screen->bytes, "\033[39;49m\033(B\033[m"));
	press_to_end("q", 0);
}

RUN_TESTS("terminal", scratch_setup, scratch_teardown)

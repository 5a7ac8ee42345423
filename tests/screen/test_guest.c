/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done inside guests, by keys: sessions chosen one by one, messages, doors, maintenance. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define INN SCREEN_DIR "/inn.conf"

static struct screen *open_inn(int rows, int cols)
{
	struct screen *screen = screen_open_demo(rows, cols, INN, NULL);

	wait_for_row(screen, "web01", "running");
	return screen;
}

/* By its name in the palette. question: of the dialog that opens. */
static void ask_to(struct screen *screen, const char *action, const char *question)
{
	press(screen, ":");
	type_in(screen, action);
	wait_for(screen, action);
	press(screen, "Enter");
	wait_for(screen, question);
}

static void open_logoff(struct screen *screen, const char *vm, const char *box)
{
	go_to_vm(screen, vm);
	press(screen, "L");
	wait_for(screen, box);
}

/* --- whom --- */

TEST(each_session_has_a_box_and_only_the_ticked_go)
{
	struct screen *screen = open_inn(24, 80);

	open_logoff(screen, "web01", "[x] bob");
	press(screen, "Tab Tab Space");
	wait_for(screen, "[ ] alice");
	say_yes(screen, "Log off some users of web01?");
	wait_for(screen, "done: 1 session ended");
	press(screen, "u");
	wait_for(screen, "alice");
	shows_not(screen, "bob");
	screen_close(screen);
}

TEST(with_no_box_ticked_nobody_goes)
{
	struct screen *screen = open_inn(24, 80);

	open_logoff(screen, "web02", "[x] carol");
	press(screen, "Tab Tab Space");
	wait_for(screen, "[ ] carol");
	for (int tries = 0; tries < 20 && !screen_shows(screen, "No session is selected."); tries++) {
		press(screen, "y");
		screen_pump(screen, 100);
	}
	shows(screen, "No session is selected.");
	shows_not(screen, "Tasks");
	screen_close(screen);
}

TEST(a_dry_run_tells_who_would_go)
{
	struct screen *screen = open_inn(24, 120);

	open_logoff(screen, "web02", "[x] carol");
	press(screen, "Tab Tab Tab Tab Space");
	wait_for(screen, "[x] Dry run");
	say_yes(screen, "Log off all users of web02?");
	wait_for(screen, "dry run: would log off carol");
	wait_for(screen, "1 dry run");
	wait_for_row(screen, "web02", "logoff: dry run");
	screen_close(screen);
}

TEST(of_many_vms_somebody_can_be_spared)
{
	struct screen *screen = open_inn(24, 80);

	press(screen, "/");
	type_in(screen, "web");
	wait_for(screen, "2 shown");
	press(screen, "Enter");
	wait_until_gone(screen, "Enter: apply");
	press(screen, "*");
	wait_for(screen, "2 marked");
	press(screen, "L");
	wait_for(screen, "Log off all users of 2 VMs?");
	shows(screen, "Only disconnected sessions");
	press(screen, "Tab Tab");
	type_in(screen, "bob");
	press(screen, "Enter");
	say_yes(screen, "Log off some users of 2 VMs?");
	wait_for(screen, "2 done");
	screen_close(screen);
}

TEST(many_end_in_a_summary_with_the_first_reason)
{
	struct screen *screen = open_inn(24, 120);

	press(screen, "/");
	type_in(screen, "name~web|gone|empty");
	wait_for(screen, "4 shown");
	press(screen, "Enter");
	wait_until_gone(screen, "Enter: apply");
	press(screen, "*");
	wait_for(screen, "4 marked");
	press(screen, "L");
	say_yes(screen, "Log off all users of 4 VMs?");
	wait_for_row(screen, "2 done  1 without users  1 failed", "gone01 is not running");
	screen_close(screen);
}

/* --- small operations --- */

TEST(a_message_wants_its_words)
{
	struct screen *screen = open_inn(24, 80);

	go_to_vm(screen, "web01");
	ask_to(screen, "message", "Send a message to the users of web01?");
	type_in(screen, "Reboot at noon");
	press(screen, "Enter");
	say_yes(screen, "Send a message to the users of web01?");
	wait_for_row(screen, "web01", "done");
	screen_close(screen);
}

TEST(what_a_family_cannot_do_is_told)
{
	struct screen *screen = open_inn(24, 120);

	go_to_vm(screen, "win01");
	ask_to(screen, "lock", "Lock the sessions of win01?");
	say_yes(screen, "Lock the sessions of win01?");
	wait_for(screen, "Windows sessions cannot be locked from outside; disconn");
	screen_close(screen);
}

/* --- doors --- */

TEST(a_closed_logins_is_shown_until_it_is_opened_even_after_our_end)
{
	struct screen *screen = open_inn(24, 80);

	go_to_vm(screen, "web01");
	ask_to(screen, "disable-logins", "Disable logins on web01?");
	say_yes(screen, "Disable logins on web01?");
	wait_for_row(screen, "web01", "logins disabled");
	press(screen, "m");
	wait_for(screen, "(Disable logins)");
	shows_not(screen, "(Enable logins)");
	press(screen, "Esc");
	wait_until_gone(screen, "(Disable logins)");
	press(screen, ":");
	type_in(screen, "disable-logins");
	wait_for(screen, "(Disable logins)");
	press(screen, "Enter");
	wait_for(screen, "logins are already disabled; enable-logins enables them");
	press(screen, "Enter");
	wait_for(screen, "disabled: no new users can log on");
	press(screen, "Esc");
	wait_until_gone(screen, "disabled: no new users can log on");
	press(screen, "q");
	wait_for_end(screen);
	screen_close(screen);

	screen = open_inn(24, 80);
	wait_for_row(screen, "web01", "logins disabled");
	go_to_vm(screen, "web01");
	ask_to(screen, "enable-logins", "Enable logins on web01?");
	say_yes(screen, "Enable logins on web01?");
	wait_until_gone(screen, "logins disabled");
	press(screen, "m");
	wait_for(screen, "(Enable logins)");
	shows_not(screen, "(Disable logins)");
	screen_close(screen);
}

/* --- maintenance --- */

TEST(the_plan_is_asked_for_at_every_size)
{
	static const int sizes[][2] = { { 24, 80 }, { 12, 50 }, { 50, 140 } };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct screen *screen = open_inn(sizes[i][0], sizes[i][1]);

		go_to_vm(screen, "web01");
		ask_to(screen, "drain", "Drain web01?");
		shows(screen, "[ Cancel (n) ]");
		shows(screen, "Drain (y)");
		press(screen, "Up");
		wait_for(screen, "Grace");
		press(screen, "Esc");
		wait_until_gone(screen, "Drain web01?");
		screen_close(screen);
	}
}

TEST(a_plan_warns_with_a_countdown_and_x_opens_the_logins_again)
{
	struct screen *screen = open_inn(24, 80);

	go_to_vm(screen, "web01");
	ask_to(screen, "drain", "Drain web01?");
	press(screen, "Up Up");
	type_in(screen, "Patches");
	press(screen, "Tab Tab");
	say_yes(screen, "Drain web01?");
	wait_for(screen, "grace period: 0:5");
	press(screen, "x");
	say_yes(screen, "Cancel this task?");
	wait_for_row(screen, "web01", "cancelled");
	shows_not(screen, "logins disabled");
	screen_close(screen);
}

TEST(a_finished_plan_leaves_the_logins_closed_and_says_so)
{
	struct screen *screen = open_inn(24, 160);

	go_to_vm(screen, "web02");
	ask_to(screen, "drain", "Drain web02?");
	say_yes(screen, "Drain web02?");
	wait_for_row(screen, "web02", "logins disabled");
	wait_for(screen, "logins stay disabled until you enable them");
	screen_close(screen);
}

RUN_TESTS_EACH("guests by keys", NULL, NULL, scratch_setup, scratch_teardown)

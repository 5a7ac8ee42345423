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
	type_to_see(screen, action, action);
	press_to_see(screen, "Enter", question);
}

static void open_logoff(struct screen *screen, const char *vm, const char *box)
{
	go_to_vm(screen, vm);
	press_to_see(screen, "L", box);
}

/* --- whom --- */

TEST(each_session_has_a_box_and_only_the_ticked_go)
{
	struct screen *screen = open_inn(24, 80);

	open_logoff(screen, "web01", "[x] bob");
	press_to_see(screen, "Tab Tab Space", "[ ] alice");
	yes_to_see(screen, "Log off some users of web01?", "done: 1 session ended");
	press_to_see(screen, "u", "alice");
	shows_not(screen, "bob");
}

TEST(with_no_box_ticked_nobody_goes)
{
	struct screen *screen = open_inn(24, 80);

	open_logoff(screen, "web02", "[x] carol");
	press_to_see(screen, "Tab Tab Space", "[ ] carol");
	for (int tries = 0; tries < 20 && !screen_shows(screen, "No session is selected."); tries++) {
		press(screen, "y");
		screen_pump(screen, 100);
	}
	shows(screen, "No session is selected.");
	shows_not(screen, "Tasks");
}

TEST(a_dry_run_tells_who_would_go)
{
	struct screen *screen = open_inn(24, 120);

	open_logoff(screen, "web02", "[x] carol");
	press_to_see(screen, "Tab Tab Tab Tab Space", "[x] Dry run");
	yes_to_see(screen, "Log off all users of web02?", "dry run: would log off carol");
	wait_for(screen, "1 dry run");
	wait_for_row(screen, "web02", "logoff: dry run");
}

TEST(of_many_vms_somebody_can_be_spared)
{
	struct screen *screen = open_inn(24, 80);

	press(screen, "/");
	type_to_see(screen, "web", "2 shown");
	press_to_close(screen, "Enter", "Enter: apply");
	press_to_see(screen, "*", "2 marked");
	press_to_see(screen, "L", "Log off all users of 2 VMs?");
	shows(screen, "Only disconnected sessions");
	press(screen, "Tab Tab");
	type_in(screen, "bob");
	press(screen, "Enter");
	yes_to_see(screen, "Log off some users of 2 VMs?", "2 done");
}

TEST(many_end_in_a_summary_with_the_first_reason)
{
	struct screen *screen = open_inn(24, 120);

	press(screen, "/");
	type_to_see(screen, "name~web|gone|empty", "4 shown");
	press_to_close(screen, "Enter", "Enter: apply");
	press_to_see(screen, "*", "4 marked");
	press(screen, "L");
	yes_to_see_row(screen, "Log off all users of 4 VMs?", "2 done  1 without users  1 failed",
		       "gone01 is not running");
}

/* --- small operations --- */

TEST(a_message_wants_its_words)
{
	struct screen *screen = open_inn(24, 80);

	go_to_vm(screen, "web01");
	ask_to(screen, "message", "Send a message to the users of web01?");
	type_in(screen, "Reboot at noon");
	press(screen, "Enter");
	yes_to_see_row(screen, "Send a message to the users of web01?", "web01", "done");
}

TEST(what_a_family_cannot_do_is_told)
{
	struct screen *screen = open_inn(24, 120);

	go_to_vm(screen, "win01");
	ask_to(screen, "lock", "Lock the sessions of win01?");
	yes_to_see(screen, "Lock the sessions of win01?", "Windows sessions cannot be locked from outside; disconn");
}

/* --- doors --- */

TEST(a_closed_logins_is_shown_until_it_is_opened_even_after_our_end)
{
	struct screen *screen = open_inn(24, 80);

	go_to_vm(screen, "web01");
	ask_to(screen, "disable-logins", "Disable logins on web01?");
	yes_to_see_row(screen, "Disable logins on web01?", "web01", "logins disabled");
	press_to_see(screen, "m", "(Disable logins)");
	shows_not(screen, "(Enable logins)");
	press_to_close(screen, "Esc", "(Disable logins)");
	press(screen, ":");
	type_to_see(screen, "disable-logins", "(Disable logins)");
	press_to_see(screen, "Enter", "logins are already disabled; enable-logins enables them");
	press_to_see(screen, "Enter", "disabled: no new users can log on");
	press_to_close(screen, "Esc", "disabled: no new users can log on");
	press(screen, "q");
	wait_for_end(screen);
	screen_close(screen);

	screen = open_inn(24, 80);
	wait_for_row(screen, "web01", "logins disabled");
	go_to_vm(screen, "web01");
	ask_to(screen, "enable-logins", "Enable logins on web01?");
	say_yes(screen, "Enable logins on web01?");
	wait_until_gone(screen, "logins disabled");
	press_to_see(screen, "m", "(Enable logins)");
	shows_not(screen, "(Disable logins)");
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
		press_to_see(screen, "Up", "Grace");
		press_to_close(screen, "Esc", "Drain web01?");
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
	yes_to_see(screen, "Drain web01?", "grace period: 0:5");
	press(screen, "x");
	yes_to_see_row(screen, "Cancel this task?", "web01", "cancelled");
	shows_not(screen, "logins disabled");
}

TEST(a_finished_plan_leaves_the_logins_closed_and_says_so)
{
	struct screen *screen = open_inn(24, 160);

	go_to_vm(screen, "web02");
	ask_to(screen, "drain", "Drain web02?");
	yes_to_see_row(screen, "Drain web02?", "web02", "logins disabled");
	wait_for(screen, "logins stay disabled until you enable them");
}

RUN_TESTS_EACH("guests by keys", NULL, NULL, scratch_setup, scratch_teardown)

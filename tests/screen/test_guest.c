/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done inside guests, by keys: sessions chosen one by one, messages, doors, maintenance. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define INN SCREEN_DIR "/inn.conf"

static void open_inn(int rows, int cols)
{
	screen_open_demo(rows, cols, INN, NULL);
	wait_for_row("web01", "running");
}

/* By its name in the palette. question: of the dialog that opens. */
static void ask_to(const char *action, const char *question)
{
	press_and_type_to_see(":", action, action);
	press_to_see("Enter", question);
}

static void open_logoff(const char *vm, const char *box)
{
	go_to_vm(vm);
	press_to_see("L", box);
}

/* --- whom --- */

TEST(each_session_has_a_box_and_only_the_ticked_go)
{
	open_inn(24, 80);
	open_logoff("web01", "[x] bob");
	press_to_see("Tab Tab Space", "[ ] alice");
	yes_to_see("Log off some users of web01?", "done: 1 session ended");
	press_to_see("u", "alice");
	shows_not("bob");
}

TEST(with_no_box_ticked_nobody_goes)
{
	open_inn(24, 80);
	open_logoff("web02", "[x] carol");
	press_to_see("Tab Tab Space", "[ ] carol");
	for (int tries = 0; tries < 20 && !screen_shows("No session is selected."); tries++) {
		press("y");
		screen_pump(100);
	}
	shows("No session is selected.");
	shows_not("Tasks");
}

TEST(a_dry_run_tells_who_would_go)
{
	open_inn(24, 120);
	open_logoff("web02", "[x] carol");
	press_to_see("Tab Tab Tab Tab Space", "[x] Dry run");
	yes_to_see("Log off all users of web02?", "dry run: would log off carol");
	wait_for("1 dry run");
	wait_for_row("web02", "logoff: dry run");
}

TEST(of_many_vms_somebody_can_be_spared)
{
	open_inn(24, 80);
	press_and_type_to_see("/", "web", "2 shown");
	press_to_close("Enter", "Enter: apply");
	press_to_see("*", "2 marked");
	press_to_see("L", "Log off all users of 2 VMs?");
	shows("Only disconnected sessions");
	press_and_type("Tab Tab", "bob");
	confirm_to_see("Enter", "Log off some users of 2 VMs?", "2 done");
}

TEST(many_end_in_a_summary_with_the_first_reason)
{
	open_inn(24, 120);
	press_and_type_to_see("/", "name~web|gone|empty", "4 shown");
	press_to_close("Enter", "Enter: apply");
	press_to_see("*", "4 marked");
	confirm_to_see_row("L", "Log off all users of 4 VMs?", "2 done  1 without users  1 failed",
			   "gone01 is not running");
}

/* --- small operations --- */

TEST(a_message_wants_its_words)
{
	open_inn(24, 80);
	go_to_vm("web01");
	ask_to("message", "Send a message to the users of web01?");
	type_in("Reboot at noon");
	confirm_to_see_row("Enter", "Send a message to the users of web01?", "web01", "done");
}

TEST(what_a_family_cannot_do_is_told)
{
	open_inn(24, 120);
	go_to_vm("win01");
	ask_to("lock", "Lock the sessions of win01?");
	yes_to_see("Lock the sessions of win01?", "Windows sessions cannot be locked from outside; disconn");
}

/* --- doors --- */

TEST(a_closed_logins_is_shown_until_it_is_opened_even_after_our_end)
{
	open_inn(24, 80);
	go_to_vm("web01");
	ask_to("disable-logins", "Disable logins on web01?");
	yes_to_see_row("Disable logins on web01?", "web01", "logins disabled");
	press_to_see("m", "(Disable logins)");
	shows_not("(Enable logins)");
	press_to_close("Esc", "(Disable logins)");
	press_and_type_to_see(":", "disable-logins", "(Disable logins)");
	press_to_see("Enter", "logins are already disabled; enable-logins enables them");
	press_to_see("Enter", "disabled: no new users can log on");
	press_to_close("Esc", "disabled: no new users can log on");
	press("q");
	wait_for_end();
	screen_close();

	open_inn(24, 80);
	wait_for_row("web01", "logins disabled");
	go_to_vm("web01");
	ask_to("enable-logins", "Enable logins on web01?");
	say_yes("Enable logins on web01?");
	wait_until_gone("logins disabled");
	press_to_see("m", "(Enable logins)");
	shows_not("(Disable logins)");
}

/* --- maintenance --- */

TEST(the_plan_is_asked_for_at_every_size)
{
	static const int sizes[][2] = { { 24, 80 }, { 12, 50 }, { 50, 140 } };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		open_inn(sizes[i][0], sizes[i][1]);
		go_to_vm("web01");
		ask_to("drain", "Drain web01?");
		shows("[ Cancel (n) ]");
		shows("Drain (y)");
		press_to_see("Up", "Grace");
		press_to_close("Esc", "Drain web01?");
		screen_close();
	}
}

TEST(a_plan_warns_with_a_countdown_and_x_opens_the_logins_again)
{
	open_inn(24, 80);
	go_to_vm("web01");
	ask_to("drain", "Drain web01?");
	press_and_type("Up Up", "Patches");
	confirm_to_see("Tab Tab", "Drain web01?", "grace period: 0:5");
	confirm_to_see_row("x", "Cancel this task?", "web01", "cancelled");
	shows_not("logins disabled");
}

TEST(a_finished_plan_leaves_the_logins_closed_and_says_so)
{
	open_inn(24, 160);
	go_to_vm("web02");
	ask_to("drain", "Drain web02?");
	yes_to_see_row("Drain web02?", "web02", "logins disabled");
	wait_for("logins stay disabled until you enable them");
}

RUN_TESTS_EACH("guests by keys", NULL, NULL, scratch_setup, scratch_teardown)

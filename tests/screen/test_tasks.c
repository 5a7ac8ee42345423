/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The task pane: what comes first, what is cut, and calling off many at once. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define INN SCREEN_DIR "/inn.conf"

static void open_inn(void)
{
	screen_open_demo(24, 80, INN, NULL);
	wait_for_row("web01", "running");
}

static void mark(const char *filter, const char *marked)
{
	press("/");
	press_and_type_to_see("^U", filter, "shown · Enter: apply · Esc: cancel");
	press_to_close("Enter", "Enter: apply");
	press_to_see("*", marked);
}

/* With a grace period, so that it can be called off. */
static void warn_and_log_off(const char *question)
{
	press_to_see("L", question);
	press_to_see("Up", "seconds; empty: nobody is warned");
	press_and_type_to_see("Up", "Bye", "seconds; empty: the default");
	confirm("Tab Tab", question);
}

TEST(a_sentence_that_is_cut_unfolds_under_the_cursor)
{
	open_inn();
	mark("name~web02|nochan", "2 marked");
	confirm_to_see("L", "Log off all users of 2 VMs?", "1 done  1 failed");
	shows_not("channel to it");
	press_to_see("t", "Left Fold");
	press_to_see("Down", "Enter Details");
	wait_for("org.qemu.guest_agent.0 channel to it");
	press_to_close("Down", "channel to it");
}

TEST(what_failed_stands_before_what_is_done)
{
	open_inn();
	mark("name~web|gone", "3 marked");
	confirm_to_see("L", "Log off all users of 3 VMs?", "2 done  1 failed");
	assert_true(row_of("not running:") < row_of("done: "));
}

TEST(those_that_were_started_together_are_cancelled_together)
{
	open_inn();
	go_to_vm("win01");
	warn_and_log_off("Log off all users of win01?");
	wait_for_row("win01", "grace period: 0:");
	mark("name~web", "2 marked");
	warn_and_log_off("Log off all users of 2 VMs?");
	wait_for_row("web02 ", "grace period: 0:");
	wait_for_row("web01 ", "grace period: 0:");
	press_to_see("t", "C Cancel all");
	confirm_to_see("C", "Cancel 2 tasks?", "1 running  2 cancelled");
	wait_for_row("win01", "grace period: 0:");
	confirm_to_see("g x", "Cancel this task?", "3 cancelled");
	press_to_see("C", "This task and those started with it are finished");
}

TEST(users_who_were_warned_are_told_that_it_is_cancelled)
{
	open_inn();
	go_to_vm("web01");
	warn_and_log_off("Log off all users of web01?");
	wait_for_row("web01", "grace period: 0:");
	confirm_to_see_row("x", "Cancel this task?", "web01", "cancelled before anybody was logged off");
	press_to_see("t Enter", "the warned users were told that it is cancelled");
	shows("cancelling");
	press_to_close("Esc", "UUID");
	press_to_see("t e", "show: The announced log-off");
	shows_not("S_OK");
}

TEST(a_batch_is_one_line_that_folds)
{
	open_inn();
	mark("name~web|gone", "3 marked");
	confirm_to_see("L", "Log off all users of 3 VMs?", "2 done  1 failed");
	wait_for_row("logoff, 3 VMs", "3/3  1 failed");
	wait_for_row("gone", "logoff");
	press_to_see("t", "Left Fold");
	press_to_see("Left", "Right Unfold");
	shows_not("not running:");
	press_to_see("Enter", "not running:");
}

TEST(the_failed_ones_can_be_shown_alone)
{
	open_inn();
	mark("name~web|gone", "3 marked");
	confirm_to_see("L", "Log off all users of 3 VMs?", "2 done  1 failed");
	press_to_see("t", "F Failed only");
	press_to_close("F", "logoff, 3 VMs");
	shows(" Failed only ");
	wait_for("not running:");
	shows_not("done: ");
	press_to_see("F", "logoff, 3 VMs");
}

TEST(of_a_failure_the_reason_to_act_on_comes_first)
{
	screen_open_demo(24, 80, SCREEN_DIR "/../cli/guests.conf", NULL);
	wait_for_row("locked01", "running");
	mark("name~^locked", "1 marked");
	confirm_to_see_row("L", "Log off all users of locked01?", "locked01",
			   "session locked: carl is locked and was skipped");
}

TEST(while_verifying_it_says_who_is_still_there)
{
	open_inn();
	go_to_vm("slow01");
	confirm_to_see_row("L", "Log off all users of slow01?", "slow01", "waiting for zoe");
	press_to_see_row("t Enter", "Waiting for", "zoe");
	wait_for_row("Users", "zoe");
	wait_for("logging off");
}

/* The pane takes the rows that the table leaves free. */
TEST(the_pane_grows_into_free_rows)
{
	screen_open_demo(24, 120, INN, NULL);
	wait_for_row("web01", "running");
	mark("host:inn", "9 marked");
	confirm_to_see("L", "Log off all users of 9 VMs?", "logoff, 9 VMs");
	wait_for_row("win01", "logoff");
	wait_for_row("crash01", "logoff");
	wait_for_row("nochan", "logoff");
	wait_for_row("web02", "logoff");
}

TEST(without_a_task_there_is_none_to_cancel)
{
	open_inn();
	press_to_see("C", "No tasks yet.");
}

RUN_TESTS_EACH("tasks", NULL, NULL, scratch_setup, scratch_teardown)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The task pane: what comes first, what is cut, and calling off many at once. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define INN SCREEN_DIR "/inn.conf"

static struct screen *open_inn(void)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	wait_for_row(screen, "web01", "running");
	return screen;
}

static void mark(struct screen *screen, const char *filter, const char *marked)
{
	press(screen, "/");
	press(screen, "^U");
	type_to_see(screen, filter, "shown · Enter: apply · Esc: cancel");
	press_to_close(screen, "Enter", "Enter: apply");
	press_to_see(screen, "*", marked);
}

/* With a grace period, so that it can be called off. */
static void warn_and_log_off(struct screen *screen, const char *question)
{
	press_to_see(screen, "L", question);
	press_to_see(screen, "Up", "seconds; empty: nobody is warned");
	press(screen, "Up");
	type_to_see(screen, "Bye", "seconds; empty: the default");
	press(screen, "Tab Tab");
	say_yes(screen, question);
}

TEST(a_sentence_that_is_cut_unfolds_under_the_cursor)
{
	struct screen *screen = open_inn();

	mark(screen, "name~web02|nochan", "2 marked");
	press(screen, "L");
	yes_to_see(screen, "Log off all users of 2 VMs?", "1 done  1 failed");
	shows_not(screen, "channel to it");
	press_to_see(screen, "t", "Left Fold");
	press_to_see(screen, "Down", "Enter Details");
	wait_for(screen, "org.qemu.guest_agent.0 channel to it");
	press_to_close(screen, "Down", "channel to it");
}

TEST(what_failed_stands_before_what_is_done)
{
	struct screen *screen = open_inn();

	mark(screen, "name~web|gone", "3 marked");
	press(screen, "L");
	yes_to_see(screen, "Log off all users of 3 VMs?", "2 done  1 failed");
	assert_true(row_of(screen, "not running:") < row_of(screen, "done: "));
}

TEST(those_that_were_started_together_are_cancelled_together)
{
	struct screen *screen = open_inn();

	go_to_vm(screen, "win01");
	warn_and_log_off(screen, "Log off all users of win01?");
	wait_for_row(screen, "win01", "grace period: 0:");
	mark(screen, "name~web", "2 marked");
	warn_and_log_off(screen, "Log off all users of 2 VMs?");
	wait_for_row(screen, "web02 ", "grace period: 0:");
	wait_for_row(screen, "web01 ", "grace period: 0:");
	press_to_see(screen, "t", "C Cancel all");
	press(screen, "C");
	yes_to_see(screen, "Cancel 2 tasks?", "1 running  2 cancelled");
	wait_for_row(screen, "win01", "grace period: 0:");
	press(screen, "g x");
	yes_to_see(screen, "Cancel this task?", "3 cancelled");
	press_to_see(screen, "C", "This task and those started with it are finished");
}

TEST(users_who_were_warned_are_told_that_it_is_cancelled)
{
	struct screen *screen = open_inn();

	go_to_vm(screen, "web01");
	warn_and_log_off(screen, "Log off all users of web01?");
	wait_for_row(screen, "web01", "grace period: 0:");
	press(screen, "x");
	yes_to_see_row(screen, "Cancel this task?", "web01", "cancelled before anybody was logged off");
	press_to_see(screen, "t Enter", "the warned users were told that it is cancelled");
	shows(screen, "cancelling");
	press_to_close(screen, "Esc", "UUID");
	press_to_see(screen, "t e", "show: The announced log-off");
	shows_not(screen, "S_OK");
}

TEST(a_batch_is_one_line_that_folds)
{
	struct screen *screen = open_inn();

	mark(screen, "name~web|gone", "3 marked");
	press(screen, "L");
	yes_to_see(screen, "Log off all users of 3 VMs?", "2 done  1 failed");
	wait_for_row(screen, "logoff, 3 VMs", "3/3  1 failed");
	wait_for_row(screen, "gone", "logoff");
	press_to_see(screen, "t", "Left Fold");
	press_to_see(screen, "Left", "Right Unfold");
	shows_not(screen, "not running:");
	press_to_see(screen, "Enter", "not running:");
}

TEST(the_failed_ones_can_be_shown_alone)
{
	struct screen *screen = open_inn();

	mark(screen, "name~web|gone", "3 marked");
	press(screen, "L");
	yes_to_see(screen, "Log off all users of 3 VMs?", "2 done  1 failed");
	press_to_see(screen, "t", "F Failed only");
	press_to_close(screen, "F", "logoff, 3 VMs");
	shows(screen, " Failed only ");
	wait_for(screen, "not running:");
	shows_not(screen, "done: ");
	press_to_see(screen, "F", "logoff, 3 VMs");
}

TEST(of_a_failure_the_reason_to_act_on_comes_first)
{
	struct screen *screen = screen_open_demo(24, 80, SCREEN_DIR "/../cli/guests.conf", NULL);

	wait_for_row(screen, "locked01", "running");
	mark(screen, "name~^locked", "1 marked");
	press(screen, "L");
	yes_to_see_row(screen, "Log off all users of locked01?", "locked01",
		       "session locked: carl is locked and was skipped");
}

TEST(while_verifying_it_says_who_is_still_there)
{
	struct screen *screen = open_inn();

	go_to_vm(screen, "slow01");
	press(screen, "L");
	yes_to_see_row(screen, "Log off all users of slow01?", "slow01", "waiting for zoe");
	press_to_see_row(screen, "t Enter", "Waiting for", "zoe");
	wait_for_row(screen, "Users", "zoe");
	wait_for(screen, "logging off");
}

/* The pane takes the rows that the table leaves free. */
TEST(the_pane_grows_into_free_rows)
{
	struct screen *screen = screen_open_demo(24, 120, INN, NULL);

	wait_for_row(screen, "web01", "running");
	mark(screen, "host:inn", "9 marked");
	press(screen, "L");
	yes_to_see(screen, "Log off all users of 9 VMs?", "logoff, 9 VMs");
	wait_for_row(screen, "win01", "logoff");
	wait_for_row(screen, "crash01", "logoff");
	wait_for_row(screen, "nochan", "logoff");
	wait_for_row(screen, "web02", "logoff");
}

TEST(without_a_task_there_is_none_to_cancel)
{
	struct screen *screen = open_inn();

	press_to_see(screen, "C", "No tasks yet.");
}

RUN_TESTS_EACH("tasks", NULL, NULL, scratch_setup, scratch_teardown)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <string.h>

#define INN SCREEN_DIR "/inn.conf"

static struct screen *open_inn(const char *extra)
{
	struct screen *screen = screen_open_demo(24, 80, INN, extra);

	wait_for_row(screen, "web01", "running");
	wait_for_row(screen, "till01", "running");
	return screen;
}

static void open_logoff(struct screen *screen, const char *vm)
{
	go_to_vm(screen, vm);
	press_to_see(screen, "L", "Log off all users of");
}

static void nothing_was_started(struct screen *screen)
{
	shows_not(screen, "Tasks");
}

TEST(two_people_are_logged_off_by_keys_alone)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "web01");
	wait_for(screen, "alice, bob");
	shows(screen, "inn");
	yes_to_see_row(screen, "Log off all users of web01?", "web01", "logoff");
	wait_for(screen, "done: 2 sessions ended");
	wait_for_row(screen, "web01", "running");
	press_to_close(screen, "X", "Tasks");
}

TEST(the_dialog_starts_on_cancel_and_enter_takes_it)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "web01");
	shows(screen, "[ Cancel (n) ]");
	press_to_close(screen, "Enter", "Log off all users of");
	nothing_was_started(screen);
}

TEST(tab_and_enter_choose_the_deed)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "web02");
	wait_for(screen, "carol");
	press_to_see(screen, "Tab", "[ Log off (y) ]");
	for (int tries = 0; tries < 20 && screen_shows(screen, "Log off all users of"); tries++)
		press(screen, "Enter");
	wait_for(screen, "done: 1 session ended");
}

TEST(n_esc_and_ctrl_c_say_no)
{
	struct screen *screen = open_inn(NULL);

	go_to_vm(screen, "web01");
	FOR_EACH(const char *, noe, "n", "Esc", "^C") {
		press_to_see(screen, "L", "Log off all users of");
		press_to_close(screen, *noe, "Log off all users of");
	}
	nothing_was_started(screen);
}

TEST(a_sentence_typed_into_a_question_is_no_answer)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "web01");
	wait_for(screen, "alice, bob");
	for (int i = 0; i < 12; i++) /* longer than it takes until a yes is taken */
		type_in(screen, "Maintenance today");
	shows(screen, "Letters do nothing here: y or n answers");
	shows(screen, "[ Cancel (n) ]");
	nothing_was_started(screen);
	/* In one piece, so that no load comes between: e is no key so soon behind a dialog. */
	send_bytes(screen, "\re", 2);
	wait_until_gone(screen, "Log off all users of");
	wait_for(screen, "Ignored: typed just after a dialog closed");
	shows_not(screen, "Events");
	press_to_see(screen, "e", "Events");
}

TEST(in_a_text_letters_are_text_and_alt_y_answers)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "web01");
	wait_for(screen, "alice, bob");
	press(screen, "BackTab BackTab");
	type_in(screen, "any day now");
	wait_for_row(screen, "Message", "any day now");
	for (int tries = 0; tries < 200 && screen_shows(screen, "Log off all users of"); tries++) {
		send_bytes(screen, "\033y", 2);
		screen_pump(screen, 100);
	}
	wait_for(screen, "grace period");
	press(screen, "x");
	yes_to_see_row(screen, "Cancel this task?", "logoff", "cancelled before anybody was logged off");
}

TEST(a_log_off_shows_sessions_and_options_apart)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "web01");
	wait_for_row(screen, "[x] bob", "10.0.0.7");
	assert_true(row_of(screen, "  Sessions ") < row_of(screen, "[x] alice"));
	assert_int_equal(row_of(screen, "  Options ") + 1, row_of(screen, "] Force"));
}

TEST(production_is_red_and_said_in_header_rows_and_questions)
{
	struct screen *screen = open_inn(NULL);
	int row;

	wait_for(screen, "shop production");
	go_to_vm(screen, "till01");
	row = row_of(screen, "shop!");
	press(screen, "Space"); /* under the cursor a row has the cursor's colours */
	assert_int_not_equal(row, -1);
	assert_true(cell_at(screen, 1, col_of(screen, 1, "shop")).attrs.bold);
	press_to_see_row(screen, "L", "Host", "shop (production)");
	row = row_of(screen, "shop (production)");
	assert_true(cell_at(screen, row, col_of(screen, row, "shop")).attrs.bold);
}

TEST(the_menu_says_whom_each_entry_is_for)
{
	struct screen *screen = open_inn(NULL);

	press(screen, "/");
	type_in(screen, "name~web|slow");
	press_to_see(screen, "Enter", "3 shown");
	press_to_see(screen, "g Space Space", "2 marked");
	press_to_see(screen, "G m", " Users ");
	wait_for_row(screen, "L     Log off users", "2 VMs");
	shows(screen, " Inventory ");
	wait_for_row(screen, "Enter Show details", "web02");
	wait_for_row(screen, "c     Serial console", "web02");
	press_to_see_row(screen, "G", "Destroy (power off)", "2 VMs");
	assert_true(row_of(screen, "  Reset ") > row_of(screen, "Disable autostart") + 1);
	press(screen, "Enter"); /* the last one, in a group of its own */
	wait_for(screen, "Trim the file systems of 2 VMs?");
	press_to_close(screen, "Esc", "Trim the");
	press_to_see(screen, "c", "Open serial console of web02?");
}

TEST(what_is_pasted_never_confirms)
{
	static const char yes[] = "y\r\ry\nyes\r";
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "web01");
	wait_for(screen, "alice, bob");
	press_to_see(screen, "Tab", "[ Log off (y) ]");
	for (int i = 0; i < 50; i++)
		paste(screen, yes);
	/* A terminal that does not say that it pastes: everything at once. */
	send_bytes(screen, yes, strlen(yes));
	press_to_see(screen, "Left", "[ Cancel (n) ]");
	shows(screen, "Log off all users of");
	press_to_close(screen, "Esc", "Log off all users of");
	nothing_was_started(screen);
}

TEST(a_message_can_be_pasted_into_its_field)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "web01");
	press(screen, "BackTab BackTab");
	paste(screen, "back in\nfive minutes");
	wait_for(screen, "back in five minutes");
	press_to_close(screen, "Esc", "Log off all users of");
}

TEST(what_was_typed_ahead_confirms_nothing)
{
	struct screen *screen = open_inn(NULL);

	go_to_vm(screen, "web01");
	send_bytes(screen, "Lyy\r", 4);
	wait_for(screen, "Log off all users of");
	wait_for(screen, "alice, bob");
	shows(screen, "Log off all users of");
	nothing_was_started(screen);
}

TEST(a_vm_that_cannot_says_why_and_asks_nothing)
{
	struct screen *screen = open_inn(NULL);

	go_to_vm(screen, "gone01");
	press_to_see(screen, "L", "gone01 is not running");
	go_to_vm(screen, "nochan");
	press_to_see(screen, "L", "no guest agent channel");
	go_to_vm(screen, "paused01");
	press_to_see(screen, "L", "resume it first");
	nothing_was_started(screen);
}

TEST(nobody_logged_on_is_no_alarm)
{
	struct screen *screen = open_inn(NULL);
	VTermScreenCell cell, failed;
	int row;

	open_logoff(screen, "empty01");
	wait_for(screen, "nobody");
	yes_to_see_row(screen, "Log off all users of", "logoff", "no users logged on");
	wait_for(screen, "lost");
	row = row_of(screen, "no users logged on");
	cell = cell_at(screen, row, col_of(screen, row, "no users logged on"));
	failed = cell_at(screen, 1, col_of(screen, 1, "lost"));
	assert_int_not_equal(cell.fg.indexed.idx, failed.fg.indexed.idx);
	shows(screen, "1 without users");
}

TEST(a_production_host_wants_its_name_typed)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "till01");
	wait_for(screen, "eve");
	shows(screen, "Type \"shop\"");
	press(screen, "y");
	for (int tries = 0; tries < 50 && !screen_shows(screen, "To confirm, type"); tries++)
		press(screen, "y");
	wait_for(screen, "To confirm, type the text in quotes first.");
	press(screen, "^U");
	type_in(screen, "sho");
	press_to_see(screen, "Enter Tab y", "To confirm, type");
	press(screen, "^U");
	type_in(screen, "shop");
	press_to_see(screen, "Tab", "[ Cancel (n) ]");
	press_to_see(screen, "y", "done: 1 session ended");
}

TEST(marks_are_acted_on_together_and_hidden_ones_are_counted)
{
	struct screen *screen = open_inn(NULL);

	press(screen, "/");
	type_to_see(screen, "web", "2 shown");
	press(screen, "Enter");
	press_to_see(screen, "*", "2 marked");
	go_to_vm(screen, "web02");
	wait_for(screen, "(1 hidden)");
	press_to_see(screen, "L", "Log off all users of 2 VMs?");
	shows(screen, "1 of them is hidden by the filter");
	wait_for(screen, "3 users on 2 of them");
	yes_to_see(screen, "Log off all users of", "2 done");
	shows_not(screen, "marked");
}

TEST(more_than_twenty_want_their_number_typed)
{
	struct screen *screen = screen_open_demo(24, 80, "fleet:1,30", NULL);

	wait_for(screen, "30 VMs");
	press_to_see(screen, "*", "30 marked");
	press_to_see(screen, "L", "Log off all users of 30 VMs?");
	shows(screen, "Type \"30\"");
	press_to_close(screen, "Esc", "Log off all users of");
}

TEST(read_only_shows_no_users_and_refuses_to_act)
{
	struct screen *screen = open_inn("--readonly");

	shows(screen, "READ-ONLY");
	shows_not(screen, "Log off");
	wait_for_row(screen, "web01", "denied");
	press_to_see(screen, "L", "read-only (--readonly): restart without --readonly to make changes");
	press_to_see(screen, "m", "(Log off users)");
	press_to_close(screen, "Esc", "(Log off users)");
	go_to_vm(screen, "web01");
	press_to_see(screen, "u", "Denied: users are not visible over a read-only connection. Restart without");
	wait_for(screen, "--readonly, or use --lock instead.");
}

TEST(libvirts_own_read_only_connections_show_users_as_denied)
{
	const struct screen_options options = { .rows = 24, .cols = 100, .args = { "-r", "-c", "test:///default" } };
	struct screen *screen = screen_open(&options);

	wait_for(screen, "READ-ONLY");
	wait_for_row(screen, "test", "denied");
}

TEST(locked_shows_users_and_refuses_to_act)
{
	struct screen *screen = open_inn("--lock");

	shows(screen, "LOCKED");
	shows_not(screen, "Log off");
	go_to_vm(screen, "web01");
	press_to_see(screen, "L", "read-only (--lock): restart without --lock to make changes");
	press_to_see(screen, "u", "alice");
	press_to_see(screen, ": ", " Commands ");
	type_in(screen, "destroy");
	press_to_see(screen, "Enter", "read-only (--lock): restart without --lock to make changes");
}

TEST(the_menu_says_why_not)
{
	struct screen *screen = open_inn(NULL);

	go_to_vm(screen, "gone01");
	press_to_see(screen, "m", "(Log off users)");
	shows(screen, "gone01 is not running");
	shows(screen, "s     Start");
	press_to_see(screen, "D", "gone01: it is not running");
	press(screen, "s");
	yes_to_see_row(screen, "Start gone01?", "gone01", "running");
}

TEST(destroying_asks_and_says_what_is_lost)
{
	struct screen *screen = open_inn(NULL);

	go_to_vm(screen, "web02");
	press_to_see(screen, "D", "Destroy web02?");
	shows(screen, "Powers off immediately");
	yes_to_see_row(screen, "Destroy web02?", "web02", "shutoff");
}

TEST(pause_is_never_a_toggle_of_what_nobody_sees)
{
	struct screen *screen = open_inn(NULL);

	go_to_vm(screen, "paused01");
	press_to_see(screen, "p", "Resume paused01?");
	press_to_close(screen, "n", "Resume paused01?");
	go_to_vm(screen, "web02");
	press_to_see(screen, "p", "Pause web02?");
}

TEST(a_task_is_cancelled_while_it_warns)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "web01");
	press(screen, "BackTab BackTab");
	type_in(screen, "please save");
	press_to_see(screen, "Tab Tab", "[ Cancel (n) ]");
	yes_to_see(screen, "Log off all users of", "grace period: ");
	press_to_see(screen, "x", "[ Let it run (n) ]");
	yes_to_see_row(screen, "Cancel this task?", "logoff", "cancelled before anybody was logged off");
}

TEST(a_grace_period_alone_warns_with_the_default_message)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "web01");
	press_to_see(screen, "BackTab", "seconds; empty: nobody is warned");
	type_to_see(screen, "500", "seconds after the default message");
	press(screen, "Tab");
	yes_to_see(screen, "Log off all users of", "grace period: ");
	press(screen, "x");
	yes_to_see_row(screen, "Cancel this task?", "logoff", "cancelled before anybody was logged off");
}

TEST(quitting_asks_while_a_task_runs)
{
	struct screen *screen = open_inn(NULL);

	open_logoff(screen, "slow01");
	yes_to_see(screen, "Log off all users of", "1 running");
	press_to_see(screen, "q", "1 task is running.");
	press_to_close(screen, "n", "1 task is running.");
	press(screen, "q");
	say_yes(screen, "1 task is running.");
	ends_with(screen, 0);
}

RUN_TESTS("acting", scratch_setup, scratch_teardown)

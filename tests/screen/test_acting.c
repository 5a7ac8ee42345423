/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define INN SCREEN_DIR "/inn.conf"

static void open_inn(const char *extra)
{
	screen_open_demo(24, 80, INN, extra);
	wait_for_row("web01", "running");
	wait_for_row("till01", "running");
}

static void open_logoff(const char *vm)
{
	go_to_vm(vm);
	press_to_see("L", "Log off all users of");
}

static void nothing_was_started(void)
{
	shows_not("Tasks");
}

TEST(two_people_are_logged_off_by_keys_alone)
{
	open_inn(NULL);
	open_logoff("web01");
	wait_for("alice, bob");
	shows("inn");
	yes_to_see_row("Log off all users of web01?", "web01", "logoff");
	wait_for("done: 2 sessions ended");
	wait_for_row("web01", "running");
	press_to_close("X", "Tasks");
}

TEST(the_dialog_starts_on_cancel_and_enter_takes_it)
{
	open_inn(NULL);
	open_logoff("web01");
	shows("[ Cancel (n) ]");
	press_to_close("Enter", "Log off all users of");
	nothing_was_started();
}

TEST(tab_and_enter_choose_the_deed)
{
	open_inn(NULL);
	open_logoff("web02");
	wait_for("carol");
	press_to_see("Tab", "[ Log off (y) ]");
	for (int tries = 0; tries < 20 && screen_shows("Log off all users of"); tries++)
		press("Enter");
	wait_for("done: 1 session ended");
}

TEST(n_esc_and_ctrl_c_say_no)
{
	open_inn(NULL);
	go_to_vm("web01");
	FOR_EACH(const char *, noe, "n", "Esc", "^C") {
		press_to_see("L", "Log off all users of");
		press_to_close(*noe, "Log off all users of");
	}
	nothing_was_started();
}

TEST(a_sentence_typed_into_a_question_is_no_answer)
{
	open_inn(NULL);
	open_logoff("web01");
	wait_for("alice, bob");
	for (int i = 0; i < 12; i++) /* longer than it takes until a yes is taken */
		type_in("Maintenance today");
	shows("Letters do nothing here: y or n answers");
	shows("[ Cancel (n) ]");
	nothing_was_started();
	/* In one piece, so that no load comes between: e is no key so soon behind a dialog. */
	send_bytes("\re", 2);
	wait_until_gone("Log off all users of");
	wait_for("Ignored: typed just after a dialog closed");
	shows_not("Events");
	press_to_see("e", "Events");
}

TEST(in_a_text_letters_are_text_and_alt_y_answers)
{
	open_inn(NULL);
	open_logoff("web01");
	wait_for("alice, bob");
	press_and_type("BackTab BackTab", "any day now");
	wait_for_row("Message", "any day now");
	for (int tries = 0; tries < 200 && screen_shows("Log off all users of"); tries++) {
		send_bytes("\033y", 2);
		screen_pump(100);
	}
	wait_for("grace period");
	confirm_to_see_row("x", "Cancel this task?", "logoff", "cancelled before anybody was logged off");
}

TEST(a_log_off_shows_sessions_and_options_apart)
{
	open_inn(NULL);
	open_logoff("web01");
	wait_for_row("[x] bob", "10.0.0.7");
	assert_true(row_of("  Sessions ") < row_of("[x] alice"));
	assert_int_equal(row_of("  Options ") + 1, row_of("] Force"));
}

TEST(production_is_red_and_said_in_header_rows_and_questions)
{
	int row;

	open_inn(NULL);
	wait_for("shop production");
	go_to_vm("till01");
	row = row_of("shop!");
	press("Space"); /* under the cursor a row has the cursor's colours */
	assert_int_not_equal(row, -1);
	assert_true(cell_at(1, col_of(1, "shop")).attrs.bold);
	press_to_see_row("L", "Host", "shop (production)");
	row = row_of("shop (production)");
	assert_true(cell_at(row, col_of(row, "shop")).attrs.bold);
}

TEST(the_menu_says_whom_each_entry_is_for)
{
	open_inn(NULL);
	press_and_type("/", "name~web|slow");
	press_to_see("Enter", "3 shown");
	press_to_see("g Space Space", "2 marked");
	press_to_see("G m", " Users ");
	wait_for_row("L     Log off users", "2 VMs");
	shows(" Inventory ");
	wait_for_row("Enter Show details", "web02");
	wait_for_row("c     Serial console", "web02");
	press_to_see_row("G", "Destroy (power off)", "2 VMs");
	assert_true(row_of("  Reset ") > row_of("Disable autostart") + 1);
	press("Enter"); /* the last one, in a group of its own */
	wait_for("Trim the file systems of 2 VMs?");
	press_to_close("Esc", "Trim the");
	press_to_see("c", "Open serial console of web02?");
}

TEST(what_is_pasted_never_confirms)
{
	static const char yes[] = "y\r\ry\nyes\r";

	open_inn(NULL);
	open_logoff("web01");
	wait_for("alice, bob");
	press_to_see("Tab", "[ Log off (y) ]");
	for (int i = 0; i < 50; i++)
		paste(yes);
	/* A terminal that does not say that it pastes: everything at once. */
	send_bytes(yes, strlen(yes));
	press_to_see("Left", "[ Cancel (n) ]");
	shows("Log off all users of");
	press_to_close("Esc", "Log off all users of");
	nothing_was_started();
}

TEST(a_message_can_be_pasted_into_its_field)
{
	open_inn(NULL);
	open_logoff("web01");
	press("BackTab BackTab");
	paste("back in\nfive minutes");
	wait_for("back in five minutes");
	press_to_close("Esc", "Log off all users of");
}

TEST(what_was_typed_ahead_confirms_nothing)
{
	open_inn(NULL);
	go_to_vm("web01");
	send_bytes("Lyy\r", 4);
	wait_for("Log off all users of");
	wait_for("alice, bob");
	shows("Log off all users of");
	nothing_was_started();
}

TEST(a_vm_that_cannot_says_why_and_asks_nothing)
{
	open_inn(NULL);
	go_to_vm("gone01");
	press_to_see("L", "gone01 is not running");
	go_to_vm("nochan");
	press_to_see("L", "no guest agent channel");
	go_to_vm("paused01");
	press_to_see("L", "resume it first");
	nothing_was_started();
}

TEST(nobody_logged_on_is_no_alarm)
{
	VTermScreenCell cell, failed;
	int row;

	open_inn(NULL);
	open_logoff("empty01");
	wait_for("nobody");
	yes_to_see_row("Log off all users of", "logoff", "no users logged on");
	wait_for("lost");
	row = row_of("no users logged on");
	cell = cell_at(row, col_of(row, "no users logged on"));
	failed = cell_at(1, col_of(1, "lost"));
	assert_int_not_equal(cell.fg.indexed.idx, failed.fg.indexed.idx);
	shows("1 without users");
}

TEST(a_production_host_wants_its_name_typed)
{
	open_inn(NULL);
	open_logoff("till01");
	wait_for("eve");
	shows("Type \"shop\"");
	press("y");
	for (int tries = 0; tries < 50 && !screen_shows("To confirm, type"); tries++)
		press("y");
	wait_for("To confirm, type the text in quotes first.");
	press_and_type("^U", "sho");
	press_to_see("Enter Tab y", "To confirm, type");
	press_and_type("^U", "shop");
	press_to_see("Tab", "[ Cancel (n) ]");
	press_to_see("y", "done: 1 session ended");
}

TEST(marks_are_acted_on_together_and_hidden_ones_are_counted)
{
	open_inn(NULL);
	press_and_type_to_see("/", "web", "2 shown");
	press("Enter");
	press_to_see("*", "2 marked");
	go_to_vm("web02");
	wait_for("(1 hidden)");
	press_to_see("L", "Log off all users of 2 VMs?");
	shows("1 of them is hidden by the filter");
	wait_for("3 users on 2 of them");
	yes_to_see("Log off all users of", "2 done");
	shows_not("marked");
}

TEST(more_than_twenty_want_their_number_typed)
{
	screen_open_demo(24, 80, "fleet:1,30", NULL);
	wait_for("30 VMs");
	press_to_see("*", "30 marked");
	press_to_see("L", "Log off all users of 30 VMs?");
	shows("Type \"30\"");
	press_to_close("Esc", "Log off all users of");
}

TEST(read_only_shows_no_users_and_refuses_to_act)
{
	open_inn("--readonly");
	shows("READ-ONLY");
	shows_not("Log off");
	wait_for_row("web01", "denied");
	press_to_see("L", "read-only (--readonly): restart without --readonly to make changes");
	press_to_see("m", "(Log off users)");
	press_to_close("Esc", "(Log off users)");
	go_to_vm("web01");
	press_to_see("u", "Denied: users are not visible over a read-only connection. Restart without");
	wait_for("--readonly, or use --lock instead.");
}

TEST(libvirts_own_read_only_connections_show_users_as_denied)
{
	const struct screen_options options = { .rows = 24, .cols = 100, .args = { "-r", "-c", "test:///default" } };

	screen_open(&options);
	wait_for("READ-ONLY");
	wait_for_row("test", "denied");
}

TEST(locked_shows_users_and_refuses_to_act)
{
	open_inn("--lock");
	shows("LOCKED");
	shows_not("Log off");
	go_to_vm("web01");
	press_to_see("L", "read-only (--lock): restart without --lock to make changes");
	press_to_see("u", "alice");
	press_to_see(": ", " Commands ");
	type_in("destroy");
	press_to_see("Enter", "read-only (--lock): restart without --lock to make changes");
}

TEST(the_menu_says_why_not)
{
	open_inn(NULL);
	go_to_vm("gone01");
	press_to_see("m", "(Log off users)");
	shows("gone01 is not running");
	press_to_see("PgDn", "s     Start");
	press_to_see("D", "gone01: it is not running");
	confirm_to_see_row("s", "Start gone01?", "gone01", "running");
}

TEST(destroying_asks_and_says_what_is_lost)
{
	open_inn(NULL);
	go_to_vm("web02");
	press_to_see("D", "Destroy web02?");
	shows("Powers off immediately");
	yes_to_see_row("Destroy web02?", "web02", "shutoff");
}

TEST(pause_is_never_a_toggle_of_what_nobody_sees)
{
	open_inn(NULL);
	go_to_vm("paused01");
	press_to_see("p", "Resume paused01?");
	press_to_close("n", "Resume paused01?");
	go_to_vm("web02");
	press_to_see("p", "Pause web02?");
}

TEST(a_task_is_cancelled_while_it_warns)
{
	open_inn(NULL);
	open_logoff("web01");
	press_and_type("BackTab BackTab", "please save");
	press_to_see("Tab Tab", "[ Cancel (n) ]");
	yes_to_see("Log off all users of", "grace period: ");
	press_to_see("x", "[ Let it run (n) ]");
	yes_to_see_row("Cancel this task?", "logoff", "cancelled before anybody was logged off");
}

TEST(a_grace_period_alone_warns_with_the_default_message)
{
	open_inn(NULL);
	open_logoff("web01");
	press_to_see("BackTab", "seconds; empty: nobody is warned");
	type_to_see("500", "seconds after the default message");
	confirm_to_see("Tab", "Log off all users of", "grace period: ");
	confirm_to_see_row("x", "Cancel this task?", "logoff", "cancelled before anybody was logged off");
}

TEST(quitting_asks_while_a_task_runs)
{
	open_inn(NULL);
	open_logoff("slow01");
	yes_to_see("Log off all users of", "1 running");
	press_to_see("q", "1 task is running.");
	press_to_close("n", "1 task is running.");
	confirm("q", "1 task is running.");
	ends_with(0);
}

RUN_TESTS("acting", scratch_setup, scratch_teardown)

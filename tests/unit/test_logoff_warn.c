/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "logoff_run.h"

/* --- cancelling --- */

TEST(it_can_be_cancelled_until_the_first_is_told)
{
	three_users();
	begin();
	while (report()->phase != TASK_PHASE_END) {
		assert_true(report()->cancelable);
		assert_true(step());
	}
	op_request_cancel(op);
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	nobody_was_told();
	assert_int_equal(result_exit(report()->result, report()->error), EXIT_CANCELLED);
}

TEST(after_the_first_it_is_too_late)
{
	three_users();
	begin();
	step_until(fake_count(&guest, "guest-exec loginctl terminate"));
	assert_false(report()->cancelable);
	op_request_cancel(op);
	it_is_done();
	it_notes("too late");
}

TEST(a_wish_before_the_first_step_sends_nothing_at_all)
{
	three_users();
	begin();
	op_request_cancel(op);
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	assert_int_equal(guest.log_count, 0);
}

/* Whenever it comes: either nobody was told and it is cancelled, or all were told once and it goes on to its end. */
TEST(wherever_the_wish_falls_it_ends_one_way_or_the_other)
{
	int cancelled = 0, too_late = 0;

	for (int steps = 0; too_late < 3; steps++) {
		no_guest(state);
		a_guest(state);
		three_users();
		options.grace_s = 10;
		begin();
		for (int i = 0; i < steps; i++)
			assert_true(step());
		op_request_cancel(op);
		go_on();
		if (report()->result == TASK_RESULT_CANCELLED) {
			assert_int_equal(too_late, 0);
			nobody_was_told();
			cancelled++;
		} else {
			it_is_done();
			was_sent("guest-exec loginctl terminate-session", 3);
			too_late++;
		}
	}
	assert_in_range(cancelled, 5, 100);
}

/* --- warning first --- */

TEST(users_are_warned_and_given_time)
{
	three_users();
	options.message = "Maintenance\x1b[2J tonight";
	options.grace_s = 60;
	begin();
	step_until(report()->grace_until);
	assert_int_equal(report()->phase, TASK_PHASE_WARN);
	assert_true(report()->cancelable);
	assert_non_null(strstr(guest.last_input, "Maintenance<U+001B>[2J tonight"));
	assert_non_null(strstr(guest.last_input, "60 seconds"));
	nobody_was_told();
	it_is_done();
	seconds_passed(60, 70);
	assert_string_equal(sent[0], "warn the users");
	assert_int_equal(report()->grace_until, 0);
}

TEST(a_grace_period_can_be_cancelled)
{
	three_users();
	options.grace_s = 60;
	begin();
	step_until(report()->grace_until);
	op_request_cancel(op);
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	nobody_was_told();
}

static const char second_message[] = "The announced log-off is cancelled.";

/* Whenever the wish comes after the warning: on its way to the guest, in the grace period, at the next list. */
TEST(users_who_were_warned_are_told_that_it_is_cancelled)
{
	int told = 0;

	for (int steps = 0; told < 3; steps++) {
		no_guest(state);
		a_guest(state);
		three_users();
		options.message = "Maintenance";
		options.grace_s = 10;
		begin();
		for (int i = 0; i < steps || !fake_count(&guest, "guest-exec wall"); i++)
			assert_true(step());
		op_request_cancel(op);
		go_on();
		if (report()->result != TASK_RESULT_CANCELLED)
			break;
		told++;
		it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled before anybody was logged off");
		it_notes("the warned users were told that it is cancelled");
		was_sent("guest-exec wall", 2);
		assert_memory_equal(guest.last_input, second_message, strlen(second_message));
		was_journalled("warn the users; tell the users that it is cancelled");
		nobody_was_told();
	}
	assert_int_equal(told, 3);
}

TEST(users_on_windows_are_told_on_their_desktops_that_it_is_cancelled)
{
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "");
	options.grace_s = 60;
	begin();
	step_until(report()->grace_until);
	op_request_cancel(op);
	go_on();
	it_notes("were told that it is cancelled");
	was_sent("guest-exec powershell.exe # innkeeper warn", 2);
	nobody_was_told();
}

TEST(users_who_were_not_warned_get_no_second_message)
{
	three_users();
	options.message = "now";
	options.grace_s = 60;
	fake_fault(&guest, "guest-exec wall", 0, ERR_NOT_SENT, "not for now");
	begin();
	step_until(fake_count(&guest, "guest-exec wall"));
	op_request_cancel(op);
	go_on();
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	was_sent("guest-exec wall", 1);
	assert_true(text_is_empty(report()->note));
}

TEST(where_the_warning_got_no_answer_no_second_message_is_sent)
{
	three_users();
	options.message = "now";
	options.grace_s = 60;
	fake_fault(&guest, "guest-exec wall", 0, ERR_NO_ANSWER, "silence")->carried_out = true;
	begin();
	step_until(report()->grace_until);
	op_request_cancel(op);
	go_on();
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	it_notes("whether the warning reached the users is unknown");
	was_sent("guest-exec wall", 1);
}

TEST(a_second_message_that_fails_is_noted_and_not_sent_again)
{
	three_users();
	options.grace_s = 60;
	begin();
	step_until(report()->grace_until);
	fake_fault(&guest, "guest-exec wall", 0, ERR_NO_ANSWER, "silence");
	op_request_cancel(op);
	go_on();
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	it_notes("could not be told that it is cancelled: silence");
	was_sent("guest-exec wall", 2);
}

TEST(who_leaves_in_the_grace_period_is_not_told)
{
	three_users();
	options.grace_s = 60;
	fake_find(&guest, "1")->gone_at = FAKE_START_MS + 30000;
	it_logs_off();
	was_sent("guest-exec loginctl terminate-session", 2);
	it_notes("3 sessions ended");
}

TEST(when_all_leave_in_the_grace_period_it_is_done)
{
	fake_logon(&guest, "1", "alice", "tty1")->gone_at = FAKE_START_MS + 30000;
	options.grace_s = 60;
	it_logs_off();
	nobody_was_told();
	assert_int_equal(report()->sessions_after, 0);
}

TEST(who_comes_in_the_grace_period_goes_as_well)
{
	three_users();
	options.grace_s = 60;
	fake_fault(&guest, "guest-exec-status wall", 0, ERR_NONE, NULL)->then = carol_comes;
	guest.faults[0].reply = "{\"return\":{\"exited\":true,\"exitcode\":0}}";
	it_logs_off();
	was_sent("guest-exec loginctl terminate-session 9", 1);
}

TEST(without_grace_the_end_follows_the_warning)
{
	three_users();
	options.message = "now";
	it_logs_off();
	was_sent("guest-exec wall", 1);
	assert_string_equal(guest.last_input, "now");
}

TEST(who_cannot_be_warned_is_not_logged_off)
{
	three_users();
	options.message = "now";
	fake_fault(&guest, "guest-exec wall", 0, ERR_AGENT_REFUSED,
		   "Failed to execute child process “wall” (No such file or directory)");
	the_log_off_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "could not be warned");
	nobody_was_told();
	guest.fault_count = 0;
	fake_fault(&guest, "guest-exec-status wall", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":true,\"exitcode\":1}}";
	the_log_off_ends(DISP_E_EXCEPTION, "could not be warned");
	nobody_was_told();
}

TEST(a_warning_that_was_not_sent_is_tried_three_times)
{
	three_users();
	options.message = "now";
	fake_fault(&guest, "guest-exec wall", 0, ERR_NOT_SENT, "not for now");
	the_log_off_ends(VM_E_TIMED_OUT, "could not be warned");
	was_sent("guest-exec wall", 3);
	guest.faults[0].nth = 4 + 1;
	it_logs_off();
}

TEST(windows_is_warned_on_its_desktops)
{
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "");
	options.message = "now";
	it_logs_off();
	was_sent("guest-exec powershell.exe # innkeeper warn", 1);
	this_guest(FAKE_WINDOWS_CLM);
	guest.sysnative = true;
	fake_logon(&guest, "1", "alice", "");
	it_logs_off();
	was_sent("guest-exec C:\\Windows\\Sysnative\\msg.exe * /time:60 now", 1);
}

/* Fedora's policy: wall says "error getting sessions" and exits with 0. */
TEST(nobody_is_logged_off_whom_wall_could_not_warn)
{
	three_users();
	guest.fedora_policy = true;
	options.message = "Maintenance";
	the_log_off_ends(E_ACCESS_DENIED, "could not be warned, so nobody was logged off");
	nobody_was_told();
}

TEST(who_could_not_be_shown_the_warning_is_named)
{
	three_users();
	options.message = "Maintenance";
	it_logs_off();
	it_notes("1 of 3 could not be shown it: bob");
}

/* clang-format off */
static const struct op_case logoffs[] = {
	/* --- warning first --- */
	{ "the_grace_period_does_not_eat_the_deadline", .users = 3, .resists = "1", .logoff.grace_s = 300,
	  .ends = VM_E_TIMED_OUT, .says = { "alice" }, .seconds = { 450, 455 } },
	{ "a_warning_whose_answer_was_lost_is_not_sent_again", .users = 3,
	  .faults = { { "guest-exec wall", 0, ERR_NO_ANSWER, .text = "silence", .carried_out = true } },
	  .logoff.message = "now", .sent = { { "guest-exec wall", 1 } } },
};
/* clang-format on */

TESTS_OF(logoffs, log_off_row)

RUN_TESTS_EACH("logoff, warning and cancelling", NULL, NULL, a_logoff, no_guest)

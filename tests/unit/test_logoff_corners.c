/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a log-off meets rarely: answers at the last moment, programs that are killed, more people than a list keeps. */
#include "base/clock.h"
#include "logoff_run.h"

#include <stdio.h>

#define FAILED "{\"return\":{\"exited\":true,\"exitcode\":1}}"
#define SILENT "{\"return\":{\"exited\":true,\"exitcode\":0}}"
#define KILLED "{\"return\":{\"exited\":true,\"signal\":9}}"

static void logons(int count, const char *user)
{
	for (int i = 1; i <= count; i++) {
		char id[16];

		snprintf(id, sizeof(id), "%d", i);
		fake_logon(&guest, id, user, "");
	}
}

/* --- the list --- */

static void let_200_seconds_pass(struct backend *backend)
{
	(void)backend;
	clock_advance(200000);
}

TEST(a_question_that_took_all_the_time_is_not_asked_again)
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 1, ERR_NO_ANSWER, "silence")->then = let_200_seconds_pass;
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "cannot list sessions: silence");
	was_sent("guest-exec loginctl list", 1);
	nobody_was_told();
}

TEST(a_list_that_does_not_come_to_its_end_is_made_anew)
{
	three_users();
	fake_fault(&guest, "guest-exec-status loginctl list", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":false}}";
	begin();
	while (fake_count(&guest, "guest-exec loginctl list") < 2)
		assert_true(step());
	guest.fault_count = 0;
	go_on();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 3);
}

/* loginctl may fail where a session goes between two of its questions; what it says then is nobody's list. */
TEST(a_list_that_fails_once_is_made_anew)
{
	three_users();
	fake_fault(&guest, "guest-exec-status loginctl list", 1, ERR_NONE, NULL)->reply = FAILED;
	fake_fault(&guest, "guest-exec-status loginctl show", 1, ERR_NONE, NULL)->reply = SILENT;
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl list", 4);
	was_sent("guest-exec loginctl terminate-session", 3);
}

TEST(a_list_that_always_fails_is_given_up)
{
	three_users();
	fake_fault(&guest, "guest-exec-status loginctl list", 0, ERR_NONE, NULL)->reply = FAILED;
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR,
		"loginctl failed in the guest (exit status 1): no output");
	was_sent("guest-exec loginctl list", 3);
	nobody_was_told();
}

TEST(a_dry_run_speaks_of_locked_sessions_where_there_are_some)
{
	three_users();
	options.dry_run = true;
	log_off();
	it_notes("would log off");
	assert_null(strstr(text_str(report()->note), "locked"));
	fake_find(&guest, "1")->locked = true;
	log_off();
	it_notes("locked sessions need force: alice");
	nobody_was_told();
}

TEST(of_more_than_twice_what_a_list_keeps_all_go)
{
	logons(140, "alice");
	log_off();
	it_is_done();
	it_notes("140 sessions ended");
	was_sent("guest-exec loginctl terminate-session", 140);
}

TEST(one_of_many_is_named_and_the_rest_is_not_waited_for)
{
	static const char *const users[] = { "zoe", NULL };

	fake_logon(&guest, "0", "zoe", "");
	logons(80, "alice");
	options.whom.users = users;
	log_off();
	it_is_done();
	it_notes("1 session ended");
	was_sent("guest-exec loginctl terminate-session", 1);
	assert_int_equal(report()->sessions_after, 80);
}

/* --- the warning --- */

TEST(who_is_given_time_but_no_words_is_told_in_ours)
{
	three_users();
	options.message = "";
	options.grace_s = 60;
	log_off();
	it_is_done();
	assert_non_null(strstr(guest.last_input, "The administrator is about to log you off."));
}

TEST(a_warning_that_was_killed_warned_nobody)
{
	three_users();
	options.message = "now";
	fake_fault(&guest, "guest-exec-status wall", 0, ERR_NONE, NULL)->reply = KILLED;
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR, "could not be warned");
	nobody_was_told();
}

static void carol_comes(struct backend *backend)
{
	fake_logon((struct fake_guest *)backend, "9", "carol", "tty5");
}

TEST(who_comes_in_the_grace_period_stays_where_others_are_named)
{
	static const char *const users[] = { "alice", NULL };

	three_users();
	options.grace_s = 60;
	options.whom.users = users;
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_NOT_SENT, "not for now")->then = carol_comes;
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 1);
	was_sent("guest-exec loginctl terminate-session 1", 1);
}

/* --- the end --- */

TEST(only_what_is_missing_is_looked_for_elsewhere)
{
	this_guest(FAKE_WINDOWS_CLM);
	fake_logon(&guest, "1", "alice", "");
	fake_fault(&guest, "guest-exec C:", 1, ERR_BUSY, "held by another client");
	log_off();
	it_is_done();
	was_sent("guest-exec C:\\Windows\\System32\\logoff.exe 1", 2);
	was_sent("guest-exec C:\\Windows\\Sysnative", 0);
}

TEST(an_agent_that_goes_before_the_first_is_told_ends_it)
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl terminate-session 1", 1, ERR_NO_AGENT, "not connected");
	log_off();
	it_ends(VM_E_ADDITIONS_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "nobody was logged off");
	was_sent("guest-exec loginctl terminate-session", 1);
	assert_false(report()->maybe_sent);
}

TEST(a_program_that_was_killed_is_noted_where_its_session_stays)
{
	three_users();
	fake_find(&guest, "1")->immortal = true;
	fake_fault(&guest, "guest-exec-status loginctl terminate-session 1", 0, ERR_NONE, NULL)->reply = KILLED;
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "alice");
	it_notes("loginctl was killed in the guest");
	was_sent("guest-exec loginctl terminate-session 1", 1);
}

TEST(where_all_are_beyond_us_nobody_is_waited_for)
{
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, ":0", "bob", "");
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "bob");
	nobody_was_told();
	was_sent("guest-exec who", 1);
}

static void logoff_is_unwanted(struct backend *backend)
{
	(void)backend;
	op_request_cancel(op);
}

TEST(a_wish_to_cancel_what_could_not_be_sent_did_not_come_too_late)
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl terminate-session 1", 1, ERR_AGENT_BLOCKED,
		   "Command guest-exec has been disabled")
		->then = logoff_is_unwanted;
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "nobody was logged off");
	assert_null(strstr(text_str(report()->note), "too late"));
}

/* --- verifying --- */

TEST(nobody_is_killed_after_the_deadline)
{
	three_users();
	fake_find(&guest, "1")->resists = true;
	options.force = true;
	begin();
	while (report()->phase != TASK_PHASE_VERIFY)
		assert_true(step());
	guest.latency_ms = 60000;
	go_on();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "alice");
	was_sent("guest-exec loginctl terminate-session", 3);
	was_sent("guest-exec loginctl kill-session", 0);
}

TEST(an_agent_without_a_list_of_its_own_is_not_asked_for_it)
{
	guest.users_unknown = true;
	three_users();
	log_off();
	it_is_done();
	was_sent("guest-get-users", 0);
}

static void suspend_it(struct backend *backend)
{
	((struct fake_guest *)backend)->state = VM_STATE_PMSUSPENDED;
}

TEST(a_guest_that_falls_asleep_meanwhile_is_said_to_be_paused)
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_NO_AGENT, "not connected")->then = suspend_it;
	log_off();
	it_ends(VM_E_VM_PAUSED, TASK_RESULT_UNEXPECTED_ERROR, "resume it");
	assert_true(report()->maybe_sent);
}

RUN_TESTS_EACH("logoff, corners", NULL, NULL, a_logoff, no_guest)

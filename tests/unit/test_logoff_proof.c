/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What proves that somebody is gone, and what does not. */
#include "base/clock.h"
#include "logoff_run.h"

static void two_users_of_windows(void)
{
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "");
	fake_logon(&guest, "2", "bob", "");
}

/* Whom it names, it names as still logged on; of others it does not say so. */
static void it_names_as_on(const char *words)
{
	it_ends(VM_E_TIMED_OUT, words);
	assert_true(report()->percent < 100);
}

static void it_cannot_tell(const char *words)
{
	it_ends(VM_E_TIMED_OUT, words);
	assert_true(report()->maybe_sent);
	assert_int_equal(report()->sessions_after, -1);
	assert_null(strstr(text_str(report()->note), "ended"));
	assert_int_equal(result_exit(report()->result, report()->error), EXIT_TIMED_OUT);
}

/* --- Windows, whose later lists prove nothing --- */

TEST(an_empty_list_of_explorers_proves_nobody_gone)
{
	two_users_of_windows();
	fake_find(&guest, "1")->immortal = fake_find(&guest, "2")->immortal = true;
	/* The first list and both ends go well. */
	guest.types_forbidden_from = 4;
	guest.hides_explorers = guest.users_unknown = true;
	log_off();
	it_cannot_tell("its result cannot be verified");
	it_notes("whether alice, bob are gone is unknown");
	was_sent("guest-exec powershell.exe # innkeeper end", 2);
	was_sent("guest-exec C:", 0);
}

TEST(what_the_agent_names_is_still_on_though_no_explorer_is_seen)
{
	two_users_of_windows();
	fake_find(&guest, "2")->immortal = true;
	guest.types_forbidden_from = 4;
	guest.hides_explorers = true;
	log_off();
	it_names_as_on("bob");
	it_notes("1 of 2 gone, bob is still there");
	assert_null(strstr(text_str(report()->error_description), "alice"));
}

TEST(where_types_are_forbidden_the_agents_own_list_proves_it)
{
	this_guest(FAKE_WINDOWS_CLM);
	fake_logon(&guest, "1", "alice", "");
	it_logs_off();
	it_notes("1 session ended");
	assert_int_equal(report()->sessions_after, 0);
	was_sent("guest-exec C:\\Windows\\System32\\logoff.exe 1", 1);
}

/* Its function enumerates nothing, and says so by an empty list, where WTS fails. */
TEST(an_agent_that_never_named_anybody_proves_nothing_by_its_silence)
{
	this_guest(FAKE_WINDOWS_CLM);
	fake_logon(&guest, "1", "alice", "");
	guest.users = "[]";
	log_off();
	it_cannot_tell("its result cannot be verified");
}

TEST(a_list_that_is_proven_again_proves_it)
{
	two_users_of_windows();
	guest.users_unknown = guest.hides_explorers = true;
	guest.types_forbidden_from = 4;
	begin();
	step_until(guest.scripts >= 7);
	assert_int_equal(report()->percent, 10);
	assert_int_equal(report()->sessions_after, -1);
	guest.types_forbidden_from = 0;
	it_is_done();
	seconds_passed(0, 20);
}

TEST(powershell_that_is_missing_later_leaves_it_unknown)
{
	two_users_of_windows();
	fake_find(&guest, "1")->immortal = true;
	fake_fault(&guest, "guest-exec powershell.exe # innkeeper list", 2, ERR_AGENT_REFUSED,
		   "Failed to execute child process “powershell.exe” (No such file or directory)");
	guest.faults[0].nth = 0;
	begin();
	guest.faults[0].call = "none yet";
	step_until(guest.scripts >= 3);
	guest.faults[0].call = "guest-exec powershell.exe # innkeeper list";
	it_ends(VM_E_TIMED_OUT, "its result cannot be verified");
	assert_true(report()->maybe_sent);
}

TEST(whom_the_first_list_missed_goes_when_a_better_one_shows_him)
{
	two_users_of_windows();
	guest.types_forbidden_from = 1;
	guest.users_unknown = fake_find(&guest, "2")->has_no_explorer = true;
	begin();
	step_until(guest.scripts >= 1);
	guest.types_forbidden_from = 0;
	it_is_done();
	it_notes("2 sessions ended");
	assert_true(fake_find(&guest, "2") == NULL);
}

/* --- after a grace period --- */

TEST(after_the_grace_period_an_unproven_list_is_no_proof_that_they_left)
{
	two_users_of_windows();
	fake_find(&guest, "1")->immortal = fake_find(&guest, "2")->immortal = true;
	options.grace_s = 60;
	guest.types_forbidden_from = 3; /* after list and warning */
	guest.hides_explorers = guest.users_unknown = true;
	the_log_off_ends(DISP_E_EXCEPTION, "nobody was logged off");
	assert_null(strstr(text_str(report()->note), "ended"));
	assert_false(report()->maybe_sent);
	nobody_was_told();
	was_sent("guest-exec powershell.exe # innkeeper list", 1 + 3);
}

TEST(after_the_grace_period_it_is_read_until_it_proves_something)
{
	two_users_of_windows();
	options.grace_s = 60;
	guest.types_forbidden_from = 3;
	guest.hides_explorers = guest.users_unknown = true;
	begin();
	step_until(guest.scripts >= 3);
	guest.types_forbidden_from = 0;
	it_is_done();
	was_sent("guest-exec powershell.exe # innkeeper end", 2);
}

TEST(after_the_grace_period_those_who_are_seen_are_told)
{
	two_users_of_windows();
	options.grace_s = 60;
	guest.types_forbidden_from = 3;
	guest.users_unknown = true;
	fake_find(&guest, "1")->gone_at = FAKE_START_MS + 30000;
	log_off();
	it_cannot_tell("its result cannot be verified");
	was_sent("guest-exec C:\\Windows\\System32\\logoff.exe 2", 1);
	was_sent("guest-exec C:\\Windows\\System32\\logoff.exe 1", 0);
}

/* --- lists that are cut --- */

TEST(a_cut_list_proves_nobody_gone)
{
	char user[16];

	this_guest(FAKE_WINDOWS);
	for (int i = 0; i < SESSION_LIST_MAX; i++) {
		char id[8];

		snprintf(id, sizeof(id), "%d", i + 100);
		snprintf(user, sizeof(user), "user%d", i);
		fake_logon(&guest, id, user, "")->immortal = true;
	}
	options.whom.users = (const char *const[]){ user, NULL }; /* the last */
	begin();
	step_until(fake_count(&guest, "guest-exec powershell.exe # innkeeper end"));
	/* Another session comes and stands before it. */
	memmove(&guest.sessions[1], &guest.sessions[0], SESSION_LIST_MAX * sizeof(guest.sessions[0]));
	guest.session_count++;
	snprintf(guest.sessions[0].id, sizeof(guest.sessions[0].id), "9");
	it_ends(VM_E_TIMED_OUT, user);
	assert_true(report()->maybe_sent);
}

/* clang-format off */
static const struct op_case logoffs[] = {
	/* --- Windows, whose later lists prove nothing --- */
	{ "without_explorer_a_session_is_named_and_cannot_be_ended", .kind = FAKE_WINDOWS_CLM,
	  .on = { { .id = "1", .user = "alice" } }, .hides_explorers = true, .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	  .says = { "alice" }, .nobody_told = true },
	/* after the list and one end */
	{ "types_forbidden_when_they_are_told_leave_logoff_exe", .kind = FAKE_WINDOWS,
	  .on = { { .id = "1", .user = "alice" }, { .id = "2", .user = "bob" } }, .types_forbidden_from = 3,
	  .sent = { { "guest-exec powershell.exe # innkeeper end", 2 },
	    { "guest-exec C:\\Windows\\System32\\logoff.exe 2", 1 } },
	  .journalled = "end session 1 of alice; end session 2 of bob; end session 2 of bob" },
	{ "types_forbidden_when_they_are_warned_leave_msg_exe", .kind = FAKE_WINDOWS,
	  .on = { { .id = "1", .user = "alice" }, { .id = "2", .user = "bob" } }, .types_forbidden_from = 2,
	  .logoff.message = "now",
	  .sent = { { "guest-exec powershell.exe # innkeeper warn", 1 },
	    { "guest-exec C:\\Windows\\System32\\msg.exe", 1 } } },
	{ "an_end_without_a_trace_leaves_its_session_named", .kind = FAKE_WINDOWS,
	  .on = { { .id = "1", .user = "alice" }, { .id = "2", .user = "bob" } }, .immortal = "2",
	  .faults = { { "guest-exec powershell.exe # innkeeper end 1", 1, ERR_NO_ANSWER, .text = "silence" },
	    { "guest-exec-status powershell.exe # innkeeper end 2", 1,
	    .reply = "{\"return\":{\"exited\":true,\"exitcode\":0}}" } }, .ends = VM_E_TIMED_OUT,
	  .says = { "alice, bob" }, .sent = { { "guest-exec powershell.exe # innkeeper end", 2 } } },
	{ "powershell_that_exits_0_and_says_nothing_made_no_list", .kind = FAKE_WINDOWS,
	  .on = { { .id = "1", .user = "alice" }, { .id = "2", .user = "bob" } }, .users_unknown = true,
	  .faults = { { "guest-exec-status powershell.exe # innkeeper list", 0,
	    .reply = "{\"return\":{\"exited\":true,\"exitcode\":0}}" } }, .ends = DISP_E_EXCEPTION,
	  .says = { "breaks off" }, .nobody_told = true },
	/* --- who was never there --- */
	{ "an_unproven_list_proves_nobody_absent", .kind = FAKE_WINDOWS_CLM, .on = { { .id = "1", .user = "alice" } },
	  .users_unknown = true, .logoff.whom.users = (const char *const[]){ "carol", NULL }, .ends = DISP_E_EXCEPTION,
	  .says = { "cannot determine whether the selected users are logged on to web01" }, .nobody_told = true },
	/* loginctl may be there, as far as the agent's words go. */
	{ "who_that_named_somebody_once_is_believed_when_it_is_silent", .kind = FAKE_SYSVINIT,
	  .on = { { .id = "tty1", .user = "alice" } },
	  .faults = { { "guest-exec loginctl", 0, ERR_AGENT_REFUSED,
	    .text = "Failed to execute child process “loginctl” (Exec format error)" } } },
};
/* clang-format on */

TESTS_OF(logoffs, log_off_row)

RUN_TESTS_EACH("logoff, proof", NULL, NULL, a_logoff, no_guest)

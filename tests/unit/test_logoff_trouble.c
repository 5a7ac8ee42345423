/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "logoff_run.h"

/* --- force --- */

TEST(force_kills_after_half_of_the_deadline)
{
	int64_t killed_at = 0;

	three_users();
	fake_find(&guest, "2")->resists = true;
	options.force = true;
	begin();
	while (step())
		if (!killed_at && fake_count(&guest, "guest-exec loginctl kill-session"))
			killed_at = clock_ms() - FAKE_START_MS;
	it_is_done();
	assert_in_range(killed_at, 75000, 79000);
	was_sent("guest-exec loginctl kill-session --signal=KILL 2", 1);
	was_sent("guest-exec loginctl kill-session", 1);
	was_sent("guest-exec loginctl terminate-session", 3);
	assert_string_equal(sent[3], "kill session 2 of bob");
}

/* --- lost answers --- */

TEST(a_command_whose_answer_was_lost_is_never_sent_again)
{
	FOR_EACH(enum err_kind, lost, ERR_NO_ANSWER, ERR_LOST) {
		this_guest(FAKE_LOGIND);
		three_users();
		fake_fault(&guest, "guest-exec loginctl terminate-session 1", 0, *lost, "silence")->carried_out = true;
		it_logs_off();
		was_sent("guest-exec loginctl terminate-session 1", 1);
		was_sent("guest-exec loginctl terminate-session 2", 1);
		assert_int_equal(sent_count, 3);
	}
}

/* --- somebody else's process: the agent restarted, and its process ids began anew --- */

/* base64: "" and "total 0\n". */
static const char silence_of_another[] = "{\"return\":{\"exited\":true,\"exitcode\":0}}";
static const char words_of_another[] = "{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"dG90YWwgMAo=\"}}";
static const char failure_of_another[] = "{\"return\":{\"exited\":true,\"exitcode\":2,\"err-data\":\"dG90YWwgMAo=\"}}";

TEST(what_was_surely_not_sent_is_sent_again)
{
	FOR_EACH(enum err_kind, unsent, ERR_NOT_SENT, ERR_BUSY) {
		this_guest(FAKE_LOGIND);
		three_users();
		fake_fault(&guest, "guest-exec loginctl terminate-session 1", 1, *unsent, "busy");
		it_logs_off();
		was_sent("guest-exec loginctl terminate-session 1", 2);
	}
}

/* Half a minute under another program's lock is time enough for a reboot: ids begin anew. */
static void others_get_their_ids(struct backend *backend)
{
	clock_advance(31 * 1000);
	snprintf(fake_find(&guest, "1")->user, sizeof(guest.sessions[0].user), "carol");
	snprintf(fake_find(&guest, "2")->user, sizeof(guest.sessions[0].user), "carol");
}

TEST(a_list_that_grew_old_is_read_again_before_anybody_is_told)
{
	const char *const alice[] = { "alice", NULL };

	three_users();
	options.whom.users = alice;
	fake_fault(&guest, "guest-exec loginctl terminate-session 1", 1, ERR_BUSY, "held")->then = others_get_their_ids;
	log_off();
	was_sent("guest-exec loginctl terminate-session", 1);
	assert_false(fake_find(&guest, "1")->gone);
	it_is_done();
}

TEST(an_agent_that_is_busy_for_ever_times_out_unsent)
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl terminate", 0, ERR_BUSY, "held by another client");
	begin();
	step_until(fake_count(&guest, "guest-exec loginctl terminate") >= 3);
	assert_true(report()->cancelable);
	it_ends(VM_E_TIMED_OUT, "held by another client");
	seconds_passed(150, 160);
	assert_false(report()->maybe_sent);
}

TEST(when_nobody_answers_any_more_the_outcome_is_unknown)
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 1, ERR_NONE, NULL)->carried_out = true;
	guest.fault_count = 0;
	begin();
	step_until(fake_count(&guest, "guest-exec loginctl terminate-session c3"));
	fake_fault(&guest, "guest-exec", 0, ERR_NO_ANSWER, "silence");
	it_ends(VM_E_TIMED_OUT, "its result cannot be verified");
	assert_true(report()->maybe_sent);
}

/* --- the guest goes its own ways --- */

static void shut_it_off(struct backend *backend)
{
	((struct fake_guest *)backend)->state = VM_STATE_SHUTOFF;
}

static void save_it(struct backend *backend)
{
	((struct fake_guest *)backend)->state = VM_STATE_SAVED;
}

static void pause_it(struct backend *backend)
{
	((struct fake_guest *)backend)->state = VM_STATE_PAUSED;
}

static void reboot_it(struct backend *backend)
{
	struct fake_guest *one = (struct fake_guest *)backend;

	for (size_t i = 0; i < one->session_count; i++)
		one->sessions[i].gone = true;
	one->channel = CHANNEL_DISCONNECTED;
	one->wanted = VM_STATE_RUNNING;
	one->wanted_at = clock_ms() + 20000;
}

static void three_users_and_then(void (*then)(struct backend *backend))
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_NO_AGENT, "not connected")->then = then;
	log_off();
}

TEST(sessions_end_with_a_guest_that_stops)
{
	three_users_and_then(shut_it_off);
	it_ends(VM_E_VM_NOT_RUNNING, "during the log-off; its sessions ended with it");
	assert_int_equal(report()->sessions_after, 0);
	assert_false(report()->maybe_sent);
}

TEST(sessions_of_a_saved_guest_may_come_back)
{
	three_users_and_then(save_it);
	it_ends(VM_E_VM_NOT_RUNNING, "come back");
}

static void migrate_it(struct backend *backend)
{
	struct fake_guest *one = (struct fake_guest *)backend;

	one->state = VM_STATE_MIGRATED;
}

static void pause_it_for_migration(struct backend *backend)
{
	struct fake_guest *one = (struct fake_guest *)backend;

	one->state = VM_STATE_MIGRATING;
}

TEST(sessions_of_a_guest_that_moves_to_another_host_live_on)
{
	three_users_and_then(migrate_it);
	it_ends(VM_E_VM_NOT_RUNNING, "moved to another host");
	assert_true(report()->maybe_sent);
	was_sent("guest-exec loginctl terminate-session", 3);
}

/* Which fails, and it goes on where it was. */
TEST(a_guest_that_is_paused_for_its_migration_is_waited_for)
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_NO_AGENT, "not connected")->then = pause_it_for_migration;
	begin();
	step_until(guest.state == VM_STATE_MIGRATING);
	for (int i = 0; i < 6; i++)
		assert_true(step());
	guest.state = VM_STATE_RUNNING;
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 3);
}

static void begin_to_shut_down(struct backend *backend)
{
	((struct fake_guest *)backend)->state = VM_STATE_IN_SHUTDOWN;
}

TEST(a_guest_that_is_shutting_down_is_off_when_it_is)
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_NO_AGENT, "not connected")->then = begin_to_shut_down;
	begin();
	step_until(guest.state == VM_STATE_IN_SHUTDOWN);
	for (int i = 0; i < 6; i++)
		assert_true(step());
	guest.state = VM_STATE_SHUTOFF;
	it_ends(VM_E_VM_NOT_RUNNING, "during the log-off; its sessions ended with it");
}

TEST(a_guest_that_is_paused_meanwhile_is_said_to_be)
{
	three_users_and_then(pause_it);
	it_ends(VM_E_VM_PAUSED, "resume it");
	assert_true(report()->maybe_sent);
}

TEST(a_guest_that_reboots_is_looked_at_afterwards)
{
	three_users_and_then(reboot_it);
	it_is_done();
	it_notes("may have rebooted");
	was_sent("guest-exec loginctl terminate-session", 3);
}

TEST(the_same_id_after_a_reboot_is_somebody_new)
{
	three_users();
	begin();
	step_until(fake_count(&guest, "guest-exec loginctl terminate-session c3"));
	reboot_it(&guest.backend);
	fake_logon(&guest, "1", "alice", "tty1")->since = clock_wall() + 30;
	it_is_done();
	it_notes("logged on again (automatic log-in?): alice");
	was_sent("guest-exec loginctl terminate-session 1", 1);
}

TEST(automatic_log_in_is_a_new_session_not_a_failure)
{
	three_users();
	fake_find(&guest, "1")->comes_back = true;
	it_logs_off();
	it_notes("logged on again (automatic log-in?): alice");
	assert_int_equal(report()->sessions_after, 1);
	was_sent("guest-exec loginctl terminate-session", 3);
}

/* utmp is read without a look at its PIDs: whose getty does not come back, is still in it (qga/commands-posix.c). */
TEST(a_record_that_outlives_its_session_is_a_note_not_a_failure)
{
	three_users();
	guest.users = "[{\"user\":\"alice\"},{\"user\":\"bob\"}]";
	it_logs_off();
	it_notes("guest-get-users still lists alice, bob");
}

/* A user called "1234", by ssh on Debian 13: in who and guest-get-users, and pam_systemd has opened no session. */
TEST(who_is_on_without_a_session_of_logind_is_an_outcome_of_its_own)
{
	const char *const users[] = { "1234", NULL };

	three_users();
	guest.users = "[{\"user\":\"alice\"},{\"user\":\"1234\"}]";
	the_log_off_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
			 "logged on without a session of logind, by guest-get-users: 1234");
	it_notes("3 sessions ended");
	this_guest(FAKE_LOGIND);
	guest.users = "[{\"user\":\"1234\"}]";
	the_log_off_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "guest-get-users: 1234");
	this_guest(FAKE_LOGIND);
	two_users();
	guest.users = "[{\"user\":\"alice\"},{\"user\":\"bob\"},{\"user\":\"1234\"}]";
	options.whom.users = users;
	the_log_off_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "guest-get-users: 1234");
	nobody_was_told();
}

TEST(who_is_on_without_a_session_and_was_not_meant_spoils_nothing)
{
	const char *const users[] = { "bob", NULL };

	two_users();
	guest.users = "[{\"user\":\"alice\"},{\"user\":\"1234\"}]";
	options.whom.users = users;
	it_logs_off();
}

/* --- elogind, which forgets a session while its processes live --- */

TEST(processes_that_outlive_their_session_are_named)
{
	three_users();
	guest.elogind = true;
	fake_find(&guest, "2")->resists = true;
	the_log_off_ends(VM_E_TIMED_OUT, "some of their processes are left: bob: bash 198, sleep 221");
	assert_int_equal(report()->sessions_after, 0);
	seconds_passed(10, 20);
}

TEST(elogind_is_done_where_nothing_is_left)
{
	three_users();
	guest.elogind = true;
	it_logs_off();
	was_sent("guest-exec ps", 1);
}

TEST(force_kills_before_elogind_forgets_the_session)
{
	three_users();
	guest.elogind = true;
	fake_find(&guest, "2")->resists = true;
	options.force = true;
	it_logs_off();
	was_sent("guest-exec loginctl kill-session --signal=KILL", 3);
	was_sent("guest-exec loginctl terminate-session", 0);
}

TEST(whose_services_go_on_is_named)
{
	three_users();
	guest.lingering = "bob\ncarol\n";
	it_logs_off();
	it_notes("their services and jobs go on, because they linger: bob");
	assert_null(strstr(text_str(report()->note), "carol"));
}

/* --- refusals in between --- */

TEST(a_journal_that_cannot_be_written_stops_it_unsent)
{
	three_users();
	sent_allowed = 0;
	log_off();
	it_ends_as(DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED, "no space left");
	nobody_was_told();
	options.message = "now";
	log_off();
	it_ends_as(DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED, "no space left");
	was_sent("guest-exec wall", 0);
}

TEST(a_journal_that_fills_up_half_way_stops_the_rest)
{
	three_users();
	sent_allowed = 1;
	log_off();
	it_ends_as(DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED, "no space left");
	it_notes("1 of 3 gone");
	was_sent("guest-exec loginctl terminate-session", 1);
}

TEST(programs_that_cannot_be_started_say_why)
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl terminate", 0, ERR_AGENT_REFUSED,
		   "Failed to execute child process “loginctl” (Permission denied)");
	the_log_off_ends(E_ACCESS_DENIED, "Permission denied");
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "tty1", "alice", "");
	fake_fault(&guest, "guest-exec pkill", 0, ERR_AGENT_REFUSED,
		   "Failed to execute child process “pkill” (No such file or directory)");
	the_log_off_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "pkill");
	this_guest(FAKE_WINDOWS_CLM);
	fake_logon(&guest, "1", "alice", "");
	fake_fault(&guest, "guest-exec C:", 0, ERR_AGENT_REFUSED,
		   "Failed to execute helper program (No such file or directory)");
	the_log_off_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "No such file");
	was_sent("guest-exec C:", 2);
}

TEST(the_same_line_a_minute_later_is_somebody_new)
{
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "tty1", "alice", "")->comes_back = true;
	fake_logon(&guest, ":0", "bob", "");
	fake_logon(&guest, ":1", "bob", "");
	log_off();
	it_notes("1 of 3 gone, bob (2) are still there");
	it_notes("logged on again (automatic log-in?): alice");
	was_sent("guest-exec pkill", 1);
}

TEST(it_works_without_a_journal)
{
	three_users();
	options.message = "";
	begin_without_journal();
	assert_null(op_sessions(op));
	it_is_done();
	was_sent("guest-exec wall", 0);
	assert_int_equal(op_step(op, 0), WORKER_DONE);
}

TEST(a_second_opinion_that_fails_is_none)
{
	static const char *const users[] = { "bob", "dave", "zoe", NULL };

	three_users();
	fake_fault(&guest, "guest-get-users", 0, ERR_NO_ANSWER, "silence");
	options.whom.users = users;
	it_logs_off();
	it_notes("not logged on: dave, zoe");
	this_guest(FAKE_LOGIND);
	fake_fault(&guest, "guest-get-users", 0, ERR_NO_ANSWER, "silence");
	options.whom.users = NULL;
	the_log_off_ends(E_NO_SUCH_LOGON_SESSION, "nobody");
}

TEST(hostile_names_arrive_harmless_everywhere)
{
	fake_logon(&guest, "1", "\x1b]0;PWNED\x07\xe2\x80\xae", "tty1")->immortal = true;
	options.timeout_s = 10;
	the_log_off_ends(VM_E_TIMED_OUT, "<U+001B>]0;PWNED<U+0007><U+202E>");
	assert_true(text_is_safe(text_str(report()->error_description)));
	assert_true(text_is_safe(text_str(report()->note)));
	assert_true(text_is_safe(sent[0]));
}

/* clang-format off */
static const struct op_case logoffs[] = {
	/* --- force --- */
	{ "who_survives_force_is_named", .kind = FAKE_SYSVINIT,
	  .on = { { .id = "tty1", .user = "alice", .immortal = true } }, .logoff.force = true, .ends = VM_E_TIMED_OUT,
	  .says = { "despite force: alice" },
	  .sent = { { "guest-exec pkill -KILL -u alice -t tty1", 1 },
	    { "guest-exec pkill -HUP -u alice -t tty1", 1 } } },
	{ "windows_has_no_stronger_means", .kind = FAKE_WINDOWS,
	  .on = { { .id = "1", .user = "alice", .resists = true } }, .logoff.force = true, .ends = VM_E_TIMED_OUT,
	  .says = { "alice" }, .notes = { "no stronger means" },
	  .sent = { { "guest-exec powershell.exe # innkeeper end", 1 } } },
	/* --- lost answers --- */
	{ "a_command_that_got_lost_itself_leaves_its_session_named", .users = 3,
	  .faults = { { "guest-exec loginctl terminate-session 1", 0, ERR_NO_ANSWER, .text = "silence" } },
	  .ends = VM_E_TIMED_OUT, .says = { "alice" }, .notes = { "2 of 3 gone", "silence" },
	  .sent = { { "guest-exec loginctl terminate-session 1", 1 } } },
	{ "a_status_that_was_lost_does_not_matter", .users = 3,
	  .faults = { { "guest-exec-status loginctl terminate-session 2", 1, ERR_NO_ANSWER, .text = "silence",
	    .carried_out = true } }, .sent = { { "guest-exec loginctl terminate-session", 3 } } },
	/* --- somebody else's process: the agent restarted, and its process ids began anew --- */
	{ "the_end_of_another_program_ends_no_session", .users = 3, .immortal = "1",
	  .faults = { { "guest-exec-status loginctl terminate-session 1", 0, .reply = silence_of_another } },
	  .ends = VM_E_TIMED_OUT, .says = { "alice" }, .sent = { { "guest-exec loginctl terminate-session 1", 1 } } },
	{ "the_failure_of_another_program_fails_nothing", .users = 3,
	  .faults = { { "guest-exec-status loginctl terminate-session", 0, .reply = failure_of_another } },
	  .sent = { { "guest-exec loginctl terminate-session", 3 } } },
	{ "a_process_that_the_agent_no_longer_knows_leaves_it_to_the_list", .users = 3,
	  .faults = { { "guest-exec-status loginctl terminate-session", 0, ERR_AGENT_REFUSED,
	    .text = "Invalid parameter 'pid'" } }, .sent = { { "guest-exec loginctl terminate-session", 3 } } },
	{ "the_words_of_another_program_are_no_session_list", .users = 3,
	  .faults = { { "guest-exec-status loginctl list", 1, .reply = words_of_another } },
	  .sent = { { "guest-exec loginctl terminate-session", 3 } } },
	{ "the_silence_of_another_program_is_no_proof_that_nobody_is_on", .users = 3,
	  .faults = { { "guest-exec-status loginctl list", 1, .reply = silence_of_another } },
	  .sent = { { "guest-exec loginctl terminate-session", 3 } } },
	{ "the_silence_of_another_program_is_no_proof_in_windows_either", .kind = FAKE_WINDOWS,
	  .on = { { .id = "1", .user = "alice" } },
	  .faults = { { "guest-exec-status powershell.exe # innkeeper list", 1, .reply = silence_of_another } },
	  .sent = { { "guest-exec powershell.exe # innkeeper end 1", 1 } } },
	{ "the_silence_of_another_program_is_no_proof_without_logind_either", .kind = FAKE_SYSVINIT,
	  .on = { { .id = "tty1", .user = "alice" } },
	  .faults = { { "guest-exec-status who", 1, .reply = silence_of_another } },
	  .sent = { { "guest-exec pkill -HUP -u alice -t tty1", 1 } } },
	{ "the_silence_of_another_program_is_no_proof_that_all_are_gone", .users = 3, .immortal = "2",
	  .guest_users = "[{\"user\":\"bob\"}]",
	  .faults = { { "guest-exec-status loginctl list", 2, .reply = silence_of_another } }, .ends = VM_E_TIMED_OUT,
	  .says = { "bob" }, .sent = { { "guest-exec loginctl terminate-session", 3 } } },
	{ "an_old_list_that_cannot_be_read_again_is_no_ground_to_act", .users = 3,
	  .faults = { { "guest-exec loginctl terminate-session 1", 1, ERR_BUSY,
	    .text = "held", .then = others_get_their_ids },
	    { "guest-exec loginctl list", 2, ERR_BUSY, .text = "held" }, { "guest-exec loginctl list", 3, ERR_BUSY,
	    .text = "held" },
	    { "guest-exec loginctl list", 4, ERR_BUSY, .text = "held" } },
	  .logoff.whom.users = (const char *const[]){ "alice", NULL },
	  .sent = { { "guest-exec loginctl terminate-session", 1 } } },
	{ "while_others_are_told_an_old_list_is_read_again", .users = 3,
	  .faults = { { "guest-exec loginctl terminate-session 2", 1, ERR_BUSY, .text = "held",
	    .then = others_get_their_ids } }, .notes = { "logged on in the meantime: carol" },
	  .sent = { { "guest-exec loginctl terminate-session 2", 1 },
	    { "guest-exec loginctl terminate-session", 3 } } },
	{ "a_list_without_answer_is_asked_for_again", .users = 3,
	  .faults = { { "guest-exec loginctl list", 1, ERR_NO_ANSWER, .text = "silence" } } },
	{ "a_verify_without_answer_is_made_again", .users = 3,
	  .faults = { { "guest-exec loginctl list", 2, ERR_NO_ANSWER, .text = "silence" },
	    { "guest-exec loginctl list", 3, ERR_LOST, .text = "connection closed" } },
	  .sent = { { "guest-exec loginctl terminate-session", 3 } } },
	/* --- the guest goes its own ways --- */
	{ "a_log_off_waits_for_a_migrations_lock", .users = 3,
	  .faults = { { "guest-exec loginctl terminate-session 1", 1, ERR_BUSY,
	    .text = "cannot acquire state change lock (held by monitor=remoteDispatchDomainMigratePerform3Params)" } },
	  .sent = { { "guest-exec loginctl terminate-session", 4 } } },
	{ "a_domain_that_is_undefined_meanwhile_is_unknown", .users = 3,
	  .faults = { { "guest-exec loginctl list", 2, ERR_NO_DOMAIN, .text = "no domain" },
	    { "look", 2, ERR_NO_DOMAIN, .text = "no domain with matching uuid" } }, .ends = VM_E_VM_UNKNOWN,
	  .says = { "no domain" } },
	{ "a_host_lost_while_verifying_is_waited_for", .users = 3,
	  .faults = { { "guest-exec loginctl list", 2, ERR_LOST, .text = "connection closed" },
	    { "look", 2, ERR_UNREACHABLE, .text = "host cannot be reached" } } },
	{ "an_agent_that_goes_between_two_sends_is_waited_for", .users = 3,
	  .faults = { { "guest-exec loginctl terminate-session 2", 1, ERR_NO_AGENT, .text = "not connected" } },
	  .sent = { { "guest-exec loginctl terminate-session 2", 2 } } },
	{ "strangers_who_log_on_meanwhile_are_told_of", .users = 3,
	  .faults = { { "guest-exec-status loginctl terminate-session 2", 1, ERR_BUSY,
	    .text = "busy", .then = carol_comes } },
	  .notes = { "logged on in the meantime: carol" },
	  .sent = { { "guest-exec loginctl terminate-session 9", 0 } } },
	/* --- refusals in between --- */
	{ "exec_that_gets_blocked_half_way_stops_it", .users = 3,
	  .faults = { { "guest-exec loginctl terminate-session 2", 0, ERR_AGENT_BLOCKED,
	    .text = "Command guest-exec has been disabled" } }, .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	  .says = { "not all users could be logged off" }, .notes = { "1 of 3 gone" },
	  .sent = { { "guest-exec loginctl terminate-session 2", 1 },
	    { "guest-exec loginctl terminate-session c3", 0 } }, .seconds = { 0, 20 } },
	/* "Access denied" */
	{ "loginctl_that_may_not_stops_it", .users = 3,
	  .faults = { { "guest-exec-status loginctl terminate-session 1", 0,
	    .reply = "{\"return\":{\"exited\":true,\"exitcode\":1,\"err-data\":\"QWNjZXNzIGRlbmllZA==\"}}" } },
	  .ends = E_ACCESS_DENIED, .says = { "Access denied" },
	  .sent = { { "guest-exec loginctl terminate-session", 1 } } },
	/* "Could not terminate" */
	{ "what_loginctl_says_of_one_who_stays_is_noted", .users = 3, .immortal = "1",
	  .faults = { { "guest-exec-status loginctl terminate-session 1", 0,
	    .reply = "{\"return\":{\"exited\":true,\"exitcode\":1,\"err-data\":\"Q291bGQgbm90IHRlcm1pbmF0ZQ==\"}}" } },
	  .ends = VM_E_TIMED_OUT, .says = { "alice" }, .notes = { "Could not terminate" } },
	{ "exec_that_gets_blocked_in_the_grace_period_stops_it", .users = 3,
	  .faults = { { "guest-exec loginctl list", 2, ERR_AGENT_BLOCKED,
	    .text = "Command guest-exec has been disabled" } },
	  .logoff.grace_s = 60, .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL, .says = { "qemu-ga.conf" },
	  .nobody_told = true },
	{ "exec_that_gets_blocked_while_verifying_leaves_it_unknown", .users = 3,
	  .faults = { { "guest-exec loginctl list", 2, ERR_AGENT_BLOCKED,
	    .text = "Command guest-exec has been disabled" } },
	  .ends = VM_E_TIMED_OUT, .says = { "its result cannot be verified" }, .doubt = MAYBE_SENT },
	{ "rights_lost_while_verifying_are_said", .users = 3,
	  .faults = { { "guest-exec loginctl list", 2, ERR_DENIED, .text = "'QEMU' denied access" },
	    { "look", 2, ERR_DENIED, .text = "'QEMU' denied access" } }, .ends = E_ACCESS_DENIED,
	  .says = { "the result of the log-off is unknown" } },
	{ "a_guest_too_slow_to_list_times_out_untold", .users = 3, .latency_ms = 40000, .ends = VM_E_TIMED_OUT,
	  .says = { "nobody was logged off" }, .nobody_told = true },
	{ "a_dry_run_where_nobody_is_on_says_so", .logoff.dry_run = true, .ends = E_NO_SUCH_LOGON_SESSION,
	  .says = { "nobody" } },
};
/* clang-format on */

TESTS_OF(logoffs, log_off_row)

RUN_TESTS_EACH("logoff, trouble", NULL, NULL, a_logoff, no_guest)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "logoff_run.h"

/* --- the good way --- */

TEST(everybody_is_logged_off_and_the_list_proves_it)
{
	three_users();
	it_logs_off();
	assert_int_equal(report()->sessions_before, 3);
	assert_int_equal(report()->sessions_after, 0);
	was_sent("guest-exec loginctl terminate-session", 3);
	was_sent("guest-exec loginctl terminate-session 1", 1);
	was_sent("guest-exec loginctl terminate-session c3", 1);
	it_notes("3 sessions ended");
	assert_int_equal(session_list_total(op_sessions(op)), 0);
	assert_int_equal(op_targets(op)->count, 3);
}

TEST(exit_0_of_loginctl_is_no_proof)
{
	three_users();
	guest.end_takes_ms = 30000;
	it_logs_off();
	seconds_passed(30, 36);
}

TEST(percent_counts_sessions_that_are_gone)
{
	three_users();
	fake_find(&guest, "2")->resists = true;
	begin();
	step_until(report()->sessions_after == 1);
	/* 2 of 3 gone, of the 89 behind the list's 10 */
	assert_int_equal(report()->percent, 10 + 89 * 2 / 3);
	assert_int_equal(report()->phase, TASK_PHASE_VERIFY);
}

TEST(the_phases_come_in_order_and_are_told)
{
	three_users();
	log_off();
	FOR_EACH(enum task_phase, order, TASK_PHASE_CHECK, TASK_PHASE_LIST, TASK_PHASE_END, TASK_PHASE_VERIFY,
		 TASK_PHASE_DONE)
		assert_int_equal(phases_seen[*order], 1);
	assert_int_equal(phases_seen[TASK_PHASE_WARN], 0);
	assert_int_equal(sent_count, 3);
	assert_string_equal(sent[0], "end session 1 of alice");
}

/* How long nothing was sent before each look at the list. */
static int64_t pause_before_look(int nth)
{
	for (size_t i = 1; i < guest.log_count; i++)
		if (strncmp(guest.log[i], "guest-exec loginctl list", 24) == 0 && nth-- == 0)
			return guest.log_at[i] - guest.log_at[i - 1];
	fail_msg("there were fewer looks");
	return -1;
}

TEST(the_first_look_comes_after_half_a_second_then_every_two)
{
	fake_logon(&guest, "1", "alice", "tty1");
	guest.end_takes_ms = 9000;
	it_logs_off();
	assert_in_range(pause_before_look(1), 500, 510);
	for (int nth = 2; nth < 5; nth++)
		assert_in_range(pause_before_look(nth), 2000, 2010);
}

TEST(managers_and_greeters_are_left_alone)
{
	three_users();
	snprintf(fake_find(&guest, "2")->class_name, 32, "manager");
	snprintf(fake_find(&guest, "c3")->class_name, 32, "greeter");
	guest.users = "[{\"user\":\"alice\"}]"; /* utmp has neither of them */
	it_logs_off();
	was_sent("guest-exec loginctl terminate-session", 1);
	assert_int_equal(report()->sessions_before, 1);
}

/* --- the contract's table --- */

TEST(nobody_on_is_neutral)
{
	the_log_off_ends(E_NO_SUCH_LOGON_SESSION, "nobody is logged on to web01");
	assert_int_equal(report()->percent, 100);
	assert_int_equal(report()->sessions_before, 0);
	assert_int_equal(result_exit(report()->result, report()->error), EXIT_NOBODY);
}

TEST(a_vm_that_does_not_run_is_said_to_be_so)
{
	FOR_EACH(enum vm_state, off, VM_STATE_SHUTOFF, VM_STATE_CRASHED, VM_STATE_SAVED, VM_STATE_IN_SHUTDOWN) {
		guest.state = *off;
		the_log_off_ends(VM_E_VM_NOT_RUNNING, "start it first");
	}
	was_sent("guest-info", 0);
}

TEST(a_paused_vm_is_said_to_be_so)
{
	FOR_EACH(enum vm_state, paused, VM_STATE_PAUSED, VM_STATE_PMSUSPENDED) {
		guest.state = *paused;
		the_log_off_ends(VM_E_VM_PAUSED, "resume it first");
	}
}

TEST(a_blocked_agent_lacks_the_feature_and_the_remedy_is_told)
{
	three_users();
	guest.exec_disabled = true;
	guest.os_id = "rocky";
	guest.os_version = "9.4";
	the_log_off_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "FILTER_RPC_ARGS");
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "/etc/sysconfig/qemu-ga");
	was_sent("guest-exec", 0);
}

TEST(nobody_on_an_unreliable_list_cannot_be_determined)
{
	this_guest(FAKE_NO_TOOLS);
	the_log_off_ends(DISP_E_EXCEPTION, "cannot determine whether anybody is logged on to web01");
	this_guest(FAKE_WINDOWS_CLM);
	the_log_off_ends(DISP_E_EXCEPTION, "the guest's list is empty, but not reliable there");
}

TEST(a_host_that_refuses_is_denied)
{
	guest.channel = CHANNEL_DENIED;
	the_log_off_ends(E_ACCESS_DENIED, "right");
	guest.channel = CHANNEL_CONNECTED;
	fake_fault(&guest, "guest-info", 0, ERR_DENIED, "'QEMU' denied access");
	the_log_off_ends(E_ACCESS_DENIED, "denied access");
}

TEST(sessions_that_outlive_the_deadline_are_named)
{
	three_users();
	fake_find(&guest, "1")->resists = true;
	the_log_off_ends(VM_E_TIMED_OUT, "alice");
	it_ends(VM_E_TIMED_OUT, "force");
	it_notes("2 of 3 gone, alice is still there");
	assert_int_equal(report()->sessions_after, 1);
	seconds_passed(150, 155);
	was_sent("guest-exec loginctl kill-session", 0);
}

TEST(what_has_no_row_keeps_its_words)
{
	fake_fault(&guest, "guest-info", 0, ERR_UNEXPECTED, "internal error: something new");
	the_log_off_ends(DISP_E_EXCEPTION, "something new");
	guest.fault_count = 0;
	fake_fault(&guest, "guest-info", 0, ERR_NONE, NULL)->reply = "}{";
	the_log_off_ends(DISP_E_EXCEPTION, "it is not a JSON object");
}

/* --- whom --- */

TEST(only_named_users_go)
{
	static const char *const users[] = { "bob", "dave", NULL };

	three_users();
	options.whom.users = users;
	it_logs_off();
	was_sent("guest-exec loginctl terminate-session", 2);
	was_sent("guest-exec loginctl terminate-session 1", 0);
	it_notes("not logged on: dave");
	assert_int_equal(report()->sessions_before, 3);
	assert_int_equal(report()->sessions_after, 1);
	assert_null(strstr(text_str(report()->note), "in the meantime"));
}

TEST(a_dry_run_names_who_would_go_and_sends_nothing)
{
	three_users();
	fake_find(&guest, "1")->locked = true;
	options.dry_run = true;
	options.message = "now";
	log_off();
	it_ends_as(S_OK, TASK_RESULT_SUCCESS, "");
	it_notes("would log off alice, bob (2) (3 sessions)");
	it_notes("locked sessions need force: alice");
	nobody_was_told();
	was_sent("guest-exec wall", 0);
	assert_int_equal(sent_count, 0);
}

TEST(force_and_names_reach_locked_sessions)
{
	static const char *const users[] = { "alice", NULL };

	fake_logon(&guest, "1", "alice", "tty1")->locked = true;
	options.whom.users = users;
	it_logs_off();
	options.whom.users = NULL;
	fake_logon(&guest, "2", "bob", "tty1")->locked = true;
	options.force = true;
	it_logs_off();
}

TEST(of_more_sessions_than_are_kept_all_go)
{
	enum { CROWD = SESSION_LIST_MAX + 36 };
	char id[8];

	for (int i = 1; i <= CROWD; i++) {
		snprintf(id, sizeof(id), "%d", i);
		fake_logon(&guest, id, "alice", "");
	}
	it_logs_off();
	assert_int_equal(report()->sessions_before, CROWD);
	was_sent("guest-exec loginctl terminate-session", CROWD);
	it_notes("292 sessions ended");
}

TEST(one_beyond_those_that_are_kept_cannot_be_found_by_name)
{
	static const char *const users[] = { "zoe", NULL };
	char id[8];

	for (int i = 1; i <= SESSION_LIST_MAX + 6; i++) {
		snprintf(id, sizeof(id), "%d", i);
		fake_logon(&guest, id, "alice", "");
	}
	options.whom.users = users;
	the_log_off_ends(DISP_E_EXCEPTION, "and none of these is selected; log off all users, or log off in the guest");
}

TEST(a_session_pushed_out_of_sight_is_not_gone)
{
	static const char *const users[] = { "zoe", NULL };
	const size_t last = SESSION_LIST_MAX + 4;
	char id[8];

	fake_logon(&guest, "0", "zoe", "")->resists = true;
	for (int i = 1; i < SESSION_LIST_MAX; i++) {
		snprintf(id, sizeof(id), "%d", i);
		fake_logon(&guest, id, "alice", "");
	}
	options.whom.users = users;
	options.timeout_s = 200;
	begin();
	step_until(fake_count(&guest, "guest-exec loginctl terminate"));
	/* newcomers that are listed before zoe */
	memmove(&guest.sessions[5], &guest.sessions[0], guest.session_count * sizeof(guest.sessions[0]));
	guest.session_count += 5;
	for (int i = 0; i < 5; i++) {
		guest.sessions[i] = guest.sessions[6];
		snprintf(guest.sessions[i].id, sizeof(guest.sessions[i].id), "n%d", i);
	}
	guest.sessions[5] = guest.sessions[last];
	guest.sessions[last] = (struct fake_session){
		.id = "0", .user = "zoe", .class_name = "user", .resists = true, .since = guest.sessions[0].since
	};
	it_ends(VM_E_TIMED_OUT, "zoe");
}

/* --- rarely: answers at the last moment, programs that are killed, more people than a list keeps --- */

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
	clock_advance(200000);
}

TEST(a_list_that_does_not_come_to_its_end_is_made_anew)
{
	three_users();
	fake_fault(&guest, "guest-exec-status loginctl list", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":false}}";
	begin();
	step_until(fake_count(&guest, "guest-exec loginctl list") >= 2);
	guest.fault_count = 0;
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 3);
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
	it_logs_off();
	it_notes("140 sessions ended");
	was_sent("guest-exec loginctl terminate-session", 140);
}

TEST(who_left_a_program_behind_when_he_logged_off_is_logged_off)
{
	fake_logon(&guest, "1", "frank", "")->closing = true;
	it_logs_off();
	was_sent("guest-exec loginctl kill-session --signal=TERM 1", 1);
	was_sent("guest-exec loginctl terminate-session", 0);
}

TEST(many_users_of_a_slow_guest_have_more_time_to_be_told)
{
	logons(70, "alice");
	guest.latency_ms = 1000;
	it_logs_off();
	it_notes("70 sessions ended");
	assert_in_range(clock_ms() - FAKE_START_MS, 151 * 1000, 270 * 1000);
}

TEST(one_of_many_is_named_and_the_rest_is_not_waited_for)
{
	static const char *const users[] = { "zoe", NULL };

	fake_logon(&guest, "0", "zoe", "");
	logons(80, "alice");
	options.whom.users = users;
	it_logs_off();
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
	it_logs_off();
	assert_non_null(strstr(guest.last_input, "The administrator is about to log you off."));
}

/* --- the end --- */

static void logoff_is_unwanted(struct backend *backend)
{
	op_request_cancel(op);
}

TEST(a_wish_to_cancel_what_could_not_be_sent_did_not_come_too_late)
{
	three_users();
	fake_fault(&guest, "guest-exec loginctl terminate-session 1", 1, ERR_AGENT_BLOCKED,
		   "Command guest-exec has been disabled")
		->then = logoff_is_unwanted;
	the_log_off_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "nobody was logged off");
	assert_null(strstr(text_str(report()->note), "too late"));
}

/* --- verifying --- */

TEST(nobody_is_killed_after_the_deadline)
{
	three_users();
	fake_find(&guest, "1")->resists = true;
	options.force = true;
	begin();
	step_until(report()->phase == TASK_PHASE_VERIFY);
	guest.latency_ms = 60000;
	it_ends(VM_E_TIMED_OUT, "alice");
	was_sent("guest-exec loginctl terminate-session", 3);
	was_sent("guest-exec loginctl kill-session", 0);
}

static void suspend_it(struct backend *backend)
{
	((struct fake_guest *)backend)->state = VM_STATE_PMSUSPENDED;
}

/* clang-format off */
static const struct op_case logoffs[] = {
	/* --- the good way --- */
	{ "who_and_pkill_do_it_without_logind", .kind = FAKE_SYSVINIT,
	  .on = { { .id = "tty1", .user = "alice" }, { .id = "pts/0", .user = "bob" } },
	  .sent = { { "guest-exec pkill -HUP -u alice -t tty1", 1 }, { "guest-exec pkill -HUP -u bob -t pts/0", 1 } } },
	{ "windows_is_logged_off_session_by_session", .kind = FAKE_WINDOWS,
	  .on = { { .id = "1", .user = "alice" }, { .id = "3", .user = "bob", .state = 4 } },
	  .sent = { { "guest-exec powershell.exe # innkeeper end 1", 1 },
	    { "guest-exec powershell.exe # innkeeper end 3", 1 } } },
	{ "where_windows_forbids_types_logoff_exe_does_it", .kind = FAKE_WINDOWS_CLM,
	  .on = { { .id = "2", .user = "alice" } }, .notes = { "listed by explorer.exe and by guest-get-users" },
	  .sent = { { "guest-exec C:\\Windows\\System32\\logoff.exe 2", 1 } } },
	{ "an_agent_that_speaks_german_is_asked_another_way_too", .kind = FAKE_SYSVINIT,
	  .on = { { .id = "pts/0", .user = "bob" } }, .no_program = "Datei oder Verzeichnis nicht gefunden",
	  .sent = { { "guest-exec pkill", 1 } } },
	{ "a_32_bit_agent_finds_logoff_exe_in_sysnative", .kind = FAKE_WINDOWS_CLM,
	  .on = { { .id = "2", .user = "alice" } }, .sysnative = true,
	  .sent = { { "guest-exec C:\\Windows\\Sysnative\\logoff.exe 2", 1 } } },
	/* --- the contract's table --- */
	{ "a_domain_that_is_gone_is_unknown",
	  .faults = { { "look", 0, ERR_NO_DOMAIN, .text = "no domain with matching uuid" } }, .ends = VM_E_VM_UNKNOWN,
	  .says = { "no domain" } },
	{ "an_agent_that_is_not_connected_is_not_available", .channel = CHANNEL_DISCONNECTED,
	  .ends = VM_E_ADDITIONS_NOT_AVAIL, .says = { "install or start qemu-guest-agent" } },
	{ "an_agent_that_goes_before_the_list_is_not_available",
	  .faults = { { "guest-info", 0, ERR_NO_AGENT, .text = "QEMU guest agent is not connected" } },
	  .ends = VM_E_ADDITIONS_NOT_AVAIL, .says = { "not connected" } },
	{ "a_vm_without_channel_lacks_the_feature", .channel = CHANNEL_ABSENT, .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	  .says = { "org.qemu.guest_agent.0" } },
	{ "an_old_agent_lacks_the_feature", .exec_unknown = true, .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	  .says = { "does not support guest-exec; install version 2.5 or later in the guest" } },
	{ "a_frozen_guest_lacks_the_feature_for_a_while", .frozen = true, .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	  .says = { "backup" } },
	{ "a_guest_without_means_lacks_the_feature", .kind = FAKE_NO_TOOLS, .on = { { .id = "1", .user = "alice" } },
	  .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL, .says = { "neither loginctl nor who" } },
	{ "a_read_only_session_is_denied", .users = 3, .read_only = true, .ends = E_ACCESS_DENIED,
	  .says = { "read-only" }, .sent = { { "guest-", 0 } } },
	{ "a_locked_session_of_ours_looks_and_touches_nothing", .users = 3, .is_locked = true, .ends = E_ACCESS_DENIED,
	  .says = { "--lock" }, .nobody_told = true },
	{ "selinux_in_the_guest_is_denied_and_named", .users = 3,
	  .faults = { { "guest-exec loginctl list", 0, ERR_AGENT_REFUSED,
	    .text = "Failed to execute child process “loginctl” (Permission denied)" } }, .ends = E_ACCESS_DENIED,
	  .says = { "ausearch" } },
	{ "a_silent_agent_times_out",
	  .faults = { { "guest-info", 0, ERR_NOT_SENT,
	    .text = "Guest agent not available for now" } }, .ends = VM_E_TIMED_OUT,
	  .says = { "not available for now" }, .sent = { { "guest-info", 3 } }, .doubt = NOT_SENT },
	{ "windows_has_120_seconds", .kind = FAKE_WINDOWS, .on = { { .id = "1", .user = "alice", .resists = true } },
	  .ends = VM_E_TIMED_OUT, .says = { "alice" }, .seconds = { 120, 125 } },
	{ "the_timeout_can_be_chosen", .users = 3, .resists = "1", .logoff.timeout_s = 20, .ends = VM_E_TIMED_OUT,
	  .says = { "alice" }, .seconds = { 20, 25 } },
	/* --- whom --- */
	{ "only_named_sessions_go", .users = 3, .logoff.whom.sessions = (const char *const[]){ "c3", "99", NULL },
	  .notes = { "no such session: 99" },
	  .sent = { { "guest-exec loginctl terminate-session", 1 },
	    { "guest-exec loginctl terminate-session c3", 1 } } },
	{ "naming_only_absent_users_finds_no_session", .users = 3,
	  .logoff.whom.users = (const char *const[]){ "dave", NULL }, .ends = E_NO_SUCH_LOGON_SESSION,
	  .says = { "web01: no session of dave; 3 others stay" }, .nobody_told = true },
	{ "names_on_windows_ignore_case_and_may_carry_the_domain", .kind = FAKE_WINDOWS,
	  .on = { { .id = "1", .user = "alice" }, { .id = "2", .user = "bob" }, { .id = "3", .user = "carol" } },
	  .logoff.whom.users = (const char *const[]){ "win\\ALICE", "Bob", NULL },
	  .sent = { { "guest-exec powershell.exe # innkeeper end", 2 },
	    { "guest-exec powershell.exe # innkeeper end 3", 0 } } },
	{ "locked_sessions_stay_unless_asked_for", .users = 3, .locked = "1", .ends = E_MACHINE_LOCKED,
	  .says = { "alice" }, .notes = { "2 of 3 gone, alice is still there" },
	  .sent = { { "guest-exec loginctl terminate-session 1", 0 }, { "guest-exec loginctl terminate-session", 2 } },
	  .seconds = { 0, 20 } },
	{ "locked_sessions_alone_need_no_send", .on = { { .id = "1", .user = "alice", .tty = "tty1", .locked = true } },
	  .ends = E_MACHINE_LOCKED, .says = { "alice" }, .nobody_told = true },
	{ "displays_without_a_line_are_said_to_be_beyond_us", .kind = FAKE_SYSVINIT,
	  .on = { { .id = "tty1", .user = "alice" }, { .id = ":0", .user = "bob" } },
	  .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL, .says = { "bob" },
	  .notes = { "the session of bob on :0 cannot be ended from outside the guest" },
	  .sent = { { "guest-exec pkill", 1 } }, .seconds = { 0, 20 } },
	{ "a_list_of_garbage_is_not_nobody",
	  .faults = { { "guest-exec-status loginctl list", 0,
	    .reply = "{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"LS1oZWxwCg==\"}}" } },
	  .ends = DISP_E_EXCEPTION, .says = { "cannot read the session list of web01" } },
	/* --- the list --- */
	{ "a_question_that_took_all_the_time_is_not_asked_again", .users = 3,
	  .faults = { { "guest-exec loginctl list", 1, ERR_NO_ANSWER,
	    .text = "silence", .then = let_200_seconds_pass } },
	  .ends = VM_E_TIMED_OUT, .says = { "cannot list sessions: silence" },
	  .sent = { { "guest-exec loginctl list", 1 } }, .nobody_told = true },
	/* loginctl may fail where a session goes between two of its questions; what it says then is nobody's list. */
	{ "a_list_that_fails_once_is_made_anew", .users = 3,
	  .faults = { { "guest-exec-status loginctl list", 1, .reply = FAILED },
	    { "guest-exec-status loginctl show", 1, .reply = SILENT } },
	  .sent = { { "guest-exec loginctl list", 5 }, { "guest-exec loginctl terminate-session", 3 } } },
	{ "a_list_that_always_fails_is_given_up", .users = 3,
	  .faults = { { "guest-exec-status loginctl list", 0, .reply = FAILED } }, .ends = DISP_E_EXCEPTION,
	  .says = { "loginctl failed in the guest (exit status 1): no output" },
	  .sent = { { "guest-exec loginctl list", 3 } }, .nobody_told = true },
	/* --- the warning --- */
	{ "a_warning_that_was_killed_warned_nobody", .users = 3,
	  .faults = { { "guest-exec-status wall", 0, .reply = KILLED } }, .logoff.message = "now",
	  .ends = DISP_E_EXCEPTION, .says = { "could not be warned" }, .nobody_told = true },
	{ "who_comes_in_the_grace_period_stays_where_others_are_named", .users = 3,
	  .faults = { { "guest-exec loginctl list", 2, ERR_NOT_SENT, .text = "not for now", .then = carol_comes } },
	  .logoff.grace_s = 60, .logoff.whom.users = (const char *const[]){ "alice", NULL },
	  .sent = { { "guest-exec loginctl terminate-session", 1 },
	    { "guest-exec loginctl terminate-session 1", 1 } } },
	/* --- the end --- */
	{ "only_what_is_missing_is_looked_for_elsewhere", .kind = FAKE_WINDOWS_CLM,
	  .on = { { .id = "1", .user = "alice" } },
	  .faults = { { "guest-exec C:", 1, ERR_BUSY, .text = "held by another client" } },
	  .sent = { { "guest-exec C:\\Windows\\System32\\logoff.exe 1", 2 },
	    { "guest-exec C:\\Windows\\Sysnative", 0 } } },
	{ "an_agent_that_goes_before_the_first_is_told_ends_it", .users = 3,
	  .faults = { { "guest-exec loginctl terminate-session 1", 1, ERR_NO_AGENT, .text = "not connected" } },
	  .ends = VM_E_ADDITIONS_NOT_AVAIL, .says = { "nobody was logged off" },
	  .sent = { { "guest-exec loginctl terminate-session", 1 } }, .doubt = NOT_SENT },
	{ "a_program_that_was_killed_is_noted_where_its_session_stays", .users = 3, .immortal = "1",
	  .faults = { { "guest-exec-status loginctl terminate-session 1", 0, .reply = KILLED } },
	  .ends = VM_E_TIMED_OUT, .says = { "alice" }, .notes = { "loginctl was killed in the guest" },
	  .sent = { { "guest-exec loginctl terminate-session 1", 1 } } },
	{ "where_all_are_beyond_us_nobody_is_waited_for", .kind = FAKE_SYSVINIT,
	  .on = { { .id = ":0", .user = "bob" } }, .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL, .says = { "bob" },
	  .sent = { { "guest-exec who", 1 } }, .nobody_told = true },
	/* --- verifying --- */
	{ "an_agent_without_a_list_of_its_own_is_not_asked_for_it", .users = 3, .users_unknown = true,
	  .sent = { { "guest-get-users", 0 } } },
	{ "a_guest_that_falls_asleep_meanwhile_is_said_to_be_paused", .users = 3,
	  .faults = { { "guest-exec loginctl list", 2, ERR_NO_AGENT, .text = "not connected", .then = suspend_it } },
	  .ends = VM_E_VM_PAUSED, .says = { "resume it" }, .doubt = MAYBE_SENT },
};
/* clang-format on */

TESTS_OF(logoffs, log_off_row)

RUN_TESTS_EACH("logoff", NULL, NULL, a_logoff, no_guest)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_guest.h"
#include "unit.h"

#include "backend/logoff.h"
#include "base/clock.h"

#include <stdio.h>

static struct fake_guest guest;
static struct logoff *logoff;
static struct logoff_options options;

/* --- the journal that listens --- */

static char *sent[128];
static int sent_count, sent_allowed, phases_seen[TASK_PHASE_COUNT];

static bool note_send(void *data, const char *what, struct err *err)
{
	(void)data;
	if (sent_count >= sent_allowed)
		return err_set(err, ERR_SYSTEM, "no space left on device");
	sent[sent_count++] = mem_strdup(what);
	return true;
}

static void note_phase(void *data, const struct task_report *report)
{
	(void)data;
	phases_seen[report->phase]++;
}

static const struct machine_journal journal = { .about_to_send = note_send, .changed = note_phase };

static int a_guest(void **state)
{
	(void)state;
	fake_guest_init(&guest, FAKE_LOGIND);
	options = (struct logoff_options){ 0 };
	sent_allowed = ARRAY_SIZE(sent);
	memset(phases_seen, 0, sizeof(phases_seen));
	return 0;
}

static void forget_run(void)
{
	logoff_destroy(logoff);
	logoff = NULL;
	while (sent_count)
		free(sent[--sent_count]);
}

static int no_guest(void **state)
{
	(void)state;
	forget_run();
	fake_guest_free(&guest);
	return 0;
}

static void this_guest(enum fake_kind kind)
{
	forget_run();
	fake_guest_free(&guest);
	fake_guest_init(&guest, kind);
}

static void three_users(void)
{
	fake_logon(&guest, "1", "alice", "tty1");
	fake_logon(&guest, "2", "bob", "tty2");
	fake_logon(&guest, "c3", "bob", "");
}

static const struct task_report *report(void)
{
	return logoff_report(logoff);
}

static void begin(void)
{
	forget_run();
	logoff = logoff_create(&guest.backend, &guest.uuid, TEXT_OURS("web01"), &options, &journal);
}

/* One step, with what has to hold for each. */
static bool step(void)
{
	const int percent = report()->percent;
	const size_t calls = guest.log_count;
	const int64_t wait_ms = logoff_step(logoff, 0);

	assert_true(guest.log_count - calls <= 1);
	assert_true(report()->percent >= percent);
	assert_true(report()->percent < 100 || report()->complete);
	assert_true((wait_ms == WORKER_DONE) == report()->complete);
	if (wait_ms > 0)
		clock_crank(wait_ms);
	return wait_ms != WORKER_DONE;
}

static void go_on(void)
{
	for (int steps = 0; step(); steps++)
		assert_true(steps < 20000);
}

static void log_off(void)
{
	begin();
	go_on();
}

static void it_ends(hresult error, enum task_result result, const char *words)
{
	if (report()->error != error)
		fail_msg("it ended with 0x%08x: %s", report()->error, text_str(report()->error_description));
	assert_int_equal(report()->result, result);
	assert_true(report()->complete);
	assert_false(report()->cancelable);
	assert_int_equal(report()->phase, TASK_PHASE_DONE);
	if (!strstr(text_str(report()->error_description), words))
		fail_msg("\"%s\" does not say \"%s\"", text_str(report()->error_description), words);
}

static void it_is_done(void)
{
	it_ends(S_OK, TASK_RESULT_SUCCESS, "");
	assert_true(text_is_empty(report()->error_description));
	assert_int_equal(report()->percent, 100);
	assert_false(report()->maybe_sent);
}

static void it_notes(const char *words)
{
	if (!strstr(text_str(report()->note), words))
		fail_msg("the note \"%s\" does not say \"%s\"", text_str(report()->note), words);
}

static void seconds_passed(int64_t from, int64_t to)
{
	assert_in_range((clock_ms() - FAKE_START_MS) / 1000, from, to);
}

static void was_sent(const char *call, int times)
{
	const int count = fake_count(&guest, call);

	if (count != times) {
		fake_print_log(&guest);
		fail_msg("%s was sent %d times", call, count);
	}
}

static void nobody_was_told(void)
{
	was_sent("guest-exec loginctl terminate-session", 0);
	was_sent("guest-exec loginctl kill-session", 0);
	was_sent("guest-exec pkill", 0);
	was_sent("guest-exec powershell.exe # innkeeper end", 0);
	was_sent("guest-exec C:", 0);
}

/* --- the good way --- */

static void everybody_is_logged_off_and_the_list_proves_it(void **state)
{
	(void)state;
	three_users();
	log_off();
	it_is_done();
	assert_int_equal(report()->sessions_before, 3);
	assert_int_equal(report()->sessions_after, 0);
	was_sent("guest-exec loginctl terminate-session", 3);
	was_sent("guest-exec loginctl terminate-session 1", 1);
	was_sent("guest-exec loginctl terminate-session c3", 1);
	it_notes("3 sessions ended");
	assert_int_equal(session_list_total(logoff_sessions(logoff)), 0);
	assert_int_equal(logoff_targets(logoff)->count, 3);
}

static void exit_0_of_loginctl_is_no_proof(void **state)
{
	(void)state;
	three_users();
	guest.end_takes_ms = 30000;
	log_off();
	it_is_done();
	seconds_passed(30, 36);
}

static void percent_counts_sessions_that_are_gone(void **state)
{
	(void)state;
	three_users();
	fake_find(&guest, "2")->resists = true;
	begin();
	while (report()->sessions_after != 1)
		assert_true(step());
	/* 2 of 3 gone, of the 89 behind the list's 10 */
	assert_int_equal(report()->percent, 10 + 89 * 2 / 3);
	assert_int_equal(report()->phase, TASK_PHASE_VERIFY);
}

static void the_phases_come_in_order_and_are_told(void **state)
{
	static const enum task_phase order[] = { TASK_PHASE_CHECK, TASK_PHASE_LIST, TASK_PHASE_END, TASK_PHASE_VERIFY, TASK_PHASE_DONE };

	(void)state;
	three_users();
	log_off();
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		assert_int_equal(phases_seen[order[i]], 1);
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

static void the_first_look_comes_after_half_a_second_then_every_two(void **state)
{
	(void)state;
	fake_logon(&guest, "1", "alice", "tty1");
	guest.end_takes_ms = 9000;
	log_off();
	it_is_done();
	assert_in_range(pause_before_look(1), 500, 510);
	for (int nth = 2; nth < 5; nth++)
		assert_in_range(pause_before_look(nth), 2000, 2010);
}

static void managers_and_greeters_are_left_alone(void **state)
{
	(void)state;
	three_users();
	snprintf(fake_find(&guest, "2")->class_name, 32, "manager");
	snprintf(fake_find(&guest, "c3")->class_name, 32, "greeter");
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 1);
	assert_int_equal(report()->sessions_before, 1);
}

static void who_and_pkill_do_it_without_logind(void **state)
{
	(void)state;
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "tty1", "alice", "");
	fake_logon(&guest, "pts/0", "bob", "");
	log_off();
	it_is_done();
	was_sent("guest-exec pkill -HUP -t tty1", 1);
	was_sent("guest-exec pkill -HUP -t pts/0", 1);
}

static void windows_is_logged_off_session_by_session(void **state)
{
	(void)state;
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "");
	fake_logon(&guest, "3", "bob", "")->state = 4;
	log_off();
	it_is_done();
	was_sent("guest-exec powershell.exe # innkeeper end 1", 1);
	was_sent("guest-exec powershell.exe # innkeeper end 3", 1);
}

static void where_windows_forbids_types_logoff_exe_does_it(void **state)
{
	(void)state;
	this_guest(FAKE_WINDOWS_CLM);
	fake_logon(&guest, "2", "alice", "");
	log_off();
	it_is_done();
	was_sent("guest-exec C:\\Windows\\System32\\logoff.exe 2", 1);
	it_notes("explorer.exe alone");
}

static void a_32_bit_agent_finds_logoff_exe_in_sysnative(void **state)
{
	(void)state;
	this_guest(FAKE_WINDOWS_CLM);
	guest.sysnative = true;
	fake_logon(&guest, "2", "alice", "");
	log_off();
	it_is_done();
	was_sent("guest-exec C:\\Windows\\Sysnative\\logoff.exe 2", 1);
}

/* --- the contract's table --- */

static void nobody_on_is_neutral(void **state)
{
	(void)state;
	log_off();
	it_ends(E_NO_SUCH_LOGON_SESSION, TASK_RESULT_SUCCESS, "nobody is logged on to web01");
	assert_int_equal(report()->percent, 100);
	assert_int_equal(report()->sessions_before, 0);
	assert_int_equal(result_exit(report()->result, report()->error), EXIT_NOBODY);
}

static void a_vm_that_does_not_run_is_said_to_be_so(void **state)
{
	static const enum vm_state off[] = { VM_STATE_SHUTOFF, VM_STATE_CRASHED, VM_STATE_SAVED, VM_STATE_IN_SHUTDOWN };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(off); i++) {
		guest.state = off[i];
		log_off();
		it_ends(VM_E_VM_NOT_RUNNING, TASK_RESULT_UNEXPECTED_ERROR, "start it first");
	}
	was_sent("guest-info", 0);
}

static void a_paused_vm_is_said_to_be_so(void **state)
{
	static const enum vm_state paused[] = { VM_STATE_PAUSED, VM_STATE_PMSUSPENDED };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paused); i++) {
		guest.state = paused[i];
		log_off();
		it_ends(VM_E_VM_PAUSED, TASK_RESULT_UNEXPECTED_ERROR, "resume it first");
	}
}

static void a_domain_that_is_gone_is_unknown(void **state)
{
	(void)state;
	fake_fault(&guest, "look", 0, ERR_NO_DOMAIN, "no domain with matching uuid");
	log_off();
	it_ends(VM_E_VM_UNKNOWN, TASK_RESULT_UNEXPECTED_ERROR, "no domain");
}

static void an_agent_that_is_not_connected_is_not_available(void **state)
{
	(void)state;
	guest.channel = CHANNEL_DISCONNECTED;
	log_off();
	it_ends(VM_E_ADDITIONS_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "install or start qemu-guest-agent");
}

static void an_agent_that_goes_before_the_list_is_not_available(void **state)
{
	(void)state;
	fake_fault(&guest, "guest-info", 0, ERR_NO_AGENT, "QEMU guest agent is not connected");
	log_off();
	it_ends(VM_E_ADDITIONS_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "not connected");
}

static void a_vm_without_channel_lacks_the_feature(void **state)
{
	(void)state;
	guest.channel = CHANNEL_ABSENT;
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "org.qemu.guest_agent.0");
}

static void a_blocked_agent_lacks_the_feature_and_the_remedy_is_told(void **state)
{
	(void)state;
	three_users();
	guest.exec_disabled = true;
	guest.os_id = "rocky";
	guest.os_version = "9.4";
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "FILTER_RPC_ARGS");
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "/etc/sysconfig/qemu-ga");
	was_sent("guest-exec", 0);
}

static void an_old_agent_lacks_the_feature(void **state)
{
	(void)state;
	guest.exec_unknown = true;
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "knows no guest-exec");
}

static void a_frozen_guest_lacks_the_feature_for_a_while(void **state)
{
	(void)state;
	guest.frozen = true;
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "backup");
}

static void a_guest_without_means_lacks_the_feature(void **state)
{
	(void)state;
	this_guest(FAKE_NO_TOOLS);
	fake_logon(&guest, "1", "alice", "");
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "neither loginctl nor who");
}

static void nobody_by_hearsay_alone_cannot_be_determined(void **state)
{
	(void)state;
	this_guest(FAKE_NO_TOOLS);
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR, "cannot be determined");
	this_guest(FAKE_WINDOWS_CLM);
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR, "proves nothing");
}

static void a_read_only_session_is_denied(void **state)
{
	(void)state;
	three_users();
	guest.backend.config.read_only = true;
	log_off();
	it_ends(E_ACCESS_DENIED, TASK_RESULT_UNEXPECTED_ERROR, "read-only");
	was_sent("guest-", 0);
}

static void a_locked_session_of_ours_looks_and_touches_nothing(void **state)
{
	(void)state;
	three_users();
	guest.backend.config.locked = true;
	log_off();
	it_ends(E_ACCESS_DENIED, TASK_RESULT_UNEXPECTED_ERROR, "--lock");
	nobody_was_told();
}

static void a_host_that_refuses_is_denied(void **state)
{
	(void)state;
	guest.channel = CHANNEL_DENIED;
	log_off();
	it_ends(E_ACCESS_DENIED, TASK_RESULT_UNEXPECTED_ERROR, "right");
	guest.channel = CHANNEL_CONNECTED;
	fake_fault(&guest, "guest-info", 0, ERR_DENIED, "'QEMU' denied access");
	log_off();
	it_ends(E_ACCESS_DENIED, TASK_RESULT_UNEXPECTED_ERROR, "denied access");
}

static void selinux_in_the_guest_is_denied_and_named(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 0, ERR_AGENT_REFUSED,
		   "Failed to execute child process “loginctl” (Permission denied)");
	log_off();
	it_ends(E_ACCESS_DENIED, TASK_RESULT_UNEXPECTED_ERROR, "ausearch");
}

static void a_silent_agent_times_out(void **state)
{
	(void)state;
	fake_fault(&guest, "guest-info", 0, ERR_NOT_SENT, "Guest agent not available for now");
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "not available for now");
	was_sent("guest-info", 3);
	assert_false(report()->maybe_sent);
}

static void sessions_that_outlive_the_deadline_are_named(void **state)
{
	(void)state;
	three_users();
	fake_find(&guest, "1")->resists = true;
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "alice");
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "force");
	it_notes("2 of 3 gone, alice is still there");
	assert_int_equal(report()->sessions_after, 1);
	seconds_passed(150, 155);
	was_sent("guest-exec loginctl kill-session", 0);
}

static void windows_has_120_seconds(void **state)
{
	(void)state;
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "")->resists = true;
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "alice");
	seconds_passed(120, 125);
}

static void the_timeout_can_be_chosen(void **state)
{
	(void)state;
	three_users();
	fake_find(&guest, "1")->resists = true;
	options.timeout_s = 20;
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "alice");
	seconds_passed(20, 25);
}

static void what_has_no_row_keeps_its_words(void **state)
{
	(void)state;
	fake_fault(&guest, "guest-info", 0, ERR_UNEXPECTED, "internal error: something new");
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR, "something new");
	guest.fault_count = 0;
	fake_fault(&guest, "guest-info", 0, ERR_NONE, NULL)->reply = "}{";
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR, "no JSON");
}

/* --- whom --- */

static void only_named_users_go(void **state)
{
	static const char *const users[] = { "bob", "dave", NULL };

	(void)state;
	three_users();
	options.users = users;
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 2);
	was_sent("guest-exec loginctl terminate-session 1", 0);
	it_notes("not logged on: dave");
	assert_int_equal(report()->sessions_before, 3);
	assert_int_equal(report()->sessions_after, 1);
	assert_null(strstr(text_str(report()->note), "meanwhile"));
}

static void only_named_sessions_go(void **state)
{
	static const char *const sessions[] = { "c3", "99", NULL };

	(void)state;
	three_users();
	options.sessions = sessions;
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 1);
	was_sent("guest-exec loginctl terminate-session c3", 1);
	it_notes("no such session: 99");
}

static void naming_only_absent_users_finds_no_session(void **state)
{
	static const char *const users[] = { "dave", NULL };

	(void)state;
	three_users();
	options.users = users;
	log_off();
	it_ends(E_NO_SUCH_LOGON_SESSION, TASK_RESULT_SUCCESS, "none of those named");
	it_notes("dave");
	nobody_was_told();
}

static void names_on_windows_ignore_case_and_may_carry_the_domain(void **state)
{
	static const char *const users[] = { "win\\ALICE", "Bob", NULL };

	(void)state;
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "");
	fake_logon(&guest, "2", "bob", "");
	fake_logon(&guest, "3", "carol", "");
	options.users = users;
	log_off();
	it_is_done();
	was_sent("guest-exec powershell.exe # innkeeper end", 2);
	was_sent("guest-exec powershell.exe # innkeeper end 3", 0);
}

static void a_dry_run_names_who_would_go_and_sends_nothing(void **state)
{
	(void)state;
	three_users();
	fake_find(&guest, "1")->locked = true;
	options.dry_run = true;
	options.message = "now";
	log_off();
	it_ends(S_OK, TASK_RESULT_SUCCESS, "");
	it_notes("would log off alice, bob (2) (3 sessions)");
	it_notes("leave locked sessions alone without force: alice");
	nobody_was_told();
	was_sent("guest-exec wall", 0);
	assert_int_equal(sent_count, 0);
}

static void locked_sessions_stay_unless_asked_for(void **state)
{
	(void)state;
	three_users();
	fake_find(&guest, "1")->locked = true;
	log_off();
	it_ends(E_MACHINE_LOCKED, TASK_RESULT_UNEXPECTED_ERROR, "alice");
	it_notes("2 of 3 gone, alice is still there");
	was_sent("guest-exec loginctl terminate-session 1", 0);
	was_sent("guest-exec loginctl terminate-session", 2);
	seconds_passed(0, 20);
}

static void locked_sessions_alone_need_no_send(void **state)
{
	(void)state;
	fake_logon(&guest, "1", "alice", "tty1")->locked = true;
	log_off();
	it_ends(E_MACHINE_LOCKED, TASK_RESULT_UNEXPECTED_ERROR, "alice");
	nobody_was_told();
}

static void force_and_names_reach_locked_sessions(void **state)
{
	static const char *const users[] = { "alice", NULL };

	(void)state;
	fake_logon(&guest, "1", "alice", "tty1")->locked = true;
	options.users = users;
	log_off();
	it_is_done();
	options.users = NULL;
	fake_logon(&guest, "2", "bob", "tty1")->locked = true;
	options.force = true;
	log_off();
	it_is_done();
}

static void displays_without_a_line_are_said_to_be_beyond_us(void **state)
{
	(void)state;
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "tty1", "alice", "");
	fake_logon(&guest, ":0", "bob", "");
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "bob");
	it_notes("bob's session on :0 cannot be ended");
	was_sent("guest-exec pkill", 1);
	seconds_passed(0, 20);
}

static void of_100_sessions_all_go_though_64_are_kept(void **state)
{
	char id[8];

	(void)state;
	for (int i = 1; i <= 100; i++) {
		snprintf(id, sizeof(id), "%d", i);
		fake_logon(&guest, id, "alice", "");
	}
	log_off();
	it_is_done();
	assert_int_equal(report()->sessions_before, 100);
	was_sent("guest-exec loginctl terminate-session", 100);
	it_notes("100 sessions ended");
}

static void one_beyond_the_64_cannot_be_found_by_name(void **state)
{
	static const char *const users[] = { "zoe", NULL };
	char id[8];

	(void)state;
	for (int i = 1; i <= 70; i++) {
		snprintf(id, sizeof(id), "%d", i);
		fake_logon(&guest, id, "alice", "");
	}
	options.users = users;
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR, "none of these is named");
}

static void a_session_pushed_out_of_sight_is_not_gone(void **state)
{
	static const char *const users[] = { "zoe", NULL };
	char id[8];

	(void)state;
	fake_logon(&guest, "0", "zoe", "")->resists = true;
	for (int i = 1; i <= 63; i++) {
		snprintf(id, sizeof(id), "%d", i);
		fake_logon(&guest, id, "alice", "");
	}
	options.users = users;
	options.timeout_s = 60;
	begin();
	while (!fake_count(&guest, "guest-exec loginctl terminate"))
		assert_true(step());
	/* newcomers that are listed before zoe */
	memmove(&guest.sessions[5], &guest.sessions[0], guest.session_count * sizeof(guest.sessions[0]));
	guest.session_count += 5;
	for (int i = 0; i < 5; i++) {
		guest.sessions[i] = guest.sessions[6];
		snprintf(guest.sessions[i].id, sizeof(guest.sessions[i].id), "n%d", i);
	}
	guest.sessions[5] = guest.sessions[68];
	guest.sessions[68] = (struct fake_session){ .id = "0", .user = "zoe", .class_name = "user", .resists = true,
						    .since = guest.sessions[0].since };
	go_on();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "zoe");
}

static void a_list_of_garbage_is_not_nobody(void **state)
{
	(void)state;
	fake_fault(&guest, "guest-exec-status loginctl list", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"LS1oZWxwCg==\"}}";
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR, "cannot be read");
}

/* --- cancelling --- */

static void it_can_be_cancelled_until_the_first_is_told(void **state)
{
	(void)state;
	three_users();
	begin();
	while (report()->phase != TASK_PHASE_END) {
		assert_true(report()->cancelable);
		assert_true(step());
	}
	logoff_request_cancel(logoff);
	go_on();
	it_ends(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	nobody_was_told();
	assert_int_equal(result_exit(report()->result, report()->error), EXIT_CANCELLED);
}

static void after_the_first_it_is_too_late(void **state)
{
	(void)state;
	three_users();
	begin();
	while (!fake_count(&guest, "guest-exec loginctl terminate"))
		assert_true(step());
	assert_false(report()->cancelable);
	logoff_request_cancel(logoff);
	go_on();
	it_is_done();
	it_notes("too late");
}

static void a_wish_before_the_first_step_sends_nothing_at_all(void **state)
{
	(void)state;
	three_users();
	begin();
	logoff_request_cancel(logoff);
	go_on();
	it_ends(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	assert_int_equal(guest.log_count, 0);
}

/* --- warning first --- */

static void users_are_warned_and_given_time(void **state)
{
	(void)state;
	three_users();
	options.message = "Maintenance\x1b[2J tonight";
	options.grace_s = 60;
	begin();
	while (!report()->grace_until)
		assert_true(step());
	assert_int_equal(report()->phase, TASK_PHASE_WARN);
	assert_true(report()->cancelable);
	assert_non_null(strstr(guest.last_input, "Maintenance<U+001B>[2J tonight"));
	assert_non_null(strstr(guest.last_input, "60 seconds"));
	nobody_was_told();
	go_on();
	it_is_done();
	seconds_passed(60, 70);
	assert_string_equal(sent[0], "warn the users");
	assert_int_equal(report()->grace_until, 0);
}

static void a_grace_period_can_be_cancelled(void **state)
{
	(void)state;
	three_users();
	options.grace_s = 60;
	begin();
	while (!report()->grace_until)
		assert_true(step());
	logoff_request_cancel(logoff);
	go_on();
	it_ends(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	nobody_was_told();
}

static void who_leaves_in_the_grace_period_is_not_told(void **state)
{
	(void)state;
	three_users();
	options.grace_s = 60;
	fake_find(&guest, "1")->gone_at = FAKE_START_MS + 30000;
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 2);
	it_notes("3 sessions ended");
}

static void when_all_leave_in_the_grace_period_it_is_done(void **state)
{
	(void)state;
	fake_logon(&guest, "1", "alice", "tty1")->gone_at = FAKE_START_MS + 30000;
	options.grace_s = 60;
	log_off();
	it_is_done();
	nobody_was_told();
	assert_int_equal(report()->sessions_after, 0);
}

static void carol_comes(struct backend *backend)
{
	fake_logon((struct fake_guest *)backend, "9", "carol", "tty5");
}

static void who_comes_in_the_grace_period_goes_as_well(void **state)
{
	(void)state;
	three_users();
	options.grace_s = 60;
	fake_fault(&guest, "guest-exec-status wall", 0, ERR_NONE, NULL)->then = carol_comes;
	guest.faults[0].reply = "{\"return\":{\"exited\":true,\"exitcode\":0}}";
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session 9", 1);
}

static void the_grace_period_does_not_eat_the_deadline(void **state)
{
	(void)state;
	three_users();
	fake_find(&guest, "1")->resists = true;
	options.grace_s = 300;
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "alice");
	seconds_passed(450, 455);
}

static void without_grace_the_end_follows_the_warning(void **state)
{
	(void)state;
	three_users();
	options.message = "now";
	log_off();
	it_is_done();
	was_sent("guest-exec wall", 1);
	assert_string_equal(guest.last_input, "now");
}

static void who_cannot_be_warned_is_not_logged_off(void **state)
{
	(void)state;
	three_users();
	options.message = "now";
	fake_fault(&guest, "guest-exec wall", 0, ERR_AGENT_REFUSED, "Failed to execute child process “wall” (No such file or directory)");
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "could not be warned");
	nobody_was_told();
	guest.fault_count = 0;
	fake_fault(&guest, "guest-exec-status wall", 0, ERR_NONE, NULL)->reply = "{\"return\":{\"exited\":true,\"exitcode\":1}}";
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR, "could not be warned");
	nobody_was_told();
}

static void a_warning_whose_answer_was_lost_is_not_sent_again(void **state)
{
	(void)state;
	three_users();
	options.message = "now";
	fake_fault(&guest, "guest-exec wall", 0, ERR_NO_ANSWER, "silence")->carried_out = true;
	log_off();
	it_is_done();
	was_sent("guest-exec wall", 1);
}

static void a_warning_that_was_not_sent_is_tried_three_times(void **state)
{
	(void)state;
	three_users();
	options.message = "now";
	fake_fault(&guest, "guest-exec wall", 0, ERR_NOT_SENT, "not for now");
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "could not be warned");
	was_sent("guest-exec wall", 3);
	guest.faults[0].nth = 4 + 1;
	log_off();
	it_is_done();
}

static void windows_is_warned_on_its_desktops(void **state)
{
	(void)state;
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "");
	options.message = "now";
	log_off();
	it_is_done();
	was_sent("guest-exec powershell.exe # innkeeper warn", 1);
	this_guest(FAKE_WINDOWS_CLM);
	guest.sysnative = true;
	fake_logon(&guest, "1", "alice", "");
	log_off();
	it_is_done();
	was_sent("guest-exec C:\\Windows\\Sysnative\\msg.exe * /time:60 now", 1);
}

/* --- force --- */

static void force_kills_after_half_of_the_deadline(void **state)
{
	int64_t killed_at = 0;

	(void)state;
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

static void who_survives_force_is_named(void **state)
{
	(void)state;
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "tty1", "alice", "")->immortal = true;
	options.force = true;
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "in spite of force: alice");
	was_sent("guest-exec pkill -KILL -t tty1", 1);
	was_sent("guest-exec pkill -HUP -t tty1", 1);
}

static void windows_has_no_stronger_means(void **state)
{
	(void)state;
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "")->resists = true;
	options.force = true;
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "alice");
	it_notes("no stronger means");
	was_sent("guest-exec powershell.exe # innkeeper end", 1);
}

/* --- lost answers --- */

static void a_command_whose_answer_was_lost_is_never_sent_again(void **state)
{
	static const enum err_kind lost[] = { ERR_NO_ANSWER, ERR_LOST };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lost); i++) {
		this_guest(FAKE_LOGIND);
		three_users();
		fake_fault(&guest, "guest-exec loginctl terminate-session 1", 0, lost[i], "silence")->carried_out = true;
		log_off();
		it_is_done();
		was_sent("guest-exec loginctl terminate-session 1", 1);
		was_sent("guest-exec loginctl terminate-session 2", 1);
		assert_int_equal(sent_count, 3);
	}
}

static void a_command_that_got_lost_itself_leaves_its_session_named(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl terminate-session 1", 0, ERR_NO_ANSWER, "silence");
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "alice");
	it_notes("2 of 3 gone");
	it_notes("silence");
	was_sent("guest-exec loginctl terminate-session 1", 1);
}

static void a_status_that_was_lost_does_not_matter(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec-status loginctl terminate-session 2", 1, ERR_NO_ANSWER, "silence")->carried_out = true;
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 3);
}

static void what_was_surely_not_sent_is_sent_again(void **state)
{
	static const enum err_kind unsent[] = { ERR_NOT_SENT, ERR_BUSY };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(unsent); i++) {
		this_guest(FAKE_LOGIND);
		three_users();
		fake_fault(&guest, "guest-exec loginctl terminate-session 1", 1, unsent[i], "busy");
		log_off();
		it_is_done();
		was_sent("guest-exec loginctl terminate-session 1", 2);
	}
}

static void an_agent_that_is_busy_for_ever_times_out_unsent(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl terminate", 0, ERR_BUSY, "held by another client");
	begin();
	while (fake_count(&guest, "guest-exec loginctl terminate") < 3)
		assert_true(step());
	assert_true(report()->cancelable);
	go_on();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "held by another client");
	seconds_passed(150, 160);
	assert_false(report()->maybe_sent);
}

static void a_list_without_answer_is_asked_for_again(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 1, ERR_NO_ANSWER, "silence");
	log_off();
	it_is_done();
}

static void a_verify_without_answer_is_made_again(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_NO_ANSWER, "silence");
	fake_fault(&guest, "guest-exec loginctl list", 3, ERR_LOST, "connection closed");
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 3);
}

static void when_nobody_answers_any_more_the_outcome_is_unknown(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 1, ERR_NONE, NULL)->carried_out = true;
	guest.fault_count = 0;
	begin();
	while (!fake_count(&guest, "guest-exec loginctl terminate-session c3"))
		assert_true(step());
	fake_fault(&guest, "guest-exec", 0, ERR_NO_ANSWER, "silence");
	go_on();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "cannot be seen");
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

static void sessions_end_with_a_guest_that_stops(void **state)
{
	(void)state;
	three_users_and_then(shut_it_off);
	it_ends(VM_E_VM_NOT_RUNNING, TASK_RESULT_UNEXPECTED_ERROR, "their sessions ended with it");
	assert_int_equal(report()->sessions_after, 0);
	assert_false(report()->maybe_sent);
}

static void sessions_of_a_saved_guest_may_come_back(void **state)
{
	(void)state;
	three_users_and_then(save_it);
	it_ends(VM_E_VM_NOT_RUNNING, TASK_RESULT_UNEXPECTED_ERROR, "come back");
}

static void a_guest_that_is_paused_meanwhile_is_said_to_be(void **state)
{
	(void)state;
	three_users_and_then(pause_it);
	it_ends(VM_E_VM_PAUSED, TASK_RESULT_UNEXPECTED_ERROR, "resume it");
	assert_true(report()->maybe_sent);
}

static void a_guest_that_reboots_is_looked_at_afterwards(void **state)
{
	(void)state;
	three_users_and_then(reboot_it);
	it_is_done();
	it_notes("may have restarted");
	was_sent("guest-exec loginctl terminate-session", 3);
}

static void the_same_id_after_a_reboot_is_somebody_new(void **state)
{
	(void)state;
	three_users();
	begin();
	while (!fake_count(&guest, "guest-exec loginctl terminate-session c3"))
		assert_true(step());
	reboot_it(&guest.backend);
	fake_logon(&guest, "1", "alice", "tty1")->since = clock_wall() + 30;
	go_on();
	it_is_done();
	it_notes("logged on again (automatic log-in?): alice");
	was_sent("guest-exec loginctl terminate-session 1", 1);
}

static void a_domain_that_is_undefined_meanwhile_is_unknown(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_NO_DOMAIN, "no domain");
	fake_fault(&guest, "look", 2, ERR_NO_DOMAIN, "no domain with matching uuid");
	log_off();
	it_ends(VM_E_VM_UNKNOWN, TASK_RESULT_UNEXPECTED_ERROR, "no domain");
}

static void a_host_lost_while_verifying_is_waited_for(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_LOST, "connection closed");
	fake_fault(&guest, "look", 2, ERR_UNREACHABLE, "host cannot be reached");
	log_off();
	it_is_done();
}

static void an_agent_that_goes_between_two_sends_is_waited_for(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl terminate-session 2", 1, ERR_NO_AGENT, "not connected");
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session 2", 2);
}

static void automatic_log_in_is_a_new_session_not_a_failure(void **state)
{
	(void)state;
	three_users();
	fake_find(&guest, "1")->comes_back = true;
	log_off();
	it_is_done();
	it_notes("logged on again (automatic log-in?): alice");
	assert_int_equal(report()->sessions_after, 1);
	was_sent("guest-exec loginctl terminate-session", 3);
}

static void strangers_who_log_on_meanwhile_are_told_of(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec-status loginctl terminate-session 2", 1, ERR_BUSY, "busy")->then = carol_comes;
	log_off();
	it_is_done();
	it_notes("logged on meanwhile: carol");
	was_sent("guest-exec loginctl terminate-session 9", 0);
}

static void the_agents_own_list_is_a_note_not_a_failure(void **state)
{
	(void)state;
	three_users();
	guest.users = "[{\"user\":\"mallory\"},{\"user\":\"eve\"}]";
	log_off();
	it_is_done();
	it_notes("still names mallory, eve");
	this_guest(FAKE_LOGIND);
	guest.users = "[{\"user\":\"mallory\"}]";
	log_off();
	it_ends(E_NO_SUCH_LOGON_SESSION, TASK_RESULT_SUCCESS, "nobody");
	it_notes("still names mallory");
}

/* --- refusals in between --- */

static void exec_that_gets_blocked_half_way_stops_it(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl terminate-session 2", 0, ERR_AGENT_BLOCKED, "Command guest-exec has been disabled");
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "not everybody could be told");
	it_notes("1 of 3 gone");
	was_sent("guest-exec loginctl terminate-session 2", 1);
	was_sent("guest-exec loginctl terminate-session c3", 0);
	seconds_passed(0, 20);
}

static void loginctl_that_may_not_stops_it(void **state)
{
	(void)state;
	three_users();
	/* "Access denied" */
	fake_fault(&guest, "guest-exec-status loginctl terminate-session 1", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":true,\"exitcode\":1,\"err-data\":\"QWNjZXNzIGRlbmllZA==\"}}";
	log_off();
	it_ends(E_ACCESS_DENIED, TASK_RESULT_UNEXPECTED_ERROR, "Access denied");
	was_sent("guest-exec loginctl terminate-session", 1);
}

static void what_loginctl_says_of_one_who_stays_is_noted(void **state)
{
	(void)state;
	three_users();
	fake_find(&guest, "1")->immortal = true;
	/* "Could not terminate" */
	fake_fault(&guest, "guest-exec-status loginctl terminate-session 1", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":true,\"exitcode\":1,\"err-data\":\"Q291bGQgbm90IHRlcm1pbmF0ZQ==\"}}";
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "alice");
	it_notes("Could not terminate");
}

static void a_journal_that_cannot_be_written_stops_it_unsent(void **state)
{
	(void)state;
	three_users();
	sent_allowed = 0;
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED, "no space left");
	nobody_was_told();
	options.message = "now";
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED, "no space left");
	was_sent("guest-exec wall", 0);
}

static void a_journal_that_fills_up_half_way_stops_the_rest(void **state)
{
	(void)state;
	three_users();
	sent_allowed = 1;
	log_off();
	it_ends(DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED, "no space left");
	it_notes("1 of 3 gone");
	was_sent("guest-exec loginctl terminate-session", 1);
}

static void exec_that_gets_blocked_in_the_grace_period_stops_it(void **state)
{
	(void)state;
	three_users();
	options.grace_s = 60;
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_AGENT_BLOCKED, "Command guest-exec has been disabled");
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "qemu-ga.conf");
	nobody_was_told();
}

static void exec_that_gets_blocked_while_verifying_leaves_it_unknown(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_AGENT_BLOCKED, "Command guest-exec has been disabled");
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "cannot be seen");
	assert_true(report()->maybe_sent);
}

static void rights_lost_while_verifying_are_said(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_DENIED, "'QEMU' denied access");
	fake_fault(&guest, "look", 2, ERR_DENIED, "'QEMU' denied access");
	log_off();
	it_ends(E_ACCESS_DENIED, TASK_RESULT_UNEXPECTED_ERROR, "what came of the log-off cannot be seen");
}

static void programs_that_cannot_be_started_say_why(void **state)
{
	(void)state;
	three_users();
	fake_fault(&guest, "guest-exec loginctl terminate", 0, ERR_AGENT_REFUSED,
		   "Failed to execute child process “loginctl” (Permission denied)");
	log_off();
	it_ends(E_ACCESS_DENIED, TASK_RESULT_UNEXPECTED_ERROR, "Permission denied");
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "tty1", "alice", "");
	fake_fault(&guest, "guest-exec pkill", 0, ERR_AGENT_REFUSED,
		   "Failed to execute child process “pkill” (No such file or directory)");
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "pkill");
	this_guest(FAKE_WINDOWS_CLM);
	fake_logon(&guest, "1", "alice", "");
	fake_fault(&guest, "guest-exec C:", 0, ERR_AGENT_REFUSED, "Failed to execute helper program (No such file or directory)");
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, TASK_RESULT_UNEXPECTED_ERROR, "No such file");
	was_sent("guest-exec C:", 2);
}

static void a_guest_too_slow_to_list_times_out_untold(void **state)
{
	(void)state;
	three_users();
	guest.latency_ms = 40000;
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "nobody was told");
	nobody_was_told();
}

static void the_same_line_a_minute_later_is_somebody_new(void **state)
{
	(void)state;
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "tty1", "alice", "")->comes_back = true;
	fake_logon(&guest, ":0", "bob", "");
	fake_logon(&guest, ":1", "bob", "");
	log_off();
	it_notes("1 of 3 gone, bob (2) are still there");
	it_notes("logged on again (automatic log-in?): alice");
	was_sent("guest-exec pkill", 1);
}

static void it_works_without_a_journal(void **state)
{
	(void)state;
	three_users();
	options.message = "";
	logoff = logoff_create(&guest.backend, &guest.uuid, TEXT_OURS("web01"), &options, NULL);
	assert_null(logoff_sessions(logoff));
	go_on();
	it_is_done();
	was_sent("guest-exec wall", 0);
	assert_int_equal(logoff_step(logoff, 0), WORKER_DONE);
}

static void a_dry_run_where_nobody_is_on_says_so(void **state)
{
	(void)state;
	options.dry_run = true;
	log_off();
	it_ends(E_NO_SUCH_LOGON_SESSION, TASK_RESULT_SUCCESS, "nobody");
}

static void a_second_opinion_that_fails_is_none(void **state)
{
	static const char *const users[] = { "bob", "dave", "zoe", NULL };

	(void)state;
	three_users();
	fake_fault(&guest, "guest-get-users", 0, ERR_NO_ANSWER, "silence");
	options.users = users;
	log_off();
	it_is_done();
	it_notes("not logged on: dave, zoe");
	this_guest(FAKE_LOGIND);
	fake_fault(&guest, "guest-get-users", 0, ERR_NO_ANSWER, "silence");
	options.users = NULL;
	log_off();
	it_ends(E_NO_SUCH_LOGON_SESSION, TASK_RESULT_SUCCESS, "nobody");
}

static void hostile_names_arrive_harmless_everywhere(void **state)
{
	(void)state;
	fake_logon(&guest, "1", "\x1b]0;PWNED\x07\xe2\x80\xae", "tty1")->immortal = true;
	options.timeout_s = 10;
	log_off();
	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "<U+001B>]0;PWNED<U+0007><U+202E>");
	assert_true(text_is_safe(text_str(report()->error_description)));
	assert_true(text_is_safe(text_str(report()->note)));
	assert_true(text_is_safe(sent[0]));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, a_guest, no_guest)
	const struct CMUnitTest tests[] = {
		TEST(everybody_is_logged_off_and_the_list_proves_it),
		TEST(exit_0_of_loginctl_is_no_proof),
		TEST(percent_counts_sessions_that_are_gone),
		TEST(the_phases_come_in_order_and_are_told),
		TEST(the_first_look_comes_after_half_a_second_then_every_two),
		TEST(managers_and_greeters_are_left_alone),
		TEST(who_and_pkill_do_it_without_logind),
		TEST(windows_is_logged_off_session_by_session),
		TEST(where_windows_forbids_types_logoff_exe_does_it),
		TEST(a_32_bit_agent_finds_logoff_exe_in_sysnative),
		TEST(nobody_on_is_neutral),
		TEST(a_vm_that_does_not_run_is_said_to_be_so),
		TEST(a_paused_vm_is_said_to_be_so),
		TEST(a_domain_that_is_gone_is_unknown),
		TEST(an_agent_that_is_not_connected_is_not_available),
		TEST(an_agent_that_goes_before_the_list_is_not_available),
		TEST(a_vm_without_channel_lacks_the_feature),
		TEST(a_blocked_agent_lacks_the_feature_and_the_remedy_is_told),
		TEST(an_old_agent_lacks_the_feature),
		TEST(a_frozen_guest_lacks_the_feature_for_a_while),
		TEST(a_guest_without_means_lacks_the_feature),
		TEST(nobody_by_hearsay_alone_cannot_be_determined),
		TEST(a_read_only_session_is_denied),
		TEST(a_locked_session_of_ours_looks_and_touches_nothing),
		TEST(a_host_that_refuses_is_denied),
		TEST(selinux_in_the_guest_is_denied_and_named),
		TEST(a_silent_agent_times_out),
		TEST(sessions_that_outlive_the_deadline_are_named),
		TEST(windows_has_120_seconds),
		TEST(the_timeout_can_be_chosen),
		TEST(what_has_no_row_keeps_its_words),
		TEST(only_named_users_go),
		TEST(only_named_sessions_go),
		TEST(naming_only_absent_users_finds_no_session),
		TEST(names_on_windows_ignore_case_and_may_carry_the_domain),
		TEST(a_dry_run_names_who_would_go_and_sends_nothing),
		TEST(locked_sessions_stay_unless_asked_for),
		TEST(locked_sessions_alone_need_no_send),
		TEST(force_and_names_reach_locked_sessions),
		TEST(displays_without_a_line_are_said_to_be_beyond_us),
		TEST(of_100_sessions_all_go_though_64_are_kept),
		TEST(one_beyond_the_64_cannot_be_found_by_name),
		TEST(a_session_pushed_out_of_sight_is_not_gone),
		TEST(a_list_of_garbage_is_not_nobody),
		TEST(it_can_be_cancelled_until_the_first_is_told),
		TEST(after_the_first_it_is_too_late),
		TEST(a_wish_before_the_first_step_sends_nothing_at_all),
		TEST(users_are_warned_and_given_time),
		TEST(a_grace_period_can_be_cancelled),
		TEST(who_leaves_in_the_grace_period_is_not_told),
		TEST(when_all_leave_in_the_grace_period_it_is_done),
		TEST(who_comes_in_the_grace_period_goes_as_well),
		TEST(the_grace_period_does_not_eat_the_deadline),
		TEST(without_grace_the_end_follows_the_warning),
		TEST(who_cannot_be_warned_is_not_logged_off),
		TEST(a_warning_whose_answer_was_lost_is_not_sent_again),
		TEST(a_warning_that_was_not_sent_is_tried_three_times),
		TEST(windows_is_warned_on_its_desktops),
		TEST(force_kills_after_half_of_the_deadline),
		TEST(who_survives_force_is_named),
		TEST(windows_has_no_stronger_means),
		TEST(a_command_whose_answer_was_lost_is_never_sent_again),
		TEST(a_command_that_got_lost_itself_leaves_its_session_named),
		TEST(a_status_that_was_lost_does_not_matter),
		TEST(what_was_surely_not_sent_is_sent_again),
		TEST(an_agent_that_is_busy_for_ever_times_out_unsent),
		TEST(a_list_without_answer_is_asked_for_again),
		TEST(a_verify_without_answer_is_made_again),
		TEST(when_nobody_answers_any_more_the_outcome_is_unknown),
		TEST(sessions_end_with_a_guest_that_stops),
		TEST(sessions_of_a_saved_guest_may_come_back),
		TEST(a_guest_that_is_paused_meanwhile_is_said_to_be),
		TEST(a_guest_that_reboots_is_looked_at_afterwards),
		TEST(the_same_id_after_a_reboot_is_somebody_new),
		TEST(a_domain_that_is_undefined_meanwhile_is_unknown),
		TEST(a_host_lost_while_verifying_is_waited_for),
		TEST(an_agent_that_goes_between_two_sends_is_waited_for),
		TEST(automatic_log_in_is_a_new_session_not_a_failure),
		TEST(strangers_who_log_on_meanwhile_are_told_of),
		TEST(the_agents_own_list_is_a_note_not_a_failure),
		TEST(exec_that_gets_blocked_half_way_stops_it),
		TEST(loginctl_that_may_not_stops_it),
		TEST(what_loginctl_says_of_one_who_stays_is_noted),
		TEST(a_journal_that_cannot_be_written_stops_it_unsent),
		TEST(a_journal_that_fills_up_half_way_stops_the_rest),
		TEST(exec_that_gets_blocked_in_the_grace_period_stops_it),
		TEST(exec_that_gets_blocked_while_verifying_leaves_it_unknown),
		TEST(rights_lost_while_verifying_are_said),
		TEST(programs_that_cannot_be_started_say_why),
		TEST(a_guest_too_slow_to_list_times_out_untold),
		TEST(the_same_line_a_minute_later_is_somebody_new),
		TEST(it_works_without_a_journal),
		TEST(a_dry_run_where_nobody_is_on_says_so),
		TEST(a_second_opinion_that_fails_is_none),
		TEST(hostile_names_arrive_harmless_everywhere),
	};

	return cmocka_run_group_tests_name("logoff", tests, NULL, NULL);
}

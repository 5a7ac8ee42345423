/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/lifecycle.h"
#include "base/clock.h"
#include "op_run.h"

/* Nobody knows how far a guest is. */
FIXTURE(a_vm)
{
	a_guest(NULL);
	percent_is_unknown = true;
}

static void forget_the_calls(void)
{
	while (guest.log_count > 0)
		free(guest.log[--guest.log_count]);
}

static void begin(enum operation operation, int timeout_s)
{
	forget_run();
	op = lifecycle_create(&guest.backend, &guest.uuid, TEXT_TRUSTED("web01"), operation, timeout_s, &journal);
}

static void run(enum operation operation)
{
	begin(operation, 0);
	go_on();
}

static void does(enum operation operation)
{
	run(operation);
	it_is_done();
}

static void fails(enum operation operation, hresult error, const char *words)
{
	run(operation);
	it_ends(error, words);
}

static void run_row(void **state)
{
	const struct op_case *row = *state;

	op_case_begins(row);
	begin(row->operation, row->options.timeout_s);
	go_on();
	op_case_holds(row);
}

/* --- the good way --- */

TEST(each_verb_is_done_when_its_state_is_there)
{
	static const struct {
		enum operation operation;
		enum vm_state from, to;
	} rows[] = {
		{ OP_START, VM_STATE_SHUTOFF, VM_STATE_RUNNING },
		{ OP_START, VM_STATE_SAVED, VM_STATE_RUNNING },
		{ OP_SHUTDOWN, VM_STATE_RUNNING, VM_STATE_SHUTOFF },
		{ OP_DESTROY, VM_STATE_RUNNING, VM_STATE_SHUTOFF },
		{ OP_DESTROY, VM_STATE_PAUSED, VM_STATE_SHUTOFF },
		{ OP_SUSPEND, VM_STATE_RUNNING, VM_STATE_PAUSED },
		{ OP_RESUME, VM_STATE_PAUSED, VM_STATE_RUNNING },
		{ OP_MANAGEDSAVE, VM_STATE_RUNNING, VM_STATE_SAVED },
		{ OP_RESET, VM_STATE_RUNNING, VM_STATE_RUNNING },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		guest.state = rows[i].from;
		does(rows[i].operation);
		assert_int_equal(guest.state, rows[i].to);
	}
	was_sent("lifecycle", ARRAY_SIZE(rows));
}

TEST(the_verb_is_sent_once_and_the_state_watched)
{
	guest.verb_takes_ms = 60000;
	does(OP_SHUTDOWN);
	was_sent("lifecycle", 1);
	was_journalled("shutdown (agent)");
	assert_in_range(fake_count(&guest, "look"), 55, 65);
	assert_int_equal(phases_seen[TASK_PHASE_CHECK], 1);
	assert_int_equal(phases_seen[TASK_PHASE_HOST], 1);
	assert_int_equal(phases_seen[TASK_PHASE_WAIT], 1);
	assert_int_equal(phases_seen[TASK_PHASE_DONE], 1);
}

/* --- gone, and moved to another host --- */

static void begin_and_send(enum operation operation)
{
	guest.state = VM_STATE_RUNNING;
	begin(operation, 0);
	step_until(fake_count(&guest, "lifecycle"));
	guest.wanted_at = 0;
}

TEST(a_vm_that_moves_to_another_host_was_not_shut_down)
{
	guest.ignores_verbs = true;
	FOR_EACH(enum operation, verb, OP_SHUTDOWN, OP_DESTROY, OP_REBOOT, OP_SUSPEND, OP_RESUME, OP_MANAGEDSAVE) {
		begin(*verb, 0);
		forget_the_calls();
		guest.state = *verb == OP_RESUME ? VM_STATE_PAUSED : VM_STATE_RUNNING;
		step_until(fake_count(&guest, "lifecycle"));
		guest.state = VM_STATE_MIGRATING;
		assert_true(step());
		guest.state = VM_STATE_MIGRATED;
		it_ends(VM_E_VM_NOT_RUNNING, "moved to another host");
		assert_true(report()->maybe_sent);
	}
}

TEST(a_transient_vm_is_off_when_its_host_told_so)
{
	guest.transient = guest.ignores_verbs = true;
	FOR_EACH(enum vm_state, end, VM_STATE_SHUTOFF, VM_STATE_CRASHED) {
		forget_the_calls();
		begin_and_send(OP_SHUTDOWN);
		op_note_stopped(op, *end);
		guest.state = *end;
		it_is_done();
	}
}

TEST(an_event_that_comes_after_the_look_counts_as_well)
{
	guest.transient = guest.ignores_verbs = true;
	begin_and_send(OP_SHUTDOWN);
	guest.state = VM_STATE_SHUTOFF;
	assert_true(step());
	assert_true(step());
	op_note_stopped(op, VM_STATE_SHUTOFF);
	it_is_done();
}

TEST(a_vm_that_is_gone_because_it_moved_was_not_shut_down)
{
	guest.transient = guest.ignores_verbs = true;
	FOR_EACH(enum operation, verb, OP_SHUTDOWN, OP_DESTROY, OP_SUSPEND) {
		forget_the_calls();
		begin_and_send(*verb);
		op_note_stopped(op, VM_STATE_MIGRATED);
		guest.state = VM_STATE_MIGRATED;
		it_ends(VM_E_VM_NOT_RUNNING, "moved to another host");
		assert_true(report()->maybe_sent);
	}
}

TEST(a_destroy_that_was_answered_needs_no_event)
{
	guest.transient = true;
	does(OP_DESTROY);
	guest.state = VM_STATE_RUNNING;
	guest.wanted_at = 0;
	fake_fault(&guest, "lifecycle destroy", 0, ERR_LOST, "connection closed")->carried_out = true;
	fails(OP_DESTROY, VM_E_VM_UNKNOWN, "gave no reason");
}

TEST(what_stopped_before_the_verb_was_sent_says_nothing_of_it)
{
	guest.transient = guest.ignores_verbs = true;
	begin(OP_SHUTDOWN, 0);
	op_note_stopped(op, VM_STATE_SHUTOFF);
	step_until(fake_count(&guest, "lifecycle"));
	guest.state = VM_STATE_MIGRATED;
	it_ends(VM_E_VM_UNKNOWN, "gave no reason");
}

TEST(a_vm_that_stood_still_was_not_restarted)
{
	guest.ignores_verbs = true;
	guest.channel = CHANNEL_ABSENT;
	FOR_EACH(enum vm_state, still, VM_STATE_PAUSED, VM_STATE_MIGRATING, VM_STATE_PMSUSPENDED, VM_STATE_UNKNOWN) {
		forget_the_calls();
		begin_and_send(OP_REBOOT);
		guest.state = *still;
		assert_true(step());
		guest.state = VM_STATE_RUNNING;
		it_ends(VM_E_TIMED_OUT, "no sign of a reboot");
	}
}

/* --- agent first, ACPI next --- */

TEST(shutdown_goes_through_a_connected_agent)
{
	run(OP_SHUTDOWN);
	was_sent("lifecycle shutdown agent", 1);
}

TEST(other_verbs_never_ask_the_agent)
{
	run(OP_DESTROY);
	was_journalled("destroy");
}

TEST(where_the_agent_refuses_acpi_comes_next)
{
	FOR_EACH(enum err_kind, refusal, ERR_NO_CHANNEL, ERR_NO_AGENT, ERR_NOT_SENT, ERR_AGENT_REFUSED,
		 ERR_AGENT_BLOCKED, ERR_AGENT_ABSENT, ERR_AGENT_FROZEN, ERR_BUSY, ERR_UNSUPPORTED) {
		this_guest(FAKE_LOGIND);
		fake_fault(&guest, "lifecycle shutdown agent", 0, *refusal, "no");
		does(OP_SHUTDOWN);
		was_sent("lifecycle shutdown agent", 1);
		was_sent("lifecycle shutdown", 2);
	}
}

/* --- what does not come --- */

TEST(a_guest_that_ignores_acpi_is_a_timeout)
{
	guest.channel = CHANNEL_ABSENT;
	guest.ignores_verbs = true;
	fails(OP_SHUTDOWN, VM_E_TIMED_OUT, "may ignore the request");
	assert_true(report()->maybe_sent);
	assert_in_range(clock_ms() - FAKE_START_MS, 180000, 182000);
	was_sent("lifecycle", 1);
}

TEST(every_verb_says_how_it_is_late)
{
	for (enum operation operation = 0; operation < OP_COUNT; operation++) {
		guest.state = operation == OP_START    ? VM_STATE_SHUTOFF
			      : operation == OP_RESUME ? VM_STATE_PAUSED
						       : VM_STATE_RUNNING;
		guest.autostart = operation == OP_NO_AUTOSTART;
		guest.channel = operation == OP_ADD_CHANNEL ? CHANNEL_ABSENT : CHANNEL_CONNECTED;
		guest.ignores_verbs = true;
		guest.fault_count = 0;
		fake_fault(&guest, "lifecycle", 0, ERR_LOST, "connection closed");
		begin(operation, 30);
		it_ends(VM_E_TIMED_OUT, "after 30 s");
	}
	was_sent("lifecycle", OP_COUNT);
}

TEST(what_was_not_sent_is_sent_again)
{
	fake_fault(&guest, "lifecycle suspend", 1, ERR_BUSY, "another job");
	begin(OP_SUSPEND, 0);
	step_until(fake_count(&guest, "lifecycle"));
	assert_true(report()->cancelable);
	it_is_done();
	was_sent("lifecycle suspend", 2);
}

TEST(looking_may_fail_for_a_while)
{
	fake_fault(&guest, "look", 2, ERR_UNREACHABLE, "host cannot be reached");
	does(OP_SHUTDOWN);
	guest.fault_count = 0;
	guest.state = VM_STATE_RUNNING;
	fake_fault(&guest, "look", 0, ERR_LOST, "connection closed");
	guest.faults[0].nth = 0;
	fails(OP_SHUTDOWN, DISP_E_EXCEPTION, "connection closed");
}

static void lose_the_host(struct backend *backend)
{
	fake_fault((struct fake_guest *)backend, "look", 0, ERR_UNREACHABLE, "host cannot be reached");
}

/* --- refused before anything is sent --- */

TEST(a_verb_that_makes_no_sense_is_not_sent)
{
	static const struct {
		enum operation operation;
		enum vm_state from;
		hresult error;
	} rows[] = {
		{ OP_SHUTDOWN, VM_STATE_SHUTOFF, VM_E_VM_NOT_RUNNING },
		{ OP_SHUTDOWN, VM_STATE_CRASHED, VM_E_VM_NOT_RUNNING },
		{ OP_REBOOT, VM_STATE_SAVED, VM_E_VM_NOT_RUNNING },
		{ OP_SHUTDOWN, VM_STATE_PAUSED, VM_E_VM_PAUSED },
		{ OP_REBOOT, VM_STATE_PMSUSPENDED, VM_E_VM_PAUSED },
		{ OP_SHUTDOWN, VM_STATE_IN_SHUTDOWN, E_SHUTDOWN_IN_PROGRESS },
		{ OP_START, VM_STATE_RUNNING, DISP_E_EXCEPTION },
		{ OP_START, VM_STATE_MIGRATED, VM_E_VM_NOT_RUNNING },
		{ OP_SHUTDOWN, VM_STATE_MIGRATED, VM_E_VM_NOT_RUNNING },
		{ OP_DESTROY, VM_STATE_MIGRATED, VM_E_VM_NOT_RUNNING },
		{ OP_RESUME, VM_STATE_MIGRATING, VM_E_VM_PAUSED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		guest.state = rows[i].from;
		fails(rows[i].operation, rows[i].error, "web01: ");
	}
	was_sent("lifecycle", 0);
}

TEST(a_read_only_or_locked_session_is_denied)
{
	guest.backend.config.locked = true;
	fails(OP_SHUTDOWN, E_ACCESS_DENIED, "--lock");
	guest.backend.config.locked = false;
	guest.backend.config.read_only = true;
	fails(OP_DESTROY, E_ACCESS_DENIED, "read-only");
	was_sent("lifecycle", 0);
}

TEST(a_journal_that_cannot_be_written_stops_it)
{
	sent_allowed = 0;
	run(OP_DESTROY);
	it_ends_as(DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED, "no space left");
	was_sent("lifecycle", 0);
}

TEST(what_the_host_was_told_to_stop_is_cancelled)
{
	fake_fault(&guest, "lifecycle managedsave", 0, ERR_CANCELLED, "domain save job: canceled by client");
	run(OP_MANAGEDSAVE);
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled on the host: the VM is unchanged");
	assert_false(report()->maybe_sent);
	was_sent("lifecycle", 1);
}

TEST(it_can_be_cancelled_until_it_is_sent)
{
	begin(OP_DESTROY, 0);
	assert_true(step());
	assert_true(report()->cancelable);
	op_request_cancel(op);
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	was_sent("lifecycle", 0);
	begin(OP_DESTROY, 0);
	assert_true(step());
	assert_true(step());
	assert_false(report()->cancelable);
	op_request_cancel(op);
	it_is_done();
}

/* --- reboot, and what proves it --- */

TEST(a_channel_that_closes_and_opens_again_proves_a_reboot)
{
	guest.verb_takes_ms = 25000;
	does(OP_REBOOT);
	was_sent("lifecycle reboot agent", 1);
	assert_in_range(clock_ms() - FAKE_START_MS, 25000, 27000);
}

TEST(the_hosts_event_proves_a_reboot)
{
	guest.channel = CHANNEL_ABSENT;
	begin(OP_REBOOT, 0);
	step_until(clock_ms() - FAKE_START_MS >= 10000);
	op_note_reboot(op);
	it_is_done();
}

TEST(an_event_from_before_the_send_proves_nothing)
{
	guest.channel = CHANNEL_ABSENT;
	guest.ignores_verbs = true;
	begin(OP_REBOOT, 20);
	assert_true(step());
	op_note_reboot(op);
	it_ends(VM_E_TIMED_OUT, "no sign of a reboot");
}

TEST(a_reboot_that_ends_switched_off_is_said_to)
{
	begin(OP_REBOOT, 0);
	step_until(fake_count(&guest, "lifecycle"));
	guest.wanted = VM_STATE_SHUTOFF;
	it_ends(VM_E_VM_NOT_RUNNING, "stopped instead of restarting");
}

TEST(a_lost_reset_needs_proof)
{
	fake_fault(&guest, "lifecycle reset", 0, ERR_LOST, "connection closed");
	begin(OP_RESET, 0);
	step_until(clock_ms() - FAKE_START_MS >= 10000);
	op_note_reboot(op);
	it_is_done();
}

/* --- by which way, and with the host --- */

static void run_by(enum operation operation, enum shutdown_mode way)
{
	begin(operation, 0);
	lifecycle_set_way(op, way);
	while (step())
		;
}

TEST(by_acpi_the_agent_is_left_alone)
{
	run_by(OP_SHUTDOWN, WAY_ACPI);
	assert_int_equal(report()->error, S_OK);
	assert_int_equal(fake_count(&guest, "lifecycle shutdown agent"), 0);
	assert_int_equal(fake_count(&guest, "lifecycle shutdown"), 1);
}

TEST(by_the_agent_alone_its_no_is_the_end)
{
	fake_fault(&guest, "lifecycle shutdown agent", 0, ERR_NO_AGENT, "QEMU guest agent is not connected");
	run_by(OP_SHUTDOWN, WAY_AGENT);
	assert_int_equal(report()->error, VM_E_ADDITIONS_NOT_AVAIL);
	assert_int_equal(fake_count(&guest, "lifecycle shutdown"), 1);
	assert_int_equal(guest.state, VM_STATE_RUNNING);
}

TEST(a_frozen_guest_is_not_ready_to_shut_down)
{
	fake_fault(&guest, "lifecycle shutdown agent", 0, ERR_AGENT_FROZEN, "not allowed in frozen state");
	run_by(OP_SHUTDOWN, WAY_AGENT);
	assert_int_equal(report()->error, E_NOT_READY);
	assert_int_equal(fake_count(&guest, "lifecycle shutdown"), 1);
	assert_int_equal(guest.state, VM_STATE_RUNNING);
}

TEST(a_guest_without_an_agent_is_not_asked_another_way)
{
	guest.channel = CHANNEL_DISCONNECTED;
	fake_fault(&guest, "lifecycle reboot agent", 0, ERR_NO_AGENT, "QEMU guest agent is not connected");
	run_by(OP_REBOOT, WAY_AGENT);
	assert_int_equal(report()->error, VM_E_ADDITIONS_NOT_AVAIL);
	was_sent("lifecycle", 0);
	guest.channel = CHANNEL_ABSENT;
	run_by(OP_SHUTDOWN, WAY_AGENT);
	assert_int_equal(report()->error, VM_E_ADDITIONS_FEATURE_NOT_AVAIL);
	was_sent("lifecycle", 0);
}

TEST(starting_with_the_host_is_done_when_the_host_shows_it)
{
	run_by(OP_AUTOSTART, WAY_AGENT_FIRST);
	assert_int_equal(report()->error, S_OK);
	assert_true(guest.autostart);
	run_by(OP_NO_AUTOSTART, WAY_AGENT_FIRST);
	assert_int_equal(report()->error, S_OK);
	assert_false(guest.autostart);
	guest.ignores_verbs = true;
	run_by(OP_AUTOSTART, WAY_AGENT_FIRST);
	assert_int_equal(report()->error, VM_E_TIMED_OUT);
}

TEST(a_channel_is_added_once_and_at_the_latest_with_the_next_start)
{
	guest.channel = CHANNEL_ABSENT;
	run_by(OP_ADD_CHANNEL, WAY_AGENT_FIRST);
	assert_int_equal(report()->error, S_OK);
	assert_true(text_is_empty(report()->note));
	run_by(OP_ADD_CHANNEL, WAY_AGENT_FIRST);
	assert_says(text_str(report()->note), "it has the channel already");
	was_sent("lifecycle add-channel", 1);

	guest.channel = CHANNEL_ABSENT;
	guest.ignores_verbs = true;
	run_by(OP_ADD_CHANNEL, WAY_AGENT_FIRST);
	assert_int_equal(report()->error, S_OK);
	assert_says(text_str(report()->note), "shut it down and start it");
}

TEST(a_channel_of_which_the_host_said_nothing_is_looked_for)
{
	guest.channel = CHANNEL_ABSENT;
	fake_fault(&guest, "lifecycle add-channel", 0, ERR_LOST, "connection reset")->carried_out = true;
	run_by(OP_ADD_CHANNEL, WAY_AGENT_FIRST);
	assert_int_equal(report()->error, S_OK);
	was_sent("lifecycle add-channel", 1);
}

/* clang-format off */
static const struct op_case operations[] = {
	/* --- gone, and moved to another host --- */
	{ "a_vm_that_is_gone_without_a_word_is_not_said_to_be_off", OP_SHUTDOWN, .transient = true,
	  .ends = VM_E_VM_UNKNOWN, .says = { "gave no reason" }, .doubt = MAYBE_SENT },
	/* --- agent first, ACPI next --- */
	{ "without_agent_it_is_acpi", OP_SHUTDOWN, .channel = CHANNEL_DISCONNECTED,
	  .sent = { { "lifecycle shutdown agent", 0 }, { "lifecycle shutdown", 1 } } },
	{ "an_agent_that_shuts_down_without_a_word_did_it", OP_SHUTDOWN,
	  .faults = { { "lifecycle shutdown agent", 0, ERR_NO_ANSWER, .text = "silence", .carried_out = true } },
	  .sent = { { "lifecycle", 1 } } },
	/* --- what does not come --- */
	{ "a_lost_answer_is_watched_not_resent", OP_DESTROY,
	  .faults = { { "lifecycle destroy", 0, ERR_LOST, .text = "connection closed", .carried_out = true } },
	  .sent = { { "lifecycle destroy", 1 } } },
	{ "a_host_that_is_busy_for_ever_ends_in_a_timeout", OP_SUSPEND,
	  .faults = { { "lifecycle suspend", 0, ERR_BUSY, .text = "another job" } }, .options.timeout_s = 20,
	  .ends = VM_E_TIMED_OUT, .says = { "another job" } },
	{ "a_refusal_of_the_host_is_final", OP_START, .state = VM_STATE_SHUTOFF,
	  .faults = { { "lifecycle", 0, ERR_UNEXPECTED, .text = "qemu unexpectedly closed the monitor" } },
	  .ends = DISP_E_EXCEPTION, .says = { "closed the monitor" }, .sent = { { "lifecycle", 1 } } },
	{ "a_host_that_stays_away_is_a_timeout", OP_SUSPEND,
	  .faults = { { "lifecycle", 0, ERR_LOST, .text = "connection closed", .then = lose_the_host } },
	  .ends = VM_E_TIMED_OUT, .says = { "check the host" } },
	{ "a_vm_that_is_gone_is_unknown_to_other_verbs", OP_SUSPEND,
	  .faults = { { "look", 2, ERR_NO_DOMAIN,
	    .text = "no domain" } }, .ends = VM_E_VM_UNKNOWN, .says = { "no domain" } },
	/* --- reboot, and what proves it --- */
	{ "without_any_sign_a_reboot_is_a_timeout", OP_REBOOT, .channel = CHANNEL_ABSENT, .ends = VM_E_TIMED_OUT,
	  .says = { "no sign of a reboot" } },
};
/* clang-format on */

TESTS_OF(operations, run_row)

RUN_TESTS_EACH("lifecycle", NULL, NULL, a_vm, no_guest)

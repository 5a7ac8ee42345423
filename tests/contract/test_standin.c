/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_standin.c - log-offs through the libvirt backend, where libvirt tells more, or less, of what came of a command
 * than the one that is installed here: from its error to the task's outcome.
 */
#include "backend/libvirt/libvirt_events.h"
#include "backend/libvirt/libvirt_host.h"
#include "base/clock.h"
#include "tests/contract/standin.h"
#include "tests/contract/witness.h"
#include "tests/unit/logoff_run.h"

#include <libvirt/libvirt.h>

enum { BOOT_MS = 20000 };

static struct witness *witness;
static struct uuid uuid;

static int connect_backend(void **state)
{
	struct vm *vm;

	witness = witness_start(&(struct witness_config){ .uri = "test:///default", .one_shot = true });
	if (!witness_until(witness, witness_is_listed, BOOT_MS))
		return -1;
	vm = witness_vm_in_state(witness, VM_STATE_RUNNING);
	if (!vm)
		return -1;
	uuid = vm->info.uuid;
	asked = witness->backend;
	return 0;
}

FIXTURE(leave_backend)
{
	witness_finish(witness);
}

/* --- what libvirt tells of channels --- */

static struct vm *the_running_one(struct witness *of)
{
	return witness_vm_in_state(of, VM_STATE_RUNNING);
}

static bool is_connected(struct witness *of)
{
	return the_running_one(of) && the_running_one(of)->info.channel == CHANNEL_CONNECTED;
}

static bool is_disconnected(struct witness *of)
{
	return the_running_one(of)->info.channel == CHANNEL_DISCONNECTED;
}

TEST(more_events_than_can_be_kept_let_every_channel_be_read_anew)
{
	struct witness *other = witness_start(&(struct witness_config){ .uri = "test:///default" });
	struct libvirt_host *host = (struct libvirt_host *)other->backend;
	struct host_event event = { .kind = EVENT_AGENT,
				    .type = VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_DISCONNECTED };

	assert_true(witness_until(other, is_connected, BOOT_MS));
	event.uuid = the_running_one(other)->info.uuid;
	event_queue_push(host->queue, &event);
	assert_true(witness_until(other, is_disconnected, BOOT_MS));
	event.uuid = (struct uuid){ { 1 } };
	for (int i = 0; i <= EVENT_QUEUE_MAX; i++)
		event_queue_push(host->queue, &event);
	assert_true(witness_until(other, is_connected, BOOT_MS));
	witness_finish(other);
}

/* --- what it tells of states --- */

TEST(what_a_reason_changes_is_a_state_of_its_own)
{
	static const struct {
		int state, reason;
		enum vm_state means;
		bool unexplained;
	} rows[] = {
		{ VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_MIGRATED, VM_STATE_MIGRATED, false },
		{ VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_SHUTDOWN, VM_STATE_SHUTOFF, false },
		{ VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_UNKNOWN, VM_STATE_SHUTOFF, true },
		{ VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_MIGRATION, VM_STATE_MIGRATING, false },
		{ VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_POSTCOPY, VM_STATE_MIGRATING, false },
		{ VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_POSTCOPY_FAILED, VM_STATE_MIGRATING, false },
		{ VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER, VM_STATE_PAUSED, false },
		{ VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_MIGRATED, VM_STATE_RUNNING, false },
	};
	struct vm_info info;
	struct err err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		standin_state = rows[i].state;
		standin_reason = rows[i].reason;
		assert_true(witness_look(witness, &uuid, &info, &err));
		assert_int_equal(info.state, rows[i].means);
		assert_int_equal(info.off_unexplained, rows[i].unexplained);
		vm_info_free(&info);
	}
	standin_state = standin_reason = 0;
}

static enum vm_state awaited;

static bool has_stopped_so(struct witness *of)
{
	return of->stopped == awaited;
}

TEST(an_event_tells_how_a_domain_stopped)
{
	static const struct {
		int type, detail;
		enum vm_state how;
	} rows[] = {
		{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_MIGRATED, VM_STATE_MIGRATED },
		{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN, VM_STATE_SHUTOFF },
		{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_SAVED, VM_STATE_SAVED },
		{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_DESTROYED, VM_STATE_SHUTOFF },
		{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_CRASHED, VM_STATE_CRASHED },
		{ VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_FAILED, VM_STATE_SHUTOFF },
		{ VIR_DOMAIN_EVENT_CRASHED, VIR_DOMAIN_EVENT_CRASHED_PANICKED, VM_STATE_CRASHED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct host_event event = {
			.kind = EVENT_LIFECYCLE, .uuid = uuid, .type = rows[i].type, .detail = rows[i].detail
		};

		witness->stopped = VM_STATE_UNKNOWN;
		awaited = rows[i].how;
		event_queue_push(((struct libvirt_host *)witness->backend)->queue, &event);
		assert_true(witness_until(witness, has_stopped_so, BOOT_MS));
	}
}

/* --- what it is told to stop --- */

TEST(somebody_elses_job_is_not_aborted)
{
	struct err err = { 0 };

	FOR_EACH(int, other, -1, VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT, VIR_DOMAIN_JOB_OPERATION_BACKUP,
		 VIR_DOMAIN_JOB_OPERATION_DUMP) {
		standin_operation = *other;
		assert_err(ERR_BUSY, witness_job_abort(witness, &uuid, &err));
		assert_int_equal(standin_aborts, 0);
	}
	standin_operation = VIR_DOMAIN_JOB_OPERATION_SAVE;
	assert_true(witness_job_abort(witness, &uuid, &err));
	assert_int_equal(standin_aborts, 1);
	standin_operation = -1;
}

/* --- what it tells of commands --- */

static void three_users_at(enum standin_version version)
{
	standin_version = version;
	this_guest(FAKE_LOGIND);
	guest.uuid = uuid;
	three_users();
}

#define FOR_EACH_VERSION(version) for (enum standin_version version = STANDIN_9_0; version <= STANDIN_11_2; version++)

TEST_WITH(what_goes_well_goes_through_libvirt, a_guest, no_guest)
{
	FOR_EACH_VERSION(version)
	{
		three_users_at(version);
		log_off();
		it_is_done();
		was_sent("guest-exec loginctl terminate-session", 3);
	}
}

/* 11.2 says so; 9.0 has the same words for both, and the time tells. */
TEST_WITH(a_sync_without_answer_is_not_sent_and_is_sent_again, a_guest, no_guest)
{
	FOR_EACH_VERSION(version)
	{
		three_users_at(version);
		fake_fault(&guest, "guest-exec loginctl terminate-session 1", 1, ERR_NOT_SENT, "");
		log_off();
		it_is_done();
		was_sent("guest-exec loginctl terminate-session 1", 2);
		assert_int_equal(sent_count, 4);
	}
}

TEST_WITH(a_sync_that_is_never_answered_ends_unsent_and_can_be_cancelled, a_guest, no_guest)
{
	FOR_EACH_VERSION(version)
	{
		three_users_at(version);
		fake_fault(&guest, "guest-exec loginctl terminate-session", 0, ERR_NOT_SENT, "");
		begin();
		while (fake_count(&guest, "guest-exec loginctl terminate-session") < 3)
			assert_true(step());
		assert_true(report()->cancelable);
		go_on();
		it_ends(VM_E_TIMED_OUT, "nothing was sent");
		assert_false(report()->maybe_sent);
		assert_int_equal(report()->sessions_after, 3);
	}
}

TEST_WITH(a_command_without_answer_is_sent_once_and_the_list_decides, a_guest, no_guest)
{
	FOR_EACH_VERSION(version)
	{
		three_users_at(version);
		fake_fault(&guest, "guest-exec loginctl terminate-session 1", 0, ERR_NO_ANSWER, "")->carried_out = true;
		log_off();
		it_is_done();
		was_sent("guest-exec loginctl terminate-session 1", 1);
		three_users_at(version);
		fake_fault(&guest, "guest-exec loginctl terminate-session 1", 0, ERR_NO_ANSWER, "");
		log_off();
		it_ends(VM_E_TIMED_OUT, "alice");
		was_sent("guest-exec loginctl terminate-session 1", 1);
	}
}

TEST_WITH(an_agent_that_the_host_gave_up_was_told_nothing, a_guest, no_guest)
{
	FOR_EACH_VERSION(version)
	{
		three_users_at(version);
		fake_fault(&guest, "guest-exec loginctl terminate-session", 0, ERR_AGENT_CLOSED, "");
		log_off();
		it_ends(VM_E_ADDITIONS_NOT_AVAIL, "nobody was logged off");
		it_ends(VM_E_ADDITIONS_NOT_AVAIL, "restart qemu-guest-agent");
		assert_false(report()->maybe_sent);
		was_sent("guest-exec loginctl terminate-session", 1);
	}
}

/* An answer that is none: the host gives the agent up, until it restarts. The list tells what became of the first. */
TEST_WITH(an_agent_that_breaks_half_way_is_looked_at_again_when_it_is_back, a_guest, no_guest)
{
	FOR_EACH_VERSION(version)
	{
		three_users_at(version);
		fake_fault(&guest, "guest-exec loginctl terminate-session 1", 1, ERR_AGENT_BROKEN, "")->carried_out =
			true;
		fake_fault(&guest, "guest-exec loginctl list", 2, ERR_AGENT_CLOSED, "");
		log_off();
		it_is_done();
		was_sent("guest-exec loginctl terminate-session 1", 1);
		was_sent("guest-exec loginctl terminate-session", 3);
	}
}

TEST_WITH(an_agent_that_is_never_back_leaves_it_unknown, a_guest, no_guest)
{
	FOR_EACH_VERSION(version)
	{
		three_users_at(version);
		fake_fault(&guest, "guest-exec loginctl terminate-session 2", 0, ERR_AGENT_CLOSED, "");
		fake_fault(&guest, "guest-exec loginctl list", 2, ERR_AGENT_CLOSED, "");
		begin();
		while (!fake_count(&guest, "guest-exec loginctl terminate-session 2"))
			assert_true(step());
		fake_fault(&guest, "guest-exec loginctl list", 0, ERR_AGENT_CLOSED, "");
		go_on();
		it_ends(VM_E_TIMED_OUT, "its result cannot be verified");
		assert_true(report()->maybe_sent);
		was_sent("guest-exec loginctl terminate-session 1", 1);
	}
}

/* --- in another language --- */

TEST_WITH(in_german_a_guest_without_logind_is_asked_another_way, a_guest, no_guest)
{
	standin_version = STANDIN_9_0_GERMAN;
	this_guest(FAKE_SYSVINIT);
	guest.uuid = uuid;
	fake_logon(&guest, "pts/4", "alice", "");
	log_off();
	it_is_done();
	assert_true(fake_count(&guest, "guest-exec who") > 0);
	assert_true(fake_count(&guest, "guest-exec pkill") > 0);
}

TEST_WITH(in_german_an_agent_that_refuses_is_said_to_and_why, a_guest, no_guest)
{
	three_users_at(STANDIN_9_0_GERMAN);
	guest.exec_disabled = true;
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "guest-exec");
	three_users_at(STANDIN_9_0_GERMAN);
	guest.frozen = true;
	log_off();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "frozen");
}

/* Its words say neither that it was sent nor that it was not: then it counts as sent, and the list decides. */
TEST_WITH(in_german_what_may_have_been_sent_is_never_sent_again, a_guest, no_guest)
{
	FOR_EACH(enum err_kind, kind, ERR_NOT_SENT, ERR_NO_ANSWER, ERR_NO_AGENT, ERR_AGENT_CLOSED, ERR_AGENT_BROKEN) {
		three_users_at(STANDIN_9_0_GERMAN);
		fake_fault(&guest, "guest-exec loginctl terminate-session 1", 1, *kind, "")->carried_out = true;
		log_off();
		it_is_done();
		was_sent("guest-exec loginctl terminate-session 1", 1);
		three_users_at(STANDIN_9_0_GERMAN);
		fake_fault(&guest, "guest-exec loginctl terminate-session 1", 1, *kind, "");
		log_off();
		it_ends(VM_E_TIMED_OUT, "alice");
		was_sent("guest-exec loginctl terminate-session 1", 1);
	}
}

static void migrate_it(struct backend *backend)
{
	standin_state = VIR_DOMAIN_SHUTOFF;
	standin_reason = VIR_DOMAIN_SHUTOFF_MIGRATED;
}

TEST_WITH(a_vm_that_was_migrated_meanwhile_is_said_to_be_elsewhere, a_guest, no_guest)
{
	three_users_at(STANDIN_9_0);
	fake_fault(&guest, "guest-exec loginctl list", 2, ERR_NO_AGENT, "")->then = migrate_it;
	log_off();
	standin_state = standin_reason = 0;
	it_ends(VM_E_VM_NOT_RUNNING, "moved to another host");
	assert_true(report()->maybe_sent);
}

RUN_TESTS("standin", connect_backend, leave_backend)

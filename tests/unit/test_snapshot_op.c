/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/snapshot_op.h"
#include "base/clock.h"
#include "op_run.h"

FIXTURE(a_vm)
{
	a_guest(NULL);
	snapshot_list_add(&guest.snapshots, "old");
	snapshot_list_add(&guest.snapshots, "\xe2\x80\xaenow")->current = true;
}

static void begin(enum operation operation, struct snapshot_params wish)
{
	forget_run();
	op = snapshot_op_create(&guest.backend, &guest.uuid, TEXT_TRUSTED("web01"), operation, &wish, 0, &journal);
}

static void run(enum operation operation, struct snapshot_params wish)
{
	begin(operation, wish);
	go_on();
}

static void run_row(void **state)
{
	const struct op_case *row = *state;

	op_case_begins(row);
	run(row->operation, row->snapshot);
	op_case_holds(row);
}

static void takes(struct snapshot_params wish)
{
	run(OP_SNAPSHOT_CREATE, wish);
}

/* --- the good way --- */

TEST(with_memory_nothing_is_asked_of_the_guest)
{
	takes((struct snapshot_params){ .name = "new" });
	it_is_done();
	was_sent("snapshot-create new", 1);
	was_sent("guest-", 0);
	was_journalled("snapshot-create new");
	assert_true(text_is_empty(report()->note));
}

TEST(the_disks_alone_are_quiesced_where_that_is_possible)
{
	takes((struct snapshot_params){ .name = "new", .disks_only = true });
	it_is_done();
	was_sent("snapshot-create new disks quiesced", 1);
	assert_true(text_is_empty(report()->note));
}

TEST(another_one_under_the_name_that_was_shown_is_left_alone)
{
	static const int verbs[] = { OP_SNAPSHOT_REVERT, OP_SNAPSHOT_DELETE };

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		guest.snapshots.at[0].created = 2000;
		run(verbs[i], (struct snapshot_params){ .name = "old", .shown_created = 1000 });
		it_ends(E_INVALIDARG, "not the one that you were asked about any more");
		assert_int_equal(sent_count, 0);
		guest.snapshots.at[0].created = i ? 1000 : -1;
		run(verbs[i], (struct snapshot_params){ .name = "old", .shown_created = 1000 });
		it_is_done();
	}
}

/* --- it cannot be quiesced --- */

TEST(an_agent_that_freezes_nothing_is_found_out_before)
{
	guest.freezes = false;
	takes((struct snapshot_params){ .name = "new", .disks_only = true });
	it_is_done();
	was_sent("snapshot-create new disks quiesced", 0);
	it_notes("its agent cannot freeze file systems");
}

TEST(who_insists_gets_no_snapshot_instead)
{
	guest.freezes = false;
	takes((struct snapshot_params){ .name = "new", .disks_only = true, .quiesce = QUIESCE_MUST });
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "could not quiesce");
	guest.state = VM_STATE_PAUSED;
	takes((struct snapshot_params){ .name = "new", .disks_only = true, .quiesce = QUIESCE_MUST });
	it_ends(VM_E_VM_PAUSED, "could not quiesce web01; no snapshot taken");
	was_sent("snapshot-create", 0);
}

/* --- refused --- */

TEST(names_are_looked_at_before_anything_is_sent)
{
	takes((struct snapshot_params){ .name = "old" });
	it_ends(E_INVALIDARG, "already");
	takes((struct snapshot_params){ .name = "a/b" });
	it_ends(E_INVALIDARG, "name");
	run(OP_SNAPSHOT_REVERT, (struct snapshot_params){ .name = "nowhere" });
	it_ends(E_INVALIDARG, "no snapshot nowhere");
	run(OP_SNAPSHOT_DELETE, (struct snapshot_params){ .name = "nowhere" });
	it_ends(E_INVALIDARG, "no snapshot nowhere");
	was_sent("snapshot-", 0);
	was_journalled("");
}

TEST(what_the_hosts_no_means_is_said)
{
	fake_fault(&guest, "snapshot-create", 0, ERR_UNSUPPORTED, "internal snapshot for disk vda unsupported");
	takes((struct snapshot_params){ .name = "new" });
	it_ends(DISP_E_EXCEPTION, "a snapshot with --disk-only may be possible");
	takes((struct snapshot_params){ .name = "new", .disks_only = true });
	it_ends(DISP_E_EXCEPTION, "vda unsupported");
	fake_fault(&guest, "snapshot-revert", 0, ERR_DENIED, "no");
	run(OP_SNAPSHOT_REVERT, (struct snapshot_params){ .name = "old" });
	it_ends(E_ACCESS_DENIED, "no");
	assert_false(report()->maybe_sent);
	was_sent("snapshot-revert", 1);
}

TEST(what_cannot_be_journaled_is_not_sent)
{
	sent_allowed = 0;
	run(OP_SNAPSHOT_REVERT, (struct snapshot_params){ .name = "old" });
	it_ends_as(DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED, "no space left");
	was_sent("snapshot-revert", 0);
}

/* --- the answer is lost --- */

TEST(each_is_proved_by_the_list_where_its_answer_was_lost)
{
	static const struct {
		enum operation operation;
		const char *name;
	} rows[] = {
		{ OP_SNAPSHOT_CREATE, "new" },
		{ OP_SNAPSHOT_REVERT, "old" },
		{ OP_SNAPSHOT_DELETE, "old" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const int lists = fake_count(&guest, "snapshots");

		fake_fault(&guest, operation_name(rows[i].operation), 0, ERR_LOST, "gone")->carried_out = true;
		run(rows[i].operation, (struct snapshot_params){ .name = rows[i].name });
		it_is_done();
		was_sent(operation_name(rows[i].operation), 1);
		was_sent("snapshots", lists + 2);
	}
}

TEST(without_a_proof_it_is_unknown_and_never_sent_again)
{
	int64_t begun = clock_ms();

	fake_fault(&guest, "snapshot-create", 0, ERR_LOST, "gone");
	takes((struct snapshot_params){ .name = "new" });
	it_ends(VM_E_TIMED_OUT, "unknown");
	assert_true(report()->maybe_sent);
	was_sent("snapshot-create", 1);
	assert_in_range(clock_ms() - begun, 110 * 1000, 130 * 1000);
}

TEST(a_list_that_is_not_whole_proves_no_absence)
{
	guest.snapshots.more = 1;
	fake_fault(&guest, "snapshot-delete", 0, ERR_LOST, "gone")->carried_out = true;
	run(OP_SNAPSHOT_DELETE, (struct snapshot_params){ .name = "old" });
	it_ends(VM_E_TIMED_OUT, "unknown");
}

TEST(a_host_that_comes_back_is_looked_at_again)
{
	fake_fault(&guest, "snapshot-create", 0, ERR_LOST, "gone")->carried_out = true;
	for (int nth = 2; nth < 6; nth++)
		fake_fault(&guest, "snapshots", nth, ERR_UNREACHABLE, "not connected");
	takes((struct snapshot_params){ .name = "new" });
	it_is_done();
	was_sent("snapshots", 6);
}

/* --- cancelling --- */

TEST(it_can_be_cancelled_until_it_is_sent)
{
	begin(OP_SNAPSHOT_REVERT, (struct snapshot_params){ .name = "old" });
	assert_true(report()->cancelable);
	step_until(!report()->cancelable);
	assert_int_equal(report()->phase, TASK_PHASE_HOST);
	op_request_cancel(op); /* it came while the step before ran */
	assert_false(step());
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "before anything was sent");
	assert_int_equal(report()->percent, 0);
	was_sent("snapshot-revert", 0);
}

TEST(the_disks_of_a_vm_that_moved_to_another_host_are_left_alone)
{
	guest.state = VM_STATE_MIGRATED;
	FOR_EACH(int, verb, OP_SNAPSHOT_CREATE, OP_SNAPSHOT_REVERT, OP_SNAPSHOT_DELETE) {
		run(*verb, (struct snapshot_params){ .name = *verb == OP_SNAPSHOT_CREATE ? "new" : "old" });
		it_ends(VM_E_VM_NOT_RUNNING, "the host that it moved to");
	}
	was_sent("snapshot-", 0);
}

/* clang-format off */
static const struct op_case snapshots[] = {
	/* --- the good way --- */
	{ "what_is_off_needs_no_quiescing", OP_SNAPSHOT_CREATE, .state = VM_STATE_SHUTOFF,
	  .snapshot = { .name = "new", .disks_only = true, .quiesce = QUIESCE_MUST },
	  .sent = { { "snapshot-create new disks", 1 }, { "snapshot-create new disks quiesced", 0 } } },
	{ "one_is_found_by_what_is_seen_of_it", OP_SNAPSHOT_DELETE, .snapshot = { .name = "<U+202E>now" },
	  .sent = { { "snapshot-delete \xe2\x80\xaenow", 1 } }, .journalled = "snapshot-delete <U+202E>now" },
	{ "going_back_is_sent_once", OP_SNAPSHOT_REVERT, .snapshot = { .name = "old" },
	  .sent = { { "snapshot-revert old", 1 } } },
	/* --- it cannot be quiesced --- */
	{ "without_an_agent_it_is_said_and_the_disks_are_taken_as_they_are", OP_SNAPSHOT_CREATE,
	  .channel = CHANNEL_DISCONNECTED, .snapshot = { .name = "new", .disks_only = true },
	  .notes = { "not quiesced", "no guest agent" },
	  .sent = { { "snapshot-create new disks quiesced", 0 }, { "snapshot-create new disks", 1 } } },
	{ "who_forbids_it_asks_the_guest_nothing", OP_SNAPSHOT_CREATE,
	  .snapshot = { .name = "new", .disks_only = true, .quiesce = QUIESCE_NEVER },
	  .sent = { { "snapshot-create new disks", 1 }, { "guest-", 0 } } },
	{ "a_freezing_that_was_not_answered_is_said_and_not_tried_again", OP_SNAPSHOT_CREATE,
	  .snapshot = { .name = "new", .disks_only = true },
	  .faults = { { "snapshot-create", 0, ERR_NO_ANSWER, .text = "silence" } }, .ends = VM_E_TIMED_OUT,
	  .says = { "may be frozen" }, .sent = { { "snapshot-create", 1 } }, .doubt = MAYBE_SENT },
	/* --- the answer is lost --- */
	{ "going_back_to_where_it_was_leaves_no_proof", OP_SNAPSHOT_REVERT, .snapshot = { .name = "\xe2\x80\xaenow" },
	  .faults = { { "snapshot-revert", 0, ERR_LOST, .text = "gone", .carried_out = true } }, .ends = VM_E_TIMED_OUT,
	  .says = { "unknown" }, .sent = { { "snapshot-revert", 1 } } },
};
/* clang-format on */

TESTS_OF(snapshots, run_row)

RUN_TESTS_EACH("snapshot_op", NULL, NULL, a_vm, no_guest)

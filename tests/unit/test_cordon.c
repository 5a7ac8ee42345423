/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A VM is drained and shut down, and uncordon makes it what it was: autostart, logins, and whether it runs. */
#include "engine/journal.h"
#include "scratch_dir.h"
#include "tests/paths.h"
#include "tests/unit/app_world.h"
#include "unit.h"

static struct journal_entries entries;

FIXTURE(a_fleet)
{
	scratch_begin();
	app_world_begin(SCENARIOS "/cordon.conf", 0, 3000);
}

static struct task *finish(const char *name, const struct op_params *params)
{
	struct task *task = begin_task(vm_named(name), params);

	while (!task->report.complete)
		wait_ms(500);
	return task;
}

static struct task *drain(const char *name)
{
	return finish(name, &(struct op_params){ .operation = OP_DRAIN, .shut_down = true });
}

static struct task *uncordon(const char *name)
{
	return finish(name, &(struct op_params){ .operation = OP_UNCORDON });
}

static void notes(const struct task *task, const char *words)
{
	has_ended(task, S_OK, TASK_RESULT_SUCCESS);
	assert_says(text_str(task->report.note), words);
}

static const struct journal_entry *kept_entry(void)
{
	size_t unreadable;

	journal_entries_free(&entries);
	assert_true(journal_read_all(true, &entries, &unreadable, NULL));
	assert_int_equal(entries.count, 1);
	return &entries.at[0];
}

static void is_off_without_autostart(const char *name)
{
	assert_int_equal(vm_named(name)->info.state, VM_STATE_SHUTOFF);
	assert_int_equal(vm_named(name)->info.autostart, 0);
}

TEST(a_drained_vm_is_off_and_does_not_start_with_its_host)
{
	notes(drain("web01"), "autostart stays disabled until uncordon");
	is_off_without_autostart("web01");
	assert_true(kept_entry()->found_running);
	assert_true(kept_entry()->found_autostart);
	journal_entries_free(&entries);
}

TEST(uncordon_restores_what_the_drain_found)
{
	drain("web01");
	notes(uncordon("web01"), "autostart enabled; started");
	assert_true(vm_state_is_active(vm_named("web01")->info.state));
	assert_int_equal(vm_named("web01")->info.autostart, 1);
	assert_int_equal(left_in_the_journal(), 0);
}

TEST(a_vm_without_autostart_gets_none)
{
	drain("web02");
	notes(uncordon("web02"), "started");
	assert_int_equal(vm_named("web02")->info.autostart, 0);
}

TEST(a_vm_that_was_off_stays_off_and_gets_its_autostart_back)
{
	notes(drain("off01"), "it was off already");
	is_off_without_autostart("off01");
	notes(uncordon("off01"), "autostart enabled");
	assert_int_equal(vm_named("off01")->info.state, VM_STATE_SHUTOFF);
	assert_int_equal(vm_named("off01")->info.autostart, 1);
}

TEST(logins_that_stayed_disabled_are_enabled)
{
	finish("web02", &(struct op_params){ .operation = OP_DRAIN });
	assert_true(vm_named("web02")->logins_disabled);
	notes(uncordon("web02"), "logins enabled");
	assert_false(vm_named("web02")->logins_disabled);
	assert_int_equal(left_in_the_journal(), 0);
}

TEST(what_was_never_drained_has_nothing_to_undo)
{
	notes(uncordon("beta/db01"), "nothing to undo");
}

TEST(a_second_drain_does_not_forget_what_the_first_found)
{
	drain("web01");
	notes(drain("web01"), "it was off already");
	assert_true(kept_entry()->found_running && kept_entry()->found_autostart);
	journal_entries_free(&entries);
	notes(uncordon("web01"), "autostart enabled; started");
}

TEST(a_drain_that_fails_enables_autostart_and_logins_again)
{
	struct task *task = drain("stuck01");

	assert_int_equal(task->report.error, VM_E_TIMED_OUT);
	assert_int_equal(vm_named("stuck01")->info.autostart, 1);
	assert_false(vm_named("stuck01")->logins_disabled);
	assert_true(vm_state_is_active(vm_named("stuck01")->info.state));
}

TEST(enabling_logins_by_hand_does_not_forget_the_drain)
{
	drain("web01");
	finish("web01", &(struct op_params){ .operation = OP_START });
	wait_ms(60000);
	finish("web01", &(struct op_params){ .operation = OP_ENABLE_LOGINS });
	assert_true(kept_entry()->has_found);
	journal_entries_free(&entries);
	notes(uncordon("web01"), "autostart enabled");
}

RUN_TESTS_EACH("cordon", NULL, NULL, a_fleet, app_world_end)

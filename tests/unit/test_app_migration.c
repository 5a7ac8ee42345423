/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VMs that move to another host while something is being done to them, or before: they are neither off nor gone. */
#include "engine/journal.h"
#include "scratch_dir.h"
#include "tests/paths.h"
#include "tests/unit/app_world.h"
#include "unit.h"

static struct err err;

enum { OLD, NEW };

/* --- the world --- */

FIXTURE(two_hosts)
{
	scratch_begin();
	app_world_begin(SCENARIOS "/migration.conf", 0, 1000);
}

/* NULL: not there. */
static struct vm *vm_on(int host, const char *name)
{
	for (size_t i = 0; i < inventory_vm_count(app_inventory(app)); i++) {
		struct vm *vm = inventory_vm_at(app_inventory(app), i);

		if (vm->id.host == host && strcmp(text_str(vm->info.name), name) == 0)
			return vm;
	}
	return NULL;
}

static void ended_so(const struct task *task, hresult error, const char *words)
{
	assert_true(task->report.complete);
	if (task->report.error != error || !strstr(text_str(task->report.error_description), words))
		fail_msg("0x%08x: %s", task->report.error, text_str(task->report.error_description));
}

static void refuses(const char *name, enum operation operation, const char *words)
{
	err = (struct err){ 0 };
	assert_false(app_may(app, vm_on(OLD, name), operation, &err));
	assert_says(err.buf, words);
}

/* --- what moves meanwhile --- */

TEST(a_vm_is_migrated_on_the_one_host_and_runs_on_the_other)
{
	assert_null(vm_on(NEW, "web01"));
	wait_ms(19200);
	assert_int_equal(vm_on(OLD, "web01")->info.state, VM_STATE_MIGRATING);
	wait_ms(2000);
	assert_int_equal(vm_on(OLD, "web01")->info.state, VM_STATE_MIGRATED);
	assert_int_equal(vm_on(NEW, "web01")->info.state, VM_STATE_RUNNING);
	assert_null(vm_on(OLD, "fleeting01"));
	assert_non_null(vm_on(NEW, "fleeting01"));
}

TEST(a_shutdown_of_what_moves_away_is_not_done)
{
	const struct task *persistent = perform(vm_on(OLD, "deaf01"), OP_SHUTDOWN);
	const struct task *transient = perform(vm_on(OLD, "fleeting01"), OP_SHUTDOWN);

	wait_ms(30000);
	ended_so(persistent, VM_E_VM_NOT_RUNNING, "moved to another host");
	ended_so(transient, VM_E_VM_NOT_RUNNING, "moved to another host");
}

TEST(a_transient_vm_that_shuts_down_is_done)
{
	const struct task *task = perform(vm_on(OLD, "stays01"), OP_SHUTDOWN);

	wait_ms(15000);
	ended_so(task, S_OK, "");
	assert_null(vm_on(OLD, "stays01"));
}

TEST(a_log_off_of_what_moves_away_is_not_done)
{
	const struct task *task = perform(vm_on(OLD, "web01"), OP_LOGOFF);

	wait_ms(30000);
	ended_so(task, VM_E_VM_NOT_RUNNING, "moved to another host");
	assert_true(task->report.maybe_sent);
	assert_int_not_equal(task->report.sessions_after, 0);
}

TEST(who_was_on_is_not_said_to_have_left)
{
	struct vm *vm = vm_on(OLD, "web01");

	assert_true(app_ask_guest(app, vm, true, &err));
	wait_ms(2000);
	assert_int_equal(vm->users_state, USERS_KNOWN);
	wait_ms(20000);
	assert_int_equal(vm->info.state, VM_STATE_MIGRATED);
	for (size_t i = 0; i < vm->timeline->count; i++)
		assert_int_equal(vm->timeline->at[i].kind, TIMELINE_LOGON);
}

/* --- what moved before --- */

TEST(nothing_is_done_to_what_moved)
{
	refuses("moved01", OP_START, "starting it here as well would corrupt its disks; use it there");
	refuses("moved01", OP_SHUTDOWN, "migrated to another host: use it there");
	refuses("moved01", OP_DESTROY, "migrated to another host: use it there");
	refuses("moved01", OP_LOGOFF, "the host that it moved to");
	refuses("moved01", OP_DISABLE_LOGINS, "the host that it moved to");
	refuses("moved01", OP_SNAPSHOT_CREATE, "the host that it moved to");
	refuses("moved01", OP_SNAPSHOT_REVERT, "the host that it moved to");
	assert_true(app_may(app, vm_on(OLD, "moved01"), OP_NO_AUTOSTART, &err));
}

TEST(its_agent_is_off_and_the_advice_is_not_to_start_it)
{
	const struct vm *vm = vm_on(OLD, "moved01");

	assert_int_equal(vm_agent_state(vm), AGENT_OFF);
	assert_non_null(strstr(vm_agent_advice(vm), "moved to another host"));
	assert_string_equal(vm_state_name(vm->info.state), "migrated");
}

RUN_TESTS_EACH("app and migration", NULL, NULL, two_hosts, app_world_end)

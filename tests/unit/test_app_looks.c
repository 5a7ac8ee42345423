/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What guests are asked in the background, how often, and how many programs it starts in them. */
#include "base/clock.h"
#include "scratch_dir.h"
#include "tests/paths.h"
#include "tests/unit/app_world.h"
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct err err;
static int64_t last_pid;

enum { MINUTE = 60 * 1000 };

FIXTURE(a_fleet)
{
	scratch_begin();
	app_world_begin(SCENARIOS "/looks.conf", 0, 3000);
	app_note_input(app);
}

/* Since it was counted last; the demo's agent numbers its programs, and this is one of them. */
static int programs_started(const struct vm *vm, const char *path)
{
	char *command = keep(mem_printf("{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"%s\"}}", path)), *reply;
	const int64_t before = last_pid;

	assert_true(backend_agent_command(app_backend(app, vm->id.host), 0, &vm->id.uuid, BACKEND_LOOKS, command, 1000,
					  &reply, &err));
	assert_int_equal(sscanf(reply, "{\"return\": {\"pid\": %" SCNd64, &last_pid), 1);
	free(reply);
	return (int)(last_pid - before - 1);
}

/* How often it is asked in this time. */
static int looks_in(const struct vm *vm, int64_t ms)
{
	int looks = 0;

	for (const int64_t until = clock_ms() + ms; clock_ms() < until;) {
		const int64_t before = vm->looked_at;

		wait_ms(500);
		looks += vm->looked_at != before;
	}
	return looks;
}

static struct vm *watched(const char *name)
{
	struct vm *vm = vm_named(name);

	app_watch(app, &vm->id, 1);
	wait_ms(6000);
	return vm;
}

TEST(a_look_at_a_guest_whose_sessions_are_known_starts_one_process)
{
	struct vm *vm = vm_named("linux");
	int looks;

	programs_started(vm, "cat");
	watched("linux");
	assert_int_equal(session_list_total(&vm->sessions), 2);
	assert_int_equal(programs_started(vm, "cat"), 2);
	looks = looks_in(vm, 3 * MINUTE);
	assert_in_range(looks, 3, 5);
	wait_ms(5000);
	assert_int_equal(programs_started(vm, "cat"), looks);
	assert_int_equal(session_list_total(&vm->sessions), 2);
}

TEST(a_look_at_windows_or_bsd_starts_none)
{
	FOR_EACH(const char *, name, "windows", "bsd") {
		struct vm *vm = watched(*name);
		const char *path = **name == 'w' ? "msg.exe" : "cat";

		programs_started(vm, path);
		assert_true(looks_in(vm, 3 * MINUTE) >= 3);
		assert_int_equal(programs_started(vm, path), 0);
		assert_int_equal(vm->users_state, USERS_KNOWN);
		assert_int_equal(vm_users(vm), 1);
		assert_true(vm->names_only && clock_ms() - vm->sessions_at < 2 * MINUTE);
	}
}

TEST(who_asks_is_told_everything)
{
	struct vm *vm = watched("windows");

	assert_true(vm->sessions.lacks_ids);
	assert_int_equal(vm->sessions_full_at, 0);
	assert_true(app_ask_guest(app, vm, true, &err));
	wait_ms(6000);
	assert_string_not_equal(vm->sessions.at[0].id, "");
	assert_true(vm->sessions_full_at && !vm->sessions.lacks_ids && !vm->names_only);
	assert_int_equal(vm->sessions_full_at, vm->sessions_at);
	wait_ms(MINUTE);
	assert_true(vm->sessions_at > vm->sessions_full_at);
	assert_string_not_equal(vm->sessions.at[0].id, "");
	assert_int_equal(vm->timeline->count, 0);
}

TEST(whose_users_are_shown_is_told_everything_once)
{
	struct vm *vm = watched("windows");

	app_want_users(app, &vm->id, 1);
	wait_ms(20000);
	assert_false(vm->sessions.lacks_ids);
	programs_started(vm, "msg.exe");
	app_want_users(app, &vm->id, 1);
	wait_ms(MINUTE);
	assert_int_equal(programs_started(vm, "msg.exe"), 0);
}

TEST(what_a_task_did_to_the_sessions_is_asked_for)
{
	struct vm *vm = watched("windows");

	wait_ms(MINUTE);
	perform(vm, OP_DISCONNECT);
	wait_ms(30000);
	assert_true(vm->sessions.at[0].disconnected);
}

TEST(a_guest_where_nothing_changes_is_asked_less_and_less)
{
	struct vm *vm = watched("linux");
	int64_t at = vm->looked_at;

	FOR_EACH(int, seconds, 10, 20, 40, 80, 80) {
		assert_in_range(app_next_look(app, vm) - at, *seconds * 1000, *seconds * 1000);
		while (vm->looked_at == at)
			wait_ms(500);
		assert_in_range(vm->looked_at - at, *seconds * 1000, *seconds * 1000 + 2000);
		at = vm->looked_at;
		wait_ms(5000);
		app_note_input(app);
	}
	app_focus(app, &vm->id);
	assert_in_range(app_next_look(app, vm) - at, 30000, 30000);
	app_ask_guest(app, vm, true, &err);
	wait_ms(5000);
	assert_in_range(app_next_look(app, vm) - vm->looked_at, 10000, 20000);
}

TEST(nobody_pressed_a_key_for_minutes)
{
	struct vm *vm = watched("linux");

	app_focus(app, &vm->id);
	wait_ms(MINUTE);
	assert_int_equal(vm_heartbeat_percent(vm, clock_ms()), 100);
	wait_ms(5 * MINUTE);
	assert_in_range(looks_in(vm, 30 * MINUTE), 2, 3);
	assert_int_equal(vm_heartbeat_percent(vm, clock_ms()), -1);
	app_note_input(app);
	wait_ms(10000);
	assert_true(clock_ms() - vm->looked_at <= 10000);
	assert_int_equal(vm_heartbeat_percent(vm, clock_ms()), 100);
}

TEST(never_more_than_so_many_a_minute_and_host)
{
	const char *const names[] = { "linux", "other", "windows", "bsd" };
	struct vm_id ids[ARRAY_SIZE(names)];
	int looks = 0;

	config.guest_questions = 3;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		ids[i] = vm_named(names[i])->id;
	app_watch(app, ids, ARRAY_SIZE(ids));
	for (int64_t until = clock_ms() + MINUTE; clock_ms() < until;) {
		int64_t before[ARRAY_SIZE(names)];

		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			before[i] = vm_named(names[i])->looked_at;
		wait_ms(500);
		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			looks += before[i] != vm_named(names[i])->looked_at;
	}
	assert_int_equal(looks, 3);
}

TEST(a_reboot_forgets_the_ids)
{
	struct vm *vm = watched("linux");

	wait_ms(MINUTE);
	perform(vm, OP_RESET);
	wait_ms(2000);
	assert_int_equal(vm->sessions_at, 0);
	assert_null(vm->profile);
	wait_ms(MINUTE);
	assert_true(vm->sessions_at > 0);
	assert_true(vm->sessions_full_at > 0);
}

TEST(what_a_guest_was_asked_before_it_rebooted_is_void)
{
	struct vm *vm = watched("linux");

	assert_true(app_ask_guest(app, vm, true, &err));
	app_watch(app, NULL, 0);
	vm_forget_guest(vm);
	wait_ms(5000);
	assert_int_equal(vm->sessions_at, 0);
	assert_int_equal(vm->users_state, USERS_UNKNOWN);
}

TEST(a_guest_that_refuses_is_not_asked_every_second)
{
	assert_in_range(looks_in(watched("confined"), 3 * MINUTE), 2, 5);
}

TEST(without_an_interval_nobody_is_asked)
{
	struct vm *vm = vm_named("linux");

	config.users_interval_s = 0;
	app_focus(app, &vm->id);
	app_watch(app, &vm->id, 1);
	assert_int_equal(looks_in(vm, MINUTE), 0);
	assert_int_equal(app_next_look(app, vm), -1);
	assert_int_equal(vm_heartbeat_percent(vm, clock_ms()), -1);
}

RUN_TESTS_EACH("app looks", NULL, NULL, a_fleet, app_world_end)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hosts, guests and tasks joined, over two simulated hosts with a fake clock and no threads. */
#include "base/clock.h"
#include "engine/audit.h"
#include "engine/journal.h"
#include "engine/vm_lock.h"
#include "scratch_dir.h"
#include "tests/paths.h"
#include "tests/unit/app_world.h"
#include "ui/app/app_tasks.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct err err;
static const struct logoff_options everybody = { 0 };

/* ---- the world ---- */

static void open_app(enum app_mode mode, int parallel)
{
	app_world_open(SCENARIOS "/app.conf", mode, parallel);
}

static int two_hosts(void **state)
{
	if (scratch_setup(state) < 0)
		return -1;
	app_world_prepare();
	err = (struct err){ 0 };
	open_app(APP_FULL, 0);
	wait_ms(3000);
	return 0;
}

static int no_hosts(void **state)
{
	app_world_close();
	config_free(&config);
	return scratch_teardown(state);
}

static void reopen(enum app_mode mode, int parallel)
{
	app_world_close();
	open_app(mode, parallel);
	wait_ms(3000);
}

/* ---- what is done ---- */

static struct task *log_off(const char *name)
{
	struct task *task = NULL;

	err = (struct err){ 0 };
	if (app_submit(app, &vm_named(name)->id, &(struct op_params){ .operation = OP_LOGOFF, .logoff = everybody },
		       &task, &err) != S_OK)
		fail_msg("%s", err.buf);
	return task;
}

static void assert_refused(const char *name, hresult code, const char *words)
{
	struct task *task = NULL;

	err = (struct err){ 0 };
	assert_int_equal(app_submit(app, &vm_named(name)->id,
				    &(struct op_params){ .operation = OP_LOGOFF, .logoff = everybody }, &task, &err),
			 code);
	assert_null(task);
	if (!strstr(err.buf, words))
		fail_msg("'%s' is not in '%s'", words, err.buf);
}

static void assert_ended(const struct task *task, hresult error, enum task_result result)
{
	assert_true(task->report.complete);
	if (task->report.error != error)
		fail_msg("0x%08x: %s", task->report.error, text_str(task->report.error_description));
	assert_int_equal(task->report.result, result);
}

/* ---- the call's own result ---- */

static void the_call_returns_at_once_and_the_task_tracks_the_sequence(void **state)
{
	struct task *task = log_off("alpha/web01");

	(void)state;
	assert_false(task->report.complete);
	assert_int_equal(task->report.percent, 0);
	wait_ms(20000);
	assert_ended(task, S_OK, TASK_RESULT_SUCCESS);
	assert_int_equal(task->report.percent, 100);
	assert_int_equal(task->report.sessions_before, 2);
	assert_int_equal(task->report.sessions_after, 0);
	assert_string_equal(text_str(task->description), "Log off 2 users of web01");
}

static void no_place_for_the_task_is_e_pointer(void **state)
{
	(void)state;
	assert_int_equal(app_submit(app, &vm_named("alpha/web01")->id,
				    &(struct op_params){ .operation = OP_LOGOFF, .logoff = everybody }, NULL, NULL),
			 E_POINTER);
	assert_int_equal(
		app_submit(app, &vm_named("alpha/web01")->id, &(struct op_params){ .operation = OP_START }, NULL, NULL),
		E_POINTER);
}

static void each_refusal_has_its_code_and_says_what_to_do(void **state)
{
	(void)state;
	assert_refused("off01", VM_E_VM_NOT_RUNNING, "start it first");
	assert_refused("paused01", VM_E_VM_PAUSED, "resume it first");
	assert_refused("bare01", VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "org.qemu.guest_agent.0");
	assert_refused("down01", VM_E_ADDITIONS_NOT_AVAIL, "qemu-guest-agent");
}

static void a_vm_that_is_gone_is_unknown(void **state)
{
	const struct vm_id nobody = { .host = 0, .uuid = { .bytes = { 9 } } };
	struct task *task;

	(void)state;
	assert_int_equal(app_submit(app, &nobody, &(struct op_params){ .operation = OP_LOGOFF, .logoff = everybody },
				    &task, &err),
			 VM_E_VM_UNKNOWN);
}

static void a_locked_session_sees_users_and_refuses_every_action(void **state)
{
	struct task *task;

	(void)state;
	reopen(APP_LOCKED, 0);
	assert_true(app_ask_guest(app, vm_named("web02"), true, &err));
	wait_ms(3000);
	assert_int_equal(vm_named("web02")->users_state, USERS_KNOWN);
	assert_refused("web02", E_ACCESS_DENIED, "--lock");
	assert_int_equal(
		app_submit(app, &vm_named("off01")->id, &(struct op_params){ .operation = OP_START }, &task, &err),
		E_ACCESS_DENIED);
}

static void a_read_only_session_cannot_see_users(void **state)
{
	(void)state;
	reopen(APP_READ_ONLY, 0);
	assert_false(app_ask_guest(app, vm_named("web02"), true, &err));
	assert_int_equal(err.kind, ERR_DENIED);
	assert_refused("web02", E_ACCESS_DENIED, "-r");
}

static void nobody_logged_on_comes_through_the_tasks_error(void **state)
{
	struct task *task = log_off("idle01");

	(void)state;
	wait_ms(5000);
	assert_ended(task, E_NO_SUCH_LOGON_SESSION, TASK_RESULT_SUCCESS);
}

static void a_vm_has_one_task_at_a_time(void **state)
{
	(void)state;
	log_off("alpha/web01");
	assert_refused("alpha/web01", DISP_E_EXCEPTION, "still working");
}

static void a_refusal_can_be_noted_as_a_complete_task(void **state)
{
	struct task *task;

	(void)state;
	assert_refused("off01", VM_E_VM_NOT_RUNNING, "start");
	task = app_note_refusal(app, &vm_named("off01")->id, OP_LOGOFF, VM_E_VM_NOT_RUNNING, &err);
	assert_ended(task, VM_E_VM_NOT_RUNNING, TASK_RESULT_UNEXPECTED_ERROR);
	assert_int_equal(app_cancel(app, task), E_FAIL);
}

/* ---- several, cancelling, waiting ---- */

static void only_so_many_tasks_run_at_the_same_time(void **state)
{
	struct task *first, *second;

	(void)state;
	reopen(APP_FULL, 1);
	first = log_off("alpha/web01");
	second = log_off("beta/web01");
	wait_ms(500);
	assert_true(first->running);
	assert_false(second->running);
	wait_ms(30000);
	assert_ended(first, S_OK, TASK_RESULT_SUCCESS);
	assert_ended(second, S_OK, TASK_RESULT_SUCCESS);
}

static void a_queued_task_is_cancelled_at_once(void **state)
{
	struct task *queued;

	(void)state;
	reopen(APP_FULL, 1);
	log_off("alpha/web01");
	queued = log_off("web02");
	assert_int_equal(app_cancel(app, queued), S_OK);
	assert_ended(queued, S_OK, TASK_RESULT_CANCELLED);
	assert_int_equal(app_cancel(app, queued), E_FAIL);
}

static void a_grace_period_can_be_cancelled(void **state)
{
	const struct logoff_options warned = { .message = "Patches", .grace_s = 60 };
	struct task *task;

	(void)state;
	assert_int_equal(app_submit(app, &vm_named("web02")->id,
				    &(struct op_params){ .operation = OP_LOGOFF, .logoff = warned }, &task, &err),
			 S_OK);
	wait_ms(5000);
	assert_int_equal(task->report.phase, TASK_PHASE_WARN);
	assert_int_equal(app_cancel(app, task), S_OK);
	wait_ms(500);
	assert_ended(task, S_OK, TASK_RESULT_CANCELLED);
}

static void once_somebody_was_told_to_go_it_is_too_late(void **state)
{
	struct task *task = log_off("web02");

	(void)state;
	while (task->report.phase != TASK_PHASE_VERIFY)
		wait_ms(50);
	assert_int_equal(app_cancel(app, task), E_FAIL);
}

static void a_wait_has_the_contracts_bounds(void **state)
{
	struct task *task = log_off("web02");

	(void)state;
	assert_int_equal(app_wait_for(app, task, -2), E_INVALIDARG);
	assert_int_equal(app_wait_for(app, task, 4000001), E_INVALIDARG);
	assert_int_equal(app_wait_for(app, task, 0), S_OK);
	assert_false(task->report.complete);
}

/* ---- lock, journal, audit ---- */

static char *audit_log(void)
{
	char *path = mem_printf("%s/innkeeper/demo/audit.log", scratch_path);
	FILE *file = fopen(path, "r");
	char *bytes = mem_zalloc(8192);

	if (file) {
		assert_true(fread(bytes, 1, 8191, file) > 0);
		fclose(file);
	}
	free(path);
	return bytes;
}

static size_t tasks_in_the_journal(void)
{
	struct journal_entries entries;
	size_t unreadable, count;

	assert_true(journal_read_all(true, &entries, &unreadable, NULL));
	count = entries.count;
	journal_entries_free(&entries);
	return count;
}

static void the_audit_names_who_was_logged_off_and_what_came_of_it(void **state)
{
	char *log;

	(void)state;
	log_off("alpha/web01");
	wait_ms(20000);
	log = audit_log();
	assert_non_null(strstr(log, "state=\"begin\""));
	assert_non_null(strstr(log, "vm=\"web01\""));
	assert_non_null(strstr(log, "users=\"alice, bob\" result=\"S_OK\""));
	free(log);
	assert_int_equal(tasks_in_the_journal(), 0);
}

static void the_audit_names_who_was_locked_and_nobody_where_nobody_is_meant(void **state)
{
	const struct op_params lock = { .operation = OP_LOCK }, disable = { .operation = OP_DISABLE_LOGINS };
	struct task *task;
	char *log;

	(void)state;
	assert_int_equal(app_submit(app, &vm_named("alpha/web01")->id, &lock, &task, &err), S_OK);
	wait_ms(20000);
	assert_int_equal(app_submit(app, &vm_named("web02")->id, &disable, &task, &err), S_OK);
	wait_ms(20000);
	log = audit_log();
	assert_non_null(strstr(log, "vm=\"web01\""));
	assert_non_null(strstr(log, "users=\"alice, bob\""));
	assert_non_null(strstr(strstr(log, "vm=\"web02\""), "users=\"-\""));
	free(log);
}

static void looking_alone_leaves_no_audit(void **state)
{
	char *log;

	(void)state;
	log_off("idle01");
	wait_ms(5000);
	log = audit_log();
	assert_string_equal(log, "");
	free(log);
}

static void nothing_is_sent_where_the_journal_cannot_be_written(void **state)
{
	char *path = mem_printf("%s/innkeeper", scratch_path);
	struct task *task;

	(void)state;
	assert_int_equal(symlink("/nowhere", path), 0);
	free(path);
	task = log_off("web02");
	wait_ms(5000);
	assert_ended(task, DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED);
	assert_true(app_ask_guest(app, vm_named("web02"), true, &err));
	wait_ms(3000);
	assert_int_equal(session_list_total(&vm_named("web02")->sessions), 1);
}

static void a_vm_that_another_console_works_on_is_left_alone(void **state)
{
	struct vm_lock *lock = vm_lock_take(&vm_named("web02")->id.uuid, true, &err);
	struct task *task = log_off("web02");

	(void)state;
	wait_ms(5000);
	assert_ended(task, DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR);
	assert_non_null(strstr(text_str(task->report.error_description), "another innkeeper"));
	vm_lock_release(lock);
}

static void leaving_in_the_middle_leaves_the_task_in_the_journal(void **state)
{
	struct task *task = log_off("alpha/web01");

	(void)state;
	while (task->report.phase != TASK_PHASE_VERIFY)
		wait_ms(50);
	reopen(APP_FULL, 0);
	assert_int_equal(tasks_in_the_journal(), 1);
}

/* Its first send disables logins, when nobody has been chosen yet. */
static void the_journal_of_a_plan_names_who_is_to_go(void **state)
{
	const struct op_params plan = { .operation = OP_DRAIN };
	struct journal_entries entries;
	struct task *task;
	size_t unreadable;
	char *log;

	(void)state;
	assert_int_equal(app_submit(app, &vm_named("alpha/web01")->id, &plan, &task, &err), S_OK);
	while (task->report.phase != TASK_PHASE_VERIFY)
		wait_ms(50);
	assert_true(journal_read_all(true, &entries, &unreadable, &err));
	assert_int_equal(entries.count, 1);
	assert_int_equal(entries.at[0].sessions.count, 2);
	assert_string_equal(text_str(entries.at[0].sessions.at[1].user), "bob");
	journal_entries_free(&entries);
	log = audit_log();
	assert_non_null(strstr(log, "state=\"begin\""));
	assert_non_null(strstr(log, "state=\"users\""));
	assert_non_null(strstr(log, "users=\"alice, bob\""));
	free(log);
}

static void leaving_before_anything_was_sent_leaves_nothing(void **state)
{
	(void)state;
	log_off("alpha/web01");
	wait_ms(50);
	reopen(APP_FULL, 0);
	assert_int_equal(tasks_in_the_journal(), 0);
}

/* ---- looking ---- */

static void a_silent_guest_is_asked_less_and_less(void **state)
{
	struct vm *mute = vm_named("mute01");

	(void)state;
	app_watch(app, &mute->id, 1);
	wait_ms(15000);
	assert_int_equal(mute->failures, 1);
	assert_int_equal(vm_agent_state(mute), AGENT_SILENT);
	assert_false(app_ask_guest(app, mute, false, &err));
	assert_true(app_ask_guest(app, mute, true, &err));
	wait_ms(30000);
	assert_true(mute->failures >= 2);
	assert_true(mute->backoff_until > clock_ms());
}

static void the_watched_rows_learn_their_users_without_being_asked_to(void **state)
{
	struct vm *web = vm_named("alpha/web01");

	(void)state;
	assert_int_equal(web->users_state, USERS_UNKNOWN);
	app_watch(app, &web->id, 1);
	wait_ms(4000);
	assert_int_equal(web->users_state, USERS_KNOWN);
	assert_int_equal(session_list_total(&web->sessions), 2);
	assert_string_equal(text_str(web->os_id), "debian");
}

static void the_watched_rows_tell_their_addresses_once_their_users_are_known(void **state)
{
	struct vm *web = vm_named("alpha/web01");
	int64_t told_at;

	(void)state;
	app_watch(app, &web->id, 1);
	wait_ms(4000);
	assert_int_equal(web->users_state, USERS_KNOWN);
	assert_int_equal(web->addresses_at, 0);
	wait_ms(12000);
	told_at = web->addresses_at;
	assert_true(told_at > 0);
	assert_int_equal(web->addresses.count, 1);
	wait_ms(120000);
	assert_int_equal(web->addresses_at, told_at);
	wait_ms(200000);
	assert_true(web->addresses_at > told_at);
	vm_forget_guest(web);
	assert_int_equal(web->addresses.count, 0);
	assert_int_equal(web->addresses_at, 0);
}

static void nobody_is_asked_for_an_uptime_that_nobody_wants(void **state)
{
	struct vm *web = vm_named("alpha/web01");

	(void)state;
	app_watch(app, &web->id, 1);
	wait_ms(30000);
	assert_int_equal(web->users_state, USERS_KNOWN);
	assert_int_equal(web->uptime.asked_at, 0);
	assert_int_equal(vm_uptime_ms(web, clock_ms()), -1);
}

static void a_wanted_uptime_is_asked_for_once_and_counted_on(void **state)
{
	struct vm *web = vm_named("alpha/web01");
	int64_t asked_at, since;

	(void)state;
	app_watch(app, &web->id, 1);
	app_want_uptimes(app, true, NULL);
	wait_ms(8000);
	assert_true(vm_uptime_ms(web, clock_ms()) >= 3600 * 1000);
	asked_at = web->uptime.asked_at;
	since = web->uptime.since;
	wait_ms(400000);
	assert_int_equal(web->uptime.asked_at, asked_at);
	assert_int_equal(vm_uptime_ms(web, clock_ms()), clock_ms() - since);
}

static void the_uptime_of_one_is_asked_for_at_once_and_of_no_other(void **state)
{
	struct vm *web = vm_named("alpha/web01"), *other = vm_named("alpha/web02");
	const struct vm_id both[] = { web->id, other->id };

	(void)state;
	app_watch(app, both, 2);
	wait_ms(8000);
	app_want_uptimes(app, false, &web->id);
	assert_true(web->sessions_asked);
	wait_ms(8000);
	assert_true(vm_uptime_ms(web, clock_ms()) > 0);
	assert_int_equal(other->uptime.asked_at, 0);
}

static void a_guest_that_cannot_tell_its_uptime_is_asked_less_often_than_its_users(void **state)
{
	struct vm *web = vm_named("alpha/web01");
	int64_t asked_at;

	(void)state;
	app_watch(app, &web->id, 1);
	app_want_uptimes(app, true, NULL);
	wait_ms(8000);
	uptime_forget(&web->uptime);
	web->uptime.asked_at = asked_at = clock_ms(); /* as if it had said nothing */
	wait_ms(290000);
	assert_true(web->sessions_at > asked_at);
	assert_int_equal(web->uptime.asked_at, asked_at);
	wait_ms(90000);
	assert_true(web->uptime.asked_at > asked_at);
}

static void who_starts_or_reboots_before_our_eyes_need_not_be_asked(void **state)
{
	struct vm *off = vm_named("off01"), *web = vm_named("alpha/web02");
	struct task *task;

	(void)state;
	assert_int_equal(app_submit(app, &off->id, &(struct op_params){ .operation = OP_START }, &task, &err), S_OK);
	assert_int_equal(app_submit(app, &web->id, &(struct op_params){ .operation = OP_RESET }, &task, &err), S_OK);
	wait_ms(20000);
	assert_in_range(vm_uptime_ms(off, clock_ms()), 15000, 20000);
	assert_in_range(vm_uptime_ms(web, clock_ms()), 15000, 20000);
	assert_int_equal(off->uptime.asked_at, 0);
	assert_int_equal(app_submit(app, &off->id, &(struct op_params){ .operation = OP_DESTROY }, &task, &err), S_OK);
	wait_ms(5000);
	assert_int_equal(vm_uptime_ms(off, clock_ms()), -1);
}

static void who_goes_on_from_a_saved_state_has_to_be_asked(void **state)
{
	struct vm *web = vm_named("alpha/web01");
	struct task *task;

	(void)state;
	assert_int_equal(app_submit(app, &web->id, &(struct op_params){ .operation = OP_RESET }, &task, &err), S_OK);
	wait_ms(20000);
	assert_int_equal(app_submit(app, &web->id, &(struct op_params){ .operation = OP_MANAGEDSAVE }, &task, &err),
			 S_OK);
	wait_ms(20000);
	assert_int_equal(web->info.state, VM_STATE_SAVED);
	assert_int_equal(app_submit(app, &web->id, &(struct op_params){ .operation = OP_START }, &task, &err), S_OK);
	wait_ms(10000);
	assert_true(vm_state_is_active(web->info.state));
	assert_int_equal(vm_uptime_ms(web, clock_ms()), -1);
	app_watch(app, &web->id, 1);
	app_want_uptimes(app, true, NULL);
	wait_ms(20000);
	assert_true(vm_uptime_ms(web, clock_ms()) >= 60000);
}

static void who_only_looks_asks_for_no_uptime(void **state)
{
	struct vm *web;

	(void)state;
	reopen(APP_READ_ONLY, 0);
	web = vm_named("alpha/web01");
	app_watch(app, &web->id, 1);
	app_want_uptimes(app, true, &web->id);
	wait_ms(30000);
	assert_int_equal(web->uptime.asked_at, 0);
	assert_int_equal(vm_uptime_ms(web, clock_ms()), -1);
}

static void who_was_logged_off_stands_in_the_timeline_as_ours(void **state)
{
	struct vm *web = vm_named("alpha/web01");

	(void)state;
	app_ask_guest(app, web, true, &err);
	wait_ms(3000);
	log_off("alpha/web01");
	wait_ms(20000);
	assert_non_null(timeline_at(web->timeline, 0));
	assert_int_equal(timeline_at(web->timeline, 0)->kind, TIMELINE_LOGOFF_EXTERNAL);
}

/* ---- verbs ---- */

static void a_verb_is_watched_until_the_state_is_there(void **state)
{
	struct task *task;

	(void)state;
	assert_int_equal(
		app_submit(app, &vm_named("off01")->id, &(struct op_params){ .operation = OP_START }, &task, &err),
		S_OK);
	wait_ms(20000);
	assert_ended(task, S_OK, TASK_RESULT_SUCCESS);
	assert_true(vm_state_is_active(vm_named("off01")->info.state));
	assert_string_equal(text_str(task->description), "Start off01");
}

static void a_verb_that_makes_no_sense_is_refused(void **state)
{
	struct task *task;

	(void)state;
	assert_int_equal(app_submit(app, &vm_named("alpha/web01")->id, &(struct op_params){ .operation = OP_START },
				    &task, &err),
			 DISP_E_EXCEPTION);
	assert_non_null(strstr(text_str(err_text(&err)), "already running"));
	assert_int_equal(
		app_submit(app, &vm_named("off01")->id, &(struct op_params){ .operation = OP_SHUTDOWN }, &task, &err),
		VM_E_VM_NOT_RUNNING);
}

#define app_test(f) cmocka_unit_test_setup_teardown(f, two_hosts, no_hosts)

int main(void)
{
	const struct CMUnitTest tests[] = {
		app_test(the_call_returns_at_once_and_the_task_tracks_the_sequence),
		app_test(no_place_for_the_task_is_e_pointer),
		app_test(each_refusal_has_its_code_and_says_what_to_do),
		app_test(a_vm_that_is_gone_is_unknown),
		app_test(a_locked_session_sees_users_and_refuses_every_action),
		app_test(a_read_only_session_cannot_see_users),
		app_test(nobody_logged_on_comes_through_the_tasks_error),
		app_test(a_vm_has_one_task_at_a_time),
		app_test(a_refusal_can_be_noted_as_a_complete_task),
		app_test(only_so_many_tasks_run_at_the_same_time),
		app_test(a_queued_task_is_cancelled_at_once),
		app_test(a_grace_period_can_be_cancelled),
		app_test(once_somebody_was_told_to_go_it_is_too_late),
		app_test(a_wait_has_the_contracts_bounds),
		app_test(the_audit_names_who_was_logged_off_and_what_came_of_it),
		app_test(the_audit_names_who_was_locked_and_nobody_where_nobody_is_meant),
		app_test(looking_alone_leaves_no_audit),
		app_test(nothing_is_sent_where_the_journal_cannot_be_written),
		app_test(a_vm_that_another_console_works_on_is_left_alone),
		app_test(leaving_in_the_middle_leaves_the_task_in_the_journal),
		app_test(the_journal_of_a_plan_names_who_is_to_go),
		app_test(leaving_before_anything_was_sent_leaves_nothing),
		app_test(a_silent_guest_is_asked_less_and_less),
		app_test(the_watched_rows_learn_their_users_without_being_asked_to),
		app_test(the_watched_rows_tell_their_addresses_once_their_users_are_known),
		app_test(nobody_is_asked_for_an_uptime_that_nobody_wants),
		app_test(a_wanted_uptime_is_asked_for_once_and_counted_on),
		app_test(the_uptime_of_one_is_asked_for_at_once_and_of_no_other),
		app_test(a_guest_that_cannot_tell_its_uptime_is_asked_less_often_than_its_users),
		app_test(who_starts_or_reboots_before_our_eyes_need_not_be_asked),
		app_test(who_goes_on_from_a_saved_state_has_to_be_asked),
		app_test(who_only_looks_asks_for_no_uptime),
		app_test(who_was_logged_off_stands_in_the_timeline_as_ours),
		app_test(a_verb_is_watched_until_the_state_is_there),
		app_test(a_verb_that_makes_no_sense_is_refused),
	};

	return cmocka_run_group_tests_name("app", tests, NULL, NULL);
}

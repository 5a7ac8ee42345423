/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hosts, guests and tasks joined, over two simulated hosts with a fake clock and no threads. */
#include "backend/guest/guest_checkup.h"
#include "base/clock.h"
#include "engine/audit.h"
#include "engine/journal.h"
#include "engine/session_log.h"
#include "engine/state_dir.h"
#include "engine/vm_lock.h"
#include "scratch_dir.h"
#include "tests/paths.h"
#include "tests/unit/app_world.h"
#include "unit.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static struct err err;

/* ---- the world ---- */

FIXTURE(two_hosts)
{
	scratch_begin();
	app_world_begin(SCENARIOS "/app.conf", 0, 3000);
}

static void reopen(enum app_mode mode, int parallel)
{
	app_world_close();
	app_world_open(SCENARIOS "/app.conf", mode, parallel);
	wait_ms(3000);
}

/* ---- what is done ---- */

static void assert_refused(const char *name, hresult code, const char *words)
{
	struct task *task = NULL;

	err = (struct err){ 0 };
	assert_int_equal(
		app_submit(app, &vm_named(name)->id, &(struct op_params){ .operation = OP_LOGOFF }, &task, &err), code);
	assert_null(task);
	assert_says(err.buf, words);
}

/* ---- the call's own result ---- */

TEST(the_call_returns_at_once_and_the_task_tracks_the_sequence)
{
	struct task *task = log_off_vm("alpha/web01");

	assert_false(task->report.complete);
	assert_int_equal(task->report.percent, 0);
	wait_ms(20000);
	has_ended(task, S_OK, TASK_RESULT_SUCCESS);
	assert_int_equal(task->report.percent, 100);
	assert_int_equal(task->report.sessions_before, 2);
	assert_int_equal(task->report.sessions_after, 0);
	assert_string_equal(text_str(task->description), "Log off 2 users of web01");
}

TEST(no_place_for_the_task_is_e_pointer)
{
	assert_int_equal(app_submit(app, &vm_named("alpha/web01")->id, &(struct op_params){ .operation = OP_LOGOFF },
				    NULL, NULL),
			 E_POINTER);
	assert_int_equal(
		app_submit(app, &vm_named("alpha/web01")->id, &(struct op_params){ .operation = OP_START }, NULL, NULL),
		E_POINTER);
}

TEST(each_refusal_has_its_code_and_says_what_to_do)
{
	assert_refused("off01", VM_E_VM_NOT_RUNNING, "start it first");
	assert_refused("paused01", VM_E_VM_PAUSED, "resume it first");
	assert_refused("bare01", VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "org.qemu.guest_agent.0");
	assert_refused("down01", VM_E_ADDITIONS_NOT_AVAIL, "qemu-guest-agent");
}

TEST(a_vm_that_is_gone_is_unknown)
{
	const struct vm_id nobody = { .host = 0, .uuid = { .bytes = { 9 } } };
	struct task *task;

	assert_int_equal(app_submit(app, &nobody, &(struct op_params){ .operation = OP_LOGOFF }, &task, &err),
			 VM_E_VM_UNKNOWN);
}

TEST(a_locked_session_sees_users_and_refuses_every_action)
{
	struct task *task;

	reopen(APP_LOCKED, 0);
	assert_true(app_ask_guest(app, vm_named("web02"), true, &err));
	wait_ms(3000);
	assert_int_equal(vm_named("web02")->users_state, USERS_KNOWN);
	assert_refused("web02", E_ACCESS_DENIED, "--lock");
	assert_int_equal(
		app_submit(app, &vm_named("off01")->id, &(struct op_params){ .operation = OP_START }, &task, &err),
		E_ACCESS_DENIED);
}

TEST(a_read_only_session_cannot_see_users)
{
	reopen(APP_READ_ONLY, 0);
	assert_err(ERR_DENIED, app_ask_guest(app, vm_named("web02"), true, &err));
	assert_refused("web02", E_ACCESS_DENIED, "-r");
}

TEST(nobody_logged_on_comes_through_the_tasks_error)
{
	struct task *task = log_off_vm("idle01");

	wait_ms(5000);
	has_ended(task, E_NO_SUCH_LOGON_SESSION, TASK_RESULT_SUCCESS);
}

TEST(a_vm_has_one_task_at_a_time)
{
	log_off_vm("alpha/web01");
	assert_refused("alpha/web01", DISP_E_EXCEPTION, "still working");
}

TEST(a_refusal_can_be_noted_as_a_complete_task)
{
	struct task *task;

	assert_refused("off01", VM_E_VM_NOT_RUNNING, "start");
	task = app_note_refusal(app, &vm_named("off01")->id, OP_LOGOFF, VM_E_VM_NOT_RUNNING, &err);
	has_ended(task, VM_E_VM_NOT_RUNNING, TASK_RESULT_UNEXPECTED_ERROR);
	assert_int_equal(app_cancel(app, task), E_FAIL);
}

/* ---- several, cancelling, waiting ---- */

TEST(only_so_many_tasks_run_at_the_same_time)
{
	struct task *first, *second;

	reopen(APP_FULL, 1);
	first = log_off_vm("alpha/web01");
	second = log_off_vm("beta/web01");
	wait_ms(500);
	assert_true(first->running);
	assert_false(second->running);
	wait_ms(30000);
	has_ended(first, S_OK, TASK_RESULT_SUCCESS);
	has_ended(second, S_OK, TASK_RESULT_SUCCESS);
}

TEST(a_queued_task_is_cancelled_at_once)
{
	struct task *queued;

	reopen(APP_FULL, 1);
	log_off_vm("alpha/web01");
	queued = log_off_vm("web02");
	assert_int_equal(app_cancel(app, queued), S_OK);
	has_ended(queued, S_OK, TASK_RESULT_CANCELLED);
	assert_int_equal(app_cancel(app, queued), E_FAIL);
}

TEST(a_grace_period_can_be_cancelled)
{
	const struct logoff_options warned = { .message = "Patches", .grace_s = 60 };
	struct task *task;

	assert_int_equal(app_submit(app, &vm_named("web02")->id,
				    &(struct op_params){ .operation = OP_LOGOFF, .logoff = warned }, &task, &err),
			 S_OK);
	wait_ms(5000);
	assert_int_equal(task->report.phase, TASK_PHASE_WARN);
	assert_int_equal(app_cancel(app, task), S_OK);
	wait_ms(500);
	has_ended(task, S_OK, TASK_RESULT_CANCELLED);
}

TEST(once_somebody_was_told_to_go_it_is_too_late)
{
	struct task *task = log_off_vm("web02");

	wait_until_told(task);
	assert_int_equal(app_cancel(app, task), E_FAIL);
}

TEST(a_wait_has_the_contracts_bounds)
{
	struct task *task = log_off_vm("web02");

	assert_int_equal(app_wait_for(app, task, -2), E_INVALIDARG);
	assert_int_equal(app_wait_for(app, task, 4000001), E_INVALIDARG);
	assert_int_equal(app_wait_for(app, task, 0), S_OK);
	assert_false(task->report.complete);
}

/* ---- lock, journal, audit ---- */

TEST(the_audit_names_who_was_logged_off_and_what_came_of_it)
{
	char *log;

	log_off_vm("alpha/web01");
	wait_ms(20000);
	log = keep(read_audit());
	assert_non_null(strstr(log, "state=\"begin\""));
	assert_non_null(strstr(log, "vm=\"web01\""));
	assert_non_null(strstr(log, "users=\"alice, bob\" result=\"S_OK\""));
	assert_int_equal(left_in_the_journal(), 0);
}

TEST(the_audit_names_who_was_locked_and_nobody_where_nobody_is_meant)
{
	char *log;

	perform(vm_named("alpha/web01"), OP_LOCK);
	wait_ms(20000);
	perform(vm_named("web02"), OP_DISABLE_LOGINS);
	wait_ms(20000);
	log = keep(read_audit());
	assert_non_null(strstr(log, "vm=\"web01\""));
	assert_non_null(strstr(log, "users=\"alice\""));
	assert_non_null(strstr(strstr(log, "vm=\"web02\""), "users=\"-\""));
}

TEST(looking_alone_leaves_no_audit)
{
	char *log;

	log_off_vm("idle01");
	wait_ms(5000);
	log = keep(read_audit());
	assert_string_equal(log, "");
}

TEST(nothing_is_sent_where_the_journal_cannot_be_written)
{
	char *path = keep(mem_printf("%s/innkeeper", scratch_path));
	struct task *task;

	assert_int_equal(symlink("/nowhere", path), 0);
	task = log_off_vm("web02");
	wait_ms(5000);
	has_ended(task, DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED);
	assert_true(app_ask_guest(app, vm_named("web02"), true, &err));
	wait_ms(3000);
	assert_int_equal(session_list_total(&vm_named("web02")->sessions), 1);
}

TEST(a_vm_that_another_console_works_on_is_left_alone)
{
	struct vm_lock *lock = vm_lock_take(&vm_named("web02")->id.uuid, true, &err);
	struct task *task = log_off_vm("web02");

	wait_ms(5000);
	has_ended(task, DISP_E_EXCEPTION, TASK_RESULT_UNEXPECTED_ERROR);
	assert_non_null(strstr(text_str(task->report.error_description), "another innkeeper"));
	vm_lock_release(lock);
}

TEST(leaving_in_the_middle_leaves_the_task_in_the_journal)
{
	struct task *task = log_off_vm("alpha/web01");

	wait_until_told(task);
	reopen(APP_FULL, 0);
	assert_int_equal(left_in_the_journal(), 1);
}

/* Its first send disables logins, when nobody has been chosen yet. */
TEST(the_journal_of_a_plan_names_who_is_to_go)
{
	struct journal_entries entries;
	size_t unreadable;
	char *log;

	wait_until_told(perform(vm_named("alpha/web01"), OP_DRAIN));
	assert_true(journal_read_all(true, &entries, &unreadable, &err));
	assert_int_equal(entries.count, 1);
	assert_int_equal(entries.at[0].sessions.count, 2);
	assert_string_equal(text_str(entries.at[0].sessions.at[1].user), "bob");
	journal_entries_free(&entries);
	log = keep(read_audit());
	assert_non_null(strstr(log, "state=\"begin\""));
	assert_non_null(strstr(log, "state=\"users\""));
	assert_non_null(strstr(log, "users=\"alice, bob\""));
}

TEST(leaving_before_anything_was_sent_leaves_nothing)
{
	log_off_vm("alpha/web01");
	wait_ms(50);
	reopen(APP_FULL, 0);
	assert_int_equal(left_in_the_journal(), 0);
}

/* ---- looking ---- */

TEST(a_silent_guest_is_asked_less_and_less)
{
	struct vm *mute = vm_named("mute01");

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

TEST(the_watched_rows_learn_their_users_without_being_asked_to)
{
	struct vm *web = vm_named("alpha/web01");

	assert_int_equal(web->users_state, USERS_UNKNOWN);
	app_watch(app, &web->id, 1);
	wait_ms(4000);
	assert_int_equal(web->users_state, USERS_KNOWN);
	assert_int_equal(session_list_total(&web->sessions), 2);
	assert_string_equal(text_str(web->os_id), "debian");
}

TEST(the_watched_rows_tell_their_addresses_once_their_users_are_known)
{
	struct vm *web = vm_named("alpha/web01");
	int64_t told_at;

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

TEST(nobody_is_asked_for_an_uptime_that_nobody_wants)
{
	struct vm *web = vm_named("alpha/web01");

	app_watch(app, &web->id, 1);
	wait_ms(30000);
	assert_int_equal(web->users_state, USERS_KNOWN);
	assert_int_equal(web->uptime.asked_at, 0);
	assert_int_equal(vm_uptime_ms(web, clock_ms()), -1);
}

TEST(a_wanted_uptime_is_asked_for_once_and_counted_on)
{
	struct vm *web = vm_named("alpha/web01");
	int64_t asked_at, since;

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

TEST(the_uptime_of_one_is_asked_for_at_once_and_of_no_other)
{
	struct vm *web = vm_named("alpha/web01"), *other = vm_named("alpha/web02");
	const struct vm_id both[] = { web->id, other->id };

	app_watch(app, both, 2);
	wait_ms(8000);
	app_want_uptimes(app, false, &web->id);
	assert_true(web->sessions_asked);
	wait_ms(8000);
	assert_true(vm_uptime_ms(web, clock_ms()) > 0);
	assert_int_equal(other->uptime.asked_at, 0);
}

TEST(a_guest_that_cannot_tell_its_uptime_is_asked_less_often_than_its_users)
{
	struct vm *web = vm_named("alpha/web01");
	int64_t asked_at;

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

TEST(a_channel_that_is_added_is_seen_and_stands_in_the_audit)
{
	struct vm *bare = vm_named("bare01");
	struct task *task = perform(bare, OP_ADD_CHANNEL);
	char *audit;

	wait_ms(3000);
	has_ended(task, S_OK, TASK_RESULT_SUCCESS);
	assert_int_equal(bare->info.channel, CHANNEL_DISCONNECTED);
	audit = keep(read_audit());
	assert_says(audit, "add-channel");
	reopen(APP_LOCKED, 0);
	assert_int_equal(app_submit(app, &vm_named("bare01")->id, &(struct op_params){ .operation = OP_ADD_CHANNEL },
				    &(struct task *){ NULL }, &err),
			 E_ACCESS_DENIED);
}

static struct guest_checkup checkup_of(const char *name)
{
	struct vm *vm = vm_named(name);

	app_ask_guest(app, vm, true, &err);
	wait_ms(60000);
	assert_non_null(vm->profile);
	return vm->profile->checkup;
}

TEST(for_a_checkup_the_host_is_asked_and_the_guest_as_far_as_it_answers)
{
	struct guest_checkup checkup;

	app_wants_checkups = true;
	reopen(APP_FULL, 0);
	app_wants_checkups = false;
	checkup = checkup_of("alpha/web01");
	assert_true(checkup.host_known && checkup.clock_known && checkup.processes_known && checkup.units_known);
	assert_int_equal(checkup.trouble, ERR_NONE);
	checkup = checkup_of("bare01");
	assert_true(checkup.host_known && !checkup.host.channel_is_defined);
	checkup = checkup_of("held01");
	assert_int_equal(checkup.trouble, ERR_BUSY);
	assert_false(checkup.clock_known || checkup.processes_known || checkup.units_known);
	assert_int_equal(checkup_of("mute01").trouble, ERR_NO_ANSWER);
}

TEST(who_starts_or_reboots_before_our_eyes_need_not_be_asked)
{
	struct vm *off = vm_named("off01"), *web = vm_named("alpha/web02");

	perform(off, OP_START);
	perform(web, OP_RESET);
	wait_ms(20000);
	assert_in_range(vm_uptime_ms(off, clock_ms()), 15000, 20000);
	assert_in_range(vm_uptime_ms(web, clock_ms()), 15000, 20000);
	assert_int_equal(off->uptime.asked_at, 0);
	perform(off, OP_DESTROY);
	wait_ms(5000);
	assert_int_equal(vm_uptime_ms(off, clock_ms()), -1);
}

TEST(who_goes_on_from_a_saved_state_has_to_be_asked)
{
	struct vm *web = vm_named("alpha/web01");

	perform(web, OP_RESET);
	wait_ms(20000);
	perform(web, OP_MANAGEDSAVE);
	wait_ms(20000);
	assert_int_equal(web->info.state, VM_STATE_SAVED);
	perform(web, OP_START);
	wait_ms(10000);
	assert_true(vm_state_is_active(web->info.state));
	assert_int_equal(vm_uptime_ms(web, clock_ms()), -1);
	app_watch(app, &web->id, 1);
	app_want_uptimes(app, true, NULL);
	wait_ms(20000);
	assert_true(vm_uptime_ms(web, clock_ms()) >= 60000);
}

TEST(who_only_looks_asks_for_no_uptime)
{
	struct vm *web;

	reopen(APP_READ_ONLY, 0);
	web = vm_named("alpha/web01");
	app_watch(app, &web->id, 1);
	app_want_uptimes(app, true, &web->id);
	wait_ms(30000);
	assert_int_equal(web->uptime.asked_at, 0);
	assert_int_equal(vm_uptime_ms(web, clock_ms()), -1);
}

TEST(who_was_logged_off_stands_in_the_timeline_as_ours)
{
	struct vm *web = vm_named("alpha/web01");

	app_ask_guest(app, web, true, &err);
	wait_ms(3000);
	log_off_vm("alpha/web01");
	wait_ms(20000);
	assert_non_null(timeline_at(web->timeline, 0));
	assert_int_equal(timeline_at(web->timeline, 0)->kind, TIMELINE_LOGOFF_EXTERNAL);
}

TEST(sessions_that_ended_are_kept_on_disk_where_somebody_asked_for_it)
{
	OWN(session_log) struct session_log none = { 0 }, log = { 0 };
	struct vm *web = vm_named("alpha/web01");

	for (int round = 0; round < 2; round++) {
		config.history = round > 0;
		app_ask_guest(app, web, true, &err);
		wait_ms(3000);
		log_off_vm("alpha/web01");
		wait_ms(20000);
		worker_crank(app_disk(app), NULL);
		assert_true(session_log_read(true, round ? &log : &none, &err));
		reopen(APP_FULL, 0);
		web = vm_named("alpha/web01");
	}
	config.history = false;
	assert_int_equal(none.count, 0);
	assert_int_equal(log.count, 2);
	assert_string_equal(log.at[0].how, "innkeeper");
	assert_string_equal(text_str(log.at[0].texts[LOG_VM]), "web01");
}

/* ---- verbs ---- */

TEST(a_verb_is_watched_until_the_state_is_there)
{
	struct task *task = perform(vm_named("off01"), OP_START);

	wait_ms(20000);
	has_ended(task, S_OK, TASK_RESULT_SUCCESS);
	assert_true(vm_state_is_active(vm_named("off01")->info.state));
	assert_string_equal(text_str(task->description), "Start off01");
}

TEST(a_verb_that_makes_no_sense_is_refused)
{
	struct task *task;

	assert_int_equal(app_submit(app, &vm_named("alpha/web01")->id, &(struct op_params){ .operation = OP_START },
				    &task, &err),
			 DISP_E_EXCEPTION);
	assert_non_null(strstr(text_str(err_text(&err)), "already running"));
	assert_int_equal(
		app_submit(app, &vm_named("off01")->id, &(struct op_params){ .operation = OP_SHUTDOWN }, &task, &err),
		VM_E_VM_NOT_RUNNING);
}

/* ---- around a task: its guest reboots, its audit cannot be written, its journal breaks off, it is about logins ----
 */

FIXTURE(the_surroundings)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	scratch_begin();
	sigaction(SIGXFSZ, &ignore, NULL); /* a full disk is an error, not the end */
	app_world_begin(SCENARIOS "/around.conf", 0, 3000);
}

TEST_WITH(a_reboot_is_told_to_the_task_that_waits, the_surroundings, app_world_end)
{
	struct task *task = log_off_vm("late");

	wait_ms(5000);
	assert_false(task->report.complete);
	wait_ms(120 * 1000);
	assert_true(task->report.complete);
	assert_int_equal(task->report.error, S_OK);
}

TEST_WITH(without_an_audit_nothing_is_sent, the_surroundings, app_world_end)
{
	char *path = keep(mem_printf("%s/innkeeper", scratch_path)), *demo = keep(mem_printf("%s/demo", path));
	char *audit = keep(mem_printf("%s/audit.log", demo));
	struct task *task;

	mkdir(path, 0700);
	mkdir(demo, 0700);
	assert_int_equal(mkdir(audit, 0700), 0);
	task = log_off_vm("web");
	wait_ms(10000);
	assert_true(task->report.complete);
	assert_int_equal(task->report.result, TASK_RESULT_DISK_RELATED);
	assert_true(app_ask_guest(app, vm_named("web"), true, &err));
	wait_ms(3000);
	assert_int_equal(session_list_total(&vm_named("web")->sessions), 2);
}

/* The disk fills between the journal's first line and the names of those who go. */
TEST_WITH(a_journal_that_breaks_off_stops_it_unsent, the_surroundings, app_world_end)
{
	const struct rlimit small = { .rlim_cur = 0, .rlim_max = RLIM_INFINITY };
	const struct rlimit before = { RLIM_INFINITY, RLIM_INFINITY };
	struct task *task = log_off_vm("web");

	worker_crank(app_backend(app, 0)->agents, NULL); /* lock and journal are taken */
	setrlimit(RLIMIT_FSIZE, &small);
	wait_ms(10000);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_true(task->report.complete);
	assert_int_equal(task->report.result, TASK_RESULT_DISK_RELATED);
	assert_true(app_ask_guest(app, vm_named("web"), true, &err));
	wait_ms(3000);
	assert_int_equal(session_list_total(&vm_named("web")->sessions), 2);
}

TEST_WITH(disabled_logins_stay_in_the_journal_until_they_are_enabled, the_surroundings, app_world_end)
{
	struct task *task = perform(vm_named("quiet"), OP_DISABLE_LOGINS);

	wait_ms(10000);
	assert_int_equal(task->report.error, S_OK);
	assert_true(vm_named("quiet")->logins_disabled);
	assert_int_equal(left_in_the_journal(), 1);
	perform(vm_named("quiet"), OP_DISABLE_LOGINS);
	wait_ms(10000);
	assert_int_equal(left_in_the_journal(), 1);
	task = perform(vm_named("quiet"), OP_ENABLE_LOGINS);
	wait_ms(10000);
	assert_false(vm_named("quiet")->logins_disabled);
	assert_int_equal(left_in_the_journal(), 0);
}

TEST_WITH(an_outcome_that_nobody_saw_stays_in_the_journal, the_surroundings, app_world_end)
{
	struct task *mute = log_off_vm("mute");

	wait_ms(200 * 1000);
	assert_int_equal(mute->report.error, VM_E_TIMED_OUT);
	assert_true(mute->report.maybe_sent);
	assert_int_equal(left_in_the_journal(), 1);
}

TEST_WITH(of_a_guest_that_is_paused_the_task_itself_says_what_to_do, the_surroundings, app_world_end)
{
	struct task *tired = log_off_vm("tired");

	wait_ms(200 * 1000);
	assert_int_equal(tired->report.error, VM_E_VM_PAUSED);
	assert_true(tired->report.maybe_sent);
	assert_int_equal(left_in_the_journal(), 0);
}

TEST_WITH(a_reboot_that_was_seen_ends_its_task, the_surroundings, app_world_end)
{
	struct task *task = perform(vm_named("web"), OP_REBOOT);

	wait_ms(60 * 1000);
	assert_true(task->report.complete);
	assert_int_equal(task->report.error, S_OK);
}

/* The folder of journals is not ours alone any more: what stands there is neither believed nor taken away. */
TEST_WITH(disabled_logins_that_cannot_be_read_of_are_not_forgotten, the_surroundings, app_world_end)
{
	char *folder = keep(mem_printf("%s/innkeeper/" STATE_DIR_DEMO "/tasks", scratch_path));
	struct task *task;

	perform(vm_named("quiet"), OP_DISABLE_LOGINS);
	wait_ms(10000);
	assert_int_equal(left_in_the_journal(), 1);
	task = perform(vm_named("quiet"), OP_ENABLE_LOGINS);
	worker_crank(app_backend(app, 0)->agents, NULL); /* its own journal is begun */
	assert_int_equal(chmod(folder, 0777), 0);
	wait_ms(10000);
	assert_int_equal(task->report.error, S_OK);
	assert_int_equal(chmod(folder, 0700), 0);
	assert_int_equal(left_in_the_journal(), 1);
}

RUN_TESTS_EACH("app", NULL, NULL, two_hosts, app_world_end)

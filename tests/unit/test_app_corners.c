/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Around a task: its guest reboots, its audit cannot be written, its journal breaks off, it is about logins. */
#include "engine/audit.h"
#include "engine/journal.h"
#include "engine/state_dir.h"
#include "scratch_dir.h"
#include "tests/unit/app_world.h"
#include "ui/app/app_tasks.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

static struct err err;
static const struct logoff_options everybody = { 0 };

static const char world[] = "seed = 4;\n"
			    "hosts = ( { name = \"inn\"; vms = (\n"
			    "{ name = \"late\"; logins = ( { user = \"ann\"; leaves = \"late\"; } ); events = ( { what "
			    "= \"reboot\"; at = 12; } ); },\n"
			    "{ name = \"web\"; logins = ( { user = \"ben\"; }, { user = \"cleo\"; } ); },\n"
			    "{ name = \"quiet\"; },\n"
			    "{ name = \"mute\"; logins = ( { user = \"dan\"; leaves = \"late\"; } ); events = ( { what "
			    "= \"agent-down\"; at = 9; } ); },\n"
			    "{ name = \"tired\"; logins = ( { user = \"eve\"; leaves = \"late\"; } ); events = ( { "
			    "what = \"pause\"; at = 9; } ); }\n"
			    ") } );\n";

static int open_inn(void **state)
{
	char *path;
	FILE *file;

	if (scratch_setup(state) < 0)
		return -1;
	app_world_prepare();
	err = (struct err){ 0 };
	path = mem_printf("%s/inn.conf", scratch_path);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(world, file);
	fclose(file);
	app_world_open(path, APP_FULL, 0);
	free(path);
	wait_ms(3000);
	return 0;
}

static int close_inn(void **state)
{
	app_world_close();
	config_free(&config);
	return scratch_teardown(state);
}

static struct task *log_off(const char *name)
{
	struct task *task = NULL;

	if (app_submit(app, &vm_named(name)->id, &(struct op_params){ .operation = OP_LOGOFF, .logoff = everybody },
		       &task, &err) != S_OK)
		fail_msg("%s", err.buf);
	return task;
}

TEST(a_reboot_is_told_to_the_task_that_waits)
{
	struct task *task = log_off("late");

	wait_ms(5000);
	assert_false(task->report.complete);
	wait_ms(120 * 1000);
	assert_true(task->report.complete);
	assert_int_equal(task->report.error, S_OK);
}

TEST(without_an_audit_nothing_is_sent)
{
	char *path = mem_printf("%s/innkeeper", scratch_path), *demo = mem_printf("%s/demo", path);
	char *audit = mem_printf("%s/audit.log", demo);
	struct task *task;

	mkdir(path, 0700);
	mkdir(demo, 0700);
	assert_int_equal(mkdir(audit, 0700), 0);
	task = log_off("web");
	wait_ms(10000);
	assert_true(task->report.complete);
	assert_int_equal(task->report.result, TASK_RESULT_DISK_RELATED);
	assert_true(app_ask_guest(app, vm_named("web"), true, &err));
	wait_ms(3000);
	assert_int_equal(session_list_total(&vm_named("web")->sessions), 2);
	free(path);
	free(demo);
	free(audit);
}

/* The disk fills between the journal's first line and the names of those who go. */
TEST(a_journal_that_breaks_off_stops_it_unsent)
{
	const struct rlimit small = { .rlim_cur = 0, .rlim_max = RLIM_INFINITY };
	const struct rlimit before = { RLIM_INFINITY, RLIM_INFINITY };
	struct task *task = log_off("web");

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

static size_t left_in_the_journal(void)
{
	struct journal_entries entries = { 0 };
	size_t unreadable, count;

	assert_true(journal_read_all(true, &entries, &unreadable, &err));
	count = entries.count;
	journal_entries_free(&entries);
	return count;
}

TEST(disabled_logins_stay_in_the_journal_until_they_are_enabled)
{
	const struct logoff_options options = { 0 };
	struct task *task;

	assert_int_equal(app_submit(app, &vm_named("quiet")->id,
				    &(struct op_params){ .operation = OP_DISABLE_LOGINS, .logoff = options }, &task,
				    &err),
			 S_OK);
	wait_ms(10000);
	assert_int_equal(task->report.error, S_OK);
	assert_true(vm_named("quiet")->logins_disabled);
	assert_int_equal(left_in_the_journal(), 1);
	assert_int_equal(app_submit(app, &vm_named("quiet")->id,
				    &(struct op_params){ .operation = OP_DISABLE_LOGINS, .logoff = options }, &task,
				    &err),
			 S_OK);
	wait_ms(10000);
	assert_int_equal(left_in_the_journal(), 1);
	assert_int_equal(app_submit(app, &vm_named("quiet")->id,
				    &(struct op_params){ .operation = OP_ENABLE_LOGINS, .logoff = options }, &task,
				    &err),
			 S_OK);
	wait_ms(10000);
	assert_false(vm_named("quiet")->logins_disabled);
	assert_int_equal(left_in_the_journal(), 0);
}

TEST(an_outcome_that_nobody_saw_stays_in_the_journal)
{
	struct task *mute = log_off("mute");

	wait_ms(200 * 1000);
	assert_int_equal(mute->report.error, VM_E_TIMED_OUT);
	assert_true(mute->report.maybe_sent);
	assert_int_equal(left_in_the_journal(), 1);
}

TEST(of_a_guest_that_is_paused_the_task_itself_says_what_to_do)
{
	struct task *tired = log_off("tired");

	wait_ms(200 * 1000);
	assert_int_equal(tired->report.error, VM_E_VM_PAUSED);
	assert_true(tired->report.maybe_sent);
	assert_int_equal(left_in_the_journal(), 0);
}

TEST(a_reboot_that_was_seen_ends_its_task)
{
	struct task *task;

	assert_int_equal(
		app_submit(app, &vm_named("web")->id, &(struct op_params){ .operation = OP_REBOOT }, &task, &err),
		S_OK);
	wait_ms(60 * 1000);
	assert_true(task->report.complete);
	assert_int_equal(task->report.error, S_OK);
}

/* The folder of journals is not ours alone any more: what stands there is neither believed nor taken away. */
TEST(disabled_logins_that_cannot_be_read_of_are_not_forgotten)
{
	const struct logoff_options options = { 0 };
	char *folder = mem_printf("%s/innkeeper/" STATE_DIR_DEMO "/tasks", scratch_path);
	struct task *task;

	assert_int_equal(app_submit(app, &vm_named("quiet")->id,
				    &(struct op_params){ .operation = OP_DISABLE_LOGINS, .logoff = options }, &task,
				    &err),
			 S_OK);
	wait_ms(10000);
	assert_int_equal(left_in_the_journal(), 1);
	assert_int_equal(app_submit(app, &vm_named("quiet")->id,
				    &(struct op_params){ .operation = OP_ENABLE_LOGINS, .logoff = options }, &task,
				    &err),
			 S_OK);
	worker_crank(app_backend(app, 0)->agents, NULL); /* its own journal is begun */
	assert_int_equal(chmod(folder, 0777), 0);
	wait_ms(10000);
	assert_int_equal(task->report.error, S_OK);
	assert_int_equal(chmod(folder, 0700), 0);
	assert_int_equal(left_in_the_journal(), 1);
	free(folder);
}

int main(void)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigaction(SIGXFSZ, &ignore, NULL); /* a full disk is an error, not the end */
	return run_cases_each("app_corners", NULL, NULL, open_inn, close_inn);
}

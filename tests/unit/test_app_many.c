/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two hundred machines at once, three of ten with something wrong, and the whole called off half way. */
#include "engine/audit.h"
#include "engine/journal.h"
#include "scratch_dir.h"
#include "tests/unit/app_world.h"
#include "ui/app/app_actions.h"
#include "unit.h"

#include <sys/stat.h>

static struct err err;

enum { HOSTS = 4, VMS = 50, ALL = HOSTS * VMS, PARALLEL = 16, PATIENCE_MS = 600 * 1000 };

static bool never_began[ALL]; /* by place in the list of tasks: queued when all was called off */

/* Three of ten. */
static const char *manner_of(int number)
{
	static const char *const manners[] = { "mute", "nosync", "busy", "blocked", "garbage", "cut" };

	return number % 10 < 3 ? manners[number / 10 * 3 % 6 + number % 3] : "up";
}

static char *write_fleet(void)
{
	char *path = mem_printf("%s/many.conf", scratch_path);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "seed = 8;\nhosts = (\n");
	for (int host = 0; host < HOSTS; host++) {
		fprintf(file, "{ name = \"h%d\"; vms = (\n", host);
		for (int vm = 0; vm < VMS; vm++)
			fprintf(file, "{ name = \"h%d-vm%d\"; agent = \"%s\"; logins = ( { user = \"ann\"; } ); }%s\n",
				host, vm, manner_of(host * VMS + vm), vm < VMS - 1 ? "," : "");
		fprintf(file, ") }%s\n", host < HOSTS - 1 ? "," : "");
	}
	fprintf(file, ");\n");
	fclose(file);
	return path;
}

FIXTURE(open_fleet)
{
	char *path;

	scratch_begin();
	path = keep(write_fleet());
	app_world_begin(path, PARALLEL, 3000);
}

static void log_everybody_off(void)
{
	assert_int_equal(inventory_vm_count(app_inventory(app)), ALL);
	for (size_t i = 0; i < ALL; i++)
		perform(inventory_vm_at(app_inventory(app), i), OP_LOGOFF);
}

static int count_tasks(bool (*is)(const struct task *task))
{
	const struct tasklist *tasks = app_tasks(app);
	int count = 0;

	for (size_t i = 0; i < tasks->count; i++)
		count += is(tasks->at[i]);
	return count;
}

static bool is_complete(const struct task *task)
{
	return task->report.complete;
}

static bool is_under_way(const struct task *task)
{
	return task->running && !task->report.complete;
}

static bool is_queued(const struct task *task)
{
	return !task->running && !task->report.complete;
}

static bool is_success(const struct task *task)
{
	return task->report.complete && task->report.result == TASK_RESULT_SUCCESS;
}

static void wait_until_complete(int count)
{
	for (int64_t gone = 0; count_tasks(is_complete) < count && gone < PATIENCE_MS; gone += 50) {
		assert_true(count_tasks(is_under_way) <= PARALLEL);
		wait_ms(50);
	}
	assert_true(count_tasks(is_complete) >= count);
}

static int times_in(const char *text, const char *words)
{
	int count = 0;

	for (const char *at = strstr(text, words); at; at = strstr(at + 1, words))
		count++;
	return count;
}

/* What the audit says of a VM: nothing where its task never began, and never two beginnings. */
static void the_audit_agrees(void)
{
	const struct tasklist *tasks = app_tasks(app);
	char *log = keep(read_audit());

	assert_string_not_equal(log, "");
	for (size_t i = 0; i < tasks->count; i++) {
		const struct task *task = tasks->at[i];
		char *vm = keep(mem_printf("vm=\"%s\"", text_str(task->vm_name)));
		int lines = times_in(log, vm);

		assert_in_range(lines, 0, never_began[i] ? 0 : 2);
		if (is_success(task))
			assert_int_equal(lines, 2);
	}
	assert_int_equal(times_in(log, "state=\"begin\""), times_in(log, "state=\"end\""));
}

TEST(two_hundred_called_off_half_way_add_up)
{
	const struct tasklist *tasks = app_tasks(app);
	OWN(journal_entries) struct journal_entries left = { 0 };
	size_t unreadable, maybe = 0;
	int queued, successes;

	log_everybody_off();
	wait_until_complete(ALL / 2);
	queued = count_tasks(is_queued);
	assert_true(queued > ALL / 4);
	for (size_t i = 0; i < tasks->count; i++)
		never_began[i] = is_queued(tasks->at[i]);
	for (size_t i = 0; i < tasks->count; i++)
		app_cancel(app, tasks->at[i]); /* those that told somebody to go say that it is too late */
	wait_until_complete(ALL);
	wait_ms(1000);
	successes = count_tasks(is_success);
	assert_int_equal(count_tasks(is_under_way), 0);
	assert_true(successes > 0 && successes <= ALL - queued);
	for (size_t i = 0; i < tasks->count; i++) {
		const struct task_report *report = &tasks->at[i]->report;

		if (never_began[i])
			assert_int_equal(report->result, TASK_RESULT_CANCELLED);
		assert_true(is_success(tasks->at[i]) || !text_is_empty(report->error_description));
		maybe += report->maybe_sent && report->error == VM_E_TIMED_OUT;
	}
	the_audit_agrees();
	assert_true(journal_read_all(true, &left, &unreadable, &err));
	assert_int_equal(left.count, maybe);
	assert_int_equal(unreadable, 0);
}

/* Without the wish: each comes to an end of its own. */
TEST(two_hundred_left_alone_all_end)
{
	const struct tasklist *tasks = app_tasks(app);
	char *log;

	log_everybody_off();
	wait_until_complete(ALL);
	for (size_t i = 0; i < tasks->count; i++) {
		const struct vm *vm = inventory_find(app_inventory(app), &tasks->at[i]->vm);
		int host, number;

		assert_int_equal(sscanf(text_str(vm->info.name), "h%d-vm%d", &host, &number), 2);
		if (strcmp(manner_of(host * VMS + number), "up") == 0)
			assert_true(is_success(tasks->at[i]));
		else
			assert_false(is_success(tasks->at[i]));
	}
	log = keep(read_audit());
	assert_true(times_in(log, "state=\"begin\"") > 0);
	assert_int_equal(times_in(log, "state=\"begin\""), times_in(log, "state=\"end\""));
}

static void act_on_hosts_vms(int host, struct act_outcome *outcome)
{
	const struct op_params wish = { .operation = OP_LOGOFF, .logoff = { .message = "Bye", .grace_s = 60 } };

	for (size_t i = 0; i < ALL; i++) {
		const struct vm_id *id = &inventory_vm_at(app_inventory(app), i)->id;
		struct action_target one = { .vms = id, .count = id->host == host };

		app_act(app, &one, &wish, outcome);
	}
}

static bool is_cancelled(const struct task *task)
{
	return task->report.complete && task->report.result == TASK_RESULT_CANCELLED;
}

TEST(what_one_answer_started_is_called_off_alone)
{
	struct act_outcome first = { 0 }, second = { 0 };
	struct cancel_outcome outcome;

	act_on_hosts_vms(0, &first);
	act_on_hosts_vms(1, &second);
	assert_int_equal(first.started, VMS);
	assert_int_equal(second.started, VMS);
	assert_true(first.batch && second.batch > first.batch);
	app_cancel_batch(app, second.batch, &outcome);
	assert_int_equal(outcome.cancelled, VMS);
	assert_int_equal(outcome.too_late, 0);
	wait_until_complete(VMS);
	for (size_t i = 0; i < app_tasks(app)->count; i++) {
		const struct task *task = app_tasks(app)->at[i];

		assert_true(is_cancelled(task) == (task->batch == second.batch));
	}
	app_cancel_batch(app, second.batch, &outcome);
	assert_int_equal(outcome.cancelled + outcome.too_late, 0);
	wait_until_complete(2 * VMS);
}

/* --- more users than anybody looks at: all who are told to go are in the audit, and in the journal --- */

enum { SEVENTY = 70, THREE_HUNDRED = 300, LONG_TIME_S = 3600 };

static void write_crowd(FILE *file, const char *name, const char *os, int count, const char *more)
{
	fprintf(file, "{ name = \"%s\"; os = \"%s\"; logins = (\n", name, os);
	for (int i = 0; i < count; i++)
		fprintf(file, "{ user = \"%s-user%03d\"; %s }%s\n", name, i, more, i < count - 1 ? "," : "");
	fprintf(file, "); }");
}

static char *write_crowds(void)
{
	char *path = mem_printf("%s/crowd.conf", scratch_path);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "seed = 8;\nhosts = ( { name = \"alpha\"; vms = (\n");
	write_crowd(file, "linux", "debian12", SEVENTY, "");
	fprintf(file, ",\n");
	write_crowd(file, "terminal", "windows2022", THREE_HUNDRED, "");
	fprintf(file, ",\n");
	write_crowd(file, "stubborn", "windows2022", THREE_HUNDRED, "leaves = \"never\";");
	fprintf(file, "); } );\n");
	fclose(file);
	return path;
}

FIXTURE(open_app)
{
	char *path;

	scratch_begin();
	path = keep(write_crowds());
	app_world_begin(path, 0, 3000);
}

static const struct op_params patient = { .operation = OP_LOGOFF, .logoff.timeout_s = LONG_TIME_S };

static void it_names(const char *words, size_t len, const char *vm, int count)
{
	for (int i = 0; i < count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s-user%03d", vm, i);
		if (!memmem(words, len, name, strlen(name)))
			fail_msg("%s is not named", name);
	}
}

static void the_audit_names_all(const char *vm, int count)
{
	struct task *task = begin_task(vm_named(vm), &patient);
	char *audit, *end;

	while (!task->report.complete)
		wait_ms(1000);
	if (task->report.error != S_OK)
		fail_msg("%s", text_str(task->report.error_description));
	audit = keep(read_audit());
	end = strstr(audit, "state=\"end\"");
	assert_non_null(end);
	it_names(audit, (size_t)(end - audit), vm, count);
	it_names(end, strlen(end), vm, count);
}

TEST_WITH(all_of_seventy_are_named_before_they_are_told_and_at_the_end, open_app, app_world_end)
{
	the_audit_names_all("linux", SEVENTY);
}

/* A line is as long as the view of the logs shows one. */
TEST_WITH(all_of_three_hundred_are_named_in_lines_that_can_be_shown, open_app, app_world_end)
{
	char *audit;

	the_audit_names_all("terminal", THREE_HUNDRED);
	audit = keep(read_audit());
	for (char *line = audit, *newline; *line; line = newline + 1) {
		newline = strchr(line, '\n');
		assert_non_null(newline);
		assert_in_range(newline - line, 1, TEXT_CAP_LINE);
		assert_non_null(strstr(line, "action=\"logoff\""));
	}
}

/* What the journal knows of it when we end in the middle. */
TEST_WITH(the_journal_names_or_counts_all, open_app, app_world_end)
{
	struct task *task = begin_task(vm_named("stubborn"), &patient);
	OWN(journal_entries) struct journal_entries entries;
	size_t unreadable;

	wait_until_told(task);
	assert_true(journal_read_all(true, &entries, &unreadable, &err));
	assert_int_equal(unreadable, 0);
	assert_int_equal(entries.count, 1);
	assert_int_equal(entries.at[0].sessions.count, SESSION_LIST_MAX);
	assert_int_equal(entries.at[0].more, THREE_HUNDRED - SESSION_LIST_MAX);
	assert_string_equal(text_str(entries.at[0].sessions.at[0].user), "stubborn-user000");
}

RUN_TESTS_EACH("app_many", NULL, NULL, open_fleet, app_world_end)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "model/task.h"
#include "unit.h"

static struct tasklist list;
static int changes, completions;

static void count_change(struct task *task, void *data)
{
	changes++;
}

static void count_completion(struct task *task, void *data)
{
	assert_true(task->report.complete);
	completions++;
}

FIXTURE(empty_list)
{
	clock_stop_at(1000, 1700000000);
	list = (struct tasklist){ .on_change = count_change, .on_complete = count_completion };
	changes = completions = 0;
}

FIXTURE(free_list)
{
	tasklist_free(&list);
}

static struct task *a_logoff(void)
{
	return tasklist_add(&list, OP_LOGOFF, &(struct vm_id){ 0 });
}

static void it_says(struct task *task, enum task_phase phase, int percent)
{
	struct task_report report;

	task_report_init(&report);
	report.phase = phase;
	report.percent = percent;
	report.cancelable = phase < TASK_PHASE_END;
	task_apply(&list, task, &report);
}

static void it_ends(struct task *task, hresult error)
{
	OWN(task_report) struct task_report report;

	task_report_init(&report);
	if (error == S_OK)
		report.complete = true;
	else
		task_report_fail(&report, error, "%s is still there", "alice");
	task_apply(&list, task, &report);
}

TEST_WITH(ids_are_never_reused, empty_list, free_list)
{
	struct task *first = a_logoff();

	assert_int_equal(first->id, 1);
	it_ends(first, S_OK);
	tasklist_dismiss_complete(&list);
	assert_int_equal(a_logoff()->id, 2);
	assert_null(tasklist_find(&list, 1));
}

TEST_WITH(a_new_task_waits_and_can_be_cancelled, empty_list, free_list)
{
	struct task *task = a_logoff();

	assert_false(task->running);
	assert_int_equal(task->report.phase, TASK_PHASE_QUEUED);
	assert_int_equal(task->report.sessions_before, -1);
	assert_true(task_is_cancelable(task));
	assert_int_equal(tasklist_running(&list), 1);
}

TEST_WITH(percent_never_falls, empty_list, free_list)
{
	struct task *task = a_logoff();

	it_says(task, TASK_PHASE_END, 60);
	it_says(task, TASK_PHASE_END, 30);
	assert_int_equal(task->report.percent, 60);
}

TEST_WITH(how_far_the_host_is_only_rises_and_outlives_reports_that_know_less, empty_list, free_list)
{
	struct task *task = a_logoff();

	task_note_percent(&list, task, 40);
	task_note_percent(&list, task, 30);
	it_says(task, TASK_PHASE_HOST, 0);
	assert_int_equal(task->report.percent, 40);
	assert_int_equal(changes, 2);
	task_note_percent(&list, task, 100);
	assert_int_equal(task->report.percent, 99);
	it_ends(task, S_OK);
	task_note_percent(&list, task, 10);
	assert_int_equal(task->report.percent, 100);
}

TEST_WITH(a_hundred_percent_means_complete, empty_list, free_list)
{
	struct task *task = a_logoff();

	it_says(task, TASK_PHASE_VERIFY, 100);
	assert_int_equal(task->report.percent, 99);
	it_ends(task, S_OK);
	assert_int_equal(task->report.percent, 100);
}

TEST_WITH(a_failed_task_keeps_the_percent_that_it_reached, empty_list, free_list)
{
	struct task *task = a_logoff();

	it_says(task, TASK_PHASE_VERIFY, 66);
	it_ends(task, VM_E_TIMED_OUT);
	assert_int_equal(task->report.percent, 66);
	assert_int_equal(task->report.result, TASK_RESULT_TIME_OUT);
	assert_string_equal(text_str(task->report.error_description), "alice is still there");
}

TEST_WITH(a_task_completes_once, empty_list, free_list)
{
	struct task *task = a_logoff();

	it_ends(task, VM_E_TIMED_OUT);
	it_ends(task, S_OK);
	it_says(task, TASK_PHASE_END, 10);
	assert_int_equal(completions, 1);
	assert_int_equal(changes, 1);
	assert_int_equal(task->report.error, VM_E_TIMED_OUT);
	assert_int_equal(tasklist_running(&list), 0);
}

TEST_WITH(a_complete_task_cannot_be_cancelled, empty_list, free_list)
{
	struct task *task = a_logoff();

	it_ends(task, S_OK);
	assert_false(task_is_cancelable(task));
}

TEST_WITH(a_task_that_told_a_session_to_end_cannot_be_cancelled, empty_list, free_list)
{
	struct task *task = a_logoff();

	it_says(task, TASK_PHASE_WARN, 10);
	assert_true(task_is_cancelable(task));
	it_says(task, TASK_PHASE_END, 20);
	assert_false(task_is_cancelable(task));
}

TEST_WITH(elapsed_time_stops_with_the_task, empty_list, free_list)
{
	struct task *task = a_logoff();

	clock_advance(1500);
	assert_int_equal(task_elapsed_ms(task, clock_ms()), 1500);
	it_ends(task, S_OK);
	clock_advance(9000);
	assert_int_equal(task_elapsed_ms(task, clock_ms()), 1500);
}

TEST_WITH(dismissing_leaves_running_tasks_in_order, empty_list, free_list)
{
	struct task *first = a_logoff(), *second = a_logoff(), *third = a_logoff();

	it_ends(second, S_OK);
	tasklist_dismiss_complete(&list);
	assert_int_equal(list.count, 2);
	assert_ptr_equal(list.at[0], first);
	assert_ptr_equal(list.at[1], third);
}

TEST(a_report_copied_twice_owns_its_words_once)
{
	struct task_report from, to = { 0 };

	task_report_init(&from);
	text_set(&from.note, text_format("%s", "2 of 3 gone"));
	task_report_copy(&to, &from);
	task_report_copy(&to, &from);
	task_report_free(&from);
	assert_string_equal(text_str(to.note), "2 of 3 gone");
	task_report_free(&to);
}

TEST(a_failures_words_are_replaced_whole)
{
	OWN(task_report) struct task_report report;

	task_report_init(&report);
	task_report_fail(&report, VM_E_TIMED_OUT, "%s", "first");
	task_report_fail(&report, E_ACCESS_DENIED, "%s", "second");
	assert_string_equal(text_str(report.error_description), "second");
	assert_true(report.complete);
}

TEST(waiting_takes_the_originals_range_of_time)
{
	assert_true(task_wait_timeout_is_valid(-1));
	assert_true(task_wait_timeout_is_valid(0));
	assert_true(task_wait_timeout_is_valid(4000000));
	assert_false(task_wait_timeout_is_valid(4000001));
	assert_false(task_wait_timeout_is_valid(-2));
}

TEST(every_verb_and_phase_has_a_name)
{
	for (enum operation operation = 0; operation < OP_COUNT; operation++)
		assert_non_null(operation_name(operation));
	for (int phase = 0; phase < TASK_PHASE_COUNT; phase++)
		assert_non_null(task_phase_name((enum task_phase)phase));
	assert_string_equal(operation_name(OP_LOGOFF), "logoff");
}

/* --- rarely: nobody who listens, a clock at 0, a task in any place of many --- */

static void complete(struct tasklist *deaf, struct task *task)
{
	OWN(task_report) struct task_report report;

	task_report_init(&report);
	task_report_fail(&report, VM_E_TIMED_OUT, "%s", "alice is still there");
	task_apply(deaf, task, &report);
}

TEST(a_task_is_found_in_any_place_and_no_other_for_it)
{
	OWN(tasklist) struct tasklist deaf = { 0 };
	uint64_t ids[9];

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		ids[i] = tasklist_add(&deaf, OP_LOGOFF, &(struct vm_id){ 0 })->id;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		assert_int_equal(tasklist_find(&deaf, ids[i])->id, ids[i]);
	assert_null(tasklist_find(&deaf, 0));
	assert_null(tasklist_find(&deaf, ids[ARRAY_SIZE(ids) - 1] + 1));
}

TEST(a_task_completes_where_nobody_listens)
{
	OWN(tasklist) struct tasklist deaf = { 0 };
	struct task *task = tasklist_add(&deaf, OP_LOGOFF, &(struct vm_id){ 0 });

	complete(&deaf, task);
	assert_true(task->report.complete);
}

TEST(the_hosts_percent_counts_where_nobody_listens)
{
	OWN(tasklist) struct tasklist deaf = { 0 };
	struct task *task = tasklist_add(&deaf, OP_SNAPSHOT_CREATE, &(struct vm_id){ 0 });

	task_note_percent(&deaf, task, 40);
	assert_int_equal(task->report.percent, 40);
}

TEST(a_task_that_ended_when_the_clock_began_does_not_run_on)
{
	OWN(tasklist) struct tasklist deaf = { 0 };
	struct task *task;

	clock_stop_at(0, 0);
	task = tasklist_add(&deaf, OP_LOGOFF, &(struct vm_id){ 0 });
	complete(&deaf, task);
	assert_true(task->ended_at > 0);
	assert_true(task_elapsed_ms(task, 100000) <= 1);
}

TEST(only_a_dry_run_that_came_to_its_good_end_was_rehearsed)
{
	struct task task = { .dry_run = true, .report = { .complete = true } };

	assert_true(task_was_rehearsed(&task));
	task.report.result = TASK_RESULT_CANCELLED;
	assert_false(task_was_rehearsed(&task));
	task.report.result = TASK_RESULT_SUCCESS;
	task.report.error = E_NO_SUCH_LOGON_SESSION;
	assert_false(task_was_rehearsed(&task));
	task.report.error = S_OK;
	task.report.complete = false;
	assert_false(task_was_rehearsed(&task));
	task.report.complete = true;
	task.dry_run = false;
	assert_false(task_was_rehearsed(&task));
}

/* What a translator made of each sentence; NULL: it is not translated. */
static char *translation;

const char *__wrap_language_text(const char *context, const char *words);
const char *__wrap_language_text(const char *context, const char *words)
{
	return translation ? translation : words;
}

static void is_described_as(const char *translated, const char *expected)
{
	char own[64];
	OWN(text) struct safe_text words;

	snprintf(own, sizeof(own), "%s", translated);
	translation = own;
	words = operation_describe(OP_LOGOFF, TEXT_TRUSTED("web01"));
	translation = NULL;
	assert_string_equal(text_str(words), expected);
}

TEST(a_translation_names_the_vm_wherever_it_puts_it)
{
	is_described_as("Benutzer von %s abmelden", "Benutzer von web01 abmelden");
	is_described_as("%ss Benutzer abmelden", "web01s Benutzer abmelden");
	is_described_as("Abmelden: %s", "Abmelden: web01");
	is_described_as("Benutzer abmelden", "Benutzer abmelden web01");
}

RUN_TESTS("task", NULL, NULL)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a list of tasks meets rarely: nobody who listens, a clock at 0, a task in any place of many. */
#include "base/clock.h"
#include "model/task.h"
#include "unit.h"

#include <string.h>

static const struct vm_id vm = { .host = 0 };

static void complete(struct tasklist *list, struct task *task)
{
	struct task_report report;

	task_report_init(&report);
	task_report_fail(&report, VM_E_TIMED_OUT, "%s", "alice is still there");
	task_apply(list, task, &report);
	task_report_free(&report);
}

TEST(a_task_is_found_in_any_place_and_no_other_for_it)
{
	struct tasklist list = { 0 };
	uint64_t ids[9];

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		ids[i] = tasklist_add(&list, OP_LOGOFF, &vm)->id;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		assert_int_equal(tasklist_find(&list, ids[i])->id, ids[i]);
	assert_null(tasklist_find(&list, 0));
	assert_null(tasklist_find(&list, ids[ARRAY_SIZE(ids) - 1] + 1));
	tasklist_free(&list);
}

TEST(a_task_completes_where_nobody_listens)
{
	struct tasklist list = { 0 };
	struct task *task = tasklist_add(&list, OP_LOGOFF, &vm);

	complete(&list, task);
	assert_true(task->report.complete);
	tasklist_free(&list);
}

TEST(the_hosts_percent_counts_where_nobody_listens)
{
	struct tasklist list = { 0 };
	struct task *task = tasklist_add(&list, OP_SNAPSHOT_CREATE, &vm);

	task_note_percent(&list, task, 40);
	assert_int_equal(task->report.percent, 40);
	tasklist_free(&list);
}

TEST(a_task_that_ended_when_the_clock_began_does_not_run_on)
{
	struct tasklist list = { 0 };
	struct task *task;

	clock_stop_at(0, 0);
	task = tasklist_add(&list, OP_LOGOFF, &vm);
	complete(&list, task);
	assert_true(task->ended_at > 0);
	assert_true(task_elapsed_ms(task, 100000) <= 1);
	tasklist_free(&list);
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

char *__wrap_gettext(const char *words);
char *__wrap_gettext(const char *words)
{
	return translation ? translation : (char *)words;
}

/* The same, as an optimising compiler calls it. */
char *__wrap_dcgettext(const char *domain, const char *words, int category);
char *__wrap_dcgettext(const char *domain, const char *words, int category)
{
	(void)domain, (void)category;
	return __wrap_gettext(words);
}

static void is_described_as(const char *translated, const char *expected)
{
	char own[64];
	struct safe_text words;

	snprintf(own, sizeof(own), "%s", translated);
	translation = own;
	words = operation_describe(OP_LOGOFF, TEXT_TRUSTED("web01"));
	translation = NULL;
	assert_string_equal(text_str(words), expected);
	text_free(&words);
}

TEST(a_translation_names_the_vm_wherever_it_puts_it)
{
	is_described_as("Benutzer von %s abmelden", "Benutzer von web01 abmelden");
	is_described_as("%ss Benutzer abmelden", "web01s Benutzer abmelden");
	is_described_as("Abmelden: %s", "Abmelden: web01");
	is_described_as("Benutzer abmelden", "Benutzer abmelden web01");
}

RUN_TESTS("task corners", NULL, NULL)

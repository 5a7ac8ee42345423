/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/task.h"

#include "base/clock.h"

#define TASK_PHASE_NAME(id, name) [id] = name,
static const char *const phase_names[TASK_PHASE_COUNT] = { TASK_PHASES(TASK_PHASE_NAME) };

void task_report_init(struct task_report *report)
{
	*report = (struct task_report){ .cancelable = true, .sessions_before = -1, .sessions_after = -1 };
}

void task_report_free(struct task_report *report)
{
	text_free(&report->error_description);
	text_free(&report->note);
	text_free(&report->waiting_for);
}

void task_report_copy(struct task_report *to, const struct task_report *from)
{
	struct task_report copy = *from;

	copy.error_description = text_copy(from->error_description);
	copy.note = text_copy(from->note);
	copy.waiting_for = text_copy(from->waiting_for);
	task_report_free(to);
	*to = copy;
}

void task_report_vfail(struct task_report *report, hresult error, const char *format, va_list args)
{
	char words[ERR_TEXT_MAX];

	vsnprintf(words, sizeof(words), format, args);
	report->phase = TASK_PHASE_DONE;
	report->complete = true;
	report->cancelable = false;
	report->error = error;
	report->result = result_find(error)->result;
	text_set(&report->error_description, text_format("%s", words));
}

void task_report_fail(struct task_report *report, hresult error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	task_report_vfail(report, error, format, args);
	va_end(args);
}

struct task *tasklist_add(struct tasklist *list, enum operation operation, const struct vm_id *vm)
{
	struct task *task = mem_zalloc(sizeof(*task));

	task->id = task->batch = ++list->last_id;
	task->operation = operation;
	task->vm = *vm;
	task->started = clock_wall();
	task->started_at = clock_ms();
	task_report_init(&task->report);
	*VEC_PUSH(list) = task;
	return task;
}

static void task_free(struct task *task)
{
	text_free(&task->vm_name);
	text_free(&task->host_name);
	text_free(&task->description);
	text_free(&task->message);
	text_free(&task->reason);
	text_free(&task->whom);
	VEC_FREE(&task->steps);
	task_report_free(&task->report);
	free(task);
}

struct task *tasklist_find(const struct tasklist *list, uint64_t id)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->at[middle]->id == id)
			return list->at[middle];
		if (list->at[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

size_t tasklist_running(const struct tasklist *list)
{
	size_t running = 0;

	for (size_t i = 0; i < list->count; i++)
		running += !list->at[i]->report.complete;
	return running;
}

void tasklist_dismiss_complete(struct tasklist *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i]->report.complete)
			task_free(list->at[i]);
		else
			list->at[kept++] = list->at[i];
	}
	list->count = kept;
}

void tasklist_free(struct tasklist *list)
{
	for (size_t i = 0; i < list->count; i++)
		task_free(list->at[i]);
	VEC_FREE(list);
}

void task_apply(struct tasklist *list, struct task *task, const struct task_report *report)
{
	/* A task that failed keeps the percent that it had reached: 100 would say that all of it was done. */
	const int percent = report->complete && report->result == TASK_RESULT_SUCCESS
				    ? 100
				    : MAX(task->report.percent, MIN(report->percent, 99));

	if (task->report.complete)
		return;
	task_report_copy(&task->report, report);
	task->report.percent = percent;
	task->running = true;
	if (task->steps.count < TASK_STEPS_MAX &&
	    (!task->steps.count || task->steps.at[task->steps.count - 1].phase != report->phase))
		*VEC_PUSH(&task->steps) = (struct task_step){ report->phase, clock_wall() };
	if (report->complete) {
		task->report.cancelable = false;
		task->report.phase = TASK_PHASE_DONE;
		task->ended_at = MAX(clock_ms(), 1); /* 0 means that it runs */
	}
	if (list->on_change)
		list->on_change(task, list->data);
	if (report->complete && list->on_complete)
		list->on_complete(task, list->data);
}

void task_note_percent(struct tasklist *list, struct task *task, int percent)
{
	if (task->report.complete || percent <= task->report.percent)
		return;
	task->report.percent = MIN(percent, 99);
	if (list->on_change)
		list->on_change(task, list->data);
}

bool task_is_cancelable(const struct task *task)
{
	return !task->report.complete && task->report.cancelable;
}

const char *task_error_words(const struct task *task)
{
	const char *words = text_str(task->report.error_description), *name = text_str(task->vm_name);
	size_t len = strlen(name);

	return !strncmp(words, name, len) && !strncmp(words + len, ": ", 2) ? words + len + 2 : words;
}

struct safe_text task_outcome_words(const struct task *task)
{
	const struct task_report *report = &task->report;

	if (report->result == TASK_RESULT_CANCELLED)
		return text_format("%s", _("cancelled"));
	if (task_was_rehearsed(task))
		return text_format("%s", _("dry run"));
	/* "Nobody was logged on" would be untrue where others are. */
	if (report->error == E_NO_SUCH_LOGON_SESSION && report->sessions_after > 0)
		return text_format("%s", task_error_words(task));
	return text_format("%s", _(result_find(report->error)->short_words));
}

bool task_has_failed(const struct task *task)
{
	return task->running && task->report.complete &&
	       (task->report.result == TASK_RESULT_CANCELLED ||
		(task->report.error != S_OK && task->report.error != E_NO_SUCH_LOGON_SESSION));
}

bool task_was_rehearsed(const struct task *task)
{
	return task->dry_run && task->report.complete && task->report.error == S_OK &&
	       task->report.result == TASK_RESULT_SUCCESS;
}

int64_t task_elapsed_ms(const struct task *task, int64_t now)
{
	return MAX((task->ended_at ? task->ended_at : now) - task->started_at, 0);
}

const char *task_phase_name(enum task_phase phase)
{
	return phase_names[phase];
}

bool task_wait_timeout_is_valid(int64_t ms)
{
	return ms >= -1 && ms <= 4000000;
}

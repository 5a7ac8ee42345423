/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/tui/dialog.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

/* Everything about one task; asks nothing. */
struct dialog_task {
	struct dialog dialog;
	uint64_t id;
};

static const struct task *task_of(const struct view *view)
{
	return tasklist_find(app_tasks(view->ui->app), ((const struct dialog_task *)view)->id);
}

static void show_count(struct lines *lines, const char *label, int count)
{
	if (count >= 0)
		lines_pair(lines, label, ROLE_NORMAL, "%d", count);
}

static void task_tell(struct view *view, struct lines *lines)
{
	const struct task *task = task_of(view);
	const struct task_report *report;
	OWN(text) struct safe_text elapsed = words_of_span(task ? task_elapsed_ms(task, clock_ms()) : 0);
	char uuid[UUID_TEXT_SIZE], code[11];

	if (!task) {
		lines_say(lines, ROLE_DIM, "%s", _("This task was cleared."));
		return;
	}
	report = &task->report;
	uuid_format(&task->vm.uuid, uuid);
	if (!text_is_empty(report->error_description)) {
		lines_say(lines, role_of_outcome(task), "%s", text_str(report->error_description));
		lines_gap(lines);
	}
	lines_pair(lines, _("VM"), ROLE_NORMAL, _("%s on %s"), text_str(task->vm_name), text_str(task->host_name));
	lines_pair(lines, _("UUID"), ROLE_DIM, "%s", uuid);
	if (!report->complete)
		lines_pair(lines, _("Phase"), ROLE_NORMAL, "%s, %d%%", _(task_phase_name(report->phase)),
			   report->percent);
	lines_pair(lines, _("Took"), ROLE_NORMAL, "%s", text_str(elapsed));
	show_count(lines, _("Sessions before"), report->sessions_before);
	show_count(lines, report->complete ? _("Sessions after") : _("Sessions now"), report->sessions_after);
	if (report->complete) {
		result_format(report->error, code);
		lines_pair(lines, _("Result"), role_of_outcome(task), "%s", task_result_name(report->result));
		lines_pair(lines, _("Error"), ROLE_NORMAL, "%s %s", code, result_find(report->error)->name);
	}
	if (!text_is_empty(report->waiting_for) && !report->complete)
		lines_pair(lines, _("Waiting for"), ROLE_NORMAL, "%s", text_str(report->waiting_for));
	if (!text_is_empty(task->whom))
		lines_pair(lines, _("Users"), ROLE_NORMAL, "%s", text_str(task->whom));
	if (!text_is_empty(task->message))
		lines_pair(lines, _("Message"), ROLE_NORMAL, "%s", text_str(task->message));
	if (!text_is_empty(report->note))
		lines_pair(lines, _("Note"), ROLE_NORMAL, "%s", text_str(report->note));
	if (task->steps.count)
		lines_gap(lines);
	for (size_t i = 0; i < task->steps.count; i++) {
		OWN(text) struct safe_text at = words_of_time(task->steps.at[i].at, TIME_OF_DAY, "-");

		lines_pair(lines, text_str(at), ROLE_DIM, "%s", _(task_phase_name(task->steps.at[i].phase)));
	}
}

static int64_t task_next_change(const struct view *view, int64_t now)
{
	const struct task *task = task_of(view);

	return task && !task->report.complete ? next_second(task->started_at, now) : -1;
}

static const struct view_ops task_ops = {
	.is_overlay = true,
	.hint = NC_("hint", "Enter or Esc closes"),
	.draw = dialog_draw,
	.tell = task_tell,
	.input = dialog_input,
	.next_change = task_next_change,
	.destroy = dialog_destroy,
};

void dialog_task_open(struct ui *ui, uint64_t task_id)
{
	struct dialog_task *self = view_new(ui, &task_ops, sizeof(*self));

	self->id = task_id;
	dialog_open(&self->dialog, text_copy(task_of(&self->dialog.view)->description), NULL);
	view_push(&self->dialog.view);
}

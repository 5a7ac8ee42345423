/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/task_words.h"

#include "ui/tui/view_words.h"

static struct safe_text outcome_words(const struct task *task)
{
	const struct task_report *report = &task->report;
	const bool cancelled = report->result == TASK_RESULT_CANCELLED && report->error == S_OK;
	const char *words = cancelled                  ? _("cancelled")
			    : task_was_rehearsed(task) ? _("dry run")
						       : _(result_find(report->error)->short_words);
	const char *more = text_is_empty(report->note) ? task_error_words(task) : text_str(report->note);

	if (cancelled && text_is_empty(report->note) && *more)
		return text_format("%s", more); /* "cancelled before anything was sent" */
	if (report->error == E_NO_SUCH_LOGON_SESSION || !*more)
		return text_format("%s", words);
	return text_format("%s: %s", words, more);
}

struct safe_text task_progress_words(const struct task *task, int64_t now)
{
	const struct task_report *report = &task->report;

	if (report->complete)
		return outcome_words(task);
	if (!task->running)
		return text_format("%s", _(task_phase_name(TASK_PHASE_QUEUED)));
	if (report->phase == TASK_PHASE_WARN && report->grace_until > now) {
		struct safe_text left = words_of_span(report->grace_until - now + 999);
		struct safe_text words = text_format(_("grace period: %s"), text_str(left));

		text_free(&left);
		return words;
	}
	if (text_is_empty(report->note))
		return text_format("%s", _(task_phase_name(report->phase)));
	return text_format("%s: %s", _(task_phase_name(report->phase)), text_str(report->note));
}

struct safe_text task_clock_words(const struct task *task, int64_t now)
{
	const int64_t end = task->report.complete && task->ended_at ? task->ended_at : now;
	struct safe_text elapsed = words_of_span(end - task->started_at), limit, words;

	if (task->report.complete || !task->running)
		return elapsed;
	limit = words_of_span(task->deadline_at - task->started_at);
	words = text_format(_("%s of %s"), text_str(elapsed), text_str(limit));
	text_free(&elapsed);
	text_free(&limit);
	return words;
}

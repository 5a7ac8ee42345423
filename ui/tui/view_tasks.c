/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/view_tasks.h"

#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"
#include "ui/tui/widget/gauge.h"

enum {
	GAUGE_CELLS = 10,
	WIDE = 120,
	DESCRIPTION_CELLS = 44,
	VM_CELLS = 16,
	VERB_CELLS = 8,
	VERB_CELLS_MOST = 15,
	FULL_INDENT = 4,
	ROOMY = 76, /* enough for a operation with a long name */
};

struct tasks {
	struct view view;
	struct scroll scroll;
	uint64_t selected; /* the task under the cursor: it stays there while others end */
	uint64_t newest;   /* at the last frame: a newer one is scrolled to */
	struct {
		VEC(uint64_t);
	} order; /* as drawn */
};

static const struct tasklist *list_of(const struct view *view)
{
	return app_tasks(view->ui->app);
}

bool view_tasks_is_empty(const struct view *view)
{
	return list_of(view)->count == 0;
}

const struct task *view_tasks_selected(const struct view *view)
{
	return tasklist_find(list_of(view), ((const struct tasks *)view)->selected);
}

static bool has_failed(const struct task *task)
{
	return role_of_outcome(task) == ROLE_BAD;
}

/* Running tasks first, then waiting ones, then the newest batch, failed tasks first. */
static int compare_tasks(const void *a, const void *b)
{
	const struct task *one = *(const struct task *const *)a, *other = *(const struct task *const *)b;
	const bool one_failed = has_failed(one), other_failed = has_failed(other);

	if (one->report.complete != other->report.complete)
		return one->report.complete ? 1 : -1;
	if (!one->report.complete && one->running != other->running)
		return one->running ? -1 : 1;
	if (one->batch == other->batch && one_failed != other_failed)
		return one_failed ? -1 : 1;
	return one->id > other->id ? -1 : 1;
}

static bool is_moving(const struct task *task)
{
	return !task->report.complete && task->running && task->operation != OP_LOGOFF && !task->report.percent;
}

/* --- a task in words --- */

static struct safe_text progress_words(const struct task *task, int64_t now)
{
	const struct task_report *report = &task->report;
	const bool cancelled = report->result == TASK_RESULT_CANCELLED && report->error == S_OK;
	const char *words = !report->complete          ? _(task_phase_name(report->phase))
			    : cancelled                ? _("cancelled")
			    : task_was_rehearsed(task) ? _("dry run")
						       : _(result_find(report->error)->short_words);
	const char *more = text_str(report->note);

	if (report->complete && !*more) {
		more = task_error_words(task);
		if (cancelled && *more)
			return text_format("%s", more); /* "cancelled before anything was sent" */
	}
	if (!report->complete && !task->running)
		return text_format("%s", _(task_phase_name(TASK_PHASE_QUEUED)));
	if (!report->complete && report->phase == TASK_PHASE_WARN && report->grace_until > now) {
		struct safe_text left = words_of_span(report->grace_until - now + 999);
		struct safe_text grace = text_format(_("grace period: %s"), text_str(left));

		text_free(&left);
		return grace;
	}
	if (!*more || (report->complete && report->error == E_NO_SUCH_LOGON_SESSION))
		return text_format("%s", words);
	return text_format("%s: %s", words, more);
}

/* "0:12 of 2:30" while it runs, "0:12" once it is over; owned. */
static struct safe_text clock_words(const struct task *task, int64_t now)
{
	const int64_t end = task->report.complete && task->ended_at ? task->ended_at : now;
	struct safe_text words = words_of_span(end - task->started_at), limit;

	if (!task->report.complete && task->running) {
		limit = words_of_span(task->deadline_at - task->started_at);
		text_set(&words, text_format(_("%s of %s"), text_str(words), text_str(limit)));
		text_free(&limit);
	}
	return words;
}

/* --- drawing --- */

/* The same width in each row. */
static int widest_verb(const struct tasklist *list, int cols)
{
	int cells = VERB_CELLS;

	for (size_t i = 0; i < list->count && cols >= ROOMY; i++)
		cells = MAX(cells, (int)strlen(operation_name(list->at[i]->operation)));
	return MIN(cells, VERB_CELLS_MOST);
}

/* True: the words were cut. */
static bool draw_task(const struct task *task, struct surface line, int verb_cells, int64_t now)
{
	struct safe_text words = progress_words(task, now), clock = clock_words(task, now);
	bool has_gauge = !task->report.complete && line.cols >= 60;
	int percent = is_moving(task) ? GAUGE_UNKNOWN : task->report.percent;
	int col = 2, room = line.cols - surface_width(clock) - 2;
	int cells = line.cols >= WIDE ? MIN(line.cols / 3, DESCRIPTION_CELLS) : MIN(line.cols / 6, VM_CELLS);
	bool is_cut;

	if (line.under != ROLE_NORMAL)
		surface_clear(line);
	/* Wide: the whole description. Narrow: which VM, and the verb. */
	surface_put_field(line, 0, col, cells, ALIGN_LEFT, ROLE_NORMAL,
			  line.cols >= WIDE ? task->description : task->vm_name);
	col += cells + 2;
	if (line.cols < WIDE) {
		surface_put_field(line, 0, col - 1, verb_cells, ALIGN_LEFT, ROLE_NORMAL,
				  TEXT_TRUSTED(operation_name(task->operation)));
		col += 1 + verb_cells;
	}
	if (has_gauge) {
		gauge_draw(line, 0, col, GAUGE_CELLS, percent, now - task->started_at);
		if (percent != GAUGE_UNKNOWN)
			surface_print(line, 0, col + GAUGE_CELLS, ROLE_NORMAL, "%4d%%", percent);
		col += GAUGE_CELLS + 7;
	}
	is_cut = surface_width(words) > room - col;
	surface_put_field(line, 0, col, room - col, ALIGN_LEFT, role_of_outcome(task), words);
	surface_put(line, 0, room + 1, ROLE_DIM, clock);
	text_free(&words);
	text_free(&clock);
	return is_cut;
}

/* --- the one under the cursor, in full --- */

static int draw_in_full(const struct task *task, struct surface surface, int64_t now)
{
	struct surface inside = surface_part(surface, 0, FULL_INDENT, -1, surface.cols - FULL_INDENT - 2);
	struct safe_text words = progress_words(task, now);
	int rows = surface_wrap(inside, 0, 0, role_of_outcome(task), words);

	text_free(&words);
	return rows;
}

/* Rows below the selected task for its full text, if its line was cut. */
static int rows_in_full(const struct view *view, struct surface rows, int64_t now)
{
	const struct task *task = view->ui->tasks_have_focus ? view_tasks_selected(view) : NULL;
	struct surface nowhere = surface_part(rows, 0, 0, 0, rows.cols - 1);

	if (!task || !draw_task(task, nowhere, widest_verb(list_of(view), rows.cols), now))
		return 0;
	return draw_in_full(task, nowhere, now);
}

/* The cursor follows its task; without the focus it is on the first row. */
int view_tasks_rows(struct view *view, struct surface screen)
{
	struct tasks *tasks = (struct tasks *)view;
	const struct tasklist *list = list_of(view);
	struct scroll *scroll = &tasks->scroll;
	int count = (int)MIN(list->count, 1000), most = MAX(screen.rows / 4, 2);
	struct {
		VEC(const struct task *);
	} sorted = { 0 };

	for (size_t i = 0; i < list->count; i++)
		*VEC_PUSH(&sorted) = list->at[i];
	if (sorted.count > 1)
		qsort(sorted.at, sorted.count, sizeof(*sorted.at), compare_tasks);
	if (!view->ui->tasks_have_focus || list->last_id != tasks->newest)
		*scroll = (struct scroll){ 0 };
	tasks->order.count = 0;
	for (size_t i = 0; i < sorted.count; i++) {
		*VEC_PUSH(&tasks->order) = sorted.at[i]->id;
		if (view->ui->tasks_have_focus && list->last_id == tasks->newest && sorted.at[i]->id == tasks->selected)
			scroll->cursor = i;
	}
	VEC_FREE(&sorted);
	tasks->newest = list->last_id;
	scroll->cursor = MIN(scroll->cursor, MAX(tasks->order.count, 1) - 1);
	tasks->selected = tasks->order.count > 0 ? tasks->order.at[scroll->cursor] : 0;
	if (view->ui->tasks_have_focus) {
		count = MAX(count, 1) + rows_in_full(view, screen, clock_ms());
		most = MAX(screen.rows / 3, 2);
	}
	return count == 0 ? 0 : 1 + MIN(count, most);
}

enum sum { RUNNING, WAITING, DONE, REHEARSED, NOBODY, CANCELLED, FAILED, SUM_COUNT };

static enum sum sum_of(const struct task *task)
{
	if (!task->report.complete)
		return task->running ? RUNNING : WAITING;
	if (task->report.error == E_NO_SUCH_LOGON_SESSION)
		return NOBODY;
	if (task->report.result == TASK_RESULT_CANCELLED)
		return CANCELLED;
	if (task_was_rehearsed(task))
		return REHEARSED;
	return role_of_outcome(task) == ROLE_GOOD ? DONE : FAILED;
}

static void draw_border(struct view *view, struct surface line)
{
	static const struct {
		enum role role;
		const char *words;
	} shown[SUM_COUNT] = {
		[RUNNING] = { ROLE_NORMAL, N_("running") },
		[WAITING] = { ROLE_DIM, N_("waiting") },
		[DONE] = { ROLE_GOOD, N_("done") },
		[REHEARSED] = { ROLE_NEUTRAL, N_("dry run") },
		[NOBODY] = { ROLE_NEUTRAL, N_("without users") },
		[CANCELLED] = { ROLE_NEUTRAL, N_("cancelled") },
		[FAILED] = { ROLE_BAD, N_("failed") },
	};
	const struct tasklist *list = list_of(view);
	size_t sums[SUM_COUNT] = { 0 };
	struct surface rest;
	int col = 3;

	for (size_t i = 0; i < list->count; i++)
		sums[sum_of(list->at[i])]++;
	surface_glyphs(line, 0, 0, line.cols, ROLE_BORDER, GLYPH_HORIZONTAL);
	col += surface_print(line, 0, col, view->ui->tasks_have_focus ? ROLE_TITLE : ROLE_NORMAL, " %s ", _("Tasks"));
	for (int i = 0; i < SUM_COUNT; i++)
		if (sums[i] > 0)
			col += surface_print(line, 0, col, shown[i].role, " %zu %s ", sums[i], _(shown[i].words));
	rest = surface_part(line, 0, col, 1, line.cols - col - 1);
	/* When all tasks are done: the first error. Its text names the VM. */
	for (size_t i = 0; i < list->count && !sums[RUNNING] && !sums[WAITING] && list->count > 1; i++) {
		if (!has_failed(list->at[i]))
			continue;
		if (rest.cols > 12)
			surface_print(rest, 0, 0, ROLE_BAD, "%s ", text_str(list->at[i]->report.error_description));
		break;
	}
}

static void tasks_draw(struct view *view, struct surface surface)
{
	struct tasks *tasks = (struct tasks *)view;
	struct surface rows = surface_part(surface, 1, 0, -1, -1);
	size_t count = list_of(view)->count;
	int verb_cells = widest_verb(list_of(view), surface.cols);
	int64_t now = clock_ms();
	int row = 0, in_full;

	draw_border(view, surface);
	in_full = MIN(rows_in_full(view, rows, now), rows.rows - 1);
	scroll_fit(&tasks->scroll, count, rows.rows - in_full);
	if (count == 0 && view->ui->tasks_have_focus)
		surface_cursor(rows, 0, 2, false);
	if (count == 0)
		surface_put(rows, 0, 2, ROLE_DIM, TEXT_TRUSTED(_("No tasks yet.")));
	for (size_t i = tasks->scroll.top; i < MIN(count, tasks->scroll.top + tasks->scroll.page); i++) {
		const struct task *task = tasklist_find(list_of(view), tasks->order.at[i]);
		struct surface line = surface_part(rows, row++, 0, 1, rows.cols - 1);
		const bool is_chosen = view->ui->tasks_have_focus && i == tasks->scroll.cursor;

		if (is_chosen) {
			line.under = ROLE_CURSOR;
			surface_cursor(line, 0, 2, false);
		}
		draw_task(task, line, verb_cells, now);
		if (is_chosen && in_full > 0) {
			draw_in_full(task, surface_part(rows, row, 0, in_full, rows.cols - 1), now);
			row += in_full;
		}
	}
	scroll_draw(&tasks->scroll, rows, count);
}

/* --- keys --- */

static bool tasks_act(struct view *view, enum action_id action)
{
	struct tasks *tasks = (struct tasks *)view;
	const struct task *task = view_tasks_selected(view);

	if (action == ACTION_DETAILS && task)
		dialog_task_open(view->ui, task->id);
	else if (!scroll_act(&tasks->scroll, action, tasks->order.count))
		return false;
	else if (tasks->order.count > 0)
		tasks->selected = tasks->order.at[tasks->scroll.cursor];
	return true;
}

static bool tasks_offers(const struct view *view, enum action_id action)
{
	const struct tasklist *list = list_of(view);

	switch (action) {
	case ACTION_DETAILS:
		return list->count > 0;
	case ACTION_TASK_CANCEL:
		return tasklist_running(list) > 0;
	case ACTION_TASK_CANCEL_ALL:
		return tasklist_running(list) > 1;
	case ACTION_TASK_DISMISS:
		return tasklist_running(list) < list->count;
	default:
		return false;
	}
}

static int64_t tasks_next_change(const struct view *view, int64_t now)
{
	const struct tasklist *list = list_of(view);
	int64_t wait = -1;

	for (size_t i = 0; i < list->count; i++) {
		const struct task *task = list->at[i];

		if (task->report.complete)
			continue;
		if (is_moving(task))
			return GAUGE_STEP_MS;
		wait = wait < 0 ? next_second(task->started_at, now) : MIN(wait, next_second(task->started_at, now));
	}
	return wait;
}

static void tasks_destroy(struct view *view)
{
	VEC_FREE(&((struct tasks *)view)->order);
}

static const struct view_ops tasks_ops = {
	.offered = (const enum action_id[]){ ACTION_BACK, ACTION_NONE },
	.draw = tasks_draw,
	.act = tasks_act,
	.offers = tasks_offers,
	.next_change = tasks_next_change,
	.destroy = tasks_destroy,
};

struct view *view_tasks_create(struct ui *ui)
{
	return view_new(ui, &tasks_ops, sizeof(struct tasks));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/gauge.h"
#include "ui/scroll.h"
#include "ui/view.h"

#include <stdlib.h>

enum {
	GAUGE_CELLS = 10,
	WIDE = 120,
	DESCRIPTION_CELLS = 44,
	VM_CELLS = 16,
	VERB_CELLS = 8,
	VERB_CELLS_MOST = 15,
	ROOMY = 76, /* enough for a verb with a long name */
};

struct tasks {
	struct view view;
	struct scroll scroll;
	uint64_t selected; /* the task under the cursor: it stays there while others end */
	uint64_t newest;   /* at the last frame: a newer one is scrolled to */
	struct { VEC(uint64_t); } order;   /* as drawn: what runs, then what is over, the newest first */
};

static struct tasks *tasks_of(const struct view *view)
{
	return (struct tasks *)view;
}

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
	return tasklist_find(list_of(view), tasks_of(view)->selected);
}

static void put_in_order(struct tasks *tasks, bool complete)
{
	const struct tasklist *list = list_of(&tasks->view);

	for (size_t i = list->count; i-- > 0;) {
		if (list->at[i]->report.complete == complete)
			*VEC_PUSH(&tasks->order) = list->at[i]->id;
	}
}

/* The cursor follows its task; without the focus it is on the first. */
static void bring_up_to_date(struct tasks *tasks)
{
	const struct tasklist *list = list_of(&tasks->view);

	tasks->order.count = 0;
	put_in_order(tasks, false);
	put_in_order(tasks, true);
	if (!tasks->view.ui->tasks_have_focus || list->last_id != tasks->newest)
		tasks->scroll = (struct scroll){ 0 };
	else
		for (size_t i = 0; i < tasks->order.count; i++)
			tasks->scroll.cursor = tasks->order.at[i] == tasks->selected ? i : tasks->scroll.cursor;
	tasks->newest = list->last_id;
	tasks->scroll.cursor = MIN(tasks->scroll.cursor, MAX(tasks->order.count, 1) - 1);
	tasks->selected = tasks->order.count > 0 ? tasks->order.at[tasks->scroll.cursor] : 0;
}

int view_tasks_rows(struct view *view, int screen_rows)
{
	int count = (int)MIN(list_of(view)->count, 1000), most = MAX(screen_rows / 4, 2);

	if (view->ui->tasks_have_focus) {
		count = MAX(count, 1);
		most = MAX(screen_rows / 3, 2);
	}
	return count == 0 ? 0 : 1 + MIN(count, most);
}

/* --- words --- */

static bool is_moving(const struct task *task)
{
	return !task->report.complete && task->running && task->verb != TASK_LOGOFF && !task->report.percent;
}

static int64_t ended_or_now(const struct task *task, int64_t now)
{
	return task->report.complete && task->ended_at ? task->ended_at : now;
}

/* Owned. */
static struct safe_text outcome_words(const struct task *task)
{
	const struct task_report *report = &task->report;
	const bool cancelled = report->result == TASK_RESULT_CANCELLED && report->error == S_OK;
	const char *words = cancelled ? _("cancelled") : _(result_find(report->error)->short_words);
	struct safe_text more = text_is_empty(report->note) ? report->error_description : report->note;

	if (cancelled && text_is_empty(report->note) && !text_is_empty(more))
		return text_copy(more); /* "cancelled before anything was sent" */
	if (report->error == E_NO_SUCH_LOGON_SESSION || text_is_empty(more))
		return text_format("%s", words);
	return text_format("%s: %s", words, text_str(more));
}

static struct safe_text progress_words(const struct task *task, int64_t now)
{
	const struct task_report *report = &task->report;

	if (report->complete)
		return outcome_words(task);
	if (!task->running)
		return text_format("%s", _(task_phase_name(TASK_PHASE_QUEUED)));
	if (report->phase == TASK_PHASE_WARN && report->grace_until > now) {
		struct safe_text left = words_of_span(report->grace_until - now + 999);
		struct safe_text words = text_format(_("warned, %s left"), text_str(left));

		text_free(&left);
		return words;
	}
	if (text_is_empty(report->note))
		return text_format("%s", _(task_phase_name(report->phase)));
	return text_format("%s: %s", _(task_phase_name(report->phase)), text_str(report->note));
}

/* "0:12 of 2:30" while it runs, "0:12" once it is over. */
static struct safe_text clock_words(const struct task *task, int64_t now)
{
	struct safe_text elapsed = words_of_span(ended_or_now(task, now) - task->started_at), limit, words;

	if (task->report.complete)
		return elapsed;
	limit = words_of_span(task->deadline_at - task->started_at);
	words = text_format(_("%s of %s"), text_str(elapsed), text_str(limit));
	text_free(&elapsed);
	text_free(&limit);
	return words;
}

/* --- drawing --- */

static void draw_gauge(const struct task *task, struct surface line, int col, int64_t now)
{
	int percent = is_moving(task) ? GAUGE_UNKNOWN : task->report.percent;

	gauge_draw(line, 0, col, GAUGE_CELLS, percent, now - task->started_at);
	if (percent != GAUGE_UNKNOWN)
		surface_print(line, 0, col + GAUGE_CELLS, ROLE_NORMAL, "%4d%%", task->report.percent);
}

/* Wide: the whole description. Narrow: which VM, and the verb. Cells taken. */
static int draw_what(const struct task *task, struct surface line, int col, int verb_cells)
{
	int cells = line.cols >= WIDE ? MIN(line.cols / 3, DESCRIPTION_CELLS) : MIN(line.cols / 6, VM_CELLS);

	if (line.cols >= WIDE) {
		surface_put_field(line, 0, col, cells, ALIGN_LEFT, ROLE_NORMAL, task->description);
		return cells;
	}
	surface_put_field(line, 0, col, cells, ALIGN_LEFT, ROLE_NORMAL, task->vm_name);
	surface_put_field(line, 0, col + cells + 1, verb_cells, ALIGN_LEFT, ROLE_NORMAL,
			  TEXT_OURS(task_verb_name(task->verb)));
	return cells + 1 + verb_cells;
}

/* The same in each row. */
static int widest_verb(const struct tasklist *list, int cols)
{
	int cells = VERB_CELLS;

	for (size_t i = 0; i < list->count && cols >= ROOMY; i++)
		cells = MAX(cells, (int)strlen(task_verb_name(list->at[i]->verb)));
	return MIN(cells, VERB_CELLS_MOST);
}

static void draw_task(const struct task *task, struct surface line, int verb_cells, int64_t now)
{
	struct safe_text words = progress_words(task, now), clock = clock_words(task, now);
	bool has_gauge = !task->report.complete && line.cols >= 60;
	int col = 2, clock_cells = surface_width(clock);

	if (line.under != ROLE_NORMAL)
		surface_clear(line);
	col += draw_what(task, line, col, verb_cells) + 2;
	if (has_gauge) {
		draw_gauge(task, line, col, now);
		col += GAUGE_CELLS + 7;
	}
	surface_put_field(line, 0, col, line.cols - col - clock_cells - 2, ALIGN_LEFT, role_of_outcome(task), words);
	surface_put(line, 0, line.cols - clock_cells - 1, ROLE_DIM, clock);
	text_free(&words);
	text_free(&clock);
}

struct sums {
	size_t running, done, nobody, cancelled, failed;
};

static void add_up(struct sums *sums, const struct task *task)
{
	if (!task->report.complete)
		sums->running++;
	else if (task->report.error == E_NO_SUCH_LOGON_SESSION)
		sums->nobody++;
	else if (task->report.result == TASK_RESULT_CANCELLED)
		sums->cancelled++;
	else if (role_of_outcome(task) == ROLE_GOOD)
		sums->done++;
	else
		sums->failed++;
}

/* Once all is over: why the first one failed. Its sentence names the VM. */
static void draw_reason(struct surface line, int col, const struct tasklist *list)
{
	struct surface rest = surface_part(line, 0, col, 1, line.cols - col - 1);
	size_t i = 0;

	while (i < list->count && role_of_outcome(list->at[i]) != ROLE_BAD)
		i++;
	if (i < list->count && rest.cols > 12)
		surface_print(rest, 0, 0, ROLE_BAD, "%s ", text_str(list->at[i]->report.error_description));
}

static int draw_sum(struct surface line, int col, enum role role, size_t count, const char *words)
{
	if (count == 0)
		return col;
	return col + surface_print(line, 0, col, role, " %zu %s ", count, words);
}

static void draw_border(struct view *view, struct surface line)
{
	const struct tasklist *list = list_of(view);
	struct sums sums = { 0 };
	int col = 3;

	for (size_t i = 0; i < list->count; i++)
		add_up(&sums, list->at[i]);

	surface_glyphs(line, 0, 0, line.cols, ROLE_BORDER, GLYPH_HORIZONTAL);
	col += surface_print(line, 0, col, view->ui->tasks_have_focus ? ROLE_TITLE : ROLE_NORMAL, " %s ", _("Tasks"));
	col = draw_sum(line, col, ROLE_NORMAL, sums.running, _("running"));
	col = draw_sum(line, col, ROLE_GOOD, sums.done, _("done"));
	col = draw_sum(line, col, ROLE_NEUTRAL, sums.nobody, _("had nobody"));
	col = draw_sum(line, col, ROLE_NEUTRAL, sums.cancelled, _("cancelled"));
	col = draw_sum(line, col, ROLE_BAD, sums.failed, _("failed"));
	if (sums.failed && !sums.running && list->count > 1)
		draw_reason(line, col, list);
}

static void tasks_draw(struct view *view, struct surface surface)
{
	struct tasks *tasks = tasks_of(view);
	struct surface rows = surface_part(surface, 1, 0, -1, -1);
	size_t count = list_of(view)->count;
	int verb_cells = widest_verb(list_of(view), surface.cols);
	int64_t now = clock_ms();

	draw_border(view, surface);
	bring_up_to_date(tasks);
	scroll_fit(&tasks->scroll, count, rows.rows);
	if (count == 0)
		surface_put(rows, 0, 2, ROLE_DIM, TEXT_OURS(_("No tasks yet.")));
	for (int i = 0; i < rows.rows && tasks->scroll.top + (size_t)i < count; i++) {
		size_t index = tasks->scroll.top + (size_t)i;
		struct surface line = surface_part(rows, i, 0, 1, rows.cols - 1);

		if (view->ui->tasks_have_focus && index == tasks->scroll.cursor) {
			line.under = ROLE_CURSOR;
			surface_cursor(line, 0, 2, false);
		}
		draw_task(tasklist_find(list_of(view), tasks->order.at[index]), line, verb_cells, now);
	}
	scroll_draw(&tasks->scroll, rows, count);
}

/* --- keys --- */

static bool tasks_act(struct view *view, enum action_id action)
{
	struct tasks *tasks = tasks_of(view);
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
	case ACTION_BACK:
		return true;
	case ACTION_TASK_CANCEL:
		return list->count > 0;
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
	VEC_FREE(&tasks_of(view)->order);
	free(view);
}

static const struct view_ops tasks_ops = {
	.draw = tasks_draw,
	.act = tasks_act,
	.offers = tasks_offers,
	.next_change = tasks_next_change,
	.destroy = tasks_destroy,
};

struct view *view_tasks_create(struct ui *ui)
{
	struct tasks *tasks = mem_zalloc(sizeof(*tasks));

	tasks->view.ops = &tasks_ops;
	tasks->view.ui = ui;
	return &tasks->view;
}

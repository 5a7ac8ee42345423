/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

enum {
	GAUGE_CELLS = 10,
	WIDE = 120,
	INDENT = 2,
	NAME_GAP = 2,
	VM_CELLS = 16,
	VM_CELLS_WIDE = 28,
	VERB_CELLS = 8,
	VERB_CELLS_MOST = 15,
	FULL_INDENT = 4,
	ROOMY = 76,         /* enough for a operation with a long name */
	UNFOLDED_MOST = 20, /* tasks of a batch */
	GAUGE_UNKNOWN = -1, /* the percentage: the gauge moves */
	GAUGE_STEP_MS = 250,
};

/* A line of the pane. */
struct row {
	uint64_t id; /* the task's, or the batch's */
	bool is_batch;
};

struct tasks {
	struct view view;
	struct row selected; /* under the cursor: it stays there while others end */
	uint64_t newest;     /* at the last frame: a newer one is scrolled to */
	bool failed_only;
	struct {
		VEC(struct row);
	} order; /* as drawn */
	struct {
		VEC(uint64_t);
	} toggled; /* batches that a person folded, or unfolded */
};

/* The tasks that one answer started. */
struct batch {
	const struct task *first, *cancelable;
	size_t count, complete, failed;
	size_t measured; /* of the complete: those that did something; a refusal takes no time */
	int percents;    /* of all, added */
	int64_t started_at, ended_at;
};

static const struct tasklist *list_of(const struct view *view)
{
	return app_tasks(view->ui->app);
}

bool view_tasks_is_empty(const struct view *view)
{
	return list_of(view)->count == 0;
}

static bool has_failed(const struct task *task)
{
	return role_of_outcome(task) == ROLE_BAD;
}

static struct batch batch_of(const struct tasklist *list, uint64_t id)
{
	struct batch batch = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		const struct task *task = list->at[i];

		if (task->batch != id)
			continue;
		if (!batch.count++)
			batch = (struct batch){ .first = task, .count = 1, .started_at = task->started_at };
		if (!batch.cancelable && task_is_cancelable(task))
			batch.cancelable = task;
		batch.complete += task->report.complete;
		batch.measured += task->report.complete && task->steps.count > 1;
		batch.failed += has_failed(task);
		batch.percents += task->report.complete ? 100 : task->report.percent;
		batch.started_at = MIN(batch.started_at, task->started_at);
		batch.ended_at = MAX(batch.ended_at, task->ended_at);
	}
	return batch;
}

const struct task *view_tasks_selected(const struct view *view)
{
	const struct row row = ((const struct tasks *)view)->selected;
	struct batch batch;

	if (!row.is_batch)
		return tasklist_find(list_of(view), row.id);
	batch = batch_of(list_of(view), row.id);
	return batch.cancelable ? batch.cancelable : batch.first;
}

bool view_tasks_is_on_batch(const struct view *view)
{
	return ((const struct tasks *)view)->selected.is_batch;
}

void view_tasks_toggle_failed(struct ui *ui)
{
	struct tasks *tasks = (struct tasks *)ui->tasks;

	tasks->failed_only = !tasks->failed_only;
}

/* --- the order of the lines --- */

struct entry {
	const struct task *task;
	size_t together; /* tasks in its batch */
	int rank;        /* its batch's: 0 running, 1 waiting, 2 over */
};

/* Running batches first, then waiting ones, then the newest; inside: running, waiting, failed, the newest. */
static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	const struct task *one = x->task, *other = y->task;

	if (x->rank != y->rank)
		return x->rank - y->rank;
	if (one->batch != other->batch)
		return one->batch > other->batch ? -1 : 1;
	if (one->report.complete != other->report.complete)
		return one->report.complete ? 1 : -1;
	if (!one->report.complete && one->running != other->running)
		return one->running ? -1 : 1;
	if (has_failed(one) != has_failed(other))
		return has_failed(one) ? -1 : 1;
	return one->id > other->id ? -1 : 1;
}

static size_t find_toggled(const struct tasks *tasks, uint64_t batch)
{
	size_t at = 0;

	while (at < tasks->toggled.count && tasks->toggled.at[at] != batch)
		at++;
	return at;
}

/* Many are folded until a person unfolds them. */
static bool is_folded(const struct tasks *tasks, uint64_t batch, size_t count)
{
	return (count > UNFOLDED_MOST) != (find_toggled(tasks, batch) < tasks->toggled.count);
}

static void put_in_order(struct tasks *tasks, const struct tasklist *list)
{
	struct {
		VEC(struct entry);
	} sorted = { 0 };

	/* Tasks that were started together are neighbours. */
	for (size_t i = 0, end = 0; i < list->count; i = end) {
		int rank = 2;

		for (end = i; end < list->count && list->at[end]->batch == list->at[i]->batch; end++)
			rank = MIN(rank, list->at[end]->report.complete ? 2 : !list->at[end]->running);
		for (size_t k = i; k < end; k++)
			*VEC_PUSH(&sorted) = (struct entry){ list->at[k], end - i, rank };
	}
	if (sorted.count > 1)
		qsort(sorted.at, sorted.count, sizeof(*sorted.at), compare_entries);
	tasks->order.count = 0;
	for (size_t i = 0; i < sorted.count; i++) {
		const struct task *task = sorted.at[i].task;
		const bool has_line = sorted.at[i].together > 1 && !tasks->failed_only;

		if (has_line && (i == 0 || sorted.at[i - 1].task->batch != task->batch))
			*VEC_PUSH(&tasks->order) = (struct row){ task->batch, true };
		if (tasks->failed_only ? has_failed(task)
				       : !has_line || !is_folded(tasks, task->batch, sorted.at[i].together))
			*VEC_PUSH(&tasks->order) = (struct row){ task->id, false };
	}
	VEC_FREE(&sorted);
}

static bool is_moving(const struct task *task)
{
	return !task->report.complete && task->running && task->operation != OP_LOGOFF && !task->report.percent;
}

/* --- a task in words --- */

struct safe_text view_tasks_progress(const struct task *task, int64_t now)
{
	const struct task_report *report = &task->report;
	const bool cancelled = report->complete && report->result == TASK_RESULT_CANCELLED;
	const char *words = _(task_phase_name(report->phase)), *more = text_str(report->note);

	if (report->complete) {
		const char *why = task_error_words(task);
		OWN(text) struct safe_text outcome = task_outcome_words(task);

		if ((!*more && !*why) || report->error == E_NO_SUCH_LOGON_SESSION)
			return text_copy(outcome);
		/* Of what failed, the reason to act on comes first; "cancelled before anything was sent" says it all.
		 */
		return text_format("%s%s%s%s%s", cancelled && *why ? "" : text_str(outcome),
				   cancelled && *why ? "" : ": ", why, *why && *more ? "; " : "", more);
	}
	if (!task->running)
		return text_format("%s", _(task_phase_name(TASK_PHASE_QUEUED)));
	if (report->phase == TASK_PHASE_VERIFY && !text_is_empty(report->waiting_for))
		return text_format(_("waiting for %s"), text_str(report->waiting_for));
	if (report->phase == TASK_PHASE_WARN && report->grace_until > now) {
		OWN(text) struct safe_text left = words_of_span(report->grace_until - now + 999);

		return text_format(_("grace period: %s"), text_str(left));
	}
	return *more ? text_format("%s: %s", words, more) : text_format("%s", words);
}

/* "0:12, timeout 2:30" while it runs, "0:12" once it is over, or where there is no room; owned. */
static struct safe_text clock_words(const struct task *task, int64_t now, int cols)
{
	OWN(text) struct safe_text elapsed = words_of_span(task_elapsed_ms(task, now));
	OWN(text) struct safe_text limit = words_of_span(task->deadline_at - task->started_at);

	if (task->report.complete || !task->running || cols < WIDE)
		return text_copy(elapsed);
	return text_format(_("%s, timeout %s"), text_str(elapsed), text_str(limit));
}

/* --- drawing --- */

/* The same in each line, so that names, verbs and gauges are below each other. */
struct widths {
	int name, verb;
};

static struct widths widths_of(const struct tasklist *list, int cols)
{
	struct widths widths = { VERB_CELLS, VERB_CELLS };

	for (size_t i = 0; i < list->count; i++) {
		widths.name = MAX(widths.name, surface_width(list->at[i]->vm_name));
		if (cols >= ROOMY)
			widths.verb = MAX(widths.verb, (int)strlen(operation_name(list->at[i]->operation)));
	}
	widths.name = MIN(widths.name, cols >= WIDE ? VM_CELLS_WIDE : MIN(cols / 6, VM_CELLS));
	widths.verb = MIN(widths.verb, VERB_CELLS_MOST);
	return widths;
}

static void draw_gauge(struct surface surface, int row, int col, int cells, int percent, int64_t elapsed_ms)
{
	int full, room, step, from = 0;

	cells = MIN(cells, surface.cols - col);
	if (cells <= 0)
		return;
	if (percent == GAUGE_UNKNOWN) {
		full = MAX(cells / 4, 1);
		room = cells - full;
		/* Back and forth. */
		step = room > 0 ? (int)(elapsed_ms / GAUGE_STEP_MS % (2 * room)) : 0;
		from = step < room ? step : 2 * room - step;
	} else {
		full = MIN(MAX(percent, 0), 100) * cells / 100;
	}
	surface_glyphs(surface, row, col, cells, ROLE_GAUGE_LEFT, GLYPH_EMPTY);
	surface_glyphs(surface, row, col + from, full, ROLE_GAUGE, GLYPH_FULL);
}

/* True: the words were cut. */
static bool draw_task(const struct task *task, struct surface line, struct widths widths, int64_t now)
{
	OWN(text) struct safe_text words = view_tasks_progress(task, now);
	OWN(text) struct safe_text clock = clock_words(task, now, line.cols);
	const int percent = is_moving(task) ? GAUGE_UNKNOWN : task->report.percent;
	const int room = line.cols - surface_width(clock) - 2;
	int col = INDENT;

	if (line.under != ROLE_NORMAL)
		surface_clear(line);
	surface_put_field(line, 0, col, widths.name, ALIGN_LEFT, ROLE_NORMAL, task->vm_name);
	col += widths.name + NAME_GAP;
	surface_put_field(line, 0, col, widths.verb, ALIGN_LEFT, ROLE_NORMAL,
			  TEXT_TRUSTED(operation_name(task->operation)));
	col += widths.verb + 2;
	if (!task->report.complete && line.cols >= 60) {
		draw_gauge(line, 0, col, GAUGE_CELLS, percent, now - task->started_at);
		if (percent != GAUGE_UNKNOWN)
			surface_print(line, 0, col + GAUGE_CELLS, ROLE_NORMAL, "%4d%%", percent);
		col += GAUGE_CELLS + 7;
	}
	surface_put_field(line, 0, col, room - col, ALIGN_LEFT, role_of_outcome(task), words);
	surface_put(line, 0, room + 1, ROLE_DIM, clock);
	return surface_width(words) > room - col;
}

/* "drain, 100 VMs  ███░░  37/100  2 failed  about 1:20 left", by what the finished ones took. */
static void draw_batch(const struct tasks *tasks, const struct batch *batch, struct surface line, struct widths widths,
		       int64_t now)
{
	const bool is_over = batch->complete == batch->count;
	const size_t left = batch->count - batch->complete;
	OWN(text) struct safe_text took = words_of_span((is_over ? batch->ended_at : now) - batch->started_at);
	OWN(text)
	struct safe_text title = text_format(ngettext("%s, %zu VM", "%s, %zu VMs", batch->count),
					     operation_name(batch->first->operation), batch->count);
	const int title_cells = widths.name + NAME_GAP + widths.verb, room = line.cols - surface_width(took) - 2;
	struct surface words = surface_part(line, 0, 0, 1, room);
	int col = INDENT + title_cells + 2;

	if (line.under != ROLE_NORMAL)
		surface_clear(line);
	surface_glyphs(line, 0, 0, 1, ROLE_HEADING,
		       is_folded(tasks, batch->first->batch, batch->count) ? GLYPH_FOLDED : GLYPH_UNFOLDED);
	surface_put_field(line, 0, INDENT, title_cells, ALIGN_LEFT, ROLE_TITLE, title);
	if (!is_over && line.cols >= 60) {
		draw_gauge(line, 0, col, GAUGE_CELLS, batch->percents / (int)batch->count, now - batch->started_at);
		col += GAUGE_CELLS + 2;
	}
	col += surface_print(words, 0, col, ROLE_NORMAL, "%zu/%zu", batch->complete, batch->count) + 2;
	if (batch->failed)
		col += surface_print(words, 0, col, ROLE_BAD, ngettext("%zu failed", "%zu failed", batch->failed),
				     batch->failed) +
		       2;
	if (batch->measured && left) {
		OWN(text)
		struct safe_text rest =
			words_of_span((now - batch->started_at) * (int64_t)left / (int64_t)batch->measured);

		surface_print(words, 0, col, ROLE_DIM, _("about %s left"), text_str(rest));
	}
	surface_put(line, 0, room + 1, ROLE_DIM, took);
}

/* --- the one under the cursor, in full --- */

static int draw_in_full(const struct task *task, struct surface surface, int64_t now)
{
	struct surface inside = surface_part(surface, 0, FULL_INDENT, -1, surface.cols - FULL_INDENT - 2);
	OWN(text) struct safe_text words = view_tasks_progress(task, now);

	return surface_wrap(inside, 0, 0, role_of_outcome(task), words);
}

/* Rows below the selected task for its full text, if its line was cut. */
static int rows_in_full(const struct view *view, struct surface rows, int64_t now)
{
	const bool is_task = view->ui->tasks_have_focus && !view_tasks_is_on_batch(view);
	const struct task *task = is_task ? view_tasks_selected(view) : NULL;
	struct surface nowhere = surface_part(rows, 0, 0, 0, rows.cols - 1);

	if (!task || !draw_task(task, nowhere, widths_of(list_of(view), nowhere.cols), now))
		return 0;
	return draw_in_full(task, nowhere, now);
}

/* The cursor follows its task; without the focus it is on the first row. */
int view_tasks_rows(struct view *view, struct surface screen)
{
	struct tasks *tasks = (struct tasks *)view;
	const struct tasklist *list = list_of(view);
	const bool follows = view->ui->tasks_have_focus && list->last_id == tasks->newest;
	struct scroll *scroll = &view->scroll;
	int count, most = MAX(screen.rows / (view->ui->tasks_have_focus ? 3 : 4), 2);

	if (ui_pane(view->ui) == view->ui->table) /* where it has no VMs to show, there is room */
		most = MAX(most, screen.rows - header_rows(screen) - 2 -
					 (int)MIN(listing_line_count(view->ui->listing), 1000));
	if (!follows)
		*scroll = (struct scroll){ 0 };
	put_in_order(tasks, list);
	for (size_t i = 0; i < tasks->order.count && follows; i++)
		if (tasks->order.at[i].id == tasks->selected.id &&
		    tasks->order.at[i].is_batch == tasks->selected.is_batch)
			scroll->cursor = i;
	tasks->newest = list->last_id;
	scroll->cursor = MIN(scroll->cursor, MAX(tasks->order.count, 1) - 1);
	tasks->selected = tasks->order.count > 0 ? tasks->order.at[scroll->cursor] : (struct row){ 0 };
	count = (int)MIN(tasks->order.count, 1000);
	/* With the failed only, the border still says how many there are. */
	if (view->ui->tasks_have_focus)
		count = MAX(count, 1) + rows_in_full(view, screen, clock_ms());
	else if (count == 0 && list->count == 0)
		return 0;
	return 1 + MIN(count, most);
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
	if (((struct tasks *)view)->failed_only)
		col += surface_print(line, 0, col, ROLE_MATCH, " %s ", _("Failed only"));
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
	const struct tasklist *list = list_of(view);
	struct surface rows = surface_part(surface, 1, 0, -1, -1);
	const struct widths widths = widths_of(list, rows.cols - 1);
	const size_t count = tasks->order.count;
	int64_t now = clock_ms();
	int row = 0, in_full;

	draw_border(view, surface);
	in_full = MIN(rows_in_full(view, rows, now), rows.rows - 1);
	scroll_fit(&view->scroll, count, rows.rows - in_full);
	if (count == 0 && view->ui->tasks_have_focus)
		surface_cursor(rows, 0, 2, false);
	if (count == 0)
		surface_put(rows, 0, 2, ROLE_DIM,
			    TEXT_TRUSTED(list->count ? _("No failed tasks.") : _("No tasks yet.")));
	for (size_t i = view->scroll.top; i < MIN(count, view->scroll.top + view->scroll.page); i++) {
		const struct row *shown = &tasks->order.at[i];
		struct surface line = surface_part(rows, row++, 0, 1, rows.cols - 1);
		const bool is_chosen = view->ui->tasks_have_focus && i == view->scroll.cursor;
		const struct task *task;
		struct batch batch;

		if (is_chosen) {
			line.under = ROLE_CURSOR;
			surface_cursor(line, 0, INDENT, false);
		}
		if (shown->is_batch) {
			batch = batch_of(list, shown->id);
			draw_batch(tasks, &batch, line, widths, now);
			continue;
		}
		task = tasklist_find(list, shown->id);
		draw_task(task, line, widths, now);
		if (is_chosen && in_full > 0) {
			draw_in_full(task, surface_part(rows, row, 0, in_full, rows.cols - 1), now);
			row += in_full;
		}
	}
	scroll_draw(&view->scroll, rows, count);
}

/* --- keys --- */

static bool selected_is_folded(const struct tasks *tasks)
{
	return is_folded(tasks, tasks->selected.id, batch_of(list_of(&tasks->view), tasks->selected.id).count);
}

static void toggle(struct tasks *tasks, uint64_t batch)
{
	const size_t at = find_toggled(tasks, batch);

	if (at < tasks->toggled.count)
		VEC_REMOVE(&tasks->toggled, at);
	else
		*VEC_PUSH(&tasks->toggled) = batch;
}

/* On a batch's line, or to it from one of its tasks. False: there is none. */
static bool fold(struct tasks *tasks, enum action_id action)
{
	const struct task *task = view_tasks_selected(&tasks->view);

	if (!task || tasks->failed_only || batch_of(list_of(&tasks->view), task->batch).count < 2)
		return true;
	if (tasks->selected.is_batch && selected_is_folded(tasks) != (action == ACTION_FOLD))
		toggle(tasks, task->batch);
	else if (!tasks->selected.is_batch && action == ACTION_FOLD)
		tasks->selected = (struct row){ task->batch, true };
	return true;
}

static bool tasks_act(struct view *view, enum action_id action)
{
	struct tasks *tasks = (struct tasks *)view;
	const struct task *task = view_tasks_selected(view);

	if (action == ACTION_FOLD || action == ACTION_UNFOLD)
		return fold(tasks, action);
	if (action == ACTION_DETAILS && tasks->selected.is_batch)
		toggle(tasks, tasks->selected.id);
	else if (action == ACTION_DETAILS && task)
		dialog_task_open(view->ui, task->id);
	else
		return false;
	return true;
}

static bool tasks_offers(const struct view *view, enum action_id action)
{
	const struct tasks *tasks = (const struct tasks *)view;
	const struct tasklist *list = list_of(view);

	switch (action) {
	case ACTION_DETAILS:
		return list->count > 0 && !tasks->selected.is_batch;
	case ACTION_FOLD:
	case ACTION_UNFOLD:
		return tasks->selected.is_batch && selected_is_folded(tasks) == (action == ACTION_UNFOLD);
	case ACTION_TASKS_FAILED:
		for (size_t i = 0; i < list->count && !tasks->failed_only; i++)
			if (has_failed(list->at[i]))
				return true;
		return tasks->failed_only;
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
	VEC_FREE(&((struct tasks *)view)->toggled);
}

static size_t tasks_count(const struct view *view)
{
	return ((const struct tasks *)view)->order.count;
}

static struct safe_text tasks_text(const struct view *view, size_t at)
{
	const struct row row = ((const struct tasks *)view)->order.at[at];
	const struct task *task =
		row.is_batch ? batch_of(list_of(view), row.id).first : tasklist_find(list_of(view), row.id);
	OWN(text) struct safe_text words = { NULL };

	if (!task || row.is_batch)
		return text_format("%s", task ? operation_name(task->operation) : "");
	words = view_tasks_progress(task, clock_ms());
	return text_format("%s %s %s %s", text_str(task->vm_name), operation_name(task->operation),
			   text_str(task->description), text_str(words));
}

static struct safe_text tasks_say(const struct view *view, size_t at)
{
	const struct row row = ((const struct tasks *)view)->order.at[at];
	const struct batch batch = batch_of(list_of(view), row.id);
	const struct task *task = tasklist_find(list_of(view), row.id);
	OWN(text) struct safe_text words = { NULL };

	if (row.is_batch)
		return text_format(_("%s, %zu VMs; %zu finished, %zu failed"), operation_name(batch.first->operation),
				   batch.count, batch.complete, batch.failed);
	words = view_tasks_progress(task, clock_ms());
	return text_format("%s; %s", text_str(task->description), text_str(words));
}

static void tasks_moved(struct view *view)
{
	struct tasks *tasks = (struct tasks *)view;

	if (tasks->order.count > 0)
		tasks->selected = tasks->order.at[view->scroll.cursor];
}

const struct view_ops tasks_ops = {
	.size = sizeof(struct tasks),
	.title = N_("Tasks"),
	.draw = tasks_draw,
	.act = tasks_act,
	.offers = tasks_offers,
	.count = tasks_count,
	.moved = tasks_moved,
	.text = tasks_text,
	.say = tasks_say,
	.next_change = tasks_next_change,
	.destroy = tasks_destroy,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/scroll.h"
#include "ui/view.h"

#include <stdlib.h>

enum {
	GUTTER = 2,    /* the mark */
	ROOMY = 100,   /* so many columns of cells leave two between those of the table */
	TAIL = 1,      /* the scroll bar */
	WHEEL_ROWS = 3,
	WHEEL_UP = 64,
	WHEEL_DOWN = 65,
	BUTTON_RIGHT = 2,
};

struct table {
	struct view view;
	struct scroll scroll;
	int seen[COLUMN_COUNT];   /* the widest cell so far, so that columns grow and do not dance */
	int width[COLUMN_COUNT];  /* as drawn; 0: no room for it */
	int seen_cols;            /* of the screen they were seen on */
	int gap;                  /* between columns */
	struct surface drawn;     /* for clicks */
	struct vm_ids watched;
};

static struct table *table_of(struct view *view)
{
	return (struct table *)view;
}

/* --- columns --- */

/* The first to go where the screen is narrow. */
static const enum column_id expendable[] = {
	COLUMN_OS, COLUMN_MEM, COLUMN_CPU, COLUMN_HOST, COLUMN_TASK, COLUMN_AGENT,
};

static int wish_of(const struct table *table, enum column_id id)
{
	const struct column *column = column_get(id);
	/* With room for the arrow of the order; right of a column to the right is the gap. */
	int title = surface_width(TEXT_OURS(_(column->title))) + !column->right;
	int wish = MAX(table->seen[id], title);

	if (column->max > 0)
		wish = MIN(wish, column->max);
	return MAX(wish, column->min);
}

static int total_width(const struct table *table, const struct columns *columns)
{
	int total = GUTTER + TAIL;

	for (size_t i = 0; i < columns->count; i++)
		total += table->width[columns->at[i]] ? table->width[columns->at[i]] + table->gap : 0;
	return total;
}

/* The first column says which VM it is: it keeps a third of the screen as long as others can give way. */
static int least_of(const struct columns *columns, size_t index, int kept)
{
	int min = column_get(columns->at[index])->min;

	return index == 0 ? MAX(min, kept) : min;
}

/* Takes from the one with most to give until it fits or nothing gives way any more. */
static void shrink_columns(struct table *table, const struct columns *columns, int room, int kept)
{
	for (int over = total_width(table, columns) - room; over > 0; over--) {
		enum column_id richest = COLUMN_COUNT;
		int most = 0;

		for (size_t i = 0; i < columns->count; i++) {
			int spare = table->width[columns->at[i]] - least_of(columns, i, kept);

			if (table->width[columns->at[i]] && spare > most) {
				most = spare;
				richest = columns->at[i];
			}
		}
		if (richest == COLUMN_COUNT)
			return;
		table->width[richest]--;
	}
}

static bool drop_column(struct table *table, const struct columns *columns)
{
	for (size_t i = 0; i < ARRAY_SIZE(expendable); i++) {
		if (table->width[expendable[i]]) {
			table->width[expendable[i]] = 0;
			return true;
		}
	}
	for (size_t i = columns->count; i-- > 1;) {
		if (table->width[columns->at[i]]) {
			table->width[columns->at[i]] = 0;
			return true;
		}
	}
	return false;
}

static int least_width(const struct table *table, const struct columns *columns)
{
	int total = GUTTER + TAIL;

	for (size_t i = 0; i < columns->count; i++) {
		enum column_id id = columns->at[i];

		total += table->width[id] ? MIN(column_get(id)->min, table->width[id]) + table->gap : 0;
	}
	return total;
}

/* Each column as wide as what is in it; where that is too much, the least needed go, then the widest shrink. */
static void fit_columns(struct table *table, const struct columns *columns, int room)
{
	enum column_id last = columns->at[columns->count - 1];

	table->gap = room >= ROOMY ? 2 : 1;
	for (int id = 0; id < COLUMN_COUNT; id++)
		table->width[id] = 0;
	for (size_t i = 0; i < columns->count; i++)
		table->width[columns->at[i]] = wish_of(table, columns->at[i]);
	while (least_width(table, columns) > room && drop_column(table, columns))
		;
	shrink_columns(table, columns, room, room / 3);
	shrink_columns(table, columns, room, 0);
	if (table->width[last] && !column_get(last)->right)
		table->width[last] += MAX(room - total_width(table, columns) + table->gap, 0);
}

static void see_columns(struct table *table, struct ui *ui, size_t from, size_t to, int64_t now)
{
	struct column_cell cell;

	for (size_t line = from; line < to; line++) {
		const struct vm *vm = listing_line_vm(ui->listing, line);
		struct column_row at;

		if (!vm)
			continue;
		at = listing_row(ui->listing, vm, now);

		for (size_t i = 0; i < ui->columns.count; i++) {
			enum column_id id = ui->columns.at[i];
			int width = surface_width(column_words(id, &at, &cell));

			table->seen[id] = MAX(table->seen[id], width);
		}
	}
}

/* --- drawing --- */

static void draw_heading(const struct table *table, const struct ui *ui, struct surface line)
{
	int col = GUTTER;

	for (size_t i = 0; i < ui->columns.count; i++) {
		enum column_id id = ui->columns.at[i];
		const struct column *column = column_get(id);
		bool is_sorted = id == listing_sort_column(ui->listing);
		enum role role = is_sorted ? ROLE_HEADING_SORTED : ROLE_HEADING;
		int width = table->width[id], words = surface_width(TEXT_OURS(_(column->title)));

		if (!width)
			continue;
		surface_put_field(line, 0, col, width, column->right ? ALIGN_RIGHT : ALIGN_LEFT, role,
				  TEXT_OURS(_(column->title)));
		if (is_sorted)
			surface_glyphs(line, 0, column->right ? col + width : col + words, 1, role,
				       listing_sort_is_descending(ui->listing) ? GLYPH_DOWN : GLYPH_UP);
		col += width + table->gap;
	}
}

static enum role role_of_cell(enum column_id id, const struct column_row *row)
{
	if (!host_is_usable(row->host) || row->host->state == HOST_STALE)
		return ROLE_DIM;
	switch (id) {
	case COLUMN_STATE:
		return role_of_state(row->vm->facts.state);
	case COLUMN_AGENT:
		return role_of_agent(vm_agent_state(row->vm));
	case COLUMN_TASK:
		return row->task ? role_of_outcome(row->task) : ROLE_NORMAL;
	case COLUMN_NAME:
		return row->vm->marked_at ? ROLE_MARK : ROLE_NORMAL;
	case COLUMN_HOST:
	case COLUMN_OS:
		return ROLE_DIM;
	case COLUMN_USERS:
	case COLUMN_WHO:
		return row->vm->users_state == USERS_KNOWN && session_list_total(&row->vm->sessions) > 0 ? ROLE_NORMAL :
													   ROLE_DIM;
	default:
		return vm_state_is_active(row->vm->facts.state) ? ROLE_NORMAL : ROLE_DIM;
	}
}

/* That there is no task is not unknown. */
static struct safe_text words_of_cell(enum column_id id, const struct column_row *row, struct column_cell *cell)
{
	return id == COLUMN_TASK && !row->task && !row->vm->door_closed ? TEXT_OURS("") : column_words(id, row, cell);
}

static void draw_row(const struct table *table, const struct ui *ui, struct surface line, const struct column_row *row)
{
	struct column_cell cell;
	int col = GUTTER;

	if (line.under != ROLE_NORMAL)
		surface_clear(line);
	if (row->vm->marked_at)
		surface_glyphs(line, 0, 0, 1, ROLE_MARK, GLYPH_MARK);
	for (size_t i = 0; i < ui->columns.count; i++) {
		enum column_id id = ui->columns.at[i];
		enum role role = role_of_cell(id, row);

		if (!table->width[id])
			continue;
		surface_put_field(line, 0, col, table->width[id], column_get(id)->right ? ALIGN_RIGHT : ALIGN_LEFT,
				  role, words_of_cell(id, row, &cell));
		col += table->width[id];
		/* In the cell's own role: a change of colour costs more bytes than a blank. */
		surface_put_field(line, 0, col, table->gap, ALIGN_LEFT, role, TEXT_OURS(""));
		col += table->gap;
	}
}

/* ▾ ams1  7 VMs, 6 running, 9 users, 2 marked */
static void draw_heading_of(const struct listing_group *group, struct surface line)
{
	int col = GUTTER;

	if (line.under != ROLE_NORMAL)
		surface_clear(line);
	surface_glyphs(line, 0, 0, 1, ROLE_HEADING, group->folded ? GLYPH_FOLDED : GLYPH_UNFOLDED);
	col += surface_put(line, 0, col, ROLE_TITLE, group->title) + 2;
	col += surface_print(line, 0, col, ROLE_DIM, ngettext("%zu VM", "%zu VMs", group->vms), group->vms);
	col += surface_print(line, 0, col, ROLE_DIM, _(", %zu running"), group->running);
	if (group->users > 0 || (group->running > 0 && group->users_unknown == 0))
		col += surface_print(line, 0, col, ROLE_DIM, ngettext(", %zu%s user", ", %zu%s users", group->users),
				     group->users, group->users_unknown > 0 ? "+" : "");
	if (group->marked > 0)
		surface_print(line, 0, col, ROLE_MARK, _(", %zu marked"), group->marked);
}

static void draw_line(const struct table *table, const struct ui *ui, struct surface line, size_t index, int64_t now)
{
	const struct vm *vm = listing_line_vm(ui->listing, index);
	struct listing_group group;
	struct column_row row;

	if (vm) {
		row = listing_row(ui->listing, vm, now);
		draw_row(table, ui, line, &row);
	} else if (listing_line_group(ui->listing, index, &group)) {
		draw_heading_of(&group, line);
	}
}

static void draw_lines(struct table *table, struct ui *ui, struct surface rows, int64_t now)
{
	bool has_focus = ui_pane(ui) == &table->view && !ui->tasks_have_focus;
	size_t count = listing_line_count(ui->listing);

	for (int i = 0; i < rows.rows && table->scroll.top + (size_t)i < count; i++) {
		size_t index = table->scroll.top + (size_t)i;
		struct surface line = surface_part(rows, i, 0, 1, rows.cols - TAIL);

		if (index == table->scroll.cursor) {
			line.under = has_focus ? ROLE_CURSOR : ROLE_CURSOR_IDLE;
			if (has_focus)
				surface_cursor(line, 0, GUTTER, false);
		}
		draw_line(table, ui, line, index, now);
	}
	scroll_draw(&table->scroll, rows, count);
}

/* --- where there are no rows --- */

/* Rows taken. */
static int draw_host_trouble(const struct host *host, struct surface surface, int row)
{
	struct safe_text words = { NULL };
	enum role role = ROLE_NORMAL;
	int rows;

	if (host->state == HOST_CONNECTING) {
		words = text_format(_("Connecting to %s…"), host->name);
	} else if (!text_is_empty(host->trouble)) {
		words = text_format(_("%s cannot be reached: %s"), host->name, text_str(host->trouble));
		role = ROLE_BAD;
	} else if (host->listed) {
		words = text_format(_("%s has no VMs."), host->name);
	}
	if (text_is_empty(words))
		return 0;
	rows = surface_wrap(surface_part(surface, 0, 2, -1, surface.cols - 4), row, 0, role, words);
	text_free(&words);
	return rows;
}

/* Whoever sees this may be here for the first time. */
static bool nothing_can_be_reached(const struct inventory *inventory)
{
	for (size_t i = 0; i < inventory_host_count(inventory); i++)
		if (inventory_host(inventory, (int)i)->state != HOST_LOST || inventory_host(inventory, (int)i)->listed)
			return false;
	return true;
}

static void draw_emptiness(struct ui *ui, struct surface surface)
{
	const struct inventory *inventory = app_inventory(ui->app);
	int row = 1;

	if (inventory_vm_count(inventory) > 0) {
		surface_print(surface, row, 2, ROLE_NORMAL, _("No VM matches the filter \"%s\"."),
			      listing_filter_words(ui->listing));
		surface_put(surface, row + 1, 2, ROLE_DIM, TEXT_OURS(_("Esc clears it, / changes it.")));
		return;
	}
	for (size_t i = 0; i < inventory_host_count(inventory); i++)
		row += draw_host_trouble(inventory_host(inventory, (int)i), surface, row);
	if (nothing_can_be_reached(inventory) && !ui->settings->demo)
		surface_put(surface, row + 1, 2, ROLE_DIM,
			    TEXT_OURS(_("To have a look without any hypervisor: innkeeper --demo")));
}

/* --- what the backends should look at first --- */

static void watch_rows(struct table *table, struct ui *ui, size_t from, size_t to)
{
	struct vm_ids ids = { 0 };

	for (size_t i = from; i < to; i++) {
		const struct vm *vm = listing_line_vm(ui->listing, i);

		if (vm)
			*VEC_PUSH(&ids) = vm->id;
	}
	if (vm_ids_equal(&ids, &table->watched)) {
		VEC_FREE(&ids);
		return;
	}
	VEC_FREE(&table->watched);
	table->watched = ids;
	app_watch(ui->app, ids.at, ids.count);
}

/* The first VM of a group is shown below its heading. */
static void show_heading_above(struct scroll *scroll, struct listing *listing)
{
	if (scroll->top > 0 && scroll->cursor == scroll->top && scroll->page > 1 &&
	    !listing_line_vm(listing, scroll->top - 1))
		scroll->top--;
}

static void table_draw(struct view *view, struct surface surface)
{
	struct table *table = table_of(view);
	struct ui *ui = view->ui;
	struct surface rows = surface_part(surface, 1, 0, -1, -1);
	size_t count = listing_line_count(ui->listing), to;
	const struct vm *vm = listing_cursor(ui->listing);
	int64_t now = clock_ms();

	if (table->seen_cols != surface.cols) {
		table->seen_cols = surface.cols;
		for (int id = 0; id < COLUMN_COUNT; id++)
			table->seen[id] = 0;
	}
	table->drawn = rows;
	table->scroll.cursor = listing_cursor_index(ui->listing);
	scroll_fit(&table->scroll, count, rows.rows);
	show_heading_above(&table->scroll, ui->listing);
	to = MIN(count, table->scroll.top + table->scroll.page);
	see_columns(table, ui, table->scroll.top, to, now);
	fit_columns(table, &ui->columns, surface.cols);
	draw_heading(table, ui, surface);
	if (count == 0)
		draw_emptiness(ui, rows);
	else
		draw_lines(table, ui, rows, now);
	watch_rows(table, ui, table->scroll.top, to);
	app_focus(ui->app, vm ? &vm->id : NULL);
}

/* --- keys and clicks --- */

static void mark_and_go_on(struct ui *ui)
{
	struct vm *vm = listing_cursor(ui->listing);

	if (listing_mark_group(ui->listing)) {
		listing_move_to_next_group(ui->listing);
		return;
	}
	if (!vm)
		return;
	listing_mark(ui->listing, vm, !vm->marked_at);
	listing_move(ui->listing, 1);
}

static void move(struct listing *listing, ptrdiff_t by)
{
	if (by == PTRDIFF_MIN)
		listing_move_to(listing, 0);
	else if (by == PTRDIFF_MAX)
		listing_move_to(listing, listing_line_count(listing) - 1);
	else if (by != 0)
		listing_move(listing, by);
}

static bool table_act(struct view *view, enum action_id action)
{
	struct table *table = table_of(view);
	struct listing *listing = view->ui->listing;
	ptrdiff_t by = scroll_distance(action, table->scroll.page);

	switch (action) {
	case ACTION_MARK:
		mark_and_go_on(view->ui);
		return true;
	case ACTION_FOLD:
		return listing_fold(listing);
	case ACTION_UNFOLD:
		return listing_unfold(listing);
	case ACTION_FOLD_ALL:
		return listing_turn_all_folds(listing);
	case ACTION_DETAILS:
		return listing_turn_fold(listing);
	default:
		move(listing, by);
		return by != 0;
	}
}

static bool table_input(struct view *view, const struct input *input)
{
	struct table *table = table_of(view);
	struct listing *listing = view->ui->listing;
	int row = input->row - table->drawn.top;

	if (input->kind != INPUT_CLICK)
		return false;
	if (input->button == WHEEL_UP || input->button == WHEEL_DOWN) {
		listing_move(listing, input->button == WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
		return true;
	}
	if (row < 0 || row >= table->drawn.rows || table->scroll.top + (size_t)row >= listing_line_count(listing))
		return true;
	listing_move_to(listing, table->scroll.top + (size_t)row);
	if (input->button == BUTTON_RIGHT)
		ui_do(view->ui, ACTION_MENU);
	return true;
}

static bool table_offers(const struct view *view, enum action_id action)
{
	struct ui *ui = view->ui;
	struct listing_group group;
	struct vm_ids ids;
	bool can_cancel;

	switch (action) {
	case ACTION_LOGOFF:
	case ACTION_SESSIONS:
	case ACTION_MENU:
	case ACTION_MARK:
	case ACTION_FILTER:
		return true;
	case ACTION_FOLD:
	case ACTION_UNFOLD:
		return listing_line_group(ui->listing, listing_cursor_index(ui->listing), &group) &&
		       group.folded == (action == ACTION_UNFOLD);
	case ACTION_TASKS:
		return !view_tasks_is_empty(ui->tasks);
	case ACTION_BACK:
		return *listing_filter_words(ui->listing) || listing_marked(ui->listing) > 0;
	case ACTION_TASK_CANCEL: {
		struct action_target target = ui_target(ui, &ids);

		can_cancel = app_action_may(ui->app, action, &target, NULL);
		VEC_FREE(&ids);
		return can_cancel;
	}
	default:
		return false;
	}
}

static void table_destroy(struct view *view)
{
	VEC_FREE(&table_of(view)->watched);
	free(view);
}

static const struct view_ops table_ops = {
	.draw = table_draw,
	.input = table_input,
	.act = table_act,
	.offers = table_offers,
	.destroy = table_destroy,
};

struct view *view_table_create(struct ui *ui)
{
	struct table *table = mem_zalloc(sizeof(*table));

	table->view.ops = &table_ops;
	table->view.ui = ui;
	return &table->view;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/view_table.h"

#include "base/clock.h"
#include "ui/tui/target.h"
#include "ui/tui/view_table_lines.h"
#include "ui/tui/view_tasks.h"
#include "ui/tui/widget/scroll.h"

#include <stdlib.h>

enum {
	WHEEL_ROWS = 3,
	WHEEL_UP = 64,
	WHEEL_DOWN = 65,
	BUTTON_RIGHT = 2,
};

struct table {
	struct view view;
	struct scroll scroll;
	struct table_columns columns;
	struct surface drawn; /* for clicks */
	struct vm_ids watched;
};

static struct table *table_of(struct view *view)
{
	return (struct table *)view;
}

/* --- before a frame: what shows, and what is asked first because of it --- */

static void see_columns(struct table *table, struct ui *ui, size_t from, size_t to, int64_t now)
{
	struct attribute_cell cell;

	for (size_t line = from; line < to; line++) {
		const struct vm *vm = listing_line_vm(ui->listing, line);
		struct attribute_row at;

		if (!vm)
			continue;
		at = listing_row(ui->listing, vm, now);
		for (size_t i = 0; i < ui->columns.count; i++) {
			const struct attribute *column = ui->columns.at[i];

			table_columns_see(&table->columns, column, surface_width(attribute_words(column, &at, &cell)));
		}
	}
}

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

static bool shows_uptimes(const struct table *table)
{
	return table_columns_width(&table->columns, attribute_get("uptime")) > 0;
}

static void table_prepare(struct view *view, struct surface surface)
{
	struct table *table = table_of(view);
	struct ui *ui = view->ui;
	size_t count = listing_line_count(ui->listing), to;
	const struct vm *vm = listing_cursor(ui->listing);

	table_columns_begin(&table->columns, surface.cols);
	table->drawn = surface_part(surface, 1, 0, -1, -1);
	table->scroll.cursor = listing_cursor_index(ui->listing);
	scroll_fit(&table->scroll, count, table->drawn.rows);
	show_heading_above(&table->scroll, ui->listing);
	to = MIN(count, table->scroll.top + table->scroll.page);
	see_columns(table, ui, table->scroll.top, to, clock_ms());
	table_columns_fit(&table->columns, &ui->columns, listing_sort_column(ui->listing), surface.cols);
	watch_rows(table, ui, table->scroll.top, to);
	app_focus(ui->app, vm ? &vm->id : NULL);
	app_want_uptimes(ui->app, shows_uptimes(table), NULL);
}

/* --- drawing --- */

static void draw_lines(struct table *table, struct ui *ui, struct surface rows, int64_t now)
{
	bool has_focus = ui_pane(ui) == &table->view && !ui->tasks_have_focus;
	size_t count = listing_line_count(ui->listing);

	for (int i = 0; i < rows.rows && table->scroll.top + (size_t)i < count; i++) {
		size_t index = table->scroll.top + (size_t)i;
		struct surface line = surface_part(rows, i, 0, 1, rows.cols - TABLE_TAIL);

		if (index == table->scroll.cursor) {
			line.under = has_focus ? ROLE_CURSOR : ROLE_CURSOR_IDLE;
			if (has_focus)
				surface_cursor(line, 0, TABLE_GUTTER, false);
		}
		table_draw_line(&table->columns, ui, line, index, now);
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
	if (nothing_can_be_reached(inventory) && !ui->is_demo)
		surface_put(surface, row + 1, 2, ROLE_DIM,
			    TEXT_OURS(_("To have a look without any hypervisor: innkeeper --demo")));
}

static void table_draw(struct view *view, struct surface surface)
{
	struct table *table = table_of(view);

	table_draw_titles(&table->columns, view->ui, surface);
	if (listing_line_count(view->ui->listing) == 0)
		draw_emptiness(view->ui, table->drawn);
	else
		draw_lines(table, view->ui, table->drawn, clock_ms());
}

/* Uptimes go on by themselves. */
static int64_t table_next_change(const struct view *view, int64_t now)
{
	const struct table *table = (const struct table *)view;
	int64_t soonest = -1;

	for (size_t i = 0; i < table->watched.count && shows_uptimes(table); i++) {
		const struct vm *vm = inventory_find(app_inventory(view->ui->app), &table->watched.at[i]);
		int64_t ms = vm ? uptime_words_last_ms(vm_uptime_ms(vm, now)) : -1;

		if (ms >= 0 && (soonest < 0 || ms < soonest))
			soonest = ms;
	}
	return soonest;
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
		return listing_grouping(listing) ? listing_fold(listing) : table_columns_turn(&table->columns, -1);
	case ACTION_UNFOLD:
		return listing_grouping(listing) ? listing_unfold(listing) : table_columns_turn(&table->columns, 1);
	case ACTION_COLUMNS_LEFT:
		return table_columns_turn(&table->columns, -1);
	case ACTION_COLUMNS_RIGHT:
		return table_columns_turn(&table->columns, 1);
	case ACTION_FOLD_ALL:
		return listing_turn_all_folds(listing);
	case ACTION_DETAILS:
		return listing_turn_fold(listing);
	default:
		move(listing, by);
		return by != 0;
	}
}

void view_table_sort(struct ui *ui, const struct attribute *column, bool descending)
{
	listing_set_sort(ui->listing, column, descending);
	ui_say(ui, ROLE_NORMAL, descending ? _("Sorted by %s, descending") : _("Sorted by %s"),
	       _(column->heading));
}

/* Again, it turns the order around. */
static void sort_by_heading(struct table *table, int col)
{
	struct ui *ui = table->view.ui;
	const struct attribute *column = table_columns_at(&table->columns, &ui->columns, col);
	const bool descending = listing_sort_is_descending(ui->listing);

	if (column)
		view_table_sort(ui, column, column == listing_sort_column(ui->listing) ? !descending : descending);
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
	if (row == -1)
		sort_by_heading(table, input->col - table->drawn.left);
	if (row < 0 || row >= table->drawn.rows || table->scroll.top + (size_t)row >= listing_line_count(listing))
		return true;
	listing_move_to(listing, table->scroll.top + (size_t)row);
	if (input->button == BUTTON_RIGHT)
		ui_do(view->ui, ACTION_MENU);
	return true;
}

static bool table_offers(const struct view *view, enum action_id action)
{
	const struct table_columns *columns = &((const struct table *)view)->columns;
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
	case ACTION_COLUMNS_LEFT:
		return columns->page > 0;
	case ACTION_COLUMNS_RIGHT:
		return columns->page + 1 < columns->pages;
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
	.prepare = table_prepare,
	.draw = table_draw,
	.input = table_input,
	.act = table_act,
	.offers = table_offers,
	.next_change = table_next_change,
	.destroy = table_destroy,
};

struct view *view_table_create(struct ui *ui)
{
	struct table *table = mem_zalloc(sizeof(*table));

	table->view.ops = &table_ops;
	table->view.ui = ui;
	return &table->view;
}

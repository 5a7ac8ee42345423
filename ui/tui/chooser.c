/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/widget/scroll.h"

#include <stdlib.h>

enum { COLS = 76, NAME_CELLS = 14, HINT_ROWS = 3 };

/* Which columns the table has: for this session; the line at the bottom is what the configuration would say. */
struct chooser {
	struct view view;
	struct scroll scroll;
	const struct attribute *all[ATTRIBUTES_MAX]; /* the chosen ones in their order, then the others */
	size_t chosen;
};

static struct chooser *chooser_of(const struct view *view)
{
	return (struct chooser *)view;
}

static void draw_item(struct chooser *chooser, struct surface line, size_t index)
{
	const struct attribute *column = chooser->all[index];

	if (index == chooser->scroll.cursor) {
		line.under = ROLE_CURSOR;
		surface_clear(line);
		surface_cursor(line, 0, 1, false);
	}
	surface_put(line, 0, 1, ROLE_NORMAL, TEXT_TRUSTED(index < chooser->chosen ? "[x]" : "[ ]"));
	surface_put(line, 0, 5, ROLE_NORMAL, TEXT_TRUSTED(column->name));
	surface_put(surface_part(line, 0, 5 + NAME_CELLS, 1, line.cols - NAME_CELLS - 7), 0, 0, ROLE_DIM,
		    TEXT_TRUSTED(_(column->sentence)));
}

static void draw_hint(const struct chooser *chooser, struct surface surface)
{
	struct safe_text line = text_format("columns = \"");

	for (size_t i = 0; i < chooser->chosen; i++)
		text_set(&line, text_format("%s%s%s", text_str(line), i > 0 ? " " : "", chooser->all[i]->name));
	text_set(&line, text_format("%s\";", text_str(line)));
	surface_put(surface, 0, 0, ROLE_DIM, TEXT_TRUSTED(_("For this session. To keep it, add to innkeeper.conf:")));
	surface_wrap(surface, 1, 0, ROLE_NORMAL, line);
	text_free(&line);
}

static void chooser_draw(struct view *view, struct surface surface)
{
	struct chooser *chooser = chooser_of(view);
	const int rows = (int)attribute_count() + HINT_ROWS + 2;
	struct surface box = surface_centered(surface_above_footer(surface), rows, COLS), items;

	box.under = ROLE_DIALOG;
	surface_clear(box);
	surface_box(box, ROLE_BORDER);
	surface_put(box, 0, 2, ROLE_TITLE, TEXT_TRUSTED(_(" Columns ")));
	items = surface_part(box, 1, 1, box.rows - 2 - HINT_ROWS, box.cols - 2);
	scroll_fit(&chooser->scroll, attribute_count(), items.rows);
	for (size_t i = 0; i < chooser->scroll.page && chooser->scroll.top + i < attribute_count(); i++)
		draw_item(chooser, surface_part(items, (int)i, 0, 1, -1), chooser->scroll.top + i);
	scroll_draw(&chooser->scroll, items, attribute_count());
	draw_hint(chooser, surface_part(box, box.rows - 1 - HINT_ROWS, 2, HINT_ROWS, box.cols - 4));
}

static void apply(struct chooser *chooser)
{
	struct columns *columns = &chooser->view.ui->columns;

	columns->count = 0;
	for (size_t i = 0; i < chooser->chosen; i++)
		*VEC_PUSH(columns) = chooser->all[i];
}

static void move_column(struct chooser *chooser, size_t from, size_t to)
{
	const struct attribute *moved = chooser->all[from];

	for (; from < to; from++)
		chooser->all[from] = chooser->all[from + 1];
	for (; from > to; from--)
		chooser->all[from] = chooser->all[from - 1];
	chooser->all[to] = moved;
}

/* The cursor goes on to the next. The last one stays: a table without columns is none. */
static void toggle(struct chooser *chooser)
{
	size_t at = chooser->scroll.cursor;

	if (at >= chooser->chosen) {
		move_column(chooser, at, chooser->chosen++);
		chooser->scroll.cursor = MIN(at + 1, attribute_count() - 1);
	} else if (chooser->chosen > 1) {
		move_column(chooser, at, --chooser->chosen);
	}
	apply(chooser);
}

static void shift(struct chooser *chooser, bool to_right)
{
	size_t at = chooser->scroll.cursor;

	if (at >= chooser->chosen || (to_right ? at + 1 >= chooser->chosen : at == 0))
		return;
	chooser->scroll.cursor = to_right ? at + 1 : at - 1;
	move_column(chooser, at, chooser->scroll.cursor);
	apply(chooser);
}

static bool chooser_act(struct view *view, enum action_id action)
{
	struct chooser *chooser = chooser_of(view);

	if (scroll_act(&chooser->scroll, action, attribute_count()))
		return true;
	if (action == ACTION_MARK)
		toggle(chooser);
	else if (action == ACTION_SORT_LEFT || action == ACTION_SORT_RIGHT)
		shift(chooser, action == ACTION_SORT_RIGHT);
	else if (action == ACTION_BACK || action == ACTION_DETAILS || action == ACTION_COLUMNS || action == ACTION_QUIT)
		view_close(view);
	return true;
}

static void chooser_destroy(struct view *view)
{
	free(view);
}

static const struct view_ops chooser_ops = {
	.is_overlay = true,
	.hint = N_("Space: show/hide · < >: move · Enter: close"),
	.draw = chooser_draw,
	.act = chooser_act,
	.destroy = chooser_destroy,
};

static bool is_listed(const struct chooser *chooser, size_t count, const struct attribute *column)
{
	for (size_t i = 0; i < count; i++) {
		if (chooser->all[i] == column)
			return true;
	}
	return false;
}

static void list_columns(struct chooser *chooser, const struct columns *columns)
{
	size_t count = 0;

	for (size_t i = 0; i < columns->count; i++) {
		if (!is_listed(chooser, count, columns->at[i]))
			chooser->all[count++] = columns->at[i];
	}
	chooser->chosen = count;
	for (size_t i = 0; i < attribute_count(); i++) {
		if (!is_listed(chooser, count, attribute_at(i)))
			chooser->all[count++] = attribute_at(i);
	}
}

void chooser_open(struct ui *ui)
{
	struct chooser *chooser = mem_zalloc(sizeof(*chooser));

	chooser->view.ops = &chooser_ops;
	list_columns(chooser, &ui->columns);
	view_push(ui, &chooser->view);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

enum { COLS_LEAST = 76, NAME_AT = 5, SENTENCE_AT = 20, ROWS_BELOW = 4 };

/* Which columns the table has; the line at the bottom is what the configuration would say. */
struct chooser {
	struct view view;
	const struct attribute *all[ATTRIBUTES_MAX]; /* the chosen ones in their order, then the others */
	size_t chosen;
};

static size_t count_columns(const struct view *view UNUSED)
{
	return attribute_count();
}

/* A box as wide as the sentences of all columns. */
static struct surface draw_columns_box(struct surface surface, const char *title, struct scroll *scroll, int rows_below,
				       struct surface *ret_items)
{
	const size_t count = attribute_count();
	int cols = COLS_LEAST;

	for (size_t i = 0; i < count; i++)
		cols = MAX(cols, SENTENCE_AT + surface_width(TEXT_TRUSTED(_(attribute_at(i)->sentence))) + 4);
	return draw_list_box(surface_centered(surface_above_footer(surface), (int)count + rows_below + 2, cols),
			     TEXT_TRUSTED(title), scroll, count, rows_below, ret_items);
}

static struct surface draw_column(const struct scroll *scroll, struct surface items, size_t index,
				  const struct attribute *column)
{
	struct surface line = draw_list_line(scroll, items, index, ROLE_CURSOR, 1);

	surface_put(line, 0, NAME_AT, ROLE_NORMAL, TEXT_TRUSTED(column->name));
	surface_put(surface_part(line, 0, SENTENCE_AT, 1, line.cols - SENTENCE_AT - 2), 0, 0, ROLE_DIM,
		    TEXT_TRUSTED(_(column->sentence)));
	return line;
}

static void chooser_draw(struct view *view, struct surface surface)
{
	struct chooser *chooser = (struct chooser *)view;
	struct scroll *scroll = &view->scroll;
	const size_t count = attribute_count();
	struct surface items, below, box = draw_columns_box(surface, _("Columns"), scroll, ROWS_BELOW, &items);
	OWN(text) struct safe_text words = text_format("columns = \"");

	for (size_t i = scroll->top; i < MIN(scroll->top + scroll->page, count); i++)
		surface_put(draw_column(scroll, items, i, chooser->all[i]), 0, 1, ROLE_NORMAL,
			    TEXT_TRUSTED(i < chooser->chosen ? "[x]" : "[ ]"));
	scroll_draw(scroll, items, count);
	for (size_t i = 0; i < chooser->chosen; i++)
		text_set(&words, text_format("%s%s%s", text_str(words), i > 0 ? " " : "", chooser->all[i]->name));
	text_set(&words, text_format("%s\";", text_str(words)));
	below = surface_part(box, box.rows - 1 - ROWS_BELOW, 2, ROWS_BELOW, box.cols - 4);
	/* Of the column under the cursor; above it may be cut. */
	surface_put(below, 0, 0, ROLE_NORMAL, TEXT_TRUSTED(_(chooser->all[scroll->cursor]->sentence)));
	surface_put(below, 1, 0, ROLE_DIM, TEXT_TRUSTED(_("As a default for others, in innkeeper.conf:")));
	surface_wrap(below, 2, 0, ROLE_NORMAL, words);
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

static bool chooser_act(struct view *view, enum action_id action)
{
	struct chooser *chooser = (struct chooser *)view;
	struct columns *columns = &view->ui->columns;
	const size_t at = view->scroll.cursor;
	size_t to;

	if (action == ACTION_MARK && at >= chooser->chosen) {
		/* The cursor goes on to the next. */
		move_column(chooser, at, chooser->chosen++);
		view->scroll.cursor = MIN(at + 1, attribute_count() - 1);
	} else if (action == ACTION_MARK && chooser->chosen > 1) {
		/* The last one stays: a table without columns is none. */
		move_column(chooser, at, --chooser->chosen);
	} else if (action == ACTION_SORT_LEFT || action == ACTION_SORT_RIGHT) {
		to = action == ACTION_SORT_RIGHT ? at + 1 : at - 1; /* wraps where there is none */
		if (at < chooser->chosen && to < chooser->chosen) {
			view->scroll.cursor = to;
			move_column(chooser, at, to);
		}
	} else {
		if (action == ACTION_DETAILS)
			view_close(view);
		return false;
	}
	columns->count = 0;
	for (size_t i = 0; i < chooser->chosen; i++)
		*VEC_PUSH(columns) = chooser->all[i];
	return true;
}

static void list_column(struct chooser *chooser, size_t *count, const struct attribute *column)
{
	for (size_t i = 0; i < *count; i++) {
		if (chooser->all[i] == column)
			return;
	}
	chooser->all[(*count)++] = column;
}

static void chooser_opened(struct view *view)
{
	struct chooser *chooser = (struct chooser *)view;
	const struct columns *shown = &view->ui->columns;
	size_t count = 0;

	for (size_t i = 0; i < shown->count; i++)
		list_column(chooser, &count, shown->at[i]);
	chooser->chosen = count;
	for (size_t i = 0; i < attribute_count(); i++)
		list_column(chooser, &count, attribute_at(i));
}

const struct view_ops chooser_ops = {
	.size = sizeof(struct chooser),
	.opened = chooser_opened,
	.is_overlay = true,
	.hint = NC_("hint", "Space: show/hide · < >: move · Enter: close"),
	.closed_by = ACTION_COLUMNS,
	.draw = chooser_draw,
	.count = count_columns,
	.act = chooser_act,
};

/* --- by which the table is sorted --- */

static void sort_menu_draw(struct view *view, struct surface surface)
{
	struct scroll *scroll = &view->scroll;
	const struct listing *listing = view->ui->listing;
	struct surface items;

	draw_columns_box(surface, _("Sort by"), scroll, 0, &items);
	for (size_t i = scroll->top; i < MIN(scroll->top + scroll->page, attribute_count()); i++) {
		struct surface line = draw_column(scroll, items, i, attribute_at(i));

		if (attribute_at(i) == listing_sort_column(listing))
			surface_glyphs(line, 0, 2, 1, ROLE_KEY,
				       listing_sort_is_descending(listing) ? GLYPH_DOWN : GLYPH_UP);
	}
	scroll_draw(scroll, items, attribute_count());
}

static bool sort_menu_act(struct view *view, enum action_id action)
{
	const struct attribute *current = listing_sort_column(view->ui->listing);
	const struct attribute *chosen = attribute_at(view->scroll.cursor);
	const bool descending = listing_sort_is_descending(view->ui->listing);

	if (action == ACTION_SORT_INVERT)
		view_table_sort(view->ui, current, !descending);
	if (action != ACTION_DETAILS)
		return false;
	view_table_sort(view->ui, chosen, chosen == current ? !descending : descending);
	view_close(view);
	return true;
}

static void sort_menu_opened(struct view *view)
{
	view->scroll.cursor = attribute_index(listing_sort_column(view->ui->listing));
}

const struct view_ops sort_menu_ops = {
	.opened = sort_menu_opened,
	.is_overlay = true,
	.hint = NC_("hint", "Enter: sort, or reverse · Esc: close"),
	.closed_by = ACTION_SORT,
	.draw = sort_menu_draw,
	.count = count_columns,
	.act = sort_menu_act,
};

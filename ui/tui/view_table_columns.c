/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/view_table_columns.h"

#include "ui/tui/term/surface.h"

enum {
	ROOMY = 100,     /* so wide a screen leaves two cells between columns */
	EXTRA_MOST = 24, /* of a column that nobody chose; more where there is still room */
	TASK_ROOM = 12,  /* "logoff 100%" */
};

/* Nobody chose: the default ones come first, then at most what it is sorted by. */
static bool are_default(const struct columns *chosen)
{
	size_t at = 0;

	for (size_t i = 0; i < attribute_count(); i++)
		if (attribute_at(i)->flags & ATTRIBUTE_DEFAULT &&
		    (at == chosen->count || chosen->at[at++] != attribute_at(i)))
			return false;
	return true;
}

static void set_shown(struct table_columns *columns, const struct columns *chosen)
{
	size_t at = 0;

	columns->shown.count = 0;
	memset(columns->is_extra, 0, sizeof(columns->is_extra));
	for (size_t i = 0; i < attribute_count() && are_default(chosen); i++) {
		bool is_chosen = false;

		for (size_t k = 0; k < chosen->count; k++)
			is_chosen |= chosen->at[k] == attribute_at(i);
		columns->is_extra[i] = !is_chosen && attribute_at(i)->flags & ATTRIBUTE_WIDE;
		if (columns->is_extra[i] || attribute_at(i)->flags & ATTRIBUTE_DEFAULT)
			*VEC_PUSH(&columns->shown) = attribute_at(i);
		at += attribute_at(i)->flags & ATTRIBUTE_DEFAULT;
	}
	for (; at < chosen->count; at++)
		*VEC_PUSH(&columns->shown) = chosen->at[at];
}

void table_columns_begin(struct table_columns *columns, const struct columns *chosen, int cols)
{
	set_shown(columns, chosen);
	if (columns->seen_cols == cols)
		return;
	columns->seen_cols = cols;
	memset(columns->seen, 0, sizeof(columns->seen));
}

void table_columns_see(struct table_columns *columns, const struct attribute *column, int width)
{
	int *seen = &columns->seen[attribute_index(column)];

	*seen = MAX(*seen, width);
}

static int *width_of(struct table_columns *columns, const struct attribute *column)
{
	return &columns->width[attribute_index(column)];
}

int table_columns_width(const struct table_columns *columns, const struct attribute *column)
{
	return columns->width[attribute_index(column)];
}

/* --- how wide --- */

static int wish_of(const struct table_columns *columns, const struct attribute *column)
{
	/* Leaves room for the sort arrow; for a right-aligned column the gap has it. */
	int heading = surface_width(TEXT_TRUSTED(_(column->heading))) + !attribute_is_number(column);
	int wish = MAX(columns->seen[attribute_index(column)], heading);

	return column->most > 0 ? MIN(wish, column->most) : wish;
}

static int least_of(const struct table_columns *columns, const struct attribute *column)
{
	const int wish = wish_of(columns, column);

	return column->least > 0 ? MIN(column->least, wish) : wish;
}

/* Of those that have a width: as they are, or as narrow as they can be. */
static int total_width(const struct table_columns *columns, const struct columns *chosen, bool least)
{
	int total = TABLE_GUTTER + TABLE_TAIL;

	for (size_t i = 0; i < chosen->count; i++) {
		int width = table_columns_width(columns, chosen->at[i]);

		if (width)
			total += (least ? least_of(columns, chosen->at[i]) : width) + columns->gap;
	}
	return total;
}

/* Shrinks the column with most spare width until all fit or none can shrink. first_least: of the first column. */
static void shrink(struct table_columns *columns, const struct columns *chosen, int cols, int first_least)
{
	for (int over = total_width(columns, chosen, false) - cols; over > 0; over--) {
		int *richest = NULL, most = 0;

		for (size_t i = 0; i < chosen->count; i++) {
			int *width = width_of(columns, chosen->at[i]);
			int least = MAX(least_of(columns, chosen->at[i]), i == 0 ? first_least : 0);

			if (*width && *width - least > most) {
				most = *width - least;
				richest = width;
			}
		}
		if (!richest)
			return;
		--*richest;
	}
}

/* --- which --- */

/* Default columns, hidden in this order on a narrow screen. */
static const char *const expendable[] = { "os", "mem", "cpu", "host", "task", "agent" };

static bool drop(struct table_columns *columns, const struct attribute *column)
{
	int *width = width_of(columns, column);

	if (!*width)
		return false;
	*width = 0;
	return true;
}

static bool drop_one(struct table_columns *columns, const struct columns *chosen, const struct attribute *sorted)
{
	/* A user-chosen set is kept: its last columns are hidden first. */
	for (size_t i = 0; i < ARRAY_SIZE(expendable) && are_default(chosen); i++)
		if (attribute_get(expendable[i]) != sorted && drop(columns, attribute_get(expendable[i])))
			return true;
	for (size_t i = chosen->count; i-- > 1;)
		if (chosen->at[i] != sorted && drop(columns, chosen->at[i]))
			return true;
	return false;
}

/* The columns of one page, at full width. turned: those of earlier pages. False: none is left. */
static bool lay_out(struct table_columns *columns, const struct columns *chosen, const struct attribute *sorted,
		    int cols, const bool *turned)
{
	bool any = chosen->count == 1;

	memset(columns->width, 0, sizeof(columns->width));
	for (size_t i = 0; i < chosen->count; i++) {
		if (i > 0 && turned[attribute_index(chosen->at[i])])
			continue;
		*width_of(columns, chosen->at[i]) = wish_of(columns, chosen->at[i]);
		any |= i > 0;
	}
	while (any && total_width(columns, chosen, true) > cols && drop_one(columns, chosen, sorted))
		;
	return any;
}

/* Each page has at least one, so that there is a last page. */
static void note_turned(const struct table_columns *columns, const struct columns *chosen, bool *turned)
{
	bool any = false;

	for (size_t i = 1; i < chosen->count; i++) {
		const bool is_here = table_columns_width(columns, chosen->at[i]) > 0;

		any |= is_here;
		turned[attribute_index(chosen->at[i])] |= is_here;
	}
	for (size_t i = 1; i < chosen->count && !any; i++) {
		any = !turned[attribute_index(chosen->at[i])];
		turned[attribute_index(chosen->at[i])] = true;
	}
}

/* What nobody chose comes where the others have all they want, and tasks have room to come. */
static void add_extra(struct table_columns *columns, int cols)
{
	const int task = table_columns_width(columns, attribute_get("task"));
	int spare = cols - total_width(columns, &columns->shown, false) - MAX(TASK_ROOM - task, 0);

	for (size_t i = 0; i < columns->shown.count && columns->pages == 1; i++) {
		const struct attribute *column = columns->shown.at[i];
		const int width = MIN(MIN(wish_of(columns, column), EXTRA_MOST), spare);

		if (!columns->is_extra[attribute_index(column)] || width < least_of(columns, column))
			continue;
		*width_of(columns, column) = width;
		spare -= width + columns->gap;
	}
}

/* Words that were cut get the room that is left, then the last column does. */
static void fill(struct table_columns *columns, int cols)
{
	const struct attribute *last = columns->shown.at[0];
	int spare = cols - total_width(columns, &columns->shown, false) + columns->gap;

	for (size_t i = 0; i < columns->shown.count; i++) {
		const struct attribute *column = columns->shown.at[i];
		int *width = width_of(columns, column), cut = columns->seen[attribute_index(column)] - *width;

		if (!*width)
			continue;
		last = column;
		if (cut > 0 && spare > 0) {
			*width += MIN(cut, spare);
			spare -= MIN(cut, spare);
		}
	}
	if (!attribute_is_number(last))
		*width_of(columns, last) += MAX(spare, 0);
}

/* Each column as wide as its content; if too wide, the least important are hidden, then the widest shrink. */
void table_columns_fit(struct table_columns *columns, const struct attribute *sorted, int cols)
{
	const struct columns *shown = &columns->shown;
	bool turned[ATTRIBUTES_MAX];
	int width[ATTRIBUTES_MAX];

	columns->gap = cols >= ROOMY ? 2 : 1;
	columns->pages = 0;
	columns->page = sorted == columns->sorted ? columns->page : 0;
	columns->sorted = sorted;
	memcpy(turned, columns->is_extra, sizeof(turned));
	/* The widths that stay are those of the page, or of the last one. */
	while (lay_out(columns, shown, columns->pages ? NULL : sorted, cols, turned)) {
		note_turned(columns, shown, turned);
		if (columns->pages++ <= columns->page)
			memcpy(width, columns->width, sizeof(width));
		if (shown->count == 1)
			break;
	}
	if (columns->pages > 0)
		memcpy(columns->width, width, sizeof(width));
	columns->pages = MAX(columns->pages, 1);
	columns->page = MIN(columns->page, columns->pages - 1);
	add_extra(columns, cols);
	/* The first column names the VM: it keeps a third of the screen while others can shrink. */
	shrink(columns, shown, cols, cols / 3);
	shrink(columns, shown, cols, 0);
	fill(columns, cols);
}

const struct attribute *table_columns_at(const struct table_columns *columns, int col)
{
	const struct columns *chosen = &columns->shown;
	int left = TABLE_GUTTER;

	for (size_t i = 0; i < chosen->count; i++) {
		const int width = table_columns_width(columns, chosen->at[i]);

		if (width && col >= left && col < left + width)
			return chosen->at[i];
		left += width ? width + columns->gap : 0;
	}
	return NULL;
}

bool table_columns_page(struct table_columns *columns, int by)
{
	if (by < 0 ? columns->page == 0 : columns->page + 1 >= columns->pages)
		return false;
	columns->page += (size_t)by;
	return true;
}

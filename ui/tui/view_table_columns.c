/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/view_table_columns.h"

#include "ui/tui/term/surface.h"

enum { ROOMY = 100 }; /* so wide a screen leaves two cells between columns */

void table_columns_begin(struct table_columns *columns, int cols)
{
	if (columns->seen_cols == cols)
		return;
	columns->seen_cols = cols;
	for (int id = 0; id < COLUMN_COUNT; id++)
		columns->seen[id] = 0;
}

void table_columns_see(struct table_columns *columns, enum column_id id, int width)
{
	columns->seen[id] = MAX(columns->seen[id], width);
}

/* --- how wide --- */

static int wish_of(const struct table_columns *columns, enum column_id id)
{
	const struct column *column = column_get(id);
	/* With room for the arrow of the order; right of a column to the right is the gap. */
	int title = surface_width(TEXT_OURS(_(column->title))) + !column->right;
	int wish = MAX(columns->seen[id], title);

	return column->max > 0 ? MIN(wish, column->max) : wish;
}

static int least_of(const struct table_columns *columns, enum column_id id)
{
	const int wish = wish_of(columns, id);

	return column_get(id)->whole ? wish : MIN(column_get(id)->min, wish);
}

static int total_width(const struct table_columns *columns, const struct columns *chosen)
{
	int total = TABLE_GUTTER + TABLE_TAIL;

	for (size_t i = 0; i < chosen->count; i++) {
		int width = columns->width[chosen->at[i]];

		total += width ? width + columns->gap : 0;
	}
	return total;
}

/* Takes from the one with most to give until it fits or nothing gives way any more. first_least: of the first one. */
static void shrink(struct table_columns *columns, const struct columns *chosen, int cols, int first_least)
{
	for (int over = total_width(columns, chosen) - cols; over > 0; over--) {
		enum column_id richest = COLUMN_COUNT;
		int most = 0;

		for (size_t i = 0; i < chosen->count; i++) {
			enum column_id id = chosen->at[i];
			int least = MAX(least_of(columns, id), i == 0 ? first_least : 0);

			if (columns->width[id] && columns->width[id] - least > most) {
				most = columns->width[id] - least;
				richest = id;
			}
		}
		if (richest == COLUMN_COUNT)
			return;
		columns->width[richest]--;
	}
}

/* --- which --- */

/* Of the standard columns, the first to go where the screen is narrow. */
static const enum column_id expendable[] = {
	COLUMN_OS, COLUMN_MEM, COLUMN_CPU, COLUMN_HOST, COLUMN_TASK, COLUMN_AGENT,
};

static bool drop(struct table_columns *columns, enum column_id id)
{
	if (!columns->width[id])
		return false;
	columns->width[id] = 0;
	return true;
}

/* Whoever chose an order of his own finds it kept: the last go first. */
static bool are_the_standard_ones(const struct columns *chosen)
{
	size_t at = 0;

	for (int id = 0; id < COLUMN_COUNT; id++)
		if (column_get((enum column_id)id)->standard &&
		    (at == chosen->count || chosen->at[at++] != (enum column_id)id))
			return false;
	return true;
}

static bool drop_one(struct table_columns *columns, const struct columns *chosen, enum column_id sorted)
{
	for (size_t i = 0; i < ARRAY_SIZE(expendable) && are_the_standard_ones(chosen); i++)
		if (expendable[i] != sorted && drop(columns, expendable[i]))
			return true;
	for (size_t i = chosen->count; i-- > 1;)
		if (chosen->at[i] != sorted && drop(columns, chosen->at[i]))
			return true;
	return false;
}

static int least_width(const struct table_columns *columns, const struct columns *chosen)
{
	int total = TABLE_GUTTER + TABLE_TAIL;

	for (size_t i = 0; i < chosen->count; i++) {
		enum column_id id = chosen->at[i];

		total += columns->width[id] ? least_of(columns, id) + columns->gap : 0;
	}
	return total;
}

/* The columns of one page, as wide as they wish to be. turned: those of the pages before. False: none is left. */
static bool lay_out(struct table_columns *columns, const struct columns *chosen, enum column_id sorted, int cols,
		    const bool *turned)
{
	bool any = chosen->count == 1;

	for (int id = 0; id < COLUMN_COUNT; id++)
		columns->width[id] = 0;
	for (size_t i = 0; i < chosen->count; i++) {
		enum column_id id = chosen->at[i];

		if (i > 0 && turned[id])
			continue;
		columns->width[id] = wish_of(columns, id);
		any |= i > 0;
	}
	while (any && least_width(columns, chosen) > cols && drop_one(columns, chosen, sorted))
		;
	return any;
}

/* On each page at least one, or there would be no last page. */
static void note_turned(const struct table_columns *columns, const struct columns *chosen, bool *turned)
{
	bool any = false;

	for (size_t i = 1; i < chosen->count; i++) {
		any |= columns->width[chosen->at[i]] > 0;
		turned[chosen->at[i]] |= columns->width[chosen->at[i]] > 0;
	}
	for (size_t i = 1; i < chosen->count && !any; i++) {
		any = !turned[chosen->at[i]];
		turned[chosen->at[i]] = true;
	}
}

static size_t count_pages(struct table_columns *columns, const struct columns *chosen, enum column_id sorted, int cols)
{
	bool turned[COLUMN_COUNT] = { false };
	size_t pages = 0;

	for (; lay_out(columns, chosen, pages ? COLUMN_COUNT : sorted, cols, turned); pages++) {
		note_turned(columns, chosen, turned);
		if (chosen->count == 1)
			return 1;
	}
	return MAX(pages, 1);
}

/* Each column as wide as what is in it; where that is too much, the least needed go, then the widest shrink. */
void table_columns_fit(struct table_columns *columns, const struct columns *chosen, enum column_id sorted, int cols)
{
	bool turned[COLUMN_COUNT] = { false };
	enum column_id last = chosen->at[0];

	columns->gap = cols >= ROOMY ? 2 : 1;
	columns->pages = count_pages(columns, chosen, sorted, cols);
	columns->page = sorted == columns->sorted ? MIN(columns->page, columns->pages - 1) : 0;
	columns->sorted = sorted;
	for (size_t page = 0; page <= columns->page; page++) {
		lay_out(columns, chosen, page ? COLUMN_COUNT : sorted, cols, turned);
		note_turned(columns, chosen, turned);
	}
	/* The first says which VM it is: it keeps a third of the screen as long as others can give way. */
	shrink(columns, chosen, cols, cols / 3);
	shrink(columns, chosen, cols, 0);
	for (size_t i = 0; i < chosen->count; i++)
		if (columns->width[chosen->at[i]])
			last = chosen->at[i];
	if (!column_get(last)->right)
		columns->width[last] += MAX(cols - total_width(columns, chosen) + columns->gap, 0);
}

enum column_id table_columns_at(const struct table_columns *columns, const struct columns *chosen, int col)
{
	int left = TABLE_GUTTER;

	for (size_t i = 0; i < chosen->count; i++) {
		const int width = columns->width[chosen->at[i]];

		if (width && col >= left && col < left + width)
			return chosen->at[i];
		left += width ? width + columns->gap : 0;
	}
	return COLUMN_COUNT;
}

bool table_columns_turn(struct table_columns *columns, int by)
{
	if (by < 0 ? columns->page == 0 : columns->page + 1 >= columns->pages)
		return false;
	columns->page += (size_t)by;
	return true;
}

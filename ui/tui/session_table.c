/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/session_table.h"

#include "base/clock.h"

enum { GUTTER = 2, TAIL = 1, ROOMY = 100 };

/* Hidden in this order on a narrow screen. */
static const enum session_field expendable[] = { SESSION_FIELD_TTY, SESSION_FIELD_ID, SESSION_FIELD_HOST,
						 SESSION_FIELD_SINCE };

/* Shortened before that: names may be of any length. */
static const enum session_field gives_way[] = { SESSION_FIELD_FROM, SESSION_FIELD_USER, SESSION_FIELD_VM };

static bool has_column(const struct session_table *table, enum session_field field)
{
	return table->of_many || (field != SESSION_FIELD_VM && field != SESSION_FIELD_HOST);
}

enum session_field session_table_next(const struct session_table *table, enum session_field field, int step)
{
	do
		field = (enum session_field)(((int)field + SESSION_FIELD_COUNT + step) % SESSION_FIELD_COUNT);
	while (!has_column(table, field));
	return field;
}

static void see(struct session_table *table, const struct session_row *row)
{
	for (int field = 0; field < SESSION_FIELD_COUNT; field++) {
		struct safe_text words = session_field_words((enum session_field)field, row, clock_wall());

		table->seen[field] = MAX(table->seen[field], surface_width(words));
		text_free(&words);
	}
}

static int total_width(const struct session_table *table)
{
	int total = GUTTER + TAIL - table->gap;

	for (int field = 0; field < SESSION_FIELD_COUNT; field++)
		total += table->width[field] ? table->width[field] + table->gap : 0;
	return total;
}

static void shrink_widest(struct session_table *table)
{
	int widest = 0;

	for (int field = 1; field < SESSION_FIELD_COUNT; field++)
		widest = table->width[field] > table->width[widest] ? field : widest;
	table->width[widest]--;
}

void session_table_fit(struct session_table *table, const struct session_rows *rows, size_t from, size_t to, int cols)
{
	/* Leaves room for the sort arrow. */
	for (int field = 0; field < SESSION_FIELD_COUNT && table->seen_cols != cols; field++)
		table->seen[field] = 1 + surface_width(TEXT_TRUSTED(session_field_title((enum session_field)field)));
	table->seen_cols = cols;
	table->gap = cols >= ROOMY ? 2 : 1;
	for (size_t i = from; i < to; i++)
		see(table, &rows->at[i]);
	for (int field = 0; field < SESSION_FIELD_COUNT; field++)
		table->width[field] = has_column(table, (enum session_field)field) ? table->seen[field] : 0;
	for (size_t i = 0; i < ARRAY_SIZE(gives_way) && total_width(table) > cols; i++)
		table->width[gives_way[i]] = MIN(table->width[gives_way[i]], MAX(cols / 5, 12));
	for (size_t i = 0; i < ARRAY_SIZE(expendable) && total_width(table) > cols; i++)
		table->width[expendable[i]] = 0;
	while (total_width(table) > cols)
		shrink_widest(table);
}

void session_table_draw_heading(const struct session_table *table, struct surface line, enum session_field sorted_by,
				bool descending)
{
	int col = GUTTER;

	for (int field = 0; field < SESSION_FIELD_COUNT; field++) {
		const bool is_sorted = field == (int)sorted_by;
		enum role role = is_sorted ? ROLE_HEADING_SORTED : ROLE_HEADING;
		struct safe_text title = TEXT_TRUSTED(session_field_title((enum session_field)field));

		if (!table->width[field])
			continue;
		surface_put_field(line, 0, col, table->width[field], ALIGN_LEFT, role, title);
		if (is_sorted)
			surface_glyphs(line, 0, col + MIN(surface_width(title), table->width[field] - 1), 1, role,
				       descending ? GLYPH_DOWN : GLYPH_UP);
		col += table->width[field] + table->gap;
	}
}

void session_table_draw_row(const struct session_table *table, struct surface line, const struct session_row *row,
			    bool is_marked)
{
	int col = GUTTER;

	if (line.under != ROLE_NORMAL)
		surface_clear(line);
	if (is_marked)
		surface_glyphs(line, 0, 0, 1, ROLE_MARK, GLYPH_MARK);
	for (int field = 0; field < SESSION_FIELD_COUNT; field++) {
		enum role role = field == SESSION_FIELD_USER ? (is_marked ? ROLE_MARK : ROLE_NORMAL) : ROLE_DIM;
		struct safe_text words;

		if (!table->width[field])
			continue;
		words = session_field_words((enum session_field)field, row, clock_wall());
		surface_put_field(line, 0, col, table->width[field], ALIGN_LEFT, role, words);
		col += table->width[field] + table->gap;
		text_free(&words);
	}
}

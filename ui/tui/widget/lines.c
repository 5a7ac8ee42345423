/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/widget/lines.h"

#include "ui/tui/widget/scroll.h"

#include <stdarg.h>
#include <stdio.h>

enum { LINE_BYTES_MAX = 4 * TEXT_CAP_LINE, COLUMN_GAP = 3 };

void lines_begin(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		text_free(&lines->at[i].text);
		free(lines->at[i].label);
	}
	lines->count = 0;
	lines->label_cells = 0;
}

void lines_free(struct lines *lines)
{
	lines_begin(lines);
	VEC_FREE(lines);
}

static void __attribute__((format(printf, 4, 0)))
add(struct lines *lines, enum role role, const char *label, const char *format, va_list args)
{
	char buf[LINE_BYTES_MAX];

	vsnprintf(buf, sizeof(buf), format, args);
	*VEC_PUSH(lines) = (struct line){ .role = role, .text = text_format("%s", buf) };
	if (!label)
		return;
	lines->at[lines->count - 1].label = mem_strdup(label);
	lines->label_cells = MAX(lines->label_cells, surface_width(TEXT_TRUSTED(label)) + 2);
}

void lines_say(struct lines *lines, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(lines, role, NULL, format, args);
	va_end(args);
}

void lines_pair(struct lines *lines, const char *label, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(lines, role, label, format, args);
	va_end(args);
}

void lines_gap(struct lines *lines)
{
	*VEC_PUSH(lines) = (struct line){ .role = ROLE_NORMAL };
}

/* Returns the rows of lines from ... to - 1; the first `skip` are above the surface. */
static int draw_some(struct lines *lines, struct surface surface, size_t from, size_t to, int skip)
{
	int row = -skip;

	for (size_t i = from; i < to; i++) {
		struct line *line = &lines->at[i];
		int col = line->label ? MIN(lines->label_cells, surface.cols / 2) : 0;
		struct surface on = i + 1 == lines->current ? surface_under(surface, ROLE_CURSOR) : surface;

		line->row = row + skip;
		if (i + 1 == lines->current && row >= 0 && row < surface.rows)
			surface_cursor(surface, row, 0, false);
		if (line->label)
			surface_put(on, row, 0, lines->labels_are_keys ? ROLE_KEY : ROLE_DIM,
				    TEXT_TRUSTED(line->label));
		row += surface_wrap(on, row, col, line->role, line->text);
	}
	return row + skip;
}

/* Where the second column begins: behind the gap that makes the longer one shortest. */
static size_t find_break(struct lines *lines, int cols)
{
	const struct surface nowhere = { .cols = cols };
	const int all = draw_some(lines, nowhere, 0, lines->count, 0);
	int least = all;
	size_t at = lines->count;

	for (size_t i = 0; i + 1 < lines->count; i++) {
		const int left = lines->at[i].row + 1;

		if (!lines->at[i].label && text_is_empty(lines->at[i].text) && MAX(left, all - left) < least) {
			least = MAX(left, all - left);
			at = i + 1;
		}
	}
	return at;
}

static int draw_from(struct lines *lines, struct surface surface, int skip)
{
	const int half = (surface.cols - COLUMN_GAP) / 2;
	size_t at;
	int left, right;

	if (!lines->in_two)
		return draw_some(lines, surface, 0, lines->count, skip);
	at = find_break(lines, half);
	left = draw_some(lines, surface_part(surface, 0, 0, -1, half), 0, at, skip);
	right = draw_some(lines, surface_part(surface, 0, half + COLUMN_GAP, -1, half), at, lines->count, skip);
	return MAX(left, right);
}

int lines_measure(struct lines *lines, int cols)
{
	return draw_from(lines, (struct surface){ .cols = cols }, 0);
}

int lines_column_cells(int cols, int count)
{
	return (cols - 1 - (count - 1) * COLUMN_GAP) / count;
}

void lines_draw_columns(struct lines *columns, int count, struct surface surface)
{
	const int cells = lines_column_cells(surface.cols, count);
	struct scroll scroll = { 0 };

	columns->rows = 0;
	for (int i = 0; i < count; i++)
		columns->rows = MAX(columns->rows, lines_measure(&columns[i], cells));
	columns->page = surface.rows;
	columns->top = MAX(MIN(columns->top, columns->rows - columns->page), 0);
	surface_cursor(surface, 0, 0, false); /* unless a line is highlighted */
	for (int i = 0; i < count; i++)
		draw_from(&columns[i], surface_part(surface, 0, i * (cells + COLUMN_GAP), -1, cells), columns->top);
	scroll.top = (size_t)columns->top;
	scroll.page = (size_t)columns->page;
	scroll_draw(&scroll, surface, (size_t)columns->rows);
}

void lines_draw(struct lines *lines, struct surface surface)
{
	lines_draw_columns(lines, 1, surface);
}

bool lines_act(struct lines *lines, enum action_id action)
{
	ptrdiff_t by = scroll_distance(action, (size_t)MAX(lines->page, 1)), last = MAX(lines->rows - lines->page, 0);

	if (by == PTRDIFF_MIN)
		lines->top = 0;
	else if (by == PTRDIFF_MAX)
		lines->top = (int)last;
	else
		lines->top = (int)MAX(MIN(lines->top + by, last), 0);
	return by != 0;
}

static bool is_visible(const struct lines *lines, size_t index)
{
	return lines->at[index].row >= lines->top && lines->at[index].row < lines->top + lines->page;
}

size_t lines_at(const struct lines *lines)
{
	if (lines->current > 0 && lines->current <= lines->count && is_visible(lines, lines->current - 1))
		return lines->current - 1;
	for (size_t i = 0; i < lines->count; i++)
		if (is_visible(lines, i))
			return i;
	return 0;
}

void lines_go(struct lines *lines, size_t index)
{
	lines->current = index + 1;
	if (index < lines->count && !is_visible(lines, index))
		lines->top = lines->at[index].row - lines->page / 2; /* drawing brings it into the range */
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/widget/lines.h"

#include "ui/tui/widget/scroll.h"

enum { COLUMN_GAP = 3 };

void lines_begin(struct lines *lines, int cols)
{
	for (size_t i = 0; i < lines->count; i++) {
		text_free(&lines->at[i].text);
		free(lines->at[i].label);
	}
	lines->count = 0;
	lines->cols = cols;
}

void lines_free(struct lines *lines)
{
	lines_begin(lines, 0);
	VEC_FREE(lines);
}

void lines_pair(struct lines *lines, const char *label, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*VEC_PUSH(lines) = (struct line){ .role = role,
					  .label = label ? mem_strdup(label) : NULL,
					  .text = text_vformat(format, args),
					  .begins_column = lines->column_is_begun };
	va_end(args);
	lines->column_is_begun = false;
}

void lines_gap(struct lines *lines)
{
	*VEC_PUSH(lines) = (struct line){ .role = ROLE_NORMAL };
}

/* A column: lines from ... to - 1; the first `skip` rows are above the surface. Returns its rows. */
static int draw_some(struct lines *lines, struct surface surface, size_t from, size_t to, int skip)
{
	int row = -skip, label_cells = 0;

	for (size_t i = from; i < to; i++)
		if (lines->at[i].label)
			label_cells = MAX(label_cells, surface_width(TEXT_TRUSTED(lines->at[i].label)) + 2);
	for (size_t i = from; i < to; i++) {
		struct line *line = &lines->at[i];
		int col = line->label ? MIN(label_cells, surface.cols / 2) : 0;
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

int lines_column_cells(const struct lines *lines, int count)
{
	return (lines->cols - 1 - (count - 1) * COLUMN_GAP) / count;
}

/* The second column begins behind the gap that makes the longer one shortest. */
static void break_in_two(struct lines *lines)
{
	const int all = draw_some(lines, (struct surface){ .cols = lines_column_cells(lines, 2) }, 0, lines->count, 0);
	int least = all;
	size_t at = 0;

	for (size_t i = 0; i + 1 < lines->count; i++) {
		const int left = lines->at[i].row + 1;

		if (!lines->at[i].label && text_is_empty(lines->at[i].text) && MAX(left, all - left) < least) {
			least = MAX(left, all - left);
			at = i + 1;
		}
	}
	if (at > 0)
		lines->at[at].begins_column = true;
}

static int draw_from(struct lines *lines, struct surface surface, int skip)
{
	int count = 1, col = 0, rows = 0, cells;

	for (size_t i = 0; i < lines->count; i++)
		count += lines->at[i].begins_column;
	cells = lines_column_cells(lines, count);
	for (size_t from = 0, to; from < lines->count; from = to, col += cells + COLUMN_GAP) {
		for (to = from + 1; to < lines->count && !lines->at[to].begins_column;)
			to++;
		rows = MAX(rows, draw_some(lines, surface_part(surface, 0, col, -1, cells), from, to, skip));
	}
	return rows;
}

int lines_measure(struct lines *lines)
{
	if (lines->in_two)
		break_in_two(lines);
	return draw_from(lines, (struct surface){ .cols = lines->cols }, 0);
}

void lines_draw(struct lines *lines, struct surface surface)
{
	lines->rows = lines_measure(lines);
	lines->page = surface.rows;
	lines->top = MAX(MIN(lines->follows ? lines->rows : lines->top, lines->rows - lines->page), 0);
	surface_cursor(surface, 0, 0, false); /* unless a line is highlighted */
	draw_from(lines, surface, lines->top);
	scroll_draw(&(struct scroll){ .top = (size_t)lines->top, .page = (size_t)lines->page }, surface,
		    (size_t)lines->rows);
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
	lines->follows = false;
	if (index < lines->count && !is_visible(lines, index))
		lines->top = lines->at[index].row - lines->page / 2; /* drawing brings it into the range */
}

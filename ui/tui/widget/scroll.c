/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/widget/scroll.h"

ptrdiff_t scroll_distance(enum action_id action, size_t page)
{
	ptrdiff_t rows = (ptrdiff_t)MAX(page, 1);

	switch (action) {
	case ACTION_MOVE_UP:
		return -1;
	case ACTION_MOVE_DOWN:
		return 1;
	case ACTION_PAGE_UP:
		return -rows;
	case ACTION_PAGE_DOWN:
		return rows;
	case ACTION_HALF_UP:
		return -MAX(rows / 2, 1);
	case ACTION_HALF_DOWN:
		return MAX(rows / 2, 1);
	case ACTION_MOVE_FIRST:
		return PTRDIFF_MIN;
	case ACTION_MOVE_LAST:
		return PTRDIFF_MAX;
	default:
		return 0;
	}
}

bool scroll_act(struct scroll *scroll, enum action_id action, size_t count)
{
	ptrdiff_t by = scroll_distance(action, scroll->page), last = (ptrdiff_t)count - 1;
	ptrdiff_t at = (ptrdiff_t)scroll->cursor;

	if (by == 0)
		return false;
	if (by < 0)
		at = by < -at ? 0 : at + by;
	else
		at = by > last - at ? MAX(last, 0) : at + by;
	scroll->cursor = (size_t)at;
	return true;
}

void scroll_fit(struct scroll *scroll, size_t count, int rows)
{
	scroll->page = (size_t)MAX(rows, 1);
	scroll->cursor = MIN(scroll->cursor, count > 0 ? count - 1 : 0);
	if (scroll->cursor < scroll->top)
		scroll->top = scroll->cursor;
	if (scroll->cursor >= scroll->top + scroll->page)
		scroll->top = scroll->cursor - scroll->page + 1;
	if (scroll->top + scroll->page > count)
		scroll->top = count > scroll->page ? count - scroll->page : 0;
}

void scroll_draw(const struct scroll *scroll, struct surface surface, size_t count)
{
	size_t rows = (size_t)surface.rows, thumb;
	int col = surface.cols - 1, at;

	if (count <= scroll->page || rows == 0)
		return;
	thumb = MAX(rows * scroll->page / count, 1);
	at = (int)(scroll->top * (rows - thumb) / (count - scroll->page));
	for (int row = at; row < at + (int)thumb; row++)
		surface_glyphs(surface, row, col, 1, ROLE_BORDER, GLYPH_SCROLL);
}

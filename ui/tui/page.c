/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/page.h"

#include <limits.h>

void page_draw(struct view *view, struct surface surface)
{
	struct page *page = (struct page *)view;
	struct surface inside = surface_part(surface, 1, 2, -1, surface.cols - 2);

	page->cols = inside.cols;
	lines_begin(&page->lines);
	view->ops->tell(view, &page->lines);
	surface_put(surface, 0, 2, ROLE_TITLE, page->title);
	if (page->follows)
		page->lines.top = INT_MAX;
	lines_draw(&page->lines, inside);
}

bool page_act(struct view *view, enum action_id action)
{
	return lines_act(&((struct page *)view)->lines, action);
}

void page_destroy(struct view *view)
{
	struct page *page = (struct page *)view;

	lines_free(&page->lines);
	text_free(&page->title);
}

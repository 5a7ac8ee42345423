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
	if (!view->sought)
		page->lines.current = 0;
	if (page->follows)
		page->lines.top = INT_MAX;
	lines_draw(&page->lines, inside);
}

bool page_act(struct view *view, enum action_id action)
{
	return lines_act(&((struct page *)view)->lines, action);
}

/* --- searching --- */

static size_t count_lines(const struct view *view)
{
	return ((const struct page *)view)->lines.count;
}

static struct safe_text line_text(const struct view *view, size_t line)
{
	const struct line *at = &((const struct page *)view)->lines.at[line];

	return text_format("%s %s", at->label ? at->label : "", text_str(at->text));
}

static size_t current_line(const struct view *view)
{
	return lines_at(&((const struct page *)view)->lines);
}

static void go_to_line(struct view *view, size_t line)
{
	struct page *page = (struct page *)view;

	page->follows = false;
	lines_go(&page->lines, line);
}

const struct view_search page_search = {
	.count = count_lines,
	.text = line_text,
	.at = current_line,
	.go = go_to_line,
};

void page_destroy(struct view *view)
{
	struct page *page = (struct page *)view;

	lines_free(&page->lines);
	text_free(&page->title);
}

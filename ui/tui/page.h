/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page.h - a pane of text: a title, and lines that scroll. A view has it first in its struct, and these in its ops.
 */
#ifndef INNKEEPER_PAGE_H
#define INNKEEPER_PAGE_H

#include "ui/tui/stack.h"
#include "ui/tui/widget/lines.h"

struct page {
	struct view view;
	struct safe_text title; /* owned */
	struct lines lines;
	int cols;     /* of the lines, before they are told */
	bool follows; /* scrolled to the newest line */
};

void page_draw(struct view *view, struct surface surface);
bool page_act(struct view *view, enum action_id action);
extern const struct view_search page_search;
void page_destroy(struct view *view);

#endif

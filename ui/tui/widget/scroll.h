/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scroll.h - a cursor in a list that is longer than the screen, and the part of it that shows.
 */
#ifndef INNKEEPER_SCROLL_H
#define INNKEEPER_SCROLL_H

#include "engine/action.h"
#include "ui/tui/term/surface.h"

struct scroll {
	size_t cursor; /* the chosen item */
	size_t top;    /* the first that shows */
	size_t page;   /* how many showed last */
};

/* True: it was an action that moves. */
bool scroll_act(struct scroll *scroll, enum action_id action, size_t count);
/* How far an action moves a cursor with such a page: PTRDIFF_MIN and _MAX for first and last, 0 for no move. */
ptrdiff_t scroll_distance(enum action_id action, size_t page);
/* Before drawing: brings the cursor into the list and onto the page of `rows`. */
void scroll_fit(struct scroll *scroll, size_t count, int rows);
/* The thumb at the right edge, where there is more than shows. */
void scroll_draw(const struct scroll *scroll, struct surface surface, size_t count);

#endif

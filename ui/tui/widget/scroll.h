/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scroll.h - the cursor in a list that may be longer than the screen, and its visible part.
 */
#pragma once

#include "engine/action.h"
#include "ui/tui/term/surface.h"

struct scroll {
	size_t cursor; /* the chosen item */
	size_t top;    /* the first visible item */
	size_t page;   /* visible items at the last frame */
};

/* True: it was an action that moves. */
bool scroll_act(struct scroll *scroll, enum action_id action, size_t count);
/* How far an action moves a cursor with such a page: PTRDIFF_MIN and _MAX for first and last, 0 for no move. */
ptrdiff_t scroll_distance(enum action_id action, size_t page);
/* Before drawing: brings the cursor into the list and onto the page of `rows`. */
void scroll_fit(struct scroll *scroll, size_t count, int rows);
/* The scroll bar at the right edge, if not all items are visible. */
void scroll_draw(const struct scroll *scroll, struct surface surface, size_t count);

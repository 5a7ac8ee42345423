/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines.h - lines of text, rebuilt for each frame: wrapped text, and pairs of label and text. In one column or in
 * several, which scroll together.
 */
#pragma once

#include "base/vec.h"
#include "engine/action.h"
#include "ui/tui/term/surface.h"

struct line {
	enum role role;
	char *label;           /* owned; NULL none */
	struct safe_text text; /* owned; empty: a gap */
	bool begins_column;
	int row; /* as drawn, from the top of its column */
};

struct lines {
	VEC(struct line);
	int cols;             /* of the surface that they will be drawn on */
	bool labels_are_keys; /* they are bright */
	bool in_two;          /* columns; broken at a gap */
	bool column_is_begun; /* by the next line */
	bool follows;         /* scrolled to the last line */
	size_t current;       /* the line that is highlighted, from 1 on; 0 none */
	int top, rows, page;  /* the visible part: in rows after wrapping, not lines */
};

void lines_begin(struct lines *lines, int cols); /* empties it; the scroll position stays */
void lines_free(struct lines *lines);

void lines_gap(struct lines *lines);
void lines_pair(struct lines *lines, const char *label, enum role role, const char *format, ...) PRINTF_LIKE(4, 5);
#define lines_say(lines, role, ...) lines_pair(lines, NULL, role, __VA_ARGS__)

/* Cells for each of so many columns. */
int lines_column_cells(const struct lines *lines, int count);
/* Rows that they take. */
int lines_measure(struct lines *lines);
void lines_draw(struct lines *lines, struct surface surface);
/* Scrolls; true: it was an action that moves. */
bool lines_act(struct lines *lines, enum action_id action);

/* The highlighted line, where it is visible, else the first visible one. */
size_t lines_at(const struct lines *lines);
/* Highlights it, and scrolls to it. */
void lines_go(struct lines *lines, size_t index);

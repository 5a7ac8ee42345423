/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * surface.h - where views draw: rectangles of the screen, made of cells.
 *
 * Only struct safe_text can be put on a surface, and what is put stays inside it: texts are cut on the
 * borders of cells, never in the middle of a wide character, and end in "…" then. What the locale (or
 * --ascii) cannot show becomes <U+XXXX>, decoration its ASCII form ("…" "..."). Escapes that the
 * sanitiser made are drawn in their own role, so that they are not mistaken for the guest's text.
 *
 * A surface is a value: the screen, and parts of it. UI thread, between term_begin_frame() and
 * term_end_frame(). Widgets here know no VM.
 */
#pragma once

#include "base/text.h"
#include "ui/tui/term/theme.h"

struct surface {
	int top, left; /* on the screen */
	int rows, cols;
	enum role under; /* not ROLE_NORMAL: its colours apply to all that is drawn here */
};

enum align {
	ALIGN_LEFT,
	ALIGN_RIGHT,
};

/* Decoration, with an ASCII form each. */
enum glyph {
	GLYPH_HORIZONTAL,
	GLYPH_VERTICAL,
	GLYPH_TOP_LEFT,
	GLYPH_TOP_RIGHT,
	GLYPH_BOTTOM_LEFT,
	GLYPH_BOTTOM_RIGHT,
	GLYPH_UP,
	GLYPH_DOWN,
	GLYPH_MARK,
	GLYPH_BULLET,
	GLYPH_HOLLOW,
	GLYPH_FULL,
	GLYPH_EMPTY,
	GLYPH_SCROLL,
	GLYPH_FOLDED,
	GLYPH_UNFOLDED,
	GLYPH_LEFT,
	GLYPH_RIGHT,
	GLYPH_BAR, /* and the seven after it, each an eighth higher; in ASCII only the last one is seen */
	GLYPH_BAR_FULL = GLYPH_BAR + 7,
	GLYPH_COUNT
};

/* After term_open(). ascii: ASCII only, whatever the locale supports. */
void surface_init(const struct theme *theme, bool ascii);
void surface_set_theme(const struct theme *theme); /* the next frame is written whole */

struct surface surface_screen(void);
/* rows or cols -1: to the edge. What lies outside is cut away; the part may be empty. */
struct surface surface_part(struct surface surface, int top, int left, int rows, int cols);
struct surface surface_above_footer(struct surface screen);
struct surface surface_under(struct surface surface, enum role under);
struct surface surface_centered(struct surface surface, int rows, int cols);

void surface_clear(struct surface surface);
/* Cells taken. Writes to the right edge at most. */
int surface_put(struct surface surface, int row, int col, enum role role, struct safe_text text);
/* Fills exactly `cells` cells (fewer at the edge), the rest with blanks. */
void surface_put_field(struct surface surface, int row, int col, int cells, enum align align, enum role role,
		       struct safe_text text);
/* A trusted format; every %s argument is safe or trusted. */
int surface_print(struct surface surface, int row, int col, enum role role, const char *format, ...) PRINTF_LIKE(5, 6);
/* Breaks between words, from row on; returns the rows that the whole text takes (all may be cut away). */
int surface_wrap(struct surface surface, int row, int col, enum role role, struct safe_text text);
void surface_glyphs(struct surface surface, int row, int col, int count, enum role role, enum glyph glyph);
void surface_box(struct surface surface, enum role role);
/* Cursor position, which screen readers follow; visible only in text input. */
void surface_cursor(struct surface surface, int row, int col, bool shown);
void surface_place_cursor(void); /* after drawing; the last surface_cursor() wins */

/* Cells that a text takes here. */
int surface_width(struct safe_text text);

#ifndef SURFACE_IS_CURSES
/* Nothing but safe text reaches the screen. */
#pragma GCC poison addch addstr addnstr addwstr mvaddch mvaddstr mvaddnstr waddch waddstr waddnstr mvwaddstr
#pragma GCC poison printw wprintw mvprintw mvwprintw vw_printw insstr insnstr
#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cells.h - a terminal (libvterm) that is asked how many cells a text takes. Linked where VTERM_LIBS is.
 */
#pragma once

#include <stddef.h>
#include <vterm.h>

enum { CELLS_COLUMNS = 400 };

struct cells {
	VTerm *vt;
	VTermState *state;
};

static inline struct cells cells_open(void)
{
	struct cells cells = { .vt = vterm_new(3, CELLS_COLUMNS) };

	vterm_set_utf8(cells.vt, 1);
	cells.state = vterm_obtain_state(cells.vt);
	vterm_state_reset(cells.state, 1);
	return cells;
}

static inline void cells_close(struct cells *cells)
{
	vterm_free(cells->vt);
}

/* Columns that the cursor went; -1 where it left the line. A mark first would join what stood there before. */
static inline int cells_advance(struct cells *cells, const char *bytes, size_t len)
{
	VTermPos pos;

	vterm_input_write(cells->vt, "\x1b[2;1H|", 7);
	vterm_input_write(cells->vt, bytes, len);
	vterm_state_get_cursorpos(cells->state, &pos);
	return pos.row == 1 ? pos.col - 1 : -1;
}

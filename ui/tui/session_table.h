/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_table.h - rows of sessions on the screen: each column as wide as its widest value so far; the least important
 * are hidden on a narrow screen.
 */
#ifndef INNKEEPER_SESSION_TABLE_H
#define INNKEEPER_SESSION_TABLE_H

#include "ui/tui/session_rows.h"
#include "ui/tui/term/surface.h"

struct session_table {
	bool of_many;                  /* VM and host have columns */
	int seen[SESSION_FIELD_COUNT]; /* widest so far, on a screen of seen_cols */
	int seen_cols;
	int width[SESSION_FIELD_COUNT];
	int gap; /* cells between columns */
};

/* The column to the left (-1) or right of one. */
enum session_field session_table_next(const struct session_table *table, enum session_field field, int step);
/* Before drawing: rows from..to will show. */
void session_table_fit(struct session_table *table, const struct session_rows *rows, size_t from, size_t to, int cols);
void session_table_draw_heading(const struct session_table *table, struct surface line, enum session_field sorted_by,
				bool descending);
void session_table_draw_row(const struct session_table *table, struct surface line, const struct session_row *row,
			    bool is_marked);

#endif

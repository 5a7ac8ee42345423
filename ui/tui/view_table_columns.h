/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_table_columns.h - which columns of the table of VMs have room, and how much.
 */
#pragma once

#include "engine/listing.h"

enum {
	TABLE_GUTTER = 2, /* the mark */
	TABLE_TAIL = 1,   /* the scroll bar */
};

/*
 * Columns that do not fit are on further pages, to the right: each has the first column, which names the
 * VM, and columns that no earlier page has.
 */
struct table_columns {
	struct columns shown; /* the chosen ones; where nobody chose, those for wide screens as well */
	/* By attribute_index(). */
	bool is_extra[ATTRIBUTES_MAX]; /* nobody chose it: only where there is room */
	int seen[ATTRIBUTES_MAX];      /* the widest cell so far: columns grow, but do not jump */
	int seen_cols;                 /* screen width at that time */
	int width[ATTRIBUTES_MAX];     /* as drawn; 0: not on this page */
	int gap;                       /* between columns */
	size_t page, pages;
	const struct attribute *sorted; /* the sort column at the last fit */
};

/* cols: screen width. A new width resets what was seen. Sets shown to all that could be. */
void table_columns_begin(struct table_columns *columns, const struct columns *chosen, int cols);
void table_columns_see(struct table_columns *columns, const struct attribute *column, int width);
/* Sets the widths. The sort column is on the first page, and a new one is made visible. */
void table_columns_fit(struct table_columns *columns, const struct attribute *sorted, int cols);
/* As drawn; 0: it is not on this page. */
int table_columns_width(const struct table_columns *columns, const struct attribute *column);
/* The column at col; NULL: none. */
const struct attribute *table_columns_at(const struct table_columns *columns, int col);
/* False: there is no such page. */
bool table_columns_page(struct table_columns *columns, int by);

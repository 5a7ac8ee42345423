/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_table_columns.h - which columns of the table of VMs have room, and how much.
 */
#ifndef INNKEEPER_VIEW_TABLE_COLUMNS_H
#define INNKEEPER_VIEW_TABLE_COLUMNS_H

#include "engine/listing.h"

enum {
	TABLE_GUTTER = 2, /* the mark */
	TABLE_TAIL = 1,   /* the scroll bar */
};

/*
 * Columns that have no room stand on a page of their own, to the right: each with the first column, which says which
 * VM it is, and with those of the others that no page before it has.
 */
struct table_columns {
	/* By attribute_index(). */
	int seen[ATTRIBUTES_MAX];  /* the widest cell so far, so that columns grow and do not dance */
	int seen_cols;           /* of the screen they were seen on */
	int width[ATTRIBUTES_MAX]; /* as drawn; 0: not on this page */
	int gap;                 /* between columns */
	size_t page, pages;
	const struct attribute *sorted; /* by which the last time */
};

/* On a screen so wide. Whatever was seen on another is forgotten. */
void table_columns_begin(struct table_columns *columns, int cols);
void table_columns_see(struct table_columns *columns, const struct attribute *column, int width);
/* Gives each its width. What the table is sorted by is on the first page, and seen when it changes. */
void table_columns_fit(struct table_columns *columns, const struct columns *chosen, const struct attribute *sorted,
		       int cols);
/* As drawn; 0: it is not on this page. */
int table_columns_width(const struct table_columns *columns, const struct attribute *column);
/* The one that stands there; NULL: none does. */
const struct attribute *table_columns_at(const struct table_columns *columns, const struct columns *chosen, int col);
/* False: there is no such page. */
bool table_columns_turn(struct table_columns *columns, int by);

#endif

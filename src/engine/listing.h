/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing.h - the rows that a person sees: the inventory filtered and sorted, with a cursor and marks.
 *
 * It listens to the inventory and brings itself up to date when it is asked next, so a burst of
 * events costs one pass. The cursor stays on its VM when rows move, and goes to the nearest
 * neighbour when that VM is hidden or gone; until somebody moves it, it stays on the first row.
 * Marks belong to the VMs: a filter hides them, and takes none away. UI thread.
 */
#ifndef INNKEEPER_LISTING_H
#define INNKEEPER_LISTING_H

#include "engine/filter.h"
#include "model/column.h"
#include "model/inventory.h"

struct listing;

struct vm_ids {
	VEC(struct vm_id);
};

/* Both outlive the listing. tasks may be NULL. */
struct listing *listing_create(struct inventory *inventory, const struct tasklist *tasks);
void listing_destroy(struct listing *listing);

/* --- what is shown, and how --- */

/* What @name means in a filter; outlives the listing. */
void listing_know_filters(struct listing *listing, const struct saved_filters *saved);
/* On error the filter stays as it was. */
bool listing_set_filter(struct listing *listing, const char *words, struct err *err);
const char *listing_filter_words(const struct listing *listing);
void listing_set_sort(struct listing *listing, enum column_id column, bool descending);
enum column_id listing_sort_column(const struct listing *listing);
bool listing_sort_is_descending(const struct listing *listing);
/* Frozen, rows neither come nor move; those of VMs that are gone vanish all the same. */
void listing_freeze(struct listing *listing, bool frozen);
bool listing_is_frozen(const struct listing *listing);
/* The tasklist is nobody's listener: who changes it, says so here. */
void listing_tasks_changed(struct listing *listing);

/* --- rows --- */

size_t listing_count(struct listing *listing);
struct vm *listing_at(struct listing *listing, size_t index);
/* Grows whenever rows were filtered or sorted anew. */
uint64_t listing_version(struct listing *listing);
/* What the columns need to know of a VM. */
struct column_row listing_row(const struct listing *listing, const struct vm *vm, int64_t now);

/* --- the cursor --- */

struct vm *listing_cursor(struct listing *listing);       /* NULL: no row */
size_t listing_cursor_index(struct listing *listing);     /* 0 where there is no row */
void listing_move(struct listing *listing, ptrdiff_t by); /* stops at both ends */
void listing_move_to(struct listing *listing, size_t index);
bool listing_select(struct listing *listing, const struct vm_id *id); /* false: it is not shown */

/* --- marks --- */

void listing_mark(struct listing *listing, struct vm *vm, bool marked);
void listing_invert_marks(struct listing *listing); /* of the rows shown */
void listing_unmark_all(struct listing *listing);   /* the hidden ones, too */
size_t listing_marked(struct listing *listing);
size_t listing_marked_hidden(struct listing *listing); /* of them, those that the filter hides */
/* What an action is for: the marks (those shown in the order of the rows, then the hidden ones), else the cursor's VM. VEC_FREE(). */
void listing_targets(struct listing *listing, struct vm_ids *ret_ids);

#endif

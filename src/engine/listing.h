/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing.h - what a person sees: the inventory filtered, sorted and grouped, with a cursor and marks.
 *
 * Rows are the VMs that the filter shows. Lines are what stands on the screen: rows, and in front of each
 * group its heading; where a group is folded, the heading alone. Without a grouping, lines are rows.
 *
 * It listens to the inventory and brings itself up to date when it is asked next, so a burst of
 * events costs one pass. The cursor stays on its VM when rows move, and goes to the nearest
 * neighbour when that VM is hidden or gone; until somebody moves it, it stays on the first row. On a
 * heading it means no VM, and stays on its group.
 * Marks belong to the VMs: a filter or a fold hides them, and takes none away. UI thread.
 */
#pragma once

#include "engine/filter.h"
#include "engine/grouping.h"
#include "model/attribute.h"
#include "model/inventory.h"

struct listing;

struct vm_ids {
	VEC(struct vm_id);
};

bool vm_ids_equal(const struct vm_ids *a, const struct vm_ids *b);

/* Both outlive the listing. tasks may be NULL. */
struct listing *listing_create(struct inventory *inventory, const struct tasklist *tasks);
void listing_destroy(struct listing *listing);

/* --- what is shown, and how --- */

/* What @name means in a filter; outlives the listing. */
void listing_know_filters(struct listing *listing, const struct saved_filters *saved);
/* On error the filter stays as it was. */
bool listing_set_filter(struct listing *listing, const char *words, struct err *err);
const char *listing_filter_words(const struct listing *listing);
void listing_set_sort(struct listing *listing, const struct attribute *column, bool descending);
const struct attribute *listing_sort_column(const struct listing *listing);
bool listing_sort_is_descending(const struct listing *listing);
/* Folded stays what was folded, also while grouped otherwise. */
void listing_group_by(struct listing *listing, enum grouping by);
enum grouping listing_grouping(const struct listing *listing);
/* Frozen, rows neither come nor move; those of VMs that are gone vanish all the same. */
void listing_freeze(struct listing *listing, bool frozen);
bool listing_is_frozen(const struct listing *listing);
/* The tasklist is nobody's listener: who changes it, says so here. */
void listing_tasks_changed(struct listing *listing);

/* What it shows depends on what stands in the XML of VMs that are not on screen: a search, a sort, groups. */
bool listing_needs_xml(const struct listing *listing);

/* --- rows --- */

size_t listing_count(struct listing *listing);
struct vm *listing_at(struct listing *listing, size_t index);
/* Grows whenever rows were filtered or sorted anew. */
uint64_t listing_version(struct listing *listing);
/* What the columns need to know of a VM. */
struct attribute_row listing_row(const struct listing *listing, const struct vm *vm, int64_t now);

/* --- lines --- */

struct listing_group {
	struct safe_text title; /* view */
	bool folded;
	size_t vms, running, marked;
	size_t users;         /* people, where they are known */
	size_t users_unknown; /* VMs that run, and nobody knows who is on */
};

size_t listing_line_count(struct listing *listing);
struct vm *listing_line_vm(struct listing *listing, size_t line);                               /* NULL: a heading */
bool listing_line_group(struct listing *listing, size_t line, struct listing_group *ret_group); /* false: a row */

/* --- folding: false where nothing is grouped, or the cursor is not where it needs to be --- */

bool listing_fold(struct listing *listing);             /* from a row to the heading; there: folds */
bool listing_unfold(struct listing *listing);           /* on a heading: unfolds, then goes to the first row */
bool listing_toggle_fold(struct listing *listing);      /* on a heading */
bool listing_toggle_all_folds(struct listing *listing); /* folds all; where all are folded, unfolds all */

/* Which groups are folded, one a line, of any grouping; owned. */
char *listing_folds(const struct listing *listing);
void listing_set_folds(struct listing *listing, const char *folds); /* before the first rows */

/* --- the cursor --- */

struct vm *listing_cursor(struct listing *listing); /* NULL: no row, or a heading */
bool listing_is_on_group(struct listing *listing);
size_t listing_cursor_index(struct listing *listing);     /* a line; 0 where there is none */
void listing_move(struct listing *listing, ptrdiff_t by); /* lines; stops at both ends */
void listing_move_to(struct listing *listing, size_t index);
void listing_move_to_next_group(struct listing *listing);             /* its heading; stays on the last one */
bool listing_select(struct listing *listing, const struct vm_id *id); /* false: hidden or folded away */

/* --- marks --- */

void listing_mark(struct listing *listing, struct vm *vm, bool marked);
/* All rows of the heading under the cursor, or where all are marked, none. False: it is on no heading. */
bool listing_mark_group(struct listing *listing);
void listing_invert_marks(struct listing *listing); /* of the rows, the folded ones, too */
void listing_unmark_all(struct listing *listing);   /* the hidden ones, too */
size_t listing_marked(struct listing *listing);
size_t listing_marked_hidden(struct listing *listing); /* of them, those that the filter hides */
/*
 * What an action is for: the marks (those shown in the order of the rows, then the hidden ones), else the
 * cursor's VM. VEC_FREE().
 */
void listing_targets(struct listing *listing, struct vm_ids *ret_ids);

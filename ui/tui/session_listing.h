/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_listing.h - the sessions of one VM, of some, or of all that the table shows: filtered, sorted, with a
 * cursor and marks. Brought up to date before it is read; then its rows are good until the inventory changes. Of
 * thousands of VMs a few change at a time, and only their rows are rebuilt.
 *
 * The cursor stays on its session while others come and go. Marks belong to sessions: a filter hides them and takes
 * none away; a mark on an ended session is dropped, because its id may be used again.
 */
#ifndef INNKEEPER_SESSION_LISTING_H
#define INNKEEPER_SESSION_LISTING_H

#include "ui/tui/session_picks.h"
#include "ui/tui/session_rows.h"
#include "ui/tui/widget/scroll.h"

struct session_listing {
	struct inventory *inventory;
	struct listing *shown; /* its rows are the scope; NULL: the scope is fixed */
	struct vm_ids scope;
	uint64_t scope_version; /* grows when the scope changes */
	struct {
		VEC(struct vm *);
	} vms;       /* those of the scope that exist; valid as long as the rows */
	char *words; /* of the filter; owned */
	enum session_field by;
	bool descending;
	struct session_rows rows;
	uint64_t seen;       /* the inventory version of the rows; 0: rebuild all */
	uint64_t seen_shown; /* the version of what the table shows */
	struct scroll scroll;
	struct session_pick current; /* under the cursor; no id: none */
	struct session_picks marks, chosen;
};

void session_listing_init(struct session_listing *listing, struct inventory *inventory, enum session_field by);
void session_listing_free(struct session_listing *listing);
void session_listing_update(struct session_listing *listing);

struct vm *session_listing_vm(const struct session_listing *listing, size_t index); /* of the scope; NULL: gone */
void session_listing_set_words(struct session_listing *listing, const char *words);
void session_listing_sort(struct session_listing *listing, enum session_field by, bool descending);
bool session_listing_is_marked(const struct session_listing *listing, const struct session_row *row);
/* Moves and marks. True: it used the action. */
bool session_listing_act(struct session_listing *listing, enum action_id action);
/* Clears the filter, else the marks; false: there was neither. */
bool session_listing_clear(struct session_listing *listing);
/* The marked sessions, else the one under the cursor. View, until the next call. */
const struct session_picks *session_listing_picks(struct session_listing *listing);

#endif

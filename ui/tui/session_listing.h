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
#include "ui/tui/widget/scroll.h"

#include <time.h>

enum session_field {
	SESSION_FIELD_USER,
	SESSION_FIELD_VM,
	SESSION_FIELD_HOST,
	SESSION_FIELD_ID,
	SESSION_FIELD_STATE,
	SESSION_FIELD_TTY,
	SESSION_FIELD_SINCE,
	SESSION_FIELD_IDLE,
	SESSION_FIELD_CPU,
	SESSION_FIELD_MEMORY,
	SESSION_FIELD_FROM,
	SESSION_FIELD_COUNT
};

/* Views into the inventory. */
struct session_row {
	const struct host *host;
	const struct vm *vm;
	const struct session *session;
};

struct session_rows {
	VEC(struct session_row);
	size_t sorted; /* the first so many are sorted */
	/* Before the words narrowed it: */
	size_t sessions;          /* those beyond SESSION_LIST_MAX, too */
	size_t vms, occupied_vms; /* of them, those with somebody on */
	size_t unknown;           /* running VMs whose users are not known */
	size_t asked;             /* of these, being asked now */
};

struct session_listing {
	struct inventory *inventory;
	struct listing *shown; /* its rows are the scope; NULL: the scope is fixed */
	struct vm_ids scope;
	uint64_t scope_version; /* grows when the scope changes */
	struct {
		VEC(struct vm *);
	} vms;       /* those of the scope that exist; valid as long as the rows */
	char *words; /* of the filter: a row contains each of them, ignoring case, and none after "!"; owned */
	enum session_field by;
	bool descending;
	struct session_rows rows;
	uint64_t seen;       /* the inventory version of the rows; 0: rebuild all */
	uint64_t seen_shown; /* the version of what the table shows */
	struct scroll scroll;
	struct session_pick current; /* under the cursor; no id: none */
	struct session_picks marks, chosen;
};

const char *session_field_title(enum session_field field); /* translated */
/* now: wall clock; owned. */
struct safe_text session_field_words(enum session_field field, const struct session_row *row, time_t now);

void session_listing_init(struct session_listing *listing, struct inventory *inventory, enum session_field by);
void session_listing_free(struct session_listing *listing);
void session_listing_update(struct session_listing *listing);

struct vm *session_listing_vm(const struct session_listing *listing, size_t index); /* of the scope; NULL: gone */
void session_listing_set_words(struct session_listing *listing, const char *words);
/* Equal rows: by user, VM, session. */
void session_listing_sort(struct session_listing *listing, enum session_field by, bool descending);
bool session_listing_is_marked(const struct session_listing *listing, const struct session_row *row);
/* Moves and marks. True: it used the action. */
bool session_listing_act(struct session_listing *listing, enum action_id action);
/* Clears the filter, else the marks; false: there was neither. */
bool session_listing_clear(struct session_listing *listing);
/* The marked sessions, else the one under the cursor. View, until the next call. */
const struct session_picks *session_listing_picks(struct session_listing *listing);

#endif

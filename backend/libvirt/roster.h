/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * roster.h - what is remembered of each domain of one host: enough to know who is gone, who
 * started anew, and whose XML is to be read. UI thread only.
 */
#ifndef INNKEEPER_LIBVIRT_ROSTER_H
#define INNKEEPER_LIBVIRT_ROSTER_H

#include "model/vm.h"

struct roster_row {
	struct uuid uuid;
	int domain_id;
	enum vm_state state;
	unsigned list_number; /* of the newest list that it was in */
	unsigned told;        /* agent events so far: what was asked before the last one is old */
	bool xml_wanted;      /* not read since it is here, since it started, or since it changed */
};

struct roster {
	VEC(struct roster_row); /* moves when rows come and go */
	uint32_t *index;        /* row number + 1, by hash of the UUID; 0: free */
	size_t index_size;
	unsigned list_number;
	size_t cursor; /* where roster_next_wanted() goes on */
};

enum roster_turn {
	ROSTER_SAME,
	ROSTER_NEW,
	ROSTER_STARTED, /* also: stopped and started again */
	ROSTER_STOPPED,
};

void roster_free(struct roster *roster);
struct roster_row *roster_find(const struct roster *roster, const struct uuid *uuid);
/* Adds or updates, and says what that means. */
enum roster_turn roster_put(struct roster *roster, const struct vm_facts *facts);
void roster_remove(struct roster *roster, const struct uuid *uuid);

/* A whole list: begin, put each, end (which removes the others). */
void roster_begin_list(struct roster *roster);
void roster_end_list(struct roster *roster);
/* After a connection was lost: whatever was read may have changed meanwhile. */
void roster_want_all(struct roster *roster);
/* The next active row whose XML is wanted; NULL: none. Its turn comes once a call. */
struct roster_row *roster_next_wanted(struct roster *roster);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_rows.h - the sessions of one or more VMs as rows, filtered by words and sorted.
 *
 *	session_rows_keep -> session_rows_count (each VM), session_rows_add (each that changed) -> session_rows_sort
 *	-> read until the inventory changes
 */
#ifndef INNKEEPER_SESSION_ROWS_H
#define INNKEEPER_SESSION_ROWS_H

#include "model/inventory.h"

#include <time.h>

enum session_field {
	SESSION_FIELD_USER,
	SESSION_FIELD_VM,
	SESSION_FIELD_HOST,
	SESSION_FIELD_ID,
	SESSION_FIELD_STATE,
	SESSION_FIELD_TTY,
	SESSION_FIELD_SINCE,
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
	size_t sorted;        /* the first so many are sorted */
	/* Before the words narrowed it: */
	size_t sessions;      /* those beyond SESSION_LIST_MAX, too */
	size_t vms, occupied_vms;  /* of them, those with somebody on */
	size_t unknown;       /* running VMs whose users are not known */
	size_t asked;         /* of these, being asked now */
};

/*
 * Keeps the rows of VMs that did not change since that inventory version (0: none), and resets
 * the counts.
 */
void session_rows_keep(struct session_rows *rows, uint64_t since);
void session_rows_free(struct session_rows *rows);
void session_rows_count(struct session_rows *rows, const struct vm *vm);
/*
 * words: the row must contain each of them, ignoring case; a word after "!" it must not contain.
 */
void session_rows_add(struct session_rows *rows, const struct host *host, const struct vm *vm, const char *words);
/* Equal rows: by user, VM, session. Kept rows must be in this order already. */
void session_rows_sort(struct session_rows *rows, enum session_field by, bool descending);

const char *session_field_title(enum session_field field); /* translated */
/* now: wall clock; owned. */
struct safe_text session_field_words(enum session_field field, const struct session_row *row, time_t now);

#endif

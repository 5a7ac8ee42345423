/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grouping.h - what the rows of the dashboard can be grouped by: one row a grouping (grouping.c).
 *
 * A VM is in one group, so that a cursor and a mark are in one place: of several tags the first counts. Pure.
 */
#pragma once

#include "model/host.h"
#include "model/vm.h"

enum grouping { GROUPING_NONE, GROUPING_HOST, GROUPING_STATE, GROUPING_OS, GROUPING_TAG, GROUPING_COUNT };

/* Which group it is in. View, valid as long as the VM's texts are. */
struct group_key {
	int rank; /* in this order, then by the words; those that nobody told come last */
	const char *at;
	size_t len;
};

const char *grouping_name(enum grouping by);  /* "host" */
const char *grouping_words(enum grouping by); /* N_(): "Grouped by host", "Not grouped" */
bool grouping_find(const char *name, enum grouping *ret_by, struct err *err);

struct group_key grouping_key(enum grouping by, const struct vm *vm, const struct host *host);
/* 0: the same group. */
int group_key_compare(const struct group_key *a, const struct group_key *b);
/* Owned: for the heading. */
struct safe_text group_key_title(const struct group_key *key);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing_private.h - what the files of the listing share: listing.c (which VMs, in which order; cursor and marks),
 * listing_groups.c (groups and the lines of the table).
 */
#pragma once

#include "engine/listing.h"

/* A VM with what it is sorted by. */
struct place {
	struct vm *vm;
	size_t rank; /* the VM's */
	struct group_key group;
	struct attribute_value value; /* of what is sorted by */
	bool known;
};

/* A VM that the filter shows; vm->row is its index. */
struct row {
	struct vm *vm;
	struct vm_id id; /* still good when the VM is gone */
	size_t group;
	size_t line; /* NO_LINE: folded away */
};

enum { NO_LINE = -1 };

struct rows {
	VEC(struct row);
};

struct group {
	int rank;
	struct safe_text title; /* owned */
	bool folded;
	size_t from, to; /* its rows; none once they are all gone */
};

/* What the table shows: the heading of a group, or a row. */
struct line {
	bool is_heading;
	size_t group;
	size_t row; /* of a heading: the group's first */
};

/* What has to be made anew, from the first to the last. */
enum {
	STALE_SET = 1,    /* VMs came or went */
	STALE_NAMES = 2,  /* a VM is called otherwise */
	STALE_KEYS = 4,   /* what they are sorted by may have changed */
	STALE_ROWS = 8,   /* which of them are shown may have changed */
	STALE_ASKED = 16, /* a person sorts or filters: that moves frozen rows, too */
};

/*
 * All VMs in their order, and of them the rows that the filter shows, and of those the lines that are not
 * folded away. So a filter that somebody types sorts nothing, a fold filters nothing, and a change sorts only
 * where it moved a VM.
 */
struct listing {
	struct inventory *inventory;
	const struct tasklist *tasks;
	struct filter *filter;
	const struct saved_filters *saved; /* borrowed, may be NULL */
	char *filter_words;
	const struct attribute *sort;
	bool descending;
	bool frozen;
	enum grouping by;

	unsigned stale;
	bool gone; /* a VM, since the rows were made: frozen or not, its row has to go */
	struct {
		VEC(struct vm *);
	} by_name; /* by host and name: the order among equals */
	struct {
		VEC(struct place);
	} order;
	struct rows rows;
	struct rows before; /* the rows of the time before, while they are made anew */
	struct {
		VEC(struct group);
	} groups;
	struct {
		VEC(struct line);
	} lines;
	struct {
		VEC(char *);
	} folds; /* names of the groups that are folded, of any grouping; sorted */
	uint64_t version;

	struct vm_id cursor; /* the VM; on a heading: the group's first */
	size_t cursor_row;   /* where it was */
	size_t cursor_index; /* line */
	bool cursor_moved;
	bool on_heading;
	int heading_rank; /* of which group: */
	struct safe_text heading;

	uint64_t last_mark;
	size_t marked, marked_hidden;
};

/* listing.c: brings everything up to date, if it is not. */
void listing_refresh(struct listing *listing);
void listing_put_on_heading(struct listing *listing, size_t group);

/* listing_groups.c */
void listing_groups_free(struct listing *listing);
void listing_groups_clear(struct listing *listing);
size_t listing_group_for(struct listing *listing, const struct group_key *key); /* the last, or a new one behind it */
void listing_make_lines(struct listing *listing);

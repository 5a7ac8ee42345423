/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * due_heap.h - things that are due at some time: the next one first, in the order they came among equals.
 *
 * Intrusive: what lies in a heap has a struct due as its first member, and may be made due earlier
 * while it lies there. No thread of its own: the owner locks.
 */
#ifndef INNKEEPER_DUE_HEAP_H
#define INNKEEPER_DUE_HEAP_H

#include "base/vec.h"

struct due {
	int64_t at;      /* clock_ms() */
	uint64_t serial; /* the owner's: unique, and growing */
	size_t place;    /* the heap's */
};

struct due_heap {
	VEC(struct due *);
};

void due_heap_add(struct due_heap *heap, struct due *due);
struct due *due_heap_first(const struct due_heap *heap); /* NULL: empty */
struct due *due_heap_take(struct due_heap *heap);        /* the first one; not for an empty heap */
void due_heap_hasten(struct due_heap *heap, struct due *due, int64_t at);

#endif

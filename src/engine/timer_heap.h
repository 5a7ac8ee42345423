/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer_heap.h - things that are due at some time: the next one first, in the order they came among equals.
 *
 * Intrusive: what lies in a heap has a struct due as its first member, and may be made due earlier
 * while it lies there. No thread of its own: the owner locks.
 */
#ifndef INNKEEPER_TIMER_HEAP_H
#define INNKEEPER_TIMER_HEAP_H

#include "base/vec.h"

struct due {
	int64_t at;      /* clock_ms() */
	uint64_t serial; /* the owner's: unique, and growing */
	size_t place;    /* the heap's */
};

struct timer_heap {
	VEC(struct due *);
};

void timer_heap_add(struct timer_heap *heap, struct due *due);
struct due *timer_heap_first(const struct timer_heap *heap); /* NULL: empty */
struct due *timer_heap_take(struct timer_heap *heap);        /* the first one; not for an empty heap */
void timer_heap_decrease_key(struct timer_heap *heap, struct due *due, int64_t at);

#endif

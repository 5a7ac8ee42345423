/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/timer_heap.h"

static bool is_before(const struct due *a, const struct due *b)
{
	return a->at < b->at || (a->at == b->at && a->serial < b->serial);
}

static void put(struct timer_heap *heap, size_t place, struct due *due)
{
	heap->at[place] = due;
	due->place = place;
}

static void sift_up(struct timer_heap *heap, size_t place)
{
	struct due *due = heap->at[place];

	while (place > 0 && is_before(due, heap->at[(place - 1) / 2])) {
		put(heap, place, heap->at[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	put(heap, place, due);
}

static void sift_down(struct timer_heap *heap, size_t place)
{
	struct due *due = heap->at[place];
	size_t child;

	while ((child = place * 2 + 1) < heap->count) {
		if (child + 1 < heap->count && is_before(heap->at[child + 1], heap->at[child]))
			child++;
		if (!is_before(heap->at[child], due))
			break;
		put(heap, place, heap->at[child]);
		place = child;
	}
	put(heap, place, due);
}

void timer_heap_add(struct timer_heap *heap, struct due *due)
{
	*VEC_PUSH(heap) = due;
	sift_up(heap, heap->count - 1);
}

struct due *timer_heap_first(const struct timer_heap *heap)
{
	return heap->count > 0 ? heap->at[0] : NULL;
}

struct due *timer_heap_take(struct timer_heap *heap)
{
	struct due *first = heap->at[0];
	struct due *last = heap->at[--heap->count];

	if (heap->count > 0) {
		heap->at[0] = last;
		sift_down(heap, 0);
	}
	return first;
}

void timer_heap_decrease_key(struct timer_heap *heap, struct due *due, int64_t at)
{
	due->at = at;
	sift_up(heap, due->place);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_schedule.h"

static bool comes_before(const struct demo_due *a, const struct demo_due *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct demo_timeline *timeline, size_t a, size_t b)
{
	struct demo_due kept = timeline->at[a];

	timeline->at[a] = timeline->at[b];
	timeline->at[b] = kept;
}

void demo_timeline_add(struct demo_timeline *timeline, struct demo_due due)
{
	size_t i = timeline->count;

	due.order = ++timeline->added;
	*VEC_PUSH(timeline) = due;
	while (i > 0 && comes_before(&timeline->at[i], &timeline->at[(i - 1) / 2])) {
		swap(timeline, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

bool demo_timeline_take(struct demo_timeline *timeline, int64_t now, struct demo_due *ret_due)
{
	if (!timeline->count || timeline->at[0].at > now)
		return false;
	*ret_due = timeline->at[0];
	timeline->at[0] = timeline->at[--timeline->count];
	for (size_t parent = 0, least = 0;; parent = least) {
		for (size_t child = 2 * parent + 1; child <= 2 * parent + 2 && child < timeline->count; child++)
			if (comes_before(&timeline->at[child], &timeline->at[least]))
				least = child;
		if (least == parent)
			return true;
		swap(timeline, parent, least);
	}
}

int64_t demo_timeline_next(const struct demo_timeline *timeline)
{
	return timeline->count ? timeline->at[0].at : -1;
}

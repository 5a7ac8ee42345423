/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_schedule.h - what is going to happen on a simulated host, by time: a heap.
 *
 * Everything that takes time in the demo world is an entry here: a scripted logon, a session that ends
 * a moment after it was told to, an agent that connects some seconds after the start. At the same
 * millisecond, what was added first happens first.
 */
#pragma once

#include "base/vec.h"

enum { DUE_ON_HOST = -1 };

struct demo_due {
	int64_t at;                     /* host time: ms since the demo began */
	int64_t every;                  /* scripted: again after so many ms; 0: once */
	uint64_t order;                 /* set by demo_timeline_add() */
	int what;                       /* enum demo_what */
	int guest;                      /* index, or DUE_ON_HOST */
	unsigned boot_generation;       /* holds for this life of the guest only; 0: for any */
	int session;                    /* its number, where `what` concerns one */
	int64_t span;                   /* ms, where `what` lasts */
	const struct demo_login *login; /* who, where `what` concerns a person */
};

struct demo_timeline {
	VEC(struct demo_due);
	uint64_t added;
};

void demo_timeline_add(struct demo_timeline *timeline, struct demo_due due);
/* Takes the earliest one that is due by `now`. */
bool demo_timeline_take(struct demo_timeline *timeline, int64_t now, struct demo_due *ret_due);
/* Host time of the earliest one, -1 none. */
int64_t demo_timeline_next(const struct demo_timeline *timeline);

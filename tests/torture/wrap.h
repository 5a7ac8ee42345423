/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wrap.h - stands between our code and the system calls and allocations that it makes (-Wl,--wrap), so
 * that a test can be told of each, and can let the n-th of them fail. Other people's libraries do not
 * pass here.
 */
#pragma once

#include <stdbool.h>

struct wrap_plan {
	int alloc_at;     /* the n-th allocation fails, from 1; 0: none */
	const char *call; /* the nth call of this name fails with this errno; NULL: none */
	int nth, error;
	bool for_good; /* and so does each one after it */
	bool *failed;  /* set when it came to that; may be NULL */
};

struct wrap {
	struct wrap_plan plan;
	int allocs, calls;                      /* seen so far; calls: of plan.call */
	void (*point)(void);                    /* before and behind each system call; may be NULL */
	void (*done)(const char *call, int fd); /* a call on a file was carried out; may be NULL */
};

extern struct wrap wrap;

void wrap_begin(const struct wrap_plan *plan); /* counts from 0 again */

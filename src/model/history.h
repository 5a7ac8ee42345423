/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * history.h - the last HISTORY_MAX figures of a VM, for a picture of them: a ring.
 *
 * Only VMs that were on the screen have one (app_watch()). UI thread.
 */
#pragma once

#include "base/base.h"

enum { HISTORY_MAX = 60 };

struct history_sample {
	int64_t at;         /* clock_ms() */
	double cpu_percent; /* negative: unknown */
	int64_t memory_kib; /* -1 unknown */
};

struct history {
	struct history_sample at[HISTORY_MAX];
	size_t next, count;
};

typedef double history_figure_fn(const struct history_sample *sample); /* negative: unknown */
history_figure_fn history_cpu, history_memory;

void history_add(struct history *history, struct history_sample sample);
/* index 0: the oldest. NULL past the end. */
const struct history_sample *history_at(const struct history *history, size_t index);
/* Seconds from the oldest to the newest. */
int64_t history_seconds(const struct history *history);

/* A row of figures as a row of small bars, one cell each. The screen has a plain form for each. */
enum { SPARKLINE_MAX = 60, SPARKLINE_SIZE = SPARKLINE_MAX * 3 + 1 };

struct sparkline {
	char buf[SPARKLINE_SIZE];
	bool known; /* any of it */
};

/* The newest `cells` of the values, from least to most; a negative value is unknown: "?". */
void sparkline_make(struct sparkline *sparkline, const double *values, size_t count, double least, double most,
		    size_t cells);
/* most: at least; what was more stretches it. history: may be NULL. */
void sparkline_of_history(struct sparkline *sparkline, const struct history *history, history_figure_fn *figure,
			  double least, double most, size_t cells);
/* Of the newest `cells`. False: none is known. */
bool history_range(const struct history *history, history_figure_fn *figure, size_t cells, double *ret_least,
		   double *ret_most);

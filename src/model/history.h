/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * history.h - the last HISTORY_MAX figures of a VM, for a picture of them: a ring.
 *
 * Only VMs that were on the screen have one (app_watch()). UI thread.
 */
#ifndef INNKEEPER_HISTORY_H
#define INNKEEPER_HISTORY_H

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

#endif

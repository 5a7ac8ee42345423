/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counters.h - the counters of one domain in libvirt's statistics, and the rates between two readings. Pure.
 */
#ifndef INNKEEPER_COUNTERS_H
#define INNKEEPER_COUNTERS_H

#include "base/base.h"

#include <libvirt/libvirt.h>

enum { COUNTERS_APART_MIN_MS = 400 }; /* they move in steps of 10 ms: below this a rate is noise */

struct counters {
	int64_t at;                                            /* clock_ms(); 0: none */
	int64_t cpu_ns, net_rx, net_tx, disk_read, disk_write; /* -1: unknown */
};

struct counters counters_of(const virDomainStatsRecord *record);
int64_t counters_param(const virDomainStatsRecord *record, const char *name); /* -1: not in it */
/* Per second; -1 where one of both is unknown, or the counter began again. */
int64_t counters_rate(int64_t before, int64_t now, int64_t ms);
/* Of all vCPUs; negative: unknown. */
double counters_cpu_percent(const struct counters *before, const struct counters *now, int vcpus);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figures.h - what the two sorts of figures have in common.
 *
 *	figures.c  CPU time, network, given memory: libvirtd knows them itself, and answers whatever
 *	           state QEMU is in
 *	lanes.c    disks and the balloon: from QEMU's monitor, where a QEMU that stands still keeps the
 *	           call for ever
 */
#ifndef INNKEEPER_LIBVIRT_STATS_H
#define INNKEEPER_LIBVIRT_STATS_H

#include "backend/libvirt/libvirt_host.h"

#include <pthread.h>

enum { SAMPLE_MIN_MS = 400 }; /* counters move in steps of 10 ms: below this a rate is noise */

/* Counters of one domain; figures are what lies between two of them. */
struct counters {
	int64_t at;                                            /* clock_ms(); 0: none */
	int64_t cpu_ns, net_rx, net_tx, disk_read, disk_write; /* -1: not told */
};

struct counters counters_of(const virDomainStatsRecord *record);
int64_t counters_param(const virDomainStatsRecord *record, const char *name); /* -1: not told */
/* Per second; -1 where one of both is unknown, or the counter began anew. */
int64_t counters_rate(int64_t before, int64_t now, int64_t ms);
/* Of all vCPUs; negative: unknown. */
double counters_cpu_percent(const struct counters *before, const struct counters *now, int vcpus);

/* Which domains to ask: the UI thread puts, steps take. */
struct poll_set {
	pthread_mutex_t lock;
	struct uuid_list uuids;
	bool fresh; /* not taken yet */
};

void poll_set_init(struct poll_set *set);
void poll_set_free(struct poll_set *set);
void poll_set_put(struct poll_set *set, const struct uuid_list *uuids);
/* True: it is a new one, so do not wait for the next turn. */
bool poll_set_take(struct poll_set *set, struct uuid_list *to);

/* --- lanes.c. UI thread. --- */

struct stats_workers;

struct stats_workers *stats_workers_create(struct libvirt_host *host);
bool stats_workers_stop(struct stats_workers *workers);
void stats_workers_destroy(struct stats_workers *workers);
void stats_workers_cancel(struct stats_workers *workers);
void stats_workers_close(struct stats_workers *workers);
void stats_workers_set_domains(struct stats_workers *workers, const struct uuid_list *active);
/* Now and then: finds the domain that keeps a worker, and leaves it out. */
void stats_workers_check_stuck(struct stats_workers *workers);
/* Adds memory and disk rates where they are known. */
void stats_workers_fill(const struct stats_workers *workers, struct vm_figures *figures);

#endif

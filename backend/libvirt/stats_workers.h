/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_workers.h - what only QEMU's monitor knows: disks and the balloon.
 *
 * A QEMU that stands still keeps the call for ever (NOWAIT does not help the first one that meets it), so two workers,
 * each a thread with a connection, ask one domain at a time. Where a worker is kept too long, its domain is left out
 * and the other worker goes on. Where both are kept, nothing is asked until one comes back, so libvirtd never loses
 * more than two of its threads to us. UI thread.
 */
#ifndef INNKEEPER_STATS_WORKERS_H
#define INNKEEPER_STATS_WORKERS_H

#include "backend/libvirt/libvirt_host.h"

struct stats_workers;

struct stats_workers *stats_workers_create(struct libvirt_host *host);
void stats_workers_set_domains(struct stats_workers *workers, const struct uuid_list *active);
/* Now and then: finds the domain that keeps a worker, leaves it out, and forgets what is old. */
void stats_workers_check_stuck(struct stats_workers *workers);
/* Adds memory and disk rates where they are known. */
void stats_workers_fill(const struct stats_workers *workers, struct vm_figures *figures);
/* After its threads ended. */
void stats_workers_destroy(struct stats_workers *workers);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_stats.h - statistics of the rows on screen: CPU time, network and given memory, which libvirtd knows itself,
 * whatever state QEMU is in; and what only QEMU knows: disks and the balloon. And how busy the
 * host is, also while none of its rows is on screen. UI thread.
 */
#pragma once

#include "backend/libvirt/libvirt_host.h"

struct libvirt_stats;

struct libvirt_stats *libvirt_stats_create(struct libvirt_host *host);
void libvirt_stats_wake(struct libvirt_stats *stats); /* other rows are watched or run, or the host is back */
/* After its thread ended. */
void libvirt_stats_destroy(struct libvirt_stats *stats);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_sync.h - keeps what we know of a host's domains up to date: connects, lists, follows changes, and connects
 * again when the host is lost. Reports to libvirt_host.h. UI thread.
 */
#pragma once

#include "backend/libvirt/libvirt_host.h"

struct host_sync;

/* Starts its thread. */
struct host_sync *host_sync_create(struct libvirt_host *host);
void host_sync_wake(struct host_sync *sync);
/* by_person: now; and where the host is lost, connect now. Else too much changed for single domains; soon. */
void host_sync_request_list(struct host_sync *sync, bool by_person);
void host_sync_request_info(struct host_sync *sync, const struct uuid *uuid);
void host_sync_on_closed(struct host_sync *sync, int reason);
void host_sync_stop_timer(struct host_sync *sync); /* nothing is reported as stale any more */
/* After its thread ended. */
void host_sync_destroy(struct host_sync *sync);

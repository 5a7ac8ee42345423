/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_events.h - the one event loop thread that libvirt needs, and the events of a host. Each kind is registered by
 * itself, because each driver and each daemon knows others. The callbacks only push a copy to the host's queue.
 */
#ifndef INNKEEPER_LIBVIRT_EVENTS_H
#define INNKEEPER_LIBVIRT_EVENTS_H

#include "backend/libvirt/event_queue.h"
#include "base/err.h"

#include <libvirt/libvirt.h>

enum { EVENT_KINDS = 9 };

struct event_registrations {
	int ids[EVENT_KINDS];            /* -1: not registered; 0 is a valid one */
	struct event_queue *close_queue; /* NULL: no close callback */
};

/* UI thread, before the first connection: from then on libvirt writes nothing to our terminal. */
void libvirt_process_quieten(void);
/* From now on this process leaves no core, and only root can read its memory. */
void libvirt_process_refuse_dumps(void);
/* Any thread, before each connection: starts the event loop once. False: libvirt cannot be used. */
bool libvirt_process_start(struct err *err);

/* Worker thread. False: there are no lifecycle events here, so the list has to be polled. */
bool libvirt_events_register(virConnectPtr conn, struct event_queue *queue, struct event_registrations *ret);
void libvirt_events_deregister(virConnectPtr conn, struct event_registrations *registrations);

/* For the event log: "started", "shut off: crashed"; owned. Empty: not for the log. UI thread. */
struct safe_text libvirt_event_words(const struct host_event *event);

#endif

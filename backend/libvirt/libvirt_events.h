/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_events.h - the one event loop thread that libvirt needs, and what it is told: registered
 * kind by kind, because each driver and each daemon knows others. The callbacks copy and put the copy
 * through the host's queue, nothing else.
 */
#ifndef INNKEEPER_LIBVIRT_EVENTS_H
#define INNKEEPER_LIBVIRT_EVENTS_H

#include "backend/libvirt/event_queue.h"
#include "base/err.h"

#include <libvirt/libvirt.h>

enum { EVENT_KINDS = 9 };

struct event_registrations {
	int ids[EVENT_KINDS];    /* -1: not registered; 0 is a valid one */
	struct event_queue *close_queue; /* NULL: no close callback */
};

/* UI thread, before the first connection: libvirt stays silent on our terminal. */
void libvirt_process_quieten(void);
/* From now on this process leaves no core, and nobody but root reads its memory. */
void libvirt_process_refuse_dumps(void);
/* Any thread, before each connection: starts the event loop once. False: libvirt cannot be used. */
bool libvirt_process_start(struct err *err);

/* Owner's thread. False: lifecycle events cannot be had, so the list has to be asked for again and again. */
bool libvirt_events_register(virConnectPtr conn, struct event_queue *queue, struct event_registrations *ret);
void libvirt_events_deregister(virConnectPtr conn, struct event_registrations *registrations);

/* For the event log: "started", "shut off: crashed"; owned. Empty: nothing to say. UI thread. */
struct safe_text libvirt_event_words(const struct host_event *event);

#endif

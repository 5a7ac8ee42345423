/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_events.h - the one event loop thread that libvirt needs, and the events of a host on their way to the UI
 * thread. Each kind is registered by itself, because each driver and each daemon knows others.
 *
 * The queue takes events from threads that we cannot stop: libvirt's event loop, and attempts to connect that never
 * return. Events are values, and after event_queue_close() none is delivered. All that wait are delivered in one call,
 * so a storm of events costs one turn of the loop.
 */
#pragma once

#include "base/err.h"
#include "base/uuid.h"
#include "engine/loop.h"

#include <libvirt/libvirt.h>

enum host_event_kind {
	EVENT_CONNECTING_ENDED, /* of some connection of the host, with success or not */
	EVENT_CLOSED,           /* libvirt's close callback; type: its reason */
	EVENT_LIFECYCLE,        /* type, detail: virDomainEventType and its detail */
	EVENT_AGENT,            /* type, detail: state and reason */
	EVENT_REBOOT,
	EVENT_CONTROL_ERROR,
	EVENT_DISK_ERROR, /* type: virDomainEventIOErrorAction; detail: no space was left */
	EVENT_POWER,      /* type: the libvirt event ID */
	EVENT_METADATA,
	EVENT_OVERFLOW, /* there were more events than the queue holds */
};

struct host_event {
	enum host_event_kind kind;
	struct uuid uuid;
	int type, detail;
};

enum { EVENT_QUEUE_MAX = 8192 };

struct event_queue;
typedef void event_handler_fn(void *data, const struct host_event *events, size_t count);

/* handle runs on the UI thread. */
struct event_queue *event_queue_create(struct loop *loop, event_handler_fn *handle, void *data);
struct event_queue *event_queue_ref(struct event_queue *queue); /* any thread */
void event_queue_unref(struct event_queue *queue);              /* any thread */
/* UI thread: from here on nothing is delivered and nothing is posted to the loop. */
void event_queue_close(struct event_queue *queue);

/* Any thread; never blocks. */
void event_queue_push(struct event_queue *queue, const struct host_event *event);

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

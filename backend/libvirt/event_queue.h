/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_queue.h - events on their way to the UI thread, from threads that we cannot stop: libvirt's event loop, and
 * attempts to connect that never return. Events are values, and after event_queue_close() none is delivered.
 *
 * All events that wait are delivered in one call, so a storm of events costs one turn of the loop.
 */
#ifndef INNKEEPER_EVENT_QUEUE_H
#define INNKEEPER_EVENT_QUEUE_H

#include "base/uuid.h"
#include "engine/loop.h"

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

#endif

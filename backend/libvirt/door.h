/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * door.h - how threads that are not ours to stop (libvirt's event loop, a connection attempt
 * that never returns) tell the UI thread something: by value, through a door that can be closed.
 *
 * What waits behind the door is answered in one go, so a storm of events costs one turn of the loop.
 */
#ifndef INNKEEPER_LIBVIRT_DOOR_H
#define INNKEEPER_LIBVIRT_DOOR_H

#include "base/uuid.h"
#include "engine/loop.h"

enum door_subject {
	DOOR_DIALLED,   /* detail: nothing; some attempt to connect came to its end */
	DOOR_CLOSED,    /* libvirt's close callback; event: its reason */
	DOOR_LIFECYCLE, /* event, detail: virDomainEventType and its detail */
	DOOR_AGENT,     /* event, detail: state and reason */
	DOOR_REBOOT,
	DOOR_CONTROL_ERROR,
	DOOR_DISK, /* event: virDomainEventIOErrorAction; detail: no space was left */
	DOOR_PM, /* event: the libvirt event ID */
	DOOR_METADATA,
	DOOR_OVERFLOW, /* there was more than the door holds */
};

struct door_note {
	enum door_subject subject;
	struct uuid uuid;
	int event, detail;
};

enum { DOOR_NOTES_MAX = 8192 };

struct door;
typedef void door_answer_fn(void *data, const struct door_note *notes, size_t count);

/* answer runs on the UI thread. */
struct door *door_create(struct loop *loop, door_answer_fn *answer, void *data);
struct door *door_ref(struct door *door); /* any thread */
void door_unref(struct door *door);       /* any thread */
/* UI thread: from here on nothing is answered and nothing is posted to the loop. */
void door_close(struct door *door);

/* Any thread; never blocks. */
void door_put(struct door *door, const struct door_note *note);

#endif

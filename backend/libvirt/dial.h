/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dial.h - opening a connection, when the other side may never answer.
 *
 * libvirt cannot be told to give up, so each attempt has a thread of its own that is thrown away when
 * it hangs. Who waits gives up after his time; the thread stays, and where it comes back after all its
 * connection is used at once. There is no second attempt on the same dial for 60 s, and never more
 * than DIAL_THREADS_MAX.
 *
 * A dial belongs to one thread at a time (libvirt 9.0 loses wake-ups when two call on one connection).
 */
#ifndef INNKEEPER_LIBVIRT_DIAL_H
#define INNKEEPER_LIBVIRT_DIAL_H

#include "backend/libvirt/door.h"
#include "base/err.h"
#include "model/host.h"

#include <libvirt/libvirt.h>
#include <pthread.h>

enum { DIAL_THREADS_MAX = 3, DIAL_AGAIN_MS = 60000 };

struct dial_config {
	const char *uri; /* NULL: libvirt's default */
	bool read_only;
	int keepalive_interval, keepalive_count;
	struct door *door; /* hears DOOR_DIALLED; may be NULL */
};

enum dial_state {
	DIAL_IDLE, /* not asked, or the last attempt failed: see err */
	DIAL_TRYING,
	DIAL_OPEN,
};

struct dial;

struct dial *dial_create(const struct dial_config *config);
/* Any thread: whoever waits stops waiting, and what comes back late is closed. */
void dial_give_up(struct dial *dial);
/* After the last use: frees, the connection must be hung up. Threads that hang keep what they need. */
void dial_destroy(struct dial *dial);

/* --- the owner's thread --- */

/* Tries, unless an attempt is under way that is not yet 60 s old. False: no further thread, err. */
bool dial_start(struct dial *dial, struct err *err);
/* What came of it, after waiting at most wait_ms. err: filled where an attempt failed, and it is DIAL_IDLE now. */
enum dial_state dial_look(struct dial *dial, int64_t wait_ms, struct err *err);
/* The connection, opened where needed, for at most wait_ms. NULL: err. Broken ones are hung up first. */
virConnectPtr dial_need(struct dial *dial, int64_t wait_ms, struct err *err);
/* Opened, else NULL. */
virConnectPtr dial_connection(const struct dial *dial);
/* What we may do there, and where that is less than we wanted: why (view). */
enum host_access dial_access(const struct dial *dial, struct safe_text *ret_why);
/* Closes the connection: at once where it is broken, else after the host's answer. */
void dial_hang_up(struct dial *dial);
bool dial_is_broken(const struct dial *dial);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connection.h - a connection to a host that may never answer.
 *
 * libvirt cannot be told to give up, so each attempt to connect has a thread of its own, which is left behind when
 * it hangs. The caller waits for a limited time. An attempt that succeeds after that time is used at once. There is
 * no second attempt for 60 s, and there are never more than CONNECTION_THREADS_MAX.
 *
 * A connection belongs to one thread at a time (libvirt 9.0 loses wake-ups when two call on one connection).
 */
#pragma once

#include "backend/libvirt/libvirt_events.h"
#include "model/host.h"

#include <libvirt/libvirt.h>
#include <pthread.h>

enum { CONNECTION_THREADS_MAX = 3, CONNECTION_RETRY_MS = 60000 };

struct connection_config {
	const char *uri; /* NULL: libvirt's default */
	bool read_only;
	int keepalive_interval, keepalive_count;
	struct event_queue *queue; /* gets EVENT_CONNECTING_ENDED; may be NULL */
};

enum connection_state {
	CONNECTION_IDLE, /* never opened, or the last attempt failed: see err */
	CONNECTION_OPENING,
	CONNECTION_OPEN,
};

struct connection;

struct connection *connection_create(const struct connection_config *config);
/* Any thread: every wait ends, and a connection that opens from here on is closed at once. */
void connection_cancel(struct connection *connection);
/* After the last use: frees it; it must be closed. Threads that hang keep what they need. */
void connection_destroy(struct connection *connection);

/* --- the owner's thread --- */

/* Starts an attempt, unless one is running that is younger than 60 s. False: no thread for it, err. */
bool connection_open(struct connection *connection, struct err *err);
/* The state, after waiting at most wait_ms for an attempt to end. err: set where it failed; the state is IDLE then. */
enum connection_state connection_wait(struct connection *connection, int64_t wait_ms, struct err *err);
/* The handle; a broken connection is closed, and it is opened where needed, for at most wait_ms. NULL: err. */
virConnectPtr connection_acquire(struct connection *connection, int64_t wait_ms, struct err *err);
/* NULL where it is not open. */
virConnectPtr connection_handle(const struct connection *connection);
/* What we may do there, and where that is less than we wanted: why (view). */
enum host_access connection_access(const struct connection *connection, struct safe_text *ret_why);
/* At once where it is broken, else after the host's answer. */
void connection_close(struct connection *connection);
bool connection_is_broken(const struct connection *connection);

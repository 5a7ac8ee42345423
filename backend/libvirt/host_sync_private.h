/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_sync_private.h - for the three files of host_sync: one job that never ends, on one connection.
 *
 *	IDLE -> CONNECTING -> UP ... -> LOST (waits, then IDLE again)
 *	          |  ^
 *	          v  | (the stuck attempt succeeds after all, or 60 s are over and there is another)
 *	        UNANSWERED
 *
 *	host_sync.c        the UI thread's part: takes requests, hands on reports, watches the age of answers
 *	host_refresh.c     the job's steps while the host is connected: what is asked next
 *	host_connection.c  the job's steps until it is: connects, notices a loss, waits, connects again
 */
#ifndef INNKEEPER_HOST_SYNC_PRIVATE_H
#define INNKEEPER_HOST_SYNC_PRIVATE_H

#include "backend/libvirt/host_sync.h"
#include "backend/libvirt/host_thread.h"
#include "backend/libvirt/libvirt_events.h"

#include <libvirt/virterror.h>
#include <pthread.h>

enum { SYNC_PENDING_MAX = 64 }; /* above this the whole list is cheaper */

enum sync_phase { SYNC_IDLE, SYNC_CONNECTING, SYNC_UNANSWERED, SYNC_UP, SYNC_LOST, SYNC_OVER };

/* What a step found out, for progress(). */
struct sync_report {
	bool state_changed;
	enum host_state state;
	enum host_access access;
	int64_t retry_at;
	struct safe_text trouble;
	bool answered;
	bool about;
	struct safe_text own_name, version;
	bool listed;
	struct domain_list list;
	struct domain_list refreshed;
	struct uuid_list gone;
};

struct host_sync {
	struct host_thread thread; /* first */

	/* requests: written by the UI thread, taken by a step; under lock */
	pthread_mutex_t lock;
	bool list_requested; /* by a person */
	bool all_changed;    /* too much for single domains */
	int closed_reason;   /* -1: not closed */
	struct uuid_list changed;

	/* the job's */
	enum sync_phase phase;
	int64_t since; /* of this attempt to connect */
	int64_t again_at;
	int failures;
	bool registered, has_events, has_about, awaits_reason;
	struct event_registrations events;
	enum host_access access;
	int64_t list_at, probe_at;
	int64_t quiet_until; /* no list before, except when a person asks */
	bool details;
	bool has_probe;
	bool list_failed; /* the last one did */
	struct uuid probe;
	struct uuid_list pending;
	struct sync_report report;

	/* the UI thread's */
	enum host_state reported_state;
	enum host_access reported_access;
	struct safe_text live_trouble; /* why it is only monitored */
	int64_t answered_at;
	int stale_timer;
};

/* --- host_refresh.c --- */

/* Worker thread: the next thing to do; ms to wait until the one after. */
int64_t host_sync_step(void *sync, int slot);
/* How often a host is asked when there is nothing to ask. Any thread. */
int64_t host_sync_probe_interval(const struct host_sync *sync);

/* --- host_connection.c. Worker thread; ms to wait. --- */

/* One step towards SYNC_UP, which is the phase once it is reached. */
int64_t host_connection_step(struct host_sync *sync);
/* The connection broke. last: the error of the call that met it, or NULL. */
int64_t host_connection_broke(struct host_sync *sync, const virError *last);
/* The host is of no use; it is tried again later. */
int64_t host_connection_lose(struct host_sync *sync, struct safe_text trouble);
/* For progress(). Empty trouble: why we may do less there than we wanted, if so. */
void host_connection_report(struct host_sync *sync, enum host_state state, int64_t retry_at, struct safe_text trouble);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.h - the list's thread and connection: one job that never ends.
 *
 *	IDLE -> DIALLING -> UP ... -> LOST (waits, then IDLE again)
 *	          |  ^
 *	          v  | (the stuck attempt comes back, or 60 s are over and there is another)
 *	        UNANSWERED
 *
 *	link.c       the UI thread's part: takes orders, tells what the steps found out, watches the age of answers
 *	link_steps.c the job's
 */
#ifndef INNKEEPER_HOST_SYNC_H
#define INNKEEPER_HOST_SYNC_H

#include "backend/libvirt/libvirt_events.h"
#include "backend/libvirt/libvirt_host.h"

#include <pthread.h>

enum { SYNC_PENDING_MAX = 64 }; /* above this the whole list is cheaper */

enum sync_phase { SYNC_IDLE, SYNC_CONNECTING, SYNC_UNANSWERED, SYNC_UP, SYNC_LOST, SYNC_OVER };

/* What a step found out, for progress() to tell. */
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
	struct libvirt_host *host;
	struct worker *worker;
	struct job *job;

	/* orders: written by the UI thread, taken by a step; under lock */
	pthread_mutex_t lock;
	bool list_requested;    /* a person asks */
	bool all_changed;    /* too much changed for single looks */
	int closed_reason; /* -1: not closed */
	struct uuid_list changed;

	/* the job's */
	struct connection *connection;
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

/* Worker thread: the next thing to do; ms to wait until the one after. */
int64_t host_sync_step(void *sync, int slot);
/* How often a host is asked when there is nothing to ask. Any thread. */
int64_t host_sync_probe_interval(const struct host_sync *sync);

#endif

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
#ifndef INNKEEPER_LIBVIRT_LINK_H
#define INNKEEPER_LIBVIRT_LINK_H

#include "backend/libvirt/libvirt_events.h"
#include "backend/libvirt/libvirt_host.h"

#include <pthread.h>

enum { LINK_LOOKS_MAX = 64 }; /* above this the whole list is cheaper */

enum link_phase { LINK_IDLE, LINK_DIALLING, LINK_UNANSWERED, LINK_UP, LINK_LOST, LINK_OVER };

/* What a step found out, for progress() to tell. */
struct link_news {
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
	struct domain_list looked;
	struct uuid_list gone;
};

struct link {
	struct libvirt_host *host;
	struct worker *worker;
	struct job *job;

	/* orders: written by the UI thread, taken by a step; under lock */
	pthread_mutex_t lock;
	bool want_list;    /* a person asks */
	bool dirty_all;    /* too much changed for single looks */
	int closed_reason; /* -1: not closed */
	struct uuid_list dirty;

	/* the job's */
	struct connection *connection;
	enum link_phase phase;
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
	struct uuid_list looks;
	struct link_news news;

	/* the UI thread's */
	enum host_state told_state;
	enum host_access told_access;
	struct safe_text live_trouble; /* why it is only monitored */
	int64_t answered_at;
	int stale_timer;
};

/* Worker thread: the next thing to do; ms to wait until the one after. */
int64_t link_step(void *link, int slot);
/* How often a host is asked when there is nothing to ask. Any thread. */
int64_t link_probe_interval(const struct link *link);

#endif

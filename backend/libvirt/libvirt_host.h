/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_host.h - one libvirt host: what its parts share, and how they report what they found out.
 *
 * Start reading here. Each file uses those below it in this list, and none above:
 *
 *	libvirt.c            makes the parts, starts and stops them, and hands events on (UI thread)
 *	host_sync.c          one thread, one connection: connects, lists, follows changes, reconnects
 *	domain_xml_reader.c  one thread, one connection: reads the XML of running domains, once
 *	libvirt_stats.c      statistics of the rows on screen, the same way; those that can hang: threads of their own
 *	libvirt_calls.c      what the pool's jobs ask and do, one connection for each slot
 *	libvirt_console.c    serial consoles, each with a connection of its own
 *	libvirt_host.c       this header
 *	domain_info.c        one domain, or all of a host; xml.c its XML
 *	libvirt_events.c     libvirt's event loop -> a queue -> UI thread
 *	connection.c         opens all those connections
 */
#pragma once

#include "backend/backend_impl.h"
#include "backend/libvirt/connection.h"
#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/domain_table.h"
#include "backend/libvirt/libvirt_events.h"

#include <stdatomic.h>

/* A job's wait that only a wake-up ends. */
enum { LIBVIRT_UNTIL_WOKEN_MS = 3600 * 1000 };

struct libvirt_host {
	struct backend be; /* first */
	char *uri;         /* resolved; NULL: libvirt's default */
	struct event_queue *queue;
	struct connection *slots[BACKEND_SLOTS_MAX]; /* each belongs to its slot's thread */
	struct {
		VEC(struct host_thread *);
	} threads;

	/* any thread */
	atomic_bool up;        /* connected, as far as we know */
	atomic_bool may_write; /* the connection is no read-only one */

	/* UI thread */
	struct domain_table table;
	struct uuid_list watched;
	struct host_sync *sync;
	struct domain_xml_reader *xml_reader;
	struct libvirt_stats *stats;
	/* There may be XML to read, or other domains to ask for statistics: called after a report changed the table. */
	void (*wake_readers)(struct libvirt_host *host);
};

/* A new connection of this host, not opened yet. queue: gets EVENT_CONNECTING_ENDED, or NULL. */
struct connection *libvirt_host_connection(const struct libvirt_host *host, struct event_queue *queue);

/*
 * --- a thread of the host, with a connection of its own and one job that never ends ---
 *
 * struct host_thread stands first in the struct of the part that has it, and that struct is the job's state. libvirt.c
 * stops the threads of a host together: cancels the waiting for a connection, stops the worker, releases and closes the
 * connection of each; then the parts are destroyed, each with connection_destroy(). UI thread, but for the connection,
 * which is the job's.
 */

struct host_thread {
	struct libvirt_host *host;
	struct connection *connection;
	/* Frees what the part holds of the connection, before that is closed. May be NULL. state: the part. */
	void (*release)(void *state);
	struct worker *worker;
	struct job *job; /* NULL: not started, or over */
};

/* Adds it to host->threads. */
void host_thread_init(struct host_thread *thread, struct libvirt_host *host, void (*release)(void *state));
/* The thread is called "HOST what". spec: step, progress and priority. */
void host_thread_start(struct host_thread *thread, const char *what, struct job_spec spec);
/* The next step is due now. False: there is no job. */
bool host_thread_wake(struct host_thread *thread);

/* --- reports: to the table and to the listener. UI thread; texts and facts are taken over. --- */

void libvirt_host_report_state(struct libvirt_host *host, enum host_state state, enum host_access access,
			       int64_t retry_at, struct safe_text trouble);
void libvirt_host_report_list(struct libvirt_host *host, struct domain_list *list);
/* All but what only the XML says. */
void libvirt_host_report_facts(struct libvirt_host *host, struct vm_info *info);
/* From the XML; agent_events: the row's when it was asked for. */
void libvirt_host_report_xml(struct libvirt_host *host, struct vm_info *info, unsigned agent_events);
void libvirt_host_report_channel(struct libvirt_host *host, const struct uuid *uuid, enum agent_channel channel);
void libvirt_host_report_gone(struct libvirt_host *host, const struct uuid *uuid);
/* For the event log; an empty text is none. */
void libvirt_host_report_note(struct libvirt_host *host, const struct uuid *uuid, struct safe_text text);

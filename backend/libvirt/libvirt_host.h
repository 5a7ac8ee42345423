/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_host.h - the pieces of one libvirt host, for each other. Who wants to read the room begins here.
 *
 *	libvirt.c   glue: what the workers find out goes to the domain table and the listener (UI thread)
 *	link.c      one thread, one connection: connects, lists, looks at what changed, reconnects (link_steps.c)
 *	presence.c  one thread, one connection: reads the XML of running domains, once
 *	figures.c   figures of the rows on screen; those that can hang have threads of their own (lanes.c)
 *	libvirt_calls.c     agent commands, verbs and looks of tasks: one connection a slot, opened when needed
 *	libvirt_job.c       how far a host is with what it was sent
 *	libvirt_snapshot.c  snapshots, over the same connections
 *	libvirt_leases.c    addresses that the host gave
 *	libvirt_console.c   serial consoles, each with a connection of its own
 *	libvirt_events.c    libvirt's event loop -> event_queue.c -> UI thread
 *	connection.c opens all those connections
 */
#ifndef INNKEEPER_LIBVIRT_HOST_H
#define INNKEEPER_LIBVIRT_HOST_H

#include "backend/backend_impl.h"
#include "backend/libvirt/connection.h"
#include "backend/libvirt/event_queue.h"
#include "backend/libvirt/domain_list.h"
#include "backend/libvirt/domain_table.h"

#include <stdatomic.h>

/* A job that sleeps until it is woken. */
enum { LIBVIRT_LONG_MS = 3600 * 1000 };

struct host_sync;
struct domain_xml_reader;
struct libvirt_stats;

struct uuid_list {
	VEC(struct uuid);
};

struct libvirt_host {
	struct backend be; /* first */
	char *uri;         /* resolved; NULL: libvirt's default */
	struct event_queue *queue;
	struct host_sync *sync;
	struct domain_xml_reader *xml_reader;
	struct libvirt_stats *stats;
	struct connection *slots[BACKEND_SLOTS_MAX]; /* each its slot's thread's */

	/* any thread */
	atomic_bool up;        /* connected, as far as we know */
	atomic_bool may_write; /* the connection is no read-only one */

	/* UI thread */
	struct domain_table table;
	struct uuid_list watched;
};

/* --- libvirt.c: what the workers tell. UI thread; texts and facts are taken over. --- */

void libvirt_host_report_state(struct libvirt_host *host, enum host_state state, enum host_access access,
			     int64_t retry_at, struct safe_text trouble);
void libvirt_host_report_list(struct libvirt_host *host, struct domain_list *list);
/* As the look at a domain found it. */
void libvirt_host_report_facts(struct libvirt_host *host, struct vm_facts *facts);
/* As its XML says; agent_events: how many there had been when it was asked for. */
void libvirt_host_report_xml(struct libvirt_host *host, struct vm_facts *facts, unsigned agent_events);
void libvirt_host_report_gone(struct libvirt_host *host, const struct uuid *uuid);
void libvirt_host_report_note(struct libvirt_host *host, const struct uuid *uuid, struct safe_text text);

/* A connection of this host; queue: gets EVENT_CONNECTING_ENDED, or NULL. */
struct connection *libvirt_host_connection(const struct libvirt_host *host, struct event_queue *queue);

/* --- link.c. UI thread. --- */

struct host_sync *host_sync_create(struct libvirt_host *host);
void host_sync_start(struct host_sync *sync);
bool host_sync_stop(struct host_sync *sync); /* false: its thread is stuck */
void host_sync_destroy(struct host_sync *sync);
void host_sync_wake(struct host_sync *sync);
void host_sync_request_list(struct host_sync *sync); /* now; and where the host is lost, try now */
void host_sync_request_info(struct host_sync *sync, const struct uuid *uuid);
void host_sync_request_all(struct host_sync *sync); /* too much changed; soon */
void host_sync_on_closed(struct host_sync *sync, int reason);
void host_sync_cancel(struct host_sync *sync); /* no waiting for a connection any more */
void host_sync_close(struct host_sync *sync); /* any one thread, after stop */

/* --- presence.c. UI thread. --- */

struct domain_xml_reader *domain_xml_reader_create(struct libvirt_host *host);
bool domain_xml_reader_stop(struct domain_xml_reader *reader);
void domain_xml_reader_destroy(struct domain_xml_reader *reader);
void domain_xml_reader_wake(struct domain_xml_reader *reader); /* there may be XML to read */
void domain_xml_reader_cancel(struct domain_xml_reader *reader);
void domain_xml_reader_close(struct domain_xml_reader *reader);

/* --- figures.c. UI thread. --- */

struct libvirt_stats *libvirt_stats_create(struct libvirt_host *host);
bool libvirt_stats_stop(struct libvirt_stats *stats);
void libvirt_stats_destroy(struct libvirt_stats *stats);
void libvirt_stats_wake(struct libvirt_stats *stats); /* other rows are watched, or the host is back */
void libvirt_stats_cancel(struct libvirt_stats *stats);
void libvirt_stats_close(struct libvirt_stats *stats);

/* --- agent.c. Worker threads, as backend.h says. --- */

bool libvirt_agent_command(struct backend *be, int slot, const struct uuid *uuid, const char *command, int timeout_ms,
			   char **ret_reply, struct err *err);
bool libvirt_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum vm_verb verb, bool use_agent,
		       struct err *err);
bool libvirt_get_info(struct backend *be, int slot, const struct uuid *uuid, struct vm_facts *ret_facts,
		      struct err *err);

/* --- leases.c. Worker thread, as backend.h says. --- */

bool libvirt_leases(struct backend *be, int slot, const struct uuid *uuid, struct address_list *ret_list,
		    struct err *err);

/* --- console.c. Worker thread, as backend.h says. --- */

/* UI: they were left by those who sat there. False: one still waits for its host. */
bool libvirt_consoles_are_closed(int64_t wait_ms);
bool libvirt_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd, struct err *err);

/* Over the slot's own connection; virDomainFree(). NULL: err. */
virDomainPtr libvirt_slot_domain(struct backend *be, int slot, const struct uuid *uuid, struct err *err);
bool libvirt_may_write(struct backend *be, struct err *err);

/* --- job.c. Worker threads, as backend.h says. --- */

bool libvirt_job_percent(struct backend *be, int slot, const struct uuid *uuid, int *ret_percent, struct err *err);
bool libvirt_job_abort(struct backend *be, int slot, const struct uuid *uuid, struct err *err);

/* --- snapshot.c. Worker threads, as backend.h says. --- */

bool libvirt_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			   struct err *err);
bool libvirt_snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			     struct err *err);
bool libvirt_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err);
bool libvirt_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err);

#endif

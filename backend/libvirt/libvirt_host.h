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

struct link;
struct presence;
struct figures;

struct uuid_list {
	VEC(struct uuid);
};

struct libvirt_host {
	struct backend be; /* first */
	char *uri;         /* resolved; NULL: libvirt's default */
	struct event_queue *queue;
	struct link *link;
	struct presence *presence;
	struct figures *figures;
	struct connection *slots[BACKEND_SLOTS_MAX]; /* each its slot's thread's */

	/* any thread */
	atomic_bool up;        /* connected, as far as we know */
	atomic_bool may_write; /* the connection is no read-only one */

	/* UI thread */
	struct domain_table table;
	struct uuid_list watched;
};

/* --- libvirt.c: what the workers tell. UI thread; texts and facts are taken over. --- */

void libvirt_host_tell_state(struct libvirt_host *host, enum host_state state, enum host_access access,
			     int64_t retry_at, struct safe_text trouble);
void libvirt_host_tell_list(struct libvirt_host *host, struct domain_list *list);
/* As the look at a domain found it. */
void libvirt_host_tell_facts(struct libvirt_host *host, struct vm_facts *facts);
/* As its XML says; agent_events: how many there had been when it was asked for. */
void libvirt_host_tell_xml(struct libvirt_host *host, struct vm_facts *facts, unsigned agent_events);
void libvirt_host_tell_gone(struct libvirt_host *host, const struct uuid *uuid);
void libvirt_host_tell_note(struct libvirt_host *host, const struct uuid *uuid, struct safe_text text);

/* A connection of this host; queue: gets EVENT_CONNECTING_ENDED, or NULL. */
struct connection *libvirt_host_connection(const struct libvirt_host *host, struct event_queue *queue);

/* --- link.c. UI thread. --- */

struct link *link_create(struct libvirt_host *host);
void link_start(struct link *link);
bool link_stop(struct link *link); /* false: its thread is stuck */
void link_destroy(struct link *link);
void link_wake(struct link *link);
void link_want_list(struct link *link); /* now; and where the host is lost, try now */
void link_want_look(struct link *link, const struct uuid *uuid);
void link_want_everything(struct link *link); /* too much changed; soon */
void link_tell_closed(struct link *link, int reason);
void link_give_up(struct link *link); /* no waiting for a connection any more */
void link_hang_up(struct link *link); /* any one thread, after stop */

/* --- presence.c. UI thread. --- */

struct presence *presence_create(struct libvirt_host *host);
bool presence_stop(struct presence *presence);
void presence_destroy(struct presence *presence);
void presence_wake(struct presence *presence); /* there may be XML to read */
void presence_give_up(struct presence *presence);
void presence_hang_up(struct presence *presence);

/* --- figures.c. UI thread. --- */

struct figures *figures_create(struct libvirt_host *host);
bool figures_stop(struct figures *figures);
void figures_destroy(struct figures *figures);
void figures_wake(struct figures *figures); /* other rows are watched, or the host is back */
void figures_give_up(struct figures *figures);
void figures_hang_up(struct figures *figures);

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

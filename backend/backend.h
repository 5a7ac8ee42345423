/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backend.h - a backend knows machines; it knows nothing of screens, sessions or log-offs.
 *
 * One struct backend is one host: a libvirt connection, or a simulated host of the demo fleet.
 * This is for its users; backend_impl.h is for those who make one.
 *
 * Threads: "UI" calls return at once. "Worker" calls block, for a bounded time, and are made from a
 * job of backend->agents; `slot` is that job's, and selects the connection that only this thread uses.
 *
 *	create -> start -> events ...  (agent_command, lifecycle, look: any number, from workers) -> stop -> destroy
 */
#pragma once

#include "engine/worker.h"
#include "model/address.h"
#include "model/host.h"
#include "model/inventory.h"
#include "model/operation.h"
#include "model/snapshot.h"
#include "model/vm.h"

enum { BACKEND_SLOTS_DEFAULT = 4, BACKEND_SLOTS_MAX = 8 };

struct backend;
struct backend_impl;

/* What a host tells without being asked. UI thread. All values; texts in them go to the listener. */
struct backend_listener {
	/* trouble: owned by the listener from here on. retry_at: clock_ms() of the next try, LOST only. */
	void (*host_state)(void *data, enum host_state state, enum host_access access, int64_t retry_at,
			   struct safe_text trouble);
	void (*host_about)(void *data, struct safe_text own_name, struct safe_text version);
	void (*answered)(void *data);                                 /* some answer came: not stale */
	void (*list)(void *data, struct vm_info *info, size_t count); /* the whole list */
	void (*info)(void *data, struct vm_info *info);               /* one domain, new or changed */
	void (*gone)(void *data, const struct uuid *uuid);            /* undefined, or transient and ended */
	void (*channel)(void *data, const struct uuid *uuid, enum agent_channel channel);
	void (*figures)(void *data, const struct vm_figures *figures, size_t count);
	void (*host_figures)(void *data, const struct host_figures *figures); /* may be NULL */
	/* booted: it started from nothing, just now; else it goes on from where it was saved, brought from or kept. */
	void (*started)(void *data, const struct uuid *uuid, bool booted);
	/* how: SHUTOFF, CRASHED, SAVED or MIGRATED. Before gone(): nothing else says why a domain is gone. */
	void (*stopped)(void *data, const struct uuid *uuid, enum vm_state how);
	void (*rebooted)(void *data, const struct uuid *uuid);
	void (*note)(void *data, const struct uuid *uuid /* or NULL */, struct safe_text text); /* for the event log */
	void *data;
};

struct backend_config {
	struct loop *loop;
	const char *uri;
	const char *name; /* for messages */
	bool read_only;   /* -r: libvirt's read-only connection; every write and agent call is refused */
	bool locked;      /* --lock: a write connection, but whatever acts is refused */
	/* Command line: nothing is read but of watched VMs, and there is no reconnecting after the first loss. */
	bool one_shot;
	int slots;              /* agent and lifecycle calls at once; 0: BACKEND_SLOTS_DEFAULT; on the fake clock: -1 */
	int keepalive_interval; /* seconds; 0: 5, negative: no keepalive */
	int keepalive_count;    /* 0: 3 */
	int connect_timeout_ms; /* 0: 10 000 */
	int figures_interval_ms; /* 0: 2 000 */
	int background_share;    /* percent of the time; 0: 100 */
	struct backend_listener listener;
};

/* What an agent command is for: with --lock we look, and touch nothing. */
enum backend_intent {
	BACKEND_LOOKS,
	BACKEND_ACTS,
};

/* What `doctor` asks a host about one domain. */
struct backend_examination {
	bool channel_is_defined; /* in its configuration: it has the agent's channel after its next start at the latest
				  */
	const char *job;         /* what the host is at with it, "backup" or "snapshot"; static; NULL: neither */
	int64_t job_ms;          /* for so long; -1 unknown */
};

/* How agents answered, and how long it took: at most so many milliseconds, or more. */
#define BACKEND_CALL_RESULTS "answered", "refused", "no_answer", "failed"
enum { BACKEND_CALL_BUCKETS = 9 };
extern const int64_t backend_call_ms[BACKEND_CALL_BUCKETS]; /* the last stands for all above */
struct backend_calls {
	uint64_t counts[4][BACKEND_CALL_BUCKETS], sum_ms[4];
};

struct backend {
	const struct backend_impl *impl;
	struct backend_config config; /* strings owned */
	struct worker *agents;        /* the pool for worker calls: config.slots threads */
	struct backend_calls calls;   /* of any thread: backend_count_calls() */
};

/* Chooses the implementation by the URI: demo:///... or libvirt's. NULL: no memory, or a URI that nobody serves. */
struct backend *backend_create(const struct backend_config *config, struct err *err);
bool backend_start(struct backend *be, struct err *err);
bool backend_is_simulated(const struct backend *be); /* the demo */
/* Its VMs are in this process alone, as the demo's and those of libvirt's test driver are: nobody else is at them. */
bool backend_is_private(const struct backend *be);
/* Stops and frees. False: a call is stuck, and what it uses was left to it. */
bool backend_destroy(struct backend *be);

void backend_refresh(struct backend *be);
void backend_watch(struct backend *be, const struct uuid *uuids, size_t count);
/* How often figures are told. Setting: UI thread; reading: any. */
void backend_set_figures_interval(struct backend *be, int ms);
int backend_figures_interval(const struct backend *be);
/* How much of the time is for reading of VMs that are not on screen: 1-100 %. Setting: UI thread; reading: any. */
void backend_set_background_share(struct backend *be, int percent);
int backend_background_share(const struct backend *be);

/*
 * Worker. The gate: on a read-only backend every agent command, verb and change of snapshots, on a locked one
 * whatever acts, is refused with ERR_DENIED, below every caller and before anything is sent.
 */
bool backend_agent_command(struct backend *be, int slot, const struct uuid *uuid, enum backend_intent intent,
			   const char *command, int timeout_ms, char **ret_reply, struct err *err);
void backend_count_calls(const struct backend *be, struct backend_calls *ret); /* any thread */
bool backend_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation, bool use_agent,
		       struct err *err);
bool backend_get_info(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts,
		      struct err *err);
bool backend_examine(struct backend *be, int slot, const struct uuid *uuid, struct backend_examination *ret,
		     struct err *err);
bool backend_leases(struct backend *be, int slot, const struct uuid *uuid, struct address_list *ret_list,
		    struct err *err);
/* Whoever has a console can act in the guest: gated like a verb. */
bool backend_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd, struct err *err);
bool backend_job_percent(struct backend *be, int slot, const struct uuid *uuid, int *ret_percent, struct err *err);
bool backend_job_abort(struct backend *be, int slot, const struct uuid *uuid, struct err *err); /* acts */
bool backend_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			   struct err *err);
/* These act; an order that snapshot_order_check() refuses goes nowhere. */
bool backend_snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			     struct err *err);
bool backend_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err);
bool backend_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backend_impl.h - for those who make a backend: libvirt/, demo/, and the guests of tests.
 *
 * Frame: struct backend first in the implementation's own struct. Threads, ownership and errors are as backend.h
 * says of the call of the same name; what may be sent at all, the gate in backend.c has settled before.
 */
#pragma once

#include "backend/backend.h"

struct backend_impl {
	const char *name; /* "libvirt", "demo" */
	bool is_simulated;
	/* UI: frees it, after stop() and the last job of agents. False: closing hangs, what it uses was left to it. */
	bool (*destroy)(struct backend *be);
	bool (*start)(struct backend *be, struct err *err); /* UI; connects in the background */
	/* UI; may be half started; returns within 300 ms. False: a thread is stuck in a call: no destroy(). */
	bool (*stop)(struct backend *be);
	void (*refresh)(struct backend *be); /* UI: list again now; a lost host: try now */
	void (*watch)(struct backend *be, const struct uuid *uuids, size_t count); /* UI: the rows on screen */

	/* Worker. `command` is one JSON object; *ret_reply the whole JSON reply, freed by the caller. */
	bool (*agent_command)(struct backend *be, int slot, const struct uuid *uuid, const char *command,
			      int timeout_ms, char **ret_reply, struct err *err);
	/* Worker. Sends the verb; the caller watches the state. use_agent: shutdown, reboot through the agent. */
	bool (*lifecycle)(struct backend *be, int slot, const struct uuid *uuid, enum operation operation,
			  bool use_agent, struct err *err);
	/* Worker. Fresh facts of one domain, its agent channel included. Facts owned by the caller. */
	bool (*look)(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts, struct err *err);
	/* Worker. What look() has no time for. Looks only. */
	bool (*examine)(struct backend *be, int slot, const struct uuid *uuid, struct backend_examination *ret,
			struct err *err);
	/* Worker. The addresses that the host gave to the domain (DHCP leases); none is an answer, too. Owned. */
	bool (*leases)(struct backend *be, int slot, const struct uuid *uuid, struct address_list *ret_list,
		       struct err *err);
	/*
	 * Worker. The domain's serial console as a stream socket that does not block: owned by the caller, who
	 * closes it to leave. End of file: the console is over. force: whoever is there is thrown out; else ERR_BUSY.
	 */
	bool (*console)(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd,
			struct err *err);
	/* Worker; beside the call that is at it. How far the host is with saving it, or with a snapshot; -1 unknown. */
	bool (*job_percent)(struct backend *be, int slot, const struct uuid *uuid, int *ret_percent, struct err *err);
	/* Worker. What the host is at ends, in ERR_CANCELLED for who waits for it. */
	bool (*job_abort)(struct backend *be, int slot, const struct uuid *uuid, struct err *err);

	/* Worker. Arranged; owned by the caller. Reading them needs no right to write. */
	bool (*snapshot_list)(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			      struct err *err);
	/* Worker; each lasts as long as the work, minutes where memory is written. key: the host's own bytes. */
	bool (*snapshot_create)(struct backend *be, int slot, const struct uuid *uuid,
				const struct snapshot_order *order, struct err *err);
	bool (*snapshot_revert)(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				struct err *err);
	bool (*snapshot_delete)(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				struct err *err);
};

/*
 * The implementation fills its own part and impl; backend_create() then sets config and makes the pool.
 * What the given config points to lives as long as the backend.
 */
typedef struct backend *backend_create_fn(const struct backend_config *config, struct err *err);

/* Destroys a worker, if there is one, without waiting for a thread that is stuck. False: it is. */
bool backend_stop_worker(struct worker **worker);
/* At the end, UI thread: how long to wait for something that may hang; and that it did. Returns false. */
int64_t backend_shutdown_budget(void);
bool backend_lose_patience(void);

backend_create_fn libvirt_backend_create;
backend_create_fn demo_backend_create;

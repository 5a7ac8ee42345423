/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lifecycle.h - start, shutdown, reboot ... as a task: look, send the verb once, watch until the state is there.
 *
 *	look -> send (agent, else ACPI) -> watch -> done
 *
 * A machine for job steps, the log-off's little sister. shutdown and reboot go through the agent where
 * it is connected; where it refuses, or cannot be reached, through ACPI. A guest that ignores them ends in
 * VM_E_TIMED_OUT, not in success. A verb whose answer was lost is never sent again: its state is watched.
 * Nobody tells how far a guest is with shutting down, so percent is 0 until it is done.
 *
 * A reboot leaves no trace in a domain's state. What proves it is libvirt's reboot event, handed in by
 * lifecycle_note_reboot(), or the agent's channel that closed and opened again.
 */
#ifndef INNKEEPER_LIFECYCLE_H
#define INNKEEPER_LIFECYCLE_H

#include "backend/backend.h"
#include "backend/guest/machine.h"
#include "model/task.h"

/* How a guest is asked to shut down or to reboot. */
enum lifecycle_way {
	WAY_AGENT_FIRST, /* ACPI where the agent is not there or says no */
	WAY_AGENT,
	WAY_ACPI,
};

struct lifecycle;

/* timeout_s: 0: 180. journal: as in machine.h, or NULL. */
struct lifecycle *lifecycle_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
				   enum vm_verb verb, int timeout_s, const struct machine_journal *journal);
void lifecycle_set_way(struct lifecycle *lifecycle, enum lifecycle_way way); /* before the first step */
void lifecycle_destroy(struct lifecycle *lifecycle);
struct machine *lifecycle_machine(struct lifecycle *lifecycle); /* view: the same, as machine.h sees it */
/* Worker thread. Milliseconds until the next step, or WORKER_DONE. */
int64_t lifecycle_step(struct lifecycle *lifecycle, int slot);
/* UI thread, between steps (see worker.h). */
const struct task_report *lifecycle_report(const struct lifecycle *lifecycle);
/* Any thread: in time until the verb was sent. */
void lifecycle_request_cancel(struct lifecycle *lifecycle);
/* Any thread: the host told that this guest rebooted. */
void lifecycle_note_reboot(struct lifecycle *lifecycle);

#endif

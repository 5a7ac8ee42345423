/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lifecycle.h - start, shutdown, reboot ... as a task: look, send the verb once, watch until the state is there.
 *
 *	look -> send (agent, else ACPI) -> watch -> done
 *
 * An operation for job steps, the log-off's little sister. shutdown and reboot go through the agent where
 * it is connected; where it refuses, or cannot be reached, through ACPI. A guest that ignores them ends in
 * VM_E_TIMED_OUT, not in success. A verb whose answer was lost is never sent again: its state is watched.
 * Nobody tells how far a guest is with shutting down, so percent is 0 until it is done.
 *
 * A VM that moves to another host meanwhile was not shut down, whatever its host says of it: that is
 * VM_E_VM_NOT_RUNNING, and what came of it unknown. Of one that is gone only the host's event tells why
 * (op_note_stopped()); without it, it is unknown, too.
 *
 * A reboot leaves no trace in a domain's state. What proves it is libvirt's reboot event, handed in by
 * op_note_reboot(), or the agent's channel that closed and opened again.
 */
#pragma once

#include "backend/backend.h"
#include "backend/guest/op.h"
#include "model/task.h"

/* How a guest is asked to shut down or to reboot. */
enum shutdown_mode {
	WAY_AGENT_FIRST, /* ACPI where the agent is not there or says no */
	WAY_AGENT,
	WAY_ACPI,
};

/* timeout_s: 0: 180. journal may be NULL. It can be cancelled until the verb is sent. Freed by op_destroy(). */
struct op *lifecycle_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			    enum operation operation, int timeout_s, const struct op_journal *journal);
/* Both before the first step. Sent: by an earlier task that nobody saw end; its state is watched, and no more. */
void lifecycle_set_way(struct op *lifecycle, enum shutdown_mode way);
void lifecycle_set_sent(struct op *lifecycle);

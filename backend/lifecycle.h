/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lifecycle.h - start, shutdown, reboot ... as a task: look, send the verb once, watch until the state is there.
 *
 * A machine for job steps, the log-off's little sister. shutdown and reboot go through the agent where
 * it is connected, else through ACPI; a guest that ignores them ends in VM_E_TIMED_OUT, not in success.
 */
#ifndef INNKEEPER_LIFECYCLE_H
#define INNKEEPER_LIFECYCLE_H

#include "backend/backend.h"
#include "backend/logoff.h"
#include "model/task.h"

struct lifecycle;

struct lifecycle *lifecycle_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
				   enum vm_verb verb, int timeout_s, const struct logoff_journal *journal);
void lifecycle_destroy(struct lifecycle *lifecycle);
int64_t lifecycle_step(struct lifecycle *lifecycle, int slot);
const struct task_report *lifecycle_report(const struct lifecycle *lifecycle);
void lifecycle_request_cancel(struct lifecycle *lifecycle);

#endif

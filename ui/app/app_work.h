/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_work.h - the work behind a task: an operation (backend/guest/op.h), and around it the
 * lock of the VM, the journal and the audit. The app's own; nobody else includes it.
 */
#pragma once

#include "backend/guest/op_create.h"
#include "engine/journal.h"
#include "model/task.h"

/* Like every job's state: the worker thread's during a step, the UI thread's between steps. */
struct app;

struct task_work {
	struct app *app;
	uint64_t task_id;
	struct vm_id vm;
	struct backend *backend;
	struct op *op;
	struct job *job;           /* NULL: still queued */
	struct watching *watching; /* app_tasks.c; NULL: nobody asks how far it is */

	enum operation operation;
	bool dry_run;
	struct safe_text vm_name, host_name, reason;
	char *uri;               /* as it may be written down: host_uri_for_record() */
	bool opened;             /* lock and journal are held */
	bool audited;            /* the record of the beginning is written */
	size_t sessions_written; /* of the targets, into the journal */
	size_t more_written;     /* ... and those that it counts without naming them */
	struct vm_lock *lock;
	struct journal *journal;
	struct task_report refusal; /* complete: it never began, for want of lock, journal or audit */
};

/* UI thread. work_set_op() follows, once. */
struct task_work *work_create(struct app *app, const struct task *task, struct backend *backend);
void work_set_op(struct task_work *work, const struct op_params *params);
/* UI thread. A journal of something that was sent stays on disk, for a re-check. */
void work_free(struct task_work *work);

const struct task_report *work_report(const struct task_work *work);
/* Complete work only: did it leave the guest's door closed? 0 open, 1 closed, -1: it had nothing to do with it. */
int work_logins_disabled(const struct task_work *work);
int work_autostart(const struct task_work *work); /* the same for autostart: 0, 1 or -1 */
/* Worker thread: job_spec's step. */
int64_t work_step(void *state, int slot);

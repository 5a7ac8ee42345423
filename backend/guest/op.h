/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * op.h - the work behind a task, step by step: the log-off, a lifecycle verb, an operation in the guest,
 * a snapshot, a maintenance plan made of several. What all of them have is here; each adds its steps.
 *
 *	enter a phase -> ... -> ask the journal, then send -> enter a phase -> ... -> done, failed or cancelled
 *
 * Frame: struct op first in the work's own struct, made by mem_zalloc() and op_init().
 *
 * Threads: an operation is the worker thread's during a step, the journal's hooks included, and the UI thread's between
 * steps (see worker.h). Some things come from any thread at any time, and are atomic: the wish to cancel, and the
 * news that the guest rebooted, or that the VM stopped.
 */
#pragma once

#include "backend/guest/agent.h"
#include "model/session.h"
#include "model/task.h"

#include <stdatomic.h>

struct op;

/* What differs. All but step may be absent. */
struct op_driver {
	int64_t (*step)(struct op *op, const struct agent_target *target); /* one blocking call at the most */
	const struct session_list *(*sessions)(const struct op *op);
	const struct session_list *(*targets)(const struct op *op);
	void (*note_reboot)(struct op *op);
	void (*note_stopped)(struct op *op, enum vm_state how); /* beside what every op keeps of it */
	void (*free_own)(struct op *op);                        /* what the work's struct holds besides its op */
};

/*
 * Called on the worker thread before the first byte of each disruptive command and after each change
 * of phase: the journal. False refuses the send (the journal or audit could not be written).
 */
struct op_journal {
	bool (*about_to_send)(void *data, const char *what, struct err *err);
	void (*changed)(void *data, const struct task_report *report);
	void *data;
};

struct op {
	const struct op_driver *ops;
	struct backend *backend;
	struct uuid uuid;
	struct safe_text vm_name;
	struct op_journal journal;
	bool journal_refused;
	atomic_bool cancel_asked; /* any thread sets it, steps look at it */
	atomic_int stopped;       /* enum vm_state: as op_stopped() */
	struct task_report report;
	int timeout_s;
	int64_t deadline_at; /* timeout_s from the first step on, where a step sets no other; 0: not begun */
};

/* journal: NULL: none. timeout_s is the caller's to set. */
void op_init(struct op *op, const struct op_driver *ops, struct backend *backend, const struct uuid *uuid,
	     struct safe_text vm_name, const struct op_journal *journal);
void op_destroy(struct op *op); /* the work's struct with it; NULL is fine */

/* Worker thread. Milliseconds until the next step, or WORKER_DONE. */
int64_t op_step(struct op *op, int slot);

/* Whoever has it: worker thread in a step, UI thread between steps. */
const struct task_report *op_report(const struct op *op);
const struct session_list *op_sessions(const struct op *op); /* last list seen; NULL: none (yet) */
/* Who of them is to go, and how many more nobody has seen yet; empty until chosen, NULL where nobody ever is. */
const struct session_list *op_targets(const struct op *op);

/* Any thread. */
void op_request_cancel(struct op *op);                  /* whether it was in time, the report tells */
void op_note_reboot(struct op *op);                     /* the host told that this guest rebooted */
void op_note_stopped(struct op *op, enum vm_state how); /* ... that the VM stopped: struct backend_listener */

/* --- for steps: worker thread --- */

bool op_is_over_time(const struct op *op);
/* How the VM stopped, as its host told in an event: what is left to know of one that is gone. UNKNOWN: nothing told. */
enum vm_state op_stopped(const struct op *op);
void op_notify(struct op *op); /* the journal, that the report's phase changed */
int64_t op_set_phase(struct op *op, enum task_phase phase, int64_t wait_ms); /* returns wait_ms */
/* False: nothing may be sent; the work then ends in TASK_RESULT_DISK_RELATED, whatever its code. */
bool op_journal_intent(struct op *op, struct err *err, const char *format, ...) PRINTF_LIKE(3, 4);
/*
 * Before the first byte of what cannot be taken back is sent. False: from now on the report says that it is too late
 * to cancel; the step has to end (return 0), so that everybody sees the report first. True: that was done, send.
 */
bool op_commit(struct op *op);
/* How it ends: all of them return WORKER_DONE. */
int64_t op_done(struct op *op);
int64_t op_fail(struct op *op, hresult code, const char *format, ...) PRINTF_LIKE(3, 4);
int64_t op_cancelled(struct op *op, const char *words);

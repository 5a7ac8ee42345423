/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - the work behind a task, step by step: the log-off, a lifecycle verb, an operation in the guest,
 * a snapshot, a maintenance plan made of several. What all of them have is here; each adds its steps.
 *
 *	enter a phase -> ... -> ask the journal, then send -> enter a phase -> ... -> done, failed or cancelled
 *
 * Frame: struct machine first in the work's own struct, made by mem_zalloc() and machine_init().
 *
 * Threads: a machine is the worker thread's during a step, the journal's hooks included, and the UI thread's between
 * steps (see worker.h). Two things come from any thread at any time, and are atomic: the wish to cancel, and the
 * news of a reboot.
 */
#ifndef INNKEEPER_MACHINE_H
#define INNKEEPER_MACHINE_H

#include "backend/guest/agent.h"
#include "model/session.h"
#include "model/task.h"

#include <stdatomic.h>

struct machine;

/* What differs. All but step may be absent. */
struct machine_ops {
	int64_t (*step)(struct machine *machine, const struct agent_line *line); /* one blocking call at the most */
	const struct session_list *(*sessions)(const struct machine *machine);
	const struct session_list *(*targets)(const struct machine *machine);
	void (*note_reboot)(struct machine *machine);
	void (*free_own)(struct machine *machine); /* what the work's struct holds besides its machine */
};

/*
 * Called on the worker thread before the first byte of each disruptive command and after each change
 * of phase: the journal. False refuses the send (the journal or audit could not be written).
 */
struct machine_journal {
	bool (*about_to_send)(void *data, const char *what, struct err *err);
	void (*changed)(void *data, const struct task_report *report);
	void *data;
};

struct machine {
	const struct machine_ops *ops;
	struct backend *backend;
	struct uuid uuid;
	struct safe_text vm_name;
	struct machine_journal journal;
	bool journal_refused;
	atomic_bool cancel_asked;    /* any thread sets it, steps look at it */
	struct task_report report;
	int timeout_s;
	int64_t deadline_at;         /* timeout_s from the first step on, where a step sets no other; 0: not begun */
};

/* journal: NULL: none. timeout_s is the caller's to set. */
void machine_init(struct machine *machine, const struct machine_ops *ops, struct backend *backend,
		  const struct uuid *uuid, struct safe_text vm_name, const struct machine_journal *journal);
void machine_destroy(struct machine *machine); /* the work's struct with it; NULL is fine */

/* Worker thread. Milliseconds until the next step, or WORKER_DONE. */
int64_t machine_step(struct machine *machine, int slot);

/* Whoever has it: worker thread in a step, UI thread between steps. */
const struct task_report *machine_report(const struct machine *machine);
const struct session_list *machine_sessions(const struct machine *machine); /* last list seen; NULL: none (yet) */
/* Who of them is to go; empty until chosen, NULL where nobody ever is. */
const struct session_list *machine_targets(const struct machine *machine);

/* Any thread. */
void machine_request_cancel(struct machine *machine); /* whether it was in time, the report tells */
void machine_note_reboot(struct machine *machine);    /* the host told that this guest rebooted */

/* --- for steps: worker thread --- */

bool machine_is_over_time(const struct machine *machine);
void machine_tell(struct machine *machine); /* the journal, that the report's phase changed */
int64_t machine_enter(struct machine *machine, enum task_phase phase, int64_t wait_ms); /* returns wait_ms */
/* False: nothing may be sent; the work then ends in TASK_RESULT_DISK_RELATED, whatever its code. */
bool machine_ask_journal(struct machine *machine, struct err *err, const char *format, ...) PRINTF_LIKE(3, 4);
/* How it ends: all of them return WORKER_DONE. */
int64_t machine_done(struct machine *machine);
int64_t machine_fail(struct machine *machine, hresult code, const char *format, ...) PRINTF_LIKE(3, 4);
int64_t machine_cancelled(struct machine *machine, const char *words);

#endif

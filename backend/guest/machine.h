/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - what every piece of work behind a task looks like from outside: the log-off, a lifecycle
 * verb, an operation in the guest, a maintenance plan made of several.
 *
 * Frame: struct machine first in the work's own struct. step() is for worker threads, one blocking call
 * at the most; report() and sessions() for the UI thread between steps; request_cancel() for any thread.
 */
#ifndef INNKEEPER_MACHINE_H
#define INNKEEPER_MACHINE_H

#include "base/err.h"
#include "model/session.h"
#include "model/task.h"

struct machine;

struct machine_ops {
	int64_t (*step)(struct machine *machine, int slot); /* ms to wait, or WORKER_DONE */
	const struct task_report *(*report)(const struct machine *machine);
	const struct session_list *(*sessions)(const struct machine *machine); /* last list seen, or NULL */
	const struct session_list *(*targets)(const struct machine *machine);  /* who is to go; may be absent */
	void (*request_cancel)(struct machine *machine);
	void (*note_reboot)(struct machine *machine); /* any thread: the host told that it rebooted; may be absent */
	void (*destroy)(struct machine *machine);
};

struct machine {
	const struct machine_ops *ops;
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

static inline void machine_destroy(struct machine *machine)
{
	if (machine)
		machine->ops->destroy(machine);
}

#endif

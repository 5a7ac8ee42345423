/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worker.h - threads that may block, so that the UI thread never does.
 *
 * A job is a machine of steps: each step makes at most one call that blocks (with a finite
 * time-out) and says when it wants the next one. Between its steps the thread serves other jobs,
 * so a job that waits costs no thread. Jobs with the same key never run at the same time
 * (one agent command per VM).
 *
 *	step (worker thread) -> progress (UI thread) -> ... -> step says WORKER_DONE -> done (UI thread, once)
 *
 * The state behind a job belongs to the worker thread during a step and to the UI thread during
 * progress() and done(); the worker never starts the next step before progress() has returned.
 *
 * With threads == 0 the worker is on the fake clock: steps run inside worker_crank(), for tests without threads.
 * (Threads do not hear of a fake clock: under one they serve only what is due at once.)
 */
#pragma once

#include "base/uuid.h"
#include "engine/loop.h"

enum { WORKER_DONE = -1 };

enum worker_priority {
	WORKER_TASK,       /* a person asked for it */
	WORKER_BACKGROUND, /* we are curious */
};

struct job_spec {
	/* Worker thread. slot: 0 ... threads-1, one caller at a time each. Returns ms to wait, or WORKER_DONE. */
	int64_t (*step)(void *state, int slot);
	void (*progress)(void *state); /* UI thread, after each step but the last; may be NULL */
	void (*done)(void *state);     /* UI thread, once; frees the state */
	void *state;
	const struct uuid *key; /* copied; NULL: no restriction */
	enum worker_priority priority;
};

struct worker;
struct job;

/* name: its threads carry the first 15 bytes of it ("host-a agent"). Threads start when there is work. */
struct worker *worker_create(struct loop *loop, const char *name, int threads);

/* UI thread. The job stays valid until done() returned. */
struct job *worker_submit(struct worker *worker, const struct job_spec *spec);
/* UI thread: ends the job's waiting, its next step runs as soon as a thread is free. */
void worker_wake(struct worker *worker, struct job *job);

/*
 * Cranked workers, UI thread: runs each job that is due for one step, with its progress() or done() right
 * behind it; returns how many ran. ret_next_due (may be NULL): ms until the next, -1 none.
 */
int worker_crank(struct worker *worker, int64_t *ret_next_due);

int worker_busy(const struct worker *worker); /* steps that run right now; any thread */
/* The longest that a step has been running, in ms, 0 none; for the watchdog. Any thread. */
int64_t worker_stuck_for(const struct worker *worker);

/*
 * Takes no more steps; waits at most wait_ms for those that run. Jobs not done yet get their done().
 * False: a thread is stuck in a call; the worker (and that job's state) is left to it on purpose,
 * and freed by nobody.
 */
bool worker_destroy(struct worker *worker, int64_t wait_ms);

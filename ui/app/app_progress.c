/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a host is with what it was sent, asked while the task's own thread waits for its end; and that it shall
 * stop, where it can. A job of its own beside the task's: it ends with it, and a host that tells nothing costs nothing.
 */
#include "ui/app/app_private.h"
#include "ui/app/app_work.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { EVERY_MS = 500 };

struct watching {
	struct app *app;
	struct backend *backend;
	struct job *job;
	struct uuid uuid;
	uint64_t task_id;
	bool can_abort;
	atomic_bool over, abort_wanted;
	bool aborted; /* worker's */
	int percent;  /* worker's during a step, the UI thread's between them; -1 unknown */
};

/* libvirt ends the writing of a memory image; of a snapshot inside the disks it cannot. */
static bool can_abort(enum operation operation)
{
	return operation == OP_MANAGEDSAVE;
}

static bool is_worth_watching(enum operation operation)
{
	return operation == OP_MANAGEDSAVE || operation == OP_SNAPSHOT_CREATE || operation == OP_SNAPSHOT_REVERT;
}

static int64_t watch_step(void *state, int slot)
{
	struct watching *watching = state;
	struct err err = { 0 };

	if (atomic_load(&watching->over))
		return WORKER_DONE;
	watching->percent = -1;
	if (atomic_load(&watching->abort_wanted) && !watching->aborted)
		watching->aborted = backend_job_abort(watching->backend, slot, &watching->uuid, &err);
	else
		backend_job_percent(watching->backend, slot, &watching->uuid, &watching->percent, &err);
	return err.kind == ERR_UNSUPPORTED ? WORKER_DONE : EVERY_MS;
}

static void watch_progress(void *state)
{
	struct watching *watching = state;
	struct task *task = tasklist_find(&watching->app->tasks, watching->task_id);

	if (task && watching->percent > 0)
		task_note_percent(&watching->app->tasks, task, watching->percent);
}

static void watch_done(void *state)
{
	struct watching *watching = state;
	struct task *task = tasklist_find(&watching->app->tasks, watching->task_id);
	struct task_work *work = task ? task->work : NULL;

	if (work)
		work->watching = NULL;
	free(watching);
}

void app_progress_watch(struct task_work *work)
{
	struct job_spec spec = {
		.step = watch_step,
		.progress = watch_progress,
		.done = watch_done,
		.priority = WORKER_TASK,
	};
	struct watching *watching;

	if (!is_worth_watching(work->operation))
		return;
	watching = mem_zalloc(sizeof(*watching));
	watching->app = work->app;
	watching->backend = work->backend;
	watching->uuid = work->vm.uuid;
	watching->task_id = work->task_id;
	watching->can_abort = can_abort(work->operation);
	watching->percent = -1;
	atomic_init(&watching->over, false);
	atomic_init(&watching->abort_wanted, false);
	spec.state = watching;
	work->watching = watching;
	watching->job = worker_submit(work->backend->agents, &spec);
}

void app_progress_end(struct task_work *work)
{
	if (!work->watching)
		return;
	atomic_store(&work->watching->over, true);
	work->watching = NULL;
}

void app_progress_abort(struct task_work *work)
{
	if (!work->watching || !work->watching->can_abort)
		return;
	atomic_store(&work->watching->abort_wanted, true);
	worker_wake(work->backend->agents, work->watching->job);
}

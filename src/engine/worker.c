/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/worker.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "base/vec.h"

#include <time.h>

enum {
	STACK_SIZE = 512 * 1024,
	RETRY_THREAD_MS = 1000,
	THREAD_NAME_MAX = 15, /* Linux keeps no more */
	PRIORITIES = WORKER_BACKGROUND + 1,
};

enum job_state {
	JOB_QUEUED,
	JOB_PARKED, /* due, but a step with its key runs */
	JOB_RUNNING,
	JOB_REPORTING, /* progress() or done() is on its way to the UI thread */
};

struct job {
	struct due {
		int64_t at;      /* clock_ms() */
		uint64_t serial; /* unique, and growing */
		size_t place;    /* in its queue */
	} due;
	struct worker *worker;
	struct job_spec spec;
	struct uuid key;
	enum job_state state;
	size_t index; /* in worker->jobs */
	int64_t wait; /* what the last step said */
	bool woken;
	bool orphan; /* UI thread: the worker is gone, done() was called */
};

struct slot {
	pthread_t thread;
	struct worker *worker;
	struct job *job;    /* NULL: idle */
	int64_t started_at; /* clock_ms() of its step */
};

struct worker {
	pthread_mutex_t lock; /* guards all that follows, but for what stands last (UI thread) */
	pthread_cond_t work;  /* something to do for an idle thread */
	pthread_cond_t rest;  /* a step ended */
	struct queue {
		VEC(struct job *);
	} queue[PRIORITIES]; /* heaps: the next one first, in the order they came among equals */
	struct {
		VEC(struct job *);
	} parked;
	struct slot *slots;
	int threads, started, idle, busy;
	uint64_t last_serial;
	bool stopping;
	bool abandoned; /* a stuck thread that comes back finds nobody to report to */

	struct loop *loop;
	char *name;

	struct {
		VEC(struct job *);
	} jobs;
	int retry_timer;
	bool complained; /* that no thread can be started: once */
};

/* --- the queues; under the lock --- */

static bool is_before(const struct job *a, const struct job *b)
{
	return a->due.at < b->due.at || (a->due.at == b->due.at && a->due.serial < b->due.serial);
}

static void put(struct queue *queue, size_t place, struct job *job)
{
	queue->at[place] = job;
	job->due.place = place;
}

static void sift_up(struct queue *queue, struct job *job, size_t place)
{
	while (place > 0 && is_before(job, queue->at[(place - 1) / 2])) {
		put(queue, place, queue->at[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	put(queue, place, job);
}

static void add(struct worker *worker, struct job *job)
{
	struct queue *queue = &worker->queue[job->spec.priority];

	job->state = JOB_QUEUED;
	*VEC_PUSH(queue) = job;
	sift_up(queue, job, queue->count - 1);
}

static struct job *take_first(struct queue *queue)
{
	struct job *first = queue->at[0], *last = queue->at[--queue->count];
	size_t place = 0, child;

	if (queue->count == 0)
		return first;
	while ((child = place * 2 + 1) < queue->count) {
		if (child + 1 < queue->count && is_before(queue->at[child + 1], queue->at[child]))
			child++;
		if (!is_before(queue->at[child], last))
			break;
		put(queue, place, queue->at[child]);
		place = child;
	}
	put(queue, place, last);
	return first;
}

static void enqueue(struct worker *worker, struct job *job, int64_t due)
{
	job->due.at = due;
	job->due.serial = ++worker->last_serial;
	add(worker, job);
}

static bool have_same_key(const struct job *a, const struct job *b)
{
	return a->spec.key && b->spec.key && uuid_equal(a->spec.key, b->spec.key);
}

static struct job *take_due(struct worker *worker, int64_t now, uint64_t last_serial)
{
	for (int priority = 0; priority < PRIORITIES; priority++) {
		struct queue *queue = &worker->queue[priority];

		while (queue->count > 0 && queue->at[0]->due.at <= now && queue->at[0]->due.serial <= last_serial) {
			struct job *job = take_first(queue);
			bool is_busy = false;

			for (int i = 0; i < MAX(worker->threads, 1) && !is_busy; i++)
				is_busy = worker->slots[i].job && have_same_key(worker->slots[i].job, job);
			if (!is_busy)
				return job;
			job->state = JOB_PARKED;
			*VEC_PUSH(&worker->parked) = job;
		}
	}
	return NULL;
}

/* clock_ms() of the next job, or -1. */
static int64_t next_due(const struct worker *worker)
{
	int64_t at = -1;

	for (int priority = 0; priority < PRIORITIES; priority++) {
		const struct queue *queue = &worker->queue[priority];

		if (queue->count > 0 && (at < 0 || queue->at[0]->due.at < at))
			at = queue->at[0]->due.at;
	}
	return at;
}

static void step_begins(struct worker *worker, struct slot *slot, struct job *job)
{
	job->state = JOB_RUNNING;
	job->woken = false;
	slot->job = job;
	slot->started_at = clock_ms();
	worker->busy++;
}

static void step_ends(struct worker *worker, struct slot *slot)
{
	struct job *job = slot->job;

	job->state = JOB_REPORTING;
	job->due.at = clock_ms() + MAX(job->wait, 0);
	slot->job = NULL;
	worker->busy--;
	for (size_t i = worker->parked.count; i-- > 0;) {
		struct job *parked = worker->parked.at[i];

		if (have_same_key(parked, job)) {
			VEC_REMOVE(&worker->parked, i);
			add(worker, parked);
		}
	}
	pthread_cond_broadcast(&worker->rest);
}

/* --- threads --- */

static void *thread_main(void *data);

/*
 * Under the lock, whenever the queue may hold something to do: one idle thread looks at it, and waits for
 * what is next. Whoever takes a job calls this again, so there is always one that knows the next due time.
 * False: nobody can.
 */
static bool call_a_thread(struct worker *worker)
{
	struct slot *slot = &worker->slots[worker->started];

	if (worker->stopping || next_due(worker) < 0)
		return true;
	if (worker->idle > 0) {
		pthread_cond_signal(&worker->work);
	} else if (worker->started < worker->threads) {
		if (thread_start(&slot->thread, STACK_SIZE, thread_main, slot) != 0)
			return worker->started > 0;
		pthread_setname_np(slot->thread, worker->name);
		worker->started++;
	}
	return true;
}

static void report(void *data);

static void *thread_main(void *data)
{
	struct slot *slot = data;
	struct worker *worker = slot->worker;
	struct job *job;

	pthread_mutex_lock(&worker->lock);
	while (!worker->stopping) {
		job = take_due(worker, clock_ms(), UINT64_MAX);
		if (!job) {
			const int64_t due = next_due(worker), left = due - clock_ms();
			struct timespec until;

			worker->idle++;
			if (due < 0 || clock_is_cranked()) {
				pthread_cond_wait(&worker->work, &worker->lock);
			} else if (left > 0) {
				until = thread_deadline(CLOCK_MONOTONIC, left);
				pthread_cond_timedwait(&worker->work, &worker->lock, &until);
			}
			worker->idle--;
			continue;
		}
		step_begins(worker, slot, job);
		call_a_thread(worker);
		pthread_mutex_unlock(&worker->lock);
		job->wait = job->spec.step(job->spec.state, (int)(slot - worker->slots));
		pthread_mutex_lock(&worker->lock);
		if (!worker->abandoned) {
			step_ends(worker, slot);
			loop_post(worker->loop, report, job);
		}
	}
	pthread_mutex_unlock(&worker->lock);
	return NULL;
}

/* --- the UI thread's side --- */

static void call_a_thread_or_retry(struct worker *worker);

static void retry_thread(void *data)
{
	struct worker *worker = data;

	worker->retry_timer = 0;
	pthread_mutex_lock(&worker->lock);
	call_a_thread_or_retry(worker);
	pthread_mutex_unlock(&worker->lock);
}

static void call_a_thread_or_retry(struct worker *worker)
{
	if (worker->threads <= 0 || call_a_thread(worker) || worker->retry_timer)
		return;
	if (!worker->complained)
		log_add(LOG_LEVEL_WARNING, _("%s: cannot start a thread; retrying every second"), worker->name);
	worker->complained = true;
	worker->retry_timer = loop_after(worker->loop, RETRY_THREAD_MS, retry_thread, worker);
}

static void report(void *data)
{
	struct job *job = data, *last;
	struct worker *worker = job->worker;

	if (job->orphan) {
		free(job);
		return;
	}
	if (job->wait == WORKER_DONE) {
		last = worker->jobs.at[--worker->jobs.count];
		worker->jobs.at[job->index] = last;
		last->index = job->index;
		job->spec.done(job->spec.state);
		free(job);
		return;
	}
	if (job->spec.progress)
		job->spec.progress(job->spec.state);
	pthread_mutex_lock(&worker->lock);
	enqueue(worker, job, job->woken ? clock_ms() : job->due.at);
	call_a_thread_or_retry(worker);
	pthread_mutex_unlock(&worker->lock);
}

struct worker *worker_create(struct loop *loop, const char *name, int threads)
{
	struct worker *worker = mem_zalloc(sizeof(*worker));
	pthread_condattr_t attr;
	int slots = MAX(threads, 1);

	worker->loop = loop;
	worker->name = mem_strndup(name, THREAD_NAME_MAX);
	worker->threads = threads;
	worker->slots = mem_zalloc((size_t)slots * sizeof(*worker->slots));
	for (int i = 0; i < slots; i++)
		worker->slots[i].worker = worker;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->work, &attr);
	pthread_cond_init(&worker->rest, &attr);
	pthread_condattr_destroy(&attr);
	return worker;
}

struct job *worker_submit(struct worker *worker, const struct job_spec *spec)
{
	struct job *job = mem_zalloc(sizeof(*job));

	job->worker = worker;
	job->spec = *spec;
	if (spec->key) {
		job->key = *spec->key;
		job->spec.key = &job->key;
	}
	job->index = worker->jobs.count;
	*VEC_PUSH(&worker->jobs) = job;
	pthread_mutex_lock(&worker->lock);
	enqueue(worker, job, clock_ms());
	call_a_thread_or_retry(worker);
	pthread_mutex_unlock(&worker->lock);
	return job;
}

void worker_wake(struct worker *worker, struct job *job)
{
	pthread_mutex_lock(&worker->lock);
	job->woken = true;
	if (job->state == JOB_QUEUED && job->due.at > clock_ms()) {
		job->due.at = clock_ms();
		sift_up(&worker->queue[job->spec.priority], job, job->due.place);
		call_a_thread_or_retry(worker);
	}
	pthread_mutex_unlock(&worker->lock);
}

int worker_crank(struct worker *worker, int64_t *ret_next_due)
{
	uint64_t last_serial = worker->last_serial;
	int64_t now = clock_ms(), due;
	struct slot *slot = &worker->slots[0];
	struct job *job;
	int steps = 0;

	while ((job = take_due(worker, now, last_serial))) {
		step_begins(worker, slot, job);
		job->wait = job->spec.step(job->spec.state, 0);
		step_ends(worker, slot);
		report(job);
		steps++;
	}
	due = next_due(worker);
	if (ret_next_due)
		*ret_next_due = due < 0 ? -1 : MAX(due - clock_ms(), 0);
	return steps;
}

int worker_busy(const struct worker *worker)
{
	struct worker *w = (struct worker *)worker;
	int busy;

	pthread_mutex_lock(&w->lock);
	busy = w->busy;
	pthread_mutex_unlock(&w->lock);
	return busy;
}

int64_t worker_stuck_for(const struct worker *worker)
{
	struct worker *w = (struct worker *)worker;
	int64_t longest = 0, now = clock_ms();

	pthread_mutex_lock(&w->lock);
	for (int i = 0; i < w->started; i++)
		if (w->slots[i].job)
			longest = MAX(longest, now - w->slots[i].started_at);
	pthread_mutex_unlock(&w->lock);
	return longest;
}

/* --- the end --- */

/* Jobs whose report is on its way are freed by it; the others here. A stuck one is left to its thread. */
static void finish_all_jobs(struct worker *worker)
{
	size_t stuck = 0;

	while (worker->jobs.count > stuck) {
		struct job *job = worker->jobs.at[worker->jobs.count - 1];

		if (job->state == JOB_RUNNING) {
			worker->jobs.at[worker->jobs.count - 1] = worker->jobs.at[stuck];
			worker->jobs.at[stuck++] = job;
			continue;
		}
		job->orphan = job->state == JOB_REPORTING;
		worker->jobs.count--;
		job->spec.done(job->spec.state);
		if (!job->orphan)
			free(job);
	}
}

bool worker_destroy(struct worker *worker, int64_t wait_ms)
{
	struct timespec until = thread_deadline(CLOCK_MONOTONIC, wait_ms);
	bool idle;

	if (!worker)
		return true;
	pthread_mutex_lock(&worker->lock);
	worker->stopping = true;
	pthread_cond_broadcast(&worker->work);
	while (worker->busy > 0)
		if (pthread_cond_timedwait(&worker->rest, &worker->lock, &until) != 0)
			break;
	idle = worker->busy == 0;
	worker->abandoned = !idle;
	pthread_mutex_unlock(&worker->lock);
	if (worker->retry_timer)
		loop_cancel_timer(worker->loop, worker->retry_timer);
	for (int i = 0; i < worker->started; i++) {
		if (idle)
			pthread_join(worker->slots[i].thread, NULL);
		else
			pthread_detach(worker->slots[i].thread);
	}
	finish_all_jobs(worker);
	if (!idle)
		return false;
	pthread_cond_destroy(&worker->work);
	pthread_cond_destroy(&worker->rest);
	pthread_mutex_destroy(&worker->lock);
	for (int i = 0; i < PRIORITIES; i++)
		VEC_FREE(&worker->queue[i]);
	VEC_FREE(&worker->parked);
	VEC_FREE(&worker->jobs);
	free(worker->slots);
	free(worker->name);
	free(worker);
	return true;
}

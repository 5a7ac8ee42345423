/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/loop.h"

#include "base/clock.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { SIGNALS_MAX = 65 };

struct call {
	loop_fn *fn;
	void *data;
};

struct calls {
	VEC(struct call);
};

struct watch {
	int fd;
	short events;
	uint64_t serial; /* tells a new watch on a reused descriptor from the old one */
	loop_fd_fn *fn;
	void *data;
};

struct timer {
	uint64_t serial;
	int64_t due;
	struct call call;
};

struct on_signal {
	int number;
	struct call call;
	struct sigaction before;
};

struct loop {
	pthread_mutex_t lock; /* guards posted */
	struct calls posted;
	struct calls spare; /* an empty array, to be filled while a batch runs */
	int wake[2];
	uint64_t last_serial;
	struct {
		VEC(struct watch);
	} watches;
	struct {
		VEC(struct timer);
	} timers;
	struct {
		VEC(struct on_signal);
	} signals;
	struct calls idle;
	struct {
		VEC(struct pollfd);
	} polled;
	struct {
		VEC(uint64_t);
	} polled_serials;
	bool quit;
};

/* What a signal handler can reach: signals are the process', so they belong to one loop at a time. */
static atomic_int signal_wake_fd = -1;
static atomic_bool signal_came[SIGNALS_MAX];

static void run_call(struct call call)
{
	call.fn(call.data);
}

static void wake_up(int fd)
{
	/* A full pipe wakes as well as one more byte would. */
	(void)!write(fd, "", 1);
}

struct loop *loop_create(struct err *err)
{
	struct loop *loop = mem_zalloc(sizeof(*loop));

	if (pipe2(loop->wake, O_NONBLOCK | O_CLOEXEC) < 0) {
		err_set_errno(err, errno, "%s", _("cannot create a pipe for the event loop"));
		free(loop);
		return NULL;
	}
	pthread_mutex_init(&loop->lock, NULL);
	return loop;
}

/* --- the queue of other threads --- */

void loop_post(struct loop *loop, loop_fn *fn, void *data)
{
	bool first;

	pthread_mutex_lock(&loop->lock);
	*VEC_PUSH(&loop->posted) = (struct call){ fn, data };
	first = loop->posted.count == 1;
	pthread_mutex_unlock(&loop->lock);
	if (first)
		wake_up(loop->wake[1]);
}

static bool run_posted(struct loop *loop)
{
	struct calls batch;
	bool ran;

	pthread_mutex_lock(&loop->lock);
	batch = loop->posted;
	loop->posted = loop->spare;
	pthread_mutex_unlock(&loop->lock);
	loop->spare = (struct calls){ 0 };
	for (size_t i = 0; i < batch.count; i++)
		run_call(batch.at[i]);
	ran = batch.count > 0;
	batch.count = 0;
	VEC_FREE(&loop->spare); /* a callback that turned the loop itself left one */
	loop->spare = batch;
	return ran;
}

/* --- signals --- */

static void signal_handler(int number)
{
	int saved_errno = errno;
	int fd = atomic_load(&signal_wake_fd);

	atomic_store(&signal_came[number], true);
	if (fd >= 0)
		wake_up(fd);
	errno = saved_errno;
}

static void stop_signal(struct loop *loop, struct on_signal *entry)
{
	sigaction(entry->number, &entry->before, NULL);
	VEC_REMOVE(&loop->signals, (size_t)(entry - loop->signals.at));
}

void loop_on_signal(struct loop *loop, int signal_number, loop_fn *fn, void *data)
{
	struct sigaction action = { .sa_handler = signal_handler, .sa_flags = SA_RESTART };
	struct on_signal *entry = NULL;

	for (size_t i = 0; i < loop->signals.count && !entry; i++)
		if (loop->signals.at[i].number == signal_number)
			entry = &loop->signals.at[i];
	if (!fn) {
		if (entry)
			stop_signal(loop, entry);
		return;
	}
	if (!entry) {
		entry = VEC_PUSH(&loop->signals);
		entry->number = signal_number;
		atomic_store(&signal_wake_fd, loop->wake[1]);
		atomic_store(&signal_came[signal_number], false);
		sigemptyset(&action.sa_mask);
		sigaction(signal_number, &action, &entry->before);
	}
	entry->call = (struct call){ fn, data };
}

static bool run_signals(struct loop *loop)
{
	bool ran = false;

	for (size_t i = 0; i < loop->signals.count; i++) {
		if (!atomic_exchange(&signal_came[loop->signals.at[i].number], false))
			continue;
		run_call(loop->signals.at[i].call);
		ran = true;
	}
	return ran;
}

/* --- timers --- */

static int timer_id(uint64_t serial)
{
	return (int)(serial % INT_MAX) + 1;
}

int loop_after(struct loop *loop, int64_t ms, loop_fn *fn, void *data)
{
	struct timer *timer = VEC_PUSH(&loop->timers);

	*timer = (struct timer){ .serial = ++loop->last_serial, .due = clock_ms() + MAX(ms, 0), .call = { fn, data } };
	return timer_id(timer->serial);
}

void loop_cancel_timer(struct loop *loop, int id)
{
	for (size_t i = 0; i < loop->timers.count; i++) {
		if (timer_id(loop->timers.at[i].serial) == id) {
			VEC_REMOVE(&loop->timers, i);
			return;
		}
	}
}

/* The first timer to fire of those set up to last_serial; NULL: none. */
static struct timer *next_timer(struct loop *loop, uint64_t last_serial)
{
	struct timer *next = NULL;

	for (size_t i = 0; i < loop->timers.count; i++) {
		struct timer *timer = &loop->timers.at[i];

		if (timer->serial <= last_serial &&
		    (!next || timer->due < next->due || (timer->due == next->due && timer->serial < next->serial)))
			next = timer;
	}
	return next;
}

/* A timer set by a timer's callback waits for the next turn, so one of 0 ms cannot hold the loop. */
static bool run_timers(struct loop *loop)
{
	uint64_t last_serial = loop->last_serial;
	int64_t now = clock_ms();
	struct timer *timer;
	bool ran = false;

	while ((timer = next_timer(loop, last_serial)) && timer->due <= now) {
		struct call call = timer->call;

		VEC_REMOVE(&loop->timers, (size_t)(timer - loop->timers.at));
		run_call(call);
		ran = true;
	}
	return ran;
}

/* --- descriptors --- */

static struct watch *find_watch(struct loop *loop, int fd)
{
	for (size_t i = 0; i < loop->watches.count; i++)
		if (loop->watches.at[i].fd == fd)
			return &loop->watches.at[i];
	return NULL;
}

void loop_watch(struct loop *loop, int fd, short events, loop_fd_fn *fn, void *data)
{
	struct watch *watch = find_watch(loop, fd);

	if (!fn) {
		if (watch)
			VEC_REMOVE(&loop->watches, (size_t)(watch - loop->watches.at));
		return;
	}
	if (!watch)
		watch = VEC_PUSH(&loop->watches);
	*watch = (struct watch){ .fd = fd, .events = events, .serial = ++loop->last_serial, .fn = fn, .data = data };
}

static bool run_watches(struct loop *loop)
{
	bool ran = false;

	for (size_t i = 0; i < loop->polled_serials.count; i++) {
		const struct pollfd polled = loop->polled.at[i];
		const uint64_t serial = loop->polled_serials.at[i];
		struct watch *watch = polled.revents ? find_watch(loop, polled.fd) : NULL;

		if (!watch || watch->serial != serial)
			continue;
		watch->fn(watch->data, polled.fd, polled.revents);
		/* Closed without a word: it would wake us for ever. */
		if (polled.revents & POLLNVAL && (watch = find_watch(loop, polled.fd)) && watch->serial == serial)
			VEC_REMOVE(&loop->watches, (size_t)(watch - loop->watches.at));
		ran = true;
	}
	return ran;
}

/* --- turning --- */

void loop_on_idle(struct loop *loop, loop_fn *fn, void *data)
{
	*VEC_PUSH(&loop->idle) = (struct call){ fn, data };
}

void loop_turn(struct loop *loop, int64_t max_wait_ms)
{
	const struct timer *timer = next_timer(loop, UINT64_MAX);
	const int64_t left = timer ? MAX(timer->due - clock_ms(), 0) : -1;
	char bytes[256];
	bool ran = false;

	/* A fake clock does not move while we sleep, so only what is due counts. */
	if (timer && (left == 0 || !clock_is_cranked()))
		max_wait_ms = max_wait_ms < 0 ? left : MIN(max_wait_ms, left);
	max_wait_ms = max_wait_ms < 0 ? -1 : MIN(max_wait_ms, INT_MAX);
	loop->polled.count = 0;
	loop->polled_serials.count = 0;
	for (size_t i = 0; i < loop->watches.count; i++) {
		const struct watch *watch = &loop->watches.at[i];

		*VEC_PUSH(&loop->polled) = (struct pollfd){ .fd = watch->fd, .events = watch->events };
		*VEC_PUSH(&loop->polled_serials) = watch->serial;
	}
	*VEC_PUSH(&loop->polled) = (struct pollfd){ .fd = loop->wake[0], .events = POLLIN };
	if (poll(loop->polled.at, (nfds_t)loop->polled.count, (int)max_wait_ms) > 0) {
		while (loop->polled.at[loop->watches.count].revents && read(loop->wake[0], bytes, sizeof(bytes)) > 0)
			;
		ran |= run_signals(loop);
		ran |= run_watches(loop);
	}
	ran |= run_posted(loop);
	ran |= run_timers(loop);
	for (size_t i = 0; ran && i < loop->idle.count; i++)
		run_call(loop->idle.at[i]);
}

void loop_run(struct loop *loop)
{
	while (!loop->quit)
		loop_turn(loop, -1);
	loop->quit = false;
}

void loop_quit(struct loop *loop)
{
	loop->quit = true;
}

void loop_destroy(struct loop *loop)
{
	if (!loop)
		return;
	while (run_posted(loop))
		;
	while (loop->signals.count > 0)
		stop_signal(loop, &loop->signals.at[0]);
	if (atomic_load(&signal_wake_fd) == loop->wake[1])
		atomic_store(&signal_wake_fd, -1);
	close(loop->wake[0]);
	close(loop->wake[1]);
	pthread_mutex_destroy(&loop->lock);
	VEC_FREE(&loop->posted);
	VEC_FREE(&loop->spare);
	VEC_FREE(&loop->watches);
	VEC_FREE(&loop->timers);
	VEC_FREE(&loop->signals);
	VEC_FREE(&loop->idle);
	VEC_FREE(&loop->polled);
	VEC_FREE(&loop->polled_serials);
	free(loop);
}

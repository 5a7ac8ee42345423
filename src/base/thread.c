/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/thread.h"

#include "base/base.h"

#include <signal.h>

enum { CRASH_STACK = 32 * 1024 };

struct start {
	thread_fn *run;
	void *data;
};

static void *run_thread(void *data)
{
	const struct start start = *(struct start *)data;
	const stack_t none = { .ss_flags = SS_DISABLE };
	stack_t crash_stack = { .ss_size = CRASH_STACK }, before;
	void *result;

	/* A sanitizer has given the thread such a stack already, and frees what it finds at the end. */
	if (sigaltstack(NULL, &before) == 0 && before.ss_flags & SS_DISABLE) {
		crash_stack.ss_sp = mem_zalloc(CRASH_STACK);
		sigaltstack(&crash_stack, NULL);
	}
	free(data);
	result = start.run(start.data);
	if (crash_stack.ss_sp)
		sigaltstack(&none, NULL);
	free(crash_stack.ss_sp);
	return result;
}

int thread_start(pthread_t *ret_thread, size_t stack, thread_fn *run, void *data)
{
	/* One of these that is blocked, and that the thread causes, ends the process at once, past every handler. */
	static const int own[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS };
	struct start *start = mem_zalloc(sizeof(*start));
	sigset_t blocked, before;
	pthread_attr_t attr;
	int failure;

	*start = (struct start){ .run = run, .data = data };
	pthread_attr_init(&attr);
	if (stack)
		pthread_attr_setstacksize(&attr, stack);
	sigfillset(&blocked);
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		sigdelset(&blocked, own[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, &before);
	failure = pthread_create(ret_thread, &attr, run_thread, start);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	if (failure)
		free(start);
	return failure;
}

struct timespec thread_deadline(clockid_t clock, int64_t ms)
{
	struct timespec at;

	clock_gettime(clock, &at);
	at.tv_nsec += ms % 1000 * 1000000;
	at.tv_sec += ms / 1000 + at.tv_nsec / 1000000000;
	at.tv_nsec %= 1000000000;
	return at;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/thread.h"

#include "base/base.h"

#include <signal.h>
#include <stdlib.h>

enum { CRASH_STACK = 32 * 1024 };

struct start {
	thread_fn *run;
	void *data;
};

/* A sanitizer has given the thread such a stack already, and frees what it finds at the end. */
static void *take_crash_stack(void)
{
	stack_t stack = { .ss_size = CRASH_STACK }, before;

	if (sigaltstack(NULL, &before) < 0 || !(before.ss_flags & SS_DISABLE))
		return NULL;
	stack.ss_sp = mem_zalloc(CRASH_STACK);
	sigaltstack(&stack, NULL);
	return stack.ss_sp;
}

static void drop_crash_stack(void *memory)
{
	const stack_t none = { .ss_flags = SS_DISABLE };

	if (memory)
		sigaltstack(&none, NULL);
	free(memory);
}

static void *run_thread(void *data)
{
	struct start start = *(struct start *)data;
	void *crash_stack = take_crash_stack(), *result;

	free(data);
	result = start.run(start.data);
	drop_crash_stack(crash_stack);
	return result;
}

/* A blocked signal that the thread itself causes ends the process at once, past every handler. */
static void block_what_others_send(sigset_t *ret_before)
{
	static const int own[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS };
	sigset_t blocked;

	sigfillset(&blocked);
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		sigdelset(&blocked, own[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, ret_before);
}

int thread_start(pthread_t *ret_thread, size_t stack, thread_fn *run, void *data)
{
	struct start *start = mem_zalloc(sizeof(*start));
	pthread_attr_t attr;
	sigset_t before;
	int failure;

	*start = (struct start){ .run = run, .data = data };
	pthread_attr_init(&attr);
	if (stack)
		pthread_attr_setstacksize(&attr, stack);
	block_what_others_send(&before);
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

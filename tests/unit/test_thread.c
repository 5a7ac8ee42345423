/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a thread brings upon itself is heard of: a process of its own crashes in one, and its handler tells. */
#include "base/base.h"
#include "base/thread.h"
#include "unit.h"

#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HEARD = 42, UNHEARD = 43, STACK = 256 * 1024 };

static void hear(int number)
{
	_exit(HEARD);
}

static long dig(int depth)
{
	volatile char earth[4096];

	earth[depth % 4096] = (char)depth;
	return depth < INT_MAX ? dig(depth + 1) + earth[depth % 4096] : 0;
}

static void *overflow(void *unused)
{
	return dig(0) ? NULL : NULL;
}

static void *touch_what_is_not_there(void *nowhere)
{
	*(volatile int *)nowhere = 1;
	return NULL;
}

static void *give_up(void *unused)
{
	abort();
}

static void *report_mask(void *ret_mask)
{
	pthread_sigmask(SIG_SETMASK, NULL, ret_mask);
	return NULL;
}

static void crash_in_a_thread(thread_fn *run)
{
	const struct sigaction action = { .sa_handler = hear, .sa_flags = SA_ONSTACK };
	const struct rlimit none = { 0 };
	pthread_t thread;

	setrlimit(RLIMIT_CORE, &none);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGABRT, &action, NULL);
	if (thread_start(&thread, STACK, run, (void *)64) == 0)
		pthread_join(thread, NULL);
	_exit(UNHEARD);
}

static void the_crash_of(thread_fn *run)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		crash_in_a_thread(run);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), HEARD);
}

TEST(a_thread_that_crashes_is_heard_of)
{
	the_crash_of(touch_what_is_not_there);
	the_crash_of(give_up);
}

TEST(a_stack_that_runs_over_is_heard_of)
{
	the_crash_of(overflow);
}

TEST(signals_of_others_are_not_for_threads)
{
	sigset_t mask, before, after;
	pthread_t thread;

	pthread_sigmask(SIG_SETMASK, NULL, &before);
	assert_int_equal(thread_start(&thread, 0, report_mask, &mask), 0);
	pthread_join(thread, NULL);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	FOR_EACH(int, other, SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGWINCH, SIGCHLD, SIGQUIT) {
		assert_true(sigismember(&mask, *other));
		assert_int_equal(sigismember(&after, *other), sigismember(&before, *other));
	}
}

TEST(a_thread_that_cannot_start_is_an_error)
{
	pthread_t thread;

	assert_int_not_equal(thread_start(&thread, SIZE_MAX / 4, report_mask, NULL), 0);
}

RUN_TESTS("thread", NULL, NULL)

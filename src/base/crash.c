/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/crash.h"

#include <errno.h>
#include <signal.h>

enum { HOOKS_MAX = 4 };

static void (*hooks[HOOKS_MAX])(void);
static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGQUIT };
static struct sigaction crash_actions[ARRAY_SIZE(crash_signals)]; /* what stood there before */
static char crash_stack[16384];

static void run_hooks(void)
{
	int saved = errno;

	for (size_t i = 0; i < HOOKS_MAX; i++)
		if (hooks[i])
			hooks[i]();
	errno = saved;
}

static void on_crash(int signal_number, siginfo_t *info, void *context UNUSED)
{
	run_hooks();
	for (size_t i = 0; i < ARRAY_SIZE(crash_signals); i++) {
		if (crash_signals[i] == signal_number)
			sigaction(signal_number, &crash_actions[i], NULL);
	}
	if (info->si_code <= 0) /* sent by someone: does not happen again by itself */
		raise(signal_number);
}

void crash_run(void (*hook)(void))
{
	const stack_t stack = { .ss_sp = crash_stack, .ss_size = sizeof(crash_stack) };
	struct sigaction action = { .sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	size_t at = 0;

	while (at < HOOKS_MAX && hooks[at] && hooks[at] != hook)
		at++;
	if (at == HOOKS_MAX || hooks[at])
		return;
	hooks[at] = hook;
	if (at > 0)
		return;
	sigaltstack(&stack, NULL);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(crash_signals); i++)
		sigaction(crash_signals[i], &action, &crash_actions[i]);
	mem_on_exhausted(run_hooks);
	atexit(run_hooks);
}

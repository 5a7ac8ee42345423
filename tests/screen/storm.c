/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked with the rest of innkeeper, it makes a program that is interrupted all the time: each of its threads, those
 * of libraries as well, gets a signal every few milliseconds, whose handler does nothing and restarts no call. At the
 * end $INNKEEPER_STORM holds how often that was.
 */
#include "base/base.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STORM_SIGNAL = SIGUSR2, EVERY_MS = 3 };

static atomic_long interruptions;

static void on_storm(int number)
{
	(void)number;
	atomic_fetch_add(&interruptions, 1);
}

/* Threads of ours are closed to signals; to this one they are not. */
int __wrap_pthread_sigmask(int how, const sigset_t *set, sigset_t *before);
int __real_pthread_sigmask(int how, const sigset_t *set, sigset_t *before);

int __wrap_pthread_sigmask(int how, const sigset_t *set, sigset_t *before)
{
	sigset_t open;

	if (!set)
		return __real_pthread_sigmask(how, set, before);
	open = *set;
	if (how != SIG_UNBLOCK)
		sigdelset(&open, STORM_SIGNAL);
	return __real_pthread_sigmask(how, &open, before);
}

static void interrupt_the_others(pid_t self)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;

	while (tasks && (entry = readdir(tasks))) {
		pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);

		if (thread > 0 && thread != self)
			syscall(SYS_tgkill, getpid(), thread, STORM_SIGNAL);
	}
	if (tasks)
		closedir(tasks);
}

/* Overwrites the smaller count before it: the process may end at any time, and a truncated file would hold none. */
static void tell(void)
{
	const char *path = getenv("INNKEEPER_STORM");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;

	if (fd >= 0) {
		dprintf(fd, "%ld\n", atomic_load(&interruptions));
		close(fd);
	}
}

static void *storm(void *data)
{
	pid_t self = (pid_t)syscall(SYS_gettid);

	(void)data;
	for (int round = 0;; round++) {
		interrupt_the_others(self);
		if (round % 64 == 0)
			tell();
		poll(NULL, 0, EVERY_MS);
	}
	return NULL;
}

__attribute__((constructor)) static void begin_storm(void)
{
	struct sigaction action = { .sa_handler = on_storm };
	sigset_t all, before;
	pthread_t thread;

	sigaction(STORM_SIGNAL, &action, NULL);
	sigfillset(&all);
	__real_pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&thread, NULL, storm, NULL) == 0)
		pthread_detach(thread);
	__real_pthread_sigmask(SIG_SETMASK, &before, NULL);
}

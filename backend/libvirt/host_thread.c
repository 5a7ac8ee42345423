/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/host_thread.h"

#include <stdlib.h>

void host_thread_init(struct host_thread *thread, struct libvirt_host *host, void (*release)(void *state))
{
	thread->host = host;
	thread->connection = libvirt_host_connection(host, host->queue);
	thread->release = release;
	*VEC_PUSH(&host->threads) = thread;
}

static void done(void *state)
{
	((struct host_thread *)state)->job = NULL;
}

void host_thread_start(struct host_thread *thread, const char *what, struct job_spec spec)
{
	const struct backend_config *config = &thread->host->be.config;
	char *name = mem_printf("%s %s", config->name, what);

	spec.state = thread;
	spec.done = done;
	thread->worker = worker_create(config->loop, name, 1);
	thread->job = worker_submit(thread->worker, &spec);
	free(name);
}

bool host_thread_wake(struct host_thread *thread)
{
	if (thread->job)
		worker_wake(thread->worker, thread->job);
	return thread->job != NULL;
}

void host_thread_cancel(struct host_thread *thread)
{
	connection_cancel(thread->connection);
}

bool host_thread_stop(struct host_thread *thread)
{
	return backend_stop_worker(&thread->worker);
}

void host_thread_close(struct host_thread *thread)
{
	if (thread->release)
		thread->release(thread);
	connection_close(thread->connection);
}

void host_thread_free(struct host_thread *thread)
{
	connection_destroy(thread->connection);
}

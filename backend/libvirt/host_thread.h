/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_thread.h - a thread of a host, with a connection of its own and one job that never ends.
 *
 * struct host_thread stands first in the struct of the part that has it, and that struct is the job's state. libvirt.c
 * stops the threads of a host together: cancel, stop, close each; then the parts are destroyed. UI thread, but for the
 * connection, which is the job's.
 */
#ifndef INNKEEPER_HOST_THREAD_H
#define INNKEEPER_HOST_THREAD_H

#include "backend/libvirt/libvirt_host.h"

struct host_thread {
	struct libvirt_host *host;
	struct connection *connection;
	/* Frees what the part holds of the connection, before that is closed. May be NULL. state: the part. */
	void (*release)(void *state);
	struct worker *worker;
	struct job *job; /* NULL: not started, or over */
};

/* Adds it to host->threads. */
void host_thread_init(struct host_thread *thread, struct libvirt_host *host, void (*release)(void *state));
/* The thread is called "HOST what". spec: step, progress and priority. */
void host_thread_start(struct host_thread *thread, const char *what, struct job_spec spec);
/* The next step is due now. False: there is no job. */
bool host_thread_wake(struct host_thread *thread);
void host_thread_free(struct host_thread *thread);

void host_thread_cancel(struct host_thread *thread); /* no waiting for a connection any more */
bool host_thread_stop(struct host_thread *thread);   /* false: it is stuck */
void host_thread_close(struct host_thread *thread);  /* its connection, after stop; any thread; may hang */

#endif

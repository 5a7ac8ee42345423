/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The backend: makes the parts of a host, hands events on to them, and stops them within limited time. */
#include "backend/libvirt/domain_xml_reader.h"
#include "backend/libvirt/host_sync.h"
#include "backend/libvirt/libvirt_calls.h"
#include "backend/libvirt/libvirt_stats.h"
#include "backend/libvirt/libvirt_uri.h"
#include "base/thread.h"

static struct libvirt_host *host_of(struct backend *be)
{
	return (struct libvirt_host *)be;
}

/* A pool without threads, as tests have it, runs its jobs in slot 0. */
static int slots_of(const struct libvirt_host *host)
{
	return MAX(host->be.config.slots, 1);
}

static void wake_readers(struct libvirt_host *host)
{
	domain_xml_reader_wake(host->xml_reader);
	libvirt_stats_wake(host->stats);
}

/* --- events --- */

static void want_xml(struct libvirt_host *host, const struct uuid *uuid)
{
	struct domain_row *row = domain_table_find(&host->table, uuid);

	if (row)
		row->xml_wanted = true;
	domain_xml_reader_wake(host->xml_reader);
}

static void on_lifecycle(struct libvirt_host *host, const struct host_event *event)
{
	const struct backend_listener *listener = &host->be.config.listener;
	const bool started = event->type == VIR_DOMAIN_EVENT_STARTED;
	/* To a snapshot: libvirt does not call it a start where the domain ran already. */
	const bool reverted =
		(event->type == VIR_DOMAIN_EVENT_RESUMED && event->detail == VIR_DOMAIN_EVENT_RESUMED_FROM_SNAPSHOT) ||
		(event->type == VIR_DOMAIN_EVENT_SUSPENDED &&
		 event->detail == VIR_DOMAIN_EVENT_SUSPENDED_FROM_SNAPSHOT);
	enum vm_state how = VM_STATE_SHUTOFF;

	if (event->type == VIR_DOMAIN_EVENT_DEFINED)
		want_xml(host, &event->uuid);
	if ((started || reverted) && listener->started)
		listener->started(listener->data, &event->uuid,
				  started && event->detail == VIR_DOMAIN_EVENT_STARTED_BOOTED);
	if (event->type == VIR_DOMAIN_EVENT_CRASHED || event->detail == VIR_DOMAIN_EVENT_STOPPED_CRASHED)
		how = VM_STATE_CRASHED;
	else if (event->detail == VIR_DOMAIN_EVENT_STOPPED_MIGRATED)
		how = VM_STATE_MIGRATED;
	else if (event->detail == VIR_DOMAIN_EVENT_STOPPED_SAVED)
		how = VM_STATE_SAVED;
	if ((event->type == VIR_DOMAIN_EVENT_STOPPED || event->type == VIR_DOMAIN_EVENT_CRASHED) && listener->stopped)
		listener->stopped(listener->data, &event->uuid, how);
	host_sync_request_info(host->sync, &event->uuid);
}

static void on_domain_event(struct libvirt_host *host, const struct host_event *event)
{
	const struct backend_listener *listener = &host->be.config.listener;
	struct domain_row *row = domain_table_find(&host->table, &event->uuid);
	bool agent_connected = event->type == VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED;

	switch (event->kind) {
	case EVENT_AGENT:
		if (!row)
			break;
		row->agent_events++;
		libvirt_host_report_channel(host, &event->uuid,
					    agent_connected ? CHANNEL_CONNECTED : CHANNEL_DISCONNECTED);
		break;
	case EVENT_REBOOT:
		if (listener->rebooted)
			listener->rebooted(listener->data, &event->uuid);
		break;
	case EVENT_METADATA:
		want_xml(host, &event->uuid);
		break;
	case EVENT_LIFECYCLE:
		on_lifecycle(host, event);
		break;
	default:
		host_sync_request_info(host->sync, &event->uuid);
		break;
	}
	libvirt_host_report_note(host, &event->uuid, libvirt_event_words(event));
}

static void handle_events(void *data, const struct host_event *events, size_t count)
{
	struct libvirt_host *host = data;
	struct host_sync *sync = host->sync;
	bool connecting_ended = false;

	for (size_t i = 0; i < count; i++) {
		switch (events[i].kind) {
		case EVENT_CONNECTING_ENDED:
			connecting_ended = true;
			break;
		case EVENT_CLOSED:
			host_sync_on_closed(sync, events[i].type);
			break;
		case EVENT_OVERFLOW:
			/* Agent events were among them, and no list says where the agents are. */
			domain_table_want_all(&host->table);
			domain_xml_reader_wake(host->xml_reader);
			host_sync_request_list(sync, false);
			libvirt_host_report_note(host, NULL, libvirt_event_words(&events[i]));
			break;
		default:
			on_domain_event(host, &events[i]);
			break;
		}
	}
	if (connecting_ended) {
		host_sync_wake(sync);
		wake_readers(host);
	}
}

/* --- for backend.c --- */

static bool start(struct backend *be, struct err *err UNUSED)
{
	struct libvirt_host *host = host_of(be);

	libvirt_process_quieten();
	host->uri = libvirt_uri_resolve(be->config.uri);
	if (libvirt_uri_may_bring_secrets(host->uri ? host->uri : ""))
		libvirt_process_refuse_dumps();
	host->queue = event_queue_create(be->config.loop, handle_events, host);
	host->wake_readers = wake_readers;
	for (int i = 0; i < slots_of(host); i++)
		host->slots[i] = libvirt_host_connection(host, NULL);
	host->sync = host_sync_create(host);
	host->xml_reader = domain_xml_reader_create(host);
	host->stats = libvirt_stats_create(host);
	return true;
}

static bool stop(struct backend *be)
{
	struct libvirt_host *host = host_of(be);
	bool stopped = true;

	if (!host->queue)
		return true;
	atomic_store(&host->up, false);
	event_queue_close(host->queue);
	host_sync_stop_timer(host->sync);
	for (size_t i = 0; i < host->threads.count; i++)
		connection_cancel(host->threads.at[i]->connection);
	for (int i = 0; i < slots_of(host); i++)
		connection_cancel(host->slots[i]);
	for (size_t i = 0; i < host->threads.count; i++)
		stopped &= backend_stop_worker(&host->threads.at[i]->worker);
	stopped &= libvirt_consoles_are_closed(backend_shutdown_budget()) || backend_lose_patience();
	return stopped;
}

static void *close_connections(void *data)
{
	struct libvirt_host *host = data;

	for (size_t i = 0; i < host->threads.count; i++) {
		struct host_thread *thread = host->threads.at[i];

		if (thread->release)
			thread->release(thread);
		connection_close(thread->connection);
	}
	for (int i = 0; i < slots_of(host); i++)
		connection_close(host->slots[i]);
	return NULL;
}

static bool destroy(struct backend *be)
{
	struct libvirt_host *host = host_of(be);

	if (host->queue) {
		struct timespec until = thread_deadline(CLOCK_REALTIME, backend_shutdown_budget());
		pthread_t thread;

		/* Closing asks the host, so it may hang: then its thread is left alone, with all that it needs. */
		if (thread_start(&thread, 0, close_connections, host) != 0)
			return false;
		if (pthread_timedjoin_np(thread, NULL, &until) != 0) {
			pthread_detach(thread);
			return backend_lose_patience();
		}
		host_sync_destroy(host->sync);
		domain_xml_reader_destroy(host->xml_reader);
		libvirt_stats_destroy(host->stats);
		for (int i = 0; i < slots_of(host); i++)
			connection_destroy(host->slots[i]);
		event_queue_unref(host->queue);
	}
	domain_table_free(&host->table);
	VEC_FREE(&host->watched);
	VEC_FREE(&host->threads);
	free(host->uri);
	free(host);
	return true;
}

static void refresh(struct backend *be)
{
	struct host_sync *sync = host_of(be)->sync;

	if (sync)
		host_sync_request_list(sync, true);
}

static void watch(struct backend *be, const struct uuid *uuids, size_t count)
{
	struct libvirt_host *host = host_of(be);

	uuid_list_set(&host->watched, uuids, count);
	if (host->queue)
		wake_readers(host);
}

static const struct backend_impl libvirt_impl = {
	.name = "libvirt",
	.destroy = destroy,
	.start = start,
	.stop = stop,
	.refresh = refresh,
	.watch = watch,
	.agent_command = libvirt_agent_command,
	.lifecycle = libvirt_lifecycle,
	.look = libvirt_get_info,
	.examine = libvirt_examine,
	.leases = libvirt_leases,
	.console = libvirt_console,
	.job_percent = libvirt_job_percent,
	.job_abort = libvirt_job_abort,
	.snapshot_list = libvirt_snapshot_list,
	.snapshot_create = libvirt_snapshot_create,
	.snapshot_revert = libvirt_snapshot_revert,
	.snapshot_delete = libvirt_snapshot_delete,
};

struct backend *libvirt_backend_create(const struct backend_config *config UNUSED, struct err *err UNUSED)
{
	struct libvirt_host *host = mem_zalloc(sizeof(*host));

	host->be.impl = &libvirt_impl;
	return &host->be;
}

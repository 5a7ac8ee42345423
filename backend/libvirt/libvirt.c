/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_events.h"
#include "backend/libvirt/libvirt_host.h"
#include "backend/libvirt/libvirt_uri.h"
#include "base/clock.h"
#include "base/thread.h"

#include <stdlib.h>
#include <string.h>

static struct libvirt_host *host_of(struct backend *be)
{
	return (struct libvirt_host *)be;
}

/* A cranked pool runs its jobs in slot 0. */
static int slots_of(const struct libvirt_host *host)
{
	return MAX(host->be.config.slots, 1);
}

static const struct backend_listener *listener_of(const struct libvirt_host *host)
{
	return &host->be.config.listener;
}

struct connection *libvirt_host_connection(const struct libvirt_host *host, struct event_queue *queue)
{
	const struct backend_config *config = &host->be.config;

	return connection_create(&(struct connection_config){
	    .uri = host->uri,
	    .read_only = config->read_only,
	    .keepalive_interval = config->keepalive_interval,
	    .keepalive_count = config->keepalive_count,
	    .queue = queue,
	});
}

/* --- what the workers tell --- */

void libvirt_host_report_state(struct libvirt_host *host, enum host_state state, enum host_access access,
			     int64_t retry_at, struct safe_text trouble)
{
	const struct backend_listener *listener = listener_of(host);

	if (listener->host_state)
		listener->host_state(listener->data, state, access, retry_at, trouble);
	else
		text_free(&trouble);
	if (state == HOST_LOST)
		domain_table_want_all(&host->table);
	domain_xml_reader_wake(host->xml_reader);
	libvirt_stats_wake(host->stats);
}

static void report_channel(struct libvirt_host *host, const struct uuid *uuid, enum agent_channel channel)
{
	const struct backend_listener *listener = listener_of(host);

	if (listener->channel)
		listener->channel(listener->data, uuid, channel);
}

/* What the channel was is no longer so; its state now comes from the XML, or by an event. */
static void forget_channel_if_restarted(struct libvirt_host *host, const struct uuid *uuid, enum domain_change change)
{
	if (change == DOMAIN_STARTED || change == DOMAIN_STOPPED)
		report_channel(host, uuid, CHANNEL_UNKNOWN);
}

void libvirt_host_report_list(struct libvirt_host *host, struct domain_list *list)
{
	const struct backend_listener *listener = listener_of(host);

	domain_table_begin_list(&host->table);
	for (size_t i = 0; i < list->count; i++)
		forget_channel_if_restarted(host, &list->at[i].uuid, domain_table_put(&host->table, &list->at[i]));
	domain_table_end_list(&host->table);
	if (listener->list) {
		listener->list(listener->data, list->at, list->count);
		VEC_FREE(list);
	} else {
		domain_list_free(list);
	}
	domain_xml_reader_wake(host->xml_reader);
	libvirt_stats_wake(host->stats);
}

static void report_facts(struct libvirt_host *host, struct vm_facts *facts)
{
	const struct backend_listener *listener = listener_of(host);

	if (listener->facts)
		listener->facts(listener->data, facts);
	else
		vm_facts_free(facts);
}

void libvirt_host_report_facts(struct libvirt_host *host, struct vm_facts *facts)
{
	struct uuid uuid = facts->uuid;
	enum domain_change change = domain_table_put(&host->table, facts);

	report_facts(host, facts);
	forget_channel_if_restarted(host, &uuid, change);
	domain_xml_reader_wake(host->xml_reader);
	if (change != DOMAIN_UNCHANGED)
		libvirt_stats_wake(host->stats);
}

void libvirt_host_report_xml(struct libvirt_host *host, struct vm_facts *facts, unsigned agent_events)
{
	const struct domain_row *row = domain_table_find(&host->table, &facts->uuid);

	if (!row) {
		vm_facts_free(facts);
		return;
	}
	facts->state = row->state;
	facts->domain_id = row->domain_id;
	if (row->agent_events != agent_events)
		facts->channel = CHANNEL_UNKNOWN; /* an event came meanwhile, and knows better */
	report_facts(host, facts);
}

void libvirt_host_report_gone(struct libvirt_host *host, const struct uuid *uuid)
{
	const struct backend_listener *listener = listener_of(host);

	domain_table_remove(&host->table, uuid);
	if (listener->gone)
		listener->gone(listener->data, uuid);
}

void libvirt_host_report_note(struct libvirt_host *host, const struct uuid *uuid, struct safe_text text)
{
	const struct backend_listener *listener = listener_of(host);

	if (listener->note && !text_is_empty(text))
		listener->note(listener->data, uuid, text);
	else
		text_free(&text);
}

/* --- events --- */

static void on_agent_event(struct libvirt_host *host, const struct host_event *event)
{
	struct domain_row *row = domain_table_find(&host->table, &event->uuid);
	bool connected = event->type == VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED;

	if (!row)
		return;
	row->agent_events++;
	report_channel(host, &event->uuid, connected ? CHANNEL_CONNECTED : CHANNEL_DISCONNECTED);
}

static void want_xml(struct libvirt_host *host, const struct uuid *uuid)
{
	struct domain_row *row = domain_table_find(&host->table, uuid);

	if (row)
		row->xml_wanted = true;
	domain_xml_reader_wake(host->xml_reader);
}

static void on_rebooted(struct libvirt_host *host, const struct uuid *uuid)
{
	const struct backend_listener *listener = listener_of(host);

	if (listener->rebooted)
		listener->rebooted(listener->data, uuid);
}

static void on_started(struct libvirt_host *host, const struct host_event *event)
{
	const struct backend_listener *listener = listener_of(host);
	const bool booted = event->type == VIR_DOMAIN_EVENT_STARTED && event->detail == VIR_DOMAIN_EVENT_STARTED_BOOTED;

	if (listener->started)
		listener->started(listener->data, &event->uuid, booted);
}

static void on_stopped(struct libvirt_host *host, const struct host_event *event)
{
	const struct backend_listener *listener = listener_of(host);
	enum vm_state how = VM_STATE_SHUTOFF;

	if (event->type == VIR_DOMAIN_EVENT_CRASHED || event->detail == VIR_DOMAIN_EVENT_STOPPED_CRASHED)
		how = VM_STATE_CRASHED;
	else if (event->detail == VIR_DOMAIN_EVENT_STOPPED_MIGRATED)
		how = VM_STATE_MIGRATED;
	else if (event->detail == VIR_DOMAIN_EVENT_STOPPED_SAVED)
		how = VM_STATE_SAVED;
	if (listener->stopped)
		listener->stopped(listener->data, &event->uuid, how);
}

/* Where it runs already, going back to a snapshot is no start. */
static bool is_start(const struct host_event *event)
{
	return event->type == VIR_DOMAIN_EVENT_STARTED ||
	       (event->type == VIR_DOMAIN_EVENT_RESUMED && event->detail == VIR_DOMAIN_EVENT_RESUMED_FROM_SNAPSHOT) ||
	       (event->type == VIR_DOMAIN_EVENT_SUSPENDED && event->detail == VIR_DOMAIN_EVENT_SUSPENDED_FROM_SNAPSHOT);
}

static void on_lifecycle(struct libvirt_host *host, const struct host_event *event)
{
	if (event->type == VIR_DOMAIN_EVENT_DEFINED)
		want_xml(host, &event->uuid);
	if (is_start(event))
		on_started(host, event);
	if (event->type == VIR_DOMAIN_EVENT_STOPPED || event->type == VIR_DOMAIN_EVENT_CRASHED)
		on_stopped(host, event);
	host_sync_request_info(host->sync, &event->uuid);
}

static void on_event(struct libvirt_host *host, const struct host_event *event)
{
	switch (event->kind) {
	case EVENT_AGENT:
		on_agent_event(host, event);
		break;
	case EVENT_REBOOT:
		on_rebooted(host, &event->uuid);
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

/* What agents did stood among them, too, and that no list tells. */
static void on_overflow(struct libvirt_host *host)
{
	domain_table_want_all(&host->table);
	domain_xml_reader_wake(host->xml_reader);
	host_sync_request_all(host->sync);
}

static void handle_events(void *data, const struct host_event *events, size_t count)
{
	struct libvirt_host *host = data;
	bool connecting_ended = false;

	for (size_t i = 0; i < count; i++) {
		switch (events[i].kind) {
		case EVENT_CONNECTING_ENDED:
			connecting_ended = true;
			break;
		case EVENT_CLOSED:
			host_sync_on_closed(host->sync, events[i].type);
			break;
		case EVENT_OVERFLOW:
			on_overflow(host);
			libvirt_host_report_note(host, NULL, libvirt_event_words(&events[i]));
			break;
		default:
			on_event(host, &events[i]);
			break;
		}
	}
	if (connecting_ended) {
		host_sync_wake(host->sync);
		domain_xml_reader_wake(host->xml_reader);
		libvirt_stats_wake(host->stats);
	}
}

/* --- for backend.c --- */

static bool start(struct backend *be, struct err *err)
{
	struct libvirt_host *host = host_of(be);

	(void)err;
	libvirt_process_quieten();
	host->uri = libvirt_uri_resolve(be->config.uri);
	if (libvirt_uri_may_bring_secrets(host->uri ? host->uri : ""))
		libvirt_process_refuse_dumps();
	host->queue = event_queue_create(be->config.loop, handle_events, host);
	for (int i = 0; i < slots_of(host); i++)
		host->slots[i] = libvirt_host_connection(host, NULL);
	host->xml_reader = domain_xml_reader_create(host);
	host->stats = libvirt_stats_create(host);
	host->sync = host_sync_create(host);
	host_sync_start(host->sync);
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
	host_sync_cancel(host->sync);
	domain_xml_reader_cancel(host->xml_reader);
	libvirt_stats_cancel(host->stats);
	for (int i = 0; i < slots_of(host); i++)
		connection_cancel(host->slots[i]);
	stopped &= host_sync_stop(host->sync);
	stopped &= domain_xml_reader_stop(host->xml_reader);
	stopped &= libvirt_stats_stop(host->stats);
	stopped &= libvirt_consoles_are_closed(backend_patience()) || backend_lose_patience();
	return stopped;
}

static void *hang_up_all(void *data)
{
	struct libvirt_host *host = data;

	host_sync_close(host->sync);
	domain_xml_reader_close(host->xml_reader);
	libvirt_stats_close(host->stats);
	for (int i = 0; i < slots_of(host); i++)
		connection_close(host->slots[i]);
	return NULL;
}

/* Closing asks the host, so it may hang: then the thread that does it is left alone with what it needs. */
static bool close_all(struct libvirt_host *host)
{
	int64_t wait_ms = backend_patience();
	struct timespec until;
	pthread_t thread;

	if (thread_start(&thread, 0, hang_up_all, host) != 0)
		return false;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += wait_ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	if (pthread_timedjoin_np(thread, NULL, &until) == 0)
		return true;
	pthread_detach(thread);
	return backend_lose_patience();
}

static bool destroy(struct backend *be)
{
	struct libvirt_host *host = host_of(be);

	if (host->queue) {
		if (!close_all(host))
			return false;
		host_sync_destroy(host->sync);
		domain_xml_reader_destroy(host->xml_reader);
		libvirt_stats_destroy(host->stats);
		for (int i = 0; i < slots_of(host); i++)
			connection_destroy(host->slots[i]);
		event_queue_unref(host->queue);
	}
	domain_table_free(&host->table);
	VEC_FREE(&host->watched);
	free(host->uri);
	free(host);
	return true;
}

static void refresh(struct backend *be)
{
	if (host_of(be)->sync)
		host_sync_request_list(host_of(be)->sync);
}

static void watch(struct backend *be, const struct uuid *uuids, size_t count)
{
	struct libvirt_host *host = host_of(be);

	host->watched.count = 0;
	for (size_t i = 0; i < count; i++)
		*VEC_PUSH(&host->watched) = uuids[i];
	if (!host->queue)
		return;
	domain_xml_reader_wake(host->xml_reader);
	libvirt_stats_wake(host->stats);
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
	.leases = libvirt_leases,
	.console = libvirt_console,
	.job_percent = libvirt_job_percent,
	.job_abort = libvirt_job_abort,
	.snapshot_list = libvirt_snapshot_list,
	.snapshot_create = libvirt_snapshot_create,
	.snapshot_revert = libvirt_snapshot_revert,
	.snapshot_delete = libvirt_snapshot_delete,
};

struct backend *libvirt_backend_create(const struct backend_config *config, struct err *err)
{
	struct libvirt_host *host = mem_zalloc(sizeof(*host));

	(void)config;
	(void)err;
	host->be.impl = &libvirt_impl;
	return &host->be;
}

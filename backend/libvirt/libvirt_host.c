/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_host.h"

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

/* --- a thread of the host --- */

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
	OWN(bytes) char *name = mem_printf("%s %s", config->name, what);

	spec.state = thread;
	spec.done = done;
	thread->worker = worker_create(config->loop, name, 1);
	thread->job = worker_submit(thread->worker, &spec);
}

bool host_thread_wake(struct host_thread *thread)
{
	if (thread->job)
		worker_wake(thread->worker, thread->job);
	return thread->job != NULL;
}

/* --- reports --- */

void libvirt_host_report_state(struct libvirt_host *host, enum host_state state, enum host_access access,
			       int64_t retry_at, struct safe_text trouble)
{
	const struct backend_listener *listener = &host->be.config.listener;

	if (listener->host_state)
		listener->host_state(listener->data, state, access, retry_at, trouble);
	else
		text_free(&trouble);
	if (state == HOST_LOST)
		domain_table_want_all(&host->table);
	host->wake_readers(host);
}

void libvirt_host_report_channel(struct libvirt_host *host, const struct uuid *uuid, enum agent_channel channel)
{
	const struct backend_listener *listener = &host->be.config.listener;

	if (listener->channel)
		listener->channel(listener->data, uuid, channel);
}

/* It has a new channel, whose state comes with the XML or with an event. */
static void forget_channel_if_restarted(struct libvirt_host *host, const struct uuid *uuid, enum domain_change change)
{
	if (change == DOMAIN_STARTED || change == DOMAIN_STOPPED)
		libvirt_host_report_channel(host, uuid, CHANNEL_UNKNOWN);
}

void libvirt_host_report_list(struct libvirt_host *host, struct domain_list *list)
{
	const struct backend_listener *listener = &host->be.config.listener;

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
	host->wake_readers(host);
}

static void report_facts(struct libvirt_host *host, struct vm_info *info)
{
	const struct backend_listener *listener = &host->be.config.listener;

	if (listener->info)
		listener->info(listener->data, info);
	else
		vm_info_free(info);
}

void libvirt_host_report_facts(struct libvirt_host *host, struct vm_info *info)
{
	const struct uuid uuid = info->uuid;
	const enum domain_change change = domain_table_put(&host->table, info);

	report_facts(host, info);
	forget_channel_if_restarted(host, &uuid, change);
	if (change != DOMAIN_UNCHANGED)
		host->wake_readers(host);
}

void libvirt_host_report_xml(struct libvirt_host *host, struct vm_info *info, unsigned agent_events)
{
	const struct domain_row *row = domain_table_find(&host->table, &info->uuid);

	if (!row) {
		vm_info_free(info);
		return;
	}
	info->state = row->state;
	info->domain_id = row->domain_id;
	if (row->agent_events != agent_events)
		info->channel = CHANNEL_UNKNOWN; /* an event that came meanwhile is newer */
	report_facts(host, info);
}

void libvirt_host_report_gone(struct libvirt_host *host, const struct uuid *uuid)
{
	const struct backend_listener *listener = &host->be.config.listener;

	domain_table_remove(&host->table, uuid);
	if (listener->gone)
		listener->gone(listener->data, uuid);
}

void libvirt_host_report_note(struct libvirt_host *host, const struct uuid *uuid, struct safe_text text)
{
	const struct backend_listener *listener = &host->be.config.listener;

	if (listener->note && !text_is_empty(text))
		listener->note(listener->data, uuid, text);
	else
		text_free(&text);
}

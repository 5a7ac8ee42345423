/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/host_sync_private.h"

#include "base/clock.h"

#include <stdlib.h>

enum { STALE_MIN_MS = 5000 };

static int64_t stale_after(const struct host_sync *sync)
{
	return MAX(STALE_MIN_MS, host_sync_probe_interval(sync) * 2);
}

/* --- reports --- */

static void report_state(struct host_sync *sync, enum host_state state, int64_t retry_at, struct safe_text trouble)
{
	sync->reported_state = state;
	libvirt_host_report_state(sync->host, state, sync->reported_access, retry_at, trouble);
}

static void watch_age(void *data)
{
	struct host_sync *sync = data;
	int64_t left = sync->answered_at + stale_after(sync) - clock_ms();

	sync->stale_timer = 0;
	if (sync->reported_state != HOST_LIVE)
		return;
	if (left > 0)
		sync->stale_timer = loop_after(sync->host->be.config.loop, left, watch_age, sync);
	else
		report_state(sync, HOST_STALE, 0, text_format("%s", _("no answer for some time")));
}

static void report_answered(struct host_sync *sync)
{
	const struct backend_listener *listener = &sync->host->be.config.listener;

	sync->answered_at = clock_ms();
	if (sync->reported_state == HOST_STALE)
		report_state(sync, HOST_LIVE, 0, text_copy(sync->live_trouble));
	if (listener->answered)
		listener->answered(listener->data);
	if (sync->reported_state == HOST_LIVE && !sync->stale_timer)
		watch_age(sync);
}

static void report_about(struct host_sync *sync, struct sync_report *report)
{
	const struct backend_listener *listener = &sync->host->be.config.listener;
	struct safe_text own_name = { NULL }, version = { NULL };

	text_move(&own_name, &report->own_name);
	text_move(&version, &report->version);
	if (listener->host_about) {
		listener->host_about(listener->data, own_name, version);
	} else {
		text_free(&own_name);
		text_free(&version);
	}
}

static void report_state_change(struct host_sync *sync, struct sync_report *report)
{
	struct safe_text trouble = { NULL };

	text_move(&trouble, &report->trouble);
	sync->reported_access = report->access;
	if (report->state == HOST_LIVE)
		text_set(&sync->live_trouble, text_copy(trouble));
	report_state(sync, report->state, report->retry_at, trouble);
}

static void progress(void *state)
{
	struct host_sync *sync = state;
	struct sync_report report = sync->report;

	sync->report = (struct sync_report){ 0 };
	if (report.state_changed)
		report_state_change(sync, &report);
	if (report.answered)
		report_answered(sync);
	if (report.about)
		report_about(sync, &report);
	if (report.listed)
		libvirt_host_report_list(sync->host, &report.list);
	for (size_t i = 0; i < report.refreshed.count; i++)
		libvirt_host_report_facts(sync->host, &report.refreshed.at[i]);
	for (size_t i = 0; i < report.gone.count; i++)
		libvirt_host_report_gone(sync->host, &report.gone.at[i]);
	VEC_FREE(&report.list);
	VEC_FREE(&report.refreshed);
	VEC_FREE(&report.gone);
}

static void done(void *state)
{
	struct host_sync *sync = state;

	sync->job = NULL;
}

/* --- requests --- */

struct host_sync *host_sync_create(struct libvirt_host *host)
{
	struct host_sync *sync = mem_zalloc(sizeof(*sync));

	sync->host = host;
	sync->closed_reason = -1;
	sync->connection = libvirt_host_connection(host, host->queue);
	pthread_mutex_init(&sync->lock, NULL);
	return sync;
}

void host_sync_start(struct host_sync *sync)
{
	const struct backend_config *config = &sync->host->be.config;
	struct job_spec spec = { .step = host_sync_step, .progress = progress, .done = done, .state = sync };
	char *name = mem_printf("%s list", config->name);

	sync->worker = worker_create(config->loop, name, 1);
	sync->job = worker_submit(sync->worker, &spec);
	free(name);
}

bool host_sync_stop(struct host_sync *sync)
{
	loop_cancel_timer(sync->host->be.config.loop, sync->stale_timer);
	sync->stale_timer = 0;
	return backend_stop_worker(&sync->worker);
}

void host_sync_destroy(struct host_sync *sync)
{
	domain_list_free(&sync->report.list);
	domain_list_free(&sync->report.refreshed);
	VEC_FREE(&sync->report.gone);
	text_free(&sync->report.trouble);
	text_free(&sync->report.own_name);
	text_free(&sync->report.version);
	text_free(&sync->live_trouble);
	VEC_FREE(&sync->changed);
	VEC_FREE(&sync->pending);
	pthread_mutex_destroy(&sync->lock);
	connection_destroy(sync->connection);
	free(sync);
}

/* Worker thread at the end: what would otherwise keep the connection alive. */
void host_sync_close(struct host_sync *sync)
{
	if (sync->registered && connection_handle(sync->connection))
		libvirt_events_deregister(connection_handle(sync->connection), &sync->events);
	connection_close(sync->connection);
}

void host_sync_cancel(struct host_sync *sync)
{
	connection_cancel(sync->connection);
}

void host_sync_wake(struct host_sync *sync)
{
	if (sync->job)
		worker_wake(sync->worker, sync->job);
}

void host_sync_request_list(struct host_sync *sync)
{
	pthread_mutex_lock(&sync->lock);
	sync->list_requested = true;
	pthread_mutex_unlock(&sync->lock);
	host_sync_wake(sync);
}

void host_sync_request_info(struct host_sync *sync, const struct uuid *uuid)
{
	bool known = false;

	pthread_mutex_lock(&sync->lock);
	for (size_t i = 0; i < sync->changed.count; i++)
		known |= uuid_equal(&sync->changed.at[i], uuid);
	if (!known && sync->changed.count == SYNC_PENDING_MAX)
		sync->all_changed = true;
	else if (!known)
		*VEC_PUSH(&sync->changed) = *uuid;
	pthread_mutex_unlock(&sync->lock);
	host_sync_wake(sync);
}

void host_sync_request_all(struct host_sync *sync)
{
	pthread_mutex_lock(&sync->lock);
	sync->all_changed = true;
	pthread_mutex_unlock(&sync->lock);
	host_sync_wake(sync);
}

void host_sync_on_closed(struct host_sync *sync, int reason)
{
	pthread_mutex_lock(&sync->lock);
	sync->closed_reason = reason;
	pthread_mutex_unlock(&sync->lock);
	host_sync_wake(sync);
}

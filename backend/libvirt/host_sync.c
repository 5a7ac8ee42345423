/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/host_sync_private.h"
#include "base/clock.h"

#include <stdlib.h>

enum { STALE_MIN_MS = 5000 };

/* --- reports --- */

static void report_state(struct host_sync *sync, enum host_state state, int64_t retry_at, struct safe_text trouble)
{
	sync->reported_state = state;
	libvirt_host_report_state(sync->thread.host, state, sync->reported_access, retry_at, trouble);
}

static void watch_age(void *data)
{
	struct host_sync *sync = data;
	int64_t stale_at = sync->answered_at + MAX(STALE_MIN_MS, host_sync_probe_interval(sync) * 2);
	int64_t left = stale_at - clock_ms();

	sync->stale_timer = 0;
	if (sync->reported_state != HOST_LIVE)
		return;
	if (left > 0)
		sync->stale_timer = loop_after(sync->thread.host->be.config.loop, left, watch_age, sync);
	else
		report_state(sync, HOST_STALE, 0, text_format("%s", _("no answer for some time")));
}

static void progress(void *state)
{
	struct host_sync *sync = state;
	struct libvirt_host *host = sync->thread.host;
	const struct backend_listener *listener = &host->be.config.listener;
	struct sync_report report = sync->report;

	sync->report = (struct sync_report){ 0 };
	if (report.state_changed) {
		sync->reported_access = report.access;
		if (report.state == HOST_LIVE)
			text_set(&sync->live_trouble, text_copy(report.trouble));
		report_state(sync, report.state, report.retry_at, report.trouble);
	}
	if (report.answered) {
		sync->answered_at = clock_ms();
		if (sync->reported_state == HOST_STALE)
			report_state(sync, HOST_LIVE, 0, text_copy(sync->live_trouble));
		if (listener->answered)
			listener->answered(listener->data);
		if (sync->reported_state == HOST_LIVE && !sync->stale_timer)
			watch_age(sync);
	}
	if (report.about && listener->host_about) {
		listener->host_about(listener->data, report.own_name, report.version);
	} else {
		text_free(&report.own_name);
		text_free(&report.version);
	}
	if (report.listed)
		libvirt_host_report_list(host, &report.list);
	for (size_t i = 0; i < report.refreshed.count; i++)
		libvirt_host_report_facts(host, &report.refreshed.at[i]);
	for (size_t i = 0; i < report.gone.count; i++)
		libvirt_host_report_gone(host, &report.gone.at[i]);
	VEC_FREE(&report.list);
	VEC_FREE(&report.refreshed);
	VEC_FREE(&report.gone);
}

/* Worker thread, at the end: what would otherwise keep the connection alive. */
static void release(void *state)
{
	struct host_sync *sync = state;
	virConnectPtr conn = connection_handle(sync->thread.connection);

	if (sync->registered && conn)
		libvirt_events_deregister(conn, &sync->events);
}

struct host_sync *host_sync_create(struct libvirt_host *host)
{
	struct host_sync *sync = mem_zalloc(sizeof(*sync));

	host_thread_init(&sync->thread, host, release);
	sync->closed_reason = -1;
	pthread_mutex_init(&sync->lock, NULL);
	return sync;
}

void host_sync_start(struct host_sync *sync)
{
	host_thread_start(&sync->thread, "list", (struct job_spec){ .step = host_sync_step, .progress = progress });
}

void host_sync_stop_timer(struct host_sync *sync)
{
	loop_cancel_timer(sync->thread.host->be.config.loop, sync->stale_timer);
	sync->stale_timer = 0;
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
	host_thread_free(&sync->thread);
	free(sync);
}

/* --- requests --- */

void host_sync_wake(struct host_sync *sync)
{
	host_thread_wake(&sync->thread);
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

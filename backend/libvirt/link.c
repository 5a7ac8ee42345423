/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/link.h"

#include "base/clock.h"

#include <stdlib.h>

enum { STALE_MIN_MS = 5000 };

static int64_t stale_after(const struct link *link)
{
	return MAX(STALE_MIN_MS, link_probe_interval(link) * 2);
}

/* --- telling --- */

static void tell(struct link *link, enum host_state state, int64_t retry_at, struct safe_text trouble)
{
	link->told_state = state;
	libvirt_host_tell_state(link->host, state, link->told_access, retry_at, trouble);
}

static void watch_age(void *data)
{
	struct link *link = data;
	int64_t left = link->answered_at + stale_after(link) - clock_ms();

	link->stale_timer = 0;
	if (link->told_state != HOST_LIVE)
		return;
	if (left > 0)
		link->stale_timer = loop_after(link->host->be.config.loop, left, watch_age, link);
	else
		tell(link, HOST_STALE, 0, text_format("%s", _("no answer for some time")));
}

static void tell_answered(struct link *link)
{
	const struct backend_listener *listener = &link->host->be.config.listener;

	link->answered_at = clock_ms();
	if (link->told_state == HOST_STALE)
		tell(link, HOST_LIVE, 0, text_copy(link->live_trouble));
	if (listener->answered)
		listener->answered(listener->data);
	if (link->told_state == HOST_LIVE && !link->stale_timer)
		watch_age(link);
}

static void tell_about(struct link *link, struct link_news *news)
{
	const struct backend_listener *listener = &link->host->be.config.listener;
	struct safe_text own_name = { NULL }, version = { NULL };

	text_move(&own_name, &news->own_name);
	text_move(&version, &news->version);
	if (listener->host_about) {
		listener->host_about(listener->data, own_name, version);
	} else {
		text_free(&own_name);
		text_free(&version);
	}
}

static void tell_state_news(struct link *link, struct link_news *news)
{
	struct safe_text trouble = { NULL };

	text_move(&trouble, &news->trouble);
	link->told_access = news->access;
	if (news->state == HOST_LIVE)
		text_set(&link->live_trouble, text_copy(trouble));
	tell(link, news->state, news->retry_at, trouble);
}

static void progress(void *state)
{
	struct link *link = state;
	struct link_news news = link->news;

	link->news = (struct link_news){ 0 };
	if (news.state_changed)
		tell_state_news(link, &news);
	if (news.answered)
		tell_answered(link);
	if (news.about)
		tell_about(link, &news);
	if (news.listed)
		libvirt_host_tell_list(link->host, &news.list);
	for (size_t i = 0; i < news.looked.count; i++)
		libvirt_host_tell_facts(link->host, &news.looked.at[i]);
	for (size_t i = 0; i < news.gone.count; i++)
		libvirt_host_tell_gone(link->host, &news.gone.at[i]);
	VEC_FREE(&news.list);
	VEC_FREE(&news.looked);
	VEC_FREE(&news.gone);
}

static void done(void *state)
{
	struct link *link = state;

	link->job = NULL;
}

/* --- orders --- */

struct link *link_create(struct libvirt_host *host)
{
	struct link *link = mem_zalloc(sizeof(*link));

	link->host = host;
	link->closed_reason = -1;
	link->connection = libvirt_host_connection(host, host->queue);
	pthread_mutex_init(&link->lock, NULL);
	return link;
}

void link_start(struct link *link)
{
	const struct backend_config *config = &link->host->be.config;
	struct job_spec spec = { .step = link_step, .progress = progress, .done = done, .state = link };
	char *name = mem_printf("%s list", config->name);

	link->worker = worker_create(config->loop, name, 1);
	link->job = worker_submit(link->worker, &spec);
	free(name);
}

bool link_stop(struct link *link)
{
	loop_cancel_timer(link->host->be.config.loop, link->stale_timer);
	link->stale_timer = 0;
	return backend_stop_worker(&link->worker);
}

void link_destroy(struct link *link)
{
	domain_list_free(&link->news.list);
	domain_list_free(&link->news.looked);
	VEC_FREE(&link->news.gone);
	text_free(&link->news.trouble);
	text_free(&link->news.own_name);
	text_free(&link->news.version);
	text_free(&link->live_trouble);
	VEC_FREE(&link->dirty);
	VEC_FREE(&link->looks);
	pthread_mutex_destroy(&link->lock);
	connection_destroy(link->connection);
	free(link);
}

/* Worker thread at the end: what would otherwise keep the connection alive. */
void link_hang_up(struct link *link)
{
	if (link->registered && connection_handle(link->connection))
		libvirt_events_deregister(connection_handle(link->connection), &link->events);
	connection_close(link->connection);
}

void link_give_up(struct link *link)
{
	connection_cancel(link->connection);
}

void link_wake(struct link *link)
{
	if (link->job)
		worker_wake(link->worker, link->job);
}

void link_want_list(struct link *link)
{
	pthread_mutex_lock(&link->lock);
	link->want_list = true;
	pthread_mutex_unlock(&link->lock);
	link_wake(link);
}

void link_want_look(struct link *link, const struct uuid *uuid)
{
	bool known = false;

	pthread_mutex_lock(&link->lock);
	for (size_t i = 0; i < link->dirty.count; i++)
		known |= uuid_equal(&link->dirty.at[i], uuid);
	if (!known && link->dirty.count == LINK_LOOKS_MAX)
		link->dirty_all = true;
	else if (!known)
		*VEC_PUSH(&link->dirty) = *uuid;
	pthread_mutex_unlock(&link->lock);
	link_wake(link);
}

void link_want_everything(struct link *link)
{
	pthread_mutex_lock(&link->lock);
	link->dirty_all = true;
	pthread_mutex_unlock(&link->lock);
	link_wake(link);
}

void link_tell_closed(struct link *link, int reason)
{
	pthread_mutex_lock(&link->lock);
	link->closed_reason = reason;
	pthread_mutex_unlock(&link->lock);
	link_wake(link);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_turn.h"

#include "base/clock.h"

void demo_catch_up(struct demo *demo)
{
	demo_host_advance(&demo->host, clock_ms() - demo->born_at);
}

void demo_unref(struct demo *demo)
{
	bool last;

	pthread_mutex_lock(&demo->lock);
	last = --demo->references == 0;
	pthread_mutex_unlock(&demo->lock);
	if (!last)
		return;
	VEC_FREE(&demo->consoles);
	demo_host_finish(&demo->host);
	scenario_free(&demo->scenario);
	pthread_cond_destroy(&demo->changed);
	pthread_mutex_destroy(&demo->lock);
	free(demo);
}

/*
 * A host's news on their way to the listener, in two steps: they are taken where the host is locked, and told where it
 * is not, as a listener may call back into the backend.
 */
struct guest_news {
	unsigned bits;
	enum agent_channel channel;
	struct vm_info info; /* owned */
};

struct news {
	unsigned bits;
	enum host_state state;
	enum host_access access;
	int64_t retry_at; /* clock_ms() */
	const char *trouble, *version;
	struct vm_info *list; /* owned */
	size_t list_count;
	struct {
		VEC(struct guest_news);
	} guests;
	struct demo_notes notes;
};

/* While the host is not heard, its guests' news wait. */
static void take_news(struct demo *demo, struct news *ret_news)
{
	struct demo_host *host = &demo->host;
	const enum host_access access = !demo_host_is_connected(host)    ? ACCESS_UNKNOWN
					: demo->backend.config.read_only ? ACCESS_READ_ONLY
					: host->plan->monitor_only       ? ACCESS_MONITOR
									 : ACCESS_FULL;

	*ret_news = (struct news){
		.bits = host->news & NEWS_HOST_STATE,
		.state = host->state,
		.access = access,
		.retry_at = host->retry_at ? host->retry_at + demo->born_at : 0,
		.trouble = host->trouble,
		.version = host->plan->version ? host->plan->version : "QEMU 8.2.2, libvirt 10.0.0",
	};
	if (access == ACCESS_MONITOR)
		ret_news->trouble =
			N_("only a read-only connection was granted; ask for the right to manage this host");
	host->news &= ~(unsigned)NEWS_HOST_STATE;
	if (!demo_host_is_connected(host) || demo_host_is_hung(host))
		return;
	ret_news->bits |= host->news;
	if (host->news & NEWS_LIST) {
		ret_news->list = mem_zalloc((host->guest_count + 1) * sizeof(*ret_news->list));
		for (size_t i = 0; i < host->guest_count; i++)
			if (!host->guests[i].undefined)
				demo_guest_facts(host, &host->guests[i], &ret_news->list[ret_news->list_count++]);
	}
	for (size_t i = 0; host->news & NEWS_GUESTS && i < host->guest_count; i++) {
		struct demo_guest *guest = &host->guests[i];
		struct guest_news *one;

		if (!guest->news)
			continue;
		one = VEC_PUSH(&ret_news->guests);
		one->bits = guest->news;
		one->channel = demo_guest_channel(guest);
		demo_guest_facts(host, guest, &one->info);
		/* Events of libvirt do not tell about the channel either: it has events of its own. */
		one->info.channel = CHANNEL_UNKNOWN;
		guest->news = 0;
	}
	ret_news->notes = host->notes;
	host->notes = (struct demo_notes){ 0 };
	host->news = 0;
}

static void tell_guest(struct guest_news *guest, const struct backend_listener *listener)
{
	const struct uuid uuid = guest->info.uuid;

	if (guest->bits & NEWS_STOPPED && !vm_state_has_process(guest->info.state))
		listener->stopped(listener->data, &uuid, guest->info.state);
	if (guest->bits & NEWS_GONE) {
		vm_info_free(&guest->info);
		listener->gone(listener->data, &uuid);
		return;
	}
	if (guest->bits & (NEWS_BOOTED | NEWS_RESTORED))
		listener->started(listener->data, &uuid, guest->bits & NEWS_BOOTED);
	if (guest->bits & NEWS_REBOOTED)
		listener->rebooted(listener->data, &uuid);
	if (guest->bits & NEWS_INFO)
		listener->info(listener->data, &guest->info);
	else
		vm_info_free(&guest->info);
	if (guest->bits & NEWS_DROPPED && guest->channel == CHANNEL_CONNECTED)
		listener->channel(listener->data, &uuid, CHANNEL_DISCONNECTED);
	if (guest->bits & NEWS_CHANNEL)
		listener->channel(listener->data, &uuid, guest->channel);
}

static void tell(struct news *news, const struct backend_listener *listener)
{
	if (news->bits & NEWS_HOST_STATE)
		listener->host_state(listener->data, news->state, news->access, news->retry_at,
				     text_format("%s", news->trouble ? _(news->trouble) : ""));
	if (news->bits & NEWS_LIST) {
		listener->host_about(listener->data, (struct safe_text){ NULL },
				     text_sanitize_str(news->version, TEXT_CAP_NAME));
		listener->list(listener->data, news->list, news->list_count);
	}
	for (size_t i = 0; i < news->guests.count; i++)
		tell_guest(&news->guests.at[i], listener);
	for (size_t i = 0; i < news->notes.count; i++)
		listener->note(listener->data, news->notes.at[i].about_guest ? &news->notes.at[i].uuid : NULL,
			       news->notes.at[i].text);
	free(news->list);
	VEC_FREE(&news->guests);
	VEC_FREE(&news->notes);
}

static void on_figures_timer(void *data)
{
	struct demo *demo = data;
	struct vm_figures *figures = NULL;
	struct host_figures of_host;
	size_t count = 0;

	pthread_mutex_lock(&demo->lock);
	demo_catch_up(demo);
	if (demo_host_is_connected(&demo->host) && !demo_host_is_hung(&demo->host)) {
		figures = mem_zalloc((demo->host.guest_count + 1) * sizeof(*figures));
		for (size_t i = 0; i < demo->host.guest_count; i++)
			if (demo_guest_is_running(&demo->host.guests[i]))
				demo_guest_figures(&demo->host, &demo->host.guests[i], &figures[count++]);
		demo_host_figures(&demo->host, &of_host);
	}
	pthread_mutex_unlock(&demo->lock);
	if (figures) {
		if (demo->listener.host_figures)
			demo->listener.host_figures(demo->listener.data, &of_host);
		demo->listener.figures(demo->listener.data, figures, count);
		demo->listener.answered(demo->listener.data);
	}
	free(figures);
	demo->figures_timer = loop_after(demo->loop, backend_figures_interval(&demo->backend), on_figures_timer, demo);
}

static void turn(struct demo *demo);

static void on_world_timer(void *data)
{
	struct demo *demo = data;

	demo->world_timer = 0;
	turn(demo);
}

/* Brings the world up to date, tells what is new, and comes back for what is next. */
static void turn(struct demo *demo)
{
	struct news news;
	int64_t wait_ms;

	pthread_mutex_lock(&demo->lock);
	demo_catch_up(demo);
	take_news(demo, &news);
	demo->timer_due = demo_timeline_next(&demo->host.timeline);
	wait_ms = demo->timer_due < 0 ? -1 : demo->timer_due - demo->host.now;
	pthread_mutex_unlock(&demo->lock);

	loop_cancel_timer(demo->loop, demo->world_timer);
	demo->world_timer = wait_ms < 0 ? 0 : loop_after(demo->loop, wait_ms, on_world_timer, demo);
	tell(&news, &demo->listener);
	if (news.bits & NEWS_LIST && demo->figures_interval_ms) {
		loop_cancel_timer(demo->loop, demo->figures_timer);
		on_figures_timer(demo);
	}
}

static void on_posted_turn(void *data)
{
	struct demo *demo = data;
	bool stopping;

	pthread_mutex_lock(&demo->lock);
	demo->turn_posted = false;
	stopping = demo->stopping;
	pthread_mutex_unlock(&demo->lock);
	if (!stopping)
		turn(demo);
	demo_unref(demo);
}

void demo_post_turn(struct demo *demo)
{
	int64_t next = demo_timeline_next(&demo->host.timeline);
	bool nearer = next >= 0 && (demo->timer_due < 0 || next < demo->timer_due);

	pthread_cond_broadcast(&demo->changed);
	if (demo->turn_posted || demo->stopping || (!demo->host.news && !nearer))
		return;
	demo->turn_posted = true;
	demo->references++;
	loop_post(demo->loop, on_posted_turn, demo);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_turn.h"

#include "backend/demo/demo_notify.h"
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

static void tell_figures(struct demo *demo)
{
	struct vm_figures *figures = NULL;
	size_t count = 0;

	pthread_mutex_lock(&demo->lock);
	demo_catch_up(demo);
	if (demo_host_is_connected(&demo->host) && !demo_host_is_hung(&demo->host)) {
		figures = mem_zalloc((demo->host.guest_count + 1) * sizeof(*figures));
		for (size_t i = 0; i < demo->host.guest_count; i++)
			if (demo_guest_is_running(&demo->host.guests[i]))
				demo_guest_figures(&demo->host, &demo->host.guests[i], &figures[count++]);
	}
	pthread_mutex_unlock(&demo->lock);
	if (figures) {
		demo->listener.figures(demo->listener.data, figures, count);
		demo->listener.answered(demo->listener.data);
	}
	free(figures);
}

static void on_figures_timer(void *data)
{
	struct demo *demo = data;

	tell_figures(demo);
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
	struct demo_notify notify;
	int64_t wait_ms;

	pthread_mutex_lock(&demo->lock);
	demo_catch_up(demo);
	demo_notify_take(&demo->host, demo->born_at, demo->backend.config.read_only, &notify);
	demo->timer_due = demo_timeline_next(&demo->host.timeline);
	wait_ms = demo->timer_due < 0 ? -1 : demo->timer_due - demo->host.now;
	pthread_mutex_unlock(&demo->lock);

	loop_cancel_timer(demo->loop, demo->world_timer);
	demo->world_timer = wait_ms < 0 ? 0 : loop_after(demo->loop, wait_ms, on_world_timer, demo);
	demo_notify_deliver(&notify, &demo->listener);
	if (notify.news & NEWS_LIST && demo->figures_interval_ms) {
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

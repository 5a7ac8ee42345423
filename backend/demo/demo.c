/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo.h"

#include "backend/demo/demo_console.h"
#include "backend/demo/demo_private.h"
#include "backend/demo/demo_notify.h"
#include "backend/demo/demo_uri.h"
#include "base/clock.h"

/* --- notify the listener --- */

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

/* --- the backend's life; UI thread --- */

static bool start(struct backend *be, struct err *err)
{
	struct demo *demo = demo_of(be);

	(void)err;
	pthread_mutex_lock(&demo->lock);
	demo_catch_up(demo);
	demo_host_connect(&demo->host);
	demo_post_turn(demo);
	pthread_mutex_unlock(&demo->lock);
	return true;
}

static bool stop(struct backend *be)
{
	struct demo *demo = demo_of(be);

	pthread_mutex_lock(&demo->lock);
	demo->stopping = true;
	pthread_cond_broadcast(&demo->changed);
	pthread_mutex_unlock(&demo->lock);
	loop_cancel_timer(demo->loop, demo->world_timer);
	loop_cancel_timer(demo->loop, demo->figures_timer);
	while (demo->consoles.count > 0)
		demo_console_end(demo->consoles.at[0]);
	return true;
}

static bool destroy(struct backend *be)
{
	demo_unref(demo_of(be));
	return true;
}

static void refresh(struct backend *be)
{
	struct demo *demo = demo_of(be);

	pthread_mutex_lock(&demo->lock);
	demo_catch_up(demo);
	if (demo->host.state == HOST_LOST)
		demo_host_connect(&demo->host);
	else if (demo_host_is_connected(&demo->host))
		demo->host.news |= NEWS_LIST;
	demo_post_turn(demo);
	pthread_mutex_unlock(&demo->lock);
}

static void watch(struct backend *be, const struct uuid *uuids, size_t count)
{
	/* Nothing here is slow enough to be asked for in an order. */
	(void)be, (void)uuids, (void)count;
}

static const struct backend_impl demo_impl = {
	.name = "demo",
	.is_simulated = true,
	.destroy = destroy,
	.start = start,
	.stop = stop,
	.refresh = refresh,
	.watch = watch,
	.agent_command = demo_agent_command,
	.lifecycle = demo_lifecycle,
	.look = demo_look,
	.leases = demo_leases,
	.console = demo_console,
	.job_percent = demo_job_percent,
	.job_abort = demo_job_abort,
	.snapshot_list = demo_snapshot_list,
	.snapshot_create = demo_snapshot_create,
	.snapshot_revert = demo_snapshot_revert,
	.snapshot_delete = demo_snapshot_delete,
};

static void init_locks(struct demo *demo)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&demo->changed, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&demo->lock, NULL);
}

static struct demo *create(const struct backend_config *config, const struct demo_scenario *scenario,
			   const struct demo_host_plan *plan, uint64_t seed)
{
	struct demo *demo = mem_zalloc(sizeof(*demo));

	demo->backend.impl = &demo_impl;
	demo->scenario = *scenario;
	demo->listener = config->listener;
	demo->loop = config->loop;
	demo->figures_interval_ms = config->one_shot ? 0 : config->figures_interval_ms;
	demo->born_at = clock_ms();
	demo->timer_due = -1;
	demo->references = 1;
	init_locks(demo);
	demo_host_init(&demo->host, plan, seed, clock_wall());
	demo->host.once = config->one_shot;
	return demo;
}

struct backend *demo_backend_create(const struct backend_config *config, struct err *err)
{
	const struct demo_host_plan *plan = NULL;
	struct demo_scenario scenario;
	struct demo *demo = NULL;
	struct demo_uri uri;

	if (!demo_uri_parse(config->uri, &uri, err))
		return NULL;
	if (scenario_load(uri.scenario, uri.host, &scenario, err)) {
		plan = uri.host ? scenario_find_host(&scenario, uri.host) : &scenario.hosts[0];
		if (plan)
			demo = create(config, &scenario, plan, uri.seed ? uri.seed : MAX(scenario.seed, 1));
		else
			err_set(err, ERR_USAGE, _("the demo scenario '%s' has no host '%s'"), uri.scenario, uri.host);
		if (!demo)
			scenario_free(&scenario);
	}
	demo_uri_free(&uri);
	return demo ? &demo->backend : NULL;
}

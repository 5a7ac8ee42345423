/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo.h"

#include "backend/demo/demo_turn.h"
#include "backend/demo/demo_uri.h"
#include "base/clock.h"

#include <inttypes.h>

/* --- the backend's life; UI thread --- */

static bool start(struct backend *be, struct err *err UNUSED)
{
	struct demo *demo = demo_of(be);

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

static void watch(struct backend *be UNUSED, const struct uuid *uuids UNUSED, size_t count UNUSED)
{
	/* Nothing here is slow enough to be asked for in an order. */
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
	.look = demo_get_info,
	.examine = demo_examine,
	.leases = demo_leases,
	.console = demo_console,
	.job_percent = demo_job_percent,
	.job_abort = demo_job_abort,
	.snapshot_list = demo_snapshot_list,
	.snapshot_create = demo_snapshot_create,
	.snapshot_revert = demo_snapshot_revert,
	.snapshot_delete = demo_snapshot_delete,
};

static struct demo *create(const struct backend_config *config, const struct demo_scenario *scenario,
			   const struct demo_host_plan *plan, uint64_t seed)
{
	struct demo *demo = mem_zalloc(sizeof(*demo));
	pthread_condattr_t attr;

	demo->backend.impl = &demo_impl;
	demo->scenario = *scenario;
	demo->listener = config->listener;
	demo->loop = config->loop;
	demo->figures_interval_ms = config->one_shot ? 0 : config->figures_interval_ms;
	demo->born_at = clock_ms();
	demo->timer_due = -1;
	demo->references = 1;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&demo->changed, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&demo->lock, NULL);
	demo_host_init(&demo->host, plan, seed, clock_wall());
	demo->host.once = config->one_shot;
	return demo;
}

struct backend *demo_backend_create(const struct backend_config *config, struct err *err)
{
	const struct demo_host_plan *plan = NULL;
	struct demo_scenario scenario;
	struct demo *demo = NULL;
	OWN(demo_uri) struct demo_uri uri = { 0 };

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
	return demo ? &demo->backend : NULL;
}

/* --- the hosts of a scenario --- */

bool demo_scenario_hosts(const char *words, struct demo_addresses *ret_hosts, struct err *err)
{
	struct demo_addresses list = { 0 };
	struct demo_scenario scenario;
	OWN(demo_uri) struct demo_uri uri = { 0 };
	bool ok;

	if (!demo_uri_parse(words, &uri, err))
		return false;
	/* "" is no host's name: of a fleet, only the hosts are wanted here. */
	ok = scenario_load(uri.scenario, "", &scenario, err);
	for (size_t i = 0; ok && i < scenario.host_count; i++) {
		const struct demo_host_plan *host = &scenario.hosts[i];
		struct demo_address *address;

		if (uri.host && strcmp(uri.host, host->name) != 0)
			continue;
		address = VEC_PUSH(&list);
		address->name = mem_strdup(host->name);
		address->production = host->production;
		address->uri =
			uri.seed ? mem_printf("demo:///%s?host=%s&seed=%" PRIu64, uri.scenario, host->name, uri.seed)
				 : mem_printf("demo:///%s?host=%s", uri.scenario, host->name);
	}
	if (ok) {
		scenario_free(&scenario);
		ok = list.count > 0 || err_set(err, ERR_USAGE, _("the demo scenario '%s' has no host '%s'"),
					       uri.scenario, uri.host ? uri.host : "");
	}
	if (ok)
		*ret_hosts = list;
	return ok;
}

void demo_addresses_free(struct demo_addresses *hosts)
{
	for (size_t i = 0; i < hosts->count; i++) {
		free(hosts->at[i].name);
		free(hosts->at[i].uri);
	}
	VEC_FREE(hosts);
}

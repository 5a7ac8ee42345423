/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one place that knows which backends there are. */
#include "backend/backend_impl.h"
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

static int slots_from_config(int wanted)
{
	if (wanted < 0)
		return 0;
	return wanted ? MIN(wanted, BACKEND_SLOTS_MAX) : BACKEND_SLOTS_DEFAULT;
}

static int or_default(int value, int fallback)
{
	return value ? value : fallback;
}

static struct backend_config config_copy(const struct backend_config *config)
{
	struct backend_config copy = *config;

	copy.uri = mem_strdup(config->uri ? config->uri : "");
	copy.name = mem_strdup(config->name ? config->name : "");
	copy.slots = slots_from_config(config->slots);
	copy.keepalive_interval = or_default(config->keepalive_interval, 5);
	copy.keepalive_count = or_default(config->keepalive_count, 3);
	copy.connect_timeout_ms = or_default(config->connect_timeout_ms, 10000);
	copy.figures_interval_ms = or_default(config->figures_interval_ms, 2000);
	return copy;
}

static bool is_demo(const char *uri)
{
	return strncmp(uri, "demo:", 5) == 0;
}

struct backend *backend_create(const struct backend_config *config, struct err *err)
{
	struct backend_config copy = config_copy(config);
	backend_create_fn *create = is_demo(copy.uri) ? demo_backend_create : libvirt_backend_create;
	struct backend *be = create(&copy, err);
	char *worker_name;

	if (!be) {
		free((char *)copy.uri);
		free((char *)copy.name);
		return NULL;
	}
	be->config = copy;
	worker_name = mem_printf("%s agent", copy.name);
	be->agents = worker_create(copy.loop, worker_name, copy.slots);
	free(worker_name);
	return be;
}

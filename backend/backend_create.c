/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one place that knows which backends there are. */
#include "backend/backend_impl.h"
#include "base/base.h"

struct backend *backend_create(const struct backend_config *config, struct err *err)
{
	const int slots = config->slots ? MIN(config->slots, BACKEND_SLOTS_MAX) : BACKEND_SLOTS_DEFAULT;
	struct backend_config copy = *config;
	backend_create_fn *create;
	struct backend *be;
	OWN(bytes) char *worker_name = NULL;

	copy.uri = mem_strdup(config->uri ? config->uri : "");
	copy.name = mem_strdup(config->name ? config->name : "");
	copy.slots = MAX(slots, 0);
	copy.keepalive_interval = config->keepalive_interval ? config->keepalive_interval : 5;
	copy.keepalive_count = config->keepalive_count ? config->keepalive_count : 3;
	copy.connect_timeout_ms = config->connect_timeout_ms ? config->connect_timeout_ms : 10000;
	copy.figures_interval_ms = config->figures_interval_ms ? config->figures_interval_ms : 2000;
	copy.background_share = config->background_share ? config->background_share : 100;
	create = strncmp(copy.uri, "demo:", strlen("demo:")) == 0 ? demo_backend_create : libvirt_backend_create;
	be = create(&copy, err);
	if (!be) {
		free((char *)copy.uri);
		free((char *)copy.name);
		return NULL;
	}
	be->config = copy;
	worker_name = mem_printf("%s agent", copy.name);
	be->agents = worker_create(copy.loop, worker_name, copy.slots);
	return be;
}

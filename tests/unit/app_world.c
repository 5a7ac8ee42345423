/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/app_world.h"

#include "base/clock.h"
#include "engine/audit.h"
#include "ui/app/app_tasks.h"
#include "unit.h"

struct loop *loop;
struct config config;
struct app *app;

void app_world_prepare(void)
{
	audit_use_socket("");
	clock_stop_at(1000000, 1767268800);
	config_defaults(&config);
	config.slots = -1;
}

void app_world_open(const char *scenario, enum app_mode mode, int parallel)
{
	const struct app_settings settings = { .mode = mode, .config = &config, .parallel = parallel };
	char *uri = mem_printf("demo:///%s", scenario);
	struct err err = { 0 };

	loop = loop_create(&err);
	app = app_create(loop, &settings);
	if (!app_add_host(app, uri, &err) || !app_start(app, &err))
		fail_msg("%s", err.buf);
	free(uri);
}

void app_world_close(void)
{
	assert_true(app_destroy(app, 1000));
	loop_destroy(loop);
}

void wait_ms(int64_t ms)
{
	for (int64_t gone = 0; gone < ms; gone += 50) {
		for (size_t i = 0; i < inventory_host_count(app_inventory(app)); i++)
			worker_crank(app_backend(app, (int)i)->agents, NULL);
		loop_turn(loop, 0);
		clock_advance(50);
	}
}

struct vm *vm_named(const char *name)
{
	struct vm *found = NULL;
	struct err err = { 0 };

	if (!inventory_resolve(app_inventory(app), name, &found, &err))
		fail_msg("%s", err.buf);
	return found;
}

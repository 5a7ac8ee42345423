/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_read.h - where scenarios come from: scenario_load() chooses among these. Any thread; but for the fleet,
 * they read files. False: err says what is wrong, and in which line.
 */
#pragma once

#include "backend/demo/scenario.h"

extern const struct demo_scenario scenario_default;
bool scenario_read_fleet(const char *words, const char *only_host, struct demo_scenario *ret_scenario, struct err *err);
bool scenario_read_file(const char *path, struct demo_scenario *ret_scenario, struct err *err);
/* name: for messages. text: SCENARIO_FILE_MAX bytes at most. */
bool scenario_read_text(const char *name, const char *text, size_t len, struct demo_scenario *ret_scenario,
			struct err *err);

/* Memory that lives as long as the scenario. */
struct demo_store *scenario_store_create(void);
void *scenario_store_keep(struct demo_store *store, void *block); /* takes a malloc'd block over; returns it */
void scenario_store_free(struct demo_store *store);

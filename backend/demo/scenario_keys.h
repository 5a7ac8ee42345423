/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_keys.h - between the two halves of the scenario reader: file and checks, keys and values.
 */
#ifndef INNKEEPER_DEMO_SCENARIO_KEYS_H
#define INNKEEPER_DEMO_SCENARIO_KEYS_H

#include "backend/demo/scenario_read.h"

#include <libconfig.h>

/* What stands at the top of a file. */
struct scenario_top {
	int seed;
	const struct demo_host_plan *hosts;
	size_t host_count;
};

/* Types, ranges, words and required keys are checked here; what keys mean together is not. */
bool scenario_read_keys(const char *name, const config_t *config, struct demo_store *store,
			struct scenario_top *ret_top, struct err *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent_uptime.h - how long the guest's system has been up. The agent has no command for it: Linux tells it in
 * /proc/uptime, which `cat` prints; of others it stays unknown.
 */
#pragma once

#include "backend/guest/agent_sessions.h"

struct uptime_query {
	struct session_program program;
};

/* A guest of which nothing else is known than this can be asked for it. */
bool uptime_query_is_possible(const struct guest_profile *profile);
/*
 * Worker thread, one agent call at the most, as session_query_step(); *ret_ms once it is QUERY_DONE, and then the
 * profile knows whether the agent is confined. Begins zeroed, and only where it is possible.
 */
enum query_outcome uptime_query_step(struct uptime_query *query, struct guest_profile *profile,
				     const struct agent_target *target, int64_t *ret_wait_ms, int64_t *ret_ms,
				     struct err *err);
void uptime_query_end(struct uptime_query *query); /* whatever became of it */

/* "35735.12 71000.03\n" -> 35735120. Any thread. */
bool uptime_parse(const char *out, size_t len, int64_t *ret_ms);

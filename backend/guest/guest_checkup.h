/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_checkup.h - what `doctor` asks of a guest beside who is logged on: its clock, the agent's process and its
 * children, the units of systemd that a log-off needs. A machine for job steps; two programs at the most are started.
 */
#pragma once

#include "backend/guest/guest_os.h"

enum {
	CHECKUP_CLOCK_S = 5,            /* a clock may be off by so much */
	CHECKUP_AGENT_KIB = 128 * 1024, /* the agent may use so much memory; usual are 5 MiB */
	CHECKUP_ZOMBIES = 1,            /* one may have ended just now */
	CHECKUP_FROZEN_MS = 60 * 1000,  /* file systems may be frozen for so long */
};

/* Begins zeroed. */
struct guest_checkup_query {
	struct session_program program;
	int part;
};

/*
 * Worker thread, one agent call at the most. QUERY_AGAIN: call again in *ret_wait_ms; else QUERY_DONE, and
 * profile->checkup knows what could be found out. The profile is known.
 */
enum query_outcome guest_checkup_step(struct guest_checkup_query *query, struct guest_profile *profile,
				      const struct agent_target *target, int64_t *ret_wait_ms);
void guest_checkup_end(struct guest_checkup_query *query); /* whatever became of it */

/* How the agent gets into a guest and is started there. os_declared: libosinfo's id, "" unknown. Owned. */
struct safe_text guest_checkup_install_advice(struct safe_text os_declared);

/* --- parsers, pure, for tests and fuzzers; what they do not understand stays unknown --- */

/* "PID PPID STAT RSS COMMAND" lines. */
void checkup_parse_processes(const char *out, size_t len, struct guest_checkup *ret);
/* Id=, LoadState= and ActiveState= lines, a blank line between units. */
void checkup_parse_units(const char *out, size_t len, struct guest_checkup *ret);

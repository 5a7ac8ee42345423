/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kill.h - a console that dies at any moment that can be told from another, and what is left of it.
 *
 * The guest and the counters live in memory that outlasts the console's process. Each system call of
 * ours that touches a file, a lock or a descriptor (wrap.h), and each call to the guest, has a kill
 * point before and behind it. die_at chooses the one where SIGKILL comes.
 *
 * A power cut takes with it what was not yet synced; kill_cut_power() does that to the journal.
 */
#pragma once

#include "tests/unit/fake_guest.h"

#include <sys/types.h>

enum { KILL_CALLS = 64, KILL_NEVER = 0 };

struct kill_world {
	struct fake_guest guest;
	int64_t now_ms;
	int points;  /* passed by the console that runs now */
	int die_at;  /* from 1; KILL_NEVER */
	int stop_at; /* there it waits for SIGCONT; KILL_NEVER */
	/* What the guest carried out that cannot be undone: each distinct call, and how often. */
	struct {
		char line[160];
		int times;
	} done[KILL_CALLS];
	int done_count;
	/* The journal's file as a disk would know it. */
	int journal_fd;
	off_t synced;
	bool renamed, named;
	bool failed; /* wrap_plan's */
	bool ended;  /* the console saw the end of its task */
};

struct kill_world *kill_world_create(enum fake_kind kind);
void kill_world_free(struct kill_world *world);

/* Runs the console in a process of its own. Returns what waitpid() says of it. */
typedef void kill_console_fn(struct kill_world *world);
pid_t kill_start(struct kill_world *world, kill_console_fn *console);
int kill_wait(pid_t pid);
int kill_run(struct kill_world *world, kill_console_fn *console);

/* What the guest kept in the memory of a console that died is gone with it. */
void kill_bury(struct kill_world *world);

/* Its clock goes on where the last one stopped; kept for whoever comes next. */
void kill_crank(struct kill_world *world, int64_t ms);
void kill_point(void);
/* What was written and not synced is gone. */
void kill_cut_power(const struct kill_world *world);
int kill_times_done(const struct kill_world *world);

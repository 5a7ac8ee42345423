/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_turn.h - struct demo, what the files of the demo backend share, and its turns: the world brought up to date and
 * told to the listener. Also: the calls of workers (demo_calls.c, demo_console.c).
 */
#pragma once

#include "backend/backend_impl.h"
#include "backend/demo/demo_host.h"

#include <pthread.h>

struct demo_console;

/*
 * Workers and the UI thread look at one simulated host, and a worker has to be able to wait in it (for a
 * guest that never answers) until stop() calls it back: hence a mutex and a condition.
 */
struct demo {
	struct backend backend;
	struct demo_scenario scenario;
	struct backend_listener listener; /* UI thread, like the timers */
	struct loop *loop;
	int figures_interval_ms; /* 0: none are told */
	int world_timer, figures_timer;
	struct {
		VEC(struct demo_console *);
	} consoles; /* UI thread */

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	struct demo_host host;
	int64_t born_at;   /* clock_ms() */
	int64_t timer_due; /* host time of world_timer, -1 none */
	int references;    /* the backend's, and one of a turn that was posted */
	bool turn_posted, stopping;
};

static inline struct demo *demo_of(struct backend *be)
{
	return (struct demo *)be;
}

void demo_unref(struct demo *demo);
/* Lock held: the world is as it is now. */
void demo_catch_up(struct demo *demo);
/* Lock held: the UI thread has something to tell, or a nearer moment to wait for. */
void demo_post_turn(struct demo *demo);

/*
 * A worker's call: where it goes (takes the lock, also where it fails: NULL), and back (gives it). The guest is one
 * that we may change.
 */
struct demo_guest *demo_enter_to_write(struct demo *demo, const struct uuid *uuid, struct err *err);
bool demo_leave(struct demo *demo, bool ok);

/* --- calls of workers: struct backend_impl --- */

bool demo_agent_command(struct backend *be, int slot, const struct uuid *uuid, const char *command, int timeout_ms,
			char **ret_reply, struct err *err);
bool demo_job_percent(struct backend *be, int slot, const struct uuid *uuid, int *ret_percent, struct err *err);
bool demo_job_abort(struct backend *be, int slot, const struct uuid *uuid, struct err *err);
bool demo_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation, bool use_agent,
		    struct err *err);
bool demo_examine(struct backend *be, int slot, const struct uuid *uuid, struct backend_examination *ret,
		  struct err *err);
bool demo_get_info(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts, struct err *err);
bool demo_leases(struct backend *be, int slot, const struct uuid *uuid, struct address_list *ret_list, struct err *err);
bool demo_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			struct err *err);
bool demo_snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			  struct err *err);
bool demo_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err);
bool demo_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err);
bool demo_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd, struct err *err);
/* UI thread: closes it, and takes it out of demo->consoles. */
void demo_console_end(struct demo_console *console);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness.h - hears one backend out, and remembers: for tests that say the same of every backend.
 * Real threads, a real loop: waiting means turning the loop until it is so, or until the time is over.
 */
#pragma once

#include "backend/backend.h"
#include "base/vec.h"
#include "model/inventory.h"

enum { WITNESS_STATES_MAX = 256 };

struct witness {
	struct loop *loop;
	struct inventory *inventory;
	struct host *host; /* in the inventory */
	struct backend *backend;

	enum host_state states[WITNESS_STATES_MAX]; /* each change, in order */
	size_t state_count;
	size_t lists, answers, figures, boots, reboots, notes, gone;
	char last_note[256];
	enum vm_state stopped; /* how the last one that stopped did; UNKNOWN: none */
};

struct witness_config {
	const char *uri;
	bool read_only, locked, one_shot;
	int connect_timeout_ms; /* 0: the default */
	int figures_interval_ms, background_share;
	int keepalive_interval, keepalive_count;
};

struct witness *witness_start(const struct witness_config *config);
/* How long the backend took to go; -1: something was stuck, and is left. */
int64_t witness_finish(struct witness *witness);

typedef bool witness_condition(struct witness *witness);

/* Turns the loop until it is so; false: it was not within ms. */
bool witness_until(struct witness *witness, witness_condition *condition, int64_t ms);
void witness_turn_for(struct witness *witness, int64_t ms);

bool witness_is_live(struct witness *witness);
bool witness_is_listed(struct witness *witness); /* and live */
bool witness_is_lost(struct witness *witness);
bool witness_is_stale(struct witness *witness);

/* The first machine in this state, NULL: none. */
struct vm *witness_vm_in_state(struct witness *witness, enum vm_state state);
struct vm *witness_vm(struct witness *witness, const struct uuid *uuid);

/* Calls from a job of the pool, as every caller must; here they are waited for. False: err. */
bool witness_verb(struct witness *witness, const struct uuid *uuid, enum operation operation, struct err *err);
bool witness_agent(struct witness *witness, const struct uuid *uuid, enum backend_intent intent, const char *command,
		   char **ret_reply, struct err *err);
bool witness_look(struct witness *witness, const struct uuid *uuid, struct vm_info *ret, struct err *err);
bool witness_examine(struct witness *witness, const struct uuid *uuid, struct backend_examination *ret,
		     struct err *err);
bool witness_leases(struct witness *witness, const struct uuid *uuid, struct address_list *ret, struct err *err);
bool witness_console(struct witness *witness, const struct uuid *uuid, int *ret_fd, struct err *err);
bool witness_snapshots(struct witness *witness, const struct uuid *uuid, struct snapshot_list *ret, struct err *err);
bool witness_snapshot_create(struct witness *witness, const struct uuid *uuid, const struct snapshot_order *order,
			     struct err *err);
bool witness_snapshot_revert(struct witness *witness, const struct uuid *uuid, const char *key, struct err *err);
/* -1: it does not tell, or does nothing of the kind. */
int witness_job_percent(struct witness *witness, const struct uuid *uuid, struct err *err);
bool witness_job_abort(struct witness *witness, const struct uuid *uuid, struct err *err);
bool witness_snapshot_delete(struct witness *witness, const struct uuid *uuid, const char *key, struct err *err);

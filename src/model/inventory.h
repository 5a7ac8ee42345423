/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inventory.h - all hosts and VMs that we know, and the one place that changes them.
 *
 * UI thread only. Backends post events (backend/backend.h), inventory_apply_*() turns them into
 * changes, and listeners hear which VM changed. A struct vm * stays valid until its GONE notice.
 */
#pragma once

#include "base/vec.h"
#include "model/host.h"
#include "model/vm.h"

enum inventory_change {
	INVENTORY_HOST,    /* a host's state */
	INVENTORY_ADDED,   /* a VM is new */
	INVENTORY_CHANGED, /* its state, agent, users or names */
	INVENTORY_FIGURES, /* only its figures */
	INVENTORY_REBOOTED,
	INVENTORY_NOTED, /* its host, or a host of itself (no VM), said something: inventory_note() */
	INVENTORY_GONE,  /* last notice before the struct is freed */
};

typedef void inventory_listener_fn(void *data, enum inventory_change change, struct host *host, struct vm *vm);

struct inventory;

struct inventory *inventory_create(void);
void inventory_destroy(struct inventory *inventory);
void inventory_listen(struct inventory *inventory, inventory_listener_fn *listener, void *data);
void inventory_unlisten(struct inventory *inventory, inventory_listener_fn *listener, void *data);

/* Names are unique: a clash gets "-2", "-3" ... appended. The URI is kept without its password. */
struct host *inventory_add_host(struct inventory *inventory, const char *name, const char *uri);
size_t inventory_host_count(const struct inventory *inventory);
struct host *inventory_host(const struct inventory *inventory, int index);

size_t inventory_vm_count(const struct inventory *inventory);
struct vm *inventory_vm_at(const struct inventory *inventory, size_t index); /* any order, stable between changes */
struct vm *inventory_find(const struct inventory *inventory, const struct vm_id *id); /* O(1) */
/* Grows with each VM that comes or changes, but for its figures; never 0. */
uint64_t inventory_version(const struct inventory *inventory);

/* What a host has, counted. */
struct host_tally {
	size_t vms, running, off;
	size_t users;         /* people, where they are known */
	size_t users_unknown; /* VMs that run, and nobody knows who is on */
	size_t logins_disabled;
};
/* One for each host; borrowed, until the inventory changes. Counted anew only after a change. */
const struct host_tally *inventory_tally(struct inventory *inventory);

/* Resolves NAME, UUID or HOST/NAME. ret_vm: the one match. Error texts list the candidates. */
bool inventory_resolve(const struct inventory *inventory, const char *words, struct vm **ret_vm, struct err *err);

/* --- what events do; each tells the listeners when something changed --- */

/* The whole list of a host: what is not in it is gone. Takes the facts over. */
void inventory_apply_list(struct inventory *inventory, int host, struct vm_info *info, size_t count);
void inventory_apply_facts(struct inventory *inventory, int host, struct vm_info *info); /* adds it if new */
void inventory_apply_gone(struct inventory *inventory, int host, const struct uuid *uuid);
void inventory_apply_channel(struct inventory *inventory, int host, const struct uuid *uuid,
			     enum agent_channel channel);
void inventory_apply_figures(struct inventory *inventory, int host, const struct vm_figures *figures, size_t count);
void inventory_apply_host(struct inventory *inventory, int host, enum host_state state, enum host_access access,
			  int64_t retry_at, struct safe_text trouble /* owned: taken over */);
void inventory_apply_rebooted(struct inventory *inventory, int host, const struct uuid *uuid);
void inventory_apply_note(struct inventory *inventory, int host, const struct uuid *uuid /* or NULL */,
			  struct safe_text text /* owned: taken over */);
struct safe_text inventory_note(const struct inventory *inventory); /* borrowed; while INVENTORY_NOTED is told */
/* After changing a VM's guest part by hand (sessions, heartbeat, trouble). */
void inventory_touch(struct inventory *inventory, struct vm *vm);

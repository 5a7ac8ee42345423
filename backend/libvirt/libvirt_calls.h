/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_calls.h - what jobs of the pool ask a host for. Worker threads, ownership and errors as backend.h says of the
 * call of the same name; each slot has a connection of its own.
 */
#pragma once

#include "backend/backend_impl.h"

bool libvirt_agent_command(struct backend *be, int slot, const struct uuid *uuid, const char *command, int timeout_ms,
			   char **ret_reply, struct err *err);
bool libvirt_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation, bool use_agent,
		       struct err *err);
bool libvirt_get_info(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts,
		      struct err *err);

bool libvirt_examine(struct backend *be, int slot, const struct uuid *uuid, struct backend_examination *ret,
		     struct err *err);

/* False: the host allowed us only a read-only connection; err. */
bool libvirt_may_write(const struct backend *be, struct err *err);

bool libvirt_leases(struct backend *be, int slot, const struct uuid *uuid, struct address_list *ret_list,
		    struct err *err);

bool libvirt_job_percent(struct backend *be, int slot, const struct uuid *uuid, int *ret_percent, struct err *err);
bool libvirt_job_abort(struct backend *be, int slot, const struct uuid *uuid, struct err *err);

bool libvirt_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			   struct err *err);
bool libvirt_snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			     struct err *err);
bool libvirt_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err);
bool libvirt_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err);

/* --- libvirt_console.c --- */

bool libvirt_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd, struct err *err);
/* UI: all consoles were left by who used them. False: one still waits for its host. */
bool libvirt_consoles_are_closed(int64_t wait_ms);

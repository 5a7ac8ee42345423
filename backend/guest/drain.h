/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drain.h - clear one VM for maintenance, as one task that can be cancelled:
 *
 *	(disable autostart) -> disable logins -> warn, grace -> log off -> verify -> (shut down) -> report
 *	                                  └── cancelled, or failed: logins and autostart are enabled again
 *
 * Made of the operations that do these alone. A guest whose logins cannot be disabled (no session host) goes on
 * without, and the note says so. Without shutting down logins stay disabled at the end, until they are enabled
 * on request; a guest that shuts down forgets it: /run is not kept, and Windows is drained until it restarts.
 * Where somebody is on in spite of all that, nothing is shut down. A VM that is to be shut down and is off needs no
 * more than its autostart disabled.
 *
 * uncordon is the way back, from what the journal of the drain found: autostart, whether it ran, logins.
 */
#pragma once

#include "backend/guest/logoff.h"
#include "backend/guest/op.h"

struct drain_options {
	struct logoff_options logoff; /* message, grace, force, timeout, dry_run */
	bool shut_down;
	int shutdown_timeout_s; /* 0: 180 */
};

/* Freed by op_destroy(). journal may be NULL. */
struct op *drain_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			const struct drain_options *options, const struct op_journal *journal);
/*
 * Before the first step, of one that is not a dry run. now: the VM. found_autostart: what it had before the first drain
 * that was not undone. earlier: a drain that nobody saw end; what it sent is not sent again. NULL: there is none.
 * True: it is to change what uncordon restores.
 */
bool drain_prepare(struct op *drain, const struct vm_info *now, bool found_autostart,
		   const struct journal_entry *earlier);
/* Whether it left something that only uncordon undoes: the VM shut down, or its autostart disabled. Between steps. */
bool drain_left_cordoned(const struct op *drain);
int drain_left_autostart(const struct op *drain); /* 0, 1; -1: it had nothing to do with it */

/* Freed by op_destroy(). journal may be NULL. uncordon_prepare() before the first step; else there is nothing to do. */
struct op *uncordon_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			   const struct op_journal *journal);
/* found: the last drain's entry. */
void uncordon_prepare(struct op *uncordon, const struct vm_info *now, const struct journal_entry *found);
bool uncordon_enabled_logins(const struct op *uncordon);
bool uncordon_enabled_autostart(const struct op *uncordon);

/* Whether it disabled logins at all (or found them disabled by us), and whether they are now. Between steps. */
bool drain_changed_logins(const struct op *drain);
bool drain_left_logins_disabled(const struct op *drain);

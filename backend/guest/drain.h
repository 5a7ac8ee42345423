/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drain.h - clear one VM for maintenance, as one task that can be cancelled:
 *
 *	disable logins -> warn, grace -> log off -> verify -> (shut down) -> report
 *	                      └── cancelled, or failed: logins are enabled again
 *
 * Made of the operations that do these alone. A guest whose logins cannot be disabled (no session host) goes on
 * without, and the note says so. Without shutting down logins stay disabled at the end, until they are enabled
 * on request; a guest that shuts down forgets it: /run is not kept, and Windows is drained until it restarts.
 * Where somebody is on in spite of all that, nothing is shut down.
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
/* Whether it disabled logins at all (or found them disabled by us), and whether they are now. Between steps. */
bool drain_changed_logins(const struct op *drain);
bool drain_left_logins_disabled(const struct op *drain);

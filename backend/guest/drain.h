/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drain.h - clear one VM for maintenance, as one task that can be cancelled:
 *
 *	close the door -> warn, grace -> log off -> verify -> (shut down) -> report
 *	                      └── cancelled, or failed: the door is opened again
 *
 * Made of the operations that do these alone. A guest without a door (no pam_nologin, no session host) goes on
 * without, and the note says so. Without shutting down the door stays closed at the end, until it is opened
 * on request; a guest that shuts down forgets it: /run is not kept, and Windows is drained until it restarts.
 * Where somebody is on in spite of all that, nothing is shut down.
 */
#ifndef INNKEEPER_DRAIN_H
#define INNKEEPER_DRAIN_H

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
/* Whether it closed the door at all (or found it closed by us), and whether it is closed now. Between steps. */
bool drain_changed_logins(const struct op *drain);
bool drain_left_logins_disabled(const struct op *drain);

#endif

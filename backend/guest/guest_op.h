/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_op.h - the small operations in a guest, as operations: a message, lock, disconnect, logins,
 * the clock, the file systems. One row each (guest_op.c).
 *
 *	check -> list (which family, which sessions) -> run, once or per session -> done
 *
 * Logins disabled: no new user can log on; existing sessions stay. Linux: /run/nologin, which
 * pam_nologin(8) honours for everybody but root, and which a restart removes; FreeBSD: /var/run/nologin, the
 * same by nologin(5); a file that somebody else put there is left alone. Windows: `change logon /drain`, or
 * `/drainuntilrestart`, of session hosts (chglogon.exe): both keep new sessions out, and the second is over with the
 * next restart ("change logon" at learn.microsoft.com); other editions have none.
 *
 * A command whose answer was lost is not sent again; the task then ends in VM_E_TIMED_OUT and says so.
 */
#pragma once

#include "backend/guest/agent_sessions.h"
#include "backend/guest/op.h"
#include "backend/guest/session_choice.h"

struct guest_op_options {
	const char *message;          /* MESSAGE, and what a refused log-on says; NULL: a sentence of ours; copied */
	struct session_selector whom; /* LOCK, DISCONNECT; copied */
	bool until_restart; /* DISABLE_LOGINS: Windows is to forget it when it restarts, as Linux does anyway */
	int timeout_s;      /* 0: guest_op_timeout_s() */
};

int guest_op_timeout_s(enum operation operation, int wanted_s); /* wanted_s, or the operation's own where that is 0 */

/* op: OPERATION_OF_GUEST. journal may be NULL. Freed by op_destroy(). */
struct op *guest_op_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			   enum operation operation, const struct guest_op_options *options,
			   const struct op_journal *journal);

/* DISABLE_LOGINS that is complete: they are disabled, and by us; it made a file that keeps nobody out, and failed. */
bool guest_op_disabled_logins(const struct op *op);
bool guest_op_keeps_nobody_out(const struct op *op);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * op_create.h - from the row of an operation (model/operation.h) to the steps that carry it out.
 */
#pragma once

#include "backend/guest/drain.h"
#include "backend/guest/guest_op.h"
#include "backend/guest/lifecycle.h"
#include "backend/guest/logoff.h"
#include "backend/guest/snapshot_op.h"

/* What an operation needs to know; each takes what applies to it. Texts are borrowed for the call. */
struct op_params {
	enum operation operation;
	const char *reason;           /* for the users, where they are told something, and the records; NULL: none */
	struct logoff_options logoff; /* message, whom, dry_run, and timeout_s (0: op_timeout_s()) for all operations */
	bool shut_down;               /* OP_DRAIN */
	enum shutdown_mode way;       /* HAS_SHUTDOWN_MODES */
	struct snapshot_params snapshot; /* OPERATION_OF_SNAPSHOT; its name must be given */
};

/* Seconds for the whole task, grace period included; windows: the guest is known to be one. */
int op_timeout_s(const struct op_params *params, bool windows);
/* Freed by op_destroy(). params: copied. journal may be NULL. */
struct op *op_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
		     const struct op_params *params, const struct op_journal *journal);

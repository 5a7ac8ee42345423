/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot_op.h - a snapshot is taken, gone back to, or deleted, as an operation.
 *
 *	look, ability -> list -> send -> done           create, of the disks alone, quiesced
 *	list -> send -> done                            else
 *	                send -> watch -> done, unknown  its answer was lost: the list of snapshots decides
 *
 * Of a VM that runs, either its memory is kept as well (the host stops it meanwhile, so nothing has to be quiesced),
 * or its disks alone. Those are as after a power cut, unless the guest's agent freezes the file systems meanwhile.
 * Whether it can is asked before anything is sent. Nothing is ever sent twice.
 *
 * Sending lasts as long as the work, and no host tells how far a snapshot is: percent is 0 until it is done.
 */
#pragma once

#include "backend/backend.h"
#include "backend/guest/op.h"

int snapshot_op_timeout_s(int wanted_s); /* wanted_s, or the usual one where that is 0 */

/*
 * verb: OP_SNAPSHOT_CREATE ... _DELETE. wish: copied; its name must be given. journal may be NULL.
 * Freed by op_destroy().
 */
struct op *snapshot_op_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			      enum operation operation, const struct snapshot_params *wish, int timeout_s,
			      const struct op_journal *journal);

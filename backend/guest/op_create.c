/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/op_create.h"

enum { LIFECYCLE_TIMEOUT_S = 180 };

struct op *op_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
		     const struct op_params *params, const struct op_journal *journal)
{
	const enum operation operation = params->operation;
	const int timeout_s = params->logoff.timeout_s;
	const struct guest_op_options in_guest = { .message = params->logoff.message,
						   .whom = params->logoff.whom,
						   .timeout_s = timeout_s };
	const struct drain_options drain = { .logoff = params->logoff,
					     .shut_down = params->shut_down,
					     .shutdown_timeout_s = LIFECYCLE_TIMEOUT_S };
	struct op *op;

	/* No default: of a new kind the compiler misses its line. */
	switch (operation_get(operation)->kind) {
	case OPERATION_OF_SESSIONS:
		return logoff_create(backend, uuid, vm_name, &params->logoff, journal);
	case OPERATION_OF_GUEST:
		return guest_op_create(backend, uuid, vm_name, operation, &in_guest, journal);
	case OPERATION_OF_PLAN:
		return operation == OP_UNCORDON ? uncordon_create(backend, uuid, vm_name, journal)
						: drain_create(backend, uuid, vm_name, &drain, journal);
	case OPERATION_OF_SNAPSHOT:
		return snapshot_op_create(backend, uuid, vm_name, operation, &params->snapshot, timeout_s, journal);
	case OPERATION_OF_HOST:
	case OPERATION_KIND_COUNT:
		break;
	}
	op = lifecycle_create(backend, uuid, vm_name, operation, timeout_s, journal);
	lifecycle_set_way(op, params->way);
	return op;
}

int op_timeout_s(const struct op_params *params, bool windows)
{
	const int wanted_s = params->logoff.timeout_s;
	const struct guest_os *os = guest_os_get(windows ? FAMILY_WINDOWS : FAMILY_UNKNOWN);
	const int logoff_s = (wanted_s > 0 ? wanted_s : os->logoff_timeout_s) + params->logoff.grace_s;

	switch (operation_get(params->operation)->kind) {
	case OPERATION_OF_SESSIONS:
		return logoff_s;
	case OPERATION_OF_PLAN:
		return logoff_s + (params->shut_down ? LIFECYCLE_TIMEOUT_S : 0);
	case OPERATION_OF_GUEST:
		return guest_op_timeout_s(params->operation, wanted_s);
	case OPERATION_OF_SNAPSHOT:
		return snapshot_op_timeout_s(wanted_s);
	default:
		return wanted_s > 0 ? wanted_s : LIFECYCLE_TIMEOUT_S;
	}
}

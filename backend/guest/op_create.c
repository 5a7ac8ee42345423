/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/op_create.h"

enum { LIFECYCLE_TIMEOUT_S = 180 };

/* Who the operation is done to, and who records it. */
struct target {
	struct backend *backend;
	const struct uuid *uuid;
	struct safe_text vm_name;
	const struct op_journal *journal;
};

static struct op *create_lifecycle(const struct target *to, const struct op_params *params)
{
	struct op *op = lifecycle_create(to->backend, to->uuid, to->vm_name, params->operation,
					 params->logoff.timeout_s, to->journal);

	lifecycle_set_way(op, params->way);
	return op;
}

static struct op *create_logoff(const struct target *to, const struct op_params *params)
{
	return logoff_create(to->backend, to->uuid, to->vm_name, &params->logoff, to->journal);
}

static struct op *create_guest_op(const struct target *to, const struct op_params *params)
{
	const struct guest_op_options options = { .message = params->logoff.message,
						  .whom = params->logoff.whom,
						  .timeout_s = params->logoff.timeout_s };

	return guest_op_create(to->backend, to->uuid, to->vm_name, params->operation, &options, to->journal);
}

static struct op *create_drain(const struct target *to, const struct op_params *params)
{
	const struct drain_options options = { .logoff = params->logoff,
					       .shut_down = params->shut_down,
					       .shutdown_timeout_s = LIFECYCLE_TIMEOUT_S };

	return drain_create(to->backend, to->uuid, to->vm_name, &options, to->journal);
}

static struct op *create_snapshot(const struct target *to, const struct op_params *params)
{
	return snapshot_op_create(to->backend, to->uuid, to->vm_name, params->operation, &params->snapshot,
				  params->logoff.timeout_s, to->journal);
}

typedef struct op *create_fn(const struct target *to, const struct op_params *params);

static create_fn *const creators[] = {
	[OPERATION_OF_HOST] = create_lifecycle,    [OPERATION_OF_SESSIONS] = create_logoff,
	[OPERATION_OF_GUEST] = create_guest_op,    [OPERATION_OF_PLAN] = create_drain,
	[OPERATION_OF_SNAPSHOT] = create_snapshot,
};
_Static_assert(ARRAY_SIZE(creators) == OPERATION_KIND_COUNT, "a kind of operation without its creator");

struct op *op_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
		     const struct op_params *params, const struct op_journal *journal)
{
	const struct target to = { backend, uuid, vm_name, journal };

	return creators[operation_get(params->operation)->kind](&to, params);
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

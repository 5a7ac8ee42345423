/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/lifecycle.h"

#include "base/clock.h"

enum {
	TIMEOUT_S = 180,
	FIRST_WATCH_MS = 500,
	WATCH_EVERY_MS = 1000,
	BACK_OFF_MS = 2000,
	NEWS_MS = 5000, /* how long the event that tells why a VM is gone may be on its way */
};

struct lifecycle {
	struct op op; /* first */
	enum operation operation;
	enum shutdown_mode way;
	atomic_bool rebooted;
	bool use_agent, had_agent;
	bool was_down;   /* since it was sent: the agent or the guest was seen away */
	int64_t gone_at; /* clock_ms(): since when the host has no such domain; 0: it has */
};

/* --- how it ends --- */

static bool has_ways(enum operation operation)
{
	return operation_get(operation)->flags & HAS_SHUTDOWN_MODES;
}

static int64_t finish_err(struct lifecycle *lifecycle, const struct err *err)
{
	if (err->kind == ERR_AGENT_FROZEN && has_ways(lifecycle->operation))
		return op_fail(
			&lifecycle->op, E_NOT_READY,
			_("%s: %s: the guest's file systems are frozen, a backup is running; try again when it is "
			  "over (%s)"),
			text_str(lifecycle->op.vm_name), operation_name(lifecycle->operation), text_str(err_text(err)));
	return op_fail(&lifecycle->op, result_from_err(err->kind), "%s: %s: %s", text_str(lifecycle->op.vm_name),
		       operation_name(lifecycle->operation), text_str(err_text(err)));
}

static int64_t finish_late(struct lifecycle *lifecycle)
{
	lifecycle->op.report.maybe_sent = true;
	return op_fail(&lifecycle->op, VM_E_TIMED_OUT, _("%s, after %d s: %s"), text_str(lifecycle->op.vm_name),
		       lifecycle->op.timeout_s, _(operation_get(lifecycle->operation)->late));
}

/* What was asked of it may come true there, or not at all. */
static int64_t finish_moved(struct lifecycle *lifecycle)
{
	lifecycle->op.report.maybe_sent = true;
	return op_fail(&lifecycle->op, VM_E_VM_NOT_RUNNING,
		       _("%s moved to another host (migration) after %s was sent; check it there"),
		       text_str(lifecycle->op.vm_name), operation_name(lifecycle->operation));
}

/* --- look --- */

static hresult code_of_objection(enum vm_state state)
{
	switch (state) {
	case VM_STATE_PAUSED:
	case VM_STATE_PMSUSPENDED:
	case VM_STATE_MIGRATING:
		return VM_E_VM_PAUSED;
	case VM_STATE_IN_SHUTDOWN:
		return E_SHUTDOWN_IN_PROGRESS;
	case VM_STATE_SHUTOFF:
	case VM_STATE_CRASHED:
	case VM_STATE_SAVED:
	case VM_STATE_MIGRATED:
		return VM_E_VM_NOT_RUNNING;
	default:
		return DISP_E_EXCEPTION;
	}
}

static int64_t look_step(struct lifecycle *lifecycle, const struct agent_target *target)
{
	OWN(vm_info) struct vm_info info = { 0 };
	const char *objection;
	struct err err = { 0 };
	enum vm_state state;
	bool ready, is_there;

	op_set_phase(&lifecycle->op, TASK_PHASE_CHECK, 0);
	if (!backend_get_info(target->backend, target->slot, &target->uuid, &info, &err))
		return finish_err(lifecycle, &err);
	state = info.state;
	lifecycle->had_agent = info.channel == CHANNEL_CONNECTED;
	lifecycle->use_agent = has_ways(lifecycle->operation) && lifecycle->way != WAY_ACPI &&
			       (lifecycle->had_agent || lifecycle->way == WAY_AGENT);
	/* What libvirt says of an agent that is not there may be in any language, and no time tells what it means. */
	ready = !lifecycle->use_agent || lifecycle->way != WAY_AGENT ||
		guest_check_facts(&info, lifecycle->op.vm_name, &err);
	is_there = lifecycle->operation == OP_ADD_CHANNEL && info.channel > CHANNEL_ABSENT;
	objection = operation_get(lifecycle->operation)->refused[state];
	if (objection)
		return op_fail(&lifecycle->op, code_of_objection(state), "%s: %s", text_str(lifecycle->op.vm_name),
			       _(objection));
	if (!ready)
		return op_fail(&lifecycle->op, agent_err_code(&err), "%s", text_str(err_text(&err)));
	if (is_there) {
		text_set(&lifecycle->op.report.note, text_format("%s", _("it has the channel already")));
		return op_done(&lifecycle->op);
	}
	return op_set_phase(&lifecycle->op, TASK_PHASE_HOST, 0);
}

/* --- send --- */

static int64_t send_step(struct lifecycle *lifecycle, const struct agent_target *target)
{
	struct err err = { 0 };

	/* The writing of a memory image can be called off while the host is at it. */
	if (lifecycle->operation != OP_MANAGEDSAVE && !op_commit(&lifecycle->op))
		return 0;
	if (!op_journal_intent(&lifecycle->op, &err, "%s%s", operation_name(lifecycle->operation),
			       lifecycle->use_agent ? " (agent)" : ""))
		return finish_err(lifecycle, &err);
	lifecycle->op.report.cancelable = false;
	atomic_store(&lifecycle->rebooted, false);
	atomic_store(&lifecycle->op.stopped, VM_STATE_UNKNOWN);
	if (backend_lifecycle(target->backend, target->slot, &target->uuid, lifecycle->operation, lifecycle->use_agent,
			      &err))
		return op_set_phase(&lifecycle->op, TASK_PHASE_WAIT, FIRST_WATCH_MS);
	if (err.kind == ERR_CANCELLED)
		return op_cancelled(&lifecycle->op, _("cancelled on the host: the VM is unchanged"));
	if (agent_err_is_in_flight(&err)) {
		lifecycle->op.report.maybe_sent = true;
		return op_set_phase(&lifecycle->op, TASK_PHASE_WAIT, FIRST_WATCH_MS);
	}
	if (lifecycle->use_agent && lifecycle->way == WAY_AGENT_FIRST && agent_err_is_agents_no(&err)) {
		lifecycle->use_agent = false;
		return 0;
	}
	if (!agent_err_is_passing(&err) || op_is_over_time(&lifecycle->op))
		return finish_err(lifecycle, &err);
	lifecycle->op.report.cancelable = true;
	return BACK_OFF_MS;
}

/* --- watch --- */

static bool restart_was_seen(const struct lifecycle *lifecycle, const struct vm_info *info)
{
	if (atomic_load(&lifecycle->rebooted))
		return true;
	return lifecycle->was_down && vm_state_is_active(info->state) &&
	       (!lifecycle->had_agent || info->channel == CHANNEL_CONNECTED);
}

static bool is_reached(const struct lifecycle *lifecycle, const struct vm_info *info)
{
	switch (lifecycle->operation) {
	case OP_AUTOSTART:
		return info->autostart == 1;
	case OP_NO_AUTOSTART:
		return info->autostart == 0;
	case OP_ADD_CHANNEL:
		/* A host that answered yes has defined it. */
		return !lifecycle->op.report.maybe_sent || info->channel > CHANNEL_ABSENT;
	case OP_RESET:
		/* QEMU resets before it answers. */
		return !lifecycle->op.report.maybe_sent || restart_was_seen(lifecycle, info);
	case OP_REBOOT:
		return restart_was_seen(lifecycle, info);
	default:
		return operation_is_reached(lifecycle->operation, info->state);
	}
}

/*
 * A transient domain is gone once it is off, and so is any that moved to another host: only the host's event tells one
 * from the other, and it may be behind our look. A destroy that was answered needs no event: the host did it.
 */
static int64_t is_gone(struct lifecycle *lifecycle, const struct err *err)
{
	const enum vm_state how = op_stopped(&lifecycle->op);

	if (how == VM_STATE_MIGRATED)
		return finish_moved(lifecycle);
	if (lifecycle->operation != OP_SHUTDOWN && lifecycle->operation != OP_DESTROY)
		return finish_err(lifecycle, err);
	if (vm_state_is_off(how) || (lifecycle->operation == OP_DESTROY && !lifecycle->op.report.maybe_sent))
		return op_done(&lifecycle->op);
	if (!lifecycle->gone_at)
		lifecycle->gone_at = clock_ms();
	if (clock_ms() - lifecycle->gone_at < NEWS_MS)
		return WATCH_EVERY_MS;
	lifecycle->op.report.maybe_sent = true;
	return op_fail(&lifecycle->op, VM_E_VM_UNKNOWN,
		       _("%s is no longer on its host, which gave no reason: it may be off, or have moved to another "
			 "host; check there"),
		       text_str(lifecycle->op.vm_name));
}

static int64_t watch_step(struct lifecycle *lifecycle, const struct agent_target *target)
{
	OWN(vm_info) struct vm_info info = { 0 };
	struct err err = { 0 };
	enum vm_state state;
	bool reached;

	if (!backend_get_info(target->backend, target->slot, &target->uuid, &info, &err)) {
		if (err.kind == ERR_NO_DOMAIN)
			return is_gone(lifecycle, &err);
		if (err.kind == ERR_DENIED)
			return finish_err(lifecycle, &err);
		return op_is_over_time(&lifecycle->op) ? finish_late(lifecycle) : WATCH_EVERY_MS;
	}
	state = info.state;
	/* One that stood still for a while, paused or to move to another host, is no other one when it goes on. */
	lifecycle->was_down |= vm_state_is_off(state) || state == VM_STATE_IN_SHUTDOWN ||
			       (lifecycle->had_agent && info.channel == CHANNEL_DISCONNECTED);
	reached = is_reached(lifecycle, &info);
	if (reached && lifecycle->operation == OP_ADD_CHANNEL && info.channel == CHANNEL_ABSENT)
		text_set(&lifecycle->op.report.note,
			 text_format("%s", _("the running VM cannot get it: shut it down and start it; a reboot is not "
					     "enough")));
	if (reached)
		return op_done(&lifecycle->op);
	if (state == VM_STATE_MIGRATED)
		return finish_moved(lifecycle);
	if (lifecycle->operation == OP_REBOOT && vm_state_is_off(state))
		return op_fail(&lifecycle->op, VM_E_VM_NOT_RUNNING,
			       _("%s stopped instead of restarting (%s); start it"), text_str(lifecycle->op.vm_name),
			       vm_state_name(state));
	return op_is_over_time(&lifecycle->op) ? finish_late(lifecycle) : WATCH_EVERY_MS;
}

/* --- as an operation --- */

static int64_t step(struct op *op, const struct agent_target *target)
{
	struct lifecycle *lifecycle = (struct lifecycle *)op;

	if (op->report.cancelable && atomic_load(&op->cancel_asked))
		return op_cancelled(op, _("cancelled before anything was sent"));
	switch (op->report.phase) {
	case TASK_PHASE_WAIT:
		return watch_step(lifecycle, target);
	case TASK_PHASE_HOST:
		return send_step(lifecycle, target);
	default:
		return look_step(lifecycle, target);
	}
}

static void note_reboot(struct op *op)
{
	atomic_store(&((struct lifecycle *)op)->rebooted, true);
}

static const struct op_driver op_driver = {
	.step = step,
	.note_reboot = note_reboot,
};

struct op *lifecycle_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			    enum operation operation, int timeout_s, const struct op_journal *journal)
{
	struct lifecycle *lifecycle = mem_zalloc(sizeof(*lifecycle));

	op_init(&lifecycle->op, &op_driver, backend, uuid, vm_name, journal);
	lifecycle->op.timeout_s = timeout_s > 0 ? timeout_s : TIMEOUT_S;
	lifecycle->operation = operation;
	atomic_init(&lifecycle->rebooted, false);
	return &lifecycle->op;
}

void lifecycle_set_way(struct op *lifecycle, enum shutdown_mode way)
{
	((struct lifecycle *)lifecycle)->way = way;
}

void lifecycle_set_sent(struct op *lifecycle)
{
	lifecycle->report.cancelable = false;
	lifecycle->report.maybe_sent = true;
	lifecycle->report.phase = TASK_PHASE_WAIT;
}

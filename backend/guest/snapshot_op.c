/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/snapshot_op.h"

#include "base/clock.h"

enum {
	TIMEOUT_S = 600,
	WATCH_EVERY_MS = 2000,
	WATCH_MS = 120 * 1000, /* an answer that was lost is not waited for longer than that */
};

enum stage { STAGE_LOOK, STAGE_ABILITY, STAGE_LIST, STAGE_SEND, STAGE_WATCH };

struct snapshot_op {
	struct op op; /* first */
	enum operation operation;
	struct snapshot_params wish; /* its strings are owned */

	enum stage stage;
	bool quiesce;
	char *key;              /* of the snapshot, as the host has it */
	struct safe_text shown; /* the same, for people */
	bool was_current;       /* before anything was sent */
};

/* --- how it ends --- */

static int64_t enter(struct snapshot_op *self, enum stage stage, enum task_phase phase, int64_t wait_ms)
{
	self->stage = stage;
	return op_set_phase(&self->op, phase, wait_ms);
}

/* What a hypervisor cannot do is no fault of the agent's. */
static hresult code_of(const struct err *err)
{
	switch (err->kind) {
	case ERR_USAGE:
		return E_INVALIDARG;
	case ERR_UNSUPPORTED:
		return DISP_E_EXCEPTION;
	default:
		return result_from_err(err->kind);
	}
}

static int64_t finish_err(struct snapshot_op *self, const struct err *err)
{
	return op_fail(&self->op, code_of(err), "%s: %s", text_str(self->op.vm_name), text_str(err_text(err)));
}

/* --- can the guest be quiesced? --- */

static int64_t cannot_quiesce(struct snapshot_op *self, const struct err *err)
{
	if (self->wish.quiesce == QUIESCE_MUST)
		return op_fail(&self->op, code_of(err), _("could not quiesce %s; no snapshot taken: %s"),
			       text_str(self->op.vm_name), text_str(err_text(err)));
	text_set(&self->op.report.note, text_format(_("not quiesced: %s"), text_str(err_text(err))));
	return enter(self, STAGE_LIST, TASK_PHASE_CHECK, 0);
}

static int64_t look_step(struct snapshot_op *self, const struct agent_target *target)
{
	const bool may_quiesce =
		self->operation == OP_SNAPSHOT_CREATE && self->wish.disks_only && self->wish.quiesce != QUIESCE_NEVER;
	OWN(vm_info) struct vm_info info = { 0 };
	struct err err = { 0 };
	enum vm_state state;
	bool ready;

	enter(self, STAGE_LOOK, TASK_PHASE_CHECK, 0);
	if (!backend_get_info(target->backend, target->slot, &target->uuid, &info, &err))
		return may_quiesce ? cannot_quiesce(self, &err) : enter(self, STAGE_LIST, TASK_PHASE_CHECK, 0);
	state = info.state;
	ready = guest_check_facts(&info, self->op.vm_name, &err);
	/* The VM runs on another host and writes to the disks there: whatever is done to them here may destroy them. */
	if (state == VM_STATE_MIGRATED)
		return op_fail(&self->op, code_of(&err), "%s", text_str(err_text(&err)));
	if (!may_quiesce)
		return enter(self, STAGE_LIST, TASK_PHASE_CHECK, 0);
	if (ready)
		return enter(self, STAGE_ABILITY, TASK_PHASE_CHECK, 0);
	/* What is off writes nothing. */
	return vm_state_has_process(state) ? cannot_quiesce(self, &err) : enter(self, STAGE_LIST, TASK_PHASE_CHECK, 0);
}

static int64_t ability_step(struct snapshot_op *self, const struct agent_target *target)
{
	OWN(agent_abilities) struct agent_capabilities capabilities = { 0 };
	struct err err = { 0 };

	if (!agent_info(target, &capabilities, &err))
		return cannot_quiesce(self, &err);
	self->quiesce = capabilities.fsfreeze;
	if (self->quiesce)
		return enter(self, STAGE_LIST, TASK_PHASE_CHECK, 0);
	err_set(&err, ERR_AGENT_BLOCKED, "%s",
		_("its agent cannot freeze file systems: not supported, not allowed, or already frozen"));
	return cannot_quiesce(self, &err);
}

/* --- list --- */

static bool find_wanted(struct snapshot_op *self, const struct snapshot_list *list, struct err *err)
{
	const struct snapshot *found = snapshot_list_match(list, self->wish.name, err);

	if (!found)
		return false;
	if (self->wish.shown_created > 0 && found->created > 0 && found->created != self->wish.shown_created)
		return err_set(
			err, ERR_USAGE,
			_("snapshot %s is not the one that you were asked about any more, so nothing was done; check "
			  "its snapshots and try again"),
			text_str(found->name));
	free(self->key);
	self->key = mem_strdup(found->key);
	text_set(&self->shown, text_copy(found->name));
	self->was_current = found->current;
	return true;
}

static int64_t list_step(struct snapshot_op *self, const struct agent_target *target)
{
	const struct snapshot_order order = { .name = self->wish.name, .description = self->wish.description };
	const bool creates = self->operation == OP_SNAPSHOT_CREATE;
	OWN(snapshot_list) struct snapshot_list list = { 0 };
	struct err err = { 0 };
	bool ok;

	enter(self, STAGE_LIST, TASK_PHASE_CHECK, 0);
	if ((creates && !snapshot_order_check(&order, &err)) ||
	    !backend_snapshot_list(target->backend, target->slot, &target->uuid, &list, &err))
		return finish_err(self, &err);
	if (!creates)
		ok = find_wanted(self, &list, &err);
	else
		ok = !snapshot_list_find(&list, self->wish.name) ||
		     err_set(&err, ERR_USAGE, _("a snapshot %s already exists; choose another name"),
			     text_str(self->shown));
	if (!ok)
		return finish_err(self, &err);
	self->op.report.cancelable = false;
	return enter(self, STAGE_SEND, TASK_PHASE_HOST, 0);
}

/* --- send --- */

static int64_t send_step(struct snapshot_op *self, const struct agent_target *target)
{
	const struct snapshot_order order = {
		.name = self->key,
		.description = self->wish.description,
		.disks_only = self->wish.disks_only,
		.quiesce = self->quiesce,
	};
	const char *name = text_str(self->op.vm_name);
	struct err err = { 0 };
	bool sent;

	if (!op_journal_intent(&self->op, &err, "%s %s", operation_name(self->operation), text_str(self->shown)))
		return finish_err(self, &err);
	if (self->operation == OP_SNAPSHOT_CREATE)
		sent = backend_snapshot_create(target->backend, target->slot, &target->uuid, &order, &err);
	else if (self->operation == OP_SNAPSHOT_REVERT)
		sent = backend_snapshot_revert(target->backend, target->slot, &target->uuid, self->key, &err);
	else
		sent = backend_snapshot_delete(target->backend, target->slot, &target->uuid, self->key, &err);
	if (sent)
		return op_done(&self->op);
	if (err.kind == ERR_LOST || err.kind == ERR_TIMED_OUT) {
		self->op.report.maybe_sent = true;
		self->op.deadline_at = MIN(self->op.deadline_at, clock_ms() + WATCH_MS);
		return enter(self, STAGE_WATCH, TASK_PHASE_WAIT, WATCH_EVERY_MS);
	}
	/* Whatever else comes from the host is an answer, and says no. */
	if (self->quiesce && err.kind == ERR_NO_ANSWER) {
		/* The freezing was not answered: no snapshot, and a guest that may freeze yet. */
		self->op.report.maybe_sent = true;
		return op_fail(&self->op, VM_E_TIMED_OUT,
			       _("%s: no snapshot was taken: %s; its file systems may be frozen, check the guest"),
			       name, text_str(err_text(&err)));
	}
	if (self->operation == OP_SNAPSHOT_CREATE && !self->wish.disks_only && err.kind == ERR_UNSUPPORTED)
		return op_fail(&self->op, DISP_E_EXCEPTION, _("%s: %s; a snapshot with --disk-only may be possible"),
			       name, text_str(err_text(&err)));
	return finish_err(self, &err);
}

/* --- watch --- */

static int64_t watch_step(struct snapshot_op *self, const struct agent_target *target)
{
	OWN(snapshot_list) struct snapshot_list list = { 0 };
	const struct snapshot *found;
	struct err err = { 0 };
	bool seen;

	if (op_is_over_time(&self->op)) {
		self->op.report.maybe_sent = true;
		return op_fail(&self->op, VM_E_TIMED_OUT,
			       _("%s: the answer was lost, and the result is unknown; check its snapshots"),
			       text_str(self->op.vm_name));
	}
	if (!backend_snapshot_list(target->backend, target->slot, &target->uuid, &list, &err))
		return err.kind == ERR_NO_DOMAIN || err.kind == ERR_DENIED ? finish_err(self, &err) : WATCH_EVERY_MS;
	found = snapshot_list_find(&list, self->key);
	if (self->operation == OP_SNAPSHOT_CREATE)
		seen = found != NULL;
	else if (self->operation == OP_SNAPSHOT_REVERT) /* who went back to where he already was has left no trace */
		seen = found && found->current && !self->was_current;
	else
		seen = !found && !list.more;
	return seen ? op_done(&self->op) : WATCH_EVERY_MS;
}

/* --- as an operation --- */

static int64_t step(struct op *op, const struct agent_target *target)
{
	static int64_t (*const stages[])(struct snapshot_op *, const struct agent_target *) = {
		[STAGE_LOOK] = look_step, [STAGE_ABILITY] = ability_step, [STAGE_LIST] = list_step,
		[STAGE_SEND] = send_step, [STAGE_WATCH] = watch_step,
	};
	struct snapshot_op *self = (struct snapshot_op *)op;

	if (self->stage <= STAGE_SEND && atomic_load(&op->cancel_asked))
		return op_cancelled(op, _("cancelled before anything was sent"));
	return stages[self->stage](self, target);
}

static void free_own(struct op *op)
{
	struct snapshot_op *self = (struct snapshot_op *)op;

	text_free(&self->shown);
	free((char *)self->wish.name);
	free((char *)self->wish.description);
	free(self->key);
}

static const struct op_driver op_driver = {
	.step = step,
	.free_own = free_own,
};

int snapshot_op_timeout_s(int wanted_s)
{
	return wanted_s > 0 ? wanted_s : TIMEOUT_S;
}

struct op *snapshot_op_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			      enum operation operation, const struct snapshot_params *wish, int timeout_s,
			      const struct op_journal *journal)
{
	struct snapshot_op *self = mem_zalloc(sizeof(*self));

	op_init(&self->op, &op_driver, backend, uuid, vm_name, journal);
	self->op.timeout_s = snapshot_op_timeout_s(timeout_s);
	self->operation = operation;
	self->wish = *wish;
	self->wish.name = mem_strdup(wish->name);
	self->wish.description = wish->description ? mem_strdup(wish->description) : NULL;
	self->key = mem_strdup(wish->name);
	self->shown = text_sanitize_str(wish->name, TEXT_CAP_NAME);
	return &self->op;
}

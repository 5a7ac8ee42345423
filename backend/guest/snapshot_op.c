/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/snapshot_op.h"

#include "backend/guest/guest_check.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

enum {
	TIMEOUT_S = 600,
	WATCH_EVERY_MS = 2000,
	WATCH_MS = 120 * 1000, /* an answer that was lost is not waited for longer than that */
};

enum stage { STAGE_LOOK, STAGE_ABILITY, STAGE_LIST, STAGE_SEND, STAGE_WATCH };

struct snapshot_op {
	struct machine machine; /* first */
	int verb;
	struct snapshot_wish wish; /* its strings are owned */

	enum stage stage;
	bool quiesce;
	char *key;              /* of the snapshot, as the host has it */
	struct safe_text shown; /* the same, for people */
	bool was_current;       /* before anything was sent */
};

/* --- how it ends --- */

static int64_t enter(struct snapshot_op *op, enum stage stage, enum task_phase phase, int64_t wait_ms)
{
	op->stage = stage;
	return machine_enter(&op->machine, phase, wait_ms);
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

static int64_t finish_err(struct snapshot_op *op, const struct err *err)
{
	return machine_fail(&op->machine, code_of(err), "%s: %s", text_str(op->machine.vm_name),
			    text_str(err_text(err)));
}

static int64_t finish_unknown(struct snapshot_op *op)
{
	op->machine.report.maybe_sent = true;
	return machine_fail(&op->machine, VM_E_TIMED_OUT,
			    _("%s: the answer was lost, and whether it was done is unknown; look at its snapshots"),
			    text_str(op->machine.vm_name));
}

/* --- can the guest be quiesced? --- */

static int64_t cannot_quiesce(struct snapshot_op *op, const struct err *err)
{
	if (op->wish.quiesce == QUIESCE_MUST)
		return machine_fail(&op->machine, code_of(err), _("%s cannot be quiesced, so nothing was done: %s"),
				    text_str(op->machine.vm_name), text_str(err_text(err)));
	text_set(&op->machine.report.note, text_format(_("not quiesced: %s"), text_str(err_text(err))));
	return enter(op, STAGE_LIST, TASK_PHASE_CHECK, 0);
}

static int64_t look_step(struct snapshot_op *op, const struct agent_line *line)
{
	struct err err = { 0 };

	if (op->verb != TASK_SNAPSHOT_CREATE || !op->wish.disks_only || op->wish.quiesce == QUIESCE_NEVER)
		return enter(op, STAGE_LIST, TASK_PHASE_CHECK, 0);
	enter(op, STAGE_LOOK, TASK_PHASE_CHECK, 0);
	if (guest_check(line, op->machine.vm_name, &err))
		return enter(op, STAGE_ABILITY, TASK_PHASE_CHECK, 0);
	/* What is off writes nothing. */
	return err.kind == ERR_NOT_RUNNING ? enter(op, STAGE_LIST, TASK_PHASE_CHECK, 0) : cannot_quiesce(op, &err);
}

static int64_t ability_step(struct snapshot_op *op, const struct agent_line *line)
{
	struct agent_abilities abilities = { 0 };
	struct err err = { 0 };

	if (!agent_info(line, &abilities, &err))
		return cannot_quiesce(op, &err);
	op->quiesce = abilities.fsfreeze;
	agent_abilities_free(&abilities);
	if (op->quiesce)
		return enter(op, STAGE_LIST, TASK_PHASE_CHECK, 0);
	err_set(&err, ERR_AGENT_BLOCKED, "%s",
		_("its agent freezes no file systems: it is not able to, not allowed to, or they are frozen"));
	return cannot_quiesce(op, &err);
}

/* --- list --- */

static bool find_taken(struct snapshot_op *op, const struct snapshot_list *list, struct err *err)
{
	if (!snapshot_list_find(list, op->wish.name))
		return true;
	return err_set(err, ERR_USAGE, _("it has a snapshot %s already; choose another name"), text_str(op->shown));
}

static bool find_wanted(struct snapshot_op *op, const struct snapshot_list *list, struct err *err)
{
	const struct snapshot *found = snapshot_list_match(list, op->wish.name, err);

	if (!found)
		return false;
	free(op->key);
	op->key = mem_strdup(found->key);
	text_set(&op->shown, text_copy(found->name));
	op->was_current = found->current;
	return true;
}

static bool is_sound(struct snapshot_op *op, struct err *err)
{
	return op->verb != TASK_SNAPSHOT_CREATE ||
	       snapshot_order_check(&(struct snapshot_order){ .name = op->wish.name,
							      .description = op->wish.description },
				    err);
}

static int64_t list_step(struct snapshot_op *op, const struct agent_line *line)
{
	struct snapshot_list list = { 0 };
	struct err err = { 0 };
	bool ok;

	enter(op, STAGE_LIST, TASK_PHASE_CHECK, 0);
	if (!is_sound(op, &err) || !backend_snapshot_list(line->backend, line->slot, &line->uuid, &list, &err))
		return finish_err(op, &err);
	ok = op->verb == TASK_SNAPSHOT_CREATE ? find_taken(op, &list, &err) : find_wanted(op, &list, &err);
	snapshot_list_free(&list);
	if (!ok)
		return finish_err(op, &err);
	op->machine.report.cancelable = false;
	return enter(op, STAGE_SEND, TASK_PHASE_HOST, 0);
}

/* --- send --- */

static bool send(struct snapshot_op *op, const struct agent_line *line, struct err *err)
{
	const struct snapshot_order order = {
		.name = op->key,
		.description = op->wish.description,
		.disks_only = op->wish.disks_only,
		.quiesce = op->quiesce,
	};

	switch (op->verb) {
	case TASK_SNAPSHOT_CREATE:
		return backend_snapshot_create(line->backend, line->slot, &line->uuid, &order, err);
	case TASK_SNAPSHOT_REVERT:
		return backend_snapshot_revert(line->backend, line->slot, &line->uuid, op->key, err);
	default:
		return backend_snapshot_delete(line->backend, line->slot, &line->uuid, op->key, err);
	}
}

static int64_t was_refused(struct snapshot_op *op, const struct err *err)
{
	const char *name = text_str(op->machine.vm_name), *words = text_str(err_text(err));

	/* The freezing was not answered: no snapshot, and a guest that may freeze yet. */
	if (op->quiesce && err->kind == ERR_NO_ANSWER) {
		op->machine.report.maybe_sent = true;
		return machine_fail(&op->machine, VM_E_TIMED_OUT,
				    _("%s: no snapshot was taken: %s; its file systems may be frozen, look into the "
				      "guest"),
				    name, words);
	}
	if (op->verb == TASK_SNAPSHOT_CREATE && !op->wish.disks_only && err->kind == ERR_UNSUPPORTED)
		return machine_fail(&op->machine, DISP_E_EXCEPTION,
				    _("%s: %s; a snapshot of its disks alone may be possible"), name, words);
	return finish_err(op, err);
}

static int64_t send_step(struct snapshot_op *op, const struct agent_line *line)
{
	struct err err = { 0 };

	if (!machine_ask_journal(&op->machine, &err, "%s %s", task_verb_name(op->verb), text_str(op->shown)))
		return finish_err(op, &err);
	if (send(op, line, &err))
		return machine_done(&op->machine);
	/* Whatever else comes from the host is an answer, and says no. */
	if (err.kind != ERR_LOST && err.kind != ERR_TIMED_OUT)
		return was_refused(op, &err);
	op->machine.report.maybe_sent = true;
	op->machine.deadline_at = MIN(op->machine.deadline_at, clock_ms() + WATCH_MS);
	return enter(op, STAGE_WATCH, TASK_PHASE_WAIT, WATCH_EVERY_MS);
}

/* --- watch --- */

/* Who went back to where he already was has left no trace. */
static bool is_seen_done(const struct snapshot_op *op, const struct snapshot_list *list)
{
	const struct snapshot *found = snapshot_list_find(list, op->key);

	switch (op->verb) {
	case TASK_SNAPSHOT_CREATE:
		return found != NULL;
	case TASK_SNAPSHOT_REVERT:
		return found && found->current && !op->was_current;
	default:
		return !found && !list->more;
	}
}

static int64_t watch_step(struct snapshot_op *op, const struct agent_line *line)
{
	struct snapshot_list list = { 0 };
	struct err err = { 0 };
	bool seen;

	if (machine_is_over_time(&op->machine))
		return finish_unknown(op);
	if (!backend_snapshot_list(line->backend, line->slot, &line->uuid, &list, &err))
		return err.kind == ERR_NO_DOMAIN || err.kind == ERR_DENIED ? finish_err(op, &err) : WATCH_EVERY_MS;
	seen = is_seen_done(op, &list);
	snapshot_list_free(&list);
	return seen ? machine_done(&op->machine) : WATCH_EVERY_MS;
}

/* --- as a machine --- */

static int64_t step(struct machine *machine, const struct agent_line *line)
{
	struct snapshot_op *op = (struct snapshot_op *)machine;

	if (op->stage <= STAGE_SEND && atomic_load(&machine->cancel_asked))
		return machine_cancelled(machine, _("cancelled before anything was sent"));
	switch (op->stage) {
	case STAGE_ABILITY:
		return ability_step(op, line);
	case STAGE_LIST:
		return list_step(op, line);
	case STAGE_SEND:
		return send_step(op, line);
	case STAGE_WATCH:
		return watch_step(op, line);
	default:
		return look_step(op, line);
	}
}

static void free_own(struct machine *machine)
{
	struct snapshot_op *op = (struct snapshot_op *)machine;

	text_free(&op->shown);
	free((char *)op->wish.name);
	free((char *)op->wish.description);
	free(op->key);
}

static const struct machine_ops machine_ops = {
	.step = step,
	.free_own = free_own,
};

int snapshot_op_timeout_s(int wanted_s)
{
	return wanted_s > 0 ? wanted_s : TIMEOUT_S;
}

struct machine *snapshot_op_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name, int verb,
				   const struct snapshot_wish *wish, int timeout_s,
				   const struct machine_journal *journal)
{
	struct snapshot_op *op = mem_zalloc(sizeof(*op));

	machine_init(&op->machine, &machine_ops, backend, uuid, vm_name, journal);
	op->machine.timeout_s = snapshot_op_timeout_s(timeout_s);
	op->verb = verb;
	op->wish = *wish;
	op->wish.name = mem_strdup(wish->name);
	op->wish.description = wish->description ? mem_strdup(wish->description) : NULL;
	op->key = mem_strdup(wish->name);
	op->shown = text_from_outside_str(wish->name, TEXT_CAP_NAME);
	return &op->machine;
}

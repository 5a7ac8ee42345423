/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/drain.h"

#include "backend/guest/guest_op.h"
#include "backend/guest/lifecycle.h"

enum { NAMES_MOST = 8 };

enum part { PART_DISABLE_LOGINS, PART_LOGOFF, PART_SHUT_DOWN, PART_ENABLE_LOGINS, PART_COUNT };

/* How much of the whole each part is, in percent; enabling logins comes after a failure and adds nothing. */
static const int shares[PART_COUNT] = { [PART_DISABLE_LOGINS] = 5, [PART_LOGOFF] = 65, [PART_SHUT_DOWN] = 29 };

struct drain {
	struct op op; /* first */
	bool shut_down, dry_run;

	enum part part;
	struct op *parts[PART_COUNT]; /* made in advance: options live no longer than create() */
	bool logins_disabled, logins_changed;
	struct task_report outcome; /* of the part that decided, while logins are being enabled */
};

static const struct task_report *report_of_part(const struct drain *drain)
{
	return op_report(drain->parts[drain->part]);
}

static void note(struct safe_text *to, const char *words)
{
	if (*words)
		text_append(to, "; ", "%s", words);
}

/* The plan's face is that of the part at work. */
static void show(struct drain *drain)
{
	const struct task_report *part = report_of_part(drain);
	struct task_report *report = &drain->op.report;
	int percent = 0;

	for (int i = 0; i < (int)drain->part && drain->part != PART_ENABLE_LOGINS; i++)
		percent += shares[i];
	report->percent = MAX(report->percent, percent + shares[drain->part] * part->percent / 100);
	if (part->phase != TASK_PHASE_DONE)
		report->phase = part->phase;
	report->cancelable = part->cancelable && drain->part != PART_ENABLE_LOGINS;
	report->grace_until = part->grace_until;
	text_set(&report->waiting_for, text_copy(part->waiting_for));
	if (drain->part == PART_LOGOFF) {
		report->sessions_before = part->sessions_before;
		report->sessions_after = part->sessions_after;
	}
}

/* outcome: complete, of the part that decided. */
static int64_t finish(struct drain *drain, const struct task_report *outcome)
{
	struct task_report *report = &drain->op.report;
	const int before = report->sessions_before, after = report->sessions_after;
	struct safe_text notes = text_copy(report->note);

	note(&notes, text_str(outcome->note));
	if (drain->logins_disabled)
		note(&notes, _("logins stay disabled until you enable them"));
	task_report_copy(report, outcome);
	text_set(&report->note, notes);
	report->percent = outcome->result == TASK_RESULT_SUCCESS ? 100 : 99;
	report->sessions_before = before;
	report->sessions_after = after;
	op_notify(&drain->op);
	return WORKER_DONE;
}

static int64_t go_to(struct drain *drain, enum part part)
{
	drain->part = part;
	return 0;
}

static int64_t enable_logins_again(struct drain *drain)
{
	task_report_copy(&drain->outcome, report_of_part(drain));
	return drain->logins_disabled ? go_to(drain, PART_ENABLE_LOGINS) : finish(drain, &drain->outcome);
}

static bool is_cancelled(const struct task_report *report)
{
	return report->result == TASK_RESULT_CANCELLED;
}

/* A guest whose logins cannot be disabled is no reason to stop; a guest that cannot be reached is. */
static int64_t after_disabling(struct drain *drain, const struct task_report *disabled)
{
	drain->logins_disabled = !is_cancelled(disabled) && guest_op_disabled_logins(drain->parts[PART_DISABLE_LOGINS]);
	drain->logins_changed = drain->logins_disabled;
	if (is_cancelled(disabled))
		return finish(drain, disabled);
	if (disabled->error == VM_E_TIMED_OUT && disabled->maybe_sent) {
		drain->logins_disabled = drain->logins_changed = true;
		return enable_logins_again(drain);
	}
	note(&drain->op.report.note, text_str(disabled->error == S_OK ? disabled->note : disabled->error_description));
	return go_to(drain, PART_LOGOFF);
}

static int64_t after_logoff(struct drain *drain, const struct task_report *gone)
{
	const bool cleared = !is_cancelled(gone) && (gone->error == S_OK || gone->error == E_NO_SUCH_LOGON_SESSION);
	const struct session_list *sessions = op_sessions(&drain->op);
	struct safe_text names;

	if (!cleared)
		return enable_logins_again(drain);
	if (!drain->dry_run && !drain->shut_down && guest_op_keeps_nobody_out(drain->parts[PART_DISABLE_LOGINS])) {
		task_report_copy(&drain->outcome, gone);
		task_report_fail(&drain->outcome, VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
				 _("%s: nobody is logged on, but logins could not be disabled: users can log on again"),
				 text_str(drain->op.vm_name));
		return finish(drain, &drain->outcome);
	}
	if (!drain->dry_run && !drain->shut_down && drain->logins_disabled && gone->error == E_NO_SUCH_LOGON_SESSION) {
		/* Nobody was on, but logins are disabled: it did what it was for. */
		task_report_copy(&drain->outcome, gone);
		drain->outcome.error = S_OK;
		text_free(&drain->outcome.error_description);
		note(&drain->outcome.note, _("nobody was logged on"));
		return finish(drain, &drain->outcome);
	}
	if (drain->dry_run || !drain->shut_down)
		return finish(drain, gone);
	if (session_list_total(sessions) > 0) {
		/* Root may come in, some guests cannot disable logins: whoever is on would go down with it. */
		names = session_list_names(sessions, NAMES_MOST);
		task_report_copy(&drain->outcome, gone);
		task_report_fail(&drain->outcome, DISP_E_EXCEPTION,
				 _("%s: not shut down: logged on by now: %s; begin again, or shut it down with whoever "
				   "is on"),
				 text_str(drain->op.vm_name), text_str(names));
		text_free(&names);
		return drain->logins_disabled ? go_to(drain, PART_ENABLE_LOGINS) : finish(drain, &drain->outcome);
	}
	note(&drain->op.report.note, text_str(gone->note));
	return go_to(drain, PART_SHUT_DOWN);
}

/* ---- as an operation ---- */

static int64_t step(struct op *op, const struct agent_target *target)
{
	struct drain *drain = (struct drain *)op;
	struct op *part = drain->parts[drain->part];
	const struct task_report *report;
	int64_t wait_ms;

	if (atomic_load(&op->cancel_asked) && drain->part != PART_ENABLE_LOGINS)
		op_request_cancel(part);
	wait_ms = op_step(part, target->slot);
	show(drain);
	if (wait_ms != WORKER_DONE)
		return wait_ms;
	report = op_report(part);
	switch (drain->part) {
	case PART_DISABLE_LOGINS:
		return after_disabling(drain, report);
	case PART_LOGOFF:
		return after_logoff(drain, report);
	case PART_SHUT_DOWN:
		if (report->error != S_OK || is_cancelled(report))
			return enable_logins_again(drain);
		drain->logins_disabled = false;
		return finish(drain, report);
	default:
		drain->logins_disabled = report->error != S_OK;
		return finish(drain, &drain->outcome);
	}
}

static const struct session_list *sessions_of(const struct op *op)
{
	return op_sessions(((const struct drain *)op)->parts[PART_LOGOFF]);
}

static const struct session_list *targets_of(const struct op *op)
{
	return op_targets(((const struct drain *)op)->parts[PART_LOGOFF]);
}

static void note_reboot(struct op *op)
{
	op_note_reboot(((struct drain *)op)->parts[PART_SHUT_DOWN]);
}

static void note_stopped(struct op *op, enum vm_state how)
{
	const struct drain *drain = (struct drain *)op;

	op_note_stopped(drain->parts[PART_LOGOFF], how);
	op_note_stopped(drain->parts[PART_SHUT_DOWN], how);
}

static void free_own(struct op *op)
{
	struct drain *drain = (struct drain *)op;

	for (int i = 0; i < PART_COUNT; i++)
		op_destroy(drain->parts[i]);
	task_report_free(&drain->outcome);
}

static const struct op_driver op_driver = {
	.step = step,
	.sessions = sessions_of,
	.targets = targets_of,
	.note_reboot = note_reboot,
	.note_stopped = note_stopped,
	.free_own = free_own,
};

bool drain_changed_logins(const struct op *drain)
{
	return ((const struct drain *)drain)->logins_changed;
}

bool drain_left_logins_disabled(const struct op *drain)
{
	return ((const struct drain *)drain)->logins_disabled;
}

struct op *drain_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			const struct drain_options *options, const struct op_journal *journal)
{
	struct drain *drain = mem_zalloc(sizeof(*drain));
	const struct guest_op_options logins = { .message = options->logoff.message,
						 .until_restart = options->shut_down };
	struct logoff_options logoff = options->logoff;

	op_init(&drain->op, &op_driver, backend, uuid, vm_name, journal);
	drain->shut_down = options->shut_down;
	drain->dry_run = options->logoff.dry_run;
	task_report_init(&drain->outcome);
	drain->parts[PART_DISABLE_LOGINS] =
		guest_op_create(backend, uuid, vm_name, OP_DISABLE_LOGINS, &logins, journal);
	logoff.all_or_nobody = true; /* a VM with somebody on it is not cleared */
	drain->parts[PART_LOGOFF] = logoff_create(backend, uuid, vm_name, &logoff, journal);
	drain->parts[PART_SHUT_DOWN] =
		lifecycle_create(backend, uuid, vm_name, OP_SHUTDOWN, options->shutdown_timeout_s, journal);
	drain->parts[PART_ENABLE_LOGINS] = guest_op_create(backend, uuid, vm_name, OP_ENABLE_LOGINS, &logins, journal);
	if (drain->dry_run)
		drain->part = PART_LOGOFF;
	return &drain->op;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/drain.h"

#include "backend/guest/guest_op.h"
#include "backend/guest/lifecycle.h"
#include "base/clock.h"

enum { NAMES_MOST = 8 };

enum part {
	PART_NO_AUTOSTART,
	PART_DISABLE_LOGINS,
	PART_LOGOFF,
	PART_SHUT_DOWN,
	PART_ENABLE_LOGINS, /* from here on: the way back, after a failure */
	PART_AUTOSTART,
	PART_COUNT
};

/* How much of the whole each part is, in percent; the way back adds nothing. */
static const int shares[PART_COUNT] = { [PART_DISABLE_LOGINS] = 5, [PART_LOGOFF] = 65, [PART_SHUT_DOWN] = 29 };

/* How long a guest may take to shut down: so long after it was told, it is not told again. */
enum { SHUTDOWN_S = 180 };

struct drain {
	struct op op; /* first */
	bool shut_down, dry_run;

	enum part part;
	struct op *parts[PART_COUNT]; /* made in advance: options live no longer than create() */
	bool logins_disabled, logins_changed;
	bool autostart_off, autostart_changed, is_off, did_shut_down;
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

	for (int i = 0; i < (int)drain->part && drain->part < PART_ENABLE_LOGINS; i++)
		percent += shares[i];
	report->percent = MAX(report->percent, percent + shares[drain->part] * part->percent / 100);
	if (part->phase != TASK_PHASE_DONE)
		report->phase = part->phase;
	report->cancelable = part->cancelable && drain->part < PART_ENABLE_LOGINS;
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
	if (drain->autostart_off)
		note(&notes, _("autostart stays disabled until uncordon"));
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

/* What of it is left to undo, then the end that was kept in `outcome`. */
static int64_t undo(struct drain *drain)
{
	if (drain->logins_disabled && drain->part < PART_ENABLE_LOGINS)
		return go_to(drain, PART_ENABLE_LOGINS);
	if (drain->autostart_off && drain->part < PART_AUTOSTART)
		return go_to(drain, PART_AUTOSTART);
	return finish(drain, &drain->outcome);
}

static int64_t undo_for(struct drain *drain, const struct task_report *report)
{
	task_report_copy(&drain->outcome, report);
	return undo(drain);
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
		return undo_for(drain, disabled);
	if (disabled->error == VM_E_TIMED_OUT && disabled->maybe_sent) {
		drain->logins_disabled = drain->logins_changed = true;
		return undo_for(drain, disabled);
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
		return undo_for(drain, gone);
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
		return undo(drain);
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

	if (drain->is_off && drain->part == PART_DISABLE_LOGINS) {
		task_report_fail(&drain->outcome, S_OK, "%s", "");
		note(&drain->outcome.note, _("it was off already"));
		return finish(drain, &drain->outcome);
	}
	if (atomic_load(&op->cancel_asked) && drain->part < PART_ENABLE_LOGINS)
		op_request_cancel(part);
	wait_ms = op_step(part, target->slot);
	show(drain);
	if (wait_ms != WORKER_DONE)
		return wait_ms;
	report = op_report(part);
	switch (drain->part) {
	case PART_NO_AUTOSTART:
		drain->autostart_changed = drain->autostart_off =
			!is_cancelled(report) && (report->error == S_OK || report->maybe_sent);
		if (report->error != S_OK || is_cancelled(report))
			return undo_for(drain, report);
		return go_to(drain, PART_DISABLE_LOGINS);
	case PART_DISABLE_LOGINS:
		return after_disabling(drain, report);
	case PART_LOGOFF:
		return after_logoff(drain, report);
	case PART_SHUT_DOWN:
		if (report->error != S_OK || is_cancelled(report))
			return undo_for(drain, report);
		drain->logins_disabled = false;
		drain->did_shut_down = true;
		return finish(drain, report);
	case PART_ENABLE_LOGINS:
		drain->logins_disabled = report->error != S_OK;
		return undo(drain);
	default:
		drain->autostart_off = report->error != S_OK;
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

bool drain_prepare(struct op *op, const struct vm_info *now, bool found_autostart, const struct journal_entry *earlier)
{
	struct drain *drain = (struct drain *)op;
	time_t sent_at;

	drain->is_off = drain->shut_down && vm_state_is_off(now->state);
	drain->autostart_changed = drain->autostart_off = found_autostart && now->autostart == 0;
	if (drain->shut_down && now->autostart == 1)
		drain->part = PART_NO_AUTOSTART;
	if (!earlier)
		return drain->shut_down;
	logoff_resume(drain->parts[PART_LOGOFF], earlier);
	if (!drain->shut_down || drain->is_off || !journal_entry_sent(earlier, operation_name(OP_SHUTDOWN)) ||
	    !clock_parse_utc(text_str(earlier->changed_at), &sent_at) || clock_wall() - sent_at > SHUTDOWN_S)
		return drain->shut_down;
	lifecycle_set_sent(drain->parts[PART_SHUT_DOWN]);
	drain->logins_disabled = drain->logins_changed = journal_entry_sent(earlier, operation_name(OP_DISABLE_LOGINS));
	drain->part = PART_SHUT_DOWN;
	return true;
}

bool drain_left_cordoned(const struct op *op)
{
	const struct drain *drain = (const struct drain *)op;

	return drain->autostart_off || drain->did_shut_down || drain->is_off;
}

int drain_left_autostart(const struct op *op)
{
	const struct drain *drain = (const struct drain *)op;

	return drain->autostart_changed ? !drain->autostart_off : -1;
}

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
	drain->parts[PART_NO_AUTOSTART] = lifecycle_create(backend, uuid, vm_name, OP_NO_AUTOSTART, 0, journal);
	drain->parts[PART_AUTOSTART] = lifecycle_create(backend, uuid, vm_name, OP_AUTOSTART, 0, journal);
	drain->part = drain->dry_run ? PART_LOGOFF : PART_DISABLE_LOGINS;
	return &drain->op;
}

/* ---- the way back ---- */

enum { BACK_AUTOSTART, BACK_START, BACK_ENABLE_LOGINS, BACK_COUNT };

struct uncordon {
	struct op op; /* first */
	struct op *parts[BACK_COUNT];
	bool wanted[BACK_COUNT], done[BACK_COUNT];
	bool logins_were_disabled; /* by the drain, as far as is known */
	int part;
	struct task_report failure; /* the first part's that failed */
};

static int64_t uncordon_finish(struct uncordon *uncordon)
{
	struct task_report *report = &uncordon->op.report;

	if (uncordon->failure.complete) {
		task_report_copy(report, &uncordon->failure);
		op_notify(&uncordon->op);
		return WORKER_DONE;
	}
	for (int i = 0; i < BACK_COUNT; i++)
		if (uncordon->done[i])
			note(&report->note, i == BACK_AUTOSTART ? _("autostart enabled")
					    : i == BACK_START   ? _("started")
								: _("logins enabled"));
	if (text_is_empty(report->note))
		note(&report->note, _("nothing to undo"));
	return op_done(&uncordon->op);
}

static int64_t uncordon_step(struct op *op, const struct agent_target *target)
{
	struct uncordon *uncordon = (struct uncordon *)op;
	const struct task_report *report;
	struct op *part;
	int64_t wait_ms;

	while (uncordon->part < BACK_COUNT && !uncordon->wanted[uncordon->part])
		uncordon->part++;
	if (uncordon->part == BACK_COUNT)
		return uncordon_finish(uncordon);
	part = uncordon->parts[uncordon->part];
	if (atomic_load(&op->cancel_asked))
		op_request_cancel(part);
	wait_ms = op_step(part, target->slot);
	report = op_report(part);
	op->report.cancelable = report->cancelable;
	if (report->phase != TASK_PHASE_DONE)
		op->report.phase = report->phase;
	if (wait_ms != WORKER_DONE)
		return wait_ms;
	uncordon->done[uncordon->part] = report->error == S_OK && report->result == TASK_RESULT_SUCCESS;
	if (uncordon->part == BACK_ENABLE_LOGINS && report->error == VM_E_ADDITIONS_FEATURE_NOT_AVAIL &&
	    !uncordon->logins_were_disabled)
		return ++uncordon->part, 0;
	if (!uncordon->done[uncordon->part] && !uncordon->failure.complete)
		task_report_copy(&uncordon->failure, report);
	uncordon->part = report->result == TASK_RESULT_CANCELLED ? BACK_COUNT : uncordon->part + 1;
	return 0;
}

static void uncordon_free(struct op *op)
{
	struct uncordon *uncordon = (struct uncordon *)op;

	for (int i = 0; i < BACK_COUNT; i++)
		op_destroy(uncordon->parts[i]);
	task_report_free(&uncordon->failure);
}

struct op *uncordon_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			   const struct op_journal *journal)
{
	static const struct op_driver driver = { .step = uncordon_step, .free_own = uncordon_free };
	const struct guest_op_options logins = { 0 };
	struct uncordon *uncordon = mem_zalloc(sizeof(*uncordon));

	op_init(&uncordon->op, &driver, backend, uuid, vm_name, journal);
	task_report_init(&uncordon->failure);
	uncordon->parts[BACK_AUTOSTART] = lifecycle_create(backend, uuid, vm_name, OP_AUTOSTART, 0, journal);
	uncordon->parts[BACK_START] = lifecycle_create(backend, uuid, vm_name, OP_START, 0, journal);
	uncordon->parts[BACK_ENABLE_LOGINS] =
		guest_op_create(backend, uuid, vm_name, OP_ENABLE_LOGINS, &logins, journal);
	return &uncordon->op;
}

void uncordon_prepare(struct op *op, const struct vm_info *now, const struct journal_entry *found)
{
	struct uncordon *uncordon = (struct uncordon *)op;

	uncordon->wanted[BACK_AUTOSTART] = found->found_autostart && now->autostart == 0;
	uncordon->wanted[BACK_START] = found->found_running && vm_state_is_off(now->state);
	/* It looks first whether they are disabled: a guest that restarted since forgot it. */
	uncordon->logins_were_disabled = journal_entry_sent(found, operation_name(OP_DISABLE_LOGINS));
	uncordon->wanted[BACK_ENABLE_LOGINS] = vm_state_is_active(now->state);
}

bool uncordon_enabled_logins(const struct op *op)
{
	return ((const struct uncordon *)op)->done[BACK_ENABLE_LOGINS];
}

bool uncordon_enabled_autostart(const struct op *op)
{
	return ((const struct uncordon *)op)->done[BACK_AUTOSTART];
}

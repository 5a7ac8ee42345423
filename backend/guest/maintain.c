/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/maintain.h"

#include "backend/guest/guest_op.h"
#include "backend/guest/lifecycle.h"

enum { NAMES_MOST = 8 };

enum part { PART_CLOSE, PART_LOGOFF, PART_SHUT_DOWN, PART_OPEN, PART_COUNT };

/* How much of the whole each part is, in percent; the door's opening comes after a failure and adds nothing. */
static const int shares[PART_COUNT] = { [PART_CLOSE] = 5, [PART_LOGOFF] = 65, [PART_SHUT_DOWN] = 29 };

struct maintain {
	struct op op; /* first */
	bool shut_down, dry_run;

	enum part part;
	struct op *parts[PART_COUNT]; /* made in advance: options live no longer than create() */
	bool door_closed, door_touched;
	struct task_report outcome; /* of the part that decided, while the door is being opened */
};

static const struct task_report *report_of_part(const struct maintain *maintain)
{
	return op_report(maintain->parts[maintain->part]);
}

static void note(struct safe_text *to, const char *words)
{
	if (*words)
		text_set(to, text_format("%s%s%s", text_str(*to), text_is_empty(*to) ? "" : "; ", words));
}

/* The plan's face is that of the part at work. */
static void show(struct maintain *maintain)
{
	const struct task_report *part = report_of_part(maintain);
	struct task_report *report = &maintain->op.report;
	int percent = 0;

	for (int i = 0; i < (int)maintain->part && maintain->part != PART_OPEN; i++)
		percent += shares[i];
	report->percent = MAX(report->percent, percent + shares[maintain->part] * part->percent / 100);
	if (part->phase != TASK_PHASE_DONE)
		report->phase = part->phase;
	report->cancelable = part->cancelable && maintain->part != PART_OPEN;
	report->grace_until = part->grace_until;
	if (maintain->part == PART_LOGOFF) {
		report->sessions_before = part->sessions_before;
		report->sessions_after = part->sessions_after;
	}
}

/* outcome: complete, of the part that decided. */
static int64_t finish(struct maintain *maintain, const struct task_report *outcome)
{
	struct task_report *report = &maintain->op.report;
	const int before = report->sessions_before, after = report->sessions_after;
	struct safe_text notes = text_copy(report->note);

	note(&notes, text_str(outcome->note));
	if (maintain->door_closed)
		note(&notes, _("the door is closed to new log-ons until it is opened"));
	task_report_copy(report, outcome);
	text_set(&report->note, notes);
	report->percent = outcome->result == TASK_RESULT_SUCCESS ? 100 : 99;
	report->sessions_before = before;
	report->sessions_after = after;
	op_notify(&maintain->op);
	return WORKER_DONE;
}

static int64_t go_to(struct maintain *maintain, enum part part)
{
	maintain->part = part;
	return 0;
}

static int64_t open_the_door(struct maintain *maintain)
{
	task_report_copy(&maintain->outcome, report_of_part(maintain));
	return maintain->door_closed ? go_to(maintain, PART_OPEN) : finish(maintain, &maintain->outcome);
}

/* Root may come in, some ways to log on ask no door, some guests have none: whoever is on would go down with it. */
static int64_t stop_for_newcomers(struct maintain *maintain, const struct session_list *sessions)
{
	struct safe_text names = session_list_names(sessions, NAMES_MOST);

	task_report_copy(&maintain->outcome, report_of_part(maintain));
	task_report_fail(&maintain->outcome, DISP_E_EXCEPTION,
			 _("%s: not shut down: logged on by now: %s; begin again, or shut it down with whoever is on"),
			 text_str(maintain->op.vm_name), text_str(names));
	text_free(&names);
	return maintain->door_closed ? go_to(maintain, PART_OPEN) : finish(maintain, &maintain->outcome);
}

static bool is_cancelled(const struct task_report *report)
{
	return report->result == TASK_RESULT_CANCELLED;
}

/* A guest without a door is no reason to stop; a guest that cannot be reached is. */
static int64_t after_close(struct maintain *maintain, const struct task_report *closed)
{
	maintain->door_closed = closed->error == S_OK && !is_cancelled(closed) && text_is_empty(closed->note);
	maintain->door_touched = maintain->door_closed;
	if (is_cancelled(closed))
		return finish(maintain, closed);
	if (closed->error == VM_E_TIMED_OUT && closed->maybe_sent) {
		maintain->door_closed = maintain->door_touched = true;
		return open_the_door(maintain);
	}
	note(&maintain->op.report.note,
	     text_str(closed->error == S_OK ? closed->note : closed->error_description));
	return go_to(maintain, PART_LOGOFF);
}

static int64_t after_logoff(struct maintain *maintain, const struct task_report *gone)
{
	const bool cleared = !is_cancelled(gone) && (gone->error == S_OK || gone->error == E_NO_SUCH_LOGON_SESSION);
	const struct session_list *sessions = op_sessions(&maintain->op);

	if (!cleared)
		return open_the_door(maintain);
	if (maintain->dry_run || !maintain->shut_down)
		return finish(maintain, gone);
	if (session_list_total(sessions) > 0)
		return stop_for_newcomers(maintain, sessions);
	note(&maintain->op.report.note, text_str(gone->note));
	return go_to(maintain, PART_SHUT_DOWN);
}

static int64_t after_part(struct maintain *maintain)
{
	const struct task_report *part = report_of_part(maintain);

	switch (maintain->part) {
	case PART_CLOSE:
		return after_close(maintain, part);
	case PART_LOGOFF:
		return after_logoff(maintain, part);
	case PART_SHUT_DOWN:
		if (part->error != S_OK || is_cancelled(part))
			return open_the_door(maintain);
		maintain->door_closed = false;
		return finish(maintain, part);
	default:
		maintain->door_closed = part->error != S_OK;
		return finish(maintain, &maintain->outcome);
	}
}

/* ---- as an operation ---- */

static int64_t step(struct op *op, const struct agent_target *target)
{
	struct maintain *maintain = (struct maintain *)op;
	struct op *part = maintain->parts[maintain->part];
	int64_t wait_ms;

	if (atomic_load(&op->cancel_asked) && maintain->part != PART_OPEN)
		op_request_cancel(part);
	wait_ms = op_step(part, target->slot);
	show(maintain);
	return wait_ms == WORKER_DONE ? after_part(maintain) : wait_ms;
}

static const struct session_list *sessions_of(const struct op *op)
{
	return op_sessions(((const struct maintain *)op)->parts[PART_LOGOFF]);
}

static const struct session_list *targets_of(const struct op *op)
{
	return op_targets(((const struct maintain *)op)->parts[PART_LOGOFF]);
}

static void note_reboot(struct op *op)
{
	op_note_reboot(((struct maintain *)op)->parts[PART_SHUT_DOWN]);
}

static void note_stopped(struct op *op, enum vm_state how)
{
	const struct maintain *maintain = (struct maintain *)op;

	op_note_stopped(maintain->parts[PART_LOGOFF], how);
	op_note_stopped(maintain->parts[PART_SHUT_DOWN], how);
}

static void free_own(struct op *op)
{
	struct maintain *maintain = (struct maintain *)op;

	for (int i = 0; i < PART_COUNT; i++)
		op_destroy(maintain->parts[i]);
	task_report_free(&maintain->outcome);
}

static const struct op_driver op_driver = {
	.step = step,
	.sessions = sessions_of,
	.targets = targets_of,
	.note_reboot = note_reboot,
	.note_stopped = note_stopped,
	.free_own = free_own,
};

bool maintain_touched_door(const struct op *maintain)
{
	return ((const struct maintain *)maintain)->door_touched;
}

bool maintain_door_is_closed(const struct op *maintain)
{
	return ((const struct maintain *)maintain)->door_closed;
}

struct op *maintain_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
				const struct maintain_options *options, const struct op_journal *journal)
{
	struct maintain *maintain = mem_zalloc(sizeof(*maintain));
	const struct guest_op_options door = { .message = options->logoff.message,
					       .until_restart = options->shut_down };
	struct logoff_options logoff = options->logoff;

	op_init(&maintain->op, &op_driver, backend, uuid, vm_name, journal);
	maintain->shut_down = options->shut_down;
	maintain->dry_run = options->logoff.dry_run;
	task_report_init(&maintain->outcome);
	maintain->parts[PART_CLOSE] = guest_op_create(backend, uuid, vm_name, OP_DISABLE_LOGINS, &door, journal);
	logoff.all_or_nobody = true; /* a VM with somebody on it is not cleared */
	maintain->parts[PART_LOGOFF] = logoff_create(backend, uuid, vm_name, &logoff, journal);
	maintain->parts[PART_SHUT_DOWN] = lifecycle_create(backend, uuid, vm_name, OP_SHUTDOWN,
							   options->shutdown_timeout_s, journal);
	maintain->parts[PART_OPEN] = guest_op_create(backend, uuid, vm_name, OP_ENABLE_LOGINS, &door, journal);
	if (maintain->dry_run)
		maintain->part = PART_LOGOFF;
	return &maintain->op;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/op.h"

#include "base/clock.h"

void op_init(struct op *op, const struct op_driver *ops, struct backend *backend, const struct uuid *uuid,
	     struct safe_text vm_name, const struct op_journal *journal)
{
	op->ops = ops;
	op->backend = backend;
	op->uuid = *uuid;
	op->vm_name = text_copy(vm_name);
	if (journal)
		op->journal = *journal;
	atomic_init(&op->cancel_asked, false);
	atomic_init(&op->stopped, VM_STATE_UNKNOWN);
	task_report_init(&op->report);
}

void op_destroy(struct op *op)
{
	if (!op)
		return;
	if (op->ops->free_own)
		op->ops->free_own(op);
	task_report_free(&op->report);
	text_free(&op->vm_name);
	free(op);
}

int64_t op_step(struct op *op, int slot)
{
	const struct agent_target line = { .backend = op->backend, .slot = slot, .uuid = op->uuid };

	if (op->report.complete)
		return WORKER_DONE;
	if (!op->deadline_at)
		op->deadline_at = clock_ms() + (int64_t)op->timeout_s * 1000;
	return op->ops->step(op, &line);
}

const struct task_report *op_report(const struct op *op)
{
	return &op->report;
}

const struct session_list *op_sessions(const struct op *op)
{
	return op->ops->sessions ? op->ops->sessions(op) : NULL;
}

const struct session_list *op_targets(const struct op *op)
{
	return op->ops->targets ? op->ops->targets(op) : NULL;
}

void op_request_cancel(struct op *op)
{
	atomic_store(&op->cancel_asked, true);
}

void op_note_reboot(struct op *op)
{
	if (op->ops->note_reboot)
		op->ops->note_reboot(op);
}

void op_note_stopped(struct op *op, enum vm_state how)
{
	atomic_store(&op->stopped, how);
	if (op->ops->note_stopped)
		op->ops->note_stopped(op, how);
}

/* --- for steps --- */

enum vm_state op_stopped(const struct op *op)
{
	return (enum vm_state)atomic_load(&op->stopped);
}

bool op_is_over_time(const struct op *op)
{
	return clock_ms() >= op->deadline_at;
}

void op_notify(struct op *op)
{
	if (op->journal.changed)
		op->journal.changed(op->journal.data, &op->report);
}

int64_t op_set_phase(struct op *op, enum task_phase phase, int64_t wait_ms)
{
	if (op->report.phase != phase) {
		op->report.phase = phase;
		op_notify(op);
	}
	return wait_ms;
}

bool op_journal_intent(struct op *op, struct err *err, const char *format, ...)
{
	OWN(text) struct safe_text what = { 0 };
	va_list args;

	if (!op->journal.about_to_send)
		return true;
	va_start(args, format);
	what = text_vformat(format, args);
	va_end(args);
	op->journal_refused |= !op->journal.about_to_send(op->journal.data, text_str(what), err);
	return !op->journal_refused;
}

bool op_commit(struct op *op)
{
	const bool committed = !op->report.cancelable;

	op->report.cancelable = false;
	return committed;
}

static int64_t complete(struct op *op)
{
	struct task_report *report = &op->report;

	report->grace_until = 0;
	if (report->result == TASK_RESULT_SUCCESS) {
		report->percent = 100;
		report->maybe_sent = false;
	}
	op_notify(op);
	return WORKER_DONE;
}

int64_t op_done(struct op *op)
{
	return op_fail(op, S_OK, "%s", "");
}

int64_t op_fail(struct op *op, hresult code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	task_report_vfail(&op->report, code, format, args);
	va_end(args);
	if (op->journal_refused)
		op->report.result = TASK_RESULT_DISK_RELATED;
	return complete(op);
}

int64_t op_cancelled(struct op *op, const char *words)
{
	task_report_fail(&op->report, S_OK, "%s", words);
	op->report.result = TASK_RESULT_CANCELLED;
	return complete(op);
}

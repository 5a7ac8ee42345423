/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/machine.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdlib.h>

void machine_init(struct machine *machine, const struct machine_ops *ops, struct backend *backend,
		  const struct uuid *uuid, struct safe_text vm_name, const struct machine_journal *journal)
{
	machine->ops = ops;
	machine->backend = backend;
	machine->uuid = *uuid;
	machine->vm_name = text_copy(vm_name);
	if (journal)
		machine->journal = *journal;
	atomic_init(&machine->cancel_asked, false);
	task_report_init(&machine->report);
}

void machine_destroy(struct machine *machine)
{
	if (!machine)
		return;
	if (machine->ops->free_own)
		machine->ops->free_own(machine);
	task_report_free(&machine->report);
	text_free(&machine->vm_name);
	free(machine);
}

int64_t machine_step(struct machine *machine, int slot)
{
	const struct agent_line line = { .backend = machine->backend, .slot = slot, .uuid = machine->uuid };

	if (machine->report.complete)
		return WORKER_DONE;
	if (!machine->deadline_at)
		machine->deadline_at = clock_ms() + (int64_t)machine->timeout_s * 1000;
	return machine->ops->step(machine, &line);
}

const struct task_report *machine_report(const struct machine *machine)
{
	return &machine->report;
}

const struct session_list *machine_sessions(const struct machine *machine)
{
	return machine->ops->sessions ? machine->ops->sessions(machine) : NULL;
}

const struct session_list *machine_targets(const struct machine *machine)
{
	return machine->ops->targets ? machine->ops->targets(machine) : NULL;
}

void machine_request_cancel(struct machine *machine)
{
	atomic_store(&machine->cancel_asked, true);
}

void machine_note_reboot(struct machine *machine)
{
	if (machine->ops->note_reboot)
		machine->ops->note_reboot(machine);
}

/* --- for steps --- */

bool machine_is_over_time(const struct machine *machine)
{
	return clock_ms() >= machine->deadline_at;
}

void machine_tell(struct machine *machine)
{
	if (machine->journal.changed)
		machine->journal.changed(machine->journal.data, &machine->report);
}

int64_t machine_enter(struct machine *machine, enum task_phase phase, int64_t wait_ms)
{
	if (machine->report.phase != phase) {
		machine->report.phase = phase;
		machine_tell(machine);
	}
	return wait_ms;
}

bool machine_ask_journal(struct machine *machine, struct err *err, const char *format, ...)
{
	struct safe_text what;
	va_list args;

	if (!machine->journal.about_to_send)
		return true;
	va_start(args, format);
	what = text_vformat(format, args);
	va_end(args);
	machine->journal_refused |= !machine->journal.about_to_send(machine->journal.data, text_str(what), err);
	text_free(&what);
	return !machine->journal_refused;
}

static int64_t complete(struct machine *machine)
{
	struct task_report *report = &machine->report;

	report->grace_until = 0;
	if (report->result == TASK_RESULT_SUCCESS) {
		report->percent = 100;
		report->maybe_sent = false;
	}
	machine_tell(machine);
	return WORKER_DONE;
}

int64_t machine_done(struct machine *machine)
{
	return machine_fail(machine, S_OK, "%s", "");
}

int64_t machine_fail(struct machine *machine, hresult code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	task_report_vfail(&machine->report, code, format, args);
	va_end(args);
	if (machine->journal_refused)
		machine->report.result = TASK_RESULT_DISK_RELATED;
	return complete(machine);
}

int64_t machine_cancelled(struct machine *machine, const char *words)
{
	task_report_fail(&machine->report, S_OK, "%s", words);
	machine->report.result = TASK_RESULT_CANCELLED;
	return complete(machine);
}

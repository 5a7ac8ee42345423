/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/app/app_work.h"

#include "engine/audit.h"
#include "engine/vm_lock.h"

struct task_work *work_create(struct app *app, const struct task *task, struct backend *backend)
{
	struct task_work *work = mem_zalloc(sizeof(*work));

	work->app = app;
	work->task_id = task->id;
	work->vm = task->vm;
	work->backend = backend;
	work->operation = task->operation;
	work->vm_name = text_copy(task->vm_name);
	work->host_name = text_copy(task->host_name);
	work->reason = text_copy(task->reason);
	work->uri = host_uri_for_record(backend->config.uri);
	task_report_init(&work->refusal);
	return work;
}

const struct task_report *work_report(const struct task_work *work)
{
	if (work->refusal.complete)
		return &work->refusal;
	return op_report(work->op);
}

void work_free(struct task_work *work)
{
	op_destroy(work->op);
	if (work->journal)
		journal_leave(work->journal, work->audited);
	vm_lock_release(work->lock);
	task_report_free(&work->refusal);
	text_free(&work->vm_name);
	text_free(&work->host_name);
	text_free(&work->reason);
	free(work->uri);
	free(work);
}

/* ---- worker thread: lock, journal and audit around the operation ---- */

static bool write_record(struct task_work *work, const char *state, const char *users, const char *result,
			 const char *text, struct err *err)
{
	char uuid[UUID_TEXT_SIZE];
	const struct audit_record record = {
		.action = operation_name(work->operation),
		.state = state,
		.task_id = journal_id(work->journal),
		.host = text_str(work->host_name),
		.uri = work->uri,
		.vm = text_str(work->vm_name),
		.uuid = uuid,
		.users = users,
		.result = result,
		.text = text,
		.is_simulated = backend_is_simulated(work->backend),
	};

	uuid_format(&work->vm.uuid, uuid);
	return audit_write(&record, err);
}

/* With the targets from `first` on, all of them: in as many records as that takes. */
static bool write_audit(struct task_work *work, const char *state, size_t first, const char *result, const char *text,
			struct err *err)
{
	const struct session_list *all = op_targets(work->op);
	struct session_list list = { 0 }; /* its sessions are borrowed */
	size_t at = 0;
	bool ok;

	if (!all || !session_list_total(all))
		return write_record(work, state, "-", result, text, err);
	list = *all;
	if (first) {
		list.at += first;
		list.count -= first;
	}
	do {
		OWN(text) struct safe_text users = session_list_names_part(&list, AUDIT_USERS_MAX, &at);

		ok = write_record(work, state, text_str(users), result, text, err);
	} while (ok && at < list.count);
	return ok;
}

static void write_end(struct task_work *work, const struct task_report *report, const char *result)
{
	const bool both = !text_is_empty(report->error_description) && !text_is_empty(report->note);
	OWN(text)
	struct safe_text text =
		text_format("%s%s%s", text_str(report->error_description), both ? "; " : "", text_str(report->note));

	write_audit(work, "end", 0, result, text_str(text), NULL);
}

static bool on_about_to_send(void *data, const char *what, struct err *err)
{
	struct task_work *work = data;
	const struct session_list *sessions = op_targets(work->op);
	const size_t known = work->sessions_written;

	/* Those who came since are put behind those written already; of those who cannot be named, how many. */
	for (; sessions && work->sessions_written < sessions->count; work->sessions_written++) {
		const struct session *session = &sessions->at[work->sessions_written];

		if (!journal_session(work->journal, session->id, text_str(session->user), session->login_time, err))
			return false;
	}
	if (sessions && sessions->more != work->more_written) {
		work->more_written = sessions->more;
		if (!journal_more(work->journal, sessions->more, err))
			return false;
	}
	if (!work->audited || work->sessions_written > known) {
		if (!write_audit(work, work->audited ? "users" : "begin", known, "-", text_str(work->reason), err))
			return false;
		work->audited = true;
	}
	return journal_sending(work->journal, what, err);
}

static void on_phase(void *data, const struct task_report *report)
{
	struct task_work *work = data;

	if (work->journal && work->audited && (report->phase == TASK_PHASE_VERIFY || report->phase == TASK_PHASE_WAIT))
		journal_sent(work->journal, NULL);
}

void work_set_op(struct task_work *work, const struct op_params *params)
{
	const struct op_journal hooks = { .about_to_send = on_about_to_send, .changed = on_phase, .data = work };

	work->dry_run = params->logoff.dry_run;
	work->op = op_create(work->backend, &work->vm.uuid, work->vm_name, params, &hooks);
}

int work_autostart(const struct task_work *work)
{
	const struct task_report *report = work_report(work);

	if (work->refusal.complete)
		return -1;
	if (work->operation == OP_DRAIN)
		return drain_left_autostart(work->op);
	if (work->operation == OP_UNCORDON)
		return uncordon_enabled_autostart(work->op) ? 1 : -1;
	if (report->error != S_OK || report->result != TASK_RESULT_SUCCESS)
		return -1;
	return work->operation == OP_AUTOSTART ? 1 : work->operation == OP_NO_AUTOSTART ? 0 : -1;
}

int work_logins_disabled(const struct task_work *work)
{
	const struct task_report *report = work_report(work);

	if (work->refusal.complete)
		return -1;
	if (work->operation == OP_UNCORDON)
		return uncordon_enabled_logins(work->op) ? 0 : -1;
	if (work->operation == OP_DRAIN)
		return drain_changed_logins(work->op) ? drain_left_logins_disabled(work->op) : -1;
	if (report->error != S_OK || report->result != TASK_RESULT_SUCCESS)
		return -1;
	if (work->operation == OP_DISABLE_LOGINS)
		return guest_op_disabled_logins(work->op) ? 1 : -1;
	return work->operation == OP_ENABLE_LOGINS ? 0 : -1;
}

/* The last drain that was not undone, of this VM; NULL: none. One that sent nothing changed nothing. */
static const struct journal_entry *find_drain(const struct journal_entries *entries, const struct uuid *vm)
{
	char uuid[UUID_TEXT_SIZE];

	uuid_format(vm, uuid);
	for (size_t i = 0; i < entries->count; i++) {
		const struct journal_entry *entry = &entries->at[i];
		enum operation operation;

		if (!entry->alive && entry->state != JOURNAL_NOT_SENT && strcmp(text_str(entry->uuid), uuid) == 0 &&
		    operation_find_recorded(text_str(entry->operation), &operation) && operation == OP_DRAIN)
			return entry;
	}
	return NULL;
}

/* What the VM is before the first command, and what an earlier drain found and sent. */
static bool prepare_plan(struct task_work *work, int slot, struct err *err)
{
	OWN(journal_entries) struct journal_entries entries = { 0 };
	OWN(vm_info) struct vm_info now = { 0 };
	const struct journal_entry *earlier;
	bool running, autostart;
	size_t unreadable;

	if (!journal_read_all(backend_is_simulated(work->backend), &entries, &unreadable, err) ||
	    !backend_get_info(work->backend, slot, &work->vm.uuid, &now, err))
		return false;
	earlier = find_drain(&entries, &work->vm.uuid);
	if (work->operation == OP_UNCORDON) {
		if (earlier)
			uncordon_prepare(work->op, &now, earlier);
		return true;
	}
	running = vm_state_has_process(now.state) || (earlier && earlier->found_running);
	autostart = now.autostart == 1 || (earlier && earlier->found_autostart);
	if (!drain_prepare(work->op, &now, autostart, earlier && earlier->state != JOURNAL_DONE ? earlier : NULL) &&
	    !(earlier && earlier->has_found))
		return true;
	return journal_found(work->journal, running, autostart, err);
}

static bool work_open(struct task_work *work, int slot)
{
	OWN(text) struct safe_text by = audit_who();
	char uuid[UUID_TEXT_SIZE];
	const struct journal_plan plan = {
		.operation = operation_name(work->operation),
		.host = text_str(work->host_name),
		.uri = work->uri,
		.vm = text_str(work->vm_name),
		.uuid = uuid,
		.by = text_str(by),
		.reason = text_str(work->reason),
		.is_simulated = backend_is_simulated(work->backend),
	};
	struct err err = { 0 };

	uuid_format(&work->vm.uuid, uuid);
	work->lock = vm_lock_take(&work->vm.uuid, backend_is_private(work->backend), &err);
	if (work->lock)
		work->journal = journal_create(&plan, &err);
	if (work->journal && operation_get(work->operation)->kind == OPERATION_OF_PLAN &&
	    !prepare_plan(work, slot, &err)) {
		task_report_fail(&work->refusal, result_from_err(err.kind), "%s", text_str(err_text(&err)));
		return false;
	}
	if (work->journal)
		return true;
	task_report_fail(&work->refusal, DISP_E_EXCEPTION, "%s", text_str(err_text(&err)));
	if (err.kind != ERR_UNEXPECTED)
		work->refusal.result = TASK_RESULT_DISK_RELATED;
	return false;
}

/*
 * What is known of the logins now is known better than by earlier tasks. What a drain found is kept for uncordon, or
 * was taken over by the next drain.
 */
static void forget_disabled_logins(const struct task_work *work)
{
	const bool is_plan = operation_get(work->operation)->kind == OPERATION_OF_PLAN;
	const bool is_simulated = backend_is_simulated(work->backend);
	OWN(journal_entries) struct journal_entries entries = { 0 };
	char uuid[UUID_TEXT_SIZE];
	size_t unreadable;

	uuid_format(&work->vm.uuid, uuid);
	journal_read_all(is_simulated, &entries, &unreadable, NULL);
	for (size_t i = 0; i < entries.count; i++) {
		const struct journal_entry *entry = &entries.at[i];
		enum operation operation;

		if (!operation_find_recorded(text_str(entry->operation), &operation) ||
		    strcmp(text_str(entry->uuid), uuid) != 0 || strcmp(entry->id, journal_id(work->journal)) == 0 ||
		    entry->alive)
			continue;
		if (operation == OP_DISABLE_LOGINS ||
		    (operation == OP_DRAIN && (is_plan || (entry->state == JOURNAL_DONE && !entry->has_found))))
			journal_forget(is_simulated, entry->id, NULL);
	}
}

int64_t work_step(void *state, int slot)
{
	struct task_work *work = state;
	const struct task_report *report;
	const char *name;
	int64_t wait_ms;
	int logins;

	if (!work->opened && !work->dry_run && !work_open(work, slot))
		return WORKER_DONE;
	work->opened = true;
	wait_ms = op_step(work->op, slot);
	if (wait_ms != WORKER_DONE)
		return wait_ms;
	report = work_report(work);
	name = result_find(report->error)->name;
	logins = work_logins_disabled(work);
	if (work->audited)
		write_end(work, report, name);
	if (work->journal && (logins >= 0 || (operation_get(work->operation)->kind == OPERATION_OF_PLAN &&
					      report->error == S_OK && report->result == TASK_RESULT_SUCCESS)))
		forget_disabled_logins(work);
	/* Logins that stay disabled outlive us: whoever comes next is told. So does what uncordon is to restore. */
	journal_close(work->journal, name,
		      logins == 1 || (work->operation == OP_DRAIN && drain_left_cordoned(work->op)) ||
			      (report->maybe_sent && report->error == VM_E_TIMED_OUT));
	work->journal = NULL;
	vm_lock_release(work->lock);
	work->lock = NULL;
	return WORKER_DONE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "base/log.h"
#include "ui/app/app_private.h"
#include "ui/app/app_work.h"

#include <stdatomic.h>

enum { PERCENT_EVERY_MS = 500, WHOM_MOST = 32 };

/*
 * How far a host is with what it was sent, asked while the task's own thread waits for its end; and that it shall
 * stop, where it can. A job of its own beside the task's: it ends with it, and a host that tells nothing costs nothing.
 */
struct watching {
	struct app *app;
	struct backend *backend;
	struct job *job;
	struct uuid uuid;
	uint64_t task_id;
	atomic_bool over, abort_wanted;
	bool aborted; /* worker's */
	int percent;  /* worker's during a step, the UI thread's between them; -1 unknown */
};

static void log_outcome(const struct task *task)
{
	const struct task_report *report = &task->report;
	const bool is_fine = report->result == TASK_RESULT_SUCCESS || report->result == TASK_RESULT_CANCELLED;
	OWN(text) struct safe_text outcome = task_outcome_words(task);
	const char *why = task_error_words(task);

	/* "cancelled before anybody was logged off" says it all. */
	if (report->result == TASK_RESULT_CANCELLED && *why)
		text_set(&outcome, text_format("%s", why));
	if (report->error == E_NO_SUCH_LOGON_SESSION || strcmp(why, text_str(outcome)) == 0)
		why = "";
	log_add(is_fine ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "%s/%s: %s: %s%s%s%s%s", text_str(task->host_name),
		text_str(task->vm_name), text_str(task->description), text_str(outcome), *why ? ": " : "", why,
		text_is_empty(report->note) ? "" : "; ", text_str(report->note));
}

/* who: NULL unknown. */
static void describe_logoff(struct task *task, const struct session_list *who)
{
	const size_t people = who ? session_list_people(who) + who->more : 0;

	text_set(&task->description,
		 people ? text_format(ngettext("Log off %zu user of %s", "Log off %zu users of %s", people), people,
				      text_str(task->vm_name))
			: text_format(_("Log off the users of %s"), text_str(task->vm_name)));
}

/* ---- how far the host is ---- */

static int64_t watch_step(void *state, int slot)
{
	struct watching *watching = state;
	struct err err = { 0 };

	if (atomic_load(&watching->over))
		return WORKER_DONE;
	watching->percent = -1;
	if (atomic_load(&watching->abort_wanted) && !watching->aborted)
		watching->aborted = backend_job_abort(watching->backend, slot, &watching->uuid, &err);
	else
		backend_job_percent(watching->backend, slot, &watching->uuid, &watching->percent, &err);
	return err.kind == ERR_UNSUPPORTED ? WORKER_DONE : PERCENT_EVERY_MS;
}

static void watch_progress(void *state)
{
	struct watching *watching = state;
	struct task *task = tasklist_find(&watching->app->tasks, watching->task_id);

	if (task && watching->percent > 0)
		task_note_percent(&watching->app->tasks, task, watching->percent);
}

static void watch_done(void *state)
{
	struct watching *watching = state;
	struct task *task = tasklist_find(&watching->app->tasks, watching->task_id);
	struct task_work *work = task ? task->work : NULL;

	if (work)
		work->watching = NULL;
	free(watching);
}

static void watch_host(struct task_work *work)
{
	struct job_spec spec = {
		.step = watch_step,
		.progress = watch_progress,
		.done = watch_done,
		.priority = WORKER_TASK,
	};
	struct watching *watching;

	if (work->operation != OP_MANAGEDSAVE && work->operation != OP_SNAPSHOT_CREATE &&
	    work->operation != OP_SNAPSHOT_REVERT)
		return;
	watching = mem_zalloc(sizeof(*watching));
	watching->app = work->app;
	watching->backend = work->backend;
	watching->uuid = work->vm.uuid;
	watching->task_id = work->task_id;
	watching->percent = -1;
	atomic_init(&watching->over, false);
	atomic_init(&watching->abort_wanted, false);
	spec.state = watching;
	work->watching = watching;
	watching->job = worker_submit(work->backend->agents, &spec);
}

/* ---- the work ---- */

static void work_progress(void *state)
{
	struct task_work *work = state;
	struct task *task = tasklist_find(&work->app->tasks, work->task_id);
	const struct task_report *report = work_report(work);

	if (task->operation == OP_LOGOFF && report->sessions_before > 0 && task->report.sessions_before < 0)
		describe_logoff(task, op_targets(work->op));
	if (report->sessions_before > 0 && op_targets(work->op) && (report->complete || text_is_empty(task->whom)))
		text_set(&task->whom, session_list_names(op_targets(work->op), WHOM_MOST));
	task_apply(&work->app->tasks, task, report);
}

/* What a complete task tells of its VM. */
static void learn_from(struct app *app, struct vm *vm, const struct task *task, const struct task_work *work)
{
	const enum operation operation = task->operation;
	const int closed = work_logins_disabled(work), autostart = work_autostart(work);

	if (closed >= 0 && vm->logins_disabled != (closed == 1)) {
		vm->logins_disabled = closed == 1;
		if (!vm->logins_disabled)
			app_journal_forget_logins(app, vm);
		inventory_touch(app->inventory, vm);
	}
	/* Hosts tell no event of it. */
	if (autostart >= 0 && vm->info.autostart != autostart) {
		vm->info.autostart = autostart;
		inventory_touch(app->inventory, vm);
	}
	if (operation == OP_ADD_CHANNEL && !app->stopping)
		backend_refresh(app_backend(app, vm->id.host));
	if (vm->snapshots && operation_get(operation)->kind == OPERATION_OF_SNAPSHOT && !app->stopping)
		app_ask_snapshots(app, vm, NULL);
	if (op_sessions(work->op))
		app_guests_learn(app, vm, op_sessions(work->op),
				 operation == OP_LOGOFF || operation == OP_DRAIN ? TIMELINE_LOGOFF_EXTERNAL
										 : TIMELINE_LOGOFF_NORMAL);
	/* Its list is of before it locked or disconnected somebody. */
	vm->look_in_full |= (operation_get(operation)->flags & CHOOSES_SESSIONS) != 0;
}

static void start_next(struct app *app);

static void work_done(void *state)
{
	struct task_work *work = state;
	struct app *app = work->app;
	struct task *task = tasklist_find(&app->tasks, work->task_id);
	struct vm *vm = inventory_find(app->inventory, &work->vm);

	if (work->watching)
		atomic_store(&work->watching->over, true);
	task->work = NULL;
	if (work_report(work)->complete) {
		work_progress(work);
		log_outcome(task);
		app->failed += task_has_failed(task);
		if (vm)
			learn_from(app, vm, task, work);
	}
	work_free(work);
	if (!app->stopping)
		start_next(app);
}

static bool is_started(const struct task *task)
{
	const struct task_work *work = task->work;

	return work && work->job;
}

static void start_next(struct app *app)
{
	struct job_spec spec = {
		.step = work_step,
		.progress = work_progress,
		.done = work_done,
		.priority = WORKER_TASK,
	};
	const int failures_most = app->settings.max_failures;
	int room = failures_most && app->failed >= failures_most ? 0 : app->parallel;

	for (size_t i = 0; i < app->tasks.count; i++)
		room -= is_started(app->tasks.at[i]);
	for (size_t i = 0; i < app->tasks.count && room > 0; i++) {
		struct task *task = app->tasks.at[i];
		struct task_work *work = task->work;

		if (!work || work->job)
			continue;
		task->running = true;
		task->deadline_at += clock_ms() - task->started_at;
		task->started_at = clock_ms();
		spec.state = work;
		spec.key = &work->vm.uuid;
		work->job = worker_submit(work->backend->agents, &spec);
		watch_host(work);
		room--;
	}
}

static const struct task_work *work_on(const struct app *app, const struct vm *vm)
{
	const struct task *task = vm->task_id ? tasklist_find(&app->tasks, vm->task_id) : NULL;

	return task ? task->work : NULL;
}

void app_tasks_note_reboot(struct app *app, const struct vm *vm)
{
	const struct task_work *work = work_on(app, vm);

	if (work)
		op_note_reboot(work->op);
}

void app_tasks_note_stopped(struct app *app, const struct vm *vm, enum vm_state how)
{
	const struct task_work *work = work_on(app, vm);

	if (work)
		op_note_stopped(work->op, how);
}

void app_tasks_drop_queued(struct app *app)
{
	for (size_t i = 0; i < app->tasks.count; i++) {
		struct task *task = app->tasks.at[i];

		if (task->work && !is_started(task)) {
			work_free(task->work);
			task->work = NULL;
		}
	}
}

/* ---- may it be done? ---- */

static bool is_reachable(const struct host *host, struct err *err)
{
	if (host->access == ACCESS_MONITOR)
		return err_set(err, ERR_DENIED, _("%s allows only monitoring: %s"), host->name,
			       text_str(host->trouble));
	if (!host_is_usable(host))
		return err_set(err, ERR_UNREACHABLE, _("%s cannot be reached at the moment: %s"), host->name,
			       text_is_empty(host->trouble) ? _("connecting") : text_str(host->trouble));
	return true;
}

static bool is_read_only(const struct app *app, const struct host *host)
{
	return app->settings.mode == APP_READ_ONLY || host->access == ACCESS_READ_ONLY;
}

bool app_may_act(const struct app *app, const struct vm *vm, struct err *err)
{
	const struct host *host = inventory_host(app->inventory, vm->id.host);

	if (app->settings.mode == APP_LOCKED)
		return err_set(err, ERR_DENIED, _("read-only (--lock): restart without --lock to make changes"));
	if (is_read_only(app, host))
		return err_set(err, ERR_DENIED,
			       _("the connection to %s is read-only; connect without -r to make changes"), host->name);
	return is_reachable(host, err);
}

static bool state_allows(const struct vm *vm, enum operation operation, struct err *err)
{
	const struct operation_info *info = operation_get(operation);
	const char *name = text_str(vm->info.name), *objection = info->refused[vm->info.state];
	struct err why = { .kind = ERR_UNEXPECTED }; /* "it is running already" */

	if (operation_needs_agent(operation)) {
		if (!vm_state_allows_guest(vm->info.state, name, err))
			return false;
		if (vm->info.channel == CHANNEL_ABSENT)
			return err_set(err, ERR_NO_CHANNEL,
				       _("%s has no guest agent channel; add an org.qemu.guest_agent.0 channel to it"),
				       name);
		if (vm->info.channel == CHANNEL_DISCONNECTED)
			return err_set(err, ERR_NO_AGENT,
				       _("no guest agent is connected in %s; install or start qemu-guest-agent in the "
					 "guest"),
				       name);
		return true;
	}
	/* With a snapshot its disks are written to, which may be elsewhere. */
	if (info->kind == OPERATION_OF_SNAPSHOT)
		return vm->info.state != VM_STATE_MIGRATED || vm_state_allows_guest(vm->info.state, name, err);
	if (!objection)
		return true;
	vm_state_allows_guest(vm->info.state, "", &why);
	return err_set(err, why.kind, "%s: %s", name, _(objection));
}

bool app_may(const struct app *app, const struct vm *vm, enum operation operation, struct err *err)
{
	return app_may_act(app, vm, err) && state_allows(vm, operation, err);
}

bool app_may_pretend(const struct app *app, const struct vm *vm, enum operation operation, struct err *err)
{
	const struct host *host = inventory_host(app->inventory, vm->id.host);

	/* It touches nothing, so --lock is no reason; but some look into the guest, which -r does not let them. */
	if (operation_needs_agent(operation) && is_read_only(app, host))
		return err_set(err, ERR_DENIED,
			       _("the connection to %s is read-only, so guests cannot be asked, not even for a dry "
				 "run; use --lock instead of -r"),
			       host->name);
	return is_reachable(host, err) && state_allows(vm, operation, err);
}

bool app_is_about_sessions(enum operation operation)
{
	return operation_get(operation)->flags & HITS_SESSIONS;
}

/* ---- starting ---- */

static struct task *add_task(struct app *app, const struct vm_id *id, enum operation operation, int timeout_s)
{
	struct task *task = tasklist_add(&app->tasks, operation, id);
	struct vm *vm = inventory_find(app->inventory, id);

	task->started = clock_wall();
	task->started_at = clock_ms();
	task->deadline_at = task->started_at + (int64_t)timeout_s * 1000;
	text_set(&task->host_name, text_format("%s", inventory_host(app->inventory, id->host)->name));
	if (vm) {
		text_set(&task->vm_name, text_copy(vm->info.name));
		vm->task_id = task->id;
	}
	if (operation == OP_LOGOFF)
		describe_logoff(task, vm && vm->users_state == USERS_KNOWN ? &vm->sessions : NULL);
	else
		text_set(&task->description, operation_describe(operation, task->vm_name));
	return task;
}

/* What every call checks before it starts a task. S_OK: *ret_vm may be worked on. */
static hresult begin(struct app *app, const struct vm_id *id, const struct op_params *params, struct task **ret_task,
		     struct vm **ret_vm, struct err *err)
{
	const enum operation operation = params->operation;
	const bool dry_run = params->logoff.dry_run;
	struct vm *vm = *ret_vm = inventory_find(app->inventory, id);
	const struct task *task = vm && vm->task_id ? tasklist_find(&app->tasks, vm->task_id) : NULL;
	struct err own = { 0 };

	err = err ? err : &own;
	if (!ret_task) {
		err_set(err, ERR_UNEXPECTED, "%s: ret_task is NULL", operation_name(operation));
		return E_POINTER;
	}
	if (!vm)
		err_set(err, ERR_NO_DOMAIN, "%s",
			_("this VM no longer exists: it was undefined, or its host no longer lists it"));
	/* A VM that is off needs no guest: its autostart is all that a drain has to see to. */
	if (!vm || !(operation == OP_DRAIN && params->shut_down && !dry_run && vm_state_is_off(vm->info.state)
			     ? app_may_act(app, vm, err)
			     : (dry_run ? app_may_pretend : app_may)(app, vm, operation, err)))
		return result_from_err(err->kind);
	if (!task || task->report.complete)
		return S_OK;
	err_set(err, ERR_UNEXPECTED, _("task %llu (%s) is still working on %s; cancel it or wait until it is done"),
		(unsigned long long)task->id, operation_name(task->operation), text_str(vm->info.name));
	return result_from_err(err->kind);
}

/* words: its name, or what is seen of it. */
static struct safe_text describe_snapshot(enum operation operation, const char *words, const struct vm *vm)
{
	const struct snapshot *known = vm->snapshots ? snapshot_list_match(&vm->snapshots->list, words, NULL) : NULL;
	struct safe_text shown = known ? text_copy(known->name) : text_sanitize_str(words, TEXT_CAP_NAME), text;
	const char *name = text_str(shown), *vm_name = text_str(vm->info.name);

	if (operation == OP_SNAPSHOT_CREATE)
		text = text_format(_("Take snapshot %s of %s"), name, vm_name);
	else if (operation == OP_SNAPSHOT_REVERT)
		text = text_format(_("Revert to snapshot %s of %s"), name, vm_name);
	else
		text = text_format(_("Delete snapshot %s of %s"), name, vm_name);
	text_free(&shown);
	return text;
}

hresult app_submit(struct app *app, const struct vm_id *id, const struct op_params *params, struct task **ret_task,
		   struct err *err)
{
	const struct operation_info *info = operation_get(params->operation);
	struct op_params resolved = *params;
	OWN(bytes) char *name_of_now = NULL, *message = NULL;
	struct task *task;
	struct vm *vm;
	hresult code;

	resolved.logoff.dry_run &= (info->flags & REHEARSES_IN_GUEST) != 0;
	code = begin(app, id, &resolved, ret_task, &vm, err);
	if (code != S_OK)
		return code;
	if (resolved.logoff.timeout_s <= 0 && (info->kind == OPERATION_OF_SESSIONS || info->kind == OPERATION_OF_PLAN))
		resolved.logoff.timeout_s = app->settings.config->logoff_timeout_s;
	if (info->kind == OPERATION_OF_SNAPSHOT && !resolved.snapshot.name)
		resolved.snapshot.name = name_of_now = snapshot_name_of_now();
	if (resolved.logoff.message && *resolved.logoff.message) {
		message = config_message(app->settings.config, resolved.logoff.message, resolved.logoff.grace_s,
					 params->reason, text_str(vm->info.name), err);
		if (!message)
			return E_INVALIDARG;
		resolved.logoff.message = message;
	}
	task = add_task(app, id, params->operation,
			op_timeout_s(&resolved, strcmp(text_str(vm->os_id), "mswindows") == 0));
	task->dry_run = resolved.logoff.dry_run;
	if (params->reason)
		task->reason = text_sanitize_str(params->reason, TEXT_CAP_LINE);
	if (resolved.logoff.message && app_is_about_sessions(params->operation))
		task->message = text_sanitize_str(resolved.logoff.message, TEXT_CAP_LINE);
	if (info->kind == OPERATION_OF_SNAPSHOT)
		text_set(&task->description, describe_snapshot(params->operation, resolved.snapshot.name, vm));
	task->work = work_create(app, task, app_backend(app, id->host));
	work_set_op(task->work, &resolved);
	*ret_task = task;
	start_next(app);
	app_changed(app, APP_CHANGED_TASKS | APP_CHANGED_VMS);
	return S_OK;
}

struct task *app_note_refusal(struct app *app, const struct vm_id *id, enum operation operation, hresult code,
			      const struct err *err)
{
	struct task *task = add_task(app, id, operation, 0);
	OWN(task_report) struct task_report report = { 0 };

	task_report_init(&report);
	task_report_fail(&report, code, "%s", text_str(err_text(err)));
	task_apply(&app->tasks, task, &report);
	log_outcome(task);
	return task;
}

/* ---- cancelling, waiting ---- */

hresult app_cancel(struct app *app, struct task *task)
{
	struct task_work *work = task->work;
	struct task_report report;

	if (task->report.complete || !work)
		return E_FAIL;
	if (!work->job) {
		task->work = NULL;
		work_free(work);
		task_report_init(&report);
		report.complete = true;
		report.result = TASK_RESULT_CANCELLED;
		report.phase = TASK_PHASE_DONE;
		text_set(&report.error_description, text_format("%s", _("cancelled before anything was sent")));
		task_apply(&app->tasks, task, &report);
		task_report_free(&report);
		log_outcome(task);
		return S_OK;
	}
	if (!task_is_cancelable(task))
		return E_FAIL;
	op_request_cancel(work->op);
	/* libvirt ends the writing of a memory image; of a snapshot inside the disks it cannot. */
	if (work->watching && work->operation == OP_MANAGEDSAVE) {
		atomic_store(&work->watching->abort_wanted, true);
		worker_wake(work->backend->agents, work->watching->job);
	}
	worker_wake(work->backend->agents, work->job);
	return S_OK;
}

hresult app_wait_for(struct app *app, struct task *task, int64_t ms)
{
	const int64_t until = clock_ms() + ms;

	if (!task_wait_timeout_is_valid(ms))
		return E_INVALIDARG;
	while (!task->report.complete && (ms < 0 || clock_ms() < until))
		loop_turn(app->loop, ms < 0 ? -1 : until - clock_ms());
	return S_OK;
}

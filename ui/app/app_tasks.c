/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/app/app_private.h"
#include "ui/app/app_work.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

enum {
	LOGOFF_TIMEOUT_S = 150,         /* above logind's stop time-out of 90 s */
	LOGOFF_TIMEOUT_WINDOWS_S = 120,
	VERB_TIMEOUT_S = 180,
};

static void log_outcome(const struct task *task)
{
	const struct task_report *report = &task->report;
	char code[11];

	result_format(report->error, code);
	log_add(report->result == TASK_RESULT_SUCCESS ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "%s/%s: %s: %s (%s)%s%s",
		text_str(task->host_name), text_str(task->vm_name), text_str(task->description),
		result_find(report->error)->name, code, text_is_empty(report->error_description) ? "" : ": ",
		text_str(report->error_description));
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

static void work_progress(void *state)
{
	struct task_work *work = state;
	struct task *task = tasklist_find(&work->app->tasks, work->task_id);
	const struct task_report *report = work_report(work);

	if (task->verb == TASK_LOGOFF && report->sessions_before > 0 && task->report.sessions_before < 0)
		describe_logoff(task, op_targets(work->op));
	task_apply(&work->app->tasks, task, report);
}

static void learn_door(struct app *app, struct vm *vm, const struct task_work *work)
{
	const int closed = work_door_is_closed(work);

	if (closed < 0 || vm->door_closed == (closed == 1))
		return;
	vm->door_closed = closed == 1;
	if (!vm->door_closed)
		app_journal_forget_door(app, vm);
	inventory_touch(app->inventory, vm);
}

/* Hosts tell no event of it. */
static void learn_autostart(struct app *app, struct vm *vm, const struct task *task)
{
	if (task->report.error != S_OK || task->report.result != TASK_RESULT_SUCCESS ||
	    (task->verb != VM_VERB_AUTOSTART && task->verb != VM_VERB_NO_AUTOSTART))
		return;
	vm->facts.autostart = task->verb == VM_VERB_AUTOSTART;
	inventory_touch(app->inventory, vm);
}

static bool is_snapshot_verb(int verb)
{
	return verb >= TASK_SNAPSHOT_CREATE && verb <= TASK_SNAPSHOT_DELETE;
}

static void start_next(struct app *app);

static void work_done(void *state)
{
	struct task_work *work = state;
	struct app *app = work->app;
	struct task *task = tasklist_find(&app->tasks, work->task_id);
	struct vm *vm = inventory_find(app->inventory, &work->vm);

	app_progress_end(work);
	task->work = NULL;
	if (work_report(work)->complete) {
		work_progress(work);
		log_outcome(task);
		if (vm)
			learn_door(app, vm, work);
		if (vm)
			learn_autostart(app, vm, task);
		if (vm && vm->snapshots && is_snapshot_verb(task->verb) && !app->stopping)
			app_ask_snapshots(app, vm, NULL);
		if (vm && op_sessions(work->op))
			app_guests_learn(app, vm, op_sessions(work->op),
					 task->verb == TASK_LOGOFF || task->verb == TASK_MAINTAIN ?
						 TIMELINE_LOGOFF_EXTERNAL : TIMELINE_LOGOFF_NORMAL);
	}
	work_free(work);
	if (!app->stopping)
		start_next(app);
}

static void start_work(struct task *task)
{
	struct task_work *work = task->work;
	const struct job_spec spec = {
		.step = work_step,
		.progress = work_progress,
		.done = work_done,
		.state = work,
		.key = &work->vm.uuid,
		.priority = WORKER_TASK,
	};

	task->running = true;
	task->deadline_at += clock_ms() - task->started_at;
	task->started_at = clock_ms();
	work->job = worker_submit(work->backend->agents, &spec);
	app_progress_watch(work);
}

static bool is_started(const struct task *task)
{
	const struct task_work *work = task->work;

	return work && work->job;
}

static void start_next(struct app *app)
{
	int room = app->parallel;

	for (size_t i = 0; i < app->tasks.count; i++)
		room -= is_started(app->tasks.at[i]);
	for (size_t i = 0; i < app->tasks.count && room > 0; i++) {
		struct task *task = app->tasks.at[i];

		if (!task->work || is_started(task))
			continue;
		start_work(task);
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
		return err_set(err, ERR_DENIED, _("innkeeper runs with --lock; start it without to act"));
	if (is_read_only(app, host))
		return err_set(err, ERR_DENIED, _("the connection to %s is read-only; connect without -r to act"),
			       host->name);
	return is_reachable(host, err);
}

static bool is_about_the_guest(int verb)
{
	return verb >= VM_VERB_COUNT && !is_snapshot_verb(verb);
}

/* A dry run touches nothing, so --lock is no reason; but some look into the guest, which -r does not let them. */
static bool may_look(const struct app *app, const struct vm *vm, int verb, struct err *err)
{
	const struct host *host = inventory_host(app->inventory, vm->id.host);

	if (is_about_the_guest(verb) && is_read_only(app, host))
		return err_set(err, ERR_DENIED,
			       _("the connection to %s is read-only, and over such a one a guest cannot be asked, not even "
				 "for a dry run; connect without -r (--lock keeps it from acting)"),
			       host->name);
	return is_reachable(host, err);
}

static bool state_allows_logoff(const struct vm *vm, struct err *err)
{
	const char *name = text_str(vm->facts.name);

	if (!vm_state_allows_guest(vm->facts.state, name, err))
		return false;
	if (vm->facts.channel == CHANNEL_ABSENT)
		return err_set(err, ERR_NO_CHANNEL,
			       _("%s has no guest agent channel; add an org.qemu.guest_agent.0 channel to it"), name);
	if (vm->facts.channel == CHANNEL_DISCONNECTED)
		return err_set(err, ERR_NO_AGENT,
			       _("no guest agent is connected in %s; install or start qemu-guest-agent in the guest"),
			       name);
	return true;
}

static enum err_kind kind_of_objection(enum vm_state state)
{
	struct err why;

	return vm_state_allows_guest(state, "", &why) ? ERR_UNEXPECTED /* "it is running already" */ : why.kind;
}

static bool state_allows_verb(const struct vm *vm, enum vm_verb verb, struct err *err)
{
	const char *objection = vm_verb_objection(verb, vm->facts.state);

	return !objection || err_set(err, kind_of_objection(vm->facts.state), "%s: %s", text_str(vm->facts.name),
				     _(objection));
}

static bool state_allows(const struct vm *vm, int verb, struct err *err)
{
	if (is_about_the_guest(verb))
		return state_allows_logoff(vm, err);
	if (!is_snapshot_verb(verb))
		return state_allows_verb(vm, (enum vm_verb)verb, err);
	/* Its disks are being written to, elsewhere. */
	return vm->facts.state != VM_STATE_MIGRATED ||
	       vm_state_allows_guest(vm->facts.state, text_str(vm->facts.name), err);
}

bool app_may(const struct app *app, const struct vm *vm, int verb, struct err *err)
{
	return app_may_act(app, vm, err) && state_allows(vm, verb, err);
}

bool app_may_pretend(const struct app *app, const struct vm *vm, int verb, struct err *err)
{
	return may_look(app, vm, verb, err) && state_allows(vm, verb, err);
}

bool app_may_logoff(const struct app *app, const struct vm *vm, struct err *err)
{
	return app_may(app, vm, TASK_LOGOFF, err);
}

bool app_may_verb(const struct app *app, const struct vm *vm, enum vm_verb verb, struct err *err)
{
	return app_may(app, vm, (int)verb, err);
}

bool app_is_about_sessions(int verb)
{
	return verb == TASK_LOGOFF || verb == TASK_MAINTAIN || verb == TASK_LOCK || verb == TASK_DISCONNECT;
}

/* ---- starting ---- */

static struct task *add_task(struct app *app, const struct vm_id *id, int verb, int timeout_s)
{
	struct task *task = tasklist_add(&app->tasks, verb, id);
	struct vm *vm = inventory_find(app->inventory, id);

	task->started = clock_wall();
	task->started_at = clock_ms();
	task->deadline_at = task->started_at + (int64_t)timeout_s * 1000;
	text_set(&task->host_name, text_format("%s", inventory_host(app->inventory, id->host)->name));
	if (vm) {
		text_set(&task->vm_name, text_copy(vm->facts.name));
		vm->task_id = task->id;
	}
	if (verb == TASK_LOGOFF)
		describe_logoff(task, vm && vm->users_state == USERS_KNOWN ? &vm->sessions : NULL);
	else
		text_set(&task->description, task_describe(verb, task->vm_name));
	return task;
}

static struct task_work *add_work(struct app *app, struct task *task)
{
	task->work = work_create(app, task, app_backend(app, task->vm.host));
	return task->work;
}

static struct vm *find_vm(const struct app *app, const struct vm_id *id, struct err *err)
{
	struct vm *vm = inventory_find(app->inventory, id);

	if (!vm)
		err_set(err, ERR_NO_DOMAIN, "%s",
			_("this VM is gone: it was undefined, or its host no longer lists it"));
	return vm;
}

static bool is_free(const struct app *app, const struct vm *vm, struct err *err)
{
	const struct task *task = vm->task_id ? tasklist_find(&app->tasks, vm->task_id) : NULL;

	if (!task || task->report.complete)
		return true;
	return err_set(err, ERR_UNEXPECTED,
		       _("task %llu (%s) is still working on %s; cancel it or wait until it is done"),
		       (unsigned long long)task->id, task_verb_name(task->verb), text_str(vm->facts.name));
}

static hresult started(struct app *app, struct task *task, struct task **ret_task)
{
	*ret_task = task;
	start_next(app);
	app_changed(app, APP_CHANGED_TASKS | APP_CHANGED_VMS);
	return S_OK;
}

static int logoff_timeout(const struct app *app, const struct vm *vm, const struct logoff_options *options)
{
	if (options->timeout_s > 0)
		return options->timeout_s;
	if (app->settings.config->logoff_timeout_s > 0)
		return app->settings.config->logoff_timeout_s;
	return strcmp(text_str(vm->os_id), "mswindows") == 0 ? LOGOFF_TIMEOUT_WINDOWS_S : LOGOFF_TIMEOUT_S;
}

/* What every call checks before it starts a task. S_OK: *ret_vm may be worked on. */
static hresult begin(struct app *app, const struct vm_id *id, int verb, bool dry_run, struct task **ret_task,
		     struct vm **ret_vm, struct err *err)
{
	struct err own = { 0 };

	err = err ? err : &own;
	if (!ret_task) {
		err_set(err, ERR_UNEXPECTED, "%s: ret_task is NULL", task_verb_name(verb));
		return E_POINTER;
	}
	*ret_vm = find_vm(app, id, err);
	if (!*ret_vm || !(dry_run ? app_may_pretend : app_may)(app, *ret_vm, verb, err) || !is_free(app, *ret_vm, err))
		return result_from_err(err->kind);
	return S_OK;
}

hresult app_logoff(struct app *app, const struct vm_id *id, const struct logoff_options *options,
		   struct task **ret_task, struct err *err)
{
	struct logoff_options resolved = *options;
	struct task *task;
	struct vm *vm;
	hresult code = begin(app, id, TASK_LOGOFF, options->dry_run, ret_task, &vm, err);

	if (code != S_OK)
		return code;
	resolved.timeout_s = logoff_timeout(app, vm, options);
	task = add_task(app, id, TASK_LOGOFF, resolved.timeout_s + resolved.grace_s);
	task->dry_run = options->dry_run;
	work_set_logoff(add_work(app, task), &resolved);
	return started(app, task, ret_task);
}

hresult app_verb(struct app *app, const struct vm_id *id, enum vm_verb verb, enum shutdown_mode way, int timeout_s,
		 struct task **ret_task, struct err *err)
{
	struct task *task;
	struct vm *vm;
	hresult code = begin(app, id, (int)verb, false, ret_task, &vm, err);

	if (code != S_OK)
		return code;
	timeout_s = timeout_s > 0 ? timeout_s : VERB_TIMEOUT_S;
	task = add_task(app, id, (int)verb, timeout_s);
	work_set_verb(add_work(app, task), verb, way, timeout_s);
	return started(app, task, ret_task);
}

hresult app_guest_op(struct app *app, const struct vm_id *id, int verb, const struct guest_op_options *options,
		     struct task **ret_task, struct err *err)
{
	struct guest_op_options resolved = *options;
	struct task *task;
	struct vm *vm;
	hresult code = begin(app, id, verb, false, ret_task, &vm, err);

	if (code != S_OK)
		return code;
	resolved.timeout_s = guest_op_timeout_s(verb, options->timeout_s);
	task = add_task(app, id, verb, resolved.timeout_s);
	work_set_guest_op(add_work(app, task), &resolved);
	return started(app, task, ret_task);
}

hresult app_maintain(struct app *app, const struct vm_id *id, const struct maintain_options *options,
		     struct task **ret_task, struct err *err)
{
	struct maintain_options resolved = *options;
	struct task *task;
	struct vm *vm;
	hresult code = begin(app, id, TASK_MAINTAIN, options->logoff.dry_run, ret_task, &vm, err);

	if (code != S_OK)
		return code;
	resolved.logoff.timeout_s = logoff_timeout(app, vm, &options->logoff);
	if (!resolved.shutdown_timeout_s)
		resolved.shutdown_timeout_s = VERB_TIMEOUT_S;
	task = add_task(app, id, TASK_MAINTAIN,
			resolved.logoff.timeout_s + resolved.logoff.grace_s +
				(options->shut_down ? resolved.shutdown_timeout_s : 0));
	task->dry_run = options->logoff.dry_run;
	work_set_maintain(add_work(app, task), &resolved);
	return started(app, task, ret_task);
}

/* words: its name, or what is seen of it. */
static struct safe_text describe_snapshot(int verb, const char *words, const struct vm *vm)
{
	const struct snapshot *known = vm->snapshots ? snapshot_list_match(&vm->snapshots->list, words, NULL) : NULL;
	struct safe_text shown = known ? text_copy(known->name) : text_from_outside_str(words, TEXT_CAP_NAME), text;
	const char *name = text_str(shown), *vm_name = text_str(vm->facts.name);

	if (verb == TASK_SNAPSHOT_CREATE)
		text = text_format(_("Take snapshot %s of %s"), name, vm_name);
	else if (verb == TASK_SNAPSHOT_REVERT)
		text = text_format(_("Revert to snapshot %s of %s"), name, vm_name);
	else
		text = text_format(_("Delete snapshot %s of %s"), name, vm_name);
	text_free(&shown);
	return text;
}

hresult app_snapshot(struct app *app, const struct vm_id *id, int verb, const struct snapshot_params *wish,
		     int timeout_s, struct task **ret_task, struct err *err)
{
	struct snapshot_params resolved = *wish;
	char *name_of_now = NULL;
	struct task *task;
	struct vm *vm;
	hresult code = begin(app, id, verb, false, ret_task, &vm, err);

	if (code != S_OK)
		return code;
	if (!resolved.name)
		resolved.name = name_of_now = snapshot_name_of_now();
	timeout_s = snapshot_op_timeout_s(timeout_s);
	task = add_task(app, id, verb, timeout_s);
	text_set(&task->description, describe_snapshot(verb, resolved.name, vm));
	work_set_snapshot(add_work(app, task), &resolved, timeout_s);
	free(name_of_now);
	return started(app, task, ret_task);
}

hresult app_submit(struct app *app, const struct vm_id *id, const struct op_params *wish, struct task **ret_task,
		   struct err *err)
{
	const struct maintain_options plan = { .logoff = wish->logoff, .shut_down = wish->shut_down };
	const struct guest_op_options small = {
		.message = wish->logoff.message,
		.whom = wish->logoff.whom,
		.timeout_s = wish->logoff.timeout_s,
	};

	if (wish->verb < VM_VERB_COUNT)
		return app_verb(app, id, (enum vm_verb)wish->verb, wish->way, wish->logoff.timeout_s, ret_task, err);
	if (wish->verb == TASK_LOGOFF)
		return app_logoff(app, id, &wish->logoff, ret_task, err);
	if (wish->verb == TASK_MAINTAIN)
		return app_maintain(app, id, &plan, ret_task, err);
	if (is_snapshot_verb(wish->verb))
		return app_snapshot(app, id, wish->verb, &wish->snapshot, wish->logoff.timeout_s, ret_task, err);
	return app_guest_op(app, id, wish->verb, &small, ret_task, err);
}

struct task *app_note_refusal(struct app *app, const struct vm_id *id, int verb, hresult code, const struct err *err)
{
	struct task *task = add_task(app, id, verb, 0);
	struct task_report report;

	task_report_init(&report);
	task_report_fail(&report, code, "%s", text_str(err_text(err)));
	task_apply(&app->tasks, task, &report);
	task_report_free(&report);
	log_outcome(task);
	return task;
}

/* ---- cancelling, waiting ---- */

static void complete_cancelled(struct app *app, struct task *task)
{
	struct task_report report;

	task_report_init(&report);
	report.complete = true;
	report.result = TASK_RESULT_CANCELLED;
	report.phase = TASK_PHASE_DONE;
	text_set(&report.error_description, text_format("%s", _("cancelled before anything was sent")));
	task_apply(&app->tasks, task, &report);
	task_report_free(&report);
}

hresult app_cancel(struct app *app, struct task *task)
{
	struct task_work *work = task->work;

	if (task->report.complete || !work)
		return E_FAIL;
	if (!work->job) {
		task->work = NULL;
		work_free(work);
		complete_cancelled(app, task);
		log_outcome(task);
		return S_OK;
	}
	if (!task_is_cancelable(task))
		return E_FAIL;
	op_request_cancel(work->op);
	app_progress_abort(work);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "engine/journal.h"
#include "ui/cli/cli_commands.h"

enum {
	ASK_GUESTS_MS = 10 * 1000,
	CANCEL_MS = 400,              /* time for cancelled tasks to report */
	CALL_OFF_MS = 10 * 1000,      /* ... where users who were warned are told first */
	ENABLE_LOGINS_MS = 60 * 1000, /* a drain enables logins first */
};

struct cli_task_list {
	VEC(struct task *);
};

/* The VMs from selection to action: later ones are not added. */
struct cli_target {
	struct vm_id id;
	struct err refused; /* why it was left out of the question; ERR_NONE: it was not */
	bool is_bound;      /* to those that the question showed; false: whoever is on */
	struct session_list shown;
	int64_t shown_created; /* of the snapshot that it showed; 0: none */
};

struct cli_targets {
	VEC(struct cli_target);
	bool exceptions_match; /* it was seen that whoever is to be spared is logged on */
};

/* --- the rows --- */

#define ROWS(ROW) \
	ROW(TASK_ID, "id", NULL, OUTPUT_IS_NUMBER) \
	ROW(TASK_HOST, "host", NC_("column", "HOST"), OUTPUT_IS_TEXT) \
	ROW(TASK_VM, "vm", NC_("column", "VM"), OUTPUT_IS_TEXT) \
	ROW(TASK_UUID, "uuid", NULL, OUTPUT_IS_TEXT) \
	ROW(TASK_VERB, "verb", NC_("column", "VERB"), OUTPUT_IS_TEXT) \
	ROW(TASK_DESCRIPTION, "description", NULL, OUTPUT_IS_TEXT) \
	ROW(TASK_PERCENT, "percent", NULL, OUTPUT_IS_NUMBER) \
	ROW(TASK_COMPLETE, "complete", NULL, OUTPUT_IS_BOOL) \
	ROW(TASK_CANCELABLE, "cancelable", NULL, OUTPUT_IS_BOOL) \
	ROW(TASK_RESULT, "result", NULL, OUTPUT_IS_NUMBER) \
	ROW(TASK_RESULT_NAME, "result_name", NULL, OUTPUT_IS_TEXT) \
	ROW(TASK_ERROR, "error", NULL, OUTPUT_IS_TEXT) \
	ROW(TASK_ERROR_NAME, "error_name", NULL, OUTPUT_IS_TEXT) \
	ROW(TASK_ERROR_DESCRIPTION, "error_description", NULL, OUTPUT_IS_TEXT) \
	ROW(TASK_SESSIONS_BEFORE, "sessions_before", NC_("column", "BEFORE"), OUTPUT_IS_NUMBER) \
	ROW(TASK_SESSIONS_AFTER, "sessions_after", NC_("column", "AFTER"), OUTPUT_IS_NUMBER) \
	ROW(TASK_STARTED, "started", NULL, OUTPUT_IS_TIME) \
	ROW(TASK_ELAPSED, "elapsed_ms", NULL, OUTPUT_IS_NUMBER) \
	ROW(TASK_OUTCOME, NULL, NC_("column", "OUTCOME"), OUTPUT_IS_TEXT) \
	ROW(TASK_SECONDS, NULL, NC_("column", "SEC"), OUTPUT_IS_REAL) \
	ROW(TASK_NOTE, NULL, NC_("column", "NOTE"), OUTPUT_IS_TEXT) \
	ROW(TASK_REASON, "reason", NULL, OUTPUT_IS_TEXT)
OUTPUT_COLUMNS(ROWS, TASK_COLUMNS);

const struct cli_fields cli_task_fields = { columns, ARRAY_SIZE(columns), NULL };

static void put_task(struct cli *cli, const struct task *task)
{
	const struct task_report *report = &task->report;
	const struct result_info *error = result_find(report->error);
	struct output *output = &cli->output;
	char uuid[UUID_TEXT_SIZE], code[11];
	OWN(text) struct safe_text outcome = { 0 };

	if (!report->complete && task->id)
		outcome = text_format("%s %d%%", _(task_phase_name(report->phase)), report->percent);
	else if (cli->options->dry_run && report->error == S_OK)
		outcome = text_format("%s", _("would be done"));
	else
		outcome = task_outcome_words(task);
	uuid_format(&task->vm.uuid, uuid);
	result_format(report->error, code);
	output_row(output);
	if (task->id) {
		output_put_number(output, TASK_ID, (int64_t)task->id);
		output_put_time(output, TASK_STARTED, task->started);
		output_put_number(output, TASK_ELAPSED, task_elapsed_ms(task, clock_ms()));
		output_put_real(output, TASK_SECONDS, (double)task_elapsed_ms(task, clock_ms()) / 1000);
	}
	output_put_text(output, TASK_HOST, task->host_name);
	output_put_text(output, TASK_VM, task->vm_name);
	output_put_text(output, TASK_UUID, TEXT_TRUSTED(uuid));
	output_put_text(output, TASK_VERB, TEXT_TRUSTED(operation_name(task->operation)));
	output_put_text(output, TASK_DESCRIPTION, task->description);
	output_put_bool(output, TASK_CANCELABLE, task->id && task_is_cancelable(task));
	output_put_number(output, TASK_PERCENT, report->percent);
	output_put_bool(output, TASK_COMPLETE, report->complete);
	if (report->complete) {
		output_put_number(output, TASK_RESULT, report->result);
		output_put_text(output, TASK_RESULT_NAME, TEXT_TRUSTED(task_result_name(report->result)));
	}
	output_put_text(output, TASK_ERROR, TEXT_TRUSTED(code));
	output_put_text(output, TASK_ERROR_NAME, TEXT_TRUSTED(error->name));
	output_put_text(output, TASK_ERROR_DESCRIPTION, report->error_description);
	output_put_number(output, TASK_SESSIONS_BEFORE, report->sessions_before);
	output_put_number(output, TASK_SESSIONS_AFTER, report->sessions_after);
	output_put_text(output, TASK_NOTE, report->note);
	output_put_text(output, TASK_REASON, task->reason);
	output_put_text(output, TASK_OUTCOME, outcome);
}

/* --- what is asked for --- */

static struct task *submit(struct cli *cli, const struct cli_target *target, enum operation operation,
			   bool exceptions_match)
{
	const struct options *options = cli->options;
	const struct config *config = app_config(cli->app);
	struct op_params params = {
		.operation = operation,
		.reason = options->reason,
		.logoff = {
			.whom = cli_selector(options),
			.force = options->force,
			.dry_run = options->dry_run,
			.timeout_s = options->timeout_s,
		},
		.shut_down = operation == OP_DRAIN && cli_vm(cli, &target->id) &&
			     cli_drain_shuts_down(cli, cli_vm(cli, &target->id)),
		.way = (enum shutdown_mode)options->way,
		.snapshot = {
			.name = options->name,
			.description = options->description,
			.disks_only = options->disk_only || options->quiesce,
			.quiesce = options->quiesce    ? QUIESCE_MUST :
				   options->no_quiesce ? QUIESCE_NEVER :
							 QUIESCE_IF_POSSIBLE,
			.shown_created = target->shown_created,
		},
	};
	struct task *task = NULL;
	struct err err = { 0 };
	hresult code;

	params.logoff.whom.shown = target->is_bound ? &target->shown : NULL;
	params.logoff.whom.allow_unmatched |= exceptions_match;
	if (options->message || options->grace_s >= 0) {
		params.logoff.grace_s = options->grace_s >= 0 ? options->grace_s : config->grace_s;
		params.logoff.message = options->message ? options->message
					: *config->message
						? config->message
						: _("You are about to be logged off. Please save your work.");
	}
	code = app_submit(cli->app, &target->id, &params, &task, &err);
	return code == S_OK ? task : app_note_refusal(cli->app, &target->id, operation, code, &err);
}

/* --- waiting for the end --- */

static bool all_are_complete(struct cli *cli, void *data)
{
	const struct cli_task_list *tasks = data;
	const struct task *running = NULL;
	const size_t failures_most = (size_t)cli->options->max_failures;
	size_t complete = 0, failed = 0;

	for (size_t i = 0; i < tasks->count; i++) {
		const struct task_report *report = &tasks->at[i]->report;

		failed += task_has_failed(tasks->at[i]);
		if (report->complete)
			complete++;
		else if (!running || (tasks->at[i]->running && !running->running))
			running = tasks->at[i];
	}
	for (size_t i = 0; i < tasks->count && failures_most && failed >= failures_most; i++)
		if (!tasks->at[i]->running && app_cancel(cli->app, tasks->at[i]) == S_OK)
			complete++;
	if (running && running->report.grace_until > clock_ms())
		cli_progress(cli, _("%zu of %zu done; %s: grace period, %d s left"), complete, tasks->count,
			     text_str(running->vm_name),
			     (int)((running->report.grace_until - clock_ms() + 999) / 1000));
	else if (running)
		cli_progress(cli, _("%zu of %zu done; %s: %s, %d%% %s"), complete, tasks->count,
			     text_str(running->vm_name), _(task_phase_name(running->report.phase)),
			     running->report.percent, text_str(running->report.waiting_for));
	return complete == tasks->count;
}

/* Returns the exit status for tasks that did not end. */
static enum exit_status wait_for_all(struct cli *cli, struct cli_task_list *tasks)
{
	const bool enables_logins = tasks->count && tasks->at[0]->operation == OP_DRAIN;
	const int64_t wait_ms = (int64_t)cli->options->wait_timeout_s * 1000;
	const int64_t deadline_ms = cli->options->deadline_s * 1000;
	const bool has_deadline = deadline_ms && (wait_ms < 0 || deadline_ms < wait_ms);
	const int interrupts = cli->interrupts;
	bool is_over;
	const bool warns = cli->options->message || cli->options->grace_s >= 0;

	is_over = cli_wait(cli, all_are_complete, tasks, has_deadline ? deadline_ms : MAX(wait_ms, -1));
	cli_progress_clear(cli);
	if (cli->interrupts == interrupts && (is_over || !has_deadline))
		return EXIT_TIMED_OUT;
	cli_say("%s", cli->interrupts == interrupts
			      ? _("The deadline is over: cancelling what can be cancelled, and enabling logins again")
		      : enables_logins ? _("Interrupted: cancelling what can be cancelled, and enabling logins again; "
					   "interrupt again to skip that")
				       : _("Interrupted: cancelling what can be cancelled"));
	for (size_t i = 0; i < tasks->count; i++)
		app_cancel(cli->app, tasks->at[i]);
	cli_wait(cli, all_are_complete, tasks, enables_logins ? ENABLE_LOGINS_MS : warns ? CALL_OFF_MS : CANCEL_MS);
	cli_progress_clear(cli);
	return cli->interrupts == interrupts ? EXIT_TIMED_OUT : EXIT_CANCELLED;
}

static void report_outcome(struct cli *cli, const struct task *task, enum exit_status unfinished)
{
	const char *host = text_str(task->host_name), *vm = text_str(task->vm_name);
	const struct task_report *report = &task->report;

	if (!report->complete) {
		if (task->operation == OP_LOGOFF && task_is_cancelable(task))
			cli_say(_("%s/%s: stopped before anybody was logged off"), host, vm);
		else
			cli_say(_("%s/%s: still running; check later with: %s"), host, vm,
				journal_command(backend_is_simulated(app_backend(cli->app, task->vm.host))));
		cli_note_exit(cli, unfinished);
		return;
	}
	cli_note_exit(cli, result_exit(report->result, report->error));
	/* Tables have a column for it. */
	if (task->operation == OP_SNAPSHOT_CREATE && cli->options->output != OUTPUT_TEXT &&
	    !text_is_empty(report->note))
		cli_say("%s/%s: %s", host, vm, text_str(report->note));
	if (report->error == S_OK || (report->error == E_NO_SUCH_LOGON_SESSION && cli->options->quiet))
		return;
	cli_say("%s/%s: %s", host, vm,
		text_is_empty(report->error_description) ? _(result_find(report->error)->short_words)
							 : task_error_words(task));
}

static bool needs_snapshot(enum operation operation)
{
	return operation_get(operation)->flags & NEEDS_SNAPSHOT;
}

static bool may_be_done(const struct cli *cli, const struct vm *vm, enum operation operation, struct err *err)
{
	if (operation == OP_DRAIN)
		return cli_drain_may(cli, vm, err);
	return (cli->options->dry_run ? app_may_pretend : app_may)(cli->app, vm, operation, err) &&
	       (!needs_snapshot(operation) || cli_snapshot_named(cli, vm, err));
}

static hresult code_of(const struct err *err)
{
	return err->kind == ERR_USAGE ? E_INVALIDARG : result_from_err(err->kind);
}

static void pretend(struct cli *cli, const struct vm *vm, enum operation operation)
{
	struct task task = {
		.operation = operation,
		.vm = vm->id,
		.host_name = TEXT_TRUSTED(cli_host(cli, &vm->id)->name),
		.vm_name = vm->info.name,
		.description = text_format("%s %s", operation_name(operation), text_str(vm->info.name)),
	};
	struct err err = { 0 };

	task_report_init(&task.report);
	if (!may_be_done(cli, vm, operation, &err))
		task_report_fail(&task.report, code_of(&err), "%s", text_str(err_text(&err)));
	else
		task.report.complete = true;
	task.report.percent = 100;
	put_task(cli, &task);
	report_outcome(cli, &task, EXIT_DONE);
	task_report_free(&task.report);
	text_free(&task.description);
}

static void run_all(struct cli *cli, const struct cli_targets *targets, enum operation operation)
{
	OWN(vec) struct cli_task_list tasks = { 0 };
	enum exit_status unfinished, status;

	for (size_t i = 0; i < targets->count; i++) {
		const struct cli_target *target = &targets->at[i];
		const struct vm *vm = cli_vm(cli, &target->id);
		struct err err = target->refused;

		/* Of one that is off, no guest knows more. */
		if (err.kind == ERR_NONE && vm && operation == OP_DRAIN && cli->options->dry_run &&
		    vm_state_is_off(vm->info.state)) {
			pretend(cli, vm, operation);
			continue;
		}
		if (err.kind == ERR_NONE) {
			*VEC_PUSH(&tasks) = submit(cli, target, operation, targets->exceptions_match);
			continue;
		}
		/* It was not part of the question, even if it could be done by now. */
		if (vm && may_be_done(cli, vm, operation, NULL))
			err_set(&err, err.kind,
				cli->options->yes
					? _("not possible when the users were listed, so nothing was done; run the "
					    "command again (reason then: %s)")
					: _("not possible when you were asked, so nothing was done; run the command "
					    "again (reason then: %s)"),
				text_str(err_text(&target->refused)));
		*VEC_PUSH(&tasks) = app_note_refusal(cli->app, &target->id, operation, code_of(&err), &err);
	}
	unfinished = wait_for_all(cli, &tasks);
	for (size_t i = 0; i < tasks.count; i++) {
		put_task(cli, tasks.at[i]);
		report_outcome(cli, tasks.at[i], unfinished);
	}
	/* The rehearsal of a plan is clear, or it is not. */
	status = result_exit_combine(cli->exits.at, cli->exits.count);
	if (operation == OP_DRAIN && cli->options->dry_run && status != EXIT_CANCELLED) {
		cli->exits.count = 0;
		cli_note_exit(cli, status == EXIT_DONE || status == EXIT_NOBODY ? EXIT_DONE : EXIT_UNEXPECTED);
	}
}

/* An exception that matches no session anywhere is a typo, and would log off the user it means. */
static bool exceptions_match(struct cli *cli, const struct cli_vms *vms)
{
	const struct session_selector whom = cli_selector(cli->options);
	OWN(vec) struct session_list all = { .proven = true }; /* its sessions are borrowed */
	size_t meant = 0, unknown = 0;
	OWN(session_choice) struct session_choice choice = { 0 };
	struct err err = { 0 };
	OWN(text) struct safe_text where = { 0 };
	bool ok;

	session_choice_init(&choice, &whom);
	for (size_t i = 0; i < vms->count; i++) {
		const struct vm *vm = cli_vm(cli, &vms->at[i]);

		if (!vm || vm->users_state != USERS_KNOWN || !session_list_proves_absence(&vm->sessions))
			unknown++;
		for (size_t k = 0; vm && vm->users_state == USERS_KNOWN && k < vm->sessions.count; k++) {
			meant += session_choice_takes(&choice, &vm->sessions.at[k], vm->sessions.family);
			*VEC_PUSH(&all) = vm->sessions.at[k];
		}
	}
	all.proven = !unknown;
	where = unknown ? text_format(_("these VMs (the lists of %zu of them are incomplete)"), unknown)
			: text_format("%s", _("these VMs"));
	ok = (!meant && !unknown) || session_choice_check_exceptions(&choice, &all, where, &err);
	if (!ok)
		cli_note_error(cli, &err);
	return ok;
}

static void put_refusal(struct cli *cli, const struct cli_target *target, enum operation operation)
{
	struct task *task =
		app_note_refusal(cli->app, &target->id, operation, code_of(&target->refused), &target->refused);

	put_task(cli, task);
	report_outcome(cli, task, EXIT_DONE);
}

/* All that blocks a drain is shown before anything starts; then nothing does. A dry run goes on, and exits with 1. */
static bool goes_on_without(struct cli *cli, const struct cli_targets *targets, size_t able)
{
	const size_t blocked = targets->count - able;

	if (!blocked || cli->options->dry_run || cli->options->skip_blocked)
		return true;
	for (size_t i = 0; i < targets->count; i++)
		if (targets->at[i].refused.kind != ERR_NONE)
			put_refusal(cli, &targets->at[i], OP_DRAIN);
	cli_write(cli);
	if (able)
		cli_say(ngettext("nothing was done: %zu of %zu VMs is blocked; --skip-blocked drains the others",
				 "nothing was done: %zu of %zu VMs are blocked; --skip-blocked drains the others",
				 blocked),
			blocked, targets->count);
	return false;
}

/*
 * The question is about those where something can be done; nothing to ask where there are none. The others are
 * refused from here on, for what stands against them now. Without a question, one guest's own list decides about its
 * exceptions; of several, none knows the others.
 */
static bool is_wanted(struct cli *cli, struct cli_targets *targets, enum operation operation, bool asks)
{
	OWN(vec) struct cli_vms able = { 0 };
	bool ok;

	targets->exceptions_match = cli->options->except_users.count && (asks || targets->count > 1);
	if (!asks && !targets->exceptions_match && operation != OP_DRAIN)
		return true;
	for (size_t i = 0; i < targets->count; i++) {
		struct cli_target *target = &targets->at[i];
		const struct vm *vm = cli_vm(cli, &target->id);

		if (!vm)
			err_set(&target->refused, ERR_NO_DOMAIN, "%s", _("this VM no longer exists"));
		else if (may_be_done(cli, vm, operation, &target->refused))
			*VEC_PUSH(&able) = target->id;
	}
	if (operation == OP_DRAIN && !goes_on_without(cli, targets, able.count))
		return false;
	ok = !able.count || (cli_ask_guests(cli, &able, targets->exceptions_match ? -1 : ASK_GUESTS_MS, NULL) &&
			     exceptions_match(cli, &able));
	if (able.count && ok && asks) {
		/* Binds each target to what the question shows, at that moment; to sessions only where their list is
		 * complete. */
		for (size_t i = 0; i < targets->count; i++) {
			struct cli_target *target = &targets->at[i];
			const struct vm *vm = cli_vm(cli, &target->id);
			const struct snapshot *snapshot;

			if (!vm || target->refused.kind != ERR_NONE)
				continue;
			snapshot = needs_snapshot(operation) ? cli_snapshot_named(cli, vm, NULL) : NULL;
			target->shown_created = snapshot ? snapshot->created : 0;
			target->is_bound = app_is_about_sessions(operation) && vm->users_state == USERS_KNOWN &&
					   !vm->sessions.more;
			if (target->is_bound)
				session_list_copy(&target->shown, &vm->sessions);
		}
		ok = cli_ask(cli, &able, operation);
		if (!ok)
			cli_note_exit(cli, EXIT_CANCELLED);
	}
	if (!ok)
		cli_say("%s", _("nothing was done"));
	return ok;
}

void cli_tasks(struct cli *cli)
{
	if (cli_settle(cli) && cli_select(cli))
		cli_act(cli, (enum operation)cli->options->command);
}

void cli_act(struct cli *cli, enum operation operation)
{
	const bool asks =
		command_get((enum command_id)operation)->asks_first && !cli->options->yes && !cli->options->dry_run;
	OWN(vec) struct cli_targets targets = { 0 };

	if (!cli_wait_for_channels(cli, &cli->vms) || (operation == OP_DRAIN && !cli_drain_prepare(cli)) ||
	    (needs_snapshot(operation) && !cli_ask_snapshots(cli))) {
		cli_say("%s", _("nothing was done"));
		return;
	}
	for (size_t i = 0; i < cli->vms.count; i++)
		VEC_PUSH(&targets)->id = cli->vms.at[i];
	if (!is_wanted(cli, &targets, operation, asks))
		goto out;
	/* Their dry runs look into the guests and are tasks; the others need no more than the VM's state. */
	if (!cli->options->dry_run || operation_get(operation)->flags & REHEARSES_IN_GUEST)
		run_all(cli, &targets, operation);
	else
		for (size_t i = 0; i < cli->vms.count; i++)
			if (cli_vm(cli, &cli->vms.at[i]))
				pretend(cli, cli_vm(cli, &cli->vms.at[i]), operation);
	cli->output.whole = &columns[TASK_NOTE];
	cli_write(cli);
out:
	for (size_t i = 0; i < targets.count; i++)
		session_list_free(&targets.at[i].shown);
}

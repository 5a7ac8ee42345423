/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/app/app_actions.h"

#include "ui/app/app_handoff.h"

static bool may_act_on(const struct app *app, enum action_id action, const struct vm_id *id, struct err *err)
{
	const struct vm *vm = inventory_find(app_inventory(app), id);

	if (!vm)
		return err_set(err, ERR_NO_DOMAIN, _("this VM no longer exists"));
	if (action == ACTION_PAUSE)
		return app_may(app, vm, OP_SUSPEND, NULL) || app_may(app, vm, OP_RESUME, err);
	if (action == ACTION_CONSOLE)
		return app_may_console(app, vm, err);
	if (action == ACTION_VIEWER)
		return app_may_view(app, vm, err);
	if (action == ACTION_SSH)
		return app_may_ssh(app, vm, err);
	return !action_is_operation(action) || app_may(app, vm, (enum operation)action, err);
}

bool app_action_is_out_of_mode(const struct app *app, enum action_id action)
{
	return action_get(action)->needs & NEEDS_WRITE && app_mode(app) != APP_FULL;
}

bool app_action_may(const struct app *app, enum action_id action, const struct action_target *target, struct err *err)
{
	const unsigned needs = action_get(action)->needs;
	const struct task *task = target->task;
	struct err first = { 0 };

	if (app_action_is_out_of_mode(app, action))
		return err_set(err, ERR_DENIED, "%s",
			       app_mode(app) == APP_LOCKED
				       ? _("read-only (--lock): restart without --lock to make changes")
				       : _("read-only (--readonly): restart without --readonly to make changes"));
	if (needs & NEEDS_TASK) {
		if (!task)
			return err_set(err, ERR_USAGE, _("no task is selected; t switches to the task pane"));
		if (task->report.complete)
			return err_set(err, ERR_USAGE, _("this task is finished; X clears finished tasks"));
		return task_is_cancelable(task) ||
		       err_set(err, ERR_USAGE,
			       _("too late to cancel: already sent; innkeeper watches it until it ends"));
	}
	if (!(needs & NEEDS_VM))
		return true;
	if (target->count == 0)
		return err_set(err, ERR_USAGE, _("no VM is selected"));
	for (size_t i = 0; i < target->count; i++) {
		struct err *why = i == 0 ? &first : NULL;
		const struct vm *vm = inventory_find(app_inventory(app), &target->vms[i]);

		if (!may_act_on(app, action, &target->vms[i], why))
			continue;
		/* A command may try all the same: others disable logins, too, and what we did may be forgotten. */
		if (action == ACTION_DISABLE_LOGINS && vm->logins_disabled)
			err_set(why, ERR_USAGE, _("logins are already disabled; enable-logins enables them"));
		else if (action == ACTION_ENABLE_LOGINS && !vm->logins_disabled)
			err_set(why, ERR_USAGE, _("innkeeper did not disable its logins; nothing to enable"));
		else
			return true;
	}
	if (err)
		*err = first;
	return false;
}

size_t app_action_count_able(const struct app *app, enum action_id action, const struct action_target *target,
			     struct err *ret_reason)
{
	size_t able = 0;

	for (size_t i = 0; i < target->count; i++) {
		bool is_first_refusal = able == i;

		able += may_act_on(app, action, &target->vms[i], is_first_refusal ? ret_reason : NULL);
	}
	return able;
}

enum action_id app_action_resolve(const struct app *app, enum action_id action, const struct action_target *target)
{
	if (action != ACTION_PAUSE)
		return action;
	return app_action_may(app, ACTION_SUSPEND, target, NULL) || !app_action_may(app, ACTION_RESUME, target, NULL)
		       ? ACTION_SUSPEND
		       : ACTION_RESUME;
}

void app_act(struct app *app, const struct action_target *target, const struct op_params *wish,
	     struct act_outcome *outcome)
{
	for (size_t i = 0; i < target->count; i++) {
		const struct vm_id *id = &target->vms[i];
		struct task *task = NULL;
		struct err why = { 0 };
		hresult code = app_submit(app, id, wish, &task, &why);

		if (code == S_OK) {
			outcome->started++;
		} else {
			if (outcome->refused++ == 0)
				outcome->reason = why;
			task = app_note_refusal(app, id, wish->operation, code, &why);
		}
		if (!outcome->batch)
			outcome->batch = task->id;
		task->batch = outcome->batch;
	}
}

void app_cancel_batch(struct app *app, uint64_t batch, struct cancel_outcome *ret_outcome)
{
	const struct tasklist *tasks = app_tasks(app);

	*ret_outcome = (struct cancel_outcome){ 0 };
	for (size_t i = 0; i < tasks->count; i++) {
		struct task *task = tasks->at[i];

		if (task->batch != batch || task->report.complete)
			continue;
		if (app_cancel(app, task) == S_OK)
			ret_outcome->cancelled++;
		else
			ret_outcome->too_late++;
	}
}

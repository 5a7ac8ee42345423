/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/session_picks.h"

static void push_cursor_of(struct listing *listing, struct vm_ids *ids)
{
	const struct vm *vm = listing_cursor(listing);

	if (vm)
		*VEC_PUSH(ids) = vm->id;
}

struct action_target ui_target(struct ui *ui, enum action_id action, struct vm_ids *ret_ids)
{
	const struct view *pane = ui_pane(ui);
	const bool is_for_row = action_get(action)->needs & ON_ROW;
	const struct task *task = NULL;
	const struct vm *vm;
	struct vm_id id;

	*ret_ids = (struct vm_ids){ 0 };
	if (pane->ops->picks && !is_for_row)
		session_picks_vms(pane->ops->picks(pane), ret_ids);
	if (ret_ids->count == 0 && (pane->is_of_vm || (pane->ops->subject && pane->ops->subject(pane, &id))))
		*VEC_PUSH(ret_ids) = pane->is_of_vm ? pane->vm : id;
	else if (ret_ids->count == 0 && !pane->ops->picks)
		(is_for_row ? push_cursor_of : listing_targets)(ui->listing, ret_ids);
	vm = ret_ids->count == 1 ? inventory_find(app_inventory(ui->app), &ret_ids->at[0]) : NULL;
	if (ui->tasks_have_focus)
		task = view_tasks_selected(ui->tasks);
	else if (vm && vm->task_id)
		task = tasklist_find(app_tasks(ui->app), vm->task_id);
	return (struct action_target){ .vms = ret_ids->at, .count = ret_ids->count, .task = task };
}

bool ui_may(struct ui *ui, enum action_id action)
{
	struct vm_ids ids;
	const struct action_target target = ui_target(ui, action, &ids);
	const bool can = app_action_may(ui->app, action, &target, NULL);

	VEC_FREE(&ids);
	return can;
}

struct safe_text ui_vm_name(const struct ui *ui, const struct vm_id *id)
{
	const struct vm *vm = inventory_find(app_inventory(ui->app), id);

	return vm ? text_copy(vm->info.name) : text_format("%s", _("a VM that no longer exists"));
}

void ui_targets_take(struct ui *ui, struct ui_targets *ret_targets)
{
	ret_targets->of_marks = ui_target(ui, ACTION_MENU, &ret_targets->ids[0]);
	ret_targets->of_row = ui_target(ui, ACTION_DETAILS, &ret_targets->ids[1]);
}

const struct action_target *ui_targets_get(const struct ui_targets *targets, enum action_id action)
{
	return action_get(action)->needs & ON_ROW ? &targets->of_row : &targets->of_marks;
}

void ui_targets_free(struct ui_targets *targets)
{
	VEC_FREE(&targets->ids[0]);
	VEC_FREE(&targets->ids[1]);
}

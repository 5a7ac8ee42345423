/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/target.h"

#include "ui/tui/session_picks.h"
#include "ui/tui/view_tasks.h"

struct action_target ui_target(struct ui *ui, struct vm_ids *ret_ids)
{
	const struct view *pane = ui_pane(ui);
	const struct task *task = NULL;
	const struct vm *vm;
	struct vm_id id;

	*ret_ids = (struct vm_ids){ 0 };
	if (pane->ops->picks)
		session_picks_vms(pane->ops->picks(pane), ret_ids);
	if (ret_ids->count == 0 && pane->ops->subject && pane->ops->subject(pane, &id))
		*VEC_PUSH(ret_ids) = id;
	else if (ret_ids->count == 0 && !pane->ops->picks)
		listing_targets(ui->listing, ret_ids);
	vm = ret_ids->count == 1 ? inventory_find(app_inventory(ui->app), &ret_ids->at[0]) : NULL;
	if (ui->tasks_have_focus)
		task = view_tasks_selected(ui->tasks);
	else if (vm && vm->task_id)
		task = tasklist_find(app_tasks(ui->app), vm->task_id);
	return (struct action_target){ .vms = ret_ids->at, .count = ret_ids->count, .task = task };
}

struct safe_text ui_vm_name(const struct ui *ui, const struct vm_id *id)
{
	const struct vm *vm = inventory_find(app_inventory(ui->app), id);

	return vm ? text_copy(vm->info.name) : text_format("%s", _("a VM that no longer exists"));
}

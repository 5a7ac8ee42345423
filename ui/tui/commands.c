/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/commands.h"

#include "ui/tui/screens.h"
#include "ui/tui/target.h"
#include "ui/tui/term/term.h"
#include "ui/tui/view_table.h"
#include "ui/tui/view_tasks.h"

/* --- one function a command --- */

typedef void command_fn(struct ui *ui, enum action_id action, const struct action_target *target);

static void do_logoff(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)action;
	(void)target;
	dialog_logoff_open(ui);
}

static void do_operation(struct ui *ui, enum action_id action, const struct action_target *target)
{
	dialog_operation_open(ui, app_action_resolve(ui->app, action, target));
}

static void do_sessions(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)action;
	view_sessions_open(ui, target->vms, target->count);
}

/* The snapshot is chosen in their view, where the action is carried out. */
static void do_snapshots(struct ui *ui, enum action_id action, const struct action_target *target)
{
	if (action == ACTION_SNAPSHOT_CREATE) {
		dialog_snapshot_open(ui, action, NULL);
		return;
	}
	view_snapshots_open(ui, &target->vms[0]);
	if (action != ACTION_SNAPSHOTS)
		ui_say(ui, ROLE_NORMAL, _("Select the snapshot first"));
}

static void do_details(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)action;
	view_details_open(ui, &target->vms[0]);
}

/* Reports when several VMs are marked. */
static bool is_one_vm(struct ui *ui, const struct action_target *target)
{
	if (target->count == 1)
		return true;
	ui_say(ui, ROLE_WARN, _("One VM at a time: %zu are marked. U unmarks them."), target->count);
	return false;
}

static void do_hand_over(struct ui *ui, enum action_id action, const struct action_target *target)
{
	if (!is_one_vm(ui, target))
		return;
	if (action == ACTION_CONSOLE)
		console_open(ui, &target->vms[0]);
	else if (action == ACTION_VIEWER)
		viewer_open(ui, &target->vms[0]);
	else
		ssh_open(ui, &target->vms[0]);
}

static void do_logs(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)action;
	if (is_one_vm(ui, target))
		view_logs_open(ui, &target->vms[0]);
}

static void do_open(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)target;
	switch (action) {
	case ACTION_MENU:
		menu_open(ui);
		break;
	case ACTION_PALETTE:
		palette_open(ui);
		break;
	case ACTION_COLUMNS:
		chooser_open(ui);
		break;
	case ACTION_EVENTS:
		view_events_open(ui);
		break;
	case ACTION_INTERRUPTED:
		view_interrupted_open(ui);
		break;
	case ACTION_FILTER:
		view_filter_open(ui);
		break;
	case ACTION_EVERYBODY:
		view_everybody_open(ui);
		break;
	default:
		view_help_open(ui);
	}
}

static void do_tasks(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)action;
	(void)target;
	ui->tasks_have_focus = !ui->tasks_have_focus;
}

static void do_cancel(struct ui *ui, enum action_id action, const struct action_target *target)
{
	struct task *task = tasklist_find(app_tasks(ui->app), target->task->id);

	(void)action;
	if (app_cancel(ui->app, task) != S_OK)
		ui_say(ui, ROLE_WARN, _("Too late to cancel: already sent."));
	else
		ui_say(ui, ROLE_NORMAL, _("Cancelling: %s"), text_str(task->description));
}

static void do_cancel_all(struct ui *ui, enum action_id action, const struct action_target *target)
{
	const struct task *task = target->task ? target->task : view_tasks_selected(ui->tasks);
	struct cancel_outcome outcome;

	(void)action;
	if (!task) {
		ui_say(ui, ROLE_NORMAL, _("No tasks yet."));
		return;
	}
	app_cancel_batch(ui->app, task->batch, &outcome);
	if (outcome.too_late > 0)
		ui_say(ui, ROLE_WARN, _("Cancelling %zu of %zu; the others were already sent"), outcome.cancelled,
		       outcome.cancelled + outcome.too_late);
	else if (outcome.cancelled > 0)
		ui_say(ui, ROLE_NORMAL, ngettext("Cancelling %zu task", "Cancelling %zu tasks", outcome.cancelled),
		       outcome.cancelled);
	else
		ui_say(ui, ROLE_NORMAL, _("This task and those started with it are finished"));
}

static void do_dismiss(struct ui *ui, enum action_id action, const struct action_target *target)
{
	const struct tasklist *tasks = app_tasks(ui->app);

	(void)action;
	(void)target;
	if (tasklist_running(tasks) == tasks->count) {
		ui_say(ui, ROLE_NORMAL, _("No finished tasks to clear"));
		return;
	}
	tasklist_dismiss_complete(app_tasks(ui->app));
	listing_tasks_changed(ui->listing);
	if (view_tasks_is_empty(ui->tasks))
		ui->tasks_have_focus = false;
}

static void do_sort(struct ui *ui, enum action_id action, const struct action_target *target)
{
	bool descending = listing_sort_is_descending(ui->listing);
	const struct attribute *column = listing_sort_column(ui->listing);
	size_t place = 0, count = ui->columns.count;

	(void)target;
	while (place < count && ui->columns.at[place] != column)
		place++;
	place %= count;
	if (action == ACTION_SORT_INVERT)
		descending = !descending;
	else
		column = ui->columns.at[(place + (action == ACTION_SORT_LEFT ? count - 1 : 1)) % count];
	view_table_sort(ui, column, descending);
}

static void do_group(struct ui *ui, enum action_id action, const struct action_target *target)
{
	enum grouping by = (enum grouping)((listing_grouping(ui->listing) + 1) % GROUPING_COUNT);

	(void)action;
	(void)target;
	listing_group_by(ui->listing, by);
	if (by == GROUPING_NONE)
		ui_say(ui, ROLE_NORMAL, _("Not grouped"));
	else
		ui_say(ui, ROLE_NORMAL, _("Grouped %s"), _(grouping_words(by)));
}

/* The table did not use the key: there is no group to fold, or no further column. */
static void do_fold(struct ui *ui, enum action_id action, const struct action_target *target)
{
	const bool aside = action != ACTION_FOLD_ALL;
	char key[KEY_NAME_SIZE];

	(void)target;
	if (listing_grouping(ui->listing))
		return;
	keymap_key_of(&ui->keymap, ACTION_GROUP, key);
	ui_say(ui, ROLE_NORMAL,
	       aside ? _("No more columns there, and VMs are not grouped; %s groups them")
		     : _("VMs are not grouped; %s groups them"),
	       key);
}

static void do_turn_columns(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)action;
	(void)target;
	if (ui_pane(ui) == ui->table)
		ui_say(ui, ROLE_NORMAL, _("No more columns there"));
}

static void do_freeze(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)action;
	(void)target;
	listing_freeze(ui->listing, !listing_is_frozen(ui->listing));
}

static void do_redraw(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)ui;
	(void)action;
	(void)target;
	term_redraw();
}

static void do_refresh(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)action;
	(void)target;
	app_refresh(ui->app);
	ui_say(ui, ROLE_NORMAL, _("Refreshing hosts and guests"));
}

static void do_delay(struct ui *ui, enum action_id action, const struct action_target *target)
{
	static const int steps[] = { 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600 };
	int delay = app_delay(ui->app), chosen = steps[0];

	(void)target;
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		if (action == ACTION_DELAY_MORE && steps[i] > delay) {
			chosen = steps[i];
			break;
		}
		if (steps[i] < delay || action == ACTION_DELAY_MORE)
			chosen = steps[i];
	}
	app_set_delay(ui->app, chosen);
	ui_say(ui, ROLE_NORMAL, _("Statistics every %d s"), chosen);
}

static void do_unmark(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)target;
	if (action == ACTION_UNMARK_ALL)
		listing_unmark_all(ui->listing);
	else
		listing_invert_marks(ui->listing);
}

/* Closes one thing at a time: task focus, pane, filter, marks, freeze. */
static void do_back(struct ui *ui, enum action_id action, const struct action_target *target)
{
	struct view *pane = ui_pane(ui);

	(void)action;
	(void)target;
	if (ui->tasks_have_focus)
		ui->tasks_have_focus = false;
	else if (pane != ui->table)
		view_close(pane);
	else if (*listing_filter_words(ui->listing))
		listing_set_filter(ui->listing, "", NULL);
	else if (listing_marked(ui->listing) > 0)
		listing_unmark_all(ui->listing);
	else if (listing_is_frozen(ui->listing))
		listing_freeze(ui->listing, false);
}

static void do_background(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)ui;
	(void)action;
	(void)target;
	term_suspend();
}

static void do_quit(struct ui *ui, enum action_id action, const struct action_target *target)
{
	(void)action;
	(void)target;
	if (tasklist_running(app_tasks(ui->app)) > 0)
		dialog_quit_open(ui);
	else
		loop_quit(ui->loop);
}

static command_fn *const commands[ACTION_COUNT] = {
#define OPERATION(id, name, kind, ...) \
	[ACTION_##id] = (kind) == OPERATION_OF_SESSIONS   ? do_logoff \
			: (kind) == OPERATION_OF_SNAPSHOT ? do_snapshots \
							  : do_operation,
#include "model/operation_rows.h"
#undef OPERATION
	[ACTION_SESSIONS] = do_sessions,
	[ACTION_EVERYBODY] = do_open,
	[ACTION_DETAILS] = do_details,
	[ACTION_MENU] = do_open,
	[ACTION_CONSOLE] = do_hand_over,
	[ACTION_VIEWER] = do_hand_over,
	[ACTION_SSH] = do_hand_over,
	[ACTION_LOGS] = do_logs,
	[ACTION_PAUSE] = do_operation,
	[ACTION_SNAPSHOTS] = do_snapshots,
	[ACTION_MARK_INVERT] = do_unmark,
	[ACTION_UNMARK_ALL] = do_unmark,
	[ACTION_FILTER] = do_open,
	[ACTION_TASKS] = do_tasks,
	[ACTION_TASK_CANCEL] = do_cancel,
	[ACTION_TASK_CANCEL_ALL] = do_cancel_all,
	[ACTION_TASK_DISMISS] = do_dismiss,
	[ACTION_SORT_LEFT] = do_sort,
	[ACTION_SORT_RIGHT] = do_sort,
	[ACTION_SORT_INVERT] = do_sort,
	[ACTION_COLUMNS] = do_open,
	[ACTION_COLUMNS_LEFT] = do_turn_columns,
	[ACTION_COLUMNS_RIGHT] = do_turn_columns,
	[ACTION_GROUP] = do_group,
	[ACTION_FOLD] = do_fold,
	[ACTION_UNFOLD] = do_fold,
	[ACTION_FOLD_ALL] = do_fold,
	[ACTION_EVENTS] = do_open,
	[ACTION_INTERRUPTED] = do_open,
	[ACTION_PALETTE] = do_open,
	[ACTION_REFRESH] = do_refresh,
	[ACTION_FREEZE] = do_freeze,
	[ACTION_DELAY_MORE] = do_delay,
	[ACTION_DELAY_LESS] = do_delay,
	[ACTION_REDRAW] = do_redraw,
	[ACTION_BACK] = do_back,
	[ACTION_BACKGROUND] = do_background,
	[ACTION_HELP] = do_open,
	[ACTION_QUIT] = do_quit,
};

/* Actions whose effect is hidden while a pane covers the table. */
static bool is_for_the_table(enum action_id action)
{
	switch (action) {
	case ACTION_MARK:
	case ACTION_MARK_INVERT:
	case ACTION_UNMARK_ALL:
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
	case ACTION_SORT_INVERT:
	case ACTION_COLUMNS:
	case ACTION_GROUP:
	case ACTION_FOLD:
	case ACTION_UNFOLD:
	case ACTION_FOLD_ALL:
		return true;
	default:
		return false;
	}
}

void commands_perform(struct ui *ui, enum action_id action)
{
	struct vm_ids ids;
	struct action_target target = ui_target(ui, &ids);
	struct err err;

	if (ui->tasks_have_focus && (action_get(action)->needs & NEEDS_VM || is_for_the_table(action)))
		ui_say(ui, ROLE_NORMAL, _("The task pane has the focus; Esc goes back to the VMs"));
	else if (ui_pane(ui) != ui->table && is_for_the_table(action))
		ui_say(ui, ROLE_NORMAL, _("Available in the VM table only; Esc goes back to it"));
	else if (!commands[action])
		;
	else if (action_get(action)->needs & NEEDS_VM && target.count == 0 && listing_is_on_group(ui->listing))
		ui_say(ui, ROLE_NORMAL, _("This is a group; Space marks its VMs"));
	else if (!app_action_may(ui->app, action, &target, &err))
		ui_say_err(ui, &err);
	else
		commands[action](ui, action, &target);
	VEC_FREE(&ids);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/journal.h"
#include "ui/tui/screens.h"
#include "ui/tui/term/term.h"

/* --- those that need the action or its target --- */

struct command {
	struct ui *ui;
	enum action_id action;
	const struct action_target *target;
};

static void do_operation(const struct command *command)
{
	dialog_operation_open(command->ui, app_action_resolve(command->ui->app, command->action, command->target));
}

static void do_sessions(const struct command *command)
{
	view_sessions_open(command->ui, command->target->vms, command->target->count);
}

/* The snapshot is chosen in their view, where the action is carried out. */
static void do_snapshots(const struct command *command)
{
	if (command->action == ACTION_SNAPSHOT_CREATE) {
		dialog_snapshot_open(command->ui, command->action, NULL);
		return;
	}
	view_open(command->ui, &snapshots_ops, &command->target->vms[0]);
	if (command->action != ACTION_SNAPSHOTS)
		ui_say(command->ui, ROLE_NORMAL, _("Select the snapshot first"));
}

static void cancel(struct ui *ui, const struct asked *about)
{
	struct task *task = tasklist_find(app_tasks(ui->app), about->task);

	if (!task || app_cancel(ui->app, task) != S_OK)
		ui_say(ui, ROLE_WARN, _("Too late to cancel: already sent."));
	else
		ui_say(ui, ROLE_NORMAL, _("Cancelling: %s"), text_str(task->description));
}

static void cancel_all(struct ui *ui, const struct asked *about)
{
	struct cancel_outcome outcome;

	app_cancel_batch(ui->app, about->task, &outcome);
	if (outcome.too_late > 0)
		ui_say(ui, ROLE_WARN, _("Cancelling %zu of %zu; the others were already sent"), outcome.cancelled,
		       outcome.cancelled + outcome.too_late);
	else if (outcome.cancelled > 0)
		ui_say(ui, ROLE_NORMAL, ngettext("Cancelling %zu task", "Cancelling %zu tasks", outcome.cancelled),
		       outcome.cancelled);
	else
		ui_say(ui, ROLE_NORMAL, _("These tasks are finished"));
}

static void do_cancel_all(const struct command *command)
{
	static const struct question question = { N_("Cancel all"), N_("Let them run"), cancel_all };
	struct ui *ui = command->ui;
	const struct tasklist *tasks = app_tasks(ui->app);
	const struct task *task = command->target->task ? command->target->task : view_tasks_selected(ui->tasks);
	size_t running = 0;

	for (size_t i = 0; task && i < tasks->count; i++)
		running += tasks->at[i]->batch == task->batch && !tasks->at[i]->report.complete;
	if (!task)
		ui_say(ui, ROLE_NORMAL, _("No tasks yet."));
	else if (!running)
		ui_say(ui, ROLE_NORMAL, _("This task and those started with it are finished"));
	else
		dialog_ask_open(ui, &question, &(struct asked){ .task = task->batch },
				text_format(ngettext("Cancel %zu task?", "Cancel %zu tasks?", running), running),
				text_format("%s", _("Those that were started together and are not finished.")));
}

static void do_cancel(const struct command *command)
{
	static const struct question question = { N_("Cancel task"), N_("Let it run"), cancel };
	const struct task *task = command->target->task;

	if (command->ui->tasks_have_focus && view_tasks_is_on_batch(command->ui->tasks)) {
		do_cancel_all(command);
		return;
	}
	dialog_ask_open(command->ui, &question, &(struct asked){ .task = task->id },
			text_format("%s", _("Cancel this task?")), text_copy(task->description));
}

static void do_search_again(const struct command *command)
{
	view_search_again(command->ui, command->action == ACTION_SEARCH_PREVIOUS);
}

static void do_sort(const struct command *command)
{
	struct ui *ui = command->ui;
	bool descending = listing_sort_is_descending(ui->listing);
	const struct attribute *column = listing_sort_column(ui->listing);
	size_t place = 0, count = ui->columns.count;

	while (place < count && ui->columns.at[place] != column)
		place++;
	place %= count;
	if (command->action == ACTION_SORT_INVERT)
		descending = !descending;
	else
		column = ui->columns.at[(place + (command->action == ACTION_SORT_LEFT ? count - 1 : 1)) % count];
	view_table_sort(ui, column, descending);
}

/* The table did not use the key: there is no group to fold, or no further column. */
static void do_fold(const struct command *command)
{
	struct ui *ui = command->ui;
	char key[KEY_NAME_SIZE];

	if (listing_grouping(ui->listing))
		return;
	keymap_key_of(&ui->keymap, ACTION_GROUP, key);
	ui_say(ui, ROLE_NORMAL,
	       command->action != ACTION_FOLD_ALL ? _("No more columns there, and VMs are not grouped; %s groups them")
						  : _("VMs are not grouped; %s groups them"),
	       key);
}

static void do_delay(const struct command *command)
{
	static const int steps[] = { 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600 };
	const bool is_more = command->action == ACTION_DELAY_MORE;
	const int delay = app_delay(command->ui->app);
	size_t at = 0;

	while (at + 1 < ARRAY_SIZE(steps) && (is_more ? steps[at] <= delay : steps[at + 1] < delay))
		at++;
	app_set_delay(command->ui->app, steps[at]);
	ui_say(command->ui, ROLE_NORMAL, _("Statistics every %d s"), steps[at]);
}

/* --- those for the dashboard as a whole --- */

static void do_tasks(struct ui *ui)
{
	ui->tasks_have_focus = !ui->tasks_have_focus;
}

static void do_dismiss(struct ui *ui)
{
	const struct tasklist *tasks = app_tasks(ui->app);

	if (tasklist_running(tasks) == tasks->count) {
		ui_say(ui, ROLE_NORMAL, _("No finished tasks to clear"));
		return;
	}
	tasklist_dismiss_complete(app_tasks(ui->app));
	listing_tasks_changed(ui->listing);
	if (view_tasks_is_empty(ui->tasks))
		ui->tasks_have_focus = false;
}

static void do_group(struct ui *ui)
{
	enum grouping by = (enum grouping)((listing_grouping(ui->listing) + 1) % GROUPING_COUNT);

	listing_group_by(ui->listing, by);
	ui_say(ui, ROLE_NORMAL, "%s", _(grouping_words(by)));
}

static void do_turn_columns(struct ui *ui)
{
	if (ui_pane(ui) == ui->table)
		ui_say(ui, ROLE_NORMAL, _("No more columns there"));
}

static void do_freeze(struct ui *ui)
{
	listing_freeze(ui->listing, !listing_is_frozen(ui->listing));
}

static void do_refresh(struct ui *ui)
{
	app_refresh(ui->app);
	ui_say(ui, ROLE_NORMAL, _("Refreshing hosts and guests"));
}

/* The next one of those that there are. */
static void do_theme(struct ui *ui)
{
	struct theme_names names;
	size_t next = 0;
	struct err err;

	theme_names_read(&names);
	for (size_t i = 0; i < names.count; i++)
		if (strcmp(names.at[i], ui->theme_name) == 0)
			next = (i + 1) % names.count;
	ui->theme_is_chosen = true;
	if (names.count == 0)
		ui_say(ui, ROLE_NORMAL, _("No themes are installed"));
	else if (!ui_set_theme(ui, names.at[next], &err))
		ui_say_err(ui, &err);
	else
		ui_say(ui, ROLE_NORMAL, _("Theme: %s"), ui->theme_name);
	theme_names_free(&names);
}

/* Closes one thing at a time: task focus, pane, filter, marks, freeze. */
static void do_back(struct ui *ui)
{
	struct view *pane = ui_pane(ui);

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

static void quit(struct ui *ui, const struct asked *about UNUSED)
{
	loop_quit(ui->loop);
}

static void do_quit(struct ui *ui)
{
	static const struct question question = { N_("Quit"), NULL, quit };
	const size_t running = tasklist_running(app_tasks(ui->app));
	const struct asked nothing = { 0 };

	if (!running)
		quit(ui, &nothing);
	else
		dialog_ask_open(
			ui, &question, &nothing, text_format("%s", _("Quit?")),
			text_format(ngettext("%zu task is running. Commands already sent continue in the guest; "
					     "queued ones are dropped. Both are recorded: see `%s`.",
					     "%zu tasks are running. Commands already sent continue in the "
					     "guests; queued ones are dropped. Both are recorded: see `%s`.",
					     running),
				    running, journal_command(app_is_simulated(ui->app))));
}

/* --- which is which --- */

/* One of the functions; of the table's own actions, none. */
static const struct {
	bool is_for_table; /* a pane that covers the table hides what it does */
	const struct view_ops *opens;
	void (*plain)(struct ui *ui);
	void (*of_listing)(struct listing *listing);
	void (*of_terminal)(void);
	void (*of_row)(struct ui *ui, const struct vm_id *id);
	void (*of_target)(const struct command *command);
} commands[ACTION_COUNT] = {
#define OPERATION(id, name, kind, ...) \
	[ACTION_##id] = { .of_target = (kind) == OPERATION_OF_SNAPSHOT ? do_snapshots : do_operation },
#include "model/operation_rows.h"
#undef OPERATION
	[ACTION_SESSIONS] = { .of_target = do_sessions },
	[ACTION_EVERYBODY] = { .plain = view_everybody_open },
	[ACTION_DETAILS] = { .opens = &details_ops },
	[ACTION_MENU] = { .opens = &menu_ops },
	[ACTION_CONSOLE] = { .of_row = console_open },
	[ACTION_VIEWER] = { .of_row = viewer_open },
	[ACTION_SSH] = { .of_row = ssh_open },
	[ACTION_LOGS] = { .opens = &logs_ops },
	[ACTION_PAUSE] = { .of_target = do_operation },
	[ACTION_SNAPSHOTS] = { .of_target = do_snapshots },
	[ACTION_MARK] = { .is_for_table = true },
	[ACTION_MARK_INVERT] = { .is_for_table = true, .of_listing = listing_invert_marks },
	[ACTION_UNMARK_ALL] = { .is_for_table = true, .of_listing = listing_unmark_all },
	[ACTION_FILTER] = { .plain = view_filter_open },
	[ACTION_SEARCH] = { .plain = view_search_open },
	[ACTION_SEARCH_NEXT] = { .of_target = do_search_again },
	[ACTION_SEARCH_PREVIOUS] = { .of_target = do_search_again },
	[ACTION_TASKS] = { .plain = do_tasks },
	[ACTION_TASK_CANCEL] = { .of_target = do_cancel },
	[ACTION_TASK_CANCEL_ALL] = { .of_target = do_cancel_all },
	[ACTION_TASKS_FAILED] = { .plain = view_tasks_toggle_failed },
	[ACTION_TASK_DISMISS] = { .plain = do_dismiss },
	[ACTION_SORT_LEFT] = { .is_for_table = true, .of_target = do_sort },
	[ACTION_SORT_RIGHT] = { .is_for_table = true, .of_target = do_sort },
	[ACTION_SORT_INVERT] = { .is_for_table = true, .of_target = do_sort },
	[ACTION_SORT] = { .is_for_table = true, .opens = &sort_menu_ops },
	[ACTION_COLUMNS] = { .is_for_table = true, .opens = &chooser_ops },
	[ACTION_COLUMNS_LEFT] = { .plain = do_turn_columns },
	[ACTION_COLUMNS_RIGHT] = { .plain = do_turn_columns },
	[ACTION_GROUP] = { .is_for_table = true, .plain = do_group },
	[ACTION_FOLD] = { .is_for_table = true, .of_target = do_fold },
	[ACTION_UNFOLD] = { .is_for_table = true, .of_target = do_fold },
	[ACTION_FOLD_ALL] = { .is_for_table = true, .of_target = do_fold },
	[ACTION_HOSTS] = { .opens = &hosts_ops },
	[ACTION_EVENTS] = { .opens = &events_ops },
	[ACTION_INTERRUPTED] = { .opens = &interrupted_ops },
	[ACTION_PALETTE] = { .opens = &palette_ops },
	[ACTION_REFRESH] = { .plain = do_refresh },
	[ACTION_FREEZE] = { .plain = do_freeze },
	[ACTION_DELAY_MORE] = { .of_target = do_delay },
	[ACTION_DELAY_LESS] = { .of_target = do_delay },
	[ACTION_THEME] = { .plain = do_theme },
	[ACTION_REDRAW] = { .of_terminal = term_redraw },
	[ACTION_BACK] = { .plain = do_back },
	[ACTION_BACKGROUND] = { .of_terminal = term_suspend },
	[ACTION_HELP] = { .opens = &help_ops },
	[ACTION_QUIT] = { .plain = do_quit },
};

void commands_perform(struct ui *ui, enum action_id action)
{
	struct vm_ids ids;
	struct action_target target = ui_target(ui, action, &ids);
	struct err err;

	if (ui->tasks_have_focus && (action_get(action)->needs & NEEDS_VM || commands[action].is_for_table))
		ui_say(ui, ROLE_NORMAL, _("The task pane has the focus; Esc goes back to the VMs"));
	else if (ui_pane(ui) != ui->table && commands[action].is_for_table)
		ui_say(ui, ROLE_NORMAL, _("Available in the VM table only; Esc goes back to it"));
	else if (action_get(action)->needs & NEEDS_VM && target.count == 0 && listing_is_on_group(ui->listing))
		ui_say(ui, ROLE_NORMAL, _("This is a group; Space marks its VMs"));
	else if (!app_action_may(ui->app, action, &target, &err))
		ui_say_err(ui, &err);
	else if (commands[action].opens)
		view_open(ui, commands[action].opens, action_get(action)->needs & ON_ROW ? target.vms : NULL);
	else if (commands[action].plain)
		commands[action].plain(ui);
	else if (commands[action].of_listing)
		commands[action].of_listing(ui->listing);
	else if (commands[action].of_terminal)
		commands[action].of_terminal();
	else if (commands[action].of_target)
		commands[action].of_target(&(struct command){ ui, action, &target });
	else if (commands[action].of_row)
		commands[action].of_row(ui, target.vms);
	VEC_FREE(&ids);
}

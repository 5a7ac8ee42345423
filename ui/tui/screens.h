/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screens.h - how each screen is opened (each in a file of that name): that puts it on the stack. And what they
 * share: the parts that are always there, and what actions are for.
 */
#pragma once

#include "ui/tui/stack.h"

/* For view_open(); the first ones are of a VM. */
extern const struct view_ops details_ops, logs_ops, snapshots_ops;
extern const struct view_ops hosts_ops, interrupted_ops, events_ops, help_ops;
extern const struct view_ops menu_ops, palette_ops, chooser_ops, sort_menu_ops;

void view_sessions_open(struct ui *ui, const struct vm_id *ids, size_t count);
void view_everybody_open(struct ui *ui); /* the sessions of all that the table shows */
void view_filter_open(struct ui *ui);    /* a view that only can be searched is searched */
void view_search_open(struct ui *ui);    /* a view that only can be filtered is filtered */
void view_search_again(struct ui *ui, bool backwards);
void dialog_operation_open(struct ui *ui, enum action_id action);
/* chosen: the snapshot that it is about; NULL: a new one. */
void dialog_snapshot_open(struct ui *ui, enum action_id action, const struct snapshot *chosen);
void dialog_task_open(struct ui *ui, uint64_t task_id);
void console_open(struct ui *ui, const struct vm_id *id);
void console_end(void); /* closes one that uses the terminal */
void ssh_open(struct ui *ui, const struct vm_id *id);
void ssh_end(void);
void viewer_open(struct ui *ui, const struct vm_id *id);
void viewers_forget(void); /* they keep running */

/* --- a question in a line, before something that one key would do otherwise: Enter closes it, y does it --- */

/* What it is about, bound when it opens; what is not used is zero. */
struct asked {
	struct vm_id vm;
	bool of_vm; /* then its host is shown */
	uint64_t task;
	char *key; /* taken over */
};

struct question {
	const char *yes, *no; /* N_(), the buttons; no: NULL is "Cancel" */
	void (*act)(struct ui *ui, const struct asked *about);
};

/* title, note: taken over. note: what else there is to know; may be empty. */
void dialog_ask_open(struct ui *ui, const struct question *question, const struct asked *about, struct safe_text title,
		     struct safe_text note);

/* --- what is always there --- */

extern const struct view_ops table_ops, tasks_ops;
void view_table_sort(struct ui *ui, const struct attribute *column, bool descending); /* and says so in the footer */

/* Before each frame: puts the tasks in order, and says how many rows of the screen they take, 0 none. */
int view_tasks_rows(struct view *tasks, struct surface screen);
/* NULL: there is none. On the line of a batch: one of it, if possible one that can be cancelled. */
const struct task *view_tasks_selected(const struct view *tasks);
bool view_tasks_is_on_batch(const struct view *tasks);
void view_tasks_toggle_failed(struct ui *ui);
/* "listing sessions", "done: 3 sessions ended"; owned. */
struct safe_text view_tasks_progress(const struct task *task, int64_t now);
bool view_tasks_is_empty(const struct view *tasks);

/* Header and footer: their rows, and drawing them. */
int header_rows(struct surface screen);
void header_draw(struct ui *ui, struct surface surface);
int64_t header_next_change(const struct ui *ui, int64_t now);
void footer_draw(struct ui *ui, struct surface surface);

/* --- actions --- */

/*
 * What an action would act on now: the sessions or the VM of the pane, else the marked VMs, else the VM under the
 * cursor. Actions ON_ROW are for the VM under the cursor, whatever is marked. ret_ids: holds its VMs; VEC_FREE().
 */
struct action_target ui_target(struct ui *ui, enum action_id action, struct vm_ids *ret_ids);

bool ui_may(struct ui *ui, enum action_id action); /* now, for that target */

/* The targets of all actions, for lists of them. */
struct ui_targets {
	struct vm_ids ids[2];
	struct action_target of_marks, of_row;
};
void ui_targets_take(struct ui *ui, struct ui_targets *ret_targets);
const struct action_target *ui_targets_get(const struct ui_targets *targets, enum action_id action);
void ui_targets_free(struct ui_targets *targets);

/* The name, or a text for a VM that is gone; owned. */
struct safe_text ui_vm_name(const struct ui *ui, const struct vm_id *id);

/* What each action does where the view on top does not take it. One that is not allowed now is refused in the footer.
 */
void commands_perform(struct ui *ui, enum action_id action);

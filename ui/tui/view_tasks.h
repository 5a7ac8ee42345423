/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_tasks.h - the pane of tasks below the table.
 */
#ifndef INNKEEPER_VIEW_TASKS_H
#define INNKEEPER_VIEW_TASKS_H

#include "model/task.h"
#include "ui/tui/view.h"

struct view *view_tasks_create(struct ui *ui);
/* Before each frame: puts the tasks in order, and says how many rows of the screen they take, 0 none. */
int view_tasks_rows(struct view *tasks, struct surface screen);
/* NULL: there is none. On the line of a batch: one of it, if possible one that can be cancelled. */
const struct task *view_tasks_selected(const struct view *tasks);
bool view_tasks_is_on_batch(const struct view *tasks);
void view_tasks_toggle_failed(struct view *tasks);
bool view_tasks_is_empty(const struct view *tasks);

#endif

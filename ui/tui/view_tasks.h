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
const struct task *view_tasks_selected(const struct view *tasks); /* NULL: there is none */
bool view_tasks_is_empty(const struct view *tasks);

#endif

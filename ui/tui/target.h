/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target.h - what an action would act on now: the sessions or the VM of the pane, else the marked VMs,
 * else the VM under the cursor. Actions ON_ROW are for the VM under the cursor, whatever is marked.
 */
#ifndef INNKEEPER_TARGET_H
#define INNKEEPER_TARGET_H

#include "ui/tui/stack.h"

/* ret_ids: holds the target's VMs; VEC_FREE(). */
struct action_target ui_target(struct ui *ui, enum action_id action, struct vm_ids *ret_ids);

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

#endif

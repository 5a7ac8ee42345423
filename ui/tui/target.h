/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target.h - what an action would act on now: the sessions or the VM of the pane, else the marked VMs,
 * else the VM under the cursor.
 */
#ifndef INNKEEPER_TARGET_H
#define INNKEEPER_TARGET_H

#include "ui/tui/stack.h"

/* ret_ids: holds the target's VMs; VEC_FREE(). */
struct action_target ui_target(struct ui *ui, struct vm_ids *ret_ids);
/* The name, or a text for a VM that is gone; owned. */
struct safe_text ui_vm_name(const struct ui *ui, const struct vm_id *id);

#endif

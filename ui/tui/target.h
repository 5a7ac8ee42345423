/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target.h - what an action would be done to now: the sessions or the VM that the pane is about, else the marked VMs,
 * else the VM under the cursor.
 */
#ifndef INNKEEPER_TARGET_H
#define INNKEEPER_TARGET_H

#include "ui/tui/stack.h"

/* ids: what the target's VMs stand in; VEC_FREE(). */
struct action_target ui_target(struct ui *ui, struct vm_ids *ret_ids);
/* Also of one that is gone: owned. */
struct safe_text ui_vm_name(const struct ui *ui, const struct vm_id *id);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands.h - what each action does in the dashboard, where the view on top does not take it.
 */
#ifndef INNKEEPER_COMMANDS_H
#define INNKEEPER_COMMANDS_H

#include "ui/tui/stack.h"

/* Acts on ui_target(). An action that is not allowed now is refused in the footer. */
void commands_perform(struct ui *ui, enum action_id action);

#endif

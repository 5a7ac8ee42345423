/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * action.h - what a person can do: one row an action (action_rows.h).
 *
 * The row feeds the keymap, the command palette, the menu, the help view, the footer, the man page's
 * KEYS section and the tests. Keys are written as a person reads them (key.h), several separated by
 * blanks; the user's configuration goes through the same parser.
 */
#pragma once

#include "model/task.h"

/* What an action needs; checked in one place (ui/app/app_actions.h) for keys, menu, palette and footer alike. */
enum action_needs {
	NEEDS_VM = 1,    /* a VM under the cursor, or marks */
	NEEDS_WRITE = 2, /* not in read-only or locked mode */
	NEEDS_AGENT = 4, /* a guest that answers */
	NEEDS_TASK = 8,  /* a selected task that can be cancelled */
	ASKS_FIRST = 16, /* a confirmation bound to the UUIDs shown */
	DISRUPTIVE = 32, /* capital letter; audit */
	ON_ROW = 64,     /* on the row under the cursor, whatever is marked */
};

/* Where the menu and the help show it. */
enum action_group {
	GROUP_MOVE,
	GROUP_SELECT,
	GROUP_INVENTORY,
	GROUP_USERS,
	GROUP_POWER,
	GROUP_SNAPSHOTS,
	GROUP_GUEST,
	GROUP_VIEW,
	GROUP_PROGRAM,
	GROUP_COUNT
};

/* In the order of the footer and the help. The first are the operations (model/operation.h): enum operation as well. */
enum action_id {
#define OPERATION(id, ...) ACTION_##id,
#include "model/operation_rows.h"
#undef OPERATION
#define ACTION(id, ...) ACTION_##id,
#include "engine/action_rows.h"
#undef ACTION
	ACTION_COUNT,
	ACTION_NONE = ACTION_COUNT
};

struct action {
	const char *name; /* "logoff": palette, configuration */
	const char *keys; /* the defaults; "": none */
	unsigned needs;
	enum action_group group;
	const char *footer; /* N_(); NULL: not in the footer */
	const char *help;   /* N_() */
};

const struct action *action_get(enum action_id id);
static inline bool action_is_operation(enum action_id id) /* then it is its enum operation as well */
{
	return (int)id < OP_COUNT;
}
enum action_id action_find(const char *name);           /* ACTION_NONE */
const char *action_group_name(enum action_group group); /* N_() */

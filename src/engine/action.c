/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/action.h"

#define ON_VM  .needs = NEEDS_VM
#define WRITES .needs = NEEDS_VM | NEEDS_WRITE | ASKS_FIRST
#define ON_ONE .needs = NEEDS_VM | ON_ROW
/* The keyboard goes to a guest: what somebody types who does not look, a shell in there would get. */
#define HANDS_OVER .needs = NEEDS_VM | NEEDS_WRITE | ASKS_FIRST | ON_ROW
#define GROUP(g)   .group = GROUP_##g
#define FOOT(text) .footer = N_(text)
#define HELP(text) .help = N_(text)

/* clang-format off */
static const struct action actions[ACTION_COUNT] = {
#define OPERATION(id, name, kind, flags, key, action, help, task, question, button, ...)                       \
	[ACTION_##id] = {                                                                                       \
		name, key,                                                                                      \
		NEEDS_VM | NEEDS_WRITE | ASKS_FIRST | ((flags) & DISRUPTS ? DISRUPTIVE : 0) |                   \
			((kind) == OPERATION_OF_HOST || (kind) == OPERATION_OF_SNAPSHOT ? 0 : NEEDS_AGENT),     \
		(kind) == OPERATION_OF_HOST     ? GROUP_POWER :                                                 \
		(kind) == OPERATION_OF_SNAPSHOT ? GROUP_SNAPSHOTS :                                             \
		(flags) & FOR_SYSTEM            ? GROUP_GUEST :                                                 \
						  GROUP_USERS,                                                  \
		(flags) & SHOWN_IN_FOOTER ? button : NULL, action                                               \
	},
#include "model/operation_rows.h"
#undef OPERATION
#define ACTION(id, ...) [ACTION_##id] = { __VA_ARGS__ },
#include "engine/action_rows.h"
#undef ACTION
};
/* clang-format on */

static const char *const group_names[GROUP_COUNT] = {
	[GROUP_MOVE] = N_("Moving"), [GROUP_SELECT] = N_("Selection"), [GROUP_INVENTORY] = N_("Inventory"),
	[GROUP_USERS] = N_("Users"), [GROUP_POWER] = N_("Power"),      [GROUP_SNAPSHOTS] = N_("Snapshots"),
	[GROUP_GUEST] = N_("Guest"), [GROUP_VIEW] = N_("View"),        [GROUP_PROGRAM] = N_("Program"),
};

const struct action *action_get(enum action_id id)
{
	return &actions[id];
}

enum action_id action_find(const char *name)
{
	for (int id = 0; id < ACTION_COUNT; id++) {
		if (strcmp(actions[id].name, name) == 0)
			return (enum action_id)id;
	}
	return ACTION_NONE;
}

const char *action_group_name(enum action_group group)
{
	return group_names[group];
}

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

	[ACTION_SESSIONS] = { "sessions", "u", ON_VM, GROUP(USERS), FOOT("Users"), HELP("Show sessions") },
	[ACTION_EVERYBODY] = { "everybody", "w", GROUP(USERS), HELP("Show users of all listed VMs") },
	[ACTION_DETAILS] = { "details", "Enter", ON_ONE, GROUP(INVENTORY), FOOT("Details"), HELP("Show details") },
	[ACTION_MENU] = { "menu", "m F9", ON_VM, GROUP(INVENTORY), FOOT("Menu"), HELP("Actions menu") },

	[ACTION_CONSOLE] = { "console", "c", HANDS_OVER, GROUP(INVENTORY), HELP("Serial console (^] leaves)") },
	[ACTION_VIEWER] = { "viewer", "v", HANDS_OVER, GROUP(INVENTORY), HELP("Open graphical viewer") },
	[ACTION_SSH] = { "ssh", "o", HANDS_OVER, GROUP(INVENTORY), HELP("Log in with ssh") },
	[ACTION_LOGS] = { "logs", "l", ON_ONE, GROUP(INVENTORY), HELP("Show logs") },

	[ACTION_PAUSE] = { "pause", "p", WRITES, GROUP(POWER), HELP("Pause or resume") },

	[ACTION_SNAPSHOTS] = { "snapshots", "V", ON_ONE, GROUP(SNAPSHOTS), HELP("Show snapshots") },

	[ACTION_MARK] = { "mark", "Space", ON_VM, GROUP(SELECT), FOOT("Mark"), HELP("Mark or unmark this VM") },
	[ACTION_MARK_INVERT] = { "mark-invert", "*", GROUP(SELECT), HELP("Invert marks of listed VMs") },
	[ACTION_UNMARK_ALL] = { "unmark-all", "U", GROUP(SELECT), HELP("Unmark all") },
	[ACTION_FILTER] = { "filter", "/ F4", GROUP(SELECT), FOOT("Filter"),
			    HELP("Filter as you type; in other views, search") },
	[ACTION_SEARCH] = { "search", "F3", GROUP(SELECT), FOOT("Search"), HELP("Search by name, or in the text of a view") },
	[ACTION_SEARCH_NEXT] = { "search-next", "n", GROUP(SELECT), HELP("Next match") },
	[ACTION_SEARCH_PREVIOUS] = { "search-previous", "N", GROUP(SELECT), HELP("Previous match") },

	[ACTION_TASKS] = { "tasks", "t Tab", GROUP(VIEW), FOOT("Tasks"), HELP("Switch between VMs and tasks") },
	[ACTION_TASK_CANCEL] = { "task-cancel", "x", .needs = NEEDS_TASK | ASKS_FIRST, GROUP(VIEW), FOOT("Cancel task"),
				 HELP("Cancel the selected task") },
	[ACTION_TASK_CANCEL_ALL] = { "task-cancel-all", "C", .needs = ASKS_FIRST, GROUP(VIEW), FOOT("Cancel all"),
				     HELP("Cancel all tasks started together with it") },
	[ACTION_TASK_DISMISS] = { "task-dismiss", "X", GROUP(VIEW), FOOT("Clear"), HELP("Clear finished tasks") },
	[ACTION_TASKS_FAILED] = { "tasks-failed", "F", GROUP(VIEW), FOOT("Failed only"),
				  HELP("Show failed tasks only, or all") },
	[ACTION_SORT_LEFT] = { "sort-left", "<", GROUP(VIEW), HELP("Sort by the column to the left") },
	[ACTION_SORT_RIGHT] = { "sort-right", ">", GROUP(VIEW), HELP("Sort by the column to the right") },
	[ACTION_SORT_INVERT] = { "sort-invert", "I", GROUP(VIEW), HELP("Reverse the order") },
	[ACTION_SORT] = { "sort", "F6", GROUP(VIEW), FOOT("Sort"), HELP("Choose the sort column") },
	[ACTION_COLUMNS] = { "columns", "F2", GROUP(VIEW), FOOT("Columns"), HELP("Choose the columns") },
	[ACTION_COLUMNS_RIGHT] = { "columns-right", "]", GROUP(VIEW), FOOT("More"),
				   HELP("Scroll columns right") },
	[ACTION_COLUMNS_LEFT] = { "columns-left", "[", GROUP(VIEW), FOOT("Before"), HELP("Scroll columns left") },
	[ACTION_GROUP] = { "group", "b", GROUP(VIEW), HELP("Group by host, state, OS, tag, or none") },
	[ACTION_FOLD] = { "fold", "Left", GROUP(VIEW), FOOT("Fold"), HELP("Fold group (ungrouped: scroll left)") },
	[ACTION_UNFOLD] = { "unfold", "Right", GROUP(VIEW), FOOT("Unfold"), HELP("Unfold group (ungrouped: scroll right)") },
	[ACTION_FOLD_ALL] = { "fold-all", "z", GROUP(VIEW), HELP("Fold or unfold all groups") },
	[ACTION_HOSTS] = { "hosts", "h", GROUP(VIEW), HELP("Show hosts") },
	[ACTION_EVENTS] = { "events", "e", GROUP(VIEW), HELP("Events and errors") },
	[ACTION_INTERRUPTED] = { "interrupted", "J", GROUP(VIEW), HELP("Unfinished tasks: re-check or forget") },

	[ACTION_MOVE_UP] = { "move-up", "Up k", GROUP(MOVE), HELP("Up") },
	[ACTION_MOVE_DOWN] = { "move-down", "Down j", GROUP(MOVE), HELP("Down") },
	[ACTION_MOVE_FIRST] = { "move-first", "Home g", GROUP(MOVE), HELP("First row") },
	[ACTION_MOVE_LAST] = { "move-last", "End G", GROUP(MOVE), HELP("Last row") },
	[ACTION_PAGE_UP] = { "page-up", "PgUp ^B", GROUP(MOVE), HELP("One page up") },
	[ACTION_PAGE_DOWN] = { "page-down", "PgDn ^F", GROUP(MOVE), HELP("One page down") },
	[ACTION_HALF_UP] = { "half-page-up", "^U", GROUP(MOVE), HELP("Half a page up") },
	[ACTION_HALF_DOWN] = { "half-page-down", "^D", GROUP(MOVE), HELP("Half a page down") },

	[ACTION_PALETTE] = { "palette", ":", GROUP(PROGRAM), HELP("Command palette") },
	[ACTION_REFRESH] = { "refresh", "F5", GROUP(PROGRAM), FOOT("Refresh"), HELP("Refresh hosts and guests now") },
	[ACTION_FREEZE] = { "freeze", "Z", GROUP(PROGRAM), HELP("Freeze or unfreeze the display") },
	[ACTION_DELAY_MORE] = { "delay-more", "+", GROUP(PROGRAM), HELP("Refresh statistics less often") },
	[ACTION_DELAY_LESS] = { "delay-less", "-", GROUP(PROGRAM), HELP("Refresh statistics more often") },
	[ACTION_THEME] = { "theme", "^T", GROUP(PROGRAM), HELP("Next theme") },
	[ACTION_REDRAW] = { "redraw", "^L", GROUP(PROGRAM), HELP("Redraw the screen") },
	[ACTION_BACK] = { "back", "Esc", GROUP(PROGRAM), FOOT("Back"), HELP("Close dialog, pane, filter, then marks") },
	[ACTION_BACKGROUND] = { "background", "^Z", GROUP(PROGRAM), HELP("Suspend to the shell; `fg` resumes") },
	[ACTION_HELP] = { "help", "? F1", GROUP(PROGRAM), FOOT("Help"), HELP("Show this help") },
	[ACTION_QUIT] = { "quit", "q F10 ^C", GROUP(PROGRAM), FOOT("Quit"), HELP("Close the view; in the table, quit (asks if tasks are running)") },
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

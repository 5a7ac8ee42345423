/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/action.h"

#include <string.h>

#define ON_VM      .needs = NEEDS_VM
#define WRITES     .needs = NEEDS_VM | NEEDS_WRITE | ASKS_FIRST
/* A VM and its user are left alone with each other: no question, but nothing for those who only look. */
#define HANDS_OVER .needs = NEEDS_VM | NEEDS_WRITE
#define DISRUPTS   .needs = NEEDS_VM | NEEDS_WRITE | ASKS_FIRST | DISRUPTIVE
#define VERB(word) | SENDS_VERB, .verb = VM_VERB_##word
#define GROUP(g)   .group = GROUP_##g
#define GUEST_OP(word) | NEEDS_AGENT | SENDS_VERB, .verb = TASK_##word
#define FOOT(text) .footer = N_(text)
#define HELP(text) .help = N_(text)

/* clang-format off */
static const struct action actions[ACTION_COUNT] = {
	[ACTION_LOGOFF] = { "logoff", "L", DISRUPTS GUEST_OP(LOGOFF), GROUP(GUEST), FOOT("Log off"), HELP("Log off users") },
	[ACTION_SESSIONS] = { "sessions", "u", ON_VM, GROUP(GUEST), FOOT("Users"), HELP("Who is logged on") },
	[ACTION_EVERYBODY] = { "everybody", "w", GROUP(GUEST), HELP("Who is where: the users of all VMs shown") },
	[ACTION_DETAILS] = { "details", "Enter", ON_VM, GROUP(GUEST), FOOT("Details"), HELP("Details of this VM") },
	[ACTION_MENU] = { "menu", "m", ON_VM, GROUP(GUEST), FOOT("Menu"), HELP("What can be done with this VM") },

	[ACTION_CONSOLE] = { "console", "c", HANDS_OVER, GROUP(GUEST), HELP("Serial console; ^] comes back") },
	[ACTION_VIEWER] = { "viewer", "v", HANDS_OVER, GROUP(GUEST), HELP("Its screen, in a window of its own") },
	[ACTION_SSH] = { "ssh", "o", HANDS_OVER, GROUP(GUEST), HELP("Log in with ssh") },
	[ACTION_LOGS] = { "logs", "l", ON_VM, GROUP(GUEST), HELP("What is written down of this VM") },

	[ACTION_MESSAGE] = { "message", "", WRITES GUEST_OP(MESSAGE), GROUP(GUEST), HELP("Send a message to the users") },
	[ACTION_LOCK] = { "lock", "", DISRUPTS GUEST_OP(LOCK), GROUP(GUEST), HELP("Lock sessions (Linux)") },
	[ACTION_DISCONNECT] = { "disconnect", "", DISRUPTS GUEST_OP(DISCONNECT), GROUP(GUEST),
				HELP("Disconnect sessions (Windows)") },
	[ACTION_CLOSE_DOOR] = { "close-door", "", DISRUPTS GUEST_OP(CLOSE_DOOR), GROUP(GUEST), HELP("Let nobody new log on") },
	[ACTION_OPEN_DOOR] = { "open-door", "", WRITES GUEST_OP(OPEN_DOOR), GROUP(GUEST), HELP("Let people log on again") },
	[ACTION_MAINTAIN] = { "maintain", "", DISRUPTS GUEST_OP(MAINTAIN), GROUP(GUEST), HELP("Clear for maintenance") },
	[ACTION_SET_TIME] = { "set-time", "", WRITES GUEST_OP(SET_TIME), GROUP(GUEST), HELP("Set the guest's clock to ours") },
	[ACTION_TRIM] = { "trim", "", WRITES GUEST_OP(TRIM), GROUP(GUEST), HELP("Trim the file systems") },

	[ACTION_START] = { "start", "s", WRITES VERB(START), GROUP(POWER), HELP("Start") },
	[ACTION_SHUTDOWN] = { "shutdown", "S", DISRUPTS VERB(SHUTDOWN), GROUP(POWER), HELP("Shut down, by agent or ACPI") },
	[ACTION_REBOOT] = { "reboot", "R", DISRUPTS VERB(REBOOT), GROUP(POWER), HELP("Reboot, by agent or ACPI") },
	[ACTION_PAUSE] = { "pause", "p", WRITES, GROUP(POWER), HELP("Pause, or resume") },
	[ACTION_SUSPEND] = { "suspend", "", WRITES VERB(SUSPEND), GROUP(POWER), HELP("Pause") },
	[ACTION_RESUME] = { "resume", "", WRITES VERB(RESUME), GROUP(POWER), HELP("Resume") },
	[ACTION_MANAGEDSAVE] = { "managedsave", "", DISRUPTS VERB(MANAGEDSAVE), GROUP(POWER), HELP("Save to disk and stop") },
	[ACTION_RESET] = { "reset", "", DISRUPTS VERB(RESET), GROUP(POWER), HELP("Reset, like the button") },
	[ACTION_DESTROY] = { "destroy", "D", DISRUPTS VERB(DESTROY), GROUP(POWER), HELP("Destroy: pull the plug") },

	[ACTION_AUTOSTART] = { "autostart", "", WRITES VERB(AUTOSTART), GROUP(POWER), HELP("Start it with its host") },
	[ACTION_NO_AUTOSTART] = { "no-autostart", "", WRITES VERB(NO_AUTOSTART), GROUP(POWER), HELP("Do not start it with its host") },

	[ACTION_SNAPSHOTS] = { "snapshots", "V", ON_VM, GROUP(SNAPSHOTS), HELP("Snapshots of this VM") },
	[ACTION_SNAPSHOT_CREATE] = { "snapshot-create", "n Ins", WRITES | SENDS_VERB, .verb = TASK_SNAPSHOT_CREATE,
				     GROUP(SNAPSHOTS), FOOT("New"), HELP("Take a snapshot") },
	[ACTION_SNAPSHOT_REVERT] = { "snapshot-revert", "B", DISRUPTS | SENDS_VERB, .verb = TASK_SNAPSHOT_REVERT,
				     GROUP(SNAPSHOTS), FOOT("Go back to it"),
				     HELP("Go back to this snapshot") },
	[ACTION_SNAPSHOT_DELETE] = { "snapshot-delete", "E Del", DISRUPTS | SENDS_VERB, .verb = TASK_SNAPSHOT_DELETE,
				     GROUP(SNAPSHOTS), FOOT("Delete"), HELP("Delete this snapshot") },

	[ACTION_MARK] = { "mark", "Space", ON_VM, GROUP(SELECT), FOOT("Mark"), HELP("Mark or unmark this VM, and go on") },
	[ACTION_MARK_INVERT] = { "mark-invert", "*", GROUP(SELECT), HELP("Turn the marks of all VMs shown around") },
	[ACTION_UNMARK_ALL] = { "unmark-all", "U", GROUP(SELECT), HELP("Unmark all") },
	[ACTION_FILTER] = { "filter", "/", GROUP(SELECT), FOOT("Filter"), HELP("Filter as you type; Enter keeps it") },

	[ACTION_TASKS] = { "tasks", "t Tab", GROUP(VIEW), FOOT("Tasks"), HELP("Go to the task pane, and back") },
	[ACTION_TASK_CANCEL] = { "task-cancel", "x", .needs = NEEDS_TASK, GROUP(VIEW), FOOT("Cancel task"),
				 HELP("Cancel the selected task") },
	[ACTION_TASK_CANCEL_ALL] = { "task-cancel-all", "C", GROUP(VIEW), FOOT("Cancel all"),
				     HELP("Cancel all tasks that were started together with it") },
	[ACTION_TASK_DISMISS] = { "task-dismiss", "X", GROUP(VIEW), FOOT("Put away"), HELP("Put the finished tasks away") },
	[ACTION_SORT_LEFT] = { "sort-left", "<", GROUP(VIEW), HELP("Sort by the column to the left") },
	[ACTION_SORT_RIGHT] = { "sort-right", ">", GROUP(VIEW), HELP("Sort by the column to the right") },
	[ACTION_SORT_INVERT] = { "sort-invert", "I", GROUP(VIEW), HELP("Turn the order around") },
	[ACTION_COLUMNS] = { "columns", "F2", GROUP(VIEW), HELP("Choose the columns") },
	[ACTION_COLUMNS_RIGHT] = { "columns-right", "]", GROUP(VIEW), FOOT("More"),
				   HELP("On to the columns that have no room here") },
	[ACTION_COLUMNS_LEFT] = { "columns-left", "[", GROUP(VIEW), FOOT("Before"), HELP("Back to the first columns") },
	[ACTION_GROUP] = { "group", "b", GROUP(VIEW), HELP("Group by host, state, OS, tag, or not at all") },
	[ACTION_FOLD] = { "fold", "Left", GROUP(VIEW), FOOT("Fold"), HELP("To the group's heading, there: fold it; ungrouped as [") },
	[ACTION_UNFOLD] = { "unfold", "Right", GROUP(VIEW), FOOT("Unfold"), HELP("Unfold the group, or go to its first VM; ungrouped as ]") },
	[ACTION_FOLD_ALL] = { "fold-all", "z", GROUP(VIEW), HELP("Fold all groups, or unfold them") },
	[ACTION_EVENTS] = { "events", "e", GROUP(VIEW), HELP("Events and errors") },
	[ACTION_INTERRUPTED] = { "interrupted", "J", GROUP(VIEW), HELP("Tasks that were interrupted: look again, or forget them") },

	[ACTION_MOVE_UP] = { "move-up", "Up k", GROUP(MOVE), HELP("Up") },
	[ACTION_MOVE_DOWN] = { "move-down", "Down j", GROUP(MOVE), HELP("Down") },
	[ACTION_MOVE_FIRST] = { "move-first", "Home g", GROUP(MOVE), HELP("First row") },
	[ACTION_MOVE_LAST] = { "move-last", "End G", GROUP(MOVE), HELP("Last row") },
	[ACTION_PAGE_UP] = { "page-up", "PgUp", GROUP(MOVE), HELP("One page up") },
	[ACTION_PAGE_DOWN] = { "page-down", "PgDn", GROUP(MOVE), HELP("One page down") },
	[ACTION_HALF_UP] = { "half-page-up", "^U", GROUP(MOVE), HELP("Half a page up") },
	[ACTION_HALF_DOWN] = { "half-page-down", "^D", GROUP(MOVE), HELP("Half a page down") },

	[ACTION_PALETTE] = { "palette", ":", GROUP(PROGRAM), HELP("Every action by its name") },
	[ACTION_REFRESH] = { "refresh", "F5", GROUP(PROGRAM), FOOT("Ask again"), HELP("Ask hosts and guests again, now") },
	[ACTION_FREEZE] = { "freeze", "Z", GROUP(PROGRAM), HELP("Hold the display still, or let it go on") },
	[ACTION_DELAY_MORE] = { "delay-more", "+", GROUP(PROGRAM), HELP("Refresh figures less often") },
	[ACTION_DELAY_LESS] = { "delay-less", "-", GROUP(PROGRAM), HELP("Refresh figures more often") },
	[ACTION_REDRAW] = { "redraw", "^L", GROUP(PROGRAM), HELP("Draw the screen anew") },
	[ACTION_BACK] = { "back", "Esc", GROUP(PROGRAM), FOOT("Back"), HELP("Peel one layer: dialog, pane, filter, marks") },
	[ACTION_BACKGROUND] = { "background", "^Z", GROUP(PROGRAM), HELP("To the shell; `fg` comes back") },
	[ACTION_HELP] = { "help", "? F1", GROUP(PROGRAM), FOOT("Help"), HELP("These keys") },
	[ACTION_QUIT] = { "quit", "q F10 ^C", GROUP(PROGRAM), FOOT("Quit"), HELP("Quit; asks if tasks run") },
};
/* clang-format on */

static const char *const group_names[GROUP_COUNT] = {
	[GROUP_MOVE] = N_("Moving"), [GROUP_SELECT] = N_("Choosing VMs"), [GROUP_GUEST] = N_("Guests"),
	[GROUP_POWER] = N_("Power"), [GROUP_SNAPSHOTS] = N_("Snapshots"), [GROUP_VIEW] = N_("What is shown"),
	[GROUP_PROGRAM] = N_("Program"),
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

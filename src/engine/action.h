/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * action.h - what a person can do: one row an action.
 *
 * The row feeds the keymap, the command palette, the menu, the help view, the footer, the man page's
 * KEYS section and the tests. Keys are written as a person reads them: "L", "^D", "F2", "Space",
 * "Up", several separated by blanks; the user's configuration goes through the same parser (keymap.h).
 */
#ifndef INNKEEPER_ACTION_H
#define INNKEEPER_ACTION_H

#include "base/base.h"

/* What an action needs; checked in one place (app_actions.h) for keys, menu, palette and footer alike. */
enum action_needs {
	NEEDS_VM = 1,      /* a VM under the cursor, or marks */
	NEEDS_WRITE = 2,   /* not in read-only or locked mode */
	NEEDS_AGENT = 4,   /* a guest that answers */
	NEEDS_TASK = 8,    /* a selected task */
	ASKS_FIRST = 16,   /* a confirmation bound to the UUIDs shown */
	DISRUPTIVE = 32,   /* capital letter; audit */
};

/* Where the footer and the help show it. */
enum action_group {
	GROUP_MOVE,
	GROUP_SELECT,
	GROUP_GUEST,
	GROUP_POWER,
	GROUP_VIEW,
	GROUP_PROGRAM,
	GROUP_COUNT
};

/*     word           name             default keys        needs                                                      group         footer        help */
#define ACTIONS(_) \
	_(MOVE_UP,       "move-up",        "Up k",            0,                                                         GROUP_MOVE,    NULL,         N_("Move up")) \
	_(MOVE_DOWN,     "move-down",      "Down j",          0,                                                         GROUP_MOVE,    NULL,         N_("Move down")) \
	_(MOVE_FIRST,    "move-first",     "Home g",          0,                                                         GROUP_MOVE,    NULL,         N_("First row")) \
	_(MOVE_LAST,     "move-last",      "End G",           0,                                                         GROUP_MOVE,    NULL,         N_("Last row")) \
	_(PAGE_UP,       "page-up",        "PgUp",            0,                                                         GROUP_MOVE,    NULL,         N_("One page up")) \
	_(PAGE_DOWN,     "page-down",      "PgDn",            0,                                                         GROUP_MOVE,    NULL,         N_("One page down")) \
	_(HALF_UP,       "half-page-up",   "^U",              0,                                                         GROUP_MOVE,    NULL,         N_("Half a page up")) \
	_(HALF_DOWN,     "half-page-down", "^D",              0,                                                         GROUP_MOVE,    NULL,         N_("Half a page down")) \
	_(MARK,          "mark",           "Space",           NEEDS_VM,                                                  GROUP_SELECT,  N_("Mark"),   N_("Mark or unmark this VM and move on")) \
	_(MARK_INVERT,   "mark-invert",    "*",               0,                                                         GROUP_SELECT,  NULL,         N_("Invert the marks of all VMs shown")) \
	_(UNMARK_ALL,    "unmark-all",     "U",               0,                                                         GROUP_SELECT,  NULL,         N_("Unmark all")) \
	_(FILTER,        "filter",         "/",               0,                                                         GROUP_SELECT,  N_("Filter"), N_("Filter as you type; Enter keeps it")) \
	_(BACK,          "back",           "Esc",             0,                                                         GROUP_SELECT,  NULL,         N_("Peel one layer: dialog, pane, filter, marks")) \
	_(LOGOFF,        "logoff",         "L",               NEEDS_VM | NEEDS_WRITE | NEEDS_AGENT | ASKS_FIRST | DISRUPTIVE, GROUP_GUEST, N_("Log off"), N_("Log off users")) \
	_(SESSIONS,      "sessions",       "u",               NEEDS_VM,                                                  GROUP_GUEST,   N_("Users"),  N_("Who is logged on")) \
	_(DETAILS,       "details",        "Enter",           NEEDS_VM,                                                  GROUP_GUEST,   NULL,         N_("Details of this VM")) \
	_(START,         "start",          "s",               NEEDS_VM | NEEDS_WRITE | ASKS_FIRST,                       GROUP_POWER,   NULL,         N_("Start")) \
	_(SHUTDOWN,      "shutdown",       "S",               NEEDS_VM | NEEDS_WRITE | ASKS_FIRST | DISRUPTIVE,          GROUP_POWER,   NULL,         N_("Shut down, through the agent or ACPI")) \
	_(REBOOT,        "reboot",         "R",               NEEDS_VM | NEEDS_WRITE | ASKS_FIRST | DISRUPTIVE,          GROUP_POWER,   NULL,         N_("Reboot, through the agent or ACPI")) \
	_(RESET,         "reset",          "",                NEEDS_VM | NEEDS_WRITE | ASKS_FIRST | DISRUPTIVE,          GROUP_POWER,   NULL,         N_("Reset, like the button")) \
	_(PAUSE,         "pause",          "p",               NEEDS_VM | NEEDS_WRITE | ASKS_FIRST,                       GROUP_POWER,   NULL,         N_("Pause, or resume")) \
	_(MANAGEDSAVE,   "managedsave",    "",                NEEDS_VM | NEEDS_WRITE | ASKS_FIRST | DISRUPTIVE,          GROUP_POWER,   NULL,         N_("Save to disk and stop")) \
	_(DESTROY,       "destroy",        "D",               NEEDS_VM | NEEDS_WRITE | ASKS_FIRST | DISRUPTIVE,          GROUP_POWER,   NULL,         N_("Destroy: pull the plug")) \
	_(MENU,          "menu",           "m",               NEEDS_VM,                                                  GROUP_GUEST,   N_("Menu"),   N_("What can be done with this VM")) \
	_(TASKS,         "tasks",          "t",               0,                                                         GROUP_VIEW,    N_("Tasks"),  N_("Go to the task pane, and back")) \
	_(TASK_CANCEL,   "task-cancel",    "x",               NEEDS_TASK,                                                GROUP_VIEW,    NULL,         N_("Cancel the selected task")) \
	_(TASK_DISMISS,  "task-dismiss",   "X",               0,                                                         GROUP_VIEW,    NULL,         N_("Put the finished tasks away")) \
	_(SORT_LEFT,     "sort-left",      "<",               0,                                                         GROUP_VIEW,    NULL,         N_("Sort by the column to the left")) \
	_(SORT_RIGHT,    "sort-right",     ">",               0,                                                         GROUP_VIEW,    NULL,         N_("Sort by the column to the right")) \
	_(SORT_INVERT,   "sort-invert",    "I",               0,                                                         GROUP_VIEW,    NULL,         N_("Turn the order around")) \
	_(COLUMNS,       "columns",        "F2",              0,                                                         GROUP_VIEW,    NULL,         N_("Choose the columns")) \
	_(EVENTS,        "events",         "e",               0,                                                         GROUP_VIEW,    NULL,         N_("Events and errors")) \
	_(PALETTE,       "palette",        ":",               0,                                                         GROUP_PROGRAM, NULL,         N_("Every action by its name")) \
	_(FREEZE,        "freeze",         "Z",               0,                                                         GROUP_PROGRAM, NULL,         N_("Freeze the display, or go on")) \
	_(REDRAW,        "redraw",         "^L",              0,                                                         GROUP_PROGRAM, NULL,         N_("Draw the screen anew")) \
	_(REFRESH,       "refresh",        "F5",              0,                                                         GROUP_PROGRAM, NULL,         N_("Ask hosts and guests again, now")) \
	_(DELAY_MORE,    "delay-more",     "+",               0,                                                         GROUP_PROGRAM, NULL,         N_("Refresh figures less often")) \
	_(DELAY_LESS,    "delay-less",     "-",               0,                                                         GROUP_PROGRAM, NULL,         N_("Refresh figures more often")) \
	_(HELP,          "help",           "? F1",            0,                                                         GROUP_PROGRAM, N_("Help"),   N_("These keys")) \
	_(QUIT,          "quit",           "q F10",           0,                                                         GROUP_PROGRAM, N_("Quit"),   N_("Quit; asks if tasks run"))

enum action_id {
#define ACTION_WORD(word, ...) ACTION_##word,
	ACTIONS(ACTION_WORD)
#undef ACTION_WORD
	ACTION_COUNT,
	ACTION_NONE = ACTION_COUNT
};

struct action {
	const char *name;
	const char *keys;
	unsigned needs;
	enum action_group group;
	const char *footer; /* N_(); NULL: not in the footer */
	const char *help;   /* N_() */
};

const struct action *action_get(enum action_id id);
enum action_id action_find(const char *name); /* ACTION_NONE */
const char *action_group_name(enum action_group group); /* N_() */

#endif

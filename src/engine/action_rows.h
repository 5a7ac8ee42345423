/* SPDX-License-Identifier: GPL-2.0-or-later */
/* action_rows.h - the actions that are no operations (model/operation_rows.h): ACTION(id, name, keys, ...), a row each. */
/* clang-format off */
ACTION(SESSIONS, "sessions", "u", ON_VM, GROUP(USERS), FOOT("Users"), HELP("Show sessions"))
ACTION(EVERYBODY, "everybody", "w", GROUP(USERS), HELP("Show users of all listed VMs"))
ACTION(DETAILS, "details", "Enter", ON_ONE, GROUP(INVENTORY), FOOT("Details"), HELP("Show details"))
ACTION(MENU, "menu", "m F9", ON_VM, GROUP(INVENTORY), FOOT("Menu"), HELP("Actions menu"))
ACTION(CONSOLE, "console", "c", HANDS_OVER, GROUP(INVENTORY), HELP("Serial console (^] leaves)"))
ACTION(VIEWER, "viewer", "v", HANDS_OVER, GROUP(INVENTORY), HELP("Open graphical viewer"))
ACTION(SSH, "ssh", "o", HANDS_OVER, GROUP(INVENTORY), HELP("Log in with ssh"))
ACTION(LOGS, "logs", "l", ON_ONE, GROUP(INVENTORY), HELP("Show logs"))

ACTION(PAUSE, "pause", "p", WRITES, GROUP(POWER), HELP("Pause or resume"))

ACTION(SNAPSHOTS, "snapshots", "V", ON_ONE, GROUP(SNAPSHOTS), HELP("Show snapshots"))

ACTION(MARK, "mark", "Space", ON_VM, GROUP(SELECT), FOOT("Mark"), HELP("Mark or unmark this VM"))
ACTION(MARK_INVERT, "mark-invert", "*", GROUP(SELECT), HELP("Invert marks of listed VMs"))
ACTION(UNMARK_ALL, "unmark-all", "U", GROUP(SELECT), HELP("Unmark all"))
ACTION(FILTER, "filter", "/ F4", GROUP(SELECT), FOOT("Filter"), HELP("Filter as you type; in other views, search"))
ACTION(SEARCH, "search", "F3", GROUP(SELECT), FOOT("Search"), HELP("Search by name, or in the text of a view"))
ACTION(SEARCH_NEXT, "search-next", "n", GROUP(SELECT), HELP("Next match"))
ACTION(SEARCH_PREVIOUS, "search-previous", "N", GROUP(SELECT), HELP("Previous match"))

ACTION(TASKS, "tasks", "t Tab", GROUP(VIEW), FOOT("Tasks"), HELP("Switch between VMs and tasks"))
ACTION(TASK_CANCEL, "task-cancel", "x", .needs = NEEDS_TASK | ASKS_FIRST, GROUP(VIEW), FOOT("Cancel task"),
       HELP("Cancel the selected task"))
ACTION(TASK_CANCEL_ALL, "task-cancel-all", "C", .needs = ASKS_FIRST, GROUP(VIEW), FOOT("Cancel all"),
       HELP("Cancel all tasks started together with it"))
ACTION(TASK_DISMISS, "task-dismiss", "X", GROUP(VIEW), FOOT("Clear"), HELP("Clear finished tasks"))
ACTION(TASKS_FAILED, "tasks-failed", "F", GROUP(VIEW), FOOT("Failed only"), HELP("Show failed tasks only, or all"))
ACTION(SORT_LEFT, "sort-left", "<", GROUP(VIEW), HELP("Sort by the column to the left"))
ACTION(SORT_RIGHT, "sort-right", ">", GROUP(VIEW), HELP("Sort by the column to the right"))
ACTION(SORT_INVERT, "sort-invert", "I", GROUP(VIEW), HELP("Reverse the order"))
ACTION(SORT, "sort", "F6", GROUP(VIEW), FOOT("Sort"), HELP("Choose the sort column"))
ACTION(COLUMNS, "columns", "F2", GROUP(VIEW), FOOT("Columns"), HELP("Choose the columns"))
ACTION(COLUMNS_LEFT, "columns-left", "[", GROUP(VIEW), FOOT("Before"), HELP("Scroll columns left"))
ACTION(COLUMNS_RIGHT, "columns-right", "]", GROUP(VIEW), FOOT("More"), HELP("Scroll columns right"))
ACTION(GROUP, "group", "b", GROUP(VIEW), HELP("Group by host, state, OS, tag, or none"))
ACTION(FOLD, "fold", "Left", GROUP(VIEW), FOOT("Fold"), HELP("Fold group (ungrouped: scroll left)"))
ACTION(UNFOLD, "unfold", "Right", GROUP(VIEW), FOOT("Unfold"), HELP("Unfold group (ungrouped: scroll right)"))
ACTION(FOLD_ALL, "fold-all", "z", GROUP(VIEW), HELP("Fold or unfold all groups"))
ACTION(HOSTS, "hosts", "h", GROUP(VIEW), HELP("Show hosts"))
ACTION(EVENTS, "events", "e", GROUP(VIEW), HELP("Events and errors"))
ACTION(INTERRUPTED, "interrupted", "J", GROUP(VIEW), HELP("Unfinished tasks: re-check or forget"))

ACTION(MOVE_UP, "move-up", "Up k", GROUP(MOVE), HELP("Up"))
ACTION(MOVE_DOWN, "move-down", "Down j", GROUP(MOVE), HELP("Down"))
ACTION(MOVE_FIRST, "move-first", "Home g", GROUP(MOVE), HELP("First row"))
ACTION(MOVE_LAST, "move-last", "End G", GROUP(MOVE), HELP("Last row"))
ACTION(PAGE_UP, "page-up", "PgUp ^B", GROUP(MOVE), HELP("One page up"))
ACTION(PAGE_DOWN, "page-down", "PgDn ^F", GROUP(MOVE), HELP("One page down"))
ACTION(HALF_UP, "half-page-up", "^U", GROUP(MOVE), HELP("Half a page up"))
ACTION(HALF_DOWN, "half-page-down", "^D", GROUP(MOVE), HELP("Half a page down"))

ACTION(PALETTE, "palette", ":", GROUP(PROGRAM), HELP("Command palette"))
ACTION(REFRESH, "refresh", "F5", GROUP(PROGRAM), FOOT("Refresh"), HELP("Refresh hosts and guests now"))
ACTION(FREEZE, "freeze", "Z", GROUP(PROGRAM), HELP("Freeze or unfreeze the display"))
ACTION(DELAY_MORE, "delay-more", "+", GROUP(PROGRAM), HELP("Refresh statistics less often"))
ACTION(DELAY_LESS, "delay-less", "-", GROUP(PROGRAM), HELP("Refresh statistics more often"))
ACTION(THEME, "theme", "^T", GROUP(PROGRAM), HELP("Next theme"))
ACTION(REDRAW, "redraw", "^L", GROUP(PROGRAM), HELP("Redraw the screen"))
ACTION(BACK, "back", "Esc", GROUP(PROGRAM), FOOT("Back"), HELP("Close dialog, pane, filter, then marks"))
ACTION(BACKGROUND, "background", "^Z", GROUP(PROGRAM), HELP("Suspend to the shell; `fg` resumes"))
ACTION(HELP, "help", "? F1", GROUP(PROGRAM), FOOT("Help"), HELP("Show this help"))
ACTION(QUIT, "quit", "q F10 ^C", GROUP(PROGRAM), FOOT("Quit"),
       HELP("Close the view; in the table, quit (asks if tasks are running)"))
/* clang-format on */

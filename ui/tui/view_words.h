/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_words.h - what several screens show alike: colours of states, times as text, the lines of a list.
 */
#pragma once

#include "model/inventory.h"
#include "model/snapshot.h"
#include "model/task.h"
#include "ui/tui/term/surface.h"
#include "ui/tui/widget/scroll.h"

enum role role_of_state(enum vm_state state);
enum role role_of_agent(enum agent_state state);
enum role role_of_host(enum host_state state);
enum role role_of_outcome(const struct task *task);
/* "0:12", "1:02:03"; owned. */
struct safe_text words_of_span(int64_t ms);

/* Figures of hosts: "34%", "118/192G"; "-" where unknown. Owned. */
struct safe_text words_of_share(double share); /* 0 to 1; negative: unknown */
double host_memory_share(const struct host *host);
struct safe_text words_of_host_memory(const struct host *host);
/* One cell: as high as the share is, full from nine tenths on; without Unicode only that, as "!". Unknown: empty. */
void draw_bar(struct surface surface, int row, int col, enum role role, double share);

enum time_form {
	TIME_OF_DAY,  /* "14:56:00" */
	TIME_OF_DATE, /* "2026-11-22 14:56" */
};
/* Local time; `unknown` where `when` is negative. Owned. */
struct safe_text words_of_time(int64_t when, enum time_form form, const char *unknown);
/* Milliseconds until a clock counting seconds from `since` changes. */
int64_t next_second(int64_t since, int64_t now);

/*
 * The line of a visible item. Under the cursor it is cleared and has the role `chosen`; cursor_col: where the
 * terminal's cursor stands then, -1 nowhere.
 */
struct surface draw_list_line(const struct scroll *scroll, struct surface rows, size_t index, enum role chosen,
			      int cursor_col);
/* Draws a box for a list, with so many rows below it, and makes the scroll position fit. Returns the box, to draw in.
 */
struct surface draw_list_box(struct surface box, struct safe_text title, struct scroll *scroll, size_t count,
			     int rows_below, struct surface *ret_items);
/* The lines of the tree before a snapshot's name: "│  ├─ "; owned. And their cells. */
struct safe_text snapshot_branch(const struct snapshot_list *list, size_t at);
int snapshot_branch_cells(const struct snapshot *snapshot);
/* In the place of a view about a VM that is gone. */
void draw_vm_is_gone(struct surface surface);

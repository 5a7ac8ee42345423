/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.h - what a screen is: one struct view_ops and one file each.
 *
 *	view_open, or view_new -> view_push -> prepare, draw / input / act, as often as needed -> view_close -> destroy
 *
 * Panes take the place of the table and keep header, task pane and footer; overlays lie on top in a box of
 * their own and get every key. Views draw the app's state as it is now and keep no copies: a VM may be gone
 * at the next frame. UI thread.
 */
#pragma once

#include "engine/action.h"
#include "model/inventory.h"
#include "ui/tui/term/decode.h"
#include "ui/tui/widget/lines.h"
#include "ui/tui/widget/scroll.h"

struct session_picks;
struct ui;
struct view;

/* How `/` filters a view. */
struct view_filter {
	const char *hint; /* N_(): what may be typed */
	const char *(*words)(const struct view *view);
	bool (*set)(struct view *view, const char *words, struct err *err);
	size_t (*count)(const struct view *view); /* rows left */
};

struct view_ops {
	size_t size; /* of its own struct; 0: struct view is enough */
	bool is_overlay;
	const char *title;        /* N_(), where it is always the same */
	const char *hint;         /* NC_("hint"): an overlay's keys, for the footer, at most 78 cells; NULL none */
	enum action_id closed_by; /* the action that opens it; 0: none */
	const enum action_id
		*offered; /* what the footer always offers besides "Back", up to ACTION_NONE; may be NULL */
	void (*opened)(struct view *view); /* by view_open(): fills its struct. May be NULL. */
	/*
	 * Before each frame, with the surface that draw() will get: brings what it shows up to date, and has hosts and
	 * guests asked because of it. May be NULL.
	 */
	void (*prepare)(struct view *view, struct surface surface);
	/* Only draws: asks nothing, and changes nothing but the scroll position. */
	void (*draw)(struct view *view, struct surface surface);
	/* Of dialogs (dialog.h) and pages (view_draw_page()): their lines, for each frame. */
	void (*tell)(struct view *view, struct lines *lines);
	/* Of lists: their rows; `scroll` has the cursor. NULL: it has none. */
	size_t (*count)(const struct view *view);
	/* Of lists whose cursor stays on its row while others come and go: what tells a row from the others. */
	const char *(*key)(const struct view *view, size_t row);
	/* Of lists whose cursor is kept elsewhere as well: where it is (NULL: in `scroll`), and that it was moved. */
	size_t (*cursor)(const struct view *view);
	void (*moved)(struct view *view);
	/* What `/`, n and N look for in a row of a list; owned. NULL: only pages are searched, in their lines. */
	struct safe_text (*text)(const struct view *view, size_t row);
	/*
	 * A row as a sentence, for ui/linear; owned: what tells it from others, and where there is more, "; " and the
	 * rest. NULL: text.
	 */
	struct safe_text (*say)(const struct view *view, size_t row);
	/* Of dialogs with a button for yes: does what was asked. False: the dialog stays, and says why. */
	bool (*confirm)(struct view *view);
	/* Before the keymap: for views with text input. True: used. May be NULL. */
	bool (*input)(struct view *view, const struct input *input);
	/* True: used. May be NULL. Else it moves the cursor, or the lines of a page, or is for commands_perform(). */
	bool (*act)(struct view *view, enum action_id action);
	/* Whether the footer offers an action now, besides those offered always. May be NULL. */
	bool (*offers)(const struct view *view, enum action_id action);
	/* What the footer calls an action that is for something else here, and can be done; owned. May be NULL, or
	 * empty. */
	struct safe_text (*label)(const struct view *view, enum action_id action);
	/* The VM that actions are for, where it is not `vm`. False: the table's marks or row. May be NULL. */
	bool (*subject)(const struct view *view, struct vm_id *ret_id);
	/* The chosen sessions: actions are for their VMs, never for the table's. May be NULL. */
	const struct session_picks *(*picks)(const struct view *view);
	const struct view_filter *filter; /* NULL: `/` searches, or where nothing can be searched, goes to the table */
	/* Milliseconds until what it shows changes by itself (ages, countdowns); -1 never. May be NULL. */
	int64_t (*next_change)(const struct view *view, int64_t now);
	/* Frees what it holds; who calls it frees the view itself. May be NULL. */
	void (*destroy)(struct view *view);
};

/* Frame: first in each view's own struct. */
struct view {
	const struct view_ops *ops;
	struct ui *ui;
	bool is_closed;
	bool is_of_vm;
	struct vm_id vm;        /* that it is about, where it is of one */
	struct safe_text title; /* owned; of pages and dialogs */
	struct scroll scroll;   /* of lists */
	char *key;              /* owned: of the row under the cursor; NULL none */
	struct lines lines;     /* of pages and dialogs */
	char *sought;           /* owned: the words that n and N search for; NULL none */
	size_t sought_from;     /* the line that was current when one began to type them */
};

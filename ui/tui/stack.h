/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stack.h - what all screens share, struct ui, and the stack of views on top of the table. Knows views only as struct
 * view. UI thread.
 */
#pragma once

#include "engine/choices.h"
#include "engine/keymap.h"
#include "engine/listing.h"
#include "ui/app/app_actions.h"
#include "ui/app/app_tasks.h"
#include "ui/tui/view.h"

/* Views read it, and change it through the calls below. */
struct ui {
	struct app *app;
	struct loop *loop;
	struct keymap keymap;
	struct listing *listing;
	struct columns columns;
	struct theme theme;
	char *theme_name;        /* owned */
	bool theme_is_chosen;    /* by somebody: the terminal's background decides no more */
	int colors;              /* of the terminal; 0: none are wanted */
	struct choices *choices; /* NULL: nothing is kept */
	bool is_demo;            /* the header says DEMO */
	bool tasks_have_focus;
	struct view *table, *tasks; /* always there */
	struct {
		VEC(struct view *);
	} stack;                                               /* panes and overlays, the last on top */
	void (*perform)(struct ui *ui, enum action_id action); /* for actions that no view uses: commands_perform() */

	struct safe_text message; /* shown in the footer for some time */
	enum role message_role;
	int64_t message_until;
	int64_t deaf_until; /* clock_ms(): what is typed before was meant for a dialog that closed, and is dropped */

	bool is_dirty;
};

enum { UI_DEAF_MS = 500 };

/* Zeroed, of `size` bytes: a struct whose first member is the view. Freed by ui_sweep(), or by view_destroy(). */
void *view_new(struct ui *ui, const struct view_ops *ops, size_t size);
struct vm *view_vm(const struct view *view); /* the one that it is of; NULL: it is gone */
void view_push(struct view *view);
/* Makes it, and puts it on the stack. vm: that it is about; NULL: none. */
void view_open(struct ui *ui, const struct view_ops *ops, const struct vm_id *vm);
void view_close(struct view *view); /* destroyed by ui_sweep(); behind a dialog keys are dropped for UI_DEAF_MS */
void view_destroy(struct view *view);
/* True: it used the action, or moved by it. */
bool view_act(struct view *view, enum action_id action);
void view_moved(struct view *view);                             /* scroll.cursor was set */
void view_follow(struct view *view);                            /* before a frame: the cursor stays on its row */
void view_draw_page(struct view *view, struct surface surface); /* title, and the lines below it */
void ui_sweep(struct ui *ui);                                   /* frees the views that were closed */
struct view *ui_top(const struct ui *ui);                       /* who gets the keys */
struct view *ui_pane(const struct ui *ui);                      /* what stands in the middle: a pane, else the table */

bool ui_is_for_everywhere(enum action_id action); /* whatever view is on top */
/* As if its key had been pressed: for the view on top, else performed. */
void ui_do(struct ui *ui, enum action_id action);

/* A name or a path. False: it cannot be used, and the old one stays. */
bool ui_set_theme(struct ui *ui, const char *name, struct err *err);

void ui_dirty(struct ui *ui);
/* A sentence in the footer's place until the next key, or for some seconds. */
void ui_say(struct ui *ui, enum role role, const char *format, ...) PRINTF_LIKE(3, 4);
void ui_say_err(struct ui *ui, const struct err *err);

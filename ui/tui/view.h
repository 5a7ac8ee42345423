/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.h - what a screen is: one struct view_ops and one file each; and what the screens share.
 *
 *	view_push -> draw / input / act, as often as need be -> view_close -> destroy
 *
 * Panes take the table's place and keep header, task pane and footer; overlays lie on top in a box of
 * their own and get every key. Views draw the app's state as it is now, each time anew, and keep no
 * copies: a VM may be gone at the next frame. UI thread.
 */
#ifndef INNKEEPER_VIEW_H
#define INNKEEPER_VIEW_H

#include "ui/app/app_actions.h"
#include "engine/keymap.h"
#include "engine/listing.h"
#include "ui/tui/term/decode.h"
#include "ui/tui/term/surface.h"
#include "ui/tui/ui.h"

struct ui;
struct view;
struct session_picks;

/* What `/` narrows in a view. */
struct view_filter {
	const char *hint; /* N_(): what may be typed */
	const char *(*words)(const struct view *view);
	bool (*set)(struct view *view, const char *words, struct err *err);
	size_t (*count)(const struct view *view); /* rows left */
};

struct view_ops {
	bool is_overlay;
	const char *hint; /* N_(): an overlay's keys, for the footer; NULL none */
	void (*draw)(struct view *view, struct surface surface);
	/* Before the keymap: for those who take text. True: taken. May be NULL. */
	bool (*input)(struct view *view, const struct input *input);
	/* True: taken. May be NULL; what nobody takes is done by the dashboard. */
	bool (*act)(struct view *view, enum action_id action);
	/* What act() takes here and now, for the footer. May be NULL. */
	bool (*offers)(const struct view *view, enum action_id action);
	/* The VM that this view is about: what actions are for. False: the table's marks or row. May be NULL. */
	bool (*subject)(const struct view *view, struct vm_id *ret_id);
	/* Sessions that are chosen in it: actions are for their VMs, never for the table's. May be NULL. */
	const struct session_picks *(*picks)(const struct view *view);
	const struct view_filter *filter; /* NULL: `/` goes to the table */
	/* Milliseconds until what it shows changes by itself (ages, countdowns); -1 never. May be NULL. */
	int64_t (*next_change)(const struct view *view, int64_t now);
	void (*destroy)(struct view *view);
};

/* Frame: first in each view's own struct. */
struct view {
	const struct view_ops *ops;
	struct ui *ui;
	bool is_closed;
};

/* Everything that the screens share. Views read it, and change what is theirs to change through the calls below. */
struct ui {
	struct app *app;
	struct loop *loop;
	const struct ui_settings *settings;
	struct keymap keymap;
	struct listing *listing;
	struct columns columns;
	struct theme theme;
	bool tasks_have_focus;
	struct view *table, *tasks; /* always there */
	struct { VEC(struct view *); } stack; /* panes and overlays, the last on top */

	struct safe_text message;   /* in the footer's place for a moment */
	enum role message_role;
	int64_t message_until;

	bool is_dirty, is_urgent;   /* urgent: a person did it */
	int frame_tokens;           /* frames that the world may still ask for at once */
	int64_t tokens_at;          /* clock_ms() of the last refill */
	int timer;
	bool is_running;
};

void view_push(struct ui *ui, struct view *view);
void view_close(struct view *view); /* gone after the callback under way */
struct view *ui_top(const struct ui *ui);  /* who gets the keys */
struct view *ui_pane(const struct ui *ui); /* what stands in the middle: a pane, else the table */

void ui_dirty(struct ui *ui);
/* A sentence in the footer's place until the next key, or for some seconds. */
void ui_say(struct ui *ui, enum role role, const char *format, ...) PRINTF_LIKE(3, 4);
void ui_say_err(struct ui *ui, const struct err *err);

void ui_sort_by(struct ui *ui, enum column_id column, bool descending); /* and says so */
void ui_do(struct ui *ui, enum action_id action); /* as if its key had been pressed */
/* What an action would be done to now; ids: VEC_FREE(). */
struct action_target ui_target(struct ui *ui, struct vm_ids *ret_ids);

/* "3 VMs" and the like stand where a name would: owned. */
struct safe_text ui_vm_name(const struct ui *ui, const struct vm_id *id);

/* The screens. Each is on the stack once it is made, but for the first two. */
struct view *view_table_create(struct ui *ui);
struct view *view_tasks_create(struct ui *ui);
void view_sessions_open(struct ui *ui, const struct vm_id *ids, size_t count);
void view_everybody_open(struct ui *ui); /* the sessions of all that the table shows */
void view_snapshots_open(struct ui *ui, const struct vm_id *id);
void view_details_open(struct ui *ui, const struct vm_id *id);
void view_logs_open(struct ui *ui, const struct vm_id *id);
void view_help_open(struct ui *ui);
void view_events_open(struct ui *ui);
void view_interrupted_open(struct ui *ui);
void view_filter_open(struct ui *ui);
void menu_open(struct ui *ui);
void palette_open(struct ui *ui);
void chooser_open(struct ui *ui);
void dialog_logoff_open(struct ui *ui);
void dialog_verb_open(struct ui *ui, enum action_id action);
void dialog_guest_open(struct ui *ui, enum action_id action);
/* chosen: the snapshot that it is about; NULL: a new one. */
void dialog_snapshot_open(struct ui *ui, enum action_id action, const struct snapshot *chosen);
void dialog_quit_open(struct ui *ui);
void dialog_task_open(struct ui *ui, uint64_t task_id);
void console_open(struct ui *ui, const struct vm_id *id);
void console_end(void); /* one that has the terminal is left */
void ssh_open(struct ui *ui, const struct vm_id *id);
void ssh_end(void);
void viewer_open(struct ui *ui, const struct vm_id *id);
void viewers_forget(void); /* they go on without us */

/* The parts around them. Rows that they take, and their drawing. */
int header_rows(struct surface screen);
void header_draw(struct ui *ui, struct surface surface);
int64_t header_next_change(const struct ui *ui, int64_t now);
void footer_draw(struct ui *ui, struct surface surface);
int view_tasks_rows(struct view *tasks, struct surface screen);
const struct task *view_tasks_selected(const struct view *tasks);
bool view_tasks_is_empty(const struct view *tasks);

/* How words look that several screens show. */
enum role role_of_state(enum vm_state state);
enum role role_of_agent(enum agent_state state);
enum role role_of_host(enum host_state state);
enum role role_of_outcome(const struct task *task);
/* "0:12", "1:02:03"; owned. */
struct safe_text words_of_span(int64_t ms);
/* Until a clock that shows whole seconds since `since` shows the next one. */
int64_t next_second(int64_t since, int64_t now);

#endif

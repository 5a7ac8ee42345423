/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linear_private.h - what the files of the linear mode share. Nobody else includes it.
 *
 *	linear.c           lines in, what changed, the run
 *	linear_views.c     lines out: the prompt, and a view as lines: VMs, lists, pages, dialogs
 *	linear_commands.c  what a line means
 */
#pragma once

#include "ui/tui/dialog.h"
#include "ui/tui/screens.h"

struct linear {
	struct ui *ui;
	bool input_is_terminal, is_ascii;
	struct {
		VEC(char);
	} input;             /* read, and not yet carried out */
	bool input_is_over;  /* its end was read */
	bool is_watching;    /* standard input */
	bool is_prompted;    /* the prompt stands there, and nothing behind it */
	bool write_failed;   /* nobody reads any more */
	bool is_leaving;     /* the tasks that run are left */
	bool has_said_left;  /* that the end of input waits for tasks */
	bool is_quiet;       /* changes are not told; how tasks end is */
	bool is_waiting;     /* `wait`: no line is carried out while a task runs */
	bool types_the_word; /* the next line is the text that a dialog wants typed */
	int timer;
	/* The view on top is shown from due_at on, as soon as those that were asked have answered; at the latest, at
	 * due_by. clock_ms(); due_by 0: it was shown. */
	int64_t due_at, due_by;
	struct vm_ids asked;
	struct {
		VEC(struct linear_row {
			struct vm_id vm; /* of the list of VMs */
			char *key;       /* of others, and of groups: what tells it from other rows; owned */
		});
	} rows;           /* of the last list, by the numbers that were shown */
	size_t next_page; /* of it: the first row not shown yet */
	struct {
		VEC(struct told_vm {
			struct vm_id id;
			enum vm_state state;
			enum agent_state agent;
			int64_t users;
		});
	} told_vms;
	struct {
		VEC(struct told_task {
			uint64_t id;
			enum task_phase phase;
			bool complete;
		});
	} told_tasks;
	struct {
		VEC(enum host_state);
	} told_hosts;
	uint64_t seen;   /* inventory_version() of told_vms */
	int64_t told_at; /* clock_ms() */
};

/* --- linear_views.c --- */

/* A line. Errors begin with "error: ", however they are worded. */
void linear_say(struct linear *linear, const char *format, ...) PRINTF_LIKE(2, 3);
void linear_error(struct linear *linear, const char *format, ...) PRINTF_LIKE(2, 3);
void linear_say_message(struct linear *linear); /* what the views have to say (ui->message), once */
void linear_prompt(struct linear *linear);      /* where none stands */

/* The view on top is shown soon. vms: those whose answers it waits for; may be NULL. */
void linear_show_soon(struct linear *linear, const struct vm_ids *vms);
bool linear_show_is_due(const struct linear *linear);
void linear_show(struct linear *linear);
void linear_show_page(struct linear *linear);                         /* the next rows of the last list */
void linear_find(struct linear *linear, const char *words);           /* lines of the view on top that have them */
struct safe_text linear_view_name(const struct view *view);           /* owned */
struct safe_text linear_vm_words(struct ui *ui, const struct vm *vm); /* "web01, running, agent up, 2 users"; owned */
bool linear_choose_row(struct linear *linear, const char *number);    /* moves the cursor there; false: said why not */
bool linear_is_dialog(const struct view *view);
void linear_forget_rows(struct linear *linear);

/* --- linear_commands.c --- */

void linear_obey(struct linear *linear, const char *line); /* at the prompt of a list or a page */
void linear_answer(struct linear *linear, struct dialog *dialog, const char *line);
void linear_cancel(struct linear *linear, struct dialog *dialog);

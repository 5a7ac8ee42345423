/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialog.h - a question in a box: text, fields, and the buttons Cancel and confirm.
 *
 * The focus starts on Cancel. Tab and arrows move, Enter chooses what has the focus. On a button y and n answer, in a
 * text Alt-y and Alt-n. Nothing that was not meant is a yes: not what was pasted, not what came in one burst, not what
 * came within DIALOG_ARM_MS of the opening, and no y of somebody who types a sentence, which has other letters than y
 * and n. With a challenge, its words have to be typed first; Enter behind them goes to the button. Knows no VM.
 *
 * A view: a dialog has it first in its struct, and dialog_draw(), dialog_input(), dialog_destroy(), tell() and
 * confirm() in its ops.
 */
#pragma once

#include "ui/tui/stack.h"
#include "ui/tui/widget/form.h"

enum {
	DIALOG_ARM_MS = 500,
	DIALOG_SENTENCE_MS = 1000, /* letters closer together are a sentence */
};

#define DIALOG_HINT NC_("hint", "Tab/arrows: move · Space: toggle · Enter: select · y/n, in a text Alt-y/n")

/* A line to type into, or a box to tick. */
struct dialog_field {
	char *label;         /* owned */
	const char *unit;    /* behind the field, translated; NULL none */
	const char *heading; /* in a row above it, translated; NULL none */
	int cells;           /* 0: as wide as there is room */
	bool is_box, is_ticked;
	struct field field;
};

struct dialog {
	struct view view;
	const char *yes; /* the button: what will be done, translated; NULL: only Cancel, then called "Close" */
	const char *no;  /* the other one, translated; NULL: "Cancel" */
	bool is_dangerous;
	struct {
		VEC(struct dialog_field *);
	} fields;                   /* those that do not fit are scrolled to */
	int challenge_at;           /* the field with the challenge, -1 none */
	struct safe_text challenge; /* what has to be typed; owned */
	const char *error;          /* why it was not confirmed; translated, NULL none */
	int focus;                  /* a field's index, or one of the buttons */
	uint32_t last_code;         /* of the last key */
	int64_t armed_at, stray_at; /* clock_ms(): when it takes a yes; of the last letter that means nothing here */
};

/* Drops input that was typed ahead. title: taken over. */
void dialog_open(struct dialog *dialog, struct safe_text title, const char *yes);
struct field *dialog_add_field(struct dialog *dialog, const char *label, int cells, const char *text);
/* Inserts before field `at`; the focus stays on its field. Space toggles the box. */
struct dialog_field *dialog_insert_box(struct dialog *dialog, int at, const char *label, bool ticked);
struct dialog_field *dialog_add_box(struct dialog *dialog, const char *label, bool ticked); /* the last */
void dialog_set_label(struct dialog *dialog, int at, const char *label);
void dialog_remove_field(struct dialog *dialog, int at);
/* what: the text that has to be typed; taken over. */
void dialog_add_challenge(struct dialog *dialog, struct safe_text what);

/* The answer yes, as of its button. False: something is missing; `error` may say what. */
bool dialog_confirm(struct dialog *dialog);
void dialog_draw(struct view *view, struct surface screen);
bool dialog_input(struct view *view, const struct input *input);
void dialog_destroy(struct view *view);

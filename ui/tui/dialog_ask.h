/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialog_ask.h - a question in a line, before something that one key would do otherwise: Enter closes it, y does it.
 */
#ifndef INNKEEPER_DIALOG_ASK_H
#define INNKEEPER_DIALOG_ASK_H

#include "ui/tui/stack.h"

/* What it is about, bound when it opens; what is not used is zero. */
struct asked {
	struct vm_id vm;
	bool of_vm; /* then its host is shown */
	uint64_t task;
	char *key; /* taken over */
};

struct question {
	const char *yes, *no; /* N_(), the buttons; no: NULL is "Cancel" */
	void (*act)(struct ui *ui, const struct asked *about);
};

/* title, note: taken over. note: what else there is to know; may be empty. */
void dialog_ask_open(struct ui *ui, const struct question *question, const struct asked *about, struct safe_text title,
		     struct safe_text note);

#endif

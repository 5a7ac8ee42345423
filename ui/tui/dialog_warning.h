/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialog_warning.h - the two fields of every dialog that logs people off: what they are told, and how long they get.
 */
#ifndef INNKEEPER_DIALOG_WARNING_H
#define INNKEEPER_DIALOG_WARNING_H

#include "backend/guest/logoff.h"
#include "engine/config.h"
#include "ui/tui/dialog.h"

struct dialog_warning {
	struct field *message, *grace;
	struct dialog_field *grace_line;
};

void dialog_warning_add(struct dialog_warning *warning, struct dialog *dialog, const struct config *config);
/* Before each frame: says whether anybody waits. */
void dialog_warning_follow(const struct dialog_warning *warning);
/* Without a message nobody waits. The text stays the field's. */
void dialog_warning_get(const struct dialog_warning *warning, struct logoff_options *options);

#endif

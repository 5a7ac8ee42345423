/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialog_warning.h - the fields message and grace period of every dialog that logs users off.
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
/* Before each frame: updates the note behind the grace period. */
void dialog_warning_follow(const struct dialog_warning *warning);
/* Without a message there is no grace period. The text is borrowed from the field. */
void dialog_warning_get(const struct dialog_warning *warning, struct logoff_options *options);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/dialog_warning.h"

#include <stdio.h>
#include <stdlib.h>

enum { GRACE_CELLS = 7, GRACE_MAX = 86400 };

void dialog_warning_add(struct dialog_warning *warning, struct dialog *dialog, const struct config *config)
{
	char grace[16];

	snprintf(grace, sizeof(grace), "%d", config->grace_s);
	warning->message = dialog_add_field(dialog, _("Message"), NULL, 0, config->message ? config->message : "");
	warning->grace = dialog_add_field(dialog, _("Grace"), NULL, GRACE_CELLS, grace);
	warning->grace_line = dialog->fields.at[dialog->fields.count - 1];
	warning->grace->digits_only = true;
}

void dialog_warning_follow(const struct dialog_warning *warning)
{
	warning->grace_line->unit =
		warning->message->len ? _("seconds between message and log-off") : _("ignored without a message");
}

void dialog_warning_get(const struct dialog_warning *warning, struct logoff_options *options)
{
	const long grace = strtol(warning->grace->text, NULL, 10);

	if (!warning->message->len)
		return;
	options->message = warning->message->text;
	options->grace_s = (int)MIN(MAX(grace, 0), GRACE_MAX);
}

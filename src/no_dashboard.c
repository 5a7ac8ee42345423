/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for ui/ until it is built: the commands run, the dashboard says that it is not there. */
#include "ui/ui.h"

bool ui_run(struct app *app, const struct ui_settings *settings, struct err *err)
{
	(void)app;
	(void)settings;
	return err_set(err, ERR_USAGE, _("the dashboard is not built; name a command (innkeeper --help)"));
}

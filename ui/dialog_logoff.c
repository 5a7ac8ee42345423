/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/dialog_target.h"

#include <stdio.h>
#include <stdlib.h>

enum { GRACE_CELLS = 7, GRACE_MAX = 86400 };

struct dialog_logoff {
	struct view view;
	struct dialog_target target;
	struct dialog dialog;
	struct field *message, *grace;
};

static struct dialog_logoff *logoff_of(const struct view *view)
{
	return (struct dialog_logoff *)view;
}

static void logoff_draw(struct view *view, struct surface surface)
{
	struct dialog_logoff *logoff = logoff_of(view);

	lines_begin(&logoff->dialog.lines);
	dialog_target_tell(&logoff->target, view->ui, &logoff->dialog.lines);
	dialog_draw(&logoff->dialog, surface_above_footer(surface));
}

static void start(struct dialog_logoff *logoff)
{
	struct action_target target = dialog_target_get(&logoff->target);
	long grace = strtol(logoff->grace->text, NULL, 10);
	bool warns = logoff->message->len > 0;
	struct logoff_options options = {
		.message = warns ? logoff->message->text : NULL,
		.grace_s = warns ? (int)MIN(MAX(grace, 0), GRACE_MAX) : 0,
	};
	struct act_outcome outcome;

	app_act_logoff(logoff->view.ui->app, &target, &options, &outcome);
	dialog_target_done(&logoff->target, logoff->view.ui, &outcome);
}

static bool logoff_input(struct view *view, const struct input *input)
{
	struct dialog_logoff *logoff = logoff_of(view);
	enum dialog_verdict verdict = dialog_input(&logoff->dialog, input);

	if (verdict == DIALOG_YES)
		start(logoff);
	if (verdict != DIALOG_STAYS)
		view_close(view);
	return true;
}

static int64_t logoff_next_change(const struct view *view, int64_t now)
{
	return dialog_target_next_change(&logoff_of(view)->target, view->ui, now);
}

static void dialog_logoff_destroy(struct view *view)
{
	dialog_free(&logoff_of(view)->dialog);
	dialog_target_free(&logoff_of(view)->target);
	free(view);
}

static const struct view_ops logoff_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.draw = logoff_draw,
	.input = logoff_input,
	.next_change = logoff_next_change,
	.destroy = dialog_logoff_destroy,
};

void dialog_logoff_open(struct ui *ui)
{
	struct dialog_logoff *logoff = mem_zalloc(sizeof(*logoff));
	const struct config *config = app_config(ui->app);
	struct safe_text name;
	char grace[16];

	logoff->view.ops = &logoff_ops;
	dialog_target_take(&logoff->target, ui, ACTION_LOGOFF);
	name = dialog_target_name(&logoff->target, ui);
	dialog_open(&logoff->dialog, text_format(_("Log off all users of %s?"), text_str(name)), _("Log off"));
	snprintf(grace, sizeof(grace), "%d", config->grace_s);
	logoff->message = dialog_add_field(&logoff->dialog, _("Message"), NULL, 0, config->message ? config->message : "");
	logoff->grace = dialog_add_field(&logoff->dialog, _("Grace"), _("seconds between message and log-off"), GRACE_CELLS, grace);
	logoff->grace->digits_only = true;
	dialog_target_challenge(&logoff->target, ui, &logoff->dialog);
	dialog_target_ask(&logoff->target, ui);
	text_free(&name);
	view_push(ui, &logoff->view);
}

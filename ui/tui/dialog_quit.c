/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/journal.h"
#include "ui/tui/dialog.h"
#include "ui/tui/screens.h"

#include <stdlib.h>

struct dialog_quit {
	struct view view;
	struct dialog dialog;
};

static struct dialog_quit *quit_of(const struct view *view)
{
	return (struct dialog_quit *)view;
}

static void quit_draw(struct view *view, struct surface surface)
{
	struct dialog *dialog = &quit_of(view)->dialog;
	size_t running = tasklist_running(app_tasks(view->ui->app));

	lines_begin(&dialog->lines);
	lines_say(&dialog->lines, ROLE_NORMAL, ngettext("%zu task is running.", "%zu tasks are running.", running),
		  running);
	lines_say(&dialog->lines, ROLE_NORMAL,
		  _("Commands already sent continue in the guests; queued ones are dropped. Both are recorded: see "
		    "`%s`."),
		  journal_command(app_is_simulated(view->ui->app)));
	dialog_draw(dialog, surface_above_footer(surface));
}

static bool quit_input(struct view *view, const struct input *input)
{
	enum dialog_verdict verdict = dialog_input(&quit_of(view)->dialog, input);

	if (verdict == DIALOG_YES)
		loop_quit(view->ui->loop);
	if (verdict != DIALOG_STAYS)
		view_close(view);
	return true;
}

static void quit_destroy(struct view *view)
{
	dialog_free(&quit_of(view)->dialog);
	free(view);
}

static const struct view_ops quit_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.draw = quit_draw,
	.input = quit_input,
	.destroy = quit_destroy,
};

void dialog_quit_open(struct ui *ui)
{
	struct dialog_quit *quit = mem_zalloc(sizeof(*quit));

	quit->view.ops = &quit_ops;
	dialog_open(&quit->dialog, text_format("%s", _("Quit?")), _("Quit"));
	view_push(ui, &quit->view);
}

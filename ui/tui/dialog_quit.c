/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/journal.h"
#include "ui/tui/dialog.h"
#include "ui/tui/screens.h"

static void quit_tell(struct view *view, struct lines *lines)
{
	size_t running = tasklist_running(app_tasks(view->ui->app));

	lines_say(lines, ROLE_NORMAL, ngettext("%zu task is running.", "%zu tasks are running.", running), running);
	lines_say(lines, ROLE_NORMAL,
		  _("Commands already sent continue in the guests; queued ones are dropped. Both are recorded: see "
		    "`%s`."),
		  journal_command(app_is_simulated(view->ui->app)));
}

static bool quit_confirm(struct view *view)
{
	loop_quit(view->ui->loop);
	return true;
}

static const struct view_ops quit_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.draw = dialog_draw,
	.tell = quit_tell,
	.confirm = quit_confirm,
	.input = dialog_input,
	.destroy = dialog_destroy,
};

void dialog_quit_open(struct ui *ui)
{
	struct dialog *quit = view_new(ui, &quit_ops, sizeof(*quit));

	dialog_open(quit, text_format("%s", _("Quit?")), _("Quit"));
	view_push(&quit->view);
}

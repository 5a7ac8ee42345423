/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A question in a line, before something that one key would do otherwise: Enter closes it, y does it. */
#include "ui/tui/dialog_target.h"
#include "ui/tui/screens.h"

struct dialog_ask {
	struct dialog dialog;
	const struct question *question;
	struct asked about;
	struct safe_text note;
};

static void ask_tell(struct view *view, struct lines *lines)
{
	const struct dialog_ask *self = (const struct dialog_ask *)view;

	if (self->about.of_vm)
		dialog_target_tell_host(inventory_host(app_inventory(view->ui->app), self->about.vm.host), lines);
	if (!text_is_empty(self->note))
		lines_say(lines, ROLE_NORMAL, "%s", text_str(self->note));
}

static bool ask_confirm(struct view *view)
{
	const struct dialog_ask *self = (const struct dialog_ask *)view;

	self->question->act(view->ui, &self->about);
	return true;
}

static void ask_destroy(struct view *view)
{
	struct dialog_ask *self = (struct dialog_ask *)view;

	text_free(&self->note);
	free(self->about.key);
	dialog_destroy(view);
}

static const struct view_ops ask_ops = {
	.is_overlay = true,
	.hint = NC_("hint", "y: yes · n, Enter or Esc: no"),
	.draw = dialog_draw,
	.tell = ask_tell,
	.confirm = ask_confirm,
	.input = dialog_input,
	.destroy = ask_destroy,
};

void dialog_ask_open(struct ui *ui, const struct question *question, const struct asked *about, struct safe_text title,
		     struct safe_text note)
{
	struct dialog_ask *self = view_new(ui, &ask_ops, sizeof(*self));

	self->question = question;
	self->about = *about;
	self->note = note;
	dialog_open(&self->dialog, title, _(question->yes));
	self->dialog.no = question->no ? _(question->no) : NULL;
	view_push(&self->dialog.view);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A VM's serial console: a box while it is opened, then the whole terminal until ^]. */
#include "base/log.h"
#include "engine/relay.h"
#include "ui/app/app_handoff.h"
#include "ui/tui/dialog.h"
#include "ui/tui/screens.h"
#include "ui/tui/term/term.h"

/* The one that uses the terminal now. */
static struct {
	struct relay *relay;
	struct app_request *request;
	struct safe_text vm_name;
} shown;

struct opening {
	struct dialog dialog;
	struct app_request *opening; /* NULL: over */
	struct safe_text vm_name, host_name;
};

/* --- with the terminal --- */

static void take_back(struct ui *ui)
{
	shown.relay = NULL;
	term_acquire();
	ui_dirty(ui);
}

static void on_over(void *data, enum relay_end end)
{
	struct ui *ui = data;

	take_back(ui);
	app_console_over(shown.request, relay_end_words(end));
	if (end == RELAY_GONE)
		loop_quit(ui->loop);
	else if (end == RELAY_LEFT)
		ui_say(ui, ROLE_NORMAL, _("Left the console of %s."), text_str(shown.vm_name));
	else
		ui_say(ui, ROLE_WARN,
		       _("Console of %s closed: the VM stopped, the connection was lost, or somebody else took it "
			 "over."),
		       text_str(shown.vm_name));
	log_add(LOG_LEVEL_INFO, _("%s: serial console left"), text_str(shown.vm_name));
	text_free(&shown.vm_name);
}

void console_end(void)
{
	if (shown.relay)
		app_console_over(shown.request, "innkeeper was left");
	relay_stop(shown.relay);
	shown.relay = NULL;
	text_free(&shown.vm_name);
}

/* --- on its way --- */

/* Hands the terminal over. */
static void on_opened(void *data, int fd, const struct err *err)
{
	struct opening *opening = data;
	struct app_request *request = opening->opening;
	struct ui *ui = opening->dialog.view.ui;
	OWN(text) struct safe_text hello = { NULL };
	struct err trouble = { 0 };

	opening->opening = NULL;
	view_close(&opening->dialog.view);
	if (fd < 0) {
		log_add(LOG_LEVEL_WARNING, "%s: %s", text_str(opening->vm_name), text_str(err_text(err)));
		ui_say_err(ui, err);
		return;
	}
	hello = text_format(_("Serial console of %s on %s. Press Enter for a prompt, ^] to leave."),
			    text_str(opening->vm_name), text_str(opening->host_name));
	term_release();
	text_set(&shown.vm_name, text_copy(opening->vm_name));
	shown.request = request;
	shown.relay = relay_start(ui->loop, fd, hello, on_over, ui, &trouble);
	if (shown.relay) {
		log_add(LOG_LEVEL_INFO, _("%s: serial console opened"), text_str(opening->vm_name));
	} else {
		take_back(ui);
		app_console_over(request, "the terminal could not be used");
		ui_say_err(ui, &trouble);
	}
}

static void opening_tell(struct view *view, struct lines *lines)
{
	struct opening *opening = (struct opening *)view;

	lines_say(lines, ROLE_NORMAL, _("Opening the serial console of %s on %s ..."), text_str(opening->vm_name),
		  text_str(opening->host_name));
	lines_gap(lines);
	lines_say(lines, ROLE_DIM, "%s", _("The terminal then belongs to the guest; ^] comes back."));
}

static void opening_destroy(struct view *view)
{
	struct opening *opening = (struct opening *)view;

	app_request_forget(opening->opening);
	text_free(&opening->vm_name);
	text_free(&opening->host_name);
	dialog_destroy(view);
}

static const struct view_ops opening_ops = {
	.is_overlay = true,
	.hint = NC_("hint", "Enter or Esc: cancel"),
	.draw = dialog_draw,
	.tell = opening_tell,
	.input = dialog_input,
	.destroy = opening_destroy,
};

static void start_opening(struct ui *ui, const struct asked *about)
{
	const struct vm_id *id = &about->vm;
	struct opening *opening = view_new(ui, &opening_ops, sizeof(*opening));
	struct err err = { 0 };

	opening->vm_name = ui_vm_name(ui, id);
	opening->host_name = text_format("%s", inventory_host(app_inventory(ui->app), id->host)->name);
	dialog_open(&opening->dialog, text_format("%s", _("Serial console")), NULL);
	view_push(&opening->dialog.view);
	opening->opening = app_open_console(ui->app, id, false, on_opened, opening, &err);
	if (!opening->opening) {
		view_close(&opening->dialog.view);
		ui_say_err(ui, &err);
	}
}

/* What a person types who does not look must not end up in a shell of the guest. */
void console_open(struct ui *ui, const struct vm_id *id)
{
	static const struct question question = { N_("Open"), NULL, start_opening };
	OWN(text) struct safe_text name = ui_vm_name(ui, id);

	dialog_ask_open(ui, &question, &(struct asked){ .vm = *id, .of_vm = true },
			text_format(_("Open serial console of %s?"), text_str(name)),
			text_format("%s", _("The keyboard then goes to the guest; ^] comes back.")));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question before an operation in the guest (backend/guest_op.h), and before a maintenance plan. */
#include "ui/tui/dialog_target.h"
#include "ui/tui/dialog_warning.h"
#include "ui/tui/session_boxes.h"
#include "ui/tui/screens.h"

#include <stdlib.h>

struct op_words {
	const char *yes;
	const char *what;    /* NULL: maintain */
	const char *message; /* the label of the field that it has; NULL none */
};

static const struct op_words words[TASK_VERB_COUNT] = {
	[TASK_MESSAGE] = {
		.yes = N_("Send"), .message = N_("Message"),
		.what = N_("Everybody logged on sees it: on terminals, or in a box on Windows' desktops."),
	},
	[TASK_LOCK] = {
		.yes = N_("Lock"),
		.what = N_("Every session has to be unlocked with its password again. Linux with logind alone."),
	},
	[TASK_DISCONNECT] = {
		.yes = N_("Disconnect"),
		.what = N_("Sessions live on without a client; their users can come back to them. Windows alone."),
	},
	[TASK_CLOSE_DOOR] = {
		.yes = N_("Close the door"), .message = N_("Reason"),
		.what = N_("Nobody new can log on until the door is opened; who is on stays on. On Linux, root can always log on."),
	},
	[TASK_OPEN_DOOR] = {
		.yes = N_("Open the door"),
		.what = N_("Everybody can log on again. A door that somebody else closed is left alone. The filter "
			   "logins:disabled shows those that we closed."),
	},
	[TASK_SET_TIME] = { .yes = N_("Set the clock"), .what = N_("The guest's clock is set to the time of this machine.") },
	[TASK_TRIM] = {
		.yes = N_("Trim"),
		.what = N_("Unused blocks of the guest's file systems are given back to the storage; it may take minutes."),
	},
	[TASK_MAINTAIN] = { .yes = N_("Clear it") }, /* the plan says what */
};

struct dialog_guest {
	struct view view;
	struct dialog_target target;
	struct dialog dialog;
	int verb;
	struct session_boxes boxes;                       /* of one VM, where sessions are chosen; else empty */
	struct field *message;                            /* NULL: none */
	struct dialog_field *force, *shut_down, *dry_run; /* of a maintenance plan; else NULL */
	struct dialog_warning warning;
};

static struct dialog_guest *guest_of(const struct view *view)
{
	return (struct dialog_guest *)view;
}

static bool has_boxes(const struct dialog_guest *guest)
{
	return (guest->verb == TASK_LOCK || guest->verb == TASK_DISCONNECT) && guest->target.ids.count == 1;
}

/* As the fields have it at the moment. */
static void tell_plan(const struct dialog_guest *guest, struct lines *lines)
{
	const bool shuts_down = guest->shut_down->is_ticked;
	struct logoff_options options = { 0 };
	struct safe_text warning = { NULL };

	dialog_warning_get(&guest->warning, &options);
	if (options.message)
		warning = text_format(_("warn and wait %d s, "), options.grace_s);
	lines_say(lines, ROLE_NORMAL,
		  _("In this order: close the door to new log-ons, %slog everybody off, prove it%s."),
		  text_str(warning), shuts_down ? _(", shut down") : "");
	lines_say(lines, ROLE_NORMAL, "%s",
		  shuts_down ? _("Cancelled or failed, the door is opened again; after the shutdown it is open, too.") :
			       _("Cancelled or failed, the door is opened again; done, it stays closed until you open it."));
	if (guest->target.ids.count > 1)
		lines_say(lines, ROLE_NORMAL, _("Each VM goes this way by itself, %d at a time; C calls them all off."),
			  app_config(guest->view.ui->app)->parallel);
	text_free(&warning);
}

static void guest_prepare(struct view *view, struct surface surface)
{
	struct dialog_guest *guest = guest_of(view);
	const struct vm *vm = inventory_find(app_inventory(view->ui->app), &guest->target.ids.at[0]);

	(void)surface;
	dialog_target_prepare(&guest->target, view->ui);
	if (has_boxes(guest) && vm)
		session_boxes_follow(&guest->boxes, &guest->dialog, vm);
	if (guest->verb == TASK_MAINTAIN)
		dialog_warning_follow(&guest->warning);
}

static void guest_draw(struct view *view, struct surface surface)
{
	struct dialog_guest *guest = guest_of(view);

	lines_begin(&guest->dialog.lines);
	dialog_target_tell(&guest->target, view->ui, &guest->dialog.lines);
	lines_gap(&guest->dialog.lines);
	if (guest->verb == TASK_MAINTAIN) {
		tell_plan(guest, &guest->dialog.lines);
	} else {
		lines_say(&guest->dialog.lines, ROLE_NORMAL, "%s", _(words[guest->verb].what));
		if (guest->verb == TASK_MESSAGE && guest->target.picks.count > 0)
			lines_say(&guest->dialog.lines, ROLE_WARN, "%s",
				  _("Not only those chosen: a message goes to all in the VM."));
	}
	dialog_draw(&guest->dialog, surface_above_footer(surface));
}

static bool start(struct dialog_guest *guest)
{
	struct op_params wish = { .verb = guest->verb };

	if (guest->verb == TASK_MESSAGE && !guest->message->len) {
		guest->dialog.complaint = _("Say something first.");
		return false;
	}
	if (has_boxes(guest) && !session_boxes_wish(&guest->boxes, &guest->dialog, &wish.logoff.whom)) {
		guest->dialog.complaint = _("Nobody is ticked.");
		return false;
	}
	if (guest->message)
		wish.logoff.message = guest->message->text;
	if (guest->verb == TASK_MAINTAIN) {
		dialog_warning_get(&guest->warning, &wish.logoff);
		wish.logoff.force = guest->force->is_ticked;
		wish.logoff.dry_run = guest->dry_run->is_ticked;
		wish.shut_down = guest->shut_down->is_ticked;
	}
	dialog_target_act(&guest->target, guest->view.ui, &wish);
	return true;
}

static bool guest_input(struct view *view, const struct input *input)
{
	struct dialog_guest *guest = guest_of(view);
	enum dialog_verdict verdict = dialog_input(&guest->dialog, input);

	if (verdict == DIALOG_NO || (verdict == DIALOG_YES && start(guest)))
		view_close(view);
	return true;
}

static int64_t guest_next_change(const struct view *view, int64_t now)
{
	return dialog_target_next_change(&guest_of(view)->target, view->ui, now);
}

static void guest_destroy(struct view *view)
{
	dialog_free(&guest_of(view)->dialog);
	dialog_target_free(&guest_of(view)->target);
	session_boxes_free(&guest_of(view)->boxes);
	free(view);
}

static const struct view_ops guest_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.prepare = guest_prepare,
	.draw = guest_draw,
	.input = guest_input,
	.next_change = guest_next_change,
	.destroy = guest_destroy,
};

void dialog_guest_open(struct ui *ui, enum action_id action)
{
	struct dialog_guest *guest = mem_zalloc(sizeof(*guest));
	struct dialog *dialog = &guest->dialog;
	struct safe_text name, title;

	guest->view.ops = &guest_ops;
	guest->verb = action_get(action)->verb;
	dialog_target_take(&guest->target, ui, action);
	guest->boxes.picked = dialog_target_has_picks(&guest->target) ? &guest->target.picks : NULL;
	guest->boxes.force = true; /* a locked session can be locked and disconnected as well */
	name = dialog_target_name(&guest->target, ui);
	title = task_describe(guest->verb, name);
	dialog_open(dialog, text_format("%s?", text_str(title)), _(words[guest->verb].yes));
	if (words[guest->verb].message)
		guest->message = dialog_add_field(dialog, _(words[guest->verb].message), NULL, 0, "");
	if (guest->verb == TASK_MAINTAIN) {
		guest->shut_down = dialog_add_box(dialog, _("Shut down when everybody is gone"), false);
		guest->force = dialog_add_box(
			dialog, _("Force: locked sessions, too; kill what does not end by itself"), false);
		guest->dry_run = dialog_add_box(dialog, _("Dry run: only tell who would go"), false);
		dialog_warning_add(&guest->warning, dialog, app_config(ui->app));
	}
	if (action_get(action)->needs & DISRUPTIVE)
		dialog_target_challenge(&guest->target, ui, dialog);
	if (guest->message && guest->verb == TASK_MESSAGE)
		dialog->focus = 0;
	dialog_target_ask(&guest->target, ui);
	text_free(&title);
	text_free(&name);
	view_push(ui, &guest->view);
}

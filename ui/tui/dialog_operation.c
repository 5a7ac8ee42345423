/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question before an operation; the log-off and snapshots have dialogs of their own. */
#include "ui/tui/dialog_target.h"
#include "ui/tui/dialog_warning.h"
#include "ui/tui/screens.h"
#include "ui/tui/session_boxes.h"

#include <stdlib.h>

struct dialog_operation {
	struct view view;
	struct dialog_target target;
	struct dialog dialog;
	enum operation operation;
	struct session_boxes boxes;                       /* of one VM, where sessions are chosen; else empty */
	struct field *message;                            /* NULL: none */
	struct dialog_field *acpi;                        /* where there are two modes; else NULL */
	struct dialog_field *force, *shut_down, *dry_run; /* of a drain; else NULL */
	struct dialog_warning warning;
};

static struct dialog_operation *operation_of(const struct view *view)
{
	return (struct dialog_operation *)view;
}

static bool has_boxes(const struct dialog_operation *self)
{
	return operation_get(self->operation)->flags & CHOOSES_SESSIONS && self->target.ids.count == 1;
}

/* As the fields have it at the moment. */
static void show_plan(const struct dialog_operation *self, struct lines *lines)
{
	const bool shuts_down = self->shut_down->is_ticked;
	struct logoff_options options = { 0 };
	struct safe_text warning = { NULL };

	dialog_warning_get(&self->warning, &options);
	if (options.message)
		warning = text_format(_("warns and waits %d s, "), options.grace_s);
	lines_say(lines, ROLE_NORMAL, _("Disables logins, %slogs off all users, verifies%s."), text_str(warning),
		  shuts_down ? _(", and shuts down") : "");
	lines_say(
		lines, ROLE_NORMAL, "%s",
		shuts_down
			? _("On failure or cancel, logins are enabled again; after the shutdown they are enabled, too.")
			: _("On failure or cancel, logins are enabled again. On success they stay disabled until you "
			    "enable them."));
	if (self->target.ids.count > 1)
		lines_say(lines, ROLE_NORMAL, _("Runs on %d VMs at a time; C cancels all."),
			  app_config(self->view.ui->app)->parallel);
	text_free(&warning);
}

static void operation_prepare(struct view *view, struct surface surface)
{
	struct dialog_operation *self = operation_of(view);
	const struct vm *vm = inventory_find(app_inventory(view->ui->app), &self->target.ids.at[0]);

	(void)surface;
	dialog_target_prepare(&self->target, view->ui);
	if (has_boxes(self) && vm)
		session_boxes_follow(&self->boxes, &self->dialog, vm);
	if (self->operation == OP_DRAIN)
		dialog_warning_follow(&self->warning);
}

static void operation_draw(struct view *view, struct surface surface)
{
	struct dialog_operation *self = operation_of(view);
	const char *consequence = operation_get(self->operation)->consequence;

	lines_begin(&self->dialog.lines);
	dialog_target_show(&self->target, view->ui, &self->dialog.lines);
	if (self->operation == OP_DRAIN) {
		lines_gap(&self->dialog.lines);
		show_plan(self, &self->dialog.lines);
	} else if (*consequence) {
		lines_gap(&self->dialog.lines);
		lines_say(&self->dialog.lines, ROLE_NORMAL, "%s", _(consequence));
		if (self->operation == OP_MESSAGE && self->target.picks.count > 0)
			lines_say(&self->dialog.lines, ROLE_WARN, "%s",
				  _("The message goes to all users, not only to the selected ones."));
	}
	dialog_draw(&self->dialog, surface_above_footer(surface));
}

static bool start(struct dialog_operation *self)
{
	struct op_params wish = { .operation = self->operation,
				  .way = self->acpi && self->acpi->is_ticked ? WAY_ACPI : WAY_AGENT_FIRST };

	if (self->operation == OP_MESSAGE && !self->message->len) {
		self->dialog.error = _("Enter a message first.");
		return false;
	}
	if (has_boxes(self) && !session_boxes_selector(&self->boxes, &self->dialog, &wish.logoff.whom)) {
		self->dialog.error = _("No session is selected.");
		return false;
	}
	if (self->message)
		wish.logoff.message = self->message->text;
	if (self->operation == OP_DRAIN) {
		dialog_warning_get(&self->warning, &wish.logoff);
		wish.logoff.force = self->force->is_ticked;
		wish.logoff.dry_run = self->dry_run->is_ticked;
		wish.shut_down = self->shut_down->is_ticked;
	}
	dialog_target_act(&self->target, self->view.ui, &wish);
	return true;
}

static bool operation_input(struct view *view, const struct input *input)
{
	struct dialog_operation *self = operation_of(view);
	enum dialog_verdict verdict = dialog_input(&self->dialog, input);

	if (verdict == DIALOG_NO || (verdict == DIALOG_YES && start(self)))
		view_close(view);
	return true;
}

static int64_t operation_next_change(const struct view *view, int64_t now)
{
	return dialog_target_next_change(&operation_of(view)->target, view->ui, now);
}

static void operation_destroy(struct view *view)
{
	dialog_free(&operation_of(view)->dialog);
	dialog_target_free(&operation_of(view)->target);
	session_boxes_free(&operation_of(view)->boxes);
	free(view);
}

static const struct view_ops operation_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.prepare = operation_prepare,
	.draw = operation_draw,
	.input = operation_input,
	.next_change = operation_next_change,
	.destroy = operation_destroy,
};

static void add_fields(struct dialog_operation *self, const struct config *config)
{
	struct dialog *dialog = &self->dialog;

	if (self->operation == OP_MESSAGE || self->operation == OP_DISABLE_LOGINS)
		self->message = dialog_add_field(dialog, self->operation == OP_MESSAGE ? _("Message") : _("Reason"),
						 NULL, 0, "");
	if (operation_get(self->operation)->flags & HAS_SHUTDOWN_MODES)
		self->acpi = dialog_add_box(dialog, _("By ACPI (power button), not by the agent"), false);
	if (self->operation != OP_DRAIN)
		return;
	self->shut_down = dialog_add_box(dialog, _("Shut down afterwards"), false);
	self->force = dialog_add_box(dialog, _("Force: include locked sessions, kill those that resist"), false);
	self->dry_run = dialog_add_box(dialog, _("Dry run: show who would be logged off"), false);
	dialog_warning_add(&self->warning, dialog, config);
}

void dialog_operation_open(struct ui *ui, enum action_id action)
{
	struct dialog_operation *self = mem_zalloc(sizeof(*self));
	const struct operation_info *info = operation_get((enum operation)action);
	struct safe_text name;

	self->view.ops = &operation_ops;
	self->operation = (enum operation)action;
	dialog_target_take(&self->target, ui, action);
	self->boxes.picked = dialog_target_has_picks(&self->target) ? &self->target.picks : NULL;
	self->boxes.force = true; /* a locked session can be locked and disconnected as well */
	name = dialog_target_name(&self->target, ui);
	dialog_open(&self->dialog, operation_question(self->operation, name), _(info->button));
	self->dialog.is_dangerous = info->flags & LOSES_DATA;
	add_fields(self, app_config(ui->app));
	if (info->flags & DISRUPTS)
		dialog_target_challenge(&self->target, ui, &self->dialog);
	if (self->operation == OP_MESSAGE)
		self->dialog.focus = 0;
	dialog_target_ask(&self->target, ui);
	text_free(&name);
	view_push(ui, &self->view);
}

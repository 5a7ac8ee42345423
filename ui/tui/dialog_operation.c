/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question before an operation; snapshots have a dialog of their own. */
#include "ui/tui/dialog_target.h"
#include "ui/tui/screens.h"
#include "ui/tui/session_boxes.h"

enum { GRACE_CELLS = 7, GRACE_MAX = 86400 };

struct dialog_operation {
	struct dialog_target target;
	struct session_boxes boxes; /* of one VM, where sessions are chosen; else empty */
	struct field *message;      /* NULL: none */
	struct dialog_field *grace; /* between message and log-off; NULL: no users are logged off */
	struct dialog_field *acpi;  /* where there are two modes; else NULL */
	struct dialog_field *force, *shut_down, *dry_run; /* of a log-off, of a drain; else NULL */
	/* A log-off of many without a choice of sessions; else NULL: */
	struct field *except;
	struct dialog_field *disconnected;
	struct dialog_field *unmatched; /* go on, whoever is called so; NULL: it need not be asked */
	struct safe_text error;
};

static bool has_boxes(const struct dialog_operation *self)
{
	return operation_get(self->target.operation)->flags & CHOOSES_SESSIONS && self->target.ids.count == 1;
}

/* As --message and --grace: either of them warns, the other is then the default. The text is borrowed from the field.
 */
static void get_warning(const struct dialog_operation *self, struct logoff_options *options)
{
	const struct field *grace = &self->grace->field;

	if (self->message->len)
		options->message = self->message->text;
	if (grace->len)
		options->grace_s = (int)MIN(strtol(grace->text, NULL, 10), GRACE_MAX);
	else if (self->message->len)
		options->grace_s = app_config(self->target.dialog.view.ui->app)->grace_s;
}

static void set_logoff_title(struct dialog_operation *self)
{
	struct dialog *dialog = &self->target.dialog;
	OWN(text) struct safe_text name = dialog_target_name(&self->target);
	size_t picked = self->target.picks.count;
	struct session_selector selector;
	bool all;

	if (has_boxes(self))
		all = session_boxes_selector(&self->boxes, dialog, &selector) && !selector.sessions;
	else
		all = self->except && !self->except->len && !self->disconnected->is_ticked;
	if (!has_boxes(self) && !self->except)
		text_set(&dialog->view.title,
			 text_format(ngettext("Log off %zu session in %s?", "Log off %zu sessions in %s?", picked),
				     picked, text_str(name)));
	else
		text_set(&dialog->view.title, all ? text_format(_("Log off all users of %s?"), text_str(name))
						  : text_format(_("Log off some users of %s?"), text_str(name)));
}

static void operation_prepare(struct view *view, struct surface surface)
{
	struct dialog_operation *self = (struct dialog_operation *)view;
	struct dialog *dialog = &self->target.dialog;
	const struct vm *vm = dialog_target_vm(&self->target, 0);

	dialog_target_prepare(view, surface);
	if (has_boxes(self) && vm)
		session_boxes_follow(&self->boxes, dialog, vm);
	if (self->target.operation == OP_LOGOFF) {
		set_logoff_title(self);
		/* Boxes come and go: the first one has it. */
		for (size_t i = 0; i < dialog->fields.count; i++)
			dialog->fields.at[i]->heading = i == 0 ? _("Sessions") : NULL;
		self->force->heading = _("Options");
	}
	if (self->grace)
		self->grace->unit = self->grace->field.len ? self->message->len
								     ? _("seconds between message and log-off")
								     : _("seconds after the default message")
				    : self->message->len ? _("seconds; empty: the default")
							   : _("seconds; empty: nobody is warned");
}

/* A drain's plan as the fields have it at the moment. */
static void operation_tell(struct view *view, struct lines *lines)
{
	struct dialog_operation *self = (struct dialog_operation *)view;
	const char *consequence = operation_get(self->target.operation)->consequence;
	const bool shuts_down = self->shut_down && self->shut_down->is_ticked;
	struct logoff_options options = { 0 };

	dialog_target_tell(&self->target, lines);
	if (*consequence) {
		lines_gap(lines);
		lines_say(lines, ROLE_NORMAL, "%s", _(consequence));
		if (self->target.operation == OP_MESSAGE && self->target.picks.count > 0)
			lines_say(lines, ROLE_WARN, "%s",
				  _("The message goes to all users, not only to the selected ones."));
	}
	if (self->target.operation != OP_DRAIN)
		return;
	get_warning(self, &options);
	lines_gap(lines);
	if (options.message || options.grace_s)
		lines_say(lines, ROLE_NORMAL,
			  shuts_down ? _("Disables logins, warns and waits %d s, logs off all users, verifies, and "
					 "shuts down.")
				     : _("Disables logins, warns and waits %d s, logs off all users, verifies."),
			  options.grace_s);
	else
		lines_say(lines, ROLE_NORMAL, "%s",
			  shuts_down ? _("Disables logins, logs off all users, verifies, and shuts down.")
				     : _("Disables logins, logs off all users, verifies."));
	lines_say(
		lines, ROLE_NORMAL, "%s",
		shuts_down
			? _("On failure or cancel, logins are enabled again; after the shutdown they are enabled, too.")
			: _("On failure or cancel, logins are enabled again. On success they stay disabled until you "
			    "enable them."));
	if (self->target.ids.count > 1)
		lines_say(lines, ROLE_NORMAL, _("Runs on %d VMs at a time; C cancels all."),
			  app_config(view->ui->app)->parallel);
}

/* A typo spares nobody. What it was about to spare, nobody knows; so that is asked. */
static bool start_with_exceptions(struct dialog_operation *self, struct op_params *params)
{
	const struct dialog_target *target = &self->target;
	char **except_users = session_names_typed(self->except->text);
	struct session_choice choice;
	size_t meant = 0, unknown = 0;
	OWN(text) struct safe_text missing = { NULL };
	bool ok;

	params->logoff.whom = (struct session_selector){ .except_users = (const char *const *)except_users,
							 .allow_unmatched = true, /* seen to here */
							 .only_disconnected = self->disconnected->is_ticked };
	session_choice_init(&choice, &params->logoff.whom);
	for (size_t i = 0; i < target->ids.count; i++) {
		const struct session_list *list = &target->shown[i].list;

		unknown += !target->shown[i].is_known || !session_list_proves_absence(list);
		for (size_t k = 0; target->shown[i].is_known && k < list->count; k++)
			meant += session_choice_takes(&choice, &list->at[k], list->family);
	}
	missing = session_typed_missing(&choice.except_users, self->except->text);
	ok = (self->unmatched && self->unmatched->is_ticked) || text_is_empty(missing) || (!meant && !unknown);
	if (ok) {
		dialog_target_act(target, params);
	} else {
		text_set(&self->error, text_format(_("No user %s is logged on to these VMs."), text_str(missing)));
		self->target.dialog.error = text_str(self->error);
		if (!self->unmatched)
			self->unmatched = dialog_insert_box(&self->target.dialog, 1, _("Continue anyway"), false);
	}
	session_choice_free(&choice);
	session_free_typed(except_users);
	return ok;
}

static bool operation_confirm(struct view *view)
{
	struct dialog_operation *self = (struct dialog_operation *)view;
	struct dialog *dialog = &self->target.dialog;
	struct op_params params = { .operation = self->target.operation,
				    .way = self->acpi && self->acpi->is_ticked ? WAY_ACPI : WAY_AGENT_FIRST };

	if (self->target.operation == OP_MESSAGE && !self->message->len) {
		dialog->error = _("Enter a message first.");
		return false;
	}
	if (has_boxes(self) && !session_boxes_selector(&self->boxes, dialog, &params.logoff.whom)) {
		dialog->error = _("No session is selected.");
		return false;
	}
	if (self->grace) {
		get_warning(self, &params.logoff);
		params.logoff.force = self->force->is_ticked;
		params.logoff.dry_run = self->dry_run->is_ticked;
		params.shut_down = self->shut_down && self->shut_down->is_ticked;
	} else if (self->message) {
		params.logoff.message = self->message->text;
	}
	if (self->except)
		return start_with_exceptions(self, &params);
	dialog_target_act(&self->target, &params);
	return true;
}

static bool operation_input(struct view *view, const struct input *input)
{
	struct dialog_operation *self = (struct dialog_operation *)view;

	dialog_input(view, input);
	if (self->force)
		session_boxes_set_force(&self->boxes, &self->target.dialog, self->force->is_ticked);
	return true;
}

static void operation_destroy(struct view *view)
{
	struct dialog_operation *self = (struct dialog_operation *)view;

	session_boxes_free(&self->boxes);
	text_free(&self->error);
	dialog_target_destroy(view);
}

static const struct view_ops operation_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.prepare = operation_prepare,
	.draw = dialog_draw,
	.tell = operation_tell,
	.confirm = operation_confirm,
	.input = operation_input,
	.next_change = dialog_target_next_change,
	.destroy = operation_destroy,
};

static void add_fields(struct dialog_operation *self, const struct config *config)
{
	struct dialog *dialog = &self->target.dialog;
	const bool is_logoff = self->target.operation == OP_LOGOFF, is_drain = self->target.operation == OP_DRAIN;

	if (self->target.operation == OP_MESSAGE || self->target.operation == OP_DISABLE_LOGINS)
		self->message = dialog_add_field(
			dialog, self->target.operation == OP_MESSAGE ? _("Message") : _("Reason"), 0, "");
	if (operation_get(self->target.operation)->flags & HAS_SHUTDOWN_MODES)
		self->acpi = dialog_add_box(dialog, _("By ACPI (power button), not by the agent"), false);
	if (is_logoff && !has_boxes(self) && !self->boxes.picked) {
		self->except = dialog_add_field(dialog, _("Except"), 0, "");
		self->disconnected = dialog_add_box(dialog, _("Only disconnected sessions (Windows)"), false);
	}
	if (is_drain)
		self->shut_down = dialog_add_box(dialog, _("Shut down afterwards"), false);
	if (!is_logoff && !is_drain)
		return;
	self->force = dialog_add_box(dialog, _("Force: include locked sessions, kill those that resist"), false);
	self->dry_run = dialog_add_box(dialog, _("Dry run: show who would be logged off"), false);
	self->message = dialog_add_field(dialog, _("Message"), 0, config->message ? config->message : "");
	dialog_add_field(dialog, _("Grace"), GRACE_CELLS, "")->digits_only = true;
	self->grace = dialog->fields.at[dialog->fields.count - 1];
}

void dialog_operation_open(struct ui *ui, enum action_id action)
{
	struct dialog_operation *self = view_new(ui, &operation_ops, sizeof(*self));

	dialog_target_begin(&self->target, action);
	self->boxes.picked = dialog_target_has_picks(&self->target) ? &self->target.picks : NULL;
	/* A locked session can be locked and disconnected as well; a log-off asks. */
	self->boxes.force = self->target.operation != OP_LOGOFF;
	add_fields(self, app_config(ui->app));
	if (operation_get(self->target.operation)->flags & DISRUPTS)
		dialog_target_challenge(&self->target);
	if (self->target.operation == OP_MESSAGE)
		self->target.dialog.focus = 0;
	dialog_target_open(&self->target);
}

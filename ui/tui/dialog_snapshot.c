/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question before a snapshot is taken, and before one is gone back to or deleted. */
#include "ui/tui/dialog_target.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

enum { QUIESCE_AT = 3 }; /* behind name, description and "disks alone" */

struct dialog_snapshot {
	struct dialog_target target;
	struct field *name, *description;          /* of a new one; else NULL */
	struct dialog_field *disks_only, *quiesce; /* where one runs; where the disks alone are kept */
	char *key;                                 /* of the one that it is about, as the host has it; else NULL */
	int64_t created;                           /* the same one's */
	struct safe_text shown, words;             /* its name; when it was taken and what for */
};

/* --- what it says --- */

/* How many VMs run, and how many of those cannot be quiesced; reason: of the first. */
struct survey {
	size_t running, cannot;
	struct err reason;
};

static struct survey survey_of(const struct dialog_snapshot *snapshot)
{
	const struct app *app = snapshot->target.dialog.view.ui->app;
	struct survey survey = { 0 };

	for (size_t i = 0; i < snapshot->target.ids.count; i++) {
		const struct vm *vm = dialog_target_vm(&snapshot->target, i);

		if (!vm || vm->info.domain_id < 0)
			continue;
		survey.running++;
		survey.cannot += !app_may_quiesce(app, vm, survey.cannot ? NULL : &survey.reason);
	}
	return survey;
}

static void snapshot_tell(struct view *view, struct lines *lines)
{
	const struct dialog_snapshot *snapshot = (const struct dialog_snapshot *)view;
	const struct survey survey = survey_of(snapshot);

	if (snapshot->key) {
		lines_pair(lines, _("Snapshot"), ROLE_TITLE, "%s", text_str(snapshot->shown));
		lines_pair(lines, "", ROLE_DIM, "%s", text_str(snapshot->words));
	}
	dialog_target_tell(&snapshot->target, lines);
	lines_gap(lines);
	if (snapshot->key)
		lines_say(lines, snapshot->target.operation == OP_SNAPSHOT_REVERT ? ROLE_WARN : ROLE_NORMAL, "%s",
			  _(operation_get(snapshot->target.operation)->consequence));
	else if (!survey.running)
		lines_say(lines, ROLE_NORMAL, "%s", _("Saves the current state of its disks."));
	else if (!snapshot->disks_only || !snapshot->disks_only->is_ticked) /* it started meanwhile: no box */
		lines_say(lines, ROLE_NORMAL, "%s",
			  _("Saves disks and memory: the guest is paused meanwhile, so nothing has to be quiesced."));
	else if (!snapshot->quiesce || !snapshot->quiesce->is_ticked)
		lines_say(lines, ROLE_WARN, "%s", _("Not quiesced: the disks will be as after a power failure."));
	else if (!survey.cannot)
		lines_say(lines, ROLE_NORMAL, "%s", _("The guest agent freezes the file systems meanwhile."));
	else if (snapshot->target.ids.count == 1)
		lines_say(lines, ROLE_WARN, _("Cannot be quiesced, the disks will be as after a power failure: %s"),
			  survey.reason.buf);
	else
		lines_say(lines, ROLE_WARN,
			  ngettext("%zu of them cannot be quiesced, its disks will be as after a power failure: %s",
				   "%zu of them cannot be quiesced, their disks will be as after a power failure; the "
				   "first: "
				   "%s",
				   survey.cannot),
			  survey.cannot, survey.reason.buf);
}

/* --- the answer --- */

static bool snapshot_confirm(struct view *view)
{
	struct dialog_snapshot *snapshot = (struct dialog_snapshot *)view;
	struct op_params params = {
		.operation = snapshot->target.operation,
		.snapshot = { .name = snapshot->key, .shown_created = snapshot->created },
	};

	if (!snapshot->key) {
		const struct snapshot_order order = { .name = snapshot->name->text,
						      .description = snapshot->description->text };

		if (!snapshot_order_check(&order, NULL)) {
			snapshot->target.dialog.error = _("Enter a name without / and without a leading dot.");
			return false;
		}
		params.snapshot.name = order.name;
		params.snapshot.description = order.description;
		params.snapshot.disks_only = snapshot->disks_only && snapshot->disks_only->is_ticked;
		params.snapshot.quiesce =
			snapshot->quiesce && snapshot->quiesce->is_ticked ? QUIESCE_IF_POSSIBLE : QUIESCE_NEVER;
	}
	dialog_target_act(&snapshot->target, &params);
	return true;
}

/* Quiescing is for disks only, not for memory. */
static bool snapshot_input(struct view *view, const struct input *input)
{
	struct dialog_snapshot *snapshot = (struct dialog_snapshot *)view;
	struct dialog *dialog = &snapshot->target.dialog;
	bool wanted;

	dialog_input(view, input);
	wanted = snapshot->disks_only && snapshot->disks_only->is_ticked;
	if (wanted && !snapshot->quiesce)
		snapshot->quiesce =
			dialog_insert_box(dialog, QUIESCE_AT, _("Quiesce by the guest agent, if possible"), true);
	else if (!wanted && snapshot->quiesce)
		dialog_remove_field(dialog, QUIESCE_AT);
	if (!wanted)
		snapshot->quiesce = NULL;
	return true;
}

static void snapshot_destroy(struct view *view)
{
	struct dialog_snapshot *snapshot = (struct dialog_snapshot *)view;

	text_free(&snapshot->shown);
	text_free(&snapshot->words);
	free(snapshot->key);
	dialog_target_destroy(view);
}

static const struct view_ops snapshot_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.prepare = dialog_target_prepare,
	.draw = dialog_draw,
	.tell = snapshot_tell,
	.confirm = snapshot_confirm,
	.input = snapshot_input,
	.next_change = dialog_target_next_change,
	.destroy = snapshot_destroy,
};

void dialog_snapshot_open(struct ui *ui, enum action_id action, const struct snapshot *chosen)
{
	struct dialog_snapshot *snapshot = view_new(ui, &snapshot_ops, sizeof(*snapshot));
	struct dialog *dialog = &snapshot->target.dialog;
	OWN(bytes) char *now = snapshot_name_of_now();
	OWN(text) struct safe_text when = words_of_time(chosen ? chosen->created : -1, TIME_OF_DATE, "?");

	dialog_target_begin(&snapshot->target, action);
	if (chosen) {
		snapshot->key = mem_strdup(chosen->key);
		snapshot->created = chosen->created;
		snapshot->shown = text_copy(chosen->name);
		snapshot->words =
			text_format(_("taken %s, %s%s%s"), text_str(when),
				    chosen->disks_only ? _("disks only") : vm_state_name(chosen->state),
				    text_is_empty(chosen->description) ? "" : ": ", text_str(chosen->description));
		dialog_target_challenge(&snapshot->target);
	} else {
		snapshot->name = dialog_add_field(dialog, _("Name"), 0, now);
		snapshot->description = dialog_add_field(dialog, _("Description"), 0, "");
		if (survey_of(snapshot).running)
			snapshot->disks_only = dialog_add_box(dialog, _("Disks only, without memory"), false);
		dialog->focus = 0;
	}
	dialog_target_open(&snapshot->target);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question before a snapshot is taken, and before one is gone back to or deleted. */
#include "ui/tui/dialog_target.h"
#include "ui/tui/screens.h"

#include <stdlib.h>

enum { QUIESCE_AT = 3 }; /* behind name, description and "disks alone" */

struct dialog_snapshot {
	struct view view;
	struct dialog_target target;
	struct dialog dialog;
	enum operation operation;
	struct field *name, *description;          /* of a new one; else NULL */
	struct dialog_field *disks_only, *quiesce; /* where one runs; where the disks alone are kept */
	char *key;                                 /* of the one that it is about, as the host has it; else NULL */
	int64_t created;                           /* the same one's */
	struct safe_text shown, words;             /* its name; when it was taken and what for */
};

static struct dialog_snapshot *snapshot_of(const struct view *view)
{
	return (struct dialog_snapshot *)view;
}

/* --- what it says --- */

/* How many VMs run, and how many of those cannot be quiesced; reason: of the first. */
struct survey {
	size_t running, cannot;
	struct err reason;
};

static struct survey survey_of(const struct dialog_snapshot *snapshot)
{
	const struct app *app = snapshot->view.ui->app;
	struct survey survey = { 0 };

	for (size_t i = 0; i < snapshot->target.ids.count; i++) {
		const struct vm *vm = inventory_find(app_inventory(app), &snapshot->target.ids.at[i]);

		if (!vm || vm->info.domain_id < 0)
			continue;
		survey.running++;
		survey.cannot += !app_may_quiesce(app, vm, survey.cannot ? NULL : &survey.reason);
	}
	return survey;
}

static void show_create(const struct dialog_snapshot *snapshot, struct lines *lines)
{
	const struct survey survey = survey_of(snapshot);

	if (!survey.running)
		lines_say(lines, ROLE_NORMAL, "%s", _("Saves the current state of its disks."));
	else if (!snapshot->disks_only->is_ticked)
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
			  _("%zu of them cannot be quiesced, their disks will be as after a power failure; the first: "
			    "%s"),
			  survey.cannot, survey.reason.buf);
}

static void snapshot_prepare(struct view *view, struct surface surface)
{
	(void)surface;
	dialog_target_prepare(&snapshot_of(view)->target, view->ui);
}

static void snapshot_draw(struct view *view, struct surface surface)
{
	struct dialog_snapshot *snapshot = snapshot_of(view);
	struct lines *lines = &snapshot->dialog.lines;

	lines_begin(lines);
	if (snapshot->key) {
		lines_pair(lines, _("Snapshot"), ROLE_TITLE, "%s", text_str(snapshot->shown));
		lines_pair(lines, "", ROLE_DIM, "%s", text_str(snapshot->words));
	}
	dialog_target_show(&snapshot->target, view->ui, lines);
	lines_gap(lines);
	if (!snapshot->key)
		show_create(snapshot, lines);
	else
		lines_say(lines, snapshot->operation == OP_SNAPSHOT_REVERT ? ROLE_WARN : ROLE_NORMAL, "%s",
			  _(operation_get(snapshot->operation)->consequence));
	dialog_draw(&snapshot->dialog, surface_above_footer(surface));
}

/* --- the answer --- */

static bool start(struct dialog_snapshot *snapshot)
{
	struct op_params params = {
		.operation = snapshot->operation,
		.snapshot = { .name = snapshot->key, .shown_created = snapshot->created },
	};

	if (!snapshot->key) {
		const struct snapshot_order order = { .name = snapshot->name->text,
						      .description = snapshot->description->text };

		if (!snapshot_order_check(&order, NULL)) {
			snapshot->dialog.error = _("Enter a name without / and without a leading dot.");
			return false;
		}
		params.snapshot.name = order.name;
		params.snapshot.description = order.description;
		params.snapshot.disks_only = snapshot->disks_only && snapshot->disks_only->is_ticked;
		params.snapshot.quiesce =
			snapshot->quiesce && snapshot->quiesce->is_ticked ? QUIESCE_IF_POSSIBLE : QUIESCE_NEVER;
	}
	dialog_target_act(&snapshot->target, snapshot->view.ui, &params);
	return true;
}

/* Quiescing is for disks only, not for memory. */
static void offer_quiescing(struct dialog_snapshot *snapshot)
{
	const bool wanted = snapshot->disks_only && snapshot->disks_only->is_ticked;

	if (wanted && !snapshot->quiesce)
		snapshot->quiesce = dialog_insert_box(&snapshot->dialog, QUIESCE_AT,
						      _("Quiesce by the guest agent, if possible"), true);
	else if (!wanted && snapshot->quiesce)
		dialog_remove_field(&snapshot->dialog, QUIESCE_AT);
	if (!wanted)
		snapshot->quiesce = NULL;
}

static bool snapshot_input(struct view *view, const struct input *input)
{
	struct dialog_snapshot *snapshot = snapshot_of(view);
	enum dialog_verdict verdict = dialog_input(&snapshot->dialog, input);

	offer_quiescing(snapshot);
	if (verdict == DIALOG_NO || (verdict == DIALOG_YES && start(snapshot)))
		view_close(view);
	return true;
}

static int64_t snapshot_next_change(const struct view *view, int64_t now)
{
	return dialog_target_next_change(&snapshot_of(view)->target, view->ui, now);
}

static void snapshot_destroy(struct view *view)
{
	struct dialog_snapshot *snapshot = snapshot_of(view);

	dialog_free(&snapshot->dialog);
	dialog_target_free(&snapshot->target);
	text_free(&snapshot->shown);
	text_free(&snapshot->words);
	free(snapshot->key);
	free(view);
}

static const struct view_ops snapshot_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.prepare = snapshot_prepare,
	.draw = snapshot_draw,
	.input = snapshot_input,
	.next_change = snapshot_next_change,
	.destroy = snapshot_destroy,
};

/* --- opening --- */

static struct safe_text words_of(const struct snapshot *chosen)
{
	const time_t when = (time_t)chosen->created;
	char buf[32] = "?";
	struct tm tm;

	if (chosen->created >= 0 && localtime_r(&when, &tm))
		strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M", &tm);
	return text_format(_("taken %s, %s%s%s"), buf,
			   chosen->disks_only ? _("disks only") : vm_state_name(chosen->state),
			   text_is_empty(chosen->description) ? "" : ": ", text_str(chosen->description));
}

void dialog_snapshot_open(struct ui *ui, enum action_id action, const struct snapshot *chosen)
{
	struct dialog_snapshot *snapshot = mem_zalloc(sizeof(*snapshot));
	struct safe_text name;

	snapshot->view.ops = &snapshot_ops;
	snapshot->view.ui = ui;
	snapshot->operation = (enum operation)action;
	dialog_target_take(&snapshot->target, ui, action);
	name = dialog_target_name(&snapshot->target, ui);
	dialog_open(&snapshot->dialog, operation_question(snapshot->operation, name),
		    _(operation_get(snapshot->operation)->button));
	snapshot->dialog.is_dangerous = operation_get(snapshot->operation)->flags & LOSES_DATA;
	if (chosen) {
		snapshot->key = mem_strdup(chosen->key);
		snapshot->created = chosen->created;
		snapshot->shown = text_copy(chosen->name);
		snapshot->words = words_of(chosen);
		dialog_target_challenge(&snapshot->target, ui, &snapshot->dialog);
	} else {
		char *now = snapshot_name_of_now();

		snapshot->name = dialog_add_field(&snapshot->dialog, _("Name"), NULL, 0, now);
		snapshot->description = dialog_add_field(&snapshot->dialog, _("Description"), NULL, 0, "");
		if (survey_of(snapshot).running)
			snapshot->disks_only =
				dialog_add_box(&snapshot->dialog, _("Disks only, without memory"), false);
		snapshot->dialog.focus = 0;
		free(now);
	}
	dialog_target_ask(&snapshot->target, ui);
	text_free(&name);
	view_push(ui, &snapshot->view);
}

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
	int verb;
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

/* How many of them run, and of those how many cannot be quiesced; err: why not the first. */
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

		if (!vm || vm->facts.domain_id < 0)
			continue;
		survey.running++;
		survey.cannot += !app_may_quiesce(app, vm, survey.cannot ? NULL : &survey.reason);
	}
	return survey;
}

static void tell_create(const struct dialog_snapshot *snapshot, struct lines *lines)
{
	const struct survey survey = survey_of(snapshot);

	if (!survey.running)
		lines_say(lines, ROLE_NORMAL, "%s", _("Its disks are kept as they are now."));
	else if (!snapshot->disks_only->is_ticked)
		lines_say(lines, ROLE_NORMAL, "%s",
			  _("Disks and memory are kept: the guest stands still while they are written, so nothing has to be quiesced."));
	else if (!snapshot->quiesce || !snapshot->quiesce->is_ticked)
		lines_say(lines, ROLE_WARN, "%s", _("Not quiesced: the disks will be as after a power cut."));
	else if (!survey.cannot)
		lines_say(lines, ROLE_NORMAL, "%s",
			  _("The guest's agent freezes the file systems for the moment that it takes."));
	else if (snapshot->target.ids.count == 1)
		lines_say(lines, ROLE_WARN, _("It cannot be quiesced, the disks will be as after a power cut: %s"),
			  survey.reason.buf);
	else
		lines_say(lines, ROLE_WARN,
			  _("%zu of them cannot be quiesced, their disks will be as after a power cut; the first: %s"),
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
	dialog_target_tell(&snapshot->target, view->ui, lines);
	lines_gap(lines);
	if (!snapshot->key)
		tell_create(snapshot, lines);
	else if (snapshot->verb == TASK_SNAPSHOT_REVERT)
		lines_say(lines, ROLE_WARN, "%s",
			  _("What is on its disks and in its memory now is lost. Take a snapshot first if you want to come back."));
	else
		lines_say(lines, ROLE_NORMAL, "%s",
			  _("The VM and the snapshots below it stay as they are; this one cannot be brought back."));
	dialog_draw(&snapshot->dialog, surface_above_footer(surface));
}

/* --- the answer --- */

static bool start(struct dialog_snapshot *snapshot)
{
	struct op_params wish = {
		.verb = snapshot->verb,
		.snapshot = { .name = snapshot->key, .shown_created = snapshot->created },
	};

	if (!snapshot->key) {
		const struct snapshot_order order = { .name = snapshot->name->text,
						      .description = snapshot->description->text };

		if (!snapshot_order_check(&order, NULL)) {
			snapshot->dialog.complaint = _("A name, without / and without a dot in front.");
			return false;
		}
		wish.snapshot.name = order.name;
		wish.snapshot.description = order.description;
		wish.snapshot.disks_only = snapshot->disks_only && snapshot->disks_only->is_ticked;
		wish.snapshot.quiesce = snapshot->quiesce && snapshot->quiesce->is_ticked ? QUIESCE_IF_POSSIBLE :
											    QUIESCE_NEVER;
	}
	dialog_target_act(&snapshot->target, snapshot->view.ui, &wish);
	return true;
}

/* Of memory there is nothing to quiesce. */
static void offer_quiescing(struct dialog_snapshot *snapshot)
{
	const bool wanted = snapshot->disks_only && snapshot->disks_only->is_ticked;

	if (wanted && !snapshot->quiesce)
		snapshot->quiesce = dialog_insert_box(&snapshot->dialog, QUIESCE_AT,
						      _("Quiesced by the guest's agent, where it can"), true);
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

static struct safe_text title_of(const struct dialog_snapshot *snapshot, const char *name)
{
	switch (snapshot->verb) {
	case TASK_SNAPSHOT_CREATE:
		return text_format(_("Take a snapshot of %s?"), name);
	case TASK_SNAPSHOT_REVERT:
		return text_format(_("Revert %s to a snapshot?"), name);
	default:
		return text_format(_("Delete a snapshot of %s?"), name);
	}
}

void dialog_snapshot_open(struct ui *ui, enum action_id action, const struct snapshot *chosen)
{
	static const char *const yes[] = {
		[TASK_SNAPSHOT_CREATE] = N_("Take it"), [TASK_SNAPSHOT_REVERT] = N_("Revert"),
		[TASK_SNAPSHOT_DELETE] = N_("Delete"),
	};
	struct dialog_snapshot *snapshot = mem_zalloc(sizeof(*snapshot));
	struct safe_text name;

	snapshot->view.ops = &snapshot_ops;
	snapshot->view.ui = ui;
	snapshot->verb = action_get(action)->verb;
	dialog_target_take(&snapshot->target, ui, action);
	name = dialog_target_name(&snapshot->target, ui);
	dialog_open(&snapshot->dialog, title_of(snapshot, text_str(name)), _(yes[snapshot->verb]));
	snapshot->dialog.is_dangerous = snapshot->verb == TASK_SNAPSHOT_REVERT;
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
				dialog_add_box(&snapshot->dialog, _("Disks alone, without memory"), false);
		snapshot->dialog.focus = 0;
		free(now);
	}
	dialog_target_ask(&snapshot->target, ui);
	text_free(&name);
	view_push(ui, &snapshot->view);
}

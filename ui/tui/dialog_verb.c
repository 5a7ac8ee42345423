/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/dialog_target.h"
#include "ui/tui/screens.h"

#include <stdlib.h>

struct verb_words {
	const char *yes;
	const char *what; /* what will happen; NULL: the button says it all */
	bool is_dangerous;
};

static const struct verb_words words[VM_VERB_COUNT] = {
	[VM_VERB_START] = { .yes = N_("Start") },
	[VM_VERB_SHUTDOWN] = {
		.yes = N_("Shut down"),
		.what = N_("The guest is asked to shut down: through its agent where one is up, else through ACPI."),
	},
	[VM_VERB_REBOOT] = {
		.yes = N_("Reboot"),
		.what = N_("The guest is asked to reboot: through its agent where one is up, else through ACPI."),
	},
	[VM_VERB_RESET] = {
		.yes = N_("Reset"),
		.what = N_("Like the reset button: the guest is not asked, and what it has not written is lost."),
		.is_dangerous = true,
	},
	[VM_VERB_DESTROY] = {
		.yes = N_("Destroy"),
		.what = N_("Like pulling the plug: the guest is not asked, and what it has not written is lost. "
			   "The VM's definition and its disks stay."),
		.is_dangerous = true,
	},
	[VM_VERB_SUSPEND] = {
		.yes = N_("Pause"),
		.what = N_("The guest stands still, in memory, until it is resumed."),
	},
	[VM_VERB_RESUME] = { .yes = N_("Resume") },
	[VM_VERB_MANAGEDSAVE] = {
		.yes = N_("Save and stop"),
		.what = N_("Its memory is written to disk; the next start goes on from there."),
	},
	[VM_VERB_AUTOSTART] = { .yes = N_("Autostart") },
	[VM_VERB_NO_AUTOSTART] = { .yes = N_("No autostart") },
};

/* name: of one VM, or "3 VMs". Owned. */
static struct safe_text title_of(enum vm_verb verb, const char *name)
{
	switch (verb) {
	case VM_VERB_START:
		return text_format(_("Start %s?"), name);
	case VM_VERB_SHUTDOWN:
		return text_format(_("Shut down %s?"), name);
	case VM_VERB_REBOOT:
		return text_format(_("Reboot %s?"), name);
	case VM_VERB_RESET:
		return text_format(_("Reset %s?"), name);
	case VM_VERB_DESTROY:
		return text_format(_("Destroy %s?"), name);
	case VM_VERB_SUSPEND:
		return text_format(_("Pause %s?"), name);
	case VM_VERB_RESUME:
		return text_format(_("Resume %s?"), name);
	case VM_VERB_AUTOSTART:
		return text_format(_("Start %s with its host?"), name);
	case VM_VERB_NO_AUTOSTART:
		return text_format(_("No longer start %s with its host?"), name);
	default:
		return text_format(_("Save %s to disk and stop?"), name);
	}
}

struct dialog_verb {
	struct view view;
	struct dialog_target target;
	struct dialog dialog;
	enum vm_verb verb;
	struct dialog_field *acpi; /* NULL: there is no choice */
};

static struct dialog_verb *verb_of(const struct view *view)
{
	return (struct dialog_verb *)view;
}

static void verb_prepare(struct view *view, struct surface surface)
{
	(void)surface;
	dialog_target_prepare(&verb_of(view)->target, view->ui);
}

static void verb_draw(struct view *view, struct surface surface)
{
	struct dialog_verb *verb = verb_of(view);
	struct lines *lines = &verb->dialog.lines;

	lines_begin(lines);
	dialog_target_tell(&verb->target, view->ui, lines);
	if (words[verb->verb].what) {
		lines_gap(lines);
		lines_say(lines, ROLE_NORMAL, "%s", _(words[verb->verb].what));
	}
	dialog_draw(&verb->dialog, surface_above_footer(surface));
}

static bool verb_input(struct view *view, const struct input *input)
{
	struct dialog_verb *verb = verb_of(view);
	enum dialog_verdict verdict = dialog_input(&verb->dialog, input);
	const struct op_params wish = {
		.verb = (int)verb->verb,
		.way = verb->acpi && verb->acpi->is_ticked ? WAY_ACPI : WAY_AGENT_FIRST,
	};

	if (verdict == DIALOG_YES)
		dialog_target_act(&verb->target, view->ui, &wish);
	if (verdict != DIALOG_STAYS)
		view_close(view);
	return true;
}

static int64_t verb_next_change(const struct view *view, int64_t now)
{
	return dialog_target_next_change(&verb_of(view)->target, view->ui, now);
}

static void verb_destroy(struct view *view)
{
	dialog_free(&verb_of(view)->dialog);
	dialog_target_free(&verb_of(view)->target);
	free(view);
}

static const struct view_ops verb_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.prepare = verb_prepare,
	.draw = verb_draw,
	.input = verb_input,
	.next_change = verb_next_change,
	.destroy = verb_destroy,
};

void dialog_verb_open(struct ui *ui, enum action_id action)
{
	struct dialog_verb *verb = mem_zalloc(sizeof(*verb));
	struct safe_text name, title;

	verb->view.ops = &verb_ops;
	verb->verb = (enum vm_verb)action_get(action)->verb;
	dialog_target_take(&verb->target, ui, action);
	name = dialog_target_name(&verb->target, ui);
	title = title_of(verb->verb, text_str(name));
	dialog_open(&verb->dialog, title, _(words[verb->verb].yes));
	verb->dialog.is_dangerous = words[verb->verb].is_dangerous;
	if (verb->verb == VM_VERB_SHUTDOWN || verb->verb == VM_VERB_REBOOT)
		verb->acpi = dialog_add_box(&verb->dialog, _("Through ACPI (the power button), not the agent"), false);
	if (action_get(action)->needs & DISRUPTIVE)
		dialog_target_challenge(&verb->target, ui, &verb->dialog);
	dialog_target_ask(&verb->target, ui);
	text_free(&name);
	view_push(ui, &verb->view);
}

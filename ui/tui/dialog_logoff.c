/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/dialog_target.h"
#include "ui/tui/dialog_warning.h"
#include "ui/tui/screens.h"
#include "ui/tui/session_boxes.h"

#include <stdlib.h>

struct dialog_logoff {
	struct view view;
	struct dialog_target target;
	struct dialog dialog;
	struct session_boxes boxes;        /* of one VM */
	struct field *except;              /* of many without a choice of sessions; else NULL */
	struct dialog_field *disconnected; /* the same */
	struct dialog_field *unmatched;    /* go on, whoever is called so; NULL: it need not be asked */
	struct safe_text error;
	struct dialog_field *force, *dry_run;
	struct dialog_warning warning;
};

static struct dialog_logoff *logoff_of(const struct view *view)
{
	return (struct dialog_logoff *)view;
}

static bool is_of_one(const struct dialog_logoff *logoff)
{
	return logoff->target.ids.count == 1;
}

static void set_title(struct dialog_logoff *logoff, const struct ui *ui)
{
	struct safe_text name = dialog_target_name(&logoff->target, ui);
	size_t picked = logoff->target.picks.count;
	struct session_selector selector;
	bool all;

	if (is_of_one(logoff))
		all = session_boxes_selector(&logoff->boxes, &logoff->dialog, &selector) && !selector.sessions;
	else
		all = logoff->except && !logoff->except->len && !logoff->disconnected->is_ticked;
	if (!is_of_one(logoff) && !logoff->except)
		text_set(&logoff->dialog.title,
			 text_format(ngettext("Log off %zu session in %s?", "Log off %zu sessions in %s?", picked),
				     picked, text_str(name)));
	else
		text_set(&logoff->dialog.title, all ? text_format(_("Log off all users of %s?"), text_str(name))
						    : text_format(_("Log off some users of %s?"), text_str(name)));
	text_free(&name);
}

static void logoff_prepare(struct view *view, struct surface surface)
{
	struct dialog_logoff *logoff = logoff_of(view);
	const struct vm *vm = inventory_find(app_inventory(view->ui->app), &logoff->target.ids.at[0]);

	(void)surface;
	dialog_target_prepare(&logoff->target, view->ui);
	if (is_of_one(logoff) && vm)
		session_boxes_follow(&logoff->boxes, &logoff->dialog, vm);
	set_title(logoff, view->ui);
	dialog_warning_follow(&logoff->warning);
}

static void logoff_draw(struct view *view, struct surface surface)
{
	struct dialog_logoff *logoff = logoff_of(view);

	lines_begin(&logoff->dialog.lines);
	dialog_target_show(&logoff->target, view->ui, &logoff->dialog.lines);
	dialog_draw(&logoff->dialog, surface_above_footer(surface));
}

/* A typo spares nobody. What it was about to spare, nobody knows; so that is asked. */
static bool exceptions_match(struct dialog_logoff *logoff, const struct session_selector *whom)
{
	const struct dialog_target *target = &logoff->target;
	struct session_choice choice;
	size_t meant = 0, unknown = 0;
	struct safe_text missing;
	bool ok;

	session_choice_init(&choice, whom);
	for (size_t i = 0; i < target->ids.count; i++) {
		const struct session_list *list = &target->shown[i].list;

		unknown += !target->shown[i].is_known || !session_list_proves_absence(list);
		for (size_t k = 0; target->shown[i].is_known && k < list->count; k++)
			meant += session_choice_takes(&choice, &list->at[k], list->family);
	}
	missing = session_typed_missing(&choice.except_users, logoff->except->text);
	ok = text_is_empty(missing) || (!meant && !unknown);
	if (!ok)
		text_set(&logoff->error, text_format(_("No user %s is logged on to these VMs."), text_str(missing)));
	text_free(&missing);
	session_choice_free(&choice);
	return ok;
}

static bool may_go_on(struct dialog_logoff *logoff, const struct session_selector *whom)
{
	if (!logoff->except || (logoff->unmatched && logoff->unmatched->is_ticked) || exceptions_match(logoff, whom))
		return true;
	logoff->dialog.error = text_str(logoff->error);
	if (!logoff->unmatched)
		logoff->unmatched = dialog_insert_box(&logoff->dialog, 1, _("Continue anyway"), false);
	return false;
}

static bool start(struct dialog_logoff *logoff)
{
	struct op_params params = {
		.operation = OP_LOGOFF,
		.logoff = { .force = logoff->force->is_ticked, .dry_run = logoff->dry_run->is_ticked },
	};
	char **except_users = NULL;
	bool ok;

	if (is_of_one(logoff) && !session_boxes_selector(&logoff->boxes, &logoff->dialog, &params.logoff.whom)) {
		logoff->dialog.error = _("No session is selected.");
		return false;
	}
	if (logoff->except) {
		except_users = session_names_typed(logoff->except->text);
		params.logoff.whom = (struct session_selector){ .except_users = (const char *const *)except_users,
								.allow_unmatched = true, /* may_go_on() sees to all */
								.only_disconnected = logoff->disconnected->is_ticked };
	}
	ok = may_go_on(logoff, &params.logoff.whom);
	if (ok) {
		dialog_warning_get(&logoff->warning, &params.logoff);
		dialog_target_act(&logoff->target, logoff->view.ui, &params);
	}
	session_free_typed(except_users);
	return ok;
}

static bool logoff_input(struct view *view, const struct input *input)
{
	struct dialog_logoff *logoff = logoff_of(view);
	enum dialog_verdict verdict = dialog_input(&logoff->dialog, input);

	session_boxes_set_force(&logoff->boxes, &logoff->dialog, logoff->force->is_ticked);
	if (verdict == DIALOG_NO || (verdict == DIALOG_YES && start(logoff)))
		view_close(view);
	return true;
}

static int64_t logoff_next_change(const struct view *view, int64_t now)
{
	return dialog_target_next_change(&logoff_of(view)->target, view->ui, now);
}

static void dialog_logoff_destroy(struct view *view)
{
	dialog_free(&logoff_of(view)->dialog);
	dialog_target_free(&logoff_of(view)->target);
	session_boxes_free(&logoff_of(view)->boxes);
	text_free(&logoff_of(view)->error);
	free(view);
}

static const struct view_ops logoff_ops = {
	.is_overlay = true,
	.hint = DIALOG_HINT,
	.prepare = logoff_prepare,
	.draw = logoff_draw,
	.input = logoff_input,
	.next_change = logoff_next_change,
	.destroy = dialog_logoff_destroy,
};

void dialog_logoff_open(struct ui *ui)
{
	struct dialog_logoff *logoff = mem_zalloc(sizeof(*logoff));
	struct dialog *dialog = &logoff->dialog;

	logoff->view.ops = &logoff_ops;
	dialog_target_take(&logoff->target, ui, ACTION_LOGOFF);
	logoff->boxes.picked = dialog_target_has_picks(&logoff->target) ? &logoff->target.picks : NULL;
	dialog_open(dialog, (struct safe_text){ NULL }, _("Log off"));
	if (!is_of_one(logoff) && !dialog_target_has_picks(&logoff->target)) {
		logoff->except = dialog_add_field(dialog, _("Except"), NULL, 0, "");
		logoff->disconnected = dialog_add_box(dialog, _("Only disconnected sessions (Windows)"), false);
	}
	logoff->force = dialog_add_box(dialog, _("Force: include locked sessions, kill those that resist"), false);
	logoff->dry_run = dialog_add_box(dialog, _("Dry run: show who would be logged off"), false);
	dialog_warning_add(&logoff->warning, dialog, app_config(ui->app));
	dialog_target_challenge(&logoff->target, ui, dialog);
	dialog_target_ask(&logoff->target, ui);
	view_push(ui, &logoff->view);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_interrupted.c - unfinished tasks of an earlier run. Each row shows the journal's entry and
 * the VM's state now; F5 asks the guest again, X forgets a task. Nothing is sent again.
 */
#include "ui/tui/screens.h"

static const struct journal_entries *entries_of(const struct view *view)
{
	return app_interrupted(view->ui->app);
}

static const struct {
	const char *words;
	enum role role;
} verdicts[] = {
	[RECHECK_DONE] = { N_("done"), ROLE_GOOD },
	[RECHECK_NOT_DONE] = { N_("not done"), ROLE_WARN },
	[RECHECK_CANNOT_TELL] = { N_("unknown"), ROLE_DIM },
};

/* Returns the rows taken: the task, and its result below. */
static int draw_entry(const struct view *view, struct surface surface, size_t index)
{
	const struct journal_entry *entry = &entries_of(view)->at[index];
	struct recheck seen = app_interrupted_recheck(view->ui->app, index);
	const bool says_more = !text_is_empty(entry->what) && !text_equal(entry->what, entry->operation);
	OWN(text)
	struct safe_text head = entry->state == JOURNAL_UNREADABLE
					? text_format("%s: %s", entry->id, _(journal_state_name(entry->state)))
					: text_format("%s/%s  %s: %s%s%s", text_str(entry->host), text_str(entry->vm),
						      text_str(entry->operation), _(journal_state_name(entry->state)),
						      says_more ? ", " : "", says_more ? text_str(entry->what) : "");
	OWN(text) struct safe_text now = text_format("%s: %s", _(verdicts[seen.verdict].words), text_str(seen.words));
	int rows;

	surface_clear(surface);
	rows = surface_wrap(surface, 0, 2, ROLE_NORMAL, head);
	rows += surface_wrap(surface, rows, 4, verdicts[seen.verdict].role, now);
	text_free(&seen.words);
	return rows;
}

static void interrupted_draw(struct view *view, struct surface surface)
{
	struct scroll *scroll = &view->scroll;
	const size_t count = entries_of(view)->count, unfinished = app_unfinished(view->ui->app);
	struct surface list = surface_part(surface, 1, 0, -1, surface.cols);
	int each = 1;

	if (count == unfinished)
		surface_print(surface, 0, 2, ROLE_TITLE, "%s", _("Unfinished tasks"));
	else
		surface_print(surface, 0, 2, ROLE_TITLE,
			      _("Unfinished tasks: %zu · finished, logins still disabled: %zu"), unfinished,
			      count - unfinished);
	surface_cursor(surface, 2, 2, false);
	if (count == 0)
		surface_put(surface, 2, 2, ROLE_DIM, TEXT_TRUSTED(_("No unfinished tasks.")));
	/* All entries get the rows of the longest. */
	for (size_t i = 0; i < count; i++)
		each = MAX(each, draw_entry(view, surface_part(list, 0, 0, 0, list.cols - 1), i));
	each = MIN(each, MAX(list.rows, 1));
	scroll_fit(scroll, count, list.rows / each);
	for (size_t i = 0; i < scroll->page && scroll->top + i < count; i++) {
		struct surface row = surface_part(list, (int)i * each, 0, each, list.cols - 1);

		row.under = scroll->top + i == scroll->cursor ? ROLE_CURSOR : ROLE_NORMAL;
		if (row.under == ROLE_CURSOR)
			surface_cursor(row, 0, 2, false);
		draw_entry(view, row, scroll->top + i);
	}
	scroll_draw(scroll, list, count);
}

static const char *interrupted_key(const struct view *view, size_t row)
{
	return entries_of(view)->at[row].id;
}

static void ask_again(struct view *view)
{
	for (size_t i = 0; i < entries_of(view)->count; i++) {
		struct vm *vm = app_interrupted_vm(view->ui->app, i);
		struct err err = { 0 };

		if (vm &&
		    !(recheck_needs_snapshots(&entries_of(view)->at[i]) ? app_ask_snapshots(view->ui->app, vm, &err)
									: app_ask_guest(view->ui->app, vm, true, &err)))
			ui_say_err(view->ui, &err);
	}
}

static void forget(struct ui *ui, const struct asked *about)
{
	const struct journal_entries *entries = app_interrupted(ui->app);

	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->at[i].id, about->key) == 0) {
			app_forget_interrupted(ui->app, i);
			return;
		}
}

static bool interrupted_act(struct view *view, enum action_id action)
{
	static const struct question question = { N_("Forget"), N_("Keep it"), forget };
	const struct journal_entry *entry;

	if (action == ACTION_REFRESH)
		ask_again(view);
	if (action != ACTION_TASK_DISMISS)
		return action == ACTION_REFRESH;
	view_follow(view);
	if (entries_of(view)->count == 0)
		return true;
	entry = &entries_of(view)->at[view->scroll.cursor];
	dialog_ask_open(
		view->ui, &question, &(struct asked){ .key = mem_strdup(entry->id) },
		text_format("%s", _("Forget this task?")),
		text_format("%s/%s: %s", text_str(entry->host), text_str(entry->vm), text_str(entry->operation)));
	return true;
}

static bool interrupted_offers(const struct view *view, enum action_id action)
{
	return entries_of(view)->count > 0 && (action == ACTION_REFRESH || action == ACTION_TASK_DISMISS);
}

static bool interrupted_subject(const struct view *view, struct vm_id *ret_id)
{
	const size_t at = view->scroll.cursor;
	const struct vm *vm = at < entries_of(view)->count ? app_interrupted_vm(view->ui->app, at) : NULL;

	if (vm)
		*ret_id = vm->id;
	return vm != NULL;
}

static size_t interrupted_count(const struct view *view)
{
	return entries_of(view)->count;
}

static struct safe_text interrupted_text(const struct view *view, size_t row)
{
	const struct journal_entry *entry = &entries_of(view)->at[row];

	return text_format("%s/%s %s %s", text_str(entry->host), text_str(entry->vm), text_str(entry->operation),
			   text_str(entry->what));
}

const struct view_ops interrupted_ops = {
	.title = N_("Unfinished tasks"),
	.opened = ask_again,
	.closed_by = ACTION_INTERRUPTED,
	.draw = interrupted_draw,
	.act = interrupted_act,
	.offers = interrupted_offers,
	.subject = interrupted_subject,
	.count = interrupted_count,
	.key = interrupted_key,
	.text = interrupted_text,
};

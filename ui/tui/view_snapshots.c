/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_snapshots.c - the snapshots of one VM, as a tree. They are asked for when the view opens, when
 * a task has changed them, and by F5: hosts send no event when others change them.
 */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

enum {
	NAME_AT = 4, /* in front: whether it is the current one */
	NAME_LEAST = 12,
	TAKEN_CELLS = 16,
	STATE_CELLS = 11,
	DESCRIPTION_LEAST = 20,
	GAP = 3,
};

static const struct snapshot_list *list_of(const struct view *view)
{
	static const struct snapshot_list none;
	const struct vm *vm = view_vm(view);

	return vm && vm->snapshots ? &vm->snapshots->list : &none;
}

static const struct snapshot *chosen_of(const struct view *view)
{
	const struct snapshot_list *list = list_of(view);
	const size_t at = view->scroll.cursor;

	return at < list->count ? &list->at[at] : NULL;
}

static const char *key_of(const struct view *view, size_t row)
{
	return list_of(view)->at[row].key;
}

/* --- one row each --- */

/* Where the columns stand; 0 cells: no room for it. */
struct columns_at {
	int name, taken, state, description;
};

static struct columns_at fit_columns(const struct snapshot_list *list, int cols)
{
	struct columns_at at = { .taken = TAKEN_CELLS };
	int room = cols - NAME_AT - TAKEN_CELLS - GAP - 1;

	if (room >= NAME_LEAST + STATE_CELLS + GAP) {
		at.state = STATE_CELLS;
		room -= STATE_CELLS + GAP;
	}
	if (room >= 2 * DESCRIPTION_LEAST + GAP)
		at.description = DESCRIPTION_LEAST;
	at.name = surface_width(TEXT_TRUSTED(_("SNAPSHOT")));
	for (size_t i = 0; i < list->count; i++)
		at.name = MAX(at.name, snapshot_branch_cells(&list->at[i]) + surface_width(list->at[i].name));
	at.name = MAX(MIN(at.name, at.description ? room - DESCRIPTION_LEAST - GAP : room), NAME_LEAST);
	if (at.description)
		at.description = room - at.name - GAP;
	return at;
}

static int draw_field(struct surface line, int col, int cells, enum role role, struct safe_text text)
{
	if (!cells)
		return col;
	surface_put_field(line, 0, col, cells, ALIGN_LEFT, role, text);
	return col + cells + GAP;
}

static void draw_list(struct view *view, struct surface surface)
{
	const struct snapshot_list *list = list_of(view);
	const struct snapshot *chosen = chosen_of(view);
	struct scroll *scroll = &view->scroll;
	struct columns_at at = fit_columns(list, surface.cols);
	struct surface rows = surface_part(surface, 1, 0, surface.rows - 2, -1);
	struct surface rest = surface_part(surface, surface.rows - 1, 0, 1, -1);
	struct surface lines = surface_part(rows, 0, 0, -1, rows.cols - 1);
	const bool has_focus = !view->ui->tasks_have_focus;
	int col;

	scroll_fit(scroll, list->count, rows.rows);
	col = draw_field(surface, NAME_AT, at.name, ROLE_HEADING, TEXT_TRUSTED(_("SNAPSHOT")));
	col = draw_field(surface, col, at.taken, ROLE_HEADING, TEXT_TRUSTED(_("TAKEN")));
	col = draw_field(surface, col, at.state, ROLE_HEADING, TEXT_TRUSTED(_("STATE")));
	draw_field(surface, col, at.description, ROLE_HEADING, TEXT_TRUSTED(_("DESCRIPTION")));
	for (size_t i = scroll->top; i < MIN(scroll->top + scroll->page, list->count); i++) {
		const struct snapshot *snapshot = &list->at[i];
		const int indent = MIN(snapshot_branch_cells(snapshot), at.name - NAME_LEAST / 2);
		OWN(text) struct safe_text branch = snapshot_branch(list, i);
		struct surface line = draw_list_line(scroll, lines, i, has_focus ? ROLE_CURSOR : ROLE_CURSOR_IDLE,
						     has_focus ? 2 : -1);
		OWN(text) struct safe_text taken = words_of_time(snapshot->created, TIME_OF_DATE, "-");

		if (snapshot->current)
			surface_glyphs(line, 0, 2, 1, ROLE_GOOD, GLYPH_RIGHT);
		draw_field(line, NAME_AT, indent, ROLE_BORDER, branch);
		draw_field(line, NAME_AT + indent, at.name - indent, snapshot->current ? ROLE_GOOD : ROLE_NORMAL,
			   snapshot->name);
		col = draw_field(line, NAME_AT + at.name + GAP, at.taken, ROLE_DIM, taken);
		col = draw_field(line, col, at.state, ROLE_DIM,
				 TEXT_TRUSTED(snapshot->disks_only ? _("disks only") : vm_state_name(snapshot->state)));
		draw_field(line, col, at.description, ROLE_NORMAL, snapshot->description);
	}
	scroll_draw(scroll, rows, list->count);
	/* The rest of the row under the cursor, which was cut. */
	if (list->more)
		surface_print(rest, 0, NAME_AT, ROLE_WARN, _("and %zu more, not listed"), list->more);
	else if (chosen && surface_width(chosen->description) > at.description)
		surface_put(rest, 0, NAME_AT, ROLE_DIM, chosen->description);
	else if (chosen && chosen->current)
		surface_put(rest, 0, NAME_AT, ROLE_DIM, TEXT_TRUSTED(_("Current snapshot.")));
}

/* The cursor starts on the current snapshot. */
static void snapshots_prepare(struct view *view, struct surface surface UNUSED)
{
	const struct snapshot_list *list = list_of(view);

	for (size_t i = 0; i < list->count && !view->key; i++)
		if (list->at[i].current)
			view->scroll.cursor = i;
}

static void snapshots_draw(struct view *view, struct surface surface)
{
	const struct vm *vm = view_vm(view);
	const struct snapshot_knowledge *known = vm ? vm->snapshots : NULL;
	struct surface inside = surface_part(surface, 2, 2, -1, surface.cols - 4);
	size_t count;
	int col = 2;

	if (!vm) {
		draw_vm_is_gone(surface);
		return;
	}
	col += surface_put(surface, 0, col, ROLE_TITLE, vm->info.name);
	col += surface_print(surface, 0, col, ROLE_DIM, _(" on %s  "),
			     inventory_host(app_inventory(view->ui->app), vm->id.host)->name);
	if (known && known->at && known->trouble_kind == ERR_NONE) {
		count = known->list.count + known->list.more;
		col += surface_print(surface, 0, col, ROLE_NORMAL, ngettext("%zu snapshot", "%zu snapshots", count),
				     count);
		col += surface_print(surface, 0, col, ROLE_DIM, _(", updated %d s ago"),
				     clock_seconds_since(known->at));
	}
	if (known && known->asked)
		surface_put(surface, 0, col + 2, ROLE_NEUTRAL, TEXT_TRUSTED(_("asking…")));
	surface_cursor(inside, 0, 0, false);
	if (list_of(view)->count)
		draw_list(view, surface_part(surface, 1, 0, -1, -1));
	else if (known && known->trouble_kind != ERR_NONE)
		surface_wrap(inside, 0, 0, ROLE_WARN, known->trouble);
	else if (!known || !known->at)
		surface_put(inside, 0, 0, ROLE_NORMAL, TEXT_TRUSTED(_("Asking the host for its snapshots…")));
	else
		surface_put(inside, 0, 0, ROLE_NEUTRAL, TEXT_TRUSTED(_("It has no snapshots.")));
}

/* --- keys --- */

static void ask(struct view *view)
{
	struct vm *vm = view_vm(view);
	struct err err = { 0 };

	if (vm && !app_ask_snapshots(view->ui->app, vm, &err))
		ui_say_err(view->ui, &err);
}

static bool snapshots_act(struct view *view, enum action_id action)
{
	const struct action_target target = { .vms = &view->vm, .count = 1 };
	struct err err = { 0 };

	switch (action) {
	case ACTION_REFRESH:
		ask(view);
		return true;
	case ACTION_SNAPSHOT_REVERT:
	case ACTION_SNAPSHOT_DELETE:
		/* The view adds the snapshot; app_action_may() decides as everywhere. */
		if (!app_action_may(view->ui->app, action, &target, &err))
			ui_say_err(view->ui, &err);
		else if (!chosen_of(view))
			ui_say(view->ui, ROLE_NORMAL, _("No snapshot here"));
		else
			dialog_snapshot_open(view->ui, action, chosen_of(view));
		return true;
	default:
		return false;
	}
}

static bool snapshots_offers(const struct view *view, enum action_id action)
{
	return list_of(view)->count > 0 && (action == ACTION_SNAPSHOT_REVERT || action == ACTION_SNAPSHOT_DELETE);
}

static int64_t snapshots_next_change(const struct view *view, int64_t now)
{
	const struct vm *vm = view_vm(view);

	return vm && vm->snapshots && vm->snapshots->at ? next_second(vm->snapshots->at, now) : -1;
}

static size_t snapshots_count(const struct view *view)
{
	return list_of(view)->count;
}

static struct safe_text snapshots_text(const struct view *view, size_t row)
{
	const struct snapshot *snapshot = &list_of(view)->at[row];

	return text_format("%s %s", text_str(snapshot->name), text_str(snapshot->description));
}

static struct safe_text snapshots_say(const struct view *view, size_t row)
{
	const struct snapshot *snapshot = &list_of(view)->at[row];
	OWN(text) struct safe_text taken = words_of_time(snapshot->created, TIME_OF_DATE, "-");
	struct safe_text all = text_format("%s; %s, %s", text_str(snapshot->name), text_str(taken),
					   snapshot->disks_only ? _("disks only") : vm_state_name(snapshot->state));

	if (!text_is_empty(snapshot->description))
		text_append(&all, ", ", "%s", text_str(snapshot->description));
	if (snapshot->current)
		text_append(&all, ". ", "%s", _("Current snapshot."));
	return all;
}

const struct view_ops snapshots_ops = {
	.title = N_("Snapshots"),
	.opened = ask,
	.closed_by = ACTION_SNAPSHOTS,
	.offered = (const enum action_id[]){ ACTION_SNAPSHOT_CREATE, ACTION_REFRESH, ACTION_NONE },
	.prepare = snapshots_prepare,
	.draw = snapshots_draw,
	.act = snapshots_act,
	.offers = snapshots_offers,
	.count = snapshots_count,
	.key = key_of,
	.text = snapshots_text,
	.say = snapshots_say,
	.next_change = snapshots_next_change,
};

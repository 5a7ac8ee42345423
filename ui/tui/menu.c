/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

enum { KEY_CELLS = 6, TARGET_CELLS = 18, REASON_ROWS = 3 };

/* The actions on a VM, with the reason where one is not possible. */
struct menu {
	struct view view;
	struct menu_row {
		enum action_id action; /* ACTION_NONE: a heading, or a gap */
		const char *heading;   /* N_() */
	} rows[ACTION_COUNT + 2 * GROUP_COUNT];
	size_t count;
};

static bool is_destructive(enum action_id action)
{
	return action_is_operation(action) && operation_get((enum operation)action)->flags & LOSES_DATA;
}

/* "web01", "3 VMs"; empty where it is for no VM. Owned. */
static struct safe_text target_words(const struct ui *ui, const struct action_target *target, enum action_id action)
{
	if (!(action_get(action)->needs & NEEDS_VM) || target->count == 0)
		return text_format("%s", "");
	if (target->count == 1)
		return ui_vm_name(ui, &target->vms[0]);
	return text_format(ngettext("%zu VM", "%zu VMs", target->count), target->count);
}

static void draw_action(const struct menu *menu, struct surface line, enum action_id action,
			const struct action_target *target)
{
	const struct ui *ui = menu->view.ui;
	const bool can = app_action_may(ui->app, action, target, NULL);
	OWN(text) struct safe_text whom = target_words(ui, target, action);
	const int cells = MIN(surface_width(whom), TARGET_CELLS);
	char key[KEY_NAME_SIZE];

	keymap_key_of(&ui->keymap, action, key);
	surface_put(line, 0, 1, can ? ROLE_KEY : ROLE_DIM, TEXT_TRUSTED(key));
	surface_print(surface_part(line, 0, 1 + KEY_CELLS, 1, line.cols - KEY_CELLS - cells - 4), 0, 0,
		      !can                     ? ROLE_DIM
		      : is_destructive(action) ? ROLE_DANGER
					       : ROLE_NORMAL,
		      can ? "%s" : "(%s)", _(action_get(action)->help));
	surface_put_field(line, 0, line.cols - cells - 2, cells, ALIGN_LEFT, ROLE_DIM, whom);
}

static void menu_draw(struct view *view, struct surface surface)
{
	struct menu *menu = (struct menu *)view;
	struct scroll *scroll = &menu->view.scroll;
	const struct menu_row *chosen = &menu->rows[scroll->cursor];
	OWN(ui_targets) struct ui_targets targets;
	struct surface box, items;
	struct err reason = { 0 };
	int width = 0;
	bool can;

	for (size_t i = 0; i < menu->count; i++)
		if (menu->rows[i].action != ACTION_NONE)
			width = MAX(width, surface_width(TEXT_TRUSTED(_(action_get(menu->rows[i].action)->help))));
	width += KEY_CELLS + TARGET_CELLS + 8;
	ui_targets_take(view->ui, &targets);
	can = app_action_may(view->ui->app, chosen->action, ui_targets_get(&targets, chosen->action), &reason);
	box = surface_centered(surface_above_footer(surface), (int)menu->count + 2 + REASON_ROWS, width);
	/* With the first entry of a group its heading is seen, too. */
	if (menu->rows[scroll->cursor - 1].heading)
		scroll->top = MIN(scroll->top, scroll->cursor - 1);
	box = draw_list_box(box, TEXT_TRUSTED(_("Actions")), scroll, menu->count, REASON_ROWS, &items);
	for (size_t i = scroll->top; i < MIN(scroll->top + scroll->page, menu->count); i++) {
		const struct menu_row *row = &menu->rows[i];
		struct surface line = draw_list_line(scroll, items, i, can ? ROLE_CURSOR : ROLE_CURSOR_IDLE, 1);

		if (row->action != ACTION_NONE)
			draw_action(menu, line, row->action, ui_targets_get(&targets, row->action));
		else if (row->heading)
			surface_put(line, 0, 1, ROLE_HEADING, TEXT_TRUSTED(_(row->heading)));
	}
	scroll_draw(scroll, items, menu->count);
	if (!can)
		surface_wrap(surface_part(box, box.rows - 1 - REASON_ROWS, 2, REASON_ROWS, box.cols - 4), 0, 0,
			     ROLE_WARN, err_text(&reason));
}

static void run(struct menu *menu, enum action_id action)
{
	if (!ui_may(menu->view.ui, action))
		return;
	view_close(&menu->view);
	ui_do(menu->view.ui, action);
}

static bool menu_act(struct view *view, enum action_id action)
{
	struct menu *menu = (struct menu *)view;
	const size_t before = view->scroll.cursor;

	if (scroll_act(&view->scroll, action, menu->count)) {
		/* Headings and gaps are passed over; the first row is a heading, the last one is none. */
		while (menu->rows[view->scroll.cursor].action == ACTION_NONE)
			view->scroll.cursor += view->scroll.cursor < before && view->scroll.cursor > 0 ? (size_t)-1 : 1;
		return true;
	}
	if (action == ACTION_DETAILS)
		run(menu, menu->rows[menu->view.scroll.cursor].action);
	else
		for (size_t i = 0; i < menu->count; i++)
			if (menu->rows[i].action == action) {
				menu->view.scroll.cursor = i; /* where it is refused, the reason stands below */
				run(menu, action);
			}
	return true;
}

/* Of a group, what destroys or what does not. */
static void add_group(struct menu *menu, enum action_group group, bool destructive)
{
	for (enum action_id id = 0; id < ACTION_COUNT; id++)
		/* Pause and resume are listed separately; what needs a snapshot stands in their view. */
		if (action_get(id)->group == group && is_destructive(id) == destructive && id != ACTION_MENU &&
		    id != ACTION_PAUSE && id != ACTION_SNAPSHOT_REVERT && id != ACTION_SNAPSHOT_DELETE)
			menu->rows[menu->count++].action = id;
}

static void menu_opened(struct view *view)
{
	static const enum action_group groups[] = { GROUP_USERS, GROUP_INVENTORY, GROUP_POWER, GROUP_SNAPSHOTS,
						    GROUP_GUEST };
	struct menu *menu = (struct menu *)view;

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		size_t gap;

		menu->rows[menu->count++] = (struct menu_row){ ACTION_NONE, action_group_name(groups[i]) };
		add_group(menu, groups[i], false);
		gap = menu->count++;
		menu->rows[gap].action = ACTION_NONE;
		add_group(menu, groups[i], true);
		if (menu->count == gap + 1)
			menu->count = gap;
	}
	view->scroll.cursor = 1;
}

const struct view_ops menu_ops = {
	.size = sizeof(struct menu),
	.opened = menu_opened,
	.is_overlay = true,
	.hint = NC_("hint", "Enter or key: run · Esc: close"),
	.closed_by = ACTION_MENU,
	.draw = menu_draw,
	.act = menu_act,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/target.h"
#include "ui/tui/view_words.h"

enum { KEY_CELLS = 6, REASON_ROWS = 3 };

/* The actions on a VM, with the reason where one is not possible. */
struct menu {
	struct view view;
	struct scroll scroll;
	enum action_id actions[ACTION_COUNT];
	size_t count;
};

static void menu_draw(struct view *view, struct surface surface)
{
	struct menu *menu = (struct menu *)view;
	struct scroll *scroll = &menu->scroll;
	struct vm_ids ids;
	struct action_target target = ui_target(view->ui, &ids);
	struct safe_text title = target.count == 1
					 ? ui_vm_name(view->ui, &target.vms[0])
					 : text_format(ngettext("%zu VM", "%zu VMs", target.count), target.count);
	int width = MAX(44, surface_width(title) + 6);
	struct surface box, items;
	struct err reason = { 0 };

	for (size_t i = 0; i < menu->count; i++)
		width = MAX(width, surface_width(TEXT_TRUSTED(_(action_get(menu->actions[i])->help))) + KEY_CELLS + 6);
	box = surface_centered(surface_above_footer(surface), (int)menu->count + 2 + REASON_ROWS, width);
	box = draw_list_box(box, title, scroll, menu->count, REASON_ROWS, &items);
	for (size_t i = scroll->top; i < MIN(scroll->top + scroll->page, menu->count); i++) {
		const enum action_id action = menu->actions[i];
		const bool can = app_action_may(view->ui->app, action, &target, NULL);
		struct surface line = draw_list_line(scroll, items, i, can ? ROLE_CURSOR : ROLE_CURSOR_IDLE, 1);
		char key[KEY_NAME_SIZE];

		keymap_key_of(&view->ui->keymap, action, key);
		surface_put(line, 0, 1, can ? ROLE_KEY : ROLE_DIM, TEXT_TRUSTED(key));
		surface_print(line, 0, 1 + KEY_CELLS, can ? ROLE_NORMAL : ROLE_DIM, can ? "%s" : "(%s)",
			      _(action_get(action)->help));
	}
	scroll_draw(scroll, items, menu->count);
	if (!app_action_may(view->ui->app, menu->actions[scroll->cursor], &target, &reason))
		surface_wrap(surface_part(box, box.rows - 1 - REASON_ROWS, 2, REASON_ROWS, box.cols - 4), 0, 0,
			     ROLE_WARN, err_text(&reason));
	text_free(&title);
	VEC_FREE(&ids);
}

static void run(struct menu *menu, enum action_id action)
{
	struct ui *ui = menu->view.ui;
	struct vm_ids ids;
	struct action_target target = ui_target(ui, &ids);
	bool can = app_action_may(ui->app, action, &target, NULL);

	VEC_FREE(&ids);
	if (!can)
		return;
	view_close(&menu->view);
	ui_do(ui, action);
}

static bool menu_act(struct view *view, enum action_id action)
{
	struct menu *menu = (struct menu *)view;

	if (scroll_act(&menu->scroll, action, menu->count))
		return true;
	if (action == ACTION_BACK || action == ACTION_QUIT)
		view_close(view);
	else if (action == ACTION_DETAILS)
		run(menu, menu->actions[menu->scroll.cursor]);
	else
		for (size_t i = 0; i < menu->count; i++)
			if (menu->actions[i] == action)
				run(menu, action);
	return true;
}

static const struct view_ops menu_ops = {
	.is_overlay = true,
	.hint = N_("Enter or key: run · Esc: close"),
	.closed_by = ACTION_MENU,
	.draw = menu_draw,
	.act = menu_act,
};

/* Pause and resume are listed separately; the menu itself is not listed. */
void menu_open(struct ui *ui)
{
	struct menu *menu = view_new(ui, &menu_ops, sizeof(*menu));

	for (enum action_id id = 0; id < ACTION_COUNT; id++) {
		const enum action_group group = action_get(id)->group;

		if (id == ACTION_SNAPSHOTS || id == ACTION_SNAPSHOT_CREATE ||
		    ((group == GROUP_GUEST || group == GROUP_POWER) && id != ACTION_MENU && id != ACTION_PAUSE))
			menu->actions[menu->count++] = id;
	}
	view_push(&menu->view);
}

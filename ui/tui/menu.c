/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/target.h"
#include "ui/tui/widget/scroll.h"

#include <stdlib.h>

enum { KEY_CELLS = 6, REASON_ROWS = 3 };

/* The actions on a VM, with the reason where one is not possible. */
struct menu {
	struct view view;
	struct scroll scroll;
	enum action_id actions[ACTION_COUNT];
	size_t count;
};

static struct menu *menu_of(const struct view *view)
{
	return (struct menu *)view;
}

static void draw_item(struct menu *menu, struct surface line, size_t index, const struct action_target *target)
{
	enum action_id action = menu->actions[index];
	bool can = app_action_may(menu->view.ui->app, action, target, NULL);
	char key[KEY_NAME_SIZE];

	if (index == menu->scroll.cursor) {
		line.under = can ? ROLE_CURSOR : ROLE_CURSOR_IDLE;
		surface_clear(line);
		surface_cursor(line, 0, 1, false);
	}
	keymap_key_of(&menu->view.ui->keymap, action, key);
	surface_put(line, 0, 1, can ? ROLE_KEY : ROLE_DIM, TEXT_TRUSTED(key));
	surface_print(line, 0, 1 + KEY_CELLS, can ? ROLE_NORMAL : ROLE_DIM, can ? "%s" : "(%s)",
		      _(action_get(action)->help));
}

static void menu_draw(struct view *view, struct surface surface)
{
	struct menu *menu = menu_of(view);
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
	box.under = ROLE_DIALOG;
	surface_clear(box);
	surface_box(box, ROLE_BORDER);
	surface_print(surface_part(box, 0, 2, 1, box.cols - 4), 0, 0, ROLE_TITLE, " %s ", text_str(title));
	items = surface_part(box, 1, 1, box.rows - 2 - REASON_ROWS, box.cols - 2);
	scroll_fit(&menu->scroll, menu->count, items.rows);
	for (size_t i = 0; i < menu->scroll.page && menu->scroll.top + i < menu->count; i++)
		draw_item(menu, surface_part(items, (int)i, 0, 1, -1), menu->scroll.top + i, &target);
	scroll_draw(&menu->scroll, items, menu->count);
	if (!app_action_may(view->ui->app, menu->actions[menu->scroll.cursor], &target, &reason))
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
	struct menu *menu = menu_of(view);

	if (scroll_act(&menu->scroll, action, menu->count))
		return true;
	if (action == ACTION_BACK || action == ACTION_MENU || action == ACTION_QUIT)
		view_close(view);
	else if (action == ACTION_DETAILS)
		run(menu, menu->actions[menu->scroll.cursor]);
	else
		for (size_t i = 0; i < menu->count; i++)
			if (menu->actions[i] == action)
				run(menu, action);
	return true;
}

static void menu_destroy(struct view *view)
{
	free(view);
}

static const struct view_ops menu_ops = {
	.is_overlay = true,
	.hint = N_("Enter or key: run · Esc: close"),
	.draw = menu_draw,
	.act = menu_act,
	.destroy = menu_destroy,
};

/* Pause and resume are listed separately; the menu itself is not listed. */
static bool belongs_in_menu(enum action_id action)
{
	enum action_group group = action_get(action)->group;

	return action == ACTION_SNAPSHOTS || action == ACTION_SNAPSHOT_CREATE ||
	       ((group == GROUP_GUEST || group == GROUP_POWER) && action != ACTION_MENU && action != ACTION_PAUSE);
}

void menu_open(struct ui *ui)
{
	struct menu *menu = mem_zalloc(sizeof(*menu));

	menu->view.ops = &menu_ops;
	for (int id = 0; id < ACTION_COUNT; id++) {
		if (belongs_in_menu((enum action_id)id))
			menu->actions[menu->count++] = (enum action_id)id;
	}
	view_push(ui, &menu->view);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/target.h"

#include <stdio.h>

/* On a narrow screen these keep their place. */
static bool comes_first(enum action_id action)
{
	return action == ACTION_BACK || action == ACTION_HELP || action == ACTION_QUIT;
}

static bool is_shown(struct ui *ui, enum action_id action)
{
	struct view *top = ui_top(ui);
	const enum action_id *offered = top->ops->offered;

	if (!action_get(action)->footer || app_action_is_out_of_mode(ui->app, action))
		return false;
	for (; offered && *offered != ACTION_NONE; offered++)
		if (*offered == action)
			return true;
	return action == ACTION_HELP || action == ACTION_QUIT || (top->ops->offers && top->ops->offers(top, action));
}

static int width_of(const struct ui *ui, enum action_id action)
{
	char key[KEY_NAME_SIZE];

	keymap_key_of(&ui->keymap, action, key);
	return surface_width(TEXT_TRUSTED(key)) + 1 + surface_width(TEXT_TRUSTED(_(action_get(action)->footer))) + 2;
}

void footer_draw(struct ui *ui, struct surface surface)
{
	const struct view_ops *top = ui_top(ui)->ops;
	struct ui_targets targets;
	int col = 1, reserved = 0;

	if (!text_is_empty(ui->message)) {
		surface_put(surface, 0, 1, ui->message_role, ui->message);
		return;
	}
	if (top->is_overlay && top->hint) {
		surface_put(surface, 0, 1, ROLE_DIM, TEXT_TRUSTED(_(top->hint)));
		return;
	}
	ui_targets_take(ui, &targets);
	targets.of_marks.count = MIN(targets.of_marks.count, 1);
	for (enum action_id id = 0; id < ACTION_COUNT; id++)
		reserved += comes_first(id) && is_shown(ui, id) ? width_of(ui, id) : 0;
	for (enum action_id id = 0; id < ACTION_COUNT; id++) {
		char key[KEY_NAME_SIZE];
		bool can;

		if (!is_shown(ui, id))
			continue;
		if (comes_first(id))
			reserved -= width_of(ui, id);
		keymap_key_of(&ui->keymap, id, key);
		if (!*key || col + width_of(ui, id) - 2 + reserved > surface.cols)
			continue;
		/* Those not possible for the current row stay, greyed, so that nothing jumps while the cursor moves. */
		can = app_action_may(ui->app, id, ui_targets_get(&targets, id), NULL);
		col += surface_put(surface, 0, col, can ? ROLE_KEY : ROLE_DIM, TEXT_TRUSTED(key)) + 1;
		col += surface_put(surface, 0, col, can ? ROLE_NORMAL : ROLE_DIM,
				   TEXT_TRUSTED(_(action_get(id)->footer))) +
		       2;
	}
	ui_targets_free(&targets);
}

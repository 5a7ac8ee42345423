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

/* Owned; empty: as everywhere. */
static struct safe_text label_of(struct ui *ui, enum action_id action)
{
	const struct view *top = ui_top(ui);

	return top->ops->label ? top->ops->label(top, action) : (struct safe_text){ NULL };
}

static int width_of(struct ui *ui, enum action_id action)
{
	struct safe_text label = label_of(ui, action);
	char key[KEY_NAME_SIZE];
	int width;

	keymap_key_of(&ui->keymap, action, key);
	width = surface_width(TEXT_TRUSTED(key)) + 1 + 2 +
		surface_width(text_is_empty(label) ? TEXT_TRUSTED(_(action_get(action)->footer)) : label);
	text_free(&label);
	return width;
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
		struct safe_text label;
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
		label = label_of(ui, id);
		can = !text_is_empty(label) || app_action_may(ui->app, id, ui_targets_get(&targets, id), NULL);
		col += surface_put(surface, 0, col, can ? ROLE_KEY : ROLE_DIM, TEXT_TRUSTED(key)) + 1;
		col += surface_put(surface, 0, col, can ? ROLE_NORMAL : ROLE_DIM,
				   text_is_empty(label) ? TEXT_TRUSTED(_(action_get(id)->footer)) : label) +
		       2;
		text_free(&label);
	}
	ui_targets_free(&targets);
}

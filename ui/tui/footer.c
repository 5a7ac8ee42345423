/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"

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
	/* In a view the key of "Quit" closes it, as that of "Back" does. */
	return action == ACTION_HELP || action == (top == ui->table ? ACTION_QUIT : ACTION_BACK) ||
	       (top->ops->offers && top->ops->offers(top, action));
}

/* Owned; empty: as everywhere. */
static struct safe_text label_of(struct ui *ui, enum action_id action)
{
	const struct view *top = ui_top(ui);

	return top->ops->label ? top->ops->label(top, action) : (struct safe_text){ NULL };
}

static int width_of(struct ui *ui, enum action_id action)
{
	OWN(text) struct safe_text label = label_of(ui, action);
	char key[KEY_NAME_SIZE];

	keymap_key_of(&ui->keymap, action, key);
	return surface_width(TEXT_TRUSTED(key)) + 1 + 2 +
	       surface_width(text_is_empty(label) ? TEXT_TRUSTED(_(action_get(action)->footer)) : label);
}

/* A key and its word; returns the cells that they took. */
static int draw_action(struct ui *ui, struct surface surface, int col, enum action_id action, const char *key,
		       const struct ui_targets *targets)
{
	/* Those not possible for the current row stay, greyed, so that nothing jumps while the cursor moves. */
	OWN(text) struct safe_text label = label_of(ui, action);
	const bool can =
		!text_is_empty(label) || app_action_may(ui->app, action, ui_targets_get(targets, action), NULL);
	int cells = surface_put(surface, 0, col, can ? ROLE_KEY : ROLE_DIM, TEXT_TRUSTED(key)) + 1;

	cells += surface_put(surface, 0, col + cells, can ? ROLE_NORMAL : ROLE_DIM,
			     text_is_empty(label) ? TEXT_TRUSTED(_(action_get(action)->footer)) : label);
	return cells + 2;
}

/* F1 to F12, as far as they have an action and the action a word. */
static void draw_function_keys(struct ui *ui, struct surface surface, const struct ui_targets *targets)
{
	int col = 1;

	for (uint32_t code = KEYCODE_F1; code <= KEYCODE_LAST; code++) {
		const enum action_id action = keymap_find(&ui->keymap, (struct key){ .code = code });
		char key[KEY_NAME_SIZE];

		if (action == ACTION_NONE || !action_get(action)->footer)
			continue;
		key_format((struct key){ .code = code }, key);
		if (col + surface_width(TEXT_TRUSTED(key)) + 1 +
			    surface_width(TEXT_TRUSTED(_(action_get(action)->footer))) >
		    surface.cols)
			return;
		col += draw_action(ui, surface, col, action, key, targets) - 1; /* close, to have room at 80 columns */
	}
}

void footer_draw(struct ui *ui, struct surface surface)
{
	const struct view_ops *top = ui_top(ui)->ops;
	OWN(ui_targets) struct ui_targets targets = { 0 };
	int col = 1, reserved = 0;

	if (!text_is_empty(ui->message)) {
		surface_put(surface, 0, 1, ui->message_role, ui->message);
		return;
	}
	if (top->is_overlay && top->hint) {
		surface_put(surface, 0, 1, ROLE_DIM, TEXT_TRUSTED(pgettext("hint", top->hint)));
		return;
	}
	ui_targets_take(ui, &targets);
	targets.of_marks.count = MIN(targets.of_marks.count, 1);
	if (app_config(ui->app)->function_keys) {
		draw_function_keys(ui, surface, &targets);
		return;
	}
	for (enum action_id id = 0; id < ACTION_COUNT; id++)
		reserved += comes_first(id) && is_shown(ui, id) ? width_of(ui, id) : 0;
	for (enum action_id id = 0; id < ACTION_COUNT; id++) {
		char key[KEY_NAME_SIZE];

		if (!is_shown(ui, id))
			continue;
		if (comes_first(id))
			reserved -= width_of(ui, id);
		keymap_key_of(&ui->keymap, id, key);
		if (!*key || col + width_of(ui, id) - 2 + reserved > surface.cols)
			continue;
		col += draw_action(ui, surface, col, id, key, &targets);
	}
}

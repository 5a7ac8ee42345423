/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"
#include "ui/tui/widget/form.h"

#include <strings.h>

enum { ROWS = 12, COLS = 70, NAME_CELLS = 17, KEY_CELLS = 9 };

/* Every action by its name, or by what its sentence says. */
struct palette {
	struct view view;
	struct field field;
	enum action_id found[ACTION_COUNT];
	size_t count;
};

/* Names that start with the words, then names, then sentences that contain them. */
static void find(struct palette *palette)
{
	const char *words = palette->field.text;

	palette->count = 0;
	for (int rank = 0; rank <= 2; rank++) {
		for (enum action_id id = 0; id < ACTION_COUNT; id++) {
			const struct action *action = action_get(id);
			const int its_rank = strncasecmp(action->name, words, strlen(words)) == 0 ? 0
					     : strcasestr(action->name, words)                    ? 1
					     : strcasestr(_(action->help), words)                 ? 2
												  : -1;

			if (id != ACTION_PALETTE && its_rank == rank)
				palette->found[palette->count++] = id;
		}
	}
}

static void palette_draw(struct view *view, struct surface surface)
{
	struct palette *palette = (struct palette *)view;
	struct scroll *scroll = &view->scroll;
	int rows = MIN(ROWS + 3, surface.rows - 1), cols = MIN(COLS, surface.cols);
	struct surface box = surface_part(surface, surface.rows - 1 - rows, (surface.cols - cols) / 2, rows, cols);
	struct surface items;
	OWN(ui_targets) struct ui_targets targets;

	ui_targets_take(view->ui, &targets);
	box = draw_list_box(box, TEXT_TRUSTED(_("Commands")), scroll, palette->count, 1, &items);
	items.under = ROLE_NORMAL; /* its text has the terminal's own background */
	for (size_t i = scroll->top; i < MIN(scroll->top + scroll->page, palette->count); i++) {
		const struct action *action = action_get(palette->found[i]);
		const bool can = app_action_may(view->ui->app, palette->found[i],
						ui_targets_get(&targets, palette->found[i]), NULL);
		const enum role role = can ? ROLE_NORMAL : ROLE_DIM;
		struct surface line = draw_list_line(scroll, items, i, can ? ROLE_CURSOR : ROLE_CURSOR_IDLE, -1);
		char keys[32];

		keymap_keys_of(&view->ui->keymap, palette->found[i], keys, sizeof(keys));
		surface_put(surface_part(line, 0, 1, 1, NAME_CELLS), 0, 0, role, TEXT_TRUSTED(action->name));
		surface_put(surface_part(line, 0, 1 + NAME_CELLS, 1, KEY_CELLS), 0, 0, can ? ROLE_KEY : ROLE_DIM,
			    TEXT_TRUSTED(keys));
		line = surface_part(line, 0, 2 + NAME_CELLS + KEY_CELLS, 1, line.cols - NAME_CELLS - KEY_CELLS - 3);
		surface_print(line, 0, 0, role, can ? "%s" : "(%s)", _(action->help));
	}
	scroll_draw(scroll, items, palette->count);
	if (palette->count == 0)
		surface_put(items, 0, 1, ROLE_DIM, TEXT_TRUSTED(_("No matching command.")));
	surface_put(box, box.rows - 2, 2, ROLE_KEY, TEXT_TRUSTED(":"));
	field_draw(&palette->field, box, box.rows - 2, 4, box.cols - 6, true);
}

static bool palette_input(struct view *view, const struct input *input)
{
	struct palette *palette = (struct palette *)view;
	const struct key key = input->key;

	if (input->kind != INPUT_KEY || (key.code == KEYCODE_ENTER && palette->count == 0))
		return true;
	if (key.code == KEYCODE_ENTER) {
		view_close(view);
		ui_do(view->ui, palette->found[view->scroll.cursor]);
	} else if (key.code == KEYCODE_ESC || (key.code == 'c' && key.mods & KEY_CTRL) ||
		   (key.code == KEYCODE_BACKSPACE && palette->field.len == 0)) {
		view_close(view);
	} else if (field_key(&palette->field, key)) {
		view->scroll.cursor = 0;
		find(palette);
	} else {
		scroll_act(&view->scroll, keymap_find(&view->ui->keymap, key), palette->count);
	}
	return true;
}

static void palette_opened(struct view *view)
{
	find((struct palette *)view);
}

const struct view_ops palette_ops = {
	.size = sizeof(struct palette),
	.opened = palette_opened,
	.is_overlay = true,
	.hint = NC_("hint", "Type to search · Enter: run · Esc: close"),
	.draw = palette_draw,
	.input = palette_input,
};

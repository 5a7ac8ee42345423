/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/target.h"
#include "ui/tui/widget/form.h"
#include "ui/tui/widget/scroll.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ROWS = 12, COLS = 70, NAME_CELLS = 17, KEY_CELLS = 9 };

/* Every action by its name, or by what its sentence says. */
struct palette {
	struct view view;
	struct field field;
	struct scroll scroll;
	enum action_id found[ACTION_COUNT];
	size_t count;
};

static struct palette *palette_of(const struct view *view)
{
	return (struct palette *)view;
}

/* Names that start with the words, then names, then sentences that contain them. */
static int rank_of(const struct action *action, const char *words)
{
	if (strncasecmp(action->name, words, strlen(words)) == 0)
		return 0;
	if (strcasestr(action->name, words))
		return 1;
	return strcasestr(_(action->help), words) ? 2 : -1;
}

static void find(struct palette *palette)
{
	palette->count = 0;
	for (int rank = 0; rank <= 2; rank++) {
		for (int id = 0; id < ACTION_COUNT; id++) {
			if (id != ACTION_PALETTE &&
			    rank_of(action_get((enum action_id)id), palette->field.text) == rank)
				palette->found[palette->count++] = (enum action_id)id;
		}
	}
}

static void draw_item(struct palette *palette, struct surface line, size_t index, const struct action_target *target)
{
	struct ui *ui = palette->view.ui;
	const struct action *action = action_get(palette->found[index]);
	bool can = app_action_may(ui->app, palette->found[index], target, NULL);
	enum role role = can ? ROLE_NORMAL : ROLE_DIM;
	char keys[32];

	if (index == palette->scroll.cursor) {
		line.under = can ? ROLE_CURSOR : ROLE_CURSOR_IDLE;
		surface_clear(line);
	}
	keymap_keys_of(&ui->keymap, palette->found[index], keys, sizeof(keys));
	surface_put(surface_part(line, 0, 1, 1, NAME_CELLS), 0, 0, role, TEXT_TRUSTED(action->name));
	surface_put(surface_part(line, 0, 1 + NAME_CELLS, 1, KEY_CELLS), 0, 0, can ? ROLE_KEY : ROLE_DIM,
		    TEXT_TRUSTED(keys));
	surface_print(surface_part(line, 0, 2 + NAME_CELLS + KEY_CELLS, 1, line.cols - NAME_CELLS - KEY_CELLS - 3), 0,
		      0, role, can ? "%s" : "(%s)", _(action->help));
}

static void palette_draw(struct view *view, struct surface surface)
{
	struct palette *palette = palette_of(view);
	int rows = MIN(ROWS + 3, surface.rows - 1), cols = MIN(COLS, surface.cols);
	struct surface box = surface_part(surface, surface.rows - 1 - rows, (surface.cols - cols) / 2, rows, cols);
	struct surface items = surface_part(box, 1, 1, box.rows - 3, box.cols - 2);
	struct vm_ids ids;
	struct action_target target = ui_target(view->ui, &ids);

	box.under = ROLE_DIALOG;
	surface_clear(box);
	surface_box(box, ROLE_BORDER);
	surface_put(box, 0, 2, ROLE_TITLE, TEXT_TRUSTED(_(" Commands ")));
	scroll_fit(&palette->scroll, palette->count, items.rows);
	for (size_t i = 0; i < palette->scroll.page && palette->scroll.top + i < palette->count; i++)
		draw_item(palette, surface_part(items, (int)i, 0, 1, -1), palette->scroll.top + i, &target);
	scroll_draw(&palette->scroll, items, palette->count);
	if (palette->count == 0)
		surface_put(items, 0, 1, ROLE_DIM, TEXT_TRUSTED(_("No matching command.")));
	VEC_FREE(&ids);
	surface_put(box, box.rows - 2, 2, ROLE_KEY, TEXT_TRUSTED(":"));
	field_draw(&palette->field, box, box.rows - 2, 4, box.cols - 6, true);
}

static bool on_key(struct palette *palette, struct key key)
{
	enum action_id action = keymap_find(&palette->view.ui->keymap, key);

	if (key.code == KEYCODE_ENTER) {
		if (palette->count == 0)
			return true;
		view_close(&palette->view);
		ui_do(palette->view.ui, palette->found[palette->scroll.cursor]);
	} else if (key.code == KEYCODE_ESC || (key.code == 'c' && key.mods & KEY_CTRL) ||
		   (key.code == KEYCODE_BACKSPACE && palette->field.len == 0)) {
		view_close(&palette->view);
	} else if (field_key(&palette->field, key)) {
		palette->scroll.cursor = 0;
		find(palette);
	} else {
		scroll_act(&palette->scroll, action, palette->count);
	}
	return true;
}

static bool palette_input(struct view *view, const struct input *input)
{
	return input->kind != INPUT_KEY || on_key(palette_of(view), input->key);
}

static void palette_destroy(struct view *view)
{
	free(view);
}

static const struct view_ops palette_ops = {
	.is_overlay = true,
	.hint = N_("Type to search · Enter: run · Esc: close"),
	.draw = palette_draw,
	.input = palette_input,
	.destroy = palette_destroy,
};

void palette_open(struct ui *ui)
{
	struct palette *palette = mem_zalloc(sizeof(*palette));

	palette->view.ops = &palette_ops;
	find(palette);
	view_push(ui, &palette->view);
}

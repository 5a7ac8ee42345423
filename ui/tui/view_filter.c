/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/widget/form.h"

/* The filter line at the bottom; the view is filtered with each key. */
struct filter_line {
	struct view view;
	struct view *of; /* the table, or a pane with a filter of its own */
	const struct view_filter *how;
	struct field field;
	char *before; /* what Esc goes back to */
	struct err err;
	bool is_wrong;
};

/* --- the table's --- */

static const char *table_words(const struct view *view)
{
	return listing_filter_words(view->ui->listing);
}

static bool table_set(struct view *view, const char *words, struct err *err)
{
	return listing_set_filter(view->ui->listing, words, err);
}

static size_t table_count(const struct view *view)
{
	return listing_count(view->ui->listing);
}

static const struct view_filter table_filter = {
	.hint = N_("name  state:running  agent:down  !web"),
	.words = table_words,
	.set = table_set,
	.count = table_count,
};

/* --- the line --- */

static void filter_draw(struct view *view, struct surface surface)
{
	struct filter_line *filter = (struct filter_line *)view;
	struct surface line = surface_part(surface, surface.rows - 1, 0, 1, -1);
	int hint_at = line.cols * 5 / 9;

	surface_clear(line);
	surface_put(line, 0, 1, ROLE_KEY, TEXT_TRUSTED("/"));
	if (filter->is_wrong)
		surface_put(line, 0, hint_at, ROLE_WARN, err_text(&filter->err));
	else if (filter->field.len == 0)
		surface_put(line, 0, hint_at, ROLE_DIM, TEXT_TRUSTED(_(filter->how->hint)));
	else
		surface_print(line, 0, hint_at, ROLE_DIM, _("%zu shown · Enter: apply · Esc: cancel"),
			      filter->how->count(filter->of));
	field_draw(&filter->field, line, 0, 3, hint_at - 4, true);
}

static void follow(struct filter_line *filter)
{
	filter->is_wrong = !filter->how->set(filter->of, filter->field.text, &filter->err);
}

static bool filter_input(struct view *view, const struct input *input)
{
	struct filter_line *filter = (struct filter_line *)view;
	struct listing *listing = view->ui->listing;
	const struct key key = input->key;
	enum action_id action;

	if (input->kind == INPUT_PASTE) {
		field_paste(&filter->field, input->paste, input->paste_len);
		follow(filter);
	}
	if (input->kind != INPUT_KEY)
		return true;
	action = keymap_find(&view->ui->keymap, key);
	if (key.code == KEYCODE_ENTER) {
		/* The VM under the cursor keeps it when the filter is cleared. */
		if (filter->of == view->ui->table)
			listing_move_to(listing, listing_cursor_index(listing));
		view_close(view);
	} else if (key.code == KEYCODE_ESC || (key.code == 'c' && key.mods & KEY_CTRL) ||
		   (key.code == KEYCODE_BACKSPACE && filter->field.len == 0)) {
		filter->how->set(filter->of, filter->before, NULL);
		view_close(view);
	} else if (field_key(&filter->field, key)) {
		follow(filter);
	} else if (action == ACTION_MOVE_UP || action == ACTION_MOVE_DOWN || action == ACTION_PAGE_UP ||
		   action == ACTION_PAGE_DOWN) {
		filter->of->ops->act(filter->of, action);
	}
	return true;
}

static void filter_line_destroy(struct view *view)
{
	free(((struct filter_line *)view)->before);
}

static const struct view_ops filter_ops = {
	.is_overlay = true,
	.draw = filter_draw,
	.input = filter_input,
	.destroy = filter_line_destroy,
};

void view_filter_open(struct ui *ui)
{
	struct filter_line *filter = view_new(ui, &filter_ops, sizeof(*filter));

	ui->tasks_have_focus = false;
	while (ui_pane(ui) != ui->table && !ui_pane(ui)->ops->filter)
		view_close(ui_pane(ui));
	filter->of = ui_pane(ui);
	filter->how = filter->of->ops->filter ? filter->of->ops->filter : &table_filter;
	filter->before = mem_strdup(filter->how->words(filter->of));
	field_set(&filter->field, filter->before);
	view_push(&filter->view);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/screens.h"
#include "ui/tui/widget/form.h"

enum { FIELD_CELLS = 26 };

/* The line at the bottom in which one types a filter, or what to search for; the view follows each key. */
struct filter_line {
	struct view view;
	struct view *of; /* the table, a pane, or the tasks */
	const struct view_filter *how;
	struct field field;
	char *before; /* what Esc goes back to */
	struct err err;
	bool is_wrong;   /* nothing was applied since it was right */
	bool is_refused; /* and Enter was pressed */
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

/* --- searching --- */

static bool can_be_searched(const struct view *view)
{
	return view->ops->text || (view->ops->tell && !view->ops->is_overlay);
}

static size_t count_lines(const struct view *view)
{
	return view->ops->tell ? view->lines.count : view->ops->count(view);
}

static size_t current_line(const struct view *view)
{
	return view->ops->tell     ? lines_at(&view->lines)
	       : view->ops->cursor ? view->ops->cursor(view)
				   : view->scroll.cursor;
}

static void go_to_line(struct view *view, size_t line)
{
	if (view->ops->tell)
		lines_go(&view->lines, line);
	view->scroll.cursor = line;
	view_moved(view);
}

static bool line_matches(const struct view *view, size_t line)
{
	const struct line *at = view->ops->tell ? &view->lines.at[line] : NULL;
	OWN(text)
	struct safe_text text =
		at ? text_format("%s %s", at->label ? at->label : "", text_str(at->text)) : view->ops->text(view, line);

	return strcasestr(text_str(text), view->sought) != NULL;
}

/* From line `from` on, in this direction and on from the other end. */
static bool go_to_match(struct view *view, size_t from, bool backwards)
{
	const size_t count = count_lines(view);

	for (size_t i = 0; i < count; i++) {
		const size_t line = (from + (backwards ? 2 * count - i : i)) % count;

		if (line_matches(view, line)) {
			go_to_line(view, line);
			return true;
		}
	}
	return false;
}

static const char *sought_words(const struct view *view)
{
	return view->sought ? view->sought : "";
}

static bool seek(struct view *view, const char *words, struct err *err)
{
	free(view->sought);
	view->sought = *words ? mem_strdup(words) : NULL;
	if (!view->sought)
		go_to_line(view, view->sought_from);
	else if (!go_to_match(view, view->sought_from, false))
		return err_set(err, ERR_USAGE, _("\"%s\" is in no line of this view"), words);
	return true;
}

static size_t count_matches(const struct view *view)
{
	size_t found = 0;

	for (size_t i = 0; view->sought && i < count_lines(view); i++)
		found += line_matches(view, i);
	return found;
}

static const struct view_filter search_line = {
	.hint = N_("text to search for in this view"),
	.words = sought_words,
	.set = seek,
	.count = count_matches,
};

void view_search_again(struct ui *ui, bool backwards)
{
	struct view *view = ui_top(ui);
	const bool can = can_be_searched(view);
	char key[KEY_NAME_SIZE];
	size_t at, count;

	if (!can || !view->sought) {
		keymap_key_of(&ui->keymap, ACTION_SEARCH, key);
		ui_say(ui, ROLE_NORMAL, can ? _("Nothing to search for yet; %s searches") : _("%s searches here"), key);
		return;
	}
	at = current_line(view);
	count = MAX(count_lines(view), 1);
	if (!go_to_match(view, (at + (backwards ? count - 1 : 1)) % count, backwards))
		ui_say(ui, ROLE_WARN, _("\"%s\" is in no line of this view"), view->sought);
	else if (backwards ? current_line(view) >= at : current_line(view) <= at)
		ui_say(ui, ROLE_NORMAL, backwards ? _("Continued at the end") : _("Continued at the beginning"));
}

/* --- the line --- */

/* The whole error, in rows of its own above the line; returns what is said beside the words. */
static struct safe_text draw_error(const struct filter_line *filter, struct surface surface, struct surface line)
{
	const enum role role = filter->is_refused ? ROLE_BAD : ROLE_WARN;
	const size_t count = filter->how->count(filter->of);
	const struct safe_text words = err_text(&filter->err);
	const int rows = surface_wrap(surface_part(line, 0, 1, 0, line.cols - 2), 0, 0, role, words);
	struct surface above = surface_part(surface, surface.rows - 1 - rows, 0, rows, -1);

	surface_clear(above);
	surface_wrap(surface_part(above, 0, 1, -1, above.cols - 2), 0, 0, role, words);
	if (filter->how == &search_line)
		return text_format("%s", _("Not found · Esc: cancel"));
	if (filter->is_refused)
		return text_format("%s", _("Not applied · Esc: cancel"));
	return text_format(
		ngettext("Not applied yet; %zu shown as before", "Not applied yet; %zu shown as before", count), count);
}

static void filter_draw(struct view *view, struct surface surface)
{
	struct filter_line *filter = (struct filter_line *)view;
	struct surface line = surface_part(surface, surface.rows - 1, 0, 1, -1);
	const size_t count = filter->how->count(filter->of);
	OWN(text) struct safe_text hint = { NULL };
	int hint_at;

	surface_clear(line);
	surface_put(line, 0, 1, ROLE_KEY, TEXT_TRUSTED("/"));
	if (filter->is_wrong)
		hint = draw_error(filter, surface, line);
	else if (filter->field.len == 0)
		hint = text_format("%s", _(filter->how->hint));
	else
		hint = text_format(filter->how == &search_line
					   ? ngettext("%zu found · Enter: close · Esc: cancel",
						      "%zu found · Enter: close · Esc: cancel", count)
					   : ngettext("%zu shown · Enter: apply · Esc: cancel",
						      "%zu shown · Enter: apply · Esc: cancel", count),
				   count);
	/* Its keys are seen whole, as long as some cells are left for the words. */
	hint_at = MIN(line.cols * 5 / 9, MAX(line.cols - 1 - surface_width(hint), FIELD_CELLS));
	surface_put(line, 0, hint_at, !filter->is_wrong ? ROLE_DIM : filter->is_refused ? ROLE_BAD : ROLE_WARN, hint);
	if (filter->is_refused)
		line = surface_under(line, ROLE_BAD);
	field_draw(&filter->field, line, 0, 3, hint_at - 4, true);
}

static void follow(struct filter_line *filter)
{
	filter->is_refused = false;
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
	if (key.code == KEYCODE_ENTER && filter->is_wrong) {
		filter->is_refused = true;
	} else if (key.code == KEYCODE_ENTER) {
		/* The VM under the cursor keeps it when the filter is cleared. */
		if (filter->of == view->ui->table)
			listing_move_to(listing, listing_cursor_index(listing));
		view_close(view);
	} else if (key.code == KEYCODE_ESC || (key.code == 'c' && key.mods & KEY_CTRL) ||
		   (key.code == KEYCODE_BACKSPACE && filter->field.len == 0)) {
		filter->how->set(filter->of, filter->before, NULL);
		if (filter->how == &search_line)
			go_to_line(filter->of, filter->of->sought_from);
		view_close(view);
	} else if (field_key(&filter->field, key)) {
		follow(filter);
	} else if (action == ACTION_MOVE_UP || action == ACTION_MOVE_DOWN || action == ACTION_PAGE_UP ||
		   action == ACTION_PAGE_DOWN) {
		view_act(filter->of, action);
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

static void open_line(struct view *of, const struct view_filter *how)
{
	struct filter_line *filter = view_new(of->ui, &filter_ops, sizeof(*filter));

	filter->of = of;
	filter->how = how;
	filter->before = mem_strdup(how->words(of));
	if (how == &search_line)
		of->sought_from = current_line(of);
	else
		field_set(&filter->field, filter->before);
	view_push(&filter->view);
}

void view_filter_open(struct ui *ui)
{
	struct view *top = ui_top(ui);

	if (top != ui->table && !top->ops->filter && can_be_searched(top)) {
		open_line(top, &search_line);
		return;
	}
	ui->tasks_have_focus = false;
	while (ui_pane(ui) != ui->table && !ui_pane(ui)->ops->filter)
		view_close(ui_pane(ui));
	open_line(ui_pane(ui), ui_pane(ui)->ops->filter ? ui_pane(ui)->ops->filter : &table_filter);
}

void view_search_open(struct ui *ui)
{
	struct view *top = ui_top(ui);

	if (can_be_searched(top))
		open_line(top, &search_line);
	else
		view_filter_open(ui);
}

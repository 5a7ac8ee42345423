/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/stack.h"

#include "base/clock.h"

enum { MESSAGE_MS = 8000 };

void ui_dirty(struct ui *ui)
{
	ui->is_dirty = true;
}

bool ui_set_theme(struct ui *ui, const char *name, struct err *err)
{
	char *copy = mem_strdup(name);

	free(ui->theme_name);
	ui->theme_name = copy;
	if (!theme_load(&ui->theme, name, ui->colors, err))
		return false;
	surface_set_theme(&ui->theme);
	return true;
}

struct view *ui_top(const struct ui *ui)
{
	for (size_t i = ui->stack.count; i-- > 0;) {
		struct view *view = ui->stack.at[i];

		if (!view->is_closed && (view->ops->is_overlay || !ui->tasks_have_focus))
			return view;
	}
	return ui->tasks_have_focus ? ui->tasks : ui->table;
}

struct view *ui_pane(const struct ui *ui)
{
	for (size_t i = ui->stack.count; i-- > 0;) {
		if (!ui->stack.at[i]->is_closed && !ui->stack.at[i]->ops->is_overlay)
			return ui->stack.at[i];
	}
	return ui->table;
}

void *view_new(struct ui *ui, const struct view_ops *ops, size_t size)
{
	struct view *view = mem_zalloc(size);

	view->ui = ui;
	view->ops = ops;
	return view;
}

struct vm *view_vm(const struct view *view)
{
	return inventory_find(app_inventory(view->ui->app), &view->vm);
}

void view_push(struct view *view)
{
	struct ui *ui = view->ui;

	/* At most one pane of a kind: a new one closes the old one. */
	if (!view->ops->is_overlay) {
		for (size_t i = 0; i < ui->stack.count; i++)
			ui->stack.at[i]->is_closed |= ui->stack.at[i]->ops == view->ops;
		ui->tasks_have_focus = false;
	}
	*VEC_PUSH(&ui->stack) = view;
	ui_dirty(ui);
}

void view_open(struct ui *ui, const struct view_ops *ops, const struct vm_id *vm)
{
	struct view *view = view_new(ui, ops, MAX(ops->size, sizeof(*view)));

	view->is_of_vm = vm;
	if (vm)
		view->vm = *vm;
	if (ops->title)
		view->title = text_format("%s", _(ops->title));
	view_push(view);
	if (ops->opened)
		ops->opened(view);
}

void view_close(struct view *view)
{
	view->is_closed = true;
	if (view->ops->is_overlay && view->ops->tell)
		view->ui->deaf_until = clock_ms() + UI_DEAF_MS;
	ui_dirty(view->ui);
}

void view_destroy(struct view *view)
{
	if (view->ops->destroy)
		view->ops->destroy(view);
	lines_free(&view->lines);
	text_free(&view->title);
	free(view->sought);
	free(view->key);
	free(view);
}

bool view_act(struct view *view, enum action_id action)
{
	const struct view_ops *ops = view->ops;

	if (ops->act && ops->act(view, action))
		return true;
	if (ops->tell)
		return lines_act(&view->lines, action);
	if (ops->cursor)
		view->scroll.cursor = ops->cursor(view);
	if (!ops->count || !scroll_act(&view->scroll, action, ops->count(view)))
		return false;
	view_moved(view);
	return true;
}

void view_moved(struct view *view)
{
	const struct view_ops *ops = view->ops;

	if (ops->moved)
		ops->moved(view);
	if (!ops->key)
		return;
	free(view->key);
	view->key = view->scroll.cursor < ops->count(view) ? mem_strdup(ops->key(view, view->scroll.cursor)) : NULL;
}

void view_follow(struct view *view)
{
	const size_t count = view->ops->key ? view->ops->count(view) : 0;

	for (size_t i = 0; view->key && i < count; i++)
		if (strcmp(view->ops->key(view, i), view->key) == 0)
			view->scroll.cursor = i;
	if (view->ops->key) {
		view->scroll.cursor = MIN(view->scroll.cursor, MAX(count, 1) - 1);
		view_moved(view);
	}
}

void view_draw_page(struct view *view, struct surface surface)
{
	struct surface inside = surface_part(surface, 1, 2, -1, surface.cols - 2);

	lines_begin(&view->lines, inside.cols);
	view->ops->tell(view, &view->lines);
	surface_put(surface, 0, 2, ROLE_TITLE, view->title);
	if (!view->sought)
		view->lines.current = 0;
	lines_draw(&view->lines, inside);
}

void ui_sweep(struct ui *ui)
{
	for (size_t i = ui->stack.count; i-- > 0;) {
		struct view *view = ui->stack.at[i];

		if (!view->is_closed)
			continue;
		VEC_REMOVE(&ui->stack, i);
		view_destroy(view);
	}
}

bool ui_is_for_everywhere(enum action_id action)
{
	return action == ACTION_REDRAW || action == ACTION_BACKGROUND;
}

void ui_do(struct ui *ui, enum action_id action)
{
	struct view *top = ui_top(ui);

	ui_dirty(ui);
	if (ui_is_for_everywhere(action))
		ui->perform(ui, action);
	else if (top->ops->closed_by && top->ops->closed_by == action)
		view_close(top);
	else if (top->ops->is_overlay && (action == ACTION_BACK || action == ACTION_QUIT))
		view_close(top);
	else if (!view_act(top, action) && !top->ops->is_overlay)
		ui->perform(ui, action);
}

/* --- the message --- */

static void ui_say_text(struct ui *ui, enum role role, struct safe_text owned)
{
	text_set(&ui->message, owned);
	ui->message_role = role;
	ui->message_until = clock_ms() + MESSAGE_MS;
	ui_dirty(ui);
}

void ui_say(struct ui *ui, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	ui_say_text(ui, role, text_vformat(format, args));
	va_end(args);
}

void ui_say_err(struct ui *ui, const struct err *err)
{
	ui_say_text(ui, ROLE_WARN, text_copy(err_text(err)));
}

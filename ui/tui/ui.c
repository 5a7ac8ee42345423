/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/ui.h"

#include "base/clock.h"
#include "base/log.h"
#include "ui/tui/term/term.h"
#include "ui/tui/view.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

enum {
	ROWS_MIN = 10,
	COLS_MIN = 40,
	MESSAGE_MS = 8000,
	TOKENS_MAX = 8, /* frames that a burst of news gets at once, then one each ... */
	TOKEN_MS = 250,
};

/* One screen; static, because the app's listeners are for ever. */
static struct ui the_ui;

/* --- the stack --- */

static struct view *lowest(const struct ui *ui)
{
	return ui->tasks_have_focus ? ui->tasks : ui->table;
}

struct view *ui_top(const struct ui *ui)
{
	for (size_t i = ui->stack.count; i-- > 0;) {
		struct view *view = ui->stack.at[i];

		if (!view->is_closed && (view->ops->is_overlay || !ui->tasks_have_focus))
			return view;
	}
	return lowest(ui);
}

struct view *ui_pane(const struct ui *ui)
{
	for (size_t i = ui->stack.count; i-- > 0;) {
		if (!ui->stack.at[i]->is_closed && !ui->stack.at[i]->ops->is_overlay)
			return ui->stack.at[i];
	}
	return ui->table;
}

/* One pane of each kind: who goes from one to the other and back piles up nothing. */
static void close_kind(struct ui *ui, const struct view_ops *ops)
{
	for (size_t i = 0; i < ui->stack.count; i++)
		ui->stack.at[i]->is_closed = ui->stack.at[i]->is_closed || ui->stack.at[i]->ops == ops;
}

void view_push(struct ui *ui, struct view *view)
{
	view->ui = ui;
	if (!view->ops->is_overlay) {
		close_kind(ui, view->ops);
		ui->tasks_have_focus = false;
	}
	*VEC_PUSH(&ui->stack) = view;
	ui_dirty(ui);
}

void view_close(struct view *view)
{
	view->is_closed = true;
	ui_dirty(view->ui);
}

static void sweep_closed(struct ui *ui)
{
	for (size_t i = ui->stack.count; i-- > 0;) {
		struct view *view = ui->stack.at[i];

		if (!view->is_closed)
			continue;
		VEC_REMOVE(&ui->stack, i);
		view->ops->destroy(view);
	}
}

/* --- what is shared --- */

void ui_dirty(struct ui *ui)
{
	ui->is_dirty = true;
}

static void ui_say_text(struct ui *ui, enum role role, struct safe_text owned)
{
	text_set(&ui->message, owned);
	ui->message_role = role;
	ui->message_until = clock_ms() + MESSAGE_MS;
	ui_dirty(ui);
}

void ui_say(struct ui *ui, enum role role, const char *format, ...)
{
	char buf[ERR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(buf, sizeof(buf), format, args);
	va_end(args);
	ui_say_text(ui, role, text_format("%s", buf));
}

void ui_say_err(struct ui *ui, const struct err *err)
{
	ui_say_text(ui, ROLE_WARN, text_copy(err_text(err)));
}

static void expire_message(struct ui *ui, int64_t now)
{
	if (!text_is_empty(ui->message) && now >= ui->message_until)
		text_free(&ui->message);
}

/* --- a frame --- */

static void draw_too_small(struct surface screen)
{
	struct safe_text text =
		text_format(_("%d by %d is too small: innkeeper needs %d columns and %d rows. Tasks go on."),
			    screen.cols, screen.rows, COLS_MIN, ROWS_MIN);

	surface_wrap(screen, 0, 0, ROLE_NORMAL, text);
	text_free(&text);
}

static void draw_screen(struct ui *ui, struct surface screen)
{
	int top = header_rows(screen), tasks = view_tasks_rows(ui->tasks, screen);
	int middle = screen.rows - top - tasks - 1;
	struct view *pane = ui_pane(ui);

	header_draw(ui, surface_part(screen, 0, 0, top, -1));
	footer_draw(ui, surface_part(screen, screen.rows - 1, 0, 1, -1));
	pane->ops->draw(pane, surface_part(screen, top, 0, middle, -1));
	if (tasks > 0)
		ui->tasks->ops->draw(ui->tasks, surface_part(screen, top + middle, 0, tasks, -1));
	for (size_t i = 0; i < ui->stack.count; i++) {
		if (ui->stack.at[i]->ops->is_overlay)
			ui->stack.at[i]->ops->draw(ui->stack.at[i], screen);
	}
}

static void draw_frame(struct ui *ui)
{
	struct surface screen = surface_screen();

	surface_clear(screen);
	surface_cursor(screen, screen.rows - 1, 0, false);
	if (screen.rows < ROWS_MIN || screen.cols < COLS_MIN)
		draw_too_small(screen);
	else
		draw_screen(ui, screen);
	surface_place_cursor();
	term_end_frame();
}

/* --- when to draw --- */

static int64_t sooner(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return MAX(a, b);
	return MIN(a, b);
}

static int64_t change_of(const struct view *view, int64_t now)
{
	return view->ops->next_change ? view->ops->next_change(view, now) : -1;
}

static int64_t next_change(const struct ui *ui, int64_t now)
{
	int64_t wait = text_is_empty(ui->message) ? -1 : MAX(ui->message_until - now, 0);

	if (listing_is_frozen(ui->listing))
		return wait;
	wait = sooner(wait, header_next_change(ui, now));
	wait = sooner(wait, change_of(ui->tasks, now));
	wait = sooner(wait, change_of(ui_pane(ui), now));
	for (size_t i = 0; i < ui->stack.count; i++)
		wait = sooner(wait, change_of(ui->stack.at[i], now));
	return wait;
}

static void on_timer(void *data)
{
	struct ui *ui = data;

	ui->timer = 0;
	ui->is_dirty = ui->is_urgent = true;
}

static void on_token(void *data)
{
	((struct ui *)data)->timer = 0; /* a turn of the loop is all that it takes */
}

static void set_timer(struct ui *ui, int64_t wait, loop_fn *fn)
{
	loop_cancel_timer(ui->loop, ui->timer);
	ui->timer = wait < 0 ? 0 : loop_after(ui->loop, wait, fn, ui);
}

/* What a person did is drawn at once; what the world did, at once as well, unless it does it all the time. */
static bool take_token(struct ui *ui, int64_t now)
{
	int fresh = (int)MIN((now - ui->tokens_at) / TOKEN_MS, TOKENS_MAX);

	if (fresh > 0) {
		ui->frame_tokens = MIN(ui->frame_tokens + fresh, TOKENS_MAX);
		ui->tokens_at = now;
	}
	if (ui->is_urgent)
		return true;
	if (ui->frame_tokens == 0)
		return false;
	ui->frame_tokens--;
	return true;
}

static void on_idle(void *data)
{
	struct ui *ui = data;
	int64_t now = clock_ms();

	sweep_closed(ui);
	expire_message(ui, now);
	if (!ui->is_running || !ui->is_dirty)
		return;
	if (!take_token(ui, now)) {
		set_timer(ui, TOKEN_MS - (now - ui->tokens_at), on_token);
		return;
	}
	if (!term_begin_frame())
		return;
	draw_frame(ui);
	ui->is_dirty = ui->is_urgent = false;
	set_timer(ui, next_change(ui, now), on_timer);
}

/* --- what happens --- */

static bool is_for_everywhere(enum action_id action)
{
	return action == ACTION_REDRAW || action == ACTION_BACKGROUND;
}

/* Of a burst, only the first would be read. */
static void say_no_meaning(struct ui *ui, const struct input *input)
{
	char key[KEY_NAME_SIZE], help[KEY_NAME_SIZE];

	if (input->kind != INPUT_KEY || input->burst || ui_top(ui)->ops->is_overlay)
		return;
	key_format(input->key, key);
	keymap_key_of(&ui->keymap, ACTION_HELP, help);
	ui_say(ui, ROLE_NORMAL, _("%s does nothing here; %s shows the keys"), key, help);
}

static void on_input(void *data, const struct input *input)
{
	struct ui *ui = data;
	struct view *top = ui_top(ui);
	enum action_id action = input->kind == INPUT_KEY ? keymap_find(&ui->keymap, input->key) : ACTION_NONE;

	ui->is_dirty = ui->is_urgent = true;
	text_free(&ui->message);
	if (!is_for_everywhere(action) && top->ops->input && top->ops->input(top, input))
		return;
	if (action != ACTION_NONE)
		ui_do(ui, action);
	else
		say_no_meaning(ui, input);
}

static void on_term_event(void *data, enum term_event event)
{
	struct ui *ui = data;

	if (event == TERM_GONE) {
		ui->is_running = false;
		loop_quit(ui->loop);
	}
	ui->is_dirty = ui->is_urgent = true;
}

static void on_app_change(void *data, unsigned changes)
{
	struct ui *ui = data;

	if (!ui->is_running)
		return;
	if (changes & APP_CHANGED_TASKS)
		listing_tasks_changed(ui->listing);
	if (!listing_is_frozen(ui->listing))
		ui_dirty(ui);
}

static void on_quit_signal(void *data)
{
	struct ui *ui = data;

	loop_quit(ui->loop);
}

/* --- from the first frame to the last --- */

static void complain(struct ui *ui, const struct err *err)
{
	log_add(LOG_LEVEL_WARNING, "%s", text_str(err_text(err)));
	ui_say_err(ui, err);
}

static void count_warning(const struct log_line *line, void *data)
{
	int *count = data;

	*count += line->level >= LOG_LEVEL_WARNING;
}

/* What was complained of before there was a screen: the configuration, above all. */
static void tell_of_complaints(struct ui *ui)
{
	char key[KEY_NAME_SIZE];
	int count = 0;

	log_visit(count_warning, &count);
	keymap_key_of(&ui->keymap, ACTION_EVENTS, key);
	if (count > 0)
		ui_say(ui, ROLE_WARN,
		       ngettext("%d warning at the start; %s shows it", "%d warnings at the start; %s shows them",
				(unsigned long)count),
		       count, key);
}

static void load_theme(struct ui *ui)
{
	int colors = ui->settings->no_color ? 0 : term_colors();
	const char *name = ui->settings->theme;
	struct err err;

	theme_init(&ui->theme, colors);
	if (!theme_load(&ui->theme, name ? name : theme_default_name(colors), colors, &err) && name)
		complain(ui, &err);
	surface_init(&ui->theme, ui->settings->ascii);
}

static void load_keys(struct ui *ui)
{
	const struct config *config = app_config(ui->app);
	struct err err;

	keymap_init(&ui->keymap);
	for (size_t i = 0; i < config->keys.count; i++) {
		if (!keymap_override(&ui->keymap, config->keys.at[i].action, config->keys.at[i].keys, &err))
			complain(ui, &err);
	}
}

/* What the table is sorted by from the start is in it. */
static void show_column(struct ui *ui, enum column_id id)
{
	for (size_t i = 0; i < ui->columns.count; i++)
		if (ui->columns.at[i] == id)
			return;
	*VEC_PUSH(&ui->columns) = id;
}

static void load_listing(struct ui *ui)
{
	const struct ui_settings *settings = ui->settings;
	enum column_id column = COLUMN_NAME;
	enum grouping by = GROUPING_NONE;
	bool descending = false;
	struct err err;

	ui->listing = listing_create(app_inventory(ui->app), app_tasks(ui->app));
	listing_know_filters(ui->listing, &app_config(ui->app)->filters);
	if (!columns_parse(app_config(ui->app)->columns, &ui->columns, &err)) {
		complain(ui, &err);
		columns_parse("", &ui->columns, &err);
	}
	if (settings->filter && !listing_set_filter(ui->listing, settings->filter, &err))
		complain(ui, &err);
	if (settings->sort && !column_find_order(settings->sort, &column, &descending, &err))
		complain(ui, &err);
	if (settings->sort)
		show_column(ui, column);
	listing_set_sort(ui->listing, column, descending);
	if (settings->group && !grouping_find(settings->group, &by, &err))
		complain(ui, &err);
	listing_group_by(ui->listing, by);
}

static void ui_begin(struct ui *ui, struct app *app, const struct ui_settings *settings)
{
	*ui = (struct ui){ .app = app, .loop = app_loop(app), .settings = settings, .frame_tokens = TOKENS_MAX };
	ui->tokens_at = clock_ms();
	ui->is_running = ui->is_dirty = ui->is_urgent = true;
	load_keys(ui);
	tell_of_complaints(ui);
	load_theme(ui);
	load_listing(ui);
	ui->table = view_table_create(ui);
	ui->tasks = view_tasks_create(ui);
	app_listen(app, on_app_change, ui);
	loop_on_idle(ui->loop, on_idle, ui);
	loop_on_signal(ui->loop, SIGTERM, on_quit_signal, ui);
	loop_on_signal(ui->loop, SIGINT, on_quit_signal, ui);
	loop_on_signal(ui->loop, SIGHUP, on_quit_signal, ui);
}

static void ui_end(struct ui *ui)
{
	ui->is_running = false;
	console_end();
	ssh_end();
	viewers_forget();
	set_timer(ui, -1, NULL);
	loop_on_idle(ui->loop, NULL, NULL);
	for (size_t i = 0; i < ui->stack.count; i++)
		ui->stack.at[i]->is_closed = true;
	sweep_closed(ui);
	ui->table->ops->destroy(ui->table);
	ui->tasks->ops->destroy(ui->tasks);
	listing_destroy(ui->listing);
	keymap_free(&ui->keymap);
	VEC_FREE(&ui->columns);
	VEC_FREE(&ui->stack);
	text_free(&ui->message);
}

bool ui_run(struct app *app, const struct ui_settings *settings, struct err *err)
{
	struct ui *ui = &the_ui;
	struct term_listener listener = { .input = on_input, .event = on_term_event, .data = ui };
	bool ok;

	if (!term_open(app_loop(app), &listener, settings->mouse, err))
		return false;
	ui_begin(ui, app, settings);
	on_idle(ui);
	ok = app_start(app, err);
	if (ok)
		loop_run(app_loop(app));
	ui_end(ui);
	term_close();
	return ok;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/ui.h"

#include "base/clock.h"
#include "base/log.h"
#include "ui/tui/screens.h"
#include "ui/tui/term/term.h"

#include <signal.h>

enum {
	ROWS_MIN = 10,
	COLS_MIN = 40,
	TOKENS_MAX = 8, /* frames drawn at once in a burst of changes, then one each ... */
	TOKEN_MS = 250,
	KEEP_MS = 500,
};

/* Static, because the app keeps its listeners until it ends. */
static struct ui the_ui;

/* When the next frame is due. */
static struct {
	bool is_running;
	bool is_urgent;    /* caused by the user */
	int frame_tokens;  /* changes that may still be drawn at once */
	int64_t tokens_at; /* clock_ms() of the last refill */
	int timer;
} pace;

/* --- a frame --- */

static void prepare(struct view *view, struct surface surface)
{
	if (view->ops->prepare)
		view->ops->prepare(view, surface);
	view_follow(view);
}

/* From the top: header, the pane, the tasks, a line for the footer; overlays over all. */
static void draw_frame(struct ui *ui)
{
	struct surface screen = surface_screen(), middle, tasks;
	struct view *pane = ui_pane(ui);
	int top, task_rows;

	surface_clear(screen);
	surface_cursor(screen, screen.rows - 1, 0, false);
	if (screen.rows < ROWS_MIN || screen.cols < COLS_MIN) {
		OWN(text)
		struct safe_text text =
			text_format(_("%d by %d is too small: innkeeper needs %d columns and %d rows. Tasks continue."),
				    screen.cols, screen.rows, COLS_MIN, ROWS_MIN);

		surface_wrap(screen, 0, 0, ROLE_NORMAL, text);
	} else {
		top = header_rows(screen);
		task_rows = view_tasks_rows(ui->tasks, screen);
		middle = surface_part(screen, top, 0, screen.rows - top - task_rows - 1, -1);
		tasks = surface_part(screen, screen.rows - 1 - task_rows, 0, task_rows, -1);
		/* What is shown decides what hosts and guests are asked: here, so that drawing only draws. */
		prepare(pane, middle);
		prepare(ui->tasks, tasks);
		for (size_t i = 0; i < ui->stack.count; i++)
			if (ui->stack.at[i]->ops->is_overlay)
				prepare(ui->stack.at[i], screen);
		header_draw(ui, surface_part(screen, 0, 0, top, -1));
		footer_draw(ui, surface_part(screen, screen.rows - 1, 0, 1, -1));
		surface_cursor(middle, 1, 2, false); /* where a view says that it is empty */
		pane->ops->draw(pane, middle);
		if (tasks.rows > 0)
			ui->tasks->ops->draw(ui->tasks, tasks);
		for (size_t i = 0; i < ui->stack.count; i++)
			if (ui->stack.at[i]->ops->is_overlay)
				ui->stack.at[i]->ops->draw(ui->stack.at[i], screen);
	}
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

static void on_timer(void *data)
{
	struct ui *ui = data;

	pace.timer = 0;
	ui->is_dirty = pace.is_urgent = true;
}

static void on_token(void *data UNUSED)
{
	pace.timer = 0; /* waking the loop is enough */
}

static void set_timer(struct ui *ui, int64_t wait, loop_fn *fn)
{
	loop_cancel_timer(ui->loop, pace.timer);
	pace.timer = wait < 0 ? 0 : loop_after(ui->loop, wait, fn, ui);
}

/* The user's actions are drawn at once; other changes too, but at a limited rate. */
static bool take_token(int64_t now)
{
	int fresh = (int)MIN((now - pace.tokens_at) / TOKEN_MS, TOKENS_MAX);

	if (fresh > 0) {
		pace.frame_tokens = MIN(pace.frame_tokens + fresh, TOKENS_MAX);
		pace.tokens_at = now;
	}
	if (pace.is_urgent)
		return true;
	if (pace.frame_tokens == 0)
		return false;
	pace.frame_tokens--;
	return true;
}

/* --- what is found again the next time --- */

static void keep_choices(struct ui *ui)
{
	char *values[CHOICE_COUNT];
	bool is_new = false;

	if (!ui->choices)
		return;
	values[CHOICE_COLUMNS] = columns_words(&ui->columns);
	values[CHOICE_SORT] = mem_printf("%s%s", listing_sort_is_descending(ui->listing) ? "-" : "",
					 listing_sort_column(ui->listing)->name);
	values[CHOICE_GROUP] = mem_strdup(grouping_name(listing_grouping(ui->listing)));
	values[CHOICE_THEME] = mem_strdup(ui->theme_is_chosen ? ui->theme_name : "");
	values[CHOICE_FOLDS] = listing_folds(ui->listing);
	for (int i = 0; i < CHOICE_COUNT; i++) {
		is_new |= choices_see(ui->choices, (enum choice)i, values[i]);
		free(values[i]);
	}
	if (is_new)
		choices_write(ui->choices, app_disk(ui->app));
}

static void on_idle(void *data)
{
	struct ui *ui = data;
	int64_t now = clock_ms(), wait;

	ui_sweep(ui);
	if (now >= ui->message_until)
		text_free(&ui->message);
	if (!pace.is_running || !ui->is_dirty)
		return;
	if (!take_token(now)) {
		set_timer(ui, TOKEN_MS - (now - pace.tokens_at), on_token);
		return;
	}
	if (!term_begin_frame())
		return;
	draw_frame(ui);
	ui->is_dirty = pace.is_urgent = false;
	wait = text_is_empty(ui->message) ? -1 : MAX(ui->message_until - now, 0);
	if (!listing_is_frozen(ui->listing)) {
		wait = sooner(wait, header_next_change(ui, now));
		wait = sooner(wait, change_of(ui->tasks, now));
		wait = sooner(wait, change_of(ui_pane(ui), now));
		for (size_t i = 0; i < ui->stack.count; i++)
			wait = sooner(wait, change_of(ui->stack.at[i], now));
	}
	set_timer(ui, wait, on_timer);
}

/* --- what happens --- */

/* Letters and the like that were typed for a dialog that is gone. Esc, arrows and Ctrl are meant for what is there. */
static bool is_left_over(const struct ui *ui, const struct input *input)
{
	const uint32_t code = input->key.code;

	if (clock_ms() >= ui->deaf_until)
		return false;
	return input->kind == INPUT_PASTE ||
	       (input->kind == INPUT_KEY && !(input->key.mods & KEY_CTRL) &&
		(code < KEYCODE_UP || code == KEYCODE_ENTER || code == KEYCODE_BACKSPACE));
}

static void take_input(struct ui *ui, const struct input *input)
{
	struct view *top = ui_top(ui);
	enum action_id action = input->kind == INPUT_KEY ? keymap_find(&ui->keymap, input->key) : ACTION_NONE;
	char key[KEY_NAME_SIZE], help[KEY_NAME_SIZE];

	ui->is_dirty = pace.is_urgent = true;
	if (input->kind == INPUT_BACKGROUND) {
		const char *name = input->is_light ? "light" : "dark";

		if (!ui->theme_is_chosen && strcmp(name, ui->theme_name) != 0)
			ui_set_theme(ui, name, NULL);
		return;
	}
	if (is_left_over(ui, input)) {
		if (text_is_empty(ui->message))
			ui_say(ui, ROLE_DIM, _("Ignored: typed just after a dialog closed"));
		return;
	}
	text_free(&ui->message);
	if (!ui_is_for_everywhere(action) && top->ops->input && top->ops->input(top, input))
		return;
	/* A letter closes the view that is open; a function key quits from all. */
	if (action == ACTION_QUIT && top != ui->table && input->key.code < KEYCODE_UP)
		action = ACTION_BACK;
	if (action != ACTION_NONE) {
		ui_do(ui, action);
	} else if (input->kind == INPUT_KEY && !input->burst && !top->ops->is_overlay) {
		key_format(input->key, key);
		keymap_key_of(&ui->keymap, ACTION_HELP, help);
		ui_say(ui, ROLE_NORMAL, _("%s does nothing here; %s: help"), key, help);
	}
}

static void on_input(void *data, const struct input *input)
{
	app_note_input(((struct ui *)data)->app);
	take_input(data, input);
	keep_choices(data);
}

static void on_term_event(void *data, enum term_event event)
{
	struct ui *ui = data;

	if (event == TERM_GONE) {
		pace.is_running = false;
		loop_quit(ui->loop);
	}
	ui->is_dirty = pace.is_urgent = true;
}

static void on_app_change(void *data, unsigned changes)
{
	struct ui *ui = data;

	if (!pace.is_running)
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

static void warn(struct ui *ui, const struct err *err)
{
	log_add(LOG_LEVEL_WARNING, "%s", text_str(err_text(err)));
	ui_say_err(ui, err);
}

static void count_warning(const struct log_line *line, void *data)
{
	int *count = data;

	*count += line->level >= LOG_LEVEL_WARNING;
}

/* And the warnings from before there was a screen: mostly of the configuration. */
static void load_keys_and_theme(struct ui *ui, const struct ui_settings *settings)
{
	const struct config *config = app_config(ui->app);
	const int colors = settings->no_color ? 0 : term_colors();
	const char *name = settings->theme;
	char key[KEY_NAME_SIZE];
	int count = 0;
	struct err err;

	keymap_init(&ui->keymap);
	if (!keymap_use(&ui->keymap, config->key_preset, &err))
		warn(ui, &err);
	for (size_t i = 0; i < config->keys.count; i++)
		if (!keymap_override(&ui->keymap, config->keys.at[i].action, config->keys.at[i].keys, &err))
			warn(ui, &err);
	log_visit(count_warning, &count);
	keymap_key_of(&ui->keymap, ACTION_EVENTS, key);
	if (count > 0)
		ui_say(ui, ROLE_WARN,
		       ngettext("%d warning at the start; %s shows it", "%d warnings at the start; %s shows them",
				(unsigned long)count),
		       count, key);
	ui->colors = colors;
	ui->theme_is_chosen = name;
	theme_init(&ui->theme, colors);
	surface_init(&ui->theme, settings->ascii);
	if (!ui_set_theme(ui, name ? name : theme_default_name(colors), &err) && name)
		warn(ui, &err);
	if (!name && colors > 0)
		term_ask_background();
}

static void load_listing(struct ui *ui, const struct ui_settings *settings)
{
	const struct attribute *column = attribute_get("name");
	enum grouping by = GROUPING_NONE;
	bool descending = false;
	struct err err;

	ui->listing = listing_create(app_inventory(ui->app), app_tasks(ui->app));
	listing_know_filters(ui->listing, &app_config(ui->app)->filters);
	if (!columns_parse(app_config(ui->app)->columns, &ui->columns, &err)) {
		warn(ui, &err);
		columns_parse("", &ui->columns, &err);
	}
	if (settings->filter && !listing_set_filter(ui->listing, settings->filter, &err))
		warn(ui, &err);
	if (settings->sort && !attribute_find_order(settings->sort, &column, &descending, &err))
		warn(ui, &err);
	if (settings->sort)
		columns_show(&ui->columns, column);
	listing_set_sort(ui->listing, column, descending);
	if (settings->group && !grouping_find(settings->group, &by, &err))
		warn(ui, &err);
	listing_group_by(ui->listing, by);
	if (ui->choices && ui->choices->kept[CHOICE_FOLDS])
		listing_set_folds(ui->listing, ui->choices->kept[CHOICE_FOLDS]);
}

struct ui *ui_create(struct app *app, const struct ui_settings *settings)
{
	struct ui *ui = &the_ui;

	*ui = (struct ui){ .app = app,
			   .loop = app_loop(app),
			   .perform = commands_perform,
			   .is_demo = settings->demo,
			   .choices = settings->choices };
	load_keys_and_theme(ui, settings);
	load_listing(ui, settings);
	keep_choices(ui); /* what there is at the start is no news */
	ui->table = view_new(ui, &table_ops, table_ops.size);
	ui->tasks = view_new(ui, &tasks_ops, tasks_ops.size);
	app_note_input(app);
	return ui;
}

void ui_destroy(struct ui *ui)
{
	int64_t until;

	viewers_forget();
	keep_choices(ui);
	/* The last ones may still be on their way; a disk that hangs is not waited for. */
	until = clock_ms() + KEEP_MS;
	while (ui->choices && ui->choices->writing > 0 && clock_ms() < until)
		loop_turn(ui->loop, MAX(until - clock_ms(), 1));
	for (size_t i = 0; i < ui->stack.count; i++)
		ui->stack.at[i]->is_closed = true;
	ui_sweep(ui);
	view_destroy(ui->table);
	view_destroy(ui->tasks);
	listing_destroy(ui->listing);
	keymap_free(&ui->keymap);
	VEC_FREE(&ui->columns);
	VEC_FREE(&ui->stack);
	text_free(&ui->message);
	free(ui->theme_name);
}

bool ui_run(struct app *app, const struct ui_settings *settings, struct err *err)
{
	struct ui *ui = &the_ui;
	struct term_listener listener = { .input = on_input, .event = on_term_event, .data = ui };
	bool ok;

	if (!term_open(app_loop(app), &listener, settings->mouse, err))
		return false;
	pace.frame_tokens = TOKENS_MAX;
	pace.tokens_at = clock_ms();
	pace.is_running = pace.is_urgent = true;
	ui_create(app, settings);
	ui->is_dirty = true;
	app_listen(app, on_app_change, ui);
	loop_on_idle(ui->loop, on_idle, ui);
	loop_on_signal(ui->loop, SIGTERM, on_quit_signal, ui);
	loop_on_signal(ui->loop, SIGINT, on_quit_signal, ui);
	loop_on_signal(ui->loop, SIGHUP, on_quit_signal, ui);

	on_idle(ui);
	ok = app_start(app, err);
	if (ok)
		loop_run(ui->loop);

	pace.is_running = false;
	console_end();
	ssh_end();
	set_timer(ui, -1, NULL);
	ui_destroy(ui);
	term_close();
	return ok;
}

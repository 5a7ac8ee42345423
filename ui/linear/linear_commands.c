/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/language.h"
#include "ui/linear/linear_private.h"

/* --- the rows that a command is for --- */

static bool is_number(const char *word)
{
	return *word && strspn(word, "0123456789") == strlen(word) && strlen(word) < 9;
}

/* The next word of *at; owned, NULL none. */
static char *next_word(const char **at)
{
	size_t len;

	*at += strspn(*at, " \t");
	len = strcspn(*at, " \t");
	*at += len;
	return len ? mem_printf("%.*s", (int)len, *at - len) : NULL;
}

/* "3", "web01", "host/web01", several of them. False: said why not. */
static bool take_vms(struct linear *linear, const char *words, struct vm_ids *ret_ids)
{
	struct ui *ui = linear->ui;

	for (;;) {
		OWN(bytes) char *word = next_word(&words);
		const size_t at = word && is_number(word) ? strtoul(word, NULL, 10) : 0;
		struct err err = { 0 };
		struct vm *vm;

		if (!word)
			return true;
		if (at && at <= linear->rows.count && !linear->rows.at[at - 1].key) {
			*VEC_PUSH(ret_ids) = linear->rows.at[at - 1].vm;
			continue;
		}
		if (at)
			err_set(&err, ERR_NO_DOMAIN, _("row %s is no VM; list shows the VMs"), word);
		if (at || !inventory_resolve(app_inventory(ui->app), word, &vm, &err)) {
			linear_error(linear, "%s", text_str(err_text(&err)));
			return false;
		}
		*VEC_PUSH(ret_ids) = vm->id;
	}
}

static void mark_only(struct linear *linear, const struct vm_ids *ids)
{
	struct ui *ui = linear->ui;

	listing_unmark_all(ui->listing);
	for (size_t i = 0; i < ids->count; i++) {
		struct vm *vm = inventory_find(app_inventory(ui->app), &ids->at[i]);

		if (vm)
			listing_mark(ui->listing, vm, true);
	}
}

/* Does it, and shows what it opened, once those that it is about have answered. */
static void act(struct linear *linear, enum action_id action)
{
	struct ui *ui = linear->ui;
	const struct view *before = ui_top(ui);
	OWN(vec) struct vm_ids ids = { 0 };

	ui_target(ui, action, &ids);
	if (action == ACTION_EVERYBODY)
		for (size_t i = 0; i < listing_count(ui->listing); i++)
			*VEC_PUSH(&ids) = listing_at(ui->listing, i)->id;
	ui_do(ui, action);
	if (ui_top(ui) != before || action == ACTION_REFRESH || action == ACTION_BACK || action == ACTION_MARK ||
	    action == ACTION_TASKS_FAILED || !(action_get(action)->needs & (NEEDS_VM | NEEDS_TASK)))
		linear_show_soon(linear, &ids);
}

/* For one VM its row, whatever is marked; the marks come back. For several, they are the marks. */
static void act_on_vms(struct linear *linear, enum action_id action, const struct vm_ids *ids)
{
	struct ui *ui = linear->ui;
	OWN(vec) struct vm_ids marks = { 0 };

	if (ids->count > 1) {
		mark_only(linear, ids);
		act(linear, action);
		return;
	}
	if (listing_marked(ui->listing))
		listing_targets(ui->listing, &marks);
	listing_unmark_all(ui->listing);
	if (listing_select(ui->listing, &ids->at[0]))
		act(linear, action);
	else
		linear_error(linear, "%s", _("the filter hides this VM, or its group is folded; back shows all VMs"));
	mark_only(linear, &marks);
}

static void act_in_table(struct linear *linear, enum action_id action, const char *words)
{
	struct ui *ui = linear->ui;
	const bool is_for_row = action_get(action)->needs & ON_ROW;
	OWN(vec) struct vm_ids ids = { 0 };

	if (strcmp(words, "marked") != 0 && !take_vms(linear, words, &ids))
		return;
	if (ids.count > 1 && is_for_row)
		linear_error(linear, _("%s is for one VM"), action_get(action)->name);
	else if (ids.count > 0)
		act_on_vms(linear, action, &ids);
	else if (listing_marked(ui->listing) && !is_for_row)
		act(linear, action);
	else if (*words)
		linear_error(linear, "%s", _("no VM is marked"));
	else
		linear_error(linear, _("which VM? Type %s and the number or the name of a VM, or mark VMs first."),
			     action_get(action)->name);
}

/* --- commands of the linear mode itself --- */

static void do_list(struct linear *linear, const char *words UNUSED)
{
	linear_show_soon(linear, NULL);
}

static void do_more(struct linear *linear, const char *words UNUSED)
{
	if (ui_top(linear->ui)->ops->tell || linear->rows.count == 0)
		linear_say(linear, "%s", _("There is no more."));
	else
		linear_show_page(linear);
}

static void do_back(struct linear *linear, const char *words UNUSED)
{
	act(linear, ACTION_BACK);
}

/* marks: false: takes them away. */
static void mark(struct linear *linear, const char *words, bool marks)
{
	struct ui *ui = linear->ui;
	OWN(vec) struct vm_ids ids = { 0 };
	char *word;

	if (ui_top(ui) != ui->table) {
		while ((word = next_word(&words)) != NULL) {
			if (linear_choose_row(linear, word))
				ui_do(ui, ACTION_MARK);
			free(word);
		}
		return;
	}
	if (!take_vms(linear, words, &ids))
		return;
	if (ids.count == 0)
		linear_error(linear, "%s", _("which VMs? Type their numbers or names."));
	for (size_t i = 0; i < ids.count; i++) {
		struct vm *vm = inventory_find(app_inventory(ui->app), &ids.at[i]);

		if (vm)
			listing_mark(ui->listing, vm, marks);
	}
	linear_say(linear, ngettext("%zu VM is marked.", "%zu VMs are marked.", listing_marked(ui->listing)),
		   listing_marked(ui->listing));
}

static void do_mark(struct linear *linear, const char *words)
{
	mark(linear, words, true);
}

static void do_unmark(struct linear *linear, const char *words)
{
	mark(linear, words, false);
}

static void show_if(struct linear *linear, bool ok, const struct err *err)
{
	if (ok)
		linear_show_soon(linear, NULL);
	else
		linear_error(linear, "%s", text_str(err_text(err)));
}

static void do_filter(struct linear *linear, const char *words)
{
	struct ui *ui = linear->ui;
	struct view *top = ui_top(ui);
	struct err err = { 0 };

	if (top == ui->table)
		show_if(linear, listing_set_filter(ui->listing, words, &err), &err);
	else if (top->ops->filter)
		show_if(linear, top->ops->filter->set(top, words, &err), &err);
	else
		linear_find(linear, words);
}

static void do_sort(struct linear *linear, const char *words)
{
	const struct attribute *column;
	struct err err = { 0 };
	bool descending, ok = attribute_find_order(words, &column, &descending, &err);

	if (ok)
		listing_set_sort(linear->ui->listing, column, descending);
	show_if(linear, ok, &err);
}

static void do_group(struct linear *linear, const char *words)
{
	struct err err = { 0 };
	enum grouping by;
	bool ok = grouping_find(words, &by, &err);

	if (ok)
		listing_group_by(linear->ui->listing, by);
	show_if(linear, ok, &err);
}

static void do_columns(struct linear *linear, const char *words)
{
	struct columns columns;
	struct err err = { 0 };
	bool ok = columns_parse(words, &columns, &err);

	if (ok) {
		VEC_FREE(&linear->ui->columns);
		linear->ui->columns = columns;
	}
	show_if(linear, ok, &err);
}

static void do_quiet(struct linear *linear, const char *words UNUSED)
{
	linear->is_quiet = !linear->is_quiet;
	linear_say(linear, "%s",
		   linear->is_quiet ? _("Quiet: changes are not told; how tasks end is.") : _("Changes are told."));
}

static void do_wait(struct linear *linear, const char *words UNUSED)
{
	linear->is_waiting = true;
}

/* Of the list of tasks; in the list of VMs, the newest task of that VM. */
static void do_cancel(struct linear *linear, const char *words)
{
	if (!*words || linear_choose_row(linear, words))
		act(linear, ACTION_TASK_CANCEL);
}

/* What can be done with a VM, or why not. */
static void do_menu(struct linear *linear, const char *words)
{
	struct ui *ui = linear->ui;
	OWN(vec) struct vm_ids ids = { 0 };
	struct action_target target;

	if (!take_vms(linear, words, &ids))
		return;
	if (ids.count == 0)
		ui_target(ui, ACTION_MENU, &ids);
	target = (struct action_target){ .vms = ids.at, .count = ids.count };
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_get((enum action_id)id);
		struct err err = { 0 };

		if (!(action->needs & NEEDS_VM))
			continue;
		if (app_action_may(ui->app, (enum action_id)id, &target, &err))
			linear_say(linear, "%s: %s", action->name, _(action->help));
		else
			linear_say(linear, _("%s: %s; not now: %s"), action->name, _(action->help),
				   text_str(err_text(&err)));
	}
}

static void do_help(struct linear *linear, const char *words);

/* Those with the name of an action take its place. */
static const struct {
	const char *name;
	void (*fn)(struct linear *linear, const char *words);
	const char *help; /* N_() */
} commands[] = {
	{ "list", do_list, N_("Show this view again") },
	{ "more", do_more, N_("Show the next rows of a list") },
	{ "back", do_back, N_("Close the view; in the list of VMs, remove the filter, then the marks") },
	{ "mark", do_mark, N_("Mark rows: mark 2 5 web01") },
	{ "unmark", do_unmark, N_("Unmark rows: unmark 2 5") },
	{ "filter", do_filter, N_("Filter: filter state:running user:bob; without words, remove the filter") },
	{ "sort", do_sort, N_("Sort by a column: sort users, or descending: sort -users") },
	{ "group", do_group, N_("Group by host, state, os, tag, or none: group host") },
	{ "columns", do_columns, N_("Columns to read for each VM: columns cpu,mem,os; without names, none") },
	{ "menu", do_menu, N_("Show what can be done with a VM, or why not: menu 3") },
	{ "cancel", do_cancel, N_("Cancel a task of the list that tasks shows, or the newest task of a VM: cancel 1") },
	{ "wait", do_wait, N_("Wait until no task runs") },
	{ "quiet", do_quiet, N_("Do not tell changes, or tell them again") },
	{ "help", do_help, N_("Show the commands; with a word, those about it: help snapshot") },
	{ "?", do_help, N_("The same as help") },
};

/* What only a screen has; what takes the whole terminal has a command of its own. */
static bool is_for_screen(enum action_id action)
{
	static const enum action_id ids[] = { ACTION_REDRAW,          ACTION_BACKGROUND,   ACTION_THEME,
					      ACTION_FREEZE,          ACTION_SEARCH,       ACTION_SEARCH_NEXT,
					      ACTION_SEARCH_PREVIOUS, ACTION_COLUMNS_LEFT, ACTION_COLUMNS_RIGHT,
					      ACTION_PALETTE };
	bool is_one = action_get(action)->group == GROUP_MOVE;

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		is_one |= ids[i] == action;
	return is_one;
}

static void say_help(struct linear *linear, const char *name, const char *help, const char *words)
{
	if (strcasestr(name, words) || strcasestr(help, words))
		linear_say(linear, "%s: %s", name, help);
}

static void do_help(struct linear *linear, const char *words)
{
	if (!*words)
		linear_say(
			linear, "%s",
			_("A number opens a row, other words filter the list. Commands for VMs take numbers or names: "
			  "logoff 3, details web01, shutdown 2 5; or marked, for the marked ones."));
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		say_help(linear, commands[i].name, _(commands[i].help), words);
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_get((enum action_id)id);
		bool is_there = is_for_screen((enum action_id)id);

		for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
			is_there |= !strcmp(commands[i].name, action->name);
		if (!is_there)
			say_help(linear, action->name, _(action->help), words);
	}
}

/* --- a line --- */

static void obey_action(struct linear *linear, enum action_id action, const char *words)
{
	struct ui *ui = linear->ui;
	const unsigned needs = action_get(action)->needs;

	if (is_for_screen(action)) {
		linear_error(linear, _("%s is for the screen; ? lists the commands"), action_get(action)->name);
		return;
	}
	if (action == ACTION_CONSOLE || action == ACTION_SSH) {
		linear_error(linear, _("%s takes the whole terminal; run: innkeeper %s VM"), action_get(action)->name,
			     action_get(action)->name);
		return;
	}
	if (needs & NEEDS_VM && ui->tasks_have_focus) {
		ui->tasks_have_focus = false;
		linear_forget_rows(linear);
	}
	if (needs & NEEDS_VM && ui_top(ui) == ui->table)
		act_in_table(linear, action, words);
	else if (!*words || linear_choose_row(linear, words))
		act(linear, action);
}

void linear_obey(struct linear *linear, const char *line)
{
	const char *rest = line;
	OWN(bytes) char *name = next_word(&rest);
	enum action_id action;

	rest += strspn(rest, " \t");
	if (!name)
		return;
	if (is_number(name) && !*rest) {
		if (linear_choose_row(linear, name))
			act(linear, ACTION_DETAILS);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		commands[i].fn(linear, rest);
		return;
	}
	action = action_find(name);
	if (action != ACTION_NONE)
		obey_action(linear, action, rest);
	else
		do_filter(linear, line);
}

/* --- the answer to a question --- */

void linear_cancel(struct linear *linear, struct dialog *dialog)
{
	view_close(&dialog->view);
	linear->types_the_word = false;
	linear_say(linear, "%s", _("Cancelled; nothing was done."));
}

static void confirm(struct linear *linear, struct dialog *dialog)
{
	if (dialog_confirm(dialog)) {
		view_close(&dialog->view);
		if (text_is_empty(linear->ui->message))
			linear_say(linear, "%s", _("Confirmed."));
	} else if (dialog->error) {
		linear_error(linear, "%s", dialog->error);
		dialog->error = NULL;
	}
}

/* Field `at` of those that are shown. NULL: none; ret_index: among all. */
static struct dialog_field *find_field(const struct dialog *dialog, size_t at, int *ret_index)
{
	for (size_t i = 0; i < dialog->fields.count; i++) {
		if ((int)i == dialog->challenge_at || --at > 0)
			continue;
		*ret_index = (int)i;
		return dialog->fields.at[i];
	}
	return NULL;
}

/* A box is toggled as by its key, for the dialog may have to do more; a text is what stands behind the number. */
static void change_option(struct linear *linear, struct dialog *dialog, size_t at, const char *text)
{
	const struct input space = { .kind = INPUT_KEY, .key = { .code = ' ' } };
	struct dialog_field *field;
	int index;

	field = at ? find_field(dialog, at, &index) : NULL;
	if (!field) {
		linear_error(linear, "%s", _("there is no option of this number"));
	} else if (field->is_box) {
		dialog->focus = index;
		dialog->view.ops->input(&dialog->view, &space);
		linear_show_soon(linear, NULL);
	} else if (field->field.digits_only && strspn(text, "0123456789") != strlen(text)) {
		linear_error(linear, "%s", _("a number is expected"));
	} else {
		field_set(&field->field, text);
		linear_show_soon(linear, NULL);
	}
}

/* The word, in English or as it is translated, or its letter. */
static bool is_answer(const char *word, const char *english, const char *translated, bool (*is_letter)(uint32_t code))
{
	return !strcasecmp(word, english) || !strcasecmp(word, translated) ||
	       (*word && !word[1] && is_letter((unsigned char)*word));
}

void linear_answer(struct linear *linear, struct dialog *dialog, const char *line)
{
	const char *rest = line;
	OWN(bytes) char *word = next_word(&rest);

	rest += strspn(rest, " \t");
	if (linear->types_the_word) {
		linear->types_the_word = false;
		field_set(&dialog->fields.at[dialog->challenge_at]->field, line);
		confirm(linear, dialog);
	} else if (!word || is_answer(word, "no", _("no"), language_says_no) || !strcmp(word, "back")) {
		linear_cancel(linear, dialog);
	} else if (!*rest && is_answer(word, "yes", _("yes"), language_says_yes)) {
		if (dialog->challenge_at >= 0)
			linear->types_the_word = true;
		else
			confirm(linear, dialog);
	} else if (is_number(word)) {
		change_option(linear, dialog, strtoul(word, NULL, 10), rest);
	} else if (!strcmp(word, "?")) {
		linear_say(linear, "%s",
			   _("yes does it, no cancels. The number of an option toggles it, or with a text behind it, "
			     "sets it: 3 Maintenance at noon. The question again:"));
		linear_show_soon(linear, NULL);
	} else {
		linear_error(linear, "%s", _("answer yes or no, or type the number of an option; ? explains"));
	}
}

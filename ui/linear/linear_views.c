/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/linear/linear_private.h"
#include "ui/tui/view_words.h"

enum {
	PAGE_ROWS = 20,
	SHOW_AFTER_MS = 60, /* what is read from a disk or a host at once is there by then */
	SHOW_BY_MS = 3000,  /* a guest that takes longer is shown as it is known */
	LINE_CELLS = 80,
};

/* As much of a screen as decides which guests are asked. */
static const struct surface paper = { .rows = PAGE_ROWS + 1, .cols = LINE_CELLS };

bool linear_is_dialog(const struct view *view)
{
	return view->ops->is_overlay && view->ops->tell;
}

struct safe_text linear_view_name(const struct view *view)
{
	if (!text_is_empty(view->title))
		return text_copy(view->title);
	return text_format("%s", view->ops->title ? _(view->ops->title) : _("VMs"));
}

/* --- lines out --- */

static void put(struct linear *linear, struct safe_text owned, const char *end)
{
	if (linear->is_ascii)
		text_set(&owned, text_to_ascii(owned));
	/* What comes by itself begins a line of its own. */
	if (printf("%s%s%s", linear->is_prompted ? "\n" : "", text_str(owned), end) < 0 || fflush(stdout) != 0) {
		linear->write_failed = true;
		loop_quit(linear->ui->loop);
	}
	linear->is_prompted = false;
	text_free(&owned);
}

void linear_say(struct linear *linear, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put(linear, text_vformat(format, args), "\n");
	va_end(args);
}

void linear_error(struct linear *linear, const char *format, ...)
{
	OWN(text) struct safe_text words = { NULL };
	va_list args;

	va_start(args, format);
	words = text_vformat(format, args);
	va_end(args);
	linear_say(linear, _("error: %s"), text_str(words));
}

void linear_say_message(struct linear *linear)
{
	struct ui *ui = linear->ui;

	if (text_is_empty(ui->message))
		return;
	(ui->message_role == ROLE_NORMAL ? linear_say : linear_error)(linear, "%s", text_str(ui->message));
	text_free(&ui->message);
}

void linear_prompt(struct linear *linear)
{
	const struct view *top = ui_top(linear->ui);
	const struct dialog *dialog = linear_is_dialog(top) ? (const struct dialog *)top : NULL;
	OWN(text) struct safe_text name = { NULL };
	struct safe_text words;

	if (linear->is_prompted || linear->input_is_over)
		return;
	name = linear_view_name(top);
	if (dialog)
		words = linear->types_the_word ? text_format("%s> ", dialog->fields.at[dialog->challenge_at]->label)
					       : text_format(_("%s: yes or no> "), dialog->yes);
	else
		words = text_format("%s> ", text_str(name));
	put(linear, words, "");
	linear->is_prompted = true;
}

/* --- when --- */

void linear_show_soon(struct linear *linear, const struct vm_ids *vms)
{
	linear->asked.count = 0;
	for (size_t i = 0; vms && i < vms->count; i++)
		*VEC_PUSH(&linear->asked) = vms->at[i];
	linear->due_at = clock_ms() + SHOW_AFTER_MS;
	linear->due_by = clock_ms() + SHOW_BY_MS;
}

bool linear_show_is_due(const struct linear *linear)
{
	if (!linear->due_by || clock_ms() < linear->due_at)
		return false;
	for (size_t i = 0; i < linear->asked.count && clock_ms() < linear->due_by; i++) {
		const struct vm *vm = inventory_find(app_inventory(linear->ui->app), &linear->asked.at[i]);

		if (vm && (vm->sessions_asked || (vm->snapshots && vm->snapshots->asked)))
			return false;
	}
	return true;
}

/* --- rows --- */

void linear_forget_rows(struct linear *linear)
{
	for (size_t i = 0; i < linear->rows.count; i++)
		free(linear->rows.at[i].key);
	linear->rows.count = 0;
}

static struct safe_text users_words(const struct vm *vm)
{
	const int64_t users = vm_users(vm);

	if (users >= 0)
		return text_format(ngettext("%d user", "%d users", (unsigned long)users), (int)users);
	return text_format(_("users %s"), users_state_name(vm->users_state));
}

struct safe_text linear_vm_words(struct ui *ui, const struct vm *vm)
{
	const struct inventory *inventory = app_inventory(ui->app);
	const struct attribute_row row = listing_row(ui->listing, vm, clock_ms());
	OWN(bytes) char *chosen = columns_words(&ui->columns);
	OWN(text) struct safe_text users = users_words(vm);
	const enum agent_state agent = vm_agent_state(vm);
	struct safe_text words;

	words = inventory_host_count(inventory) > 1 ? text_format(_("%s on %s"), text_str(vm->info.name),
								  inventory_host(inventory, vm->id.host)->name)
						    : text_copy(vm->info.name);
	text_append(&words, ", ", "%s", vm_state_name(vm->info.state));
	if (vm_state_is_active(vm->info.state))
		text_append(&words, ", ", _("agent %s, %s"),
			    agent == AGENT_UNKNOWN ? _("unknown") : agent_state_name(agent), text_str(users));
	for (size_t i = 0; *chosen && i < ui->columns.count; i++) {
		const struct attribute *column = ui->columns.at[i];
		OWN(bytes) char *name = mem_printf(" %s ", column->name);
		struct attribute_cell cell;

		if (!strstr(" name host state agent users ", name))
			text_append(&words, ", ", "%s %s", _(column->heading),
				    text_str(attribute_words(column, &row, &cell)));
	}
	if (vm->marked_at)
		text_append(&words, ", ", "%s", _("marked"));
	return words;
}

static struct safe_text group_words(const struct listing_group *group)
{
	return text_format(group->folded ? _("%s; group of %zu VMs, %zu running, folded")
					 : _("%s; group of %zu VMs, %zu running"),
			   text_str(group->title), group->vms, group->running);
}

static size_t row_count(const struct view *view)
{
	return view->ops->count ? view->ops->count(view) : view->ops->filter->count(view);
}

static struct safe_text row_words(const struct view *view, size_t row)
{
	struct listing_group group;

	if (view->ops != &table_ops)
		return view->ops->say ? view->ops->say(view, row) : view->ops->text(view, row);
	if (listing_line_group(view->ui->listing, row, &group))
		return group_words(&group);
	return linear_vm_words(view->ui, listing_line_vm(view->ui->listing, row));
}

/* What tells a row from others; owned. */
static char *row_key(const struct view *view, size_t row)
{
	OWN(text) struct safe_text words = row_words(view, row);
	const char *whole = text_str(words), *end = strstr(whole, "; ");

	if (view->ops->key)
		return mem_strdup(view->ops->key(view, row));
	return mem_printf("%.*s", (int)(end ? end - whole : (ptrdiff_t)strlen(whole)), whole);
}

void linear_show_page(struct linear *linear)
{
	const struct view *view = ui_top(linear->ui);
	const size_t count = row_count(view), end = MIN(count, linear->next_page + PAGE_ROWS);

	for (size_t row = linear->next_page; row < end; row++) {
		const struct vm *vm = view->ops == &table_ops ? listing_line_vm(linear->ui->listing, row) : NULL;
		OWN(text) struct safe_text words = row_words(view, row);

		*VEC_PUSH(&linear->rows) = (struct linear_row){ .vm = vm ? vm->id : (struct vm_id){ 0 },
								.key = vm ? NULL : row_key(view, row) };
		linear_say(linear, "%zu. %s", linear->rows.count, text_str(words));
	}
	linear->next_page = end;
	if (end < count)
		linear_say(linear, _("%zu more; more shows them."), count - end);
}

/* Sessions keep their cursor themselves; it is moved as by keys. */
static void move_to(struct view *view, size_t row)
{
	if (!view->ops->picks) {
		view->scroll.cursor = row;
		view_moved(view);
		return;
	}
	view_act(view, ACTION_MOVE_FIRST);
	for (size_t i = 0; i < row; i++)
		view_act(view, ACTION_MOVE_DOWN);
}

bool linear_choose_row(struct linear *linear, const char *number)
{
	struct view *view = ui_top(linear->ui);
	const size_t at = strtoul(number, NULL, 10);
	const struct linear_row *row;

	if (at == 0 || at > linear->rows.count) {
		linear_error(linear, _("there is no row %s; list shows the rows"), number);
		return false;
	}
	row = &linear->rows.at[at - 1];
	if (!row->key && listing_select(linear->ui->listing, &row->vm))
		return true;
	for (size_t i = 0; row->key && i < row_count(view); i++) {
		OWN(bytes) char *key = row_key(view, i);

		if (strcmp(key, row->key) != 0)
			continue;
		move_to(view, i);
		return true;
	}
	linear_error(linear, _("row %s is gone, or hidden; list shows the rows as they are now"), number);
	return false;
}

/* --- a view --- */

static void say_lines(struct linear *linear, struct view *view, const char *words)
{
	struct lines *lines = &view->lines;
	size_t said = 0;

	lines_begin(lines, LINE_CELLS);
	view->ops->tell(view, lines);
	if (!words) /* which some set while they tell their lines */
		linear_say(linear, "%s", text_str(view->title));
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->at[i];
		const bool has_label = line->label && *line->label;

		if (text_is_empty(line->text) || (words && !strcasestr(text_str(line->text), words) &&
						  !(has_label && strcasestr(line->label, words))))
			continue;
		said++;
		linear_say(linear, "%s%s%s", has_label ? line->label : "", has_label ? ": " : "", text_str(line->text));
	}
	if (words && !said)
		linear_say(linear, _("No line with \"%s\"."), words);
}

void linear_find(struct linear *linear, const char *words)
{
	struct view *view = ui_top(linear->ui);
	size_t said = 0;

	if (view->ops->tell) {
		say_lines(linear, view, words);
		return;
	}
	for (size_t i = 0; i < linear->rows.count && i < row_count(view); i++) {
		OWN(text) struct safe_text row = row_words(view, i);

		if (!strcasestr(text_str(row), words))
			continue;
		said++;
		linear_say(linear, "%zu. %s", i + 1, text_str(row));
	}
	if (!said)
		linear_say(linear, _("No line with \"%s\"."), words);
}

/* Why a list of one VM is empty. */
static void say_empty(struct linear *linear, const struct view *view)
{
	const struct vm *vm = view->is_of_vm ? view_vm(view) : NULL;
	struct vm_id id;

	if (!vm && view->ops->subject && view->ops->subject(view, &id))
		vm = inventory_find(app_inventory(linear->ui->app), &id);
	if (vm && view->ops->picks && vm->users_state != USERS_KNOWN) {
		linear_error(linear, _("users %s: %s"), users_state_name(vm->users_state),
			     text_is_empty(vm->sessions_note) ? _(vm_agent_advice(vm)) : text_str(vm->sessions_note));
		return;
	}
	if (vm && vm->snapshots && vm->snapshots->trouble_kind != ERR_NONE)
		linear_error(linear, "%s", text_str(vm->snapshots->trouble));
	linear_say(linear, "%s", view->ops->picks ? _("No users logged on.") : _("The list is empty."));
}

static void show_list(struct linear *linear, struct view *view)
{
	struct listing *listing = linear->ui->listing;
	OWN(text) struct safe_text name = linear_view_name(view);
	const size_t count = row_count(view), hidden = listing_marked_hidden(listing);

	linear_forget_rows(linear);
	linear->next_page = 0;
	if (view->ops != &table_ops)
		linear_say(linear, "%s:", text_str(name));
	else if (*listing_filter_words(listing))
		linear_say(linear, _("%zu of %zu VMs match \"%s\"; back shows all."), listing_count(listing),
			   inventory_vm_count(app_inventory(linear->ui->app)), listing_filter_words(listing));
	else
		linear_say(linear, ngettext("%zu VM:", "%zu VMs:", listing_count(listing)), listing_count(listing));
	if (view->ops == &table_ops && hidden)
		linear_say(linear, _("%zu marked VMs are hidden by the filter."), hidden);
	if (count)
		linear_show_page(linear);
	else if (view->ops != &table_ops)
		say_empty(linear, view);
}

/* Whole, before the question: what it is about, what will happen, what can be chosen. */
static void show_dialog(struct linear *linear, struct dialog *dialog)
{
	size_t number = 0;

	say_lines(linear, &dialog->view, NULL);
	for (size_t i = 0; i < dialog->fields.count; i++) {
		const struct dialog_field *field = dialog->fields.at[i];

		if ((int)i == dialog->challenge_at)
			continue;
		if (number++ == 0)
			linear_say(linear, "%s", _("What can be changed, by its number:"));
		if (field->heading)
			linear_say(linear, "%s:", field->heading);
		linear_say(linear, "%zu. %s%s%s%s: %s", number, field->label, field->unit ? " (" : "",
			   field->unit ? field->unit : "", field->unit ? ")" : "",
			   field->is_box      ? (field->is_ticked ? _("yes") : _("no"))
			   : field->field.len ? field->field.text
					      : _("empty"));
	}
	if (!dialog->yes)
		view_close(&dialog->view);
}

void linear_show(struct linear *linear)
{
	struct view *view = ui_top(linear->ui);

	linear->due_by = 0;
	linear->types_the_word = false;
	if (view == linear->ui->tasks)
		view_tasks_rows(view, (struct surface){ .rows = 2 * PAGE_ROWS, .cols = LINE_CELLS });
	if (view->ops->prepare)
		view->ops->prepare(view, paper);
	view_follow(view);
	if (linear_is_dialog(view)) {
		show_dialog(linear, (struct dialog *)view);
	} else if (view->ops->tell) {
		linear_forget_rows(linear);
		say_lines(linear, view, NULL);
	} else {
		show_list(linear, view);
	}
}

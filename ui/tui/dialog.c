/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/dialog.h"

#include "base/clock.h"
#include "base/language.h"
#include "ui/tui/term/term.h"

enum {
	WIDTH_MAX = 72,
	PADDING = 2,         /* cells between border and text */
	TEXT_ROWS_LEAST = 4, /* of what it is about, however many fields there are */
};

void dialog_open(struct dialog *dialog, struct safe_text title, const char *yes)
{
	dialog->view.title = title;
	dialog->yes = yes;
	dialog->challenge_at = -1;
	dialog->armed_at = clock_ms() + DIALOG_ARM_MS;
	dialog->stray_at = clock_ms() - DIALOG_SENTENCE_MS;
	term_flush_input();
}

void dialog_destroy(struct view *view)
{
	struct dialog *dialog = (struct dialog *)view;

	while (dialog->fields.count)
		dialog_remove_field(dialog, 0);
	VEC_FREE(&dialog->fields);
	text_free(&dialog->challenge);
}

/* Cancel has this as its focus, and the other button the next. */
static int field_count(const struct dialog *dialog)
{
	return (int)dialog->fields.count;
}

/* The buttons come after the fields: the focus index of a button moves with them. */
static struct dialog_field *insert_field(struct dialog *dialog, int at, const char *label)
{
	struct dialog_field *field = mem_zalloc(sizeof(*field));

	field->label = mem_strdup(label);
	*VEC_PUSH(&dialog->fields) = field;
	for (int i = field_count(dialog) - 1; i > at; i--)
		dialog->fields.at[i] = dialog->fields.at[i - 1];
	dialog->fields.at[at] = field;
	dialog->focus += dialog->focus >= at;
	dialog->challenge_at += dialog->challenge_at >= at;
	return field;
}

struct field *dialog_add_field(struct dialog *dialog, const char *label, int cells, const char *text)
{
	struct dialog_field *added = insert_field(dialog, field_count(dialog), label);

	added->cells = cells;
	field_set(&added->field, text);
	return &added->field;
}

struct dialog_field *dialog_insert_box(struct dialog *dialog, int at, const char *label, bool ticked)
{
	struct dialog_field *added = insert_field(dialog, at, label);

	added->is_box = true;
	added->is_ticked = ticked;
	return added;
}

struct dialog_field *dialog_add_box(struct dialog *dialog, const char *label, bool ticked)
{
	return dialog_insert_box(dialog, field_count(dialog), label, ticked);
}

void dialog_set_label(struct dialog *dialog, int at, const char *label)
{
	struct dialog_field *field = dialog->fields.at[at];

	free(field->label);
	field->label = mem_strdup(label);
}

void dialog_remove_field(struct dialog *dialog, int at)
{
	struct dialog_field *field = dialog->fields.at[at];

	VEC_REMOVE(&dialog->fields, (size_t)at);
	if (dialog->focus > at)
		dialog->focus--;
	if (dialog->challenge_at > at)
		dialog->challenge_at--;
	free(field->label);
	free(field);
}

void dialog_add_challenge(struct dialog *dialog, struct safe_text what)
{
	OWN(bytes) char *label = mem_printf(_("Type \"%s\""), text_str(what));

	text_set(&dialog->challenge, what);
	dialog_add_field(dialog, label, MAX(surface_width(what) + 2, 12), "");
	dialog->challenge_at = field_count(dialog) - 1;
}

/* --- drawing --- */

/* Where a field stands, below its heading; of the one before the first, -1. */
static int row_of_field(const struct dialog *dialog, int index)
{
	int row = -1;

	for (int i = 0; i <= index; i++)
		row += dialog->fields.at[i]->heading ? 2 : 1;
	return row;
}

static void draw_field(const struct dialog_field *field, struct surface line, int at, bool focused)
{
	const int cells = field->cells ? MIN(field->cells, line.cols - at) : line.cols - at;

	surface_put(line, 0, field->is_box ? 4 : 0, ROLE_NORMAL, TEXT_TRUSTED(field->label));
	if (field->is_box) {
		if (focused)
			surface_cursor(line, 0, 1, false);
		surface_print(line, 0, 0, focused ? ROLE_BUTTON_FOCUSED : ROLE_NORMAL, "[%c]",
			      field->is_ticked ? 'x' : ' ');
		return;
	}
	field_draw(&field->field, line, 0, at, cells, focused);
	if (field->unit)
		surface_put(line, 0, at + cells + 1, ROLE_DIM, TEXT_TRUSTED(field->unit));
}

/* The focused field is always visible; with the focus on a button, the last fields are. */
static void draw_fields(const struct dialog *dialog, struct surface surface)
{
	int count = field_count(dialog), rows = row_of_field(dialog, count - 1) + 1, at = 1;
	int top = MAX(MIN(row_of_field(dialog, MIN(dialog->focus, count - 1)) - surface.rows / 2, rows - surface.rows),
		      0);

	for (int i = 0; i < count; i++)
		if (!dialog->fields.at[i]->is_box)
			at = MAX(at, surface_width(TEXT_TRUSTED(dialog->fields.at[i]->label)) + 1);
	for (int i = 0; i < count; i++) {
		const struct dialog_field *field = dialog->fields.at[i];
		const int row = row_of_field(dialog, i) - top;

		if (field->heading && row > 0 && row <= surface.rows)
			surface_put(surface, row - 1, 0, ROLE_HEADING, TEXT_TRUSTED(field->heading));
		if (row >= 0 && row < surface.rows)
			draw_field(field, surface_part(surface, row, 0, 1, -1), at, dialog->focus == i);
	}
	if (top > 0)
		surface_put(surface, 0, surface.cols - 1, ROLE_DIM, TEXT_TRUSTED("^"));
	if (top + surface.rows < rows)
		surface_put(surface, surface.rows - 1, surface.cols - 1, ROLE_DIM, TEXT_TRUSTED("v"));
}

/* Brackets mark the focus where there are no colours. */
static int draw_button(const struct dialog *dialog, struct surface surface, int col, int index, const char *label,
		       enum role role)
{
	bool focused = dialog->focus == index;

	if (focused)
		surface_cursor(surface, 0, col, false);
	return surface_print(surface, 0, col, focused ? ROLE_BUTTON_FOCUSED : role, focused ? "[ %s ]" : "  %s  ",
			     label);
}

/* From the bottom: buttons, a row for the error, the fields; the text gets the rest. */
void dialog_draw(struct view *view, struct surface surface)
{
	struct dialog *dialog = (struct dialog *)view;
	struct lines *lines = &view->lines;
	struct surface screen = surface_above_footer(surface), box, inside, title, buttons;
	int width = MIN(screen.cols - (screen.cols >= 60 ? 4 : 0), WIDTH_MAX), inner = width - 2 * (PADDING + 1);
	int col, rows, gap, gap_above_fields, text_rows, fields, fields_at, field_rows;
	OWN(bytes)
	char *no = dialog->yes ? mem_printf("%s (%s)", dialog->no ? dialog->no : _("Cancel"), pgettext("answer", "n"))
			       : mem_strdup(_("Close"));
	OWN(bytes) char *yes = mem_printf("%s (%s)", dialog->yes ? dialog->yes : "", pgettext("answer", "y"));

	lines_begin(lines, inner);
	view->ops->tell(view, lines);
	text_rows = lines_measure(lines);
	field_rows = row_of_field(dialog, field_count(dialog) - 1) + 1;
	fields = MIN(field_rows, MAX(screen.rows - 4 - MIN(text_rows, TEXT_ROWS_LEAST), 1));
	gap = screen.rows >= text_rows + fields + 4 + 2;
	gap_above_fields = gap && fields;
	rows = MIN(text_rows + fields + 4 + gap + gap_above_fields, screen.rows);
	fields_at = rows - 4 - fields;

	box = surface_under(surface_centered(screen, rows, width), ROLE_DIALOG);
	inside = surface_part(box, 1, PADDING + 1, rows - 2, inner);
	title = surface_part(box, 0, 2, 1, box.cols - 4);
	buttons = surface_part(inside, inside.rows - 1, 0, 1, -1);
	surface_clear(box);
	surface_box(box, dialog->is_dangerous ? ROLE_DANGER : ROLE_BORDER);
	col = surface_print(title, 0, 0, dialog->is_dangerous ? ROLE_DANGER : ROLE_TITLE, " %s", text_str(view->title));
	surface_put(title, 0, col, ROLE_TITLE, TEXT_TRUSTED(" "));
	lines_draw(lines, surface_part(inside, gap, 0, fields_at - gap - gap_above_fields, -1));
	draw_fields(dialog, surface_part(inside, fields_at, 0, fields, -1));
	if (dialog->error)
		surface_put(inside, inside.rows - 2, 0, ROLE_WARN, TEXT_TRUSTED(dialog->error));
	else if (lines->top + lines->page < lines->rows)
		surface_put(inside, inside.rows - 2, 0, ROLE_DIM, TEXT_TRUSTED(_("PgDn: more")));
	col = draw_button(dialog, buttons, 0, field_count(dialog), no, ROLE_BUTTON);
	if (dialog->yes)
		draw_button(dialog, buttons, col + 2, field_count(dialog) + 1, yes,
			    dialog->is_dangerous ? ROLE_DANGER : ROLE_BUTTON);
}

/* --- answering --- */

/* Else goes there, and says what is missing. */
static bool check_challenge(struct dialog *dialog)
{
	if (dialog->challenge_at < 0 ||
	    text_equal(field_text(&dialog->fields.at[dialog->challenge_at]->field), dialog->challenge))
		return true;
	dialog->focus = dialog->challenge_at;
	dialog->error = _("To confirm, type the text in quotes first.");
	return false;
}

bool dialog_confirm(struct dialog *dialog)
{
	return dialog->yes && check_challenge(dialog) && dialog->view.ops->confirm(&dialog->view);
}

/* From here on a function returns true where the dialog is to be closed. */
static bool try_yes(struct dialog *dialog, const struct input *input)
{
	return !input->burst && clock_ms() >= dialog->armed_at && dialog_confirm(dialog);
}

static bool move_focus(struct dialog *dialog, int by)
{
	const int count = field_count(dialog) + (dialog->yes ? 2 : 1);

	dialog->focus = (dialog->focus + by + count) % count;
	dialog->error = NULL;
	return false;
}

static bool on_enter(struct dialog *dialog, const struct input *input)
{
	if (dialog->focus == dialog->challenge_at) {
		/* What was typed is the answer: the next Enter gives it. */
		if (check_challenge(dialog))
			move_focus(dialog, field_count(dialog) + 1 - dialog->focus);
		return false;
	}
	if (dialog->focus < field_count(dialog))
		return move_focus(dialog, 1);
	return dialog->focus == field_count(dialog) || try_yes(dialog, input);
}

/* y and n in the midst of other letters are no answers: somebody types a sentence and does not look. */
static bool on_letter(struct dialog *dialog, const struct input *input)
{
	const bool is_sentence = clock_ms() - dialog->stray_at < DIALOG_SENTENCE_MS;
	const uint32_t code = input->key.code;

	if (!dialog->yes || code >= KEYCODE_UP)
		return false;
	if (language_says_yes(code) && !is_sentence)
		return try_yes(dialog, input);
	if (language_says_no(code) && !is_sentence)
		return true;
	if (code != dialog->last_code) /* whoever presses y again and again is heard in the end */
		dialog->stray_at = clock_ms();
	dialog->error = field_count(dialog) ? _("Letters do nothing here: y or n answers, Tab goes to the fields.")
					    : _("Letters do nothing here: y or n answers.");
	return false;
}

static bool on_key(struct dialog *dialog, const struct input *input)
{
	struct dialog_field *field = dialog->focus < field_count(dialog) ? dialog->fields.at[dialog->focus] : NULL;

	if ((input->key.mods & KEY_CTRL && input->key.code == 'c') ||
	    (input->key.mods == KEY_ALT && language_says_no(input->key.code)))
		return true;
	if (input->key.mods == KEY_ALT && language_says_yes(input->key.code))
		return try_yes(dialog, input);
	switch (input->key.code) {
	case KEYCODE_ENTER:
		return !input->key.mods && on_enter(dialog, input);
	case KEYCODE_ESC:
		return true;
	case KEYCODE_TAB:
	case KEYCODE_DOWN:
		return move_focus(dialog, 1);
	case KEYCODE_BACK_TAB:
	case KEYCODE_UP:
		return move_focus(dialog, -1);
	case KEYCODE_PAGE_DOWN:
	case KEYCODE_PAGE_UP:
		lines_act(&dialog->view.lines, input->key.code == KEYCODE_PAGE_UP ? ACTION_PAGE_UP : ACTION_PAGE_DOWN);
		return false;
	default:
		break;
	}
	if (field && !field->is_box) {
		field_key(&field->field, input->key);
		return false;
	}
	if (input->key.mods)
		return false;
	if (field && input->key.code == ' ') {
		field->is_ticked = !field->is_ticked;
		return false;
	}
	if (input->key.code == KEYCODE_LEFT || input->key.code == KEYCODE_RIGHT)
		return move_focus(dialog, input->key.code == KEYCODE_LEFT ? -1 : 1);
	return on_letter(dialog, input);
}

bool dialog_input(struct view *view, const struct input *input)
{
	struct dialog *dialog = (struct dialog *)view;
	const bool closes = input->kind == INPUT_KEY && on_key(dialog, input);

	dialog->last_code = input->kind == INPUT_KEY ? input->key.code : 0;
	if (input->kind == INPUT_PASTE && dialog->focus < field_count(dialog) &&
	    dialog->focus != dialog->challenge_at && !dialog->fields.at[dialog->focus]->is_box)
		field_paste(&dialog->fields.at[dialog->focus]->field, input->paste, input->paste_len);
	if (closes)
		view_close(view);
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/widget/form.h"

#include "base/utf8.h"

void field_set(struct field *field, const char *text)
{
	field->len = field->cursor = 0;
	field->text[0] = '\0';
	field_paste(field, text, strlen(text));
}

static void insert(struct field *field, uint32_t code)
{
	char utf8[UTF8_MAX + 1] = { 0 };
	size_t len;

	if (code < ' ' || code > 0x10ffff || (field->digits_only && (code < '0' || code > '9')))
		return;
	len = utf8_encode(code, utf8);
	if (text_char_width(code) == 0 || !text_is_safe(utf8) || field->len + len >= sizeof(field->text))
		return;
	memmove(field->text + field->cursor + len, field->text + field->cursor, field->len - field->cursor + 1);
	memcpy(field->text + field->cursor, utf8, len);
	field->len += len;
	field->cursor += len;
}

void field_paste(struct field *field, const char *bytes, size_t len)
{
	size_t used;
	uint32_t code;

	for (size_t at = 0; at < len; at += used) {
		used = utf8_decode(bytes + at, len - at, &code);
		if (used)
			insert(field, code == '\n' || code == '\r' || code == '\t' ? ' ' : code);
		else
			used = 1;
	}
}

static size_t before(const struct field *field, size_t at)
{
	while (at > 0 && (field->text[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t after(const struct field *field, size_t at)
{
	if (at < field->len)
		at++;
	while (at < field->len && (field->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* With Ctrl: a e b f move the cursor, u k h d w erase what is between it and there. */
static bool control_key(struct field *field, uint32_t code)
{
	size_t to = field->cursor;

	if (code < 'a' || code > 'z' || !strchr("abdefhkuw", (int)code))
		return false;
	if (code == 'a' || code == 'u')
		to = 0;
	else if (code == 'e' || code == 'k')
		to = field->len;
	else if (code == 'b' || code == 'h')
		to = before(field, to);
	else if (code == 'f' || code == 'd')
		to = after(field, to);
	while (code == 'w' && to > 0 && field->text[to - 1] == ' ')
		to--;
	while (code == 'w' && to > 0 && field->text[to - 1] != ' ')
		to--;
	if (!strchr("abef", (int)code)) {
		const size_t from = MIN(to, field->cursor), end = MAX(to, field->cursor);

		memmove(field->text + from, field->text + end, field->len - end + 1);
		field->len -= end - from;
		to = from;
	}
	field->cursor = to;
	return true;
}

bool field_key(struct field *field, struct key key)
{
	static const struct {
		uint32_t key, control;
	} same[] = {
		{ KEYCODE_LEFT, 'b' }, { KEYCODE_RIGHT, 'f' },     { KEYCODE_HOME, 'a' },
		{ KEYCODE_END, 'e' },  { KEYCODE_BACKSPACE, 'h' }, { KEYCODE_DELETE, 'd' },
	};

	if (key.mods & KEY_ALT)
		return false;
	if (key.mods & KEY_CTRL)
		return control_key(field, key.code);
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		if (same[i].key == key.code)
			return control_key(field, same[i].control);
	insert(field, key.code);
	return key.code < KEYCODE_UP;
}

struct safe_text field_text(const struct field *field)
{
	return TEXT_TRUSTED(field->text);
}

static int width_between(const struct field *field, size_t from, size_t to)
{
	char part[FIELD_MAX];

	snprintf(part, sizeof(part), "%.*s", (int)(to - from), field->text + from);
	return surface_width(TEXT_TRUSTED(part));
}

void field_draw(const struct field *field, struct surface surface, int row, int col, int cells, bool focused)
{
	size_t from = 0;

	cells = MIN(cells, surface.cols - col);
	while (focused && from < field->cursor && width_between(field, from, field->cursor) >= cells)
		from = after(field, from);
	surface_put_field(surface, row, col, cells, ALIGN_LEFT, ROLE_INPUT, TEXT_TRUSTED(field->text + from));
	if (focused)
		surface_cursor(surface, row, col + width_between(field, from, field->cursor), true);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/key.h"

#include "base/text.h"
#include "base/utf8.h"

#include <strings.h>

enum { KEY_WORD_MAX = 16 };

static const struct {
	const char *name;
	uint32_t code;
} names[] = {
	{ "Up", KEYCODE_UP },
	{ "Down", KEYCODE_DOWN },
	{ "Left", KEYCODE_LEFT },
	{ "Right", KEYCODE_RIGHT },
	{ "Home", KEYCODE_HOME },
	{ "End", KEYCODE_END },
	{ "PgUp", KEYCODE_PAGE_UP },
	{ "PgDn", KEYCODE_PAGE_DOWN },
	{ "Ins", KEYCODE_INSERT },
	{ "Del", KEYCODE_DELETE },
	{ "Backspace", KEYCODE_BACKSPACE },
	{ "Tab", KEYCODE_TAB },
	{ "BackTab", KEYCODE_BACK_TAB },
	{ "Enter", KEYCODE_ENTER },
	{ "Esc", KEYCODE_ESC },
	{ "Space", ' ' },
};

bool key_parse(const char *text, size_t len, struct key *ret_key)
{
	struct key key = { 0 };
	char buf[KEY_WORD_MAX];
	char *word = buf;
	int number = 0, used = 0;

	if (len == 0 || len >= sizeof(buf))
		return false;
	memcpy(buf, text, len);
	buf[len] = '\0';
	if (strncasecmp(word, "M-", 2) == 0 && word[2]) {
		key.mods |= KEY_ALT;
		word += 2;
	}
	if (word[0] == '^' && word[1]) {
		key.mods |= KEY_CTRL;
		word++;
	}
	len = strlen(word);
	for (size_t i = 0; i < ARRAY_SIZE(names) && !key.code; i++)
		key.code = strcasecmp(names[i].name, word) == 0 ? names[i].code : 0;
	if (!key.code && (word[0] == 'F' || word[0] == 'f') && sscanf(word + 1, "%2d%n", &number, &used) == 1 &&
	    !word[1 + used] && number >= 1 && number <= 12)
		key.code = (uint32_t)(KEYCODE_F1 + number - 1);
	if (!key.code &&
	    (utf8_decode(word, len, &key.code) != len || key.code == ' ' || text_char_width(key.code) <= 0))
		return false;
	if ((key.mods & KEY_CTRL) && key.code >= 'A' && key.code <= 'Z')
		key.code += 'a' - 'A';
	*ret_key = key;
	return true;
}

void key_format(struct key key, char buf[KEY_NAME_SIZE])
{
	const char *mods[] = { "", "^", "M-", "M-^" };
	const char *prefix = mods[key.mods & (KEY_CTRL | KEY_ALT)];
	const char *name = NULL;
	char character[UTF8_MAX + 1] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(names) && !name; i++)
		name = names[i].code == key.code ? names[i].name : NULL;
	if (key.mods & KEY_CTRL && key.code >= 'a' && key.code <= 'z')
		key.code -= 'a' - 'A';
	if (name)
		snprintf(buf, KEY_NAME_SIZE, "%s%s", prefix, name);
	else if (key.code >= KEYCODE_F1 && key.code <= KEYCODE_LAST)
		snprintf(buf, KEY_NAME_SIZE, "%sF%u", prefix, (unsigned)(key.code - KEYCODE_F1 + 1));
	else
		snprintf(buf, KEY_NAME_SIZE, "%s%.*s", prefix, (int)utf8_encode(key.code, character), character);
}

bool key_equal(struct key a, struct key b)
{
	return a.code == b.code && a.mods == b.mods;
}

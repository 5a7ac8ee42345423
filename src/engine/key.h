/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key.h - a key as a value, and as a person writes it: "L", "^D", "F2", "Space", "PgUp", "M-x".
 *
 * "^x" is Ctrl and "M-x" Alt. Case matters for letters, not for names. Any thread.
 */
#pragma once

#include "base/base.h"

enum key_code { /* above Unicode */
		KEYCODE_UP = 0x110000,
		KEYCODE_DOWN,
		KEYCODE_LEFT,
		KEYCODE_RIGHT,
		KEYCODE_HOME,
		KEYCODE_END,
		KEYCODE_PAGE_UP,
		KEYCODE_PAGE_DOWN,
		KEYCODE_INSERT,
		KEYCODE_DELETE,
		KEYCODE_BACKSPACE,
		KEYCODE_TAB,
		KEYCODE_BACK_TAB,
		KEYCODE_ENTER,
		KEYCODE_ESC,
		KEYCODE_F1, /* F12 is KEYCODE_F1 + 11 */
		KEYCODE_LAST = KEYCODE_F1 + 11
};

enum key_mods { KEY_CTRL = 1, KEY_ALT = 2, KEY_SHIFT = 4 /* with a named key alone; "L" is a code of its own */ };

enum { KEY_NAME_SIZE = 24 };

struct key {
	uint32_t code; /* a Unicode code point or enum key_code */
	unsigned mods;
};

/* One key; text ends at len. False: no such key. */
bool key_parse(const char *text, size_t len, struct key *ret_key);
void key_format(struct key key, char buf[KEY_NAME_SIZE]);
bool key_equal(struct key a, struct key b);

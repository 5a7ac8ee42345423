/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * form.h - a text input of one line, with readline's keys and the arrows.
 */
#pragma once

#include "ui/tui/term/decode.h"
#include "ui/tui/term/surface.h"

enum { FIELD_MAX = 512 };

struct field {
	char text[FIELD_MAX]; /* safe: only printable characters are accepted */
	size_t len, cursor;   /* bytes */
	bool digits_only;
};

void field_set(struct field *field, const char *text);
/* True: the field used the key. It never uses Enter, Tab, Esc, up and down. */
bool field_key(struct field *field, struct key key);
void field_paste(struct field *field, const char *bytes, size_t len); /* line ends become blanks */
struct safe_text field_text(const struct field *field);               /* view */

/* In `cells` cells from col on; follows the cursor where the text is longer. */
void field_draw(const struct field *field, struct surface surface, int row, int col, int cells, bool focused);

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/term/shape.h"

#include "base/utf8.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static bool plain; /* nothing but ASCII */

/* Punctuation of ours that has a plain form. */
static const struct {
	uint32_t code;
	const char *ascii;
} plain_forms[] = {
	{ 0x2026, "..." }, { 0x2013, "-" },  { 0x2014, "-" },  { 0x00b7, "." }, { 0x2192, "->" }, { 0x2018, "'" },
	{ 0x2019, "'" },   { 0x201c, "\"" }, { 0x201d, "\"" }, { 0x00a0, " " }, { 0x2581, "_" },  { 0x2582, "." },
	{ 0x2583, "-" },   { 0x2584, ":" },  { 0x2585, "=" },  { 0x2586, "+" }, { 0x2587, "*" },  { 0x2588, "#" },
};

void shape_init(bool ascii)
{
	plain = ascii;
}

static size_t escape_at(const char *s)
{
	size_t len;

	if (s[0] == '\\' && s[1] == 'x' && s[2] && s[3])
		return 4;
	if (s[0] != '<' || !((s[1] == 'U' && s[2] == '+') || s[1] == '+'))
		return 0;
	len = strcspn(s, ">");
	return len < 32 && s[len] ? len + 1 : 0;
}

bool shape_can_show(uint32_t code, int width)
{
	char buf[MB_LEN_MAX];
	mbstate_t state = { 0 };

	if (code < 0x80)
		return true;
	/* Regional indicators and skin tones: no two terminals agree how many cells they take. */
	if ((code >= 0x1f1e6 && code <= 0x1f1ff) || (code >= 0x1f3fb && code <= 0x1f3ff))
		return false;
	return !plain && wcrtomb(buf, (wchar_t)code, &state) != (size_t)-1 && wcwidth((wchar_t)code) == width;
}

static void make_pending(struct shape_walk *walk, uint32_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(plain_forms); i++) {
		if (plain_forms[i].code == code) {
			snprintf(walk->pending, sizeof(walk->pending), "%s", plain_forms[i].ascii);
			walk->pending_is_escape = false;
			return;
		}
	}
	snprintf(walk->pending, sizeof(walk->pending), "<U+%04X>", (unsigned)code);
	walk->pending_is_escape = true;
}

static bool next_pending(struct shape_walk *walk, struct shape *ret_shape)
{
	if (!walk->pending[walk->pending_at])
		return false;
	*ret_shape = (struct shape){ .chars = { (wchar_t)walk->pending[walk->pending_at++] },
				     .width = 1,
				     .is_escape = walk->pending_is_escape };
	return true;
}

bool shape_make(const char *cluster, size_t len, int width, struct shape *ret_shape, uint32_t *ret_culprit)
{
	size_t at = 0, used;
	uint32_t code = 0;

	*ret_shape = (struct shape){ .width = width };
	for (int i = 0; at < len && i < SHAPE_CHARS - 1; i++, at += used) {
		used = utf8_decode(cluster + at, len - at, &code);
		if (!used)
			break;
		if (!shape_can_show(code, i == 0 ? width : 0)) {
			*ret_culprit = code;
			return i > 0; /* a base without its marks will do */
		}
		ret_shape->chars[i] = (wchar_t)code;
	}
	return true;
}

bool shape_next(struct shape_walk *walk, struct shape *ret_shape)
{
	uint32_t culprit = 0;
	size_t len = 1;
	int width = 1;

	if (next_pending(walk, ret_shape))
		return true;
	if (!*walk->s)
		return false;
	if (!walk->escape_left)
		walk->escape_left = escape_at(walk->s);
	if (walk->escape_left || ((unsigned char)walk->s[0] < 0x80 && (unsigned char)walk->s[1] < 0x80)) {
		*ret_shape =
			(struct shape){ .chars = { (wchar_t)*walk->s++ }, .width = 1, .is_escape = walk->escape_left };
		walk->escape_left -= walk->escape_left > 0;
		return true;
	}
	if (!text_next_cluster(walk->s, &len, &width))
		return false;
	if (shape_make(walk->s, len, width, ret_shape, &culprit)) {
		walk->s += len;
		return true;
	}
	walk->s += len;
	make_pending(walk, culprit);
	walk->pending_at = 0;
	return next_pending(walk, ret_shape);
}

size_t shape_break_line(const char *s, int room, const char **ret_next)
{
	struct shape_walk walk = { .s = s };
	const char *last_blank = NULL, *before = s;
	struct shape shape;

	for (int width = 0; shape_next(&walk, &shape); before = walk.s) {
		if (shape.chars[0] == L' ' && !shape.is_escape)
			last_blank = before;
		width += shape.width;
		if (width > room && shape.chars[0] != L' ') {
			const char *end = last_blank ? last_blank : before > s ? before : walk.s;

			*ret_next = end + strspn(end, " ");
			return (size_t)(end - s);
		}
	}
	*ret_next = walk.s;
	return (size_t)(walk.s - s);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"

#include "base/text_width.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ELLIPSIS "…"

/* Where a text is being written. Pieces go in whole or not at all. */
struct writer {
	char *buf;     /* NULL: only the length is wanted */
	size_t size;   /* room in buf, the NUL included */
	size_t len;    /* bytes written so far */
	size_t cut_at; /* the last border behind which an ellipsis fits */
	bool is_full;
	bool has_base; /* there is something here that a mark can combine with */
	size_t marks;  /* since that */
};

static const size_t ellipsis_len = sizeof(ELLIPSIS) - 1;

static void put(struct writer *w, const char *piece, size_t len)
{
	if (w->is_full)
		return;
	if (w->buf && w->len + len >= w->size) {
		w->is_full = true;
		w->len = w->cut_at;
		if (w->len + ellipsis_len >= w->size)
			return;
		piece = ELLIPSIS;
		len = ellipsis_len;
	}
	if (w->buf)
		memcpy(w->buf + w->len, piece, len);
	w->len += len;
	if (w->buf && w->len + ellipsis_len < w->size)
		w->cut_at = w->len;
}

static void put_escape(struct writer *w, uint32_t code_point)
{
	char escape[16];

	put(w, escape, (size_t)snprintf(escape, sizeof(escape), "<U+%04X>", (unsigned)code_point));
}

static void end_marks(struct writer *w)
{
	char note[40];

	if (w->marks > TEXT_MARKS_MAX)
		put(w, note, (size_t)snprintf(note, sizeof(note), "<+%zu marks>", w->marks - TEXT_MARKS_MAX));
	w->marks = 0;
}

static void put_bad_byte(struct writer *w, unsigned char byte)
{
	static const char hex[] = "0123456789ABCDEF";
	const char escape[] = { '\\', 'x', hex[byte >> 4], hex[byte & 15] };

	end_marks(w);
	put(w, escape, sizeof(escape));
	w->has_base = false;
}

static void put_forbidden(struct writer *w, uint32_t code_point)
{
	end_marks(w);
	put_escape(w, code_point);
	w->has_base = false;
}

static void put_mark(struct writer *w, const char *bytes, size_t len, uint32_t code_point)
{
	w->marks++;
	if (w->marks > TEXT_MARKS_MAX)
		return;
	if (w->has_base)
		put(w, bytes, len);
	else
		put_escape(w, code_point);
}

static void put_base(struct writer *w, const char *bytes, size_t len)
{
	end_marks(w);
	put(w, bytes, len);
	w->has_base = true;
}

static bool is_upper_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

/*
 * Whether the bytes at s would read as an escape of ours, were they let through. The bytes at the very
 * end count too where another text could complete them.
 */
static bool looks_like_escape(const char *s, size_t len)
{
	if (s[0] == '<')
		return len == 1 || s[1] == '+' || (s[1] == 'U' && (len == 2 || s[2] == '+'));
	return s[0] == '\\' && len >= 4 && s[1] == 'x' && is_upper_hex(s[2]) && is_upper_hex(s[3]);
}

enum door {
	TEXT_FROM_OUTSIDE,
	TEXT_OF_OURS,
};

/* Everything between s and s + cap, and of the code point that begins there no part. True: all of the len bytes. */
static bool write_text(struct writer *w, enum door door, const char *s, size_t len, size_t cap)
{
	uint32_t code_point = 0;
	size_t n;

	for (size_t at = 0; at < len; at += MAX(n, 1)) {
		n = utf8_decode(s + at, len - at, &code_point);
		if (at + MAX(n, 1) > cap) {
			end_marks(w);
			return false;
		}
		if (n == 0)
			put_bad_byte(w, (unsigned char)s[at]);
		else if (door == TEXT_FROM_OUTSIDE && looks_like_escape(s + at, len - at))
			put_forbidden(w, code_point);
		else if (door == TEXT_FROM_OUTSIDE && code_point == ' ' && at + 1 == len)
			put_forbidden(w, code_point);
		else if (text_class_of(code_point) == TEXT_CLASS_FORBIDDEN)
			put_forbidden(w, code_point);
		else if (text_class_of(code_point) == TEXT_CLASS_MARK)
			put_mark(w, s + at, n, code_point);
		else
			put_base(w, s + at, n);
	}
	end_marks(w);
	return true;
}

static void write_outside(struct writer *w, const char *bytes, size_t len, size_t cap)
{
	if (!write_text(w, TEXT_FROM_OUTSIDE, bytes, len, cap))
		put(w, ELLIPSIS, ellipsis_len);
}

struct safe_text text_sanitize(const char *bytes, size_t len, size_t cap)
{
	struct writer w = { 0 };
	char *str;

	if (len == 0)
		return (struct safe_text){ 0 };
	/* Twice: first to know the size, so that thousands of names take no more than they need. */
	write_outside(&w, bytes, len, cap);
	str = mem_zalloc(w.len + 1);
	w = (struct writer){ .buf = str, .size = w.len + 1 };
	write_outside(&w, bytes, len, cap);
	return (struct safe_text){ .str = str };
}

struct safe_text text_sanitize_str(const char *s, size_t cap)
{
	/* A few bytes beyond the cap tell whether the code point there is whole. */
	return text_sanitize(s, s ? strnlen(s, MIN(cap, SIZE_MAX - UTF8_MAX) + UTF8_MAX) : 0, cap);
}

/* A newly allocated text, or NULL where s is what it should be already. */
static char *neutral_copy(const char *s, size_t len)
{
	struct writer w = { 0 };
	char *str;

	if (text_is_safe(s))
		return NULL;
	write_text(&w, TEXT_OF_OURS, s, len, len);
	str = mem_zalloc(w.len + 1);
	w = (struct writer){ .buf = str, .size = w.len + 1 };
	write_text(&w, TEXT_OF_OURS, s, len, len);
	return str;
}

struct safe_text text_vformat(const char *format, va_list args)
{
	char *raw = mem_vprintf(format, args);
	char *neutral = neutral_copy(raw, strlen(raw));

	if (!neutral)
		return (struct safe_text){ .str = raw };
	free(raw);
	return (struct safe_text){ .str = neutral };
}

struct safe_text text_format(const char *format, ...)
{
	struct safe_text text;
	va_list args;

	va_start(args, format);
	text = text_vformat(format, args);
	va_end(args);
	return text;
}

void text_neutralise(char *buf, size_t size)
{
	struct writer w = { .buf = buf, .size = size };
	size_t len;
	char *raw;

	if (size == 0 || text_is_safe(buf))
		return;
	len = strnlen(buf, size - 1);
	raw = mem_strndup(buf, len);
	write_text(&w, TEXT_OF_OURS, raw, len, len);
	buf[w.len] = '\0';
	free(raw);
}

bool text_is_safe(const char *s)
{
	size_t marks = TEXT_MARKS_MAX; /* none may come first */
	uint32_t code_point;

	while (*s) {
		size_t n = utf8_decode(s, UTF8_MAX, &code_point);

		if (n == 0)
			return false;
		switch (text_class_of(code_point)) {
		case TEXT_CLASS_FORBIDDEN:
			return false;
		case TEXT_CLASS_MARK:
			if (marks++ == TEXT_MARKS_MAX)
				return false;
			break;
		default:
			marks = 0;
		}
		s += n;
	}
	return true;
}

struct safe_text text_copy(struct safe_text text)
{
	return (struct safe_text){ .str = text.str ? mem_strdup(text.str) : NULL };
}

void text_free(struct safe_text *text)
{
	free((char *)text->str);
	text->str = NULL;
}

void text_move(struct safe_text *to, struct safe_text *from)
{
	struct safe_text moved = *from;

	from->str = NULL;
	text_set(to, moved);
}

void text_set(struct safe_text *to, struct safe_text owned)
{
	text_free(to);
	*to = owned;
}

bool text_equal(struct safe_text a, struct safe_text b)
{
	return strcmp(text_str(a), text_str(b)) == 0;
}

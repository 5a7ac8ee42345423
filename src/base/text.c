/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"

#include "base/utf8.h"

#include <limits.h>

#define ELLIPSIS "…"

/* --- what a code point may do --- */

#define RUN(first, class) ((uint32_t)(first) << 2 | TEXT_CLASS_##class)

static const uint32_t runs[] = {
#include "base/text_tables.h"
};

enum text_class text_class_of(uint32_t code_point)
{
	uint32_t key = code_point << 2 | 3;
	size_t low = 0, high = ARRAY_SIZE(runs);

	if (code_point >= 0x20 && code_point < 0x7F)
		return TEXT_CLASS_NARROW;
	if (code_point > 0x10FFFF)
		return TEXT_CLASS_FORBIDDEN;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (runs[middle] <= key)
			low = middle;
		else
			high = middle;
	}
	return (enum text_class)(runs[low] & 3);
}

/* --- writing --- */

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

static void end_marks(struct writer *w)
{
	char note[40];

	if (w->marks > TEXT_MARKS_MAX)
		put(w, note, (size_t)snprintf(note, sizeof(note), "<+%zu marks>", w->marks - TEXT_MARKS_MAX));
	w->marks = 0;
}

/*
 * Whether the bytes at s would read as an escape of ours, were they let through. The bytes at the very
 * end count too where another text could complete them.
 */
static bool looks_like_escape(const char *s, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";

	if (s[0] == '<')
		return len == 1 || s[1] == '+' || (s[1] == 'U' && (len == 2 || s[2] == '+'));
	return s[0] == '\\' && len >= 4 && s[1] == 'x' && memchr(hex, s[2], 16) && memchr(hex, s[3], 16);
}

enum text_origin {
	TEXT_FROM_OUTSIDE,
	TEXT_TRUSTED_BYTES,
};

/* Everything between s and s + cap, and of the code point that begins there no part: an ellipsis instead. */
static void write_text(struct writer *w, enum text_origin origin, const char *s, size_t len, size_t cap)
{
	uint32_t code_point = 0;
	size_t n;

	for (size_t at = 0; at < len; at += MAX(n, 1)) {
		enum text_class class = TEXT_CLASS_FORBIDDEN;
		char escape[16];

		n = utf8_decode(s + at, len - at, &code_point);
		if (at + MAX(n, 1) > cap) {
			end_marks(w);
			put(w, ELLIPSIS, ellipsis_len);
			return;
		}
		/* From outside, what reads as an escape of ours is one, and so is a space at the very end (text.h). */
		if (n > 0 && (origin == TEXT_TRUSTED_BYTES ||
			      (!looks_like_escape(s + at, len - at) && (code_point != ' ' || at + 1 < len))))
			class = text_class_of(code_point);
		if (class == TEXT_CLASS_MARK && ++w->marks > TEXT_MARKS_MAX)
			continue;
		if (class != TEXT_CLASS_MARK) {
			end_marks(w);
			w->has_base = class != TEXT_CLASS_FORBIDDEN;
		}
		if (n == 0)
			put(w, escape, (size_t)snprintf(escape, sizeof(escape), "\\x%02X", (unsigned char)s[at]));
		else if (w->has_base)
			put(w, s + at, n);
		else
			put(w, escape, (size_t)snprintf(escape, sizeof(escape), "<U+%04X>", (unsigned)code_point));
	}
	end_marks(w);
}

/* Owned. */
static struct safe_text make_text(enum text_origin origin, const char *s, size_t len, size_t cap)
{
	struct writer w = { 0 };
	char *str;

	/* Twice: first to know the size, so that thousands of names take no more than they need. */
	write_text(&w, origin, s, len, cap);
	str = mem_zalloc(w.len + 1);
	w = (struct writer){ .buf = str, .size = w.len + 1 };
	write_text(&w, origin, s, len, cap);
	return (struct safe_text){ .str = str };
}

struct safe_text text_sanitize(const char *bytes, size_t len, size_t cap)
{
	return len > 0 ? make_text(TEXT_FROM_OUTSIDE, bytes, len, cap) : (struct safe_text){ 0 };
}

struct safe_text text_sanitize_str(const char *s, size_t cap)
{
	/* A few bytes beyond the cap tell whether the code point there is whole. */
	return text_sanitize(s, s ? strnlen(s, MIN(cap, SIZE_MAX - UTF8_MAX) + UTF8_MAX) : 0, cap);
}

struct safe_text text_vformat(const char *format, va_list args)
{
	struct safe_text text = { .str = mem_vprintf(format, args) };

	if (!text_is_safe(text.str))
		text_set(&text, make_text(TEXT_TRUSTED_BYTES, text.str, strlen(text.str), SIZE_MAX));
	return text;
}

struct safe_text text_fill(const char *words, struct safe_text gap)
{
	const char *at = strstr(words, "%s");

	return at ? text_format("%.*s%s%s", (int)(at - words), words, text_str(gap), at + 2) : text_format("%s", words);
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
	OWN(bytes) char *raw = NULL;

	if (size == 0 || text_is_safe(buf))
		return;
	len = strnlen(buf, size - 1);
	raw = mem_strndup(buf, len);
	write_text(&w, TEXT_TRUSTED_BYTES, raw, len, len);
	buf[w.len] = '\0';
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

struct safe_text text_to_ascii(struct safe_text text)
{
	const char *s = text_str(text);
	size_t len = strlen(s), n, out_len = 0;
	OWN(bytes) char *out = mem_zalloc(8 * len + 1);

	for (size_t at = 0; at < len; at += MAX(n, 1)) {
		uint32_t code_point = 0;

		n = utf8_decode(s + at, len - at, &code_point);
		if (n == 1)
			out[out_len++] = s[at];
		else
			out_len += (size_t)snprintf(out + out_len, 16, "<U+%04X>", (unsigned)code_point);
	}
	return text_format("%s", out);
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

void text_append(struct safe_text *to, const char *separator, const char *format, ...)
{
	OWN(text) struct safe_text more = { 0 };
	va_list args;

	va_start(args, format);
	more = text_vformat(format, args);
	va_end(args);
	text_set(to, text_format("%s%s%s", text_str(*to), text_is_empty(*to) ? "" : separator, text_str(more)));
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

/* --- order --- */

static unsigned char folded(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

int text_compare(struct safe_text a, struct safe_text b)
{
	static const char digits[] = "0123456789";
	const char *s = text_str(a), *t = text_str(b);

	while (*s && *t) {
		if (strchr(digits, *s) && strchr(digits, *t)) {
			size_t len_s, len_t;
			int order;

			/* Any length: no number type would hold them all. */
			s += strspn(s, "0");
			t += strspn(t, "0");
			len_s = strspn(s, digits);
			len_t = strspn(t, digits);
			order = len_s == len_t ? memcmp(s, t, len_s) : len_s < len_t ? -1 : 1;
			if (order)
				return order;
			s += len_s;
			t += len_t;
		} else if (folded(*s) != folded(*t)) {
			return folded(*s) < folded(*t) ? -1 : 1;
		} else {
			s++;
			t++;
		}
	}
	if (*s || *t)
		return *s ? 1 : -1;
	/* Only the same bytes are equal, so that a sort never shuffles web1, WEB1 and web01. */
	return strcmp(text_str(a), text_str(b));
}

/* --- cells --- */

int text_char_width(uint32_t code_point)
{
	static const int cells[] = {
		[TEXT_CLASS_MARK] = 0,
		[TEXT_CLASS_NARROW] = 1,
		[TEXT_CLASS_WIDE] = 2,
		[TEXT_CLASS_FORBIDDEN] = 0,
	};

	return cells[text_class_of(code_point)];
}

bool text_next_cluster(const char *s, size_t *ret_len, int *ret_width)
{
	uint32_t code_point = 0;
	size_t len, mark_len;

	if (!*s)
		return false;
	len = utf8_decode(s, UTF8_MAX, &code_point);
	*ret_width = len ? text_char_width(code_point) : 1;
	len = MAX(len, 1);
	/* Plain ASCII is most of what is shown. */
	while ((unsigned char)s[len] >= 0x80) {
		mark_len = utf8_decode(s + len, UTF8_MAX, &code_point);
		if (!mark_len || text_class_of(code_point) != TEXT_CLASS_MARK)
			break;
		len += mark_len;
	}
	*ret_len = len;
	return true;
}

size_t text_fit(struct safe_text text, int cells, int *ret_width)
{
	const char *s = text_str(text);
	size_t at = 0, len;
	int used = 0, width;

	while (text_next_cluster(s + at, &len, &width) && width <= cells - used) {
		at += len;
		used += width;
	}
	if (ret_width)
		*ret_width = used;
	return at;
}

int text_width(struct safe_text text)
{
	int width;

	text_fit(text, INT_MAX, &width);
	return width;
}

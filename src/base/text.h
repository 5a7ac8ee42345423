/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - safe text: the only way from outside to a screen, a log, a file or stdout.
 *
 * A struct safe_text is a string with a proof. It is valid UTF-8, NUL-terminated, and every code point
 * in it takes part in the picture only as itself, with the same number of cells on every terminal:
 *	no control (C0, DEL, C1), format character (Cf: bidi marks, zero-width ones, ZWJ, TAGs), line or
 *	paragraph separator, private use, surrogate or unassigned code point;
 *	nothing that is invisible or blank but the space itself: no NBSP and other Zs, no variation
 *	selector, filler or other default-ignorable, no U+2800;
 *	nothing that melts into its neighbours: regional indicators (flags), skin tones, conjoining
 *	Hangul vowels and finals (composed syllables are fine);
 *	nothing on whose width terminals disagree: marks younger than Unicode 5.0, wide characters
 *	younger than 9.0, and a handful that always was disputed;
 *	at most TEXT_MARKS_MAX combining marks after a base, none at the start.
 * So texts can be joined, padded and cut between clusters, and stay safe and as wide as reckoned.
 *
 * What is not allowed is made visible:
 *	U+202E            ->  <U+202E>
 *	a byte that is no UTF-8  ->  \xNN   (decoding goes on at the next byte)
 *	surplus marks     ->  dropped and counted: <+48 marks>
 *
 * Two doors lead in:
 *	text_sanitize()  for bytes of guests, XML, libvirt, files. Escapes cannot be forged: where a
 *	                     literal "<U+", "<+" or "\xNN" stands in the input, its first character is
 *	                     escaped, "<U+003C>U+". So is a "<" or "<U" at the very end, which what
 *	                     follows could complete, and a space at the very end, which nobody would see.
 *	text_format()        for sentences of ours around texts that are safe already. Idempotent:
 *	                     it neutralises, but leaves escapes as they are.
 * (One function cannot be idempotent and unforgeable at once, hence two.)
 *
 * Letters that look alike (Latin and Cyrillic a, composed and decomposed e-acute) stay what they are.
 *
 * Values, not handles: `struct safe_text` that a function returns as "owned" is freed with
 * text_free(); "view" is borrowed. {NULL} is the empty text. Any thread.
 * Character properties: one table of our own, Unicode 14.0, whatever the C library or locale (gen-tables).
 */
#pragma once

#include "base/base.h"

enum {
	TEXT_MARKS_MAX = 2,

	/* What is kept of a text at the door, in bytes of the input. */
	TEXT_CAP_HOST = 255,
	TEXT_CAP_USER = 256,
	TEXT_CAP_OS = 128,
	TEXT_CAP_NAME = 255,
	TEXT_CAP_LINE = 4096,
};

/* What a code point may do in a safe text. */
enum text_class {
	TEXT_CLASS_MARK,      /* 0 cells: combines with the base before it */
	TEXT_CLASS_NARROW,    /* 1 cell */
	TEXT_CLASS_WIDE,      /* 2 cells */
	TEXT_CLASS_FORBIDDEN, /* shown as an escape */
};

enum text_class text_class_of(uint32_t code_point);

struct safe_text {
	const char *str; /* NULL: empty. Read it with text_str(). */
};

/* A constant or a translated sentence of ours. View. */
#define TEXT_TRUSTED(literal) ((struct safe_text){ .str = (literal) })

/*
 * Owned. At most cap bytes of the input are kept, whole code points only; where it was longer, the text
 * ends in "…" ("..." is the ASCII form, made by the terminal). bytes may be NULL when len is 0.
 */
struct safe_text text_sanitize(const char *bytes, size_t len, size_t cap);
struct safe_text text_sanitize_str(const char *s, size_t cap); /* NULL: empty */

/* Owned. Every %s must be safe or ours. */
/* A translator's sentence with `gap` in place of its %s, if it has one; the sentence is no format. Owned. */
struct safe_text text_fill(const char *words, struct safe_text gap);
struct safe_text text_format(const char *format, ...) PRINTF_LIKE(1, 2);
struct safe_text text_vformat(const char *format, va_list args) PRINTF_LIKE(1, 0);

struct safe_text text_copy(struct safe_text text);     /* owned */
struct safe_text text_to_ascii(struct safe_text text); /* owned: "<U+00E9>" where it is not ASCII */
void text_free(struct safe_text *text);                /* empty afterwards */
void text_move(struct safe_text *to, struct safe_text *from);
void text_set(struct safe_text *to, struct safe_text owned); /* frees what was there */
/* Behind what is there: the separator, where anything is, and what text_format() makes of the rest. */
void text_append(struct safe_text *to, const char *separator, const char *format, ...) PRINTF_LIKE(3, 4);

static inline const char *text_str(struct safe_text text)
{
	return text.str ? text.str : "";
}

static inline bool text_is_empty(struct safe_text text)
{
	return !text.str || !*text.str;
}

bool text_equal(struct safe_text a, struct safe_text b);
/* Order for people: ASCII case folds, runs of digits count as numbers (web2 before web10). 0 only where equal. */
int text_compare(struct safe_text a, struct safe_text b);

/*
 * Does what text_format() does, in a buffer of the caller's that holds a string: for struct err, which lives
 * on stacks. Where it grows too long, it ends in "…", after a whole code point or escape.
 */
void text_neutralise(char *buf, size_t size);

/* Cells on a terminal. */
int text_width(struct safe_text text);
int text_char_width(uint32_t code_point); /* 1 or 2; 0 for marks and for what no safe text holds */

/*
 * Walks a text cell by cell: a cluster is a base with its marks.
 * ret_len: bytes of the cluster; ret_width: its cells. False at the end.
 */
bool text_next_cluster(const char *s, size_t *ret_len, int *ret_width);

/* Bytes of `text` that fit into `cells`; ret_width (may be NULL): cells that they take. */
size_t text_fit(struct safe_text text, int cells, int *ret_width);

/* True where the bytes are already what text_format() would make of them. For tests and gates. */
bool text_is_safe(const char *s);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every Unicode scalar value in every position, and every string of two and of three bytes, through both
 * functions of text.h. What must hold is asked of others: a decoder and a list of dangers written here, the C
 * library's iswprint(), a terminal's cells. And what went in can be read out of what came out, which it
 * could not if an escape could be forged.
 *
 * All of it takes half a minute. Under AddressSanitizer every 61st of the three-byte strings is tried, under
 * ThreadSanitizer, which has nothing to find here, of the scalar values, too. TEXT_STRIDE=n in the environment
 * tries every n-th of both.
 */
#include "base/text.h"
#include "cells.h"
#include "unit.h"

#include <locale.h>
#include <wctype.h>

#ifdef __has_feature
#define HAS_SANITIZER(name) __has_feature(name)
#else
#define HAS_SANITIZER(name) 0
#endif
#if defined(__SANITIZE_THREAD__) || HAS_SANITIZER(thread_sanitizer)
enum { SCALAR_STRIDE = 61, STRING_STRIDE = 61 };
#elif defined(__SANITIZE_ADDRESS__) || HAS_SANITIZER(address_sanitizer)
enum { SCALAR_STRIDE = 1, STRING_STRIDE = 61 };
#else
enum { SCALAR_STRIDE = 1, STRING_STRIDE = 1 };
#endif

enum { SCALARS_END = 0x110000 };

static struct cells terminal;
static bool is_danger[SCALARS_END]; /* must never be let through */
static bool is_mark[SCALARS_END];   /* the terminal gives it no cell */

/* ---- a second opinion: UTF-8 by encoding back what the lead byte promises ---- */

static size_t encode(uint32_t c, char *buf)
{
	if (c < 0x80) {
		buf[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		buf[0] = (char)(0xC0 + c / 0x40);
		buf[1] = (char)(0x80 + c % 0x40);
		return 2;
	}
	if (c < 0x10000) {
		buf[0] = (char)(0xE0 + c / 0x1000);
		buf[1] = (char)(0x80 + c / 0x40 % 0x40);
		buf[2] = (char)(0x80 + c % 0x40);
		return 3;
	}
	buf[0] = (char)(0xF0 + c / 0x40000);
	buf[1] = (char)(0x80 + c / 0x1000 % 0x40);
	buf[2] = (char)(0x80 + c / 0x40 % 0x40);
	buf[3] = (char)(0x80 + c % 0x40);
	return 4;
}

static bool is_scalar(uint32_t c)
{
	return c < 0xD800 || (c > 0xDFFF && c < SCALARS_END);
}

/* Bytes of the code point at s, which ends with a NUL at the latest; 0: none. */
static size_t decode(const char *s, uint32_t *ret)
{
	unsigned char lead = (unsigned char)*s;
	size_t len = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	uint32_t c = len == 1 ? lead : lead % (0x80u >> len);
	char again[4];

	*ret = c;
	if (len == 1)
		return 1;
	for (size_t i = 1; i < len; i++) {
		if (!s[i])
			return 0;
		c = c * 0x40 + (unsigned char)s[i] % 0x40;
	}
	*ret = c;
	return is_scalar(c) && encode(c, again) == len && memcmp(s, again, len) == 0 ? len : 0;
}

/* ---- a second opinion: what must never be let through ---- */

static const struct {
	uint32_t first, last;
} dangers[] = {
	{ 0x00, 0x1F },       { 0x7F, 0x9F },       { 0xA0, 0xA0 },        { 0xAD, 0xAD },       { 0x34F, 0x34F },
	{ 0x600, 0x605 },     { 0x61C, 0x61C },     { 0x6DD, 0x6DD },      { 0x70F, 0x70F },     { 0x115F, 0x1160 },
	{ 0x1680, 0x1680 },   { 0x17B4, 0x17B5 },   { 0x180B, 0x180F },    { 0x2000, 0x200F },   { 0x2028, 0x202F },
	{ 0x205F, 0x206F },   { 0x2800, 0x2800 },   { 0x3000, 0x3000 },    { 0x3164, 0x3164 },   { 0xD800, 0xF8FF },
	{ 0xFDD0, 0xFDEF },   { 0xFE00, 0xFE0F },   { 0xFEFF, 0xFEFF },    { 0xFFA0, 0xFFA0 },   { 0xFFF0, 0xFFFC },
	{ 0xFFFE, 0xFFFF },   { 0x110BD, 0x110BD }, { 0x1BCA0, 0x1BCA3 },  { 0x1D159, 0x1D159 }, { 0x1D173, 0x1D17A },
	{ 0x1F1E6, 0x1F1FF }, { 0x1F3FB, 0x1F3FF }, { 0xE0000, 0x10FFFF },
};

static bool judge(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_SIZE(dangers); i++)
		if (c >= dangers[i].first && c <= dangers[i].last)
			return true;
	return (c & 0xFFFE) == 0xFFFE || !iswprint((wint_t)c);
}

static void assert_is_safe(const char *s)
{
	int marks = TEXT_MARKS_MAX;
	uint32_t c = 0;

	while (*s) {
		size_t len = decode(s, &c);

		if (!len || is_danger[c])
			fail_msg("let through: byte %02X of %s", (unsigned char)*s, s);
		marks = is_mark[c] ? marks + 1 : 0;
		if (marks > TEXT_MARKS_MAX)
			fail_msg("too many marks: %s", s);
		s += len;
	}
}

/* ---- a second opinion: what went in, read from what came out ---- */

static size_t read_back_one(const char *s, char *buf, size_t *ret_len)
{
	char *end;

	if (strncmp(s, "<U+", 3) == 0) {
		uint32_t c = (uint32_t)strtoul(s + 3, &end, 16);

		assert_true(*end == '>' && end - s >= 7);
		*ret_len = encode(c, buf);
		return (size_t)(end + 1 - s);
	}
	if (s[0] == '\\' && s[1] == 'x' && strspn(s + 2, "0123456789ABCDEF") >= 2) {
		const char hex[] = { s[2], s[3], '\0' };

		*buf = (char)strtoul(hex, NULL, 16);
		*ret_len = 1;
		return 4;
	}
	*buf = *s;
	*ret_len = 1;
	return 1;
}

static void assert_reads_back(const char *s, const char *bytes, size_t len)
{
	char back[64];
	size_t back_len = 0, n = 0;

	while (*s) {
		assert_true(back_len + 4 < sizeof(back));
		s += read_back_one(s, back + back_len, &n);
		back_len += n;
	}
	assert_int_equal(back_len, len);
	assert_memory_equal(back, bytes, len);
}

/* ---- both functions ---- */

static void assert_changes_nothing(const char *safe)
{
	OWN(text) struct safe_text again = text_format("%s", safe);
	char buf[128];

	assert_string_equal(text_str(again), safe);
	memcpy(buf, safe, strlen(safe) + 1);
	text_neutralise(buf, sizeof(buf));
	assert_string_equal(buf, safe);
}

static void try_ours(const char *s)
{
	OWN(text) struct safe_text text = text_format("%s", s);

	assert_is_safe(text_str(text));
	assert_changes_nothing(text_str(text));
}

static void try_outside(const char *bytes, size_t len)
{
	OWN(text) struct safe_text text = text_sanitize(bytes, len, TEXT_CAP_LINE);

	assert_is_safe(text_str(text));
	assert_true(text_is_safe(text_str(text)));
	assert_changes_nothing(text_str(text));
	assert_reads_back(text_str(text), bytes, len);
}

static void try_width(const char *bytes, size_t len)
{
	OWN(text) struct safe_text text = text_sanitize(bytes, len, TEXT_CAP_LINE);
	int cells = cells_advance(&terminal, text_str(text), strlen(text_str(text)));

	if (text_width(text) != cells)
		fail_msg("%s takes %d cells, not %d", text_str(text), cells, text_width(text));
}

static unsigned long stride_or(unsigned long usual)
{
	const char *wish = getenv("TEXT_STRIDE");
	unsigned long n = wish ? strtoul(wish, NULL, 10) : 0;

	return n ? n : usual;
}

static void try_scalar(const char *before, uint32_t c, const char *behind)
{
	char bytes[16];
	size_t len = strlen(before);

	memcpy(bytes, before, len);
	len += encode(c, bytes + len);
	memcpy(bytes + len, behind, strlen(behind) + 1);
	len += strlen(behind);
	try_outside(bytes, len);
	try_width(bytes, len);
	if (c)
		try_ours(bytes);
}

TEST(every_scalar_value_is_safe_in_every_position)
{
	const uint32_t step = (uint32_t)stride_or(SCALAR_STRIDE);

	for (uint32_t c = 0; c < SCALARS_END; c += step) {
		if (!is_scalar(c))
			continue;
		try_scalar("", c, "");
		try_scalar("", c, "ab");
		try_scalar("a", c, "b");
		try_scalar("ab", c, "");
	}
}

TEST(every_string_of_two_bytes_is_safe)
{
	for (unsigned n = 0; n < 0x10000; n++) {
		const char bytes[] = { (char)(n >> 8), (char)n, '\0' };

		try_outside(bytes, 2);
		try_width(bytes, 2);
		if (bytes[0] && bytes[1])
			try_ours(bytes);
	}
}

TEST(every_string_of_three_bytes_is_safe)
{
	const unsigned long step = stride_or(STRING_STRIDE);

	for (unsigned long n = 0; n < 0x1000000; n += step) {
		const char bytes[] = { (char)(n >> 16), (char)(n >> 8), (char)n, '\0' };

		try_outside(bytes, 3);
		if (bytes[0] && bytes[1] && bytes[2])
			try_ours(bytes);
	}
}

TEST(no_code_point_is_let_through_that_is_not_a_scalar_value)
{
	for (uint32_t c = 0xD800; c < 0x200000; c = c == 0xDFFF ? SCALARS_END : c + 1) {
		char bytes[5] = { 0 };

		try_outside(bytes, encode(c, bytes));
	}
}

TEST(no_code_point_is_let_through_in_a_longer_form_than_its_own)
{
	for (uint32_t c = 0; c < 0x10000; c++) {
		const char bytes[] = { (char)0xF0, (char)(0x80 + c / 0x1000), (char)(0x80 + c / 0x40 % 0x40),
				       (char)(0x80 + c % 0x40), '\0' };

		assert_int_equal(decode(bytes, &(uint32_t){ 0 }), 0);
		try_outside(bytes, 4);
		try_ours(bytes);
	}
}

/* The other way round: a console that escapes everything would be safe too. */
TEST(what_people_write_is_left_as_it_is)
{
	static const struct {
		uint32_t first, last;
	} letters[] = {
		{ '!', '~' },       { 0xA1, 0xAC },     { 0xAE, 0x2FF },    { 0x391, 0x3A1 },     { 0x400, 0x482 },
		{ 0x5D0, 0x5EA },   { 0x621, 0x64A },   { 0x905, 0x939 },   { 0xE01, 0xE30 },     { 0x2010, 0x2027 },
		{ 0x20A0, 0x20BF }, { 0x2190, 0x23FF }, { 0x2500, 0x27FF }, { 0x3041, 0x3096 },   { 0x30A1, 0x30FF },
		{ 0x4E00, 0x9FD5 }, { 0xAC00, 0xD7A3 }, { 0xFF01, 0xFF5E }, { 0x1F300, 0x1F3FA }, { 0x1F400, 0x1F64F },
	};

	for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
		for (uint32_t c = letters[i].first; c <= letters[i].last; c++) {
			char bytes[5] = { 0 };
			OWN(text) struct safe_text text;

			if (c == '<')
				continue;
			text = text_sanitize(bytes, encode(c, bytes), TEXT_CAP_LINE);
			assert_string_equal(text_str(text), bytes);
		}
	}
}

static int open_terminal(void **state)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8") && !setlocale(LC_CTYPE, "en_US.UTF-8"))
		return -1;
	terminal = cells_open();
	for (uint32_t c = 0; c < SCALARS_END; c++) {
		char bytes[4];

		is_danger[c] = !is_scalar(c) || judge(c);
		is_mark[c] = !is_danger[c] && cells_advance(&terminal, bytes, encode(c, bytes)) == 0;
	}
	return 0;
}

FIXTURE(close_terminal)
{
	cells_close(&terminal);
}

RUN_TESTS("text, exhaustively", open_terminal, close_terminal)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"

/* The bounds of the second byte are what keeps overlong forms, surrogates and what is too high out. */
struct lead {
	unsigned char first, last;
	unsigned char second_min, second_max;
	size_t len;
};

static const struct lead leads[] = {
	{ .first = 0xC2, .last = 0xDF, .len = 2, .second_min = 0x80, .second_max = 0xBF },
	{ .first = 0xE0, .last = 0xE0, .len = 3, .second_min = 0xA0, .second_max = 0xBF },
	{ .first = 0xE1, .last = 0xEC, .len = 3, .second_min = 0x80, .second_max = 0xBF },
	{ .first = 0xED, .last = 0xED, .len = 3, .second_min = 0x80, .second_max = 0x9F },
	{ .first = 0xEE, .last = 0xEF, .len = 3, .second_min = 0x80, .second_max = 0xBF },
	{ .first = 0xF0, .last = 0xF0, .len = 4, .second_min = 0x90, .second_max = 0xBF },
	{ .first = 0xF1, .last = 0xF3, .len = 4, .second_min = 0x80, .second_max = 0xBF },
	{ .first = 0xF4, .last = 0xF4, .len = 4, .second_min = 0x80, .second_max = 0x8F },
};

static const struct lead *lead_of(unsigned char byte)
{
	for (size_t i = 0; i < ARRAY_SIZE(leads); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

size_t utf8_length(char first)
{
	const struct lead *lead = lead_of((unsigned char)first);

	return lead ? lead->len : 0;
}

size_t utf8_decode(const char *s, size_t len, uint32_t *ret_code_point)
{
	const unsigned char *bytes = (const unsigned char *)s;
	const struct lead *lead;
	uint32_t code_point;

	if (len > 0 && bytes[0] < 0x80) {
		*ret_code_point = bytes[0];
		return 1;
	}
	lead = len > 0 ? lead_of(bytes[0]) : NULL;
	if (!lead || len < 2 || bytes[1] < lead->second_min || bytes[1] > lead->second_max)
		return 0;
	code_point = (bytes[0] & (0x7Fu >> lead->len)) << 6 | (bytes[1] & 0x3F);
	for (size_t i = 2; i < lead->len; i++) {
		if (i == len || (bytes[i] & 0xC0) != 0x80)
			return 0;
		code_point = code_point << 6 | (bytes[i] & 0x3F);
	}
	*ret_code_point = code_point;
	return lead->len;
}

size_t utf8_encode(uint32_t code_point, char buf[UTF8_MAX])
{
	size_t len = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;

	for (size_t i = len - 1; i > 0; i--) {
		buf[i] = (char)(0x80 | (code_point & 0x3F));
		code_point >>= 6;
	}
	buf[0] = (char)(len == 1 ? code_point : (0xF00u >> len & 0xFF) | code_point);
	return len;
}

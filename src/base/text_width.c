/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text_width.h"

#include "base/text.h"
#include "base/utf8.h"

#include <limits.h>
#include <string.h>

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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static unsigned char folded(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static size_t digits_at(const char *s)
{
	size_t len = 0;

	while (is_digit(s[len]))
		len++;
	return len;
}

/* Any length: no number type would hold them all. Both pointers end behind the digits. */
static int compare_numbers(const char **a, const char **b)
{
	size_t len_a, len_b;
	int order;

	while (**a == '0')
		(*a)++;
	while (**b == '0')
		(*b)++;
	len_a = digits_at(*a);
	len_b = digits_at(*b);
	if (len_a != len_b)
		return len_a < len_b ? -1 : 1;
	order = memcmp(*a, *b, len_a);
	*a += len_a;
	*b += len_b;
	return order;
}

int text_compare(struct safe_text a, struct safe_text b)
{
	const char *s = text_str(a), *t = text_str(b);

	while (*s && *t) {
		if (is_digit(*s) && is_digit(*t)) {
			int order = compare_numbers(&s, &t);

			if (order)
				return order;
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/tags.h"

struct safe_text tags_from_outside(const char *bytes, size_t len)
{
	OWN(bytes) char *words = mem_zalloc(len + 1);
	size_t kept = 0;

	for (size_t i = 0; i < len; i++) {
		if (!memchr(" \t\r\n\v\f,", bytes[i], sizeof(" \t\r\n\v\f,")))
			words[kept++] = bytes[i];
		else if (kept > 0 && words[kept - 1] != ' ')
			words[kept++] = ' ';
	}
	if (kept > 0 && words[kept - 1] == ' ')
		kept--;
	return text_sanitize(words, kept, TAGS_CAP);
}

const char *tags_next(const char **at, size_t *ret_len)
{
	const char *tag = *at + strspn(*at, " ");

	*ret_len = strcspn(tag, " ");
	*at = tag + *ret_len;
	return *ret_len > 0 ? tag : NULL;
}

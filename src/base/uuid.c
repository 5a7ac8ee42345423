/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/uuid.h"

bool uuid_parse(const char *text, struct uuid *ret_uuid)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	struct uuid uuid = { 0 };
	int digits = 0;

	for (const char *at = text; *at; at++) {
		const char *digit = strchr(hex, *at);
		const int value = digit ? (int)(digit - hex) : -1;

		if (*at == '-' && at[1] != '-' && (digits == 8 || digits == 12 || digits == 16 || digits == 20))
			continue;
		if (value < 0 || digits == 32)
			return false;
		uuid.bytes[digits / 2] |= (unsigned char)((value < 16 ? value : value - 6) << (digits % 2 ? 0 : 4));
		digits++;
	}
	if (digits != 32)
		return false;
	*ret_uuid = uuid;
	return true;
}

void uuid_format(const struct uuid *uuid, char buf[UUID_TEXT_SIZE])
{
	size_t at = 0;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			buf[at++] = '-';
		at += (size_t)snprintf(buf + at, UUID_TEXT_SIZE - at, "%02x", uuid->bytes[i]);
	}
}

bool uuid_equal(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void uuid_list_set(struct uuid_list *list, const struct uuid *uuids, size_t count)
{
	list->count = 0;
	for (size_t i = 0; i < count; i++)
		*VEC_PUSH(list) = uuids[i];
}

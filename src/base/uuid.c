/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/uuid.h"

#include <stdio.h>
#include <string.h>

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool uuid_parse(const char *text, struct uuid *ret_uuid)
{
	struct uuid uuid = { 0 };
	int digits = 0;

	for (const char *at = text; *at; at++) {
		int value = hex_value(*at);

		if (*at == '-' && at[1] != '-' && (digits == 8 || digits == 12 || digits == 16 || digits == 20))
			continue;
		if (value < 0 || digits == 32)
			return false;
		uuid.bytes[digits / 2] |= (unsigned char)(digits % 2 ? value : value << 4);
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

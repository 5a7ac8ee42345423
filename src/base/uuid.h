/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uuid.h - the name of a domain that does not change. Actions are bound to it, never to a name or a row.
 */
#pragma once

#include "base/vec.h"

enum { UUID_TEXT_SIZE = 37 };

struct uuid {
	unsigned char bytes[16];
};

struct uuid_list {
	VEC(struct uuid);
};

bool uuid_parse(const char *text, struct uuid *ret_uuid); /* with or without dashes, any case */
void uuid_format(const struct uuid *uuid, char buf[UUID_TEXT_SIZE]);
bool uuid_equal(const struct uuid *a, const struct uuid *b);
void uuid_list_set(struct uuid_list *list, const struct uuid *uuids, size_t count); /* copies */

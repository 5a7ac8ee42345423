/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/vec.h"

void *vec_grow(void *at, size_t count, size_t *room, size_t item_size)
{
	if (count < *room)
		return at;
	*room = *room ? *room * 2 : 8;
	return mem_realloc(at, *room, item_size);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vec.h - growing arrays.
 *
 *	struct sessions { VEC(struct session); } list = { 0 };
 *	*VEC_PUSH(&list) = one;            a zeroed place at the end
 *	for (size_t i = 0; i < list.count; i++) use(&list.at[i]);
 *	VEC_FREE(&list);                   frees the array, not what its items own; a local's may be OWN(vec)
 */
#pragma once

#include "base/base.h"

#define VEC(type) \
	type *at; \
	size_t count; \
	size_t room

#define VEC_PUSH(vec) \
	((vec)->at = vec_grow((vec)->at, (vec)->count, &(vec)->room, sizeof(*(vec)->at)), \
	 memset(&(vec)->at[(vec)->count], 0, sizeof(*(vec)->at)), &(vec)->at[(vec)->count++])

#define VEC_REMOVE(vec, index) \
	(memmove(&(vec)->at[index], &(vec)->at[(index) + 1], ((vec)->count - (index)-1) * sizeof(*(vec)->at)), \
	 (vec)->count--)

#define VEC_FREE(vec) (free((vec)->at), (vec)->at = NULL, (vec)->count = 0, (vec)->room = 0)

/* vec: a struct that begins with its VEC. */
static inline void vec_free(void *vec)
{
	void *at;

	memcpy(&at, vec, sizeof(at));
	free(at);
}

void *vec_grow(void *at, size_t count, size_t *room, size_t item_size) MUST_CHECK;

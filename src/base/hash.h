/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hash.h - FNV-1a with 64 bits: for tables and for telling values apart, not against whoever wants two alike.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HASH_BEGIN 14695981039346656037U

/* hash: HASH_BEGIN, or what came of the bytes before. */
static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * 1099511628211U;
	return hash;
}

/* For a table: the high half has its say in the low bits. */
static inline uint64_t hash_fold(uint64_t hash)
{
	return hash ^ hash >> 32;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_console.c - what a guest writes to its serial console: the same whole and byte by byte; and what went
 * through is what goes through, so that nothing comes about by leaving something out.
 */
#include "base/console_filter.h"
#include "fuzz.h"

static void filter_all(const char *bytes, size_t len, size_t piece, bool utf8, struct console_bytes *out)
{
	struct console_filter filter;

	console_filter_init(&filter, utf8);
	for (size_t at = 0; at < len; at += piece)
		console_filter_feed(&filter, bytes + at, MIN(piece, len - at), 0, out);
}

static void check_same(const struct console_bytes *a, const struct console_bytes *b)
{
	FUZZ_CHECK(a->count == b->count);
	FUZZ_CHECK(a->count == 0 || memcmp(a->at, b->at, a->count) == 0);
}

static void check(const char *bytes, size_t len, bool utf8)
{
	struct console_bytes whole = { 0 }, pieces = { 0 }, again = { 0 };

	filter_all(bytes, len, MAX(len, (size_t)1), utf8, &whole);
	filter_all(bytes, len, 1, utf8, &pieces);
	check_same(&whole, &pieces);
	filter_all(whole.at, whole.count, MAX(whole.count, (size_t)1), utf8, &again);
	check_same(&whole, &again);
	FUZZ_CHECK(whole.count <= 10 * len);
	for (size_t i = 0; i < whole.count; i++) {
		FUZZ_CHECK(utf8 || !(whole.at[i] & 0x80));
		FUZZ_CHECK(whole.at[i] != '\033' || (i + 1 < whole.count && strchr("[()78DEM=>", whole.at[i + 1])));
	}
	VEC_FREE(&whole);
	VEC_FREE(&pieces);
	VEC_FREE(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check((const char *)data, size, true);
	check((const char *)data, size, false);
	return 0;
}

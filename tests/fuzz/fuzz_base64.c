/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_base64.c - a guest program's output. The first byte is the most that is kept. */
#include "base/base64.h"
#include "fuzz.h"

static void check_decoding(const char *text, size_t len, size_t max)
{
	char *bytes, *again;
	size_t count;
	bool cut;

	if (!base64_decode(text, len, max, &bytes, &count, &cut))
		return;
	FUZZ_CHECK(count <= max && bytes[count] == '\0');
	FUZZ_CHECK(!cut || count == max);
	/* Strict means: there is one spelling of each. */
	again = base64_encode(bytes, count);
	FUZZ_CHECK(cut || (strlen(again) == len && memcmp(again, text, len) == 0));
	free(again);
	free(bytes);
}

static void check_round_trip(const uint8_t *data, size_t size)
{
	char *text = base64_encode(data, size), *bytes;
	size_t count;
	bool cut;

	FUZZ_CHECK(base64_decode(text, strlen(text), size, &bytes, &count, &cut));
	FUZZ_CHECK(!cut && count == size && memcmp(bytes, data, size) == 0);
	free(bytes);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	check_decoding((const char *)data + 1, size - 1, data[0]);
	check_decoding((const char *)data + 1, size - 1, SIZE_MAX);
	check_round_trip(data, size);
	return 0;
}

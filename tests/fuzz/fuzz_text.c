/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_text.c - the promises of base/text.h. The first byte chooses the cap, the second the size of the
 * buffer that is neutralised; the rest is the text.
 */
#include "base/text.h"
#include "base/utf8.h"
#include "fuzz.h"

#include <limits.h>

/* One code point, byte or note of what came out, back to what went in. False: marks that were dropped. */
static bool read_back_one(const char **s, char bytes[UTF8_MAX], size_t *ret_len)
{
	unsigned value = 0;
	int len = 0;

	*ret_len = 1;
	bytes[0] = **s;
	if (**s != '<' && **s != '\\') {
		(*s)++;
		return true;
	}
	if (sscanf(*s, "<+%u marks>%n", &value, &len) == 1 && len > 0)
		return false;
	if (sscanf(*s, "<U+%X>%n", &value, &len) == 1 && len > 0) {
		*ret_len = utf8_encode(value, bytes);
	} else if (sscanf(*s, "\\x%2[0-9A-F]%n", bytes, &len) == 1 && len == 4) {
		bytes[0] = (char)strtoul(bytes, NULL, 16);
	} else {
		bytes[0] = **s;
		len = 1;
	}
	*s += len;
	return true;
}

static void check_reads_back(const char *out, const char *bytes, size_t len)
{
	size_t at = 0, one_len;
	char one[UTF8_MAX];

	while (*out) {
		if (!read_back_one(&out, one, &one_len))
			return;
		FUZZ_CHECK(at + one_len <= len);
		FUZZ_CHECK(memcmp(bytes + at, one, one_len) == 0);
		at += one_len;
	}
	FUZZ_CHECK(at == len);
}

static void check_idempotent(struct safe_text text)
{
	struct safe_text again = text_format("%s", text_str(text));
	size_t size = strlen(text_str(text)) + 1;
	char *buf = mem_strdup(text_str(text));

	FUZZ_CHECK(text_is_safe(text_str(text)));
	FUZZ_CHECK(text_equal(text, again));
	text_neutralise(buf, size);
	FUZZ_CHECK(strcmp(buf, text_str(text)) == 0);
	text_free(&again);
	free(buf);
}

static int width_by_code_points(const char *s)
{
	uint32_t code_point = 0;
	int width = 0;

	while (*s) {
		s += utf8_decode(s, UTF8_MAX, &code_point);
		width += text_char_width(code_point);
	}
	return width;
}

static void check_cells(struct safe_text text)
{
	int width = text_width(text), last = 0;

	FUZZ_CHECK(width == width_by_code_points(text_str(text)));
	for (int cells = 0; cells <= width; cells += 1 + width / 8) {
		int used;
		size_t len = text_fit(text, cells, &used);
		char *head = mem_strndup(text_str(text), len);

		FUZZ_CHECK(used <= cells && used >= cells - 1 && used >= last);
		FUZZ_CHECK(text_is_safe(head) && width_by_code_points(head) == used);
		last = used;
		free(head);
	}
	FUZZ_CHECK(text_fit(text, INT_MAX, NULL) == strlen(text_str(text)));
}

static void check_outside(const char *bytes, size_t len, size_t cap)
{
	struct safe_text whole = text_sanitize(bytes, len, SIZE_MAX), cut = text_sanitize(bytes, len, cap);
	struct safe_text joined = text_format("%s%s", text_str(cut), text_str(whole));

	check_idempotent(whole);
	check_idempotent(cut);
	check_idempotent(joined);
	check_reads_back(text_str(whole), bytes, len);
	check_cells(whole);
	FUZZ_CHECK(text_width(joined) == text_width(cut) + text_width(whole));
	FUZZ_CHECK(strlen(text_str(cut)) <= 8 * MIN(cap, len) + strlen("<+4294967295 marks>…"));
	FUZZ_CHECK(text_compare(cut, whole) == 0 ? text_equal(cut, whole) : !text_equal(cut, whole));
	FUZZ_CHECK((text_compare(cut, whole) < 0) == (text_compare(whole, cut) > 0));
	text_free(&whole);
	text_free(&cut);
	text_free(&joined);
}

static void check_ours(const char *bytes, size_t len, size_t size)
{
	char *s = mem_strndup(bytes, len), *buf = mem_zalloc(size);
	struct safe_text text = text_format("%s", s);

	check_idempotent(text);
	snprintf(buf, size, "%s", s);
	text_neutralise(buf, size);
	FUZZ_CHECK(strlen(buf) < size && text_is_safe(buf));
	/* Where nothing had to be cut, it is what text_format() makes of it. */
	FUZZ_CHECK(MAX(strlen(s), strlen(text_str(text))) >= size || strcmp(buf, text_str(text)) == 0);
	text_free(&text);
	free(s);
	free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	check_outside((const char *)data + 2, size - 2, data[0]);
	check_ours((const char *)data + 2, size - 2, data[1] + 1u);
	return 0;
}

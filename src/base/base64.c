/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *bytes, size_t len)
{
	const unsigned char *in = bytes;
	char *text = mem_zalloc((len + 2) / 3 * 4 + 1), *out = text;

	for (size_t i = 0; i < len; i += 3) {
		const size_t here = MIN(len - i, 3);
		const uint32_t bits =
			(uint32_t)in[i] << 16 | (here > 1 ? (uint32_t)in[i + 1] << 8 : 0) | (here > 2 ? in[i + 2] : 0);

		*out++ = alphabet[bits >> 18];
		*out++ = alphabet[bits >> 12 & 63];
		*out++ = here > 1 ? alphabet[bits >> 6 & 63] : '=';
		*out++ = here > 2 ? alphabet[bits & 63] : '=';
	}
	return text;
}

/* Four characters to one to three bytes; 0: malformed. Padding is for the last four alone. */
static size_t decode_four(const char *four, bool last, unsigned char bytes[3])
{
	const size_t padding = last ? (four[3] == '=') + (four[3] == '=' && four[2] == '=') : 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		const char *at = i < 4 - padding ? memchr(alphabet, four[i], sizeof(alphabet) - 1) : alphabet;

		if (!at)
			return 0;
		bits = bits << 6 | (uint32_t)(at - alphabet);
	}
	bytes[0] = (unsigned char)(bits >> 16);
	bytes[1] = (unsigned char)(bits >> 8);
	bytes[2] = (unsigned char)bits;
	if ((padding == 1 && bytes[2]) || (padding == 2 && bytes[1]))
		return 0;
	return 3 - padding;
}

bool base64_decode(const char *text, size_t len, size_t max, char **ret_bytes, size_t *ret_len, bool *ret_cut)
{
	char *bytes = mem_zalloc(MIN(len / 4 * 3, max) + 1);
	size_t count = 0;
	bool cut = false;

	for (size_t i = 0; i < len; i += 4) {
		unsigned char three[3];
		const size_t got = len - i < 4 ? 0 : decode_four(text + i, i + 4 == len, three);

		if (!got) {
			free(bytes);
			return false;
		}
		for (size_t k = 0; k < got; k++) {
			if (count < max)
				bytes[count++] = (char)three[k];
			else
				cut = true;
		}
	}
	*ret_bytes = bytes;
	*ret_len = count;
	*ret_cut = cut;
	return true;
}

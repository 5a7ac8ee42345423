/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/screen/noise.h"

#include "base/base.h"

static uint32_t noise;

void noise_begin(uint32_t seed)
{
	noise = seed;
}

uint32_t noise_roll(uint32_t sides)
{
	noise = noise * 1664525 + 1013904223;
	return (noise >> 8) % sides;
}

const char *noise_key(void)
{
	/* clang-format off */
	static const char *const likely[] = {
		"L", "D", "S", "R", "s", "p", "m", ":", "y", "y", "\r", "\t", "\033[Z", " ", "*", "U", "\033", "\033[A",
		"\033[B", "j", "k", "\033[C", "\033[D", "u", "t", "x", "X", "e", "?", "/", "g", "G", "<", ">", "I", "Z",
		"\033OQ", "\033[15~", "\177", "\033[<0;20;6M", "\033[<2;20;7M", "\033[<0;40;18M",
		"\033[200~y\r\033[201~", "\xc3\xa9", "\x1b[", "\xff", "\035",
	};
	/* clang-format on */
	static char any[2];

	if (noise_roll(4) > 0)
		return likely[noise_roll(ARRAY_SIZE(likely))];
	do
		any[0] = (char)(noise_roll(255) + 1);
	while (strchr("q\003\032\034", any[0]));
	return any;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * noise.h - keys that nobody means: the same ones for the same seed.
 */
#pragma once

#include <stdint.h>

void noise_begin(uint32_t seed);
uint32_t noise_roll(uint32_t sides); /* 0 to sides - 1 */

/* What opens and what confirms comes more often than what does nothing. Never a way out. View, until the next call. */
const char *noise_key(void);

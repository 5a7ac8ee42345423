/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * utf8.h - UTF-8 to code points and back, strictly: no overlong form, no surrogate, nothing above
 * U+10FFFF. Says nothing about what a code point means: that is text.h. Any thread.
 */
#pragma once

#include "base/base.h"

enum { UTF8_MAX = 4 };

/*
 * Bytes of the code point at s, 1 to 4; 0 where the len bytes there begin with none. Reads no further than
 * the first byte that does not go on, so in a string len may be UTF8_MAX everywhere before the NUL.
 */
size_t utf8_decode(const char *s, size_t len, uint32_t *ret_code_point);

/* Bytes of the code point of more than one byte that begins with this one; 0: none does. */
size_t utf8_length(char first);

/* Bytes written. code_point: a Unicode scalar value. */
size_t utf8_encode(uint32_t code_point, char buf[UTF8_MAX]);

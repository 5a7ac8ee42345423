/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base64.h - RFC 4648 base64, as guest-exec wraps input and output in it. Pure; any thread.
 */
#pragma once

#include "base/base.h"

/* Owned, NUL-terminated. */
char *base64_encode(const void *bytes, size_t len);

/*
 * Strict: the alphabet, right padding, zero bits at the end, nothing else. At most `max` bytes are kept
 * (*ret_cut: there were more). *ret_bytes is owned and NUL-terminated behind its len bytes.
 */
bool base64_decode(const char *text, size_t len, size_t max, char **ret_bytes, size_t *ret_len, bool *ret_cut);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_internal.h - what the files behind config.h share.
 *
 *	config.c       the table of settings, defaults, places; opens a file, if it can be trusted
 *	config_scan.c  looks at the bytes before the parser does
 *	config_read.c  the bytes of one file -> struct config
 */
#pragma once

#include "engine/config.h"

enum {
	CONFIG_BYTES_MAX = 256 * 1024,
	CONFIG_DEPTH_MAX = 32,
};

void config_complain(struct config_complaints *complaints, const char *file, int line, const char *format, ...)
	PRINTF_LIKE(4, 5);

/*
 * Refuses what the parser cannot be trusted with: NUL bytes, @include, deep nesting, a string or a
 * comment without end. Numbers too large for an int are replaced by the largest one, in place
 * (the parser would wrap them silently). ret_line: where, when false.
 */
bool config_scan(char *bytes, size_t len, int *ret_line, struct err *err);

/* Complains, and sets err, of a file as a whole (line 0) or where it broke off; false. */
bool config_unusable(struct config_complaints *complaints, const char *file, int line, const struct err *why,
		     struct err *err);

/* One file's bytes into config, on top of what is there; bytes[len] is NUL, and they are changed. False: none was used.
 */
bool config_take_bytes(struct config *config, const char *file, char *bytes, size_t len,
		       struct config_complaints *complaints, struct err *err);

void config_free_hosts(struct config *config);

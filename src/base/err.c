/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	/* Apart from err, because err's old text may be among the arguments. */
	char words[ERR_TEXT_MAX];
	va_list args;

	if (!err)
		return false;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	text_neutralise(words, sizeof(words));
	err->kind = kind;
	memcpy(err->buf, words, sizeof(words));
	return false;
}

bool err_set_errno(struct err *err, int error_number, const char *format, ...)
{
	char words[ERR_TEXT_MAX / 2];
	va_list args;

	if (!err)
		return false;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	text_neutralise(words, sizeof(words));
	return err_set(err, ERR_SYSTEM, "%s: %s", words, strerror(error_number));
}

bool err_set_outside(struct err *err, enum err_kind kind, const char *ours, const char *outside)
{
	struct safe_text text = text_from_outside_str(outside, TEXT_CAP_LINE);

	err_set(err, kind, "%s%s%s", ours, *ours ? ": " : "", text_str(text));
	text_free(&text);
	return false;
}

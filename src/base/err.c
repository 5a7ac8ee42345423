/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void set_text(struct err *err, const char *format, va_list args)
{
	vsnprintf(err->buf, sizeof(err->buf), format, args);
	text_neutralise(err->buf, sizeof(err->buf));
}

bool err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	va_list args;

	if (!err)
		return false;
	err->kind = kind;
	va_start(args, format);
	set_text(err, format, args);
	va_end(args);
	return false;
}

bool err_set_errno(struct err *err, int error_number, const char *format, ...)
{
	char words[256];
	va_list args;

	if (!err)
		return false;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	return err_set(err, ERR_SYSTEM, "%s: %s", words, strerror(error_number));
}

bool err_set_outside(struct err *err, enum err_kind kind, const char *ours, const char *outside)
{
	struct safe_text text = text_from_outside_str(outside, TEXT_CAP_LINE);

	err_set(err, kind, "%s%s%s", ours, *ours ? ": " : "", text_str(text));
	text_free(&text);
	return false;
}

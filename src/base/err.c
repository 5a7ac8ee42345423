/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/err.h"

#include "base/utf8.h"

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
	/*
	 * A sentence, unlike a name, is told from no other by its blanks: those that French typography puts before a
	 * colon become plain, and the newline that many a message ends in goes. Of longer ones the rest is cut anyway.
	 */
	static const char *const blanks[] = { "\xc2\xa0", "\xe2\x80\xaf" };
	char *sentence = mem_strndup(outside ? outside : "", TEXT_CAP_LINE + UTF8_MAX), *at;
	OWN(text) struct safe_text text = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(blanks); i++) {
		while ((at = strstr(sentence, blanks[i]))) {
			*at = ' ';
			memmove(at + 1, at + strlen(blanks[i]), strlen(at + strlen(blanks[i])) + 1);
		}
	}
	for (size_t len = strlen(sentence); len > 0 && strchr(" \r\n", sentence[len - 1]); len--)
		sentence[len - 1] = '\0';
	text = text_sanitize_str(sentence, TEXT_CAP_LINE);
	err_set(err, kind, "%s%s%s", ours, *ours && !text_is_empty(text) ? ": " : "", text_str(text));
	free(sentence);
	return false;
}

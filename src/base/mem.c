/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/vec.h"

#include <unistd.h>

static void (*exhausted_hook)(void);

void mem_on_exhausted(void (*hook)(void))
{
	exhausted_hook = hook;
}

static void exhausted(void)
{
	static const char words[] = "innkeeper: out of memory\n";

	if (exhausted_hook)
		exhausted_hook();
	(void)!write(STDERR_FILENO, words, sizeof(words) - 1);
	_exit(1);
}

static void *checked(void *p)
{
	if (!p)
		exhausted();
	return p;
}

void *mem_zalloc(size_t size)
{
	return checked(calloc(1, MAX(size, (size_t)1)));
}

void *mem_realloc(void *old, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		exhausted();
	return checked(realloc(old, MAX(count * size, (size_t)1)));
}

void *vec_grow(void *at, size_t count, size_t *room, size_t item_size)
{
	if (count < *room)
		return at;
	*room = *room ? *room * 2 : 8;
	return mem_realloc(at, *room, item_size);
}

char *mem_strdup(const char *s)
{
	return checked(strdup(s));
}

char *mem_strndup(const char *s, size_t max)
{
	return checked(strndup(s, max));
}

char *mem_vprintf(const char *format, va_list args)
{
	char *text = NULL;
	int len = vasprintf(&text, format, args);

	return checked(len < 0 ? NULL : text);
}

char *mem_printf(const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	text = mem_vprintf(format, args);
	va_end(args);
	return text;
}

FILE *mem_stream(char **ret_bytes, size_t *ret_len)
{
	return checked(open_memstream(ret_bytes, ret_len));
}

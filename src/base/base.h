/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base.h - what every file has: the everyday headers of C, which need no #include anywhere else, and a few words.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What a person reads, in his language (language.h): of the program's life, or the argument itself. N_(), NC_() mark
 * what is translated where it is shown; a context tells apart what is one word in English.
 */
const char *language_text(const char *context, const char *id) __attribute__((format_arg(2)));
const char *language_plural(const char *one, const char *many, unsigned long n)
	__attribute__((format_arg(1), format_arg(2)));
#define _(text)                 language_text(NULL, text)
#define pgettext(context, text) language_text(context, text)
#define ngettext(one, many, n)  language_plural(one, many, n)
#define N_(text)                (text)
#define NC_(context, text)      (text)

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define MIN(a, b)         ((a) < (b) ? (a) : (b))
#define MAX(a, b)         ((a) > (b) ? (a) : (b))

#define PRINTF_LIKE(format_at, first) __attribute__((format(printf, format_at, first)))
#define MUST_CHECK                    __attribute__((warn_unused_result))
#define UNUSED                        __attribute__((unused)) /* a parameter that only the others of its kind need */

/* OWN(text) struct safe_text words = ...; is given to text_free() where its block ends, however that is left. */
#define OWN(what) __attribute__((cleanup(what##_free)))

static inline void bytes_free(char **bytes)
{
	free(*bytes);
}

/*
 * Memory: these never return NULL. Out of memory runs the hook that mem_on_exhausted() set
 * (the UI gives the terminal back there), says so on stderr and exits with status 1; the
 * journal is whole at every moment, so nothing is lost. Any thread.
 */
void *mem_zalloc(size_t size);
void *mem_realloc(void *old, size_t count, size_t size);
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t max);
char *mem_printf(const char *format, ...) PRINTF_LIKE(1, 2);
FILE *mem_stream(char **ret_bytes, size_t *ret_len); /* open_memstream(3) */
char *mem_vprintf(const char *format, va_list args) PRINTF_LIKE(1, 0);
void mem_on_exhausted(void (*hook)(void));

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * argv_template.h - a setting that is a program with its arguments: words between blanks, and {names} for what is known
 * only when it is started. No shell, no quotes: a word is an argument.
 */
#pragma once

#include "base/err.h"

struct argv_value {
	const char *name; /* "uuid" for {uuid} */
	const char *value;
};

/* One text, blanks and all, with its names filled in; owned. NULL: it has a {name} that nobody knows; err. */
char *template_fill(const char *text, const struct argv_value *values, size_t count, struct err *err);
/*
 * NULL-terminated; child_free_list(). Values are put in as they are, whatever blanks and braces they hold.
 * NULL: no word at all, or a {name} that nobody knows; err.
 */
char **argv_template_fill(const char *words, const struct argv_value *values, size_t count, struct err *err);

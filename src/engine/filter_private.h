/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_private.h - what filter_parse.c makes and filter.c evaluates; filter_regex.c: regular expressions.
 */
#ifndef INNKEEPER_FILTER_PRIVATE_H
#define INNKEEPER_FILTER_PRIVATE_H

#include "base/vec.h"
#include "engine/filter.h"

enum filter_how {
	FILTER_CONTAINS,
	FILTER_BEGINS,
	FILTER_EQUALS,
	FILTER_REGEX,
	FILTER_COMPARES,
	FILTER_SAVED,
};

enum filter_compare { COMPARE_EQ, COMPARE_NE, COMPARE_LT, COMPARE_LE, COMPARE_GT, COMPARE_GE };

struct filter_term {
	const struct attribute *field; /* NULL: a bare word, or FILTER_SAVED */
	struct filter *saved;
	enum filter_how how;
	bool negated;
	bool opens_alternative; /* stands right behind a bar */
	char *text;
	struct filter_regex *regex;
	enum filter_compare compare;
	double number;
};

struct filter {
	VEC(struct filter_term);
};

/*
 * An extended regular expression, any case. It remembers what it answered last: between them, thousands of VMs have few
 * hosts and systems, and the C library sets out anew for each text.
 */
struct filter_regex;
struct filter_regex *filter_regex_create(const char *pattern, char *ret_complaint, size_t size); /* NULL: it is none */
void filter_regex_destroy(struct filter_regex *regex);
bool filter_regex_matches(struct filter_regex *regex, const char *text);

#endif

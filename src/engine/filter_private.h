/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter_private.h - what filter_parse.c makes and filter.c evaluates; filter_regex.c: regular expressions.
 */
#ifndef INNKEEPER_FILTER_PRIVATE_H
#define INNKEEPER_FILTER_PRIVATE_H

#include "base/uuid.h"
#include "base/vec.h"
#include "engine/filter.h"

/* A UUID's text, or tags, each escaped byte four times as long. */
enum { FILTER_SCRATCH_SIZE = 1280 };

/* What a field has to say of one VM. */
struct filter_texts {
	const char *at[SESSION_LIST_MAX + 72]; /* as many as a VM can have sessions, or tags */
	size_t count;
	bool complete; /* false: there may be more that we do not know */
	char scratch[FILTER_SCRATCH_SIZE];
};

enum filter_unit {
	FILTER_PLAIN,
	FILTER_PERCENT,
	FILTER_SIZE, /* KiB */
	FILTER_SPAN, /* ms */
};

struct filter_subject {
	const struct vm *vm;
	const struct host *host;
};

struct filter_field {
	struct filter_field_info info;
	/* One of the two, or both. */
	void (*texts)(const struct filter_subject *subject, struct filter_texts *texts);
	bool (*number)(const struct filter_subject *subject, double *ret_number); /* false: unknown */
	enum filter_unit unit;
	/* The words that the texts can be; NULL: anything. A value is the beginning of one. */
	const char *(*word)(int index);
	int word_count;
	bool figure;
	bool guest; /* only the guest can tell */
};

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
	const struct filter_field *field; /* NULL: FILTER_SAVED */
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

/* The field that a bare word is looked for in. */
extern const struct filter_field filter_any_text;
/*
 * An extended regular expression, any case. It remembers what it answered last: between them, thousands of VMs have few
 * hosts and systems, and the C library sets out anew for each text.
 */
struct filter_regex;
struct filter_regex *filter_regex_create(const char *pattern, char *ret_complaint, size_t size); /* NULL: it is none */
void filter_regex_destroy(struct filter_regex *regex);
bool filter_regex_matches(struct filter_regex *regex, const char *text);

/* NULL: there is none. */
const struct filter_field *filter_find_field(const char *name, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.h - the filter language: which VMs are shown, or meant by `-f`.
 *
 *	web                       a word: in the name, host, title, tags, host name or OS (any case)
 *	state:running os:windows  a field: state and agent by their beginning, the others by a part
 *	mem>4g cpu>=50 users>0    a number, compared by < <= > >= = !=  (sizes: k m g t, else MiB)
 *	uptime>2d                 a time, with its unit: s m h d w
 *	!web !state:running       not so
 *	~^web[0-9] name:~^db      an extended regular expression (any case)
 *	"two words" name:"a b"    quotes keep blanks, and take a word for what it is
 *	@night                    a saved filter of the configuration, whole, as if it stood between parentheses
 *	web state:running | db    all terms between two bars (or the word "or"); one of the alternatives
 *
 * A field is an attribute (model/attribute.h), by its name or by that of its JSON field. What is not known matches
 * neither a term nor its opposite: a guest that was not asked has neither
 * users nor no users. UI thread.
 */
#pragma once

#include "base/err.h"
#include "base/vec.h"
#include "model/attribute.h"

enum { FILTER_WORDS_MAX = 1024, FILTER_REGEX_MAX = 256 };

struct filter;

/* Filters that have names, from the configuration. None of them names another. */
struct saved_filter {
	char *name, *words; /* owned */
};
struct saved_filters {
	VEC(struct saved_filter);
};
const struct saved_filter *saved_filters_find(const struct saved_filters *saved, const char *name);
void saved_filters_free(struct saved_filters *saved);
/* Why it cannot be a name, or NULL. */
const char *saved_filter_name_objection(const char *name);

/* No words: everything matches. The error names the bad term and where it stands. saved: or NULL, there are none. */
bool filter_parse_with(const char *words, const struct saved_filters *saved, struct filter **ret_filter,
		       struct err *err);
bool filter_parse(const char *words, struct filter **ret_filter, struct err *err);
/* "90s", "15m", "6h", "2d", "1w", as in a filter. */
bool filter_parse_duration(const char *text, double *ret_ms);
void filter_destroy(struct filter *filter);

/*
 * Before filter_match() for those who ask of thousands of VMs, again and again: a bare word then reads one text of the
 * VM, made anew when it changed, instead of each. Answers are the same.
 */
void filter_prepare(const struct filter *filter, struct vm *vm, const struct host *host);
/* filter NULL: everything matches. now: clock_ms(), which thousands of VMs need not ask again. */
bool filter_match(const struct filter *filter, const struct vm *vm, const struct host *host, int64_t now);
/*
 * Its answer depends on what this source tells: who was not asked does not match. SOURCE_GUEST: on anything
 * that a guest has to be asked for.
 */
bool filter_uses(const struct filter *filter, enum attribute_source source);
/* How a value of this field is written: "512m, 4g; MiB without a unit", or the words that there are. Empty: as is. */
void filter_hint(const struct attribute *field, char *buf, size_t size);

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "engine/filter_private.h"

#include <string.h>
#include <strings.h>

/* --- matching --- */

/* In this order the least of some is their "and", the largest their "or". */
enum answer { NO, NOBODY_KNOWS, YES };

static unsigned char folded(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* As strcasestr() in the C locale; but that one sets out anew for each of ten thousand short texts. */
static bool contains(const char *text, const char *part)
{
	const unsigned char first = folded(*part);

	for (; *text; text++) {
		size_t i = 1;

		if (folded(*text) != first)
			continue;
		while (part[i] && folded(text[i]) == folded(part[i]))
			i++;
		if (!part[i])
			return true;
	}
	return !*part;
}

static bool text_matches(const struct filter_term *term, const char *text)
{
	switch (term->how) {
	case FILTER_CONTAINS:
		return contains(text, term->text);
	case FILTER_BEGINS:
		return strncasecmp(text, term->text, strlen(term->text)) == 0;
	case FILTER_EQUALS:
		return strcasecmp(text, term->text) == 0;
	case FILTER_REGEX:
		return filter_regex_matches(term->regex, text);
	case FILTER_COMPARES:
	case FILTER_SAVED:
		break;
	}
	return false;
}

static enum answer ask_texts(const struct filter_term *term, const struct attribute_row *row)
{
	struct attribute_texts texts;

	attribute_texts_read(term->field, row, &texts);
	for (size_t i = 0; i < texts.count; i++)
		if (text_matches(term, texts.at[i]))
			return YES;
	return texts.complete ? NO : NOBODY_KNOWS;
}

/* A bare word: whoever looks for a name does not care whether a guest was asked. */
static enum answer ask_names(const struct filter_term *term, const struct attribute_row *row)
{
	const struct attribute *const end = attribute_at(0) + attribute_count();

	for (const struct attribute *attribute = attribute_at(0); attribute < end; attribute++) {
		struct safe_text text;

		if (!(attribute->flags & ATTRIBUTE_SEARCHED))
			continue;
		text = attribute->get(row).text;
		if (!text_is_empty(text) && text_matches(term, text_str(text)))
			return YES;
	}
	return NO;
}

static enum answer ask_number(const struct filter_term *term, const struct attribute_row *row)
{
	const double number = term->field->get(row).number, with = term->number;

	if (number < 0)
		return NOBODY_KNOWS;
	switch (term->compare) {
	case COMPARE_EQ:
		return number >= with && number <= with ? YES : NO;
	case COMPARE_NE:
		return number < with || number > with ? YES : NO;
	case COMPARE_LT:
		return number < with ? YES : NO;
	case COMPARE_LE:
		return number <= with ? YES : NO;
	case COMPARE_GT:
		return number > with ? YES : NO;
	case COMPARE_GE:
		return number >= with ? YES : NO;
	}
	return NO;
}

static enum answer ask(const struct filter *filter, const struct attribute_row *row);

static enum answer ask_term(const struct filter_term *term, const struct attribute_row *row)
{
	enum answer answer;

	if (term->how == FILTER_SAVED)
		answer = ask(term->saved, row);
	else if (!term->field)
		answer = ask_names(term, row);
	else if (term->how == FILTER_COMPARES)
		answer = ask_number(term, row);
	else
		answer = ask_texts(term, row);
	return term->negated ? YES - answer : answer;
}

static enum answer ask(const struct filter *filter, const struct attribute_row *row)
{
	enum answer any = NO, all = YES;

	for (size_t i = 0; i < filter->count && any != YES; i++) {
		const struct filter_term *term = &filter->at[i];

		if (term->opens_alternative) {
			any = MAX(any, all);
			all = YES;
		}
		if (all != NO && any != YES)
			all = MIN(all, ask_term(term, row));
	}
	return MAX(any, all);
}

bool filter_match(const struct filter *filter, const struct vm *vm, const struct host *host)
{
	const struct attribute_row row = { .vm = vm, .host = host, .now = clock_ms() };

	return !filter || ask(filter, &row) == YES;
}

static bool term_uses(const struct filter_term *term, enum attribute_source source)
{
	const struct attribute *field = term->field;

	if (term->saved)
		return filter_uses(term->saved, source);
	if (!field)
		return false;
	if (field->source == source)
		return true;
	if (source != SOURCE_GUEST)
		return false;
	if (field->source == SOURCE_ADDRESSES || field->source == SOURCE_UPTIME)
		return true;
	/* The host shows whether an agent is connected; how it is doing, only asking it shows. */
	return field == attribute_get("agent") && (text_matches(term, agent_state_name(AGENT_BLOCKED)) ||
						   text_matches(term, agent_state_name(AGENT_SILENT)) ||
						   text_matches(term, agent_state_name(AGENT_FROZEN)));
}

bool filter_uses(const struct filter *filter, enum attribute_source source)
{
	for (size_t i = 0; filter && i < filter->count; i++)
		if (term_uses(&filter->at[i], source))
			return true;
	return false;
}

void filter_destroy(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count; i++) {
		free(filter->at[i].text);
		filter_destroy(filter->at[i].saved);
		filter_regex_destroy(filter->at[i].regex);
	}
	VEC_FREE(filter);
	free(filter);
}

/* --- those that have names --- */

const struct saved_filter *saved_filters_find(const struct saved_filters *saved, const char *name)
{
	for (size_t i = 0; saved && i < saved->count; i++)
		if (strcasecmp(saved->at[i].name, name) == 0)
			return &saved->at[i];
	return NULL;
}

const char *saved_filter_name_objection(const char *name)
{
	if (!*name)
		return _("a name is missing");
	return strpbrk(name, " \t\"<>=!:~|@") ? _("a name must not contain blanks or any of \"<>=!:~|@") : NULL;
}

void saved_filters_free(struct saved_filters *saved)
{
	for (size_t i = 0; i < saved->count; i++) {
		free(saved->at[i].name);
		free(saved->at[i].words);
	}
	VEC_FREE(saved);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/filter_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { REGEX_COPIES_MAX = 2500 };

struct parser {
	const char *words; /* all of them */
	const char *at;
	const char *term; /* where the term being read begins */
	struct err *err;
	const struct saved_filters *saved; /* NULL: there are none */
};

static const char blanks[] = " \t";

/* --- complaints --- */

/* "<term>" (character N): words. Always false. */
static PRINTF_LIKE(2, 3) bool complain(const struct parser *parser, const char *format, ...)
{
	struct safe_text term = text_sanitize(parser->term, strcspn(parser->term, blanks), 64);
	size_t position = 1;
	char words[640];
	va_list args;

	for (const char *s = parser->words; s < parser->term; s++)
		position += (*s & 0xc0) != 0x80;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	err_set(parser->err, ERR_USAGE, _("filter: \"%s\" (character %zu): %s"), text_str(term), position, words);
	text_free(&term);
	return false;
}

static bool complain_of_field(const struct parser *parser)
{
	char names[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < attribute_count(); i++)
		if (attribute_is_filter_field(attribute_at(i)))
			len += (size_t)snprintf(names + len, sizeof(names) - len, " %s",
						attribute_filter_name(attribute_at(i)));
	return complain(parser, _("unknown field; valid:%s (quote it to search for the word itself)"), names);
}

/* --- values --- */

/* Owned. A quoted value ends with its quote, or with the line: while one types, the second is still to come. */
static char *read_value(struct parser *parser, bool *ret_quoted)
{
	const char *from = parser->at;
	size_t len;

	*ret_quoted = *from == '"';
	if (!*ret_quoted) {
		len = strcspn(from, blanks);
		parser->at = from + len;
		return mem_strndup(from, len);
	}
	from++;
	len = strcspn(from, "\"");
	parser->at = from + len + (from[len] == '"');
	return mem_strndup(from, len);
}

/* The largest number between braces, at least 1; twice that for each +, which may stand behind another. */
static size_t most_copies(const char *pattern)
{
	size_t most = 1;

	for (const char *s = strchr(pattern, '{'); s && *s && *s != '}'; s++)
		if (*s >= '0' && *s <= '9')
			most = MAX(most, strtoul(s, NULL, 10));
	for (const char *s = pattern; *s && most <= REGEX_COPIES_MAX; s++)
		most *= *s == '+' ? 2 : 1;
	return most;
}

/* The C library makes copies of what repeats, and follows back references without end: both stay small. */
static const char *regex_objection(const char *pattern)
{
	const char *open = strchr(pattern, '{');

	if (strlen(pattern) > FILTER_REGEX_MAX || most_copies(pattern) > REGEX_COPIES_MAX / MAX(strlen(pattern), 1))
		return _("the regular expression is too large");
	if (open && strchr(open + 1, '{'))
		return _("only one {...} is allowed in a regular expression");
	for (const char *s = pattern; (s = strchr(s, '\\')) && s[1]; s += 2)
		if (s[1] >= '1' && s[1] <= '9')
			return _("back references are not supported");
	return NULL;
}

static bool set_regex(struct parser *parser, struct filter_term *term)
{
	const char *objection = regex_objection(term->text);
	char words[128];

	if (objection)
		return complain(parser, "%s", objection);
	term->how = FILTER_REGEX;
	term->regex = filter_regex_create(term->text, words, sizeof(words));
	return term->regex || complain(parser, _("not a regular expression: %s"), words);
}

/* Digits with a decimal point, whatever the locale. NULL: none. */
static const char *read_number(const char *s, double *ret_number)
{
	double number = 0, place = 1;
	const char *from = s;

	for (; *s >= '0' && *s <= '9'; s++)
		number = number * 10 + (*s - '0');
	if (s == from)
		return NULL;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++)
			number += (*s - '0') * (place /= 10);
	*ret_number = number;
	return s;
}

/* "4g" "4G" "4GiB" -> bytes. False: no unit that we know. */
static bool apply_size(const char *unit, double *number)
{
	static const char letters[] = "bkmgtp";
	const char *letter = *unit ? strchr(letters, *unit | 0x20) : letters;

	if (!letter || (*unit && unit[1] && strcasecmp(unit + 1, "b") != 0 && strcasecmp(unit + 1, "ib") != 0))
		return false;
	for (; letter > letters; letter--)
		*number *= 1024;
	return true;
}

/* "90s" "15m" "6h" "2d" "1w" -> ms. False: no unit, or none that we know. */
static bool apply_span(const char *unit, double *number)
{
	static const struct {
		char letter;
		double ms;
	} units[] = { { 's', 1e3 }, { 'm', 60e3 }, { 'h', 3600e3 }, { 'd', 86400e3 }, { 'w', 7 * 86400e3 } };

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if ((*unit | 0x20) == units[i].letter && !unit[1]) {
			*number *= units[i].ms;
			return true;
		}
	}
	return false;
}

static bool parse_number(const struct attribute *field, const char *text, double *ret_number)
{
	const char *end = read_number(text, ret_number);

	if (!end)
		return false;
	switch (field->type) {
	case ATTRIBUTE_KIB:
		if (!apply_size(*end ? end : "m", ret_number))
			return false;
		*ret_number /= 1024;
		return true;
	case ATTRIBUTE_RATE:
		return apply_size(end, ret_number);
	case ATTRIBUTE_DURATION:
		return apply_span(end, ret_number);
	case ATTRIBUTE_PERCENT:
	case ATTRIBUTE_REAL:
		return *end == '\0' || strcmp(end, "%") == 0;
	default:
		return *end == '\0';
	}
}

void filter_hint(const struct attribute *field, char *buf, size_t size)
{
	static const char *const hints[] = {
		[ATTRIBUTE_KIB] = N_("512m, 4g; MiB without a unit"),
		[ATTRIBUTE_RATE] = N_("500k, 2m; bytes without a unit"),
		[ATTRIBUTE_DURATION] = "90s, 15m, 6h, 2d, 1w",
		[ATTRIBUTE_BOOL] = NULL,
	};
	const char *word;
	size_t len = 0;

	snprintf(buf, size, "%s", hints[field->type] ? _(hints[field->type]) : "");
	for (int i = 0; field->word && (word = field->word(i)) && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%s", i ? " " : "", word);
}

/* --- terms --- */

static bool set_word(struct parser *parser, struct filter_term *term)
{
	char words[256];

	term->how = FILTER_BEGINS;
	for (int i = 0; term->field->word(i); i++)
		if (strncasecmp(term->field->word(i), term->text, strlen(term->text)) == 0)
			return true;
	filter_hint(term->field, words, sizeof(words));
	return complain(parser, _("%s is one of: %s"), attribute_filter_name(term->field), words);
}

static bool set_number(struct parser *parser, struct filter_term *term)
{
	static const char *const examples[] = {
		[ATTRIBUTE_COUNT] = "2",  [ATTRIBUTE_PERCENT] = "50", [ATTRIBUTE_REAL] = "50",
		[ATTRIBUTE_KIB] = "512m", [ATTRIBUTE_RATE] = "500k",  [ATTRIBUTE_DURATION] = "2d",
	};

	term->how = FILTER_COMPARES;
	if (parse_number(term->field, term->text, &term->number))
		return true;
	return complain(parser, _("%s needs a number, such as %s"), attribute_filter_name(term->field),
			examples[term->field->type]);
}

static bool set_value(struct parser *parser, struct filter_term *term, const char *operator)
{
	const struct attribute *field = term->field;
	/* A number whose state has words is a text, too. */
	const bool has_number = attribute_is_number(field), has_text = !has_number || field->word;
	bool compares = strcmp(operator, ":") != 0 && strcmp(operator, "~") != 0;
	double ignored;

	if (!*term->text)
		return complain(parser, _("missing value"));
	if (strcmp(operator, "~") == 0)
		return has_text ? set_regex(parser, term)
				: complain(parser, _("%s is a number; ~ searches text only"),
					   attribute_filter_name(field));
	if (has_number && (!has_text || strchr("<>", *operator) || parse_number(field, term->text, &ignored)))
		return set_number(parser, term);
	if (compares && term->compare != COMPARE_EQ && term->compare != COMPARE_NE)
		return complain(parser, _("%s is not a number; < and > compare numbers only"),
				attribute_filter_name(field));
	term->negated ^= compares && term->compare == COMPARE_NE;
	if (field->word)
		return set_word(parser, term);
	term->how = compares ? FILTER_EQUALS : FILTER_CONTAINS;
	return true;
}

/* The longer ones first. */
static const struct {
	const char *text;
	enum filter_compare compare;
} operators[] = {
	{ "<=", COMPARE_LE }, { ">=", COMPARE_GE }, { "!=", COMPARE_NE }, { ":~", COMPARE_EQ }, { "<", COMPARE_LT },
	{ ">", COMPARE_GT },  { "=", COMPARE_EQ },  { ":", COMPARE_EQ },  { "~", COMPARE_EQ },
};

static const char *read_operator(struct parser *parser, enum filter_compare *ret_compare)
{
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
		size_t len = strlen(operators[i].text);

		if (strncmp(parser->at, operators[i].text, len) != 0)
			continue;
		parser->at += len;
		*ret_compare = operators[i].compare;
		return operators[i].text[len - 1] == '~' ? "~" : operators[i].text;
	}
	return NULL;
}

static bool parse_word(struct parser *parser, struct filter_term *term)
{
	bool is_regex = *parser->at == '~';
	bool quoted;

	parser->at += is_regex;
	term->text = read_value(parser, &quoted);
	if (!*term->text && !quoted)
		return complain(parser, _("missing term"));
	return !is_regex || set_regex(parser, term);
}

static bool is_called(const char *name, const char *word, size_t len)
{
	return name && strncasecmp(name, word, len) == 0 && name[len] == '\0';
}

/* NULL: there is none. */
static const struct attribute *find_field(const char *word, size_t len)
{
	for (size_t i = 0; i < attribute_count(); i++) {
		const struct attribute *field = attribute_at(i);

		if (attribute_is_filter_field(field) &&
		    (is_called(field->name, word, len) || is_called(field->one, word, len) ||
		     is_called(field->field, word, len)))
			return field;
	}
	return NULL;
}

static bool parse_field(struct parser *parser, struct filter_term *term, size_t name_len)
{
	const char *operator;
	bool quoted;

	term->field = find_field(parser->at, name_len);
	if (!term->field)
		return complain_of_field(parser);
	parser->at += name_len;
	operator= read_operator(parser, &term->compare);
	if (!operator)
		return complain(parser, _("! must precede a term, or be part of !="));
	term->text = read_value(parser, &quoted);
	return set_value(parser, term, operator);
}

static bool complain_of_saved(const struct parser *parser)
{
	char names[256] = "";
	size_t len = 0;

	if (!parser->saved || !parser->saved->count)
		return complain(parser,
				_("no saved filters in the configuration (quote it to search for the word itself)"));
	for (size_t i = 0; i < parser->saved->count && len < sizeof(names); i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, " @%s", parser->saved->at[i].name);
	return complain(parser, _("unknown saved filter; valid:%s"), names);
}

/* What is saved knows no saved ones, so nothing goes round in circles. */
static bool parse_saved(struct parser *parser, struct filter_term *term)
{
	char *name = mem_strndup(parser->at + 1, strcspn(parser->at + 1, blanks));
	const struct saved_filter *found = saved_filters_find(parser->saved, name);

	parser->at += 1 + strlen(name);
	free(name);
	if (!found)
		return complain_of_saved(parser);
	term->how = FILTER_SAVED;
	return filter_parse(found->words, &term->saved, parser->err);
}

static bool parse_term(struct parser *parser, struct filter_term *term)
{
	size_t name_len;

	for (; *parser->at == '!'; parser->at++)
		term->negated = !term->negated;
	if (*parser->at == '@')
		return parse_saved(parser, term);
	name_len = strcspn(parser->at, " \t\"<>=!:~");
	if (name_len == 0 || !parser->at[name_len] || strchr(" \t\"", parser->at[name_len]))
		return parse_word(parser, term);
	return parse_field(parser, term, name_len);
}

/* A bar, or the word "or", alone between blanks. */
static bool skip_bar(struct parser *parser)
{
	size_t len = strcspn(parser->at, blanks);

	if (!(len == 1 && *parser->at == '|') && !(len == 2 && strncasecmp(parser->at, "or", 2) == 0))
		return false;
	parser->at += len;
	return true;
}

static bool parse_terms(struct parser *parser, struct filter *filter)
{
	bool after_bar = true; /* none may stand at the beginning */
	bool opens;

	for (;;) {
		parser->at += strspn(parser->at, blanks);
		parser->term = parser->at;
		if (!*parser->at)
			return !after_bar || filter->count == 0 || complain(parser, _("missing term after |"));
		if (skip_bar(parser)) {
			if (after_bar)
				return complain(parser, _("| must stand between two terms"));
			after_bar = true;
			continue;
		}
		opens = after_bar && filter->count > 0;
		*VEC_PUSH(filter) = (struct filter_term){ .opens_alternative = opens };
		if (!parse_term(parser, &filter->at[filter->count - 1]))
			return false;
		after_bar = false;
	}
}

bool filter_parse(const char *words, struct filter **ret_filter, struct err *err)
{
	return filter_parse_with(words, NULL, ret_filter, err);
}

bool filter_parse_with(const char *words, const struct saved_filters *saved, struct filter **ret_filter,
		       struct err *err)
{
	struct parser parser = { .words = words, .at = words, .term = words, .err = err, .saved = saved };
	struct filter *filter;

	if (strlen(words) > FILTER_WORDS_MAX)
		return err_set(err, ERR_USAGE, _("the filter is longer than %d characters"), (int)FILTER_WORDS_MAX);
	filter = mem_zalloc(sizeof(*filter));
	if (!parse_terms(&parser, filter)) {
		filter_destroy(filter);
		return false;
	}
	*ret_filter = filter;
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/filter.h"

#include "base/hash.h"
#include "engine/nearest.h"

#include <locale.h>
#include <regex.h>
#include <strings.h>

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
	bool joined;            /* a bare word may be looked for in vm->searched */
	bool opens_alternative; /* stands right behind a bar */
	char *text;
	struct filter_regex *regex;
	enum filter_compare compare;
	double number;
};

struct filter {
	VEC(struct filter_term);
	bool has_words; /* bare ones, its saved filters' too */
};

/* --- regular expressions --- */

/*
 * An extended regular expression, any case. It remembers what it answered last: between them, thousands of VMs have few
 * hosts and systems, and the C library sets out anew for each text.
 */
enum { ANSWERS = 256, TEXT_SIZE = 63 };

struct regex_answer {
	char text[TEXT_SIZE]; /* empty: none yet */
	bool matches;
};

/*
 * In a UTF-8 locale the C library first makes wide characters of the whole text, which costs eight times the search.
 * Where pattern and text are ASCII, the C locale finds the same without.
 */
struct filter_regex {
	regex_t compiled;
	struct regex_answer answers[ANSWERS];
	locale_t c_locale;
	regex_t joined; /* for vm->searched, in that locale, where term->joined */
};

static bool regex_matches(struct filter_regex *regex, const char *text)
{
	const size_t len = strlen(text);
	/* Where its answer stands, if it is there at all. */
	struct regex_answer *answer = &regex->answers[hash_fold(hash_bytes(HASH_BEGIN, text, len)) % ANSWERS];
	bool matches;

	if (len > 0 && strcmp(answer->text, text) == 0)
		return answer->matches;
	matches = regexec(&regex->compiled, text, 0, NULL, 0) == 0;
	if (len < TEXT_SIZE) {
		memcpy(answer->text, text, len + 1);
		answer->matches = matches;
	}
	return matches;
}

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
		return regex_matches(term->regex, text);
	case FILTER_COMPARES:
	case FILTER_SAVED:
		break;
	}
	return false;
}

static bool joined_matches(const struct filter_term *term, const char *joined)
{
	locale_t before;
	bool matches;

	if (term->how != FILTER_REGEX)
		return strstr(joined, term->text);
	before = uselocale(term->regex->c_locale);
	matches = regexec(&term->regex->joined, joined, 0, NULL, 0) == 0;
	uselocale(before);
	return matches;
}

/* A bare word: whoever looks for a name does not care whether a guest was asked. */
static enum answer ask_names(const struct filter_term *term, const struct attribute_row *row)
{
	const struct attribute *const end = attribute_at(0) + attribute_count();
	const struct vm *vm = row->vm;

	if (term->joined && vm->searched && vm->searched_version == vm->version &&
	    (vm->searched_ascii || term->how != FILTER_REGEX))
		return *vm->searched && joined_matches(term, vm->searched) ? YES : NO;
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

	if (term->how == FILTER_SAVED) {
		answer = ask(term->saved, row);
	} else if (!term->field) {
		answer = ask_names(term, row);
	} else if (term->how == FILTER_COMPARES) {
		answer = ask_number(term, row);
	} else {
		struct attribute_texts texts;

		attribute_texts_read(term->field, row, &texts);
		answer = texts.complete ? NO : NOBODY_KNOWS;
		for (size_t i = 0; i < texts.count && answer != YES; i++)
			if (text_matches(term, texts.at[i]))
				answer = YES;
	}
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

void filter_prepare(const struct filter *filter, struct vm *vm, const struct host *host)
{
	const struct attribute_row row = { .vm = vm, .host = host };
	char joined[4096];
	size_t len = 0;

	if (!filter || !filter->has_words || (vm->searched && vm->searched_version == vm->version))
		return;
	free(vm->searched);
	vm->searched = NULL;
	for (size_t i = 0; i < attribute_count(); i++) {
		const struct attribute *attribute = attribute_at(i);
		const char *text;
		size_t more;

		if (!(attribute->flags & ATTRIBUTE_SEARCHED))
			continue;
		text = text_str(attribute->get(&row).text);
		more = strlen(text);
		if (more == 0)
			continue;
		if (len + more + 2 > sizeof(joined))
			return; /* each by itself, then */
		if (len > 0)
			joined[len++] = '\n';
		memcpy(joined + len, text, more);
		len += more;
	}
	vm->searched_ascii = true;
	for (size_t i = 0; i < len; i++) {
		vm->searched_ascii &= (unsigned char)joined[i] < 0x80;
		joined[i] = (char)folded(joined[i]);
	}
	vm->searched = mem_strndup(joined, len);
	vm->searched_version = vm->version;
}

bool filter_match(const struct filter *filter, const struct vm *vm, const struct host *host, int64_t now)
{
	const struct attribute_row row = { .vm = vm, .host = host, .now = now };

	return !filter || ask(filter, &row) == YES;
}

bool filter_uses(const struct filter *filter, enum attribute_source source)
{
	for (size_t i = 0; filter && i < filter->count; i++) {
		const struct filter_term *term = &filter->at[i];
		const struct attribute *field = term->field;

		if (term->saved && filter_uses(term->saved, source))
			return true;
		if (!field)
			continue;
		if (field->source == source)
			return true;
		if (source != SOURCE_GUEST)
			continue;
		if (field->source == SOURCE_ADDRESSES || field->source == SOURCE_UPTIME)
			return true;
		/* The host shows whether an agent is connected; how it is doing, only asking it shows. */
		if (field == attribute_get("agent") && (text_matches(term, agent_state_name(AGENT_BLOCKED)) ||
							text_matches(term, agent_state_name(AGENT_SILENT)) ||
							text_matches(term, agent_state_name(AGENT_FROZEN))))
			return true;
	}
	return false;
}

void filter_destroy(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count; i++) {
		free(filter->at[i].text);
		filter_destroy(filter->at[i].saved);
		if (filter->at[i].regex) {
			regfree(&filter->at[i].regex->compiled);
			if (filter->at[i].joined) {
				regfree(&filter->at[i].regex->joined);
				freelocale(filter->at[i].regex->c_locale);
			}
		}
		free(filter->at[i].regex);
	}
	VEC_FREE(filter);
	free(filter);
}

/* --- reading: complaints --- */

enum { REGEX_COPIES_MAX = 2500 };

struct parser {
	const char *words; /* all of them */
	const char *at;
	const char *term; /* where the term being read begins */
	struct err *err;
	const struct saved_filters *saved; /* NULL: there are none */
};

static const char blanks[] = " \t";

/* "<term>" (character N): words. Always false. */
static PRINTF_LIKE(2, 3) bool complain(const struct parser *parser, const char *format, ...)
{
	OWN(text) struct safe_text term = text_sanitize(parser->term, strcspn(parser->term, blanks), 64);
	size_t position = 1;
	char words[640];
	va_list args;

	for (const char *s = parser->words; s < parser->term; s++)
		position += (*s & 0xc0) != 0x80;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	err_set(parser->err, ERR_USAGE, _("filter: \"%s\" (character %zu): %s"), text_str(term), position, words);
	return false;
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

/* For vm->searched: no pattern that could see an end of a line as a character, or tell it from an end of the text. */
static void set_joined_regex(struct filter_term *term)
{
	const locale_t c_locale = newlocale(LC_ALL_MASK, "C", 0), before = uselocale(c_locale);
	bool plain = true;

	for (const char *s = term->text; *s; s++)
		plain &= *s >= ' ' && *s <= '~' && *s != '\\' && !(*s == '[' && s[1] && strchr(":.=", s[1]));
	term->joined = plain && regcomp(&term->regex->joined, term->text,
					REG_EXTENDED | REG_ICASE | REG_NOSUB | REG_NEWLINE) == 0;
	uselocale(before);
	if (term->joined)
		term->regex->c_locale = c_locale;
	else
		freelocale(c_locale);
}

/* The C library makes copies of what repeats, and follows back references without end: both stay small. */
static bool set_regex(struct parser *parser, struct filter_term *term)
{
	const char *pattern = term->text, *open = strchr(pattern, '{');
	size_t copies = 1;
	char words[128];
	int failed;

	/* The largest number between braces; twice that for each +, which may stand behind another. */
	for (const char *s = open; s && *s && *s != '}'; s++)
		if (*s >= '0' && *s <= '9')
			copies = MAX(copies, strtoul(s, NULL, 10));
	for (const char *s = pattern; *s && copies <= REGEX_COPIES_MAX; s++)
		copies *= *s == '+' ? 2 : 1;
	if (strlen(pattern) > FILTER_REGEX_MAX || copies > REGEX_COPIES_MAX / MAX(strlen(pattern), 1))
		return complain(parser, _("the regular expression is too large"));
	if (open && strchr(open + 1, '{'))
		return complain(parser, _("only one {...} is allowed in a regular expression"));
	for (const char *s = pattern; (s = strchr(s, '\\')) && s[1]; s += 2)
		if (s[1] >= '1' && s[1] <= '9')
			return complain(parser, _("back references are not supported"));
	term->how = FILTER_REGEX;
	term->regex = mem_zalloc(sizeof(*term->regex));
	failed = regcomp(&term->regex->compiled, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB);
	if (!failed) {
		if (!term->field)
			set_joined_regex(term);
		return true;
	}
	regerror(failed, &term->regex->compiled, words, sizeof(words));
	free(term->regex);
	term->regex = NULL;
	return complain(parser, _("not a regular expression: %s"), words);
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

/* Digits with a decimal point, whatever the locale. NULL: none. */
static const char *read_number(const char *text, double *ret_number)
{
	const char *end = text;
	double place = 1;

	for (*ret_number = 0; *end >= '0' && *end <= '9'; end++)
		*ret_number = *ret_number * 10 + (*end - '0');
	if (end == text)
		return NULL;
	if (*end == '.')
		for (end++; *end >= '0' && *end <= '9'; end++)
			*ret_number += (*end - '0') * (place /= 10);
	return end;
}

bool filter_parse_duration(const char *text, double *ret_ms)
{
	static const struct {
		char letter;
		double ms;
	} units[] = { { 's', 1e3 }, { 'm', 60e3 }, { 'h', 3600e3 }, { 'd', 86400e3 }, { 'w', 7 * 86400e3 } };
	const char *end = read_number(text, ret_ms);

	for (size_t i = 0; end && i < ARRAY_SIZE(units); i++) {
		if ((*end | 0x20) == units[i].letter && !end[1]) {
			*ret_ms *= units[i].ms;
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
		return filter_parse_duration(text, ret_number);
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

static bool set_value(struct parser *parser, struct filter_term *term, const char *sign)
{
	static const char *const examples[] = {
		[ATTRIBUTE_COUNT] = "2",  [ATTRIBUTE_PERCENT] = "50", [ATTRIBUTE_REAL] = "50",
		[ATTRIBUTE_KIB] = "512m", [ATTRIBUTE_RATE] = "500k",  [ATTRIBUTE_DURATION] = "2d",
	};
	const struct attribute *field = term->field;
	const char *name = attribute_filter_name(field);
	/* A number whose state has words is a text, too. */
	const bool has_number = attribute_is_number(field), has_text = !has_number || field->word;
	bool compares = strcmp(sign, ":") != 0 && strcmp(sign, "~") != 0;
	struct nearest near;
	char words[256];
	double number;

	if (!*term->text)
		return complain(parser, _("missing value"));
	if (strcmp(sign, "~") == 0)
		return has_text ? set_regex(parser, term)
				: complain(parser, _("%s is a number; ~ searches text only"), name);
	if (has_number && parse_number(field, term->text, &number)) {
		term->how = FILTER_COMPARES;
		term->number = number;
		return true;
	}
	if (has_number && (!has_text || strchr("<>", *sign)))
		return complain(parser, _("%s needs a number, such as %s"), name, examples[field->type]);
	if (compares && term->compare != COMPARE_EQ && term->compare != COMPARE_NE)
		return complain(parser, _("%s is not a number; < and > compare numbers only"), name);
	term->negated ^= compares && term->compare == COMPARE_NE;
	if (!field->word) {
		term->how = compares ? FILTER_EQUALS : FILTER_CONTAINS;
		return true;
	}
	term->how = FILTER_BEGINS;
	nearest_init(&near, term->text);
	for (int i = 0; field->word(i); i++) {
		nearest_offer(&near, field->word(i));
		if (strncasecmp(field->word(i), term->text, strlen(term->text)) == 0)
			return true;
	}
	filter_hint(field, words, sizeof(words));
	return near.name ? complain(parser, _("did you mean %s? %s is one of: %s"), near.name, name, words)
			 : complain(parser, _("%s is one of: %s"), name, words);
}

/* The longer ones first. */
static const struct {
	const char *text;
	enum filter_compare compare;
} operators[] = {
	{ "<=", COMPARE_LE }, { ">=", COMPARE_GE }, { "!=", COMPARE_NE }, { ":~", COMPARE_EQ }, { "<", COMPARE_LT },
	{ ">", COMPARE_GT },  { "=", COMPARE_EQ },  { ":", COMPARE_EQ },  { "~", COMPARE_EQ },
};

static bool is_called(const char *name, const char *word, size_t len)
{
	return name && strncasecmp(name, word, len) == 0 && name[len] == '\0';
}

static bool parse_field(struct parser *parser, struct filter_term *term, size_t name_len)
{
	const char *sign = NULL;
	char *called = mem_strndup(parser->at, name_len), names[512] = "";
	size_t len = 0;
	bool quoted;
	struct nearest near;

	nearest_init(&near, called);
	for (size_t i = 0; i < attribute_count() && !term->field; i++) {
		const struct attribute *field = attribute_at(i);

		if (!attribute_is_filter_field(field))
			continue;
		len += (size_t)snprintf(names + len, sizeof(names) - len, " %s", attribute_filter_name(field));
		nearest_offer(&near, attribute_filter_name(field));
		if (is_called(field->name, parser->at, name_len) || is_called(field->one, parser->at, name_len) ||
		    is_called(field->field, parser->at, name_len))
			term->field = field;
	}
	free(called);
	if (!term->field && near.name)
		return complain(parser,
				_("unknown field; did you mean %s? valid:%s (quote it to search for the word itself)"),
				near.name, names);
	if (!term->field)
		return complain(parser, _("unknown field; valid:%s (quote it to search for the word itself)"), names);
	parser->at += name_len;
	for (size_t i = 0; i < ARRAY_SIZE(operators) && !sign; i++) {
		len = strlen(operators[i].text);
		if (strncmp(parser->at, operators[i].text, len) == 0) {
			parser->at += len;
			term->compare = operators[i].compare;
			sign = operators[i].text[len - 1] == '~' ? "~" : operators[i].text;
		}
	}
	if (!sign)
		return complain(parser, _("! must precede a term, or be part of !="));
	term->text = read_value(parser, &quoted);
	return set_value(parser, term, sign);
}

/* @name. What is saved knows no saved ones, so nothing goes round in circles. */
static bool parse_saved(struct parser *parser, struct filter_term *term)
{
	char *name = mem_strndup(parser->at + 1, strcspn(parser->at + 1, blanks));
	const struct saved_filter *found = saved_filters_find(parser->saved, name);
	char names[256] = "";
	size_t len = 0;

	parser->at += 1 + strlen(name);
	free(name);
	if (found) {
		term->how = FILTER_SAVED;
		return filter_parse(found->words, &term->saved, parser->err);
	}
	if (!parser->saved || !parser->saved->count)
		return complain(parser,
				_("no saved filters in the configuration (quote it to search for the word itself)"));
	for (size_t i = 0; i < parser->saved->count && len < sizeof(names); i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, " @%s", parser->saved->at[i].name);
	return complain(parser, _("unknown saved filter; valid:%s"), names);
}

static bool parse_term(struct parser *parser, struct filter_term *term)
{
	bool is_regex, quoted;
	size_t name_len;

	for (; *parser->at == '!'; parser->at++)
		term->negated = !term->negated;
	if (*parser->at == '@')
		return parse_saved(parser, term);
	name_len = strcspn(parser->at, " \t\"<>=!:~");
	if (name_len > 0 && parser->at[name_len] && !strchr(" \t\"", parser->at[name_len]))
		return parse_field(parser, term, name_len);
	is_regex = *parser->at == '~';
	parser->at += is_regex;
	term->text = read_value(parser, &quoted);
	if (!*term->text && !quoted)
		return complain(parser, _("missing term"));
	if (is_regex)
		return set_regex(parser, term);
	for (char *s = term->text; *s; s++)
		*s = (char)folded(*s);
	term->joined = !strchr(term->text, '\n');
	return true;
}

static bool parse_terms(struct parser *parser, struct filter *filter)
{
	bool after_bar = true; /* none may stand at the beginning */
	struct filter_term *term;
	size_t len;

	for (;;) {
		parser->at += strspn(parser->at, blanks);
		parser->term = parser->at;
		if (!*parser->at)
			return !after_bar || filter->count == 0 || complain(parser, _("missing term after |"));
		len = strcspn(parser->at, blanks);
		if ((len == 1 && *parser->at == '|') || (len == 2 && strncasecmp(parser->at, "or", 2) == 0)) {
			parser->at += len;
			if (after_bar)
				return complain(parser, _("| must stand between two terms"));
			after_bar = true;
			continue;
		}
		term = VEC_PUSH(filter);
		term->opens_alternative = after_bar && filter->count > 1;
		if (!parse_term(parser, term))
			return false;
		filter->has_words |= term->saved ? term->saved->has_words : !term->field;
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/config_internal.h"

#include <ctype.h>
#include <strings.h>

struct scan {
	char *at, *end;
	int line, depth;
	bool line_start; /* nothing but blanks since the last newline */
	struct err *err;
};

static bool refuse(struct scan *scan, const char *why)
{
	return err_set(scan->err, ERR_USAGE, "%s", why);
}

static bool starts(const struct scan *scan, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(scan->end - scan->at) >= len && !memcmp(scan->at, word, len);
}

static void step(struct scan *scan)
{
	char c = *scan->at++;

	if (c == '\n') {
		scan->line++;
		scan->line_start = true;
	} else if (c != ' ' && c != '\t') {
		scan->line_start = false;
	}
}

/* The parser sees @include at the start of any line, so it is looked for in strings and comments too. */
static bool step_checked(struct scan *scan)
{
	if (!*scan->at)
		return refuse(scan, _("it contains a NUL byte; save it as plain text"));
	if (scan->line_start && starts(scan, "@include"))
		return refuse(scan, _("@include is not allowed; put all settings into this file"));
	step(scan);
	return true;
}

static bool skip_block(struct scan *scan)
{
	int first_line = scan->line;

	scan->at += 2;
	while (scan->at < scan->end && !starts(scan, "*/"))
		if (!step_checked(scan))
			return false;
	if (scan->at == scan->end) {
		scan->line = first_line;
		return refuse(scan, _("unterminated comment; close it with */"));
	}
	scan->at += 2;
	return true;
}

static bool skip_string(struct scan *scan)
{
	int first_line = scan->line;

	step(scan);
	while (scan->at < scan->end && *scan->at != '"') {
		bool escape = *scan->at == '\\';

		if (!step_checked(scan))
			return false;
		if (escape && scan->at < scan->end && !step_checked(scan))
			return false;
	}
	if (scan->at == scan->end) {
		scan->line = first_line;
		return refuse(scan, _("unterminated string; close it with a quotation mark"));
	}
	step(scan);
	return true;
}

static void skip_word(struct scan *scan)
{
	while (scan->at < scan->end && (isalnum((unsigned char)*scan->at) || strchr("-_*", *scan->at)) && *scan->at)
		step(scan);
}

static void take_number(struct scan *scan)
{
	bool hex = starts(scan, "0x") || starts(scan, "0X");
	const char *largest = hex ? "7fffffff" : "2147483647";
	char *digits = scan->at + (hex ? 2 : 0);
	char *first = digits, *last;
	size_t len;

	while (first < scan->end && *first == '0')
		first++;
	for (last = first; last < scan->end && (hex ? isxdigit((unsigned char)*last) : isdigit((unsigned char)*last));)
		last++;
	len = (size_t)(last - first);
	scan->at = last;
	scan->line_start = false;
	if (last < scan->end && strchr(".eEL", *last) && *last) {
		skip_word(scan);
		return;
	}
	if (len > strlen(largest) || (len == strlen(largest) && strncasecmp(first, largest, len) > 0)) {
		memset(first, ' ', len);
		memcpy(first, largest, strlen(largest));
	}
	/* libconfig 1.7 takes a leading zero for octal, 1.5 does not. */
	if (!hex && len) {
		memmove(digits, first, len);
		memset(digits + len, ' ', (size_t)(first - digits));
	}
}

static bool take_token(struct scan *scan)
{
	char c = *scan->at;

	if (c == '#' || starts(scan, "//")) {
		while (scan->at < scan->end && *scan->at != '\n')
			if (!step_checked(scan))
				return false;
		return true;
	}
	if (starts(scan, "/*"))
		return skip_block(scan);
	if (c == '"')
		return skip_string(scan);
	if (isdigit((unsigned char)c)) {
		take_number(scan);
		return true;
	}
	if (isalpha((unsigned char)c) || c == '*') {
		skip_word(scan);
		return true;
	}
	if (c && strchr("{([", c) && ++scan->depth > CONFIG_DEPTH_MAX)
		return refuse(scan, _("brackets are nested too deeply"));
	if (c && strchr("})]", c) && scan->depth > 0)
		scan->depth--;
	return step_checked(scan);
}

bool config_scan(char *bytes, size_t len, int *ret_line, struct err *err)
{
	struct scan scan = { .at = bytes, .end = bytes + len, .line = 1, .line_start = true, .err = err };

	while (scan.at < scan.end) {
		if (!take_token(&scan)) {
			*ret_line = scan.line;
			return false;
		}
	}
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/hash.h"
#include "engine/filter_private.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWERS = 256, TEXT_SIZE = 63 };

struct answer {
	char text[TEXT_SIZE]; /* empty: none yet */
	bool matches;
};

struct filter_regex {
	regex_t compiled;
	struct answer answers[ANSWERS];
};

struct filter_regex *filter_regex_create(const char *pattern, char *ret_complaint, size_t size)
{
	struct filter_regex *regex = mem_zalloc(sizeof(*regex));
	int failed = regcomp(&regex->compiled, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB);

	if (!failed)
		return regex;
	regerror(failed, &regex->compiled, ret_complaint, size);
	free(regex);
	return NULL;
}

void filter_regex_destroy(struct filter_regex *regex)
{
	if (regex)
		regfree(&regex->compiled);
	free(regex);
}

bool filter_regex_matches(struct filter_regex *regex, const char *text)
{
	const size_t len = strlen(text);
	/* Where its answer stands, if it is there at all. */
	struct answer *answer = &regex->answers[hash_fold(hash_bytes(HASH_BEGIN, text, len)) % ANSWERS];
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

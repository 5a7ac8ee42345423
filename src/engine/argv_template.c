/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/argv_template.h"

#include "base/vec.h"

/* One word of len bytes, with its names filled in. NULL: err. */
static char *fill_in(const char *word, size_t len, const struct argv_value *values, size_t count, struct err *err)
{
	char *filled = NULL;
	size_t filled_len = 0;
	FILE *to = mem_stream(&filled, &filled_len);
	bool ok = true;

	for (const char *at = word; ok && at < word + len;) {
		const char *end = *at == '{' ? memchr(at, '}', len - (size_t)(at - word)) : NULL;
		const size_t name_len = end ? (size_t)(end - at - 1) : 0;
		const struct argv_value *value = NULL;

		for (size_t i = 0; i < count && end && !value; i++)
			if (strlen(values[i].name) == name_len && strncmp(values[i].name, at + 1, name_len) == 0)
				value = &values[i];
		if (value)
			fputs(value->value, to);
		else if (*at == '{')
			ok = err_set(err, ERR_USAGE, _("unknown placeholder \"%.*s\""), (int)MIN(len, (size_t)60),
				     word);
		else
			fputc(*at, to);
		at = value ? end + 1 : at + 1;
	}
	fclose(to);
	if (ok)
		return filled;
	free(filled);
	return NULL;
}

char *template_fill(const char *text, const struct argv_value *values, size_t count, struct err *err)
{
	return fill_in(text, strlen(text), values, count, err);
}

char **argv_template_fill(const char *words, const struct argv_value *values, size_t count, struct err *err)
{
	struct {
		VEC(char *);
	} list = { 0 };
	bool ok = true;

	for (words += strspn(words, " \t"); ok && *words; words += strspn(words, " \t")) {
		const size_t len = strcspn(words, " \t");
		char *word = fill_in(words, len, values, count, err);

		ok = word != NULL;
		if (ok)
			*VEC_PUSH(&list) = word;
		words += len;
	}
	if (ok && list.count == 0)
		ok = err_set(err, ERR_USAGE, _("no program to start: the setting is empty"));
	*VEC_PUSH(&list) = NULL;
	if (ok)
		return list.at;
	for (size_t i = 0; i < list.count; i++)
		free(list.at[i]);
	VEC_FREE(&list);
	return NULL;
}

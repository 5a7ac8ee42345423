/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/cli/json_rows.h"

#include "tests/cli/run.h"
#include "tests/unit/unit.h"

static json_t *rows;

void read_json(void)
{
	json_error_t error;

	json_decref(rows);
	rows = json_loads(ran.out, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_array(rows))
		fail_msg("no JSON array: %s\n%s", error.text, ran.out);
}

size_t row_count(void)
{
	return json_array_size(rows);
}

static json_t *first_row(void)
{
	assert_true(row_count() > 0);
	return json_array_get(rows, 0);
}

json_t *field(const char *name)
{
	json_t *value = json_object_get(first_row(), name);

	if (!value)
		fail_msg("there is no field %s", name);
	return value;
}

const char *text_of(const char *name)
{
	const char *text = json_string_value(field(name));

	if (!text)
		fail_msg("%s is no text", name);
	return text;
}

long long number_of(const char *name)
{
	assert_true(json_is_integer(field(name)));
	return json_integer_value(field(name));
}

void fields_are(const char *names, bool more)
{
	char found[1024] = "";
	const char *name;
	json_t *value;
	size_t len = 0;

	json_object_foreach(first_row(), name, value)
		len += (size_t)snprintf(found + len, sizeof(found) - len, "%s%s", len ? " " : "", name);
	if (more && len > strlen(names))
		found[strlen(names)] = '\0';
	assert_string_equal(found, names);
}

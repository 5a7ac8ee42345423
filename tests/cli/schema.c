/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/cli/schema.h"

#include "tests/unit/unit.h"
#include "ui/cli/options.h"

#include <jansson.h>

static bool is_of_type(const json_t *value, const char *type)
{
	return (!strcmp(type, "string") && json_is_string(value)) || (!strcmp(type, "null") && json_is_null(value)) ||
	       (!strcmp(type, "integer") && json_is_integer(value)) ||
	       (!strcmp(type, "number") && json_is_number(value)) ||
	       (!strcmp(type, "boolean") && json_is_boolean(value)) ||
	       (!strcmp(type, "array") && json_is_array(value)) || (!strcmp(type, "object") && json_is_object(value));
}

static bool is_among(const json_t *values, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(values); i++)
		if (json_equal(json_array_get(values, i), value))
			return true;
	return false;
}

/* What gen-schema uses of JSON Schema; stricter: there is no field that it does not name. */
static void check(const char *where, const json_t *schema, json_t *value)
{
	const json_t *types = json_object_get(schema, "type"), *words = json_object_get(schema, "enum");
	const json_t *fields = json_object_get(schema, "properties"), *required = json_object_get(schema, "required");
	bool fits = json_is_string(types) && is_of_type(value, json_string_value(types));
	const char *name;
	json_t *field;

	for (size_t i = 0; i < json_array_size(types); i++)
		fits |= is_of_type(value, json_string_value(json_array_get(types, i)));
	if (!fits || (words && !is_among(words, value)))
		fail_msg("%s: its schema does not allow %s", where, json_dumps(value, JSON_ENCODE_ANY));
	for (size_t i = 0; i < json_array_size(value); i++)
		check(where, json_object_get(schema, "items"), json_array_get(value, i));
	for (size_t i = 0; i < json_array_size(required) && json_is_object(value); i++)
		if (!json_object_get(value, json_string_value(json_array_get(required, i))))
			fail_msg("%s is missing", json_string_value(json_array_get(required, i)));
	json_object_foreach(value, name, field) {
		if (!json_object_get(fields, name))
			fail_msg("%s is not in the schema", name);
		check(name, json_object_get(fields, name), field);
	}
}

static const char *command_of(const char *words)
{
	OWN(bytes) char *copy = mem_strdup(words);
	char *rest = copy;

	for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " "))
		for (int id = 0; id < COMMAND_DASHBOARD; id++)
			if (!strcmp(command_get((enum command_id)id)->name, word))
				return command_get((enum command_id)id)->name;
	return NULL;
}

void schema_check(const char *words, const char *output)
{
	const bool wants_json = strstr(words, "--json") || strstr(words, "-o json") || strstr(words, "--output json");
	/* What --fix does is one operation's task. */
	const char *command = strstr(words, " --fix") ? "add-channel" : command_of(words);
	OWN(bytes) char *path = command ? mem_printf("doc/schema/%s.json", command) : NULL;
	json_error_t error = { 0 };
	json_t *schema, *value;

	if (!wants_json || !command || (*output != '[' && *output != '{'))
		return;
	schema = json_load_file(path, 0, &error);
	if (!schema)
		fail_msg("%s: %s", path, error.text);
	for (; *output; output += error.position + strspn(output + error.position, "\n")) {
		value = json_loads(output, JSON_DISABLE_EOF_CHECK, &error);
		if (!value)
			fail_msg("%s: %s: no JSON: %s", words, error.text, output);
		check(command, schema, value);
		json_decref(value);
	}
	json_decref(schema);
}

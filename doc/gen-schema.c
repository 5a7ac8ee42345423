/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gen-schema - JSON Schemas (draft 2020-12) of what the commands write with --json, from the tables that they run on.
 *
 *	gen-schema DIRECTORY
 */
#include "model/attribute.h"
#include "ui/cli/cli.h"

#include <jansson.h>

static json_t *object_schema(struct cli_fields fields);

/* Unknown is null. */
static json_t *field_schema(struct cli_fields fields, size_t at)
{
	static const char *const types[] = {
		[OUTPUT_IS_TEXT] = "string",  [OUTPUT_IS_NUMBER] = "integer", [OUTPUT_IS_REAL] = "number",
		[OUTPUT_IS_BOOL] = "boolean", [OUTPUT_IS_TIME] = "string",    [OUTPUT_IS_ROWS] = "array",
	};
	const struct attribute *attribute = fields.attributes ? fields.attributes[at] : NULL;
	const enum output_type type = fields.columns[at].type;
	json_t *schema = json_pack("{s: [s, s]}", "type", types[type], "null"), *words = json_array();

	if (attribute)
		json_object_set_new(schema, "description", json_string(attribute->sentence));
	if (type == OUTPUT_IS_TIME)
		json_object_set_new(schema, "format", json_string("date-time"));
	if (type == OUTPUT_IS_ROWS)
		json_object_set_new(schema, "items", object_schema(cli_fields_within(attribute)));
	for (int i = 0; attribute && attribute->type == ATTRIBUTE_ENUM && attribute->word && attribute->word(i); i++)
		json_array_append_new(words, json_string(attribute->word(i)));
	if (json_array_size(words)) {
		json_array_append_new(words, json_null());
		json_object_set(schema, "enum", words);
	}
	json_decref(words);
	return schema;
}

static json_t *object_schema(struct cli_fields fields)
{
	json_t *properties = json_object(), *required = json_array();

	for (size_t i = 0; i < fields.count; i++) {
		const char *name = fields.columns[i].name;

		if (!name)
			continue;
		json_object_set_new(properties, name, field_schema(fields, i));
		json_array_append_new(required, json_string(name));
	}
	return json_pack("{s: s, s: o, s: o}", "type", "object", "properties", properties, "required", required);
}

/* fields: those of the command. */
static bool write_schema(const char *directory, enum command_id id, struct cli_fields fields)
{
	const struct command_info *command = command_get(id);
	OWN(bytes) char *path = mem_printf("%s/%s.json", directory, command->name);
	OWN(bytes) char *uri = mem_printf("urn:innkeeper:schema:1:%s", command->name);
	OWN(bytes)
	char *title = mem_printf("innkeeper %s --json=1%s", command->name, id == COMMAND_WATCH ? ", each line" : "");
	json_t *schema =
		json_pack("{s: s, s: s, s: s, s: s}", "$schema", "https://json-schema.org/draft/2020-12/schema", "$id",
			  uri, "title", title, "description", command->sentence);
	json_t *object = object_schema(fields);
	bool ok;

	if (id == COMMAND_WATCH)
		json_object_update(schema, object);
	else
		json_object_update_new(schema, json_pack("{s: s, s: O}", "type", "array", "items", object));
	ok = json_dump_file(schema, path, JSON_INDENT(2)) == 0;
	json_decref(object);
	json_decref(schema);
	return ok;
}

int main(int argc, char **argv)
{
	bool ok = argc == 2;

	output_prepare();
	for (int id = 0; id < COMMAND_DASHBOARD && ok; id++) {
		const struct cli_fields fields = cli_fields((enum command_id)id);

		ok = !fields.count || write_schema(argv[1], (enum command_id)id, fields);
	}
	if (!ok)
		fputs("gen-schema: cannot write; usage: gen-schema DIRECTORY\n", stderr);
	return !ok;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/output.h"

#include <jansson.h>

enum { REAL_DIGITS = 6 };

void output_prepare(void)
{
	json_set_alloc_funcs(mem_zalloc, free);
	json_object_seed(0);
}

static json_t *object_of(const struct output *output, size_t row);

static json_t *array_of(const struct output *output)
{
	json_t *array = json_array();

	for (size_t i = 0; i < output->count; i++)
		json_array_append_new(array, object_of(output, i));
	return array;
}

static json_t *json_of(const struct output_value *value)
{
	switch (value->type) {
	case OUTPUT_UNKNOWN:
		break;
	case OUTPUT_IS_TEXT:
		return json_string(text_str(value->text));
	case OUTPUT_IS_NUMBER:
		return json_integer(value->number);
	case OUTPUT_IS_REAL:
		return json_real(value->real);
	case OUTPUT_IS_BOOL:
		return json_boolean(value->number);
	case OUTPUT_IS_ROWS:
		return array_of(value->rows);
	}
	return json_null();
}

static json_t *object_of(const struct output *output, size_t row)
{
	json_t *object = json_object();

	for (size_t i = 0; i < output->column_count; i++)
		if (output->columns[i].name)
			json_object_set_new(object, output->columns[i].name, json_of(&output->at[row][i]));
	return object;
}

static bool print(json_t *json, size_t flags, FILE *stream)
{
	bool ok = json_dumpf(json, stream, flags | JSON_REAL_PRECISION(REAL_DIGITS)) == 0 && fputc('\n', stream) != EOF;

	json_decref(json);
	return ok;
}

bool output_print_json(const struct output *output, FILE *stream)
{
	return print(array_of(output), JSON_INDENT(2), stream);
}

bool output_print_json_line(const struct output *output, size_t row, FILE *stream)
{
	return print(object_of(output, row), JSON_COMPACT, stream);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_attributes.h"

#include "base/clock.h"

#include <stdio.h>

/* The fields of `list`, in the order that scripts rely on; those that people see in its table have a star. */
static const char *const of_list[] = {
	"*host",    "*name", "uuid", "id",  "*state",    "*agent",     "heartbeat", "*users", "users-state", "*os",
	"hostname", "vcpus", "*mem", "cpu", "autostart", "persistent", "stale",     "tags",   "ips",
};

/* `info` goes on with these, then with every other attribute that has a field. */
static const char *const of_info[] = {
	"title",  "uri",        "hypervisor", "maxmem",         "agent-version", "os-id",  "os-version",
	"kernel", "interfaces", "uptime",     "session-source", "note",          "advice", "who",
};

static void add(struct cli_attributes *fields, const struct attribute *attribute, const char *title)
{
	fields->columns[fields->count] = (struct output_column){
		.name = attribute->field,
		.title = title,
		.right = attribute_is_number(attribute),
	};
	fields->attributes[fields->count++] = attribute;
}

size_t cli_attributes_place(const struct cli_attributes *fields, const char *name)
{
	size_t place = 0;

	while (place < fields->count && strcmp(fields->attributes[place]->name, name) != 0)
		place++;
	return place;
}

static const struct cli_attributes *attributes_of_list(void)
{
	static struct cli_attributes fields;

	for (size_t i = 0; fields.count < ARRAY_SIZE(of_list); i++) {
		const bool in_table = *of_list[i] == '*';
		const struct attribute *attribute = attribute_get(of_list[i] + in_table);

		add(&fields, attribute, in_table ? attribute->heading : NULL);
	}
	return &fields;
}

static const struct cli_attributes *attributes_of_info(void)
{
	const struct cli_attributes *list = attributes_of_list();
	static struct cli_attributes fields;

	if (fields.count)
		return &fields;
	for (size_t i = 0; i < list->count; i++)
		add(&fields, list->attributes[i], list->attributes[i]->label);
	for (size_t i = 0; i < ARRAY_SIZE(of_info); i++)
		add(&fields, attribute_get(of_info[i]), attribute_get(of_info[i])->label);
	for (size_t i = 0; i < attribute_count(); i++)
		if (attribute_at(i)->field && cli_attributes_place(&fields, attribute_at(i)->name) == fields.count)
			add(&fields, attribute_at(i), attribute_at(i)->label);
	return &fields;
}

static void put(struct output *output, size_t column, const struct attribute *attribute,
		const struct attribute_row *row)
{
	const double number = attribute->get(row).number;
	struct attribute_cell cell;

	switch (attribute->type) {
	case ATTRIBUTE_TEXT:
	case ATTRIBUTE_ENUM:
	case ATTRIBUTE_UUID:
		output_put_text(output, column, attribute_text(attribute, row, &cell));
		return;
	case ATTRIBUTE_BOOL:
		output_put_bool(output, column, (int)number);
		return;
	default:
		break;
	}
	if (number < 0) {
		output_put_unknown(output, column, attribute_words(attribute, row, &cell));
		return;
	}
	switch (attribute->type) {
	case ATTRIBUTE_REAL:
		output_put_real(output, column, number);
		break;
	case ATTRIBUTE_KIB:
		output_put_kib(output, column, (int64_t)number);
		break;
	case ATTRIBUTE_DURATION:
		output_put_number_as(output, column, (int64_t)number / 1000,
				     text_str(attribute_words(attribute, row, &cell)));
		break;
	default:
		output_put_number(output, column, (int64_t)number);
		break;
	}
}

const struct cli_attributes *cli_attributes_of(enum command_id command)
{
	if (command == COMMAND_LIST)
		return attributes_of_list();
	return command == COMMAND_INFO ? attributes_of_info() : NULL;
}

void cli_attributes_put(const struct cli_attributes *fields, struct output *output, const struct host *host,
			const struct vm *vm)
{
	const struct attribute_row row = { .vm = vm, .host = host, .now = clock_ms() };

	output_row(output);
	for (size_t i = 0; i < fields->count; i++)
		put(output, i, fields->attributes[i], &row);
}

bool cli_attributes_sort(const struct cli_attributes *fields, struct output *output, const char *words, struct err *err)
{
	const bool descending = *words == '-';
	const size_t place = cli_attributes_place(fields, words + descending);
	char field[64];

	if (place == fields->count)
		return output_sort(output, words, err);
	snprintf(field, sizeof(field), "%s%s", descending ? "-" : "", fields->columns[place].name);
	return output_sort(output, field, err);
}

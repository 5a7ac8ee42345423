/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `list` and `info`: the attributes of VMs, one a column. */
#include "base/clock.h"
#include "ui/cli/cli_commands.h"

enum { INFO_GUEST_MS = 20 * 1000, NAMES_MOST = 16 };

/* The fields of `list`, in the order that scripts rely on; those that people see in its table have a star. */
static const char *const of_list[] = {
	"*host",    "*name", "uuid", "id",  "*state",    "*agent",     "heartbeat", "*users", "users-state", "*os",
	"hostname", "vcpus", "*mem", "cpu", "autostart", "persistent", "stale",     "tags",   "ips",         "note",
};

/* `info` goes on with these, then with every other attribute that has a field. */
static const char *const of_info[] = {
	"title",  "uri",        "hypervisor", "maxmem",         "agent-version", "os-id", "os-version",
	"kernel", "interfaces", "uptime",     "session-source", "advice",        "who",
};

struct attribute_columns {
	struct output_column columns[ATTRIBUTES_MAX];
	const struct attribute *attributes[ATTRIBUTES_MAX];
	size_t count;
};

static const struct output_column address_columns[] = {
	{ "address", NC_("column", "ADDRESS"), OUTPUT_IS_TEXT },
	{ "interface", NC_("column", "INTERFACE"), OUTPUT_IS_TEXT },
};

/* In JSON, addresses and sessions are arrays of objects. */
struct cli_fields cli_fields_within(const struct attribute *attribute)
{
	if (attribute == attribute_get("interfaces"))
		return (struct cli_fields){ address_columns, ARRAY_SIZE(address_columns), NULL };
	return attribute == attribute_get("who") ? cli_users_fields : (struct cli_fields){ 0 };
}

static void add(struct attribute_columns *fields, const struct attribute *attribute, const char *title)
{
	fields->columns[fields->count] = (struct output_column){
		.name = attribute->field,
		.title = title,
		.type = cli_fields_within(attribute).count  ? OUTPUT_IS_ROWS
			: attribute->type == ATTRIBUTE_BOOL ? OUTPUT_IS_BOOL
			: attribute->type == ATTRIBUTE_REAL ? OUTPUT_IS_REAL
			: attribute_is_number(attribute)    ? OUTPUT_IS_NUMBER
							    : OUTPUT_IS_TEXT,
	};
	fields->attributes[fields->count++] = attribute;
}

/* count: not among them. */
static size_t column_of(const struct attribute *const *attributes, size_t count, const char *name)
{
	size_t column = 0;

	while (column < count && strcmp(attributes[column]->name, name) != 0)
		column++;
	return column;
}

struct cli_fields cli_attribute_fields(enum command_id command)
{
	static struct attribute_columns of[2];
	const bool is_info = command == COMMAND_INFO;
	struct attribute_columns *fields = &of[is_info];

	for (size_t i = 0; i < ARRAY_SIZE(of_list) && fields->count < ARRAY_SIZE(of_list); i++) {
		const bool in_table = *of_list[i] == '*';
		const struct attribute *attribute = attribute_get(of_list[i] + in_table);

		add(fields, attribute, is_info ? attribute->label : in_table ? attribute->heading : NULL);
	}
	if (is_info && fields->count == ARRAY_SIZE(of_list)) {
		for (size_t i = 0; i < ARRAY_SIZE(of_info); i++)
			add(fields, attribute_get(of_info[i]), attribute_get(of_info[i])->label);
		for (size_t i = 0; i < attribute_count(); i++)
			if (attribute_at(i)->field &&
			    column_of(fields->attributes, fields->count, attribute_at(i)->name) == fields->count)
				add(fields, attribute_at(i), attribute_at(i)->label);
	}
	return (struct cli_fields){ fields->columns, fields->count, fields->attributes };
}

/* The next row. */
static void put_vm(struct cli *cli, const struct vm *vm)
{
	const struct attribute_row row = { .vm = vm, .host = cli_host(cli, &vm->id), .now = clock_ms() };
	struct output *output = &cli->output;

	output_row(output);
	for (size_t i = 0; i < output->column_count; i++) {
		const struct attribute *attribute = output->attributes[i];
		const double number = attribute->get(&row).number;
		struct attribute_cell cell;

		if (attribute->type == ATTRIBUTE_BOOL)
			output_put_bool(output, i, (int)number);
		else if (!attribute_is_number(attribute))
			output_put_text(output, i, attribute_text(attribute, &row, &cell));
		else if (number < 0)
			output_put_unknown(output, i, attribute_words(attribute, &row, &cell));
		else if (attribute->type == ATTRIBUTE_REAL)
			output_put_real(output, i, number);
		else if (attribute->type == ATTRIBUTE_KIB)
			output_put_kib(output, i, (int64_t)number);
		else if (attribute->type == ATTRIBUTE_DURATION)
			output_put_number_as(output, i, (int64_t)number / 1000,
					     text_str(attribute_words(attribute, &row, &cell)));
		else
			output_put_number(output, i, (int64_t)number);
	}
}

static void put_answer(struct cli *cli, const struct vm_id *id)
{
	const struct vm *vm = cli_vm(cli, id);

	if (vm)
		put_vm(cli, vm);
}

static void answer_comes_later(struct cli *cli UNUSED, const struct vm_id *id UNUSED)
{
}

static void report_unasked(struct cli *cli)
{
	size_t untold = 0;

	for (size_t i = 0; i < cli->vms.count; i++) {
		const struct vm *vm = cli_vm(cli, &cli->vms.at[i]);

		untold += vm && vm_agent_state(vm) == AGENT_UNKNOWN && host_is_usable(cli_host(cli, &vm->id));
	}
	if (cli->unasked) {
		cli_say(ngettext("%zu VM could not be asked in time; a longer --wait-timeout may help",
				 "%zu VMs could not be asked in time; a longer --wait-timeout may help", cli->unasked),
			cli->unasked);
		cli_note_exit(cli, EXIT_TIMED_OUT);
	} else if (untold && !cli->options->quiet) {
		cli_say(ngettext("%zu VM could not be asked: its host has not reported whether an agent is connected",
				 "%zu VMs could not be asked: their hosts have not reported whether an agent is "
				 "connected",
				 untold),
			untold);
	}
}

void cli_list(struct cli *cli)
{
	const struct options *options = cli->options;
	struct output *output = &cli->output;
	/* Figures are slow, so they are waited for only where they are seen. */
	const bool wants_figures = options->output != OUTPUT_TEXT || options->sort;

	if (!cli_settle(cli) || !cli_select(cli))
		return;
	cli_reserve(cli, column_of(output->attributes, output->column_count, "host"),
		    column_of(output->attributes, output->column_count, "name"));
	if (cli_streams(cli))
		output_reserve(output, column_of(output->attributes, output->column_count, "agent"),
			       TEXT_TRUSTED(agent_state_name(AGENT_BLOCKED)));
	if (!cli_ask_guests(cli, &cli->vms, cli_guests_ms(cli), wants_figures ? answer_comes_later : put_answer) ||
	    (wants_figures && !cli_wait_for_figures(cli, &cli->vms)))
		return;
	for (size_t i = 0; i < cli->vms.count && wants_figures; i++)
		put_answer(cli, &cli->vms.at[i]);
	cli_write(cli);
	report_unasked(cli);
}

/* Takes `rows` and `words`. */
static void put_rows(struct output *output, const char *attribute, struct output *rows, struct safe_text words)
{
	output_put_rows(output, column_of(output->attributes, output->column_count, attribute), rows, words);
	output_finish(rows);
	text_free(&words);
}

void cli_info(struct cli *cli)
{
	struct output rows;

	if (!cli_settle(cli) || !cli_select(cli) || !cli_ask_guests(cli, &cli->vms, INFO_GUEST_MS, NULL) ||
	    !cli_wait_for_figures(cli, &cli->vms))
		return;
	for (size_t i = 0; i < cli->vms.count; i++) {
		const struct vm *vm = cli_vm(cli, &cli->vms.at[i]);

		if (!vm)
			continue;
		put_vm(cli, vm);
		if (vm->addresses_at) {
			output_init(&rows, address_columns, ARRAY_SIZE(address_columns));
			for (size_t k = 0; k < vm->addresses.count; k++) {
				output_row(&rows);
				output_put_text(&rows, 0, TEXT_TRUSTED(vm->addresses.at[k].text));
				output_put_text(&rows, 1, TEXT_TRUSTED(vm->addresses.at[k].interface));
			}
			put_rows(&cli->output, "interfaces", &rows, address_list_tell(&vm->addresses));
		}
		if (vm->users_state == USERS_KNOWN) {
			output_init(&rows, cli_users_fields.columns, cli_users_fields.count);
			cli_put_sessions(&rows, cli_host(cli, &vm->id), vm);
			put_rows(&cli->output, "who", &rows,
				 vm->sessions.count ? session_list_names(&vm->sessions, NAMES_MOST)
						    : text_format("%s", _("nobody")));
		}
	}
	cli->output.as_forms = true;
	cli_write(cli);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_attributes.h"
#include "ui/cli/cli_commands.h"

enum { GUEST_MS = 20 * 1000, NAMES_MOST = 16 };

static const struct output_column address_columns[] = {
	{ "address", N_("ADDRESS"), false },
	{ "interface", N_("INTERFACE"), false },
};

/* In JSON these two are arrays of objects. */
static void put_interfaces(struct output *output, const struct vm *vm)
{
	struct safe_text words = address_list_tell(&vm->addresses);
	struct output addresses;

	output_init(&addresses, address_columns, ARRAY_SIZE(address_columns));
	for (size_t i = 0; i < vm->addresses.count; i++) {
		output_row(&addresses);
		output_put_text(&addresses, 0, TEXT_TRUSTED(vm->addresses.at[i].text));
		output_put_text(&addresses, 1, TEXT_TRUSTED(vm->addresses.at[i].interface));
	}
	output_put_rows(output, cli_attributes_place(cli_attributes_of(COMMAND_INFO), "interfaces"), &addresses, words);
	output_finish(&addresses);
	text_free(&words);
}

static void put_sessions(struct output *output, const struct host *host, const struct vm *vm)
{
	struct output sessions;
	struct safe_text names;

	output_init(&sessions, cli_users_columns, USERS_COLUMNS);
	cli_put_sessions(&sessions, host, vm);
	names = vm->sessions.count ? session_list_names(&vm->sessions, NAMES_MOST) : text_format("%s", _("nobody"));
	output_put_rows(output, cli_attributes_place(cli_attributes_of(COMMAND_INFO), "who"), &sessions, names);
	output_finish(&sessions);
	text_free(&names);
}

void cli_info(struct cli *cli)
{
	const struct cli_attributes *fields = cli_attributes_of(COMMAND_INFO);
	struct err err = { 0 };
	struct output output;
	struct cli_vms vms = { 0 };

	output_init(&output, fields->columns, fields->count);
	if (!cli_settle(cli) || !cli_select(cli, &vms))
		goto out;
	if (!cli_ask_guests(cli, &vms, GUEST_MS) || !cli_wait_for_figures(cli, &vms))
		goto out;
	for (size_t i = 0; i < vms.count; i++) {
		const struct vm *vm = cli_vm(cli, &vms.at[i]);

		if (!vm)
			continue;
		cli_attributes_put(fields, &output, cli_host(cli, &vm->id), vm);
		if (vm->addresses_at)
			put_interfaces(&output, vm);
		if (vm->users_state == USERS_KNOWN)
			put_sessions(&output, cli_host(cli, &vm->id), vm);
	}
	if (cli->options->sort)
		cli_attributes_sort(fields, &output, cli->options->sort, NULL);
	if (cli->options->output != OUTPUT_TEXT)
		cli_write(cli, &output);
	else
		cli_note_written(cli, output_write_forms(&output, &cli->sink, &err), &err);
out:
	output_finish(&output);
	VEC_FREE(&vms);
}

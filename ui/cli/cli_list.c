/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_attributes.h"
#include "ui/cli/cli_commands.h"

enum { GUESTS_MS = 3000 };

void cli_list(struct cli *cli)
{
	const struct cli_attributes *fields = cli_attributes_of(COMMAND_LIST);
	struct output output;
	struct cli_vms vms = { 0 };

	output_init(&output, fields->columns, fields->count);
	output.may_be_cut = &fields->columns[cli_attributes_place(fields, "os")];
	if (!cli_settle(cli) || !cli_select(cli, &vms))
		goto out;
	if (!cli_ask_guests(cli, &vms, GUESTS_MS))
		goto out;
	/* They are slow, so only where they are seen. */
	if ((cli->options->output != OUTPUT_TEXT || cli->options->sort) && !cli_wait_for_figures(cli, &vms))
		goto out;
	for (size_t i = 0; i < vms.count; i++) {
		const struct vm *vm = cli_vm(cli, &vms.at[i]);

		if (vm)
			cli_attributes_put(fields, &output, cli_host(cli, &vm->id), vm);
	}
	if (cli->options->sort)
		cli_attributes_sort(fields, &output, cli->options->sort, NULL);
	cli_write(cli, &output);
out:
	output_finish(&output);
	VEC_FREE(&vms);
}

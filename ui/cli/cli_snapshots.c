/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_commands.h"

#define ROWS(ROW) \
	ROW(SNAPSHOTS_HOST, "host", NC_("column", "HOST"), OUTPUT_IS_TEXT) \
	ROW(SNAPSHOTS_VM, "vm", NC_("column", "VM"), OUTPUT_IS_TEXT) \
	ROW(SNAPSHOTS_NAME, "name", NC_("column", "SNAPSHOT"), OUTPUT_IS_TEXT) \
	ROW(SNAPSHOTS_PARENT, "parent", NC_("column", "PARENT"), OUTPUT_IS_TEXT) \
	ROW(SNAPSHOTS_CREATED, "created", NC_("column", "TAKEN"), OUTPUT_IS_TIME) \
	ROW(SNAPSHOTS_STATE, "state", NC_("column", "STATE"), OUTPUT_IS_TEXT) \
	ROW(SNAPSHOTS_CURRENT, "current", NC_("column", "CURRENT"), OUTPUT_IS_BOOL) \
	ROW(SNAPSHOTS_DESCRIPTION, "description", NC_("column", "DESCRIPTION"), OUTPUT_IS_TEXT)
OUTPUT_COLUMNS(ROWS, SNAPSHOTS_COLUMNS);

const struct cli_fields cli_snapshots_fields = { columns, ARRAY_SIZE(columns), NULL };

/* --- asking --- */

static bool hosts_have_answered(struct cli *cli, void *data UNUSED)
{
	size_t answered = 0;

	for (size_t i = 0; i < cli->vms.count; i++) {
		const struct vm *vm = cli_vm(cli, &cli->vms.at[i]);

		answered += !vm || !vm->snapshots || !vm->snapshots->asked;
	}
	if (answered < cli->vms.count)
		cli_progress(cli, _("snapshots of %zu of %zu VMs known"), answered, cli->vms.count);
	return answered == cli->vms.count;
}

bool cli_ask_snapshots(struct cli *cli)
{
	bool ok;

	for (size_t i = 0; i < cli->vms.count; i++) {
		struct vm *vm = cli_vm(cli, &cli->vms.at[i]);
		struct err err = { 0 };

		if (vm && !app_ask_snapshots(cli->app, vm, &err))
			cli_note_error(cli, &err);
	}
	ok = cli_wait(cli, hosts_have_answered, NULL, -1);
	cli_progress_clear(cli);
	if (!ok)
		cli_note_exit(cli, EXIT_CANCELLED);
	return ok;
}

const struct snapshot *cli_snapshot_named(const struct cli *cli, const struct vm *vm, struct err *err)
{
	const struct snapshot_knowledge *known = vm->snapshots;
	const struct snapshot *found = NULL;
	struct err why = { 0 };

	if (!known)
		err_set(&why, ERR_UNREACHABLE, "%s", _("its snapshots are unknown"));
	else if (known->trouble_kind != ERR_NONE)
		err_set(&why, known->trouble_kind, "%s", text_str(known->trouble));
	else
		found = snapshot_list_match(&known->list, cli->options->name, &why);
	if (!found)
		err_set(err, why.kind, "%s: %s", text_str(vm->info.name), text_str(err_text(&why)));
	return found;
}

/* --- the list --- */

void cli_snapshots(struct cli *cli)
{
	struct output *output = &cli->output;

	if (!cli_settle(cli) || !cli_select(cli) || !cli_ask_snapshots(cli))
		return;
	for (size_t i = 0; i < cli->vms.count; i++) {
		const struct vm *vm = cli_vm(cli, &cli->vms.at[i]);
		const struct snapshot_knowledge *known = vm ? vm->snapshots : NULL;
		struct err err = { 0 };

		/* A hypervisor without snapshots has none; an error only where its VM was named. */
		if (!known || (known->trouble_kind == ERR_UNSUPPORTED && !cli->options->words.count))
			continue;
		if (known->trouble_kind != ERR_NONE) {
			err_set(&err, known->trouble_kind, "%s: %s", text_str(vm->info.name), text_str(known->trouble));
			cli_note_error(cli, &err);
			continue;
		}
		cli_note_exit(cli, EXIT_DONE);
		for (size_t k = 0; k < known->list.count; k++) {
			const struct snapshot *snapshot = &known->list.at[k];
			OWN(text) struct safe_text parent = text_sanitize_str(snapshot->parent_key, TEXT_CAP_NAME);

			output_row(output);
			output_put_text(output, SNAPSHOTS_HOST, TEXT_TRUSTED(cli_host(cli, &vm->id)->name));
			output_put_text(output, SNAPSHOTS_VM, vm->info.name);
			output_put_text(output, SNAPSHOTS_NAME, snapshot->name);
			output_put_text(output, SNAPSHOTS_PARENT, parent);
			output_put_time(output, SNAPSHOTS_CREATED, snapshot->created);
			output_put_text(output, SNAPSHOTS_STATE, TEXT_TRUSTED(snapshot_state_name(snapshot)));
			output_put_bool(output, SNAPSHOTS_CURRENT, snapshot->current);
			output_put_text(output, SNAPSHOTS_DESCRIPTION, snapshot->description);
		}
		if (known->list.more && !cli->options->quiet)
			cli_say(ngettext("%s: %zu more snapshot is not shown", "%s: %zu more snapshots are not shown",
					 known->list.more),
				text_str(vm->info.name), known->list.more);
	}
	cli_write(cli);
}

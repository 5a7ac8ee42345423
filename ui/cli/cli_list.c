/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_commands.h"

#include "base/clock.h"

enum { GUESTS_MS = 3000 };

static const struct output_column columns[LIST_COLUMNS] = {
	[LIST_HOST] = { "host", N_("HOST"), false },
	[LIST_NAME] = { "name", N_("NAME"), false },
	[LIST_UUID] = { "uuid", NULL, false },
	[LIST_ID] = { "id", NULL, true },
	[LIST_STATE] = { "state", N_("STATE"), false },
	[LIST_AGENT] = { "agent", N_("AGENT"), false },
	[LIST_HEARTBEAT] = { "heartbeat_percent", NULL, true },
	[LIST_USERS] = { "users", N_("USERS"), true },
	[LIST_USERS_STATE] = { "users_state", NULL, false },
	[LIST_OS] = { "os", N_("OS"), false },
	[LIST_HOSTNAME] = { "hostname", NULL, false },
	[LIST_VCPUS] = { "vcpus", NULL, true },
	[LIST_MEMORY] = { "memory_kib", N_("MEM"), true },
	[LIST_CPU] = { "cpu_percent", NULL, true },
	[LIST_AUTOSTART] = { "autostart", NULL, false },
	[LIST_PERSISTENT] = { "persistent", NULL, false },
	[LIST_STALE] = { "stale_s", NULL, true },
	[LIST_TAGS] = { "tags", NULL, false },
	[LIST_ADDRESSES] = { "addresses", NULL, false },
};

const struct cli_fields cli_list_fields = { columns, LIST_COLUMNS };

static int64_t stale_seconds(const struct host *host)
{
	if (host->state == HOST_LIVE)
		return 0;
	return host->answered_at ? (clock_ms() - host->answered_at) / 1000 : -1;
}

static void put_addresses(struct output *output, const struct vm *vm)
{
	struct safe_text words = address_list_words(&vm->addresses);

	if (vm->addresses_at)
		output_put_text(output, LIST_ADDRESSES, words);
	text_free(&words);
}

void cli_put_vm(struct output *output, const struct host *host, const struct vm *vm)
{
	const struct vm_facts *facts = &vm->facts;
	char uuid[UUID_TEXT_SIZE];

	uuid_format(&facts->uuid, uuid);
	output_row(output);
	output_put_text(output, LIST_HOST, TEXT_OURS(host->name));
	output_put_text(output, LIST_NAME, facts->name);
	output_put_text(output, LIST_UUID, TEXT_OURS(uuid));
	output_put_number(output, LIST_ID, facts->domain_id);
	if (facts->state != VM_STATE_UNKNOWN)
		output_put_text(output, LIST_STATE, TEXT_OURS(vm_state_name(facts->state)));
	if (vm_agent_state(vm) != AGENT_UNKNOWN)
		output_put_text(output, LIST_AGENT, TEXT_OURS(agent_state_name(vm_agent_state(vm))));
	output_put_number(output, LIST_HEARTBEAT, vm_heartbeat_percent(vm, clock_ms()));
	if (vm->users_state == USERS_KNOWN)
		output_put_number(output, LIST_USERS, vm_users(vm));
	else if (vm->users_state == USERS_DENIED)
		output_put_unknown(output, LIST_USERS, TEXT_OURS(users_state_name(vm->users_state)));
	output_put_text(output, LIST_USERS_STATE, TEXT_OURS(users_state_name(vm->users_state)));
	output_put_text(output, LIST_OS, vm->os_name);
	output_put_text(output, LIST_HOSTNAME, vm->hostname);
	output_put_number(output, LIST_VCPUS, facts->vcpus);
	output_put_kib(output, LIST_MEMORY, vm_memory_kib(vm));
	if (vm->figures_at)
		output_put_real(output, LIST_CPU, vm->figures.cpu_percent);
	output_put_bool(output, LIST_AUTOSTART, facts->autostart);
	output_put_bool(output, LIST_PERSISTENT, facts->persistent);
	output_put_number(output, LIST_STALE, stale_seconds(host));
	output_put_text(output, LIST_TAGS, facts->tags);
	put_addresses(output, vm);
}

void cli_list(struct cli *cli)
{
	struct output output;
	struct cli_vms vms = { 0 };

	output_init(&output, columns, LIST_COLUMNS);
	output.may_be_cut = &columns[LIST_OS];
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
			cli_put_vm(&output, cli_host(cli, &vm->id), vm);
	}
	cli_sort(cli, &output);
	cli_write(cli, &output);
out:
	output_finish(&output);
	VEC_FREE(&vms);
}

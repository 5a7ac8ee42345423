/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_commands.h"

#include "base/clock.h"

enum { GUEST_MS = 20 * 1000, NAMES_MOST = 16 };

/* What info tells beyond a row of list, in front of which stand list's own columns. */
enum info_column {
	INFO_TITLE = LIST_COLUMNS, INFO_URI, INFO_HYPERVISOR, INFO_MAX_MEMORY, INFO_AGENT_VERSION, INFO_OS_ID,
	INFO_OS_VERSION, INFO_KERNEL, INFO_INTERFACES, INFO_UPTIME, INFO_FAMILY, INFO_NOTE, INFO_ADVICE, INFO_SESSIONS,
	INFO_COLUMNS,
};

static const struct output_column columns[INFO_COLUMNS] = {
	[LIST_HOST] = { "host", N_("Host"), false },
	[LIST_NAME] = { "name", N_("Name"), false },
	[LIST_UUID] = { "uuid", N_("UUID"), false },
	[LIST_ID] = { "id", N_("Id"), false },
	[LIST_STATE] = { "state", N_("State"), false },
	[LIST_AGENT] = { "agent", N_("Agent"), false },
	[LIST_HEARTBEAT] = { "heartbeat_percent", N_("Heartbeat %"), false },
	[LIST_USERS] = { "users", N_("Users"), false },
	[LIST_USERS_STATE] = { "users_state", N_("Users are"), false },
	[LIST_OS] = { "os", N_("OS"), false },
	[LIST_HOSTNAME] = { "hostname", N_("Guest's name"), false },
	[LIST_VCPUS] = { "vcpus", N_("vCPUs"), false },
	[LIST_MEMORY] = { "memory_kib", N_("Memory"), false },
	[LIST_CPU] = { "cpu_percent", N_("CPU %"), false },
	[LIST_AUTOSTART] = { "autostart", N_("Autostart"), false },
	[LIST_PERSISTENT] = { "persistent", N_("Persistent"), false },
	[LIST_STALE] = { "stale_s", N_("Stale, s"), false },
	[LIST_TAGS] = { "tags", N_("Tags"), false },
	[LIST_ADDRESSES] = { "addresses", NULL, false },
	[INFO_TITLE] = { "title", N_("Title"), false },
	[INFO_URI] = { "host_uri", N_("Host's URI"), false },
	[INFO_HYPERVISOR] = { "host_version", N_("Hypervisor"), false },
	[INFO_MAX_MEMORY] = { "max_memory_kib", N_("Most memory"), false },
	[INFO_AGENT_VERSION] = { "agent_version", N_("Agent's version"), false },
	[INFO_OS_ID] = { "os_id", N_("OS id"), false },
	[INFO_OS_VERSION] = { "os_version", N_("OS version"), false },
	[INFO_KERNEL] = { "kernel", N_("Kernel"), false },
	[INFO_INTERFACES] = { "interfaces", N_("Addresses"), false },
	[INFO_UPTIME] = { "uptime_s", N_("Uptime"), false },
	[INFO_FAMILY] = { "session_means", N_("Sessions by"), false },
	[INFO_NOTE] = { "note", N_("Note"), false },
	[INFO_ADVICE] = { "advice", N_("Next step"), false },
	[INFO_SESSIONS] = { "sessions", N_("Logged on"), false },
};

const struct cli_fields cli_info_fields = { columns, ARRAY_SIZE(columns) };

static const struct output_column address_columns[] = {
	{ "address", N_("ADDRESS"), false },
	{ "interface", N_("INTERFACE"), false },
};

static void put_interfaces(struct output *output, const struct vm *vm)
{
	struct safe_text words = address_list_tell(&vm->addresses);
	struct output addresses;

	output_init(&addresses, address_columns, ARRAY_SIZE(address_columns));
	for (size_t i = 0; i < vm->addresses.count; i++) {
		output_row(&addresses);
		output_put_text(&addresses, 0, TEXT_OURS(vm->addresses.at[i].text));
		output_put_text(&addresses, 1, TEXT_OURS(vm->addresses.at[i].interface));
	}
	output_put_rows(output, INFO_INTERFACES, &addresses, words);
	output_finish(&addresses);
	text_free(&words);
}

static void put_uptime(struct output *output, const struct vm *vm)
{
	const int64_t ms = vm_uptime_ms(vm, clock_ms());
	char words[UPTIME_WORDS_SIZE];

	uptime_words(ms, words, sizeof(words));
	output_put_number_as(output, INFO_UPTIME, ms < 0 ? -1 : ms / 1000, words);
}

static void put_guest(struct output *output, const struct vm *vm)
{
	output_put_text(output, INFO_AGENT_VERSION, vm->agent_version);
	output_put_text(output, INFO_OS_ID, vm->os_id);
	output_put_text(output, INFO_OS_VERSION, vm->os_version);
	output_put_text(output, INFO_KERNEL, vm->kernel);
	if (vm->addresses_at)
		put_interfaces(output, vm);
	put_uptime(output, vm);
	if (vm->sessions.family != FAMILY_UNKNOWN)
		output_put_text(output, INFO_FAMILY, TEXT_OURS(guest_family_name(vm->sessions.family)));
	output_put_text(output, INFO_NOTE, vm->sessions_note);
	output_put_text(output, INFO_ADVICE, TEXT_OURS(cli_advice(vm)));
}

static void put_who(struct output *output, const struct host *host, const struct vm *vm)
{
	struct output sessions;
	struct safe_text names;

	if (vm->users_state != USERS_KNOWN)
		return;
	output_init(&sessions, cli_users_columns, USERS_COLUMNS);
	cli_put_sessions(&sessions, host, vm);
	names = vm->sessions.count ? session_list_names(&vm->sessions, NAMES_MOST) : text_format("%s", _("nobody"));
	output_put_rows(output, INFO_SESSIONS, &sessions, names);
	output_finish(&sessions);
	text_free(&names);
}

static void put_info(struct output *output, const struct host *host, const struct vm *vm)
{
	cli_put_vm(output, host, vm);
	output_put_text(output, INFO_TITLE, vm->facts.title);
	output_put_text(output, INFO_URI, TEXT_OURS(host->uri));
	output_put_text(output, INFO_HYPERVISOR, host->version);
	output_put_kib(output, INFO_MAX_MEMORY, vm->facts.max_memory_kib);
	put_guest(output, vm);
	put_who(output, host, vm);
}

static void write_info(struct cli *cli, const struct output *output)
{
	struct err err = { 0 };

	if (cli->options->output != OUTPUT_TEXT)
		cli_write(cli, output);
	else
		cli_note_written(cli, output_write_forms(output, &cli->sink, &err), &err);
}

void cli_info(struct cli *cli)
{
	struct output output;
	struct cli_vms vms = { 0 };

	output_init(&output, columns, INFO_COLUMNS);
	if (!cli_settle(cli) || !cli_select(cli, &vms))
		goto out;
	if (!cli_ask_guests(cli, &vms, GUEST_MS) || !cli_wait_for_figures(cli, &vms))
		goto out;
	for (size_t i = 0; i < vms.count; i++) {
		const struct vm *vm = cli_vm(cli, &vms.at[i]);

		if (vm)
			put_info(&output, cli_host(cli, &vm->id), vm);
	}
	cli_sort(cli, &output);
	write_info(cli, &output);
out:
	output_finish(&output);
	VEC_FREE(&vms);
}

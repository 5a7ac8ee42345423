/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "model/uptime.h"
#include "ui/cli/cli_commands.h"

enum users_column {
	USERS_HOST,
	USERS_VM,
	USERS_USER,
	USERS_DOMAIN,
	USERS_WHO, /* both, for people */
	USERS_SESSION,
	USERS_CLASS,
	USERS_STATE,
	USERS_TTY,
	USERS_REMOTE,
	USERS_LOGIN_TIME,
	USERS_TYPE,
	USERS_IDLE,
	USERS_DISCONNECTED,
	USERS_COLUMNS
};

static const struct output_column columns[USERS_COLUMNS] = {
	[USERS_HOST] = { "host", NC_("column", "HOST"), OUTPUT_IS_TEXT },
	[USERS_VM] = { "vm", NC_("column", "VM"), OUTPUT_IS_TEXT },
	[USERS_USER] = { "user", NULL, OUTPUT_IS_TEXT },
	[USERS_DOMAIN] = { "domain", NULL, OUTPUT_IS_TEXT },
	[USERS_WHO] = { NULL, NC_("column", "USER"), OUTPUT_IS_TEXT },
	[USERS_SESSION] = { "session", NC_("column", "SESSION"), OUTPUT_IS_TEXT },
	[USERS_CLASS] = { "class", NULL, OUTPUT_IS_TEXT },
	[USERS_STATE] = { "state", NC_("column", "STATE"), OUTPUT_IS_TEXT },
	[USERS_TTY] = { "tty", NC_("column", "TTY"), OUTPUT_IS_TEXT },
	[USERS_REMOTE] = { "remote", NC_("column", "FROM"), OUTPUT_IS_TEXT },
	[USERS_LOGIN_TIME] = { "login_time", NC_("column", "SINCE"), OUTPUT_IS_TIME },
	[USERS_TYPE] = { "type", NC_("column", "TYPE"), OUTPUT_IS_TEXT },
	[USERS_IDLE] = { "idle_s", NC_("column", "IDLE"), OUTPUT_IS_NUMBER },
	[USERS_DISCONNECTED] = { "disconnected_since", NULL, OUTPUT_IS_TIME },
};

const struct cli_fields cli_users_fields = { columns, USERS_COLUMNS, NULL };

void cli_put_sessions(struct output *output, const struct host *host, const struct vm *vm)
{
	const int64_t listed = clock_wall() - (clock_ms() - vm->sessions_at) / 1000;

	for (size_t i = 0; i < vm->sessions.count; i++) {
		const struct session *session = &vm->sessions.at[i];
		struct safe_text who = text_format("%s%s%s", text_str(session->domain),
						   text_is_empty(session->domain) ? "" : "\\", text_str(session->user));
		char idle[UPTIME_WORDS_SIZE];

		output_row(output);
		output_put_text(output, USERS_HOST, TEXT_TRUSTED(host->name));
		output_put_text(output, USERS_VM, vm->info.name);
		output_put_text(output, USERS_USER, session->user);
		output_put_text(output, USERS_DOMAIN, session->domain);
		output_put_text(output, USERS_WHO, who);
		output_put_text(output, USERS_SESSION, TEXT_TRUSTED(session->id));
		output_put_text(output, USERS_CLASS, session->class_name);
		output_put_text(output, USERS_STATE, session->state);
		output_put_text(output, USERS_TYPE, session->type);
		output_put_text(output, USERS_TTY, session->tty);
		output_put_text(output, USERS_REMOTE, session->remote);
		output_put_time(output, USERS_LOGIN_TIME, session->login_time);
		uptime_words(session->idle_s * 1000, idle, sizeof(idle));
		output_put_number_as(output, USERS_IDLE, session->idle_s, idle);
		if (session->disconnected_s >= 0)
			output_put_time(output, USERS_DISCONNECTED, listed - session->disconnected_s);
		text_free(&who);
	}
}

static bool is_chosen(const struct cli *cli)
{
	return cli->options->words.count || cli->options->filter;
}

static void put_answer(struct cli *cli, const struct vm_id *id)
{
	const struct vm *vm = cli_vm(cli, id);
	struct err err = { 0 };

	/* Without names: running VMs with a connected agent. */
	if (!is_chosen(cli) && (!vm || !vm_state_is_active(vm->info.state) || vm->info.channel != CHANNEL_CONNECTED))
		return;
	if (!cli_users_known(cli, id, &err)) {
		cli_note_error(cli, &err);
		return;
	}
	cli_note_exit(cli, EXIT_DONE);
	cli_put_sessions(&cli->output, cli_host(cli, id), vm);
	if (cli->options->quiet)
		return;
	cli_progress_clear(cli);
	if (vm->sessions.more)
		cli_say(_("%s: %zu more sessions are not shown"), text_str(vm->info.name), vm->sessions.more);
	if (!vm->sessions.proven)
		cli_say(_("%s: more users may be logged on: the guest's list is incomplete"), text_str(vm->info.name));
}

void cli_users(struct cli *cli)
{
	if (!cli_settle(cli) || !cli_select(cli))
		return;
	cli_reserve(cli, USERS_HOST, USERS_VM);
	if (cli_streams(cli))
		output_reserve(&cli->output, USERS_REMOTE, TEXT_TRUSTED("255.255.255.255"));
	if (cli_ask_guests(cli, &cli->vms, -1, put_answer))
		cli_write(cli);
}

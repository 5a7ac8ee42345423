/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/child.h"
#include "ui/app/app_handoff.h"
#include "ui/cli/cli_commands.h"

#include <sys/wait.h>

struct ssh {
	bool answered, over;
	bool has_address;
	struct address address;
	struct err err;
	int status;
};

static void on_addresses(void *data, const struct address_list *list, const struct err *err)
{
	struct ssh *ssh = data;

	ssh->answered = true;
	ssh->err = *err;
	ssh->has_address = list != NULL;
	if (list)
		ssh->address = list->at[0];
}

static bool has_answered(struct cli *cli, void *data)
{
	cli_progress(cli, "%s", _("Asking for its address"));
	return ((struct ssh *)data)->answered;
}

static void on_over(void *data, int status, struct safe_text last_words)
{
	struct ssh *ssh = data;

	(void)last_words;
	ssh->over = true;
	ssh->status = status;
}

static bool is_over(struct cli *cli, void *data)
{
	(void)cli;
	return ((struct ssh *)data)->over;
}

static void run(struct cli *cli, struct ssh *ssh)
{
	const char *user = cli->options->users.count ? cli->options->users.at[0] : app_config(cli->app)->ssh_user;
	char **argv = app_ssh_argv(user, &ssh->address, &cli->options->words.at[1], &ssh->err);
	const struct child_plan plan = { .argv = (const char *const *)argv, .has_terminal = true };
	struct child *child = argv ? child_start(app_loop(cli->app), &plan, on_over, ssh, &ssh->err) : NULL;

	if (!child) {
		cli_note_error(cli, &ssh->err);
	} else if (!cli_wait(cli, is_over, ssh, -1)) {
		child_forget(child, true);
		cli_note_exit(cli, EXIT_CANCELLED);
	} else {
		cli->status_of_child = WIFEXITED(ssh->status) ? WEXITSTATUS(ssh->status) : 128 + WTERMSIG(ssh->status);
	}
	child_free_list(argv);
}

static void ask(struct cli *cli, const struct cli_vms *vms)
{
	struct ssh ssh = { 0 };
	struct app_request *request;

	if (!cli_wait_for_channels(cli, vms))
		return;
	request = app_ask_addresses(cli->app, &vms->at[0], on_addresses, &ssh, &ssh.err);
	if (request && !cli_wait(cli, has_answered, &ssh, -1)) {
		app_request_forget(request);
		cli_note_exit(cli, EXIT_CANCELLED);
		return;
	}
	cli_progress_clear(cli);
	if (ssh.has_address)
		run(cli, &ssh);
	else
		cli_note_error(cli, &ssh.err);
}

void cli_ssh(struct cli *cli)
{
	struct cli_vms vms = { 0 };

	if (cli_settle(cli) && cli_select(cli, &vms) && vms.count == 1)
		ask(cli, &vms);
	VEC_FREE(&vms);
}

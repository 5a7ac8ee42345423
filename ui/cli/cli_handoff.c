/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `console`, `viewer` and `ssh`: one VM, handed over to a person. */
#include "engine/child.h"
#include "engine/relay.h"
#include "ui/app/app_handoff.h"
#include "ui/cli/cli_commands.h"

#include <sys/wait.h>

/* A viewer that fails to open exits soon; after this time it is assumed to run. */
enum { VIEWER_SOON_MS = 1500 };

/* What is asked for, and what comes of it. */
struct handoff {
	const char *doing; /* while it is asked for */
	bool answered, over;
	struct err err;
	int fd;                 /* of the console; -1: none */
	enum relay_end end;     /* of the console */
	struct address address; /* for ssh; "": none */
	int status;             /* of the child */
};

static bool take_vm(struct cli *cli)
{
	return cli_settle(cli) && cli_select(cli) && cli->vms.count == 1;
}

static bool has_answered(struct cli *cli, void *data)
{
	const struct handoff *handoff = data;

	cli_progress(cli, "%s", handoff->doing);
	return handoff->answered;
}

/* request: NULL: refused, and there is no answer. False: interrupted, and noted. */
static bool wait_for_answer(struct cli *cli, struct handoff *handoff, struct app_request *request)
{
	if (request && !cli_wait(cli, has_answered, handoff, -1)) {
		app_request_forget(request);
		cli_note_exit(cli, EXIT_CANCELLED);
		return false;
	}
	cli_progress_clear(cli);
	return true;
}

/* --- the console --- */

static void on_opened(void *data, int fd, const struct err *err)
{
	struct handoff *console = data;

	console->answered = true;
	console->fd = fd;
	console->err = *err;
}

static void on_console_over(void *data, enum relay_end end)
{
	struct handoff *console = data;

	console->over = true;
	console->end = end;
}

void cli_console(struct cli *cli)
{
	struct handoff console = { .doing = _("Opening the console"), .fd = -1 };
	struct app_request *request;
	struct relay *relay;
	OWN(text) struct safe_text hello = { 0 };

	if (!take_vm(cli))
		return;
	request = app_open_console(cli->app, &cli->vms.at[0], cli->options->force, on_opened, &console, &console.err);
	if (!wait_for_answer(cli, &console, request))
		return;
	if (console.fd < 0) {
		/* Busy is no timeout here, as it is for an agent: somebody else may use the console for days. */
		if (console.err.kind == ERR_BUSY)
			console.err.kind = ERR_UNEXPECTED;
		cli_note_error(cli, &console.err);
		return;
	}
	hello = text_format(_("Serial console of %s on %s. Press Enter for a prompt, ^] to leave."),
			    text_str(cli_vm(cli, &cli->vms.at[0])->info.name), cli_host(cli, &cli->vms.at[0])->name);
	relay = relay_start(app_loop(cli->app), console.fd, hello, on_console_over, &console, &console.err);
	if (!relay) {
		app_console_over(request, "the terminal could not be used");
		cli_note_error(cli, &console.err);
		return;
	}
	if (!cli_wait(cli, cli_is_set, &console.over, -1)) {
		relay_stop(relay);
		cli_note_exit(cli, EXIT_CANCELLED);
	}
	app_console_over(request, console.over ? relay_end_words(console.end) : "innkeeper was ended");
	fputs("\n", stderr);
	if (console.over && console.end == RELAY_CLOSED)
		cli_say("%s",
			_("console closed: the VM stopped, the connection was lost, or somebody else took it over"));
	else if (console.over && console.end == RELAY_GONE)
		cli_note_exit(cli, EXIT_CANCELLED);
}

/* --- ssh --- */

static void on_addresses(void *data, const struct address_list *list, const struct err *err)
{
	struct handoff *ssh = data;

	ssh->answered = true;
	ssh->err = *err;
	if (list)
		ssh->address = list->at[0];
}

static void on_ssh_over(void *data, int status, struct safe_text last_words UNUSED)
{
	struct handoff *ssh = data;

	ssh->over = true;
	ssh->status = status;
}

/* The address of a simulated VM is made up, and may be somebody's. */
static void show_argv(struct cli *cli, char *const *argv)
{
	OWN(text) struct safe_text line = { NULL };

	for (; *argv; argv++)
		text_set(&line, text_format("%s %s", text_str(line), *argv));
	cli_say(_("%s is a VM of the demo, so ssh is not started; it would be:%s"),
		text_str(cli_vm(cli, &cli->vms.at[0])->info.name), text_str(line));
}

void cli_ssh(struct cli *cli)
{
	const char *user = cli->options->users.count ? cli->options->users.at[0] : app_config(cli->app)->ssh_user;
	struct handoff ssh = { .doing = _("Asking for its address") };
	struct child_plan plan = { .has_terminal = true };
	struct child *child = NULL;
	char **argv = NULL;

	if (!take_vm(cli) || !cli_wait_for_channels(cli, &cli->vms))
		return;
	if (!wait_for_answer(cli, &ssh, app_ask_addresses(cli->app, &cli->vms.at[0], on_addresses, &ssh, &ssh.err)))
		return;
	if (*ssh.address.text)
		argv = app_ssh_argv(user, &ssh.address, &cli->options->words.at[1], &ssh.err);
	if (argv && backend_is_simulated(app_backend(cli->app, cli->vms.at[0].host))) {
		show_argv(cli, argv);
		child_free_list(argv);
		return;
	}
	plan.argv = (const char *const *)argv;
	if (argv)
		child = child_start(app_loop(cli->app), &plan, on_ssh_over, &ssh, &ssh.err);
	if (!child) {
		cli_note_error(cli, &ssh.err);
	} else if (!cli_wait(cli, cli_is_set, &ssh.over, -1)) {
		child_forget(child, true);
		cli_note_exit(cli, EXIT_CANCELLED);
	} else {
		cli->status_of_child = WIFEXITED(ssh.status) ? WEXITSTATUS(ssh.status) : 128 + WTERMSIG(ssh.status);
	}
	child_free_list(argv);
}

/* --- the viewer --- */

static void on_viewer_over(void *data, int status, struct safe_text last_words)
{
	struct handoff *viewer = data;

	viewer->over = true;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		err_set(&viewer->err, ERR_UNEXPECTED, _("the viewer failed: %s"), text_str(last_words));
}

void cli_viewer(struct cli *cli)
{
	struct handoff viewer = { 0 };
	struct child_plan plan = { 0 };
	struct child *child = NULL;
	char **argv = NULL;
	const struct vm *vm;

	if (!take_vm(cli))
		return;
	vm = cli_vm(cli, &cli->vms.at[0]);
	if (app_may_view(cli->app, vm, &viewer.err))
		argv = app_viewer_argv(cli->app, vm, &viewer.err);
	plan.argv = (const char *const *)argv;
	if (argv)
		child = child_start(app_loop(cli->app), &plan, on_viewer_over, &viewer, &viewer.err);
	if (child && !cli_wait(cli, cli_is_set, &viewer.over, VIEWER_SOON_MS))
		child_forget(child, false);
	if (viewer.err.kind != ERR_NONE)
		cli_note_error(cli, &viewer.err);
	child_free_list(argv);
}

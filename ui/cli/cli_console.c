/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/relay.h"
#include "ui/app/app_handoff.h"
#include "ui/cli/cli_commands.h"

struct console {
	bool answered, over;
	int fd;
	struct err err;
	enum relay_end end;
	struct app_request *request;
};

static void on_opened(void *data, int fd, const struct err *err)
{
	struct console *console = data;

	console->answered = true;
	console->fd = fd;
	console->err = *err;
}

static bool has_answered(struct cli *cli, void *data)
{
	cli_progress(cli, "%s", _("Opening the console"));
	return ((struct console *)data)->answered;
}

static void on_over(void *data, enum relay_end end)
{
	struct console *console = data;

	console->over = true;
	console->end = end;
}

static bool is_over(struct cli *cli, void *data)
{
	(void)cli;
	return ((struct console *)data)->over;
}

static void show(struct cli *cli, const struct vm *vm, struct console *console)
{
	struct safe_text hello = text_format(_("Serial console of %s on %s. Press Enter for a prompt, ^] to leave."),
					     text_str(vm->info.name), cli_host(cli, &vm->id)->name);
	struct relay *relay = relay_start(app_loop(cli->app), console->fd, hello, on_over, console, &console->err);

	text_free(&hello);
	if (!relay) {
		app_console_over(console->request, "the terminal could not be used");
		cli_note_error(cli, &console->err);
		return;
	}
	if (!cli_wait(cli, is_over, console, -1)) {
		relay_stop(relay);
		cli_note_exit(cli, EXIT_CANCELLED);
	}
	app_console_over(console->request, console->over ? relay_end_words(console->end) : "innkeeper was ended");
	fputs("\n", stderr);
	if (console->over && console->end == RELAY_CLOSED)
		cli_say("%s",
			_("console closed: the VM stopped, the connection was lost, or somebody else took it over"));
	else if (console->over && console->end == RELAY_GONE)
		cli_note_exit(cli, EXIT_CANCELLED);
}

static void open_console(struct cli *cli, const struct vm_id *id)
{
	struct console console = { .fd = -1 };

	console.request = app_open_console(cli->app, id, cli->options->force, on_opened, &console, &console.err);
	if (console.request && !cli_wait(cli, has_answered, &console, -1)) {
		app_request_forget(console.request);
		cli_note_exit(cli, EXIT_CANCELLED);
		return;
	}
	cli_progress_clear(cli);
	if (console.fd >= 0) {
		show(cli, cli_vm(cli, id), &console);
		return;
	}
	/* Busy is no timeout here, as it is for an agent: somebody else may use the console for days. */
	if (console.err.kind == ERR_BUSY)
		console.err.kind = ERR_UNEXPECTED;
	cli_note_error(cli, &console.err);
}

void cli_console(struct cli *cli)
{
	struct cli_vms vms = { 0 };

	if (cli_settle(cli) && cli_select(cli, &vms) && vms.count == 1)
		open_console(cli, &vms.at[0]);
	VEC_FREE(&vms);
}

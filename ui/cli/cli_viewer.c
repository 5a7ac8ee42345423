/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_commands.h"

#include "ui/app/app_handoff.h"
#include "engine/child.h"

#include <sys/wait.h>

/* Whoever cannot open its window says so soon; who says nothing has one, and we go. */
enum { SOON_MS = 1500 };

struct viewer {
	bool over;
	int status;
	struct err err;
};

static void on_over(void *data, int status, struct safe_text last_words)
{
	struct viewer *viewer = data;

	viewer->over = true;
	viewer->status = status;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		err_set(&viewer->err, ERR_UNEXPECTED, _("the viewer failed: %s"), text_str(last_words));
}

static bool is_over(struct cli *cli, void *data)
{
	(void)cli;
	return ((struct viewer *)data)->over;
}

static void start(struct cli *cli, const struct vm *vm)
{
	struct viewer viewer = { 0 };
	char **argv = app_may_view(cli->app, vm, &viewer.err) ? app_viewer_argv(cli->app, vm, &viewer.err) : NULL;
	const struct child_plan plan = { .argv = (const char *const *)argv };
	struct child *child = argv ? child_start(app_loop(cli->app), &plan, on_over, &viewer, &viewer.err) : NULL;

	if (child && !cli_wait(cli, is_over, &viewer, SOON_MS))
		child_forget(child, false);
	if (viewer.err.kind != ERR_NONE)
		cli_note_error(cli, &viewer.err);
	child_free_list(argv);
}

void cli_viewer(struct cli *cli)
{
	struct cli_vms vms = { 0 };

	if (cli_settle(cli) && cli_select(cli, &vms) && vms.count == 1)
		start(cli, cli_vm(cli, &vms.at[0]));
	VEC_FREE(&vms);
}

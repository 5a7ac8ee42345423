/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/child.h"
#include "ui/app/app_handoff.h"
#include "ui/cli/cli_commands.h"

#include <sys/wait.h>

/* A viewer that fails to open exits soon; after this time it is assumed to run. */
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

void cli_viewer(struct cli *cli)
{
	struct viewer viewer = { 0 };
	struct cli_vms vms = { 0 };
	struct child_plan plan = { 0 };
	struct child *child = NULL;
	char **argv = NULL;
	const struct vm *vm;

	if (!cli_settle(cli) || !cli_select(cli, &vms) || vms.count != 1)
		goto out;
	vm = cli_vm(cli, &vms.at[0]);
	if (app_may_view(cli->app, vm, &viewer.err))
		argv = app_viewer_argv(cli->app, vm, &viewer.err);
	plan.argv = (const char *const *)argv;
	if (argv)
		child = child_start(app_loop(cli->app), &plan, on_over, &viewer, &viewer.err);
	if (child && !cli_wait(cli, is_over, &viewer, SOON_MS))
		child_forget(child, false);
	if (viewer.err.kind != ERR_NONE)
		cli_note_error(cli, &viewer.err);
	child_free_list(argv);
out:
	VEC_FREE(&vms);
}

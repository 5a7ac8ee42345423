/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Graphical viewers: separate programs, which keep running after innkeeper ends. */
#include "base/log.h"
#include "engine/child.h"
#include "ui/app/app_handoff.h"
#include "ui/tui/screens.h"

#include <sys/wait.h>

struct viewer {
	struct ui *ui;
	struct child *child;
	struct safe_text vm_name;
};

static struct {
	VEC(struct viewer *);
} viewers;

static void drop(struct viewer *viewer)
{
	for (size_t i = viewers.count; i-- > 0;)
		if (viewers.at[i] == viewer)
			VEC_REMOVE(&viewers, i);
	if (viewers.count == 0)
		VEC_FREE(&viewers);
	text_free(&viewer->vm_name);
	free(viewer);
}

static void on_over(void *data, int status, struct safe_text last_words)
{
	struct viewer *viewer = data;
	const char *name = text_str(viewer->vm_name);

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		log_add(LOG_LEVEL_INFO, _("%s: viewer closed"), name);
	} else {
		log_add(LOG_LEVEL_WARNING, _("%s: the viewer failed: %s"), name, text_str(last_words));
		ui_say(viewer->ui, ROLE_WARN, _("%s: the viewer failed: %s"), name, text_str(last_words));
	}
	drop(viewer);
}

static char **argv_for(const struct ui *ui, const struct vm *vm, struct err *err)
{
	if (vm)
		return app_viewer_argv(ui->app, vm, err);
	err_set(err, ERR_NO_DOMAIN, _("this VM no longer exists"));
	return NULL;
}

static void start_viewer(struct ui *ui, const struct asked *about)
{
	const struct vm *vm = inventory_find(app_inventory(ui->app), &about->vm);
	struct err err = { 0 };
	char **argv = argv_for(ui, vm, &err);
	const struct child_plan plan = { .argv = (const char *const *)argv };
	struct viewer *viewer;

	if (argv) {
		viewer = mem_zalloc(sizeof(*viewer));
		viewer->ui = ui;
		viewer->vm_name = text_copy(vm->info.name);
		*VEC_PUSH(&viewers) = viewer;
		viewer->child = child_start(ui->loop, &plan, on_over, viewer, &err);
		if (viewer->child) {
			log_add(LOG_LEVEL_INFO, _("%s: viewer started"), text_str(vm->info.name));
			ui_say(ui, ROLE_NORMAL, _("Opening the graphical viewer of %s."), text_str(vm->info.name));
		} else {
			drop(viewer);
		}
	}
	if (err.kind != ERR_NONE)
		ui_say_err(ui, &err);
	child_free_list(argv);
}

/* Its window takes the keyboard. */
void viewer_open(struct ui *ui, const struct vm_id *id)
{
	static const struct question question = { N_("Open"), NULL, start_viewer };
	const struct vm *vm = inventory_find(app_inventory(ui->app), id);
	struct err err = { 0 };
	char **argv = argv_for(ui, vm, &err);

	if (!argv)
		ui_say_err(ui, &err);
	else
		dialog_ask_open(ui, &question, &(struct asked){ .vm = *id, .of_vm = true },
				text_format(_("Open graphical viewer of %s?"), text_str(vm->info.name)),
				text_format("%s", _("Its window takes the keyboard.")));
	child_free_list(argv);
}

void viewers_forget(void)
{
	while (viewers.count > 0) {
		child_forget(viewers.at[0]->child, false);
		drop(viewers.at[0]);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_sessions.h"
#include "base/clock.h"
#include "ui/app/app_private.h"

#include <stdlib.h>

/* One question to one host. Worker's during its step, the UI thread's before and after. */
struct asking {
	struct app *app;
	struct vm_id vm;
	struct backend *backend;
	struct snapshot_list list;
	struct err err;
	bool answered;
};

static int64_t ask_step(void *state, int slot)
{
	struct asking *asking = state;

	asking->answered = backend_snapshot_list(asking->backend, slot, &asking->vm.uuid, &asking->list, &asking->err);
	return WORKER_DONE;
}

static void ask_done(void *state)
{
	struct asking *asking = state;
	struct vm *vm = inventory_find(asking->app->inventory, &asking->vm);

	if (vm && vm->snapshots) {
		struct snapshot_knowledge *known = vm->snapshots;
		const bool again = known->ask_again;

		known->ask_again = known->asked = false;
		known->at = clock_ms();
		known->trouble_kind = asking->answered ? ERR_NONE : asking->err.kind;
		text_set(&known->trouble,
			 asking->answered ? (struct safe_text){ 0 } : text_copy(err_text(&asking->err)));
		if (asking->answered) {
			snapshot_list_free(&known->list);
			known->list = asking->list;
			asking->list = (struct snapshot_list){ 0 };
		}
		if (again && !asking->app->stopping)
			app_ask_snapshots(asking->app, vm, NULL);
		inventory_touch(asking->app->inventory, vm);
	}
	snapshot_list_free(&asking->list);
	free(asking);
}

bool app_ask_snapshots(struct app *app, struct vm *vm, struct err *err)
{
	/* No key: a list is told while the VM's task is at work. */
	struct job_spec spec = { .step = ask_step, .done = ask_done, .priority = WORKER_TASK };
	const struct host *host = inventory_host(app->inventory, vm->id.host);
	struct asking *asking;

	if (!host_is_usable(host))
		return err_set(err, ERR_UNREACHABLE, _("%s cannot be reached at the moment"), host->name);
	if (!vm->snapshots)
		vm->snapshots = mem_zalloc(sizeof(*vm->snapshots));
	if (vm->snapshots->asked) {
		vm->snapshots->ask_again = true;
		return true;
	}
	vm->snapshots->asked = true;
	asking = mem_zalloc(sizeof(*asking));
	asking->app = app;
	asking->vm = vm->id;
	asking->backend = app_backend(app, vm->id.host);
	spec.state = asking;
	worker_submit(asking->backend->agents, &spec);
	inventory_touch(app->inventory, vm);
	return true;
}

bool app_may_quiesce(const struct app *app, const struct vm *vm, struct err *err)
{
	const char *name = text_str(vm->info.name);

	if (!app_may(app, vm, OP_LOGOFF, err))
		return false;
	if (vm->trouble == TROUBLE_SILENT)
		return err_set(err, ERR_NO_ANSWER, _("the agent of %s does not answer"), name);
	if (vm->trouble == TROUBLE_FROZEN)
		return err_set(err, ERR_AGENT_FROZEN, _("the file systems of %s are already frozen"), name);
	if (vm->profile && vm->profile->known && !vm->profile->capabilities.fsfreeze)
		return err_set(err, ERR_AGENT_ABSENT, _("the agent of %s cannot freeze file systems"), name);
	return true;
}

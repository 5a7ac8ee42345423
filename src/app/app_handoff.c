/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "app/app_handoff.h"

#include "app/app_private.h"
#include "engine/audit.h"

#include <stdlib.h>
#include <unistd.h>

struct app_opening {
	/* the caller's; fn NULL: forgotten */
	app_console_fn *fn;
	void *data;

	/* the step's */
	struct backend *backend;
	struct vm_id id;
	struct safe_text vm_name, host_name;
	bool force;
	int fd;
	struct err err;
};

bool app_may_console(const struct app *app, const struct vm *vm, struct err *err)
{
	const enum vm_state state = vm->facts.state;

	if (!app_may_act(app, vm, err))
		return false;
	if (state == VM_STATE_UNKNOWN || vm_state_is_active(state) || state == VM_STATE_PAUSED || state == VM_STATE_PMSUSPENDED ||
	    state == VM_STATE_IN_SHUTDOWN)
		return true;
	return err_set(err, ERR_NOT_RUNNING, _("%s is not running (%s); start it first"), text_str(vm->facts.name),
		       vm_state_name(state));
}

/* --- worker thread --- */

static bool write_audit(const struct app_opening *opening, struct err *err)
{
	char uuid[UUID_TEXT_SIZE];
	const struct audit_record record = {
		.action = "console",
		.state = "begin",
		.task_id = "-",
		.host = text_str(opening->host_name),
		.uri = opening->backend->config.uri,
		.vm = text_str(opening->vm_name),
		.uuid = uuid,
		.users = "-",
		.result = "-",
		.text = opening->force ? "whoever was there is thrown out" : "",
	};

	uuid_format(&opening->id.uuid, uuid);
	return audit_write(&record, err);
}

static int64_t step(void *state, int slot)
{
	struct app_opening *opening = state;

	if (!write_audit(opening, &opening->err) ||
	    !backend_console(opening->backend, slot, &opening->id.uuid, opening->force, &opening->fd, &opening->err))
		opening->fd = -1;
	return WORKER_DONE;
}

/* --- UI thread --- */

static void done(void *state)
{
	struct app_opening *opening = state;

	if (opening->fn) {
		if (opening->fd < 0 && opening->err.kind == ERR_NONE)
			err_set(&opening->err, ERR_CANCELLED, _("innkeeper is leaving"));
		opening->fn(opening->data, opening->fd, &opening->err);
	} else if (opening->fd >= 0) {
		close(opening->fd);
	}
	text_free(&opening->vm_name);
	text_free(&opening->host_name);
	free(opening);
}

struct app_opening *app_open_console(struct app *app, const struct vm_id *id, bool force, app_console_fn *fn, void *data,
				     struct err *err)
{
	const struct vm *vm = inventory_find(app->inventory, id);
	struct job_spec spec = { .step = step, .done = done, .priority = WORKER_TASK };
	struct app_opening *opening;

	if (!vm) {
		err_set(err, ERR_NO_DOMAIN, _("this VM is gone"));
		return NULL;
	}
	if (!app_may_console(app, vm, err))
		return NULL;
	opening = mem_zalloc(sizeof(*opening));
	*opening = (struct app_opening){ .fn = fn, .data = data, .backend = app_backend(app, id->host), .id = *id, .force = force,
					 .fd = -1 };
	opening->vm_name = text_copy(vm->facts.name);
	opening->host_name = text_format("%s", inventory_host(app->inventory, id->host)->name);
	spec.state = opening;
	worker_submit(opening->backend->agents, &spec);
	return opening;
}

void app_opening_forget(struct app_opening *opening)
{
	if (opening)
		opening->fn = NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/app/app_handoff.h"

#include "backend/guest/agent_network.h"
#include "base/log.h"
#include "engine/argv_template.h"
#include "engine/audit.h"
#include "engine/child.h"
#include "ui/app/app_private.h"

#include <unistd.h>

struct app_request {
	/* the caller's; both NULL: forgotten, or its VM gone */
	app_console_fn *console_fn;
	app_addresses_fn *addresses_fn;
	void *data;

	struct app *app;
	const char *how; /* the console ended */

	/* the step's */
	struct backend *backend;
	struct vm_id id;
	struct safe_text vm_name, host_name;
	char *uri;
	bool force, is_simulated;
	int fd;
	struct address_list addresses;
	struct err err;
};

/* --- may it be done? --- */

bool app_may_console(const struct app *app, const struct vm *vm, struct err *err)
{
	const enum vm_state state = vm->info.state;

	if (!app_may_act(app, vm, err))
		return false;
	return vm_state_has_process(state) || vm_state_allows_guest(state, text_str(vm->info.name), err);
}

bool app_may_view(const struct app *app, const struct vm *vm, struct err *err)
{
	const struct backend *backend = app_backend(app, vm->id.host);
	const char *viewer = app_config(app)->viewer;

	if (!app_may_console(app, vm, err))
		return false;
	if (backend_is_simulated(backend) && strncmp(viewer, "virt-viewer", strlen("virt-viewer")) == 0)
		return err_set(err, ERR_UNSUPPORTED, _("VMs of the demo have no display"));
	return true;
}

bool app_may_ssh(const struct app *app, const struct vm *vm, struct err *err)
{
	const enum vm_state state = vm->info.state;

	/* One that is shutting down still lets in whoever hurries. */
	return app_may_console(app, vm, err) &&
	       (state == VM_STATE_IN_SHUTDOWN || vm_state_allows_guest(state, text_str(vm->info.name), err));
}

/* --- worker thread --- */

static bool write_audit(const struct app_request *request, const char *state, const char *result, const char *text,
			struct err *err)
{
	char uuid[UUID_TEXT_SIZE];
	const struct audit_record record = {
		.action = "console",
		.state = state,
		.task_id = "-",
		.host = text_str(request->host_name),
		.uri = request->uri,
		.vm = text_str(request->vm_name),
		.uuid = uuid,
		.users = "-",
		.result = result,
		.is_simulated = request->is_simulated,
		.text = text,
	};

	uuid_format(&request->id.uuid, uuid);
	return audit_write(&record, err);
}

static int64_t open_step(void *state, int slot)
{
	struct app_request *request = state;

	request->fd = -1;
	if (!write_audit(request, "begin", "-", request->force ? "whoever was there is thrown out" : "", &request->err))
		return WORKER_DONE;
	if (!backend_console(request->backend, slot, &request->id.uuid, request->force, &request->fd, &request->err)) {
		request->fd = -1;
		write_audit(request, "end", result_find(result_from_err(request->err.kind))->name,
			    text_str(err_text(&request->err)), NULL);
	}
	return WORKER_DONE;
}

static int64_t end_step(void *state, int slot UNUSED)
{
	struct app_request *request = state;

	if (!write_audit(request, "end", result_find(S_OK)->name, request->how, &request->err))
		log_add(LOG_LEVEL_WARNING, "%s", text_str(err_text(&request->err)));
	atomic_fetch_sub(&request->app->records_due, 1);
	return WORKER_DONE;
}

static int64_t ask_step(void *state, int slot)
{
	struct app_request *request = state;
	const struct agent_target line = { .backend = request->backend, .slot = slot, .uuid = request->id.uuid };

	guest_addresses(&line, &request->addresses, &request->err);
	return WORKER_DONE;
}

/* --- UI thread --- */

static void request_free(void *state)
{
	struct app_request *request = state;

	address_list_free(&request->addresses);
	text_free(&request->vm_name);
	text_free(&request->host_name);
	free(request->uri);
	free(request);
}

void app_console_over(struct app_request *request, const char *how)
{
	const struct job_spec spec = { .step = end_step, .done = request_free, .state = request };

	request->how = how;
	atomic_fetch_add(&request->app->records_due, 1);
	worker_submit(request->app->disk, &spec);
}

static void done(void *state)
{
	struct app_request *request = state;

	if (request->fd < 0 && request->addresses.count == 0 && request->err.kind == ERR_NONE)
		err_set(&request->err, ERR_CANCELLED, _("innkeeper is exiting"));
	if (request->fd >= 0 && !request->console_fn) {
		close(request->fd);
		app_console_over(request, "opened, and not wanted any more");
		return;
	}
	if (request->console_fn)
		request->console_fn(request->data, request->fd, &request->err);
	if (request->fd >= 0)
		return;
	if (request->addresses_fn)
		request->addresses_fn(request->data, request->addresses.count ? &request->addresses : NULL,
				      &request->err);
	request_free(request);
}

/* NULL: err. */
static struct app_request *request_create(struct app *app, const struct vm_id *id,
					  bool (*may)(const struct app *app, const struct vm *vm, struct err *err),
					  void *data, struct err *err)
{
	const struct vm *vm = inventory_find(app->inventory, id);
	struct app_request *request;

	if (!vm)
		err_set(err, ERR_NO_DOMAIN, _("this VM no longer exists"));
	if (!vm || !may(app, vm, err))
		return NULL;
	request = mem_zalloc(sizeof(*request));
	request->data = data;
	request->app = app;
	request->backend = app_backend(app, vm->id.host);
	request->id = vm->id;
	request->uri = host_uri_for_record(request->backend->config.uri);
	request->is_simulated = backend_is_simulated(request->backend);
	request->vm_name = text_copy(vm->info.name);
	request->host_name = text_format("%s", inventory_host(app->inventory, vm->id.host)->name);
	request->fd = -1;
	return request;
}

struct app_request *app_open_console(struct app *app, const struct vm_id *id, bool force, app_console_fn *fn,
				     void *data, struct err *err)
{
	struct app_request *request = request_create(app, id, app_may_console, data, err);
	const struct job_spec spec = { .step = open_step, .done = done, .state = request, .priority = WORKER_TASK };

	if (!request)
		return NULL;
	request->console_fn = fn;
	request->force = force;
	worker_submit(request->backend->agents, &spec);
	return request;
}

struct app_request *app_ask_addresses(struct app *app, const struct vm_id *id, app_addresses_fn *fn, void *data,
				      struct err *err)
{
	struct app_request *request = request_create(app, id, app_may_ssh, data, err);
	const struct job_spec spec = {
		.step = ask_step, .done = done, .state = request, .priority = WORKER_TASK, .key = &id->uuid
	};

	if (!request)
		return NULL;
	request->addresses_fn = fn;
	worker_submit(request->backend->agents, &spec);
	return request;
}

void app_request_forget(struct app_request *request)
{
	if (!request)
		return;
	request->console_fn = NULL;
	request->addresses_fn = NULL;
}

/* --- what is to be started --- */

char **app_ssh_argv(const char *user, const struct address *address, const char *const *words, struct err *err)
{
	struct {
		VEC(char *);
	} list = { 0 };

	/* Neither an option of ssh, nor anything that a shell there would read as more than a name. */
	if (*user == '-' || strpbrk(user, " \t\"'\\$;&|<>*?!~`(){}[]#") || !text_is_safe(user) || strlen(user) > 256) {
		err_set(err, ERR_USAGE, _("invalid user name \"%.80s\""), user);
		return NULL;
	}
	*VEC_PUSH(&list) = mem_strdup("ssh");
	if (*user) {
		*VEC_PUSH(&list) = mem_strdup("-l");
		*VEC_PUSH(&list) = mem_strdup(user);
	}
	*VEC_PUSH(&list) = mem_strdup("--");
	*VEC_PUSH(&list) = mem_strdup(address->text);
	for (; words && *words; words++)
		*VEC_PUSH(&list) = mem_strdup(*words);
	*VEC_PUSH(&list) = NULL;
	return list.at;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

char **app_viewer_argv(const struct app *app, const struct vm *vm, struct err *err)
{
	char uuid[UUID_TEXT_SIZE];
	const struct argv_value values[] = {
		{ "uri", inventory_host(app->inventory, vm->id.host)->uri },
		{ "uuid", uuid },
		{ "name", text_str(vm->info.name) },
	};
	char **argv = NULL;

	uuid_format(&vm->id.uuid, uuid);
	if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY"))
		err_set(err, ERR_UNSUPPORTED,
			_("no graphical session: neither DISPLAY nor WAYLAND_DISPLAY is set; log in with ssh -X, or "
			  "start innkeeper on a desktop"));
	else
		argv = argv_template_fill(app_config(app)->viewer, values, ARRAY_SIZE(values), err);
	return argv;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/app/app_logs.h"

#include "engine/state_dir.h"
#include "ui/app/app_private.h"

#include <fcntl.h>
#include <unistd.h>

struct app_logs_request {
	app_logs_fn *fn; /* NULL: forgotten */
	void *data;
	char uuid[UUID_TEXT_SIZE];
	char *qemu_path; /* NULL none */
	bool is_simulated;
	struct app_logs logs;
};

char *app_qemu_log_path(const char *uri, const char *name)
{
	static const char session[] = ":///session";
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *bare = mem_strndup(uri, strcspn(uri, "?")), *path = NULL;
	const size_t len = strlen(bare), end_len = strlen(session);
	const bool is_session =
		strncmp(bare, "qemu", 4) == 0 && len >= end_len && strcmp(bare + len - end_len, session) == 0;

	if (!*name || strchr(name, '/') || *name == '.')
		;
	else if (strcmp(bare, "qemu:///system") == 0 || strcmp(bare, "qemu+unix:///system") == 0)
		path = mem_printf("/var/log/libvirt/qemu/%s.log", name);
	else if (is_session && cache && *cache == '/') /* the user's own libvirt keeps it in its cache */
		path = mem_printf("%s/libvirt/qemu/log/%s.log", cache, name);
	else if (is_session && home && *home == '/')
		path = mem_printf("%s/.cache/libvirt/qemu/log/%s.log", home, name);
	free(bare);
	return path;
}

static int64_t step(void *state, int slot UNUSED)
{
	struct app_logs_request *request = state;
	struct app_logs *logs = &request->logs;
	struct err err = { 0 };
	const int dir = state_dir_open(request->is_simulated ? STATE_DIR_DEMO : NULL, false, &err);

	if (dir < 0 || !tail_read(dir, "audit.log", request->uuid, &logs->audit, &err))
		logs->audit_trouble = text_copy(err_text(&err));
	if (dir >= 0)
		close(dir);
	if (request->qemu_path && !tail_read(AT_FDCWD, request->qemu_path, NULL, &logs->qemu, &err))
		logs->qemu_trouble = text_copy(err_text(&err));
	return WORKER_DONE;
}

static void done(void *state)
{
	struct app_logs_request *request = state;

	if (request->fn)
		request->fn(request->data, &request->logs);
	else
		app_logs_free(&request->logs);
	free(request->qemu_path);
	free(request);
}

struct app_logs_request *app_read_logs(struct app *app, const struct vm *vm, app_logs_fn *fn, void *data)
{
	struct app_logs_request *request = mem_zalloc(sizeof(*request));
	struct job_spec spec = { .step = step, .done = done, .state = request, .priority = WORKER_TASK };

	request->fn = fn;
	request->data = data;
	request->is_simulated = backend_is_simulated(app_backend(app, vm->id.host));
	uuid_format(&vm->id.uuid, request->uuid);
	request->qemu_path =
		app_qemu_log_path(inventory_host(app->inventory, vm->id.host)->uri, text_str(vm->info.name));
	if (request->qemu_path)
		request->logs.qemu_path = text_sanitize_str(request->qemu_path, TEXT_CAP_LINE);
	worker_submit(app->disk, &spec);
	return request;
}

void app_logs_request_forget(struct app_logs_request *request)
{
	if (request)
		request->fn = NULL;
}

void app_logs_free(struct app_logs *logs)
{
	tail_free(&logs->audit);
	tail_free(&logs->qemu);
	text_free(&logs->audit_trouble);
	text_free(&logs->qemu_trouble);
	text_free(&logs->qemu_path);
	*logs = (struct app_logs){ 0 };
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/app/app_logs.h"

#include "ui/app/app_private.h"
#include "engine/state_dir.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct app_logs_errand {
	app_logs_fn *fn; /* NULL: forgotten */
	void *data;
	char uuid[UUID_TEXT_SIZE];
	char *qemu_path; /* NULL none */
	bool is_simulated;
	struct app_logs logs;
};

static bool ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* Of the user's own libvirt: in its cache. */
static char *session_path(const char *name)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && *cache == '/')
		return mem_printf("%s/libvirt/qemu/log/%s.log", cache, name);
	return home && *home == '/' ? mem_printf("%s/.cache/libvirt/qemu/log/%s.log", home, name) : NULL;
}

char *app_qemu_log_path(const char *uri, const char *name)
{
	char *bare = mem_strndup(uri, strcspn(uri, "?")), *path = NULL;

	if (!*name || strchr(name, '/') || *name == '.')
		;
	else if (strcmp(bare, "qemu:///system") == 0 || strcmp(bare, "qemu+unix:///system") == 0)
		path = mem_printf("/var/log/libvirt/qemu/%s.log", name);
	else if (ends_with(bare, ":///session") && strncmp(bare, "qemu", 4) == 0)
		path = session_path(name);
	free(bare);
	return path;
}

static void read_audit(struct app_logs_errand *errand)
{
	struct err err = { 0 };
	const int dir = state_dir_open(errand->is_simulated ? STATE_DIR_DEMO : NULL, false, &err);

	if (dir < 0 || !tail_read(dir, "audit.log", errand->uuid, &errand->logs.audit, &err))
		errand->logs.audit_trouble = text_copy(err_text(&err));
	if (dir >= 0)
		close(dir);
}

static int64_t step(void *state, int slot)
{
	struct app_logs_errand *errand = state;
	struct err err = { 0 };

	(void)slot;
	read_audit(errand);
	if (errand->qemu_path && !tail_read(AT_FDCWD, errand->qemu_path, NULL, &errand->logs.qemu, &err))
		errand->logs.qemu_trouble = text_copy(err_text(&err));
	return WORKER_DONE;
}

static void done(void *state)
{
	struct app_logs_errand *errand = state;

	if (errand->fn)
		errand->fn(errand->data, &errand->logs);
	else
		app_logs_free(&errand->logs);
	free(errand->qemu_path);
	free(errand);
}

struct app_logs_errand *app_read_logs(struct app *app, const struct vm *vm, app_logs_fn *fn, void *data)
{
	struct app_logs_errand *errand = mem_zalloc(sizeof(*errand));
	struct job_spec spec = { .step = step, .done = done, .state = errand, .priority = WORKER_TASK };

	errand->fn = fn;
	errand->data = data;
	errand->is_simulated = backend_is_simulated(app_backend(app, vm->id.host));
	uuid_format(&vm->id.uuid, errand->uuid);
	errand->qemu_path =
		app_qemu_log_path(inventory_host(app->inventory, vm->id.host)->uri, text_str(vm->facts.name));
	if (errand->qemu_path)
		errand->logs.qemu_path = text_from_outside_str(errand->qemu_path, TEXT_CAP_LINE);
	worker_submit(app->disk, &spec);
	return errand;
}

void app_logs_errand_forget(struct app_logs_errand *errand)
{
	if (errand)
		errand->fn = NULL;
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

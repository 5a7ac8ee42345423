/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/log.h"
#include "ui/app/app_private.h"

#include <stdlib.h>
#include <string.h>

/* One request to the disk, which may hang: reading the journal, or forgetting one task of it. */
struct disk_request {
	struct app *app;
	bool is_simulated;
	char *forget; /* NULL: read */
	struct journal_entries entries;
	size_t unreadable;
	struct err err;
};

static int64_t request_step(void *state, int slot)
{
	struct disk_request *request = state;

	(void)slot;
	if (request->forget)
		journal_forget(request->is_simulated, request->forget, &request->err);
	else
		journal_read_all(request->is_simulated, &request->entries, &request->unreadable, &request->err);
	return WORKER_DONE;
}

static bool left_logins_disabled(const struct journal_entry *entry)
{
	enum operation operation, last;

	if (entry->state != JOURNAL_SENT && entry->state != JOURNAL_DONE)
		return false;
	if (!operation_find_recorded(text_str(entry->operation), &operation) ||
	    (operation != OP_DRAIN && operation != OP_DISABLE_LOGINS))
		return false;
	return !operation_find_recorded(text_str(entry->what), &last) || last != OP_ENABLE_LOGINS;
}

void app_journal_mark_logins(struct app *app)
{
	for (size_t i = 0; i < app->interrupted.count; i++) {
		struct vm *vm = app_interrupted_vm(app, i);

		if (!vm || vm->logins_disabled || !left_logins_disabled(&app->interrupted.at[i]) ||
		    !vm_state_is_active(vm->info.state))
			continue;
		vm->logins_disabled = true;
		inventory_touch(app->inventory, vm);
	}
}

void app_journal_forget_logins(struct app *app, const struct vm *vm)
{
	for (size_t i = app->interrupted.count; i-- > 0;) {
		struct journal_entry *entry = &app->interrupted.at[i];

		if (!left_logins_disabled(entry) || app_interrupted_vm(app, i) != vm)
			continue;
		journal_entry_free(entry);
		VEC_REMOVE(&app->interrupted, i);
	}
}

static void request_done(void *state)
{
	struct disk_request *request = state;
	struct app *app = request->app;

	if (request->err.kind != ERR_NONE)
		log_add(LOG_LEVEL_WARNING, "%s", text_str(err_text(&request->err)));
	if (!request->forget && !app->stopping) {
		/* Those whose innkeeper still runs are being seen to. */
		for (size_t i = request->entries.count; i-- > 0;) {
			if (!request->entries.at[i].alive)
				continue;
			journal_entry_free(&request->entries.at[i]);
			VEC_REMOVE(&request->entries, i);
		}
		journal_entries_free(&app->interrupted);
		app->interrupted = request->entries;
		request->entries = (struct journal_entries){ 0 };
		app_journal_mark_logins(app);
		app_changed(app, APP_CHANGED_TASKS);
	}
	journal_entries_free(&request->entries);
	free(request->forget);
	free(request);
}

bool app_is_simulated(const struct app *app)
{
	const size_t count = inventory_host_count(app->inventory);

	for (size_t i = 0; i < count; i++)
		if (!backend_is_simulated(app_backend(app, (int)i)))
			return false;
	return count > 0;
}

static void send_request(struct app *app, char *forget)
{
	struct disk_request *request = mem_zalloc(sizeof(*request));
	const struct job_spec spec = { .step = request_step, .done = request_done, .state = request };

	request->app = app;
	request->is_simulated = app_is_simulated(app);
	request->forget = forget;
	worker_submit(app->disk, &spec);
}

void app_journal_start(struct app *app)
{
	if (!app->settings.one_shot)
		send_request(app, NULL);
}

const struct journal_entries *app_interrupted(const struct app *app)
{
	return &app->interrupted;
}

void app_forget_interrupted(struct app *app, size_t index)
{
	struct journal_entry *entry = &app->interrupted.at[index];

	send_request(app, mem_strdup(entry->id));
	journal_entry_free(entry);
	VEC_REMOVE(&app->interrupted, index);
	app_changed(app, APP_CHANGED_TASKS);
}

struct vm *app_interrupted_vm(const struct app *app, size_t index)
{
	const struct host *elsewhere;

	return recheck_find(app->inventory, &app->interrupted.at[index], &elsewhere);
}

struct recheck app_interrupted_recheck(const struct app *app, size_t index)
{
	const struct journal_entry *entry = &app->interrupted.at[index];
	const struct host *elsewhere;
	const struct vm *vm = recheck_find(app->inventory, entry, &elsewhere);

	return recheck_entry(entry, vm, elsewhere);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/log.h"
#include "ui/app/app_private.h"

enum { READ_EVERY_MS = 4000 };

static void send_request(struct app *app, char *forget);

/* One request to the disk, which may hang: reading the journal, or forgetting one task of it. */
struct disk_request {
	struct app *app;
	bool is_simulated;
	char *forget; /* NULL: read */
	struct journal_entries entries;
	size_t unreadable;
	struct err err;
};

static int64_t request_step(void *state, int slot UNUSED)
{
	struct disk_request *request = state;

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
	/* A guest that shuts down forgets it. */
	if (journal_entry_sent(entry, operation_name(OP_SHUTDOWN)) || (entry->has_found && !entry->sends.count))
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

static void drop_entry(struct app *app, size_t index)
{
	journal_entry_free(&app->interrupted.at[index]);
	VEC_REMOVE(&app->interrupted, index);
	app->unfinished -= index < app->unfinished;
}

void app_journal_forget_logins(struct app *app, const struct vm *vm)
{
	for (size_t i = app->interrupted.count; i-- > 0;) {
		if (left_logins_disabled(&app->interrupted.at[i]) && app_interrupted_vm(app, i) == vm)
			drop_entry(app, i);
	}
}

/* Its host is open, or its VM runs on one that is. A file that cannot be read may be anybody's. */
static bool is_ours(const struct app *app, const struct journal_entry *entry)
{
	const struct host *elsewhere;

	for (size_t i = 0; i < inventory_host_count(app->inventory); i++)
		if (strcmp(inventory_host(app->inventory, (int)i)->uri, text_str(entry->uri)) == 0)
			return true;
	return entry->state == JOURNAL_UNREADABLE || recheck_find(app->inventory, entry, &elsewhere);
}

static const struct journal_entry *find_entry(const struct journal_entries *entries, const struct journal_entry *like)
{
	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->at[i].id, like->id) == 0 && entries->at[i].state == like->state)
			return &entries->at[i];
	return NULL;
}

/* Keeps ours: first the unfinished, then those that ended well. Those whose innkeeper still runs are being seen to. */
static size_t pick_ours(const struct app *app, struct journal_entries *entries)
{
	struct journal_entries unfinished = { 0 }, finished = { 0 };
	size_t count;

	for (size_t i = 0; i < entries->count; i++) {
		struct journal_entry *entry = &entries->at[i];

		if (entry->alive || !is_ours(app, entry))
			journal_entry_free(entry);
		else
			*VEC_PUSH(recheck_is_finished(entry) ? &finished : &unfinished) = *entry;
	}
	count = unfinished.count;
	for (size_t i = 0; i < finished.count; i++)
		*VEC_PUSH(&unfinished) = finished.at[i];
	VEC_FREE(&finished);
	VEC_FREE(entries);
	*entries = unfinished;
	return count;
}

/* Logins were enabled, or the task forgotten, by another innkeeper: nothing is known of them any more. */
static void unmark_logins(struct app *app, const struct journal_entries *now)
{
	for (size_t i = 0; i < app->interrupted.count; i++) {
		const struct journal_entry *entry = &app->interrupted.at[i];
		struct vm *vm =
			left_logins_disabled(entry) && !find_entry(now, entry) ? app_interrupted_vm(app, i) : NULL;

		if (!vm || !vm->logins_disabled)
			continue;
		vm->logins_disabled = false;
		inventory_touch(app->inventory, vm);
	}
}

static void take_entries(struct app *app, struct journal_entries *entries)
{
	const size_t unfinished = pick_ours(app, entries);
	bool is_same = entries->count == app->interrupted.count;

	for (size_t i = 0; i < entries->count && is_same; i++)
		is_same = find_entry(&app->interrupted, &entries->at[i]);
	if (is_same)
		return;
	unmark_logins(app, entries);
	journal_entries_free(&app->interrupted);
	app->interrupted = *entries;
	app->unfinished = unfinished;
	*entries = (struct journal_entries){ 0 };
	app_journal_mark_logins(app);
	app_changed(app, APP_CHANGED_TASKS);
}

static void read_again(void *data)
{
	send_request(data, NULL);
}

static void request_done(void *state)
{
	struct disk_request *request = state;
	struct app *app = request->app;
	const bool is_read = !request->forget, has_failed = request->err.kind != ERR_NONE;

	if (has_failed && !(is_read && app->journal_has_failed))
		log_add(LOG_LEVEL_WARNING, "%s", text_str(err_text(&request->err)));
	if (!is_read)
		app->forgetting--;
	else if (!app->stopping) {
		if (!has_failed && !app->forgetting)
			take_entries(app, &request->entries);
		app->journal_has_failed = has_failed;
		app->journal_timer = loop_after(app->loop, READ_EVERY_MS, read_again, app);
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
	app->forgetting += forget != NULL;
	worker_submit(app->disk, &spec);
}

void app_journal_start(struct app *app)
{
	if (!app->settings.one_shot || app->settings.want_journal)
		send_request(app, NULL);
}

bool app_journal_was_read(const struct app *app)
{
	return app->journal_timer > 0;
}

bool app_knows_logins(const struct app *app)
{
	return app_journal_was_read(app) && !app->journal_has_failed;
}

const char *app_logins_disabled_since(const struct app *app, const struct vm *vm)
{
	for (size_t i = 0; vm->logins_disabled && i < app->interrupted.count; i++)
		if (left_logins_disabled(&app->interrupted.at[i]) && app_interrupted_vm(app, i) == vm)
			return text_str(app->interrupted.at[i].changed_at);
	return NULL;
}

const struct journal_entries *app_interrupted(const struct app *app)
{
	return &app->interrupted;
}

size_t app_unfinished(const struct app *app)
{
	return app->unfinished;
}

void app_forget_interrupted(struct app *app, size_t index)
{
	send_request(app, mem_strdup(app->interrupted.at[index].id));
	drop_entry(app, index);
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

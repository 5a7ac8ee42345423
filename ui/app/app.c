/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo.h"
#include "base/clock.h"
#include "base/log.h"
#include "ui/app/app_private.h"

#include <poll.h>
#include <unistd.h>

enum { RECORDS_MS = 5 };

/* ---- backends' events become changes of the inventory ---- */

static struct vm *vm_of(const struct app_host *host, const struct uuid *uuid)
{
	const struct vm_id id = { .host = host->index, .uuid = *uuid };

	return inventory_find(host->app->inventory, &id);
}

static void on_host_state(void *data, enum host_state state, enum host_access access, int64_t retry_at,
			  struct safe_text trouble)
{
	struct app_host *host = data;
	const struct host *model = inventory_host(host->app->inventory, host->index);

	if (model->state != state)
		log_add(state == HOST_LOST ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, "%s: %s%s%s", model->name,
			host_state_name(state), text_is_empty(trouble) ? "" : ": ", text_str(trouble));
	if (state == HOST_LOST)
		host->settled = true;
	/* Its guests may have rebooted while nobody told us. */
	for (size_t i = 0; model->state == HOST_LOST && i < inventory_vm_count(host->app->inventory); i++) {
		struct vm *vm = inventory_vm_at(host->app->inventory, i);

		if (vm->id.host == host->index)
			uptime_forget(&vm->uptime);
	}
	inventory_apply_host(host->app->inventory, host->index, state, access, retry_at, trouble);
}

static void on_host_about(void *data, struct safe_text own_name, struct safe_text version)
{
	const struct app_host *host = data;
	struct host *model = inventory_host(host->app->inventory, host->index);

	text_free(&own_name);
	text_set(&model->version, version);
	app_changed(host->app, APP_CHANGED_HOSTS);
}

static void on_answered(void *data)
{
	const struct app_host *host = data;

	inventory_host(host->app->inventory, host->index)->answered_at = clock_ms();
}

static void on_list(void *data, struct vm_info *info, size_t count)
{
	struct app_host *host = data;
	struct host *model = inventory_host(host->app->inventory, host->index);

	model->listed = true;
	model->answered_at = clock_ms();
	host->settled = true;
	inventory_apply_list(host->app->inventory, host->index, info, count);
	app_journal_mark_logins(host->app);
	app_changed(host->app, APP_CHANGED_HOSTS | APP_CHANGED_VMS);
}

/* /run is not kept over a start; what Windows drained stays so. */
static void forget_logins(struct app *app, struct vm *vm)
{
	if (strcmp(text_str(vm->os_id), "mswindows") == 0)
		return;
	vm->logins_disabled = false;
	app_journal_forget_logins(app, vm);
}

static void on_facts(void *data, struct vm_info *info)
{
	const struct app_host *host = data;
	struct vm *vm = vm_of(host, &info->uuid);
	const enum vm_state before = vm ? vm->info.state : VM_STATE_UNKNOWN;
	const struct uuid uuid = info->uuid;

	/* In any other state than these its people are still on, here or, with it, on another host. */
	if (vm && vm_state_is_active(before) && (vm_state_is_off(info->state) || info->state == VM_STATE_IN_SHUTDOWN))
		app_guests_went_down(host->app, vm);
	inventory_apply_facts(host->app->inventory, host->index, info);
	vm = vm_of(host, &uuid);
	if (vm && vm_state_is_off(vm->info.state))
		forget_logins(host->app, vm);
	if (vm && vm->info.state != before)
		log_add(LOG_LEVEL_INFO, "%s: %s", text_str(vm->info.name), vm_state_name(vm->info.state));
}

static void on_gone(void *data, const struct uuid *uuid)
{
	const struct app_host *host = data;

	inventory_apply_gone(host->app->inventory, host->index, uuid);
}

static void on_channel(void *data, const struct uuid *uuid, enum agent_channel channel)
{
	const struct app_host *host = data;
	struct vm *vm = vm_of(host, uuid);

	if (vm && channel != CHANNEL_CONNECTED)
		app_guests_forget(vm);
	inventory_apply_channel(host->app->inventory, host->index, uuid, channel);
}

static void on_figures(void *data, const struct vm_figures *figures, size_t count)
{
	const struct app_host *host = data;

	inventory_host(host->app->inventory, host->index)->answered_at = clock_ms();
	inventory_apply_figures(host->app->inventory, host->index, figures, count);
}

static void on_host_figures(void *data, const struct host_figures *figures)
{
	const struct app_host *host = data;

	inventory_host(host->app->inventory, host->index)->figures = *figures;
	app_changed(host->app, APP_CHANGED_HOSTS);
}

static void on_started(void *data, const struct uuid *uuid, bool booted)
{
	const struct app_host *host = data;
	struct vm *vm = vm_of(host, uuid);

	if (vm && booted)
		vm_note_booted(vm, clock_ms());
	else if (vm)
		uptime_forget(&vm->uptime);
}

static void on_stopped(void *data, const struct uuid *uuid, enum vm_state how)
{
	const struct app_host *host = data;
	const struct vm *vm = vm_of(host, uuid);

	if (vm)
		app_tasks_note_stopped(host->app, vm, how);
}

static void on_rebooted(void *data, const struct uuid *uuid)
{
	const struct app_host *host = data;
	struct vm *vm = vm_of(host, uuid);

	if (!vm)
		return;
	log_add(LOG_LEVEL_INFO, "%s: %s", text_str(vm->info.name), _("the guest rebooted"));
	app_tasks_note_reboot(host->app, vm);
	app_guests_went_down(host->app, vm);
	app_guests_forget(vm);
	forget_logins(host->app, vm);
	inventory_apply_rebooted(host->app->inventory, host->index, uuid);
}

static void on_note(void *data, const struct uuid *uuid, struct safe_text text)
{
	const struct app_host *host = data;
	const struct vm *vm = uuid ? vm_of(host, uuid) : NULL;

	log_add(LOG_LEVEL_INFO, "%s%s%s: %s", inventory_host(host->app->inventory, host->index)->name, vm ? "/" : "",
		vm ? text_str(vm->info.name) : "", text_str(text));
	inventory_apply_note(host->app->inventory, host->index, uuid, text);
}

static void on_inventory(void *data, enum inventory_change change, struct host *host UNUSED, struct vm *vm)
{
	static const unsigned changes[] = {
		[INVENTORY_HOST] = APP_CHANGED_HOSTS,   [INVENTORY_ADDED] = APP_CHANGED_VMS,
		[INVENTORY_CHANGED] = APP_CHANGED_VMS,  [INVENTORY_FIGURES] = APP_CHANGED_FIGURES,
		[INVENTORY_REBOOTED] = APP_CHANGED_VMS, [INVENTORY_NOTED] = 0,
		[INVENTORY_GONE] = APP_CHANGED_VMS,
	};

	if (change == INVENTORY_GONE)
		app_guests_forget(vm);
	if (changes[change])
		app_changed(data, changes[change]);
}

/* ---- hosts ---- */

static bool add_backend(struct app *app, const char *name, const char *uri, bool production, bool read_only,
			struct err *err)
{
	const struct config *config = app->settings.config;
	struct host *model = inventory_add_host(app->inventory, name, uri);
	struct app_host *host = mem_zalloc(sizeof(*host));
	/* clang-format off */
	const struct backend_config backend = {
		.loop = app->loop,
		.uri = uri,
		.name = model->name,
		.read_only = read_only || app->settings.mode == APP_READ_ONLY,
		.locked = app->settings.mode == APP_LOCKED,
		.one_shot = app->settings.one_shot && !app->settings.want_figures,
		.slots = config->slots,
		.keepalive_interval = config->keepalive_interval_s,
		.keepalive_count = config->keepalive_count,
		.connect_timeout_ms = config->connect_timeout_s * 1000,
		.figures_interval_ms = config->delay_s * 1000,
		.background_share = app->settings.one_shot ? 100 : config->background_share,
		.listener = { .host_state = on_host_state, .host_about = on_host_about, .answered = on_answered,
			      .list = on_list, .info = on_facts, .gone = on_gone, .channel = on_channel,
			      .figures = on_figures, .host_figures = on_host_figures, .started = on_started,
			      .stopped = on_stopped, .rebooted = on_rebooted, .note = on_note, .data = host },
	};
	/* clang-format on */

	model->production = production;
	host->app = app;
	host->index = model->index;
	*VEC_PUSH(&app->hosts) = host;
	host->backend = backend_create(&backend, err);
	return host->backend != NULL;
}

bool app_add_host(struct app *app, const char *words, struct err *err)
{
	const struct config_host *configured = config_find_host(app->settings.config, words);
	struct demo_addresses hosts = { 0 };
	char own[256] = "";
	char *name;
	bool ok;

	if (configured)
		return add_backend(app, configured->name, configured->uri, configured->production, configured->readonly,
				   err);
	if (strncmp(words, "demo:", 5) == 0) {
		ok = demo_scenario_hosts(words, &hosts, err);
		for (size_t i = 0; ok && i < hosts.count; i++)
			ok = add_backend(app, hosts.at[i].name, hosts.at[i].uri, hosts.at[i].production, false, err);
		demo_addresses_free(&hosts);
		return ok;
	}
	name = host_name_of_uri(words);
	if (!name && *words && !strstr(words, ":/"))
		name = mem_strdup(words); /* an alias of libvirt's client configuration */
	if (!name)
		name = mem_strdup(gethostname(own, sizeof(own) - 1) < 0 || !*own ? "local" : own);
	ok = add_backend(app, name, words, false, false, err);
	free(name);
	return ok;
}

bool app_add_default_hosts(struct app *app, struct err *err)
{
	const struct config *config = app->settings.config;
	const char *uri = getenv("LIBVIRT_DEFAULT_URI");

	if (!config->count && uri && host_uri_starts_program(uri))
		return err_set(err, ERR_DENIED,
			       _("LIBVIRT_DEFAULT_URI would start a program (command=...); if you want that, use -c or "
				 "the configuration"));
	if (!config->count)
		return app_add_host(app, uri ? uri : "", err);
	for (size_t i = 0; i < config->count; i++)
		if (!app_add_host(app, config->at[i].name, err))
			return false;
	return true;
}

/* ---- the app ---- */

void app_changed(struct app *app, unsigned changes)
{
	if (app->stopping)
		return;
	for (size_t i = 0; i < app->listeners.count; i++)
		app->listeners.at[i].fn(app->listeners.at[i].data, changes);
}

void app_listen(struct app *app, app_listener_fn *listener, void *data)
{
	struct app_listening *listening = VEC_PUSH(&app->listeners);

	listening->fn = listener;
	listening->data = data;
}

static void on_task_change(struct task *task UNUSED, void *data)
{
	app_changed(data, APP_CHANGED_TASKS);
}

struct app *app_create(struct loop *loop, const struct app_settings *settings)
{
	struct app *app = mem_zalloc(sizeof(*app));

	app->loop = loop;
	app->settings = *settings;
	app->delay_s = settings->config->delay_s;
	app->parallel = settings->parallel ? settings->parallel : settings->config->parallel;
	app->inventory = inventory_create();
	app->disk = worker_create(loop, "disk", settings->config->slots < 0 ? 0 : 1);
	inventory_listen(app->inventory, on_inventory, app);
	app->tasks.on_change = on_task_change;
	app->tasks.data = app;
	return app;
}

struct worker *app_disk(const struct app *app)
{
	return app->disk;
}

bool app_start(struct app *app, struct err *err)
{
	for (size_t i = 0; i < app->hosts.count; i++)
		if (!backend_start(app->hosts.at[i]->backend, err))
			return false;
	app_guests_start(app);
	app_journal_start(app);
	return true;
}

bool app_destroy(struct app *app, int64_t wait_ms)
{
	const int64_t until = clock_ms() + wait_ms;
	bool clean = true;

	app->stopping = true;
	loop_cancel_timer(app->loop, app->guests_timer);
	loop_cancel_timer(app->loop, app->journal_timer);
	for (size_t i = 0; i < app->hosts.count; i++) {
		if (clean && app->hosts.at[i]->backend)
			clean = backend_destroy(app->hosts.at[i]->backend) && clock_ms() <= until;
	}
	while (clean && atomic_load(&app->records_due) > 0 && app->settings.config->slots >= 0 && clock_ms() < until)
		poll(NULL, 0, RECORDS_MS);
	clean = clean && worker_destroy(app->disk, MAX(until - clock_ms(), 0));
	if (!clean)
		return false; /* a stuck thread may still use what is left */
	for (size_t i = 0; i < inventory_vm_count(app->inventory); i++)
		app_guests_forget(inventory_vm_at(app->inventory, i));
	for (size_t i = 0; i < app->hosts.count; i++)
		free(app->hosts.at[i]);
	VEC_FREE(&app->hosts);
	VEC_FREE(&app->listeners);
	VEC_FREE(&app->wanted);
	VEC_FREE(&app->watched);
	app_tasks_drop_queued(app);
	journal_entries_free(&app->interrupted);
	tasklist_free(&app->tasks);
	inventory_destroy(app->inventory);
	free(app);
	return true;
}

void app_refresh(struct app *app)
{
	for (size_t i = 0; i < app->hosts.count; i++)
		backend_refresh(app->hosts.at[i]->backend);
	for (size_t i = 0; i < app->watched.count; i++) {
		struct vm *vm = inventory_find(app->inventory, &app->watched.at[i]);

		if (vm)
			app_ask_guest(app, vm, false, NULL);
	}
}

bool app_is_settled(const struct app *app)
{
	for (size_t i = 0; i < app->hosts.count; i++)
		if (!app->hosts.at[i]->settled)
			return false;
	return true;
}

struct loop *app_loop(const struct app *app)
{
	return app->loop;
}

struct inventory *app_inventory(const struct app *app)
{
	return app->inventory;
}

struct tasklist *app_tasks(const struct app *app)
{
	return (struct tasklist *)&app->tasks;
}

const struct config *app_config(const struct app *app)
{
	return app->settings.config;
}

int app_delay(const struct app *app)
{
	return app->delay_s;
}

void app_set_delay(struct app *app, int seconds)
{
	app->delay_s = seconds;
	for (size_t i = 0; i < app->hosts.count; i++)
		backend_set_figures_interval(app->hosts.at[i]->backend, seconds * 1000);
}

enum app_mode app_mode(const struct app *app)
{
	return app->settings.mode;
}

struct backend *app_backend(const struct app *app, int host)
{
	return app->hosts.at[host]->backend;
}

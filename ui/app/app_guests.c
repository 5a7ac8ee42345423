/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_network.h"
#include "backend/guest/agent_sessions.h"
#include "backend/guest/agent_uptime.h"
#include "backend/guest/guest_checkup.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/session_log.h"
#include "ui/app/app_private.h"

#include <stdlib.h>
#include <string.h>

enum {
	TICK_MS = 1000,
	SILENCE_FIRST_MS = 30 * 1000, /* back-off after silence: 30 s, 60 s ... 10 min */
	SILENCE_MOST_MS = 600 * 1000,
	ADDRESSES_MS = 300 * 1000,  /* how often a guest on screen is asked where it can be reached */
	UPTIME_MS = 300 * 1000,     /* the same where its uptime is wanted and not known for sure */
	ALONE_MS = 300 * 1000,      /* after so long without a key nobody is there */
	ALONE_LOOK_MS = 600 * 1000, /* and so seldom is each guest asked who is logged on */
	QUIET_MOST = 3,             /* the interval grows so many times */
};

/* One question to one guest. Worker's during a step, the UI thread's before and after. */
struct asking {
	struct app *app;
	struct vm_id vm;
	struct agent_target line; /* slot is set by each step */
	struct guest_profile *profile;
	struct session_query *query; /* NULL: only a ping */
	bool pinged;
	bool failed;
	bool has_sessions;
	unsigned guest_serial; /* vm->guest_serial when it was asked */
	bool wants_addresses, has_addresses;
	struct address_list addresses;
	bool wants_uptime;
	struct uptime_query uptime;
	int64_t uptime_ms, uptime_at; /* at 0: it did not tell */
	bool wants_host;              /* its host is asked first */
	bool only_host;               /* ... and the guest cannot be */
	bool wants_checkup;
	struct guest_checkup_query checkup;
	int64_t asked_at;
	struct err err;
};

static void profile_free(struct guest_profile *profile)
{
	if (profile)
		guest_profile_free(profile);
	free(profile);
}

void app_guests_forget(struct vm *vm)
{
	profile_free(vm->profile);
	vm->profile = NULL;
}

/* ---- worker thread ---- */

static int64_t ping_step(void *state, int slot)
{
	struct asking *asking = state;

	asking->line.slot = slot;
	asking->pinged = agent_ping(&asking->line, &asking->err);
	asking->failed = !asking->pinged;
	return WORKER_DONE;
}

static int64_t ask_step(void *state, int slot)
{
	struct asking *asking = state;
	int64_t wait_ms = 0;
	struct err err;

	asking->line.slot = slot;
	if (asking->wants_host) {
		asking->wants_host = false;
		asking->profile->checkup.host_known = backend_examine(asking->line.backend, slot, &asking->line.uuid,
								      &asking->profile->checkup.host, &err);
		return asking->only_host ? WORKER_DONE : 0;
	}
	if (!asking->pinged)
		return ping_step(state, slot), asking->pinged ? 0 : WORKER_DONE;
	if (!asking->has_sessions && !asking->failed) {
		switch (session_query_step(asking->query, &asking->line, &wait_ms, &asking->err)) {
		case QUERY_AGAIN:
			return wait_ms;
		case QUERY_FAILED:
			asking->failed = true;
			/* Why the sessions cannot be listed may be seen all the same. */
			asking->wants_addresses = false;
			asking->wants_checkup &= asking->profile->known && !agent_err_is_in_flight(&asking->err) &&
						 !agent_err_is_passing(&asking->err);
			asking->wants_uptime &= asking->wants_checkup && uptime_query_is_possible(asking->profile);
			return asking->wants_checkup ? 0 : WORKER_DONE;
		case QUERY_DONE:
			break;
		}
		asking->has_sessions = true;
		asking->wants_addresses &= asking->profile->capabilities.interfaces;
		asking->wants_uptime &= uptime_query_is_possible(asking->profile);
	} else if (asking->wants_addresses) {
		/* What a guest was asked in vain is no reason to doubt the sessions. */
		asking->has_addresses = agent_addresses(&asking->line, &asking->addresses, NULL);
		asking->wants_addresses = false;
	} else if (asking->wants_uptime) {
		switch (uptime_query_step(&asking->uptime, asking->profile, &asking->line, &wait_ms, &asking->uptime_ms,
					  &err)) {
		case QUERY_AGAIN:
			return wait_ms;
		case QUERY_FAILED:
			break;
		case QUERY_DONE:
			asking->uptime_at = clock_ms();
			break;
		}
		asking->wants_uptime = false;
	} else {
		asking->wants_checkup =
			guest_checkup_step(&asking->checkup, asking->profile, &asking->line, &wait_ms) == QUERY_AGAIN;
		return asking->wants_checkup ? wait_ms : WORKER_DONE;
	}
	return asking->wants_addresses || asking->wants_uptime || asking->wants_checkup ? 0 : WORKER_DONE;
}

/* ---- UI thread: what the answer means for the VM ---- */

static void note_ping(struct vm *vm, const struct asking *asking)
{
	vm_note_ping(vm, asking->asked_at, asking->pinged);
	if (!asking->pinged)
		return;
	vm->failures = 0;
	vm->backoff_until = 0;
	if (vm->trouble == TROUBLE_SILENT)
		vm->trouble = TROUBLE_NONE;
}

static void note_failure(struct vm *vm, const struct err *err)
{
	int64_t back_off = SILENCE_FIRST_MS;

	switch (err->kind) {
	case ERR_NO_ANSWER:
	case ERR_NOT_SENT:
	case ERR_AGENT_BROKEN:
	case ERR_AGENT_CLOSED:
		for (int i = 0; i < vm->failures && back_off < SILENCE_MOST_MS; i++)
			back_off *= 2;
		vm->failures++;
		vm->trouble = TROUBLE_SILENT;
		vm->backoff_until = clock_ms() + MIN(back_off, SILENCE_MOST_MS);
		if (vm->failures == 1)
			log_add(LOG_LEVEL_WARNING, "%s: %s", text_str(vm->info.name), text_str(err_text(err)));
		break;
	case ERR_AGENT_FROZEN:
		vm->trouble = TROUBLE_FROZEN;
		break;
	case ERR_AGENT_BLOCKED:
		vm->trouble = TROUBLE_BLOCKED;
		break;
	default:
		break;
	}
}

static void learn_profile(struct vm *vm, const struct guest_profile *profile)
{
	const struct agent_os *os = &profile->os;

	if (!profile->known)
		return;
	text_set(&vm->agent_version, text_copy(profile->capabilities.version));
	text_set(&vm->os_id, text_copy(os->id));
	text_set(&vm->os_name, text_copy(text_is_empty(os->pretty_name) ? os->name : os->pretty_name));
	text_set(&vm->os_version, text_copy(os->version_id));
	text_set(&vm->kernel, text_copy(os->kernel));
	text_set(&vm->hostname, text_copy(profile->host_name));
	if (profile->capabilities.exec_known_blocked)
		vm->trouble = TROUBLE_BLOCKED;
	else if (vm->trouble == TROUBLE_BLOCKED || vm->trouble == TROUBLE_FROZEN)
		vm->trouble = TROUBLE_NONE;
}

struct keeping {
	bool is_simulated;
	char *lines; /* owned */
	struct err err;
};

static int64_t keep_step(void *state, int slot UNUSED)
{
	struct keeping *keeping = state;

	session_log_append(keeping->is_simulated, keeping->lines, &keeping->err);
	return WORKER_DONE;
}

static void keep_done(void *state)
{
	struct keeping *keeping = state;

	if (keeping->err.kind != ERR_NONE)
		log_add(LOG_LEVEL_WARNING, "%s", text_str(err_text(&keeping->err)));
	free(keeping->lines);
	free(keeping);
}

/* Those who are gone, into the history on disk. */
static void keep_history(struct app *app, const struct vm *vm, const struct session_list *after,
			 enum timeline_kind kind)
{
	static const char *const how[] = { [TIMELINE_LOGOFF_NORMAL] = "logged-off",
					   [TIMELINE_LOGOFF_FORCED] = "guest-stopped",
					   [TIMELINE_LOGOFF_EXTERNAL] = "innkeeper" };
	static const struct uuid key = { 0 }; /* one behind the other */
	struct keeping *keeping;
	char *lines = mem_strdup(""), uuid[UUID_TEXT_SIZE];

	uuid_format(&vm->id.uuid, uuid);
	for (size_t i = 0; session_list_proves_absence(after) && i < vm->sessions.count; i++) {
		const struct session *session = &vm->sessions.at[i];
		/* Its texts are borrowed. */
		struct session_log_entry entry = {
			.ended_at = clock_wall(),
			.login_time = session->login_time,
			.texts = { TEXT_TRUSTED(inventory_host(app->inventory, vm->id.host)->name), vm->info.name,
				   TEXT_TRUSTED(uuid), session->user, session->domain, TEXT_TRUSTED(session->id),
				   session->remote },
		};
		char *line, *longer;

		if (timeline_holds(after, session, vm->sessions.lacks_ids || after->lacks_ids))
			continue;
		snprintf(entry.how, sizeof(entry.how), "%s", how[kind]);
		line = session_log_line(&entry);
		longer = mem_printf("%s%s", lines, line);
		free(line);
		free(lines);
		lines = longer;
	}
	if (!*lines) {
		free(lines);
		return;
	}
	keeping = mem_zalloc(sizeof(*keeping));
	keeping->is_simulated = backend_is_simulated(app_backend(app, vm->id.host));
	keeping->lines = lines;
	worker_submit(
		app->disk,
		&(struct job_spec){
			.step = keep_step, .done = keep_done, .state = keeping, .key = &key, .priority = WORKER_TASK });
}

static void keep_timeline(struct app *app, struct vm *vm, const struct session_list *after, enum timeline_kind how)
{
	if (vm->timeline && vm->users_state == USERS_KNOWN && app->settings.config->history && !app->settings.one_shot)
		keep_history(app, vm, after, how);
	if (!vm->timeline)
		vm->timeline = mem_zalloc(sizeof(*vm->timeline));
	else if (vm->users_state == USERS_KNOWN)
		timeline_compare(vm->timeline, &vm->sessions, after, how, clock_wall());
}

void app_guests_went_down(struct app *app, struct vm *vm)
{
	static const struct session_list nobody = { .proven = true };

	if (vm->users_state == USERS_KNOWN && vm->sessions.count)
		keep_timeline(app, vm, &nobody, TIMELINE_LOGOFF_FORCED);
}

static bool is_the_same(const struct session_list *a, const struct session_list *b)
{
	bool same = a->count == b->count && a->more == b->more;

	for (size_t i = 0; same && i < a->count; i++)
		same = !strcmp(a->at[i].id, b->at[i].id) && text_equal(a->at[i].user, b->at[i].user);
	return same;
}

void app_guests_learn(struct app *app, struct vm *vm, const struct session_list *sessions, enum timeline_kind how)
{
	keep_timeline(app, vm, sessions, how);
	vm->quiet_looks = vm->sessions_at && is_the_same(&vm->sessions, sessions) ? vm->quiet_looks + 1 : 0;
	session_list_free(&vm->sessions);
	session_list_copy(&vm->sessions, sessions);
	vm->users_state = sessions->proven || session_list_total(sessions) ? USERS_KNOWN : USERS_UNKNOWN;
	vm->sessions_at = vm->sessions_full_at = clock_ms();
	vm->look_in_full = vm->names_only = false;
	inventory_touch(app->inventory, vm);
}

static bool still_the_same_guest(const struct vm *vm, const struct asking *asking)
{
	return vm && vm_state_is_active(vm->info.state) && vm->info.channel == CHANNEL_CONNECTED &&
	       vm->guest_serial == asking->guest_serial;
}

static void learn_sessions(struct vm *vm, const struct asking *asking)
{
	const int64_t full_at = vm->sessions_full_at;
	const bool in_full = vm->look_in_full, is_full = session_query_is_full(asking->query);

	app_guests_learn(asking->app, vm, session_query_result(asking->query), TIMELINE_LOGOFF_NORMAL);
	if (is_full)
		return;
	vm->sessions_full_at = full_at;
	vm->look_in_full = in_full;
	vm->names_only = !session_query_needs_program(asking->profile);
}

static void ask_done(void *state)
{
	struct asking *asking = state;
	struct app *app = asking->app;
	struct vm *vm = inventory_find(app->inventory, &asking->vm);

	if (vm)
		vm->sessions_asked = false;
	if (still_the_same_guest(vm, asking)) {
		note_ping(vm, asking);
		learn_profile(vm, asking->profile);
		if (asking->has_addresses) {
			address_list_free(&vm->addresses);
			vm->addresses = asking->addresses;
			vm->addresses_at = clock_ms();
			asking->addresses = (struct address_list){ 0 };
		}
		if (asking->uptime_at)
			uptime_note(&vm->uptime, asking->uptime_ms, asking->uptime_at);
		text_set(&vm->sessions_note, text_format("%s", text_str(err_text(&asking->err))));
		if (asking->failed) {
			vm->quiet_looks++;
			vm->look_in_full = false;
			note_failure(vm, &asking->err);
		} else {
			learn_sessions(vm, asking);
		}
	}
	asking->profile->checkup.trouble = asking->failed ? asking->err.kind : ERR_NONE;
	if (still_the_same_guest(vm, asking) || (vm && asking->only_host)) {
		profile_free(vm->profile);
		vm->profile = asking->profile;
		asking->profile = NULL;
	}
	if (vm)
		inventory_touch(app->inventory, vm);
	session_query_destroy(asking->query);
	address_list_free(&asking->addresses);
	uptime_query_end(&asking->uptime);
	guest_checkup_end(&asking->checkup);
	profile_free(asking->profile);
	free(asking);
}

void app_note_late(struct app *app, struct vm *vm)
{
	struct err err;

	err_set(&err, ERR_NO_ANSWER, "%s", _("the guest has not answered yet"));
	text_set(&vm->sessions_note, text_copy(err_text(&err)));
	note_failure(vm, &err);
	inventory_touch(app->inventory, vm);
}

static void ping_done(void *state)
{
	struct asking *asking = state;
	struct vm *vm = inventory_find(asking->app->inventory, &asking->vm);

	if (still_the_same_guest(vm, asking)) {
		note_ping(vm, asking);
		if (!asking->pinged)
			note_failure(vm, &asking->err);
		inventory_touch(asking->app->inventory, vm);
	}
	free(asking);
}

/* ---- UI thread: asking ---- */

static bool may_ask(const struct app *app, const struct vm *vm, bool insist, struct err *err)
{
	const struct host *host = inventory_host(app->inventory, vm->id.host);

	if (!host_allows_writes(host))
		return err_set(err, ERR_DENIED, _("users are not visible over a read-only connection"));
	if (!host_is_usable(host))
		return err_set(err, ERR_UNREACHABLE, _("%s cannot be reached at the moment"), host->name);
	if (!vm_state_is_active(vm->info.state))
		return err_set(err, ERR_NOT_RUNNING, _("%s is not running"), text_str(vm->info.name));
	if (vm->info.channel != CHANNEL_CONNECTED)
		return err_set(err, ERR_NO_AGENT, "%s: %s", text_str(vm->info.name), _(vm_agent_advice(vm)));
	if (!insist && clock_ms() < vm->backoff_until)
		return err_set(err, ERR_NO_ANSWER, _("%s did not answer; it is asked again later"),
			       text_str(vm->info.name));
	return true;
}

static struct asking *asking_create(struct app *app, const struct vm *vm)
{
	struct asking *asking = mem_zalloc(sizeof(*asking));

	asking->app = app;
	asking->vm = vm->id;
	asking->line.backend = app_backend(app, vm->id.host);
	asking->line.uuid = vm->id.uuid;
	asking->asked_at = clock_ms();
	asking->guest_serial = vm->guest_serial;
	return asking;
}

/* Not with the first question of a dashboard: who is logged on is what people wait for. */
static bool wants_addresses(const struct app *app, const struct vm *vm)
{
	if (app->settings.one_shot)
		return app->settings.want_addresses;
	return vm->sessions_at && (!vm->addresses_at || clock_ms() - vm->addresses_at >= ADDRESSES_MS);
}

/* Once it is sure, it is counted on. */
static bool wants_uptime(const struct app *app, const struct vm *vm)
{
	const struct uptime *uptime = &vm->uptime;

	if (app->settings.one_shot)
		return app->settings.want_uptimes;
	if (!app->want_uptimes && !(app->want_uptime && vm_id_equal(&app->uptime_of, &vm->id)))
		return false;
	return vm->sessions_at && !uptime->sure && (!uptime->asked_at || clock_ms() - uptime->asked_at >= UPTIME_MS);
}

static bool ask(struct app *app, struct vm *vm, bool insist, bool in_background, struct err *err)
{
	struct job_spec spec = { .step = ask_step, .done = ask_done, .key = &vm->id.uuid };
	struct asking *asking;
	const bool may = may_ask(app, vm, insist, err);
	const bool wants_checkup = app->settings.want_checkups;

	/* Only its host knows whether the channel is in its configuration. */
	if (!may && !(wants_checkup && vm->info.channel == CHANNEL_ABSENT && vm_state_is_active(vm->info.state) &&
		      host_is_usable(inventory_host(app->inventory, vm->id.host))))
		return false;
	if (vm->sessions_asked)
		return true;
	asking = asking_create(app, vm);
	asking->profile = vm->profile ? vm->profile : mem_zalloc(sizeof(*asking->profile));
	vm->profile = NULL;
	if (!vm->sessions_at) /* what was known of another boot */
		asking->profile->no_logons.count = 0;
	asking->query = session_query_create(asking->profile);
	for (size_t i = 0; i < app->wanted.count && app->want_usage; i++)
		asking->query->wants_usage |= vm_id_equal(&app->wanted.at[i], &vm->id);
	if (in_background && !vm->look_in_full)
		session_query_in_background(asking->query, &vm->sessions);
	vm->looked_at = clock_ms();
	asking->wants_addresses = wants_addresses(app, vm);
	asking->wants_uptime = wants_uptime(app, vm);
	asking->wants_host = wants_checkup || app->settings.want_jobs;
	asking->wants_checkup = wants_checkup;
	asking->only_host = !may;
	if (asking->wants_uptime)
		vm->uptime.asked_at = clock_ms();
	vm->sessions_asked = true;
	spec.state = asking;
	spec.priority = insist ? WORKER_TASK : WORKER_BACKGROUND;
	worker_submit(asking->line.backend->agents, &spec);
	inventory_touch(app->inventory, vm);
	return true;
}

bool app_ask_guest(struct app *app, struct vm *vm, bool insist, struct err *err)
{
	vm->quiet_looks = 0;
	return ask(app, vm, insist, false, err);
}

/* --- in the background: seldom where nothing changes, more seldom where nobody is there to see it --- */

static bool somebody_is_there(const struct app *app)
{
	return !app->touched_at || clock_ms() - app->touched_at < ALONE_MS;
}

static int64_t look_interval(const struct app *app, const struct vm *vm)
{
	const int64_t least_s = vm->profile && session_query_needs_program(vm->profile)
					? guest_os_get(vm->profile->family)->least_interval_s
					: 0;
	const bool is_watched_closely = !app->touched_at || (app->focused && vm_id_equal(&app->focus, &vm->id));
	const int quiet = vm->look_in_full ? 0 : MIN(vm->quiet_looks, QUIET_MOST);
	int64_t interval = (int64_t)app->settings.config->users_interval_s * 1000;

	interval = is_watched_closely ? interval * MIN(quiet + 1, QUIET_MOST) : interval << quiet;
	return MAX(MAX(interval, least_s * 1000), somebody_is_there(app) ? 0 : ALONE_LOOK_MS);
}

int64_t app_next_look(const struct app *app, const struct vm *vm)
{
	if (app->settings.config->users_interval_s == 0)
		return -1;
	return MAX(vm->looked_at ? vm->looked_at + look_interval(app, vm) : 0, vm->backoff_until);
}

/* A few a tick and host, and never more in a minute than the configuration says. */
static void look_at_some(struct app *app, const struct vm_id *ids, size_t count)
{
	const int64_t now = clock_ms(), gap = 60 * 1000 / app->settings.config->guest_questions;

	for (size_t i = 0; app->settings.config->users_interval_s > 0 && i < count; i++) {
		struct vm *vm = inventory_find(app->inventory, &ids[i]);
		struct app_host *host = app->hosts.at[ids[i].host];

		if (vm && !vm->sessions_asked && host->next_look_at <= now &&
		    (app_next_look(app, vm) <= now || wants_uptime(app, vm)) && ask(app, vm, false, true, NULL))
			host->next_look_at = MAX(host->next_look_at, now - MAX(TICK_MS - gap, 0)) + gap;
	}
}

static void on_tick(void *data)
{
	struct app *app = data;
	struct job_spec spec = { .step = ping_step, .done = ping_done, .priority = WORKER_BACKGROUND };
	struct vm *focus;

	/* A few a tick and host, top rows first: a thousand guests never hear from us all at once. */
	look_at_some(app, app->watched.at, app->watched.count);
	look_at_some(app, app->wanted.at, app->wanted.count);
	focus = app->focused ? inventory_find(app->inventory, &app->focus) : NULL;
	if (focus && !focus->sessions_asked && clock_ms() - app->pinged_at >= HEARTBEAT_SLOT_MS &&
	    somebody_is_there(app) && app->settings.config->users_interval_s > 0 && may_ask(app, focus, false, NULL)) {
		struct asking *asking = asking_create(app, focus);

		app->pinged_at = clock_ms();
		spec.state = asking;
		spec.key = &asking->vm.uuid;
		worker_submit(asking->line.backend->agents, &spec);
	}
	app->guests_timer = loop_after(app->loop, TICK_MS, on_tick, app);
}

void app_guests_start(struct app *app)
{
	if (!app->settings.one_shot && app->settings.mode != APP_READ_ONLY)
		app->guests_timer = loop_after(app->loop, TICK_MS / 4, on_tick, app);
}

void app_watch(struct app *app, const struct vm_id *ids, size_t count)
{
	struct uuid *uuids = mem_zalloc(count * sizeof(*uuids));

	app->watched.count = 0;
	for (size_t i = 0; i < count; i++) {
		struct vm *vm = inventory_find(app->inventory, &ids[i]);

		*VEC_PUSH(&app->watched) = ids[i];
		/* Of all VMs it would be much memory for what few look at. */
		if (vm && !vm->history)
			vm->history = mem_zalloc(sizeof(*vm->history));
	}
	for (size_t host = 0; host < app->hosts.count; host++) {
		size_t here = 0;

		for (size_t i = 0; i < count; i++)
			if (ids[i].host == (int)host)
				uuids[here++] = ids[i].uuid;
		backend_watch(app->hosts.at[host]->backend, uuids, here);
	}
	free(uuids);
}

void app_note_input(struct app *app)
{
	app->touched_at = clock_ms();
}

/* Those who are still wanted need not be asked in full again. */
static void mark_wanted(struct app *app, bool is_wanted)
{
	for (size_t i = 0; i < app->wanted.count; i++) {
		struct vm *vm = inventory_find(app->inventory, &app->wanted.at[i]);

		if (vm)
			vm->is_wanted = is_wanted;
	}
}

/* Whoever sorts, searches or asks all of them does not wait for the background. */
void app_want_configurations(struct app *app, bool wanted)
{
	const int share = wanted || app->wanted.count > 0 ? 100 : app->settings.config->background_share;

	for (size_t i = 0; i < app->hosts.count; i++)
		backend_set_background_share(app->hosts.at[i]->backend, share);
}

void app_want_users(struct app *app, const struct vm_id *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct vm *vm = inventory_find(app->inventory, &ids[i]);

		if (vm)
			vm->look_in_full |= !vm->is_wanted;
	}
	mark_wanted(app, false);
	app->wanted.count = 0;
	for (size_t i = 0; i < count; i++)
		*VEC_PUSH(&app->wanted) = ids[i];
	mark_wanted(app, true);
	app_want_configurations(app, false);
}

void app_focus(struct app *app, const struct vm_id *id)
{
	app->focused = id != NULL;
	if (id)
		app->focus = *id;
}

void app_want_usage(struct app *app, bool wanted)
{
	app->want_usage = wanted;
}

void app_want_uptimes(struct app *app, bool of_watched, const struct vm_id *of_one)
{
	struct vm *vm;

	app->want_uptimes = of_watched;
	app->want_uptime = of_one != NULL;
	if (!of_one)
		return;
	app->uptime_of = *of_one;
	vm = inventory_find(app->inventory, of_one);
	if (vm && wants_uptime(app, vm))
		app_ask_guest(app, vm, false, NULL);
}

/* ---- snapshots, of which the host knows ---- */

/* One question to one host. Worker's during its step, the UI thread's before and after. */
struct asking_snapshots {
	struct app *app;
	struct vm_id vm;
	struct backend *backend;
	struct snapshot_list list;
	struct err err;
	bool answered;
};

static int64_t snapshots_step(void *state, int slot)
{
	struct asking_snapshots *asking = state;

	asking->answered = backend_snapshot_list(asking->backend, slot, &asking->vm.uuid, &asking->list, &asking->err);
	return WORKER_DONE;
}

static void snapshots_done(void *state)
{
	struct asking_snapshots *asking = state;
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
	struct job_spec spec = { .step = snapshots_step, .done = snapshots_done, .priority = WORKER_TASK };
	const struct host *host = inventory_host(app->inventory, vm->id.host);
	struct asking_snapshots *asking;

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

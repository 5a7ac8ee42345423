/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_host.h"

#include "backend/demo/prng.h"

enum {
	CONNECT_MS = 300,
	REFUSED_MS = 1200,
	CONNECT_TIMEOUT_MS = 10000,
	STALE_AFTER_MS = 10000,
	LOST_AFTER_MS = 20000,
	BACKOFF_MS = 1000,
	BACKOFF_MAX_MS = 15000,
};

void demo_host_plan_due(struct demo_host *host, struct demo_due due, int64_t in_ms)
{
	due.at = host->now + in_ms;
	demo_timeline_add(&host->timeline, due);
}

static void script(struct demo_host *host, int guest, const struct demo_event *event, const struct demo_login *login)
{
	const struct demo_due due = {
		.at = (int64_t)(event->at_s * 1000),
		.every = (int64_t)(event->every_s * 1000),
		.span = (int64_t)(event->for_s * 1000),
		.what = event->what,
		.guest = guest,
		.login = login,
	};

	demo_timeline_add(&host->timeline, due);
}

void demo_host_init(struct demo_host *host, const struct demo_host_plan *plan, uint64_t seed, time_t began)
{
	*host = (struct demo_host){
		.plan = plan,
		.seed = prng_name(seed, plan->name),
		.began = began,
		.state = HOST_CONNECTING,
		.boot_generation = 1,
		.guests = mem_zalloc((plan->vm_count + 1) * sizeof(*host->guests)),
		.guest_count = plan->vm_count,
	};
	for (size_t i = 0; i < plan->vm_count; i++) {
		const struct demo_vm_plan *vm = &plan->vms[i];

		demo_guest_init(host, &host->guests[i], vm, (int)i);
		for (size_t j = 0; j < vm->event_count; j++)
			script(host, (int)i, &vm->events[j], scenario_find_login(vm, vm->events[j].user));
	}
	for (size_t i = 0; i < plan->event_count; i++)
		script(host, DUE_ON_HOST, &plan->events[i], NULL);
}

void demo_host_finish(struct demo_host *host)
{
	for (size_t i = 0; i < host->guest_count; i++)
		demo_guest_finish(&host->guests[i]);
	free(host->guests);
	for (size_t i = 0; i < host->notes.count; i++)
		text_free(&host->notes.at[i].text);
	VEC_FREE(&host->notes);
	VEC_FREE(&host->timeline);
}

struct demo_guest *demo_host_find(struct demo_host *host, const struct uuid *uuid)
{
	for (size_t i = 0; i < host->guest_count; i++)
		if (!host->guests[i].undefined && uuid_equal(&host->guests[i].uuid, uuid))
			return &host->guests[i];
	return NULL;
}

void demo_host_note(struct demo_host *host, const struct demo_guest *guest, const char *format, ...)
{
	struct demo_note *note = VEC_PUSH(&host->notes);
	va_list args;

	va_start(args, format);
	note->text = text_vformat(format, args);
	va_end(args);
	host->news |= NEWS_NOTES;
	note->about_guest = guest != NULL;
	if (guest)
		note->uuid = guest->uuid;
}

/* --- the connection's life --- */

static void plan_own(struct demo_host *host, enum demo_what what, int64_t in_ms)
{
	const struct demo_due due = { .what = (int)what,
				      .guest = DUE_ON_HOST,
				      .boot_generation = host->boot_generation };

	demo_host_plan_due(host, due, in_ms);
}

/* What was planned for the state before does not hold any more. */
static void enter(struct demo_host *host, enum host_state state)
{
	host->state = state;
	host->boot_generation++;
	host->news |= NEWS_HOST_STATE;
}

bool demo_host_is_connected(const struct demo_host *host)
{
	return host->state == HOST_LIVE || host->state == HOST_STALE;
}

bool demo_host_is_hung(const struct demo_host *host)
{
	return host->now < host->hung_until;
}

void demo_host_connect(struct demo_host *host)
{
	int64_t need = (host->plan->connect_ms ? host->plan->connect_ms : CONNECT_MS) + host->plan->latency_ms;

	if (demo_host_is_connected(host))
		return;
	enter(host, HOST_CONNECTING);
	host->retry_at = 0;
	if (host->plan->unreachable || host->now < host->cut_until) {
		plan_own(host, EVENT_LOST, REFUSED_MS);
		return;
	}
	need += MAX(host->hung_until - host->now, 0);
	plan_own(host, need > CONNECT_TIMEOUT_MS ? EVENT_LOST : EVENT_CONNECTED, MIN(need, CONNECT_TIMEOUT_MS));
}

/* A hang that outlasts our patience will be noticed; a shorter one is only slow. */
static void watch_silence(struct demo_host *host)
{
	if (host->hung_until - host->now >= STALE_AFTER_MS)
		plan_own(host, EVENT_STALE, STALE_AFTER_MS);
}

static void on_lost(struct demo_host *host)
{
	bool connected = demo_host_is_connected(host);
	int64_t pause = MIN((int64_t)BACKOFF_MS << MIN(host->tries, 10), BACKOFF_MAX_MS);

	if (connected && host->now < host->cut_until)
		host->trouble = N_("the connection was closed by the host");
	else if (connected)
		host->trouble = N_("the host stopped answering (keepalive)");
	else if (demo_host_is_hung(host))
		host->trouble = N_("no answer while connecting");
	else
		host->trouble = N_("no route to host");
	enter(host, HOST_LOST);
	host->tries++;
	host->retry_at = host->once ? 0 : host->now + pause;
	if (!host->once)
		plan_own(host, EVENT_RETRY, pause);
}

static void happens(struct demo_host *host, const struct demo_due *due)
{
	int64_t left = host->hung_until - host->now;

	switch (due->what) {
	case EVENT_CONNECTED:
		enter(host, HOST_LIVE);
		host->tries = 0;
		host->trouble = NULL;
		host->retry_at = 0;
		host->news |= NEWS_LIST;
		watch_silence(host);
		break;
	case EVENT_STALE:
		enter(host, HOST_STALE);
		if (left > LOST_AFTER_MS - STALE_AFTER_MS)
			plan_own(host, EVENT_LOST, LOST_AFTER_MS - STALE_AFTER_MS);
		else
			plan_own(host, EVENT_CONNECTED, left);
		break;
	case EVENT_LOST:
		on_lost(host);
		break;
	case EVENT_RETRY:
		demo_host_connect(host);
		break;
	case EVENT_HANG:
		host->hung_until = MAX(host->hung_until, host->now + due->span);
		if (host->state == HOST_LIVE)
			watch_silence(host);
		break;
	case EVENT_LOSE:
		host->cut_until = host->now + due->span;
		if (demo_host_is_connected(host))
			on_lost(host);
		else if (host->state == HOST_CONNECTING)
			demo_host_connect(host);
		break;
	}
}

void demo_host_advance(struct demo_host *host, int64_t now)
{
	struct demo_due due;

	while (demo_timeline_take(&host->timeline, now, &due)) {
		struct demo_guest *guest = due.guest == DUE_ON_HOST ? NULL : &host->guests[due.guest];

		host->now = MAX(host->now, due.at);
		if (due.every)
			demo_host_plan_due(host, due, due.every);
		if (due.boot_generation &&
		    due.boot_generation != (guest ? guest->boot_generation : host->boot_generation))
			continue;
		if (guest)
			demo_guest_happens(host, guest, &due);
		else
			happens(host, &due);
	}
	host->now = MAX(host->now, now);
}

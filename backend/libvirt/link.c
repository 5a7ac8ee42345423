/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list's thread and connection: one job that never ends.
 *
 *	IDLE -> DIALLING -> UP ... -> LOST (waits, then IDLE again)
 *	          |  ^
 *	          v  | (the stuck attempt comes back, or 60 s are over and there is another)
 *	        UNANSWERED
 */
#include "backend/libvirt/error.h"
#include "backend/libvirt/events.h"
#include "backend/libvirt/host.h"
#include "backend/libvirt/look.h"
#include "base/clock.h"
#include "base/log.h"

#include <libvirt/virterror.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
	BACKOFF_MAX_S = 30,
	LIST_EVERY_MS = 30000,	 /* events tell what changes; this is for those that got lost */
	DETAILS_AFTER_MS = 1000, /* the first list is the quick one */
	PROBE_MIN_MS = 2000,
	PROBE_MAX_MS = 4000,
	STALE_MIN_MS = 5000,
	LOOKS_A_STEP = 8,
	LOOKS_MAX = 64, /* above this the whole list is cheaper, but not again and again: */
	QUIET_MIN_MS = 500,
	REASON_WAIT_MS = 200,
};

enum link_phase { LINK_IDLE, LINK_DIALLING, LINK_UNANSWERED, LINK_UP, LINK_LOST, LINK_OVER };

/* What a step found out, for progress() to tell. */
struct link_news {
	bool state_changed;
	enum host_state state;
	enum host_access access;
	int64_t retry_at;
	struct safe_text trouble;
	bool answered;
	bool about;
	struct safe_text own_name, version;
	bool listed;
	struct fact_list list;
	struct fact_list looked;
	struct uuid_list gone;
};

struct link {
	struct libvirt_host *host;
	struct worker *worker;
	struct job *job;

	/* orders: written by the UI thread, taken by a step; under lock */
	pthread_mutex_t lock;
	bool want_list;	   /* a person asks */
	bool dirty_all;	   /* too much changed for single looks */
	int closed_reason; /* -1: not closed */
	struct uuid_list dirty;

	/* the job's */
	struct dial *dial;
	enum link_phase phase;
	int64_t since; /* of this attempt to connect */
	int64_t again_at;
	int failures;
	bool registered, has_events, has_about, awaits_reason;
	struct event_registrations events;
	enum host_access access;
	int64_t list_at, probe_at;
	int64_t quiet_until; /* no list before, except when a person asks */
	bool details;
	bool has_probe;
	struct uuid probe;
	struct uuid_list looks;
	struct link_news news;

	/* the UI thread's */
	enum host_state told_state;
	enum host_access told_access;
	struct safe_text live_trouble; /* why it is only monitored */
	int64_t answered_at;
	int stale_timer;
};

static int64_t probe_interval(const struct link *link)
{
	int wanted = backend_figures_interval(&link->host->be);

	return MAX(PROBE_MIN_MS, MIN(wanted, PROBE_MAX_MS));
}

static int64_t stale_after(const struct link *link)
{
	return MAX(STALE_MIN_MS, probe_interval(link) * 2);
}

/* --- worker thread: connecting --- */

static void news_state(struct link *link, enum host_state state, int64_t retry_at, struct safe_text trouble)
{
	struct link_news *news = &link->news;
	struct safe_text why = { NULL };

	news->state_changed = true;
	news->state = state;
	if (dial_connection(link->dial))
		link->access = dial_access(link->dial, &why);
	news->access = link->access;
	news->retry_at = retry_at;
	text_set(&news->trouble, text_copy(text_is_empty(trouble) ? why : trouble));
}

/* 1, 2, 4 ... 30 s, a fifth more or less, so that a hundred consoles do not come all at once. */
static int64_t next_backoff(struct link *link)
{
	int64_t ms = 1000 * (link->failures < 5 ? 1 << link->failures : BACKOFF_MAX_S);
	uint32_t chance = 0;

	link->failures++;
	if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) < 0)
		chance = (uint32_t)clock_ms();
	return ms * 8 / 10 + chance % (ms * 4 / 10);
}

static int64_t step_lost(struct link *link, struct safe_text trouble)
{
	atomic_store(&link->host->up, false);
	if (link->host->be.config.one_shot) {
		link->phase = LINK_OVER;
		news_state(link, HOST_LOST, 0, trouble);
		return LIBVIRT_LONG_MS;
	}
	link->phase = LINK_LOST;
	link->again_at = clock_ms() + next_backoff(link);
	news_state(link, HOST_LOST, link->again_at, trouble);
	return link->again_at - clock_ms();
}

static int64_t step_idle(struct link *link)
{
	struct err err;

	if (!libvirt_process_start(&err) || !dial_start(link->dial, &err))
		return step_lost(link, err_text(&err));
	link->phase = LINK_DIALLING;
	link->since = clock_ms();
	news_state(link, HOST_CONNECTING, 0, TEXT_OURS(NULL));
	return link->host->be.config.connect_timeout_ms;
}

static int64_t step_up(struct link *link);

static int64_t step_connected(struct link *link)
{
	struct safe_text why;

	link->phase = LINK_UP;
	link->registered = link->has_about = false;
	link->details = link->host->be.config.one_shot;
	link->list_at = 0;
	atomic_store(&link->host->may_write, dial_access(link->dial, &why) == ACCESS_FULL);
	atomic_store(&link->host->up, true);
	link->news.answered = true;
	news_state(link, HOST_LIVE, 0, TEXT_OURS(NULL));
	return step_up(link);
}

static int64_t step_dialling(struct link *link)
{
	int64_t give_up_at = link->since + link->host->be.config.connect_timeout_ms;
	struct err err = { 0 };

	switch (dial_look(link->dial, 0, &err)) {
	case DIAL_OPEN:
		return step_connected(link);
	case DIAL_IDLE:
		return step_lost(link, err_text(&err));
	case DIAL_TRYING:
		break;
	}
	if (link->phase == LINK_DIALLING && clock_ms() >= give_up_at) {
		link->phase = LINK_UNANSWERED;
		link->again_at = link->since + DIAL_AGAIN_MS;
		news_state(link, HOST_LOST, link->host->be.config.one_shot ? 0 : link->again_at,
			   TEXT_OURS(_("no answer to connect")));
	}
	if (link->phase == LINK_UNANSWERED && link->host->be.config.one_shot)
		return LIBVIRT_LONG_MS;
	if (link->phase == LINK_UNANSWERED && clock_ms() >= link->again_at)
		return step_idle(link);
	return MAX((link->phase == LINK_DIALLING ? give_up_at : link->again_at) - clock_ms(), 1);
}

/* --- worker thread: connected --- */

static void closed_words(int reason, const char *libvirt_says, struct err *err)
{
	if (reason == VIR_CONNECT_CLOSE_REASON_KEEPALIVE || (libvirt_says && strstr(libvirt_says, "keepalive")))
		err_set(err, ERR_LOST, "%s", _("the host does not answer any more"));
	else if (reason == VIR_CONNECT_CLOSE_REASON_EOF)
		err_set(err, ERR_LOST, "%s", _("the host closed the connection"));
	else
		err_set_outside(err, ERR_LOST, _("the connection broke"), libvirt_says ? libvirt_says : "");
}

static int take_closed_reason(struct link *link)
{
	int reason;

	pthread_mutex_lock(&link->lock);
	reason = link->closed_reason;
	link->closed_reason = -1;
	pthread_mutex_unlock(&link->lock);
	return reason;
}

/* A call on a closed connection says only that it is closed; why, the close callback tells a moment later. */
static int64_t step_broken(struct link *link, const virError *last)
{
	int reason = take_closed_reason(link);
	struct err err;

	if (reason < 0 && link->events.close_door && !link->awaits_reason) {
		link->awaits_reason = true;
		return REASON_WAIT_MS;
	}
	link->awaits_reason = false;
	closed_words(reason, last ? last->message : NULL, &err);
	libvirt_events_deregister(dial_connection(link->dial), &link->events);
	dial_hang_up(link->dial);
	return step_lost(link, err_text(&err));
}

static struct safe_text version_words(virConnectPtr conn)
{
	unsigned long library = 0, hypervisor = 0;
	const char *type = virConnectGetType(conn);
	struct safe_text type_text, words;

	virConnectGetLibVersion(conn, &library);
	virConnectGetVersion(conn, &hypervisor);
	type_text = text_from_outside_str(type, TEXT_CAP_OS);
	words = text_format("%s %lu.%lu.%lu, libvirt %lu.%lu.%lu", text_str(type_text), hypervisor / 1000000,
			    hypervisor / 1000 % 1000, hypervisor % 1000, library / 1000000, library / 1000 % 1000,
			    library % 1000);
	text_free(&type_text);
	return words;
}

static void ask_about(struct link *link, virConnectPtr conn)
{
	char *name = virConnectGetHostname(conn);

	link->has_about = true;
	link->news.about = true;
	text_set(&link->news.own_name, text_from_outside_str(name, TEXT_CAP_HOST));
	text_set(&link->news.version, version_words(conn));
	free(name);
}

static int64_t next_list_at(const struct link *link, int64_t took)
{
	if (!link->details)
		return clock_ms() + DETAILS_AFTER_MS + took;
	if (!link->has_events)
		return clock_ms() + MAX(probe_interval(link), took * 10);
	return clock_ms() + MAX((int64_t)LIST_EVERY_MS, took * 100);
}

static void ask_list(struct link *link, virConnectPtr conn)
{
	int64_t begun = clock_ms(), took;
	struct err err;

	if (!libvirt_list_domains(conn, link->details, &link->news.list, &err)) {
		log_add(LOG_LEVEL_WARNING, _("%s: cannot list: %s"), link->host->be.config.name,
			text_str(err_text(&err)));
		link->list_at = clock_ms() + probe_interval(link);
		return;
	}
	took = clock_ms() - begun;
	link->news.listed = true;
	link->failures = 0;
	link->has_probe = link->news.list.count > 0;
	if (link->has_probe)
		link->probe = link->news.list.at[0].uuid;
	link->list_at = next_list_at(link, took);
	link->quiet_until = clock_ms() + MAX((int64_t)QUIET_MIN_MS, took * 3);
	link->details = true;
}

static void look_at(struct link *link, virConnectPtr conn, const struct uuid *uuid)
{
	struct vm_facts facts;
	struct err err = { 0 };
	virDomainPtr dom = libvirt_find_domain(conn, uuid, &err);

	if (dom && libvirt_look_domain(dom, &facts, &err))
		*VEC_PUSH(&link->news.looked) = facts;
	else if (err.kind == ERR_NO_DOMAIN)
		*VEC_PUSH(&link->news.gone) = *uuid;
	if (dom)
		virDomainFree(dom);
}

static void look_at_some(struct link *link, virConnectPtr conn)
{
	for (int i = 0; i < LOOKS_A_STEP && link->looks.count > 0; i++)
		look_at(link, conn, &link->looks.at[--link->looks.count]);
}

/* The cheapest call that really asks the host, and that libvirtd answers even when its ordinary workers are stuck. */
static void probe(struct link *link, virConnectPtr conn)
{
	virDomainPtr dom;

	if (!link->has_probe) {
		virConnectListAllDomains(conn, NULL, VIR_CONNECT_LIST_DOMAINS_ACTIVE);
		return;
	}
	dom = virDomainLookupByUUID(conn, link->probe.bytes);
	link->has_probe = dom != NULL;
	if (dom)
		virDomainFree(dom);
}

static void take_orders(struct link *link)
{
	bool all;

	pthread_mutex_lock(&link->lock);
	if (link->want_list)
		link->list_at = 0;
	all = link->dirty_all;
	for (size_t i = 0; i < link->dirty.count; i++)
		*VEC_PUSH(&link->looks) = link->dirty.at[i];
	link->dirty.count = 0;
	link->want_list = link->dirty_all = false;
	pthread_mutex_unlock(&link->lock);
	if (all || link->looks.count > LOOKS_MAX)
		link->list_at = MIN(link->list_at, link->quiet_until);
	if (all || clock_ms() >= link->list_at)
		link->looks.count = 0;
}

/* One thing at a time. False: there was nothing to ask. */
static bool ask_something(struct link *link, virConnectPtr conn)
{
	if (!link->registered) {
		link->has_events = libvirt_events_register(conn, link->host->door, &link->events);
		link->registered = true;
	} else if (clock_ms() >= link->list_at) {
		ask_list(link, conn);
	} else if (link->looks.count > 0) {
		look_at_some(link, conn);
	} else if (!link->has_about) {
		ask_about(link, conn);
	} else if (clock_ms() >= link->probe_at) {
		probe(link, conn);
	} else {
		return false;
	}
	link->probe_at = clock_ms() + probe_interval(link);
	return true;
}

/* Worked, or broke: libvirt_err_last() would have forgotten why, so it is kept first. */
static bool ask_unless_broken(struct link *link, virErrorPtr *ret_last)
{
	bool asked;

	virResetLastError();
	asked = ask_something(link, dial_connection(link->dial));
	*ret_last = virSaveLastError();
	link->news.answered |= asked && !dial_is_broken(link->dial);
	return !dial_is_broken(link->dial);
}

static int64_t step_up(struct link *link)
{
	virErrorPtr last = NULL;
	int64_t wait;

	take_orders(link);
	dial_look(link->dial, 0, NULL); /* hangs up what another attempt may have brought meanwhile */
	if (!ask_unless_broken(link, &last))
		wait = step_broken(link, last);
	else if (link->looks.count > 0 || !link->has_about)
		wait = 0;
	else
		wait = MAX(MIN(link->probe_at, link->list_at) - clock_ms(), 0);
	virFreeError(last);
	return wait;
}

static int64_t step_waiting(struct link *link)
{
	bool now;

	pthread_mutex_lock(&link->lock);
	now = link->want_list;
	link->want_list = false;
	pthread_mutex_unlock(&link->lock);
	if (now)
		link->failures = 0;
	if (dial_look(link->dial, 0, NULL) == DIAL_OPEN)
		return step_connected(link); /* an attempt that had been given up came back */
	if (now || clock_ms() >= link->again_at)
		return step_idle(link);
	return link->again_at - clock_ms();
}

static int64_t step(void *state, int slot)
{
	struct link *link = state;

	(void)slot;
	switch (link->phase) {
	case LINK_IDLE:
		return step_idle(link);
	case LINK_DIALLING:
	case LINK_UNANSWERED:
		return step_dialling(link);
	case LINK_UP:
		return step_up(link);
	case LINK_LOST:
		return step_waiting(link);
	case LINK_OVER:
		break;
	}
	return LIBVIRT_LONG_MS;
}

/* --- UI thread: telling --- */

static void tell(struct link *link, enum host_state state, int64_t retry_at, struct safe_text trouble)
{
	link->told_state = state;
	libvirt_host_tell_state(link->host, state, link->told_access, retry_at, trouble);
}

static void watch_age(void *data)
{
	struct link *link = data;
	int64_t left = link->answered_at + stale_after(link) - clock_ms();

	link->stale_timer = 0;
	if (link->told_state != HOST_LIVE)
		return;
	if (left > 0)
		link->stale_timer = loop_after(link->host->be.config.loop, left, watch_age, link);
	else
		tell(link, HOST_STALE, 0, text_format("%s", _("no answer for some time")));
}

static void tell_answered(struct link *link)
{
	const struct backend_listener *listener = &link->host->be.config.listener;

	link->answered_at = clock_ms();
	if (link->told_state == HOST_STALE)
		tell(link, HOST_LIVE, 0, text_copy(link->live_trouble));
	if (listener->answered)
		listener->answered(listener->data);
	if (link->told_state == HOST_LIVE && !link->stale_timer)
		watch_age(link);
}

static void tell_about(struct link *link, struct link_news *news)
{
	const struct backend_listener *listener = &link->host->be.config.listener;
	struct safe_text own_name = { NULL }, version = { NULL };

	text_move(&own_name, &news->own_name);
	text_move(&version, &news->version);
	if (listener->host_about) {
		listener->host_about(listener->data, own_name, version);
	} else {
		text_free(&own_name);
		text_free(&version);
	}
}

static void tell_state_news(struct link *link, struct link_news *news)
{
	struct safe_text trouble = { NULL };

	text_move(&trouble, &news->trouble);
	link->told_access = news->access;
	if (news->state == HOST_LIVE)
		text_set(&link->live_trouble, text_copy(trouble));
	tell(link, news->state, news->retry_at, trouble);
}

static void progress(void *state)
{
	struct link *link = state;
	struct link_news news = link->news;

	link->news = (struct link_news){ 0 };
	if (news.state_changed)
		tell_state_news(link, &news);
	if (news.answered)
		tell_answered(link);
	if (news.about)
		tell_about(link, &news);
	if (news.listed)
		libvirt_host_tell_list(link->host, &news.list);
	for (size_t i = 0; i < news.looked.count; i++)
		libvirt_host_tell_facts(link->host, &news.looked.at[i]);
	for (size_t i = 0; i < news.gone.count; i++)
		libvirt_host_tell_gone(link->host, &news.gone.at[i]);
	VEC_FREE(&news.list);
	VEC_FREE(&news.looked);
	VEC_FREE(&news.gone);
}

static void done(void *state)
{
	struct link *link = state;

	link->job = NULL;
}

/* --- UI thread: orders --- */

struct link *link_create(struct libvirt_host *host)
{
	struct link *link = mem_zalloc(sizeof(*link));

	link->host = host;
	link->closed_reason = -1;
	link->dial = libvirt_host_dial(host, host->door);
	pthread_mutex_init(&link->lock, NULL);
	return link;
}

void link_start(struct link *link)
{
	const struct backend_config *config = &link->host->be.config;
	struct job_spec spec = { .step = step, .progress = progress, .done = done, .state = link };
	char *name = mem_printf("%s list", config->name);

	link->worker = worker_create(config->loop, name, 1);
	link->job = worker_submit(link->worker, &spec);
	free(name);
}

bool link_stop(struct link *link)
{
	loop_cancel_timer(link->host->be.config.loop, link->stale_timer);
	link->stale_timer = 0;
	return backend_stop_worker(&link->worker);
}

void link_destroy(struct link *link)
{
	fact_list_free(&link->news.list);
	fact_list_free(&link->news.looked);
	VEC_FREE(&link->news.gone);
	text_free(&link->news.trouble);
	text_free(&link->news.own_name);
	text_free(&link->news.version);
	text_free(&link->live_trouble);
	VEC_FREE(&link->dirty);
	VEC_FREE(&link->looks);
	pthread_mutex_destroy(&link->lock);
	dial_destroy(link->dial);
	free(link);
}

/* Worker thread at the end: what would otherwise keep the connection alive. */
void link_hang_up(struct link *link)
{
	if (link->registered && dial_connection(link->dial))
		libvirt_events_deregister(dial_connection(link->dial), &link->events);
	dial_hang_up(link->dial);
}

void link_give_up(struct link *link)
{
	dial_give_up(link->dial);
}

void link_wake(struct link *link)
{
	if (link->job)
		worker_wake(link->worker, link->job);
}

void link_want_list(struct link *link)
{
	pthread_mutex_lock(&link->lock);
	link->want_list = true;
	pthread_mutex_unlock(&link->lock);
	link_wake(link);
}

void link_want_look(struct link *link, const struct uuid *uuid)
{
	bool known = false;

	pthread_mutex_lock(&link->lock);
	for (size_t i = 0; i < link->dirty.count; i++)
		known |= uuid_equal(&link->dirty.at[i], uuid);
	if (!known && link->dirty.count == LOOKS_MAX)
		link->dirty_all = true;
	else if (!known)
		*VEC_PUSH(&link->dirty) = *uuid;
	pthread_mutex_unlock(&link->lock);
	link_wake(link);
}

void link_want_everything(struct link *link)
{
	pthread_mutex_lock(&link->lock);
	link->dirty_all = true;
	pthread_mutex_unlock(&link->lock);
	link_wake(link);
}

void link_tell_closed(struct link *link, int reason)
{
	pthread_mutex_lock(&link->lock);
	link->closed_reason = reason;
	pthread_mutex_unlock(&link->lock);
	link_wake(link);
}

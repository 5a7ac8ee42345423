/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One job that never ends, on one connection; the UI thread takes its reports.
 *
 *	IDLE -> CONNECTING -> UP ... -> LOST (waits, then IDLE again)
 *	          |  ^
 *	          v  | (the stuck attempt succeeds after all, or 60 s are over and there is another)
 *	        UNANSWERED
 */
#include "backend/libvirt/host_sync.h"

#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/libvirt_events.h"
#include "base/clock.h"
#include "base/log.h"

#include <libvirt/virterror.h>
#include <sys/random.h>

enum {
	BACKOFF_MAX_S = 30,
	REASON_WAIT_MS = 200,
	LIST_EVERY_MS = 30000,   /* changes come as events; this is for events that got lost */
	DETAILS_AFTER_MS = 1000, /* the first list is the quick one */
	PROBE_MIN_MS = 2000,
	PROBE_MAX_MS = 4000,
	INFOS_A_STEP = 8,
	PENDING_MAX = 64,   /* above this the whole list is cheaper */
	QUIET_MIN_MS = 500, /* between whole lists, when events come faster than single domains are asked */
	STALE_MIN_MS = 5000,
};

enum sync_phase { SYNC_IDLE, SYNC_CONNECTING, SYNC_UNANSWERED, SYNC_UP, SYNC_LOST, SYNC_OVER };

/* What a step found out, for progress(). */
struct sync_report {
	bool state_changed;
	enum host_state state;
	enum host_access access;
	int64_t retry_at;
	struct safe_text trouble;
	bool answered;
	bool about;
	struct safe_text own_name, version;
	bool listed;
	struct domain_list list;
	struct domain_list refreshed;
	struct uuid_list gone;
};

struct host_sync {
	struct host_thread thread; /* first */

	/* requests: written by the UI thread, taken by a step; under lock */
	pthread_mutex_t lock;
	bool list_requested; /* by a person */
	bool all_changed;    /* too much for single domains */
	int closed_reason;   /* -1: not closed */
	struct uuid_list changed;

	/* the job's */
	enum sync_phase phase;
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
	bool list_failed; /* the last one did */
	struct uuid probe;
	struct uuid_list pending;
	struct sync_report report;

	/* the UI thread's */
	enum host_state reported_state;
	enum host_access reported_access;
	struct safe_text live_trouble; /* why it is only monitored */
	int64_t answered_at;
	int stale_timer;
};

/* How often a host is asked when there is nothing to ask. Any thread. */
static int64_t probe_interval(const struct host_sync *sync)
{
	int wanted = backend_figures_interval(&sync->thread.host->be);

	return MAX(PROBE_MIN_MS, MIN(wanted, PROBE_MAX_MS));
}

/* --- worker thread: for progress() --- */

/* Empty trouble: why we may do less there than we wanted, if so. */
static void report_later(struct host_sync *sync, enum host_state state, int64_t retry_at, struct safe_text trouble)
{
	struct sync_report *report = &sync->report;
	struct safe_text why = { NULL };

	report->state_changed = true;
	report->state = state;
	if (connection_handle(sync->thread.connection))
		sync->access = connection_access(sync->thread.connection, &why);
	report->access = sync->access;
	report->retry_at = retry_at;
	text_set(&report->trouble, text_copy(text_is_empty(trouble) ? why : trouble));
}

/* --- worker thread: until the host is connected; ms to wait --- */

/* The host is of no use; it is tried again later. */
static int64_t lose(struct host_sync *sync, struct safe_text trouble)
{
	int64_t backoff = 1000 * (sync->failures < 5 ? 1 << sync->failures : BACKOFF_MAX_S);
	uint32_t random = 0;

	atomic_store(&sync->thread.host->up, false);
	if (sync->thread.host->be.config.one_shot) {
		sync->phase = SYNC_OVER;
		report_later(sync, HOST_LOST, 0, trouble);
		return LIBVIRT_UNTIL_WOKEN_MS;
	}
	/* 1, 2, 4 ... 30 s, a fifth more or less, so that a hundred consoles do not come all at once. */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = (uint32_t)clock_ms();
	backoff = backoff * 8 / 10 + random % (backoff * 4 / 10);
	sync->failures++;
	sync->phase = SYNC_LOST;
	sync->again_at = clock_ms() + backoff;
	report_later(sync, HOST_LOST, sync->again_at, trouble);
	return backoff;
}

static int take_closed_reason(struct host_sync *sync)
{
	int reason;

	pthread_mutex_lock(&sync->lock);
	reason = sync->closed_reason;
	sync->closed_reason = -1;
	pthread_mutex_unlock(&sync->lock);
	return reason;
}

/*
 * last: the error of the call that met it, or NULL. A call on a closed connection says only that it is closed; the
 * close callback gives the reason a moment later.
 */
static int64_t lose_broken(struct host_sync *sync, const virError *last)
{
	const char *message = last ? last->message : NULL;
	int reason = take_closed_reason(sync);
	struct err err;

	if (reason < 0 && sync->events.close_queue && !sync->awaits_reason) {
		sync->awaits_reason = true;
		return REASON_WAIT_MS;
	}
	sync->awaits_reason = false;
	/* The word chooses ours, nothing else; libvirt's protocol calls it so in each language. */
	if (reason == VIR_CONNECT_CLOSE_REASON_KEEPALIVE || (message && strstr(message, "keepalive")))
		err_set(&err, ERR_LOST, "%s", _("the host stopped answering"));
	else if (reason == VIR_CONNECT_CLOSE_REASON_EOF)
		err_set(&err, ERR_LOST, "%s", _("the host closed the connection"));
	else if (message)
		err_set_outside(&err, ERR_LOST, _("the connection was lost"), message);
	else
		err_set(&err, ERR_LOST, "%s", _("the connection was lost"));
	libvirt_events_deregister(connection_handle(sync->thread.connection), &sync->events);
	connection_close(sync->thread.connection);
	return lose(sync, err_text(&err));
}

static int64_t step_idle(struct host_sync *sync)
{
	struct err err;

	if (!libvirt_process_start(&err) || !connection_open(sync->thread.connection, &err))
		return lose(sync, err_text(&err));
	sync->phase = SYNC_CONNECTING;
	sync->since = clock_ms();
	report_later(sync, HOST_CONNECTING, 0, TEXT_TRUSTED(NULL));
	return sync->thread.host->be.config.connect_timeout_ms;
}

static int64_t step_connected(struct host_sync *sync)
{
	struct safe_text why;

	take_closed_reason(sync); /* of the connection before */
	sync->phase = SYNC_UP;
	sync->registered = sync->has_about = sync->list_failed = false;
	sync->details = sync->thread.host->be.config.one_shot;
	sync->list_at = 0;
	atomic_store(&sync->thread.host->may_write, connection_access(sync->thread.connection, &why) == ACCESS_FULL);
	atomic_store(&sync->thread.host->up, true);
	sync->report.answered = true;
	report_later(sync, HOST_LIVE, 0, TEXT_TRUSTED(NULL));
	return 0;
}

static int64_t step_connecting(struct host_sync *sync)
{
	const bool one_shot = sync->thread.host->be.config.one_shot;
	int64_t give_up_at = sync->since + sync->thread.host->be.config.connect_timeout_ms;
	struct err err = { 0 };

	switch (connection_wait(sync->thread.connection, 0, &err)) {
	case CONNECTION_OPEN:
		return step_connected(sync);
	case CONNECTION_IDLE:
		return lose(sync, err_text(&err));
	case CONNECTION_OPENING:
		break;
	}
	if (sync->phase == SYNC_CONNECTING && clock_ms() >= give_up_at) {
		sync->phase = SYNC_UNANSWERED;
		sync->again_at = sync->since + CONNECTION_RETRY_MS;
		report_later(sync, HOST_LOST, one_shot ? 0 : sync->again_at, TEXT_TRUSTED(_("connection timed out")));
	}
	if (sync->phase == SYNC_UNANSWERED && one_shot)
		return LIBVIRT_UNTIL_WOKEN_MS;
	if (sync->phase == SYNC_UNANSWERED && clock_ms() >= sync->again_at)
		return step_idle(sync);
	return MAX((sync->phase == SYNC_CONNECTING ? give_up_at : sync->again_at) - clock_ms(), 1);
}

static int64_t step_waiting(struct host_sync *sync)
{
	bool now;

	pthread_mutex_lock(&sync->lock);
	now = sync->list_requested;
	sync->list_requested = false;
	pthread_mutex_unlock(&sync->lock);
	if (now)
		sync->failures = 0;
	if (connection_wait(sync->thread.connection, 0, NULL) == CONNECTION_OPEN)
		return step_connected(sync); /* an attempt that had been given up came back */
	if (now || clock_ms() >= sync->again_at)
		return step_idle(sync);
	return sync->again_at - clock_ms();
}

/* --- worker thread: while the host is connected --- */

static void ask_about(struct host_sync *sync, virConnectPtr conn)
{
	OWN(bytes) char *name = virConnectGetHostname(conn);
	OWN(text) struct safe_text type = text_sanitize_str(virConnectGetType(conn), TEXT_CAP_OS);
	unsigned long library = 0, hypervisor = 0;

	virConnectGetLibVersion(conn, &library);
	virConnectGetVersion(conn, &hypervisor);
	sync->has_about = true;
	sync->report.about = true;
	text_set(&sync->report.own_name, text_sanitize_str(name, TEXT_CAP_HOST));
	text_set(&sync->report.version, text_format("%s %lu.%lu.%lu, libvirt %lu.%lu.%lu", text_str(type),
						    hypervisor / 1000000, hypervisor / 1000 % 1000, hypervisor % 1000,
						    library / 1000000, library / 1000 % 1000, library % 1000));
}

static void ask_list(struct host_sync *sync, virConnectPtr conn)
{
	int64_t begun = clock_ms(), took, pause;
	struct safe_text trouble;
	struct err err;

	if (!libvirt_list_domains(conn, sync->details, &sync->report.list, &err)) {
		/* The host is there, but may have more domains than fit into an answer, for instance. */
		trouble = text_format(_("cannot list: %s"), text_str(err_text(&err)));
		if (!sync->list_failed)
			log_add(LOG_LEVEL_WARNING, "%s: %s", sync->thread.host->be.config.name, text_str(trouble));
		sync->list_failed = true;
		sync->list_at = clock_ms() + probe_interval(sync);
		report_later(sync, HOST_LIVE, 0, trouble);
		text_free(&trouble);
		return;
	}
	if (sync->list_failed)
		report_later(sync, HOST_LIVE, 0, TEXT_TRUSTED(NULL));
	sync->list_failed = false;
	took = clock_ms() - begun;
	if (!sync->details)
		pause = DETAILS_AFTER_MS + took;
	else if (!sync->has_events)
		pause = MAX(probe_interval(sync), took * 10);
	else
		pause = MAX((int64_t)LIST_EVERY_MS, took * 100);
	sync->report.listed = true;
	sync->failures = 0;
	sync->has_probe = sync->report.list.count > 0;
	if (sync->has_probe)
		sync->probe = sync->report.list.at[0].uuid;
	sync->list_at = clock_ms() + pause;
	sync->quiet_until = clock_ms() + MAX((int64_t)QUIET_MIN_MS, took * 3);
	sync->details = true;
}

/* One question a step. False: there was nothing to ask. */
static bool ask_next(struct host_sync *sync, virConnectPtr conn)
{
	virDomainPtr dom;

	if (!sync->registered) {
		sync->has_events = libvirt_events_register(conn, sync->thread.host->queue, &sync->events);
		sync->registered = true;
	} else if (clock_ms() >= sync->list_at) {
		ask_list(sync, conn);
	} else if (sync->pending.count > 0) {
		for (int i = 0; i < INFOS_A_STEP && sync->pending.count > 0; i++) {
			const struct uuid *uuid = &sync->pending.at[--sync->pending.count];
			struct err err = { 0 };
			struct vm_info info;

			dom = domain_find(conn, uuid, &err);
			if (dom && domain_get_info(dom, &info, &err))
				*VEC_PUSH(&sync->report.refreshed) = info;
			else if (err.kind == ERR_NO_DOMAIN)
				*VEC_PUSH(&sync->report.gone) = *uuid;
			domain_free(&dom);
		}
	} else if (!sync->has_about) {
		ask_about(sync, conn);
	} else if (clock_ms() < sync->probe_at) {
		return false;
	} else if (sync->has_probe) {
		/* The cheapest call that asks the host, and that libvirtd answers even when its workers are stuck. */
		dom = virDomainLookupByUUID(conn, sync->probe.bytes);
		sync->has_probe = dom != NULL;
		domain_free(&dom);
	} else {
		virConnectListAllDomains(conn, NULL, VIR_CONNECT_LIST_DOMAINS_ACTIVE);
	}
	sync->probe_at = clock_ms() + probe_interval(sync);
	return true;
}

static int64_t step(void *state, int slot UNUSED)
{
	struct host_sync *sync = state;
	struct connection *connection = sync->thread.connection;
	virErrorPtr last;
	int64_t wait = LIBVIRT_UNTIL_WOKEN_MS;
	bool all_changed, asked;

	if (sync->phase == SYNC_IDLE)
		wait = step_idle(sync);
	else if (sync->phase == SYNC_CONNECTING || sync->phase == SYNC_UNANSWERED)
		wait = step_connecting(sync);
	else if (sync->phase == SYNC_LOST)
		wait = step_waiting(sync);
	if (sync->phase != SYNC_UP)
		return wait;
	pthread_mutex_lock(&sync->lock);
	if (sync->list_requested)
		sync->list_at = 0;
	all_changed = sync->all_changed;
	for (size_t i = 0; i < sync->changed.count; i++)
		*VEC_PUSH(&sync->pending) = sync->changed.at[i];
	sync->changed.count = 0;
	sync->list_requested = sync->all_changed = false;
	pthread_mutex_unlock(&sync->lock);
	if (all_changed || sync->pending.count > PENDING_MAX)
		sync->list_at = MIN(sync->list_at, sync->quiet_until);
	if (all_changed || clock_ms() >= sync->list_at)
		sync->pending.count = 0;
	connection_wait(connection, 0, NULL); /* closes what another attempt may have opened meanwhile */
	virResetLastError();
	asked = ask_next(sync, connection_handle(connection));
	last = virSaveLastError(); /* first: asking whether the connection is alive forgets it */
	if (connection_is_broken(connection)) {
		wait = lose_broken(sync, last);
	} else {
		sync->report.answered |= asked;
		if (sync->list_failed && sync->thread.host->be.config.one_shot)
			wait = lose(sync, sync->report.trouble);
		else if (sync->pending.count > 0 || !sync->has_about)
			wait = 0;
		else
			wait = MAX(MIN(sync->probe_at, sync->list_at) - clock_ms(), 0);
	}
	virFreeError(last);
	return wait;
}

/* Worker thread, at the end: what would otherwise keep the connection alive. */
static void release(void *state)
{
	struct host_sync *sync = state;
	virConnectPtr conn = connection_handle(sync->thread.connection);

	if (sync->registered && conn)
		libvirt_events_deregister(conn, &sync->events);
}

/* --- UI thread: reports --- */

static void report_state(struct host_sync *sync, enum host_state state, int64_t retry_at, struct safe_text trouble)
{
	sync->reported_state = state;
	libvirt_host_report_state(sync->thread.host, state, sync->reported_access, retry_at, trouble);
}

static void watch_age(void *data)
{
	struct host_sync *sync = data;
	int64_t stale_at = sync->answered_at + MAX(STALE_MIN_MS, probe_interval(sync) * 2);
	int64_t left = stale_at - clock_ms();

	sync->stale_timer = 0;
	if (sync->reported_state != HOST_LIVE)
		return;
	if (left > 0)
		sync->stale_timer = loop_after(sync->thread.host->be.config.loop, left, watch_age, sync);
	else
		report_state(sync, HOST_STALE, 0, text_format("%s", _("no answer for some time")));
}

static void progress(void *state)
{
	struct host_sync *sync = state;
	struct libvirt_host *host = sync->thread.host;
	const struct backend_listener *listener = &host->be.config.listener;
	struct sync_report report = sync->report;

	sync->report = (struct sync_report){ 0 };
	if (report.state_changed) {
		sync->reported_access = report.access;
		if (report.state == HOST_LIVE)
			text_set(&sync->live_trouble, text_copy(report.trouble));
		report_state(sync, report.state, report.retry_at, report.trouble);
	}
	if (report.answered) {
		sync->answered_at = clock_ms();
		if (sync->reported_state == HOST_STALE)
			report_state(sync, HOST_LIVE, 0, text_copy(sync->live_trouble));
		if (listener->answered)
			listener->answered(listener->data);
		if (sync->reported_state == HOST_LIVE && !sync->stale_timer)
			watch_age(sync);
	}
	if (report.about && listener->host_about) {
		listener->host_about(listener->data, report.own_name, report.version);
	} else {
		text_free(&report.own_name);
		text_free(&report.version);
	}
	if (report.listed)
		libvirt_host_report_list(host, &report.list);
	for (size_t i = 0; i < report.refreshed.count; i++)
		libvirt_host_report_facts(host, &report.refreshed.at[i]);
	for (size_t i = 0; i < report.gone.count; i++)
		libvirt_host_report_gone(host, &report.gone.at[i]);
	VEC_FREE(&report.list);
	VEC_FREE(&report.refreshed);
	VEC_FREE(&report.gone);
}

struct host_sync *host_sync_create(struct libvirt_host *host)
{
	struct host_sync *sync = mem_zalloc(sizeof(*sync));

	host_thread_init(&sync->thread, host, release);
	sync->closed_reason = -1;
	pthread_mutex_init(&sync->lock, NULL);
	host_thread_start(&sync->thread, "list", (struct job_spec){ .step = step, .progress = progress });
	return sync;
}

void host_sync_stop_timer(struct host_sync *sync)
{
	loop_cancel_timer(sync->thread.host->be.config.loop, sync->stale_timer);
	sync->stale_timer = 0;
}

void host_sync_destroy(struct host_sync *sync)
{
	domain_list_free(&sync->report.list);
	domain_list_free(&sync->report.refreshed);
	VEC_FREE(&sync->report.gone);
	text_free(&sync->report.trouble);
	text_free(&sync->report.own_name);
	text_free(&sync->report.version);
	text_free(&sync->live_trouble);
	VEC_FREE(&sync->changed);
	VEC_FREE(&sync->pending);
	pthread_mutex_destroy(&sync->lock);
	connection_destroy(sync->thread.connection);
	free(sync);
}

/* --- UI thread: requests --- */

void host_sync_wake(struct host_sync *sync)
{
	host_thread_wake(&sync->thread);
}

void host_sync_request_list(struct host_sync *sync, bool by_person)
{
	pthread_mutex_lock(&sync->lock);
	if (by_person)
		sync->list_requested = true;
	else
		sync->all_changed = true;
	pthread_mutex_unlock(&sync->lock);
	host_sync_wake(sync);
}

void host_sync_request_info(struct host_sync *sync, const struct uuid *uuid)
{
	bool known = false;

	pthread_mutex_lock(&sync->lock);
	for (size_t i = 0; i < sync->changed.count; i++)
		known |= uuid_equal(&sync->changed.at[i], uuid);
	if (!known && sync->changed.count == PENDING_MAX)
		sync->all_changed = true;
	else if (!known)
		*VEC_PUSH(&sync->changed) = *uuid;
	pthread_mutex_unlock(&sync->lock);
	host_sync_wake(sync);
}

void host_sync_on_closed(struct host_sync *sync, int reason)
{
	pthread_mutex_lock(&sync->lock);
	sync->closed_reason = reason;
	pthread_mutex_unlock(&sync->lock);
	host_sync_wake(sync);
}

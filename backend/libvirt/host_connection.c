/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/host_sync.h"

#include "backend/libvirt/libvirt_error.h"
#include "backend/libvirt/domain_info.h"
#include "base/clock.h"
#include "base/log.h"

#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
	BACKOFF_MAX_S = 30,
	LIST_EVERY_MS = 30000,   /* events tell what changes; this is for those that got lost */
	DETAILS_AFTER_MS = 1000, /* the first list is the quick one */
	PROBE_MIN_MS = 2000,
	PROBE_MAX_MS = 4000,
	INFOS_A_STEP = 8,
	QUIET_MIN_MS = 500,      /* between whole lists, when events come faster than single looks */
	REASON_WAIT_MS = 200,
};

int64_t host_sync_probe_interval(const struct host_sync *sync)
{
	int wanted = backend_figures_interval(&sync->host->be);

	return MAX(PROBE_MIN_MS, MIN(wanted, PROBE_MAX_MS));
}

/* --- connecting --- */

static void report_state(struct host_sync *sync, enum host_state state, int64_t retry_at, struct safe_text trouble)
{
	struct sync_report *report = &sync->report;
	struct safe_text why = { NULL };

	report->state_changed = true;
	report->state = state;
	if (connection_handle(sync->connection))
		sync->access = connection_access(sync->connection, &why);
	report->access = sync->access;
	report->retry_at = retry_at;
	text_set(&report->trouble, text_copy(text_is_empty(trouble) ? why : trouble));
}

/* 1, 2, 4 ... 30 s, a fifth more or less, so that a hundred consoles do not come all at once. */
static int64_t next_backoff(struct host_sync *sync)
{
	int64_t ms = 1000 * (sync->failures < 5 ? 1 << sync->failures : BACKOFF_MAX_S);
	uint32_t chance = 0;

	sync->failures++;
	if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) < 0)
		chance = (uint32_t)clock_ms();
	return ms * 8 / 10 + chance % (ms * 4 / 10);
}

static int64_t step_lost(struct host_sync *sync, struct safe_text trouble)
{
	atomic_store(&sync->host->up, false);
	if (sync->host->be.config.one_shot) {
		sync->phase = SYNC_OVER;
		report_state(sync, HOST_LOST, 0, trouble);
		return LIBVIRT_LONG_MS;
	}
	sync->phase = SYNC_LOST;
	sync->again_at = clock_ms() + next_backoff(sync);
	report_state(sync, HOST_LOST, sync->again_at, trouble);
	return sync->again_at - clock_ms();
}

static int64_t step_idle(struct host_sync *sync)
{
	struct err err;

	if (!libvirt_process_start(&err) || !connection_open(sync->connection, &err))
		return step_lost(sync, err_text(&err));
	sync->phase = SYNC_CONNECTING;
	sync->since = clock_ms();
	report_state(sync, HOST_CONNECTING, 0, TEXT_OURS(NULL));
	return sync->host->be.config.connect_timeout_ms;
}

static int64_t step_up(struct host_sync *sync);
static int take_closed_reason(struct host_sync *sync);

static int64_t step_connected(struct host_sync *sync)
{
	struct safe_text why;

	take_closed_reason(sync); /* of the connection before */
	sync->phase = SYNC_UP;
	sync->registered = sync->has_about = sync->list_failed = false;
	sync->details = sync->host->be.config.one_shot;
	sync->list_at = 0;
	atomic_store(&sync->host->may_write, connection_access(sync->connection, &why) == ACCESS_FULL);
	atomic_store(&sync->host->up, true);
	sync->report.answered = true;
	report_state(sync, HOST_LIVE, 0, TEXT_OURS(NULL));
	return step_up(sync);
}

static int64_t step_connecting(struct host_sync *sync)
{
	int64_t give_up_at = sync->since + sync->host->be.config.connect_timeout_ms;
	struct err err = { 0 };

	switch (connection_wait(sync->connection, 0, &err)) {
	case CONNECTION_OPEN:
		return step_connected(sync);
	case CONNECTION_IDLE:
		return step_lost(sync, err_text(&err));
	case CONNECTION_OPENING:
		break;
	}
	if (sync->phase == SYNC_CONNECTING && clock_ms() >= give_up_at) {
		sync->phase = SYNC_UNANSWERED;
		sync->again_at = sync->since + CONNECTION_RETRY_MS;
		report_state(sync, HOST_LOST, sync->host->be.config.one_shot ? 0 : sync->again_at,
			   TEXT_OURS(_("no answer to connect")));
	}
	if (sync->phase == SYNC_UNANSWERED && sync->host->be.config.one_shot)
		return LIBVIRT_LONG_MS;
	if (sync->phase == SYNC_UNANSWERED && clock_ms() >= sync->again_at)
		return step_idle(sync);
	return MAX((sync->phase == SYNC_CONNECTING ? give_up_at : sync->again_at) - clock_ms(), 1);
}

/* --- connected --- */

static void closed_words(int reason, const char *libvirt_says, struct err *err)
{
	if (reason == VIR_CONNECT_CLOSE_REASON_KEEPALIVE || (libvirt_says && strstr(libvirt_says, "keepalive")))
		err_set(err, ERR_LOST, "%s", _("the host does not answer any more"));
	else if (reason == VIR_CONNECT_CLOSE_REASON_EOF)
		err_set(err, ERR_LOST, "%s", _("the host closed the connection"));
	else if (libvirt_says)
		err_set_outside(err, ERR_LOST, _("the connection broke"), libvirt_says);
	else
		err_set(err, ERR_LOST, "%s", _("the connection broke"));
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

/* A call on a closed connection says only that it is closed; why, the close callback tells a moment later. */
static int64_t step_broken(struct host_sync *sync, const virError *last)
{
	int reason = take_closed_reason(sync);
	struct err err;

	if (reason < 0 && sync->events.close_queue && !sync->awaits_reason) {
		sync->awaits_reason = true;
		return REASON_WAIT_MS;
	}
	sync->awaits_reason = false;
	closed_words(reason, last ? last->message : NULL, &err);
	libvirt_events_deregister(connection_handle(sync->connection), &sync->events);
	connection_close(sync->connection);
	return step_lost(sync, err_text(&err));
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

static void ask_about(struct host_sync *sync, virConnectPtr conn)
{
	char *name = virConnectGetHostname(conn);

	sync->has_about = true;
	sync->report.about = true;
	text_set(&sync->report.own_name, text_from_outside_str(name, TEXT_CAP_HOST));
	text_set(&sync->report.version, version_words(conn));
	free(name);
}

static int64_t next_list_at(const struct host_sync *sync, int64_t took)
{
	if (!sync->details)
		return clock_ms() + DETAILS_AFTER_MS + took;
	if (!sync->has_events)
		return clock_ms() + MAX(host_sync_probe_interval(sync), took * 10);
	return clock_ms() + MAX((int64_t)LIST_EVERY_MS, took * 100);
}

/* More domains than libvirt puts into an answer, for instance: the host is there, and what it has is not known. */
static void report_no_list(struct host_sync *sync, const struct err *err)
{
	struct safe_text words = text_format(_("cannot list: %s"), text_str(err_text(err)));

	if (!sync->list_failed)
		log_add(LOG_LEVEL_WARNING, "%s: %s", sync->host->be.config.name, text_str(words));
	sync->list_failed = true;
	sync->list_at = clock_ms() + host_sync_probe_interval(sync);
	report_state(sync, HOST_LIVE, 0, words);
	text_free(&words);
}

static void ask_list(struct host_sync *sync, virConnectPtr conn)
{
	int64_t begun = clock_ms(), took;
	struct err err;

	if (!libvirt_list_domains(conn, sync->details, &sync->report.list, &err)) {
		report_no_list(sync, &err);
		return;
	}
	if (sync->list_failed)
		report_state(sync, HOST_LIVE, 0, TEXT_OURS(NULL));
	sync->list_failed = false;
	took = clock_ms() - begun;
	sync->report.listed = true;
	sync->failures = 0;
	sync->has_probe = sync->report.list.count > 0;
	if (sync->has_probe)
		sync->probe = sync->report.list.at[0].uuid;
	sync->list_at = next_list_at(sync, took);
	sync->quiet_until = clock_ms() + MAX((int64_t)QUIET_MIN_MS, took * 3);
	sync->details = true;
}

static void refresh(struct host_sync *sync, virConnectPtr conn, const struct uuid *uuid)
{
	struct vm_facts facts;
	struct err err = { 0 };
	virDomainPtr dom = domain_find(conn, uuid, &err);

	if (dom && domain_get_info(dom, &facts, &err))
		*VEC_PUSH(&sync->report.refreshed) = facts;
	else if (err.kind == ERR_NO_DOMAIN)
		*VEC_PUSH(&sync->report.gone) = *uuid;
	if (dom)
		virDomainFree(dom);
}

static void refresh_some(struct host_sync *sync, virConnectPtr conn)
{
	for (int i = 0; i < INFOS_A_STEP && sync->pending.count > 0; i++)
		refresh(sync, conn, &sync->pending.at[--sync->pending.count]);
}

/* The cheapest call that really asks the host, and that libvirtd answers even when its ordinary workers are stuck. */
static void probe(struct host_sync *sync, virConnectPtr conn)
{
	virDomainPtr dom;

	if (!sync->has_probe) {
		virConnectListAllDomains(conn, NULL, VIR_CONNECT_LIST_DOMAINS_ACTIVE);
		return;
	}
	dom = virDomainLookupByUUID(conn, sync->probe.bytes);
	sync->has_probe = dom != NULL;
	if (dom)
		virDomainFree(dom);
}

static void take_requests(struct host_sync *sync)
{
	bool all;

	pthread_mutex_lock(&sync->lock);
	if (sync->list_requested)
		sync->list_at = 0;
	all = sync->all_changed;
	for (size_t i = 0; i < sync->changed.count; i++)
		*VEC_PUSH(&sync->pending) = sync->changed.at[i];
	sync->changed.count = 0;
	sync->list_requested = sync->all_changed = false;
	pthread_mutex_unlock(&sync->lock);
	if (all || sync->pending.count > SYNC_PENDING_MAX)
		sync->list_at = MIN(sync->list_at, sync->quiet_until);
	if (all || clock_ms() >= sync->list_at)
		sync->pending.count = 0;
}

/* One thing at a time. False: there was nothing to ask. */
static bool ask_next(struct host_sync *sync, virConnectPtr conn)
{
	if (!sync->registered) {
		sync->has_events = libvirt_events_register(conn, sync->host->queue, &sync->events);
		sync->registered = true;
	} else if (clock_ms() >= sync->list_at) {
		ask_list(sync, conn);
	} else if (sync->pending.count > 0) {
		refresh_some(sync, conn);
	} else if (!sync->has_about) {
		ask_about(sync, conn);
	} else if (clock_ms() >= sync->probe_at) {
		probe(sync, conn);
	} else {
		return false;
	}
	sync->probe_at = clock_ms() + host_sync_probe_interval(sync);
	return true;
}

/* Worked, or broke: libvirt_err_last() would have forgotten why, so it is kept first. */
static bool ask_unless_broken(struct host_sync *sync, virErrorPtr *ret_last)
{
	bool asked;

	virResetLastError();
	asked = ask_next(sync, connection_handle(sync->connection));
	*ret_last = virSaveLastError();
	sync->report.answered |= asked && !connection_is_broken(sync->connection);
	return !connection_is_broken(sync->connection);
}

static int64_t step_up(struct host_sync *sync)
{
	virErrorPtr last = NULL;
	int64_t wait;

	take_requests(sync);
	connection_wait(sync->connection, 0, NULL); /* hangs up what another attempt may have brought meanwhile */
	if (!ask_unless_broken(sync, &last))
		wait = step_broken(sync, last);
	else if (sync->list_failed && sync->host->be.config.one_shot)
		wait = step_lost(sync, sync->report.trouble);
	else if (sync->pending.count > 0 || !sync->has_about)
		wait = 0;
	else
		wait = MAX(MIN(sync->probe_at, sync->list_at) - clock_ms(), 0);
	virFreeError(last);
	return wait;
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
	if (connection_wait(sync->connection, 0, NULL) == CONNECTION_OPEN)
		return step_connected(sync); /* an attempt that had been given up came back */
	if (now || clock_ms() >= sync->again_at)
		return step_idle(sync);
	return sync->again_at - clock_ms();
}

int64_t host_sync_step(void *state, int slot)
{
	struct host_sync *sync = state;

	(void)slot;
	switch (sync->phase) {
	case SYNC_IDLE:
		return step_idle(sync);
	case SYNC_CONNECTING:
	case SYNC_UNANSWERED:
		return step_connecting(sync);
	case SYNC_UP:
		return step_up(sync);
	case SYNC_LOST:
		return step_waiting(sync);
	case SYNC_OVER:
		break;
	}
	return LIBVIRT_LONG_MS;
}

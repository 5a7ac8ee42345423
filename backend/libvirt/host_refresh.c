/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/host_sync_private.h"
#include "backend/libvirt/libvirt_error.h"
#include "base/clock.h"
#include "base/log.h"

#include <libvirt/virterror.h>
#include <stdlib.h>

enum {
	LIST_EVERY_MS = 30000,   /* changes come as events; this is for events that got lost */
	DETAILS_AFTER_MS = 1000, /* the first list is the quick one */
	PROBE_MIN_MS = 2000,
	PROBE_MAX_MS = 4000,
	INFOS_A_STEP = 8,
	QUIET_MIN_MS = 500, /* between whole lists, when events come faster than single domains are asked */
};

int64_t host_sync_probe_interval(const struct host_sync *sync)
{
	int wanted = backend_figures_interval(&sync->thread.host->be);

	return MAX(PROBE_MIN_MS, MIN(wanted, PROBE_MAX_MS));
}

static void ask_about(struct host_sync *sync, virConnectPtr conn)
{
	char *name = virConnectGetHostname(conn);
	struct safe_text type = text_sanitize_str(virConnectGetType(conn), TEXT_CAP_OS);
	unsigned long library = 0, hypervisor = 0;

	virConnectGetLibVersion(conn, &library);
	virConnectGetVersion(conn, &hypervisor);
	sync->has_about = true;
	sync->report.about = true;
	text_set(&sync->report.own_name, text_sanitize_str(name, TEXT_CAP_HOST));
	text_set(&sync->report.version, text_format("%s %lu.%lu.%lu, libvirt %lu.%lu.%lu", text_str(type),
						    hypervisor / 1000000, hypervisor / 1000 % 1000, hypervisor % 1000,
						    library / 1000000, library / 1000 % 1000, library % 1000));
	text_free(&type);
	free(name);
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
		sync->list_at = clock_ms() + host_sync_probe_interval(sync);
		host_connection_report(sync, HOST_LIVE, 0, trouble);
		text_free(&trouble);
		return;
	}
	if (sync->list_failed)
		host_connection_report(sync, HOST_LIVE, 0, TEXT_TRUSTED(NULL));
	sync->list_failed = false;
	took = clock_ms() - begun;
	if (!sync->details)
		pause = DETAILS_AFTER_MS + took;
	else if (!sync->has_events)
		pause = MAX(host_sync_probe_interval(sync), took * 10);
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

static void refresh_some(struct host_sync *sync, virConnectPtr conn)
{
	for (int i = 0; i < INFOS_A_STEP && sync->pending.count > 0; i++) {
		const struct uuid *uuid = &sync->pending.at[--sync->pending.count];
		struct err err = { 0 };
		virDomainPtr dom = domain_find(conn, uuid, &err);
		struct vm_info info;

		if (dom && domain_get_info(dom, &info, &err))
			*VEC_PUSH(&sync->report.refreshed) = info;
		else if (err.kind == ERR_NO_DOMAIN)
			*VEC_PUSH(&sync->report.gone) = *uuid;
		if (dom)
			virDomainFree(dom);
	}
}

/* The cheapest call that asks the host, and that libvirtd answers even when its ordinary workers are stuck. */
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

/* One question a step. False: there was nothing to ask. */
static bool ask_next(struct host_sync *sync, virConnectPtr conn)
{
	if (!sync->registered) {
		sync->has_events = libvirt_events_register(conn, sync->thread.host->queue, &sync->events);
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

int64_t host_sync_step(void *state, int slot)
{
	struct host_sync *sync = state;
	struct connection *connection = sync->thread.connection;
	virErrorPtr last;
	int64_t wait;
	bool asked;

	(void)slot;
	if (sync->phase != SYNC_UP) {
		wait = host_connection_step(sync);
		if (sync->phase != SYNC_UP)
			return wait;
	}
	take_requests(sync);
	connection_wait(connection, 0, NULL); /* closes what another attempt may have opened meanwhile */
	virResetLastError();
	asked = ask_next(sync, connection_handle(connection));
	last = virSaveLastError(); /* first: asking whether the connection is alive forgets it */
	if (connection_is_broken(connection)) {
		wait = host_connection_broke(sync, last);
	} else {
		sync->report.answered |= asked;
		if (sync->list_failed && sync->thread.host->be.config.one_shot)
			wait = host_connection_lose(sync, sync->report.trouble);
		else if (sync->pending.count > 0 || !sync->has_about)
			wait = 0;
		else
			wait = MAX(MIN(sync->probe_at, sync->list_at) - clock_ms(), 0);
	}
	virFreeError(last);
	return wait;
}

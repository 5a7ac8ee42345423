/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_stats.h"

#include "backend/libvirt/counters.h"
#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/host_thread.h"
#include "backend/libvirt/libvirt_error.h"
#include "backend/libvirt/poll_set.h"
#include "backend/libvirt/stats_workers.h"
#include "base/clock.h"

#include <stdlib.h>

enum { RETRY_MS = 5000 };

/* Kept from step to step, because the lookup costs a call. */
struct watched_domain {
	struct uuid uuid;
	virDomainPtr dom;
	int vcpus;
	bool wanted;
	struct counters last, now;
	struct vm_figures figures;
};

struct libvirt_stats {
	struct host_thread thread; /* first */
	struct poll_set poll_set;
	struct stats_workers *workers;

	/* the job's */
	struct uuid_list asked;
	struct watched_domains {
		VEC(struct watched_domain);
	} domains;
	bool no_network; /* this driver has no counters of it */
	bool sampled;
	int64_t next_at;

	bool has_devices; /* UI thread: this driver has counters of devices, so the workers are worth it */
};

/* --- worker thread --- */

/* The lists are in the same order: the cursor stands where the next one is. */
static struct watched_domain *find_domain(struct watched_domains *domains, const struct uuid *uuid, size_t *cursor)
{
	for (size_t tried = 0; tried < domains->count; tried++) {
		struct watched_domain *domain = &domains->at[(*cursor)++ % domains->count];

		if (uuid_equal(&domain->uuid, uuid))
			return domain;
	}
	return NULL;
}

static void drop_unwanted(struct watched_domains *domains)
{
	size_t kept = 0;

	for (size_t i = 0; i < domains->count; i++) {
		if (domains->at[i].wanted)
			domains->at[kept++] = domains->at[i];
		else
			virDomainFree(domains->at[i].dom);
	}
	domains->count = kept;
}

static void drop_all(struct watched_domains *domains)
{
	for (size_t i = 0; i < domains->count; i++)
		domains->at[i].wanted = false;
	drop_unwanted(domains);
}

static void update_domains(struct watched_domains *domains, virConnectPtr conn, const struct uuid_list *asked)
{
	size_t cursor = 0;

	for (size_t i = 0; i < domains->count; i++)
		domains->at[i].wanted = false;
	for (size_t i = 0; i < asked->count; i++) {
		const struct uuid *uuid = &asked->at[i];
		struct watched_domain *domain = find_domain(domains, uuid, &cursor);
		virDomainPtr dom = domain ? NULL : virDomainLookupByUUID(conn, uuid->bytes);

		if (domain)
			domain->wanted = true;
		else if (dom)
			*VEC_PUSH(domains) = (struct watched_domain){
				.uuid = *uuid,
				.dom = dom,
				.vcpus = -1,
				.wanted = true,
				.figures = vm_figures_unknown(uuid),
			};
	}
	drop_unwanted(domains);
}

/* One call a row, but none that waits for QEMU, as the bulk call for CPU time does. */
static void ask_info(struct watched_domain *domain)
{
	virDomainInfo info;

	domain->now = (struct counters){ 0, -1, -1, -1, -1, -1 };
	if (virDomainGetInfo(domain->dom, &info) < 0)
		return;
	domain->now.at = clock_ms();
	domain->now.cpu_ns = info.cpuTime <= INT64_MAX ? (int64_t)info.cpuTime : -1;
	domain->vcpus = info.nrVirtCpu;
	domain->figures.memory_kib = (int64_t)info.memory;
}

static void ask_network(struct libvirt_stats *stats, virConnectPtr conn)
{
	struct watched_domains *domains = &stats->domains;
	virDomainPtr *doms = mem_zalloc((domains->count + 1) * sizeof(virDomainPtr));
	virDomainStatsRecordPtr *records = NULL;
	bool has_network = false;
	size_t cursor = 0;
	struct err err;
	int count;

	for (size_t i = 0; i < domains->count; i++)
		doms[i] = domains->at[i].dom;
	count = virDomainListGetStats(doms, VIR_DOMAIN_STATS_INTERFACE, &records, 0);
	free(doms);
	if (count < 0) {
		libvirt_err_last(conn, &err);
		stats->no_network = err.kind == ERR_UNSUPPORTED;
		return;
	}
	for (int i = 0; i < count; i++) {
		const struct counters counters = counters_of(records[i]);
		struct watched_domain *domain = NULL;
		struct uuid uuid;

		if (domain_get_uuid(records[i]->dom, &uuid))
			domain = find_domain(domains, &uuid, &cursor);
		if (!domain)
			continue;
		domain->now.net_rx = counters.net_rx;
		domain->now.net_tx = counters.net_tx;
		has_network |= counters.net_rx >= 0;
	}
	stats->no_network = count > 0 && !has_network;
	virDomainStatsRecordListFree(records);
}

static void compute_rates(struct watched_domain *domain)
{
	const struct counters *last = &domain->last, *now = &domain->now;
	int64_t ms = now->at - last->at;

	if (!now->at || (last->at && ms < COUNTERS_APART_MIN_MS))
		return;
	if (last->at) {
		domain->figures.cpu_percent = counters_cpu_percent(last, now, domain->vcpus);
		domain->figures.net_rx_bps = counters_rate(last->net_rx, now->net_rx, ms);
		domain->figures.net_tx_bps = counters_rate(last->net_tx, now->net_tx, ms);
	}
	domain->last = *now;
}

static int64_t step(void *state, int slot)
{
	struct libvirt_stats *stats = state;
	struct libvirt_host *host = stats->thread.host;
	struct watched_domains *domains = &stats->domains;
	bool fresh = poll_set_take(&stats->poll_set, &stats->asked);
	virConnectPtr conn;

	(void)slot;
	stats->sampled = false;
	if (connection_is_broken(stats->thread.connection))
		drop_all(domains);
	if (stats->asked.count == 0 || !atomic_load(&host->up))
		return LIBVIRT_UNTIL_WOKEN_MS;
	if (!fresh && clock_ms() < stats->next_at)
		return stats->next_at - clock_ms();
	conn = connection_acquire(stats->thread.connection, 0, NULL);
	if (!conn)
		return RETRY_MS; /* or sooner: the end of the attempt wakes us */
	stats->next_at = clock_ms() + backend_figures_interval(&host->be);
	update_domains(domains, conn, &stats->asked);
	for (size_t i = 0; i < domains->count; i++)
		ask_info(&domains->at[i]);
	if (!stats->no_network && domains->count > 0)
		ask_network(stats, conn);
	for (size_t i = 0; i < domains->count; i++)
		compute_rates(&domains->at[i]);
	stats->sampled = true;
	return MAX(stats->next_at - clock_ms(), COUNTERS_APART_MIN_MS);
}

static void release(void *state)
{
	drop_all(&((struct libvirt_stats *)state)->domains);
}

/* --- UI thread --- */

static void progress(void *state)
{
	struct libvirt_stats *stats = state;
	const struct libvirt_host *host = stats->thread.host;
	const struct backend_listener *listener = &host->be.config.listener;
	struct {
		VEC(struct vm_figures);
	} figures = { 0 };

	if (!stats->sampled)
		return;
	if (!stats->has_devices && !stats->no_network && stats->domains.count > 0) {
		stats->has_devices = true;
		libvirt_stats_wake(stats);
	}
	stats_workers_check_stuck(stats->workers);
	for (size_t i = 0; i < stats->domains.count; i++) {
		const struct watched_domain *domain = &stats->domains.at[i];
		const struct domain_row *row = domain_table_find(&host->table, &domain->uuid);

		if (!row || row->domain_id < 0)
			continue; /* it stopped while it was asked */
		*VEC_PUSH(&figures) = domain->figures;
		stats_workers_fill(stats->workers, &figures.at[figures.count - 1]);
	}
	if (figures.count > 0 && listener->figures)
		listener->figures(listener->data, figures.at, figures.count);
	VEC_FREE(&figures);
}

void libvirt_stats_wake(struct libvirt_stats *stats)
{
	const struct job_spec spec = { .step = step, .progress = progress, .priority = WORKER_BACKGROUND };
	const struct libvirt_host *host = stats->thread.host;
	struct uuid_list active = { 0 };

	for (size_t i = 0; i < host->watched.count; i++) {
		const struct domain_row *row = domain_table_find(&host->table, &host->watched.at[i]);

		if (row && row->domain_id >= 0)
			*VEC_PUSH(&active) = row->uuid;
	}
	poll_set_put(&stats->poll_set, &active);
	if (stats->has_devices)
		stats_workers_set_domains(stats->workers, &active);
	if (!host_thread_wake(&stats->thread) && active.count > 0)
		host_thread_start(&stats->thread, "stats", spec);
	VEC_FREE(&active);
}

struct libvirt_stats *libvirt_stats_create(struct libvirt_host *host)
{
	struct libvirt_stats *stats = mem_zalloc(sizeof(*stats));

	host_thread_init(&stats->thread, host, release);
	stats->workers = stats_workers_create(host);
	poll_set_init(&stats->poll_set);
	return stats;
}

void libvirt_stats_destroy(struct libvirt_stats *stats)
{
	stats_workers_destroy(stats->workers);
	poll_set_free(&stats->poll_set);
	VEC_FREE(&stats->asked);
	VEC_FREE(&stats->domains);
	host_thread_free(&stats->thread);
	free(stats);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libvirtd knows itself is asked by one job. What only QEMU's monitor knows, disks and the balloon, is not:
 *
 * A QEMU that stands still keeps the call for ever (NOWAIT does not help the first one that meets it), so two workers,
 * each a thread with a connection, ask one domain at a time. Where a worker is kept too long, its domain is left out
 * and the other worker goes on. Where both are kept, nothing is asked until one comes back, so libvirtd never loses
 * more than two of its threads to us.
 */
#include "backend/libvirt/libvirt_stats.h"

#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/libvirt_error.h"
#include "base/clock.h"

#include <pthread.h>

enum {
	APART_MIN_MS = 400, /* counters move in steps of 10 ms: below this a rate is noise */
	RETRY_MS = 5000,
	DEVICES_MAX = 64,
	HOST_ALONE_MS = 10000, /* no row of it is on screen */
	HOST_FIELDS_MAX = 32,
	/* of the workers */
	WORKERS = 2,
	EVERY_MS = 10000,
	STUCK_MS = 3000,
	OLD_MS = 35000,
};

/* Of one domain, in libvirt's statistics. */
struct counters {
	int64_t at;                                            /* clock_ms(); 0: none */
	int64_t cpu_ns, net_rx, net_tx, disk_read, disk_write; /* -1: unknown */
};

/* Which domains a job is to ask: the UI thread puts them, a step takes them. */
struct poll_set {
	pthread_mutex_t lock;
	struct uuid_list uuids;
	bool fresh; /* not taken yet */
};

struct device_sample {
	struct uuid uuid;
	bool answered;
	struct counters counters;
	int64_t memory_kib;
};

struct stats_worker {
	struct host_thread thread; /* first */
	struct libvirt_stats *stats;
	struct poll_set poll_set;

	/* the job's */
	struct uuid_list asked;
	struct {
		VEC(struct device_sample);
	} samples;
	int64_t next_at;

	/* any thread */
	atomic_int asking; /* the sample that it waits for; -1: none */
	_Atomic int64_t asking_since;

	/* UI thread */
	bool stuck;
	struct uuid stuck_on;
};

/* UI thread: what the workers found out about a domain. */
struct device_stats {
	struct uuid uuid;
	struct counters last;
	int64_t memory_kib, disk_read_bps, disk_write_bps;
};

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

	/* the job's */
	struct uuid_list asked;
	struct watched_domains {
		VEC(struct watched_domain);
	} domains;
	bool no_network; /* this driver has no counters of it */
	bool sampled;
	int64_t next_at;
	struct host_figures host_figures;
	struct {
		int cpu_fields, memory_fields; /* as many as the driver has; -1: it has none; 0: not asked yet */
		uint64_t busy, all;            /* ns since it booted; all 0: unknown */
	} node;

	/* UI thread */
	bool has_devices; /* this driver has counters of devices, so the workers are worth it */
	struct stats_worker workers[WORKERS];
	struct uuid_list active; /* for the workers */
	struct {
		VEC(struct device_stats);
	} devices;
};

/* --- counters, and the rates between two readings --- */

/* Per second; -1 where one of both is unknown, or the counter began again. */
static int64_t counters_rate(int64_t before, int64_t now, int64_t ms)
{
	if (before < 0 || now < before || ms <= 0)
		return -1;
	return (int64_t)((double)(now - before) * 1000.0 / (double)ms);
}

/* -1: not in it. */
static int64_t counters_param(const virDomainStatsRecord *record, const char *name)
{
	unsigned long long value;

	if (virTypedParamsGetULLong(record->params, record->nparams, name, &value) != 1 || value > INT64_MAX)
		return -1;
	return (int64_t)value;
}

/* Over "net.0.rx.bytes", "net.1.rx.bytes" ...; -1: the group is not in it. */
static int64_t sum_of(const virDomainStatsRecord *record, const char *group, const char *field)
{
	char name[VIR_TYPED_PARAM_FIELD_LENGTH];
	unsigned count = 0;
	int64_t sum = 0;

	snprintf(name, sizeof(name), "%s.count", group);
	if (virTypedParamsGetUInt(record->params, record->nparams, name, &count) != 1)
		return -1;
	for (unsigned i = 0; i < MIN(count, (unsigned)DEVICES_MAX); i++) {
		int64_t one;

		snprintf(name, sizeof(name), "%s.%u.%s", group, i, field);
		one = counters_param(record, name);
		if (one > 0 && one < INT64_MAX / DEVICES_MAX)
			sum += one;
	}
	return sum;
}

static struct counters counters_of(const virDomainStatsRecord *record)
{
	return (struct counters){
		.at = clock_ms(),
		.cpu_ns = counters_param(record, "cpu.time"),
		.net_rx = sum_of(record, "net", "rx.bytes"),
		.net_tx = sum_of(record, "net", "tx.bytes"),
		.disk_read = sum_of(record, "block", "rd.bytes"),
		.disk_write = sum_of(record, "block", "wr.bytes"),
	};
}

/* --- poll_set --- */

static void poll_set_free(struct poll_set *set)
{
	VEC_FREE(&set->uuids);
	pthread_mutex_destroy(&set->lock);
}

static void poll_set_put(struct poll_set *set, const struct uuid_list *uuids)
{
	bool same = uuids->count == set->uuids.count;

	for (size_t i = 0; same && i < uuids->count; i++)
		same = uuid_equal(&uuids->at[i], &set->uuids.at[i]);
	if (same)
		return;
	pthread_mutex_lock(&set->lock);
	uuid_list_set(&set->uuids, uuids->at, uuids->count);
	set->fresh = true;
	pthread_mutex_unlock(&set->lock);
}

/* True: others than last time, so do not wait for the next turn. */
static bool poll_set_take(struct poll_set *set, struct uuid_list *to)
{
	bool fresh;

	pthread_mutex_lock(&set->lock);
	fresh = set->fresh;
	set->fresh = false;
	uuid_list_set(to, set->uuids.at, set->uuids.count);
	pthread_mutex_unlock(&set->lock);
	return fresh;
}

/* --- the job's thread --- */

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

static void drop(struct watched_domains *domains, bool all)
{
	size_t kept = 0;

	for (size_t i = 0; i < domains->count; i++) {
		if (domains->at[i].wanted && !all)
			domains->at[kept++] = domains->at[i];
		else
			virDomainFree(domains->at[i].dom);
	}
	domains->count = kept;
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
	drop(domains, false);
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

		if (virDomainGetUUID(records[i]->dom, uuid.bytes) == 0)
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

/* The share of time between two readings. */
static void ask_host_cpu(struct libvirt_stats *stats, virConnectPtr conn)
{
	virNodeCPUStats fields[HOST_FIELDS_MAX];
	int *count = &stats->node.cpu_fields;
	uint64_t busy = 0, all = 0;

	if (*count == 0 && (virNodeGetCPUStats(conn, VIR_NODE_CPU_STATS_ALL_CPUS, NULL, count, 0) < 0 ||
			    *count > HOST_FIELDS_MAX || *count == 0))
		*count = -1;
	if (*count < 0 || virNodeGetCPUStats(conn, VIR_NODE_CPU_STATS_ALL_CPUS, fields, count, 0) < 0)
		return;
	for (int i = 0; i < *count; i++) {
		const bool is_busy = strcmp(fields[i].field, VIR_NODE_CPU_STATS_KERNEL) == 0 ||
				     strcmp(fields[i].field, VIR_NODE_CPU_STATS_USER) == 0;

		if (is_busy)
			busy += fields[i].value;
		if (is_busy || strcmp(fields[i].field, VIR_NODE_CPU_STATS_IDLE) == 0 ||
		    strcmp(fields[i].field, VIR_NODE_CPU_STATS_IOWAIT) == 0)
			all += fields[i].value;
	}
	if (stats->node.all > 0 && all > stats->node.all && busy >= stats->node.busy)
		stats->host_figures.cpu_percent =
			MIN((double)(busy - stats->node.busy) * 100 / (double)(all - stats->node.all), 100);
	stats->node.busy = busy;
	stats->node.all = all;
}

static void ask_host_memory(struct libvirt_stats *stats, virConnectPtr conn)
{
	virNodeMemoryStats fields[HOST_FIELDS_MAX];
	int *count = &stats->node.memory_fields;
	int64_t total = -1, reclaimable = 0;
	bool knows_free = false;
	virNodeInfo info;

	if (virNodeGetInfo(conn, &info) == 0 && info.memory <= INT64_MAX)
		stats->host_figures.memory_kib = (int64_t)info.memory;
	if (*count == 0 && (virNodeGetMemoryStats(conn, VIR_NODE_MEMORY_STATS_ALL_CELLS, NULL, count, 0) < 0 ||
			    *count > HOST_FIELDS_MAX || *count == 0))
		*count = -1;
	if (*count < 0 || virNodeGetMemoryStats(conn, VIR_NODE_MEMORY_STATS_ALL_CELLS, fields, count, 0) < 0)
		return;
	for (int i = 0; i < *count; i++) {
		const int64_t kib = (int64_t)MIN(fields[i].value, (unsigned long long)INT64_MAX / HOST_FIELDS_MAX);

		knows_free |= strcmp(fields[i].field, VIR_NODE_MEMORY_STATS_FREE) == 0;
		if (strcmp(fields[i].field, VIR_NODE_MEMORY_STATS_TOTAL) == 0)
			total = kib;
		else
			reclaimable += kib; /* free, buffers, cached */
	}
	if (total >= reclaimable && knows_free)
		stats->host_figures.memory_used_kib = total - reclaimable;
}

static void compute_rates(struct watched_domain *domain)
{
	const struct counters *last = &domain->last, *now = &domain->now;
	int64_t ms = now->at - last->at;
	double cpu_percent = -1;

	if (!now->at || (last->at && ms < APART_MIN_MS))
		return;
	if (last->at) {
		if (last->cpu_ns >= 0 && now->cpu_ns >= last->cpu_ns && domain->vcpus > 0)
			cpu_percent = (double)(now->cpu_ns - last->cpu_ns) / ((double)ms * 10000.0 * domain->vcpus);
		domain->figures.cpu_percent = MIN(cpu_percent, 100.0);
		domain->figures.net_rx_bps = counters_rate(last->net_rx, now->net_rx, ms);
		domain->figures.net_tx_bps = counters_rate(last->net_tx, now->net_tx, ms);
	}
	domain->last = *now;
}

static int64_t step(void *state, int slot UNUSED)
{
	struct libvirt_stats *stats = state;
	struct libvirt_host *host = stats->thread.host;
	struct watched_domains *domains = &stats->domains;
	bool fresh = poll_set_take(&stats->poll_set, &stats->asked);
	virConnectPtr conn;

	stats->sampled = false;
	if (connection_is_broken(stats->thread.connection)) {
		drop(domains, true);
		memset(&stats->node, 0, sizeof(stats->node));
	}
	if ((stats->asked.count == 0 && host->be.config.one_shot) || !atomic_load(&host->up))
		return LIBVIRT_UNTIL_WOKEN_MS;
	if (!fresh && clock_ms() < stats->next_at)
		return stats->next_at - clock_ms();
	conn = connection_acquire(stats->thread.connection, 0, NULL);
	if (!conn)
		return RETRY_MS; /* or sooner: the end of the attempt wakes us */
	stats->next_at =
		clock_ms() + MAX(backend_figures_interval(&host->be), stats->asked.count == 0 ? HOST_ALONE_MS : 0);
	stats->host_figures = HOST_FIGURES_UNKNOWN;
	if (!host->be.config.one_shot) {
		ask_host_cpu(stats, conn);
		ask_host_memory(stats, conn);
	}
	update_domains(domains, conn, &stats->asked);
	/* One call a row, but none that waits for QEMU, as the bulk call for CPU time does. */
	for (size_t i = 0; i < domains->count; i++) {
		struct watched_domain *domain = &domains->at[i];
		virDomainInfo info;

		domain->now = (struct counters){ 0, -1, -1, -1, -1, -1 };
		if (virDomainGetInfo(domain->dom, &info) < 0)
			continue;
		domain->now.at = clock_ms();
		domain->now.cpu_ns = info.cpuTime <= INT64_MAX ? (int64_t)info.cpuTime : -1;
		domain->vcpus = info.nrVirtCpu;
		domain->figures.memory_kib = (int64_t)info.memory;
	}
	if (!stats->no_network && domains->count > 0)
		ask_network(stats, conn);
	for (size_t i = 0; i < domains->count; i++)
		compute_rates(&domains->at[i]);
	stats->sampled = true;
	return MAX(stats->next_at - clock_ms(), APART_MIN_MS);
}

static void release(void *state)
{
	drop(&((struct libvirt_stats *)state)->domains, true);
}

/* --- a worker's thread --- */

static void ask_monitor(struct device_sample *sample, virConnectPtr conn)
{
	virDomainPtr doms[2] = { virDomainLookupByUUID(conn, sample->uuid.bytes), NULL };
	virDomainStatsRecordPtr *records = NULL;
	int count;

	if (!doms[0])
		return;
	count = virDomainListGetStats(doms, VIR_DOMAIN_STATS_BALLOON | VIR_DOMAIN_STATS_BLOCK, &records,
				      VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
	if (count == 1) {
		sample->counters = counters_of(records[0]);
		sample->memory_kib = counters_param(records[0], "balloon.current");
		sample->answered = true;
	}
	if (count >= 0)
		virDomainStatsRecordListFree(records);
	virDomainFree(doms[0]);
}

static int64_t worker_step(void *state, int slot UNUSED)
{
	struct stats_worker *worker = state;
	struct connection *connection = worker->thread.connection;
	bool fresh = poll_set_take(&worker->poll_set, &worker->asked);
	virConnectPtr conn;

	worker->samples.count = 0;
	if (worker->asked.count == 0 || !atomic_load(&worker->thread.host->up))
		return LIBVIRT_UNTIL_WOKEN_MS;
	if (!fresh && clock_ms() < worker->next_at)
		return worker->next_at - clock_ms();
	conn = connection_acquire(connection, 0, NULL);
	if (!conn)
		return RETRY_MS; /* or sooner: the end of the attempt wakes us */
	worker->next_at = clock_ms() + EVERY_MS;
	for (size_t i = 0; i < worker->asked.count; i++)
		VEC_PUSH(&worker->samples)->uuid = worker->asked.at[i];
	for (size_t i = 0; i < worker->samples.count && !connection_is_broken(connection); i++) {
		atomic_store(&worker->asking_since, clock_ms());
		atomic_store(&worker->asking, (int)i);
		ask_monitor(&worker->samples.at[i], conn);
		atomic_store(&worker->asking, -1);
	}
	return EVERY_MS;
}

/* --- UI thread: which worker asks which domains --- */

static struct device_stats *find_device(const struct libvirt_stats *stats, const struct uuid *uuid)
{
	for (size_t i = 0; i < stats->devices.count; i++) {
		if (uuid_equal(&stats->devices.at[i].uuid, uuid))
			return &stats->devices.at[i];
	}
	return NULL;
}

static void worker_progress(void *state);

/* The first worker that is free gets the work, the others none. */
static void distribute(struct libvirt_stats *stats)
{
	const struct job_spec spec = { .step = worker_step,
				       .progress = worker_progress,
				       .priority = WORKER_BACKGROUND };
	OWN(vec) struct uuid_list rest = { 0 };

	for (size_t i = 0; i < stats->active.count; i++) {
		bool blocks_a_worker = false;

		for (size_t j = 0; j < WORKERS; j++)
			blocks_a_worker |= stats->workers[j].stuck &&
					   uuid_equal(&stats->workers[j].stuck_on, &stats->active.at[i]);
		if (!blocks_a_worker)
			*VEC_PUSH(&rest) = stats->active.at[i];
	}
	for (size_t i = 0; i < WORKERS; i++) {
		struct stats_worker *worker = &stats->workers[i];

		if (worker->stuck)
			continue;
		poll_set_put(&worker->poll_set, &rest);
		if (!host_thread_wake(&worker->thread) && rest.count > 0)
			host_thread_start(&worker->thread, "disks", spec);
		rest.count = 0;
	}
}

static void worker_progress(void *state)
{
	struct stats_worker *worker = state;

	for (size_t i = 0; i < worker->samples.count; i++) {
		const struct device_sample *sample = &worker->samples.at[i];
		const struct counters *now = &sample->counters;
		struct device_stats *device = find_device(worker->stats, &sample->uuid);
		int64_t ms;

		if (!sample->answered)
			continue;
		if (!device) {
			device = VEC_PUSH(&worker->stats->devices);
			*device = (struct device_stats){
				.uuid = sample->uuid, .last = *now, .disk_read_bps = -1, .disk_write_bps = -1
			};
		}
		device->memory_kib = sample->memory_kib;
		ms = now->at - device->last.at;
		if (ms < APART_MIN_MS)
			continue;
		device->disk_read_bps = counters_rate(device->last.disk_read, now->disk_read, ms);
		device->disk_write_bps = counters_rate(device->last.disk_write, now->disk_write, ms);
		device->last = *now;
	}
	if (worker->stuck) {
		worker->stuck = false;
		distribute(worker->stats);
	}
}

/* Finds the domain that keeps a worker, leaves it out, and forgets what is old. */
static void check_stuck(struct libvirt_stats *stats)
{
	for (size_t i = stats->devices.count; i-- > 0;) {
		if (clock_ms() - stats->devices.at[i].last.at > OLD_MS)
			VEC_REMOVE(&stats->devices, i);
	}
	for (size_t i = 0; i < WORKERS; i++) {
		struct stats_worker *worker = &stats->workers[i];
		int sample = atomic_load(&worker->asking);

		if (worker->stuck || sample < 0 || clock_ms() - atomic_load(&worker->asking_since) < STUCK_MS)
			continue;
		worker->stuck = true;
		worker->stuck_on = worker->samples.at[sample].uuid;
		libvirt_host_report_note(stats->thread.host, &worker->stuck_on,
					 text_format("%s", _("its hypervisor process does not answer")));
		distribute(stats);
	}
}

/* --- UI thread: the rows on screen --- */

static void progress(void *state)
{
	struct libvirt_stats *stats = state;
	const struct libvirt_host *host = stats->thread.host;
	const struct backend_listener *listener = &host->be.config.listener;
	OWN(vec) struct {
		VEC(struct vm_figures);
	} figures = { 0 };

	if (!stats->sampled)
		return;
	if (!stats->has_devices && !stats->no_network && stats->domains.count > 0) {
		stats->has_devices = true;
		libvirt_stats_wake(stats);
	}
	check_stuck(stats);
	for (size_t i = 0; i < stats->domains.count; i++) {
		const struct watched_domain *domain = &stats->domains.at[i];
		const struct domain_row *row = domain_table_find(&host->table, &domain->uuid);
		const struct device_stats *device = find_device(stats, &domain->uuid);
		struct vm_figures *shown;

		if (!row || row->domain_id < 0)
			continue; /* it stopped while it was asked */
		shown = VEC_PUSH(&figures);
		*shown = domain->figures;
		if (!device)
			continue;
		shown->disk_read_bps = device->disk_read_bps;
		shown->disk_write_bps = device->disk_write_bps;
		if (device->memory_kib >= 0)
			shown->memory_kib = device->memory_kib;
	}
	if (listener->host_figures)
		listener->host_figures(listener->data, &stats->host_figures);
	if (figures.count > 0 && listener->figures)
		listener->figures(listener->data, figures.at, figures.count);
}

void libvirt_stats_wake(struct libvirt_stats *stats)
{
	const struct job_spec spec = { .step = step, .progress = progress, .priority = WORKER_BACKGROUND };
	const struct libvirt_host *host = stats->thread.host;
	OWN(vec) struct uuid_list active = { 0 };

	for (size_t i = 0; i < host->watched.count; i++) {
		const struct domain_row *row = domain_table_find(&host->table, &host->watched.at[i]);

		if (row && row->domain_id >= 0)
			*VEC_PUSH(&active) = row->uuid;
	}
	poll_set_put(&stats->poll_set, &active);
	if (stats->has_devices && !host->be.config.one_shot) {
		uuid_list_set(&stats->active, active.at, active.count);
		distribute(stats);
	}
	if (!host_thread_wake(&stats->thread) && (active.count > 0 || !host->be.config.one_shot))
		host_thread_start(&stats->thread, "stats", spec);
}

struct libvirt_stats *libvirt_stats_create(struct libvirt_host *host)
{
	struct libvirt_stats *stats = mem_zalloc(sizeof(*stats));

	host_thread_init(&stats->thread, host, release);
	for (size_t i = 0; i < WORKERS; i++) {
		struct stats_worker *worker = &stats->workers[i];

		host_thread_init(&worker->thread, host, NULL);
		worker->stats = stats;
		atomic_store(&worker->asking, -1);
		pthread_mutex_init(&worker->poll_set.lock, NULL);
	}
	pthread_mutex_init(&stats->poll_set.lock, NULL);
	return stats;
}

void libvirt_stats_destroy(struct libvirt_stats *stats)
{
	for (size_t i = 0; i < WORKERS; i++) {
		struct stats_worker *worker = &stats->workers[i];

		poll_set_free(&worker->poll_set);
		VEC_FREE(&worker->asked);
		VEC_FREE(&worker->samples);
		connection_destroy(worker->thread.connection);
	}
	VEC_FREE(&stats->active);
	VEC_FREE(&stats->devices);
	poll_set_free(&stats->poll_set);
	VEC_FREE(&stats->asked);
	VEC_FREE(&stats->domains);
	connection_destroy(stats->thread.connection);
	free(stats);
}

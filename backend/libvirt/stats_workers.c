/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/stats_workers.h"

#include "backend/libvirt/counters.h"
#include "backend/libvirt/host_thread.h"
#include "backend/libvirt/poll_set.h"
#include "base/clock.h"

#include <stdlib.h>

enum {
	WORKERS = 2,
	EVERY_MS = 10000,
	RETRY_MS = 5000,
	STUCK_MS = 3000,
	OLD_MS = 35000,
};

struct device_sample {
	struct uuid uuid;
	bool answered;
	struct counters counters;
	int64_t memory_kib;
};

struct stats_worker {
	struct host_thread thread; /* first */
	struct stats_workers *workers;
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

struct stats_workers {
	struct libvirt_host *host;
	struct stats_worker at[WORKERS];
	struct uuid_list active;
	struct {
		VEC(struct device_stats);
	} devices;
};

/* --- worker thread --- */

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

static int64_t step(void *state, int slot)
{
	struct stats_worker *worker = state;
	struct connection *connection = worker->thread.connection;
	bool fresh = poll_set_take(&worker->poll_set, &worker->asked);
	virConnectPtr conn;

	(void)slot;
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

/* --- UI thread: devices --- */

static struct device_stats *find(const struct stats_workers *workers, const struct uuid *uuid)
{
	for (size_t i = 0; i < workers->devices.count; i++) {
		if (uuid_equal(&workers->devices.at[i].uuid, uuid))
			return &workers->devices.at[i];
	}
	return NULL;
}

static void take_sample(struct stats_workers *workers, const struct device_sample *sample)
{
	struct device_stats *device = find(workers, &sample->uuid);
	const struct counters *now = &sample->counters;
	int64_t ms;

	if (!device) {
		device = VEC_PUSH(&workers->devices);
		*device = (struct device_stats){
			.uuid = sample->uuid, .last = *now, .disk_read_bps = -1, .disk_write_bps = -1
		};
	}
	device->memory_kib = sample->memory_kib;
	ms = now->at - device->last.at;
	if (ms < COUNTERS_APART_MIN_MS)
		return;
	device->disk_read_bps = counters_rate(device->last.disk_read, now->disk_read, ms);
	device->disk_write_bps = counters_rate(device->last.disk_write, now->disk_write, ms);
	device->last = *now;
}

void stats_workers_fill(const struct stats_workers *workers, struct vm_figures *figures)
{
	const struct device_stats *device = find(workers, &figures->uuid);

	if (!device)
		return;
	figures->disk_read_bps = device->disk_read_bps;
	figures->disk_write_bps = device->disk_write_bps;
	if (device->memory_kib >= 0)
		figures->memory_kib = device->memory_kib;
}

/* --- UI thread: which worker asks which domains --- */

static void progress(void *state);

static bool blocks_a_worker(const struct stats_workers *workers, const struct uuid *uuid)
{
	for (size_t i = 0; i < WORKERS; i++) {
		if (workers->at[i].stuck && uuid_equal(&workers->at[i].stuck_on, uuid))
			return true;
	}
	return false;
}

/* The first worker that is free gets the work, the others none. */
static void distribute(struct stats_workers *workers)
{
	const struct job_spec spec = { .step = step, .progress = progress, .priority = WORKER_BACKGROUND };
	struct uuid_list rest = { 0 };

	for (size_t i = 0; i < workers->active.count; i++) {
		if (!blocks_a_worker(workers, &workers->active.at[i]))
			*VEC_PUSH(&rest) = workers->active.at[i];
	}
	for (size_t i = 0; i < WORKERS; i++) {
		struct stats_worker *worker = &workers->at[i];

		if (worker->stuck)
			continue;
		poll_set_put(&worker->poll_set, &rest);
		if (!host_thread_wake(&worker->thread) && rest.count > 0)
			host_thread_start(&worker->thread, "disks", spec);
		rest.count = 0;
	}
	VEC_FREE(&rest);
}

static void progress(void *state)
{
	struct stats_worker *worker = state;

	for (size_t i = 0; i < worker->samples.count; i++) {
		if (worker->samples.at[i].answered)
			take_sample(worker->workers, &worker->samples.at[i]);
	}
	if (worker->stuck) {
		worker->stuck = false;
		distribute(worker->workers);
	}
}

void stats_workers_set_domains(struct stats_workers *workers, const struct uuid_list *active)
{
	if (workers->host->be.config.one_shot)
		return;
	uuid_list_set(&workers->active, active->at, active->count);
	distribute(workers);
}

void stats_workers_check_stuck(struct stats_workers *workers)
{
	for (size_t i = workers->devices.count; i-- > 0;) {
		if (clock_ms() - workers->devices.at[i].last.at > OLD_MS)
			VEC_REMOVE(&workers->devices, i);
	}
	for (size_t i = 0; i < WORKERS; i++) {
		struct stats_worker *worker = &workers->at[i];
		int sample = atomic_load(&worker->asking);

		if (worker->stuck || sample < 0 || clock_ms() - atomic_load(&worker->asking_since) < STUCK_MS)
			continue;
		worker->stuck = true;
		worker->stuck_on = worker->samples.at[sample].uuid;
		libvirt_host_report_note(workers->host, &worker->stuck_on,
					 text_format("%s", _("its hypervisor process does not answer")));
		distribute(workers);
	}
}

struct stats_workers *stats_workers_create(struct libvirt_host *host)
{
	struct stats_workers *workers = mem_zalloc(sizeof(*workers));

	workers->host = host;
	for (size_t i = 0; i < WORKERS; i++) {
		struct stats_worker *worker = &workers->at[i];

		host_thread_init(&worker->thread, host, NULL);
		worker->workers = workers;
		atomic_store(&worker->asking, -1);
		poll_set_init(&worker->poll_set);
	}
	return workers;
}

void stats_workers_destroy(struct stats_workers *workers)
{
	for (size_t i = 0; i < WORKERS; i++) {
		struct stats_worker *worker = &workers->at[i];

		poll_set_free(&worker->poll_set);
		VEC_FREE(&worker->asked);
		VEC_FREE(&worker->samples);
		host_thread_free(&worker->thread);
	}
	VEC_FREE(&workers->active);
	VEC_FREE(&workers->devices);
	free(workers);
}

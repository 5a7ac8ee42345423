/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/stats_workers.h"

#include "backend/libvirt/counters.h"
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
	struct stats_workers *workers;
	struct worker *thread;
	struct job *job;
	struct poll_set poll_set;

	/* the job's */
	struct connection *connection;
	struct uuid_list asked;
	struct {
		VEC(struct device_sample);
	} samples;
	int64_t next_at;

	/* any thread */
	atomic_int asking; /* the row under way; -1: none */
	_Atomic int64_t asking_since;

	/* UI thread */
	bool stuck;
	struct uuid stuck_on;
};

/* UI thread: what the workers found out of a domain. */
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

static void ask_monitor(struct device_sample *row, virConnectPtr conn)
{
	virDomainPtr doms[2] = { virDomainLookupByUUID(conn, row->uuid.bytes), NULL };
	virDomainStatsRecordPtr *records = NULL;
	int count;

	if (!doms[0])
		return;
	count = virDomainListGetStats(doms, VIR_DOMAIN_STATS_BALLOON | VIR_DOMAIN_STATS_BLOCK, &records,
				      VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
	if (count == 1) {
		row->counters = counters_of(records[0]);
		row->memory_kib = counters_param(records[0], "balloon.current");
		row->answered = true;
	}
	if (count >= 0)
		virDomainStatsRecordListFree(records);
	virDomainFree(doms[0]);
}

static void ask_all(struct stats_worker *worker, virConnectPtr conn)
{
	for (size_t i = 0; i < worker->asked.count; i++)
		VEC_PUSH(&worker->samples)->uuid = worker->asked.at[i];
	for (size_t i = 0; i < worker->samples.count && !connection_is_broken(worker->connection); i++) {
		atomic_store(&worker->asking_since, clock_ms());
		atomic_store(&worker->asking, (int)i);
		ask_monitor(&worker->samples.at[i], conn);
		atomic_store(&worker->asking, -1);
	}
}

static int64_t step(void *state, int slot)
{
	struct stats_worker *worker = state;
	bool fresh = poll_set_take(&worker->poll_set, &worker->asked);
	virConnectPtr conn;

	(void)slot;
	worker->samples.count = 0;
	if (worker->asked.count == 0 || !atomic_load(&worker->workers->host->up))
		return LIBVIRT_UNTIL_WOKEN_MS;
	if (!fresh && clock_ms() < worker->next_at)
		return worker->next_at - clock_ms();
	conn = connection_acquire(worker->connection, 0, NULL);
	if (!conn)
		return RETRY_MS; /* or sooner: the end of the attempt wakes us */
	worker->next_at = clock_ms() + EVERY_MS;
	ask_all(worker, conn);
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

static void take_sample(struct stats_workers *workers, const struct device_sample *row)
{
	struct device_stats *device = find(workers, &row->uuid);
	const struct counters *now = &row->counters;
	int64_t ms;

	if (!device) {
		device = VEC_PUSH(&workers->devices);
		*device =
		    (struct device_stats){ .uuid = row->uuid, .last = *now, .disk_read_bps = -1, .disk_write_bps = -1 };
	}
	device->memory_kib = row->memory_kib;
	ms = now->at - device->last.at;
	if (ms < COUNTERS_APART_MIN_MS)
		return;
	device->disk_read_bps = counters_rate(device->last.disk_read, now->disk_read, ms);
	device->disk_write_bps = counters_rate(device->last.disk_write, now->disk_write, ms);
	device->last = *now;
}

static void forget_old(struct stats_workers *workers)
{
	for (size_t i = workers->devices.count; i-- > 0;) {
		if (clock_ms() - workers->devices.at[i].last.at > OLD_MS)
			VEC_REMOVE(&workers->devices, i);
	}
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

/* --- UI thread: orders --- */

static void progress(void *state);

static void done(void *state)
{
	((struct stats_worker *)state)->job = NULL;
}

static void wake_worker(struct stats_worker *worker, bool has_work)
{
	const struct backend_config *config = &worker->workers->host->be.config;
	struct job_spec spec = {
		.step = step, .progress = progress, .done = done, .state = worker, .priority = WORKER_BACKGROUND
	};
	char *name;

	if (worker->job) {
		worker_wake(worker->thread, worker->job);
	} else if (has_work) {
		name = mem_printf("%s disks", config->name);
		worker->thread = worker_create(config->loop, name, 1);
		worker->job = worker_submit(worker->thread, &spec);
		free(name);
	}
}

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
	struct uuid_list rest = { 0 }, nothing = { 0 };

	for (size_t i = 0; i < workers->active.count; i++) {
		if (!blocks_a_worker(workers, &workers->active.at[i]))
			*VEC_PUSH(&rest) = workers->active.at[i];
	}
	for (size_t i = 0; i < WORKERS; i++) {
		struct stats_worker *worker = &workers->at[i];

		if (worker->stuck)
			continue;
		poll_set_put(&worker->poll_set, &rest);
		wake_worker(worker, rest.count > 0);
		VEC_FREE(&rest);
		rest = nothing;
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
	workers->active.count = 0;
	for (size_t i = 0; i < active->count; i++)
		*VEC_PUSH(&workers->active) = active->at[i];
	distribute(workers);
}

void stats_workers_check_stuck(struct stats_workers *workers)
{
	forget_old(workers);
	for (size_t i = 0; i < WORKERS; i++) {
		struct stats_worker *worker = &workers->at[i];
		int row = atomic_load(&worker->asking);

		if (worker->stuck || row < 0 || clock_ms() - atomic_load(&worker->asking_since) < STUCK_MS)
			continue;
		worker->stuck = true;
		worker->stuck_on = worker->samples.at[row].uuid;
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

		worker->workers = workers;
		worker->connection = libvirt_host_connection(host, host->queue);
		atomic_store(&worker->asking, -1);
		poll_set_init(&worker->poll_set);
	}
	return workers;
}

bool stats_workers_stop(struct stats_workers *workers)
{
	bool stopped = true;

	for (size_t i = 0; i < WORKERS; i++)
		stopped &= backend_stop_worker(&workers->at[i].thread);
	return stopped;
}

void stats_workers_cancel(struct stats_workers *workers)
{
	for (size_t i = 0; i < WORKERS; i++)
		connection_cancel(workers->at[i].connection);
}

void stats_workers_close(struct stats_workers *workers)
{
	for (size_t i = 0; i < WORKERS; i++)
		connection_close(workers->at[i].connection);
}

void stats_workers_destroy(struct stats_workers *workers)
{
	for (size_t i = 0; i < WORKERS; i++) {
		poll_set_free(&workers->at[i].poll_set);
		VEC_FREE(&workers->at[i].asked);
		VEC_FREE(&workers->at[i].samples);
		connection_destroy(workers->at[i].connection);
	}
	VEC_FREE(&workers->active);
	VEC_FREE(&workers->devices);
	free(workers);
}

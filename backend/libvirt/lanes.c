/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What only QEMU's monitor tells. A QEMU that stands still keeps the call for ever (NOWAIT does not help
 * the first one that meets it), so there are two lanes, each a thread with a connection, that ask one
 * domain at a time. Where a lane is kept too long, its domain is left out and the other lane goes on.
 * Both kept: no more is asked until one comes back, so a host never loses more than two of its workers.
 */
#include "backend/libvirt/figures.h"
#include "base/clock.h"

#include <stdlib.h>

enum {
	LANES = 2,
	EVERY_MS = 10000,
	RETRY_MS = 5000,
	STUCK_MS = 3000,
	OLD_MS = 35000,
};

struct lane_row {
	struct uuid uuid;
	bool answered;
	struct counters counters;
	int64_t memory_kib;
};

struct lane {
	struct lanes *lanes;
	struct worker *worker;
	struct job *job;
	struct order order;

	/* the job's */
	struct connection *connection;
	struct uuid_list asked;
	struct {
		VEC(struct lane_row);
	} rows;
	int64_t next_at;

	/* any thread */
	atomic_int asking; /* the row under way; -1: none */
	_Atomic int64_t asking_since;

	/* UI thread */
	bool stuck;
	struct uuid stuck_at;
};

/* UI thread: what the lanes found out of a domain. */
struct finding {
	struct uuid uuid;
	struct counters last;
	int64_t memory_kib, disk_read_bps, disk_write_bps;
};

struct lanes {
	struct libvirt_host *host;
	struct lane at[LANES];
	struct uuid_list active;
	struct {
		VEC(struct finding);
	} findings;
};

/* --- worker thread --- */

static void ask_monitor(struct lane_row *row, virConnectPtr conn)
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

static void ask_all(struct lane *lane, virConnectPtr conn)
{
	for (size_t i = 0; i < lane->asked.count; i++)
		VEC_PUSH(&lane->rows)->uuid = lane->asked.at[i];
	for (size_t i = 0; i < lane->rows.count && !connection_is_broken(lane->connection); i++) {
		atomic_store(&lane->asking_since, clock_ms());
		atomic_store(&lane->asking, (int)i);
		ask_monitor(&lane->rows.at[i], conn);
		atomic_store(&lane->asking, -1);
	}
}

static int64_t step(void *state, int slot)
{
	struct lane *lane = state;
	bool fresh = order_take(&lane->order, &lane->asked);
	virConnectPtr conn;

	(void)slot;
	lane->rows.count = 0;
	if (lane->asked.count == 0 || !atomic_load(&lane->lanes->host->up))
		return LIBVIRT_LONG_MS;
	if (!fresh && clock_ms() < lane->next_at)
		return lane->next_at - clock_ms();
	conn = connection_acquire(lane->connection, 0, NULL);
	if (!conn)
		return RETRY_MS; /* or sooner: the end of the attempt wakes us */
	lane->next_at = clock_ms() + EVERY_MS;
	ask_all(lane, conn);
	return EVERY_MS;
}

/* --- UI thread: findings --- */

static struct finding *find(const struct lanes *lanes, const struct uuid *uuid)
{
	for (size_t i = 0; i < lanes->findings.count; i++) {
		if (uuid_equal(&lanes->findings.at[i].uuid, uuid))
			return &lanes->findings.at[i];
	}
	return NULL;
}

static void take_row(struct lanes *lanes, const struct lane_row *row)
{
	struct finding *finding = find(lanes, &row->uuid);
	const struct counters *now = &row->counters;
	int64_t ms;

	if (!finding) {
		finding = VEC_PUSH(&lanes->findings);
		*finding =
		    (struct finding){ .uuid = row->uuid, .last = *now, .disk_read_bps = -1, .disk_write_bps = -1 };
	}
	finding->memory_kib = row->memory_kib;
	ms = now->at - finding->last.at;
	if (ms < SAMPLE_MIN_MS)
		return;
	finding->disk_read_bps = counters_rate(finding->last.disk_read, now->disk_read, ms);
	finding->disk_write_bps = counters_rate(finding->last.disk_write, now->disk_write, ms);
	finding->last = *now;
}

static void forget_old(struct lanes *lanes)
{
	for (size_t i = lanes->findings.count; i-- > 0;) {
		if (clock_ms() - lanes->findings.at[i].last.at > OLD_MS)
			VEC_REMOVE(&lanes->findings, i);
	}
}

void lanes_fill(const struct lanes *lanes, struct vm_figures *figures)
{
	const struct finding *finding = find(lanes, &figures->uuid);

	if (!finding)
		return;
	figures->disk_read_bps = finding->disk_read_bps;
	figures->disk_write_bps = finding->disk_write_bps;
	if (finding->memory_kib >= 0)
		figures->memory_kib = finding->memory_kib;
}

/* --- UI thread: orders --- */

static void progress(void *state);

static void done(void *state)
{
	((struct lane *)state)->job = NULL;
}

static void wake_lane(struct lane *lane, bool has_work)
{
	const struct backend_config *config = &lane->lanes->host->be.config;
	struct job_spec spec = {
		.step = step, .progress = progress, .done = done, .state = lane, .priority = WORKER_BACKGROUND
	};
	char *name;

	if (lane->job) {
		worker_wake(lane->worker, lane->job);
	} else if (has_work) {
		name = mem_printf("%s disks", config->name);
		lane->worker = worker_create(config->loop, name, 1);
		lane->job = worker_submit(lane->worker, &spec);
		free(name);
	}
}

static bool keeps_a_lane(const struct lanes *lanes, const struct uuid *uuid)
{
	for (size_t i = 0; i < LANES; i++) {
		if (lanes->at[i].stuck && uuid_equal(&lanes->at[i].stuck_at, uuid))
			return true;
	}
	return false;
}

/* The first lane that is free gets the work, the others none. */
static void share_out(struct lanes *lanes)
{
	struct uuid_list rest = { 0 }, nothing = { 0 };

	for (size_t i = 0; i < lanes->active.count; i++) {
		if (!keeps_a_lane(lanes, &lanes->active.at[i]))
			*VEC_PUSH(&rest) = lanes->active.at[i];
	}
	for (size_t i = 0; i < LANES; i++) {
		struct lane *lane = &lanes->at[i];

		if (lane->stuck)
			continue;
		order_put(&lane->order, &rest);
		wake_lane(lane, rest.count > 0);
		VEC_FREE(&rest);
		rest = nothing;
	}
	VEC_FREE(&rest);
}

static void progress(void *state)
{
	struct lane *lane = state;

	for (size_t i = 0; i < lane->rows.count; i++) {
		if (lane->rows.at[i].answered)
			take_row(lane->lanes, &lane->rows.at[i]);
	}
	if (lane->stuck) {
		lane->stuck = false;
		share_out(lane->lanes);
	}
}

void lanes_order(struct lanes *lanes, const struct uuid_list *active)
{
	if (lanes->host->be.config.one_shot)
		return;
	lanes->active.count = 0;
	for (size_t i = 0; i < active->count; i++)
		*VEC_PUSH(&lanes->active) = active->at[i];
	share_out(lanes);
}

void lanes_look_after(struct lanes *lanes)
{
	forget_old(lanes);
	for (size_t i = 0; i < LANES; i++) {
		struct lane *lane = &lanes->at[i];
		int row = atomic_load(&lane->asking);

		if (lane->stuck || row < 0 || clock_ms() - atomic_load(&lane->asking_since) < STUCK_MS)
			continue;
		lane->stuck = true;
		lane->stuck_at = lane->rows.at[row].uuid;
		libvirt_host_tell_note(lanes->host, &lane->stuck_at,
				       text_format("%s", _("its hypervisor process does not answer")));
		share_out(lanes);
	}
}

struct lanes *lanes_create(struct libvirt_host *host)
{
	struct lanes *lanes = mem_zalloc(sizeof(*lanes));

	lanes->host = host;
	for (size_t i = 0; i < LANES; i++) {
		struct lane *lane = &lanes->at[i];

		lane->lanes = lanes;
		lane->connection = libvirt_host_connection(host, host->queue);
		atomic_store(&lane->asking, -1);
		order_init(&lane->order);
	}
	return lanes;
}

bool lanes_stop(struct lanes *lanes)
{
	bool stopped = true;

	for (size_t i = 0; i < LANES; i++)
		stopped &= backend_stop_worker(&lanes->at[i].worker);
	return stopped;
}

void lanes_give_up(struct lanes *lanes)
{
	for (size_t i = 0; i < LANES; i++)
		connection_cancel(lanes->at[i].connection);
}

void lanes_hang_up(struct lanes *lanes)
{
	for (size_t i = 0; i < LANES; i++)
		connection_close(lanes->at[i].connection);
}

void lanes_destroy(struct lanes *lanes)
{
	for (size_t i = 0; i < LANES; i++) {
		order_free(&lanes->at[i].order);
		VEC_FREE(&lanes->at[i].asked);
		VEC_FREE(&lanes->at[i].rows);
		connection_destroy(lanes->at[i].connection);
	}
	VEC_FREE(&lanes->active);
	VEC_FREE(&lanes->findings);
	free(lanes);
}

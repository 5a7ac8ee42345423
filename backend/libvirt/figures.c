/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/figures.h"

#include "backend/libvirt/libvirt_error.h"
#include "backend/libvirt/domain_info.h"
#include "base/clock.h"

#include <stdlib.h>

enum { RETRY_MS = 5000 };

/* A watched domain. Long-lived, because each costs a call. */
struct gauge {
	struct uuid uuid;
	virDomainPtr dom;
	int vcpus;
	bool wanted;
	struct counters last, now;
	struct vm_figures figures;
};

struct figures {
	struct libvirt_host *host;
	struct worker *worker;
	struct job *job;
	struct order order;
	struct lanes *lanes;

	/* the job's */
	struct connection *connection;
	struct uuid_list asked;
	struct gauges {
		VEC(struct gauge);
	} gauges;
	bool no_network; /* this driver does not tell it */
	bool sampled;
	int64_t next_at;

	bool has_devices; /* UI thread: the driver tells of devices, so the lanes may find some */
};

/* --- worker thread --- */

/* Everybody asks in the same order: the cursor stands where the next one is. */
static struct gauge *find_gauge(struct gauges *gauges, const struct uuid *uuid, size_t *cursor)
{
	for (size_t tried = 0; tried < gauges->count; tried++) {
		struct gauge *gauge = &gauges->at[(*cursor)++ % gauges->count];

		if (uuid_equal(&gauge->uuid, uuid))
			return gauge;
	}
	return NULL;
}

static void drop_unwanted(struct gauges *gauges)
{
	size_t kept = 0;

	for (size_t i = 0; i < gauges->count; i++) {
		if (gauges->at[i].wanted)
			gauges->at[kept++] = gauges->at[i];
		else
			virDomainFree(gauges->at[i].dom);
	}
	gauges->count = kept;
}

static void drop_all(struct gauges *gauges)
{
	for (size_t i = 0; i < gauges->count; i++)
		gauges->at[i].wanted = false;
	drop_unwanted(gauges);
}

static void add_gauge(struct gauges *gauges, virConnectPtr conn, const struct uuid *uuid)
{
	virDomainPtr dom = virDomainLookupByUUID(conn, uuid->bytes);
	struct gauge *gauge;

	if (!dom)
		return;
	gauge = VEC_PUSH(gauges);
	gauge->uuid = *uuid;
	gauge->dom = dom;
	gauge->vcpus = -1;
	gauge->wanted = true;
	gauge->figures = vm_figures_unknown(uuid);
}

static void sync_gauges(struct gauges *gauges, virConnectPtr conn, const struct uuid_list *asked)
{
	size_t cursor = 0;

	for (size_t i = 0; i < gauges->count; i++)
		gauges->at[i].wanted = false;
	for (size_t i = 0; i < asked->count; i++) {
		struct gauge *gauge = find_gauge(gauges, &asked->at[i], &cursor);

		if (gauge)
			gauge->wanted = true;
		else
			add_gauge(gauges, conn, &asked->at[i]);
	}
	drop_unwanted(gauges);
}

/* One call a row, but none that waits for QEMU, as the bulk call for CPU time does. */
static void ask_info(struct gauge *gauge)
{
	virDomainInfo info;

	if (virDomainGetInfo(gauge->dom, &info) < 0)
		return;
	gauge->now.at = clock_ms();
	gauge->now.cpu_ns = info.cpuTime <= INT64_MAX ? (int64_t)info.cpuTime : -1;
	gauge->vcpus = info.nrVirtCpu;
	gauge->figures.memory_kib = (int64_t)info.memory;
}

static void take_records(struct figures *figures, virDomainStatsRecordPtr *records, int count)
{
	bool told = false;
	size_t cursor = 0;

	for (int i = 0; i < count; i++) {
		struct counters counters = counters_of(records[i]);
		struct gauge *gauge = NULL;
		struct uuid uuid;

		if (domain_get_uuid(records[i]->dom, &uuid))
			gauge = find_gauge(&figures->gauges, &uuid, &cursor);
		if (!gauge)
			continue;
		gauge->now.net_rx = counters.net_rx;
		gauge->now.net_tx = counters.net_tx;
		told |= counters.net_rx >= 0;
	}
	figures->no_network = count > 0 && !told;
}

static void ask_network(struct figures *figures, virConnectPtr conn)
{
	struct gauges *gauges = &figures->gauges;
	virDomainPtr *doms = mem_zalloc((gauges->count + 1) * sizeof(virDomainPtr));
	virDomainStatsRecordPtr *records = NULL;
	struct err err;
	int count;

	for (size_t i = 0; i < gauges->count; i++)
		doms[i] = gauges->at[i].dom;
	count = virDomainListGetStats(doms, VIR_DOMAIN_STATS_INTERFACE, &records, 0);
	free(doms);
	if (count < 0) {
		libvirt_err_last(conn, &err);
		figures->no_network = err.kind == ERR_UNSUPPORTED;
		return;
	}
	take_records(figures, records, count);
	virDomainStatsRecordListFree(records);
}

static void read_gauge(struct gauge *gauge)
{
	const struct counters *last = &gauge->last, *now = &gauge->now;
	int64_t ms = now->at - last->at;

	if (last->at && ms < SAMPLE_MIN_MS)
		return;
	if (last->at) {
		gauge->figures.cpu_percent = counters_cpu_percent(last, now, gauge->vcpus);
		gauge->figures.net_rx_bps = counters_rate(last->net_rx, now->net_rx, ms);
		gauge->figures.net_tx_bps = counters_rate(last->net_tx, now->net_tx, ms);
	}
	gauge->last = *now;
}

static void sample(struct figures *figures, virConnectPtr conn)
{
	struct gauges *gauges = &figures->gauges;

	for (size_t i = 0; i < gauges->count; i++) {
		gauges->at[i].now = (struct counters){ 0, -1, -1, -1, -1, -1 };
		ask_info(&gauges->at[i]);
	}
	if (!figures->no_network && gauges->count > 0)
		ask_network(figures, conn);
	for (size_t i = 0; i < gauges->count; i++) {
		if (gauges->at[i].now.at)
			read_gauge(&gauges->at[i]);
	}
}

static int64_t step(void *state, int slot)
{
	struct figures *figures = state;
	bool fresh = order_take(&figures->order, &figures->asked);
	virConnectPtr conn;

	(void)slot;
	figures->sampled = false;
	if (connection_is_broken(figures->connection))
		drop_all(&figures->gauges);
	if (figures->asked.count == 0 || !atomic_load(&figures->host->up))
		return LIBVIRT_LONG_MS;
	if (!fresh && clock_ms() < figures->next_at)
		return figures->next_at - clock_ms();
	conn = connection_acquire(figures->connection, 0, NULL);
	if (!conn)
		return RETRY_MS; /* or sooner: the end of the attempt wakes us */
	figures->next_at = clock_ms() + backend_figures_interval(&figures->host->be);
	sync_gauges(&figures->gauges, conn, &figures->asked);
	sample(figures, conn);
	figures->sampled = true;
	return MAX(figures->next_at - clock_ms(), SAMPLE_MIN_MS);
}

/* --- UI thread --- */

static void progress(void *state)
{
	struct figures *figures = state;
	const struct backend_listener *listener = &figures->host->be.config.listener;
	struct {
		VEC(struct vm_figures);
	} told = { 0 };

	if (!figures->sampled)
		return;
	if (!figures->has_devices && !figures->no_network && figures->gauges.count > 0) {
		figures->has_devices = true;
		figures_wake(figures);
	}
	lanes_look_after(figures->lanes);
	for (size_t i = 0; i < figures->gauges.count; i++) {
		const struct gauge *gauge = &figures->gauges.at[i];
		const struct domain_row *row = domain_table_find(&figures->host->table, &gauge->uuid);

		if (!row || row->domain_id < 0)
			continue; /* it stopped while it was asked */
		*VEC_PUSH(&told) = gauge->figures;
		lanes_fill(figures->lanes, &told.at[told.count - 1]);
	}
	if (told.count > 0 && listener->figures)
		listener->figures(listener->data, told.at, told.count);
	VEC_FREE(&told);
}

static void done(void *state)
{
	((struct figures *)state)->job = NULL;
}

static void begin(struct figures *figures)
{
	const struct backend_config *config = &figures->host->be.config;
	struct job_spec spec = {
		.step = step, .progress = progress, .done = done, .state = figures, .priority = WORKER_BACKGROUND
	};
	char *name = mem_printf("%s figures", config->name);

	figures->worker = worker_create(config->loop, name, 1);
	figures->job = worker_submit(figures->worker, &spec);
	free(name);
}

void figures_wake(struct figures *figures)
{
	const struct libvirt_host *host = figures->host;
	struct uuid_list active = { 0 };

	for (size_t i = 0; i < host->watched.count; i++) {
		const struct domain_row *row = domain_table_find(&host->table, &host->watched.at[i]);

		if (row && row->domain_id >= 0)
			*VEC_PUSH(&active) = row->uuid;
	}
	order_put(&figures->order, &active);
	if (figures->has_devices)
		lanes_order(figures->lanes, &active);
	if (figures->job)
		worker_wake(figures->worker, figures->job);
	else if (active.count > 0)
		begin(figures);
	VEC_FREE(&active);
}

struct figures *figures_create(struct libvirt_host *host)
{
	struct figures *figures = mem_zalloc(sizeof(*figures));

	figures->host = host;
	figures->connection = libvirt_host_connection(host, host->queue);
	figures->lanes = lanes_create(host);
	order_init(&figures->order);
	return figures;
}

bool figures_stop(struct figures *figures)
{
	bool stopped = backend_stop_worker(&figures->worker);

	return lanes_stop(figures->lanes) && stopped;
}

void figures_give_up(struct figures *figures)
{
	connection_cancel(figures->connection);
	lanes_give_up(figures->lanes);
}

void figures_hang_up(struct figures *figures)
{
	drop_all(&figures->gauges);
	connection_close(figures->connection);
	lanes_hang_up(figures->lanes);
}

void figures_destroy(struct figures *figures)
{
	lanes_destroy(figures->lanes);
	order_free(&figures->order);
	VEC_FREE(&figures->asked);
	VEC_FREE(&figures->gauges);
	connection_destroy(figures->connection);
	free(figures);
}

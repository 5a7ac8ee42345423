/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the agent stands when we come: only the XML of a running domain tells (one call each), so it is
 * read once, in the background, the rows on screen first. From then on events tell.
 */
#include "backend/libvirt/libvirt_host.h"
#include "backend/libvirt/domain_info.h"
#include "base/clock.h"

#include <stdlib.h>

enum {
	BATCH_MAX = 16,
	STEP_MAX_MS = 50,
	RETRY_MS = 5000,
};

struct errand {
	struct uuid uuid;
	unsigned agent_events; /* domain_row's when it was sent */
	bool answered;
	bool read;
	struct vm_facts facts;
};

struct presence {
	struct libvirt_host *host;
	struct worker *worker;
	struct job *job;

	/* the job's */
	struct connection *connection;
	struct errand errands[BATCH_MAX];
	size_t count;
	bool ran;     /* the last step ran the errands */
	bool waiting; /* there is no connection to run them on */
};

/* --- worker thread --- */

static void run_errand(struct errand *errand, virConnectPtr conn)
{
	struct err err = { 0 };
	virDomainPtr dom = domain_find(conn, &errand->uuid, &err);

	if (dom) {
		domain_facts_init(&errand->facts, dom);
		errand->read = domain_get_xml_info(dom, &errand->facts, &err);
		virDomainFree(dom);
		if (!errand->read)
			vm_facts_free(&errand->facts);
	}
	errand->answered = err.kind != ERR_LOST;
}

static int64_t step(void *state, int slot)
{
	struct presence *presence = state;
	int64_t begun = clock_ms();
	virConnectPtr conn;

	(void)slot;
	presence->ran = false;
	presence->waiting = false;
	if (presence->count == 0 || !atomic_load(&presence->host->up))
		return LIBVIRT_LONG_MS;
	conn = connection_acquire(presence->connection, 0, NULL);
	for (size_t i = 0; conn && i < presence->count && clock_ms() - begun < STEP_MAX_MS; i++)
		run_errand(&presence->errands[i], conn);
	presence->ran = conn != NULL;
	presence->waiting = !conn || connection_is_broken(presence->connection);
	return presence->waiting ? RETRY_MS : LIBVIRT_LONG_MS;
}

/* --- UI thread --- */

static void send_errand(struct presence *presence, struct domain_row *row)
{
	row->xml_wanted = false;
	presence->errands[presence->count++] = (struct errand){ .uuid = row->uuid, .agent_events = row->agent_events };
}

/* The rows on screen first, also those that are off, for their title and size; then whatever runs. */
static void choose_errands(struct presence *presence)
{
	struct libvirt_host *host = presence->host;
	struct domain_row *row;

	for (size_t i = 0; i < host->watched.count && presence->count < BATCH_MAX; i++) {
		row = domain_table_find(&host->table, &host->watched.at[i]);
		if (row && row->xml_wanted)
			send_errand(presence, row);
	}
	while (!host->be.config.one_shot && presence->count < BATCH_MAX &&
	       (row = domain_table_next_wanted(&host->table)))
		send_errand(presence, row);
}

static void settle_errand(struct presence *presence, struct errand *errand)
{
	struct domain_row *row;

	if (errand->read) {
		libvirt_host_tell_xml(presence->host, &errand->facts, errand->agent_events);
		return;
	}
	row = domain_table_find(&presence->host->table, &errand->uuid);
	if (row && !errand->answered)
		row->xml_wanted = true;
}

static void progress(void *state)
{
	struct presence *presence = state;

	if (presence->ran) {
		for (size_t i = 0; i < presence->count; i++)
			settle_errand(presence, &presence->errands[i]);
		presence->count = 0;
		presence->ran = false;
	}
	if (!atomic_load(&presence->host->up))
		return;
	if (presence->count == 0)
		choose_errands(presence);
	if (presence->count > 0 && !presence->waiting)
		presence_wake(presence);
}

static void done(void *state)
{
	struct presence *presence = state;

	presence->job = NULL;
}

struct presence *presence_create(struct libvirt_host *host)
{
	struct presence *presence = mem_zalloc(sizeof(*presence));

	presence->host = host;
	presence->connection = libvirt_host_connection(host, host->queue);
	return presence;
}

bool presence_stop(struct presence *presence)
{
	return backend_stop_worker(&presence->worker);
}

void presence_destroy(struct presence *presence)
{
	for (size_t i = 0; i < presence->count; i++) {
		if (presence->errands[i].read)
			vm_facts_free(&presence->errands[i].facts);
	}
	connection_destroy(presence->connection);
	free(presence);
}

static void begin(struct presence *presence)
{
	const struct backend_config *config = &presence->host->be.config;
	struct job_spec spec = {
		.step = step, .progress = progress, .done = done, .state = presence, .priority = WORKER_BACKGROUND
	};
	char *name = mem_printf("%s presence", config->name);

	presence->worker = worker_create(config->loop, name, 1);
	presence->job = worker_submit(presence->worker, &spec);
	free(name);
}

void presence_wake(struct presence *presence)
{
	if (presence->job)
		worker_wake(presence->worker, presence->job);
	else if (presence->host->table.count > 0)
		begin(presence);
}

void presence_give_up(struct presence *presence)
{
	connection_cancel(presence->connection);
}

void presence_hang_up(struct presence *presence)
{
	connection_close(presence->connection);
}

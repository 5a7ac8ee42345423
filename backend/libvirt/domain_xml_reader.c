/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/domain_xml_reader.h"

#include "base/clock.h"

enum {
	BATCH_MAX = 16,
	STEP_MAX_MS = 50,
	RETRY_MS = 5000,
	PAUSE_MAX_MS = 1000, /* a slow line takes time and no CPU */
};

struct xml_request {
	struct uuid uuid;
	unsigned agent_events; /* domain_row's when it was made */
	bool answered;
	bool read;
	struct vm_info info;
};

struct domain_xml_reader {
	struct host_thread thread; /* first */

	/* the job's */
	struct xml_request requests[BATCH_MAX];
	size_t count;
	bool background; /* none of them is on screen */
	int64_t next_at; /* none in the background before (clock_ms()) */
	bool ran;        /* the last step ran the requests */
	bool waiting;    /* there is no connection to run them on */
};

/* --- worker thread --- */

static int64_t step(void *state, int slot UNUSED)
{
	struct domain_xml_reader *reader = state;
	struct connection *connection = reader->thread.connection;
	const int share = backend_background_share(&reader->thread.host->be);
	int64_t begun = clock_ms(), took;
	virConnectPtr conn;

	reader->ran = reader->waiting = false;
	if (reader->count == 0 && begun < reader->next_at)
		return reader->next_at - begun;
	if (reader->count == 0 || !atomic_load(&reader->thread.host->up))
		return LIBVIRT_UNTIL_WOKEN_MS;
	conn = connection_acquire(connection, 0, NULL);
	for (size_t i = 0; conn && i < reader->count && clock_ms() - begun < STEP_MAX_MS; i++) {
		struct xml_request *request = &reader->requests[i];
		struct err err = { 0 };
		virDomainPtr dom = domain_find(conn, &request->uuid, &err);

		if (dom) {
			domain_info_init(&request->info, dom);
			request->read = domain_get_xml_info(dom, &request->info, &err);
			virDomainFree(dom);
			if (!request->read)
				vm_info_free(&request->info);
		}
		request->answered = err.kind != ERR_LOST;
	}
	reader->ran = conn != NULL;
	reader->waiting = !conn || connection_is_broken(connection);
	if (reader->waiting)
		return RETRY_MS;
	if (!reader->background)
		return LIBVIRT_UNTIL_WOKEN_MS;
	took = MAX(clock_ms() - begun, 1);
	reader->next_at = clock_ms() + MIN(took * (100 - share) / share, PAUSE_MAX_MS);
	return reader->next_at - clock_ms();
}

/* --- UI thread --- */

static void add_request(struct domain_xml_reader *reader, struct domain_row *row)
{
	row->xml_wanted = false;
	reader->requests[reader->count++] =
		(struct xml_request){ .uuid = row->uuid, .agent_events = row->agent_events };
}

static void progress(void *state)
{
	struct domain_xml_reader *reader = state;
	struct libvirt_host *host = reader->thread.host;
	struct domain_row *row;

	for (size_t i = 0; reader->ran && i < reader->count; i++) {
		struct xml_request *request = &reader->requests[i];

		row = domain_table_find(&host->table, &request->uuid);
		if (request->read)
			libvirt_host_report_xml(host, &request->info, request->agent_events);
		else if (row && !request->answered)
			row->xml_wanted = true;
	}
	if (reader->ran)
		reader->count = 0;
	reader->ran = false;
	if (!atomic_load(&host->up))
		return;
	if (reader->count == 0) {
		/* The rows on screen, also those that are off, for their title and size; else whatever runs. */
		for (size_t i = 0; i < host->watched.count && reader->count < BATCH_MAX; i++) {
			row = domain_table_find(&host->table, &host->watched.at[i]);
			if (row && row->xml_wanted)
				add_request(reader, row);
		}
		reader->background = reader->count == 0;
		while (reader->background && !host->be.config.one_shot && clock_ms() >= reader->next_at &&
		       reader->count < BATCH_MAX && (row = domain_table_next_wanted(&host->table)))
			add_request(reader, row);
	}
	if (reader->count > 0 && !reader->waiting)
		host_thread_wake(&reader->thread);
}

struct domain_xml_reader *domain_xml_reader_create(struct libvirt_host *host)
{
	struct domain_xml_reader *reader = mem_zalloc(sizeof(*reader));

	host_thread_init(&reader->thread, host, NULL);
	return reader;
}

void domain_xml_reader_wake(struct domain_xml_reader *reader)
{
	const struct job_spec spec = { .step = step, .progress = progress, .priority = WORKER_BACKGROUND };

	if (!host_thread_wake(&reader->thread) && reader->thread.host->table.count > 0)
		host_thread_start(&reader->thread, "xml", spec);
}

void domain_xml_reader_destroy(struct domain_xml_reader *reader)
{
	for (size_t i = 0; i < reader->count; i++) {
		if (reader->requests[i].read)
			vm_info_free(&reader->requests[i].info);
	}
	connection_destroy(reader->thread.connection);
	free(reader);
}

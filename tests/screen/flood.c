/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked with the rest of innkeeper, it makes a program whose first host tells $INNKEEPER_FLOOD things a second from
 * the moment of its first list: channels that open and close, figures, notes, of any of its VMs, each posted by a
 * thread of its own. At the end it writes to $INNKEEPER_FLOOD_REPORT, one "name value" a line: events, frames, ms, and
 * late, the events that waited more than 100 ms for the UI thread.
 */
#include "backend/backend.h"
#include "base/clock.h"
#include "base/vec.h"
#include "ui/tui/ui.h"

#include <poll.h>
#include <pthread.h>

enum { EVERY_MS = 5, LATE_MS = 100 };

static struct {
	struct backend *host;
	struct {
		VEC(struct uuid);
	} vms;
	int64_t began_at;
	long per_second, delivered, late, frames;
} flood;

struct drop {
	int64_t posted_at;
	long number;
};

/* --- UI thread --- */

static void deliver(void *data)
{
	const struct backend_listener *listener = &flood.host->config.listener;
	struct drop *drop = data;
	const struct uuid *vm = &flood.vms.at[(size_t)drop->number * 7919 % flood.vms.count];
	const struct vm_figures figures = { .uuid = *vm,
					    .cpu_percent = (double)(drop->number % 100),
					    .memory_kib = 4096 };

	if (drop->number % 3 == 0)
		listener->channel(listener->data, vm, drop->number % 2 ? CHANNEL_CONNECTED : CHANNEL_DISCONNECTED);
	else if (drop->number % 3 == 1)
		listener->figures(listener->data, &figures, 1);
	else
		listener->note(listener->data, vm, text_format("drop %ld", drop->number));
	flood.delivered++;
	flood.late += clock_ms() - drop->posted_at > LATE_MS;
	free(drop);
}

/* --- a thread of its own --- */

static void *rain(void *unused)
{
	(void)unused;
	for (long number = 0;; poll(NULL, 0, EVERY_MS)) {
		long due = (long)((clock_ms() - flood.began_at) * flood.per_second / 1000);

		for (; number < due; number++) {
			struct drop *drop = mem_zalloc(sizeof(*drop));

			*drop = (struct drop){ .posted_at = clock_ms(), .number = number };
			loop_post(flood.host->config.loop, deliver, drop);
		}
	}
	return NULL;
}

/* --- where it takes hold --- */

bool __wrap_backend_start(struct backend *be, struct err *err);
bool __real_backend_start(struct backend *be, struct err *err);
void __wrap_inventory_apply_list(struct inventory *inventory, int host, struct vm_info *info, size_t count);
void __real_inventory_apply_list(struct inventory *inventory, int host, struct vm_info *info, size_t count);
void __wrap_term_end_frame(void);
void __real_term_end_frame(void);
bool __wrap_ui_run(struct app *app, const struct ui_settings *settings, struct err *err);
bool __real_ui_run(struct app *app, const struct ui_settings *settings, struct err *err);

bool __wrap_backend_start(struct backend *be, struct err *err)
{
	if (!flood.host)
		flood.host = be;
	return __real_backend_start(be, err);
}

void __wrap_inventory_apply_list(struct inventory *inventory, int host, struct vm_info *info, size_t count)
{
	pthread_t thread;

	if (host == 0 && !flood.began_at && count) {
		for (size_t i = 0; i < count; i++)
			*VEC_PUSH(&flood.vms) = info[i].uuid;
		flood.per_second = strtol(getenv("INNKEEPER_FLOOD"), NULL, 10);
		flood.began_at = clock_ms();
		if (pthread_create(&thread, NULL, rain, NULL) != 0)
			abort();
	}
	__real_inventory_apply_list(inventory, host, info, count);
}

void __wrap_term_end_frame(void)
{
	flood.frames += flood.began_at != 0;
	__real_term_end_frame();
}

bool __wrap_ui_run(struct app *app, const struct ui_settings *settings, struct err *err)
{
	bool ok = __real_ui_run(app, settings, err);
	FILE *report = fopen(getenv("INNKEEPER_FLOOD_REPORT"), "w");

	if (!report)
		abort();
	fprintf(report, "events %ld\nframes %ld\nms %lld\nlate %ld\n", flood.delivered, flood.frames,
		(long long)(clock_ms() - flood.began_at), flood.late);
	fclose(report);
	_Exit(ok ? 0 : 1); /* the rain goes on, and the loop that it falls into would be freed */
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_host.h - one simulated host as it is at one moment; its guests: demo_guest.h.
 *
 * Time is host time: ms since the demo began. demo_host_advance() carries out what was due until then,
 * so the world needs no clockwork of its own: whoever looks, brings it up to date first. Changes that a
 * connected client would hear of are kept as news until demo.c tells its listener.
 *
 * No locks in here: demo.c holds its own around every call.
 */
#pragma once

#include "backend/demo/demo_guest.h"
#include "backend/demo/demo_schedule.h"
#include "model/host.h"

#include <time.h>

/* What a client has not been told yet; bits. */
enum demo_news {
	NEWS_INFO = 1,
	NEWS_CHANNEL = 2,
	NEWS_DROPPED = 4, /* the channel closed since, whatever it is now */
	NEWS_REBOOTED = 8,
	NEWS_GONE = 16,
	/* the host's */
	NEWS_HOST_STATE = 32,
	NEWS_LIST = 64,
	NEWS_GUESTS = 128, /* some guest has news */
	NEWS_NOTES = 256,
	NEWS_BOOTED = 512, /* a guest's */
	NEWS_RESTORED = 1024,
	NEWS_STOPPED = 2048,
};

struct demo_note {
	struct uuid uuid;
	bool about_guest;
	struct safe_text text; /* owned */
};

struct demo_notes {
	VEC(struct demo_note);
};

struct demo_host {
	const struct demo_host_plan *plan;
	uint64_t seed;
	time_t began; /* wall clock at host time 0 */
	int64_t now;
	bool once; /* no reconnecting after a loss */
	enum host_state state;
	unsigned boot_generation; /* another one after each change of state */
	int tries;                /* to connect, in a row, in vain */
	int64_t retry_at;
	int64_t hung_until, cut_until;
	const char *trouble; /* why it is lost; NULL none. N_() */
	struct demo_guest *guests;
	size_t guest_count;
	int last_domain_id;
	struct demo_timeline timeline;
	unsigned news;
	struct demo_notes notes;
};

/* The plan must outlive it. Not connected yet. */
void demo_host_init(struct demo_host *host, const struct demo_host_plan *plan, uint64_t seed, time_t began);
void demo_host_finish(struct demo_host *host);
void demo_host_connect(struct demo_host *host); /* starts trying; a no-op where it is connected */
void demo_host_advance(struct demo_host *host, int64_t now);
bool demo_host_is_connected(const struct demo_host *host);
bool demo_host_is_hung(const struct demo_host *host); /* connected or not, it answers nobody now */
struct demo_guest *demo_host_find(struct demo_host *host, const struct uuid *uuid); /* NULL: no such domain */
/* For the event log: what a person in front of the simulated machine would have seen. %s: safe texts. */
void demo_host_note(struct demo_host *host, const struct demo_guest *guest, const char *format, ...) PRINTF_LIKE(3, 4);
void demo_host_figures(const struct demo_host *host, struct host_figures *ret_figures);
void demo_host_plan_due(struct demo_host *host, struct demo_due due, int64_t in_ms);

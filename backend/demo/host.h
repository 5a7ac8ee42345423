/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host.h - one simulated host and its guests, as they are at one moment.
 *
 * Time is host time: ms since the demo began. demo_host_advance() carries out what was due until then,
 * so the world needs no clockwork of its own: whoever looks, brings it up to date first. Changes that a
 * connected client would hear of are kept as news until demo.c tells its listener.
 *
 * No locks in here: demo.c holds its own around every call.
 */
#ifndef INNKEEPER_DEMO_HOST_H
#define INNKEEPER_DEMO_HOST_H

#include "backend/demo/scenario.h"
#include "backend/demo/timeline.h"
#include "model/host.h"
#include "model/snapshot.h"

#include <time.h>

/* What a client has not been told yet; bits. */
enum demo_news {
	NEWS_FACTS = 1,
	NEWS_CHANNEL = 2,
	NEWS_DROPPED = 4,    /* the channel closed since, whatever it is now */
	NEWS_REBOOTED = 8,
	NEWS_GONE = 16,
	/* the host's */
	NEWS_HOST_STATE = 32,
	NEWS_LIST = 64,
	NEWS_GUESTS = 128,   /* some guest has news */
	NEWS_NOTES = 256,
};

struct demo_session {
	const struct demo_login *login;
	int number;          /* logind's id, or the WTS number */
	int line;            /* of ttyN, pts/N */
	int64_t since;       /* host time; negative: before the demo began */
	bool closing;        /* told to end, not gone yet */
	bool locked;
	bool disconnected;   /* Windows */
};

struct demo_process {
	int64_t pid, ends_at;
	int exit_code;
	char *out, *err_out; /* NULL where nothing is captured */
	size_t out_len, err_len;
};

struct demo_guest {
	const struct demo_vm_plan *plan;
	const struct demo_os *os;
	struct uuid uuid;
	uint64_t seed;
	int index, domain_id;
	unsigned life;       /* another one after each power-on, power-off and reboot */
	enum vm_state state;
	bool undefined;
	bool agent;          /* connected */
	bool channel_read;   /* the host has told about the channel */
	bool frozen;
	bool leaving;        /* shutting down */
	char *nologin;       /* what stands in /run/nologin: nobody but root logs on; NULL: no such file */
	bool autostart;
	bool drained;        /* Windows: nobody new logs on */
	int last_session;
	int64_t last_pid;
	struct { VEC(struct demo_session); } sessions;
	struct { VEC(struct demo_process); } processes;
	struct snapshot_list snapshots;
	int64_t saving_since;    /* host time; -1: its memory is not being saved */
	bool console_open;
	unsigned console_serial; /* of who sits at it, or sat there last */
	unsigned news;
};

struct demo_note {
	struct uuid uuid;
	bool about_guest;
	struct safe_text text; /* owned */
};

struct demo_host {
	const struct demo_host_plan *plan;
	uint64_t seed;
	time_t began;        /* wall clock at host time 0 */
	int64_t now;
	bool once;           /* no reconnecting after a loss */
	enum host_state state;
	unsigned life;       /* another one after each change of state */
	int tries;           /* to connect, in a row, in vain */
	int64_t retry_at;
	int64_t hung_until, cut_until;
	const char *trouble; /* why it is lost; NULL none. N_() */
	struct demo_guest *guests;
	size_t guest_count;
	int last_domain_id;
	struct demo_timeline timeline;
	unsigned news;
	struct { VEC(struct demo_note); } notes;
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
void demo_host_plan_due(struct demo_host *host, struct demo_due due, int64_t in_ms);

/* --- guests (guest.c) --- */

void demo_guest_init(struct demo_host *host, struct demo_guest *guest, const struct demo_vm_plan *plan, int index);
void demo_guest_finish(struct demo_guest *guest);
bool demo_guest_is_running(const struct demo_guest *guest);
void demo_guest_happens(struct demo_host *host, struct demo_guest *guest, const struct demo_due *due);
/* The verbs of libvirt; false with its complaint. */
bool demo_guest_obey(struct demo_host *host, struct demo_guest *guest, enum vm_verb verb, struct err *err);
void demo_guest_shut_down(struct demo_host *host, struct demo_guest *guest, bool reboot);

int demo_guest_saved_percent(const struct demo_host *host, const struct demo_guest *guest); /* -1: not being saved */
bool demo_guest_stop_saving(struct demo_host *host, struct demo_guest *guest, struct err *err);
/* Stands still while its memory is written, and goes on. */
void demo_guest_hold(struct demo_host *host, struct demo_guest *guest, bool still);
/* What a snapshot restores: running, with the agent soon back and who was logged on in the beginning; else off. */
void demo_guest_go_back(struct demo_host *host, struct demo_guest *guest, enum vm_state state);

enum demo_push { PUSH_HANGUP, PUSH_TERMINATE, PUSH_KILL };
/* Tells a session to end; when it does, or whether, is its login's nature. */
void demo_guest_push(struct demo_host *host, struct demo_guest *guest, struct demo_session *session,
		     enum demo_push push);
struct demo_session *demo_guest_session(struct demo_guest *guest, int number); /* NULL: none */
/* "tty1", "pts/0"; of a Windows session its station's name. */
void demo_session_line(const struct demo_guest *guest, const struct demo_session *session, char buf[24]);

/* --- its snapshots (snapshot.c); false with libvirt's complaint --- */

void demo_guest_seed_snapshots(const struct demo_host *host, struct demo_guest *guest);
void demo_guest_copy_snapshots(const struct demo_guest *guest, struct snapshot_list *ret);
bool demo_guest_may_take(const struct demo_guest *guest, const struct snapshot_order *order, struct err *err);
void demo_guest_take(struct demo_host *host, struct demo_guest *guest, const struct snapshot_order *order,
		     enum vm_state state);
bool demo_guest_revert(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err);
bool demo_guest_drop(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err);

/* --- how a guest looks from its host (facts.c) --- */

void demo_guest_facts(const struct demo_guest *guest, struct vm_facts *ret_facts); /* owned by the caller */
enum agent_channel demo_guest_channel(const struct demo_guest *guest);
void demo_guest_figures(const struct demo_host *host, const struct demo_guest *guest, struct vm_figures *ret_figures);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.h - a machine as a value: a libvirt domain, and what we know of its guest.
 *
 * Unknown stays unknown: numbers are -1 (doubles: negative), texts empty, states ..._UNKNOWN until
 * somebody told. UI thread; what crosses threads as a value is in vm_info.h.
 */
#pragma once

#include "model/address.h"
#include "model/history.h"
#include "model/session.h"
#include "model/timeline.h"
#include "model/uptime.h"
#include "model/vm_info.h"

/* What talking to the agent taught us; forgotten when the channel closes. */
enum agent_trouble {
	TROUBLE_NONE,
	TROUBLE_BLOCKED, /* guest-exec refused */
	TROUBLE_SILENT,  /* connected, does not answer */
	TROUBLE_FROZEN,  /* file systems frozen */
};

/* The one word that a person sees (interface.md 2, vm_agent_state()). */
enum agent_state {
	AGENT_UNKNOWN, /* "?" */
	AGENT_OFF,
	AGENT_NONE,
	AGENT_DOWN,
	AGENT_UP,
	AGENT_BLOCKED,
	AGENT_SILENT,
	AGENT_FROZEN,
	AGENT_DENIED,
	AGENT_STATE_COUNT
};

enum users_state {
	USERS_UNKNOWN,
	USERS_KNOWN,
	USERS_DENIED,
};

enum { HEARTBEAT_SLOTS = 10, HEARTBEAT_SLOT_MS = 6000 }; /* the original: 10 ticks a minute */

struct heartbeat {
	int64_t asked[HEARTBEAT_SLOTS]; /* clock_ms() of the last pings, a ring; 0: none */
	bool answered[HEARTBEAT_SLOTS];
	int next;
};

struct guest_profile;
struct snapshot_knowledge;

struct vm {
	struct vm_id id;
	struct vm_info info;
	struct vm_figures figures;
	int64_t figures_at;      /* clock_ms(), 0 never */
	struct history *history; /* owned; NULL until it was on the screen */

	enum agent_trouble trouble;
	int64_t backoff_until; /* circuit breaker: not asked in the background before (clock_ms()) */
	int failures;          /* in a row; the back-off grows with it */
	struct heartbeat heartbeat;
	struct safe_text agent_version; /* guest-info */
	struct safe_text os_id;         /* guest-get-osinfo "id": debian, mswindows */
	struct safe_text os_name;       /* pretty name, else id and version */
	struct safe_text os_version;
	struct safe_text kernel;
	struct safe_text hostname; /* guest-get-host-name */

	struct address_list addresses; /* where the guest can be reached */
	int64_t addresses_at;          /* clock_ms() of the answer, 0 never */

	struct uptime uptime; /* of its system */

	enum users_state users_state;
	struct session_list sessions;
	int64_t sessions_at;            /* clock_ms() of the answer, 0 never */
	int64_t sessions_full_at;       /* ... that told everything: state, lock and idle time, too */
	int64_t looked_at;              /* clock_ms() of the last question, however it ended; 0 never */
	int quiet_looks;                /* in a row found nothing new */
	bool names_only;                /* the last answer named users, not sessions */
	bool look_in_full;              /* the next look is to tell everything */
	bool is_wanted;                 /* app_guests.c: while it changes who is */
	unsigned guest_serial;          /* grows when a guest is forgotten: what it was asked before is void */
	bool sessions_asked;            /* a query is on its way */
	struct timeline *timeline;      /* who came and went; owned, NULL until the first look */
	bool logins_disabled;           /* by us: nobody new can log on */
	struct safe_text sessions_note; /* why users are unknown: the last query's error */

	struct snapshot_knowledge *snapshots; /* owned; NULL until somebody asked (model/snapshot.h) */
	struct guest_profile *profile; /* the app's: what talking to this guest taught us; opaque here, NULL none */

	/* The listing's (engine/listing.h). */
	uint64_t marked_at; /* grows from mark to mark; 0: not marked */
	bool shown;
	size_t row;  /* where it is shown */
	size_t rank; /* among all, by host and name */

	/* filter_prepare()'s: the texts that a bare word is looked for in, a line each, in small letters (ASCII);
	 * owned. */
	char *searched;
	uint64_t searched_version; /* the version that they are of */
	bool searched_ascii;

	uint64_t version; /* inventory_version() when it last changed */
	uint64_t task_id; /* newest task on this VM, 0 none */
};

const char *agent_state_name(enum agent_state state);   /* "up", "?" */
const char *agent_state_advice(enum agent_state state); /* N_(): the next step, "" for up */
const char *vm_agent_advice(const struct vm *vm);       /* N_(): the same for this VM, in the state that it is in */
const char *users_state_name(enum users_state state);

bool vm_xml_is_known(const struct vm *vm); /* what stands in its XML was read: an empty title is none */
enum agent_state vm_agent_state(const struct vm *vm);
int64_t vm_memory_kib(const struct vm *vm);             /* what it has now: of the last figures, else of its info; -1 */
int64_t vm_users(const struct vm *vm);                  /* people who are logged on; -1 unknown */
bool vm_was_asked(const struct vm *vm);                 /* who is logged on, and it ended: in a list or in a reason */
int64_t vm_uptime_ms(const struct vm *vm, int64_t now); /* -1 unknown, or not up */
/* Answered pings of the last minute, of those sent; -1 where none was sent. now: clock_ms(). */
int vm_heartbeat_percent(const struct vm *vm, int64_t now);
void vm_note_ping(struct vm *vm, int64_t asked_at, bool answered);

struct vm *vm_create(struct vm_id id);
void vm_destroy(struct vm *vm);
/*
 * Takes facts over (their texts change owner); unknown fields keep what was known. True if anything changed.
 * A VM that leaves an active state forgets its guest; one without a process keeps no connected channel.
 */
bool vm_apply_facts(struct vm *vm, struct vm_info *info);
bool vm_apply_channel(struct vm *vm, enum agent_channel channel); /* true if it changed */
/* Figures of now; true if any differs from what was known. */
bool vm_apply_figures(struct vm *vm, const struct vm_figures *figures, int64_t now);
void vm_note_booted(struct vm *vm, int64_t now); /* we saw it start from nothing, or reboot */
void vm_forget_guest(struct vm *vm); /* it stopped or its agent went: sessions, trouble, heartbeat are unknown again */

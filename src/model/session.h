/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - who is logged on in a guest: a list of sessions as a value.
 * Made by the agent protocol (backend/guest/agent_sessions.h), read by everyone else.
 */
#ifndef INNKEEPER_SESSION_H
#define INNKEEPER_SESSION_H

#include "base/text.h"
#include "base/vec.h"

/*
 * A list keeps so many sessions, and counts the rest: a guest may say what it likes. With logind each takes a program
 * of its own, a tenth of a second: so many are listed, told and listed again within a log-off's time.
 */
enum { SESSION_ID_SIZE = 33, SESSION_LIST_MAX = 256 };

/*
 * The guest family decides by which means sessions are seen and ended: logind by loginctl, utmp (no logind) by who and
 * pkill, Windows by WTS through PowerShell. One row each: FAMILY_LOGIND, named "logind", with its driver
 * guest_os_logind (backend/guest/guest_os.h). A guest that does not tell its family is tried as each, in this order.
 */
#define GUEST_FAMILIES(X) \
	X(UNKNOWN, unknown) \
	X(LOGIND, logind) \
	X(UTMP, utmp) \
	X(WINDOWS, windows)

#define FAMILY(NAME, name) FAMILY_##NAME,
enum guest_family { GUEST_FAMILIES(FAMILY) };
#undef FAMILY

struct session {
	char id[SESSION_ID_SIZE];    /* logind's id, the tty line, or the WTS number; passed the family's whitelist */
	struct safe_text user;       /* owned; all texts of a session are */
	struct safe_text domain;     /* Windows; else empty */
	struct safe_text account;    /* Windows: domain\user in base64, as the guest told it; may be empty */
	struct safe_text class_name; /* logind's Class; "user" elsewhere */
	struct safe_text state;      /* logind: online active closing; Windows: active connected disconnected */
	struct safe_text type;       /* logind's Type: tty, x11, wayland, mir, unspecified; empty where unknown */
	struct safe_text tty;        /* empty where unknown */
	struct safe_text remote;     /* remote host; empty where local or unknown */
	int64_t login_time;          /* seconds since 1970, -1 unknown */
	int64_t idle_s;              /* without input when it was listed, at least; -1 unknown */
	int64_t disconnected_s;      /* so long when it was listed; -1 unknown, or connected */
	int64_t cpu_s, memory_kib;   /* of its processes together, as of when it was listed; -1 unknown, or not asked */
	bool remote_known;
	bool is_remote;
	bool locked;           /* true only where the guest tells */
	bool leaves_processes; /* elogind, which has no scopes: what resists outlives the session */
	bool disconnected;
};

struct session_list {
	VEC(struct session); /* the log-ons alone: managers, greeters, background ones are left out */
	enum guest_family family;
	size_t more;    /* sessions beyond SESSION_LIST_MAX, counted but not kept */
	bool proven;    /* false: who is on it is on; who is not on it may be on all the same */
	bool lacks_ids; /* the agent named somebody whose sessions were not listed yet: ask in full before acting */
};

/* It has a desktop: what is written to terminals is not seen there, and it can lock. */
bool session_is_graphical(const struct session *session);
/* wall(1) writes to its terminal, as far as is known. */
bool session_has_terminal(const struct session *session);
void session_list_free(struct session_list *list);
void session_list_copy(struct session_list *to, const struct session_list *from); /* to: overwritten, not freed */
void session_list_add(struct session_list *list, const struct session *session);  /* a copy; of another list */
const struct session *session_list_find(const struct session_list *list, const char *id);
/* Whose it is, and since when: tells it from a later one under the same id. Never 0. */
uint64_t session_stamp(const struct session *session);
/* The one with this id and stamp, or NULL. */
const struct session *session_list_find_same(const struct session_list *list, const char *id, uint64_t stamp);
size_t session_list_total(const struct session_list *list); /* count + more */
/*
 * Does it mean anything that somebody is missing from this list, or everybody? Only where all are named, and by one
 * who knows. Whoever says of a person that he is not logged on, or is gone, asks this first.
 */
bool session_list_proves_absence(const struct session_list *list);
size_t session_list_people(const struct session_list *list); /* distinct users */
/* Of the session that had input last, in seconds; -1 where there is none, or one of which it is unknown. */
int64_t session_list_idle(const struct session_list *list);
/* "alice, bob (2)"; owned. At most `most` names, then "+3 more". */
struct safe_text session_list_names(const struct session_list *list, size_t most);
/*
 * All names, in parts of about so many bytes: those from session *at on (0 at first), at least one; *at moves on, to
 * list->count where nothing is left. Owned.
 */
struct safe_text session_list_names_part(const struct session_list *list, size_t bytes, size_t *at);

const char *guest_family_name(enum guest_family family); /* "logind", "utmp", "windows", "unknown" */

#endif

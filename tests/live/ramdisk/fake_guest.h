/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_guest.h - what the fake agent speaks for: its character, who is logged on, the programs it runs.
 */
#ifndef FAKE_GUEST_H
#define FAKE_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PEOPLE_MAX = 5, ARGS_MAX = 32 };

enum fault {
	FAULT_NONE,
	FAULT_MUTE,         /* never answers */
	FAULT_STALL,        /* answers the sync, then nothing */
	FAULT_STALL_AT_END, /* lists its sessions; told to end one it falls silent, and ends none */
	FAULT_LOSE_ANSWER,  /* ends the session, but the answer to that command is lost */
	FAULT_GARBAGE,      /* answers the sync, then no JSON */
	FAULT_HUGE,         /* answers the sync, then more than libvirt takes */
	FAULT_FLAP,         /* leaves its port and comes back, ten times a second */
	FAULT_TWICE,        /* gives each answer twice */
	FAULT_MIXED,        /* gives the answer before again, and then its own */
	FAULT_LATE,         /* ends the session, and says so when nobody listens any more */
	FAULT_LIES,         /* says that the session was ended; it was not */
	FAULT_RETURN,       /* who was logged off is logged on again at once, in a new session */
};

struct fake_session {
	char id[16];
	const char *user, *domain, *tty, *class;
	int wts_state;  /* Windows: 0 active, 4 disconnected */
	int64_t end_at; /* milliseconds; 0: nobody told it to end */
};

struct fake_guest {
	const char *personality;
	const char *host_name, *os_id, *os_name; /* NULL: as the personality, Debian */
	bool windows;
	bool exec_blocked, old, frozen;
	enum fault fault;
	int answer_ms;                          /* how long an answer takes */
	struct fake_session people[PEOPLE_MAX]; /* who is logged on at first, the last row empty */
	int crowd;                              /* and this many more */
	struct fake_session *sessions;          /* who is logged on now */
	size_t count;
	int next_id;
};

extern FILE *truth; /* what the lab reads outside */

struct fake_guest *fake_guest_find(const char *personality);
/* Drops whose time to go has come. */
void fake_guest_settle(struct fake_guest *guest);
struct fake_session *fake_guest_session(struct fake_guest *guest, const char *id);
void fake_guest_end_session(struct fake_guest *guest, struct fake_session *session, int after_ms);

struct fake_program {
	const char *args[ARGS_MAX]; /* the program itself first, NULL-terminated */
	int exit_code;
	FILE *out, *err;
};

/* False: there is no such program in this guest. */
bool fake_program_run(struct fake_guest *guest, struct fake_program *program);
/* Would it end a session? */
bool fake_program_ends_session(const struct fake_program *program);

int64_t now_ms(void);
void base64_write(FILE *to, const void *data, size_t size);
size_t base64_read(const char *text, char *ret, size_t size);

#endif

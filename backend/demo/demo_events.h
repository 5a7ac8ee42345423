/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_events.h - what can happen in the demo world, by script or as a consequence of something else; and what goes
 * wrong in a simulated guest on the way: the n-th time that something is asked of it. demo_guest.h counts.
 */
#pragma once

/* One row a word of scenario files: what it is here, and how a file spells it. */
#define WORD_ID(id, word)   id,
#define WORD_TEXT(id, word) [id] = word,

#define DEMO_SCRIPTED_EVENTS(ROW) \
	/* scripted, for guests */ \
	ROW(EVENT_LOGON, "logon") \
	ROW(EVENT_LOGOFF, "logoff") \
	ROW(EVENT_START, "start") \
	ROW(EVENT_SHUTDOWN, "shutdown") \
	ROW(EVENT_REBOOT, "reboot") \
	ROW(EVENT_CRASH, "crash") \
	ROW(EVENT_DESTROY, "destroy") \
	ROW(EVENT_PAUSE, "pause") \
	ROW(EVENT_RESUME, "resume") \
	ROW(EVENT_DISK_FULL, "disk-full") /* the host's, so that the VM is paused */ \
	ROW(EVENT_AGENT_DOWN, "agent-down") \
	ROW(EVENT_AGENT_UP, "agent-up") \
	ROW(EVENT_FREEZE, "freeze") \
	ROW(EVENT_THAW, "thaw") \
	ROW(EVENT_UNDEFINE, "undefine") \
	ROW(EVENT_MIGRATE, "migrate") /* to another host, where it has EVENT_ARRIVE */ \
	ROW(EVENT_ARRIVE, "arrive") \
	/* scripted, for hosts */ \
	ROW(EVENT_HANG, "hang") /* takes calls and answers none, for `span` */ \
	ROW(EVENT_LOSE, "lose") /* the connection breaks; no new one for `span` */
enum demo_what {
	DEMO_SCRIPTED_EVENTS(WORD_ID) /* in their order */
	EVENT_SCRIPTED_COUNT,
	/* consequences */
	EVENT_SESSION_ENDS = EVENT_SCRIPTED_COUNT,
	EVENT_POWERED_OFF,
	EVENT_SAVED,
	EVENT_MIGRATED,
	EVENT_CHANNEL_READ,
	EVENT_CONNECTED,
	EVENT_STALE,
	EVENT_LOST,
	EVENT_RETRY,
	EVENT_COUNT
};

struct demo_event {
	int what;
	double at_s, every_s, for_s; /* seconds; every_s 0: once */
	const char *user;            /* logon, logoff: one of the guest's logins */
};

/* What is asked of a guest: by loginctl, who, pkill and wall, by scripts of PowerShell, by Windows' small programs. */
#define DEMO_STEPS(ROW) \
	ROW(DEMO_STEP_LIST, "list") \
	ROW(DEMO_STEP_SHOW, "show")   /* one session, logind */ \
	ROW(DEMO_STEP_USERS, "users") /* guest-get-users */ \
	ROW(DEMO_STEP_WARN, "warn") \
	ROW(DEMO_STEP_END, "end") \
	ROW(DEMO_STEP_LOCK, "lock") \
	ROW(DEMO_STEP_DISCONNECT, "disconnect") \
	ROW(DEMO_STEP_DISABLE_LOGINS, "disable-logins") \
	ROW(DEMO_STEP_ENABLE_LOGINS, "enable-logins")
enum demo_step { DEMO_STEPS(WORD_ID) DEMO_STEP_COUNT /* none of these */ };

#define DEMO_FAILURES(ROW) \
	ROW(FAILS_WITH_ERROR, "error")  /* it fails with the error `code` */ \
	ROW(FAILS_MISSING, "missing")   /* there is no such program, or command */ \
	ROW(FAILS_SILENTLY, "silent")   /* it says nothing, does nothing, and that went well */ \
	ROW(FAILS_LOST, "lost")         /* it is done, and the answer never comes */ \
	ROW(FAILS_CUT, "cut")           /* only the first half of what it says is passed on */ \
	ROW(FAILS_NO_TYPES, "no-types") /* Windows: types are refused, as policy may do from one moment to the next */ \
	ROW(FAILS_BLIND, "blind")       /* ... and Get-Process shows no owner of an explorer.exe either */ \
	ROW(FAILS_TAKEN, "taken")       /* right before, the session that is meant becomes `user`'s under the same id */
enum demo_how { DEMO_FAILURES(WORD_ID) FAILS_COUNT };

struct demo_failure {
	int step, how;
	int from, times;  /* from the n-th time on (0: the first), so many times (0: for ever) */
	int code;         /* 0: 1; 5 is "access denied" to Windows */
	const char *user; /* FAILS_TAKEN: one of the VM's logins */
};

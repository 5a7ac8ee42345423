/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * happenings.h - what can happen in the demo world: by script, or as a consequence of something else.
 */
#ifndef INNKEEPER_DEMO_HAPPENINGS_H
#define INNKEEPER_DEMO_HAPPENINGS_H

enum demo_what {
	/* scripted, for guests */
	WHAT_LOGON,
	WHAT_LOGOFF,
	WHAT_START,
	WHAT_SHUTDOWN,
	WHAT_REBOOT,
	WHAT_CRASH,
	WHAT_DESTROY,
	WHAT_PAUSE,
	WHAT_RESUME,
	WHAT_DISK_FULL, /* the host's, so that the VM is paused */
	WHAT_AGENT_DOWN,
	WHAT_AGENT_UP,
	WHAT_FREEZE,
	WHAT_THAW,
	WHAT_UNDEFINE,
	/* scripted, for hosts */
	WHAT_HANG,      /* takes calls and answers none, for `span` */
	WHAT_LOSE,      /* the connection breaks; no new one for `span` */
	WHAT_SCRIPTED_COUNT,
	/* consequences */
	WHAT_SESSION_ENDS = WHAT_SCRIPTED_COUNT,
	WHAT_POWERED_OFF,
	WHAT_SAVED,
	WHAT_CHANNEL_READ,
	WHAT_CONNECTED,
	WHAT_STALE,
	WHAT_LOST,
	WHAT_RETRY,
	WHAT_COUNT
};

struct demo_happening {
	int what;
	double at_s, every_s, for_s; /* seconds; every_s 0: once */
	const char *user;            /* logon, logoff: one of the guest's logins */
};

/* "logon", "agent-down" ...; scripted ones alone. */
extern const char *const scenario_what_words[WHAT_SCRIPTED_COUNT];

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_events.h - what can happen in the demo world: by script, or as a consequence of something else.
 */
#ifndef INNKEEPER_DEMO_HAPPENINGS_H
#define INNKEEPER_DEMO_HAPPENINGS_H

enum demo_what {
	/* scripted, for guests */
	EVENT_LOGON,
	EVENT_LOGOFF,
	EVENT_START,
	EVENT_SHUTDOWN,
	EVENT_REBOOT,
	EVENT_CRASH,
	EVENT_DESTROY,
	EVENT_PAUSE,
	EVENT_RESUME,
	EVENT_DISK_FULL, /* the host's, so that the VM is paused */
	EVENT_AGENT_DOWN,
	EVENT_AGENT_UP,
	EVENT_FREEZE,
	EVENT_THAW,
	EVENT_UNDEFINE,
	EVENT_MIGRATE, /* to another host, where it has EVENT_ARRIVE */
	EVENT_ARRIVE,
	/* scripted, for hosts */
	EVENT_HANG, /* takes calls and answers none, for `span` */
	EVENT_LOSE, /* the connection breaks; no new one for `span` */
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

/* "logon", "agent-down" ...; scripted ones alone. */
extern const char *const scenario_what_words[EVENT_SCRIPTED_COUNT];

#endif

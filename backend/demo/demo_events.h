/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_events.h - what can happen in the demo world, by script or as a consequence of something else; and what goes
 * wrong in a simulated guest on the way: the n-th time that something is asked of it. demo_guest.h counts.
 */
#pragma once

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

/* What is asked of a guest: by loginctl, who, pkill and wall, by scripts of PowerShell, by Windows' small programs. */
enum demo_step {
	DEMO_STEP_LIST,
	DEMO_STEP_SHOW,  /* one session, logind */
	DEMO_STEP_USERS, /* guest-get-users */
	DEMO_STEP_WARN,
	DEMO_STEP_END,
	DEMO_STEP_LOCK,
	DEMO_STEP_DISCONNECT,
	DEMO_STEP_DISABLE_LOGINS,
	DEMO_STEP_ENABLE_LOGINS,
	DEMO_STEP_COUNT /* none of these */
};

enum demo_how {
	FAILS_WITH_ERROR, /* it fails with the error `code` */
	FAILS_MISSING,    /* there is no such program, or command */
	FAILS_SILENTLY,   /* it says nothing, does nothing, and that went well */
	FAILS_LOST,       /* it is done, and the answer never comes */
	FAILS_CUT,        /* only the first half of what it says is passed on */
	FAILS_NO_TYPES,   /* Windows: Add-Type is refused, as policy may do from one moment to the next */
	FAILS_BLIND,      /* ... and Get-Process shows no owner of an explorer.exe either */
	FAILS_TAKEN,      /* right before, the session that is meant becomes `user`'s under the same id */
	FAILS_COUNT
};

struct demo_failure {
	int step, how;
	int from, times;  /* from the n-th time on (0: the first), so many times (0: for ever) */
	int code;         /* 0: 1; 5 is "access denied" to Windows */
	const char *user; /* FAILS_TAKEN: one of the VM's logins */
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario.h - a simulated fleet as it is written down: which hosts, which guests on them, who is
 * logged on there, and what happens when. Nothing here changes once it is loaded.
 *
 * Zero is a sensible default in every field, so that a table of ours and a file of a user's
 * (doc/scenario.md) say only what is special. Texts may be hostile: they stand for what comes from outside.
 */
#pragma once

#include "backend/demo/demo_events.h"
#include "backend/demo/demo_os.h"
#include "base/err.h"
#include "model/vm.h"

enum {
	SCENARIO_FILE_MAX = 256 * 1024,
	SCENARIO_DEPTH_MAX = 16,
	SCENARIO_HOSTS_MAX = 1000,
	SCENARIO_FILE_VMS_MAX = 1000, /* a host, in a file */
	SCENARIO_VMS_MAX = 16384,     /* a host, in a fleet; libvirt lists no more either */
};

/* How somebody came in. */
enum demo_via {
	VIA_SSH, /* on Windows: remote desktop */
	VIA_CONSOLE,
	VIA_DESKTOP,
	VIA_SERIAL,
	VIA_COUNT
};

/* What it takes to make a session end. */
enum demo_leaves {
	LEAVES_SOON,   /* within 0.6 to 4 s of being told */
	LEAVES_LATE,   /* ignores signals: the stop time-out ends it after 91 s */
	LEAVES_KILLED, /* only force ends it */
	LEAVES_NEVER,  /* nothing does */
	LEAVES_COUNT
};

struct demo_login {
	const char *user;   /* required */
	const char *domain; /* Windows */
	const char *from;   /* where a remote one comes from */
	int via, leaves;
	bool returns; /* comes back by itself: automatic log-in */
	bool absent;  /* not logged on when the demo begins; a event brings them */
	bool locked;
	bool disconnected; /* Windows */
	int since_s;       /* logged on so long ago when the demo begins */
	int idle_s;        /* has had no input so long when the demo begins, and has none; 0: has it now */
};

/* What the guest's agent is like. Everything from BEHAVIOUR_GARBAGE on faults answers that were right. */
enum agent_behaviour {
	BEHAVIOUR_UP,
	BEHAVIOUR_NONE,     /* the domain has no channel */
	BEHAVIOUR_DOWN,     /* a channel, and no agent on it */
	BEHAVIOUR_UNREAD,   /* the host is slow to tell about the channel */
	BEHAVIOUR_DENIED,   /* an ACL keeps us from reading the domain's XML and from asking its agent */
	BEHAVIOUR_BLOCKED,  /* guest-exec disabled by the guest's administrator */
	BEHAVIOUR_CONFINED, /* the guest's SELinux lets the agent start no program */
	BEHAVIOUR_FROZEN,
	BEHAVIOUR_OLD,    /* an agent from before guest-exec and guest-get-users */
	BEHAVIOUR_MUTE,   /* takes commands and never answers */
	BEHAVIOUR_NOSYNC, /* does not even answer the sync */
	BEHAVIOUR_BUSY,   /* another client holds it */
	BEHAVIOUR_GARBAGE,
	BEHAVIOUR_OVERSIZE,
	BEHAVIOUR_DEEP,
	BEHAVIOUR_NULLS,
	BEHAVIOUR_WRONG_TYPES, /* every value has the wrong type */
	BEHAVIOUR_NUMBERS,     /* numbers out of all bounds */
	BEHAVIOUR_DOUBLED,     /* keys twice */
	BEHAVIOUR_CROWD,       /* thousands of users */
	BEHAVIOUR_FLOOD,       /* programs print without end */
	BEHAVIOUR_CUT,         /* program output that is no base64 */
	BEHAVIOUR_COUNT
};

enum demo_load { LOAD_QUIET, LOAD_STEADY, LOAD_BUSY, LOAD_BURSTS, LOAD_COUNT };

struct demo_snapshot {
	const char *name; /* required */
	const char *description;
	const char *parent;  /* NULL: none */
	enum vm_state state; /* VM_STATE_UNKNOWN: running */
	bool disk_only;
	int taken_s; /* so long ago when the demo begins */
};

struct demo_vm_plan {
	const char *name; /* required */
	const char *title, *tags, *hostname /* NULL: the name */, *uuid /* NULL: made from the names */;
	const char *address;      /* NULL: made from host and place */
	const struct demo_os *os; /* NULL: the first one */
	enum vm_state state;      /* VM_STATE_UNKNOWN: running */
	int behaviour, load;
	int vcpus, memory_mib; /* 0: 1, 1024 */
	int latency_ms;        /* an answer's; 0: a few ms */
	int misses_percent;    /* so many pings go unanswered */
	bool autostart, transient;
	bool absent;       /* not on this host when the demo begins; an event brings it from another one */
	bool ignores_acpi; /* ignores the ACPI power button */
	bool greeter;      /* a graphical login screen stands open */
	bool no_console, console_busy;
	const char *console; /* what its serial console says first, as it is; NULL: nothing */
	const struct demo_login *logins;
	size_t login_count;
	const struct demo_event *events;
	size_t event_count;
	const struct demo_snapshot *snapshots; /* the last is the current one */
	size_t snapshot_count;
	const struct demo_failure *failures; /* the first one that fits */
	size_t failure_count;
};

struct demo_host_plan {
	const char *name; /* required; letters, digits, '.', '-', '_' */
	const char *version;
	bool production;
	bool monitor_only; /* a read-only connection is all it grants */
	bool unreachable;
	int latency_ms; /* added to each call */
	int connect_ms; /* 0: about 300 */
	const struct demo_vm_plan *vms;
	size_t vm_count;
	const struct demo_event *events;
	size_t event_count;
};

struct demo_scenario {
	uint64_t seed; /* 0: 1 */
	const struct demo_host_plan *hosts;
	size_t host_count;
	struct demo_store *store; /* what was made for it and goes with it; NULL: all constant */
};

/*
 * words: `default`, `fleet:HOSTS,VMS` or a path. only_host: build no guests but this host's (NULL: any;
 * a fleet of 10 000 is not built a hundred times). Reads a file: not for the UI thread once it runs.
 */
bool scenario_load(const char *words, const char *only_host, struct demo_scenario *ret_scenario, struct err *err);
void scenario_free(struct demo_scenario *scenario);
const struct demo_host_plan *scenario_find_host(const struct demo_scenario *scenario, const char *name);
const struct demo_login *scenario_find_login(const struct demo_vm_plan *vm, const char *user); /* user may be NULL */

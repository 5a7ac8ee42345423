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
#define DEMO_VIAS(ROW) \
	ROW(VIA_SSH, "ssh") /* on Windows: remote desktop */ \
	ROW(VIA_CONSOLE, "console") \
	ROW(VIA_DESKTOP, "desktop") \
	ROW(VIA_SERIAL, "serial")
enum demo_via { DEMO_VIAS(WORD_ID) VIA_COUNT };

/* What it takes to make a session end. */
#define DEMO_LEAVES(ROW) \
	ROW(LEAVES_SOON, "soon")     /* within 0.6 to 4 s of being told */ \
	ROW(LEAVES_LATE, "late")     /* ignores signals: the stop time-out ends it after 91 s */ \
	ROW(LEAVES_KILLED, "killed") /* only force ends it */ \
	ROW(LEAVES_NEVER, "never")   /* nothing does */
enum demo_leaves { DEMO_LEAVES(WORD_ID) LEAVES_COUNT };

struct demo_login {
	const char *user;   /* required */
	const char *domain; /* Windows */
	const char *from;   /* where a remote one comes from */
	int via, leaves;
	bool returns; /* comes back by itself: automatic log-in */
	bool absent;  /* not logged on when the demo begins; an event brings them */
	bool locked;
	bool disconnected;       /* Windows */
	int since_s, login_time; /* logged on so long ago when the demo begins; or then, where it is not 0 */
	int idle_s;              /* has had no input so long when the demo begins, and has none; 0: has it now */
};

/* What the guest's agent is like. Everything from BEHAVIOUR_GARBAGE on faults answers that were right. */
#define AGENT_BEHAVIOURS(ROW) \
	ROW(BEHAVIOUR_UP, "up") \
	ROW(BEHAVIOUR_NONE, "none")     /* the domain has no channel */ \
	ROW(BEHAVIOUR_DOWN, "down")     /* a channel, and no agent on it */ \
	ROW(BEHAVIOUR_UNREAD, "unread") /* the host is slow to tell about the channel */ \
	ROW(BEHAVIOUR_DENIED, "denied") /* an ACL keeps us from reading the domain's XML and from asking its agent */ \
	ROW(BEHAVIOUR_NOT_LIVE, "not-live") /* the channel is only in the configuration: there after the next start */ \
	ROW(BEHAVIOUR_BLOCKED, "blocked")   /* guest-exec disabled by the guest's administrator */ \
	ROW(BEHAVIOUR_CONFINED, "confined") /* the guest's SELinux lets the agent start no program */ \
	ROW(BEHAVIOUR_FROZEN, "frozen") \
	ROW(BEHAVIOUR_OLD, "old")       /* an agent from before guest-exec and guest-get-users */ \
	ROW(BEHAVIOUR_MUTE, "mute")     /* takes commands and never answers */ \
	ROW(BEHAVIOUR_NOSYNC, "nosync") /* does not even answer the sync */ \
	ROW(BEHAVIOUR_BUSY, "busy")     /* another client holds it */ \
	ROW(BEHAVIOUR_GARBAGE, "garbage") \
	ROW(BEHAVIOUR_OVERSIZE, "oversize") \
	ROW(BEHAVIOUR_DEEP, "deep") \
	ROW(BEHAVIOUR_NULLS, "nulls") \
	ROW(BEHAVIOUR_WRONG_TYPES, "twisted") /* every value has the wrong type */ \
	ROW(BEHAVIOUR_NUMBERS, "numbers")     /* numbers out of all bounds */ \
	ROW(BEHAVIOUR_DOUBLED, "doubled")     /* keys twice */ \
	ROW(BEHAVIOUR_CROWD, "crowd")         /* thousands of users */ \
	ROW(BEHAVIOUR_FLOOD, "flood")         /* programs print without end */ \
	ROW(BEHAVIOUR_CUT, "cut")             /* program output that is no base64 */
enum agent_behaviour { AGENT_BEHAVIOURS(WORD_ID) BEHAVIOUR_COUNT };

#define DEMO_LOADS(ROW) \
	ROW(LOAD_QUIET, "quiet") \
	ROW(LOAD_STEADY, "steady") \
	ROW(LOAD_BUSY, "busy") \
	ROW(LOAD_BURSTS, "bursts")
enum demo_load { DEMO_LOADS(WORD_ID) LOAD_COUNT };

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
	const char *osinfo, *masked, *agent_domain; /* libosinfo's id of its system; a unit of systemd's; SELinux's */
	int zombies, agent_mib;      /* children of the agent that nobody collects; its memory, 0: as usual */
	int clock_ahead_s, backup_s; /* the host has been writing a backup of it for so long */
	const char *address;         /* NULL: made from host and place */
	const struct demo_os *os;    /* NULL: the first one */
	enum vm_state state;         /* VM_STATE_UNKNOWN: running */
	int behaviour, load;
	int vcpus, memory_mib;                 /* 0: 1, 1024 */
	int latency_ms, misses_percent;        /* an answer's, 0: a few ms; so many pings go unanswered */
	bool autostart, transient, permissive; /* SELinux only warns */
	bool absent;                /* not on this host when the demo begins; an event brings it from another one */
	bool ignores_acpi, greeter; /* ignores the ACPI power button; a graphical login screen stands open */
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
 * words: `default`, `fleet:HOSTS,VMS` or a path. only_host: build no guests but this host's (NULL: any). Reads a file.
 */
bool scenario_load(const char *words, const char *only_host, struct demo_scenario *ret_scenario, struct err *err);
void scenario_free(struct demo_scenario *scenario);
const struct demo_host_plan *scenario_find_host(const struct demo_scenario *scenario, const char *name);
const struct demo_login *scenario_find_login(const struct demo_vm_plan *vm, const char *user); /* user may be NULL */

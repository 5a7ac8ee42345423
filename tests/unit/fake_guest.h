/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_guest.h - a scripted guest behind a struct backend, for tests of what stands above it.
 *
 * Its agent is the demo's (backend/demo/demo_agent.h). What is added here: sessions and a host that do as they are
 * told, calls that go wrong, and a log. Time is on the fake clock: start with fake_guest_init(), which stops the clock.
 * Each call it gets is one line in its log: "look", "guest-info", "guest-exec loginctl terminate-session 3",
 * "guest-exec-status loginctl terminate-session 3", "lifecycle shutdown agent", "snapshots",
 * "snapshot-create NAME disks quiesced", "snapshot-revert NAME".
 */
#pragma once

#include "backend/backend.h"

enum { FAKE_START_MS = 1000000, FAKE_MAX = 400, FAKE_WTS_DISCONNECTED = 4, FAKE_FIRST_PID = 4001 };

enum fake_kind {
	FAKE_LOGIND,
	FAKE_SYSVINIT, /* who and pkill, no loginctl */
	FAKE_WINDOWS,
	FAKE_WINDOWS_CLM, /* Constrained Language Mode */
	FAKE_NO_TOOLS,    /* guest-exec works, but finds nothing to start */
};

struct fake_session {
	char id[40], user[320], class_name[32], tty[40], host[40];
	const char *type; /* NULL: tty */
	int state;        /* Windows: WTS number */
	int64_t since;    /* seconds since 1970 */
	int idle_s;       /* without input, and disconnected, so long when it began */
	bool locked, remote, has_no_explorer;
	bool has_no_process; /* a stale line of utmp */
	bool resists;        /* lives until it is killed */
	bool immortal;       /* lives through that, too */
	bool comes_back;     /* automatic log-in: a new session right after */
	bool closing;
	bool has_left_processes; /* elogind */
	bool never_tells_locked; /* light-locker */
	int64_t gone_at;         /* clock_ms(), 0: not going */
	bool gone;
};

/* One call, found by the beginning of its log line, goes wrong; with neither kind nor reply it only calls then(). */
struct fake_fault {
	const char *call;
	int nth;            /* from 1; 0: each time */
	enum err_kind kind; /* what the backend says; ERR_NONE: `reply` instead */
	const char *text;
	const char *reply; /* raw */
	bool carried_out;  /* the answer was lost, the command was not */
	int seen;
	void (*then)(struct backend *guest); /* what else happens at that moment; may be NULL */
};

struct fake_guest {
	struct backend backend; /* first */
	struct uuid uuid;
	enum fake_kind kind;
	const char *os_id, *os_version; /* NULL id: no guest-get-osinfo */
	bool exec_disabled, exec_unknown, users_unknown, frozen, sysnative;
	int types_forbidden_from; /* Windows: the script from which on types are refused, from 1; 0: never */
	bool hides_explorers;     /* Windows: Get-Process tells no owners */
	int scripts;              /* Windows: so many PowerShell scripts were run */
	bool fedora_policy;       /* SELinux confines the agent as Fedora's policy does */
	bool elogind;             /* its loginctl; what resists outlives the session, and is in ps */
	const char *lingering;    /* what ls prints of /var/lib/systemd/linger; NULL: nobody lingers */
	bool old_loginctl;        /* 5 columns instead of 9 */
	bool no_logind;           /* loginctl is there, logind is not */
	const char *users;        /* JSON list of guest-get-users; NULL: from the sessions */
	const char *no_program;   /* what its C library says of a program that is missing; NULL: so in English */
	const char *uptime;       /* what cat prints of /proc/uptime; NULL: nothing asks */
	enum vm_state state;
	enum agent_channel channel;
	int64_t end_takes_ms; /* from being told to being gone */
	int64_t latency_ms;   /* each call takes so long */

	struct fake_session sessions[FAKE_MAX];
	size_t session_count;
	struct fake_fault faults[8];
	size_t fault_count;
	int next_id; /* of sessions that come back */
	char *log[16384];
	int64_t log_at[16384]; /* clock_ms() of each */
	size_t log_count;
	int64_t last_pid;
	char *programs[8192]; /* their log lines, by the order of their PIDs */

	struct fake_demo *demo; /* the guest whose agent answers */

	char *last_input; /* of wall, or the message of a script */
	char *nologin;    /* /run/nologin, NULL: not there; owned */
	bool run_is_read_only;
	bool is_session_host; /* Windows: chglogon.exe does something */
	bool drained;
	int64_t time_ns; /* guest-set-time, 0: never */
	bool busybox;    /* its who has no -u */

	/* Lifecycle: what each verb leads to, and when. */
	enum vm_state wanted;
	int64_t wanted_at;
	int64_t verb_takes_ms;
	bool autostart;
	bool ignores_verbs;
	bool transient; /* when it is off, or elsewhere, it is gone */

	bool freezes; /* guest-fsfreeze-freeze is enabled */
	struct snapshot_list snapshots;
};

void fake_guest_init(struct fake_guest *guest, enum fake_kind kind);
void fake_guest_free(struct fake_guest *guest);
/* Another process used it, and died: what it allocated there is not here. */
void fake_guest_forget(struct fake_guest *guest);
struct fake_session *fake_logon(struct fake_guest *guest, const char *id, const char *user, const char *tty);
struct fake_session *fake_find(struct fake_guest *guest, const char *id);
struct fake_fault *fake_fault(struct fake_guest *guest, const char *call, int nth, enum err_kind kind,
			      const char *text);
/* How often a call whose log line begins so was made. */
int fake_count(const struct fake_guest *guest, const char *call);
void fake_print_log(const struct fake_guest *guest);

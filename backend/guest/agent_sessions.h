/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent_sessions.h - who is logged on: the guest's family found out, its session list read.
 *
 * A machine for job steps. The same one serves `innkeeper users`, the sessions pane, and the list
 * and verify phases of a log-off.
 *
 *	guest-info, guest-get-osinfo, guest-get-host-name (once a guest)
 *	  -> logind:   loginctl list-sessions, then show-session for each id
 *	  -> utmp:     who, where there is no logind
 *	  -> windows:  PowerShell, WTSEnumerateSessions; where that is forbidden explorer.exe's owners, and
 *	               guest-get-users, which asks WTS there
 *	  -> else:     guest-get-users alone, which proves nothing
 *
 * What is known of each family, and from where:
 *
 *	logind (systemd 219 to 257, elogind). `loginctl list-sessions` has 5 columns in 252 and 9 in 257, empty
 *	ones blank or "-": only field 1, the id, can be relied on. Its JSON flags changed meaning between versions.
 *	show-session takes one id a call, because it stops at the first one that is gone (src/login/loginctl.c).
 *	Classes user, user-early, user-light are log-ons; greeter, lock-screen, background*, manager* and
 *	user-incomplete are not (logind-session.h). Ids are not used again within a boot.
 *	guest-get-users reads utmp alone (qga/commands-posix.c) and is blind where systemd is built without utmp
 *	(Debian 13, openSUSE): an empty list proves nothing.
 *
 *	utmp: a session is a line of `who`. pkill -t takes a list of patterns: `?` would match init and the
 *	agent itself, so nothing but ttyN, ttySN and pts/N is ever passed. Lines are used again at once, so -u names
 *	the user, too; what it takes for a number or a list is not passed (pgrep(1)). busybox's pkill knows neither.
 *
 *	Windows: quser's words are localised and its columns shift, and Home editions lack it; WTSEnumerateSessionsW
 *	and WTSLogoffSession are everywhere, through Add-Type in PowerShell 2 and later (learn.microsoft.com,
 *	wtsapi32.h). Where policy forbids Add-Type (Constrained Language Mode) explorer.exe's owners are listed, and
 *	logoff.exe ends them. The first line of each script says what it does: "# innkeeper list", "# innkeeper end 3",
 *	"# innkeeper disconnect 3", "# innkeeper warn". Ids are used again, so a script compares the user before it
 *	acts on a session; logoff.exe cannot, and gets ids of a fresh list.
 *	This was never run on a real Windows guest, only against a simulation.
 */
#ifndef INNKEEPER_AGENT_SESSIONS_H
#define INNKEEPER_AGENT_SESSIONS_H

#include "backend/guest/agent.h"
#include "model/session.h"

/* What a guest is, learned once and reused by later queries on the same guest. */
struct guest_profile {
	bool known;
	enum guest_family family;
	bool logind_is_missing; /* surely, so an empty `who` means that nobody is on */
	bool names_people;      /* who, or on Windows guest-get-users, has named somebody: its silence says something */
	bool no_wts;            /* Windows: Add-Type is forbidden, logoff.exe has to do */
	bool sysnative;         /* Windows: a 32-bit agent, 64-bit programs are in Sysnative */
	struct agent_capabilities capabilities;
	struct agent_os os;
	struct safe_text host_name;
};
void guest_profile_free(struct guest_profile *profile);

/* guest-exec is off in this guest: says which file and key to change there. Always false. */
bool guest_profile_explain_blocked(const struct guest_profile *profile, struct err *err);

enum query_outcome { QUERY_AGAIN, QUERY_DONE, QUERY_FAILED };

struct session_query;

/* profile: kept by the caller, filled where it is not known yet, must outlive the query. */
struct session_query *session_query_create(struct guest_profile *profile);
void session_query_destroy(struct session_query *query); /* NULL is fine */

/*
 * Worker thread, one agent call at the most. QUERY_AGAIN: call again in *ret_wait_ms.
 * QUERY_DONE: session_query_result() holds the list, proven or not. Where logind, who or WTS cannot be asked
 * the list comes from guest-get-users alone: proven is false, and err says why: ERR_AGENT_BLOCKED,
 * ERR_AGENT_ABSENT (guest-exec), or ERR_UNSUPPORTED (the guest has none of the programs). Nothing is ever sent
 * that changes the guest, so a failed query may be made again.
 */
enum query_outcome session_query_step(struct session_query *query, const struct agent_target *target,
				      int64_t *ret_wait_ms, struct err *err);
const struct session_list *session_query_result(const struct session_query *query);
/* After QUERY_DONE: surely the guest has no session of this id, which is not in the result. */
bool session_query_proves_gone(const struct session_query *query, const char *id);

/* --- one session told to end, a message to all: programs per family, for the log-off --- */

enum { SESSION_PROGRAM_ARGS = 32 };

/*
 * One program with what its arguments point to, and how it fares in the guest. It points into itself: do not copy it.
 * Zeroed, then described by one of the functions that return it; its first step starts it.
 */
struct session_program {
	struct agent_program program;
	int timeout_ms;
	const char *args[SESSION_PROGRAM_ARGS];
	char id[SESSION_ID_SIZE];
	char *owned;         /* a script or a text */
	const char *says;    /* the line that it prints where it did its work; NULL: its exit status says enough */
	int exit_not_theirs; /* its silent exit status where the session is no longer its user's; 0: it never says so */
	bool running;        /* started, not freed yet */
	struct agent_run run;
};

/* Worker thread. As agent_run_step(). */
enum agent_run_outcome session_program_step(struct session_program *program, const struct agent_target *target,
					    int64_t *ret_wait_ms, struct err *err);
/* After RUN_EXITED. False: err is that of session_program_failed(). */
bool session_program_succeeded(const struct session_program *program, struct err *err);
/* After RUN_EXITED: it did nothing, because the session had ended, or had become somebody else's under the same id. */
bool session_program_found_another(const struct session_program *program);
/* After RUN_EXITED: it did nothing, as Add-Type is forbidden by now. The profile learns it, the program is freed. */
bool session_program_needs_another_way(struct session_program *program, struct guest_profile *profile);
void session_program_free(struct session_program *program); /* whatever became of it; it may be described anew */

/* The program that ends (force: kills) one session. False: this family has no means; err ERR_UNSUPPORTED says which. */
bool session_end_program(struct session_program *ret, const struct guest_profile *profile,
			 const struct session *session, bool force, struct err *err);
/* Tells everybody logged on. seconds: grace that the text promises. */
bool session_warn_program(struct session_program *ret, const struct guest_profile *profile, const char *message,
			  int seconds, struct err *err);
/* What message, or else ours, becomes before it is passed to a guest. Owned. */
char *session_message_copy(const char *message, const char *ours);

/*
 * What a program in the guest said when it failed: its exit and the start of its error output. ERR_DENIED
 * where it says that it may not, else ERR_UNEXPECTED. Always false.
 */
bool session_program_failed(const struct session_program *program, const struct agent_output *output, struct err *err);

/* --- parsers, pure, for tests and fuzzers --- */

/* more: lines that held no id, and ids beyond max. The list is only complete where it is 0. */
void sessions_parse_logind_ids(const char *out, size_t len, char (*ret_ids)[SESSION_ID_SIZE], size_t max,
			       size_t *ret_count, size_t *ret_more);
enum logind_show {
	LOGIND_LOGON,    /* *ret is filled; state closing still counts: it is not gone yet */
	LOGIND_NO_LOGON, /* a manager, greeter, background session */
	LOGIND_MALFORMED,
};
enum logind_show sessions_parse_logind_show(const char *out, size_t len, const char *id, struct session *ret);
/* Lines that cannot be ended from outside (X displays, consoles of BSD) get an empty id. */
void sessions_parse_who(const char *out, size_t len, struct session_list *list);
/*
 * ret_refused: Add-Type was forbidden, the list is explorer's. Without its last line it is no list, and false; but cut:
 * it was longer than what we take, and that is counted in `more`.
 */
bool sessions_parse_wts(const char *out, size_t len, bool cut, struct session_list *list, bool *ret_refused,
			struct err *err);
/* logind: letters, digits, _ and -, none at the start; utmp: ttyN ttySN pts/N and nothing else; windows: 1...65535. */
bool session_id_is_valid(enum guest_family family, const char *id);

#endif

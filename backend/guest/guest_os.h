/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_os.h - what differs between the families of guests: a driver each, in guest_os_*.c, which says from where its
 * rules are known. One is added with its file and its row in GUEST_FAMILIES (model/session.h).
 */
#pragma once

#include "backend/guest/session_program.h"

enum guest_logins_change { LOGINS_ENABLE, LOGINS_DISABLE, LOGINS_DISABLE_UNTIL_RESTART };
enum guest_logins { LOGINS_UNKNOWN, LOGINS_ENABLED, LOGINS_DISABLED_BY_US, LOGINS_DISABLED_BY_OTHERS };

enum query_outcome { QUERY_AGAIN, QUERY_DONE, QUERY_FAILED };

struct session_query;

/*
 * What stands after list() describes a program in *ret, or judges what it left; nothing is sent there. A function that
 * is NULL: no guest of the family has the means, which the caller says. compare_users, id_is_valid, list and end are
 * never NULL but in the driver of FAMILY_UNKNOWN.
 */
struct guest_os {
	const char *os_id; /* "id" of guest-get-osinfo, where it tells the family; NULL: a list that answers tells it */
	bool warns_terminals;   /* a desktop does not show what warn() says */
	int logoff_timeout_s;   /* the whole log-off, without its grace period */
	int least_interval_s;   /* between background looks that start a program; 0: as often as configured */
	int list_old_ms;        /* an older list is read again before an id of it is used */
	bool agent_names_users; /* so guest-get-users may do for a background look */
	bool has_sysnative;     /* a 32-bit agent finds its programs under another name */
	int (*compare_users)(const char *a, const char *b); /* 0: one user */
	bool (*id_is_valid)(const char *id);                /* may be passed to a program; below SESSION_ID_SIZE */
	/* Prints as /proc/uptime, then SELinux's mode and the agent's label, where there are; NULL: cannot be asked. */
	void (*tell_uptime)(struct session_program *ret);
	/* Prints what the processes of all sessions use; what is known of it is added to the sessions. NULL: unknown.
	 */
	void (*tell_usage)(struct session_program *ret);
	void (*parse_usage)(const char *out, size_t len, struct session_list *list);
	/* For guest_checkup.h: all processes; the units of systemd that a log-off needs. NULL: cannot be asked. */
	void (*list_processes)(struct session_program *ret);
	void (*show_units)(struct session_program *ret);
	const char *not_found; /* said where its list program, and those of the families before it, are missing */
	/*
	 * One step of listing who is on, with the functions for drivers below: one agent call at the most. Ends in
	 * session_query_done(), or in session_query_try_next() where it is not of this family.
	 */
	enum query_outcome (*list)(struct session_query *query, const struct agent_target *target, int64_t *ret_wait_ms,
				   struct err *err);
	/* session->id is valid. force: after the other way did not end it. False: there are no means, and err says why.
	 */
	bool (*end)(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
		    bool force, struct err *err);
	/* To all users. seconds: how long a window stays. */
	void (*warn)(struct session_program *ret, const struct guest_profile *profile, const char *text, int seconds);
	/*
	 * What outlives sessions: where they leave processes (session.leaves_processes) those of all sessions, else the
	 * services of users who linger. NULL: cannot be asked.
	 */
	void (*list_leftovers)(struct session_program *ret, bool of_sessions);
	void (*lock)(struct session_program *ret, const struct session *session);
	const char *no_lock; /* why lock is NULL */
	void (*disconnect)(struct session_program *ret, const struct guest_profile *profile,
			   const struct session *session);
	void (*read_logins)(struct session_program *ret, const struct guest_profile *profile);
	/* Where there is read_logins. message: what a user reads who is refused. */
	void (*change_logins)(struct session_program *ret, const struct guest_profile *profile,
			      enum guest_logins_change change, const char *message);
	/* What read_logins left behind. NULL: it cannot be read. */
	enum guest_logins (*parse_logins)(const struct agent_output *output);
	/* After logins were disabled: every log-in may read the file, whatever the agent's umask. NULL: not needed. */
	void (*publish_logins)(struct session_program *ret, const struct guest_profile *profile);
	/* Then: does it keep anybody out? NULL: it does. */
	void (*verify_logins)(struct session_program *ret, const struct guest_profile *profile);
	/* What that left behind, however it exited. False: it keeps nobody out, and err says why and what to do. */
	bool (*judge_logins)(const struct agent_output *output, const struct guest_profile *profile, struct err *err);
	/* Then: prints how services let users in; for sessions_parse_open_logins(). Where there is verify_logins. */
	void (*list_login_services)(struct session_program *ret);
	/* *err: why a program for logins failed; made clearer where the guest is known to have no such thing. */
	void (*explain_logins)(const struct guest_profile *profile, struct err *err);
};

/* FAMILY_UNKNOWN has a driver, too: it can do nothing. */
#define DECLARE_DRIVER(NAME, name) extern const struct guest_os guest_os_##name;
GUEST_FAMILIES(DECLARE_DRIVER)
#undef DECLARE_DRIVER

/* The file that disables logins on Linux (pam_nologin(8)) and FreeBSD (nologin(5)). */
const char *guest_logins_file(const struct guest_profile *profile);

/* --- who is on, asked step by step: agent_sessions.h asks, list() fills it --- */

enum { QUERY_IDS_MAX = 4 * SESSION_LIST_MAX }; /* logind lists a manager beside each user */
enum query_stage {
	QUERY_INFO,
	QUERY_FROZEN,
	QUERY_OS,
	QUERY_HOST_NAME,
	QUERY_COMPARE,
	QUERY_LIST,
	QUERY_USERS,
	QUERY_USAGE
};

struct session_query {
	struct guest_profile *profile;
	struct session_list list;
	enum query_stage stage;
	enum guest_family family; /* whose list() is at work */
	int part;                 /* of list(), 0 at first: the driver's own */
	bool try_next;
	bool wants_usage; /* CPU time and memory of each session, too: one program more; what fails there is no failure
			   */
	struct session_program program; /* freed with every change of stage, family and part */
	bool is_background;
	bool is_partial;          /* some of it was known, or only names were asked */
	struct session_list last; /* is_background: what was known */
	char ids[QUERY_IDS_MAX][SESSION_ID_SIZE];
	uint64_t rows[QUERY_IDS_MAX]; /* what was listed of each, hashed */
	bool settled[QUERY_IDS_MAX];  /* it need not be shown, or was */
	size_t id_count, ids_more;
	int64_t guest_now; /* seconds since 1970 by the guest's clock, -1 unknown */
	struct err why;    /* why the sessions could not be listed by a program */
};

/*
 * One step of query->program, which has been described. QUERY_DONE: it exited with 0, and its output is there. In
 * QUERY_FAILED it may have exited, too: output.exited. Where guest-exec is forbidden the query goes on without.
 */
enum query_outcome session_query_run(struct session_query *query, const struct agent_target *target,
				     int64_t *ret_wait_ms, struct err *err);
/* After QUERY_FAILED of that: nothing of this name can be started there, as far as one can tell. */
bool session_query_is_not_found(const struct session_query *query, const struct err *err);
/* How much of the program's output is whole lines. */
size_t session_query_whole_lines(const struct session_query *query);
enum query_outcome session_query_go_on(struct session_query *query, int part);
enum query_outcome session_query_done(struct session_query *query, enum guest_family family, bool proven);
enum query_outcome session_query_try_next(struct session_query *query);
/* A place for one more session; NULL where the list is full, and then it was counted in `more`. */
struct session *sessions_add(struct session_list *list);
/* A session of whom the agent tells no more than the name: it has no id. The user's texts move. */
void sessions_add_user(struct session_list *list, struct agent_user *user);

/* --- parsers and programs, pure, for tests and fuzzers --- */

/* more: lines that held no id, and ids beyond max. The list is only complete where it is 0. */
void sessions_parse_logind_ids(const char *out, size_t len, char (*ret_ids)[SESSION_ID_SIZE], size_t max,
			       size_t *ret_count, size_t *ret_more);
enum { LOGIND_SHOW_MOST = 64 };
enum logind_show {
	LOGIND_LOGON,    /* *ret is filled; state closing still counts: it is not gone yet */
	LOGIND_NO_LOGON, /* a manager, greeter, background session */
	LOGIND_MALFORMED,
};
/* guest_now: by the guest's clock, which idle times are told by; -1 unknown. */
enum logind_show sessions_parse_logind_show(const char *out, size_t len, const char *id, int64_t guest_now,
					    struct session *ret);
/* Lines that cannot be ended from outside (X displays, consoles of BSD) get an empty id. */
void sessions_parse_who(const char *out, size_t len, struct session_list *list);
/*
 * ret_refused: WTS may not be called, the list is explorer's. Without its last line it is no list, and false; but cut:
 * it was longer than what we take, and that is counted in `more`.
 */
bool sessions_parse_wts(const char *out, size_t len, bool cut, struct session_list *list, bool *ret_refused,
			struct err *err);
/* "bash 198, sleep 221": what ps lists of this session of elogind's; owned, empty where there is nothing. */
struct safe_text sessions_parse_leftovers(const char *out, size_t len, const char *id);
/*
 * "greetd, xrdp-sesman": the services of this list that do not ask pam_nologin; owned, empty where all ask. False: it
 * names no service.
 */
bool sessions_parse_open_logins(const char *out, size_t len, struct safe_text *ret);
void logind_list_program(struct session_program *ret);
/* ids: count of them, at most LOGIND_SHOW_MOST; borrowed. */
void logind_show_program(struct session_program *ret, const char *const *ids, size_t count);
void who_program(struct session_program *ret, bool plain); /* plain: as busybox has it */
void wts_list_program(struct session_program *ret);
/* show-session: the session went while we asked. */
bool logind_session_is_gone(const struct agent_output *output);

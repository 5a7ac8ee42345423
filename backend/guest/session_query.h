/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_query.h - who is on, asked step by step: agent_sessions.h asks, list() of a driver (guest_os.h) fills it. The
 * parsers and programs of the drivers are here for tests and fuzzers, too.
 */
#pragma once

#include "backend/guest/guest_os.h"

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

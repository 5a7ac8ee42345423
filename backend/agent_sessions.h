/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent_sessions.h - who is logged on: the guest's family found out, its session list read.
 *
 * A machine for job steps. The same one serves `innkeeper users`, the sessions pane, and the list
 * and verify phases of a log-off.
 *
 *	guest-info -> guest-get-osinfo -> logind: list-sessions, show-session each
 *	                                  utmp: who     windows: WTS script
 *	                               -> guest-get-users as second opinion
 */
#ifndef INNKEEPER_AGENT_SESSIONS_H
#define INNKEEPER_AGENT_SESSIONS_H

#include "backend/agent.h"
#include "model/session.h"

/* What a guest is, learned once and reused by later queries on the same guest. */
struct guest_profile {
	bool known;
	enum guest_family family;
	struct agent_abilities abilities;
	struct agent_os os;
	struct safe_text host_name;
};
void guest_profile_free(struct guest_profile *profile);

enum query_outcome { QUERY_AGAIN, QUERY_DONE, QUERY_FAILED };

struct session_query;

/* profile: kept by the caller, filled where it is not known yet, must outlive the query. */
struct session_query *session_query_create(struct guest_profile *profile);
void session_query_destroy(struct session_query *query);

/*
 * Worker thread, one agent call at the most. QUERY_AGAIN: call again in *ret_wait_ms.
 * QUERY_DONE: session_query_result() holds the list, proven or not. Where logind or WTS cannot be asked
 * (guest-exec blocked) the list comes from guest-get-users alone: proven is false, and err says why.
 */
enum query_outcome session_query_step(struct session_query *query, const struct agent_line *line, int64_t *ret_wait_ms,
				      struct err *err);
const struct session_list *session_query_result(const struct session_query *query);

/* --- one session told to end, a message to all: programs per family, for the log-off --- */

/* The program that ends (force: kills) one session. args' strings live in `buf`. False: this family cannot. */
struct session_program {
	struct agent_program program;
	const char *args[16];
	char *owned; /* a script or a text; freed by session_program_free() */
};
bool session_end_program(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
			 bool force, struct err *err);
/* Tells everybody logged on. seconds: grace that the text promises. */
bool session_warn_program(struct session_program *ret, const struct guest_profile *profile, const char *message,
			  int seconds, struct err *err);
void session_program_free(struct session_program *program);

/* --- parsers, pure, for tests and fuzzers --- */
void sessions_parse_logind_ids(const char *out, size_t len, char (*ret_ids)[SESSION_ID_SIZE], size_t max, size_t *ret_count,
			       size_t *ret_more);
/* False: no log-on (manager, greeter, background ...), or malformed. State closing still counts: it is not gone yet. */
bool sessions_parse_logind_show(const char *out, size_t len, const char *id, struct session *ret);
void sessions_parse_who(const char *out, size_t len, struct session_list *list);
bool sessions_parse_wts(const char *out, size_t len, struct session_list *list, struct err *err);
/* logind's ^[A-Za-z0-9_-]{1,32}$; utmp: ttyN ttySN pts/N and nothing else; windows: a number > 0. */
bool session_id_is_valid(enum guest_family family, const char *id);

#endif

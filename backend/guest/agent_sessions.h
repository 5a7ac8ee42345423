/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent_sessions.h - who is logged on: the guest's family found out, its session list read.
 *
 * A machine for job steps. The same one serves `innkeeper users`, the sessions pane, and the list
 * and verify phases of a log-off.
 *
 *	guest-info, guest-get-osinfo, guest-get-host-name (once a guest)
 *	  -> list() of the family's driver, or of one family after the other, until one fits (guest_os.h)
 *	  -> else:     guest-get-users alone, which proves nothing
 *
 * guest-get-users reads utmp alone (qga/commands-posix.c) and is blind where systemd is built without utmp
 * (Debian 13, openSUSE): an empty list proves nothing.
 */
#ifndef INNKEEPER_AGENT_SESSIONS_H
#define INNKEEPER_AGENT_SESSIONS_H

#include "backend/guest/session_query.h"

const struct guest_os *guest_os_get(enum guest_family family);
/* By the rules of its family, it may be passed to a program. */
bool session_id_is_valid(enum guest_family family, const char *id);

/* profile: kept by the caller, filled where it is not known yet, must outlive the query. */
struct session_query *session_query_create(struct guest_profile *profile);
/*
 * A look in the background, which starts one program at the most for a guest of which `last` is known: what does not
 * change within a boot is taken from it, and state, lock and idle time with it, as they were. last: copied; of the same
 * boot. Where the agent itself names the users (Windows, utmp) it starts none: then the list holds the last one's
 * sessions of those who are still named, and newcomers without ids. Who acts asks in full.
 */
void session_query_in_background(struct session_query *query, const struct session_list *last);
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
/* After QUERY_DONE: nothing in the result is as it was known before, and all sessions have what their family tells. */
bool session_query_is_full(const struct session_query *query);
/* A look in the background would start a program. */
bool session_query_needs_program(const struct guest_profile *profile);
const struct session_list *session_query_result(const struct session_query *query);
/* After QUERY_DONE: surely the guest has no session of this id, which is not in the result. */
bool session_query_proves_gone(const struct session_query *query, const char *id);

/* --- one session told to end, a message to all, for the log-off --- */

/* The program that ends (force: kills) one session. False: this family has no means; err ERR_UNSUPPORTED says which. */
bool session_end_program(struct session_program *ret, const struct guest_profile *profile,
			 const struct session *session, bool force, struct err *err);
/* Tells everybody logged on. seconds: grace that the text promises. */
/*
 * Of those who were sent a message, whom it was not shown, as far as is known: "2 of 5 could not be shown it: bob,
 * dave"; owned, empty where it was shown to all. *ret_missed: how many sessions.
 */
struct safe_text session_tell_unwarned(const struct guest_profile *profile, const struct session_list *list,
				       size_t *ret_missed);
bool session_warn_program(struct session_program *ret, const struct guest_profile *profile, const char *message,
			  int seconds, struct err *err);
/* What message, or else ours, becomes before it is passed to a guest. Owned. */
char *session_message_copy(const char *message, const char *ours);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent_families.h - the programs by which each guest family is asked; for agent_sessions*.c and guest_op*.c alone.
 */
#ifndef INNKEEPER_AGENT_FAMILIES_H
#define INNKEEPER_AGENT_FAMILIES_H

#include "backend/guest/agent_sessions.h"

/* The next line of a program's output, without its end ("\n" or "\r\n"). False: there is none. */
bool sessions_next_line(const char **at, const char *end, const char **ret_line, size_t *ret_len);
/* A place for one more session; NULL where the list is full, and then it was counted in `more`. */
struct session *sessions_add(struct session_list *list);

void logind_list_program(struct session_program *ret);
void logind_show_program(struct session_program *ret, const char *id);
void logind_end_program(struct session_program *ret, const char *id, bool force);
void logind_lock_program(struct session_program *ret, const char *id);
/* args: NULL-terminated; they are not copied, and live as long as the program. */
void posix_run_program(struct session_program *ret, const char *path, enum backend_intent intent,
		       const char *const *args);
void who_program(struct session_program *ret);
/* user: session_user_is_plain() */
void pkill_program(struct session_program *ret, const char *user, const char *line, bool force);
void wall_program(struct session_program *ret, const char *text);
/* loginctl is there, but no logind behind it: the guest has to be asked another way. */
bool logind_is_absent(const struct agent_output *output);
/* show-session: the session went while we asked. */
bool logind_session_is_gone(const struct agent_output *output);

void wts_list_program(struct session_program *ret);
/* To pkill a name that reads as a number is a user id, and a comma stands between two users (pgrep(1)). */
bool session_user_is_plain(struct safe_text user);
/* Only while it is still that user's; else it says so, and does nothing. */
void wts_end_program(struct session_program *ret, const struct session *session);
void wts_disconnect_program(struct session_program *ret, const struct session *session);
void wts_warn_program(struct session_program *ret, const char *text, int seconds);
void logoff_exe_program(struct session_program *ret, const char *id, bool sysnative);
void tsdiscon_program(struct session_program *ret, const char *id, bool sysnative);
/* mode: /query, /drain, /drainuntilrestart, /enable. Session hosts alone have it. */
void change_logon_program(struct session_program *ret, const char *mode, enum backend_intent intent, bool sysnative);
void msg_exe_program(struct session_program *ret, const char *text, int seconds, bool sysnative);

#endif

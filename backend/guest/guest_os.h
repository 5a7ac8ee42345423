/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_os.h - what differs between the families of guests: a driver each (guest_os_linux.c, guest_os_windows.c).
 *
 * A driver describes programs that the agent starts in the guest; nothing is sent here. Who is logged on is asked in
 * agent_sessions.c, step by step, with the list programs below.
 */
#ifndef INNKEEPER_GUEST_OS_H
#define INNKEEPER_GUEST_OS_H

#include "backend/guest/agent_sessions.h"

enum guest_logins_change { LOGINS_ENABLE, LOGINS_DISABLE, LOGINS_DISABLE_UNTIL_RESTART };
enum guest_logins { LOGINS_UNKNOWN, LOGINS_ENABLED, LOGINS_DISABLED_BY_US, LOGINS_DISABLED_BY_OTHERS };

/* All but the first three describe a program in *ret. False: this guest has no means, and err says so. */
struct guest_os {
	int logoff_timeout_s;                /* the whole log-off, without its grace period */
	int list_old_ms;                     /* a list this old is read again before an id of it is used */
	bool (*id_is_valid)(const char *id); /* may be passed to a program; id: not empty, below SESSION_ID_SIZE */
	/* session->id is valid. force: after the other way did not end it. */
	bool (*end)(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
		    bool force, struct err *err);
	/* To all users. seconds: how long a window stays. */
	bool (*warn)(struct session_program *ret, const struct guest_profile *profile, const char *text, int seconds,
		     struct err *err);
	bool (*lock)(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
		     struct err *err);
	bool (*disconnect)(struct session_program *ret, const struct guest_profile *profile,
			   const struct session *session, struct err *err);
	bool (*read_logins)(struct session_program *ret, const struct guest_profile *profile, struct err *err);
	/* message: what a user reads who is refused; NULL where logins are enabled. */
	bool (*change_logins)(struct session_program *ret, const struct guest_profile *profile,
			      enum guest_logins_change change, const char *message, struct err *err);
	/* What read_logins left behind. */
	enum guest_logins (*parse_logins)(const struct agent_output *output);
	/* *err: why a program for logins failed; made clearer where the guest is known to have no such thing. */
	void (*explain_logins)(const struct guest_profile *profile, struct err *err);
};

/* FAMILY_UNKNOWN has a driver, too: it refuses everything. */
const struct guest_os *guest_os_get(enum guest_family family);
extern const struct guest_os guest_os_logind, guest_os_utmp, guest_os_windows;

/* For drivers that cannot do it. */
bool guest_os_no_lock(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
		      struct err *err);
bool guest_os_no_disconnect(struct session_program *ret, const struct guest_profile *profile,
			    const struct session *session, struct err *err);
enum guest_logins guest_os_logins_unknown(const struct agent_output *output);
void guest_os_nothing_to_explain(const struct guest_profile *profile, struct err *err);

/* The file that disables logins on Linux (pam_nologin(8)) and FreeBSD (nologin(5)). */
const char *guest_logins_file(const struct guest_profile *profile);

/* --- for the session list --- */

/* The next line of a program's output, without its end ("\n" or "\r\n"). False: there is none. */
bool sessions_next_line(const char **at, const char *end, const char **ret_line, size_t *ret_len);
/* A place for one more session; NULL where the list is full, and then it was counted in `more`. */
struct session *sessions_add(struct session_list *list);
void logind_list_program(struct session_program *ret);
void logind_show_program(struct session_program *ret, const char *id);
/* args: NULL-terminated; they are not copied, and live as long as the program. */
void posix_run_program(struct session_program *ret, const char *path, enum backend_intent intent,
		       const char *const *args);
void who_program(struct session_program *ret);
void wts_list_program(struct session_program *ret);
/* loginctl is there, but no logind behind it: the guest has to be asked another way. */
bool logind_is_absent(const struct agent_output *output);
/* show-session: the session went while we asked. */
bool logind_session_is_gone(const struct agent_output *output);

#endif

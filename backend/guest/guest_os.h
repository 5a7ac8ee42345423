/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_os.h - what differs between the families of guests: a driver each, in guest_os_*.c, which says from where its
 * rules are known (session_query.h: how list() is asked). One is added with its file and its row in GUEST_FAMILIES
 * (model/session.h).
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
	/* session->id is valid. force: the other way did not end it. False: there are no means, and err says why. */
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
	/* Then: prints how services let users in, for sessions_parse_open_logins(). */
	void (*list_login_services)(struct session_program *ret);
	/* *err: why a program for logins failed; made clearer where the guest is known to have no such thing. */
	void (*explain_logins)(const struct guest_profile *profile, struct err *err);
};

/* FAMILY_UNKNOWN has a driver, too: it can do nothing. */
#define DECLARE_DRIVER(NAME, name) extern const struct guest_os guest_os_##name;
GUEST_FAMILIES(DECLARE_DRIVER)
#undef DECLARE_DRIVER

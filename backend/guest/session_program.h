/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_program.h - what a guest is, and a program in it: described by the driver of its family (guest_os.h), then
 * run step by step.
 */
#ifndef INNKEEPER_SESSION_PROGRAM_H
#define INNKEEPER_SESSION_PROGRAM_H

#include "backend/guest/agent.h"
#include "model/session.h"

enum selinux_mode {
	SELINUX_NOT_ASKED,
	SELINUX_NONE,         /* no label: not Linux, or another security module */
	SELINUX_MODE_UNKNOWN, /* a label, and the mode may not be read */
	SELINUX_PERMISSIVE,
	SELINUX_ENFORCING,
};

/* What `doctor` asks, of the host and of the guest (guest_checkup.h). What is not known stays unknown. */
struct guest_checkup {
	bool host_known;
	struct backend_examination host;
	enum err_kind trouble; /* why the guest did not say who is logged on; ERR_NONE: it did */
	bool clock_known, processes_known, units_known;
	int64_t clock_ahead_s;  /* of this computer's; negative: behind */
	int64_t agent_kib;      /* the memory of the agent's process */
	int zombies;            /* ended children that the agent has not collected */
	struct safe_text units; /* of systemd's that a log-off needs: those that are masked or failed, with that word */
};

/* What a guest is, learned once and reused by later queries on the same guest. */
struct guest_profile {
	bool known;
	enum guest_family family;
	bool logind_is_missing; /* surely, so an empty `who` means that nobody is on */
	bool names_people;      /* who, or on Windows guest-get-users, has named somebody: its silence says something */
	struct {
		VEC(uint64_t);
	} no_logons;               /* logind: rows of list-sessions that are no log-ons, as hashes; of this boot */
	bool who_is_plain;         /* busybox: `who` has no -u */
	bool no_wts;               /* Windows: WTS may not be called, logoff.exe has to do */
	bool is_confined;          /* SELinux: the agent is in a domain of its own; known once its uptime was asked */
	enum selinux_mode selinux; /* known once its uptime was asked, as is_confined */
	struct safe_text selinux_label; /* of the agent */
	struct guest_checkup checkup;
	bool sysnative; /* Windows: a 32-bit agent, 64-bit programs are in Sysnative */
	struct agent_capabilities capabilities;
	struct agent_os os;
	struct safe_text host_name;
};
void guest_profile_free(struct guest_profile *profile);

/* guest-exec is off in this guest: says which file and key to change there. Always false. */
bool guest_profile_explain_blocked(const struct guest_profile *profile, struct err *err);

enum { SESSION_PROGRAM_ARGS = 128 };

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
	bool is_silent;      /* whatever it says on its error output means that it failed, also where it exits with 0 */
	int first_poll_ms;   /* after so long it is first asked whether it has ended; 0: soon */
	bool running;        /* started, not freed yet */
	struct agent_run run;
};

/* For drivers: it captures and has no arguments yet. */
void session_program_describe(struct session_program *ret, const char *path, const char *const *env,
			      enum backend_intent intent, int timeout_ms);
/* A copy of an id, or of another word below SESSION_ID_SIZE; one a program. */
const char *session_program_keep(struct session_program *program, const char *id);
/* Worker thread. As agent_run_step(). */
enum agent_run_outcome session_program_step(struct session_program *program, const struct agent_target *target,
					    int64_t *ret_wait_ms, struct err *err);
/* After RUN_EXITED. False: err is that of session_program_failed(). */
bool session_program_succeeded(const struct session_program *program, struct err *err);
/* After RUN_EXITED: it did nothing, because the session had ended, or had become somebody else's under the same id. */
bool session_program_found_another(const struct session_program *program);
/* After RUN_EXITED: it did nothing, as WTS may not be called by now. The profile learns it, the program is freed. */
bool session_program_needs_another_way(struct session_program *program, struct guest_profile *profile);
void session_program_free(struct session_program *program); /* whatever became of it; it may be described anew */
/*
 * What a program in the guest said when it failed: its exit and the start of its error output. ERR_DENIED
 * where it says that it may not, else ERR_UNEXPECTED. Always false.
 */
bool session_program_failed(const struct session_program *program, const struct agent_output *output, struct err *err);

/* The next line of a program's output, without its end ("\n" or "\r\n"). False: there is none. */
bool sessions_next_line(const char **at, const char *end, const char **ret_line, size_t *ret_len);

#endif

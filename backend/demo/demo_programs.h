/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_programs.h - the programs that guest-exec finds in a simulated guest: loginctl, who, pkill, wall,
 * cat, tee and rm of /run/nologin, powershell and the small ones of Windows. They read and change
 * the guest's sessions, and print what the real ones print.
 */
#ifndef INNKEEPER_DEMO_PROGRAMS_H
#define INNKEEPER_DEMO_PROGRAMS_H

#include "backend/demo/demo_host.h"

#include <stdio.h>

struct demo_run {
	struct demo_host *host;
	struct demo_guest *guest;
	const char *const *args; /* NULL-terminated */
	const char *input;       /* "" where there is none */
	FILE *out, *err_out;
	int exit_code;
	int64_t takes_ms;
};

typedef void demo_program_fn(struct demo_run *run);

/* NULL: this guest has no such program. */
demo_program_fn *demo_program_find(const struct demo_guest *guest, const char *path);

/* Wall-clock time of a session's beginning. */
time_t demo_session_since(const struct demo_host *host, const struct demo_session *session);

demo_program_fn demo_run_loginctl;                                          /* logind.c */
demo_program_fn demo_run_powershell, demo_run_logoff_exe, demo_run_msg_exe; /* windows.c */
demo_program_fn demo_run_cat, demo_run_tee, demo_run_rm;                    /* door.c */
demo_program_fn demo_run_chglogon_exe, demo_run_tsdiscon_exe;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_run.h - one run of a program in a simulated guest, and the programs that guest-exec finds there: loginctl, who,
 * pkill, wall, cat, tee and rm of /run/nologin, powershell and the small ones of Windows. They read and change the
 * guest's sessions, and print what the real ones print.
 */
#pragma once

#include "backend/demo/demo_host.h"

struct demo_run {
	struct demo_host *host;
	struct demo_guest *guest;
	const char *const *args;            /* NULL-terminated */
	const char *input;                  /* "" where there is none */
	const struct demo_failure *failure; /* how it goes wrong; NULL: it does not */
	FILE *out, *err_out;
	int exit_code;
	int64_t takes_ms;
};

typedef void demo_program_fn(struct demo_run *run);

/* "" where there is none. */
static inline const char *demo_last_argument(const struct demo_run *run)
{
	const char *last = "";

	for (const char *const *arg = run->args; *arg; arg++)
		last = *arg;
	return last;
}

demo_program_fn demo_run_loginctl;                                          /* demo_logind.c */
demo_program_fn demo_run_powershell, demo_run_logoff_exe, demo_run_msg_exe; /* demo_windows.c */
demo_program_fn demo_run_chglogon_exe, demo_run_tsdiscon_exe;
enum demo_step demo_step_of_script(const char *const *args); /* of PowerShell's */

/* --- demo_programs.c: the table of them, and the small ones --- */

/* NULL: this guest has no such program. */
demo_program_fn *demo_program_find(const struct demo_guest *guest, const char *path);
/* Which step it is, by its arguments. */
enum demo_step demo_program_step(const char *path, const char *const *args);

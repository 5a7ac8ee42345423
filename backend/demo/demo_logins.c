/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The programs that close a simulated guest's door: cat, tee and rm of nologin; chglogon.exe, tsdiscon.exe.
 * cat prints /proc/uptime, too.
 */
#include "backend/demo/demo_run.h"

#include <string.h>

static const char *last_argument(const struct demo_run *run)
{
	const char *last = "";

	for (const char *const *arg = run->args; *arg; arg++)
		last = *arg;
	return last;
}

static bool is_linux(const struct demo_guest *guest)
{
	return guest->os->family != FAMILY_WINDOWS && guest->os != &demo_os_rows[OS_FREEBSD14];
}

static bool is_about_logins(const struct demo_run *run, const char *path)
{
	return strcmp(path, is_linux(run->guest) ? "/run/nologin" : "/var/run/nologin") == 0;
}

static void print_uptime(struct demo_run *run)
{
	const long long up = (run->host->now - run->guest->booted_at) / 10, idle = up / 10 * 9;

	fprintf(run->out, "%lld.%02lld %lld.%02lld\n", up / 100, up % 100, idle / 100, idle % 100);
}

void demo_run_cat(struct demo_run *run)
{
	const char *path = last_argument(run);

	run->takes_ms = 8;
	if (is_about_logins(run, path) && run->guest->nologin) {
		fputs(run->guest->nologin, run->out);
		return;
	}
	if (strcmp(path, "/proc/uptime") == 0 && is_linux(run->guest)) {
		print_uptime(run);
		return;
	}
	fprintf(run->err_out, "cat: %s: No such file or directory\n", path);
	run->exit_code = 1;
}

void demo_run_tee(struct demo_run *run)
{
	const char *path = last_argument(run);

	run->takes_ms = 8;
	fputs(run->input, run->out);
	if (is_about_logins(run, path)) {
		free(run->guest->nologin);
		run->guest->nologin = mem_strdup(run->input);
		return;
	}
	fprintf(run->err_out, "tee: %s: Read-only file system\n", path);
	run->exit_code = 1;
}

void demo_run_rm(struct demo_run *run)
{
	run->takes_ms = 8;
	if (!is_about_logins(run, last_argument(run)))
		return;
	free(run->guest->nologin);
	run->guest->nologin = NULL;
}

void demo_run_chglogon_exe(struct demo_run *run)
{
	const char *mode = last_argument(run);

	run->takes_ms = 70;
	/* Only session hosts take others' log-ons at all. */
	if (strcmp(run->guest->os->variant_id, "server") != 0) {
		fputs("Connections are currently ENABLED for this server.\r\n", run->err_out);
		run->exit_code = 1;
		return;
	}
	if (strcmp(mode, "/query") != 0) {
		run->guest->drained = strcmp(mode, "/enable") != 0;
		run->guest->drained_until_restart = strcmp(mode, "/drainuntilrestart") == 0;
	}
	fputs(run->guest->drained
		      ? "New user logons are DISABLED, but reconnections to existing sessions are ENABLED.\r\n"
		      : "Session logins are currently ENABLED\r\n",
	      run->out);
}

void demo_run_tsdiscon_exe(struct demo_run *run)
{
	struct demo_session *session = demo_guest_session(run->guest, (int)strtol(last_argument(run), NULL, 10));

	run->takes_ms = 90;
	if (session) {
		session->disconnected = true;
		return;
	}
	fputs("Could not disconnect sessionID, Error code 7022\r\n", run->err_out);
	run->exit_code = 1;
}

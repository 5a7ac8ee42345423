/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs of a simulated guest that have no file of their own, and the table of all. */
#include "backend/demo/demo_run.h"

#include <strings.h>

/* --- who --- */

/* As coreutils prints it: the idle time, and a PID. */
static void print_idle(const struct demo_run *run, int64_t idle_s, int pid)
{
	char idle[32];

	snprintf(idle, sizeof(idle), "%02d:%02d", (int)(idle_s / 3600 % 24), (int)(idle_s / 60 % 60));
	fprintf(run->out, " %-5s %11d", idle_s < 60 ? "  ." : idle_s >= 24 * 3600 ? " old" : idle, pid);
}

static void run_who(struct demo_run *run)
{
	for (size_t i = 0; i < run->guest->sessions.count; i++) {
		const struct demo_session *session = &run->guest->sessions.at[i];
		const time_t since = demo_session_since(run->host, session);
		char line[24], when[32];
		struct tm tm;

		/* What is told to go leaves utmp at once; logind keeps it as "closing". */
		if (run->guest->os->blind || (run->guest->os->family == FAMILY_LOGIND && session->closing))
			continue;
		demo_session_line(run->guest, session, line);
		strftime(when, sizeof(when), "%b %e %H:%M", gmtime_r(&since, &tm));
		fprintf(run->out, "%-8s %-12s %s", session->login->user, line, when);
		if (run->args[0] && strcmp(run->args[0], "-u") == 0)
			print_idle(run, demo_session_idle(run->host, session), 4000 + session->number);
		if (session->login->via == VIA_SSH && session->login->from)
			fprintf(run->out, " (%s)", session->login->from);
		fputc('\n', run->out);
	}
	run->takes_ms = 15;
}

/* --- pkill [-SIGNAL] [-u USER] -t LINE[,LINE...] --- */

static bool names_line(const char *patterns, const char *line)
{
	size_t len;

	for (const char *at = patterns; *at; at += len + (at[len] == ',')) {
		len = strcspn(at, ",");
		if (len == strlen(line) && strncmp(at, line, len) == 0)
			return true;
	}
	return false;
}

static void run_pkill(struct demo_run *run)
{
	enum demo_push push = PUSH_HANGUP;
	const char *patterns = "", *user = NULL;

	for (const char *const *arg = run->args; *arg; arg++) {
		if (strcmp(*arg, "-t") == 0 && arg[1])
			patterns = *++arg;
		else if (strcmp(*arg, "-u") == 0 && arg[1])
			user = *++arg;
		else
			push = strcmp(*arg, "-KILL") == 0 || strcmp(*arg, "-9") == 0 ? PUSH_KILL : PUSH_HANGUP;
	}
	run->exit_code = 1;
	run->takes_ms = 30;
	for (size_t i = 0; i < run->guest->sessions.count; i++) {
		struct demo_session *session = &run->guest->sessions.at[i];
		char line[24];

		demo_session_line(run->guest, session, line);
		if (!names_line(patterns, line))
			continue;
		demo_guest_takes_session(run->guest, run->failure, session, run->host->now);
		if (user && strcmp(user, session->login->user) != 0)
			continue;
		demo_guest_push(run->host, run->guest, session, push);
		run->exit_code = 0;
	}
}

static const char *agent_domain(const struct demo_run *run)
{
	return run->guest->plan->agent_domain ? run->guest->plan->agent_domain : run->guest->os->agent_domain;
}

static bool is_confined(const struct demo_run *run)
{
	return agent_domain(run) && !run->guest->plan->permissive;
}

/* --- wall --- */

static void run_wall(struct demo_run *run)
{
	const char *words = run->args[0] ? run->args[0] : run->input;
	OWN(text) struct safe_text text = { 0 };

	run->takes_ms = 20;
	/* As util-linux 2.38 to 2.41 says it under Fedora's policy, and exits with 0. */
	if (is_confined(run)) {
		fputs("wall: error getting sessions: Permission denied\n", run->err_out);
		return;
	}
	text = text_sanitize(words, strcspn(words, "\r\n"), TEXT_CAP_NAME);
	demo_host_note(run->host, run->guest, _("the terminals in the guest show: %s"), text_str(text));
}

/* --- cat, tee and rm of nologin, which closes the door; cat prints /proc/uptime, too --- */

static bool is_linux(const struct demo_guest *guest)
{
	return guest->os->family != FAMILY_WINDOWS && strcmp(guest->os->id, "freebsd") != 0;
}

static bool is_about_logins(const struct demo_run *run, const char *path)
{
	return strcmp(path, is_linux(run->guest) ? "/run/nologin" : "/var/run/nologin") == 0;
}

static void print_file(struct demo_run *run, const char *path)
{
	if (is_about_logins(run, path) && run->guest->nologin) {
		fputs(run->guest->nologin, run->out);
	} else if (strcmp(path, "/proc/uptime") == 0 && is_linux(run->guest)) {
		const long long up = (run->host->now - run->guest->booted_at) / 10, idle = up / 10 * 9;

		fprintf(run->out, "%lld.%02lld %lld.%02lld\n", up / 100, up % 100, idle / 100, idle % 100);
	} else if (strcmp(path, "/proc/self/attr/current") == 0 && agent_domain(run)) {
		fprintf(run->out, "system_u:system_r:%s:s0", agent_domain(run));
		fputc('\0', run->out);
	} else if (strcmp(path, "/sys/fs/selinux/enforce") == 0 && agent_domain(run)) {
		fputc(run->guest->plan->permissive ? '0' : '1', run->out);
	} else if (strcmp(path, "/proc/self/attr/current") == 0 && is_linux(run->guest)) {
		fprintf(run->err_out, "cat: %s: Invalid argument\n", path);
		run->exit_code = 1;
	} else {
		fprintf(run->err_out, "cat: %s: No such file or directory\n", path);
		run->exit_code = 1;
	}
}

static void run_cat(struct demo_run *run)
{
	run->takes_ms = 8;
	for (const char *const *path = run->args; *path; path++)
		print_file(run, *path);
}

static void run_tee(struct demo_run *run)
{
	const char *path = demo_last_argument(run);

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

static void run_rm(struct demo_run *run)
{
	run->takes_ms = 8;
	if (!is_about_logins(run, demo_last_argument(run)))
		return;
	free(run->guest->nologin);
	run->guest->nologin = NULL;
}

static void run_chmod(struct demo_run *run)
{
	run->takes_ms = 8;
	if (is_about_logins(run, demo_last_argument(run)) && run->guest->nologin)
		return;
	fprintf(run->err_out, "chmod: cannot access '%s': No such file or directory\n", demo_last_argument(run));
	run->exit_code = 1;
}

/* stat -c %C, of coreutils 9.1, with and without SELinux. */
static void run_stat(struct demo_run *run)
{
	const char *path = demo_last_argument(run);

	run->takes_ms = 8;
	if (is_confined(run)) {
		fputs("system_u:object_r:virt_qemu_ga_var_run_t:s0\n", run->out);
		return;
	}
	fputs("?\n", run->out);
	fprintf(run->err_out, "stat: failed to get security context of '%s': No data available\n", path);
	run->exit_code = 1;
}

/* grep -RHsE PATTERN PATH..., over /etc/pam.d of Debian 12. */
static void run_grep(struct demo_run *run)
{
	run->takes_ms = 20;
	fputs("/etc/pam.d/login:auth       requisite  pam_nologin.so\n"
	      "/etc/pam.d/login:@include common-auth\n"
	      "/etc/pam.d/sshd:account    required     pam_nologin.so\n"
	      "/etc/pam.d/sshd:@include common-account\n",
	      run->out);
	run->exit_code = 2;
}

/*
 * ps of procps 4.0.2: -eo pid=,comm=,cgroup= where nobody has left anything behind; -A -o pid= -o ppid= -o stat= -o
 * rss= -o comm=.
 */
static void run_ps(struct demo_run *run)
{
	const struct demo_vm_plan *plan = run->guest->plan;

	run->takes_ms = 60;
	if (strcmp(demo_last_argument(run), "comm=") == 0) {
		fprintf(run->out, "      1       0 Ss   12680 systemd\n    412       1 Ssl  %5d qemu-ga\n",
			plan->agent_mib ? plan->agent_mib * 1024 : 4180);
		for (int i = 0; i < plan->zombies; i++)
			fprintf(run->out, "%7d     412 Z        0 loginctl <defunct>\n", 5000 + i);
		fputs("   9001     412 R     4096 ps\n", run->out);
		return;
	}
	if (strncmp(demo_last_argument(run), "times=", 6) != 0) {
		fputs("      1 systemd         0::/init.scope\n", run->out);
		return;
	}
	fputs("      5  12876 ?        0::/init.scope\n", run->out);
	for (size_t i = 0; i < run->guest->sessions.count; i++) {
		const struct demo_session *session = &run->guest->sessions.at[i];
		const int64_t age_s = (run->host->now - session->since) / 1000;
		char line[24];

		demo_session_line(run->guest, session, line);
		for (int process = 0; process < 2; process++)
			fprintf(run->out, "%7lld %6d %-8s 0::/user.slice/user-1000.slice/session-%d.scope\n",
				(long long)age_s / (40 + 9 * process), 9000 + 41 * session->number, line,
				session->number);
	}
}

/* systemctl show -p Id -p LoadState -p ActiveState UNIT..., of systemd 252 to 257. */
static void run_systemctl(struct demo_run *run)
{
	const char *masked = run->guest->plan->masked ? run->guest->plan->masked : "";
	bool first = true;

	run->takes_ms = 12;
	if (!run->guest->os->systemd) {
		fputs("System has not been booted with systemd as init system (PID 1). Can't operate.\n", run->err_out);
		run->exit_code = 1;
		return;
	}
	for (const char *const *arg = run->args; *arg; arg++) {
		if (!strchr(*arg, '.'))
			continue;
		fprintf(run->out, "%sId=%s\nLoadState=%s\nActiveState=%s\n", first ? "" : "\n", *arg,
			strcmp(masked, *arg) == 0 ? "masked" : "loaded",
			strcmp(masked, *arg) == 0 ? "inactive" : "active");
		first = false;
	}
}

/* ls /var/lib/systemd/linger, of coreutils 9.1, where nobody lingers. */
static void run_ls(struct demo_run *run)
{
	run->takes_ms = 8;
	fprintf(run->err_out, "ls: cannot access '%s': No such file or directory\n", demo_last_argument(run));
	run->exit_code = 2;
}

/* --- which guest has which --- */

static const struct {
	const char *name;
	demo_program_fn *run;
	unsigned families; /* bits: 1 << enum guest_family */
} programs[] = {
	{ "loginctl", demo_run_loginctl, 1 << FAMILY_LOGIND },
	{ "who", run_who, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "pkill", run_pkill, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "wall", run_wall, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "cat", run_cat, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "tee", run_tee, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "rm", run_rm, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "chmod", run_chmod, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "ps", run_ps, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "systemctl", run_systemctl, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "ls", run_ls, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "stat", run_stat, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "grep", run_grep, 1 << FAMILY_LOGIND | 1 << FAMILY_UTMP },
	{ "powershell.exe", demo_run_powershell, 1 << FAMILY_WINDOWS },
	{ "logoff.exe", demo_run_logoff_exe, 1 << FAMILY_WINDOWS },
	{ "msg.exe", demo_run_msg_exe, 1 << FAMILY_WINDOWS },
	{ "chglogon.exe", demo_run_chglogon_exe, 1 << FAMILY_WINDOWS },
	{ "tsdiscon.exe", demo_run_tsdiscon_exe, 1 << FAMILY_WINDOWS },
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *backslash = strrchr(path, '\\');
	const char *last = slash > backslash ? slash : backslash;

	return last ? last + 1 : path;
}

demo_program_fn *demo_program_find(const struct demo_guest *guest, const char *path)
{
	bool windows = guest->os->family == FAMILY_WINDOWS;

	/* Sysnative exists for 32-bit programs alone, which find others in System32. */
	if (windows && strchr(path, '\\') && (strcasestr(path, "\\Sysnative\\") != NULL) != guest->os->agent_is_32_bit)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		int (*compare)(const char *, const char *) = windows ? strcasecmp : strcmp;

		if (programs[i].families & 1U << guest->os->family && compare(programs[i].name, base_name(path)) == 0)
			return programs[i].run;
	}
	return NULL;
}

/* --- which step is which --- */

static const struct {
	const char *program, *argument; /* NULL: any */
	enum demo_step step;
} steps[] = {
	{ "loginctl", "list-sessions", DEMO_STEP_LIST },
	{ "loginctl", "show-session", DEMO_STEP_SHOW },
	{ "loginctl", "terminate-session", DEMO_STEP_END },
	{ "loginctl", "kill-session", DEMO_STEP_END },
	{ "loginctl", "lock-session", DEMO_STEP_LOCK },
	{ "who", NULL, DEMO_STEP_LIST },
	{ "pkill", NULL, DEMO_STEP_END },
	{ "wall", NULL, DEMO_STEP_WARN },
	{ "tee", NULL, DEMO_STEP_DISABLE_LOGINS },
	{ "rm", NULL, DEMO_STEP_ENABLE_LOGINS },
	{ "logoff.exe", NULL, DEMO_STEP_END },
	{ "msg.exe", NULL, DEMO_STEP_WARN },
	{ "tsdiscon.exe", NULL, DEMO_STEP_DISCONNECT },
	{ "chglogon.exe", "/drain", DEMO_STEP_DISABLE_LOGINS },
	{ "chglogon.exe", "/drainuntilrestart", DEMO_STEP_DISABLE_LOGINS },
	{ "chglogon.exe", "/enable", DEMO_STEP_ENABLE_LOGINS },
};

enum demo_step demo_program_step(const char *path, const char *const *args)
{
	const char *program = base_name(path);

	if (strcasecmp(program, "powershell.exe") == 0)
		return demo_step_of_script(args);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		const char *const *arg = args;

		if (strcasecmp(steps[i].program, program) != 0)
			continue;
		while (steps[i].argument && *arg && strcasecmp(*arg, steps[i].argument) != 0)
			arg++;
		if (!steps[i].argument || *arg)
			return steps[i].step;
	}
	return DEMO_STEP_COUNT;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated powershell.exe, logoff.exe and msg.exe. PowerShell is recognised, not interpreted: a script
 * says in its first line what it does (backend/guest/agent_sessions.h), and has to contain the call that does it.
 */
#include "backend/demo/demo_run.h"
#include "backend/demo/prng.h"
#include "base/base64.h"

#include <string.h>
#include <strings.h>

enum { SCRIPT_MAX = 64 * 1024, WTS_ACTIVE = 0, WTS_DISCONNECTED = 4, ERROR_FILE_NOT_FOUND = 2 };

/* Where policy forbids Add-Type there is no WTS, only what Get-Process tells. */
static bool is_constrained(const struct demo_run *run)
{
	return run->guest->plan->behaviour == BEHAVIOUR_CONFINED;
}

static void print_session(const struct demo_run *run, const struct demo_session *session)
{
	char *name = mem_printf("%s\\%s", session->login->domain ? session->login->domain : "", session->login->user);
	char *encoded = base64_encode(name, strlen(name));

	if (is_constrained(run))
		fprintf(run->out, "E %d %s\r\n", session->number, name);
	else if (session->disconnected)
		fprintf(run->out, "S %d %d %s -\r\n", session->number, WTS_DISCONNECTED, encoded);
	else
		fprintf(run->out, "S %d %d %s %d\r\n", session->number, WTS_ACTIVE, encoded, session->locked);
	free(encoded);
	free(name);
}

static void script_list(struct demo_run *run, const char *argument)
{
	(void)argument;
	if (is_constrained(run))
		fputs("R\r\n", run->out);
	for (size_t i = 0; i < run->guest->sessions.count; i++)
		print_session(run, &run->guest->sessions.at[i]);
	fputs("Z\r\n", run->out);
}

static bool end_session(struct demo_run *run, const char *number)
{
	struct demo_session *session = demo_guest_session(run->guest, (int)strtol(number, NULL, 10));

	if (session)
		demo_guest_push(run->host, run->guest, session, PUSH_TERMINATE);
	return session != NULL;
}

static void script_end(struct demo_run *run, const char *argument)
{
	if (is_constrained(run)) {
		fputs("R\r\n", run->out);
		run->exit_code = 5;
	} else if (end_session(run, argument)) {
		fprintf(run->out, "L %s ok\r\n", argument);
	} else {
		fprintf(run->out, "L %s %d\r\n", argument, ERROR_FILE_NOT_FOUND);
		run->exit_code = 4;
	}
}

static void script_warn(struct demo_run *run, const char *argument)
{
	(void)argument;
	if (is_constrained(run)) {
		fputs("R\r\n", run->out);
		run->exit_code = 5;
		return;
	}
	demo_host_note(run->host, run->guest, _("a message box is open on the desktops in the guest"));
}

static const struct {
	const char *word, *call;
	void (*run)(struct demo_run *run, const char *argument);
} scripts[] = {
	{ "list", "]::WTSEnumerateSessionsW(", script_list },
	{ "end", "]::WTSLogoffSession(", script_end },
	{ "warn", "]::WTSSendMessageW(", script_warn },
};

/* UTF-16LE to bytes; what is no ASCII does not matter to us. */
static char *decode_script(const char *encoded)
{
	char *wide, *script;
	size_t len;
	bool cut;

	if (!base64_decode(encoded, strlen(encoded), SCRIPT_MAX, &wide, &len, &cut))
		return NULL;
	script = mem_zalloc(len / 2 + 1);
	for (size_t i = 0; i + 1 < len; i += 2)
		script[i / 2] = wide[i + 1] || !wide[i] ? '?' : wide[i];
	free(wide);
	return script;
}

static bool run_script(struct demo_run *run, const char *script)
{
	char word[16], argument[16] = "";

	if (sscanf(script, "# innkeeper %15[a-z] %15[0-9]", word, argument) < 1)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
		if (strcmp(scripts[i].word, word) == 0 && strstr(script, scripts[i].call)) {
			scripts[i].run(run, argument);
			return true;
		}
	}
	return false;
}

static bool is_cold(const struct demo_guest *guest)
{
	return guest->processes.count == 0 && guest->last_pid % 4 == 0;
}

void demo_run_powershell(struct demo_run *run)
{
	const char *encoded = NULL;
	char *script;

	/* Add-Type compiles C#: slow at first, less so later. */
	run->takes_ms = is_cold(run->guest) ? 2400 : 650;
	for (const char *const *arg = run->args; *arg; arg++)
		if (strcasecmp(*arg, "-EncodedCommand") == 0)
			encoded = arg[1];
	script = encoded ? decode_script(encoded) : NULL;
	if (!script || !run_script(run, script)) {
		fputs("The demo's PowerShell does not know this script.\r\n", run->err_out);
		run->exit_code = 1;
	}
	free(script);
}

void demo_run_logoff_exe(struct demo_run *run)
{
	run->takes_ms = 120;
	if (run->args[0] && end_session(run, run->args[0]))
		return;
	fprintf(run->err_out, "Could not get session name from %s, error code [7022]\r\n",
		run->args[0] ? run->args[0] : "");
	run->exit_code = 1;
}

void demo_run_msg_exe(struct demo_run *run)
{
	run->takes_ms = 90;
	demo_host_note(run->host, run->guest, _("a message box is open on the desktops in the guest"));
}

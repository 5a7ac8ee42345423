/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated powershell.exe, logoff.exe, msg.exe, chglogon.exe and tsdiscon.exe. PowerShell is recognised, not
 * interpreted: a script says in its first line what it does (backend/guest/agent_sessions.h), and has to contain the
 * call that does it; one that acts on a session says in its second line whose it has to be: $x='<base64 of
 * domain\user>'.
 */
#include "backend/demo/demo_run.h"
#include "base/base64.h"

#include <strings.h>

enum { WTS_ACTIVE = 0, WTS_DISCONNECTED = 4 };

/* What a script says of itself. */
struct script {
	char word[16], number[16];
	char account[1024]; /* "" where it names none */
};

/* Where policy forbids to call it there is no WTS, only what Get-Process tells. */
static bool is_constrained(const struct demo_run *run)
{
	return run->guest->plan->behaviour == BEHAVIOUR_CONFINED ||
	       (run->failure && (run->failure->how == FAILS_NO_TYPES || run->failure->how == FAILS_BLIND));
}

static bool say_constrained(struct demo_run *run)
{
	if (!is_constrained(run))
		return false;
	fputs("R\r\n", run->out);
	run->exit_code = 5;
	return true;
}

static char *encoded_account(const struct demo_session *session)
{
	const struct demo_login *login = session->login;
	OWN(bytes) char *account = mem_printf("%s\\%s", login->domain ? login->domain : "", login->user);

	return base64_encode(account, strlen(account));
}

static void script_list(struct demo_run *run, const struct script *script UNUSED)
{
	const bool blind = run->failure && run->failure->how == FAILS_BLIND;

	if (is_constrained(run))
		fputs("R\r\n", run->out);
	for (size_t i = 0; !blind && i < run->guest->sessions.count; i++) {
		const struct demo_session *session = &run->guest->sessions.at[i];
		const struct demo_login *login = session->login;
		OWN(bytes) char *account = encoded_account(session);

		if (is_constrained(run))
			fprintf(run->out, "E %d %s\\%s\r\n", session->number, login->domain ? login->domain : "",
				login->user);
		else if (session->disconnected)
			fprintf(run->out, "S %d %d %s - %lld %lld %lld\r\n", session->number, WTS_DISCONNECTED, account,
				(long long)demo_session_since(run->host, session),
				(long long)(run->host->now - session->disconnected_at) / 1000,
				(long long)(run->host->now - session->disconnected_at) / 1000);
		else if (login->via == VIA_CONSOLE) /* of the console no input is told */
			fprintf(run->out, "S %d %d %s %d %lld - -\r\n", session->number, WTS_ACTIVE, account,
				session->locked, (long long)demo_session_since(run->host, session));
		else
			fprintf(run->out, "S %d %d %s %d %lld %lld -\r\n", session->number, WTS_ACTIVE, account,
				session->locked, (long long)demo_session_since(run->host, session),
				(long long)demo_session_idle(run->host, session));
	}
	fputs("Z\r\n", run->out);
}

static struct demo_session *session_numbered(struct demo_run *run, const char *number)
{
	struct demo_session *session = demo_guest_session(run->guest, (int)strtol(number, NULL, 10));

	demo_guest_takes_session(run->guest, run->failure, session, run->host->now);
	return session;
}

/* The session that a script acts on; NULL: it has said why not. */
static struct demo_session *session_of_script(struct demo_run *run, const struct script *script)
{
	struct demo_session *session;
	OWN(bytes) char *account = NULL;

	if (say_constrained(run))
		return NULL;
	session = session_numbered(run, script->number);
	account = session ? encoded_account(session) : NULL;
	if (!account || strcmp(account, script->account) != 0) {
		fprintf(run->out, "O %s\r\n", script->number);
		run->exit_code = 6;
		session = NULL;
	}
	return session;
}

static void script_end(struct demo_run *run, const struct script *script)
{
	struct demo_session *session = session_of_script(run, script);

	if (!session)
		return;
	demo_guest_push(run->host, run->guest, session, PUSH_TERMINATE);
	fprintf(run->out, "L %s ok\r\n", script->number);
}

static void script_disconnect(struct demo_run *run, const struct script *script)
{
	struct demo_session *session = session_of_script(run, script);

	if (!session)
		return;
	session->disconnected = true;
	session->disconnected_at = run->host->now;
	fprintf(run->out, "L %s ok\r\n", script->number);
}

static void script_warn(struct demo_run *run, const struct script *script UNUSED)
{
	if (say_constrained(run))
		return;
	demo_host_note(run->host, run->guest, _("a message box is open on the desktops in the guest"));
	fputs("W\r\n", run->out);
}

static void script_usage(struct demo_run *run, const struct script *script UNUSED)
{
	for (size_t i = 0; i < run->guest->sessions.count; i++) {
		const struct demo_session *session = &run->guest->sessions.at[i];

		fprintf(run->out, "P %d %lld %d\r\n", session->number,
			(long long)(run->host->now - session->since) / 40000, 310000 + 4100 * session->number);
	}
	fputs("Z\r\n", run->out);
}

static const struct {
	const char *word, *call;
	enum demo_step step;
	void (*run)(struct demo_run *run, const struct script *script);
} scripts[] = {
	{ "list", "$api::WTSEnumerateSessionsW(", DEMO_STEP_LIST, script_list },
	{ "end", "$api::WTSLogoffSession(", DEMO_STEP_END, script_end },
	{ "disconnect", "$api::WTSDisconnectSession(", DEMO_STEP_DISCONNECT, script_disconnect },
	{ "warn", "$api::WTSSendMessageW(", DEMO_STEP_WARN, script_warn },
	{ "usage", "Get-Process|", DEMO_STEP_COUNT, script_usage },
};

/* Its place in the table; the table's size where there is none, or none that we know. */
static size_t find_script(const char *const *args, struct script *ret)
{
	const char *text, *account;
	size_t i = 0;

	*ret = (struct script){ 0 };
	while (*args && strcasecmp(*args, "-Command") != 0)
		args++;
	text = *args && args[1] ? args[1] : "";
	account = strstr(text, "\n$x='");
	if (account)
		sscanf(account, "\n$x='%1023[^']'", ret->account);
	if (sscanf(text, "# innkeeper %15[a-z] %15[0-9]", ret->word, ret->number) < 1)
		i = ARRAY_SIZE(scripts);
	while (i < ARRAY_SIZE(scripts) && (strcmp(scripts[i].word, ret->word) != 0 || !strstr(text, scripts[i].call)))
		i++;
	return i;
}

enum demo_step demo_step_of_script(const char *const *args)
{
	struct script script;
	const size_t i = find_script(args, &script);

	return i < ARRAY_SIZE(scripts) ? scripts[i].step : DEMO_STEP_COUNT;
}

void demo_run_powershell(struct demo_run *run)
{
	const bool is_cold = run->guest->processes.count == 0 && run->guest->last_pid % 4 == 0;
	struct script script;
	const size_t i = find_script(run->args, &script);

	/* Slow at first, less so later. */
	run->takes_ms = is_cold ? 1400 : 400;
	if (i < ARRAY_SIZE(scripts)) {
		scripts[i].run(run, &script);
	} else {
		fputs("The demo's PowerShell does not know this script.\r\n", run->err_out);
		run->exit_code = 1;
	}
}

void demo_run_logoff_exe(struct demo_run *run)
{
	struct demo_session *session = run->args[0] ? session_numbered(run, run->args[0]) : NULL;

	run->takes_ms = 120;
	if (session) {
		demo_guest_push(run->host, run->guest, session, PUSH_TERMINATE);
		return;
	}
	fprintf(run->err_out, "Could not get session name from %s, error code [7022]\r\n",
		run->args[0] ? run->args[0] : "");
	run->exit_code = 1;
}

void demo_run_msg_exe(struct demo_run *run)
{
	run->takes_ms = 90;
	demo_host_note(run->host, run->guest, _("a message box is open on the desktops in the guest"));
}

void demo_run_chglogon_exe(struct demo_run *run)
{
	const char *mode = demo_last_argument(run);

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
	struct demo_session *session = demo_guest_session(run->guest, (int)strtol(demo_last_argument(run), NULL, 10));

	run->takes_ms = 90;
	if (session) {
		session->disconnected = true;
		session->disconnected_at = run->host->now;
		return;
	}
	fputs("Could not disconnect sessionID, Error code 7022\r\n", run->err_out);
	run->exit_code = 1;
}

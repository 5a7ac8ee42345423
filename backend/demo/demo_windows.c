/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated powershell.exe, logoff.exe and msg.exe. PowerShell is recognised, not interpreted: a script
 * says in its first line what it does (backend/guest/agent_sessions.h), and has to contain the call that does it;
 * one that acts on a session says in its second line whose it has to be: $x='<base64 of domain\user>'.
 */
#include "backend/demo/demo_run.h"
#include "backend/demo/prng.h"
#include "base/base64.h"

#include <string.h>
#include <strings.h>

enum { SCRIPT_MAX = 64 * 1024, WTS_ACTIVE = 0, WTS_DISCONNECTED = 4 };

/* What a script says of itself. */
struct script {
	char word[16], number[16];
	char account[1024]; /* "" where it names none */
};

/* Where policy forbids Add-Type there is no WTS, only what Get-Process tells. */
static bool is_constrained(const struct demo_run *run)
{
	return run->guest->plan->behaviour == BEHAVIOUR_CONFINED ||
	       (run->failure && (run->failure->how == FAILS_NO_TYPES || run->failure->how == FAILS_BLIND));
}

static bool is_blind(const struct demo_run *run)
{
	return run->failure && run->failure->how == FAILS_BLIND;
}

static bool say_constrained(struct demo_run *run)
{
	if (!is_constrained(run))
		return false;
	fputs("R\r\n", run->out);
	run->exit_code = 5;
	return true;
}

static char *account_of(const struct demo_session *session)
{
	return mem_printf("%s\\%s", session->login->domain ? session->login->domain : "", session->login->user);
}

static void print_session(const struct demo_run *run, const struct demo_session *session)
{
	char *name = account_of(session);
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

static void script_list(struct demo_run *run, const struct script *script)
{
	(void)script;
	if (is_constrained(run))
		fputs("R\r\n", run->out);
	for (size_t i = 0; i < run->guest->sessions.count && !is_blind(run); i++)
		print_session(run, &run->guest->sessions.at[i]);
	fputs("Z\r\n", run->out);
}

static struct demo_session *session_numbered(struct demo_run *run, const char *number)
{
	struct demo_session *session = demo_guest_session(run->guest, (int)strtol(number, NULL, 10));

	demo_guest_takes_session(run->guest, run->failure, session, run->host->now);
	return session;
}

static bool is_its_owner(const struct demo_session *session, const char *account)
{
	char *name = account_of(session), *encoded = base64_encode(name, strlen(name));
	const bool is = strcmp(encoded, account) == 0;

	free(encoded);
	free(name);
	return is;
}

/* The session that a script acts on; NULL: it has said why not. */
static struct demo_session *session_of_script(struct demo_run *run, const struct script *script)
{
	struct demo_session *session;

	if (say_constrained(run))
		return NULL;
	session = session_numbered(run, script->number);
	if (session && is_its_owner(session, script->account))
		return session;
	fprintf(run->out, "O %s\r\n", script->number);
	run->exit_code = 6;
	return NULL;
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
	fprintf(run->out, "L %s ok\r\n", script->number);
}

static void script_warn(struct demo_run *run, const struct script *script)
{
	(void)script;
	if (say_constrained(run))
		return;
	demo_host_note(run->host, run->guest, _("a message box is open on the desktops in the guest"));
	fputs("W\r\n", run->out);
}

static const struct {
	const char *word, *call;
	enum demo_step step;
	void (*run)(struct demo_run *run, const struct script *script);
} scripts[] = {
	{ "list", "]::WTSEnumerateSessionsW(", DEMO_STEP_LIST, script_list },
	{ "end", "]::WTSLogoffSession(", DEMO_STEP_END, script_end },
	{ "disconnect", "]::WTSDisconnectSession(", DEMO_STEP_DISCONNECT, script_disconnect },
	{ "warn", "]::WTSSendMessageW(", DEMO_STEP_WARN, script_warn },
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

static char *script_of(const char *const *args)
{
	for (; *args; args++)
		if (strcasecmp(*args, "-EncodedCommand") == 0 && args[1])
			return decode_script(args[1]);
	return NULL;
}

/* Its place in the table; the table's size where it is none that we know. */
static size_t find_script(const char *text, struct script *ret)
{
	const char *account = strstr(text, "\n$x='");
	size_t i = 0;

	*ret = (struct script){ 0 };
	if (sscanf(text, "# innkeeper %15[a-z] %15[0-9]", ret->word, ret->number) < 1)
		return ARRAY_SIZE(scripts);
	if (account)
		sscanf(account, "\n$x='%1023[^']'", ret->account);
	while (i < ARRAY_SIZE(scripts) && (strcmp(scripts[i].word, ret->word) != 0 || !strstr(text, scripts[i].call)))
		i++;
	return i;
}

enum demo_step demo_step_of_script(const char *const *args)
{
	char *text = script_of(args);
	struct script script;
	const size_t i = text ? find_script(text, &script) : ARRAY_SIZE(scripts);

	free(text);
	return i < ARRAY_SIZE(scripts) ? scripts[i].step : DEMO_STEP_COUNT;
}

static bool is_cold(const struct demo_guest *guest)
{
	return guest->processes.count == 0 && guest->last_pid % 4 == 0;
}

void demo_run_powershell(struct demo_run *run)
{
	char *text = script_of(run->args);
	struct script script;
	const size_t i = text ? find_script(text, &script) : ARRAY_SIZE(scripts);

	/* Add-Type compiles C#: slow at first, less so later. */
	run->takes_ms = is_cold(run->guest) ? 2400 : 650;
	if (i < ARRAY_SIZE(scripts)) {
		scripts[i].run(run, &script);
	} else {
		fputs("The demo's PowerShell does not know this script.\r\n", run->err_out);
		run->exit_code = 1;
	}
	free(text);
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

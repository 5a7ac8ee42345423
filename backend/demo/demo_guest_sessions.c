/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is logged on to a simulated guest. */
#include "backend/demo/demo_guest_private.h"

#include <stdio.h>
#include <string.h>

enum {
	RETURN_MS = 1600,
	STOP_TIMEOUT_MS = 91000,
};

enum line_kind { LINE_PTY, LINE_SERIAL, LINE_SCREEN };

static enum line_kind line_kind(const struct demo_login *login)
{
	switch (login->via) {
	case VIA_SSH:
		return LINE_PTY;
	case VIA_SERIAL:
		return LINE_SERIAL;
	default:
		return LINE_SCREEN;
	}
}

static int free_line(const struct demo_guest *guest, const struct demo_login *login)
{
	int line = line_kind(login) == LINE_SCREEN ? 1 : 0;

	for (size_t i = 0; i < guest->sessions.count; i++)
		if (line_kind(guest->sessions.at[i].login) == line_kind(login) && guest->sessions.at[i].line >= line)
			line = guest->sessions.at[i].line + 1;
	return line;
}

void guest_log_on(struct demo_guest *guest, const struct demo_login *login, int64_t since)
{
	int line = free_line(guest, login);
	struct demo_session *session = VEC_PUSH(&guest->sessions);

	*session = (struct demo_session){
		.login = login,
		.number = ++guest->last_session,
		.line = line,
		.since = since,
		.locked = login->locked,
		.disconnected = login->disconnected,
	};
}

void guest_log_on_first(struct demo_guest *guest)
{
	for (size_t i = 0; i < guest->plan->login_count; i++)
		if (!guest->plan->logins[i].absent)
			guest_log_on(guest, &guest->plan->logins[i], -(int64_t)guest->plan->logins[i].since_s * 1000);
}

void guest_log_off_all(struct demo_guest *guest)
{
	guest->sessions.count = 0;
	guest->last_session = 0;
}

struct demo_session *demo_guest_session(struct demo_guest *guest, int number)
{
	for (size_t i = 0; i < guest->sessions.count; i++)
		if (guest->sessions.at[i].number == number)
			return &guest->sessions.at[i];
	return NULL;
}

void demo_session_line(const struct demo_guest *guest, const struct demo_session *session, char buf[24])
{
	static const char *const prefixes[] = { [LINE_PTY] = "pts/", [LINE_SERIAL] = "ttyS", [LINE_SCREEN] = "tty" };
	enum line_kind kind = line_kind(session->login);

	if (guest->os->family == FAMILY_WINDOWS && kind == LINE_SCREEN)
		snprintf(buf, 24, "Console");
	else if (guest->os->family == FAMILY_WINDOWS)
		snprintf(buf, 24, "RDP-Tcp#%d", session->line);
	else if (guest->os == &demo_os_rows[OS_FREEBSD14] && kind == LINE_SCREEN)
		snprintf(buf, 24, "ttyv%d", session->line - 1);
	else
		snprintf(buf, 24, "%s%d", prefixes[kind], session->line);
}

bool guest_is_on(const struct demo_guest *guest, const struct demo_login *login)
{
	for (size_t i = 0; i < guest->sessions.count; i++)
		if (guest->sessions.at[i].login == login)
			return true;
	return false;
}

/* How long it stays once it was told to go; -1: it does not care. */
static int64_t resistance(const struct demo_guest *guest, const struct demo_session *session, enum demo_push push)
{
	switch ((enum demo_leaves)session->login->leaves) {
	case LEAVES_SOON:
		return push == PUSH_HANGUP ? guest_draw(guest, session->number, 400, 900)
					   : guest_draw(guest, session->number, 600, 4000);
	case LEAVES_LATE:
		/* The stop time-out is the service manager's; a bare hang-up has none behind it. */
		if (push == PUSH_KILL)
			return guest_draw(guest, session->number, 300, 2000);
		return push == PUSH_TERMINATE ? STOP_TIMEOUT_MS : -1;
	case LEAVES_KILLED:
		return push == PUSH_KILL ? guest_draw(guest, session->number, 300, 1500) : -1;
	case LEAVES_NEVER:
	case LEAVES_COUNT:
		break;
	}
	return -1;
}

void demo_guest_push(struct demo_host *host, struct demo_guest *guest, struct demo_session *session,
		     enum demo_push push)
{
	const struct demo_due end = {
		.what = EVENT_SESSION_ENDS,
		.guest = guest->index,
		.boot_generation = guest->boot_generation,
		.session = session->number,
	};
	int64_t stays = resistance(guest, session, push);

	session->closing = session->closing || push != PUSH_HANGUP || stays >= 0;
	if (stays >= 0)
		demo_host_plan_due(host, end, stays);
}

void guest_plan_login(struct demo_host *host, struct demo_guest *guest, const struct demo_login *login, int64_t in_ms)
{
	const struct demo_due due = {
		.what = EVENT_LOGON,
		.guest = guest->index,
		.boot_generation = guest->boot_generation,
		.login = login,
	};

	demo_host_plan_due(host, due, in_ms);
}

void guest_end_session(struct demo_host *host, struct demo_guest *guest, struct demo_session *session)
{
	const struct demo_login *login = session->login;

	VEC_REMOVE(&guest->sessions, (size_t)(session - guest->sessions.at));
	if (login->returns)
		guest_plan_login(host, guest, login, RETURN_MS);
}

time_t demo_session_since(const struct demo_host *host, const struct demo_session *session)
{
	return host->began + (time_t)(session->since / 1000);
}

/* --- what goes wrong on the way --- */

const struct demo_failure *demo_guest_begins_step(struct demo_guest *guest, enum demo_step step)
{
	int time;

	if (step == DEMO_STEP_COUNT)
		return NULL;
	time = ++guest->steps[step];
	for (size_t i = 0; i < guest->plan->failure_count; i++) {
		const struct demo_failure *failure = &guest->plan->failures[i];
		const int from = MAX(failure->from, 1);

		if (failure->step == (int)step && time >= from && (!failure->times || time < from + failure->times))
			return failure;
	}
	return NULL;
}

void demo_guest_takes_session(const struct demo_guest *guest, const struct demo_failure *failure,
			      struct demo_session *session, int64_t now)
{
	if (!session || !failure || failure->how != FAILS_TAKEN)
		return;
	for (size_t i = 0; i < guest->plan->login_count; i++) {
		if (!failure->user || strcmp(guest->plan->logins[i].user, failure->user) != 0)
			continue;
		session->login = &guest->plan->logins[i];
		session->since = now;
		session->closing = session->locked = session->disconnected = false;
	}
}

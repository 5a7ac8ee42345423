/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated loginctl. It prints as systemd 252 (5 columns), 255 (8) or 257 (9) does: src/login/loginctl.c there. */
#include "backend/demo/demo_run.h"
#include "backend/demo/prng.h"

enum { MANAGER_IDS = 1000, FIRST_UID = 1000, GREETER_UID = 117, OPERANDS_MAX = 80, PROPERTIES_MAX = 32 };

struct line {
	const char *operation;
	const char *operands[OPERANDS_MAX + 1];
	const char *properties[PROPERTIES_MAX + 1]; /* none: all */
	const char *signal;
};

/* A session as logind tells it: the people's own, and what stands around them. */
struct seen {
	char id[16];
	unsigned uid;
	const char *user, *class_name, *seat, *state, *type;
	char tty[24];
	const struct demo_session *session; /* NULL: the greeter */
};

static unsigned uid_of(const char *user)
{
	return strcmp(user, "root") == 0 ? 0 : FIRST_UID + (unsigned)prng_between(prng_name(0, user), 0, 899);
}

static struct seen see(const struct demo_guest *guest, const struct demo_session *session)
{
	static const char *const types[VIA_COUNT] = { "tty", "tty", "wayland", "tty" };
	const struct demo_login *login = session->login;
	bool early = guest->os->systemd >= 256 && strcmp(login->user, "root") == 0;
	/* clang-format off */
	struct seen seen = {
		.uid = uid_of(login->user),
		.user = login->user,
		.class_name = session->class_name ? session->class_name : early ? "user-early" : "user",
		.seat = login->via == VIA_CONSOLE || login->via == VIA_DESKTOP ? "seat0" : "",
		.state = session->closing ? "closing" : login->via == VIA_SSH ? "active" : "online",
		.type = session->type ? session->type : types[login->via],
		.session = session,
	};
	/* clang-format on */

	if (session->id)
		snprintf(seen.id, sizeof(seen.id), "%s", session->id);
	else
		snprintf(seen.id, sizeof(seen.id), "%d", session->number);
	/* sshd opens the session before it has a terminal, and only older logind look it up later. */
	if (login->via != VIA_SSH || guest->os->systemd < 256)
		demo_session_line(guest, session, seen.tty);
	return seen;
}

static struct seen see_manager(const struct demo_guest *guest, const struct demo_session *session)
{
	struct seen seen = see(guest, session);

	seen.class_name = strcmp(seen.class_name, "user") == 0 ? "manager" : "manager-early";
	seen.seat = "";
	seen.tty[0] = '\0';
	seen.type = "unspecified";
	snprintf(seen.id, sizeof(seen.id), "%d", MANAGER_IDS + session->number);
	return seen;
}

static struct seen see_greeter(void)
{
	return (struct seen){ .id = "c1",
			      .uid = GREETER_UID,
			      .user = "Debian-gdm",
			      .class_name = "greeter",
			      .seat = "seat0",
			      .state = "online",
			      .type = "wayland",
			      .tty = "tty1" };
}

/* --- list-sessions --- */

static const char *or_dash(const char *words)
{
	return *words ? words : "-";
}

static void print_row(const struct demo_run *run, const struct seen *seen)
{
	int systemd = run->guest->os->systemd;

	if (systemd < 255)
		fprintf(run->out, "%7s %4u %-8s %-5s %s\n", seen->id, seen->uid, seen->user, seen->seat, seen->tty);
	else if (systemd < 256)
		fprintf(run->out, "%7s %4u %-8s %-5s %-5s %-7s no -\n", seen->id, seen->uid, seen->user,
			or_dash(seen->seat), or_dash(seen->tty), seen->state);
	else
		fprintf(run->out, "%7s %4u %-8s %-5s %-6u %-13s %-5s no -\n", seen->id, seen->uid, seen->user,
			or_dash(seen->seat), 150 + seen->uid % 800, seen->class_name, or_dash(seen->tty));
}

static void list_sessions(struct demo_run *run, const struct line *line UNUSED)
{
	const struct demo_guest *guest = run->guest;
	struct seen seen;

	if (guest->plan->greeter) {
		seen = see_greeter();
		print_row(run, &seen);
	}
	for (size_t i = 0; i < guest->sessions.count; i++) {
		size_t first = 0;

		seen = see(guest, &guest->sessions.at[i]);
		print_row(run, &seen);
		while (strcmp(guest->sessions.at[first].login->user, seen.user) != 0)
			first++;
		/* Since systemd 256 a user's service manager has a session of its own. */
		if (guest->os->systemd >= 256 && first == i) {
			seen = see_manager(guest, &guest->sessions.at[i]);
			print_row(run, &seen);
		}
	}
}

/* --- show-session --- */

static void show(const struct demo_run *run, const struct line *line, const struct seen *seen)
{
	const struct demo_login *login = seen->session ? seen->session->login : NULL;
	const bool remote = login && login->via == VIA_SSH && strncmp(seen->class_name, "user", 4) == 0;
	const bool is_graphical = login && strcmp(seen->type, "tty") != 0;
	char number[16], when[48] = "", scope[40], input[32] = "0";
	const struct {
		const char *name, *value;
	} rows[] = {
		{ "Id", seen->id },
		{ "User", number },
		{ "Name", seen->user },
		{ "Timestamp", when },
		{ "Seat", seen->seat },
		{ "TTY", seen->tty },
		{ "Remote", remote ? "yes" : "no" },
		{ "RemoteHost", remote && login->from ? login->from : "" },
		{ "Service", remote ? "sshd" : "login" },
		{ "Type", seen->type },
		{ "Class", seen->class_name },
		{ "Active", strcmp(seen->state, "closing") == 0 ? "no" : "yes" },
		{ "State", seen->state },
		{ "IdleHint", is_graphical && login->idle_s ? "yes" : "no" },
		{ "IdleSinceHint", input },
		{ "Scope", run->guest->os->elogind ? "" : scope },
		{ "LockedHint", seen->session && seen->session->locked ? "yes" : "no" },
	};

	snprintf(number, sizeof(number), "%u", seen->uid);
	snprintf(scope, sizeof(scope), "session-%s.scope", seen->id);
	if (seen->session) {
		const time_t since = demo_session_since(run->host, seen->session);
		struct tm tm;

		strftime(when, sizeof(when), "%a %Y-%m-%d %H:%M:%S UTC", gmtime_r(&since, &tm));
		/* Told of a terminal that logind knows, and of a desktop that has been idle. */
		if (is_graphical ? login->idle_s > 0 : *seen->tty)
			snprintf(input, sizeof(input), "%lld",
				 ((long long)run->host->began + run->host->now / 1000 -
				  (long long)demo_session_idle(run->host, seen->session)) *
					 1000000);
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *const *wanted = line->properties;

		while (*wanted && strcmp(*wanted, rows[i].name) != 0)
			wanted++;
		/* Empty values are left out, as without --all, unless they were named. */
		if (*wanted || (*rows[i].value && !line->properties[0]))
			fprintf(run->out, "%s=%s\n", rows[i].name, rows[i].value);
	}
}

static struct demo_session *session_of(const struct demo_run *run, const char *id, struct seen *ret_seen)
{
	for (size_t i = 0; i < run->guest->sessions.count; i++) {
		struct demo_session *session = &run->guest->sessions.at[i];

		*ret_seen = see(run->guest, session);
		if (strcmp(ret_seen->id, id) == 0)
			return session;
		*ret_seen = see_manager(run->guest, session);
		if (run->guest->os->systemd >= 256 && strcmp(ret_seen->id, id) == 0)
			return session;
	}
	return NULL;
}

static void show_session(struct demo_run *run, const struct line *line)
{
	for (size_t i = 0; line->operands[i]; i++) {
		const char *id = line->operands[i];
		struct seen seen;

		if (run->guest->plan->greeter && strcmp(id, "c1") == 0) {
			seen = see_greeter();
		} else if (!session_of(run, id, &seen)) {
			fprintf(run->err_out, "Failed to get session path: No session '%s' known\n", id);
			run->exit_code = 1;
			return;
		}
		if (i)
			fputc('\n', run->out);
		show(run, line, &seen);
	}
}

/* --- what ends or locks --- */

static void push(struct demo_run *run, struct demo_session *session, const struct line *line)
{
	bool kill = line->signal && strcmp(line->signal, "KILL") == 0;

	demo_guest_push(run->host, run->guest, session, kill ? PUSH_KILL : PUSH_TERMINATE);
}

static void end_sessions(struct demo_run *run, const struct line *line)
{
	for (size_t i = 0; line->operands[i]; i++) {
		struct seen seen;
		struct demo_session *session = session_of(run, line->operands[i], &seen);

		if (!session) {
			fprintf(run->err_out, "Could not %s session: No session '%s' known\n",
				line->signal ? "kill" : "terminate", line->operands[i]);
			run->exit_code = 1;
			return;
		}
		/* A manager's session ends with its user's last one, a closing one with its last program. */
		if (strncmp(seen.class_name, "user", 4) == 0 && (line->signal || !session->closing))
			push(run, session, line);
	}
}

static void end_users(struct demo_run *run, const struct line *line)
{
	for (size_t i = 0; line->operands[i]; i++) {
		/* An empty argument means uid 0 to loginctl. */
		const char *user = *line->operands[i] ? line->operands[i] : "root";
		size_t found = 0;

		for (size_t j = 0; j < run->guest->sessions.count; j++) {
			struct demo_session *session = &run->guest->sessions.at[j];

			if (strcmp(session->login->user, user) != 0)
				continue;
			push(run, session, line);
			found++;
		}
		if (found)
			continue;
		fprintf(run->err_out, "Could not %s user: User ID %u is not logged in or lingering\n",
			line->signal ? "kill" : "terminate", uid_of(user));
		run->exit_code = 1;
		return;
	}
}

static void lock_sessions(struct demo_run *run, const struct line *line)
{
	bool lock = strncmp(line->operation, "lock", 4) == 0;

	for (size_t i = 0; !line->operands[0] && i < run->guest->sessions.count; i++)
		run->guest->sessions.at[i].locked = lock;
	for (size_t i = 0; line->operands[i]; i++) {
		struct seen seen;
		struct demo_session *session = session_of(run, line->operands[i], &seen);

		if (session) {
			session->locked = lock;
			continue;
		}
		fprintf(run->err_out, "Could not lock session: No session '%s' known\n", line->operands[i]);
		run->exit_code = 1;
		return;
	}
}

/* --- the command line --- */

static const struct {
	const char *name;
	void (*run)(struct demo_run *run, const struct line *line);
} verbs[] = {
	{ "list-sessions", list_sessions },    { "show-session", show_session },
	{ "terminate-session", end_sessions }, { "kill-session", end_sessions },
	{ "terminate-user", end_users },       { "kill-user", end_users },
	{ "lock-session", lock_sessions },     { "unlock-session", lock_sessions },
	{ "lock-sessions", lock_sessions },    { "unlock-sessions", lock_sessions },
};

static const char *after(const char *arg, const char *prefix)
{
	return strncmp(arg, prefix, strlen(prefix)) == 0 ? arg + strlen(prefix) : NULL;
}

static void parse(const char *const *args, struct line *line)
{
	size_t operands = 0, properties = 0;
	const char *value;

	for (; *args; args++) {
		const char *property = NULL;

		if (strcmp(*args, "-p") == 0 && args[1])
			property = *++args;
		else if ((value = after(*args, "--property=")) || ((value = after(*args, "-p")) && *value))
			property = value;
		else if (strcmp(*args, "-s") == 0 && args[1])
			line->signal = *++args;
		else if ((value = after(*args, "--signal=")))
			line->signal = value;
		else if (**args == '-')
			continue;
		else if (!line->operation)
			line->operation = *args;
		else if (operands < OPERANDS_MAX)
			line->operands[operands++] = *args;
		if (property && properties < PROPERTIES_MAX)
			line->properties[properties++] = property;
	}
	line->operation = line->operation ? line->operation : "list-sessions";
	if (!line->signal && after(line->operation, "kill-"))
		line->signal = "TERM";
}

void demo_run_loginctl(struct demo_run *run)
{
	struct line line = { 0 };

	parse(run->args, &line);
	run->takes_ms = 45;
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(verbs[i].name, line.operation) == 0) {
			verbs[i].run(run, &line);
			return;
		}
	}
	fprintf(run->err_out, "Unknown command verb %s.\n", line.operation);
	run->exit_code = 1;
}

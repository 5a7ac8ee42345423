/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_guest.h"

#include <stdlib.h>
#include <string.h>

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write(FILE *to, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16;
		if (i + 1 < size)
			group |= (uint32_t)bytes[i + 1] << 8;
		if (i + 2 < size)
			group |= bytes[i + 2];
		fputc(base64_digits[group >> 18 & 63], to);
		fputc(base64_digits[group >> 12 & 63], to);
		fputc(i + 1 < size ? base64_digits[group >> 6 & 63] : '=', to);
		fputc(i + 2 < size ? base64_digits[group & 63] : '=', to);
	}
}

size_t base64_read(const char *text, char *ret, size_t size)
{
	uint32_t group = 0;
	int bits = 0;
	size_t length = 0;

	for (; *text && *text != '=' && length < size; text++) {
		const char *digit = strchr(base64_digits, *text);
		if (!digit)
			continue;
		group = group << 6 | (uint32_t)(digit - base64_digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			ret[length++] = (char)(group >> bits);
		}
	}
	return length;
}

static bool has_arg(const struct fake_program *program, const char *arg)
{
	for (size_t i = 1; program->args[i]; i++) {
		if (strcmp(program->args[i], arg) == 0)
			return true;
	}
	return false;
}

static const char *last_arg(const struct fake_program *program)
{
	const char *last = "";
	for (size_t i = 1; program->args[i]; i++)
		last = program->args[i];
	return last;
}

/* --- loginctl, as systemd 252 prints it --- */

static void list_sessions(const struct fake_guest *guest, struct fake_program *program)
{
	for (size_t i = 0; i < guest->count; i++) {
		const struct fake_session *session = &guest->sessions[i];
		fprintf(program->out, "%7s %4d %s %-5s %s\n", session->id, 1000 + (int)(i % 500), session->user,
			"seat0", session->tty);
	}
}

static void show_property(struct fake_program *program, bool all, const char *key, const char *value)
{
	if (all || has_arg(program, key))
		fprintf(program->out, "%s=%s\n", key, value);
}

static void show_session(const struct fake_session *session, struct fake_program *program)
{
	bool all = !has_arg(program, "-p");
	show_property(program, all, "Id", session->id);
	show_property(program, all, "Name", session->user);
	show_property(program, all, "Timestamp", "Tue 2024-01-02 03:04:05 UTC");
	show_property(program, all, "TTY", session->tty);
	show_property(program, all, "Remote", "no");
	show_property(program, all, "RemoteHost", "");
	show_property(program, all, "Service", "login");
	show_property(program, all, "Type", "tty");
	show_property(program, all, "Class", session->class);
	show_property(program, all, "State", session->end_at ? "closing" : "active");
}

static void run_loginctl(struct fake_guest *guest, struct fake_program *program)
{
	const char *operation = program->args[1] ? program->args[1] : "list-sessions";
	if (strcmp(operation, "list-sessions") == 0) {
		list_sessions(guest, program);
		return;
	}
	const char *id =
		strcmp(operation, "show-session") == 0 && program->args[2] ? program->args[2] : last_arg(program);
	struct fake_session *session = fake_guest_session(guest, id);
	program->exit_code = session ? 0 : 1;
	if (!session)
		fprintf(program->err, "Failed to get session: No session '%s' known\n", id);
	else if (strcmp(operation, "show-session") == 0)
		show_session(session, program);
	else if (strcmp(operation, "terminate-session") == 0)
		fake_guest_end_session(guest, session, 700);
	else if (strcmp(operation, "kill-session") == 0)
		fake_guest_end_session(guest, session, 0);
}

/*
 * --- PowerShell: "S ID STATE BASE64-OF-NAME LOCKED" a session and "Z" at the end, or "L ID ok" for the one that a
 * script logs off, or "W" for a warning ---
 */

static const char *script_of(const struct fake_program *program)
{
	static char script[32768];
	size_t length = base64_read(last_arg(program), script, sizeof(script) - 1);
	size_t kept = 0;
	for (size_t i = 0; i + 1 < length; i += 2)
		script[kept++] = script[i];
	script[kept] = '\0';
	return script;
}

/* The session that the script names in WTSLogoffSession(HANDLE,ID,...), or 0: its declaration names a type there. */
static int script_logs_off(const char *script)
{
	static const char call[] = "WTSLogoffSession(";
	for (const char *at = strstr(script, call); at; at = strstr(at + 1, call)) {
		const char *comma = strchr(at, ',');
		int id = comma ? (int)strtol(comma + 1, NULL, 10) : 0;
		if (id > 0)
			return id;
	}
	return 0;
}

static void print_wts_session(const struct fake_session *session, struct fake_program *program)
{
	char name[256];
	int length = snprintf(name, sizeof(name), "%s\\%s", session->domain, session->user);
	fprintf(program->out, "S %s %d ", session->id, session->wts_state);
	base64_write(program->out, name, (size_t)length);
	fputs(session->wts_state == 0 ? " 0\r\n" : " -\r\n", program->out);
}

static void disconnect(struct fake_guest *guest, struct fake_program *program, const char *id)
{
	struct fake_session *session = fake_guest_session(guest, id);

	program->exit_code = session ? 0 : 1;
	if (!session)
		return;
	session->wts_state = 4;
	fprintf(truth, "disconnected %s %s\n", session->id, session->user);
	fprintf(program->out, "L %s ok\r\n", session->id);
}

static void run_powershell(struct fake_guest *guest, struct fake_program *program)
{
	int id = script_logs_off(script_of(program));
	char wanted[16];

	if (sscanf(script_of(program), "# innkeeper disconnect %15[0-9]", wanted) == 1) {
		disconnect(guest, program, wanted);
		return;
	}
	if (strstr(script_of(program), "# innkeeper warn")) {
		fputs("message to all\n", truth);
		fputs("W\r\n", program->out);
		return;
	}
	if (id == 0) {
		for (size_t i = 0; i < guest->count; i++)
			print_wts_session(&guest->sessions[i], program);
		fputs("Z\r\n", program->out);
		return;
	}
	snprintf(wanted, sizeof(wanted), "%d", id);
	struct fake_session *session = fake_guest_session(guest, wanted);
	program->exit_code = session ? 0 : 4;
	if (session)
		fake_guest_end_session(guest, session, 700);
	fprintf(program->out, session ? "L %d ok\r\n" : "WTSLogoffSession: error 2 (%d)\r\n", id);
}

/* --- other programs of Windows --- */

static void run_tsdiscon(struct fake_guest *guest, struct fake_program *program)
{
	disconnect(guest, program, last_arg(program));
}

/* Its words are localised on a real one. */
static void run_chglogon(struct fake_guest *guest, struct fake_program *program)
{
	(void)guest;
	if (has_arg(program, "/drain") || has_arg(program, "/drainuntilrestart"))
		fputs("logins disabled\n", truth);
	else if (has_arg(program, "/enable"))
		fputs("logins enabled\n", truth);
}

static void run_wall(struct fake_guest *guest, struct fake_program *program)
{
	(void)guest, (void)program;
	fputs("message to all\n", truth);
}

/* ---------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	bool windows;
	void (*run)(struct fake_guest *guest, struct fake_program *program);
} programs[] = {
	{ "powershell.exe", true, run_powershell }, { "tsdiscon.exe", true, run_tsdiscon },
	{ "chglogon.exe", true, run_chglogon },     { "msg.exe", true, run_wall },
	{ "loginctl", false, run_loginctl },        { "wall", false, run_wall },
};

static bool is_program(const struct fake_program *program, const char *name)
{
	const char *base = program->args[0];

	for (const char *at = base; *at; at++) {
		if (*at == '/' || *at == '\\')
			base = at + 1;
	}
	return strcmp(base, name) == 0;
}

bool fake_program_ends_session(const struct fake_program *program)
{
	if (is_program(program, "powershell.exe"))
		return script_logs_off(script_of(program)) != 0;
	return is_program(program, "loginctl") &&
	       (has_arg(program, "terminate-session") || has_arg(program, "kill-session"));
}

bool fake_program_run(struct fake_guest *guest, struct fake_program *program)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (programs[i].windows == guest->windows && is_program(program, programs[i].name)) {
			programs[i].run(guest, program);
			return true;
		}
	}
	return false;
}

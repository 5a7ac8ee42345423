/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/backend_impl.h"
#include "backend/guest/agent.h"
#include "backend/refusal.h"
#include "base/base64.h"
#include "base/clock.h"
#include "fake_guest_calls.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

/* --- its users --- */

struct fake_session *fake_logon(struct fake_guest *guest, const char *id, const char *user, const char *tty)
{
	struct fake_session *session = &guest->sessions[guest->session_count++];

	*session = (struct fake_session){ .since = clock_wall() - 3600 };
	snprintf(session->id, sizeof(session->id), "%s", id);
	snprintf(session->user, sizeof(session->user), "%s", user);
	snprintf(session->class_name, sizeof(session->class_name), "user");
	snprintf(session->tty, sizeof(session->tty), "%s", tty);
	return session;
}

struct fake_session *fake_find(struct fake_guest *guest, const char *id)
{
	for (size_t i = 0; i < guest->session_count; i++)
		if (strcmp(guest->sessions[i].id, id) == 0 && !guest->sessions[i].gone)
			return &guest->sessions[i];
	return NULL;
}

static void come_back(struct fake_guest *guest, const struct fake_session *old)
{
	char id[40];
	struct fake_session *again;

	snprintf(id, sizeof(id), "%d", guest->next_id++);
	again = fake_logon(guest, guest->kind == FAKE_SYSVINIT ? old->id : id, old->user, old->tty);
	again->since = clock_wall();
}

static void pass_time(struct fake_guest *guest)
{
	for (size_t i = 0; i < guest->session_count; i++) {
		struct fake_session *session = &guest->sessions[i];

		if (session->gone || !session->gone_at || clock_ms() < session->gone_at)
			continue;
		session->gone = true;
		if (session->comes_back)
			come_back(guest, session);
	}
	if (guest->wanted_at && clock_ms() >= guest->wanted_at) {
		guest->state = guest->wanted;
		guest->wanted_at = 0;
		guest->channel = guest->state == VM_STATE_RUNNING ? CHANNEL_CONNECTED : CHANNEL_DISCONNECTED;
	}
}

static bool end_session(struct fake_guest *guest, const char *id, bool kill)
{
	struct fake_session *session = fake_find(guest, id);

	if (!session)
		return false;
	session->closing = true;
	if (session->immortal || (session->resists && !kill))
		return true;
	if (!session->gone_at)
		session->gone_at = clock_ms() + guest->end_takes_ms;
	return true;
}

/* --- its log, its faults --- */

static void note_call(struct fake_guest *guest, const char *line)
{
	if (guest->log_count == ARRAY_SIZE(guest->log))
		return;
	guest->log_at[guest->log_count] = clock_ms();
	guest->log[guest->log_count++] = mem_strdup(line);
}

int fake_count(const struct fake_guest *guest, const char *call)
{
	int count = 0;

	for (size_t i = 0; i < guest->log_count; i++)
		count += strncmp(guest->log[i], call, strlen(call)) == 0;
	return count;
}

void fake_print_log(const struct fake_guest *guest)
{
	for (size_t i = 0; i < guest->log_count; i++)
		printf("%s\n", guest->log[i]);
}

struct fake_fault *fake_fault(struct fake_guest *guest, const char *call, int nth, enum err_kind kind, const char *text)
{
	struct fake_fault *fault = &guest->faults[guest->fault_count++];

	*fault = (struct fake_fault){ .call = call, .nth = nth, .kind = kind, .text = text };
	return fault;
}

static struct fake_fault *find_fault(struct fake_guest *guest, const char *line)
{
	struct fake_fault *found = NULL;

	for (size_t i = 0; i < guest->fault_count; i++) {
		struct fake_fault *fault = &guest->faults[i];

		if (strncmp(line, fault->call, strlen(fault->call)) != 0)
			continue;
		fault->seen++;
		if (!found && (!fault->nth || fault->seen == fault->nth))
			found = fault;
	}
	if (found && found->then)
		found->then(&guest->backend);
	return found;
}

/* --- its programs --- */

struct text {
	char *at;
};

static void say(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);
static void say(struct text *text, const char *format, ...)
{
	char piece[1024], *longer;
	va_list args;

	va_start(args, format);
	vsnprintf(piece, sizeof(piece), format, args);
	va_end(args);
	longer = mem_printf("%s%s", text->at ? text->at : "", piece);
	free(text->at);
	text->at = longer;
}

static int list_sessions(struct fake_guest *guest, struct text *out)
{
	for (size_t i = 0; i < guest->session_count; i++) {
		const struct fake_session *one = &guest->sessions[i];

		if (one->gone)
			continue;
		if (guest->old_loginctl)
			say(out, "%7s 1000 %s %s %s\n", one->id, one->user, one->remote ? "     " : "seat0", one->tty);
		else
			say(out, "%7s 1000 %s - 150 %s %s no -\n", one->id, one->user, one->class_name,
			    *one->tty ? one->tty : "-");
	}
	return 0;
}

static int show_session(struct fake_guest *guest, const char *id, struct text *out, struct text *err)
{
	const struct fake_session *one = fake_find(guest, id);
	char date[40];
	const time_t since = one ? (time_t)one->since : 0;
	struct tm tm;

	if (!one) {
		say(err, "Failed to get session path: No session '%s' known\n", id);
		return 1;
	}
	strftime(date, sizeof(date), "%a %Y-%m-%d %H:%M:%S UTC", gmtime_r(&since, &tm));
	say(out,
	    "Id=%s\nName=%s\nTimestamp=%s\nTTY=%s\nRemote=%s\nRemoteHost=%s\nType=tty\nClass=%s\nState=%s\nLockedHint=%"
	    "s\n",
	    one->id, one->user, date, one->tty, one->remote ? "yes" : "no", one->host, one->class_name,
	    one->closing ? "closing" : "online", one->locked ? "yes" : "no");
	return 0;
}

static int lock_session(struct fake_guest *guest, const char *id, struct text *err)
{
	struct fake_session *one = fake_find(guest, id);

	if (one) {
		one->locked = true;
		return 0;
	}
	say(err, "Could not lock session: No session '%s' known\n", id);
	return 1;
}

static int loginctl(struct fake_guest *guest, const json_t *args, struct text *out, struct text *err)
{
	const char *operation = json_string_value(json_array_get(args, 0));
	const bool kill = strcmp(operation, "kill-session") == 0;
	const char *id = json_string_value(json_array_get(args, kill ? 2 : 1));

	if (guest->no_logind) {
		say(err, "Failed to connect to bus: No such file or directory\n");
		return 1;
	}
	if (strcmp(operation, "list-sessions") == 0)
		return list_sessions(guest, out);
	if (strcmp(operation, "show-session") == 0)
		return show_session(guest, id, out, err);
	if (strcmp(operation, "lock-session") == 0)
		return lock_session(guest, id, err);
	if (end_session(guest, id, kill))
		return 0;
	say(err, "Could not %s: No session '%s' known\n", operation, id);
	return 1;
}

static int who(struct fake_guest *guest, struct text *out)
{
	for (size_t i = 0; i < guest->session_count; i++) {
		const struct fake_session *one = &guest->sessions[i];
		const time_t since = (time_t)one->since;
		char date[40];
		struct tm tm;

		if (one->gone)
			continue;
		strftime(date, sizeof(date), "%b %e %H:%M", gmtime_r(&since, &tm));
		say(out, "%-8s %-12s %s%s%s%s\n", one->user, one->id, date, *one->host ? " (" : "", one->host,
		    *one->host ? ")" : "");
	}
	return 0;
}

static const char *option(const json_t *args, const char *name)
{
	for (size_t i = 0; i + 1 < json_array_size(args); i++)
		if (strcmp(json_string_value(json_array_get(args, i)), name) == 0)
			return json_string_value(json_array_get(args, i + 1));
	return NULL;
}

static int pkill(struct fake_guest *guest, const json_t *args)
{
	const char *signal = json_string_value(json_array_get(args, 0));
	const char *line = option(args, "-t"), *user = option(args, "-u");
	const struct fake_session *session = fake_find(guest, line);

	if (!session || (user && strcmp(user, session->user) != 0) || session->has_no_process)
		return 1;
	return end_session(guest, line, strcmp(signal, "-KILL") == 0) ? 0 : 1;
}

/* Constrained Language Mode: types may not be added. */
static bool is_constrained(const struct fake_guest *guest)
{
	return guest->kind == FAKE_WINDOWS_CLM ||
	       (guest->types_forbidden_from && guest->scripts >= guest->types_forbidden_from);
}

static int wts_list(struct fake_guest *guest, struct text *out)
{
	if (is_constrained(guest))
		say(out, "R\r\n");
	for (size_t i = 0; i < guest->session_count; i++) {
		const struct fake_session *one = &guest->sessions[i];
		char *name = mem_printf("WIN\\%s", one->user), *encoded = base64_encode(name, strlen(name));

		if (!one->gone && is_constrained(guest) && !guest->hides_explorers && !one->has_no_explorer)
			say(out, "E %s %s\r\n", one->id, name);
		else if (!one->gone && !is_constrained(guest))
			say(out, "S %s %d %s %c\r\n", one->id, one->state, encoded, one->locked ? '1' : '0');
		free(encoded);
		free(name);
	}
	say(out, "Z\r\n");
	return 0;
}

static char *decode_script(const char *encoded)
{
	size_t len;
	char *wide;
	bool cut;

	if (!base64_decode(encoded, strlen(encoded), 65536, &wide, &len, &cut))
		return mem_strdup("");
	for (size_t i = 0; i < len / 2; i++)
		wide[i] = wide[2 * i];
	wide[len / 2] = '\0';
	return wide;
}

/* The script names whose session it means: $x='<base64 of domain\user>'. */
static bool is_owner(struct fake_guest *guest, const char *script, const char *id)
{
	const struct fake_session *session = fake_find(guest, id);
	const char *wanted = strstr(script, "$x='");
	char *name, *encoded;
	bool is;

	if (!wanted)
		return true;
	name = mem_printf("WIN\\%s", session ? session->user : "");
	encoded = base64_encode(name, strlen(name));
	wanted += strlen("$x='");
	is = session && strncmp(wanted, encoded, strlen(encoded)) == 0 && wanted[strlen(encoded)] == '\'';
	free(name);
	free(encoded);
	return is;
}

static bool disconnect_session(struct fake_guest *guest, const char *id)
{
	struct fake_session *one = fake_find(guest, id);

	if (!one || one->state == FAKE_WTS_DISCONNECTED)
		return false;
	one->state = FAKE_WTS_DISCONNECTED;
	return true;
}

static int powershell(struct fake_guest *guest, const char *script, struct text *out)
{
	char id[16] = "";
	bool disconnects;

	guest->scripts++;
	if (strncmp(script, "# innkeeper list\n", 17) == 0)
		return wts_list(guest, out);
	if (strncmp(script, "# innkeeper warn\n", 17) == 0) {
		free(guest->last_input);
		guest->last_input = mem_strdup(script);
		say(out, "%s\r\n", is_constrained(guest) ? "R" : "W");
		return is_constrained(guest) ? 5 : 0;
	}
	if (is_constrained(guest)) {
		say(out, "R\r\n");
		return 5;
	}
	disconnects = sscanf(script, "# innkeeper disconnect %15[0-9]\n", id) == 1;
	if (!disconnects && sscanf(script, "# innkeeper end %15[0-9]\n", id) != 1)
		return 1;
	if (!is_owner(guest, script, id)) {
		say(out, "O %s\r\n", id);
		return 6;
	}
	if (disconnects ? !disconnect_session(guest, id) : !end_session(guest, id, false)) {
		say(out, "WTSLogoffSession: error 2\r\n");
		return 4;
	}
	say(out, "L %s ok\r\n", id);
	return 0;
}

/* --- its logins --- */

static void set_nologin(struct fake_guest *guest, char *words)
{
	free(guest->nologin);
	guest->nologin = words;
}

static int nologin_tool(struct fake_guest *guest, const char *path, const char *input, struct text *out,
			struct text *err)
{
	char *words = NULL;
	size_t len;
	bool cut;

	if (strcmp(path, "cat") == 0 && guest->uptime) {
		say(out, "%s", guest->uptime);
	} else if (strcmp(path, "cat") == 0 && guest->nologin) {
		say(out, "%s", guest->nologin);
	} else if (strcmp(path, "cat") == 0) {
		say(err, "cat: /run/nologin: No such file or directory\n");
		return 1;
	} else if (guest->run_is_read_only) {
		say(err, "%s: /run/nologin: Read-only file system\n", path);
		return 1;
	} else if (strcmp(path, "rm") == 0) {
		set_nologin(guest, NULL);
	} else if (base64_decode(input, strlen(input), 65536, &words, &len, &cut)) {
		set_nologin(guest, words);
	}
	return 0;
}

static int chglogon(struct fake_guest *guest, const char *mode, struct text *out)
{
	if (!guest->is_session_host)
		return 1;
	if (strcmp(mode, "/query") != 0)
		guest->drained = strcmp(mode, "/enable") != 0;
	say(out, "Sitzungsanmeldungen: %s\r\n", guest->drained ? "DEAKTIVIERT" : "AKTIVIERT");
	return 0;
}

static int tsdiscon(struct fake_guest *guest, const char *id, struct text *err)
{
	if (disconnect_session(guest, id))
		return 0;
	say(err, "Could not disconnect sessionID %s, Error code 7022\r\n", id);
	return 1;
}

/* Whether there is such a program; paths of Windows count whole. */
static bool has_program(const struct fake_guest *guest, const char *path)
{
	static const char *const linux_programs[] = { "who", "pkill", "wall", "cat", "tee", "rm" };
	const bool is_windows = guest->kind == FAKE_WINDOWS || guest->kind == FAKE_WINDOWS_CLM;

	if (is_windows && strstr(path, ".exe") && strstr(path, "C:\\"))
		return (strstr(path, "Sysnative") != NULL) == guest->sysnative;
	if (is_windows)
		return strcmp(path, "powershell.exe") == 0;
	if (guest->kind == FAKE_LOGIND && strcmp(path, "loginctl") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(linux_programs) && guest->kind != FAKE_NO_TOOLS; i++)
		if (strcmp(path, linux_programs[i]) == 0)
			return true;
	return false;
}

static int run_program(struct fake_guest *guest, const char *path, const json_t *args, const json_t *request,
		       struct text *out, struct text *err)
{
	const char *input = json_string_value(json_object_get(request, "input-data"));
	size_t len;
	bool cut;

	if (strcmp(path, "loginctl") == 0)
		return loginctl(guest, args, out, err);
	if (strcmp(path, "who") == 0)
		return who(guest, out);
	if (strcmp(path, "pkill") == 0)
		return pkill(guest, args);
	if (strcmp(path, "wall") == 0) {
		free(guest->last_input);
		guest->last_input = NULL;
		return base64_decode(input, strlen(input), 65536, &guest->last_input, &len, &cut) ? 0 : 1;
	}
	if (strcmp(path, "powershell.exe") == 0) {
		char *script = decode_script(json_string_value(json_array_get(args, 6)));
		const int status = powershell(guest, script, out);

		free(script);
		return status;
	}
	if (strcmp(path, "cat") == 0 || strcmp(path, "tee") == 0 || strcmp(path, "rm") == 0)
		return nologin_tool(guest, path, input, out, err);
	if (strstr(path, "chglogon.exe"))
		return chglogon(guest, json_string_value(json_array_get(args, 0)), out);
	if (strstr(path, "tsdiscon.exe"))
		return tsdiscon(guest, json_string_value(json_array_get(args, 0)), err);
	if (strstr(path, "logoff.exe"))
		return end_session(guest, json_string_value(json_array_get(args, 0)), false) ? 0 : 1;
	return 0;
}

/* --- its agent --- */

static char *describe_exec(const json_t *request)
{
	const char *path = json_string_value(json_object_get(request, "path"));
	const json_t *args = json_object_get(request, "arg");
	struct text line = { 0 };

	say(&line, "%s", path);
	if (strcmp(path, "powershell.exe") == 0) {
		char *script = decode_script(json_string_value(json_array_get(args, 6)));

		say(&line, " %.*s", (int)strcspn(script, "\n"), script);
		free(script);
		return line.at;
	}
	for (size_t i = 0; i < json_array_size(args); i++)
		say(&line, " %s", json_string_value(json_array_get(args, i)));
	return line.at;
}

static struct fake_process *find_process(struct fake_guest *guest, int64_t pid)
{
	for (size_t i = 0; i < guest->process_count; i++)
		if (guest->processes[i].pid == pid && !guest->processes[i].reaped)
			return &guest->processes[i];
	return NULL;
}

static char *describe(struct fake_guest *guest, const char *name, const json_t *request)
{
	char *rest, *line;

	if (strcmp(name, "guest-exec") == 0) {
		rest = describe_exec(request);
	} else if (strcmp(name, "guest-exec-status") == 0) {
		const struct fake_process *process =
			find_process(guest, json_integer_value(json_object_get(request, "pid")));

		rest = mem_strdup(process ? process->line : "?");
	} else {
		return mem_strdup(name);
	}
	line = mem_printf("%s %s", name, rest);
	free(rest);
	return line;
}

static bool refuse(struct err *err, const char *command, const char *desc)
{
	char *text = mem_printf("unable to execute QEMU agent command '%s': %s", command, desc);

	err_set(err, agent_classify_refusal(desc), "%s", text);
	free(text);
	return false;
}

static char *info(const struct fake_guest *guest)
{
	const char *off = guest->exec_disabled || guest->frozen ? "false" : "true";
	const char *exec = guest->exec_unknown ? "guest-nothing" : "guest-exec";
	const char *all = guest->frozen ? "false" : "true";

	return mem_printf(
		"{\"return\":{\"version\":\"7.2.22\",\"supported_commands\":["
		"{\"name\":\"%s\",\"enabled\":%s,\"success-response\":true},"
		"{\"name\":\"%s-status\",\"enabled\":%s,\"success-response\":true},"
		"{\"name\":\"guest-get-users\",\"enabled\":%s},{\"name\":\"guest-get-osinfo\",\"enabled\":%s},"
		"{\"name\":\"guest-get-host-name\",\"enabled\":%s},{\"name\":\"guest-fsfreeze-status\",\"enabled\":"
		"true},"
		"{\"name\":\"guest-fsfreeze-freeze\",\"enabled\":%s}]}}",
		exec, off, exec, off, guest->users_unknown ? "false" : all, guest->os_id ? all : "false", all,
		guest->freezes ? all : "false");
}

static char *users(const struct fake_guest *guest)
{
	struct text out = { 0 };

	if (guest->users)
		return mem_printf("{\"return\":%s}", guest->users);
	say(&out, "{\"return\":[");
	for (size_t i = 0; i < guest->session_count; i++) {
		const struct fake_session *one = &guest->sessions[i];

		if (!one->gone && strncmp(one->class_name, "user", 4) == 0)
			say(&out, "%s{\"user\":\"%s\",\"login-time\":%" PRId64 ".5}",
			    strchr(out.at, 'u') && strchr(out.at, '}') ? "," : "", one->user, one->since);
	}
	say(&out, "]}");
	return out.at;
}

static bool start_program(struct fake_guest *guest, const json_t *request, char **ret_reply, struct err *err)
{
	const char *path = json_string_value(json_object_get(request, "path"));
	struct fake_process *process;
	struct text out = { 0 }, error = { 0 };

	if (guest->exec_disabled)
		return refuse(err, "guest-exec", "Command guest-exec has been disabled");
	if (!has_program(guest, path)) {
		char *desc =
			mem_printf("Guest agent command failed, error was 'Failed to execute child process “%s” (%s)'",
				   path, guest->no_program ? guest->no_program : "No such file or directory");

		refuse(err, "guest-exec", desc);
		free(desc);
		return false;
	}
	process = &guest->processes[guest->process_count++];
	*process = (struct fake_process){ .pid = ++guest->next_pid, .ends_at = clock_ms() + 30 };
	process->line = describe_exec(request);
	process->exit_code = run_program(guest, path, json_object_get(request, "arg"), request, &out, &error);
	process->out = out.at;
	process->err = error.at;
	*ret_reply = mem_printf("{\"return\":{\"pid\":%" PRId64 "}}", process->pid);
	return true;
}

static bool report_program(struct fake_guest *guest, const json_t *request, char **ret_reply, struct err *err)
{
	struct fake_process *process = find_process(guest, json_integer_value(json_object_get(request, "pid")));
	char *out, *error;

	if (!process)
		return refuse(err, "guest-exec-status", "Invalid parameter 'pid'");
	if (clock_ms() < process->ends_at) {
		*ret_reply = mem_strdup("{\"return\":{\"exited\":false}}");
		return true;
	}
	process->reaped = true;
	out = base64_encode(process->out, process->out ? strlen(process->out) : 0);
	error = base64_encode(process->err, process->err ? strlen(process->err) : 0);
	*ret_reply = mem_printf("{\"return\":{\"exited\":true,\"exitcode\":%d,"
				"\"out-data\":\"%s\",\"err-data\":\"%s\"}}",
				process->exit_code, out, error);
	free(out);
	free(error);
	return true;
}

static char *set_time(struct fake_guest *guest, const json_t *request)
{
	guest->time_ns = json_integer_value(json_object_get(request, "time"));
	return mem_strdup("{\"return\":{}}");
}

static bool answer(struct fake_guest *guest, const char *name, const json_t *request, char **ret_reply, struct err *err)
{
	if (strcmp(name, "guest-exec") == 0)
		return start_program(guest, request, ret_reply, err);
	if (strcmp(name, "guest-exec-status") == 0)
		return report_program(guest, request, ret_reply, err);
	if (strcmp(name, "guest-ping") == 0)
		*ret_reply = mem_strdup("{\"return\":{}}");
	else if (strcmp(name, "guest-info") == 0)
		*ret_reply = info(guest);
	else if (strcmp(name, "guest-get-osinfo") == 0)
		*ret_reply = mem_printf("{\"return\":{\"id\":\"%s\",\"version-id\":\"%s\",\"pretty-name\":\"Fake\"}}",
					guest->os_id, guest->os_version);
	else if (strcmp(name, "guest-get-host-name") == 0)
		*ret_reply = mem_strdup("{\"return\":{\"host-name\":\"fake\"}}");
	else if (strcmp(name, "guest-get-users") == 0)
		*ret_reply = users(guest);
	else if (strcmp(name, "guest-fsfreeze-status") == 0)
		*ret_reply = mem_printf("{\"return\":\"%s\"}", guest->frozen ? "frozen" : "thawed");
	else if (strcmp(name, "guest-set-time") == 0)
		*ret_reply = set_time(guest, request);
	else if (strcmp(name, "guest-fstrim") == 0)
		*ret_reply =
			mem_strdup("{\"return\":{\"paths\":[{\"path\":\"/\",\"trimmed\":3145728,\"minimum\":0}]}}");
	else
		return refuse(err, name, "The command has not been found");
	return true;
}

static bool is_there(const struct fake_guest *guest, struct err *err)
{
	if (guest->state != VM_STATE_RUNNING)
		return err_set(err, guest->state == VM_STATE_PAUSED ? ERR_PAUSED : ERR_NOT_RUNNING,
			       "domain is not running");
	if (guest->channel == CHANNEL_ABSENT)
		return err_set(err, ERR_NO_CHANNEL, "QEMU guest agent is not configured");
	if (guest->channel == CHANNEL_DISCONNECTED)
		return err_set(err, ERR_NO_AGENT, "QEMU guest agent is not connected");
	return true;
}

static bool fake_agent_command(struct backend *be, int slot, const struct uuid *uuid, const char *command,
			       int timeout_ms, char **ret_reply, struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	json_t *root = json_loads(command, 0, NULL);
	const char *name = json_string_value(json_object_get(root, "execute"));
	const json_t *request = json_object_get(root, "arguments");
	char *line = describe(guest, name, request), *reply = NULL;
	const struct fake_fault *fault = find_fault(guest, line);
	bool ok = true;

	(void)slot;
	(void)uuid;
	(void)timeout_ms;
	clock_advance(guest->latency_ms);
	pass_time(guest);
	note_call(guest, line);
	if (fault && fault->kind == ERR_NONE && !fault->reply)
		fault = NULL;
	if (!fault || fault->carried_out)
		ok = is_there(guest, err) && answer(guest, name, request, &reply, err);
	if (fault && fault->kind != ERR_NONE) {
		ok = err_set(err, fault->kind, "%s", fault->text);
		free(reply);
	} else if (fault) {
		free(reply);
		reply = mem_strdup(fault->reply);
	}
	if (ok)
		*ret_reply = reply;
	free(line);
	json_decref(root);
	return ok;
}

/* --- its host --- */

struct fake_fault *fake_begin_call(struct fake_guest *guest, char *line)
{
	struct fake_fault *fault = find_fault(guest, line);

	clock_advance(guest->latency_ms);
	note_call(guest, line);
	free(line);
	return fault;
}

bool fake_end_call(const struct fake_fault *fault, struct err *err)
{
	return !fault || fault->kind == ERR_NONE || err_set(err, fault->kind, "%s", fault->text);
}

static bool fake_look(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts, struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault = fake_begin_call(guest, mem_strdup("look"));

	(void)slot;
	pass_time(guest);
	if (fault)
		return err_set(err, fault->kind, "%s", fault->text);
	if (guest->transient && !vm_state_has_process(guest->state))
		return err_set(err, ERR_NO_DOMAIN, "no domain with matching uuid");
	*ret_facts = (struct vm_info){ .uuid = *uuid,
				       .name = text_format("web01"),
				       .domain_id = 1,
				       .state = guest->state,
				       .channel = guest->channel,
				       .autostart = guest->autostart,
				       .persistent = -1,
				       .vcpus = -1,
				       .memory_kib = -1,
				       .max_memory_kib = -1 };
	return true;
}

static bool fake_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation,
			   bool use_agent, struct err *err)
{
	static const enum vm_state leads_to[OP_COUNT] = {
		[OP_START] = VM_STATE_RUNNING,  [OP_SHUTDOWN] = VM_STATE_SHUTOFF,  [OP_REBOOT] = VM_STATE_RUNNING,
		[OP_RESET] = VM_STATE_RUNNING,  [OP_DESTROY] = VM_STATE_SHUTOFF,   [OP_SUSPEND] = VM_STATE_PAUSED,
		[OP_RESUME] = VM_STATE_RUNNING, [OP_MANAGEDSAVE] = VM_STATE_SAVED,
	};
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault = fake_begin_call(
		guest, mem_printf("lifecycle %s%s", operation_name(operation), use_agent ? " agent" : ""));

	(void)slot, (void)uuid;
	if (operation == OP_AUTOSTART || operation == OP_NO_AUTOSTART)
		guest->autostart = guest->ignores_verbs ? guest->autostart : operation == OP_AUTOSTART;
	else if ((!fault || fault->kind == ERR_NONE || fault->carried_out) && !guest->ignores_verbs) {
		guest->wanted = leads_to[operation];
		guest->wanted_at = clock_ms() + guest->verb_takes_ms;
		if (operation == OP_REBOOT && guest->channel == CHANNEL_CONNECTED)
			guest->channel = CHANNEL_DISCONNECTED;
	}
	return fake_end_call(fault, err);
}

static const struct backend_impl fake_impl = {
	.name = "fake",
	.agent_command = fake_agent_command,
	.lifecycle = fake_lifecycle,
	.look = fake_look,
	.snapshot_list = fake_snapshot_list,
	.snapshot_create = fake_snapshot_create,
	.snapshot_revert = fake_snapshot_revert,
	.snapshot_delete = fake_snapshot_delete,
};

void fake_guest_init(struct fake_guest *guest, enum fake_kind kind)
{
	static const char *const ids[] = { [FAKE_LOGIND] = "debian",
					   [FAKE_SYSVINIT] = "devuan",
					   [FAKE_WINDOWS] = "mswindows",
					   [FAKE_WINDOWS_CLM] = "mswindows",
					   [FAKE_NO_TOOLS] = "linux" };

	clock_stop_at(FAKE_START_MS, 1795359600); /* 2026-11-22 15:00 UTC */
	*guest = (struct fake_guest){
		.backend = { .impl = &fake_impl, .config = { .name = "fake" } },
		.kind = kind,
		.os_id = ids[kind],
		.os_version = "12",
		.state = VM_STATE_RUNNING,
		.channel = CHANNEL_CONNECTED,
		.end_takes_ms = 800,
		.latency_ms = 5,
		.next_id = 101,
		.next_pid = 4000,
		.verb_takes_ms = 3000,
		.freezes = true,
	};
}

void fake_guest_free(struct fake_guest *guest)
{
	for (size_t i = 0; i < guest->log_count; i++)
		free(guest->log[i]);
	for (size_t i = 0; i < guest->process_count; i++) {
		free(guest->processes[i].line);
		free(guest->processes[i].out);
		free(guest->processes[i].err);
	}
	free(guest->last_input);
	set_nologin(guest, NULL);
	snapshot_list_free(&guest->snapshots);
	guest->log_count = guest->process_count = 0;
	guest->last_input = NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_agent.h"

#include "backend/demo/demo_network.h"
#include "backend/demo/demo_programs.h"
#include "backend/demo/fault_injection.h"
#include "backend/demo/prng.h"
#include "backend/refusal.h"
#include "base/base64.h"

#include <jansson.h>
#include <string.h>

enum { ARGS_MAX = 256, INPUT_MAX = 64 * 1024, MODERN_AGENT = 10, LINE_MAX_BYTES = 64 * 1024 };

/* One command on its way. fail() fills desc; QEMU's class is CommandNotFound or GenericError, which libvirt drops. */
struct call {
	struct demo_host *host;
	struct demo_guest *guest;
	json_t *arguments; /* an object; borrowed */
	char desc[512];
	bool no_reply;
};

static json_t *fail(struct call *call, const char *format, ...) PRINTF_LIKE(2, 3);

static json_t *fail(struct call *call, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(call->desc, sizeof(call->desc), format, args);
	va_end(args);
	return NULL;
}

/* Hostile guests say what is no UTF-8, too; jansson would refuse to carry it. */
static json_t *text(const char *words)
{
	json_t *string = json_string(words ? words : "");

	return string ? string : json_string("\xef\xbf\xbd");
}

static bool is_modern(const struct demo_guest *guest)
{
	return strtol(guest->os->agent, NULL, 10) >= MODERN_AGENT;
}

/* --- arguments, as QAPI checks them --- */

static bool take(struct call *call, const char *name, json_type type, const char *expected, bool required, json_t **ret)
{
	*ret = json_object_get(call->arguments, name);
	if (!*ret && required)
		return fail(call, "Parameter '%s' is missing", name);
	if (*ret && json_typeof(*ret) != type)
		return fail(call, "Invalid parameter type for '%s', expected: %s", name, expected);
	return true;
}

static bool take_integer(struct call *call, const char *name, int64_t *ret)
{
	json_t *value;

	if (!take(call, name, JSON_INTEGER, "integer", true, &value))
		return false;
	*ret = json_integer_value(value);
	return true;
}

/* Into a NULL-terminated array of borrowed strings. */
static bool take_strings(struct call *call, const char *name, const char *ret[ARGS_MAX + 1])
{
	json_t *array, *item;
	size_t i;

	ret[0] = NULL;
	if (!take(call, name, JSON_ARRAY, "array", false, &array))
		return false;
	json_array_foreach(array, i, item) {
		if (!json_is_string(item) || i == ARGS_MAX)
			return fail(call, "Invalid parameter type for '%s', expected: string", name);
		ret[i] = json_string_value(item);
		ret[i + 1] = NULL;
	}
	return true;
}

/* --- the simple commands --- */

static json_t *do_nothing(struct call *call)
{
	(void)call;
	return json_object();
}

static json_t *do_sync(struct call *call)
{
	int64_t id;

	return take_integer(call, "id", &id) ? json_integer(id) : NULL;
}

static json_t *do_osinfo(struct call *call)
{
	const struct demo_os *os = call->guest->os;
	json_t *info = json_object();
	const struct {
		const char *key, *value;
	} rows[] = {
		{ "id", os->id },
		{ "name", os->name },
		{ "pretty-name", os->pretty_name },
		{ "version", os->version },
		{ "version-id", os->version_id },
		{ "kernel-release", os->kernel_release },
		{ "kernel-version", os->kernel_version },
		{ "machine", os->family == FAMILY_WINDOWS || os->systemd ? "x86_64" : "amd64" },
		{ "variant", os->variant },
		{ "variant-id", os->variant_id },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].value)
			json_object_set_new(info, rows[i].key, text(rows[i].value));
	return info;
}

static json_t *do_host_name(struct call *call)
{
	const struct demo_vm_plan *plan = call->guest->plan;
	json_t *reply = json_object();

	json_object_set_new(reply, "host-name", text(plan->hostname ? plan->hostname : plan->name));
	return reply;
}

static json_t *do_interfaces(struct call *call)
{
	return demo_network_interfaces(call->host, call->guest);
}

static json_t *do_timezone(struct call *call)
{
	(void)call;
	return json_pack("{s:s, s:i}", "zone", "UTC", "offset", 0);
}

static json_t *do_get_time(struct call *call)
{
	return json_integer(((int64_t)call->host->began * 1000 + call->host->now) * 1000000);
}

static json_t *do_fstrim(struct call *call)
{
	int64_t trimmed = prng_between(prng_draw(call->guest->seed, (uint64_t)call->host->now, 9), 0, 1 << 30);

	return json_pack("{s:[{s:s, s:I, s:i}]}", "paths", "path", "/", "trimmed", (json_int_t)trimmed, "minimum", 0);
}

static json_t *do_freeze_status(struct call *call)
{
	return json_string(call->guest->frozen ? "frozen" : "thawed");
}

static json_t *do_freeze(struct call *call)
{
	call->guest->frozen = true;
	return json_integer(1);
}

static json_t *do_thaw(struct call *call)
{
	bool was = call->guest->frozen;

	call->guest->frozen = false;
	return json_integer(was);
}

static json_t *do_shutdown(struct call *call)
{
	json_t *mode;

	if (!take(call, "mode", JSON_STRING, "string", false, &mode))
		return NULL;
	demo_guest_shut_down(call->host, call->guest, mode && strcmp(json_string_value(mode), "reboot") == 0);
	call->no_reply = true;
	return NULL;
}

/* --- guest-get-users: utmp, one row a user --- */

static bool is_known_user(const struct demo_guest *guest, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(guest->sessions.at[i].login->user, guest->sessions.at[index].login->user) == 0 &&
		    !guest->sessions.at[i].closing)
			return true;
	return false;
}

static json_t *do_users(struct call *call)
{
	const struct demo_guest *guest = call->guest;
	const struct demo_failure *failure = demo_guest_begins_step(call->guest, DEMO_STEP_USERS);
	json_t *users;

	if (failure && failure->how != FAILS_SILENTLY)
		return fail(call, "The command guest-get-users has not been found");
	users = json_array();
	for (size_t i = 0; !failure && !guest->os->blind && i < guest->sessions.count; i++) {
		const struct demo_session *session = &guest->sessions.at[i];
		json_t *user;

		if ((session->closing && guest->os->family == FAMILY_LOGIND) || is_known_user(guest, i))
			continue;
		user = json_object();
		json_object_set_new(user, "user", text(session->login->user));
		if (guest->os->family == FAMILY_WINDOWS)
			json_object_set_new(user, "domain", text(session->login->domain));
		json_object_set_new(user, "login-time",
				    json_real((double)call->host->began + (double)session->since / 1000));
		json_array_append_new(users, user);
	}
	return users;
}

/* --- guest-exec --- */

static json_t *fail_spawn(struct call *call, const char *path, const char *why)
{
	if (is_modern(call->guest))
		return fail(call, "Failed to execute child process “%s” (%s)", path, why);
	return fail(call, "Guest agent command failed, error was 'Failed to execute child process “%s” (%s)'", path,
		    why);
}

static char *take_input(struct call *call)
{
	json_t *encoded;
	char *bytes;
	size_t len;
	bool cut;

	if (!take(call, "input-data", JSON_STRING, "string", false, &encoded))
		return NULL;
	if (!encoded)
		return mem_strdup("");
	if (base64_decode(json_string_value(encoded), json_string_length(encoded), INPUT_MAX, &bytes, &len, &cut))
		return bytes;
	fail(call, "Base64 decoding failed");
	return NULL;
}

/* true, or since QEMU 8 one of the words; stderr alone is not kept apart here. */
static bool captures(json_t *capture)
{
	return json_is_true(capture) || (json_is_string(capture) && strcmp(json_string_value(capture), "none") != 0);
}

/* What a program says that did not come as far as its work. */
static void say_error(struct demo_run *run, const struct demo_failure *failure)
{
	const int code = failure->code ? failure->code : 1;
	const bool is_windows = run->guest->os->family == FAMILY_WINDOWS;

	run->exit_code = is_windows ? 4 : code;
	if (is_windows && code == 5)
		fputs("Access denied\r\n", run->out);
	else
		fprintf(run->err_out, "error %d\n", code);
}

static int64_t run_program(struct call *call, demo_program_fn *program, const char *const *args, const char *input,
			   const struct demo_failure *failure)
{
	bool capture = captures(json_object_get(call->arguments, "capture-output"));
	struct demo_process process = { .pid = ++call->guest->last_pid };
	struct demo_run run = {
		.host = call->host,
		.guest = call->guest,
		.args = args,
		.input = input,
		.failure = failure,
		.out = mem_stream(&process.out, &process.out_len),
		.err_out = mem_stream(&process.err_out, &process.err_len),
	};

	if (failure && failure->how == FAILS_WITH_ERROR)
		say_error(&run, failure);
	else if (!failure || failure->how != FAILS_SILENTLY)
		program(&run);
	fclose(run.out);
	fclose(run.err_out);
	if (!capture)
		process.out_len = process.err_len = 0;
	process.cut = failure && failure->how == FAILS_CUT;
	if (process.cut)
		process.out_len /= 2;
	process.exit_code = run.exit_code;
	process.ends_at = call->host->now + run.takes_ms;
	*VEC_PUSH(&call->guest->processes) = process;
	return process.pid;
}

static json_t *do_exec(struct call *call)
{
	const char *args[ARGS_MAX + 1], *env[ARGS_MAX + 1], *path;
	const struct demo_failure *failure;
	demo_program_fn *program;
	json_t *path_value;
	char *input;
	int64_t pid;

	if (!take(call, "path", JSON_STRING, "string", true, &path_value) || !take_strings(call, "arg", args) ||
	    !take_strings(call, "env", env))
		return NULL;
	path = json_string_value(path_value);
	if (call->guest->plan->behaviour == BEHAVIOUR_CONFINED && call->guest->os->family != FAMILY_WINDOWS)
		return fail_spawn(call, path, "Permission denied");
	program = demo_program_find(call->guest, path);
	failure = program ? demo_guest_begins_step(call->guest, demo_program_step(path, args)) : NULL;
	if (!program || (failure && failure->how == FAILS_MISSING))
		return fail_spawn(call, path, "No such file or directory");
	input = take_input(call);
	if (!input)
		return NULL;
	pid = run_program(call, program, args, input, failure);
	free(input);
	call->no_reply = failure && failure->how == FAILS_LOST;
	return call->no_reply ? NULL : json_pack("{s:I}", "pid", (json_int_t)pid);
}

static void set_output(json_t *reply, const char *key, const char *bytes, size_t len)
{
	char *encoded;

	if (!len)
		return;
	encoded = base64_encode(bytes, len);
	json_object_set_new(reply, key, json_string(encoded));
	free(encoded);
}

/* The answer that says "exited" is the last one: the agent forgets the process with it. */
static json_t *reap(struct demo_guest *guest, size_t index)
{
	struct demo_process process = guest->processes.at[index];
	json_t *reply = json_pack("{s:i, s:b}", "exitcode", process.exit_code, "exited", 1);

	set_output(reply, "out-data", process.out, process.out_len);
	if (process.cut)
		json_object_set_new(reply, "out-truncated", json_true());
	set_output(reply, "err-data", process.err_out, process.err_len);
	free(process.out);
	free(process.err_out);
	VEC_REMOVE(&guest->processes, index);
	return reply;
}

static json_t *do_exec_status(struct call *call)
{
	struct demo_guest *guest = call->guest;
	int64_t pid;

	if (!take_integer(call, "pid", &pid))
		return NULL;
	for (size_t i = 0; i < guest->processes.count; i++) {
		if (guest->processes.at[i].pid != pid)
			continue;
		if (guest->processes.at[i].ends_at > call->host->now)
			return json_pack("{s:b}", "exited", 0);
		return reap(guest, i);
	}
	return is_modern(guest) ? fail(call, "PID %jd does not exist", (intmax_t)pid)
				: fail(call, "Invalid parameter 'pid'");
}

/* --- the table, and what guest-info says of it --- */

static json_t *do_info(struct call *call);

enum { WHEN_FROZEN = 1, NO_SUCCESS = 2, RUNS_PROGRAMS = 4, YOUNG = 8 };

static const struct command {
	const char *name;
	json_t *(*run)(struct call *call);
	unsigned flags;
} commands[] = {
	{ "guest-sync-delimited", do_sync, WHEN_FROZEN },
	{ "guest-sync", do_sync, WHEN_FROZEN },
	{ "guest-ping", do_nothing, WHEN_FROZEN },
	{ "guest-info", do_info, WHEN_FROZEN },
	{ "guest-fsfreeze-status", do_freeze_status, WHEN_FROZEN },
	{ "guest-fsfreeze-freeze", do_freeze, 0 },
	{ "guest-fsfreeze-thaw", do_thaw, WHEN_FROZEN },
	{ "guest-fstrim", do_fstrim, 0 },
	{ "guest-get-time", do_get_time, 0 },
	{ "guest-set-time", do_nothing, 0 },
	{ "guest-network-get-interfaces", do_interfaces, 0 },
	{ "guest-shutdown", do_shutdown, NO_SUCCESS },
	{ "guest-exec", do_exec, RUNS_PROGRAMS | YOUNG },
	{ "guest-exec-status", do_exec_status, RUNS_PROGRAMS | YOUNG },
	{ "guest-get-host-name", do_host_name, YOUNG },
	{ "guest-get-osinfo", do_osinfo, YOUNG },
	{ "guest-get-timezone", do_timezone, YOUNG },
	{ "guest-get-users", do_users, YOUNG },
};

static bool has_command(const struct demo_guest *guest, const struct command *command)
{
	return guest->plan->behaviour != BEHAVIOUR_OLD || !(command->flags & YOUNG);
}

/* NULL: it is enabled. */
static const char *why_disabled(const struct demo_guest *guest, const struct command *command)
{
	if (command->flags & RUNS_PROGRAMS && (guest->os->exec_blocked || guest->plan->behaviour == BEHAVIOUR_BLOCKED))
		return strtol(guest->os->agent, NULL, 10) > 8 ? ": the command is not allowed" : "";
	return guest->frozen && !(command->flags & WHEN_FROZEN) ? ": the agent is in frozen state" : NULL;
}

static json_t *do_info(struct call *call)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (has_command(call->guest, &commands[i]))
			json_array_append_new(list, json_pack("{s:b, s:s, s:b}", "enabled",
							      !why_disabled(call->guest, &commands[i]), "name",
							      commands[i].name, "success-response",
							      !(commands[i].flags & NO_SUCCESS)));
	return json_pack("{s:s, s:o}", "version",
			 call->guest->plan->behaviour == BEHAVIOUR_OLD ? "2.1.2" : call->guest->os->agent,
			 "supported_commands", list);
}

static json_t *dispatch(struct call *call, const char *execute)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const char *why;

		if (strcmp(commands[i].name, execute) != 0 || !has_command(call->guest, &commands[i]))
			continue;
		why = why_disabled(call->guest, &commands[i]);
		return why ? fail(call, "Command %s has been disabled%s", execute, why) : commands[i].run(call);
	}
	return fail(call, "The command %s has not been found", execute);
}

/* --- one command in, one reply out --- */

static char *reply_text(const struct demo_guest *guest, const char *execute, json_t *value, json_t *id)
{
	json_t *reply = json_pack("{s:o}", "return", value);
	char *dumped;

	if (id)
		json_object_set(reply, "id", id);
	if (guest->plan->behaviour >= BEHAVIOUR_GARBAGE)
		return demo_inject_fault(guest, execute, reply);
	dumped = json_dumps(reply, JSON_COMPACT);
	json_decref(reply);
	return dumped;
}

static bool refuse(const char *desc, struct err *err)
{
	return err_set_outside(err, agent_classify_refusal(desc), "", desc);
}

bool demo_agent_answer(struct demo_host *host, struct demo_guest *guest, const char *command, char **ret_reply,
		       struct err *err)
{
	json_t *request = strlen(command) > LINE_MAX_BYTES ? NULL : json_loads(command, JSON_REJECT_DUPLICATES, NULL);
	const char *execute = json_string_value(json_object_get(request, "execute"));
	json_t *arguments = json_object_get(request, "arguments"), *none = json_object(), *value;
	struct call call = { .host = host, .guest = guest, .arguments = arguments ? arguments : none };
	bool ok = false;

	if (!request)
		refuse("JSON parse error, invalid input", err);
	else if (!execute)
		refuse("QMP input lacks member 'execute'", err);
	else if (!json_is_object(call.arguments))
		refuse("QMP input member 'arguments' must be an object", err);
	else if ((value = dispatch(&call, execute)))
		ok = (*ret_reply = reply_text(guest, execute, value, json_object_get(request, "id"))) != NULL;
	else if (call.no_reply)
		ok = true, *ret_reply = NULL;
	else
		refuse(call.desc, err);
	json_decref(none);
	json_decref(request);
	return ok;
}

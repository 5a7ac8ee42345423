/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_agent.h"

#include "backend/demo/demo_run.h"
#include "backend/demo/fault_injection.h"
#include "backend/demo/prng.h"
#include "backend/refusal.h"
#include "base/base64.h"

#include <jansson.h>

enum { ARGS_MAX = 256, INPUT_MAX = 64 * 1024, MODERN_AGENT = 10, LINE_MAX_BYTES = 64 * 1024 };
enum { PER_NET = 240, FIRST_NUMBER = 10 }; /* guests with addresses in one network */

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

static json_t *do_nothing(struct call *call UNUSED)
{
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
	return json_pack("{s:o}", "host-name", text(demo_guest_hostname(call->guest)));
}

static json_t *do_timezone(struct call *call UNUSED)
{
	return json_pack("{s:s, s:i}", "zone", "UTC", "offset", 0);
}

static json_t *do_get_time(struct call *call)
{
	const int64_t ahead_ms = (int64_t)call->guest->plan->clock_ahead_s * 1000;

	return json_integer(((int64_t)call->host->began * 1000 + call->host->now + ahead_ms) * 1000000);
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

/* --- guest-network-get-interfaces --- */

static json_t *address_row(const char *address, const char *type, int prefix)
{
	return json_pack("{s:s, s:o, s:i}", "ip-address-type", type, "ip-address", text(address), "prefix", prefix);
}

static json_t *interface_row(const char *name, const char *mac, json_t *addresses)
{
	return json_pack("{s:s, s:o, s:s*}", "name", name, "ip-addresses", addresses, "hardware-address", mac);
}

/*
 * A host's guests live in 198.18.N.0 and on, whose number its name makes: RFC 2544 keeps these addresses for
 * benchmarks, so that ssh to a simulated guest never comes to somebody's real machine.
 */
static json_t *do_interfaces(struct call *call)
{
	const struct demo_guest *guest = call->guest;
	const bool windows = guest->os->family == FAMILY_WINDOWS;
	const unsigned char *bytes = guest->uuid.bytes;
	char address[16], mac[MAC_SIZE], local[32];
	json_t *list = json_array();
	unsigned net = 0;

	for (const char *c = call->host->plan->name; *c; c++)
		net = net * 31 + (unsigned char)*c;
	snprintf(address, sizeof(address), "198.18.%d.%d", (int)(net % 256 + (unsigned)guest->index / PER_NET) & 0xff,
		 FIRST_NUMBER + guest->index % PER_NET);
	demo_guest_mac(guest, mac);
	snprintf(local, sizeof(local), "fe80::5054:ff:fe%02x:%x", bytes[0], (unsigned)bytes[1] << 8 | bytes[2]);

	json_array_append_new(list, interface_row(windows ? "Loopback Pseudo-Interface 1" : "lo",
						  windows ? NULL : "00:00:00:00:00:00",
						  json_pack("[o, o]", address_row("127.0.0.1", "ipv4", 8),
							    address_row("::1", "ipv6", 128))));
	if (!windows && guest->plan->vcpus >= 8) /* whoever builds has containers */
		json_array_append_new(list, interface_row("docker0", "02:42:8e:11:05:9a",
							  json_pack("[o]", address_row("172.17.0.1", "ipv4", 16))));
	json_array_append_new(
		list,
		interface_row(windows ? "Ethernet" : "enp1s0", mac,
			      json_pack("[o, o]",
					address_row(guest->plan->address ? guest->plan->address : address, "ipv4", 15),
					address_row(local, "ipv6", 64))));
	return list;
}

/* --- guest-get-users: utmp, one row a user --- */

static json_t *do_users(struct call *call)
{
	const struct demo_guest *guest = call->guest;
	const bool is_windows = guest->os->family == FAMILY_WINDOWS;
	const struct demo_failure *failure = demo_guest_begins_step(call->guest, DEMO_STEP_USERS);
	json_t *users;

	if (failure && failure->how != FAILS_SILENTLY)
		return fail(call, "The command guest-get-users has not been found");
	users = json_array();
	for (size_t i = 0; !failure && !guest->os->blind && i < guest->sessions.count; i++) {
		const struct demo_session *session = &guest->sessions.at[i], *other = guest->sessions.at;

		while (other < session && (other->closing || strcmp(other->login->user, session->login->user) != 0))
			other++;
		if (other < session || (session->closing && guest->os->family == FAMILY_LOGIND))
			continue;
		json_array_append_new(users, json_pack("{s:o, s:o*, s:f}", "user", text(session->login->user), "domain",
						       is_windows ? text(session->login->domain) : NULL, "login-time",
						       (double)call->host->began + (double)session->since / 1000));
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

static int64_t run_program(struct call *call, demo_program_fn *program, const char *const *args, const char *input,
			   const struct demo_failure *failure)
{
	json_t *capture = json_object_get(call->arguments, "capture-output");
	const bool is_windows = call->guest->os->family == FAMILY_WINDOWS;
	const int code = failure && failure->code ? failure->code : 1;
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

	if (failure && failure->how == FAILS_WITH_ERROR) {
		/* It does not come as far as its work. */
		run.exit_code = is_windows ? 4 : code;
		if (is_windows && code == 5)
			fputs("Access denied\r\n", run.out);
		else
			fprintf(run.err_out, "error %d\n", code);
	} else if (!failure || failure->how != FAILS_SILENTLY) {
		program(&run);
	}
	fclose(run.out);
	fclose(run.err_out);
	/* true, or since QEMU 8 one of the words; stderr alone is not kept apart here. */
	if (!json_is_true(capture) && (!json_is_string(capture) || strcmp(json_string_value(capture), "none") == 0))
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
	json_t *path_value, *encoded;
	OWN(bytes) char *input = NULL;
	int64_t pid;
	size_t len;
	bool cut;

	if (!take(call, "path", JSON_STRING, "string", true, &path_value) || !take_strings(call, "arg", args) ||
	    !take_strings(call, "env", env))
		return NULL;
	path = json_string_value(path_value);
	if (call->guest->plan->behaviour == BEHAVIOUR_CONFINED && call->guest->os->family != FAMILY_WINDOWS)
		return fail_spawn(call, path, "Permission denied");
	program = demo_program_find(call->guest, path);
	failure = program ? demo_guest_begins_step(call->guest, demo_program_step(path, args)) : NULL;
	if (!program || (failure && failure->how == FAILS_MISSING))
		return fail_spawn(call, path,
				  call->guest->os->no_such_file ? call->guest->os->no_such_file
								: "No such file or directory");
	if (!take(call, "input-data", JSON_STRING, "string", false, &encoded))
		return NULL;
	if (encoded &&
	    !base64_decode(json_string_value(encoded), json_string_length(encoded), INPUT_MAX, &input, &len, &cut))
		return fail(call, "Base64 decoding failed");
	pid = run_program(call, program, args, input ? input : "", failure);
	call->no_reply = failure && failure->how == FAILS_LOST;
	return call->no_reply ? NULL : json_pack("{s:I}", "pid", (json_int_t)pid);
}

static void set_output(json_t *reply, const char *key, const char *bytes, size_t len)
{
	OWN(bytes) char *encoded = NULL;

	if (!len)
		return;
	encoded = base64_encode(bytes, len);
	json_object_set_new(reply, key, json_string(encoded));
}

static json_t *do_exec_status(struct call *call)
{
	struct demo_guest *guest = call->guest;
	int64_t pid;

	if (!take_integer(call, "pid", &pid))
		return NULL;
	for (size_t i = 0; i < guest->processes.count; i++) {
		struct demo_process process = guest->processes.at[i];
		json_t *reply;

		if (process.pid != pid)
			continue;
		if (process.ends_at > call->host->now)
			return json_pack("{s:b}", "exited", 0);
		reply = json_pack("{s:i, s:b}", "exitcode", process.exit_code, "exited", 1);
		set_output(reply, "out-data", process.out, process.out_len);
		if (process.cut)
			json_object_set_new(reply, "out-truncated", json_true());
		set_output(reply, "err-data", process.err_out, process.err_len);
		/* The answer that says "exited" is the last one: the agent forgets the process with it. */
		free(process.out);
		free(process.err_out);
		VEC_REMOVE(&guest->processes, i);
		return reply;
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

bool demo_agent_answer(struct demo_host *host, struct demo_guest *guest, const char *command, char **ret_reply,
		       struct err *err)
{
	json_t *request = strlen(command) > LINE_MAX_BYTES ? NULL : json_loads(command, JSON_REJECT_DUPLICATES, NULL);
	const char *execute = json_string_value(json_object_get(request, "execute"));
	json_t *arguments = json_object_get(request, "arguments"), *none = json_object(), *value = NULL;
	struct call call = { .host = host, .guest = guest, .arguments = arguments ? arguments : none };
	bool ok = false;

	if (!request)
		fail(&call, "JSON parse error, invalid input");
	else if (!execute)
		fail(&call, "QMP input lacks member 'execute'");
	else if (!json_is_object(call.arguments))
		fail(&call, "QMP input member 'arguments' must be an object");
	else
		value = dispatch(&call, execute);
	if (value) {
		json_t *reply = json_pack("{s:o, s:O*}", "return", value, "id", json_object_get(request, "id"));

		*ret_reply = demo_inject_fault(guest, execute, reply);
		ok = *ret_reply != NULL;
	} else if (call.no_reply) {
		*ret_reply = NULL;
		ok = true;
	} else {
		err_set_outside(err, agent_classify_refusal(call.desc), "", call.desc);
	}
	json_decref(none);
	json_decref(request);
	return ok;
}

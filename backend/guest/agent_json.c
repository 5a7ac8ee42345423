/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_json.h"

#include "backend/refusal.h"
#include "base/base64.h"

#include <jansson.h>
#include <limits.h>

enum { VERSION_CAP = 64, SUPPORTED_MAX = 1024 };

/* jansson recurses: a reply of 200 000 brackets must not get that far. */
static bool is_shallow(const char *text, size_t len)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (in_string && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			in_string = !in_string;
		else if (in_string)
			continue;
		else if (text[i] == '{' || text[i] == '[')
			depth++;
		else if (text[i] == '}' || text[i] == ']')
			depth--;
		if (depth > AGENT_JSON_DEPTH_MAX)
			return false;
	}
	return true;
}

static bool broken(struct err *err, const char *why)
{
	return err_set(err, ERR_AGENT_BROKEN, _("invalid answer of the guest agent: %s"), why);
}

/* What stands under "return"; a new reference. */
static json_t *parse_return(const char *reply, size_t len, struct err *err)
{
	json_auto_t *root = NULL;
	json_t *value, *error;
	const char *desc;

	if (len > AGENT_REPLY_MAX)
		return broken(err, _("it is larger than 4 MiB")), NULL;
	if (!is_shallow(reply, len))
		return broken(err, _("it is nested too deeply")), NULL;
	root = json_loadb(reply, len, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(root))
		return broken(err, _("it is not a JSON object")), NULL;
	error = json_object_get(root, "error");
	value = json_incref(json_object_get(root, "return"));
	desc = json_string_value(json_object_get(error, "desc"));
	if (!value && error)
		err_set_outside(err, agent_classify_refusal(desc), _("the guest agent refused"),
				desc ? desc : _("no reason given"));
	else if (!value)
		broken(err, _("it contains neither a result nor an error"));
	return value;
}

/* The same where the result has to be of one type. */
static json_t *parse_return_of(json_type type, const char *reply, size_t len, struct err *err)
{
	json_t *value = parse_return(reply, len, err);

	if (!value || json_typeof(value) == type)
		return value;
	broken(err, _("the result has the wrong type"));
	json_decref(value);
	return NULL;
}

json_t *agent_parse_array(const char *reply, size_t len, struct err *err)
{
	return parse_return_of(JSON_ARRAY, reply, len, err);
}

static struct safe_text text_member(const json_t *object, const char *key, size_t cap)
{
	const json_t *value = json_object_get(object, key);

	return text_sanitize(json_string_value(value), json_string_length(value), cap);
}

bool agent_parse_nothing(const char *reply, size_t len, struct err *err)
{
	json_auto_t *value = parse_return(reply, len, err);

	return value != NULL;
}

/* --- guest-info --- */

static const struct {
	const char *command;
	size_t offset;
} ability_table[] = {
	{ "guest-get-users", offsetof(struct agent_capabilities, get_users) },
	{ "guest-get-osinfo", offsetof(struct agent_capabilities, osinfo) },
	{ "guest-get-host-name", offsetof(struct agent_capabilities, host_name) },
	{ "guest-shutdown", offsetof(struct agent_capabilities, shutdown) },
	{ "guest-get-time", offsetof(struct agent_capabilities, get_time) },
	{ "guest-set-time", offsetof(struct agent_capabilities, set_time) },
	{ "guest-fstrim", offsetof(struct agent_capabilities, fstrim) },
	{ "guest-fsfreeze-status", offsetof(struct agent_capabilities, fsfreeze_status) },
	{ "guest-fsfreeze-freeze", offsetof(struct agent_capabilities, fsfreeze) },
	{ "guest-network-get-interfaces", offsetof(struct agent_capabilities, interfaces) },
};

bool agent_parse_info(const char *reply, size_t len, struct agent_capabilities *ret, struct err *err)
{
	json_auto_t *value = parse_return_of(JSON_OBJECT, reply, len, err);
	struct agent_capabilities capabilities = { .known = true };
	bool exec = false, exec_status = false;
	const json_t *commands;

	if (!value)
		return false;
	commands = json_object_get(value, "supported_commands");
	for (size_t i = 0; i < MIN(json_array_size(commands), SUPPORTED_MAX); i++) {
		const json_t *command = json_array_get(commands, i), *enabled = json_object_get(command, "enabled");
		const char *name = json_string_value(json_object_get(command, "name"));

		if (!name)
			continue;
		if (strcmp(name, "guest-exec") == 0 || strcmp(name, "guest-exec-status") == 0) {
			*(name[strlen("guest-exec")] ? &exec_status : &exec) = json_is_true(enabled);
			capabilities.exec_known_blocked |= json_is_false(enabled);
		}
		for (size_t k = 0; k < ARRAY_SIZE(ability_table); k++)
			if (strcmp(name, ability_table[k].command) == 0)
				*(bool *)((char *)&capabilities + ability_table[k].offset) = json_is_true(enabled);
	}
	capabilities.exec = exec && exec_status;
	capabilities.exec_known_blocked &= !capabilities.exec;
	capabilities.version = text_member(value, "version", VERSION_CAP);
	*ret = capabilities;
	return true;
}

void agent_abilities_free(struct agent_capabilities *capabilities)
{
	text_free(&capabilities->version);
}

/* --- guest-get-osinfo, guest-get-host-name --- */

bool agent_parse_os(const char *reply, size_t len, struct agent_os *ret, struct err *err)
{
	json_auto_t *value = parse_return_of(JSON_OBJECT, reply, len, err);

	if (!value)
		return false;
	*ret = (struct agent_os){
		.id = text_member(value, "id", TEXT_CAP_OS),
		.name = text_member(value, "name", TEXT_CAP_OS),
		.pretty_name = text_member(value, "pretty-name", TEXT_CAP_OS),
		.version = text_member(value, "version", TEXT_CAP_OS),
		.version_id = text_member(value, "version-id", TEXT_CAP_OS),
		.kernel = text_member(value, "kernel-release", TEXT_CAP_OS),
		.machine = text_member(value, "machine", TEXT_CAP_OS),
	};
	return true;
}

void agent_os_free(struct agent_os *os)
{
	struct safe_text *texts[] = { &os->id,         &os->name,   &os->pretty_name, &os->version,
				      &os->version_id, &os->kernel, &os->machine };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		text_free(texts[i]);
}

bool agent_parse_host_name(const char *reply, size_t len, struct safe_text *ret_owned, struct err *err)
{
	json_auto_t *value = parse_return_of(JSON_OBJECT, reply, len, err);

	if (!value)
		return false;
	*ret_owned = text_member(value, "host-name", TEXT_CAP_HOST);
	return true;
}

/* --- guest-get-users --- */

bool agent_parse_users(const char *reply, size_t len, struct agent_users *ret, struct err *err)
{
	json_auto_t *value = parse_return_of(JSON_ARRAY, reply, len, err);
	const double year_9999 = 253402300799.0;
	struct agent_users users = { 0 };

	if (!value)
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		const json_t *row = json_array_get(value, i), *time = json_object_get(row, "login-time");
		const double seconds = json_is_number(time) ? json_number_value(time) : -1;
		struct agent_user *user;

		if (!json_is_string(json_object_get(row, "user")))
			continue;
		if (users.count == SESSION_LIST_MAX) {
			users.more++;
			continue;
		}
		user = VEC_PUSH(&users);
		user->name = text_member(row, "user", TEXT_CAP_USER);
		user->domain = text_member(row, "domain", TEXT_CAP_USER);
		user->login_time = seconds >= 0 && seconds <= year_9999 ? (int64_t)seconds : -1;
	}
	*ret = users;
	return true;
}

void agent_users_free(struct agent_users *users)
{
	for (size_t i = 0; i < users->count; i++) {
		text_free(&users->at[i].name);
		text_free(&users->at[i].domain);
	}
	VEC_FREE(users);
	users->more = 0;
}

/* --- guest-fsfreeze-status --- */

bool agent_parse_fsfreeze(const char *reply, size_t len, bool *ret_frozen, struct err *err)
{
	json_auto_t *value = parse_return_of(JSON_STRING, reply, len, err);

	if (!value)
		return false;
	*ret_frozen = strcmp(json_string_value(value), "frozen") == 0;
	return true;
}

bool agent_parse_time(const char *reply, size_t len, int64_t *ret_ns, struct err *err)
{
	json_t *value = parse_return_of(JSON_INTEGER, reply, len, err);

	if (!value)
		return false;
	*ret_ns = json_integer_value(value);
	json_decref(value);
	return true;
}

/* --- guest-fstrim --- */

/* Before 2.4 the agent answered {}; since then {"paths": [{"path", "trimmed" or "error"}]}. */
bool agent_parse_fstrim(const char *reply, size_t len, int64_t *ret_bytes, struct err *err)
{
	json_auto_t *value = parse_return_of(JSON_OBJECT, reply, len, err);
	const json_t *paths = value ? json_object_get(value, "paths") : NULL;
	int64_t sum = -1;

	if (!value)
		return false;
	for (size_t i = 0; i < json_array_size(paths); i++) {
		const json_t *trimmed = json_object_get(json_array_get(paths, i), "trimmed");
		const json_int_t bytes = json_is_integer(trimmed) ? json_integer_value(trimmed) : -1;

		if (bytes >= 0 && bytes <= INT64_MAX - MAX(sum, 0))
			sum = MAX(sum, 0) + bytes;
	}
	*ret_bytes = sum;
	return true;
}

/* --- guest-exec, guest-exec-status --- */

static json_t *strings_to_json(const char *const *strings)
{
	json_t *array = json_array();

	for (; *strings; strings++)
		if (json_array_append_new(array, json_string(*strings)) < 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static char *command_to_text(const char *name, json_t *arguments)
{
	json_auto_t *command = json_pack("{s:s, s:o}", "execute", name, "arguments", arguments);

	return json_dumps(command, JSON_COMPACT);
}

char *agent_exec_command(const struct agent_program *program)
{
	json_t *arguments = json_object();
	bool ok = json_object_set_new(arguments, "path", json_string(program->path)) == 0;

	if (program->args && *program->args)
		ok = json_object_set_new(arguments, "arg", strings_to_json(program->args)) == 0 && ok;
	if (program->env)
		ok = json_object_set_new(arguments, "env", strings_to_json(program->env)) == 0 && ok;
	if (program->input) {
		OWN(bytes) char *input = base64_encode(program->input, strlen(program->input));

		json_object_set_new(arguments, "input-data", json_string(input));
	}
	json_object_set_new(arguments, "capture-output", json_boolean(program->capture));
	if (!ok) {
		json_decref(arguments);
		return NULL;
	}
	return command_to_text("guest-exec", arguments);
}

char *agent_status_command(int64_t pid)
{
	return command_to_text("guest-exec-status", json_pack("{s:I}", "pid", (json_int_t)pid));
}

bool agent_parse_pid(const char *reply, size_t len, int64_t *ret_pid, struct err *err)
{
	json_auto_t *value = parse_return_of(JSON_OBJECT, reply, len, err);
	json_int_t pid;

	if (!value)
		return false;
	pid = json_integer_value(json_object_get(value, "pid"));
	if (pid <= 0)
		return broken(err, _("guest-exec returned no process id"));
	*ret_pid = pid;
	return true;
}

static bool decode_member(const json_t *object, const char *key, char **ret, size_t *ret_len, bool *ret_truncated)
{
	const json_t *value = json_object_get(object, key);
	bool cut;

	if (value && json_typeof(value) != JSON_STRING)
		return false;
	if (!base64_decode(json_string_value(value), json_string_length(value), AGENT_OUTPUT_MAX, ret, ret_len, &cut))
		return false;
	*ret_truncated |= cut;
	return true;
}

bool agent_parse_output(const char *reply, size_t len, struct agent_output *ret, struct err *err)
{
	json_auto_t *value = parse_return_of(JSON_OBJECT, reply, len, err);
	const json_t *exited = json_object_get(value, "exited"), *code = json_object_get(value, "exitcode");
	const json_int_t number = json_integer_value(code);
	const bool code_known = json_is_integer(code) && number >= INT_MIN && number <= INT_MAX;
	struct agent_output output = {
		.exited = json_is_true(exited),
		.exit_code_known = code_known,
		.exit_code = code_known ? (int)number : -1,
		.signalled = json_object_get(value, "signal") != NULL,
		.truncated = json_is_true(json_object_get(value, "out-truncated")) ||
			     json_is_true(json_object_get(value, "err-truncated")),
	};

	if (!value)
		return false;
	if (!json_is_boolean(exited))
		return broken(err, _("guest-exec-status does not say whether the program ended"));
	if (!decode_member(value, "out-data", &output.out, &output.out_len, &output.truncated) ||
	    !decode_member(value, "err-data", &output.err_out, &output.err_len, &output.truncated)) {
		agent_output_free(&output);
		return broken(err, _("a program's output is not base64"));
	}
	*ret = output;
	return true;
}

void agent_output_free(struct agent_output *output)
{
	free(output->out);
	free(output->err_out);
	*output = (struct agent_output){ 0 };
}

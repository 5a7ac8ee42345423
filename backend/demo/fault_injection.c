/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What broken and hostile agents say instead of a right answer. */
#include "backend/demo/fault_injection.h"

enum {
	OVERSIZE_BYTES = 5 * 1024 * 1024,
	FLOOD_BYTES = 2 * 1024 * 1024,
	DEPTH = 200 * 1000,
	CROWD = 10 * 1000,
};

static char *dump(json_t *reply)
{
	char *dumped = json_dumps(reply, JSON_COMPACT);

	json_decref(reply);
	return dumped;
}

static char *say_garbage(const char *execute UNUSED, json_t *reply)
{
	json_decref(reply);
	return mem_strdup("\xff\xfe\x1b[2J{\"return\": ]]] \x01");
}

static char *filled(const char *before, char c, size_t count, const char *after)
{
	size_t len = strlen(before);
	char *bytes = mem_realloc(NULL, len + count + strlen(after) + 1, 1);

	memcpy(bytes, before, len);
	memset(bytes + len, c, count);
	memcpy(bytes + len + count, after, strlen(after) + 1);
	return bytes;
}

static char *say_oversize(const char *execute UNUSED, json_t *reply)
{
	json_decref(reply);
	return filled("{\"return\":{\"host-name\":\"", 'A', OVERSIZE_BYTES, "\"}}");
}

static char *say_deep(const char *execute UNUSED, json_t *reply)
{
	OWN(bytes) char *opened = filled("{\"return\":", '[', DEPTH, "");

	json_decref(reply);
	return filled(opened, ']', DEPTH, "}");
}

/* --- every value changed --- */

typedef json_t *change_fn(const json_t *value);

static json_t *to_null(const json_t *value UNUSED)
{
	return json_null();
}

static json_t *to_wrong_type(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return json_integer(7);
	case JSON_INTEGER:
	case JSON_REAL:
		return json_string("seven");
	case JSON_TRUE:
	case JSON_FALSE:
		return json_array();
	default:
		return json_true();
	}
}

static json_t *changed(json_t *value, change_fn *change)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_object(value)) {
		json_object_foreach(value, key, item)
			json_object_set_new(value, key, changed(item, change));
		return json_object_size(value) ? json_incref(value) : change(value);
	}
	if (json_is_array(value)) {
		json_array_foreach(value, i, item)
			json_array_set_new(value, i, changed(item, change));
		return json_array_size(value) ? json_incref(value) : change(value);
	}
	return change(value);
}

static char *say_changed(json_t *reply, change_fn *change)
{
	json_object_set_new(reply, "return", changed(json_object_get(reply, "return"), change));
	return dump(reply);
}

static char *say_nulls(const char *execute UNUSED, json_t *reply)
{
	return say_changed(reply, to_null);
}

static char *say_wrong_types(const char *execute UNUSED, json_t *reply)
{
	return say_changed(reply, to_wrong_type);
}

/* --- the text changed: what no JSON library would write --- */

static char *say_numbers(const char *execute UNUSED, json_t *reply)
{
	static const char *const numbers[] = { "-1", "1e300", "18446744073709551616", "9223372036854775807", "-0.5" };
	char *json = dump(reply), *text = NULL;
	bool in_string = false;
	size_t len, next = 0;
	FILE *out = mem_stream(&text, &len);

	for (const char *c = json; *c; c++) {
		if (*c == '"' && (c == json || c[-1] != '\\'))
			in_string = !in_string;
		if (in_string || !strchr("0123456789-", *c)) {
			fputc(*c, out);
			continue;
		}
		fputs(numbers[next++ % ARRAY_SIZE(numbers)], out);
		c += strspn(c, "0123456789-+.eE") - 1;
	}
	fclose(out);
	free(json);
	return text;
}

static char *say_doubled(const char *execute UNUSED, json_t *reply)
{
	char *json = dump(reply), *text = mem_printf("{\"return\":null,%s", json + 1);

	free(json);
	return text;
}

/* --- one command's answer changed --- */

static char *say_crowd(const char *execute, json_t *reply)
{
	json_t *users;

	if (strcmp(execute, "guest-get-users") != 0)
		return dump(reply);
	users = json_array();
	for (int i = 0; i < CROWD; i++) {
		char name[16];

		snprintf(name, sizeof(name), "user%05d", i);
		json_array_append_new(users, json_pack("{s:s, s:f}", "user", name, "login-time", 1.5e9 + i));
	}
	json_object_set_new(reply, "return", users);
	return dump(reply);
}

static char *say_flood(const char *execute, json_t *reply)
{
	json_t *status = json_object_get(reply, "return");

	if (strcmp(execute, "guest-exec-status") == 0 && json_is_true(json_object_get(status, "exited"))) {
		OWN(bytes) char *base64 = filled("", 'Q', FLOOD_BYTES, "");

		json_object_set_new(status, "out-data", json_string(base64));
		json_object_set_new(status, "out-truncated", json_true());
	}
	return dump(reply);
}

static char *say_cut(const char *execute, json_t *reply)
{
	json_t *status = json_object_get(reply, "return");

	if (strcmp(execute, "guest-exec-status") == 0 && json_is_true(json_object_get(status, "exited"))) {
		json_object_set_new(status, "out-data", json_string("no base64 at all!"));
		json_object_del(status, "exitcode");
	}
	return dump(reply);
}

static char *(*const faults[BEHAVIOUR_COUNT])(const char *execute, json_t *reply) = {
	[BEHAVIOUR_GARBAGE] = say_garbage,
	[BEHAVIOUR_OVERSIZE] = say_oversize,
	[BEHAVIOUR_DEEP] = say_deep,
	[BEHAVIOUR_NULLS] = say_nulls,
	[BEHAVIOUR_WRONG_TYPES] = say_wrong_types,
	[BEHAVIOUR_NUMBERS] = say_numbers,
	[BEHAVIOUR_DOUBLED] = say_doubled,
	[BEHAVIOUR_CROWD] = say_crowd,
	[BEHAVIOUR_FLOOD] = say_flood,
	[BEHAVIOUR_CUT] = say_cut,
};

char *demo_inject_fault(const struct demo_guest *guest, const char *execute, json_t *reply)
{
	char *(*fault)(const char *, json_t *) = faults[guest->plan->behaviour];

	return fault ? fault(execute, reply) : dump(reply);
}

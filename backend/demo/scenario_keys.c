/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of scenario files, one table row each, and how they become the structs of scenario.h. */
#include "backend/demo/scenario_keys.h"

#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum key_type {
	KEY_TEXT,
	KEY_INT,
	KEY_BOOL,
	KEY_SECONDS,
	KEY_WORD, /* one of key.words, stored as its index */
	KEY_OS,
	KEY_LIST, /* ( { }, { } ), stored as pointer and count */
};

struct kind;

struct key {
	const char *name;
	enum key_type type;
	size_t offset;
	int min, max;
	bool required;
	const char *const *words; /* holes are NULL */
	size_t word_count;
	size_t count_offset; /* KEY_LIST */
	const struct kind *items;
};

struct kind {
	const char *what; /* for messages */
	size_t size;
	const struct key *keys;
	size_t key_count;
	size_t most;
};

struct reader {
	const char *name;
	struct demo_store *store;
	struct err *err;
};

/* --- the words --- */

static const char *const via_words[] = {
	[VIA_SSH] = "ssh",
	[VIA_CONSOLE] = "console",
	[VIA_DESKTOP] = "desktop",
	[VIA_SERIAL] = "serial",
};
static const char *const leaves_words[] = {
	[LEAVES_SOON] = "soon",
	[LEAVES_LATE] = "late",
	[LEAVES_KILLED] = "killed",
	[LEAVES_NEVER] = "never",
};
static const char *const behaviour_words[] = {
	[BEHAVIOUR_UP] = "up",
	[BEHAVIOUR_NONE] = "none",
	[BEHAVIOUR_DOWN] = "down",
	[BEHAVIOUR_UNREAD] = "unread",
	[BEHAVIOUR_DENIED] = "denied",
	[BEHAVIOUR_BLOCKED] = "blocked",
	[BEHAVIOUR_CONFINED] = "confined",
	[BEHAVIOUR_FROZEN] = "frozen",
	[BEHAVIOUR_OLD] = "old",
	[BEHAVIOUR_MUTE] = "mute",
	[BEHAVIOUR_NOSYNC] = "nosync",
	[BEHAVIOUR_BUSY] = "busy",
	[BEHAVIOUR_GARBAGE] = "garbage",
	[BEHAVIOUR_OVERSIZE] = "oversize",
	[BEHAVIOUR_DEEP] = "deep",
	[BEHAVIOUR_NULLS] = "nulls",
	[BEHAVIOUR_WRONG_TYPES] = "twisted",
	[BEHAVIOUR_NUMBERS] = "numbers",
	[BEHAVIOUR_DOUBLED] = "doubled",
	[BEHAVIOUR_CROWD] = "crowd",
	[BEHAVIOUR_FLOOD] = "flood",
	[BEHAVIOUR_CUT] = "cut",
};
static const char *const load_words[] = {
	[LOAD_QUIET] = "quiet",
	[LOAD_STEADY] = "steady",
	[LOAD_BUSY] = "busy",
	[LOAD_BURSTS] = "bursts",
};
static const char *const state_words[] = {
	[VM_STATE_RUNNING] = "running", [VM_STATE_IDLE] = "idle",         [VM_STATE_PAUSED] = "paused",
	[VM_STATE_SHUTOFF] = "shutoff", [VM_STATE_CRASHED] = "crashed",   [VM_STATE_PMSUSPENDED] = "pmsuspended",
	[VM_STATE_SAVED] = "saved",     [VM_STATE_MIGRATED] = "migrated",
};
const char *const scenario_what_words[EVENT_SCRIPTED_COUNT] = {
	[EVENT_LOGON] = "logon",
	[EVENT_LOGOFF] = "logoff",
	[EVENT_START] = "start",
	[EVENT_SHUTDOWN] = "shutdown",
	[EVENT_REBOOT] = "reboot",
	[EVENT_CRASH] = "crash",
	[EVENT_DESTROY] = "destroy",
	[EVENT_PAUSE] = "pause",
	[EVENT_RESUME] = "resume",
	[EVENT_DISK_FULL] = "disk-full",
	[EVENT_AGENT_DOWN] = "agent-down",
	[EVENT_AGENT_UP] = "agent-up",
	[EVENT_FREEZE] = "freeze",
	[EVENT_THAW] = "thaw",
	[EVENT_UNDEFINE] = "undefine",
	[EVENT_MIGRATE] = "migrate",
	[EVENT_ARRIVE] = "arrive",
	[EVENT_HANG] = "hang",
	[EVENT_LOSE] = "lose",
};

static const char *const step_words[DEMO_STEP_COUNT] = {
	[DEMO_STEP_LIST] = "list",
	[DEMO_STEP_SHOW] = "show",
	[DEMO_STEP_USERS] = "users",
	[DEMO_STEP_WARN] = "warn",
	[DEMO_STEP_END] = "end",
	[DEMO_STEP_LOCK] = "lock",
	[DEMO_STEP_DISCONNECT] = "disconnect",
	[DEMO_STEP_DISABLE_LOGINS] = "disable-logins",
	[DEMO_STEP_ENABLE_LOGINS] = "enable-logins",
};
static const char *const how_words[FAILS_COUNT] = {
	[FAILS_WITH_ERROR] = "error", [FAILS_MISSING] = "missing", [FAILS_SILENTLY] = "silent",
	[FAILS_LOST] = "lost",        [FAILS_CUT] = "cut",         [FAILS_NO_TYPES] = "no-types",
	[FAILS_BLIND] = "blind",      [FAILS_TAKEN] = "taken",
};

/* --- the keys --- */

#define WORDS(array) .type = KEY_WORD, .words = (array), .word_count = ARRAY_SIZE(array)
#define LIST(parent, member, member_count, kind) \
	.type = KEY_LIST, .offset = offsetof(parent, member), .count_offset = offsetof(parent, member_count), \
	.items = (kind)

#define SHORTEST_S 0.1
enum { A_DAY = 86400, A_YEAR = 366 * A_DAY };

#define LOGIN(member) .offset = offsetof(struct demo_login, member)
static const struct key login_keys[] = {
	{ .name = "user", .type = KEY_TEXT, LOGIN(user), .required = true },
	{ .name = "domain", .type = KEY_TEXT, LOGIN(domain) },
	{ .name = "from", .type = KEY_TEXT, LOGIN(from) },
	{ .name = "via", WORDS(via_words), LOGIN(via) },
	{ .name = "leaves", WORDS(leaves_words), LOGIN(leaves) },
	{ .name = "returns", .type = KEY_BOOL, LOGIN(returns) },
	{ .name = "absent", .type = KEY_BOOL, LOGIN(absent) },
	{ .name = "locked", .type = KEY_BOOL, LOGIN(locked) },
	{ .name = "disconnected", .type = KEY_BOOL, LOGIN(disconnected) },
	{ .name = "since", .type = KEY_INT, LOGIN(since_s), .max = A_YEAR },
};
static const struct kind login_kind = { "a login", sizeof(struct demo_login), login_keys, ARRAY_SIZE(login_keys),
					5000 };

#define HAPPENING(member) .offset = offsetof(struct demo_event, member)
static const struct key event_keys[] = {
	{ .name = "what", WORDS(scenario_what_words), HAPPENING(what), .required = true },
	{ .name = "at", .type = KEY_SECONDS, HAPPENING(at_s), .max = A_YEAR, .required = true },
	{ .name = "every", .type = KEY_SECONDS, HAPPENING(every_s), .max = A_YEAR },
	{ .name = "for", .type = KEY_SECONDS, HAPPENING(for_s), .max = A_YEAR },
	{ .name = "user", .type = KEY_TEXT, HAPPENING(user) },
};
static const struct kind event_kind = { "a event", sizeof(struct demo_event), event_keys, ARRAY_SIZE(event_keys),
					1000 };

#define SNAPSHOT(member) .offset = offsetof(struct demo_snapshot, member)
static const struct key snapshot_keys[] = {
	{ .name = "name", .type = KEY_TEXT, SNAPSHOT(name), .required = true },
	{ .name = "description", .type = KEY_TEXT, SNAPSHOT(description) },
	{ .name = "parent", .type = KEY_TEXT, SNAPSHOT(parent) },
	{ .name = "state", WORDS(state_words), SNAPSHOT(state) },
	{ .name = "disk_only", .type = KEY_BOOL, SNAPSHOT(disk_only) },
	{ .name = "taken", .type = KEY_INT, SNAPSHOT(taken_s), .max = A_YEAR },
};
static const struct kind snapshot_kind = { "a snapshot", sizeof(struct demo_snapshot), snapshot_keys,
					   ARRAY_SIZE(snapshot_keys), 1000 };

#define FAILURE(member) .offset = offsetof(struct demo_failure, member)
static const struct key failure_keys[] = {
	{ .name = "step", WORDS(step_words), FAILURE(step), .required = true },
	{ .name = "how", WORDS(how_words), FAILURE(how), .required = true },
	{ .name = "from", .type = KEY_INT, FAILURE(from), .min = 1, .max = 100000 },
	{ .name = "times", .type = KEY_INT, FAILURE(times), .min = 1, .max = 100000 },
	{ .name = "code", .type = KEY_INT, FAILURE(code), .min = 1, .max = 255 },
	{ .name = "user", .type = KEY_TEXT, FAILURE(user) },
};
static const struct kind failure_kind = { "a failure", sizeof(struct demo_failure), failure_keys,
					  ARRAY_SIZE(failure_keys), 100 };

#define VM(member) .offset = offsetof(struct demo_vm_plan, member)
static const struct key vm_keys[] = {
	{ .name = "name", .type = KEY_TEXT, VM(name), .required = true },
	{ .name = "title", .type = KEY_TEXT, VM(title) },
	{ .name = "tags", .type = KEY_TEXT, VM(tags) },
	{ .name = "hostname", .type = KEY_TEXT, VM(hostname) },
	{ .name = "uuid", .type = KEY_TEXT, VM(uuid) },
	{ .name = "address", .type = KEY_TEXT, VM(address) },
	{ .name = "os", .type = KEY_OS, VM(os) },
	{ .name = "state", WORDS(state_words), VM(state) },
	{ .name = "agent", WORDS(behaviour_words), VM(behaviour) },
	{ .name = "load", WORDS(load_words), VM(load) },
	{ .name = "vcpus", .type = KEY_INT, VM(vcpus), .min = 1, .max = 1024 },
	{ .name = "memory_mib", .type = KEY_INT, VM(memory_mib), .min = 1, .max = 16 << 20 },
	{ .name = "latency_ms", .type = KEY_INT, VM(latency_ms), .max = 60000 },
	{ .name = "misses_percent", .type = KEY_INT, VM(misses_percent), .max = 100 },
	{ .name = "autostart", .type = KEY_BOOL, VM(autostart) },
	{ .name = "transient", .type = KEY_BOOL, VM(transient) },
	{ .name = "absent", .type = KEY_BOOL, VM(absent) },
	{ .name = "ignores-acpi", .type = KEY_BOOL, VM(ignores_acpi) },
	{ .name = "greeter", .type = KEY_BOOL, VM(greeter) },
	{ .name = "no_console", .type = KEY_BOOL, VM(no_console) },
	{ .name = "console_busy", .type = KEY_BOOL, VM(console_busy) },
	{ .name = "console", .type = KEY_TEXT, VM(console) },
	{ .name = "logins", LIST(struct demo_vm_plan, logins, login_count, &login_kind) },
	{ .name = "events", LIST(struct demo_vm_plan, events, event_count, &event_kind) },
	{ .name = "snapshots", LIST(struct demo_vm_plan, snapshots, snapshot_count, &snapshot_kind) },
	{ .name = "failures", LIST(struct demo_vm_plan, failures, failure_count, &failure_kind) },
};
static const struct kind vm_kind = { "a VM", sizeof(struct demo_vm_plan), vm_keys, ARRAY_SIZE(vm_keys),
				     SCENARIO_FILE_VMS_MAX };

#define HOST(member) .offset = offsetof(struct demo_host_plan, member)
static const struct key host_keys[] = {
	{ .name = "name", .type = KEY_TEXT, HOST(name), .required = true },
	{ .name = "version", .type = KEY_TEXT, HOST(version) },
	{ .name = "production", .type = KEY_BOOL, HOST(production) },
	{ .name = "monitor_only", .type = KEY_BOOL, HOST(monitor_only) },
	{ .name = "unreachable", .type = KEY_BOOL, HOST(unreachable) },
	{ .name = "latency_ms", .type = KEY_INT, HOST(latency_ms), .max = 60000 },
	{ .name = "connect_ms", .type = KEY_INT, HOST(connect_ms), .max = 60000 },
	{ .name = "vms", LIST(struct demo_host_plan, vms, vm_count, &vm_kind) },
	{ .name = "events", LIST(struct demo_host_plan, events, event_count, &event_kind) },
};
static const struct kind host_kind = { "a host", sizeof(struct demo_host_plan), host_keys, ARRAY_SIZE(host_keys),
				       SCENARIO_HOSTS_MAX };

#define TOP(member) .offset = offsetof(struct scenario_top, member)
static const struct key top_keys[] = {
	{ .name = "seed", .type = KEY_INT, TOP(seed), .max = INT32_MAX },
	{ .name = "hosts", LIST(struct scenario_top, hosts, host_count, &host_kind), .required = true },
};
static const struct kind top_kind = { "a scenario", sizeof(struct scenario_top), top_keys, ARRAY_SIZE(top_keys), 1 };

/* --- settings to structs --- */

static bool complain(struct reader *reader, const config_setting_t *setting, const char *format, ...) PRINTF_LIKE(3, 4);

static bool complain(struct reader *reader, const config_setting_t *setting, const char *format, ...)
{
	char words[256];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	return err_set(reader->err, ERR_USAGE, "%s:%u: %s", reader->name, config_setting_source_line(setting), words);
}

static bool read_number(struct reader *reader, const config_setting_t *setting, const struct key *key, double *ret)
{
	int type = config_setting_type(setting);
	double value;

	if (type == CONFIG_TYPE_FLOAT && key->type == KEY_SECONDS)
		value = config_setting_get_float(setting);
	else if (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64)
		value = (double)config_setting_get_int64(setting);
	else
		return complain(reader, setting, _("'%s' must be a number"), key->name);
	if (key->type == KEY_SECONDS && value > 0 && value < SHORTEST_S)
		return complain(reader, setting, _("'%s' must be 0, or at least %.1f seconds"), key->name, SHORTEST_S);
	if (!(value >= key->min && value <= key->max))
		return complain(reader, setting, _("'%s' must be %d to %d"), key->name, key->min, key->max);
	*ret = value;
	return true;
}

static bool read_text(struct reader *reader, const config_setting_t *setting, const struct key *key, const char **ret)
{
	const char *text = config_setting_get_string(setting);

	if (!text)
		return complain(reader, setting, _("'%s' must be a text in double quotes"), key->name);
	if (!*text)
		return complain(reader, setting, _("'%s' is empty; omit it instead"), key->name);
	*ret = scenario_store_keep(reader->store, mem_strdup(text));
	return true;
}

static bool read_word(struct reader *reader, const config_setting_t *setting, const struct key *key, int *ret)
{
	const char *word = config_setting_get_string(setting);
	char known[192] = "";

	for (size_t i = 0; i < key->word_count; i++) {
		if (!key->words[i])
			continue;
		if (word && strcmp(word, key->words[i]) == 0) {
			*ret = (int)i;
			return true;
		}
		if (strlen(known) + strlen(key->words[i]) + 3 < sizeof(known)) {
			strncat(known, *known ? ", " : "", sizeof(known) - strlen(known) - 1);
			strncat(known, key->words[i], sizeof(known) - strlen(known) - 1);
		}
	}
	return complain(reader, setting, _("'%s' must be one of: %s"), key->name, known);
}

static bool read_os(struct reader *reader, const config_setting_t *setting, const struct key *key,
		    const struct demo_os **ret)
{
	const char *words[OS_COUNT];
	struct key as_words = *key;
	int index;

	for (size_t i = 0; i < OS_COUNT; i++)
		words[i] = demo_os_rows[i].word;
	as_words.words = words;
	as_words.word_count = OS_COUNT;
	if (!read_word(reader, setting, &as_words, &index))
		return false;
	*ret = &demo_os_rows[index];
	return true;
}

static bool read_group(struct reader *reader, const config_setting_t *setting, const struct kind *kind, void *into);

static bool read_list(struct reader *reader, const config_setting_t *setting, const struct key *key, void *into)
{
	const struct kind *kind = key->items;
	size_t count;
	char *items;

	if (!config_setting_is_list(setting))
		return complain(reader, setting, _("'%s' must be a list: %s = ( { ... }, { ... } );"), key->name,
				key->name);
	count = (size_t)config_setting_length(setting);
	if (count > kind->most)
		return complain(reader, setting, _("'%s' has %zu entries; the limit is %zu"), key->name, count,
				kind->most);
	if (!count)
		return true;
	items = scenario_store_keep(reader->store, mem_zalloc(count * kind->size));
	for (size_t i = 0; i < count; i++)
		if (!read_group(reader, config_setting_get_elem(setting, (unsigned)i), kind, items + i * kind->size))
			return false;
	memcpy((char *)into + key->offset, &items, sizeof(items));
	memcpy((char *)into + key->count_offset, &count, sizeof(count));
	return true;
}

static bool read_value(struct reader *reader, const config_setting_t *setting, const struct key *key, void *into)
{
	void *field = (char *)into + key->offset;
	double number;

	switch (key->type) {
	case KEY_TEXT:
		return read_text(reader, setting, key, field);
	case KEY_WORD:
		return read_word(reader, setting, key, field);
	case KEY_OS:
		return read_os(reader, setting, key, field);
	case KEY_LIST:
		return read_list(reader, setting, key, into);
	case KEY_BOOL:
		if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
			return complain(reader, setting, _("'%s' must be true or false"), key->name);
		*(bool *)field = config_setting_get_bool(setting);
		return true;
	case KEY_INT:
		if (!read_number(reader, setting, key, &number))
			return false;
		*(int *)field = (int)number;
		return true;
	case KEY_SECONDS:
		return read_number(reader, setting, key, field);
	}
	return false;
}

static const struct key *find_key(const struct kind *kind, const char *name)
{
	for (size_t i = 0; i < kind->key_count; i++)
		if (name && strcmp(kind->keys[i].name, name) == 0)
			return &kind->keys[i];
	return NULL;
}

static bool read_group(struct reader *reader, const config_setting_t *setting, const struct kind *kind, void *into)
{
	if (!config_setting_is_group(setting))
		return complain(reader, setting, _("%s must be a group: { ... }"), kind->what);
	for (unsigned i = 0; i < (unsigned)config_setting_length(setting); i++) {
		const config_setting_t *member = config_setting_get_elem(setting, i);
		const struct key *key = find_key(kind, config_setting_name(member));

		if (!key)
			return complain(reader, member, _("%s: unknown key '%s'"), kind->what,
					config_setting_name(member));
		if (!read_value(reader, member, key, into))
			return false;
	}
	for (size_t i = 0; i < kind->key_count; i++)
		if (kind->keys[i].required && !config_setting_get_member(setting, kind->keys[i].name))
			return complain(reader, setting, _("%s needs '%s'"), kind->what, kind->keys[i].name);
	return true;
}

bool scenario_read_keys(const char *name, const config_t *config, struct demo_store *store,
			struct scenario_top *ret_top, struct err *err)
{
	struct reader reader = { .name = name, .store = store, .err = err };

	*ret_top = (struct scenario_top){ 0 };
	return read_group(&reader, config_root_setting(config), &top_kind, ret_top);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenario files: found fit to be read, read by libconfig, checked. doc/scenario.md tells the format; its keys have one
 * table row each, which says how they become the structs of scenario.h.
 */
#include "backend/demo/scenario_read.h"

#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <limits.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HOST_NAME_MAX_BYTES = 64 };

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
	const char *const *words; /* holes are NULL; KEY_OS: the rows' own */
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

static const char *const via_words[] = { DEMO_VIAS(WORD_TEXT) };
static const char *const leaves_words[] = { DEMO_LEAVES(WORD_TEXT) };
static const char *const behaviour_words[] = { AGENT_BEHAVIOURS(WORD_TEXT) };
static const char *const load_words[] = { DEMO_LOADS(WORD_TEXT) };
static const char *const state_words[] = {
	[VM_STATE_RUNNING] = "running", [VM_STATE_IDLE] = "idle",         [VM_STATE_PAUSED] = "paused",
	[VM_STATE_SHUTOFF] = "shutoff", [VM_STATE_CRASHED] = "crashed",   [VM_STATE_PMSUSPENDED] = "pmsuspended",
	[VM_STATE_SAVED] = "saved",     [VM_STATE_MIGRATED] = "migrated",
};
static const char *const what_words[] = { DEMO_SCRIPTED_EVENTS(WORD_TEXT) };
static const char *const step_words[] = { DEMO_STEPS(WORD_TEXT) };
static const char *const how_words[] = { DEMO_FAILURES(WORD_TEXT) };

/* --- the keys --- */

#define WORDS(array) .type = KEY_WORD, .words = (array), .word_count = ARRAY_SIZE(array)
#define LIST(parent, member, member_count, kind) \
	.type = KEY_LIST, .offset = offsetof(parent, member), .count_offset = offsetof(parent, member_count), \
	.items = (kind)

#define KIND(what, type, keys) (what), sizeof(type), (keys), ARRAY_SIZE(keys)

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
	{ .name = "login_time", .type = KEY_INT, LOGIN(login_time), .max = INT_MAX },
	{ .name = "since", .type = KEY_INT, LOGIN(since_s), .max = A_YEAR },
	{ .name = "idle", .type = KEY_INT, LOGIN(idle_s), .max = A_YEAR },
};
static const struct kind login_kind = { KIND("a login", struct demo_login, login_keys), 5000 };

#define EVENT(member) .offset = offsetof(struct demo_event, member)
static const struct key event_keys[] = {
	{ .name = "what", WORDS(what_words), EVENT(what), .required = true },
	{ .name = "at", .type = KEY_SECONDS, EVENT(at_s), .max = A_YEAR, .required = true },
	{ .name = "every", .type = KEY_SECONDS, EVENT(every_s), .max = A_YEAR },
	{ .name = "for", .type = KEY_SECONDS, EVENT(for_s), .max = A_YEAR },
	{ .name = "user", .type = KEY_TEXT, EVENT(user) },
};
static const struct kind event_kind = { KIND("an event", struct demo_event, event_keys), 1000 };

#define SNAPSHOT(member) .offset = offsetof(struct demo_snapshot, member)
static const struct key snapshot_keys[] = {
	{ .name = "name", .type = KEY_TEXT, SNAPSHOT(name), .required = true },
	{ .name = "description", .type = KEY_TEXT, SNAPSHOT(description) },
	{ .name = "parent", .type = KEY_TEXT, SNAPSHOT(parent) },
	{ .name = "state", WORDS(state_words), SNAPSHOT(state) },
	{ .name = "disk_only", .type = KEY_BOOL, SNAPSHOT(disk_only) },
	{ .name = "taken", .type = KEY_INT, SNAPSHOT(taken_s), .max = A_YEAR },
};
static const struct kind snapshot_kind = { KIND("a snapshot", struct demo_snapshot, snapshot_keys), 1000 };

#define FAILURE(member) .offset = offsetof(struct demo_failure, member)
static const struct key failure_keys[] = {
	{ .name = "step", WORDS(step_words), FAILURE(step), .required = true },
	{ .name = "how", WORDS(how_words), FAILURE(how), .required = true },
	{ .name = "from", .type = KEY_INT, FAILURE(from), .min = 1, .max = 100000 },
	{ .name = "times", .type = KEY_INT, FAILURE(times), .min = 1, .max = 100000 },
	{ .name = "code", .type = KEY_INT, FAILURE(code), .min = 1, .max = 255 },
	{ .name = "user", .type = KEY_TEXT, FAILURE(user) },
};
static const struct kind failure_kind = { KIND("a failure", struct demo_failure, failure_keys), 100 };

#define VM(member) .offset = offsetof(struct demo_vm_plan, member)
static const struct key vm_keys[] = {
	{ .name = "name", .type = KEY_TEXT, VM(name), .required = true },
	{ .name = "title", .type = KEY_TEXT, VM(title) },
	{ .name = "tags", .type = KEY_TEXT, VM(tags) },
	{ .name = "hostname", .type = KEY_TEXT, VM(hostname) },
	{ .name = "uuid", .type = KEY_TEXT, VM(uuid) },
	{ .name = "osinfo", .type = KEY_TEXT, VM(osinfo) },
	{ .name = "agent_domain", .type = KEY_TEXT, VM(agent_domain) },
	{ .name = "permissive", .type = KEY_BOOL, VM(permissive) },
	{ .name = "zombies", .type = KEY_INT, VM(zombies), .max = 1000 },
	{ .name = "agent_mib", .type = KEY_INT, VM(agent_mib), .max = 1 << 20 },
	{ .name = "masked", .type = KEY_TEXT, VM(masked) },
	{ .name = "clock_ahead", .type = KEY_INT, VM(clock_ahead_s), .min = -A_YEAR, .max = A_YEAR },
	{ .name = "backup", .type = KEY_INT, VM(backup_s), .max = A_YEAR },
	{ .name = "address", .type = KEY_TEXT, VM(address) },
	{ .name = "os", .type = KEY_OS, VM(os), .word_count = OS_COUNT },
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
static const struct kind vm_kind = { KIND("a VM", struct demo_vm_plan, vm_keys), SCENARIO_FILE_VMS_MAX };

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
static const struct kind host_kind = { KIND("a host", struct demo_host_plan, host_keys), SCENARIO_HOSTS_MAX };

/* What stands at the top of a file. */
struct scenario_top {
	int seed;
	const struct demo_host_plan *hosts;
	size_t host_count;
};

#define TOP(member) .offset = offsetof(struct scenario_top, member)
static const struct key top_keys[] = {
	{ .name = "seed", .type = KEY_INT, TOP(seed), .max = INT32_MAX },
	{ .name = "hosts", LIST(struct scenario_top, hosts, host_count, &host_kind), .required = true },
};
static const struct kind top_kind = { KIND("a scenario", struct scenario_top, top_keys), 1 };

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

static bool read_word(struct reader *reader, const config_setting_t *setting, const struct key *key, int *ret)
{
	const char *word = config_setting_get_string(setting);
	char known[192] = "";

	for (size_t i = 0; i < key->word_count; i++) {
		const char *one = key->words ? key->words[i] : demo_os_rows[i].word;

		if (!one)
			continue;
		if (word && strcmp(word, one) == 0) {
			*ret = (int)i;
			return true;
		}
		if (strlen(known) + strlen(one) + 3 < sizeof(known)) {
			strncat(known, *known ? ", " : "", sizeof(known) - strlen(known) - 1);
			strncat(known, one, sizeof(known) - strlen(known) - 1);
		}
	}
	return complain(reader, setting, _("'%s' must be one of: %s"), key->name, known);
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
	const char *text;
	double number;
	int index;

	switch (key->type) {
	case KEY_TEXT:
		text = config_setting_get_string(setting);
		if (!text)
			return complain(reader, setting, _("'%s' must be a text in double quotes"), key->name);
		if (!*text)
			return complain(reader, setting, _("'%s' is empty; omit it instead"), key->name);
		*(const char **)field = scenario_store_keep(reader->store, mem_strdup(text));
		return true;
	case KEY_WORD:
		return read_word(reader, setting, key, field);
	case KEY_OS:
		if (!read_word(reader, setting, key, &index))
			return false;
		*(const struct demo_os **)field = &demo_os_rows[index];
		return true;
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

static bool read_group(struct reader *reader, const config_setting_t *setting, const struct kind *kind, void *into)
{
	if (!config_setting_is_group(setting))
		return complain(reader, setting, _("%s must be a group: { ... }"), kind->what);
	for (unsigned i = 0; i < (unsigned)config_setting_length(setting); i++) {
		const config_setting_t *member = config_setting_get_elem(setting, i);
		const char *name = config_setting_name(member);
		size_t at = 0;

		while (at < kind->key_count && (!name || strcmp(kind->keys[at].name, name) != 0))
			at++;
		if (at == kind->key_count)
			return complain(reader, member, _("%s: unknown key '%s'"), kind->what, name);
		if (!read_value(reader, member, &kind->keys[at], into))
			return false;
	}
	for (size_t i = 0; i < kind->key_count; i++)
		if (kind->keys[i].required && !config_setting_get_member(setting, kind->keys[i].name))
			return complain(reader, setting, _("%s needs '%s'"), kind->what, kind->keys[i].name);
	return true;
}

/* --- what the tables cannot say --- */

/* False with a complaint about the machine or host of this name. */
static bool complain_of(const struct reader *reader, const char *name, const char *format, ...) PRINTF_LIKE(3, 4);

static bool complain_of(const struct reader *reader, const char *name, const char *format, ...)
{
	OWN(bytes) char *words = NULL;
	va_list args;

	va_start(args, format);
	words = mem_vprintf(format, args);
	va_end(args);
	return err_set(reader->err, ERR_USAGE, "%s: %s: %s", reader->name, name, words);
}

static bool is_for_hosts(const struct demo_event *event)
{
	return event->what == EVENT_HANG || event->what == EVENT_LOSE;
}

static bool check_vm(const struct reader *reader, const struct demo_host_plan *host, const struct demo_vm_plan *vm)
{
	struct uuid uuid;

	if (vm->uuid && !uuid_parse(vm->uuid, &uuid))
		return complain_of(reader, vm->name, _("'%s' is not a UUID"), vm->uuid);
	for (const struct demo_vm_plan *other = host->vms; other < vm; other++)
		if (strcmp(other->name, vm->name) == 0 ||
		    (other->uuid && vm->uuid && strcasecmp(other->uuid, vm->uuid) == 0))
			return complain_of(reader, vm->name, _("another VM of %s has this name or UUID"), host->name);
	for (size_t i = 0; i < vm->event_count; i++) {
		const struct demo_event *event = &vm->events[i];

		if (is_for_hosts(event))
			return complain_of(reader, vm->name, _("'%s' is an event of hosts, not of VMs"),
					   what_words[event->what]);
		if (event->what <= EVENT_LOGOFF && !scenario_find_login(vm, event->user))
			return complain_of(reader, vm->name, _("'%s' needs 'user', one of the VM's logins"),
					   what_words[event->what]);
	}
	return true;
}

static bool check_hosts(const struct reader *reader, const struct scenario_top *top)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	if (!top->host_count)
		return err_set(reader->err, ERR_USAGE, _("%s: it contains no host"), reader->name);
	for (const struct demo_host_plan *host = top->hosts; host < top->hosts + top->host_count; host++) {
		if (strlen(host->name) > HOST_NAME_MAX_BYTES || strspn(host->name, allowed) < strlen(host->name))
			return complain_of(reader, host->name,
					   _("a host's name has up to 64 letters, digits, '.', '-', '_'"));
		for (size_t i = 0; i < host->event_count; i++)
			if (!is_for_hosts(&host->events[i]))
				return complain_of(reader, host->name, _("'%s' is an event of VMs, not of hosts"),
						   what_words[host->events[i].what]);
		for (size_t i = 0; i < host->vm_count; i++)
			if (!check_vm(reader, host, &host->vms[i]))
				return false;
		for (const struct demo_host_plan *other = top->hosts; other < host; other++)
			if (strcmp(other->name, host->name) == 0)
				return complain_of(reader, host->name, _("two hosts have this name"));
	}
	return true;
}

/* --- text --- */

/* libconfig would open any file that @include names, and recurses into brackets: both end here. */
static bool scan(const char *name, const char *text, size_t len, struct err *err)
{
	int line = 1, depth = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i], next = i + 1 < len ? text[i + 1] : '\0';

		if (c == '\n') {
			line++;
		} else if (c == '"') {
			for (i++; i < len && text[i] != '"'; i++) {
				line += text[i] == '\n';
				i += text[i] == '\\' && i + 1 < len;
			}
		} else if (c == '#' || (c == '/' && next == '/')) {
			while (i + 1 < len && text[i + 1] != '\n')
				i++;
		} else if (c == '/' && next == '*') {
			for (i += 2; i + 1 < len && !(text[i] == '*' && text[i + 1] == '/'); i++)
				line += text[i] == '\n';
			i++;
		} else if (c == '@') {
			return err_set(err, ERR_USAGE, _("%s:%d: @include is not allowed in a scenario"), name, line);
		} else if (strchr("({[", c) && ++depth > SCENARIO_DEPTH_MAX) {
			return err_set(err, ERR_USAGE, _("%s:%d: brackets are nested more than %d deep"), name, line,
				       SCENARIO_DEPTH_MAX);
		} else if (strchr(")}]", c)) {
			depth--;
		}
	}
	return true;
}

bool scenario_read_text(const char *name, const char *text, size_t len, struct demo_scenario *ret_scenario,
			struct err *err)
{
	struct reader reader = { .name = name, .err = err };
	struct scenario_top top = { 0 };
	config_t config;
	OWN(bytes) char *copy = NULL;
	bool ok;

	if (len > SCENARIO_FILE_MAX)
		return err_set(err, ERR_USAGE, _("%s: a scenario must not be larger than %d KiB"), name,
			       SCENARIO_FILE_MAX / 1024);
	if (memchr(text, '\0', len))
		return err_set(err, ERR_USAGE, _("%s: not a text file"), name);
	if (!scan(name, text, len, err))
		return false;
	copy = mem_strndup(text, len);
	reader.store = scenario_store_create();
	config_init(&config);
	if (config_read_string(&config, copy))
		ok = read_group(&reader, config_root_setting(&config), &top_kind, &top) && check_hosts(&reader, &top);
	else
		ok = err_set(err, ERR_USAGE, "%s:%d: %s", name, config_error_line(&config), config_error_text(&config));
	config_destroy(&config);
	if (ok)
		*ret_scenario = (struct demo_scenario){
			.seed = (uint64_t)top.seed,
			.hosts = top.hosts,
			.host_count = top.host_count,
			.store = reader.store,
		};
	else
		scenario_store_free(reader.store);
	return ok;
}

bool scenario_read_file(const char *path, struct demo_scenario *ret_scenario, struct err *err)
{
	/* Non-blocking, or a FIFO without a writer would hold us here. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	OWN(bytes) char *buf = NULL;
	size_t len = 0;
	ssize_t got;
	bool ok = false;

	if (fd < 0)
		return err_set_errno(err, errno, _("cannot open the demo scenario %s"), path);
	buf = mem_realloc(NULL, SCENARIO_FILE_MAX + 1, 1);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		err_set(err, ERR_USAGE, _("the demo scenario %s is not a regular file"), path);
	} else {
		do {
			got = read(fd, buf + len, SCENARIO_FILE_MAX + 1 - len);
			len += got > 0 ? (size_t)got : 0;
		} while (got > 0 || (got < 0 && errno == EINTR));
		ok = got < 0 ? err_set_errno(err, errno, _("cannot read the demo scenario %s"), path)
			     : scenario_read_text(path, buf, len, ret_scenario, err);
	}
	close(fd);
	return ok;
}

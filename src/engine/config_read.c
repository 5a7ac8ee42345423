/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/config_internal.h"
#include "engine/filter.h"
#include "engine/keymap.h"
#include "engine/nearest.h"

#include <libconfig.h>

/* One file on its way into the struct. */
struct reading {
	struct config *config;
	struct config_complaints *complaints;
	const char *file;
};

#define COMPLAIN(reading, setting, ...) \
	config_complain((reading)->complaints, (reading)->file, (int)config_setting_source_line(setting), __VA_ARGS__)

static bool want_type(const struct reading *reading, const config_setting_t *setting, bool fits, const char *wanted)
{
	static const char *const types[] = {
		[CONFIG_TYPE_NONE] = N_("nothing"),           [CONFIG_TYPE_GROUP] = N_("a group { }"),
		[CONFIG_TYPE_INT] = N_("a whole number"),     [CONFIG_TYPE_INT64] = N_("a whole number"),
		[CONFIG_TYPE_FLOAT] = N_("a decimal number"), [CONFIG_TYPE_STRING] = N_("a string"),
		[CONFIG_TYPE_BOOL] = N_("true or false"),     [CONFIG_TYPE_ARRAY] = N_("an array [ ]"),
		[CONFIG_TYPE_LIST] = N_("a list ( )"),
	};

	if (!fits)
		COMPLAIN(reading, setting, _("%s: expected %s, got %s; ignored"), config_setting_name(setting), wanted,
			 _(types[config_setting_type(setting)]));
	return fits;
}

static bool take_int(const struct reading *reading, const config_setting_t *setting,
		     const struct config_setting_info *info, int *ret_value)
{
	int type = config_setting_type(setting);
	long long value, kept;

	if (!want_type(reading, setting, type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64, _("a whole number")))
		return false;
	value = config_setting_get_int64(setting);
	if (type == CONFIG_TYPE_INT)
		value = config_setting_get_int(setting);
	kept = MAX(info->min, MIN(info->max, value));
	if (kept != value)
		COMPLAIN(reading, setting, _("%s: must be %d to %d, not %lld; using %lld"), info->name, info->min,
			 info->max, value, kept);
	*ret_value = (int)kept;
	return true;
}

static bool take_bool(const struct reading *reading, const config_setting_t *setting, bool *ret_value)
{
	if (!want_type(reading, setting, config_setting_type(setting) == CONFIG_TYPE_BOOL, _("true or false")))
		return false;
	*ret_value = config_setting_get_bool(setting);
	return true;
}

static bool take_string(const struct reading *reading, const config_setting_t *setting, char **value)
{
	OWN(text) struct safe_text text = { 0 };
	const char *words;
	size_t len;

	if (!want_type(reading, setting, config_setting_type(setting) == CONFIG_TYPE_STRING,
		       _("a string in quotation marks")))
		return false;
	words = config_setting_get_string(setting);
	len = strlen(words);
	while (len && words[len - 1] == ' ')
		len--;
	text = text_sanitize(words, len, TEXT_CAP_LINE);
	free(*value);
	*value = mem_strdup(text_str(text));
	return true;
}

static void complain_unknown(const struct reading *reading, const config_setting_t *setting, const char *near)
{
	const char *name = config_setting_name(setting);

	if (near)
		COMPLAIN(reading, setting, _("unknown setting %s; did you mean %s?"), name, near);
	else
		COMPLAIN(reading, setting, _("unknown setting %s; ignored (innkeeper.conf(5) lists them)"), name);
}

/* --- settings --- */

static void read_setting(const struct reading *reading, const config_setting_t *setting)
{
	const char *name = config_setting_name(setting);
	size_t count;
	const struct config_setting_info *all = config_settings(&count), *info = NULL;
	struct nearest near;
	struct err why = { 0 };
	char *field;

	nearest_init(&near, name);
	nearest_offer(&near, "hosts");
	nearest_offer(&near, "filters");
	nearest_offer(&near, "messages");
	nearest_offer(&near, "keys");
	for (size_t i = 0; i < count && !info; i++) {
		nearest_offer(&near, all[i].name);
		info = strcmp(all[i].name, name) == 0 ? &all[i] : NULL;
	}
	if (!info) {
		complain_unknown(reading, setting, near.name);
		return;
	}
	field = (char *)reading->config + info->offset;
	switch (info->type) {
	case CONFIG_INT:
		take_int(reading, setting, info, (int *)field);
		break;
	case CONFIG_BOOL:
		take_bool(reading, setting, (bool *)field);
		break;
	case CONFIG_STRING:
		if (!take_string(reading, setting, (char **)field) || !info->check ||
		    info->check(reading->config, *(char **)field, &why))
			break;
		COMPLAIN(reading, setting, _("%s: %s; ignored"), name, text_str(err_text(&why)));
		free(*(char **)field);
		*(char **)field = mem_strdup("");
		break;
	}
}

/* --- hosts and saved filters: lists of groups --- */

struct member {
	const char *name;
	char **text; /* NULL: it is a flag */
	bool *flag;
};

/* not_a_group: what is said of an item that is none; false then. */
static bool read_members(const struct reading *reading, const config_setting_t *group, const struct member *members,
			 size_t count, const char *not_a_group)
{
	if (!config_setting_is_group(group)) {
		COMPLAIN(reading, group, "%s", not_a_group);
		return false;
	}
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);
		const struct member *member = NULL;
		struct nearest near;

		nearest_init(&near, config_setting_name(setting));
		for (size_t j = 0; j < count && !member; j++) {
			nearest_offer(&near, members[j].name);
			member = strcmp(members[j].name, near.word) == 0 ? &members[j] : NULL;
		}
		if (!member)
			complain_unknown(reading, setting, near.name);
		else if (member->text)
			take_string(reading, setting, member->text);
		else
			take_bool(reading, setting, member->flag);
	}
	return true;
}

static void read_host(const struct reading *reading, const config_setting_t *setting)
{
	struct config_host host = { 0 };
	const struct member members[] = { { "name", &host.name, NULL },
					  { "uri", &host.uri, NULL },
					  { "production", NULL, &host.production },
					  { "readonly", NULL, &host.readonly } };

	if (!read_members(reading, setting, members, ARRAY_SIZE(members),
			  _("a host must be a group, { name = \"...\"; uri = \"...\"; }; ignored")))
		return;
	if (!host.name || !*host.name || !host.uri || !*host.uri) {
		COMPLAIN(reading, setting, _("a host needs a name and a uri; ignored"));
	} else if (strchr(host.name, '/')) {
		COMPLAIN(reading, setting, _("the host name %s contains a /; ignored"), host.name);
	} else if (config_find_host(reading->config, host.name)) {
		COMPLAIN(reading, setting, _("duplicate host name %s; the second one is ignored"), host.name);
	} else {
		*VEC_PUSH(reading->config) = host;
		return;
	}
	free(host.name);
	free(host.uri);
}

static void read_filter(const struct reading *reading, const config_setting_t *setting)
{
	struct saved_filter saved = { 0 };
	const struct member members[] = { { "name", &saved.name, NULL }, { "expr", &saved.words, NULL } };
	const char *objection;
	struct filter *filter;
	struct err why = { 0 };

	if (!read_members(reading, setting, members, ARRAY_SIZE(members),
			  _("a filter must be a group, { name = \"...\"; expr = \"...\"; }; ignored")))
		return;
	objection = saved.name ? saved_filter_name_objection(saved.name) : NULL;
	if (!saved.name || !saved.words) {
		COMPLAIN(reading, setting, _("a filter needs a name and an expr; ignored"));
	} else if (objection) {
		COMPLAIN(reading, setting, _("filter name \"%s\": %s; ignored"), saved.name, objection);
	} else if (saved_filters_find(&reading->config->filters, saved.name)) {
		COMPLAIN(reading, setting, _("duplicate filter name %s; the second one is ignored"), saved.name);
	} else if (!filter_parse(saved.words, &filter, &why)) {
		COMPLAIN(reading, setting, _("%s: %s; ignored"), saved.name, text_str(err_text(&why)));
	} else {
		filter_destroy(filter);
		*VEC_PUSH(&reading->config->filters) = saved;
		return;
	}
	free(saved.name);
	free(saved.words);
}

static void read_message(const struct reading *reading, const config_setting_t *setting)
{
	struct config_message message = { 0 };
	const struct member members[] = { { "name", &message.name, NULL }, { "text", &message.text, NULL } };
	struct err why = { 0 };

	if (!read_members(reading, setting, members, ARRAY_SIZE(members),
			  _("a message must be a group, { name = \"...\"; text = \"...\"; }; ignored")))
		return;
	if (!message.name || !message.text || saved_filter_name_objection(message.name)) {
		COMPLAIN(reading, setting, _("a message needs a text, and a name without blanks; ignored"));
	} else if (!config_message_is_valid(message.text, &why)) {
		COMPLAIN(reading, setting, _("message %s: %s; known are {minutes}, {reason} and {vm}; ignored"),
			 message.name, text_str(err_text(&why)));
	} else {
		*VEC_PUSH(&reading->config->messages) = message;
		return;
	}
	free(message.name);
	free(message.text);
}

/* --- keys --- */

static const struct config_key *find_key(const struct config *config, const char *action)
{
	for (size_t i = 0; i < config->keys.count; i++)
		if (!strcmp(config->keys.at[i].action, action))
			return &config->keys.at[i];
	return NULL;
}

static void read_key(const struct reading *reading, const config_setting_t *setting)
{
	const char *action = config_setting_name(setting);
	const struct config_key *old = find_key(reading->config, action);
	OWN(keymap) struct keymap keymap = { 0 };
	struct err why = { 0 };
	char *keys = NULL;
	bool ok;

	if (!take_string(reading, setting, &keys))
		return;
	keymap_init(&keymap);
	ok = keymap_override(&keymap, action, keys, &why);
	if (!ok) {
		COMPLAIN(reading, setting, _("%s; ignored"), text_str(err_text(&why)));
		free(keys);
		return;
	}
	/* A later one takes keys from an earlier one, so what another file said of this action makes way. */
	if (old) {
		free(old->action);
		free(old->keys);
		VEC_REMOVE(&reading->config->keys, (size_t)(old - reading->config->keys.at));
	}
	*VEC_PUSH(&reading->config->keys) = (struct config_key){ .action = mem_strdup(action), .keys = keys };
}

/* NULL: it was ignored. */
static const char *keys_of(const config_setting_t *setting)
{
	return action_find(config_setting_name(setting)) == ACTION_NONE ? NULL : config_setting_get_string(setting);
}

static void complain_of_shared_key(const struct reading *reading, const config_setting_t *group, int index)
{
	const config_setting_t *later = config_setting_get_elem(group, (unsigned)index), *earlier;
	char key[KEY_NAME_SIZE];

	for (int i = index - 1; i >= 0 && keys_of(later); i--) {
		earlier = config_setting_get_elem(group, (unsigned)i);
		if (!keys_of(earlier) || !keymap_shared_key(keys_of(later), keys_of(earlier), key))
			continue;
		COMPLAIN(reading, later, _("key %s is assigned to %s, and in line %d to %s; %s gets it"), key,
			 config_setting_name(later), (int)config_setting_source_line(earlier),
			 config_setting_name(earlier), config_setting_name(later));
		return;
	}
}

/* Whoever wants an action without a key says so: one that was taken by accident would be missed. */
static void complain_of_last_key(const struct reading *reading, const struct keymap *keymap,
				 const config_setting_t *setting)
{
	const char *taker = config_setting_name(setting);
	char name[KEY_NAME_SIZE], left[KEY_NAME_SIZE];
	struct key key;

	for (int id = 0; id < ACTION_COUNT && keys_of(setting); id++) {
		const struct action *loser = action_get((enum action_id)id);

		keymap_key_of(keymap, (enum action_id)id, left);
		if (*left || find_key(reading->config, loser->name) ||
		    !keymap_shared_key(keys_of(setting), loser->keys, name) || !key_parse(name, strlen(name), &key) ||
		    keymap_find(keymap, key) != action_find(taker))
			continue;
		COMPLAIN(reading, setting,
			 _("%s takes the key %s from %s, which has no key left; assign another, or set %s = \"\""),
			 taker, name, loser->name, loser->name);
	}
}

static void read_keys(const struct reading *reading, const config_setting_t *group)
{
	const struct config *config = reading->config;
	OWN(keymap) struct keymap keymap = { 0 };
	struct nearest near;

	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);

		nearest_init(&near, config_setting_name(setting));
		if (action_find(near.word) != ACTION_NONE) {
			read_key(reading, setting);
			continue;
		}
		for (int id = 0; id < ACTION_COUNT; id++)
			nearest_offer(&near, action_get(id)->name);
		if (near.name)
			COMPLAIN(reading, setting, _("unknown action %s; did you mean %s?"), near.word, near.name);
		else
			COMPLAIN(reading, setting, _("unknown action %s; ignored (innkeeper(1) lists them)"),
				 near.word);
	}
	keymap_init(&keymap);
	keymap_use(&keymap, config->key_preset, NULL);
	for (size_t i = 0; i < config->keys.count; i++)
		keymap_override(&keymap, config->keys.at[i].action, config->keys.at[i].keys, NULL);
	for (int i = 0; i < config_setting_length(group); i++) {
		complain_of_shared_key(reading, group, i);
		complain_of_last_key(reading, &keymap, config_setting_get_elem(group, (unsigned)i));
	}
}

static void read_root(const struct reading *reading, const config_setting_t *root)
{
	const char *groups = _("a list of groups, ( { }, { } )");
	const config_setting_t *filters = config_setting_get_member(root, "filters");

	/* First, as the filter to start with may name one of them. */
	if (filters && want_type(reading, filters, config_setting_is_list(filters), groups)) {
		saved_filters_free(&reading->config->filters);
		for (int i = 0; i < config_setting_length(filters); i++)
			read_filter(reading, config_setting_get_elem(filters, (unsigned)i));
	}
	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *setting = config_setting_get_elem(root, (unsigned)i);
		const char *name = config_setting_name(setting);

		if (setting == filters)
			continue;
		if (!strcmp(name, "keys")) {
			if (want_type(reading, setting, config_setting_is_group(setting),
				      _("a group, { action = \"key\"; }")))
				read_keys(reading, setting);
		} else if (!strcmp(name, "messages")) {
			if (!want_type(reading, setting, config_setting_is_list(setting), groups))
				continue;
			config_free_messages(reading->config);
			for (int j = 0; j < config_setting_length(setting); j++)
				read_message(reading, config_setting_get_elem(setting, (unsigned)j));
		} else if (strcmp(name, "hosts") != 0) {
			read_setting(reading, setting);
		} else if (want_type(reading, setting, config_setting_is_list(setting), groups)) {
			config_free_hosts(reading->config);
			for (int j = 0; j < config_setting_length(setting); j++)
				read_host(reading, config_setting_get_elem(setting, (unsigned)j));
		}
	}
}

/* --- bytes --- */

#if LIBCONFIG_VER_MAJOR > 1 || LIBCONFIG_VER_MINOR >= 7
static const char **refuse_include(config_t *parser UNUSED, const char *dir UNUSED, const char *path UNUSED,
				   const char **error)
{
	*error = "@include is not allowed";
	return NULL;
}
#endif

bool config_take_bytes(struct config *config, const char *file, char *bytes, size_t len,
		       struct config_complaints *complaints, struct err *err)
{
	struct reading reading = { .config = config, .complaints = complaints, .file = file };
	struct err why = { 0 };
	config_t parser;
	int line = 0;
	bool ok;

	if (len >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
		bytes += 3, len -= 3;
	if (!config_scan(bytes, len, &line, &why))
		return config_unusable(complaints, file, line, &why, err);
	config_init(&parser);
#if LIBCONFIG_VER_MAJOR > 1 || LIBCONFIG_VER_MINOR >= 7
	config_set_include_func(&parser, refuse_include);
#endif
	ok = config_read_string(&parser, bytes);
	if (ok) {
		read_root(&reading, config_root_setting(&parser));
	} else {
		err_set_outside(&why, ERR_USAGE, _("syntax error in this line"), config_error_text(&parser));
		config_unusable(complaints, file, config_error_line(&parser), &why, err);
	}
	config_destroy(&parser);
	return ok;
}

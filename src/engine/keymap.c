/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/keymap.h"

#include <stdio.h>
#include <string.h>

/* Calls visit for each key in words; false at the first that is none. */
static bool each_key(const char *words, bool (*visit)(void *data, struct key key), void *data, struct err *err)
{
	struct key key;

	for (const char *at = words + strspn(words, " "); *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (!key_parse(at, len, &key))
			return err_set(err, ERR_USAGE,
				       _("invalid key \"%.*s\"; expected L, ^D, F2, Space, PgUp, M-x ..."),
				       (int)MIN(len, 40), at);
		if (visit && !visit(data, key))
			return false;
		at += len;
	}
	return true;
}

static void drop_action(struct keymap *keymap, enum action_id action)
{
	for (size_t i = keymap->count; i-- > 0;) {
		if (keymap->at[i].action == action)
			VEC_REMOVE(keymap, i);
	}
}

static void drop_key(struct keymap *keymap, struct key key)
{
	for (size_t i = keymap->count; i-- > 0;) {
		if (key_equal(keymap->at[i].key, key))
			VEC_REMOVE(keymap, i);
	}
}

struct binding {
	struct keymap *keymap;
	enum action_id action;
};

static bool bind_key(void *data, struct key key)
{
	struct binding *binding = data;

	drop_key(binding->keymap, key);
	*VEC_PUSH(binding->keymap) = (struct keymap_entry){ .key = key, .action = binding->action };
	return true;
}

void keymap_init(struct keymap *keymap)
{
	*keymap = (struct keymap){ 0 };
	for (int id = 0; id < ACTION_COUNT; id++) {
		struct binding binding = { keymap, (enum action_id)id };

		each_key(action_get(binding.action)->keys, bind_key, &binding, NULL);
	}
}

void keymap_free(struct keymap *keymap)
{
	VEC_FREE(keymap);
}

bool keymap_override(struct keymap *keymap, const char *action, const char *keys, struct err *err)
{
	struct binding binding = { keymap, action_find(action) };

	if (binding.action == ACTION_NONE)
		return err_set(err, ERR_USAGE, _("unknown action \"%.40s\"; : lists all commands"), action);
	if (!each_key(keys, NULL, NULL, err))
		return false;
	drop_action(keymap, binding.action);
	return each_key(keys, bind_key, &binding, err);
}

struct comparison {
	const char *others;
	struct key key;
	bool found;
};

static bool is_other_key(void *data, struct key key)
{
	struct comparison *comparison = data;

	return !key_equal(key, comparison->key);
}

static bool is_in_neither(void *data, struct key key)
{
	struct comparison *comparison = data;

	comparison->key = key;
	comparison->found = !each_key(comparison->others, is_other_key, comparison, NULL);
	return !comparison->found;
}

bool keymap_shared_key(const char *keys, const char *others, char buf[KEY_NAME_SIZE])
{
	struct comparison comparison = { .others = others };

	if (!each_key(keys, NULL, NULL, NULL) || !each_key(others, NULL, NULL, NULL))
		return false;
	each_key(keys, is_in_neither, &comparison, NULL);
	if (comparison.found)
		key_format(comparison.key, buf);
	return comparison.found;
}

enum action_id keymap_find(const struct keymap *keymap, struct key key)
{
	for (size_t i = 0; i < keymap->count; i++) {
		if (key_equal(keymap->at[i].key, key))
			return keymap->at[i].action;
	}
	return ACTION_NONE;
}

void keymap_key_of(const struct keymap *keymap, enum action_id action, char buf[KEY_NAME_SIZE])
{
	buf[0] = '\0';
	for (size_t i = 0; i < keymap->count; i++) {
		if (keymap->at[i].action == action) {
			key_format(keymap->at[i].key, buf);
			return;
		}
	}
}

void keymap_keys_of(const struct keymap *keymap, enum action_id action, char *buf, size_t size)
{
	char name[KEY_NAME_SIZE];
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < keymap->count; i++) {
		if (keymap->at[i].action != action || len + KEY_NAME_SIZE + 1 > size)
			continue;
		key_format(keymap->at[i].key, name);
		len += (size_t)snprintf(buf + len, size - len, "%s%s", len ? " " : "", name);
	}
}

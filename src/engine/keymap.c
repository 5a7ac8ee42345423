/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/keymap.h"

/* The next key of *at. False: the end, or there stands none; then err. */
static bool next_key(const char **at, struct key *ret_key, struct err *err)
{
	size_t len;

	*at += strspn(*at, " ");
	len = strcspn(*at, " ");
	if (len == 0)
		return false;
	if (!key_parse(*at, len, ret_key))
		return err_set(err, ERR_USAGE, _("invalid key \"%.*s\"; expected L, ^D, F2, Space, PgUp, M-x ..."),
			       (int)MIN(len, 40), *at);
	*at += len;
	return true;
}

static bool are_keys(const char *words, struct err *err)
{
	struct key key;

	while (next_key(&words, &key, err))
		;
	return *words == '\0';
}

static void bind_keys(struct keymap *keymap, enum action_id action, const char *words)
{
	struct key key;

	while (next_key(&words, &key, NULL)) {
		for (size_t i = keymap->count; i-- > 0;)
			if (key_equal(keymap->at[i].key, key))
				VEC_REMOVE(keymap, i);
		*VEC_PUSH(keymap) = (struct keymap_entry){ .key = key, .action = action };
	}
}

void keymap_init(struct keymap *keymap)
{
	*keymap = (struct keymap){ 0 };
	for (int id = 0; id < ACTION_COUNT; id++)
		bind_keys(keymap, (enum action_id)id, action_get((enum action_id)id)->keys);
}

void keymap_free(struct keymap *keymap)
{
	VEC_FREE(keymap);
}

bool keymap_override(struct keymap *keymap, const char *action, const char *keys, struct err *err)
{
	const enum action_id id = action_find(action);

	if (id == ACTION_NONE)
		return err_set(err, ERR_USAGE, _("unknown action \"%.40s\"; : lists all commands"), action);
	if (!are_keys(keys, err))
		return false;
	for (size_t i = keymap->count; i-- > 0;)
		if (keymap->at[i].action == id)
			VEC_REMOVE(keymap, i);
	bind_keys(keymap, id, keys);
	return true;
}

bool keymap_shared_key(const char *keys, const char *others, char buf[KEY_NAME_SIZE])
{
	struct key key, other;

	if (!are_keys(keys, NULL) || !are_keys(others, NULL))
		return false;
	while (next_key(&keys, &key, NULL)) {
		for (const char *at = others; next_key(&at, &other, NULL);) {
			if (key_equal(key, other)) {
				key_format(key, buf);
				return true;
			}
		}
	}
	return false;
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

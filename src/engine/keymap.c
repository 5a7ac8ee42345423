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

/* clang-format off */
static const struct {
	const char *preset, *action, *keys;
} presets[] = {
	{ "vi", "move-up", "k Up" }, { "vi", "move-down", "j Down" }, { "vi", "move-first", "g Home" },
	{ "vi", "move-last", "G End" }, { "vi", "page-up", "^B PgUp" }, { "vi", "page-down", "^F PgDn" },
	{ "emacs", "move-up", "^P Up k" }, { "emacs", "move-down", "^N Down j" }, { "emacs", "move-first", "M-< Home g" },
	{ "emacs", "move-last", "M-> End G" }, { "emacs", "page-up", "M-v PgUp" }, { "emacs", "page-down", "^V PgDn" },
	{ "emacs", "fold", "^B Left" }, { "emacs", "unfold", "^F Right" }, { "emacs", "search", "^S F3" },
	{ "emacs", "search-previous", "^R N" }, { "emacs", "palette", "M-x :" }, { "emacs", "back", "^G Esc" },
	{ "function keys", "help", "F1 ?" }, { "function keys", "filter", "F4 /" }, { "function keys", "sessions", "F7 u" },
	{ "function keys", "logoff", "F8 L" }, { "function keys", "menu", "F9 m" }, { "function keys", "quit", "F10 q ^C" },
	{ "function keys", "tasks", "F12 t Tab" },
};
/* clang-format on */

bool keymap_use(struct keymap *keymap, const char *preset, struct err *err)
{
	bool found = !*preset;

	for (size_t i = 0; i < ARRAY_SIZE(presets); i++) {
		if (strcmp(presets[i].preset, preset) != 0)
			continue;
		found = true;
		keymap_override(keymap, presets[i].action, presets[i].keys, err);
	}
	return found || err_set(err, ERR_USAGE, _("unknown keys \"%.40s\"; valid: vi, emacs, function keys"), preset);
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

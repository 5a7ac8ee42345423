/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keymap.h - which key does what: the action table's defaults, with the user's keys laid over them.
 *
 * Defaults and the user's words go through the same parser. What the user gives for an action takes
 * the place of all its default keys, and takes a key away from the action that had it. Keys of
 * disruptive actions may be moved, but still ask first. UI thread.
 */
#pragma once

#include "base/err.h"
#include "base/vec.h"
#include "engine/action.h"
#include "engine/key.h"

struct keymap_entry {
	struct key key;
	enum action_id action;
};

struct keymap {
	VEC(struct keymap_entry);
};

void keymap_init(struct keymap *keymap); /* the defaults */
/*
 * Lays "vi", "emacs" or "function keys" over the defaults: their keys come first, so that hints show them. "": the
 * defaults. Before keymap_override(). Keys that texts name (Enter, Esc, Space, t ...) stay in all of them.
 */
bool keymap_use(struct keymap *keymap, const char *preset, struct err *err);
void keymap_free(struct keymap *keymap);

/* "" takes all keys away. False: no such action or key; nothing is changed then. */
bool keymap_override(struct keymap *keymap, const char *action, const char *keys, struct err *err);

/* The first key that is in both texts, as a person reads it. False: none, or one of them is no text of keys. */
bool keymap_shared_key(const char *keys, const char *others, char buf[KEY_NAME_SIZE]);

enum action_id keymap_find(const struct keymap *keymap, struct key key); /* ACTION_NONE */
/* The first key of an action, as a person reads it; "" where it has none. */
void keymap_key_of(const struct keymap *keymap, enum action_id action, char buf[KEY_NAME_SIZE]);
/* All keys, separated by blanks; cut to size. */
void keymap_keys_of(const struct keymap *keymap, enum action_id action, char *buf, size_t size);

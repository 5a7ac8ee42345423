/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_key.c - keys as people write them in innkeeper.conf. */
#include "engine/key.h"
#include "engine/keymap.h"
#include "fuzz.h"

static void check_key(const char *text, size_t len)
{
	char name[KEY_NAME_SIZE];
	struct key key, again;

	if (!key_parse(text, len, &key))
		return;
	key_format(key, name);
	FUZZ_CHECK(text_is_safe(name));
	FUZZ_CHECK(key_parse(name, strlen(name), &again));
	FUZZ_CHECK(key_equal(key, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *keys = mem_strndup((const char *)data, size), *all = mem_zalloc(size + 2);
	struct keymap keymap = { 0 };
	struct err err = { 0 };

	check_key((const char *)data, size);
	keymap_init(&keymap);
	if (keymap_override(&keymap, "logoff", keys, &err)) {
		keymap_keys_of(&keymap, ACTION_LOGOFF, all, size + 2);
		FUZZ_CHECK(text_is_safe(all));
	} else {
		FUZZ_CHECK(*err.buf && text_is_safe(err.buf));
	}
	keymap_free(&keymap);
	free(all);
	free(keys);
	return 0;
}

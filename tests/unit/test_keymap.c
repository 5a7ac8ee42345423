/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/keymap.h"
#include "tests/unit/unit.h"

static struct key key(const char *name)
{
	struct key parsed = { 0 };

	if (!key_parse(name, strlen(name), &parsed))
		fail_msg("\"%s\" is no key", name);
	return parsed;
}

static void is_no_key(const char *name)
{
	struct key parsed;

	if (key_parse(name, strlen(name), &parsed))
		fail_msg("\"%s\" was taken for a key", name);
}

static void reads_back_as(const char *name, const char *expected)
{
	char buf[KEY_NAME_SIZE];

	key_format(key(name), buf);
	assert_string_equal(buf, expected);
}

static void does(const struct keymap *keymap, const char *name, enum action_id action)
{
	enum action_id found = keymap_find(keymap, key(name));

	if (found != action)
		fail_msg("%s does %s, not %s", name, found == ACTION_NONE ? "nothing" : action_get(found)->name,
			 action == ACTION_NONE ? "nothing" : action_get(action)->name);
}

static void override(struct keymap *keymap, const char *action, const char *keys)
{
	struct err err;

	if (!keymap_override(keymap, action, keys, &err))
		fail_msg("%s", err.buf);
}

TEST(a_key_is_written_as_a_person_reads_it)
{
	reads_back_as("L", "L");
	reads_back_as("l", "l");
	reads_back_as("^d", "^D");
	reads_back_as("^D", "^D");
	reads_back_as("pgup", "PgUp");
	reads_back_as("Space", "Space");
	reads_back_as("F12", "F12");
	reads_back_as("M-x", "M-x");
	reads_back_as("M-^x", "M-^X");
	reads_back_as("ä", "ä");
	reads_back_as("-", "-");
	reads_back_as("^", "^");
}

TEST(what_is_no_key_is_refused)
{
	is_no_key("");
	is_no_key("LL");
	is_no_key("F0");
	is_no_key("F13");
	is_no_key("F1x");
	is_no_key("\x01");
	is_no_key("\xff");
	is_no_key("Hyper-x");
	is_no_key("averyveryverylongname");
}

TEST(every_action_has_a_row)
{
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_get((enum action_id)id);

		assert_non_null(action->name);
		assert_non_null(action->keys);
		assert_non_null(action->help);
		assert_int_equal(action_find(action->name), id);
	}
	assert_int_equal(action_find("no such thing"), ACTION_NONE);
}

TEST(every_default_key_is_bound_and_none_clashes)
{
	OWN(keymap) struct keymap keymap;
	size_t words = 0;

	keymap_init(&keymap);
	for (int id = 0; id < ACTION_COUNT; id++) {
		char bound[128];

		keymap_keys_of(&keymap, (enum action_id)id, bound, sizeof(bound));
		assert_string_equal(bound, action_get((enum action_id)id)->keys);
		for (const char *at = bound; *at; at += strspn(at, " "), words++)
			at += strcspn(at, " ");
	}
	assert_int_equal(words, keymap.count);
}

TEST(what_disrupts_has_a_capital_letter_or_none)
{
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_get((enum action_id)id);

		if (!(action->needs & DISRUPTIVE))
			continue;
		assert_true(action->keys[0] == '\0' || (action->keys[0] >= 'A' && action->keys[0] <= 'Z'));
		assert_true(action->needs & ASKS_FIRST);
		assert_true(action->needs & NEEDS_WRITE);
	}
}

TEST(the_keys_that_everyone_knows_are_there)
{
	OWN(keymap) struct keymap keymap;

	keymap_init(&keymap);
	does(&keymap, "L", ACTION_LOGOFF);
	does(&keymap, "u", ACTION_SESSIONS);
	does(&keymap, "Enter", ACTION_DETAILS);
	does(&keymap, "F10", ACTION_QUIT);
	does(&keymap, "q", ACTION_QUIT);
	does(&keymap, "?", ACTION_HELP);
	does(&keymap, "^D", ACTION_HALF_DOWN);
	does(&keymap, "D", ACTION_DESTROY);
	does(&keymap, "M-D", ACTION_NONE);
}

static void use(struct keymap *keymap, const char *preset)
{
	struct err err = { 0 };

	keymap_init(keymap);
	if (!keymap_use(keymap, preset, &err))
		fail_msg("%s", err.buf);
}

TEST(a_preset_has_its_keys_and_its_hints_show_them)
{
	static const struct {
		const char *preset, *key;
		enum action_id action;
	} rows[] = { { "vi", "j", ACTION_MOVE_DOWN },          { "emacs", "^N", ACTION_MOVE_DOWN },
		     { "emacs", "M-x", ACTION_PALETTE },       { "emacs", "^G", ACTION_BACK },
		     { "function keys", "F8", ACTION_LOGOFF }, { "function keys", "F1", ACTION_HELP } };
	char first[KEY_NAME_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		OWN(keymap) struct keymap keymap;

		use(&keymap, rows[i].preset);
		does(&keymap, rows[i].key, rows[i].action);
		keymap_key_of(&keymap, rows[i].action, first);
		assert_string_equal(first, rows[i].key);
	}
}

TEST(in_every_preset_each_action_keeps_a_key_and_none_that_disrupts_is_a_small_letter)
{
	FOR_EACH(const char *, preset, "", "vi", "emacs", "function keys") {
		OWN(keymap) struct keymap keymap;

		use(&keymap, *preset);
		for (int id = 0; id < ACTION_COUNT; id++) {
			const struct action *action = action_get((enum action_id)id);
			char name[KEY_NAME_SIZE];

			keymap_key_of(&keymap, (enum action_id)id, name);
			if (*action->keys && !*name)
				fail_msg("%s: %s has no key", *preset, action->name);
		}
		for (size_t i = 0; i < keymap.count; i++)
			if (action_get(keymap.at[i].action)->needs & DISRUPTIVE)
				assert_false(keymap.at[i].key.code >= 'a' && keymap.at[i].key.code <= 'z' &&
					     !keymap.at[i].key.mods);
	}
}

TEST(keys_that_texts_name_stay_in_every_preset)
{
	OWN(keymap) struct keymap defaults;

	keymap_init(&defaults);
	FOR_EACH(const char *, preset, "vi", "emacs", "function keys") {
		OWN(keymap) struct keymap keymap;

		use(&keymap, *preset);
		FOR_EACH(const char *, name, "Enter", "Esc", "Space", "t", "x", "C", "X", "L", "?", "q")
			does(&keymap, *name, keymap_find(&defaults, key(*name)));
	}
}

TEST(the_users_keys_lie_over_a_preset)
{
	OWN(keymap) struct keymap keymap;

	use(&keymap, "emacs");
	override(&keymap, "move-down", "F7");
	does(&keymap, "F7", ACTION_MOVE_DOWN);
	does(&keymap, "^N", ACTION_NONE);
	does(&keymap, "^P", ACTION_MOVE_UP);
}

TEST(an_unknown_preset_is_refused_and_the_defaults_stay)
{
	OWN(keymap) struct keymap keymap;
	struct err err;

	keymap_init(&keymap);
	assert_err(ERR_USAGE, keymap_use(&keymap, "wordstar", &err));
	assert_non_null(strstr(err.buf, "wordstar"));
	does(&keymap, "j", ACTION_MOVE_DOWN);
}

TEST(the_users_keys_take_the_place_of_the_defaults)
{
	OWN(keymap) struct keymap keymap;

	keymap_init(&keymap);
	override(&keymap, "logoff", "F8 o");
	does(&keymap, "F8", ACTION_LOGOFF);
	does(&keymap, "o", ACTION_LOGOFF);
	does(&keymap, "L", ACTION_NONE);
}

TEST(a_key_that_the_user_moves_leaves_its_old_action)
{
	OWN(keymap) struct keymap keymap;
	char first[KEY_NAME_SIZE];

	keymap_init(&keymap);
	override(&keymap, "quit", "L");
	does(&keymap, "L", ACTION_QUIT);
	keymap_key_of(&keymap, ACTION_LOGOFF, first);
	assert_string_equal(first, "");
	override(&keymap, "destroy", "");
	does(&keymap, "D", ACTION_NONE);
}

TEST(a_wrong_word_changes_nothing)
{
	OWN(keymap) struct keymap keymap;
	struct err err;

	keymap_init(&keymap);
	assert_err(ERR_USAGE, keymap_override(&keymap, "log-off", "F8", &err));
	assert_false(keymap_override(&keymap, "logoff", "F8 F99", &err));
	assert_non_null(strstr(err.buf, "F99"));
	does(&keymap, "L", ACTION_LOGOFF);
	does(&keymap, "F8", ACTION_NONE);
}

RUN_TESTS("keymap", NULL, NULL)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/argv_template.h"
#include "engine/child.h"
#include "unit.h"

static const struct argv_value values[] = { { "uri", "qemu+ssh://a/system" },
					    { "name", "two words; $(id) {uri}" },
					    { "empty", "" } };
static struct err err;

static void becomes(const char *words, const char *expected)
{
	char **list = argv_template_fill(words, values, ARRAY_SIZE(values), &err), *joined = mem_strdup("");

	if (!list)
		fail_msg("%s", text_str(err_text(&err)));
	for (size_t i = 0; list[i]; i++) {
		char *longer = mem_printf("%s[%s]", joined, list[i]);

		free(joined);
		joined = longer;
	}
	assert_string_equal(joined, expected);
	free(joined);
	child_free_list(list);
}

static void is_refused(const char *words, const char *why)
{
	assert_null(argv_template_fill(words, values, ARRAY_SIZE(values), &err));
	assert_non_null(strstr(text_str(err_text(&err)), why));
}

TEST(each_word_is_an_argument)
{
	becomes("virt-viewer", "[virt-viewer]");
	becomes("  a\tb  'c d' ", "[a][b]['c][d']");
	becomes("a --connect={uri} -- x{empty}y {empty}", "[a][--connect=qemu+ssh://a/system][--][xy][]");
}

TEST(a_value_is_put_in_as_it_is)
{
	becomes("a {name}", "[a][two words; $(id) {uri}]");
}

TEST(what_stands_for_nothing_is_refused)
{
	is_refused("a {uid}", "\"{uid}\"");
	is_refused("a {uri", "\"{uri\"");
	is_refused("a {", "\"{\"");
	is_refused("", "empty");
	is_refused(" \t ", "empty");
}

RUN_TESTS("words", NULL, NULL)

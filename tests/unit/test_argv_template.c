/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/argv_template.h"
#include "engine/child.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

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

static void each_word_is_an_argument(void **state)
{
	(void)state;
	becomes("virt-viewer", "[virt-viewer]");
	becomes("  a\tb  'c d' ", "[a][b]['c][d']");
	becomes("a --connect={uri} -- x{empty}y {empty}", "[a][--connect=qemu+ssh://a/system][--][xy][]");
}

static void a_value_is_put_in_as_it_is(void **state)
{
	(void)state;
	becomes("a {name}", "[a][two words; $(id) {uri}]");
}

static void what_stands_for_nothing_is_refused(void **state)
{
	(void)state;
	is_refused("a {uid}", "\"{uid}\"");
	is_refused("a {uri", "\"{uri\"");
	is_refused("a {", "\"{\"");
	is_refused("", "empty");
	is_refused(" \t ", "empty");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_is_an_argument),
		cmocka_unit_test(a_value_is_put_in_as_it_is),
		cmocka_unit_test(what_stands_for_nothing_is_refused),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/unit.h"

#include "base/vec.h"

enum { TESTS_MAX = 200 };

static struct CMUnitTest tests[TESTS_MAX];
static size_t test_count, running; /* the case that runs, from 1 */

static struct {
	VEC(void *);
} kept;

struct loan {
	void (*give_back)(void *owned);
	void *owned;
};

static struct {
	VEC(struct loan);
} loans;

/* A compiler is free in the order of its constructors: the lines decide. */
static void add(int line, struct CMUnitTest test)
{
	static int lines[TESTS_MAX];
	size_t place = test_count++;

	if (place == TESTS_MAX)
		abort();
	for (; place > 0 && lines[place - 1] > line; place--) {
		tests[place] = tests[place - 1];
		lines[place] = lines[place - 1];
	}
	lines[place] = line;
	tests[place] = test;
}

void add_test(int line, const char *name, CMUnitTestFunction run, CMFixtureFunction set_up, CMFixtureFunction tear_down)
{
	add(line, (struct CMUnitTest){ name, run, set_up, tear_down, NULL });
}

void add_row(int line, const char *name, CMUnitTestFunction run, const void *row)
{
	add(line, (struct CMUnitTest){ name, run, NULL, NULL, (void *)row });
}

static int begin_case(void **state)
{
	const struct CMUnitTest *test = &tests[running++];

	return test->setup_func ? test->setup_func(state) : 0;
}

static int end_case(void **state)
{
	const struct CMUnitTest *test = &tests[running - 1];

	while (loans.count) {
		const struct loan loan = loans.at[--loans.count];

		loan.give_back(loan.owned);
	}
	return test->teardown_func ? test->teardown_func(state) : 0;
}

int run_cases(const char *module, CMFixtureFunction set_up, CMFixtureFunction tear_down)
{
	struct CMUnitTest within[TESTS_MAX];
	int failed;

	for (size_t i = 0; i < test_count; i++) {
		within[i] = tests[i];
		within[i].setup_func = begin_case;
		within[i].teardown_func = end_case;
	}
	running = 0;
	failed = _cmocka_run_group_tests(module, within, test_count, set_up, tear_down);
	VEC_FREE(&loans);
	while (kept.count)
		free(kept.at[--kept.count]);
	VEC_FREE(&kept);
	return failed;
}

int run_cases_each(const char *module, CMFixtureFunction set_up, CMFixtureFunction tear_down, CMFixtureFunction each_up,
		   CMFixtureFunction each_down)
{
	for (size_t i = 0; i < test_count; i++) {
		if (!tests[i].setup_func && !tests[i].teardown_func) {
			tests[i].setup_func = each_up;
			tests[i].teardown_func = each_down;
		}
	}
	return run_cases(module, set_up, tear_down);
}

void assert_says(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%.2000s\" does not say \"%s\"", text, words);
}

void at_case_end(void (*give_back)(void *owned), void *owned)
{
	*VEC_PUSH(&loans) = (struct loan){ give_back, owned };
}

void *keep(void *owned)
{
	*VEC_PUSH(&kept) = owned;
	return owned;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unit.h - what every test includes: cmocka, with the headers that it wants before itself.
 *
 *	TEST(a_sentence_that_says_what_holds) { ... }
 *	RUN_TESTS("module", NULL, NULL)
 */
#pragma once

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* clang-format on */

#include "base/base.h"

/* A callback is given what a test may have no use for. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/*
 * A case, which runs without being named in any list: in the order of the file, with its fixture or the one of
 * RUN_TESTS_EACH. `state` is the fixture's.
 */
#define TEST(name) TEST_WITH(name, NULL, NULL)
#define TEST_WITH(name, set_up, tear_down) \
	static void name(void **state); \
	__attribute__((constructor)) static void add_##name(void) \
	{ \
		add_test(__LINE__, #name, name, set_up, tear_down); \
	} \
	static void name(void **state)

/* A case for each row of a table, whose first member is its name; what runs it has the row in *state. */
#define TESTS_OF(rows, run) \
	__attribute__((constructor)) static void add_##rows(void) \
	{ \
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) \
			add_row(__LINE__, *(const char *const *)&rows[i], run, &rows[i]); \
	}

/* FOR_EACH(enum vm_state, off, VM_STATE_SHUTOFF, VM_STATE_CRASHED) runs what follows for each value, which is *off. */
#define FOR_EACH(type, each, ...) \
	for (const __typeof__(type) each##_all[] = { __VA_ARGS__ }, *each = each##_all; \
	     each < each##_all + sizeof(each##_all) / sizeof(*each); each++)

/* What happens before or after a case; it fails by an assertion alone. */
#define FIXTURE(name) \
	static void do_##name(void); \
	static int name(void **state) \
	{ \
		do_##name(); \
		return 0; \
	} \
	static void do_##name(void)

/* The end of a test program: its cases, within the fixture of all; _EACH: each within one of its own. */
#define RUN_TESTS(module, set_up, tear_down) RUN_TESTS_EACH(module, set_up, tear_down, NULL, NULL)
#define RUN_TESTS_EACH(module, set_up, tear_down, each_up, each_down) \
	int main(void) \
	{ \
		return run_cases_each(module, set_up, tear_down, each_up, each_down); \
	}

void add_test(int line, const char *name, CMUnitTestFunction run, CMFixtureFunction set_up,
	      CMFixtureFunction tear_down);
void add_row(int line, const char *name, CMUnitTestFunction run, const void *row);

/* What main() returns: the number of cases that failed. */
int run_cases(const char *module, CMFixtureFunction set_up, CMFixtureFunction tear_down);
int run_cases_each(const char *module, CMFixtureFunction set_up, CMFixtureFunction tear_down, CMFixtureFunction each_up,
		   CMFixtureFunction each_down);

/* Fails, and shows both, where these words are not in a text. */
void assert_says(const char *text, const char *words);

/* The call fails, and its error, which is called err, is of this kind. */
#define assert_err(its_kind, call) \
	do { \
		assert_false(call); \
		assert_int_equal(err.kind, its_kind); \
	} while (0)

/* When this case has ended, however it did, and before its fixture's end: the last one given comes first. */
void at_case_end(void (*give_back)(void *owned), void *owned);

/* Frees it when all cases have run. */
void *keep(void *owned);

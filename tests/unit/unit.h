/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unit.h - what every unit test includes first: cmocka, with the headers that it wants before itself.
 *
 *	static void a_name_says_what_holds(void **state) { ... }
 *	int main(void)
 *	{
 *		const struct CMUnitTest tests[] = { cmocka_unit_test(a_name_says_what_holds) };
 *
 *		return cmocka_run_group_tests_name("module", tests, NULL, NULL);
 *	}
 */
#ifndef INNKEEPER_TESTS_UNIT_H
#define INNKEEPER_TESTS_UNIT_H

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* clang-format on */

#endif

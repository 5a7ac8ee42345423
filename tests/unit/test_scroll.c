/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/unit.h"
#include "ui/tui/widget/scroll.h"

static void moves_to(size_t from, enum action_id action, size_t count, size_t to)
{
	struct scroll scroll = { .cursor = from, .page = 10 };

	assert_true(scroll_act(&scroll, action, count));
	assert_int_equal(scroll.cursor, to);
}

TEST(first_and_last_are_reached_from_anywhere)
{
	for (size_t from = 0; from < 30; from++) {
		moves_to(from, ACTION_MOVE_FIRST, 30, 0);
		moves_to(from, ACTION_MOVE_LAST, 30, 29);
	}
}

TEST(a_step_beyond_the_ends_stays_on_them)
{
	moves_to(0, ACTION_MOVE_UP, 30, 0);
	moves_to(29, ACTION_MOVE_DOWN, 30, 29);
	moves_to(3, ACTION_PAGE_UP, 30, 0);
	moves_to(25, ACTION_PAGE_DOWN, 30, 29);
	moves_to(12, ACTION_HALF_DOWN, 30, 17);
	moves_to(12, ACTION_HALF_UP, 30, 7);
}

TEST(where_there_is_nothing_the_cursor_is_at_the_top)
{
	moves_to(0, ACTION_MOVE_LAST, 0, 0);
	moves_to(5, ACTION_MOVE_DOWN, 0, 0);
	moves_to(5, ACTION_MOVE_FIRST, 0, 0);
}

TEST(other_actions_are_for_others)
{
	struct scroll scroll = { .cursor = 5, .page = 10 };

	assert_false(scroll_act(&scroll, ACTION_LOGOFF, 30));
	assert_int_equal(scroll.cursor, 5);
}

RUN_TESTS("scroll", NULL, NULL)

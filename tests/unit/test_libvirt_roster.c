/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/roster.h"
#include "base/clock.h"
#include "tests/unit/unit.h"

#include <string.h>

static struct roster roster;

static struct uuid numbered(unsigned number)
{
	struct uuid uuid = { { 0 } };

	memcpy(uuid.bytes + 12, &number, sizeof(number));
	return uuid;
}

static enum roster_turn put(unsigned number, int domain_id)
{
	return roster_put(&roster, &(struct vm_facts){ .uuid = numbered(number), .domain_id = domain_id });
}

static bool knows(unsigned number)
{
	struct uuid uuid = numbered(number);

	return roster_find(&roster, &uuid) != NULL;
}

static int close_roster(void **state)
{
	(void)state;
	roster_free(&roster);
	return 0;
}

static void it_tells_who_started_stopped_and_started_anew(void **state)
{
	(void)state;
	assert_int_equal(put(1, -1), ROSTER_NEW);
	assert_int_equal(put(1, -1), ROSTER_SAME);
	assert_int_equal(put(1, 7), ROSTER_STARTED);
	assert_int_equal(put(1, 7), ROSTER_SAME);
	assert_int_equal(put(1, 8), ROSTER_STARTED);
	assert_int_equal(put(1, -1), ROSTER_STOPPED);
	assert_int_equal(put(2, 9), ROSTER_NEW);
}

static void who_is_not_in_a_whole_list_is_forgotten(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		put(i, -1);
	roster_begin_list(&roster);
	for (unsigned i = 0; i < 1000; i += 2)
		put(i, -1);
	roster_end_list(&roster);
	assert_int_equal(roster.count, 500);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(knows(i), i % 2 == 0);
}

static void one_can_go_and_come_back(void **state)
{
	struct uuid seven = numbered(7);

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		put(i, -1);
	roster_remove(&roster, &seven);
	roster_remove(&roster, &seven);
	assert_int_equal(roster.count, 99);
	assert_false(knows(7));
	assert_true(knows(99));
	assert_int_equal(put(7, 1), ROSTER_NEW);
}

static void rows_are_spread(size_t byte)
{
	int64_t begun = clock_ms();

	for (unsigned i = 0; i < 0x10000; i++) {
		struct uuid uuid = { { 0 } };

		uuid.bytes[byte] = (unsigned char)(i >> 8);
		uuid.bytes[byte + 1] = (unsigned char)i;
		roster_put(&roster, &(struct vm_facts){ .uuid = uuid, .domain_id = -1 });
	}
	assert_int_equal(roster.count, 0x10000);
	/* A few ms; where all meet in one place it is the better part of a minute. */
	assert_in_range(clock_ms() - begun, 0, 3000);
	roster_free(&roster);
}

static void made_up_uuids_are_found_as_fast_as_others(void **state)
{
	(void)state;
	for (size_t byte = 0; byte < 15; byte++)
		rows_are_spread(byte);
}

static int read_all_wanted(void)
{
	struct roster_row *row;
	int count = 0;

	while ((row = roster_next_wanted(&roster))) {
		row->xml_wanted = false;
		count++;
	}
	return count;
}

static void the_xml_of_what_runs_is_wanted_once_and_again_after_a_start(void **state)
{
	(void)state;
	put(1, 1);
	put(2, -1);
	put(3, 3);
	assert_int_equal(read_all_wanted(), 2);
	assert_int_equal(read_all_wanted(), 0);
	put(3, 4);
	assert_int_equal(read_all_wanted(), 1);
	roster_want_all(&roster);
	assert_int_equal(read_all_wanted(), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(it_tells_who_started_stopped_and_started_anew, close_roster),
		cmocka_unit_test_teardown(who_is_not_in_a_whole_list_is_forgotten, close_roster),
		cmocka_unit_test_teardown(one_can_go_and_come_back, close_roster),
		cmocka_unit_test_teardown(made_up_uuids_are_found_as_fast_as_others, close_roster),
		cmocka_unit_test_teardown(the_xml_of_what_runs_is_wanted_once_and_again_after_a_start, close_roster),
	};

	return cmocka_run_group_tests_name("libvirt_roster", tests, NULL, NULL);
}

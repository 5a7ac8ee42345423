/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/domain_table.h"
#include "base/clock.h"
#include "tests/unit/unit.h"

static struct domain_table table;

static struct uuid numbered(unsigned number)
{
	struct uuid uuid = { { 0 } };

	memcpy(uuid.bytes + 12, &number, sizeof(number));
	return uuid;
}

static enum domain_change put(unsigned number, int domain_id)
{
	return domain_table_put(&table, &(struct vm_info){ .uuid = numbered(number), .domain_id = domain_id });
}

static bool knows(unsigned number)
{
	struct uuid uuid = numbered(number);

	return domain_table_find(&table, &uuid) != NULL;
}

FIXTURE(close_table)
{
	domain_table_free(&table);
}

TEST(it_tells_who_started_stopped_and_started_anew)
{
	assert_int_equal(put(1, -1), DOMAIN_NEW);
	assert_int_equal(put(1, -1), DOMAIN_UNCHANGED);
	assert_int_equal(put(1, 7), DOMAIN_STARTED);
	assert_int_equal(put(1, 7), DOMAIN_UNCHANGED);
	assert_int_equal(put(1, 8), DOMAIN_STARTED);
	assert_int_equal(put(1, -1), DOMAIN_STOPPED);
	assert_int_equal(put(2, 9), DOMAIN_NEW);
}

TEST(who_is_not_in_a_whole_list_is_forgotten)
{
	for (unsigned i = 0; i < 1000; i++)
		put(i, -1);
	domain_table_begin_list(&table);
	for (unsigned i = 0; i < 1000; i += 2)
		put(i, -1);
	domain_table_end_list(&table);
	assert_int_equal(table.count, 500);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(knows(i), i % 2 == 0);
}

TEST(one_can_go_and_come_back)
{
	struct uuid seven = numbered(7);

	for (unsigned i = 0; i < 100; i++)
		put(i, -1);
	domain_table_remove(&table, &seven);
	domain_table_remove(&table, &seven);
	assert_int_equal(table.count, 99);
	assert_false(knows(7));
	assert_true(knows(99));
	assert_int_equal(put(7, 1), DOMAIN_NEW);
}

static void rows_are_spread(size_t byte)
{
	int64_t begun = clock_ms();

	for (unsigned i = 0; i < 0x10000; i++) {
		struct uuid uuid = { { 0 } };

		uuid.bytes[byte] = (unsigned char)(i >> 8);
		uuid.bytes[byte + 1] = (unsigned char)i;
		domain_table_put(&table, &(struct vm_info){ .uuid = uuid, .domain_id = -1 });
	}
	assert_int_equal(table.count, 0x10000);
	/* A few ms; where all meet in one place it is the better part of a minute. */
	assert_in_range(clock_ms() - begun, 0, 3000);
	domain_table_free(&table);
}

TEST(made_up_uuids_are_found_as_fast_as_others)
{
	for (size_t byte = 0; byte < 15; byte++)
		rows_are_spread(byte);
}

static int read_all_wanted(void)
{
	struct domain_row *row;
	int count = 0;

	while ((row = domain_table_next_wanted(&table))) {
		row->xml_wanted = false;
		count++;
	}
	return count;
}

TEST(the_xml_of_what_runs_is_wanted_once_and_again_after_a_start)
{
	put(1, 1);
	put(2, -1);
	put(3, 3);
	assert_int_equal(read_all_wanted(), 2);
	assert_int_equal(read_all_wanted(), 0);
	put(3, 4);
	assert_int_equal(read_all_wanted(), 1);
	domain_table_want_all(&table);
	assert_int_equal(read_all_wanted(), 2);
}

RUN_TESTS_EACH("domain_table", NULL, NULL, NULL, close_table)

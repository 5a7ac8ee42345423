/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/listing.h"
#include "fleet.h"
#include "unit.h"

static struct inventory *inventory;
static struct tasklist tasks;
static struct listing *listing;

/* alpha, beta, gamma, delta: numbers 1 to 4, on host a. */
FIXTURE(open_listing)
{
	static const char *const names[] = { "alpha", "beta", "gamma", "delta" };

	inventory = fleet_create();
	tasks = (struct tasklist){ 0 };
	listing = listing_create(inventory, &tasks);
	for (int i = 0; i < 4; i++)
		fleet_tell(inventory, 0, i + 1, names[i], VM_STATE_RUNNING);
}

FIXTURE(close_listing)
{
	listing_destroy(listing);
	tasklist_free(&tasks);
	inventory_destroy(inventory);
}

static void rows_are(const char *expected)
{
	char rows[256] = "";
	size_t len = 0;

	for (size_t i = 0; i < listing_count(listing); i++)
		len += (size_t)snprintf(rows + len, sizeof(rows) - len, "%s%s", i > 0 ? " " : "",
					text_str(listing_at(listing, i)->info.name));
	assert_string_equal(rows, expected);
}

static void cursor_is_on(const char *name)
{
	assert_non_null(listing_cursor(listing));
	assert_string_equal(text_str(listing_cursor(listing)->info.name), name);
	assert_ptr_equal(listing_at(listing, listing_cursor_index(listing)), listing_cursor(listing));
}

static void goes(int number)
{
	struct uuid uuid = fleet_uuid(number);

	inventory_apply_gone(inventory, 0, &uuid);
}

static void cpu_is(int number, double percent)
{
	fleet_cpu(inventory, 0, number, percent);
}

static void filter(const char *words)
{
	assert_true(listing_set_filter(listing, words, NULL));
}

static void put_cursor_on(int number)
{
	struct vm_id id = fleet_id(0, number);

	assert_true(listing_select(listing, &id));
}

static void mark(int number)
{
	listing_mark(listing, fleet_vm(inventory, 0, number), true);
}

static void marks_are(size_t all, size_t hidden)
{
	assert_int_equal(listing_marked(listing), all);
	assert_int_equal(listing_marked_hidden(listing), hidden);
}

static void targets_are(const char *expected)
{
	char names[256] = "";
	size_t len = 0;
	struct vm_ids ids;

	listing_targets(listing, &ids);
	for (size_t i = 0; i < ids.count; i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s", i > 0 ? " " : "",
					text_str(inventory_find(inventory, &ids.at[i])->info.name));
	assert_string_equal(names, expected);
	VEC_FREE(&ids);
}

/* --- order --- */

TEST(rows_are_sorted_by_name_for_people)
{
	fleet_tell(inventory, 0, 5, "web10", VM_STATE_RUNNING);
	fleet_tell(inventory, 0, 6, "web2", VM_STATE_RUNNING);
	fleet_tell(inventory, 0, 7, "Echo", VM_STATE_RUNNING);
	rows_are("alpha beta delta Echo gamma web2 web10");
	listing_set_sort(listing, attribute_get("name"), true);
	rows_are("web10 web2 gamma Echo delta beta alpha");
}

TEST(unknown_figures_come_last_in_either_direction)
{
	cpu_is(1, 10);
	cpu_is(3, 90);
	listing_set_sort(listing, attribute_get("cpu"), false);
	rows_are("alpha gamma beta delta");
	listing_set_sort(listing, attribute_get("cpu"), true);
	rows_are("gamma alpha beta delta");
}

TEST(equals_are_ordered_by_host_name_and_uuid)
{
	fleet_tell(inventory, 1, 5, "aaa", VM_STATE_RUNNING);
	fleet_tell(inventory, 1, 7, "alpha", VM_STATE_RUNNING);
	fleet_tell(inventory, 1, 6, "alpha", VM_STATE_RUNNING);
	listing_set_sort(listing, attribute_get("state"), false);
	rows_are("alpha beta delta gamma aaa alpha alpha");
	assert_int_equal(listing_at(listing, 5)->id.uuid.bytes[0], 6);
	listing_set_sort(listing, attribute_get("state"), true);
	rows_are("alpha beta delta gamma aaa alpha alpha");
}

TEST(whoever_is_renamed_finds_a_new_place_among_equals)
{
	listing_set_sort(listing, attribute_get("state"), false);
	rows_are("alpha beta delta gamma");
	fleet_tell(inventory, 0, 1, "omega", VM_STATE_RUNNING);
	rows_are("beta delta gamma omega");
}

TEST(rows_follow_the_inventory)
{
	rows_are("alpha beta delta gamma");
	goes(2);
	fleet_tell(inventory, 0, 9, "carl", VM_STATE_RUNNING);
	rows_are("alpha carl delta gamma");
	fleet_tell(inventory, 0, 9, "zoe", VM_STATE_RUNNING);
	rows_are("alpha delta gamma zoe");
}

TEST(tasks_move_rows_when_they_are_what_is_sorted_by)
{
	struct vm *vm = fleet_vm(inventory, 0, 3);

	listing_set_sort(listing, attribute_get("task"), false);
	rows_are("alpha beta delta gamma");
	vm->task_id = tasklist_add(&tasks, OP_LOGOFF, &vm->id)->id;
	listing_tasks_changed(listing);
	rows_are("gamma alpha beta delta");
}

TEST(every_column_can_be_sorted_by)
{
	for (size_t i = 0; i < attribute_count(); i++) {
		listing_set_sort(listing, attribute_at(i), i % 2);
		assert_int_equal(listing_count(listing), 4);
	}
}

TEST(nothing_is_made_anew_when_nothing_changed)
{
	uint64_t version = listing_version(listing);

	cpu_is(1, 50); /* neither sorted nor filtered by */
	assert_int_equal(listing_version(listing), version);
	listing_set_sort(listing, attribute_get("cpu"), false);
	version = listing_version(listing);
	cpu_is(1, 60);
	assert_true(listing_version(listing) > version);
}

/* --- filter --- */

TEST(the_filter_hides_rows_and_gives_them_back)
{
	filter("ta");
	rows_are("beta delta");
	assert_string_equal(listing_filter_words(listing), "ta");
	filter("");
	rows_are("alpha beta delta gamma");
}

TEST(a_bad_filter_leaves_the_good_one)
{
	struct err err;

	filter("ta");
	assert_false(listing_set_filter(listing, "cpu>", &err));
	rows_are("beta delta");
	assert_string_equal(listing_filter_words(listing), "ta");
}

TEST(a_filter_by_figures_follows_them)
{
	filter("cpu>50");
	rows_are("");
	cpu_is(2, 60);
	rows_are("beta");
	cpu_is(2, 10);
	rows_are("");
}

/* --- cursor --- */

TEST(the_cursor_waits_on_the_first_row_until_moved)
{
	cursor_is_on("alpha");
	fleet_tell(inventory, 0, 9, "aaa", VM_STATE_RUNNING);
	cursor_is_on("aaa");
}

TEST(the_cursor_stays_on_its_vm_when_rows_move)
{
	listing_move(listing, 1);
	cursor_is_on("beta");
	fleet_tell(inventory, 0, 9, "aaa", VM_STATE_RUNNING);
	cursor_is_on("beta");
	assert_int_equal(listing_cursor_index(listing), 2);
	listing_set_sort(listing, attribute_get("name"), true);
	cursor_is_on("beta");
}

TEST(the_cursor_goes_to_the_next_row_when_its_vm_goes)
{
	put_cursor_on(2);
	goes(2);
	cursor_is_on("delta");
	put_cursor_on(3);
	goes(3);
	cursor_is_on("delta");
}

TEST(the_cursor_skips_neighbours_that_went_too)
{
	put_cursor_on(2);
	goes(2);
	goes(4);
	cursor_is_on("gamma");
	goes(3);
	goes(1);
	assert_null(listing_cursor(listing));
	assert_int_equal(listing_cursor_index(listing), 0);
}

TEST(the_cursor_goes_to_a_neighbour_when_the_filter_hides_its_vm)
{
	put_cursor_on(1);
	filter("ta");
	cursor_is_on("beta");
	put_cursor_on(4);
	filter("al | be");
	cursor_is_on("beta");
}

TEST(the_cursor_stops_at_both_ends)
{
	listing_move(listing, -5);
	cursor_is_on("alpha");
	listing_move(listing, 99);
	cursor_is_on("gamma");
	listing_move_to(listing, 1);
	cursor_is_on("beta");
	filter("nothing");
	assert_null(listing_cursor(listing));
	listing_move(listing, 1);
	assert_null(listing_cursor(listing));
}

TEST(a_hidden_vm_cannot_be_selected)
{
	struct vm_id id = fleet_id(0, 1);

	filter("ta");
	assert_false(listing_select(listing, &id));
	cursor_is_on("beta");
}

/* --- marks --- */

TEST(marks_are_counted_hidden_ones_apart)
{
	mark(1);
	mark(2);
	mark(2);
	marks_are(2, 0);
	filter("ta");
	marks_are(2, 1);
	listing_mark(listing, fleet_vm(inventory, 0, 1), false);
	marks_are(1, 0);
}

TEST(a_mark_goes_with_its_vm)
{
	mark(1);
	mark(2);
	goes(1);
	marks_are(1, 0);
}

TEST(inverting_leaves_hidden_marks_alone)
{
	mark(1);
	mark(2);
	filter("ta");
	listing_invert_marks(listing);
	targets_are("delta alpha");
	listing_unmark_all(listing);
	marks_are(0, 0);
}

TEST(an_action_is_for_the_marks_or_else_the_cursor)
{
	put_cursor_on(4);
	targets_are("delta");
	mark(3);
	mark(1);
	targets_are("alpha gamma");
	filter("ga");
	targets_are("gamma alpha");
	listing_unmark_all(listing);
	filter("nothing");
	targets_are("");
}

/* --- frozen --- */

TEST(frozen_rows_neither_come_nor_move)
{
	listing_set_sort(listing, attribute_get("cpu"), true);
	cpu_is(1, 10);
	cpu_is(2, 20);
	rows_are("beta alpha delta gamma");
	listing_freeze(listing, true);
	cpu_is(1, 99);
	fleet_tell(inventory, 0, 9, "new", VM_STATE_RUNNING);
	rows_are("beta alpha delta gamma");
	listing_freeze(listing, false);
	rows_are("alpha beta delta gamma new");
}

TEST(frozen_rows_of_vms_that_are_gone_vanish)
{
	rows_are("alpha beta delta gamma");
	put_cursor_on(2);
	listing_freeze(listing, true);
	goes(2);
	fleet_tell(inventory, 0, 9, "aaa", VM_STATE_RUNNING);
	rows_are("alpha delta gamma");
	cursor_is_on("delta");
	mark(1);
	marks_are(1, 0);
}

TEST(a_persons_own_sorting_moves_frozen_rows)
{
	rows_are("alpha beta delta gamma");
	listing_freeze(listing, true);
	listing_set_sort(listing, attribute_get("name"), true);
	rows_are("gamma delta beta alpha");
	filter("ta");
	rows_are("delta beta");
	assert_true(listing_is_frozen(listing));
}

TEST(what_is_filtered_sorted_or_grouped_by_the_xml_needs_it_of_all)
{
	assert_false(listing_needs_xml(listing));
	filter("web");
	assert_true(listing_needs_xml(listing));
	filter("");
	listing_set_sort(listing, attribute_get("agent"), false);
	assert_true(listing_needs_xml(listing));
	listing_set_sort(listing, attribute_get("cpu"), false);
	assert_false(listing_needs_xml(listing));
	listing_group_by(listing, GROUPING_TAG);
	assert_true(listing_needs_xml(listing));
}

RUN_TESTS_EACH("listing", NULL, NULL, open_listing, close_listing)

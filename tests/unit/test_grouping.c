/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/listing.h"
#include "fleet.h"
#include "unit.h"

static struct inventory *inventory;
static struct listing *listing;

/* On a: alpha (1, runs, web prod), beta (2, off, db). On b: gamma (3, runs, web), delta (4, runs, no tag). */
FIXTURE(open_groups)
{
	inventory = fleet_create();
	listing = listing_create(inventory, NULL);
	text_set(&fleet_tell(inventory, 0, 1, "alpha", VM_STATE_RUNNING)->info.tags, text_format("web prod"));
	text_set(&fleet_tell(inventory, 0, 2, "beta", VM_STATE_SHUTOFF)->info.tags, text_format("db"));
	text_set(&fleet_tell(inventory, 1, 3, "gamma", VM_STATE_RUNNING)->info.tags, text_format("web"));
	fleet_tell(inventory, 1, 4, "delta", VM_STATE_RUNNING);
}

FIXTURE(close_groups)
{
	listing_destroy(listing);
	inventory_destroy(inventory);
}

/* "[a] alpha beta [b] ...": headings in brackets, folded ones with a +. */
static void lines_are(const char *expected)
{
	char lines[256] = "";
	size_t len = 0;

	for (size_t i = 0; i < listing_line_count(listing); i++) {
		const struct vm *vm = listing_line_vm(listing, i);
		struct listing_group group;

		assert_true(listing_line_group(listing, i, &group) == !vm);
		len += (size_t)snprintf(lines + len, sizeof(lines) - len,
					vm             ? "%s%s"
					: group.folded ? "%s[%s]+"
						       : "%s[%s]",
					i > 0 ? " " : "", text_str(vm ? vm->info.name : group.title));
	}
	assert_string_equal(lines, expected);
}

static struct listing_group group_at(size_t line)
{
	struct listing_group group;

	assert_true(listing_line_group(listing, line, &group));
	return group;
}

static void cursor_is_on(const char *name)
{
	assert_non_null(listing_cursor(listing));
	assert_string_equal(text_str(listing_cursor(listing)->info.name), name);
	assert_ptr_equal(listing_line_vm(listing, listing_cursor_index(listing)), listing_cursor(listing));
}

static void cursor_is_on_group(const char *title)
{
	assert_true(listing_is_on_group(listing));
	assert_null(listing_cursor(listing));
	assert_string_equal(text_str(group_at(listing_cursor_index(listing)).title), title);
}

static void put_cursor_on(int host, int number)
{
	struct vm_id id = fleet_id(host, number);

	assert_true(listing_select(listing, &id));
}

static void changes_to(int host, int number, const char *name, enum vm_state state)
{
	fleet_tell(inventory, host, number, name, state);
}

/* --- groups --- */

TEST(without_a_grouping_lines_are_rows)
{
	lines_are("alpha beta delta gamma");
	assert_false(listing_fold(listing) || listing_unfold(listing) || listing_toggle_fold(listing) ||
		     listing_toggle_all_folds(listing) || listing_mark_group(listing));
}

TEST(vms_stand_under_the_heading_of_their_group)
{
	listing_group_by(listing, GROUPING_HOST);
	lines_are("[a] alpha beta [b] delta gamma");
	listing_group_by(listing, GROUPING_STATE);
	lines_are("[running] alpha delta gamma [shutoff] beta");
	assert_int_equal(listing_count(listing), 4);
}

TEST(the_first_tag_counts_and_those_without_come_last)
{
	fleet_vm(inventory, 0, 2)->info.channel = CHANNEL_UNKNOWN;
	text_set(&fleet_vm(inventory, 0, 2)->info.tags, (struct safe_text){ NULL });
	listing_group_by(listing, GROUPING_TAG);
	lines_are("[web] alpha gamma [no tag] delta [unknown tags] beta");
}

TEST(an_os_that_nobody_told_is_a_group_behind_the_others)
{
	text_set(&fleet_vm(inventory, 1, 3)->os_name, text_format("Zeta 10"));
	text_set(&fleet_vm(inventory, 0, 1)->os_name, text_format("Zeta 9"));
	listing_group_by(listing, GROUPING_OS);
	lines_are("[Zeta 9] alpha [Zeta 10] gamma [unknown OS] beta delta");
}

TEST(each_group_is_sorted_in_itself)
{
	listing_group_by(listing, GROUPING_HOST);
	listing_set_sort(listing, attribute_get("name"), true);
	lines_are("[a] beta alpha [b] gamma delta");
}

TEST(a_group_that_the_filter_empties_has_no_heading)
{
	listing_group_by(listing, GROUPING_HOST);
	assert_true(listing_set_filter(listing, "state:shutoff", NULL));
	lines_are("[a] beta");
}

TEST(a_vm_that_changes_moves_to_its_new_group)
{
	listing_group_by(listing, GROUPING_STATE);
	put_cursor_on(1, 4);
	changes_to(1, 4, "delta", VM_STATE_PAUSED);
	lines_are("[running] alpha gamma [paused] delta [shutoff] beta");
	cursor_is_on("delta");
}

TEST(a_heading_counts_what_is_under_it)
{
	fleet_log_on(fleet_vm(inventory, 1, 3), "alice");
	fleet_log_on(fleet_vm(inventory, 1, 3), "bob");
	listing_mark(listing, fleet_vm(inventory, 1, 3), true);
	listing_group_by(listing, GROUPING_HOST);
	assert_int_equal(group_at(3).vms, 2);
	assert_int_equal(group_at(3).running, 2);
	assert_int_equal(group_at(3).users, 2);
	assert_int_equal(group_at(3).users_unknown, 1);
	assert_int_equal(group_at(3).marked, 1);
	assert_int_equal(group_at(0).running, 1);
}

/* --- folding --- */

TEST(folding_leaves_the_heading)
{
	listing_group_by(listing, GROUPING_HOST);
	put_cursor_on(0, 2);
	assert_true(listing_fold(listing));
	cursor_is_on_group("a");
	lines_are("[a] alpha beta [b] delta gamma");
	assert_true(listing_fold(listing));
	lines_are("[a]+ [b] delta gamma");
	cursor_is_on_group("a");
	assert_true(listing_unfold(listing));
	lines_are("[a] alpha beta [b] delta gamma");
	assert_true(listing_unfold(listing));
	cursor_is_on("alpha");
}

TEST(a_heading_turns_its_fold_and_a_row_does_not)
{
	listing_group_by(listing, GROUPING_HOST);
	assert_false(listing_toggle_fold(listing));
	listing_move_to(listing, 3);
	assert_true(listing_toggle_fold(listing));
	lines_are("[a] alpha beta [b]+");
	assert_true(listing_toggle_fold(listing));
	lines_are("[a] alpha beta [b] delta gamma");
}

TEST(all_groups_fold_and_unfold)
{
	listing_group_by(listing, GROUPING_HOST);
	put_cursor_on(1, 3);
	assert_true(listing_toggle_all_folds(listing));
	lines_are("[a]+ [b]+");
	cursor_is_on_group("b");
	assert_true(listing_toggle_all_folds(listing));
	lines_are("[a] alpha beta [b] delta gamma");
}

TEST(folds_outlive_filter_sort_and_other_groupings)
{
	listing_group_by(listing, GROUPING_HOST);
	listing_move_to(listing, 0);
	listing_fold(listing);
	assert_true(listing_set_filter(listing, "gamma", NULL));
	lines_are("[b] gamma");
	assert_true(listing_set_filter(listing, "", NULL));
	listing_group_by(listing, GROUPING_TAG);
	lines_are("[db] beta [web] alpha gamma [no tag] delta");
	listing_set_sort(listing, attribute_get("name"), true);
	listing_group_by(listing, GROUPING_HOST);
	lines_are("[a]+ [b] gamma delta");
}

TEST(a_frozen_listing_folds_all_the_same)
{
	struct uuid uuid = fleet_uuid(2);

	listing_group_by(listing, GROUPING_HOST);
	listing_move_to(listing, 3);
	listing_freeze(listing, true);
	changes_to(0, 7, "new", VM_STATE_RUNNING);
	inventory_apply_gone(inventory, 0, &uuid);
	lines_are("[a] alpha [b] delta gamma");
	cursor_is_on_group("b");
	assert_true(listing_toggle_fold(listing));
	lines_are("[a] alpha [b]+");
	listing_freeze(listing, false);
	lines_are("[a] alpha new [b]+");
}

/* --- cursor and marks --- */

TEST(the_cursor_begins_on_a_vm)
{
	listing_group_by(listing, GROUPING_HOST);
	cursor_is_on("alpha");
}

TEST(the_cursor_stays_on_its_vm_when_the_grouping_changes)
{
	put_cursor_on(1, 4);
	listing_group_by(listing, GROUPING_HOST);
	cursor_is_on("delta");
	listing_group_by(listing, GROUPING_STATE);
	cursor_is_on("delta");
	listing_group_by(listing, GROUPING_NONE);
	cursor_is_on("delta");
}

TEST(the_cursor_stays_on_its_heading_when_rows_move)
{
	listing_group_by(listing, GROUPING_HOST);
	listing_move_to(listing, 3);
	cursor_is_on_group("b");
	changes_to(0, 7, "aardvark", VM_STATE_RUNNING);
	lines_are("[a] aardvark alpha beta [b] delta gamma");
	cursor_is_on_group("b");
	assert_true(listing_set_filter(listing, "beta", NULL));
	cursor_is_on("beta");
}

TEST(a_vm_that_moves_into_a_folded_group_leaves_the_cursor_to_its_neighbour)
{
	listing_group_by(listing, GROUPING_STATE);
	listing_move_to(listing, 4);
	cursor_is_on_group("shutoff");
	listing_fold(listing);
	put_cursor_on(1, 4);
	changes_to(1, 4, "delta", VM_STATE_SHUTOFF);
	lines_are("[running] alpha gamma [shutoff]+");
	cursor_is_on("gamma");
}

TEST(an_action_on_a_heading_is_for_nothing_but_the_marks)
{
	struct vm_ids ids;

	listing_group_by(listing, GROUPING_HOST);
	listing_move_to(listing, 0);
	listing_targets(listing, &ids);
	assert_int_equal(ids.count, 0);
	VEC_FREE(&ids);
	assert_true(listing_mark_group(listing));
	listing_targets(listing, &ids);
	assert_int_equal(ids.count, 2);
	VEC_FREE(&ids);
}

TEST(marking_a_heading_marks_its_group_and_marking_it_again_unmarks_it)
{
	listing_group_by(listing, GROUPING_HOST);
	listing_mark(listing, fleet_vm(inventory, 0, 1), true);
	listing_move_to(listing, 0);
	listing_fold(listing);
	assert_true(listing_mark_group(listing));
	assert_int_equal(listing_marked(listing), 2);
	assert_int_equal(listing_marked_hidden(listing), 0);
	listing_move_to_next_group(listing);
	cursor_is_on_group("b");
	listing_move_to_next_group(listing);
	cursor_is_on_group("b");
	listing_move_to(listing, 0);
	assert_true(listing_mark_group(listing));
	assert_int_equal(listing_marked(listing), 0);
}

TEST(the_words_of_a_grouping_are_found)
{
	enum grouping by = GROUPING_NONE;
	struct err err;

	assert_true(grouping_find("Tag", &by, &err));
	assert_int_equal(by, GROUPING_TAG);
	assert_false(grouping_find("colour", &by, &err));
	assert_non_null(strstr(text_str(err_text(&err)), "host, state, os, tag, none"));
}

/* Each in a group of its own is what a hostile host could do; it must cost no more than a sort. */
TEST(ten_thousand_groups_fold_and_unfold)
{
	for (int i = 0; i < 10000; i++) {
		char tag[32];
		struct vm *vm;

		snprintf(tag, sizeof(tag), "tag%d", i);
		vm = fleet_tell(inventory, i % 2, 100 + i, tag, VM_STATE_RUNNING);
		text_set(&vm->info.tags, text_format("%s", tag));
	}
	listing_group_by(listing, GROUPING_TAG);
	assert_int_equal(listing_line_count(listing), 2 * 10000 + 4 + 3);
	assert_true(listing_toggle_all_folds(listing));
	assert_int_equal(listing_line_count(listing), 10000 + 3);
	listing_group_by(listing, GROUPING_HOST);
	assert_int_equal(listing_line_count(listing), 10000 + 4 + 2);
	listing_group_by(listing, GROUPING_TAG);
	assert_int_equal(listing_line_count(listing), 10000 + 3);
	assert_true(listing_toggle_all_folds(listing));
	assert_int_equal(listing_line_count(listing), 2 * 10000 + 4 + 3);
}

RUN_TESTS_EACH("grouping", NULL, NULL, open_groups, close_groups)

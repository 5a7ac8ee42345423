/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_snapshots.c - snapshots on the command line: listed, taken, gone back to, deleted, and what is asked before.
 */
#include "tests/cli/json_rows.h"
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

/* --- the list --- */

TEST(they_are_listed_with_the_documented_fields)
{
	exits_in_json(EXIT_DONE, "GUESTS snapshots web01 --json");
	assert_int_equal(row_count(), 2);
	fields_are("host vm name parent created state current description", false);
	assert_string_equal(text_of("name"), "installed");
	assert_true(json_is_null(field("parent")));
	assert_string_equal(text_of("state"), "shutoff");
	assert_true(json_is_false(field("current")));
	assert_string_equal(text_of("description"), "clean");
}

TEST(without_a_name_all_are_listed_and_no_name_reaches_the_terminal_raw)
{
	prints(EXIT_DONE, "disk-snapshot", "GUESTS snapshots");
	out_has("<U+202E>dne<U+001B>[2J");
	out_has("a<U+000A>b");
	assert_null(strchr(ran.out, '\x1b'));
	assert_null(strstr(ran.out, "\xe2\x80\xae"));
	err_is_empty();
}

TEST(read_only_lists_them_and_changes_none)
{
	prints(EXIT_DONE, "installed", "GUESTS -r snapshots web01");
	exits(EXIT_DENIED, "GUESTS -r snapshot-create web01 --yes");
	exits(EXIT_DENIED, "GUESTS --lock snapshot-revert web01 installed --yes");
	exits(EXIT_DENIED, "GUESTS --lock snapshot-delete web01 installed --yes");
}

/* --- taking one --- */

TEST(one_is_taken_by_a_name_or_by_the_time)
{
	exits_in_json(EXIT_DONE, "GUESTS snapshot-create web01 --name before --description x --yes --json");
	assert_string_equal(text_of("verb"), "snapshot-create");
	assert_string_equal(text_of("description"), "Take snapshot before of web01");
	assert_int_equal(number_of("percent"), 100);
	err_is_empty();
	exits(EXIT_DONE, "GUESTS snapshot-create off01 rds01 --yes");
}

TEST(a_name_that_is_taken_or_makes_no_sense_is_2)
{
	complains(EXIT_USAGE, "already", "GUESTS snapshot-create web01 --name installed --yes");
	complains(EXIT_USAGE, "a snapshot name must have at most", "GUESTS snapshot-create web01 --name a/b --yes");
	exits(EXIT_USAGE, "GUESTS snapshot-create web01 --quiesce --no-quiesce --yes");
}

TEST(who_insists_on_quiescing_is_refused_where_it_cannot_be)
{
	exits(EXIT_DONE, "GUESTS snapshot-create web01 --quiesce --yes");
	complains(EXIT_NO_AGENT, "could not quiesce", "FLEET snapshot-create down01 --quiesce --yes");
}

TEST(who_does_not_insist_is_told_that_it_was_not)
{
	prints(EXIT_DONE, "not quiesced: ", "FLEET snapshot-create down01 --disk-only --yes");
	complains(EXIT_DONE, "not quiesced: ", "FLEET snapshot-create down01 --disk-only --yes --json");
	exits(EXIT_DONE, "FLEET snapshot-create down01 --disk-only --no-quiesce --yes --json");
	err_is_empty();
}

TEST(on_a_terminal_it_is_said_before_that_it_cannot_be)
{
	run_on_terminal("FLEET snapshot-create down01 --disk-only");
	run_answer("Take a snapshot of down01? [y/N] ", "n");
	run_leave_terminal(EXIT_CANCELLED);
	out_has("CANNOT BE QUIESCED");
	out_has("no guest agent is connected");
	out_has("nothing was done");
}

/* --- going back, and deleting --- */

TEST(going_back_names_what_is_lost_and_who_is_on)
{
	run_on_terminal("GUESTS snapshot-revert web01 installed");
	run_answer("Revert web01 to a snapshot? [y/N] ", "y");
	run_leave_terminal(EXIT_DONE);
	out_has("alice, bob");
	out_has("revert to snapshot installed; the current state is lost");
}

TEST(without_a_terminal_they_want_yes)
{
	FOR_EACH(const char *, line, "snapshot-create web01", "snapshot-revert web01 installed",
		 "snapshot-delete web01 installed") {
		complains(EXIT_USAGE, "--yes", "GUESTS %s", *line);
	}
}

TEST(one_is_deleted_even_if_nobody_can_type_its_name)
{
	exits(EXIT_DONE, "GUESTS snapshot-delete web01 disks --yes");
	exits_in_json(EXIT_DONE, "GUESTS snapshot-delete off01 <U+202E>dne<U+001B>[2J --yes --json");
	assert_string_equal(text_of("description"), "Delete snapshot <U+202E>dne<U+001B>[2J of off01");
}

TEST(one_that_is_not_there_is_2_also_when_nothing_is_done)
{
	exits(EXIT_USAGE, "GUESTS snapshot-revert web01 nosuch --yes");
	err_has("ada/web01: no snapshot nosuch; `innkeeper snapshots` lists them");
	exits(EXIT_USAGE, "GUESTS snapshot-delete web01 nosuch --dry-run");
	prints(EXIT_DONE, "would be done", "GUESTS snapshot-delete web01 disks --dry-run");
	exits(EXIT_USAGE, "GUESTS snapshot-revert web01");
	exits(EXIT_NO_VM, "GUESTS snapshot-revert nosuch installed --yes");
}

RUN_TESTS("cli snapshots", run_set_up, run_tear_down)

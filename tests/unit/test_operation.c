/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of operations: each row is whole, and each place that needs one finds it. */
#include "engine/action.h"
#include "model/operation.h"
#include "tests/unit/unit.h"
#include "ui/cli/options.h"

TEST(each_operation_is_found_by_its_name_and_no_other_word_is_one)
{
	enum operation found;

	for (enum operation operation = 0; operation < OP_COUNT; operation++) {
		assert_true(operation_find_recorded(operation_name(operation), &found));
		assert_int_equal(found, operation);
	}
	assert_false(operation_find_recorded("explode", &found));
}

TEST(journals_of_earlier_versions_are_understood)
{
	enum operation found;

	assert_true(operation_find_recorded("maintain", &found));
	assert_int_equal(found, OP_DRAIN);
	assert_true(operation_find_recorded("close-door", &found));
	assert_int_equal(found, OP_DISABLE_LOGINS);
	assert_true(operation_find_recorded("open-door", &found));
	assert_int_equal(found, OP_ENABLE_LOGINS);
}

static void has_name(struct safe_text words)
{
	assert_non_null(strstr(text_str(words), "web01"));
	assert_null(strstr(text_str(words), "%"));
	text_free(&words);
}

TEST(each_operation_speaks_of_its_vm)
{
	for (enum operation operation = 0; operation < OP_COUNT; operation++) {
		has_name(operation_describe(operation, TEXT_TRUSTED("web01")));
		has_name(operation_question(operation, TEXT_TRUSTED("web01")));
	}
}

TEST(states_in_which_it_makes_no_sense_refuse_it)
{
	assert_non_null(operation_get(OP_START)->refused[VM_STATE_RUNNING]);
	assert_null(operation_get(OP_START)->refused[VM_STATE_SHUTOFF]);
	assert_null(operation_get(OP_START)->refused[VM_STATE_SAVED]);
	assert_non_null(operation_get(OP_RESUME)->refused[VM_STATE_RUNNING]);
	assert_null(operation_get(OP_RESUME)->refused[VM_STATE_PAUSED]);
	assert_null(operation_get(OP_DESTROY)->refused[VM_STATE_PAUSED]);
	assert_non_null(operation_get(OP_DESTROY)->refused[VM_STATE_SHUTOFF]);
	for (enum operation operation = 0; operation < OP_COUNT; operation++)
		assert_null(operation_get(operation)->refused[VM_STATE_UNKNOWN]);
}

/* A migrated VM may run on its new host: nothing that is sent to the old one is right. */
TEST(nothing_of_the_hosts_is_done_to_a_migrated_vm)
{
	for (enum operation operation = 0; operation < OP_COUNT; operation++)
		if (operation_get(operation)->kind == OPERATION_OF_HOST && operation != OP_AUTOSTART &&
		    operation != OP_NO_AUTOSTART)
			assert_non_null(operation_get(operation)->refused[VM_STATE_MIGRATED]);
}

TEST(the_state_that_shows_the_end_is_no_other)
{
	assert_true(operation_is_reached(OP_START, VM_STATE_RUNNING));
	assert_true(operation_is_reached(OP_START, VM_STATE_IDLE));
	assert_true(operation_is_reached(OP_SHUTDOWN, VM_STATE_SHUTOFF));
	assert_true(operation_is_reached(OP_SHUTDOWN, VM_STATE_CRASHED));
	assert_false(operation_is_reached(OP_SHUTDOWN, VM_STATE_MIGRATED));
	assert_false(operation_is_reached(OP_SHUTDOWN, VM_STATE_SAVED));
	assert_true(operation_is_reached(OP_MANAGEDSAVE, VM_STATE_SAVED));
	assert_false(operation_is_reached(OP_REBOOT, VM_STATE_RUNNING));
	for (enum operation operation = 0; operation < OP_COUNT; operation++)
		assert_false(operation_is_reached(operation, VM_STATE_UNKNOWN));
}

TEST(each_operation_is_a_key_and_a_command_of_its_name)
{
	for (enum operation operation = 0; operation < OP_COUNT; operation++) {
		assert_int_equal(action_find(operation_name(operation)), (int)operation);
		assert_string_equal(command_get((enum command_id)operation)->name, operation_name(operation));
	}
}

TEST(what_disrupts_or_loses_data_asks_first)
{
	for (enum operation operation = 0; operation < OP_COUNT; operation++)
		if (operation_get(operation)->flags & (DISRUPTS | LOSES_DATA))
			assert_true(operation_get(operation)->flags & ASKS_ON_TERMINAL);
}

RUN_TESTS("operation", NULL, NULL)

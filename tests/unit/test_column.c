/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "fleet.h"
#include "model/column.h"

static struct inventory *inventory;
static struct vm *vm;
static struct task *task;

static int open_fleet(void **state)
{
	(void)state;
	inventory = fleet_create();
	vm = fleet_tell(inventory, 0, 7, "web-01", VM_STATE_RUNNING);
	task = NULL;
	return 0;
}

static int close_fleet(void **state)
{
	(void)state;
	inventory_destroy(inventory);
	return 0;
}

static struct column_row row(void)
{
	return (struct column_row){ vm, inventory_host(inventory, 0), task, clock_ms() };
}

static void shows(enum column_id id, const char *expected)
{
	struct column_row subject = row();
	struct column_cell cell;

	assert_string_equal(text_str(column_words(id, &subject, &cell)), expected);
}

static void memory_shows(int64_t kib, const char *expected)
{
	vm->facts.memory_kib = kib;
	shows(COLUMN_MEM, expected);
}

static void every_column_is_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		const struct column *column = column_get((enum column_id)i);

		assert_non_null(column->name);
		assert_true(strlen(column->title) > 0 && strlen(column->sentence) > 0);
		assert_true(0 < column->min);
		assert_true(column->max == 0 || column->min <= column->max);
		assert_true((column->number != NULL) != (column->text != NULL));
		assert_true(column->words || column->text);
	}
}

static void the_standard_columns_fit_into_eighty_cells(void **state)
{
	int cells = 0;

	(void)state;
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		if (column_get((enum column_id)i)->standard)
			cells += column_get((enum column_id)i)->min + 1;
	assert_true(cells <= 80);
}

static void what_is_unknown_is_a_dash_and_never_nought(void **state)
{
	struct vm_id id = { 0 };

	(void)state;
	vm = vm_create(id);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		if (i != COLUMN_HOST && i != COLUMN_UUID && i != COLUMN_AGENT)
			shows((enum column_id)i, "-");
	shows(COLUMN_AGENT, "?");
	vm_destroy(vm);
}

static void a_machine_shows_what_is_known(void **state)
{
	(void)state;
	shows(COLUMN_NAME, "web-01");
	shows(COLUMN_HOST, "a");
	shows(COLUMN_STATE, "running");
	shows(COLUMN_ID, "7");
	shows(COLUMN_VCPUS, "2");
	shows(COLUMN_PERSISTENT, "yes");
	shows(COLUMN_UUID, "0700ee00-0000-0000-0000-000000000000");
	fleet_cpu(inventory, 0, 7, 3.14);
	shows(COLUMN_CPU, "3.1");
	fleet_cpu(inventory, 0, 7, 99.7);
	shows(COLUMN_CPU, "100");
}

static void a_door_that_we_closed_has_a_column(void **state)
{
	(void)state;
	shows(COLUMN_DOOR, "-");
	vm->door_closed = true;
	shows(COLUMN_DOOR, "closed");
}

static void tags_have_a_column(void **state)
{
	(void)state;
	shows(COLUMN_TAGS, "-");
	text_set(&vm->facts.tags, text_format("%s", "web prod"));
	shows(COLUMN_TAGS, "web prod");
}

static void addresses_are_unknown_none_or_told(void **state)
{
	struct address address;

	(void)state;
	shows(COLUMN_IPS, "-");
	vm->addresses_at = clock_ms();
	shows(COLUMN_IPS, "none");
	assert_true(address_read("10.4.1.21", 9, &address));
	address_list_add(&vm->addresses, &address);
	shows(COLUMN_IPS, "10.4.1.21");
	assert_true(address_read("2001:db8::7", 11, &address));
	address_list_add(&vm->addresses, &address);
	vm->addresses.more = 3;
	shows(COLUMN_IPS, "10.4.1.21 2001:db8::7 +3");
}

static void sizes_take_three_figures_and_a_unit(void **state)
{
	(void)state;
	memory_shows(0, "0K");
	memory_shows(640, "640K");
	memory_shows(1024, "1.0M");
	memory_shows(512 * 1024, "512M");
	memory_shows(1000 * 1024, "1.0G");
	memory_shows((int64_t)16 * 1024 * 1024, "16G");
	memory_shows((int64_t)3 * 1024 * 1024 * 1024 / 2, "1.5T");
}

static void the_agent_shows_its_heartbeat_once_pinged(void **state)
{
	(void)state;
	shows(COLUMN_AGENT, "up");
	for (int i = 0; i < 10; i++)
		vm_note_ping(vm, clock_ms() - i, i != 0);
	shows(COLUMN_AGENT, "up 90%");
	shows(COLUMN_HEARTBEAT, "90%");
	vm->trouble = TROUBLE_SILENT;
	shows(COLUMN_AGENT, "silent");
}

static void users_are_people_or_the_reason_why_not(void **state)
{
	(void)state;
	fleet_log_on(vm, "alice");
	fleet_log_on(vm, "bob");
	fleet_log_on(vm, "bob");
	shows(COLUMN_USERS, "2");
	shows(COLUMN_WHO, "alice, bob (2)");
	vm_forget_guest(vm);
	shows(COLUMN_USERS, "-");
	vm->users_state = USERS_KNOWN;
	shows(COLUMN_USERS, "0");
	shows(COLUMN_WHO, "0");
	vm->users_state = USERS_DENIED;
	shows(COLUMN_USERS, "denied");
}

static void a_task_shows_its_progress_then_its_outcome(void **state)
{
	struct task logoff = { .id = 1, .verb = TASK_LOGOFF };

	(void)state;
	task = &logoff;
	logoff.report.percent = 66;
	shows(COLUMN_TASK, "logoff 66%");
	logoff.report.complete = true;
	shows(COLUMN_TASK, "logoff: done");
	logoff.report.error = VM_E_TIMED_OUT;
	logoff.report.result = TASK_RESULT_TIME_OUT;
	shows(COLUMN_TASK, "logoff: timed out");
	logoff.report.result = TASK_RESULT_CANCELLED;
	shows(COLUMN_TASK, "logoff: cancelled");
}

static void running_tasks_sort_before_complete_ones(void **state)
{
	struct task early = { .id = 900, .report = { .percent = 10 } };
	struct task late = { .id = 1, .report = { .percent = 90 } };
	struct task done = { .id = 1000000, .report = { .percent = 100, .complete = true } };
	double numbers[3];
	struct task *tasks[] = { &late, &early, &done };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
		struct column_row subject = row();

		subject.task = tasks[i];
		assert_true(column_get(COLUMN_TASK)->number(&subject, &numbers[i]));
	}
	assert_true(numbers[0] < numbers[1] && numbers[1] < numbers[2]);
}

static void columns_are_found_by_name_or_its_beginning(void **state)
{
	enum column_id id;
	bool descending;
	struct err err;

	(void)state;
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		assert_true(column_find(column_get((enum column_id)i)->name, &id, &err));
		assert_int_equal(id, i);
	}
	assert_true(column_find("HOST", &id, &err));
	assert_int_equal(id, COLUMN_HOST);
	assert_true(column_find("hostn", &id, &err));
	assert_int_equal(id, COLUMN_HOSTNAME);
	assert_true(column_find_order("-cpu", &id, &descending, &err));
	assert_int_equal(id, COLUMN_CPU);
	assert_true(descending);
	assert_true(column_find_order("cpu", &id, &descending, &err));
	assert_false(descending);
}

static void an_unknown_column_is_told_with_those_that_there_are(void **state)
{
	enum column_id id;
	struct err err;

	(void)state;
	assert_false(column_find("colour", &id, &err));
	assert_non_null(strstr(err.buf, "\"colour\""));
	assert_non_null(strstr(err.buf, "uuid autostart persistent door"));
	assert_false(column_find("", &id, &err));
	assert_int_equal(err.kind, ERR_USAGE);
}

static void chosen_columns_keep_their_order(void **state)
{
	struct columns columns;
	struct err err;

	(void)state;
	assert_true(columns_parse(" users, name  cpu", &columns, &err));
	assert_int_equal(columns.count, 3);
	assert_int_equal(columns.at[0], COLUMN_USERS);
	assert_int_equal(columns.at[1], COLUMN_NAME);
	assert_int_equal(columns.at[2], COLUMN_CPU);
	VEC_FREE(&columns);
	assert_false(columns_parse("name colour", &columns, &err));
}

static void without_a_choice_the_standard_columns_are_taken(void **state)
{
	struct columns columns;

	(void)state;
	assert_true(columns_parse("", &columns, NULL));
	assert_int_equal(columns.at[0], COLUMN_NAME);
	assert_int_equal(columns.at[columns.count - 1], COLUMN_TASK);
	VEC_FREE(&columns);
}

#define FLEET_TEST(test) cmocka_unit_test_setup_teardown(test, open_fleet, close_fleet)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_column_is_complete),
		cmocka_unit_test(the_standard_columns_fit_into_eighty_cells),
		FLEET_TEST(what_is_unknown_is_a_dash_and_never_nought),
		FLEET_TEST(a_machine_shows_what_is_known),
		FLEET_TEST(a_door_that_we_closed_has_a_column),
		FLEET_TEST(tags_have_a_column),
		FLEET_TEST(addresses_are_unknown_none_or_told),
		FLEET_TEST(sizes_take_three_figures_and_a_unit),
		FLEET_TEST(the_agent_shows_its_heartbeat_once_pinged),
		FLEET_TEST(users_are_people_or_the_reason_why_not),
		FLEET_TEST(a_task_shows_its_progress_then_its_outcome),
		FLEET_TEST(running_tasks_sort_before_complete_ones),
		cmocka_unit_test(columns_are_found_by_name_or_its_beginning),
		cmocka_unit_test(an_unknown_column_is_told_with_those_that_there_are),
		cmocka_unit_test(chosen_columns_keep_their_order),
		cmocka_unit_test(without_a_choice_the_standard_columns_are_taken),
	};

	return cmocka_run_group_tests_name("column", tests, NULL, NULL);
}

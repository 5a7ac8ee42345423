/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fleet.h"
#include "model/attribute.h"
#include "unit.h"

static struct inventory *inventory;
static struct vm *vm;
static struct task *task;

FIXTURE(open_fleet)
{
	inventory = fleet_create();
	vm = fleet_tell(inventory, 0, 7, "web-01", VM_STATE_RUNNING);
	task = NULL;
}

FIXTURE(close_fleet)
{
	inventory_destroy(inventory);
}

static struct attribute_row row(void)
{
	return (struct attribute_row){ vm, inventory_host(inventory, 0), task, clock_ms() };
}

static void shows(const char *name, const char *expected)
{
	struct attribute_row subject = row();
	struct attribute_cell cell;

	assert_string_equal(text_str(attribute_words(attribute_get(name), &subject, &cell)), expected);
}

static void memory_shows(int64_t kib, const char *expected)
{
	vm->info.memory_kib = kib;
	shows("mem", expected);
}

TEST(every_attribute_is_complete)
{
	for (size_t i = 0; i < attribute_count(); i++) {
		const struct attribute *attribute = attribute_at(i);

		assert_ptr_equal(attribute, attribute_get(attribute->name));
		assert_int_equal(attribute_index(attribute), i);
		assert_true(strlen(attribute->heading) > 0 && strlen(attribute->sentence) > 0);
		assert_true(attribute->least > 0 || attribute->most > 0);
		assert_true(attribute->most == 0 || attribute->least <= attribute->most);
		assert_true(attribute->label || !(attribute->flags & ATTRIBUTE_DETAILS));
		assert_non_null(attribute->get);
		assert_true(attribute->type != ATTRIBUTE_BARS || attribute->say);
		assert_true(attribute->type != ATTRIBUTE_BOOL || attribute->word);
	}
}

TEST(no_two_attributes_have_a_name_in_common)
{
	for (size_t i = 0; i < attribute_count(); i++) {
		for (size_t other = 0; other < i; other++) {
			const struct attribute *a = attribute_at(i), *b = attribute_at(other);

			assert_string_not_equal(a->name, b->name);
			assert_false(a->field && b->field && strcmp(a->field, b->field) == 0);
			assert_false(a->field && strcmp(a->field, b->name) == 0);
			assert_false(a->one && strcmp(a->one, b->name) == 0);
		}
	}
}

/* One that is never cut may take its most. */
TEST(the_default_columns_fit_into_eighty_cells)
{
	int cells = 0;

	for (size_t i = 0; i < attribute_count(); i++)
		if (attribute_at(i)->flags & ATTRIBUTE_DEFAULT)
			cells += (attribute_at(i)->least ? attribute_at(i)->least : attribute_at(i)->most) + 1;
	assert_true(cells <= 80);
}

TEST_WITH(what_is_unknown_is_a_dash_and_never_nought, open_fleet, close_fleet)
{
	struct vm_id id = { 0 };

	vm = vm_create(id);
	for (size_t i = 0; i < attribute_count(); i++) {
		const char *name = attribute_at(i)->name;

		if (!strstr("host uri stale uuid agent users-state advice note", name))
			shows(name, "-");
	}
	shows("agent", "?");
	shows("users-state", "unknown");
	shows("advice", "Not read yet: wait a moment, or refresh");
	shows("note", "the host has not reported whether an agent is connected");
	vm_destroy(vm);
}

TEST_WITH(a_machine_shows_what_is_known, open_fleet, close_fleet)
{
	shows("name", "web-01");
	shows("host", "a");
	shows("state", "running");
	shows("id", "7");
	shows("vcpus", "2");
	shows("persistent", "yes");
	shows("uuid", "0700ee00-0000-0000-0000-000000000000");
	fleet_cpu(inventory, 0, 7, 3.14);
	shows("cpu", "3.1");
	fleet_cpu(inventory, 0, 7, 99.7);
	shows("cpu", "100");
}

TEST_WITH(disabled_logins_have_a_column, open_fleet, close_fleet)
{
	shows("logins", "-");
	vm->logins_disabled = true;
	shows("logins", "disabled");
}

TEST_WITH(tags_have_a_column, open_fleet, close_fleet)
{
	shows("tags", "-");
	text_set(&vm->info.tags, text_format("%s", "web prod"));
	shows("tags", "web prod");
}

TEST_WITH(addresses_are_unknown_none_or_told, open_fleet, close_fleet)
{
	struct address address;

	shows("ips", "-");
	vm->addresses_at = clock_ms();
	shows("ips", "none");
	assert_true(address_read("10.4.1.21", 9, &address));
	address_list_add(&vm->addresses, &address);
	shows("ips", "10.4.1.21");
	assert_true(address_read("2001:db8::7", 11, &address));
	address_list_add(&vm->addresses, &address);
	vm->addresses.more = 3;
	shows("ips", "10.4.1.21 2001:db8::7 +3");
}

TEST_WITH(sizes_take_three_figures_and_a_unit, open_fleet, close_fleet)
{
	memory_shows(0, "0K");
	memory_shows(640, "640K");
	memory_shows(1024, "1.0M");
	memory_shows(512 * 1024, "512M");
	memory_shows(1000 * 1024, "1.0G");
	memory_shows((int64_t)16 * 1024 * 1024, "16G");
	memory_shows((int64_t)3 * 1024 * 1024 * 1024 / 2, "1.5T");
}

TEST_WITH(the_agent_shows_its_heartbeat_once_pinged, open_fleet, close_fleet)
{
	shows("agent", "up");
	for (int i = 0; i < 10; i++)
		vm_note_ping(vm, clock_ms() - i, i != 0);
	shows("agent", "up 90%");
	shows("heartbeat", "90%");
	vm->trouble = TROUBLE_SILENT;
	shows("agent", "silent");
}

TEST_WITH(users_are_people_or_the_reason_why_not, open_fleet, close_fleet)
{
	fleet_log_on(vm, "alice");
	fleet_log_on(vm, "bob");
	fleet_log_on(vm, "bob");
	shows("users", "2");
	shows("who", "alice, bob (2)");
	vm_forget_guest(vm);
	shows("users", "-");
	vm->users_state = USERS_KNOWN;
	shows("users", "0");
	shows("who", "none");
	vm->users_state = USERS_DENIED;
	shows("users", "denied");
}

TEST_WITH(a_task_shows_its_progress_then_its_outcome, open_fleet, close_fleet)
{
	struct task logoff = { .id = 1, .operation = OP_LOGOFF };

	task = &logoff;
	logoff.report.percent = 66;
	shows("task", "logoff 66%");
	logoff.report.complete = true;
	shows("task", "logoff: done");
	logoff.report.error = VM_E_TIMED_OUT;
	logoff.report.result = TASK_RESULT_TIME_OUT;
	shows("task", "logoff: timed out");
	logoff.report.result = TASK_RESULT_CANCELLED;
	shows("task", "logoff: cancelled");
}

TEST_WITH(running_tasks_sort_before_complete_ones, open_fleet, close_fleet)
{
	struct task early = { .id = 900, .report = { .percent = 10 } };
	struct task late = { .id = 1, .report = { .percent = 90 } };
	struct task done = { .id = 1000000, .report = { .percent = 100, .complete = true } };
	double numbers[3];
	struct task *tasks[] = { &late, &early, &done };

	for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
		struct attribute_row subject = row();

		subject.task = tasks[i];
		numbers[i] = attribute_get("task")->get(&subject).number;
	}
	assert_true(0 <= numbers[0] && numbers[0] < numbers[1] && numbers[1] < numbers[2]);
}

TEST_WITH(who_is_empty_where_only_the_number_of_sessions_is_known, open_fleet, close_fleet)
{
	struct attribute_row subject = row();

	vm->users_state = USERS_KNOWN;
	vm->sessions.more = 2;
	shows("users", "2");
	assert_true(text_is_empty(attribute_get("who")->get(&subject).text));
	assert_true(attribute_get("idle")->get(&subject).number < 0);
}

TEST(attributes_are_found_by_name_or_its_beginning)
{
	const struct attribute *found;
	bool descending;
	struct err err;

	for (size_t i = 0; i < attribute_count(); i++) {
		assert_true(attribute_find(attribute_at(i)->name, &found, &err));
		assert_ptr_equal(found, attribute_at(i));
	}
	assert_true(attribute_find("HOST", &found, &err));
	assert_ptr_equal(found, attribute_get("host"));
	assert_true(attribute_find("hostn", &found, &err));
	assert_ptr_equal(found, attribute_get("hostname"));
	assert_true(attribute_find_order("-cpu", &found, &descending, &err));
	assert_ptr_equal(found, attribute_get("cpu"));
	assert_true(descending);
	assert_true(attribute_find_order("cpu", &found, &descending, &err));
	assert_false(descending);
}

TEST(attributes_are_found_by_their_json_field_too)
{
	const struct attribute *found;
	struct err err;

	for (size_t i = 0; i < attribute_count(); i++) {
		if (!attribute_at(i)->field)
			continue;
		assert_true(attribute_find(attribute_at(i)->field, &found, &err));
		assert_ptr_equal(found, attribute_at(i));
	}
	assert_true(attribute_find("memory", &found, &err));
	assert_ptr_equal(found, attribute_get("mem"));
}

TEST(an_unknown_column_is_told_with_those_that_there_are)
{
	const struct attribute *found;
	struct err err;

	assert_false(attribute_find("colour", &found, &err));
	assert_non_null(strstr(err.buf, "\"colour\""));
	assert_non_null(strstr(err.buf, "uuid autostart persistent logins"));
	assert_err(ERR_USAGE, attribute_find("", &found, &err));
}

TEST(chosen_columns_keep_their_order)
{
	struct columns columns;
	char *words;
	struct err err;

	assert_true(columns_parse(" users, name  cpu", &columns, &err));
	assert_int_equal(columns.count, 3);
	assert_ptr_equal(columns.at[0], attribute_get("users"));
	assert_ptr_equal(columns.at[1], attribute_get("name"));
	assert_ptr_equal(columns.at[2], attribute_get("cpu"));
	columns_show(&columns, attribute_get("name"));
	columns_show(&columns, attribute_get("mem"));
	words = columns_words(&columns);
	assert_string_equal(words, "users name cpu mem");
	free(words);
	VEC_FREE(&columns);
	assert_false(columns_parse("name colour", &columns, &err));
}

TEST(without_a_choice_the_default_columns_are_taken)
{
	struct columns columns;
	char *words;

	assert_true(columns_parse("", &columns, NULL));
	assert_ptr_equal(columns.at[0], attribute_get("name"));
	assert_ptr_equal(columns.at[columns.count - 1], attribute_get("task"));
	words = columns_words(&columns);
	assert_string_equal(words, "");
	free(words);
	VEC_FREE(&columns);
}

RUN_TESTS("attribute", NULL, NULL)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fleet.h"
#include "model/attribute.h"
#include "model/history.h"
#include "unit.h"

static struct history history;

static int forget(void **state)
{
	(void)state;
	history = (struct history){ 0 };
	return 0;
}

static void note(int second, double cpu)
{
	history_add(&history, (struct history_sample){ .at = second * 1000, .cpu_percent = cpu, .memory_kib = -1 });
}

static void what_was_noted_first_is_told_first(void **state)
{
	(void)state;
	note(1, 10);
	note(3, 30);
	assert_float_equal(history_at(&history, 0)->cpu_percent, 10, 0);
	assert_float_equal(history_at(&history, 1)->cpu_percent, 30, 0);
	assert_null(history_at(&history, 2));
	assert_int_equal(history_seconds(&history), 2);
}

static void the_oldest_makes_room_for_the_newest(void **state)
{
	(void)state;
	for (int i = 0; i < HISTORY_MAX + 5; i++)
		note(i, i);
	assert_float_equal(history_at(&history, 0)->cpu_percent, 5, 0);
	assert_float_equal(history_at(&history, HISTORY_MAX - 1)->cpu_percent, HISTORY_MAX + 4, 0);
	assert_null(history_at(&history, HISTORY_MAX));
	assert_int_equal(history_seconds(&history), HISTORY_MAX - 1);
}

static void nothing_noted_is_no_time_at_all(void **state)
{
	(void)state;
	assert_null(history_at(&history, 0));
	assert_null(history_at(NULL, 0));
	assert_int_equal(history_seconds(&history), 0);
	assert_int_equal(history_seconds(NULL), 0);
}

static void a_vm_keeps_figures_once_it_has_a_history(void **state)
{
	struct inventory *inventory = fleet_create();
	struct vm *vm = fleet_tell(inventory, 0, 1, "web", VM_STATE_RUNNING);

	(void)state;
	fleet_cpu(inventory, 0, 1, 7);
	assert_null(vm->history);
	vm->history = mem_zalloc(sizeof(*vm->history));
	fleet_cpu(inventory, 0, 1, 8);
	fleet_cpu(inventory, 0, 1, 8);
	assert_int_equal(vm->history->count, 2);
	assert_float_equal(history_at(vm->history, 0)->cpu_percent, 8, 0);
	inventory_destroy(inventory);
}

static void draws(const double *values, size_t count, size_t cells, const char *expected)
{
	struct sparkline sparkline;

	sparkline_make(&sparkline, values, count, 100, cells);
	assert_string_equal(sparkline.buf, expected);
}

static void a_sparkline_has_a_bar_for_each_figure(void **state)
{
	static const double values[] = { 0, 30, 60, 99, 100, 250 };

	(void)state;
	draws(values, 6, 60, "▁▃▅███");
	draws(values, 6, 2, "██");
	draws(values, 0, 60, "");
}

static void what_a_sparkline_does_not_know_is_a_question_not_nought(void **state)
{
	static const double values[] = { -1, -1, 0 };
	struct sparkline sparkline;

	(void)state;
	draws(values, 3, 60, "??▁");
	sparkline_make(&sparkline, values, 2, 100, 60);
	assert_false(sparkline.known);
	sparkline_make(&sparkline, values, 3, 0, 60);
	assert_true(sparkline.known);
}

static void what_a_vm_did_is_told_in_its_columns(void **state)
{
	struct inventory *inventory = fleet_create();
	struct vm *vm = fleet_tell(inventory, 0, 1, "web", VM_STATE_RUNNING);
	const struct attribute_row row = { .vm = vm, .host = inventory_host(inventory, 0) };
	const struct attribute *cpu = attribute_get("cpu-history");
	struct attribute_cell cell;

	(void)state;
	vm->history = mem_zalloc(sizeof(*vm->history));
	assert_string_equal(text_str(attribute_words(cpu, &row, &cell)), "-");
	for (int percent = 0; percent < 1000; percent += 30)
		fleet_cpu(inventory, 0, 1, MIN(percent, 100));
	assert_string_equal(text_str(attribute_words(cpu, &row, &cell)), "████████████████████");
	assert_float_equal(cpu->get(&row).number, 100, 0);
	inventory_destroy(inventory);
}

#define HISTORY_TEST(test) cmocka_unit_test_setup(test, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HISTORY_TEST(what_was_noted_first_is_told_first),
		HISTORY_TEST(the_oldest_makes_room_for_the_newest),
		HISTORY_TEST(nothing_noted_is_no_time_at_all),
		HISTORY_TEST(a_vm_keeps_figures_once_it_has_a_history),
		HISTORY_TEST(a_sparkline_has_a_bar_for_each_figure),
		HISTORY_TEST(what_a_sparkline_does_not_know_is_a_question_not_nought),
		HISTORY_TEST(what_a_vm_did_is_told_in_its_columns),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}

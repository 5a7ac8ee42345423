/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fleet.h"
#include "model/attribute.h"
#include "model/history.h"
#include "unit.h"

static struct history history;

FIXTURE(forget)
{
	history = (struct history){ 0 };
}

static void note(int second, double cpu)
{
	history_add(&history, (struct history_sample){ .at = second * 1000, .cpu_percent = cpu, .memory_kib = -1 });
}

TEST(what_was_noted_first_is_told_first)
{
	note(1, 10);
	note(3, 30);
	assert_float_equal(history_at(&history, 0)->cpu_percent, 10, 0);
	assert_float_equal(history_at(&history, 1)->cpu_percent, 30, 0);
	assert_null(history_at(&history, 2));
	assert_int_equal(history_seconds(&history), 2);
}

TEST(the_oldest_makes_room_for_the_newest)
{
	for (int i = 0; i < HISTORY_MAX + 5; i++)
		note(i, i);
	assert_float_equal(history_at(&history, 0)->cpu_percent, 5, 0);
	assert_float_equal(history_at(&history, HISTORY_MAX - 1)->cpu_percent, HISTORY_MAX + 4, 0);
	assert_null(history_at(&history, HISTORY_MAX));
	assert_int_equal(history_seconds(&history), HISTORY_MAX - 1);
}

TEST(nothing_noted_is_no_time_at_all)
{
	assert_null(history_at(&history, 0));
	assert_null(history_at(NULL, 0));
	assert_int_equal(history_seconds(&history), 0);
	assert_int_equal(history_seconds(NULL), 0);
}

TEST(a_vm_keeps_figures_once_it_has_a_history)
{
	struct inventory *inventory = fleet_create();
	struct vm *vm = fleet_tell(inventory, 0, 1, "web", VM_STATE_RUNNING);

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

	sparkline_make(&sparkline, values, count, 0, 100, cells);
	assert_string_equal(sparkline.buf, expected);
}

TEST(a_sparkline_has_a_bar_for_each_figure)
{
	static const double values[] = { 0, 30, 60, 99, 100, 250 };

	draws(values, 6, 60, "▁▃▅███");
	draws(values, 6, 2, "██");
	draws(values, 0, 60, "");
}

TEST(what_a_sparkline_does_not_know_is_a_question_not_nought)
{
	static const double values[] = { -1, -1, 0 };
	struct sparkline sparkline;

	draws(values, 3, 60, "??▁");
	sparkline_make(&sparkline, values, 2, 0, 100, 60);
	assert_false(sparkline.known);
	sparkline_make(&sparkline, values, 3, 0, 0, 60);
	assert_true(sparkline.known);
}

TEST(a_scale_of_its_own_shows_what_a_wall_would_hide)
{
	static const double values[] = { 1000, 1010, 1020, 990 };
	struct sparkline sparkline;
	double least, most;

	sparkline_make(&sparkline, values, 4, 990, 1020, 60);
	assert_string_equal(sparkline.buf, "▃▆█▁");
	sparkline_make(&sparkline, values, 1, 1000, 1000, 60); /* it never changed */
	assert_string_equal(sparkline.buf, "▁");

	assert_false(history_range(NULL, history_cpu, 60, &least, &most));
	note(1, -1);
	assert_false(history_range(&history, history_cpu, 60, &least, &most));
	note(2, 80);
	note(3, 20);
	note(4, 30);
	assert_true(history_range(&history, history_cpu, 60, &least, &most));
	assert_float_equal(least, 20, 0);
	assert_float_equal(most, 80, 0);
	assert_true(history_range(&history, history_cpu, 2, &least, &most));
	assert_float_equal(most, 30, 0);
}

TEST(what_a_vm_did_is_told_in_its_columns)
{
	struct inventory *inventory = fleet_create();
	struct vm *vm = fleet_tell(inventory, 0, 1, "web", VM_STATE_RUNNING);
	const struct attribute_row row = { .vm = vm, .host = inventory_host(inventory, 0) };
	const struct attribute *cpu = attribute_get("cpu-history");
	struct attribute_cell cell;

	vm->history = mem_zalloc(sizeof(*vm->history));
	assert_string_equal(text_str(attribute_words(cpu, &row, &cell)), "-");
	for (int percent = 0; percent < 1000; percent += 30)
		fleet_cpu(inventory, 0, 1, MIN(percent, 100));
	assert_string_equal(text_str(attribute_words(cpu, &row, &cell)), "████████████████████");
	assert_float_equal(cpu->get(&row).number, 100, 0);
	inventory_destroy(inventory);
}

RUN_TESTS_EACH("history", NULL, NULL, forget, NULL)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cost.c - what the hot paths cost with 10,000 VMs, in instructions, which repeat where times do not.
 *
 * The program runs itself under callgrind, which counts what each of the functions below took. A limit is a quarter
 * above what was measured with gcc -O2; whoever makes a path cheaper lowers it. Other builds, and machines without
 * valgrind, leave it out.
 */
#include "base/clock.h"
#include "engine/listing.h"
#include "fleet.h"
#include "scratch_dir.h"
#include "unit.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

enum { VMS = 10000 };

#define COST __attribute__((noinline)) static void

static struct inventory *inventory;
static struct tasklist tasks;
static struct listing *listing;

static void filter(const char *words)
{
	assert_true(listing_set_filter(listing, words, NULL));
	assert_int_not_equal(listing_count(listing), 0);
}

COST cost_first_list(void)
{
	assert_int_equal(listing_count(listing), VMS);
}

COST cost_word(void)
{
	filter("we");
}

COST cost_next_letter(void)
{
	filter("web");
}

COST cost_regex(void)
{
	filter("~^web-[0-9]");
}

COST cost_field(void)
{
	filter("state:running");
}

COST cost_change(void)
{
	fleet_tell(inventory, 0, 5000, "web-5000", VM_STATE_SHUTOFF);
	assert_int_equal(listing_count(listing), VMS);
	inventory_tally(inventory);
}

COST cost_nothing(void)
{
	assert_int_equal(listing_count(listing), VMS);
	inventory_tally(inventory);
}

#define PATH(name, millions) \
	{ \
#name, cost_##name, millions \
	}

static const struct {
	const char *name;
	void (*run)(void);
	double limit; /* millions of instructions */
} paths[] = {
	PATH(first_list, 150), PATH(word, 44),     PATH(next_letter, 13), PATH(regex, 43),
	PATH(field, 27),       PATH(change, 17.5), PATH(nothing, .001),
};

/* Under callgrind. */
static void run_paths(void)
{
	inventory = fleet_create();
	listing = listing_create(inventory, &tasks);
	for (int i = 0; i < VMS; i++) {
		OWN(bytes) char *name = mem_printf("%s-%d", i % 3 ? "web" : "db", i * 7919 % VMS);
		struct vm *vm = fleet_tell(inventory, i % 2, i, name, i % 5 ? VM_STATE_RUNNING : VM_STATE_SHUTOFF);

		text_set(&vm->os_id, text_format("debian"));
		text_set(&vm->os_name, text_format("Debian GNU/Linux 12 (bookworm)"));
		text_set(&vm->hostname, text_format("%s.example.com", name));
		text_set(&vm->info.title, text_format("number %d", i));
	}
	FOR_EACH(size_t, i, 0, 1, 2, 3, 4)
		paths[*i].run();
	assert_true(listing_set_filter(listing, "", NULL));
	listing_count(listing);
	for (size_t i = 5; i < ARRAY_SIZE(paths); i++)
		paths[i].run();
	listing_destroy(listing);
	inventory_destroy(inventory);
}

/* Of a path, in what callgrind_annotate wrote: " 12,345,678 ( 5.1%)  file:cost_word [program]". Millions; -1: none. */
static double read_cost(const char *name)
{
	OWN(bytes) char *path = mem_printf("%s/costs", scratch_path), *word = mem_printf(":cost_%s [", name);
	FILE *file = fopen(path, "r");
	char line[512];
	double cost = -1;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (!strstr(line, word))
			continue;
		cost = 0;
		for (const char *s = line; *s != '('; s++)
			cost = *s >= '0' && *s <= '9' ? cost * 10 + (*s - '0') : cost;
	}
	fclose(file);
	return cost < 0 ? cost : cost / 1e6;
}

static bool runs_well(char *command)
{
	char *const argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, command, NULL };
	int status = -1;
	pid_t pid;

	assert_int_equal(posix_spawnp(&pid, "sh", NULL, NULL, argv, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status == 0;
}

static bool is_as_measured(void)
{
#if defined(__OPTIMIZE__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	return runs_well((char[]){ "valgrind --version >/dev/null 2>&1" });
#else
	return false;
#endif
}

TEST_WITH(hot_paths_cost_no_more_than_they_did, scratch_setup, scratch_teardown)
{
	OWN(bytes) char *command = NULL;
	bool too_dear = false;

	if (getenv("COST")) {
		run_paths();
		return;
	}
	if (!is_as_measured())
		skip();
	command = mem_printf("cd '%s' && COST=1 valgrind -q --tool=callgrind --callgrind-out-file=counts "
			     "--toggle-collect='cost_*' /proc/%d/exe >log 2>&1 && "
			     "callgrind_annotate --inclusive=yes --threshold=100 --auto=no counts >costs 2>>log",
			     scratch_path, (int)getpid());
	assert_true(runs_well(command));
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const double total = read_cost(paths[i].name);

		print_message("%-20s %7.2f million instructions, %.2f at most\n", paths[i].name, total, paths[i].limit);
		too_dear |= total <= 0 || total > paths[i].limit;
	}
	assert_false(too_dear);
}

RUN_TESTS("cost", NULL, NULL)

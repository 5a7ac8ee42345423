/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Too little of everything, and too much news: little memory, few descriptors, no thread; 10000 events a second. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#define INN SCREEN_DIR "/inn.conf"

#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

enum {
	FLOOD_MS = 6000,
	EVENTS_PER_S = 10000,
	FRAMES_PER_S = 4, /* of news; what keys bring is on top */
	FRAMES_AT_ONCE = 8,
	SLEEP_MS = 5000, /* INNKEEPER_SLEEP_S: longer */
	KEYS = 12,
	KEY_MS = 250,
	GROWTH_KIB = 4096,
	GUESTS = 1000,
	EVIL_GROWTH_KIB = 65536, /* four threads, each with a reply of some megabytes and what is read from it */
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- too little --- */

/* Where no thread can be started, a host is connected to for ever. */
static bool is_up(void)
{
	return screen->alternate && (screen_shows("running") || screen_shows("lost") || screen_shows("Connecting"));
}

/* Where memory ends, libraries below us end the process, some without a word: the terminal is given back first. */
static bool is_a_library_giving_up(int status)
{
	return status == 128 + SIGABRT || status == 128 + SIGTRAP || status == 128 + SIGSEGV;
}

/* It works, or it says why and leaves; the terminal is as it was, and nothing hangs. */
static void bears(const struct screen_options *options)
{
	int64_t until = now_ms() + SCREEN_PATIENCE_MS;

	screen_open(options);
	while (!screen->has_ended && !is_up()) {
		screen_pump(20);
		if (now_ms() > until)
			wait_for("running");
	}
	if (!screen->has_ended)
		press("j q");
	wait_for_end();
	if (!is_a_library_giving_up(exit_status_of())) {
		assert_in_range(exit_status_of(), 0, 127);
		if (exit_status_of() != 0)
			wait_for(":"); /* "innkeeper: ...", or the loader's own words */
	}
	terminal_is_as_before();
	screen_close();
}

static void bears_limit(int resource, unsigned long most)
{
	FOR_EACH(const char *, world, "--demo=" INN, "--connect=test:///default") {
		/* clang-format off */
		const struct screen_options options = {
			.rows = 24, .cols = 80, .args = { *world }, .limit = { resource, most },
			.as_nobody = resource == RLIMIT_NPROC,
		};
		/* clang-format on */

		bears(&options);
	}
}

TEST(few_descriptors_are_borne_or_told)
{
	static const unsigned long mosts[] = { 4, 12, 31, 32, 40, 64 };

	for (size_t i = 0; i < ARRAY_SIZE(mosts); i++)
		bears_limit(RLIMIT_NOFILE, mosts[i]);
}

TEST(little_memory_is_borne_or_told)
{
	if (SANITIZED) /* which takes terabytes of addresses */
		skip();
	for (unsigned long mib = 48; mib <= 176; mib += 16)
		bears_limit(RLIMIT_AS, mib << 20);
}

TEST(without_threads_it_says_so_or_works)
{
	for (unsigned long most = 1; most <= 3; most++)
		bears_limit(RLIMIT_NPROC, most);
}

/* --- too much --- */

static long of_report(const char *name)
{
	char *path = mem_printf("%s/report", scratch_path), word[16];
	FILE *file = fopen(path, "r");
	long value, found = -1;

	assert_non_null(file);
	while (fscanf(file, "%15s %ld", word, &value) == 2)
		if (strcmp(word, name) == 0)
			found = value;
	fclose(file);
	free(path);
	return found;
}

static long memory_kib(void)
{
	char *path = mem_printf("/proc/%d/statm", screen->pid);
	FILE *file = fopen(path, "r");
	long pages;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
	fclose(file);
	free(path);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void open_flooded(int per_second)
{
	char *flood = keep(mem_printf("INNKEEPER_FLOOD=%d", per_second));
	char *report = keep(mem_printf("INNKEEPER_FLOOD_REPORT=%s/report", scratch_path));
	const char *const env[] = { flood, report, NULL };
	/* clang-format off */
	const struct screen_options options = {
		.rows = 24, .cols = 80, .args = { "--demo=fleet:1,1000" }, .env = env,
	};
	/* clang-format on */

	setenv("INNKEEPER",
	       getenv("INNKEEPER_FLOODED") ? getenv("INNKEEPER_FLOODED") : "tests/screen/innkeeper-flooded", 1);
	screen_open(&options);
	unsetenv("INNKEEPER");
}

static int compare_ms(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Presses keys all the while; returns what nine of ten waited at most. */
static int press_for(int ms)
{
	int waits[KEYS];

	for (int i = 0; i < KEYS; i++) {
		int64_t begun = now_ms(), until = begun + ms / KEYS;

		send_bytes("?", 1);
		wait_for("Help: keys");
		waits[i] = (int)(now_ms() - begun);
		press_to_close("Esc", "Help: keys");
		while (now_ms() < until)
			screen_pump((int)MAX(until - now_ms(), 1));
	}
	qsort(waits, KEYS, sizeof(*waits), compare_ms);
	return waits[KEYS * 9 / 10];
}

static void watch_for(int64_t ms)
{
	for (int64_t until = now_ms() + ms; now_ms() < until;)
		screen_pump((int)MAX(until - now_ms(), 1));
}

TEST(ten_thousand_events_a_second_hold_up_no_key)
{
	long memory, ms;

	open_flooded(EVENTS_PER_S);
	wait_for("1000 VMs");
	press_for(FLOOD_MS / 3);
	memory = memory_kib();
	assert_in_range(press_for(FLOOD_MS), 0, KEY_MS * (1 + 3 * SANITIZED));
	if (!SANITIZED)
		assert_in_range(memory_kib(), 0, memory + GROWTH_KIB);
	send_bytes("q", 1);
	ends_with(0);
	ms = of_report("ms");
	assert_true(of_report("events") >= ms * (EVENTS_PER_S / 1000) * 9 / 10);
	/* Each key is drawn at once, twice a round; and once more where its picture ages. */
	assert_true(of_report("frames") <= FRAMES_AT_ONCE + ms * FRAMES_PER_S / 1000 + 2 * KEYS * 4);
}

/* The news of all that time comes at once, and is drawn once. */
TEST(whoever_slept_catches_up_without_a_burst)
{
	const char *wanted = getenv("INNKEEPER_SLEEP_S");
	const int64_t asleep_ms = wanted ? strtol(wanted, NULL, 10) * 1000 : SLEEP_MS;

	open_flooded(EVENTS_PER_S / 100);
	wait_for("1000 VMs");
	watch_for(1000);
	kill(screen->pid, SIGSTOP);
	watch_for(asleep_ms);
	kill(screen->pid, SIGCONT);
	assert_in_range(press_for(FLOOD_MS / 3), 0, KEY_MS * (1 + 3 * SANITIZED));
	shows("1000 VMs");
	shows_not("stale");
	shows_not("lost");
	send_bytes("q", 1);
	wait_for_end();
	terminal_is_as_before();
	screen_close();
	assert_true(of_report("events") >= asleep_ms * (EVENTS_PER_S / 100) / 1000);
	/* Of the time asleep nothing is owed but one second's worth. */
	assert_true(of_report("frames") <=
		    2 * FRAMES_AT_ONCE + (of_report("ms") - asleep_ms + 1000) * FRAMES_PER_S / 1000 + 2 * KEYS);
}

/* --- guests that want to do harm --- */

static char *write_evil_guests(void)
{
	static const char *const manners[] = { "mute", "nosync", "garbage", "oversize",
					       "deep", "crowd",  "flood",   "nulls" };
	char *path = mem_printf("%s/evil.conf", scratch_path);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "hosts = ( { name = \"den\"; connect_ms = 20; vms = (\n");
	for (int i = 0; i < GUESTS; i++)
		fprintf(file, "{ name = \"evil%04d\"; agent = \"%s\"; logins = ( { user = \"eve\"; } ); }%s\n", i,
			manners[(size_t)i % ARRAY_SIZE(manners)], i < GUESTS - 1 ? "," : "");
	fprintf(file, ") }, { name = \"good\"; connect_ms = 20; vms = ( { name = \"aaa\"; logins = ( { user = \"ann\"; "
		      "} ); } ); } );\n");
	fclose(file);
	return path;
}

TEST(a_thousand_evil_guests_hold_up_neither_keys_nor_their_neighbour)
{
	char *path = keep(write_evil_guests());
	long memory;
	int64_t begun;

	screen_open_demo(24, 80, path, NULL);
	wait_for("1001 VMs");
	wait_for_row("aaa", "running");
	press_to_see("* L", "1001");
	press("Esc Esc");
	memory = memory_kib();
	assert_in_range(press_for(FLOOD_MS), 0, KEY_MS * (1 + 3 * SANITIZED));
	if (!SANITIZED)
		assert_in_range(memory_kib(), 0, memory + EVIL_GROWTH_KIB);
	begun = now_ms();
	send_bytes("q", 1);
	wait_for_end();
	assert_in_range(now_ms() - begun, 0, 1000 * (1 + 3 * SANITIZED));
	terminal_is_as_before();
}

TEST(news_alone_is_drawn_four_times_a_second)
{
	open_flooded(EVENTS_PER_S / 100);
	wait_for("1000 VMs");
	watch_for(FLOOD_MS / 2);
	send_bytes("q", 1);
	wait_for_end();
	screen_close();
	assert_true(of_report("events") > 0);
	assert_true(of_report("frames") <= FRAMES_AT_ONCE + of_report("ms") * FRAMES_PER_S / 1000 + 2);
}

RUN_TESTS("limits", scratch_setup, scratch_teardown)

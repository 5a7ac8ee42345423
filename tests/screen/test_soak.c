/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chaos for a while: hosts hang, are lost and return, guests lie and flap, keys and sizes come at random, users are
 * logged off. Nothing crashes, and what the program holds stays what it was. $INNKEEPER_SOAK_S: for how long.
 */
#include "base/clock.h"
#include "tests/paths.h"
#include "tests/screen/noise.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <dirent.h>

#ifdef __SANITIZE_ADDRESS__
enum { GROWTH_KIB = 1 << 19 };
#else
enum { GROWTH_KIB = 16384 }; /* guests that answer 5 MiB */
#endif

enum { SOAK_S = 20, SAMPLE_MS = 500, OUTPUT_MAX = 1 << 20 };

/* The most that was held at the same time. */
struct held {
	long fds, threads, kib;
};

static long count_of(const char *folder)
{
	char *path = mem_printf("/proc/%d/%s", screen->pid, folder);
	DIR *dir = opendir(path);
	long count = -2; /* . and .. */

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	free(path);
	return count;
}

static long resident_kib(void)
{
	char *path = mem_printf("/proc/%d/statm", screen->pid);
	FILE *file = fopen(path, "r");
	long pages = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
	fclose(file);
	free(path);
	return pages * sysconf(_SC_PAGESIZE) / 1024;
}

static void sample(struct held *held)
{
	held->fds = MAX(held->fds, count_of("fd"));
	held->threads = MAX(held->threads, count_of("task"));
	held->kib = MAX(held->kib, resident_kib());
}

/* One arena, or what the C library keeps for each thread would hide what the program holds. */
static void open_rough(void)
{
	static const char *const env[] = { "MALLOC_ARENA_MAX=1", NULL };
	struct screen_options options = {
		.rows = 24, .cols = 80, .args = { "--demo=" SCREEN_DIR "/soak.conf", "--mouse" }, .env = env
	};

	screen_open(&options);
	wait_for_row("web01", "running");
}

static void one_key(void)
{
	const char *key = noise_key();

	if (*key == ':' || *key == 'c') /* the palette knows how to quit, and a console holds descriptors of its own */
		return;
	send_bytes(key, strlen(key));
	screen_pump(2);
	if (noise_roll(100) == 0)
		screen_pump(400); /* long enough for a dialog to believe the next key */
	if (noise_roll(300) == 0)
		resize(1 + (int)noise_roll(60), 1 + (int)noise_roll(200));
	if (noise_roll(50) == 0)
		send_bytes("\033[201~", 6);
	if (screen->byte_count > OUTPUT_MAX)
		screen->byte_count = 0;
}

/* Until then; what was held at most meanwhile. */
static struct held chaos(int64_t until)
{
	int64_t next_sample = 0;
	struct held held = { 0 };

	while (clock_ms() < until) {
		one_key();
		if (screen->has_ended)
			fail_msg("it ended, with status %d", exit_status_of());
		if (clock_ms() >= next_sample) {
			sample(&held);
			next_sample = clock_ms() + SAMPLE_MS;
		}
	}
	return held;
}

static void quits_whole(void)
{
	resize(24, 80);
	for (int tries = 0; tries < 20 && !screen->has_ended; tries++) {
		press("Esc Esc Esc Esc q");
		for (int yeses = 0; yeses < 8 && !screen->has_ended; yeses++)
			press("y"); /* a dialog wants a moment before it believes one */
	}
	ends_with(0);
}

TEST(what_is_held_does_not_grow)
{
	const char *wanted = getenv("INNKEEPER_SOAK_S");
	int64_t ms = (wanted ? strtol(wanted, NULL, 10) : SOAK_S) * 1000, begun = clock_ms();
	struct held first, then;

	open_rough();
	noise_begin((uint32_t)ms);
	first = chaos(begun + ms / 2);
	then = chaos(begun + ms);
	printf("# fds %ld then %ld, threads %ld then %ld, resident %ld KiB then %ld\n", first.fds, then.fds,
	       first.threads, then.threads, first.kib, then.kib);
	quits_whole();
	assert_in_range(then.fds, 1, first.fds + 2);
	assert_in_range(then.threads, 1, first.threads + 2);
	assert_in_range(then.kib, 1, first.kib + GROWTH_KIB);
}

RUN_TESTS("soak", scratch_setup, scratch_teardown)

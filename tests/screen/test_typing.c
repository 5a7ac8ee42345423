/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page of a novel, typed at 300 characters a minute into every view by somebody who does not look: it changes
 * nothing on any VM, ends no task and opens no console.
 */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define INN SCREEN_DIR "/inn.conf"

enum { LETTER_MS = 200, SCREENS_MAX = 32 };

/* Each key that does something stands in it, with a y close behind; what leaves the table for good comes late. */
static const char page[] = "Lady Ivy Ryder only saw her boys by day. She very slyly sat by the cosy, frosty bay; "
			   "\"Dry Toby, say nay to my proxy,\" Cyril Onyx may cry. yes y\r"
			   "Shy Polly, Jay and Vly copy: x y, c y, o y, p y, s y, v y,   y\r"
			   "*Why,* Sylvia? L y D y S y R y T y C y B y E y U y * y\r"
			   "n y q y e y u y m y w y J y X y l y V y k y j y h y\r"
			   ":start\ry yes :console\ry y y "
			   "Mighty gypsies quietly enjoy zany fizzy Frisky Kyoto y G y A y N y H y Q y W y Z y\r"
			   "/Maybe 3 lazy jockeys/ they obey: y y\r y";

/* --- the views, each in a program of its own --- */

/* keys: what opens it on web01; words: what is seen then. */
static const struct place {
	const char *keys, *type, *then, *words;
} places[] = {
	{ "", NULL, "", "web02" },
	{ "*", NULL, "", "marked" },
	{ "u", NULL, "", "alice" },
	{ "w", NULL, "", "olivia" },
	{ "Enter", NULL, "", "UUID" },
	{ "e", NULL, "", "Events" },
	{ "l", NULL, "", "Logs of" },
	{ "V", NULL, "", "snapshots" },
	{ "J", NULL, "", "nfinished" },
	{ "?", NULL, "", "Help: keys" },
	{ "m", NULL, "", " Actions " },
	{ ":", NULL, "", " Commands " },
	{ "/", NULL, "", "Enter: apply" },
	{ "F2", NULL, "", " Columns " },
	{ "L", NULL, "", "Log off all users of" },
	{ "* L", NULL, "", "Type \"" },
	{ "S", NULL, "", "Shut down" },
	{ "D", NULL, "", "Destroy" },
	{ "p", NULL, "", "Pause" },
	{ "T", NULL, "", "Take a snapshot of" },
	{ "o", NULL, "", "ssh to" },
	{ "c", NULL, "", "Open serial console of" },
	{ ":", "drain", "Enter", "Drain" },
	{ ":", "message", "Enter", "Send a message" },
	{ ":", "disable-logins", "Enter", "Disable logins on" },
};

static char *folder_of(size_t index)
{
	return mem_printf("%s/%zu", scratch_path, index);
}

static struct screen *open_program(size_t index)
{
	char *folder = folder_of(index), *state = mem_printf("XDG_STATE_HOME=%s", folder);
	char *locks = mem_printf("INNKEEPER_LOCK_DIR=%s/locks", folder);
	char *config = mem_printf("INNKEEPER_CONFIG=%s/innkeeper.conf", scratch_path);
	/* No program to start: a viewer or ssh would fail, and say so. */
	const char *const env[] = { state, locks, config, NULL };
	const struct screen_options options = { .rows = 30, .cols = 100, .args = { "--demo=" INN }, .env = env };
	struct screen *screen;

	mkdir(folder, 0700);
	screen = screen_open(&options);
	free(folder);
	free(state);
	free(locks);
	free(config);
	return screen;
}

/* q would end the program, and with it the test of what the rest of the page does. */
static void write_settings(void)
{
	char *path = mem_printf("%s/innkeeper.conf", scratch_path);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("keys = { quit = \"F10\"; };\n", file);
	fclose(file);
	free(path);
}

static void go_to_web01(struct screen *screen)
{
	wait_for_row(screen, "web01", "running");
	wait_for(screen, "6+ users");
	press(screen, "G Up Up"); /* win01, web02, web01 */
}

static void open_place(struct screen *screen, const struct place *place)
{
	go_to_web01(screen);
	press(screen, place->keys);
	if (place->type)
		type_in(screen, place->type);
	press(screen, place->then);
	wait_for(screen, place->words);
}

/* --- typing --- */

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void type_page(struct screen **screens, size_t count)
{
	for (const char *letter = page; *letter; letter++) {
		const int64_t until = now_ms() + LETTER_MS;

		for (size_t i = 0; i < count; i++)
			send_bytes(screens[i], letter, 1);
		do {
			for (size_t i = 0; i < count; i++)
				while (screen_pump(screens[i], 0))
					;
			screen_pump(screens[0], 5);
		} while (now_ms() < until);
	}
}

/* --- what was not done --- */

static off_t size_of(size_t index, const char *name)
{
	char *path = mem_printf("%s/%zu/innkeeper/demo/%s", scratch_path, index, name);
	struct stat st;
	off_t size = stat(path, &st) == 0 ? st.st_size : 0;

	free(path);
	return size;
}

static size_t files_in(size_t index, const char *name)
{
	char *path = mem_printf("%s/%zu/innkeeper/demo/%s", scratch_path, index, name);
	DIR *dir = opendir(path);
	size_t count = 0;

	for (struct dirent *entry; dir && (entry = readdir(dir));)
		count += *entry->d_name != '.';
	if (dir)
		closedir(dir);
	free(path);
	return count;
}

static void did_nothing(struct screen *screen, size_t index, const char *what)
{
	if (screen->has_ended)
		fail_msg("%s: the program has ended", what);
	if (!screen->alternate)
		fail_msg("%s: a guest has the terminal", what);
	if (size_of(index, "audit.log") > 0)
		fail_msg("%s: something was done: the audit has %lld bytes", what,
			 (long long)size_of(index, "audit.log"));
	if (files_in(index, "tasks") > 0)
		fail_msg("%s: a task was started: the journal has %zu", what, files_in(index, "tasks"));
}

TEST(a_page_of_a_novel_typed_into_any_view_changes_nothing)
{
	struct screen *screens[SCREENS_MAX];
	const size_t count = ARRAY_SIZE(places), tasks = count;
	off_t audited;

	write_settings();
	for (size_t i = 0; i <= tasks; i++)
		screens[i] = open_program(i);
	for (size_t i = 0; i < count; i++)
		open_place(screens[i], &places[i]);
	/* In the task pane, on a task that can be cancelled. */
	go_to_web01(screens[tasks]);
	press(screens[tasks], "L BackTab BackTab");
	type_in(screens[tasks], "please save");
	press(screens[tasks], "Tab");
	press(screens[tasks], "^U");
	type_in(screens[tasks], "600");
	press(screens[tasks], "Tab");
	say_yes(screens[tasks], "Log off all users of web01?");
	wait_for(screens[tasks], "grace period");
	press(screens[tasks], "t");
	audited = size_of(tasks, "audit.log");
	assert_true(audited > 0 && files_in(tasks, "tasks") == 1); /* so the others would show here what they did */
	type_page(screens, tasks + 1);
	for (size_t i = 0; i < count; i++)
		did_nothing(screens[i], i, places[i].words);
	assert_int_equal(size_of(tasks, "audit.log"), audited);
	assert_int_equal(files_in(tasks, "tasks"), 1);
	for (size_t i = 0; i <= tasks; i++)
		screen_close(screens[i]);
}

RUN_TESTS("typing", scratch_setup, scratch_teardown)

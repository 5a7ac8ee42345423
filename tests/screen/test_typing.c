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
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

#define INN SCREEN_DIR "/inn.conf"

enum { LETTER_MS = 200, PAUSE_MS = 500 };

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

static char *folder_of(size_t index)
{
	return mem_printf("%s/%zu", scratch_path, index);
}

static void open_program(size_t index)
{
	char *folder = keep(folder_of(index)), *state = keep(mem_printf("XDG_STATE_HOME=%s", folder));
	char *locks = keep(mem_printf("INNKEEPER_LOCK_DIR=%s/locks", folder));
	char *config = keep(mem_printf("INNKEEPER_CONFIG=%s/innkeeper.conf", scratch_path));
	/* No program to start: a viewer or ssh would fail, and say so. */
	const char *const env[] = { state, locks, config, NULL };
	const struct screen_options options = { .rows = 30, .cols = 100, .args = { "--demo=" INN }, .env = env };

	mkdir(folder, 0700);
	screen_open(&options);
}

/* q would end the program, and with it the test of what the rest of the page does. */
static void write_settings(void)
{
	char *path = keep(mem_printf("%s/innkeeper.conf", scratch_path));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("keys = { quit = \"F10\"; };\n", file);
	fclose(file);
}

static void go_to_web01(void)
{
	wait_for_row("web01", "running");
	wait_for("6+ users");
	press("G Up Up"); /* win01, web02, web01 */
}

/* A task that can be cancelled, for ten minutes. */
static void warn_web01(size_t index)
{
	go_to_web01();
	press_to_see("L", "bob");
	press_and_type("BackTab BackTab", "please save");
	press_and_type("Tab ^U", "600");
	confirm_to_see("Tab", "Log off all users of web01?", "grace period");
}

/* A task whose end nobody saw. */
static void leave_one_unfinished(size_t index)
{
	warn_web01(index);
	kill(screen->pid, SIGKILL);
	wait_for_end();
	screen_close();
	open_program(index);
}

/* keys, type, then: what opens it on web01; words: what is seen then. */
static const struct place {
	void (*prepare)(size_t index); /* NULL: nothing was done before */
	const char *keys, *type, *then, *words;
} places[] = {
	{ NULL, "", "", "", "web02" },
	{ NULL, "*", "", "", "marked" },
	{ NULL, "u", "", "", "alice" },
	{ NULL, "w", "", "", "olivia" },
	{ NULL, "Enter", "", "", "UUID" },
	{ NULL, "e", "", "", "Events" },
	{ NULL, "l", "", "", "Logs of" },
	{ NULL, "V", "", "", "snapshots" },
	{ NULL, "?", "", "", "Help: keys" },
	{ NULL, "m", "", "", " Actions " },
	{ NULL, ":", "", "", " Commands " },
	{ NULL, "/", "", "", "name  state:" },
	{ NULL, "F2", "", "", " Columns " },
	{ NULL, "L", "", "", "Log off all users of" },
	{ NULL, "* L", "", "", "Type \"" },
	{ NULL, "S", "", "", "Shut down" },
	{ NULL, "D", "", "", "Destroy" },
	{ NULL, "p", "", "", "Pause" },
	{ NULL, "T", "", "", "Take a snapshot of" },
	{ NULL, "o", "", "", "ssh to" },
	{ NULL, "c", "", "", "Open serial console of" },
	{ NULL, ":", "drain", "Enter", "Drain" },
	{ NULL, ":", "message", "Enter", "Send a message" },
	{ NULL, ":", "disable-logins", "Enter", "Disable logins on" },
	{ warn_web01, "t", "", "", "grace period" },
	{ warn_web01, "t x", "", "", "Cancel this task?" },
	{ leave_one_unfinished, "J", "", "", "nfinished tasks" },
};

static void open_place(const struct place *place)
{
	go_to_web01();
	press_and_type(place->keys, place->type);
	press_to_see(place->then, place->words);
}

/* --- typing --- */

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void type_letter(struct screen **screens, size_t count, const char *letter)
{
	const int64_t until = now_ms() + LETTER_MS;

	for (size_t i = 0; i < count; i++) {
		screen = screens[i];
		send_bytes(letter, 1);
	}
	do {
		for (size_t i = 0; i < count; i++) {
			screen = screens[i];
			while (screen_pump(0))
				;
		}
		screen_pump(5);
	} while (now_ms() < until);
}

/* A y after a pause is an answer. On a busy machine the pause is not the typist's: a letter more fills it. */
static void type_page(struct screen **screens, size_t count)
{
	int64_t begun = now_ms();

	for (const char *letter = page; *letter; letter++) {
		if (*letter == 'y' && now_ms() - begun > PAUSE_MS)
			type_letter(screens, count, "a");
		begun = now_ms();
		type_letter(screens, count, letter);
	}
}

/* --- what was not done --- */

static off_t audit_of(size_t index)
{
	char *path = mem_printf("%s/%zu/innkeeper/demo/audit.log", scratch_path, index);
	struct stat st;
	off_t size = stat(path, &st) == 0 ? st.st_size : 0;

	free(path);
	return size;
}

static char *audit_from(size_t index, off_t from)
{
	char *path = mem_printf("%s/%zu/innkeeper/demo/audit.log", scratch_path, index), *text = mem_zalloc(8192);
	FILE *file = fopen(path, "r");

	if (file && fseek(file, from, SEEK_SET) == 0)
		text[fread(text, 1, 8191, file)] = '\0';
	if (file)
		fclose(file);
	free(path);
	return text;
}

static size_t journal_of(size_t index)
{
	char *path = mem_printf("%s/%zu/innkeeper/demo/tasks", scratch_path, index);
	DIR *dir = opendir(path);
	size_t count = 0;

	for (struct dirent *entry; dir && (entry = readdir(dir));)
		count += *entry->d_name != '.';
	if (dir)
		closedir(dir);
	free(path);
	return count;
}

/* What was there before, in bytes and files. */
struct record {
	off_t audit;
	size_t journal;
};

static void did_nothing(size_t index, const struct record *before, const char *where)
{
	if (screen->has_ended)
		fail_msg("%s: the program has ended", where);
	if (!screen->alternate)
		fail_msg("%s: a guest has the terminal", where);
	if (audit_of(index) != before->audit || journal_of(index) != before->journal)
		fail_msg("%s: something was done: the journal has %zu tasks instead of %zu; the audit's new lines:\n%s",
			 where, journal_of(index), before->journal, audit_from(index, before->audit));
}

TEST(a_page_of_a_novel_typed_into_any_view_changes_nothing)
{
	const size_t count = ARRAY_SIZE(places);
	struct screen *screens[ARRAY_SIZE(places)];
	struct record before[ARRAY_SIZE(places)];

	write_settings();
	for (size_t i = 0; i < count; i++) {
		open_program(i);
		screens[i] = screen;
	}
	for (size_t i = 0; i < count; i++) {
		screen = screens[i];
		if (places[i].prepare)
			places[i].prepare(i);
		screens[i] = screen;
		open_place(&places[i]);
		before[i] = (struct record){ audit_of(i), journal_of(i) };
		/* Else the others would not show what they did. */
		assert_true(!places[i].prepare || (before[i].audit > 0 && before[i].journal == 1));
	}
	type_page(screens, count);
	for (size_t i = 0; i < count; i++) {
		screen = screens[i];
		did_nothing(i, &before[i], places[i].words);
	}
}

RUN_TESTS("typing", scratch_setup, scratch_teardown)

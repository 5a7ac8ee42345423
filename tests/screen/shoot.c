/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shoot - writes the pictures of doc/screens/: the real program on the demo fleet, as text.
 *
 *	tests/screen/shoot DIRECTORY
 */
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLEET "--connect=demo:///default?seed=7"

static const char *directory;

static struct screen *open_fleet(int rows, int cols)
{
	/* Figures are told once and stand still then. */
	struct screen_options options = { .rows = rows, .cols = cols, .args = { FLEET, "--delay=3600" } };
	struct screen *screen = screen_open(&options);

	wait_for_row(screen, "web01", "up 100%");
	wait_for_row(screen, "legacy01", "up 100%");
	wait_for_row(screen, "erp01", "silent");
	return screen;
}

static void shoot(struct screen *screen, const char *name)
{
	char *path = mem_printf("%s/%s-%dx%d.txt", directory, name, screen->cols, screen->rows),
	     *text = screen_text(screen);
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		fail_msg("%s cannot be written", path);
	free(text);
	free(path);
}

static void close_after(struct screen *screen, const char *name)
{
	shoot(screen, name);
	screen_close(screen);
}

static void go_to(struct screen *screen, const char *vm)
{
	press(screen, "/");
	type_in(screen, vm);
	wait_for(screen, "1 shown");
	press(screen, "Enter Esc");
	wait_until_gone(screen, "1 shown");
}

TEST(the_dashboard)
{
	close_after(open_fleet(24, 80), "dashboard");
	close_after(open_fleet(60, 200), "dashboard");
}

TEST(the_logoff_dialog)
{
	struct screen *screen = open_fleet(24, 80);

	go_to(screen, "build01");
	press(screen, "L");
	wait_for(screen, "updated 0 s ago");
	close_after(screen, "logoff");
}

/* host: to be typed, NULL where that is not asked. */
static void log_off(struct screen *screen, const char *vm, const char *host)
{
	go_to(screen, vm);
	press(screen, "L");
	wait_for(screen, "Log off all users of");
	if (host) {
		press(screen, "BackTab");
		type_in(screen, host);
		press(screen, "Enter");
	}
	say_yes(screen, "Log off all users of");
	wait_for_row(screen, vm, "logoff");
}

TEST(the_task_pane)
{
	struct screen *screen = open_fleet(24, 80);

	log_off(screen, "mail01", NULL);
	wait_for(screen, "no users logged on");
	log_off(screen, "db01", "ams2");
	wait_for(screen, "not possible in this guest");
	log_off(screen, "web01", NULL);
	wait_for_row(screen, "web01", "done");
	log_off(screen, "rds01", NULL);
	wait_for_row(screen, "rds01", "waiting for ");
	press(screen, "t");
	wait_for(screen, "Clear");
	close_after(screen, "tasks");
}

TEST(the_sessions)
{
	struct screen *screen = open_fleet(24, 80);

	go_to(screen, "rds01");
	press(screen, "u");
	wait_for(screen, "updated 0 s ago");
	close_after(screen, "sessions");
}

TEST(everybody)
{
	struct screen *screen = open_fleet(24, 80);

	press(screen, "w");
	wait_for_row(screen, "carol", "web02");
	wait_until_gone(screen, "asking…");
	close_after(screen, "everybody");
}

TEST(the_details)
{
	struct screen *screen = open_fleet(24, 80);

	go_to(screen, "web01");
	press(screen, "Enter");
	wait_for(screen, "Uptime");
	wait_until_gone(screen, "asking…");
	close_after(screen, "details");
}

TEST(the_snapshots)
{
	struct screen *screen = open_fleet(24, 80);

	go_to(screen, "web01");
	press(screen, "V");
	wait_for(screen, "updated 0 s ago");
	close_after(screen, "snapshots");
}

TEST(the_menu)
{
	struct screen *screen = open_fleet(24, 80);

	go_to(screen, "db01");
	press(screen, "m");
	wait_for(screen, "Log off users");
	close_after(screen, "menu");
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	directory = argv[1];
	return run_cases("screens", scratch_setup, scratch_teardown);
}

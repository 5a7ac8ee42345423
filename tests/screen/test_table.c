/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of VMs: columns that have no room, columns that are never cut, and how long a system has been up. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#define INN SCREEN_DIR "/inn.conf"
/* More than sixty cells hold. */
#define MANY "name state agent vcpus maxmem autostart persistent disk-read disk-write net-rx net-tx uuid kernel title"

static struct screen *open_with_columns(int rows, int cols, const char *columns)
{
	char *path = mem_printf("%s/innkeeper.conf", scratch_path), *config = mem_printf("--config=%s", path);
	FILE *file = fopen(path, "w");
	struct screen *screen;

	assert_non_null(file);
	fprintf(file, "columns = \"%s\";\n", columns);
	fclose(file);
	screen = screen_open_demo(rows, cols, INN, config);
	wait_for(screen, "web02");
	free(config);
	free(path);
	return screen;
}

static void the_headings_are(struct screen *screen, const char *first, const char *last)
{
	wait_for_row(screen, first, last);
}

TEST(columns_without_room_are_a_key_away_and_back)
{
	struct screen *screen = open_with_columns(24, 60, MANY);

	the_headings_are(screen, "NAME", "▸");
	shows_not(screen, "KERNEL");
	shows_not(screen, "◂");
	press(screen, "]");
	the_headings_are(screen, "◂ NAME", "KERNEL");
	shows_not(screen, "VCPU");
	wait_for(screen, "web01");
	press(screen, "[");
	the_headings_are(screen, "NAME", "VCPU");
	press(screen, "Right");
	the_headings_are(screen, "◂ NAME", "KERNEL");
	press(screen, "Left");
	the_headings_are(screen, "NAME", "VCPU");
	press_to_see(screen, "[", "No more columns there");
	resize(screen, 24, 200);
	the_headings_are(screen, "VCPU", "KERNEL");
	shows_not(screen, "▸");
	press_to_see(screen, "]", "No more columns there");
}

TEST(what_it_is_sorted_by_is_seen)
{
	struct screen *screen = open_with_columns(24, 60, MANY);

	press_to_see(screen, "<", "Sorted by TITLE");
	the_headings_are(screen, "NAME", "TITLE▲");
}

TEST(what_it_is_sorted_by_from_the_start_is_in_it)
{
	struct screen *screen = screen_open_demo(24, 100, INN, "--sort=-uptime");

	the_headings_are(screen, "NAME", "UPTIME▼");
}

TEST(a_click_on_a_heading_sorts_and_another_turns_the_order)
{
	struct screen *screen = screen_open_demo(24, 80, INN, "--mouse");
	char click[32];
	int len;

	wait_for_row(screen, "web01", "running");
	len = snprintf(click, sizeof(click), "\033[<0;%d;%dM", col_of(screen, row_of(screen, "STATE"), "STATE") + 2,
		       row_of(screen, "STATE") + 1);
	send_bytes(screen, click, (size_t)len);
	the_headings_are(screen, "NAME", "STATE▲");
	send_bytes(screen, click, (size_t)len);
	the_headings_are(screen, "NAME", "STATE▼");
}

TEST(the_chooser_goes_on_to_the_next_column)
{
	struct screen *screen = open_with_columns(60, 200, "name state");

	press_to_see(screen, "F2", " Columns ");
	wait_for_row(screen, "[ ]", "agent ");
	press_to_see(screen, "Down Down Down Space Space", "\"name state agent users\"");
	press_to_see(screen, "Home Down Space", "\"name agent users\"");
	press(screen, "Enter");
	the_headings_are(screen, "NAME", "USERS");
	shows_not(screen, "STATE");
}

TEST(the_chooser_tells_of_the_column_under_the_cursor_whole)
{
	struct screen *screen = open_with_columns(24, 80, "name ips");

	press_to_see(screen, "F2", " Columns ");
	press_to_see(screen, "Down", "IP addresses that the guest agent reports, the most likely one first");
}

TEST(a_chosen_order_is_kept_where_the_screen_is_narrow)
{
	struct screen *screen = open_with_columns(14, 40, "name vcpus maxmem mem state uuid agent host task");

	the_headings_are(screen, "NAME", "MAXMEM   MEM");
	shows_not(screen, "TASK");
}

TEST(words_of_ours_are_never_cut)
{
	struct screen *screen =
		open_with_columns(24, 80, "name host state agent users cpu mem os task uptime vcpus who title tags");

	wait_for_row(screen, "web01", "up 100%");
	wait_for_row(screen, "crash01", "crashed");
	wait_for(screen, "] More");
	resize(screen, 24, 60);
	wait_for_row(screen, "web01", "up 100%");
	wait_for_row(screen, "crash01", "crashed");
}

TEST(a_wide_screen_shows_who_ip_and_uptime_where_nobody_chose)
{
	struct screen *screen = screen_open_demo(24, 200, INN, NULL);

	the_headings_are(screen, "USERS  WHO", "IP ");
	the_headings_are(screen, "UPTIME", "TASK");
	wait_for_row(screen, "web01", "alice, bob");
	wait_for_row(screen, "empty01", "up 100%      0            "); /* nobody is on: no 0 twice */
	resize(screen, 24, 80);
	the_headings_are(screen, "USERS CPU%", "TASK");
	screen_close(screen);

	screen = open_with_columns(24, 200, "name users task");
	the_headings_are(screen, "USERS", "TASK");
	shows_not(screen, "WHO");
}

/* From the narrowest that has a name for it: the shares, then the amounts. */
TEST(the_header_says_how_busy_hosts_are_where_it_fits)
{
	struct screen *screen = screen_open_demo(24, 70, INN, NULL);

	wait_for_row(screen, "lost, next try in", "● inn live");
	resize(screen, 24, 90);
	wait_for_row(screen, "● inn cpu ", "% mem ");
	shows_not(screen, "/32G");
	resize(screen, 24, 160);
	wait_for_row(screen, "● inn cpu ", "/32G 9 VMs");
	wait_for_row(screen, "● shop production cpu ", "/32G 1 VM");
}

TEST(cpu_and_memory_are_seen_as_bars_but_not_in_ascii)
{
	const char *const steady = "hosts = ( { name = \"h\"; vms = ( { name = \"hot\"; load = \"steady\"; } ); } );\n";
	char *path = mem_printf("%s/steady.conf", scratch_path);
	FILE *file = fopen(path, "w");
	struct screen *screen;

	assert_non_null(file);
	fputs(steady, file);
	fclose(file);
	screen = screen_open_demo(24, 80, path, NULL);
	wait_for_row(screen, "hot", "M▅");
	screen_close(screen);
	screen = screen_open_demo(24, 80, path, "--ascii");
	wait_for_row(screen, "hot", "running");
	shows_not(screen, "▅");
	free(path);
}

TEST(hosts_are_a_view_of_their_own_and_enter_shows_the_vms_of_one)
{
	struct screen *screen = screen_open_demo(24, 100, INN, NULL);

	wait_for_row(screen, "till01", "running");
	press_to_see_row(screen, "h", "HOST", "LOGINS  TASKS");
	wait_for_row(screen, "inn ", "live");
	wait_for_row(screen, "shop", "/32G");
	wait_for_row(screen, "void", "lost, next try in");
	wait_for(screen, "Enter Show its VMs");
	press_to_see(screen, "L", "This is a host; Enter shows its VMs");
	press_to_see(screen, "Down Enter", "1 shown: host=\"shop\"");
	wait_for_row(screen, "till01", "running");
	shows_not(screen, "web01");
}

static int colour_behind(const struct screen *screen, const char *host, const char *words)
{
	const int row = row_of(screen, host);
	const int col = row < 0 ? -1 : col_of(screen, row, words);

	return col < 0 ? -1 : cell_at(screen, row, col + (int)strspn(words, " ")).fg.indexed.idx;
}

TEST(what_a_lost_host_had_is_dim_in_the_view_of_hosts)
{
	const char *const losing =
		"hosts = ( { name = \"calm\"; vms = ( { name = \"a\"; } ); }, { name = \"cut\"; events = ( { what = "
		"\"lose\"; at = 3; for = 600; } ); vms = ( { name = \"b\"; }, { name = \"c\"; } ); } );\n";
	char *path = mem_printf("%s/losing.conf", scratch_path);
	FILE *file = fopen(path, "w");
	struct screen *screen;

	assert_non_null(file);
	fputs(losing, file);
	fclose(file);
	screen = screen_open_demo(24, 100, path, NULL);
	press_to_see_row(screen, "h", "  cut ", "lost");
	for (int looks = 0; colour_behind(screen, "  cut ", " 2  ") != 245; looks++) {
		assert_true(looks < 100);
		screen_pump(screen, 100);
	}
	free(path);
}

TEST(the_uptime_of_who_is_on_the_screen_is_asked_for)
{
	struct screen *screen = open_with_columns(24, 80, "name state uptime agent");
	char *row, *word;
	unsigned days, hours;

	wait_for_row(screen, "web01", "up 100%");
	do {
		row = row_text(screen, row_of(screen, "web01"));
		word = strstr(row, "running") + strlen("running");
		word += strspn(word, " ");
		days = hours = 0;
		if (sscanf(word, "%ud%uh", &days, &hours) < 1)
			screen_pump(screen, 100);
		free(row);
	} while (days + hours == 0);
	wait_for_row(screen, "crash01", "crashed      -");
}

TEST(details_tell_the_uptime_without_the_column)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);
	char *row;

	wait_for_row(screen, "web01", "up 100%");
	go_to_vm(screen, "web01");
	press_to_see(screen, "Enter", "Uptime");
	wait_until_gone(screen, "asking…");
	row = row_text(screen, row_of(screen, "Uptime"));
	assert_non_null(strpbrk(row, "0123456789"));
	free(row);
}

RUN_TESTS("table", scratch_setup, scratch_teardown)

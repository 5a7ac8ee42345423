/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of VMs: columns that have no room, columns that are never cut, and how long a system has been up. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define INN SCREEN_DIR "/inn.conf"
/* More than sixty cells hold. */
#define MANY "name state agent vcpus maxmem autostart persistent disk-read disk-write net-rx net-tx uuid kernel title"

static void open_with_columns(int rows, int cols, const char *columns)
{
	char *path = keep(mem_printf("%s/innkeeper.conf", scratch_path)),
	     *config = keep(mem_printf("--config=%s", path));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "columns = \"%s\";\n", columns);
	fclose(file);
	screen_open_demo(rows, cols, INN, config);
	wait_for("web02");
}

static void the_headings_are(const char *first, const char *last)
{
	wait_for_row(first, last);
}

TEST(columns_without_room_are_a_key_away_and_back)
{
	open_with_columns(24, 60, MANY);
	the_headings_are("NAME", "▸");
	shows_not("KERNEL");
	shows_not("◂");
	press("]");
	the_headings_are("◂ NAME", "KERNEL");
	shows_not("VCPU");
	wait_for("web01");
	press("[");
	the_headings_are("NAME", "VCPU");
	press("Right");
	the_headings_are("◂ NAME", "KERNEL");
	press("Left");
	the_headings_are("NAME", "VCPU");
	press_to_see("[", "No more columns there");
	resize(24, 200);
	the_headings_are("VCPU", "KERNEL");
	shows_not("▸");
	press_to_see("]", "No more columns there");
}

TEST(what_it_is_sorted_by_is_seen)
{
	open_with_columns(24, 60, MANY);
	press_to_see("<", "Sorted by TITLE");
	the_headings_are("NAME", "TITLE▲");
}

TEST(what_it_is_sorted_by_from_the_start_is_in_it)
{
	screen_open_demo(24, 100, INN, "--sort=-uptime");
	the_headings_are("NAME", "UPTIME▼");
}

TEST(a_click_on_a_heading_sorts_and_another_turns_the_order)
{
	char click[32];
	int len;

	screen_open_demo(24, 80, INN, "--mouse");
	wait_for_row("web01", "running");
	len = snprintf(click, sizeof(click), "\033[<0;%d;%dM", col_of(row_of("STATE"), "STATE") + 2,
		       row_of("STATE") + 1);
	send_bytes(click, (size_t)len);
	the_headings_are("NAME", "STATE▲");
	send_bytes(click, (size_t)len);
	the_headings_are("NAME", "STATE▼");
}

TEST(the_chooser_goes_on_to_the_next_column)
{
	open_with_columns(60, 200, "name state");
	press_to_see("F2", " Columns ");
	wait_for_row("[ ]", "agent ");
	press_to_see("Down Down Down Space Space", "\"name state agent users\"");
	press_to_see("Home Down Space", "\"name agent users\"");
	press("Enter");
	the_headings_are("NAME", "USERS");
	shows_not("STATE");
}

TEST(the_chooser_tells_of_the_column_under_the_cursor_whole)
{
	open_with_columns(24, 80, "name ips");
	press_to_see("F2", " Columns ");
	press_to_see("Down", "IP addresses that the guest agent reports, the most likely one first");
}

TEST(a_chosen_order_is_kept_where_the_screen_is_narrow)
{
	open_with_columns(14, 40, "name vcpus maxmem mem state uuid agent host task");
	the_headings_are("NAME", "MAXMEM   MEM");
	shows_not("TASK");
}

TEST(words_of_ours_are_never_cut)
{
	open_with_columns(24, 80, "name host state agent users cpu mem os task uptime vcpus who title tags");
	wait_for_row("web01", "up 100%");
	wait_for_row("crash01", "crashed");
	wait_for("] More");
	resize(24, 60);
	wait_for_row("web01", "up 100%");
	wait_for_row("crash01", "crashed");
}

TEST(a_wide_screen_shows_who_ip_and_uptime_where_nobody_chose)
{
	screen_open_demo(24, 200, INN, NULL);
	the_headings_are("USERS  WHO", "IP ");
	the_headings_are("UPTIME", "TASK");
	wait_for_row("web01", "alice, bob");
	wait_for_row("empty01", "up 100%      0            "); /* nobody is on: no 0 twice */
	resize(24, 80);
	the_headings_are("USERS CPU%", "TASK");
	screen_close();

	open_with_columns(24, 200, "name users task");
	the_headings_are("USERS", "TASK");
	shows_not("WHO");
}

/* From the narrowest that has a name for it: the shares, then the amounts. */
TEST(the_header_says_how_busy_hosts_are_where_it_fits)
{
	screen_open_demo(24, 70, INN, NULL);
	wait_for_row("lost, next try in", "● inn live");
	resize(24, 90);
	wait_for_row("● inn cpu ", "% mem ");
	shows_not("/32G");
	resize(24, 160);
	wait_for_row("● inn cpu ", "/32G 9 VMs");
	wait_for_row("● shop production cpu ", "/32G 1 VM");
}

TEST(cpu_and_memory_are_seen_as_bars_but_not_in_ascii)
{
	const char *const steady = "hosts = ( { name = \"h\"; vms = ( { name = \"hot\"; load = \"steady\"; } ); } );\n";
	char *path = keep(mem_printf("%s/steady.conf", scratch_path));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(steady, file);
	fclose(file);
	screen_open_demo(24, 80, path, NULL);
	wait_for_row("hot", "M▅");
	screen_close();
	screen_open_demo(24, 80, path, "--ascii");
	wait_for_row("hot", "running");
	shows_not("▅");
}

TEST(hosts_are_a_view_of_their_own_and_enter_shows_the_vms_of_one)
{
	screen_open_demo(24, 100, INN, NULL);
	wait_for_row("till01", "running");
	press_to_see_row("h", "HOST", "LOGINS  TASKS");
	wait_for_row("inn ", "live");
	wait_for_row("shop", "/32G");
	wait_for_row("void", "lost, next try in");
	wait_for("Enter Show its VMs");
	press_to_see("L", "This is a host; Enter shows its VMs");
	press_to_see("Down Enter", "1 shown: host=\"shop\"");
	wait_for_row("till01", "running");
	shows_not("web01");
}

static int colour_behind(const char *host, const char *words)
{
	const int row = row_of(host);
	const int col = row < 0 ? -1 : col_of(row, words);

	return col < 0 ? -1 : cell_at(row, col + (int)strspn(words, " ")).fg.indexed.idx;
}

TEST(what_a_lost_host_had_is_dim_in_the_view_of_hosts)
{
	const char *const losing =
		"hosts = ( { name = \"calm\"; vms = ( { name = \"a\"; } ); }, { name = \"cut\"; events = ( { what = "
		"\"lose\"; at = 3; for = 600; } ); vms = ( { name = \"b\"; }, { name = \"c\"; } ); } );\n";
	char *path = keep(mem_printf("%s/losing.conf", scratch_path));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(losing, file);
	fclose(file);
	screen_open_demo(24, 100, path, NULL);
	press_to_see_row("h", "  cut ", "lost");
	for (int looks = 0; colour_behind("  cut ", " 2  ") != 245; looks++) {
		assert_true(looks < 100);
		screen_pump(100);
	}
}

TEST(the_uptime_of_who_is_on_the_screen_is_asked_for)
{
	char *row, *word;
	unsigned days, hours;

	open_with_columns(24, 80, "name state uptime agent");
	wait_for_row("web01", "up 100%");
	do {
		row = row_text(row_of("web01"));
		word = strstr(row, "running") + strlen("running");
		word += strspn(word, " ");
		days = hours = 0;
		if (sscanf(word, "%ud%uh", &days, &hours) < 1)
			screen_pump(100);
		free(row);
	} while (days + hours == 0);
	wait_for_row("crash01", "crashed      -");
}

TEST(details_tell_the_uptime_without_the_column)
{
	char *row;

	screen_open_demo(24, 80, INN, NULL);
	wait_for_row("web01", "up 100%");
	go_to_vm("web01");
	press_to_see("Enter", "Uptime");
	wait_until_gone("asking…");
	row = keep(row_text(row_of("Uptime")));
	assert_non_null(strpbrk(row, "0123456789"));
}

RUN_TESTS("table", scratch_setup, scratch_teardown)

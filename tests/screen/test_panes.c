/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/screen/written.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INN     SCREEN_DIR "/inn.conf"
#define HOSTILE SCREEN_DIR "/hostile.conf"

static const struct {
	int rows, cols;
} sizes[] = { { 10, 40 }, { 24, 80 }, { 60, 200 } };

/* A pane: the key that opens it, what it says at every size. */
static const struct {
	const char *key, *words;
} panes[] = {
	{ "u", "web01 on inn" }, { "Enter", "State" },  { "?", "Help: keys" },    { "e", "Events and errors" },
	{ "m", "web01" },        { ":", " Commands " }, { "F2", " Columns " },    { "t", "No tasks yet." },
	{ "L", "Cancel (n)" },   { "R", "Cancel (n)" }, { "/", "state:running" },
};

static void go_to_web01(struct screen *screen)
{
	wait_for(screen, "10 VMs");
	press(screen, "/");
	type_in(screen, "web01");
	press_to_see_row(screen, "Enter", "web01", "running");
}

TEST(every_pane_opens_and_closes_at_every_size)
{
	for (size_t size = 0; size < ARRAY_SIZE(sizes); size++) {
		struct screen *screen = screen_open_demo(sizes[size].rows, sizes[size].cols, INN, NULL);

		go_to_web01(screen);
		for (size_t i = 0; i < ARRAY_SIZE(panes) - 1; i++) {
			press_to_see(screen, panes[i].key, panes[i].words);
			press_to_close(screen, "Esc", strcmp(panes[i].words, "web01") == 0 ? "Who is" : panes[i].words);
		}
		screen_close(screen);
	}
}

TEST(a_key_without_meaning_is_told_so)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	go_to_web01(screen);
	press_to_see(screen, "y", "y does nothing here; ?: help");
	press_to_see(screen, "X", "No finished tasks to clear");
	press_to_see(screen, "t", "No tasks yet.");
	shows_not(screen, "x Cancel task");
}

TEST(q_closes_a_view_and_quits_only_from_the_table)
{
	static const struct {
		const char *key, *there;
	} opened[] = {
		{ "?", "Help: keys" },
		{ "t", "No tasks yet." },
		{ "Enter", "vCPUs" },
		{ "e", "Events and errors" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(opened); i++) {
		struct screen *screen = screen_open_demo(24, 80, INN, NULL);

		go_to_web01(screen);
		press_to_see(screen, opened[i].key, opened[i].there);
		shows_not(screen, "q Quit");
		press_to_close(screen, "q", opened[i].there);
		shows(screen, "q Quit");
		press(screen, "q");
		ends_with(screen, 0);
	}
}

TEST(what_is_for_the_table_does_nothing_behind_a_pane)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	go_to_web01(screen);
	press_to_see(screen, "Enter", "vCPUs");
	press_to_see(screen, "*", "Available in the VM table only; Esc goes back to it");
	press_to_close(screen, "Esc", "vCPUs");
	shows_not(screen, "marked");
	press_to_see(screen, "t", "No tasks yet.");
	press_to_see(screen, "Space", "The task pane has the focus; Esc goes back to the VMs");
}

TEST(at_80_by_24_everything_has_its_place)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);
	char *line;

	wait_for_row(screen, "till01", "running");
	wait_for(screen, "lost");
	line = row_text(screen, 0);
	assert_non_null(strstr(line, "10 VMs, 7 running"));
	assert_non_null(strstr(line, "DEMO"));
	free(line);
	line = row_text(screen, 1);
	assert_non_null(strstr(line, "● inn "));
	assert_non_null(strstr(line, "void lost, next try in"));
	free(line);
	line = row_text(screen, 2);
	for (const char *const *title = (const char *const[]){ "NAME", "HOST", "STATE", "AGENT", "USERS", "CPU%", "MEM",
							       "OS", "TASK", NULL };
	     *title; title++)
		assert_non_null(strstr(line, *title));
	free(line);
	line = row_text(screen, 23);
	assert_non_null(strstr(line, "L Log off"));
	assert_non_null(strstr(line, "q Quit"));
	free(line);
}

TEST(the_details_draw_what_the_cpu_did)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	go_to_web01(screen);
	press_to_see(screen, "Enter", "  last ");
}

TEST(the_details_list_sessions_disks_and_cards_further_down)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);
	go_to_web01(screen);
	press_to_see_row(screen, "Enter", "Agent", "up 100%");
	wait_until_gone(screen, "asking…");
	press_to_see_row(screen, "End", "alice", "local");
	wait_for_row(screen, "bob", "10.0.0.7");
	wait_for_row(screen, "vda", "/var/lib/libvirt/images/web01.qcow2");
	wait_for_row(screen, "network default", "52:54:00:");
	shows(screen, "198.18.");
	wait_for(screen, "Snapshots");
}

TEST(on_a_wide_screen_the_details_stand_in_columns)
{
	struct screen *screen = screen_open_demo(35, 120, INN, NULL);
	go_to_web01(screen);
	press_to_see_row(screen, "Enter", "State", "Sessions (2)");
	wait_for(screen, "Disks");
	wait_for(screen, "Snapshots");
	resize(screen, 60, 200);
	wait_for_row(screen, "Sessions (2)", "Snapshots");
	resize(screen, 24, 80);
	wait_until_gone(screen, "Disks");
	wait_for(screen, "UUID");
}

TEST(the_details_say_what_is_not_known)
{
	struct screen *screen = screen_open_demo(60, 120, "default", NULL);
	wait_for_row(screen, "vault01", "denied");
	go_to_vm(screen, "vault01");
	press_to_see(screen, "Enter", "denied: the VM's XML may not be read");
	wait_for(screen, "Snapshots");
}

TEST(below_40_by_10_it_says_so_and_goes_on)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	wait_for(screen, "web01");
	resize(screen, 9, 40);
	wait_for(screen, "too small");
	resize(screen, 2, 5);
	wait_until_gone(screen, "too small");
	resize(screen, 1, 1);
	resize(screen, 10, 40);
	wait_for_row(screen, "crash01", "crashed");
	resize(screen, 200, 500);
	wait_for_row(screen, "web01", "running");
	press(screen, "q");
	ends_with(screen, 0);
}

TEST(the_cursor_stays_on_its_vm_when_the_order_turns)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);
	int before, after;

	wait_for_row(screen, "till01", "running");
	press(screen, "j j j");
	before = row_of(screen, "nochan");
	press_to_see(screen, "I", "descending");
	after = row_of(screen, "nochan");
	assert_int_not_equal(before, after);
	assert_int_equal(cell_at(screen, after, 3).bg.indexed.idx, 24);
	assert_int_equal(cell_at(screen, after, 70).bg.indexed.idx, 24);
}

/* --- themes --- */

static void can_be_read(struct screen *screen, const char *words)
{
	int row = row_of(screen, words);
	VTermScreenCell cell = cell_at(screen, row, col_of(screen, row, words));

	if (VTERM_COLOR_IS_INDEXED(&cell.fg) && VTERM_COLOR_IS_INDEXED(&cell.bg) &&
	    cell.fg.indexed.idx == cell.bg.indexed.idx && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg))
		fail_msg("\"%s\" is drawn in colour %d on itself", words, cell.fg.indexed.idx);
}

TEST(every_theme_loads_and_can_be_read)
{
	FOR_EACH(const char *, theme, "dark", "light", "mono", "high-contrast", "colour-blind") {
		char *option = mem_printf("--theme=%s/%s.theme", THEMES_DIR, *theme);
		struct screen *screen = screen_open_demo(24, 80, INN, option);

		wait_for_row(screen, "web01", "running");
		shows(screen, "L Log off");
		shows_not(screen, ".theme");
		can_be_read(screen, "crash01");
		can_be_read(screen, "web01");
		press_to_see(screen, "s", "[ Cancel (n) ]");
		can_be_read(screen, "[ Cancel (n) ]");
		can_be_read(screen, "Start (y)");
		press_to_close(screen, "Esc", "[ Cancel (n) ]");
		press_to_see(screen, "t", "No tasks yet.");
		can_be_read(screen, "crash01");
		screen_close(screen);
		free(option);
	}
}

static void install_theme(const char *name)
{
	char *ours = mem_printf("%s/innkeeper", scratch_path), *folder = mem_printf("%s/themes", ours),
	     *link = mem_printf("%s/%s.theme", folder, name), *file = mem_printf("%s/%s.theme", THEMES_DIR, name);

	mkdir(ours, 0700);
	mkdir(folder, 0700);
	assert_true(symlink(file, link) == 0 || errno == EEXIST);
	free(file);
	free(link);
	free(folder);
	free(ours);
}

static int colour_of(const struct screen *screen, const char *words)
{
	int row = row_of(screen, words);

	return cell_at(screen, row, col_of(screen, row, words)).fg.indexed.idx;
}

TEST(the_theme_fits_the_background_that_the_terminal_tells)
{
	const char answer[] = "\033]11;rgb:ffff/ffff/ffff\033\\";
	char *config = mem_printf("XDG_CONFIG_HOME=%s", scratch_path);
	const char *env[] = { config, NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .env = env };
	struct screen *screen;

	install_theme("light");
	screen = screen_open(&options);
	wait_for(screen, "NAME");
	wait_for_bytes(screen, ASKS_BACKGROUND);
	assert_int_equal(colour_of(screen, "NAME"), 109);
	send_bytes(screen, answer, strlen(answer));
	while (colour_of(screen, "NAME") != 24)
		assert_true(screen_pump(screen, SCREEN_PATIENCE_MS));
	screen_close(screen);

	options.args[1] = "--theme=" THEMES_DIR "/dark.theme";
	screen = screen_open(&options);
	wait_for(screen, "NAME");
	assert_null(strstr(screen->bytes, ASKS_BACKGROUND));
	free(config);
}

TEST(a_key_takes_the_next_theme_and_says_which)
{
	const char answer[] = "\033]11;rgb:ffff/ffff/ffff\033\\";
	char *config = mem_printf("XDG_CONFIG_HOME=%s", scratch_path);
	const char *env[] = { config, NULL };
	struct screen_options options = {
		.rows = 24, .cols = 80, .args = { "--demo=" INN, "--theme=dark" }, .env = env
	};
	struct screen *screen;

	install_theme("dark");
	install_theme("high-contrast");
	install_theme("light");
	screen = screen_open(&options);
	wait_for_row(screen, "web01", "running");
	press_to_see(screen, "^T", "Theme: high-contrast");
	assert_int_equal(colour_of(screen, "NAME"), 226);
	assert_int_equal(colour_of(screen, "crash01"), 16);
	press_to_see(screen, "^T", "Theme: light");
	press_to_see(screen, "^T", "Theme: dark");
	assert_int_equal(colour_of(screen, "NAME"), 109);
	screen_close(screen);

	/* What somebody chose, the terminal's answer does not change. */
	options.args[1] = NULL;
	screen = screen_open(&options);
	wait_for_row(screen, "web01", "running");
	press_to_see(screen, "^T ^T ^T", "Theme: dark");
	send_bytes(screen, answer, strlen(answer));
	press_to_see(screen, "^T", "Theme: high-contrast");
	assert_int_equal(colour_of(screen, "NAME"), 226);
	screen_close(screen);

	options.args[1] = "--theme=foo";
	screen = screen_open(&options);
	wait_for(screen, "unknown theme \"foo\"; valid: dark, high-contrast, light");
	free(config);
}

TEST(bold_is_no_grey_on_the_row_under_the_cursor)
{
	static const char *const env[] = { "TERM=linux", NULL };
	struct screen_options options = { .rows = 24,
					  .cols = 80,
					  .args = { "--demo=" INN, "--theme=" THEMES_DIR "/high-contrast.theme" },
					  .env = env };
	struct screen *screen = screen_open(&options);
	int row;

	wait_for_row(screen, "crash01", "crashed");
	row = row_of(screen, "crash01");
	for (int col = 2; col < 70; col++) {
		assert_int_equal(cell_at(screen, row, col).fg.indexed.idx, 0);
		assert_false(cell_at(screen, row, col).attrs.bold);
	}
}

static bool is_coloured(VTermScreenCell cell)
{
	return !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);
}

TEST(no_color_means_none_and_loses_no_meaning)
{
	static const char *const env[] = { "NO_COLOR=1", NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .env = env };
	struct screen *screen = screen_open(&options);
	int row;

	wait_for_row(screen, "web01", "running");
	wait_for(screen, "lost");
	for (row = 0; row < 24; row++) {
		for (int col = 0; col < 80; col++)
			assert_false(is_coloured(cell_at(screen, row, col)));
	}
	row = row_of(screen, "crash01");
	assert_true(cell_at(screen, row, 3).attrs.reverse);
	press_to_see(screen, "L", "crash01 is not running");
	press_to_see(screen, "m", "(Log off users)");
}

TEST(what_the_configuration_has_wrong_is_told_at_the_start)
{
	char *path = mem_printf("%s/innkeeper.conf", scratch_path), *config = mem_printf("--config=%s", path);
	FILE *file = fopen(path, "w");
	struct screen *screen;

	assert_non_null(file);
	fputs("dealy = 3;\n", file);
	fclose(file);
	screen = screen_open_demo(24, 80, INN, config);
	wait_for(screen, "1 warning at the start; e shows it");
	press_to_see(screen, "e", "dealy");
	free(config);
	free(path);
}

TEST(eight_colours_do)
{
	static const char *const env[] = { "TERM=linux", NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .env = env };
	struct screen *screen = screen_open(&options);

	wait_for_row(screen, "web01", "running");
	for (int row = 0; row < 24; row++) {
		for (int col = 0; col < 80; col++) {
			VTermScreenCell cell = cell_at(screen, row, col);

			assert_true(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || cell.fg.indexed.idx < 16);
		}
	}
}

TEST(an_unknown_theme_is_told_and_the_built_in_one_serves)
{
	struct screen *screen = screen_open_demo(24, 80, INN, "--theme=no-such-theme");

	wait_for(screen, "unknown theme \"no-such-theme\"");
	press_to_see(screen, "j", "q Quit");
}

/* --- characters --- */

static void all_bytes_are_ascii(const struct screen *screen)
{
	for (size_t i = 0; i < screen->byte_count; i++) {
		if ((unsigned char)screen->bytes[i] >= 0x80)
			fail_msg("byte \\x%02x at %zu is not ASCII", (unsigned char)screen->bytes[i], i);
	}
}

static void walk_through_panes(struct screen *screen)
{
	press_to_see(screen, "m", "+-");
	press_to_close(screen, "Esc", "+-");
	press_to_see(screen, "?", "Help: keys");
	press_to_close(screen, "Esc", "Help: keys");
}

TEST(in_the_c_locale_all_is_ascii)
{
	static const char *const env[] = { "LC_ALL=C", NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" HOSTILE }, .env = env };
	struct screen *screen = screen_open(&options);

	wait_for(screen, "wide<U+4E2D><U+6587>");
	walk_through_panes(screen);
	all_bytes_are_ascii(screen);
}

TEST(a_missing_locale_is_no_reason_to_refuse)
{
	static const char *const env[] = { "LC_ALL=xx_YY.nothing", NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .env = env };
	struct screen *screen = screen_open(&options);

	wait_for_row(screen, "web01", "running");
	all_bytes_are_ascii(screen);
}

TEST(ascii_can_be_asked_for)
{
	struct screen *screen = screen_open_demo(24, 80, INN, "--ascii");

	wait_for_row(screen, "web01", "running");
	walk_through_panes(screen);
	all_bytes_are_ascii(screen);
}

TEST(hostile_names_are_seen_for_what_they_are)
{
	struct screen *screen = screen_open_demo(24, 100, HOSTILE, NULL);
	int row, col;

	wait_for(screen, "esc<U+001B>]0;PWNED<U+0007>x");
	shows(screen, "rlo<U+202E>gnp.exe");
	shows(screen, "tab<U+0009>cr<U+000D>bs<U+0008>");
	shows(screen, "wide中文名前");
	row = row_of(screen, "rlo<");
	col = col_of(screen, row, "<U+202E>");
	assert_true(cell_at(screen, row, col).attrs.reverse);
	assert_false(cell_at(screen, row, col - 1).attrs.reverse);
	press(screen, "/");
	type_in(screen, "marks");
	press_to_see(screen, "Enter u", "eve<U+001B>[2J");
	only_what_terminfo_knows_was_written(screen, "xterm-256color");
	assert_null(strstr(screen->bytes, "\xe2\x80\xae"));
}

TEST(what_follows_a_wide_name_stands_where_it_should)
{
	struct screen *screen = screen_open_demo(24, 100, HOSTILE, NULL);
	int heading, row;

	wait_for_row(screen, "wide", "running");
	heading = row_of(screen, "NAME");
	row = row_of(screen, "wide");
	assert_int_equal(col_of(screen, row, "running"), col_of(screen, heading, "STATE"));
	assert_int_equal(col_of(screen, row, "evil"), col_of(screen, heading, "HOST"));
}

/* --- where one types, and where one clicks --- */

static void cursor_is_behind(struct screen *screen, const char *words)
{
	VTermPos pos;
	int row = row_of(screen, words);

	vterm_state_get_cursorpos(vterm_obtain_state(screen->vt), &pos);
	assert_true(screen->cursor_shown);
	assert_int_equal(pos.row, row);
	assert_int_equal(pos.col, col_of(screen, row, words) + (int)strlen(words));
}

TEST(the_cursor_shows_where_one_types)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	go_to_web01(screen);
	assert_false(screen->cursor_shown);
	press(screen, "/");
	type_to_see(screen, " user:alice", "web01 user:alice");
	cursor_is_behind(screen, "/ web01 user:alice");
	press_to_see(screen, "Enter L", "Log off");
	press(screen, "BackTab BackTab");
	type_to_see(screen, "soon", "soon");
	cursor_is_behind(screen, "soon");
}

TEST(clicks_choose_and_the_wheel_moves_where_the_mouse_is_asked_for)
{
	struct screen *screen = screen_open_demo(24, 80, INN, "--mouse");
	char click[32];
	int row;

	wait_for_row(screen, "web01", "running");
	row = row_of(screen, "web01");
	send_bytes(screen, click, (size_t)snprintf(click, sizeof(click), "\033[<0;5;%dM", row + 1));
	press_to_see(screen, "Enter", "Autostart");
	shows(screen, "web01");
	press_to_close(screen, "Esc", "Autostart");
	row = row_of(screen, "gone01");
	send_bytes(screen, click, (size_t)snprintf(click, sizeof(click), "\033[<2;5;%dM", row + 1));
	wait_for(screen, "(Log off users)");
	press(screen, "Esc");
}

TEST(without_the_option_the_mouse_is_the_terminals_own)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	wait_for_row(screen, "web01", "running");
	assert_null(strstr(screen->bytes, "\033[?1000h"));
}

/* --- what ncurses wrote piece by piece, against the whole --- */

static char *settled_picture(struct screen *screen)
{
	char *text;

	while (screen_pump(screen, 400))
		;
	text = screen_text(screen);
	text[strlen(text) - 1] = '\0';
	*strrchr(text, '\n') = '\0'; /* the footer has messages that the next key takes away */
	return text;
}

/* Machines that nobody can ask anything: the picture changes by keys alone. Freed by the caller. */
static char *write_still_fleet(int vms)
{
	char *path = mem_printf("%s/still-fleet.conf", getenv("XDG_STATE_HOME"));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "hosts = ( { name = \"calm\"; connect_ms = 20; vms = (");
	for (int i = 0; i < vms; i++)
		fprintf(file, "%s{ name = \"vm%03d%s\"; agent = \"none\"; }", i ? "," : "", i, i % 7 ? "" : "-中文");
	fprintf(file, "); } );\n");
	assert_int_equal(fclose(file), 0);
	return path;
}

TEST(what_was_drawn_in_pieces_is_what_a_redraw_draws)
{
	char *fleet = write_still_fleet(120);
	struct screen *screen = screen_open_demo(24, 80, fleet, "--delay=3600");

	wait_for(screen, "120 VMs");
	FOR_EACH(const char *, walk, "PgDn PgDn", "j j j k", "G", "PgUp", "I", "> > >", "I", "Space Space PgDn", "g",
		 "^D ^D", "Enter", "Esc", "? PgDn j j", "Esc") {
		char *pieces, *whole;

		press(screen, *walk);
		pieces = settled_picture(screen);
		press(screen, "^L");
		whole = settled_picture(screen);
		assert_string_equal(pieces, whole);
		free(pieces);
		free(whole);
	}
	free(fleet);
}

TEST(frozen_rows_stay_where_they_are)
{
	struct screen *screen = screen_open_demo(24, 80, "fleet:1,30", "--sort=-cpu");
	char *before, *after;

	wait_for(screen, "30 VMs");
	press_to_see(screen, "Z", "FROZEN");
	before = settled_picture(screen);
	screen_pump(screen, 3000);
	after = settled_picture(screen);
	assert_string_equal(before, after);
	press_to_close(screen, "Esc", "FROZEN");
	free(before);
	free(after);
}

/* --- groups --- */

TEST(groups_fold_and_are_marked_whole)
{
	struct screen *screen = screen_open_demo(24, 80, INN, "--group=host");

	wait_for_row(screen, "inn", "9 VMs, 6 running");
	wait_for_row(screen, "shop", "1 VM, 1 running");
	press_to_see(screen, "Left L", "This is a group; Space marks its VMs");
	press_to_close(screen, "Left", "web02");
	shows(screen, "till01");
	wait_for(screen, "Space Mark all of inn");
	press_to_see_row(screen, "Space", "inn", "9 marked");
	wait_for(screen, "Space Mark all of shop");
	press_to_see(screen, "k", "Space Unmark all of inn");
	press_to_see(screen, "j", "Space Mark all of shop");
	press_to_close(screen, "Enter", "till01");
	press_to_see_row(screen, "z", "till01", "running");
	shows(screen, "web02");
	press_to_see(screen, "b", "Grouped by state");
	wait_for_row(screen, "crashed", "1 VM, 0 running");
}

/* --- quiet --- */

TEST(nothing_is_written_when_nothing_changed)
{
	struct screen *screen = screen_open_demo(24, 80, SCREEN_DIR "/still.conf", "--delay=3600");
	size_t before;

	wait_for_row(screen, "still01", "up 100%");
	wait_for_row(screen, "still02", "shutoff");
	while (screen_pump(screen, 500))
		;
	before = screen->byte_count;
	screen_pump(screen, 3000);
	assert_int_equal(screen->byte_count, before);
}

RUN_TESTS("panes", scratch_setup, scratch_teardown)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/screen/written.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <errno.h>
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

static void open_at_web01(int rows, int cols)
{
	screen_open_demo(rows, cols, INN, NULL);
	wait_for("10 VMs");
	press_and_type("/", "web01");
	press_to_see_row("Enter", "web01", "running");
}

TEST(every_pane_opens_and_closes_at_every_size)
{
	for (size_t size = 0; size < ARRAY_SIZE(sizes); size++) {
		open_at_web01(sizes[size].rows, sizes[size].cols);
		for (size_t i = 0; i < ARRAY_SIZE(panes) - 1; i++) {
			press_to_see(panes[i].key, panes[i].words);
			press_to_close("Esc", strcmp(panes[i].words, "web01") == 0 ? "Who is" : panes[i].words);
		}
		screen_close();
	}
}

TEST(a_key_without_meaning_is_told_so)
{
	open_at_web01(24, 80);
	press_to_see("y", "y does nothing here; ?: help");
	press_to_see("X", "No finished tasks to clear");
	press_to_see("t", "No tasks yet.");
	shows_not("x Cancel task");
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
		open_at_web01(24, 80);
		press_to_see(opened[i].key, opened[i].there);
		shows_not("q Quit");
		press_to_close("q", opened[i].there);
		shows("q Quit");
		press("q");
		ends_with(0);
	}
}

TEST(what_is_for_the_table_does_nothing_behind_a_pane)
{
	open_at_web01(24, 80);
	press_to_see("Enter", "vCPUs");
	press_to_see("*", "Available in the VM table only; Esc goes back to it");
	press_to_close("Esc", "vCPUs");
	shows_not("marked");
	press_to_see("t", "No tasks yet.");
	press_to_see("Space", "The task pane has the focus; Esc goes back to the VMs");
}

static void row_says(int row, const char *words)
{
	assert_says(keep(row_text(row)), words);
}

TEST(at_80_by_24_everything_has_its_place)
{
	screen_open_demo(24, 80, INN, NULL);
	wait_for_row("till01", "running");
	wait_for("lost");
	row_says(0, "10 VMs, 7 running");
	row_says(0, "DEMO");
	row_says(1, "● inn ");
	row_says(1, "void lost, next try in");
	FOR_EACH(const char *, title, "NAME", "HOST", "STATE", "AGENT", "USERS", "CPU%", "MEM", "OS", "TASK")
		row_says(2, *title);
	row_says(23, "L Log off");
	row_says(23, "q Quit");
}

TEST(the_details_draw_what_the_cpu_did)
{
	open_at_web01(24, 80);
	press_to_see("Enter", "  last ");
}

TEST(the_details_list_sessions_disks_and_cards_further_down)
{
	open_at_web01(24, 80);
	press_to_see_row("Enter", "Agent", "up 100%");
	wait_until_gone("asking…");
	press_to_see_row("End", "alice", "local");
	wait_for_row("bob", "10.0.0.7");
	wait_for_row("vda", "/var/lib/libvirt/images/web01.qcow2");
	wait_for_row("network default", "52:54:00:");
	shows("198.18.");
	wait_for("Snapshots");
}

TEST(on_a_wide_screen_the_details_stand_in_columns)
{
	open_at_web01(35, 120);
	press_to_see_row("Enter", "State", "Sessions (2)");
	wait_for("Disks");
	wait_for("Snapshots");
	resize(60, 200);
	wait_for_row("Sessions (2)", "Snapshots");
	resize(24, 80);
	wait_until_gone("Disks");
	wait_for("UUID");
}

TEST(the_details_say_what_is_not_known)
{
	screen_open_demo(60, 120, "default", NULL);
	wait_for_row("vault01", "denied");
	go_to_vm("vault01");
	press_to_see("Enter", "denied: the VM's XML may not be read");
	wait_for("Snapshots");
}

TEST(below_40_by_10_it_says_so_and_goes_on)
{
	screen_open_demo(24, 80, INN, NULL);
	wait_for("web01");
	resize(9, 40);
	wait_for("too small");
	resize(2, 5);
	wait_until_gone("too small");
	resize(1, 1);
	resize(10, 40);
	wait_for_row("crash01", "crashed");
	resize(200, 500);
	wait_for_row("web01", "running");
	press("q");
	ends_with(0);
}

TEST(the_cursor_stays_on_its_vm_when_the_order_turns)
{
	int before, after;

	screen_open_demo(24, 80, INN, NULL);
	wait_for_row("till01", "running");
	press("j j j");
	before = row_of("nochan");
	press_to_see("I", "descending");
	after = row_of("nochan");
	assert_int_not_equal(before, after);
	assert_int_equal(cell_at(after, 3).bg.indexed.idx, 24);
	assert_int_equal(cell_at(after, 70).bg.indexed.idx, 24);
}

/* --- themes --- */

static void can_be_read(const char *words)
{
	int row = row_of(words);
	VTermScreenCell cell = cell_at(row, col_of(row, words));

	if (VTERM_COLOR_IS_INDEXED(&cell.fg) && VTERM_COLOR_IS_INDEXED(&cell.bg) &&
	    cell.fg.indexed.idx == cell.bg.indexed.idx && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg))
		fail_msg("\"%s\" is drawn in colour %d on itself", words, cell.fg.indexed.idx);
}

TEST(every_theme_loads_and_can_be_read)
{
	FOR_EACH(const char *, theme, "dark", "light", "mono", "high-contrast", "colour-blind") {
		char *option = mem_printf("--theme=%s/%s.theme", THEMES_DIR, *theme);

		screen_open_demo(24, 80, INN, option);
		wait_for_row("web01", "running");
		shows("L Log off");
		shows_not(".theme");
		can_be_read("crash01");
		can_be_read("web01");
		press_to_see("s", "[ Cancel (n) ]");
		can_be_read("[ Cancel (n) ]");
		can_be_read("Start (y)");
		press_to_close("Esc", "[ Cancel (n) ]");
		press_to_see("t", "No tasks yet.");
		can_be_read("crash01");
		screen_close();
		free(option);
	}
}

static void install_theme(const char *name)
{
	char *ours = keep(mem_printf("%s/innkeeper", scratch_path)), *folder = mem_printf("%s/themes", ours),
	     *link = mem_printf("%s/%s.theme", folder, name), *file = mem_printf("%s/%s.theme", THEMES_DIR, name);

	mkdir(ours, 0700);
	mkdir(folder, 0700);
	assert_true(symlink(file, link) == 0 || errno == EEXIST);
	free(file);
	free(link);
	free(folder);
}

static int colour_of(const char *words)
{
	int row = row_of(words);

	return cell_at(row, col_of(row, words)).fg.indexed.idx;
}

TEST(the_theme_fits_the_background_that_the_terminal_tells)
{
	const char answer[] = "\033]11;rgb:ffff/ffff/ffff\033\\";
	char *config = keep(mem_printf("XDG_CONFIG_HOME=%s", scratch_path));
	const char *env[] = { config, NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .env = env };

	install_theme("light");
	screen_open(&options);
	wait_for("NAME");
	wait_for_bytes(ASKS_BACKGROUND);
	assert_int_equal(colour_of("NAME"), 109);
	send_bytes(answer, strlen(answer));
	while (colour_of("NAME") != 24)
		assert_true(screen_pump(SCREEN_PATIENCE_MS));
	screen_close();

	options.args[1] = "--theme=" THEMES_DIR "/dark.theme";
	screen_open(&options);
	wait_for("NAME");
	assert_null(strstr(screen->bytes, ASKS_BACKGROUND));
}

TEST(a_key_takes_the_next_theme_and_says_which)
{
	const char answer[] = "\033]11;rgb:ffff/ffff/ffff\033\\";
	char *config = keep(mem_printf("XDG_CONFIG_HOME=%s", scratch_path));
	const char *env[] = { config, NULL };
	struct screen_options options = {
		.rows = 24, .cols = 80, .args = { "--demo=" INN, "--theme=dark" }, .env = env
	};

	install_theme("dark");
	install_theme("high-contrast");
	install_theme("light");
	screen_open(&options);
	wait_for_row("web01", "running");
	press_to_see("^T", "Theme: high-contrast");
	assert_int_equal(colour_of("NAME"), 226);
	assert_int_equal(colour_of("crash01"), 16);
	press_to_see("^T", "Theme: light");
	press_to_see("^T", "Theme: dark");
	assert_int_equal(colour_of("NAME"), 109);
	screen_close();

	/* What somebody chose, the terminal's answer does not change. */
	options.args[1] = NULL;
	screen_open(&options);
	wait_for_row("web01", "running");
	press_to_see("^T ^T ^T", "Theme: dark");
	send_bytes(answer, strlen(answer));
	press_to_see("^T", "Theme: high-contrast");
	assert_int_equal(colour_of("NAME"), 226);
	screen_close();

	options.args[1] = "--theme=foo";
	screen_open(&options);
	wait_for("unknown theme \"foo\"; valid: dark, high-contrast, light");
}

TEST(bold_is_no_grey_on_the_row_under_the_cursor)
{
	static const char *const env[] = { "TERM=linux", NULL };
	struct screen_options options = { .rows = 24,
					  .cols = 80,
					  .args = { "--demo=" INN, "--theme=" THEMES_DIR "/high-contrast.theme" },
					  .env = env };
	int row;

	screen_open(&options);
	wait_for_row("crash01", "crashed");
	row = row_of("crash01");
	for (int col = 2; col < 70; col++) {
		assert_int_equal(cell_at(row, col).fg.indexed.idx, 0);
		assert_false(cell_at(row, col).attrs.bold);
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
	int row;

	screen_open(&options);
	wait_for_row("web01", "running");
	wait_for("lost");
	for (row = 0; row < 24; row++) {
		for (int col = 0; col < 80; col++)
			assert_false(is_coloured(cell_at(row, col)));
	}
	row = row_of("crash01");
	assert_true(cell_at(row, 3).attrs.reverse);
	press_to_see("L", "crash01 is not running");
	press_to_see("m", "(Log off users)");
}

TEST(what_the_configuration_has_wrong_is_told_at_the_start)
{
	char *path = keep(mem_printf("%s/innkeeper.conf", scratch_path)),
	     *config = keep(mem_printf("--config=%s", path));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("dealy = 3;\n", file);
	fclose(file);
	screen_open_demo(24, 80, INN, config);
	wait_for("1 warning at the start; e shows it");
	press_to_see("e", "dealy");
}

TEST(eight_colours_do)
{
	static const char *const env[] = { "TERM=linux", NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .env = env };

	screen_open(&options);
	wait_for_row("web01", "running");
	for (int row = 0; row < 24; row++) {
		for (int col = 0; col < 80; col++) {
			VTermScreenCell cell = cell_at(row, col);

			assert_true(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || cell.fg.indexed.idx < 16);
		}
	}
}

TEST(an_unknown_theme_is_told_and_the_built_in_one_serves)
{
	screen_open_demo(24, 80, INN, "--theme=no-such-theme");
	wait_for("unknown theme \"no-such-theme\"");
	press_to_see("j", "q Quit");
}

/* --- characters --- */

static void all_bytes_are_ascii(void)
{
	for (size_t i = 0; i < screen->byte_count; i++) {
		if ((unsigned char)screen->bytes[i] >= 0x80)
			fail_msg("byte \\x%02x at %zu is not ASCII", (unsigned char)screen->bytes[i], i);
	}
}

static void walk_through_panes(void)
{
	press_to_see("m", "+-");
	press_to_close("Esc", "+-");
	press_to_see("?", "Help: keys");
	press_to_close("Esc", "Help: keys");
}

TEST(in_the_c_locale_all_is_ascii)
{
	static const char *const env[] = { "LC_ALL=C", NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" HOSTILE }, .env = env };

	screen_open(&options);
	wait_for("wide<U+4E2D><U+6587>");
	walk_through_panes();
	all_bytes_are_ascii();
}

TEST(a_missing_locale_is_no_reason_to_refuse)
{
	static const char *const env[] = { "LC_ALL=xx_YY.nothing", NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .env = env };

	screen_open(&options);
	wait_for_row("web01", "running");
	all_bytes_are_ascii();
}

TEST(ascii_can_be_asked_for)
{
	screen_open_demo(24, 80, INN, "--ascii");
	wait_for_row("web01", "running");
	walk_through_panes();
	all_bytes_are_ascii();
}

TEST(hostile_names_are_seen_for_what_they_are)
{
	int row, col;

	screen_open_demo(24, 100, HOSTILE, NULL);
	wait_for("esc<U+001B>]0;PWNED<U+0007>x");
	shows("rlo<U+202E>gnp.exe");
	shows("tab<U+0009>cr<U+000D>bs<U+0008>");
	shows("wide中文名前");
	row = row_of("rlo<");
	col = col_of(row, "<U+202E>");
	assert_true(cell_at(row, col).attrs.reverse);
	assert_false(cell_at(row, col - 1).attrs.reverse);
	press_and_type("/", "marks");
	press_to_see("Enter u", "eve<U+001B>[2J");
	only_what_terminfo_knows_was_written("xterm-256color");
	assert_null(strstr(screen->bytes, "\xe2\x80\xae"));
}

TEST(what_follows_a_wide_name_stands_where_it_should)
{
	int heading, row;

	screen_open_demo(24, 100, HOSTILE, NULL);
	wait_for_row("wide", "running");
	heading = row_of("NAME");
	row = row_of("wide");
	assert_int_equal(col_of(row, "running"), col_of(heading, "STATE"));
	assert_int_equal(col_of(row, "evil"), col_of(heading, "HOST"));
}

/* --- where one types, and where one clicks --- */

static void cursor_is_behind(const char *words)
{
	VTermPos pos;
	int row = row_of(words);

	vterm_state_get_cursorpos(vterm_obtain_state(screen->vt), &pos);
	assert_true(screen->cursor_shown);
	assert_int_equal(pos.row, row);
	assert_int_equal(pos.col, col_of(row, words) + (int)strlen(words));
}

TEST(the_cursor_shows_where_one_types)
{
	open_at_web01(24, 80);
	assert_false(screen->cursor_shown);
	press_and_type_to_see("/", " user:alice", "web01 user:alice");
	cursor_is_behind("/ web01 user:alice");
	press_to_see("Enter L", "Log off");
	press_and_type_to_see("BackTab BackTab", "soon", "soon");
	cursor_is_behind("soon");
}

TEST(clicks_choose_and_the_wheel_moves_where_the_mouse_is_asked_for)
{
	char click[32];
	int row;

	screen_open_demo(24, 80, INN, "--mouse");
	wait_for_row("web01", "running");
	row = row_of("web01");
	send_bytes(click, (size_t)snprintf(click, sizeof(click), "\033[<0;5;%dM", row + 1));
	press_to_see("Enter", "Autostart");
	shows("web01");
	press_to_close("Esc", "Autostart");
	row = row_of("gone01");
	send_bytes(click, (size_t)snprintf(click, sizeof(click), "\033[<2;5;%dM", row + 1));
	wait_for("(Log off users)");
	press("Esc");
}

TEST(without_the_option_the_mouse_is_the_terminals_own)
{
	screen_open_demo(24, 80, INN, NULL);
	wait_for_row("web01", "running");
	assert_null(strstr(screen->bytes, "\033[?1000h"));
}

/* --- what ncurses wrote piece by piece, against the whole --- */

static char *settled_picture(void)
{
	char *text;

	while (screen_pump(400))
		;
	text = screen_text();
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
	char *fleet = keep(write_still_fleet(120));

	screen_open_demo(24, 80, fleet, "--delay=3600");
	wait_for("120 VMs");
	FOR_EACH(const char *, walk, "PgDn PgDn", "j j j k", "G", "PgUp", "I", "> > >", "I", "Space Space PgDn", "g",
		 "^D ^D", "Enter", "Esc", "? PgDn j j", "Esc") {
		char *pieces, *whole;

		press(*walk);
		pieces = settled_picture();
		press("^L");
		whole = settled_picture();
		assert_string_equal(pieces, whole);
		free(pieces);
		free(whole);
	}
}

TEST(frozen_rows_stay_where_they_are)
{
	char *before, *after;

	screen_open_demo(24, 80, "fleet:1,30", "--sort=-cpu");
	wait_for("30 VMs");
	press_to_see("Z", "FROZEN");
	before = keep(settled_picture());
	screen_pump(3000);
	after = keep(settled_picture());
	assert_string_equal(before, after);
	press_to_close("Esc", "FROZEN");
}

/* --- groups --- */

TEST(groups_fold_and_are_marked_whole)
{
	screen_open_demo(24, 80, INN, "--group=host");
	wait_for_row("inn", "9 VMs, 6 running");
	wait_for_row("shop", "1 VM, 1 running");
	press_to_see("Left L", "This is a group; Space marks its VMs");
	press_to_close("Left", "web02");
	shows("till01");
	wait_for("Space Mark all of inn");
	press_to_see_row("Space", "inn", "9 marked");
	wait_for("Space Mark all of shop");
	press_to_see("k", "Space Unmark all of inn");
	press_to_see("j", "Space Mark all of shop");
	press_to_close("Enter", "till01");
	press_to_see_row("z", "till01", "running");
	shows("web02");
	press_to_see("b", "Grouped by state");
	wait_for_row("crashed", "1 VM, 0 running");
}

/* --- quiet --- */

TEST(nothing_is_written_when_nothing_changed)
{
	size_t before;

	screen_open_demo(24, 80, SCREEN_DIR "/still.conf", "--delay=3600");
	wait_for_row("still01", "up 100%");
	wait_for_row("still02", "shutoff");
	while (screen_pump(500))
		;
	before = screen->byte_count;
	screen_pump(3000);
	assert_int_equal(screen->byte_count, before);
}

RUN_TESTS("panes", scratch_setup, scratch_teardown)

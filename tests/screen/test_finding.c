/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How one finds things: the filter, the search in each view, the sort menu, the function keys. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define INN SCREEN_DIR "/inn.conf"

static void go_to_web01(void)
{
	wait_for("web02");
	go_to_vm("web01");
}

/* --- the filter --- */

TEST(a_filter_that_nothing_matches_says_how_to_leave)
{
	screen_open_demo(24, 80, INN, "--filter=nosuchvm");
	wait_for("No VM matches the filter \"nosuchvm\".");
	shows("Esc clears it");
	press_to_see("Esc", "web01");
}

TEST(a_wrong_filter_is_told_while_one_types)
{
	screen_open_demo(24, 160, INN, NULL);
	wait_for("web01");
	press_and_type_to_see("/", "nofield:x", "nofield");
	press_and_type("^U", "users:known | ~^web0[12]$");
	wait_until_gone("win01");
	press_to_see("Esc", "win01");
}

/* Not the filter that was right before the last letters. */
TEST(enter_on_a_wrong_filter_applies_nothing_and_keeps_the_line_open)
{
	static const struct {
		const char *words, *told;
	} wrong[] = {
		{ "state:runing", "did you mean running?" },
		{ "agent:blokced", "did you mean blocked?" },
		{ "mem>4gx", "mem needs a number, such as 512m" },
		{ "meme>4g", "did you mean mem?" },
		{ "foo:bar", "unknown field" },
	};

	screen_open_demo(24, 80, INN, NULL);
	wait_for("web01");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		press_and_type_to_see("/", wrong[i].words, wrong[i].told);
		wait_for("shown as before");
		press_to_see("Enter", "Not applied · Esc: cancel");
		shows(wrong[i].words);
		press_to_close("Esc", wrong[i].told);
		wait_for("win01");
	}
	press_and_type("/", "state:runing");
	press_to_see("Enter", "Not applied");
	press_and_type("^U", "web01");
	press_to_see("Enter", "1 shown: web01");
}

TEST(a_wrong_filter_of_the_command_line_opens_nothing)
{
	screen_open_demo(24, 80, INN, "--filter=state:runing");
	wait_for("did you mean running?");
	ends_with(2);
}

/* --- the search --- */

static void search_for(const char *words, const char *found)
{
	press_to_see("/", "text to search for");
	type_to_see(words, found);
	press_to_close("Enter", found);
}

static void is_highlighted(const char *words)
{
	const int row = row_of(words);

	assert_int_equal(cell_at(row, col_of(row, words)).bg.indexed.idx, 24);
}

TEST(the_help_is_searched_and_n_goes_from_match_to_match)
{
	screen_open_demo(24, 80, INN, NULL);
	go_to_web01();
	press_to_see("?", "Help: keys");
	search_for("PALETTE", "1 found");
	is_highlighted("Command palette");
	search_for("sort column", "1 found");
	is_highlighted("Choose the sort column");
	press_to_see("n", "Continued at the beginning");
	search_for("filter", "found");
	is_highlighted("pane, filter, then");
	press_to_close("N", "pane, filter, then");
}

TEST(a_search_that_finds_nothing_says_so_and_goes_back)
{
	screen_open_demo(24, 80, INN, NULL);
	go_to_web01();
	press_to_see("?", "Moving");
	press_and_type_to_see("/", "uptimes of Mars", "\"uptimes of Mars\" is in no line of this view");
	press_to_see("Enter", "Not found");
	press_to_see("Esc", "Moving");
	press_to_see("n", "Nothing to search for yet; F3 searches");
}

TEST(every_view_of_lines_can_be_searched)
{
	static const struct {
		const char *key, *there, *words;
	} views[] = {
		{ "e", "Events and errors", "shop: live" },
		{ "l", "Logs of web01", "journalctl" },
	};

	screen_open_demo(24, 80, INN, NULL);
	go_to_web01();
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		press_to_see(views[i].key, views[i].there);
		search_for(views[i].words, " found");
		press_to_close("q", views[i].there);
	}
}

TEST(control_f_and_control_b_page)
{
	screen_open_demo(24, 80, INN, NULL);
	go_to_web01();
	press_to_see("?", "Moving");
	press_to_close("^F", "Moving");
	press_to_see("^B", "Moving");
}

TEST(where_there_is_room_the_help_has_two_columns)
{
	screen_open_demo(24, 120, INN, NULL);
	go_to_web01();
	press_to_see_row("?", "Moving", "Filter");
	resize(24, 80);
	wait_until_gone("Words match names");
	shows("Moving");
}

/* --- in the table --- */

TEST(in_the_table_a_search_hides_nothing)
{
	screen_open_demo(24, 80, INN, NULL);
	wait_for("web02");
	press_and_type_to_see("F3", "WEB", "2 found");
	press_to_close("Enter", "2 found");
	shows("win01");
	press_to_see_row("n m", "Log off users", "web02");
	press_to_close("q", "Log off users");
	press_to_see("n", "Continued at the beginning");
}

TEST(the_sort_menu_lists_all_columns_and_enter_on_the_current_one_reverses)
{
	screen_open_demo(24, 80, INN, NULL);
	wait_for_row("NAME▲", "STATE");
	press_to_see_row("F6", "▲  name", "Name of the VM");
	press_to_see_row("Enter", "NAME▼", "STATE");
	press_to_see_row("F6", "▼  name", "Name of the VM");
	press_to_see("G", "users-state");
	press("g j j");
	press_to_see_row("Enter", "NAME", "STATE▼");
}

TEST(the_function_keys_are_listed_where_the_configuration_says_so)
{
	char *path = keep(mem_printf("%s/innkeeper.conf", scratch_path)),
	     *config = keep(mem_printf("--config=%s", path));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "function-keys = true;\nkeys = { refresh = \"\"; };\n");
	fclose(file);
	screen_open_demo(24, 80, INN, config);
	wait_for("F1 Help F2 Columns F3 Search F4 Filter F6 Sort F9 Menu F10 Quit");
	press_to_see("F1", "Help: keys");
}

/* --- what was chosen is found again --- */

static void open_again(const char *more)
{
	char *config = keep(mem_printf("XDG_CONFIG_HOME=%s", scratch_path));
	const char *env[] = { config, NULL };
	const struct screen_options options = {
		.rows = 24, .cols = 120, .args = { "--demo=" INN, more }, .env = env, .keeps_choices = true
	};

	screen_open(&options);
	wait_for("7 running");
}

static void leave(void)
{
	press("q");
	ends_with(0);
}

static void choose(void)
{
	open_again(NULL);
	wait_for("web02");
	press_to_see("F2", " Columns ");
	press("j Space Esc"); /* without HOST */
	wait_until_gone(" Columns ");
	press_to_see_row("> I b", "inn", "VMs");
	press_to_close("Left Left", "web02");
	leave();
	open_again(NULL);
}

static void damage_choices(void)
{
	char *path = keep(mem_printf("%s/innkeeper/demo/choices", scratch_path));
	const int folder = open(path, O_RDONLY | O_DIRECTORY);
	DIR *files = fdopendir(folder);
	int fd, count = 0;

	assert_non_null(files);
	for (struct dirent *entry = readdir(files); entry; entry = readdir(files)) {
		if (*entry->d_name == '.')
			continue;
		fd = openat(folder, entry->d_name, O_WRONLY | O_TRUNC);
		assert_int_equal(write(fd, "rubbish\n", 8), 8);
		close(fd);
		count++;
	}
	assert_int_equal(count, 1);
	closedir(files);
}

TEST(columns_order_groups_and_folds_are_found_again)
{
	choose();
	wait_for_row("NAME", "STATE▼");
	shows_not("HOST");
	wait_for_row("▸ inn", "VMs");
	shows_not("web02");
	press("z");
	press_to_see("z", "web02");
	leave();
	open_again(NULL);
	wait_for("web02");
	wait_for_row("NAME", "STATE▼");
	leave();
}

TEST(the_theme_is_found_again)
{
	char *folder = keep(mem_printf("%s/innkeeper", scratch_path)), *themes = keep(mem_printf("%s/themes", folder));
	char *first, *then;

	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(symlink(THEMES_DIR, themes), 0);
	open_again(NULL);
	press_to_see("^T", "Theme: ");
	first = keep(row_text(23));
	leave();
	open_again(NULL);
	press_to_see("^T", "Theme: ");
	then = keep(row_text(23));
	assert_string_not_equal(first, then); /* the next one after that */
	leave();
}

TEST(options_beat_what_was_chosen)
{
	choose();
	leave();
	open_again("--sort=cpu");
	wait_for_row("NAME", "CPU%▲");
	shows_not("HOST");
	leave();
	/* An option is nobody's choice for the next time. */
	open_again(NULL);
	wait_for_row("NAME", "STATE▼");
	leave();
}

TEST(without_state_the_dashboard_starts_clean_and_keeps_nothing)
{
	choose();
	leave();
	open_again("--no-state");
	wait_for_row("NAME▲", "HOST");
	press_to_see_row("> >", "NAME", "STATE▲");
	leave();
	open_again(NULL);
	wait_for_row("NAME", "STATE▼");
	leave();
}

TEST(each_configuration_has_choices_of_its_own)
{
	char *path = keep(mem_printf("%s/other.conf", scratch_path)), *config = keep(mem_printf("--config=%s", path));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fclose(file);
	choose();
	leave();
	open_again(config);
	wait_for_row("NAME▲", "HOST");
	leave();
}

TEST(choices_that_are_damaged_are_ignored_with_a_warning)
{
	choose();
	leave();
	damage_choices();
	open_again(NULL);
	wait_for_row("NAME▲", "HOST");
	wait_for("1 warning at the start");
	press_to_see("e", "the choices of the last time are ignored");
	press("q");
	leave();
}

RUN_TESTS_EACH("finding", NULL, NULL, scratch_setup, scratch_teardown)

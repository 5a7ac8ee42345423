/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How one finds things: the filter, the search in each view, the sort menu, the function keys. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define INN SCREEN_DIR "/inn.conf"

static void go_to_web01(struct screen *screen)
{
	wait_for(screen, "web02");
	go_to_vm(screen, "web01");
}

/* --- the filter --- */

TEST(a_filter_that_nothing_matches_says_how_to_leave)
{
	struct screen *screen = screen_open_demo(24, 80, INN, "--filter=nosuchvm");

	wait_for(screen, "No VM matches the filter \"nosuchvm\".");
	shows(screen, "Esc clears it");
	press(screen, "Esc");
	wait_for(screen, "web01");
	screen_close(screen);
}

TEST(a_wrong_filter_is_told_while_one_types)
{
	struct screen *screen = screen_open_demo(24, 160, INN, NULL);

	wait_for(screen, "web01");
	press(screen, "/");
	type_in(screen, "nofield:x");
	wait_for(screen, "nofield");
	press(screen, "^U");
	type_in(screen, "users:known | ~^web0[12]$");
	wait_until_gone(screen, "win01");
	press(screen, "Esc");
	wait_for(screen, "win01");
	screen_close(screen);
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
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	wait_for(screen, "web01");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		press(screen, "/");
		type_in(screen, wrong[i].words);
		wait_for(screen, wrong[i].told);
		wait_for(screen, "shown as before");
		press(screen, "Enter");
		wait_for(screen, "Not applied · Esc: cancel");
		shows(screen, wrong[i].words);
		press(screen, "Esc");
		wait_until_gone(screen, wrong[i].told);
		wait_for(screen, "win01");
	}
	press(screen, "/");
	type_in(screen, "state:runing");
	press(screen, "Enter");
	wait_for(screen, "Not applied");
	press(screen, "^U");
	type_in(screen, "web01");
	press(screen, "Enter");
	wait_for(screen, "1 shown: web01");
	screen_close(screen);
}

TEST(a_wrong_filter_of_the_command_line_opens_nothing)
{
	struct screen *screen = screen_open_demo(24, 80, INN, "--filter=state:runing");

	wait_for(screen, "did you mean running?");
	wait_for_end(screen);
	assert_int_equal(exit_status_of(screen), 2);
	screen_close(screen);
}

/* --- the search --- */

static void search_for(struct screen *screen, const char *words, const char *found)
{
	press(screen, "/");
	wait_for(screen, "text to search for");
	type_in(screen, words);
	wait_for(screen, found);
	press(screen, "Enter");
	wait_until_gone(screen, found);
}

static void is_highlighted(struct screen *screen, const char *words)
{
	const int row = row_of(screen, words);

	assert_int_equal(cell_at(screen, row, col_of(screen, row, words)).bg.indexed.idx, 24);
}

TEST(the_help_is_searched_and_n_goes_from_match_to_match)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	go_to_web01(screen);
	press(screen, "?");
	wait_for(screen, "Help: keys");
	search_for(screen, "PALETTE", "1 found");
	is_highlighted(screen, "Command palette");
	search_for(screen, "sort column", "1 found");
	is_highlighted(screen, "Choose the sort column");
	press(screen, "n");
	wait_for(screen, "Continued at the beginning");
	search_for(screen, "filter", "found");
	is_highlighted(screen, "pane, filter, then");
	press(screen, "N");
	wait_until_gone(screen, "pane, filter, then");
	screen_close(screen);
}

TEST(a_search_that_finds_nothing_says_so_and_goes_back)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	go_to_web01(screen);
	press(screen, "?");
	wait_for(screen, "Moving");
	press(screen, "/");
	type_in(screen, "uptimes of Mars");
	wait_for(screen, "\"uptimes of Mars\" is in no line of this view");
	press(screen, "Enter");
	wait_for(screen, "Not found");
	press(screen, "Esc");
	wait_for(screen, "Moving");
	press(screen, "n");
	wait_for(screen, "Nothing to search for yet; F3 searches");
	screen_close(screen);
}

TEST(every_view_of_lines_can_be_searched)
{
	static const struct {
		const char *key, *there, *words;
	} views[] = {
		{ "e", "Events and errors", "shop: live" },
		{ "l", "Logs of web01", "journalctl" },
	};
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	go_to_web01(screen);
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		press(screen, views[i].key);
		wait_for(screen, views[i].there);
		search_for(screen, views[i].words, " found");
		press(screen, "q");
		wait_until_gone(screen, views[i].there);
	}
	screen_close(screen);
}

TEST(control_f_and_control_b_page)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	go_to_web01(screen);
	press(screen, "?");
	wait_for(screen, "Moving");
	press(screen, "^F");
	wait_until_gone(screen, "Moving");
	press(screen, "^B");
	wait_for(screen, "Moving");
	screen_close(screen);
}

TEST(where_there_is_room_the_help_has_two_columns)
{
	struct screen *screen = screen_open_demo(24, 120, INN, NULL);

	go_to_web01(screen);
	press(screen, "?");
	wait_for_row(screen, "Moving", "Filter");
	resize(screen, 24, 80);
	wait_until_gone(screen, "Words match names");
	shows(screen, "Moving");
	screen_close(screen);
}

/* --- in the table --- */

TEST(in_the_table_a_search_hides_nothing)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	wait_for(screen, "web02");
	press(screen, "F3");
	type_in(screen, "WEB");
	wait_for(screen, "2 found");
	press(screen, "Enter");
	wait_until_gone(screen, "2 found");
	shows(screen, "win01");
	press(screen, "n m");
	wait_for_row(screen, "Log off users", "web02");
	press(screen, "q");
	wait_until_gone(screen, "Log off users");
	press(screen, "n");
	wait_for(screen, "Continued at the beginning");
	screen_close(screen);
}

TEST(the_sort_menu_lists_all_columns_and_enter_on_the_current_one_reverses)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	wait_for_row(screen, "NAME▲", "STATE");
	press(screen, "F6");
	wait_for_row(screen, "▲  name", "Name of the VM");
	press(screen, "Enter");
	wait_for_row(screen, "NAME▼", "STATE");
	press(screen, "F6");
	wait_for_row(screen, "▼  name", "Name of the VM");
	press(screen, "G");
	wait_for(screen, "users-state");
	press(screen, "g j j");
	press(screen, "Enter");
	wait_for_row(screen, "NAME", "STATE▼");
	screen_close(screen);
}

TEST(the_function_keys_are_listed_where_the_configuration_says_so)
{
	char *path = mem_printf("%s/innkeeper.conf", scratch_path), *config = mem_printf("--config=%s", path);
	FILE *file = fopen(path, "w");
	struct screen *screen;

	assert_non_null(file);
	fprintf(file, "function-keys = true;\nkeys = { refresh = \"\"; };\n");
	fclose(file);
	screen = screen_open_demo(24, 80, INN, config);
	wait_for(screen, "F1 Help F2 Columns F3 Search F4 Filter F6 Sort F9 Menu F10 Quit");
	press(screen, "F1");
	wait_for(screen, "Help: keys");
	screen_close(screen);
	free(config);
	free(path);
}

/* --- what was chosen is found again --- */

static struct screen *open_again(const char *more)
{
	char *config = mem_printf("XDG_CONFIG_HOME=%s", scratch_path);
	const char *env[] = { config, NULL };
	const struct screen_options options = {
		.rows = 24, .cols = 120, .args = { "--demo=" INN, more }, .env = env, .keeps_choices = true
	};
	struct screen *screen = screen_open(&options);

	wait_for(screen, "7 running");
	free(config);
	return screen;
}

static void leave(struct screen *screen)
{
	press(screen, "q");
	ends_with(screen, 0);
}

static struct screen *choose(void)
{
	struct screen *screen = open_again(NULL);

	wait_for(screen, "web02");
	press(screen, "F2");
	wait_for(screen, " Columns ");
	press(screen, "j Space Esc"); /* without HOST */
	wait_until_gone(screen, " Columns ");
	press(screen, "> I b");
	wait_for_row(screen, "inn", "VMs");
	press(screen, "Left Left");
	wait_until_gone(screen, "web02");
	leave(screen);
	return open_again(NULL);
}

static void damage_choices(void)
{
	char *path = mem_printf("%s/innkeeper/demo/choices", scratch_path);
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
	free(path);
}

TEST(columns_order_groups_and_folds_are_found_again)
{
	struct screen *screen = choose();

	wait_for_row(screen, "NAME", "STATE▼");
	shows_not(screen, "HOST");
	wait_for_row(screen, "▸ inn", "VMs");
	shows_not(screen, "web02");
	press(screen, "z");
	press(screen, "z");
	wait_for(screen, "web02");
	leave(screen);
	screen = open_again(NULL);
	wait_for(screen, "web02");
	wait_for_row(screen, "NAME", "STATE▼");
	leave(screen);
}

TEST(the_theme_is_found_again)
{
	char *folder = mem_printf("%s/innkeeper", scratch_path), *themes = mem_printf("%s/themes", folder);
	struct screen *screen;
	char *first, *then;

	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(symlink(THEMES_DIR, themes), 0);
	screen = open_again(NULL);
	press(screen, "^T");
	wait_for(screen, "Theme: ");
	first = row_text(screen, 23);
	leave(screen);
	screen = open_again(NULL);
	press(screen, "^T");
	wait_for(screen, "Theme: ");
	then = row_text(screen, 23);
	assert_string_not_equal(first, then); /* the next one after that */
	leave(screen);
	free(first);
	free(then);
	free(folder);
	free(themes);
}

TEST(options_beat_what_was_chosen)
{
	struct screen *screen;

	leave(choose());
	screen = open_again("--sort=cpu");
	wait_for_row(screen, "NAME", "CPU%▲");
	shows_not(screen, "HOST");
	leave(screen);
	/* An option is nobody's choice for the next time. */
	screen = open_again(NULL);
	wait_for_row(screen, "NAME", "STATE▼");
	leave(screen);
}

TEST(without_state_the_dashboard_starts_clean_and_keeps_nothing)
{
	struct screen *screen;

	leave(choose());
	screen = open_again("--no-state");
	wait_for_row(screen, "NAME▲", "HOST");
	press(screen, "> >");
	wait_for_row(screen, "NAME", "STATE▲");
	leave(screen);
	screen = open_again(NULL);
	wait_for_row(screen, "NAME", "STATE▼");
	leave(screen);
}

TEST(each_configuration_has_choices_of_its_own)
{
	char *path = mem_printf("%s/other.conf", scratch_path), *config = mem_printf("--config=%s", path);
	FILE *file = fopen(path, "w");
	struct screen *screen;

	assert_non_null(file);
	fclose(file);
	leave(choose());
	screen = open_again(config);
	wait_for_row(screen, "NAME▲", "HOST");
	leave(screen);
	free(config);
	free(path);
}

TEST(choices_that_are_damaged_are_ignored_with_a_warning)
{
	struct screen *screen;

	leave(choose());
	damage_choices();
	screen = open_again(NULL);
	wait_for_row(screen, "NAME▲", "HOST");
	wait_for(screen, "1 warning at the start");
	press(screen, "e");
	wait_for(screen, "the choices of the last time are ignored");
	press(screen, "q");
	leave(screen);
}

RUN_TESTS_EACH("finding", NULL, NULL, scratch_setup, scratch_teardown)

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
	press_to_see(screen, "Esc", "web01");
}

TEST(a_wrong_filter_is_told_while_one_types)
{
	struct screen *screen = screen_open_demo(24, 160, INN, NULL);

	wait_for(screen, "web01");
	press(screen, "/");
	type_to_see(screen, "nofield:x", "nofield");
	press(screen, "^U");
	type_in(screen, "users:known | ~^web0[12]$");
	wait_until_gone(screen, "win01");
	press_to_see(screen, "Esc", "win01");
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
		type_to_see(screen, wrong[i].words, wrong[i].told);
		wait_for(screen, "shown as before");
		press_to_see(screen, "Enter", "Not applied · Esc: cancel");
		shows(screen, wrong[i].words);
		press_to_close(screen, "Esc", wrong[i].told);
		wait_for(screen, "win01");
	}
	press(screen, "/");
	type_in(screen, "state:runing");
	press_to_see(screen, "Enter", "Not applied");
	press(screen, "^U");
	type_in(screen, "web01");
	press_to_see(screen, "Enter", "1 shown: web01");
}

TEST(a_wrong_filter_of_the_command_line_opens_nothing)
{
	struct screen *screen = screen_open_demo(24, 80, INN, "--filter=state:runing");

	wait_for(screen, "did you mean running?");
	ends_with(screen, 2);
}

/* --- the search --- */

static void search_for(struct screen *screen, const char *words, const char *found)
{
	press_to_see(screen, "/", "text to search for");
	type_to_see(screen, words, found);
	press_to_close(screen, "Enter", found);
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
	press_to_see(screen, "?", "Help: keys");
	search_for(screen, "PALETTE", "1 found");
	is_highlighted(screen, "Command palette");
	search_for(screen, "sort column", "1 found");
	is_highlighted(screen, "Choose the sort column");
	press_to_see(screen, "n", "Continued at the beginning");
	search_for(screen, "filter", "found");
	is_highlighted(screen, "pane, filter, then");
	press_to_close(screen, "N", "pane, filter, then");
}

TEST(a_search_that_finds_nothing_says_so_and_goes_back)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	go_to_web01(screen);
	press_to_see(screen, "?", "Moving");
	press(screen, "/");
	type_to_see(screen, "uptimes of Mars", "\"uptimes of Mars\" is in no line of this view");
	press_to_see(screen, "Enter", "Not found");
	press_to_see(screen, "Esc", "Moving");
	press_to_see(screen, "n", "Nothing to search for yet; F3 searches");
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
		press_to_see(screen, views[i].key, views[i].there);
		search_for(screen, views[i].words, " found");
		press_to_close(screen, "q", views[i].there);
	}
}

TEST(control_f_and_control_b_page)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	go_to_web01(screen);
	press_to_see(screen, "?", "Moving");
	press_to_close(screen, "^F", "Moving");
	press_to_see(screen, "^B", "Moving");
}

TEST(where_there_is_room_the_help_has_two_columns)
{
	struct screen *screen = screen_open_demo(24, 120, INN, NULL);

	go_to_web01(screen);
	press_to_see_row(screen, "?", "Moving", "Filter");
	resize(screen, 24, 80);
	wait_until_gone(screen, "Words match names");
	shows(screen, "Moving");
}

/* --- in the table --- */

TEST(in_the_table_a_search_hides_nothing)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	wait_for(screen, "web02");
	press(screen, "F3");
	type_to_see(screen, "WEB", "2 found");
	press_to_close(screen, "Enter", "2 found");
	shows(screen, "win01");
	press_to_see_row(screen, "n m", "Log off users", "web02");
	press_to_close(screen, "q", "Log off users");
	press_to_see(screen, "n", "Continued at the beginning");
}

TEST(the_sort_menu_lists_all_columns_and_enter_on_the_current_one_reverses)
{
	struct screen *screen = screen_open_demo(24, 80, INN, NULL);

	wait_for_row(screen, "NAME▲", "STATE");
	press_to_see_row(screen, "F6", "▲  name", "Name of the VM");
	press_to_see_row(screen, "Enter", "NAME▼", "STATE");
	press_to_see_row(screen, "F6", "▼  name", "Name of the VM");
	press_to_see(screen, "G", "users-state");
	press(screen, "g j j");
	press_to_see_row(screen, "Enter", "NAME", "STATE▼");
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
	press_to_see(screen, "F1", "Help: keys");
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
	press_to_see(screen, "F2", " Columns ");
	press(screen, "j Space Esc"); /* without HOST */
	wait_until_gone(screen, " Columns ");
	press_to_see_row(screen, "> I b", "inn", "VMs");
	press_to_close(screen, "Left Left", "web02");
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
	press_to_see(screen, "z", "web02");
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
	press_to_see(screen, "^T", "Theme: ");
	first = row_text(screen, 23);
	leave(screen);
	screen = open_again(NULL);
	press_to_see(screen, "^T", "Theme: ");
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
	press_to_see_row(screen, "> >", "NAME", "STATE▲");
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
	press_to_see(screen, "e", "the choices of the last time are ignored");
	press(screen, "q");
	leave(screen);
}

RUN_TESTS_EACH("finding", NULL, NULL, scratch_setup, scratch_teardown)

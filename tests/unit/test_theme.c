/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/paths.h"
#include "tests/unit/unit.h"
#include "ui/tui/term/theme.h"

#include <unistd.h>

static struct style style(const char *words, int colors)
{
	struct style parsed = { 0 };
	struct err err;

	if (!theme_parse_style(words, colors, &parsed, &err))
		fail_msg("\"%s\": %s", words, err.buf);
	return parsed;
}

static void looks(const char *words, int colors, short fg, short bg, unsigned attrs)
{
	struct style parsed = style(words, colors);

	if (parsed.fg != fg || parsed.bg != bg || parsed.attrs != attrs)
		fail_msg("\"%s\" with %d colours: %d on %d, %u", words, colors, parsed.fg, parsed.bg, parsed.attrs);
}

TEST(words_become_colours_and_attributes)
{
	looks("", 256, COLOR_OWN, COLOR_OWN, 0);
	looks("green", 8, 2, COLOR_OWN, 0);
	looks("bright-red on blue bold underline", 16, 9, 4, STYLE_BOLD | STYLE_UNDERLINE);
	looks("on 238", 256, COLOR_OWN, 238, 0);
	looks("default on default reverse", 256, COLOR_OWN, COLOR_OWN, STYLE_REVERSE);
	looks("  dim   italic ", 0, COLOR_OWN, COLOR_OWN, STYLE_DIM | STYLE_ITALIC);
}

TEST(of_alternatives_the_first_that_the_terminal_has_is_taken)
{
	looks("109/cyan", 256, 109, COLOR_OWN, 0);
	looks("109/cyan", 8, 6, COLOR_OWN, 0);
	looks("109/bright-cyan/cyan", 16, 14, COLOR_OWN, 0);
	looks("245/bright-black/dim", 256, 245, COLOR_OWN, 0);
	looks("245/bright-black/dim", 8, COLOR_OWN, COLOR_OWN, STYLE_DIM);
	looks("231/white on 24/blue", 0, COLOR_OWN, COLOR_OWN, 0);
}

TEST(what_is_no_colour_is_named)
{
	struct style parsed;

	FOR_EACH(const char *, wrong, "grene", "256", "-1", "bright-", "1e3", "red/blurple",
		 "averylongwordthatnobodywouldeverusetonameacolour") {
		struct err err = { 0 };

		if (theme_parse_style(*wrong, 256, &parsed, &err))
			fail_msg("\"%s\" was taken", *wrong);
		assert_int_equal(err.kind, ERR_USAGE);
	}
}

static bool is_plain(const struct style *style)
{
	return style->fg == COLOR_OWN && style->bg == COLOR_OWN;
}

TEST(without_colours_the_row_under_the_cursor_is_seen_all_the_same)
{
	struct theme theme;

	theme_init(&theme, 0);
	for (int role = 0; role < ROLE_COUNT; role++)
		assert_true(is_plain(&theme.styles[role]));
	assert_true(theme.styles[ROLE_CURSOR].attrs & STYLE_REVERSE);
	assert_true(theme.styles[ROLE_BUTTON_FOCUSED].attrs & STYLE_REVERSE);
	assert_true(theme.styles[ROLE_ESCAPE].attrs & STYLE_REVERSE);
}

static char *path_of(const char *theme)
{
	return mem_printf("%s/%s.theme", THEMES_DIR, theme);
}

TEST(the_files_that_come_along_load_at_every_depth_of_colour)
{
	static const int depths[] = { 0, 8, 16, 256 };

	FOR_EACH(const char *, name, "dark", "light", "mono", "high-contrast", "colour-blind") {
		char *path = keep(path_of(*name));

		for (size_t depth = 0; depth < ARRAY_SIZE(depths); depth++) {
			struct theme theme;
			struct err err;

			theme_init(&theme, depths[depth]);
			if (!theme_load(&theme, path, depths[depth], &err))
				fail_msg("%s", err.buf);
		}
	}
}

/* Those who do not see red, or green, see blue and orange; and bad is underlined where warnings are not. */
TEST(colour_blind_tells_good_from_bad_by_blue_and_orange)
{
	char *path = keep(path_of("colour-blind"));
	struct theme theme;

	theme_init(&theme, 256);
	assert_true(theme_load(&theme, path, 256, NULL));
	assert_int_equal(theme.styles[ROLE_GOOD].fg, 32);
	assert_int_equal(theme.styles[ROLE_WARN].fg, 166);
	assert_int_equal(theme.styles[ROLE_BAD].fg, 166);
	assert_true(theme.styles[ROLE_BAD].attrs & STYLE_UNDERLINE);
	assert_false(theme.styles[ROLE_WARN].attrs & STYLE_UNDERLINE);
}

/* The file is there to be copied and changed, so it says what the built-in one does. */
TEST(the_dark_file_and_the_built_in_theme_are_one)
{
	struct theme built_in, loaded;
	char *path = keep(path_of("dark"));

	theme_init(&built_in, 256);
	theme_init(&loaded, 0);
	assert_true(theme_load(&loaded, path, 256, NULL));
	for (int role = 0; role < ROLE_COUNT; role++) {
		if (memcmp(&built_in.styles[role], &loaded.styles[role], sizeof(struct style)) != 0)
			fail_msg("they differ in role %d", role);
	}
}

/* --- files of others --- */

static void refuses_file(const char *content, const char *complaint)
{
	char path[] = "/tmp/innkeeper-theme-XXXXXX";
	int fd = mkstemp(path);
	struct theme theme, before;
	struct err err = { 0 };

	assert_true(fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content));
	close(fd);
	theme_init(&theme, 256);
	before = theme;
	if (theme_load(&theme, path, 256, &err))
		fail_msg("taken: %s", content);
	if (!strstr(err.buf, complaint))
		fail_msg("\"%s\" says nothing of \"%s\"", err.buf, complaint);
	assert_memory_equal(&theme, &before, sizeof(theme));
	unlink(path);
}

TEST(a_wrong_file_is_told_with_its_line_and_changes_nothing)
{
	char *nested = keep(mem_zalloc(20001));

	refuses_file("dim = \"red\";\ngoood = \"green\";\n", ":2: unknown role \"goood\"");
	refuses_file("dim = \"red\";\n\ngood = \"grene\";\n", ":3: invalid colour or attribute \"grene\"");
	refuses_file("good = 7;\n", ":1: good: expected a string");
	refuses_file("good = \"green\"\n bad =", ":2:");
	refuses_file("@include \"/etc/passwd\"\n", "@include is not allowed in a theme");
	memset(nested, '{', 20000);
	refuses_file(nested, "too many brackets");
}

TEST(what_is_no_regular_file_is_refused)
{
	struct theme theme;
	struct err err = { 0 };

	theme_init(&theme, 256);
	assert_false(theme_load(&theme, "/dev/zero", 256, &err));
	assert_false(theme_load(&theme, "/tmp/", 256, &err));
	assert_false(theme_load(&theme, "no-such-theme", 256, &err));
	assert_non_null(strstr(err.buf, "no-such-theme"));
}

TEST(the_terminal_chooses_where_nobody_did)
{
	unsetenv("COLORFGBG");
	assert_string_equal(theme_default_name(256), "dark");
	assert_string_equal(theme_default_name(0), "mono");
	setenv("COLORFGBG", "0;15", 1);
	assert_string_equal(theme_default_name(256), "light");
	setenv("COLORFGBG", "15;default;0", 1);
	assert_string_equal(theme_default_name(256), "dark");
}

RUN_TESTS("theme", NULL, NULL)

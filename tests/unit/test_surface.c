/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/unit.h"
#include "ui/tui/term/surface.h"
#include "ui/tui/widget/form.h"
#include "ui/tui/widget/scroll.h"

#include <locale.h>

static void in_locale(const char *name, bool ascii)
{
	struct theme theme;

	if (!setlocale(LC_ALL, name))
		fail_msg("no locale %s", name);
	theme_init(&theme, 0);
	surface_init(&theme, ascii);
}

static void takes(const char *safe, int cells)
{
	int width = surface_width(TEXT_TRUSTED(safe));

	if (width != cells)
		fail_msg("\"%s\" takes %d cells, not %d", safe, width, cells);
}

TEST(widths_are_those_of_what_will_be_drawn)
{
	in_locale("C.UTF-8", false);
	takes("", 0);
	takes("web01", 5);
	takes("中文", 4);
	takes("e\xcc\x81t", 2);
	takes("<U+202E>x", 9);
	takes("…", 1);
	takes("─█●", 3);
}

TEST(in_the_c_locale_everything_has_an_ascii_form)
{
	in_locale("C", false);
	takes("web01", 5);
	takes("…", 3);
	takes("中", (int)strlen("<U+4E2D>"));
	takes("a–b", 3);
	in_locale("C.UTF-8", true);
	takes("…", 3);
	takes("ä", (int)strlen("<U+00E4>"));
}

TEST(what_terminals_disagree_about_is_written_out)
{
	in_locale("C.UTF-8", false);
	takes("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", 2 * (int)strlen("<U+1F1E9>"));
	takes("\xf0\x9f\x98\x80", 2);
}

TEST(bars_take_a_cell_each_in_ascii_too)
{
	in_locale("C.UTF-8", false);
	takes("▁▂▃▄▅▆▇█?", 9);
	in_locale("C.UTF-8", true);
	takes("▁▂▃▄▅▆▇█?", 9);
	in_locale("C", false);
	takes("▁▂▃▄▅▆▇█?", 9);
}

static void is_part(struct surface part, int top, int left, int rows, int cols)
{
	assert_int_equal(part.top, top);
	assert_int_equal(part.left, left);
	assert_int_equal(part.rows, rows);
	assert_int_equal(part.cols, cols);
}

TEST(parts_never_leave_their_surface)
{
	const struct surface whole = { .top = 2, .left = 10, .rows = 20, .cols = 60 };
	struct surface off = surface_part(whole, 30, 70, 4, 4);

	is_part(surface_part(whole, 0, 0, -1, -1), 2, 10, 20, 60);
	is_part(surface_part(whole, 1, 2, 3, 4), 3, 12, 3, 4);
	is_part(surface_part(whole, 18, 58, 10, 10), 20, 68, 2, 2);
	is_part(surface_part(whole, -1, -2, 3, 4), 2, 10, 2, 2);
	assert_int_equal(off.rows, 0);
	assert_int_equal(off.cols, 0);
	is_part(surface_centered(whole, 10, 20), 7, 30, 10, 20);
	is_part(surface_centered(whole, 100, 200), 2, 10, 20, 60);
}

static void wrapped_takes(const char *text, int cols, int rows)
{
	struct surface nowhere = { .cols = cols };
	int taken = surface_wrap(nowhere, 0, 0, ROLE_NORMAL, TEXT_TRUSTED(text));

	if (taken != rows)
		fail_msg("\"%s\" in %d cells takes %d rows, not %d", text, cols, taken, rows);
}

TEST(words_wrap_between_blanks_and_long_ones_break)
{
	in_locale("C.UTF-8", false);
	wrapped_takes("", 10, 1);
	wrapped_takes("one two three", 20, 1);
	wrapped_takes("one two three", 9, 2);
	wrapped_takes("one two three", 5, 3);
	wrapped_takes("averylongword", 5, 3);
	wrapped_takes("中文名前中文名前", 5, 4);
	wrapped_takes("ends with blanks    ", 16, 1);
	wrapped_takes("中", 1, 1);
	wrapped_takes("x", 0, 0);
}

/* --- scrolling --- */

TEST(a_cursor_stays_in_its_list_and_on_its_page)
{
	struct scroll scroll = { 0 };

	scroll_fit(&scroll, 100, 10);
	scroll_act(&scroll, ACTION_MOVE_LAST, 100);
	scroll_fit(&scroll, 100, 10);
	assert_int_equal(scroll.cursor, 99);
	assert_int_equal(scroll.top, 90);
	scroll_act(&scroll, ACTION_PAGE_UP, 100);
	scroll_fit(&scroll, 100, 10);
	assert_int_equal(scroll.cursor, 89);
	assert_int_equal(scroll.top, 89);
	scroll_fit(&scroll, 3, 10);
	assert_int_equal(scroll.cursor, 2);
	assert_int_equal(scroll.top, 0);
	scroll_act(&scroll, ACTION_MOVE_UP, 0);
	scroll_fit(&scroll, 0, 10);
	assert_int_equal(scroll.cursor, 0);
	assert_false(scroll_act(&scroll, ACTION_LOGOFF, 3));
}

/* --- typing --- */

static void type(struct field *field, const char *keys)
{
	for (const char *at = keys; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");
		struct key key;

		assert_true(key_parse(at, len, &key));
		field_key(field, key);
		at += len;
	}
}

static void reads(const struct field *field, const char *expected)
{
	assert_string_equal(text_str(field_text(field)), expected);
	assert_true(text_is_safe(field->text));
}

TEST(a_line_is_edited_as_fingers_know_it)
{
	struct field field = { 0 };

	type(&field, "w e b Left Left X Home > End <");
	reads(&field, ">wXeb<");
	type(&field, "Backspace Home Del ^E ^U");
	reads(&field, "");
	field_set(&field, "one two  ä中");
	type(&field, "^W ^W");
	reads(&field, "one ");
	field_set(&field, "ä中");
	type(&field, "Left Backspace");
	reads(&field, "中");
	type(&field, "Home ^K");
	reads(&field, "");
}

TEST(nothing_unsafe_gets_into_a_line)
{
	struct field field = { 0 };

	field_paste(&field, "a\033[2Jb\r\nc\xe2\x80\xae\xff\x9b d", 17);
	reads(&field, "a[2Jb  c d");
	field = (struct field){ .digits_only = true };
	field_paste(&field, "1x2 3", 5);
	reads(&field, "123");
}

TEST(a_line_has_an_end)
{
	struct field field = { 0 };

	for (int i = 0; i < 2 * FIELD_MAX; i++)
		field_paste(&field, "中", 3);
	assert_true(field.len < FIELD_MAX);
	assert_int_equal(field.len % 3, 0);
}

RUN_TESTS("surface", NULL, NULL)

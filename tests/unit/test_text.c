/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/err.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cells.h"
#include "unit.h"

#include <locale.h>

#define ESC   "\x1b"
#define RLO   "\xe2\x80\xae"
#define ACUTE "\xcc\x81"

/* ---- in the tests' own words ---- */

static void assert_shown(const char *outside, const char *expected)
{
	OWN(text) struct safe_text text = text_sanitize_str(outside, TEXT_CAP_LINE);

	assert_string_equal(text_str(text), expected);
	assert_true(text_is_safe(text_str(text)));
}

static void assert_shown_alike(const char *outside)
{
	assert_shown(outside, outside);
}

static void assert_told_apart(const char *a, const char *b)
{
	OWN(text) struct safe_text left = text_sanitize_str(a, TEXT_CAP_NAME);
	OWN(text) struct safe_text right = text_sanitize_str(b, TEXT_CAP_NAME);

	assert_false(text_equal(left, right));
	assert_string_not_equal(text_str(left), text_str(right));
}

static void assert_kept(const char *outside, size_t cap, const char *expected)
{
	OWN(text) struct safe_text text = text_sanitize_str(outside, cap);

	assert_string_equal(text_str(text), expected);
}

static void assert_neutralised(const char *before, size_t size, const char *expected)
{
	char buf[256];

	assert_true(size + 1 < sizeof(buf));
	memset(buf, '#', sizeof(buf));
	memcpy(buf, before, strlen(before) + 1);
	text_neutralise(buf, size);
	assert_string_equal(buf, expected);
	assert_int_equal(buf[MAX(size, strlen(before) + 1)], '#');
	text_neutralise(buf, size);
	assert_string_equal(buf, expected);
}

static void assert_order(const char *first, const char *second)
{
	assert_true(text_compare(TEXT_TRUSTED(first), TEXT_TRUSTED(second)) < 0);
	assert_true(text_compare(TEXT_TRUSTED(second), TEXT_TRUSTED(first)) > 0);
	assert_int_equal(text_compare(TEXT_TRUSTED(first), TEXT_TRUSTED(first)), 0);
}

static void assert_next_column_starts_where_it_should(const char *outside)
{
	struct cells terminal = cells_open();
	struct safe_text text = text_sanitize_str(outside, TEXT_CAP_NAME);

	assert_int_equal(cells_advance(&terminal, text_str(text), strlen(text_str(text))), text_width(text));
	text_free(&text);
	cells_close(&terminal);
}

/* ---- A1 to A14: hostile text ---- */

TEST(a_terminal_s_commands_are_shown_not_obeyed)
{
	assert_shown(ESC "[31mred", "<U+001B>[31mred");
	assert_shown(ESC "]0;PWNED\a", "<U+001B>]0;PWNED<U+0007>");
	assert_shown(ESC "]52;c;aGk=" ESC "\\", "<U+001B>]52;c;aGk=<U+001B>\\");
	assert_shown(ESC "P1$r" ESC "\\", "<U+001B>P1$r<U+001B>\\");
}

TEST(so_they_are_in_an_error_s_words)
{
	struct err err;

	err_set_outside(&err, ERR_AGENT_REFUSED, "The agent refused", "no " ESC "]0;PWNED\a command");
	assert_string_equal(text_str(err_text(&err)), "The agent refused: no <U+001B>]0;PWNED<U+0007> command");
	err_set(&err, ERR_SYSTEM, "%s", ESC "[2J");
	assert_string_equal(text_str(err_text(&err)), "<U+001B>[2J");
}

TEST(eight_bit_controls_are_shown)
{
	assert_shown("\xc2\x9b"
		     "31m",
		     "<U+009B>31m");
	assert_shown("\xc2\x9d\xc2\x90", "<U+009D><U+0090>");
	assert_shown("\x7f", "<U+007F>");
}

TEST(what_is_no_utf8_is_shown_byte_by_byte)
{
	assert_shown("caf\xe9!", "caf\\xE9!");
	assert_shown("\xc0\xaf", "\\xC0\\xAF");
	assert_shown("\xe0\x9f\xbf", "\\xE0\\x9F\\xBF");
	assert_shown("\xf0\x8f\xbf\xbf", "\\xF0\\x8F\\xBF\\xBF");
	assert_shown("\xf3\xa0\x80\xb1", "<U+E0031>");
	assert_shown("\xed\xa0\x80", "\\xED\\xA0\\x80");
	assert_shown("\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80");
	assert_shown("\xf8\x88\x80\x80\x80", "\\xF8\\x88\\x80\\x80\\x80");
}

TEST(after_a_bad_byte_reading_goes_on_at_the_next)
{
	assert_shown("\xe2\x82"
		     "A",
		     "\\xE2\\x82A");
	assert_shown("\xe2\xc3\xa9", "\\xE2\xc3\xa9");
	assert_shown("\xf0\x9f\x98", "\\xF0\\x9F\\x98");
}

TEST(controls_that_move_the_cursor_are_shown)
{
	assert_shown("a\rb\bc\td\ne\vf\fg", "a<U+000D>b<U+0008>c<U+0009>d<U+000A>e<U+000B>f<U+000C>g");
}

TEST(a_nul_does_not_hide_what_follows)
{
	OWN(text) struct safe_text text = text_sanitize("a\0b", 3, TEXT_CAP_NAME);

	assert_string_equal(text_str(text), "a<U+0000>b");
}

TEST(bidi_marks_are_shown)
{
	assert_shown(RLO "gpj.exe", "<U+202E>gpj.exe");
	assert_shown("\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad", "<U+202A><U+202B><U+202C><U+202D>");
	assert_shown("\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9", "<U+2066><U+2067><U+2068><U+2069>");
	assert_shown("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "<U+200E><U+200F><U+061C>");
}

TEST(names_that_differ_only_invisibly_differ_visibly)
{
	assert_told_apart("web01", "web\xe2\x80\x8b"
				   "01"); /* zero-width space */
	assert_told_apart("web01", "web\xe2\x80\x8d"
				   "01");                    /* zero-width joiner */
	assert_told_apart("web01", "\xef\xbb\xbfweb01");     /* byte order mark */
	assert_told_apart("web01", "web01\xf3\xa0\x80\xb1"); /* TAG */
	assert_told_apart("web01", "web01\xef\xb8\x8f");     /* variation selector */
	assert_told_apart("web01", "web01\xf3\xa0\x84\x80"); /* another one */
	assert_told_apart("web01", "web01\xc2\xad");         /* soft hyphen */
	assert_told_apart("web 01", "web\xc2\xa0"
				    "01"); /* no-break space */
	assert_told_apart("web01", "web01 ");
	assert_shown("web01 ", "web01<U+0020>");
}

TEST(surplus_marks_are_dropped_and_counted)
{
	char flood[1 + 10000 * 2 + 1] = "e";

	assert_shown_alike("e" ACUTE ACUTE);
	assert_shown("e" ACUTE ACUTE ACUTE "x", "e" ACUTE ACUTE "<+1 marks>x");
	for (size_t i = 0; i < 10000; i++)
		memcpy(flood + 1 + i * 2, ACUTE, 3);
	assert_kept(flood, sizeof(flood), "e" ACUTE ACUTE "<+9998 marks>");
}

TEST(a_mark_needs_a_letter_of_its_own)
{
	assert_shown(ACUTE "e", "<U+0301>e");
	assert_shown("a" RLO ACUTE "e", "a<U+202E><U+0301>e");
	assert_shown("a\xff" ACUTE, "a\\xFF<U+0301>");
	assert_shown(ACUTE ACUTE ACUTE ACUTE, "<U+0301><U+0301><+2 marks>");
}

TEST(a_wide_character_on_an_edge_is_left_out_whole)
{
	struct safe_text text = TEXT_TRUSTED("a\xe6\x97\xa5"
					     "b\xe6\x9c\xac"
					     "c\xe8\xaa\x9e"
					     "e" ACUTE "\xf0\x9f\x98\x80");
	struct cells terminal = cells_open();

	for (int columns = 0; columns <= 200; columns++) {
		int used;
		size_t len = text_fit(text, columns, &used);

		assert_in_range(MIN(columns, text_width(text)) - used, 0, 1);
		assert_int_equal(cells_advance(&terminal, text_str(text), len), used);
	}
	assert_int_equal(text_fit(text, -1, NULL), 0);
	assert_int_equal(text_fit(text, 200, NULL), strlen(text_str(text)));
	cells_close(&terminal);
}

TEST(emoji_that_melt_together_do_not_move_the_next_column)
{
	assert_shown_alike("\xf0\x9f\x98\x80 ok");
	assert_shown("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", "\xf0\x9f\x91\xa9<U+200D>\xf0\x9f\x92\xbb");
	assert_shown("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", "<U+1F1E9><U+1F1EA>");
	assert_shown("\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "\xf0\x9f\x91\x8d<U+1F3FD>");
	assert_shown("\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4<U+FE0F>");
	assert_next_column_starts_where_it_should("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb");
	assert_next_column_starts_where_it_should("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa");
	assert_next_column_starts_where_it_should("\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd");
	assert_next_column_starts_where_it_should("\xe2\x9d\xa4\xef\xb8\x8f");
	assert_next_column_starts_where_it_should("\xc2\xb1\xd0\x96\xe2\x94\x80\xef\xbc\xa1");
}

TEST(what_terminals_measure_differently_is_shown_as_a_number)
{
	assert_shown("\xe1\x80\x80\xe1\x80\xba", "\xe1\x80\x80<U+103A>"); /* a mark younger than Unicode 5.0 */
	assert_shown("\xf0\x9f\xa4\xaf", "<U+1F92F>");                    /* an emoji younger than 9.0 */
	assert_shown("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xe1\x84\x92<U+1161><U+11AB>"); /* Hangul in pieces */
	assert_shown_alike("\xed\x95\x9c"); /* the same syllable, composed */
}

TEST(a_text_of_megabytes_is_cut_on_entry)
{
	size_t len = 3900000;
	char *huge = keep(mem_zalloc(len + 1));
	OWN(text) struct safe_text text;

	memset(huge, 'x', len);
	text = text_sanitize_str(huge, TEXT_CAP_HOST);
	assert_int_equal(strlen(text_str(text)), TEXT_CAP_HOST + strlen("…"));
	assert_string_equal(text_str(text) + TEXT_CAP_HOST, "…");
}

TEST(a_cut_falls_between_code_points)
{
	assert_kept("abc", 3, "abc");
	assert_kept("abcd", 3, "abc…");
	assert_kept("ab\xc3\xa9", 3, "ab…");
	assert_kept("ab\xc3\xa9", 4, "ab\xc3\xa9");
	assert_kept("a\xf0\x9f\x98\x80", 4, "a…");
	assert_kept("ab\xff", 2, "ab…");
	assert_kept("abc", 0, "…");
	assert_kept("abcdefgh", SIZE_MAX, "abcdefgh");
	assert_kept("e" ACUTE ACUTE ACUTE ACUTE, 7, "e" ACUTE ACUTE "<+1 marks>…");
}

TEST(words_that_mean_something_elsewhere_mean_nothing_here)
{
	assert_shown_alike("%s%n");
	assert_shown_alike("[red]~$(reboot)`id`; rm -rf / &");
	assert_shown_alike("\\e[31m \\033 \\x1b \\n");
	assert_shown_alike("CORP\\xavier");
	assert_shown_alike("C:\\");
}

TEST(blank_looking_names_are_visible)
{
	assert_shown("\xe3\x85\xa4", "<U+3164>");
	assert_shown("\xe2\xa0\x80", "<U+2800>");
	assert_shown("\xc2\xa0", "<U+00A0>");
	assert_shown("\xe2\x80\xa8\xe2\x80\xa9", "<U+2028><U+2029>");
	assert_shown("\xe3\x80\x80\xe2\x80\x83", "<U+3000><U+2003>");
	assert_shown("\xcd\x8f\xe1\x85\x9f\xe1\x85\xa0\xef\xbe\xa0", "<U+034F><U+115F><U+1160><U+FFA0>");
	assert_shown("   ", "  <U+0020>");
}

TEST(a_forged_dialog_stays_on_its_line)
{
	OWN(text) struct safe_text text = text_sanitize_str("ok\n\n  Log off 12 users?  [ OK ]\r\n", TEXT_CAP_LINE);

	assert_null(strpbrk(text_str(text), "\r\n"));
}

/* ---- escapes ---- */

TEST(an_escape_cannot_be_forged)
{
	assert_shown("<U+202E>", "<U+003C>U+202E>");
	assert_shown("<+3 marks>", "<U+003C>+3 marks>");
	assert_shown("\\x9B", "<U+005C>x9B");
	assert_shown("\\xA0 \\x0F", "<U+005C>xA0 <U+005C>x0F");
	assert_shown_alike("\\xa0 \\x9b \\xG0 \\x0g \\x: \\x/0 \\x0@ \\x9");
	assert_shown("<" RLO, "<<U+202E>");
	assert_shown("\\\xff", "\\\\xFF");
	assert_shown("<<U+", "<<U+003C>U+");
	assert_shown_alike("<b> a < b <Unit> <u+1>");
}

TEST(nor_by_two_texts_that_are_joined)
{
	struct safe_text left = text_sanitize_str("<", TEXT_CAP_NAME);
	struct safe_text right = text_sanitize_str("U+202E>", TEXT_CAP_NAME);
	struct safe_text joined = text_format("%s%s", text_str(left), text_str(right));

	assert_string_equal(text_str(joined), "<U+003C>U+202E>");
	text_free(&left);
	text_free(&right);
	text_free(&joined);
	assert_shown("<U", "<U+003C>U");
	assert_kept("<U+202E>", 1, "<U+003C>…");
}

TEST(a_sentence_of_ours_is_neutral_and_keeps_its_escapes)
{
	OWN(text)
	struct safe_text once = text_format("%s <U+202E> \\x9B %d" ESC "[m\xff"
					    "e" ACUTE ACUTE ACUTE,
					    "host", 7);
	OWN(text) struct safe_text twice = text_format("%s", text_str(once));

	assert_string_equal(text_str(once), "host <U+202E> \\x9B 7<U+001B>[m\\xFFe" ACUTE ACUTE "<+1 marks>");
	assert_true(text_equal(once, twice));
}

TEST(safe_text_is_told_from_unsafe)
{
	assert_true(text_is_safe(""));
	assert_true(text_is_safe("web01 \xe6\x97\xa5 <U+202E> "));
	assert_true(text_is_safe("e" ACUTE ACUTE));
	assert_false(text_is_safe("e" ACUTE ACUTE ACUTE));
	assert_false(text_is_safe(ACUTE));
	assert_false(text_is_safe("a\n"));
	assert_false(text_is_safe(RLO));
	assert_false(text_is_safe("\xe2\x82"));
}

/* ---- in a buffer of the caller's ---- */

TEST(a_buffer_is_neutralised_in_place)
{
	assert_neutralised("plain", 16, "plain");
	assert_neutralised("", 1, "");
	assert_neutralised("no\troom", 0, "no\troom");
	assert_neutralised("a\tb", 64, "a<U+0009>b");
}

TEST(a_buffer_never_overflows)
{
	assert_neutralised("a\tb", 11, "a<U+0009>b");
	assert_neutralised("a\tb", 10, "a…");
	assert_neutralised("abcdef\t", 12, "abcdef…");
	assert_neutralised("\t\t\t", 4, "…");
	assert_neutralised("\t\t", 3, "");
	assert_neutralised("\t", 2, "");
	assert_neutralised("\xff\xff\xff\xff\xff\xff\xff", 8, "\\xFF…");
}

TEST(a_code_point_that_the_buffer_cut_is_left_out)
{
	assert_neutralised("abcd\xe2\x82", 7, "abc…");
	assert_neutralised("abcdef\xc3", 8, "abcd…");
	assert_neutralised("abcde\xf0\x9f\x98", 9, "abcde…");
	assert_neutralised("abcdef\xc3", 32, "abcdef\\xC3");
	assert_neutralised("abcdefgh\xe2\xff", 11, "abcdefg…");
}

TEST(an_error_of_many_words_ends_whole)
{
	struct err err;
	char words[ERR_TEXT_MAX * 2];

	for (size_t i = 0; i + 3 < sizeof(words); i += 3)
		memcpy(words + i, "€", 4);
	for (int shift = 0; shift < 3; shift++) {
		err_set(&err, ERR_SYSTEM, "%.*s%s", shift, "ab", words);
		assert_true(strlen(err.buf) < ERR_TEXT_MAX);
		assert_true(strlen(err.buf) > ERR_TEXT_MAX - 8);
		assert_true(text_is_safe(err.buf));
		assert_null(strstr(err.buf, "\\x"));
	}
}

/* ---- values ---- */

TEST(the_empty_text_is_a_text)
{
	OWN(text) struct safe_text empty = text_sanitize(NULL, 0, TEXT_CAP_NAME), copy = text_copy(empty);

	assert_true(text_is_empty(empty));
	assert_true(text_is_empty(TEXT_TRUSTED("")));
	assert_true(text_equal(copy, TEXT_TRUSTED("")));
	assert_int_equal(text_width(empty), 0);
	assert_int_equal(text_compare(empty, TEXT_TRUSTED("")), 0);
	assert_true(text_is_empty(text_sanitize_str(NULL, TEXT_CAP_NAME)));
}

TEST(texts_are_copied_moved_and_replaced)
{
	struct safe_text name = { 0 }, other = text_format("web%d", 1), copy;

	text_set(&name, text_format("old"));
	text_move(&name, &other);
	assert_true(text_is_empty(other));
	copy = text_copy(name);
	text_free(&name);
	assert_true(text_is_empty(name));
	assert_string_equal(text_str(copy), "web1");
	text_move(&copy, &copy);
	assert_string_equal(text_str(copy), "web1");
	text_free(&copy);
}

/* ---- order ---- */

TEST(numbers_in_names_count_as_numbers)
{
	assert_order("web2", "web10");
	assert_order("web2-a", "web2-b");
	assert_order("web", "web1");
	assert_order("", "a");
	assert_order("a1b2", "a1b10");
	assert_order("n99999999999999999999999", "n100000000000000000000000");
	assert_order("1.9.3", "1.10.0");
}

TEST(case_folds_but_only_the_same_is_equal)
{
	assert_order("Alpha", "beta");
	assert_order("alpha", "Beta");
	assert_order("y", "Z");
	assert_order("_", "A");
	assert_order("a", "A1");
	assert_order("WEB1", "web1");
	assert_order("web01", "web1");
	assert_order("web01b", "web1c");
	assert_order("zebra", "\xc3\xa9t\xc3\xa9");
}

TEST(order_is_the_same_from_every_side)
{
	static const char *const names[] = { "",    "0",  "00",  "1",  "01",  "a",        "A",       "a0",
					     "a00", "A0", "a01", "a1", "a1a", "a01A",     "a2",      "a10",
					     "b",   "B",  "_",   "~",  "-1",  "<U+202E>", "\xc3\xa9" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(names); j++) {
			int ij = text_compare(TEXT_TRUSTED(names[i]), TEXT_TRUSTED(names[j]));

			assert_int_equal(ij == 0, i == j);
			assert_int_equal(ij<0, text_compare(TEXT_TRUSTED(names[j]), TEXT_TRUSTED(names[i]))> 0);
			for (size_t k = 0; k < ARRAY_SIZE(names); k++)
				if (ij < 0 && text_compare(TEXT_TRUSTED(names[j]), TEXT_TRUSTED(names[k])) < 0)
					assert_true(text_compare(TEXT_TRUSTED(names[i]), TEXT_TRUSTED(names[k])) < 0);
		}
	}
}

/* ---- cells ---- */

TEST(a_letter_and_its_marks_are_one_step)
{
	const char *at = "e" ACUTE ACUTE "\xe6\x97\xa5"
			 "x";
	size_t len;
	int width;

	assert_true(text_next_cluster(at, &len, &width));
	assert_int_equal(len, 5);
	assert_int_equal(width, 1);
	assert_true(text_next_cluster(at += len, &len, &width));
	assert_int_equal(len, 3);
	assert_int_equal(width, 2);
	assert_true(text_next_cluster(at += len, &len, &width));
	assert_int_equal(len, 1);
	assert_int_equal(width, 1);
	assert_false(text_next_cluster(at + len, &len, &width));
}

TEST(what_is_not_safe_is_walked_all_the_same)
{
	size_t len;
	int width;

	assert_true(text_next_cluster("\xe2\x82", &len, &width));
	assert_int_equal(len, 1);
	assert_int_equal(width, 1);
	assert_true(text_next_cluster("a\xcc", &len, &width));
	assert_int_equal(len, 1);
	assert_true(text_next_cluster("a" RLO, &len, &width));
	assert_int_equal(len, 1);
}

TEST(a_code_point_has_its_cells)
{
	assert_int_equal(text_char_width('a'), 1);
	assert_int_equal(text_char_width(0x65E5), 2);
	assert_int_equal(text_char_width(0x1F600), 2);
	assert_int_equal(text_char_width(0x301), 0);
	assert_int_equal(text_char_width(0x1B), 0);
	assert_int_equal(text_char_width(0x2502), 1);
	assert_int_equal(text_char_width(0x10FFFF), 0);
	assert_int_equal(text_char_width(0x110000), 0);
	assert_int_equal(text_char_width(UINT32_MAX), 0);
	assert_int_equal(text_char_width(0x40000000 | 'a'), 0);
}

TEST(no_locale_changes_what_a_text_is)
{
	assert_non_null(setlocale(LC_ALL, "C"));
	assert_shown_alike("\xe6\x97\xa5\xe6\x9c\xac");
	assert_int_equal(text_width(TEXT_TRUSTED("\xe6\x97\xa5\xe6\x9c\xac")), 4);
	setlocale(LC_ALL, "");
}

/* ---- UTF-8 ---- */

TEST(utf8_goes_out_as_it_came_in)
{
	FOR_EACH(uint32_t, code_point, 0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF) {
		char buf[UTF8_MAX];
		size_t len = utf8_encode(*code_point, buf);
		uint32_t back = 1;

		assert_int_equal(utf8_decode(buf, len, &back), len);
		assert_int_equal(back, *code_point);
		assert_int_equal(utf8_decode(buf, len - 1, &back), 0);
	}
}

RUN_TESTS("text", NULL, NULL)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/console_filter.h"
#include "unit.h"

#include <vterm.h>

static struct console_filter filter;
static struct console_bytes out;

FIXTURE(a_terminal)
{
	console_filter_init(&filter, true);
}

FIXTURE(no_terminal)
{
	VEC_FREE(&out);
}

static void comes(const char *bytes, size_t len, int64_t now)
{
	console_filter_feed(&filter, bytes, len, now, &out);
}

static void let_through_is(const char *expected)
{
	*VEC_PUSH(&out) = '\0';
	assert_string_equal(out.at, expected);
	out.count = 0;
}

static void becomes(const char *in, const char *expected)
{
	comes(in, strlen(in), 0);
	let_through_is(expected);
}

static void goes_through(const char *in)
{
	becomes(in, in);
}

static void is_dropped(const char *in)
{
	char *framed = keep(mem_printf("<%s>", in));

	becomes(framed, "<>");
}

/* --- what goes through --- */

TEST(ordinary_text_goes_through)
{
	goes_through("Debian GNU/Linux 12 web01 ttyS0\r\n\r\nweb01 login: \b\t");
	goes_through("gr\xc3\xbc\xc3\x9f"
		     "e \xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x90\xa7");
}

TEST(what_editors_need_goes_through)
{
	FOR_EACH(const char *, sequence, "\033[H", "\033[2J", "\033[K", "\033[12;40H", "\033[1;31;48;5;17m",
		 "\033[38:2::1:2:3m", "\033[3A", "\033[5L", "\033[2P", "\033[4h", "\033[4l", "\033[1;24r", "\033[?25l",
		 "\033[?25h", "\033[?1049h", "\033[?1h", "\033=", "\033>", "\0337", "\0338", "\033M", "\033D", "\033E",
		 "\033(0", "\016", "\017", "\033)B", "\033[s", "\033[u", "\033[4 q", "\033[!p", "\033[?2004h", "\033[T",
		 "\033[2S", "\033[7b", "\033[@")
		goes_through(*sequence);
}

TEST(a_sequence_may_come_in_pieces)
{
	static const char whole[] = "a\033[1;31mb\xe4\xb8\xad\033(0\033[?25;1000l\033]0;t\033\\c";

	for (size_t i = 0; i + 1 < sizeof(whole); i++)
		comes(&whole[i], 1, 0);
	let_through_is("a\033[1;31mb\xe4\xb8\xad\033(0\033[?25lc");
}

/* --- what does not --- */

TEST(what_makes_the_terminal_answer_is_dropped)
{
	FOR_EACH(const char *, question, "\033[c", "\033[>c", "\033[=c", "\033[0c", "\033[5n", "\033[6n", "\033[?6n",
		 "\033[?15n", "\033Z", "\005", "\033[x", "\033[14t", "\033[21t", "\033[8;40;80t", "\033[?2026$p",
		 "\033[4$p", "\033[>q", "\033[>0q", "\033[1$w", "\033[1;1;1;1;1;1*y", "\033P$qm\033\\",
		 "\033P+q544e\033\\", "\033]4;1;?\007", "\033]10;?\033\\", "\033[?u", "\033_Gi=1,a=q;AAAA\033\\")
		is_dropped(*question);
}

TEST(titles_clipboards_and_other_strings_are_dropped)
{
	static const char *const strings[] = {
		"\033]0;PWNED\007",       "\033]2;PWNED\033\\",       "\033]52;c;cm0gLXJmIC8K\007",
		"\033]8;;http://x\033\\", "\033]777;notify;a;b\007",  "\033P0;1|17/ab\033\\",
		"\033X...\033\\",         "\033^priv\033\\",          "\033_app\033\\",
		"\033]104\030",           "\033]1337;File=:AAAA\032",
	};

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		is_dropped(strings[i]);
}

TEST(what_changes_the_terminal_for_good_is_dropped)
{
	FOR_EACH(const char *, sequence, "\033[?1000h", "\033[?1003h", "\033[?1006h", "\033[?1004h", "\033[?3h",
		 "\033[?69h", "\033[?2026h", "\033[?9999h", "\033[20h", "\033[2h", "\033[3J", "\033[2;3J", "\033[i",
		 "\033[5i", "\033[?5i", "\033[3g", "\033H", "\033[8;1;1t", "\033[>1u", "\033[>4;2m", "\033[=1u",
		 "\033%@", "\033%G", "\033(K", "\033*0", "\033#8", "\033#3", "\033 F", "\033n", "\033|", "\033l",
		 "\033[1;2;3;4;5T", "\033[5;10s", "\033[1u", "\033[1\"q", "\033[65;1\"p", "\033O", "\033N",
		 "\033[99999C", "\033[;10000H")
		is_dropped(*sequence);
}

TEST(of_several_modes_the_known_ones_go_through)
{
	becomes("\033[?1;1000;25;2026h", "\033[?1;25h");
	is_dropped("\033[?;h");
}

TEST(a_reset_is_a_soft_one)
{
	becomes("\033c", "\033[!p\033[m\033[r\033[2J\033[H");
}

TEST(eight_bit_controls_are_no_controls)
{
	becomes("\x9b"
		"31m\x9d"
		"0;t\x07",
		"?31m?0;t\a");
	becomes("\xc2\x9b"
		"6n",
		"?6n");
}

TEST(bytes_that_are_no_text_become_question_marks)
{
	becomes("\xff\xc0\xaf\xe4\xb8.\xed\xa0\x80", "????.?");
	becomes("\xe2\x80\xaegnp.exe \xef\xbb\xbf", "?gnp.exe ?");
	comes("\0\001\177\021\023", 5, 0);
	let_through_is("");
}

TEST(a_terminal_without_utf8_gets_ascii_alone)
{
	console_filter_init(&filter, false);
	becomes("gr\xc3\xbcn \xe4\xb8\xad.", "gr?n ?.");
}

TEST(a_string_that_never_ends_does_not_silence_the_console)
{
	becomes("\033]0;never ended\nlogin: ", "login: ");
	comes("\033P", 2, 0);
	for (int i = 0; i < CONSOLE_STRING_MAX + 1; i++)
		comes("x", 1, 0);
	becomes("alive", "alive");
}

TEST(a_sequence_that_is_too_long_is_dropped_whole)
{
	comes("\033[", 2, 0);
	for (int i = 0; i < 500; i++)
		comes("1;", 2, 0);
	becomes("mafter", "after");
}

TEST(bells_ring_now_and_then)
{
	comes("\a\a\a", 3, 1000);
	comes("\a", 1, 1000 + CONSOLE_BELL_MS - 1);
	comes("\a", 1, 1000 + CONSOLE_BELL_MS);
	let_through_is("\a\a");
}

/* --- on a terminal --- */

static int answers;

static void on_answer(const char *bytes, size_t len, void *data)
{
	answers += (int)len;
}

static uint32_t noise = 7;

static char draw(const char *from, size_t count)
{
	noise = noise * 1664525 + 1013904223;
	return from[(noise >> 16) % count];
}

/* Sequences made of their usual parts, thousands of them. */
TEST(nothing_that_goes_through_makes_a_terminal_answer)
{
	static const char starts[] = "[[[[[[]P_^XZ(#%c78", middles[] = "0123456789;;?>=$!\" '*",
			  finals[] = "ABcghmnpqrtuxyJKRSTZ\\\a";
	VTerm *vt = vterm_new(24, 80);

	vterm_set_utf8(vt, 1);
	vterm_screen_enable_altscreen(vterm_obtain_screen(vt), 1);
	vterm_screen_reset(vterm_obtain_screen(vt), 1);
	vterm_output_set_callback(vt, on_answer, NULL);
	vterm_input_write(vt, "\033[6n", 4);
	assert_int_not_equal(answers, 0);
	answers = 0;
	for (int i = 0; i < 50000; i++) {
		char sequence[12];
		size_t len = 0;

		sequence[len++] = '\033';
		sequence[len++] = draw(starts, sizeof(starts) - 1);
		for (int n = (int)(noise % 5); n > 0; n--)
			sequence[len++] = draw(middles, sizeof(middles) - 1);
		sequence[len++] = draw(finals, sizeof(finals) - 1);
		comes(sequence, len, i);
		vterm_input_write(vt, out.at, out.count);
		out.count = 0;
	}
	assert_int_equal(answers, 0);
	vterm_free(vt);
}

RUN_TESTS_EACH("console_filter", NULL, NULL, a_terminal, no_terminal)

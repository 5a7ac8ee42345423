/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/unit.h"
#include "ui/tui/term/decode.h"

enum { START = 1000 };

struct stage {
	struct decoder decoder;
	int64_t now;
	char seen[4096]; /* what came out, as a person reads it */
};

static int enter(void **state)
{
	struct stage *stage = mem_zalloc(sizeof(*stage));

	decoder_init(&stage->decoder);
	stage->now = START;
	*state = stage;
	return 0;
}

static int leave(void **state)
{
	struct stage *stage = *state;

	decoder_free(&stage->decoder);
	free(stage);
	return 0;
}

static void note(struct stage *stage, const char *words)
{
	size_t len = strlen(stage->seen);

	snprintf(stage->seen + len, sizeof(stage->seen) - len, "%s%s", len ? " " : "", words);
}

static void take_all(struct stage *stage)
{
	struct input input;
	char words[KEY_NAME_SIZE + 64];

	while (decoder_next(&stage->decoder, stage->now, &input)) {
		if (input.kind == INPUT_PASTE)
			snprintf(words, sizeof(words), "paste(%.40s)", input.paste);
		else if (input.kind == INPUT_BACKGROUND)
			snprintf(words, sizeof(words), input.is_light ? "light" : "dark");
		else if (input.kind == INPUT_CLICK)
			snprintf(words, sizeof(words), "click(%d,%d,%d)", input.row, input.col, input.button);
		else
			key_format(input.key, words);
		note(stage, words);
	}
}

static void feed_bytes(struct stage *stage, const char *bytes, size_t len)
{
	decoder_feed(&stage->decoder, bytes, len, stage->now);
	take_all(stage);
}

static void feed(struct stage *stage, const char *bytes)
{
	feed_bytes(stage, bytes, strlen(bytes));
}

static void wait_ms(struct stage *stage, int64_t ms)
{
	stage->now += ms;
	take_all(stage);
}

static void came(struct stage *stage, const char *expected)
{
	assert_string_equal(stage->seen, expected);
	stage->seen[0] = '\0';
}

TEST(letters_and_controls_are_keys)
{
	struct stage *stage = *state;

	feed(stage, "L\r\t \177\b\n\x01\x1a");
	came(stage, "L Enter Tab Space Backspace Backspace Enter ^A ^Z");
	feed_bytes(stage, "\0", 1);
	came(stage, "^Space");
	feed(stage, "ä中😀");
	came(stage, "ä 中 😀");
}

TEST(sequences_of_all_terminals_are_keys)
{
	struct stage *stage = *state;

	feed(stage, "\033[A\033[B\033[C\033[D\033[H\033[F");
	came(stage, "Up Down Right Left Home End");
	feed(stage, "\033OA\033OP\033[11~\033[[A\033[15~\033[21~\033[24~");
	came(stage, "Up F1 F1 F1 F5 F10 F12");
	feed(stage, "\033[1~\033[4~\033[7~\033[8~\033[5~\033[6~\033[2~\033[3~\033[Z");
	came(stage, "Home End Home End PgUp PgDn Ins Del BackTab");
}

TEST(modifiers_are_told)
{
	struct stage *stage = *state;

	feed(stage, "\033[1;5A\033[1;3Bx\033[3;5~");
	came(stage, "^Up M-Down x ^Del");
	feed(stage, "\033x\033D");
	came(stage, "M-x M-D");
}

TEST(what_is_not_known_is_swallowed_whole)
{
	struct stage *stage = *state;

	feed(stage, "\033[38;5;1Sj");
	feed(stage, "\033[?62;1;6cj");
	feed(stage, "\033[99~j");
	feed(stage, "\033]10;rgb:0000/0000/0000\007j");
	feed(stage, "\033P1$r0m\033\\j");
	feed(stage, "\033[M !!j");
	feed(stage, "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19Sj");
	came(stage, "j j j j j j j");
}

TEST(the_background_that_a_terminal_tells_is_dark_or_light)
{
	struct stage *stage = *state;

	feed(stage, "\033]11;rgb:0000/0000/0000\007j\033]11;rgb:ffff/ffff/dddd\033\\j");
	came(stage, "dark j light j");
	feed(stage, "\033]11;rgb:2e/34/36\007\033]11;rgb:f/f/f\007");
	came(stage, "dark light");
	feed(stage, "\033]11;rgb:ffff/ffff\007j\033]11;rgb:fffff/0/0\007j\033]11;rgb:\007j\033]11;#ffffff\007j");
	feed(stage, "\033]11;rgb:ffff/ffff/ffffL\007j\033P11;rgb:ffff/ffff/ffff\033\\j");
	came(stage, "j j j j j j");
}

TEST(a_lone_esc_is_the_key_once_time_is_up)
{
	struct stage *stage = *state;

	assert_int_equal(decoder_patience_ms(&stage->decoder, stage->now), -1);
	feed(stage, "\033");
	came(stage, "");
	assert_int_equal(decoder_patience_ms(&stage->decoder, stage->now), DECODER_ESC_MS);
	wait_ms(stage, DECODER_ESC_MS - 1);
	came(stage, "");
	wait_ms(stage, 1);
	came(stage, "Esc");
	feed(stage, "\033\033");
	came(stage, "Esc");
	wait_ms(stage, DECODER_ESC_MS);
	came(stage, "Esc");
}

TEST(a_sequence_may_come_in_pieces)
{
	struct stage *stage = *state;

	feed(stage, "\033");
	feed(stage, "[");
	feed(stage, "1;5");
	came(stage, "");
	feed(stage, "C");
	came(stage, "^Right");
	feed(stage, "\xe4\xb8");
	came(stage, "");
	feed(stage, "\xad");
	came(stage, "中");
}

TEST(a_torn_sequence_is_nothing)
{
	struct stage *stage = *state;

	FOR_EACH(const char *, torn, "\033[1;5", "\033O", "\033]0;x", "\033P", "\xe4\xb8", "\033[M") {
		feed(stage, *torn);
		wait_ms(stage, DECODER_ESC_MS);
		came(stage, "");
		feed(stage, "j");
		came(stage, "j");
	}
}

TEST(bad_utf8_is_no_key)
{
	struct stage *stage = *state;

	feed(stage, "\xff\xc0\x80\xed\xa0\x80\x9bj");
	came(stage, "j");
}

TEST(a_paste_is_never_a_key)
{
	struct stage *stage = *state;

	feed(stage, "\033[200~yes\r\033[A\033[201~j");
	came(stage, "paste(yes\r\033[A) j");
	feed(stage, "\033[200~ye");
	came(stage, "");
	feed(stage, "s\033[20");
	feed(stage, "1~");
	came(stage, "paste(yes)");
}

TEST(a_paste_without_end_ends_by_itself)
{
	struct stage *stage = *state;

	feed(stage, "\033[200~yes\r");
	came(stage, "");
	assert_int_equal(decoder_patience_ms(&stage->decoder, stage->now), DECODER_PASTE_MS);
	wait_ms(stage, DECODER_PASTE_MS);
	came(stage, "paste(yes\r)");
	feed(stage, "j");
	came(stage, "j");
}

TEST(a_huge_paste_is_cut)
{
	struct stage *stage = *state;
	struct input input = { 0 };

	decoder_feed(&stage->decoder, "\033[200~", 6, stage->now);
	for (int i = 0; i < 1000; i++) {
		decoder_feed(&stage->decoder, "0123456789", 10, stage->now);
		assert_false(decoder_next(&stage->decoder, stage->now, &input));
	}
	decoder_feed(&stage->decoder, "\033[201~", 6, stage->now);
	assert_true(decoder_next(&stage->decoder, stage->now, &input));
	assert_int_equal(input.kind, INPUT_PASTE);
	assert_int_equal(input.paste_len, DECODER_PASTE_MAX);
}

TEST(clicks_are_told_from_zero)
{
	struct stage *stage = *state;

	feed(stage, "\033[<0;5;3M\033[<0;5;3m\033[<65;1;1M\033[<0;0;0M\033[<;1;1M");
	came(stage, "click(2,4,0) click(0,0,65)");
}

static bool next_is_burst(struct stage *stage)
{
	struct input input;

	assert_true(decoder_next(&stage->decoder, stage->now, &input));
	return input.burst;
}

TEST(what_comes_at_once_is_known_for_it)
{
	struct stage *stage = *state;

	decoder_feed(&stage->decoder, "y", 1, stage->now);
	assert_false(next_is_burst(stage));
	stage->now += 1000;
	decoder_feed(&stage->decoder, "Ly", 2, stage->now);
	assert_true(next_is_burst(stage));
	assert_true(next_is_burst(stage));
	stage->now += DECODER_BURST_MS - 1;
	decoder_feed(&stage->decoder, "y", 1, stage->now);
	assert_true(next_is_burst(stage));
	stage->now += DECODER_BURST_MS;
	decoder_feed(&stage->decoder, "y", 1, stage->now);
	assert_false(next_is_burst(stage));
}

TEST(a_terminal_of_its_own_kind_is_learned)
{
	struct stage *stage = *state;

	decoder_learn(&stage->decoder, "\033[224z", (struct key){ .code = KEYCODE_F1 });
	decoder_learn(&stage->decoder, "x", (struct key){ .code = KEYCODE_F1 });
	feed(stage, "\033[224zx");
	came(stage, "F1 x");
}

TEST(flushing_forgets_what_was_typed_ahead)
{
	struct stage *stage = *state;

	decoder_feed(&stage->decoder, "y\ryes\033[2", 8, stage->now);
	decoder_flush(&stage->decoder);
	take_all(stage);
	came(stage, "");
	feed(stage, "j");
	came(stage, "j");
}

/* Terminals answer in pieces; what is too long to be a key has to stay one thing all the same. */
TEST(the_tail_of_an_endless_sequence_is_no_key)
{
	struct stage *stage = *state;
	char digits[200];

	memset(digits, '1', sizeof(digits));
	feed(stage, "\033[");
	for (int i = 0; i < 5; i++)
		feed_bytes(stage, digits, sizeof(digits));
	feed(stage, ";1S");
	feed(stage, "\033]");
	for (int i = 0; i < 50; i++)
		feed_bytes(stage, digits, sizeof(digits));
	feed(stage, "LDy\033");
	feed(stage, "\\");
	assert_string_equal(stage->seen, "");
	feed(stage, "j");
	assert_string_equal(stage->seen, "j");
}

TEST(noise_ends)
{
	struct stage *stage = *state;
	uint32_t noise = 1;

	for (int i = 0; i < 20000; i++) {
		char bytes[7];

		for (size_t at = 0; at < sizeof(bytes); at++) {
			noise = noise * 1664525 + 1013904223;
			bytes[at] = (char)(noise >> 24);
			if (noise >> 30 == 0)
				bytes[at] = "\033[O<~;0M"[noise >> 8 & 7];
		}
		stage->seen[0] = '\0';
		stage->now += i % 50;
		feed_bytes(stage, bytes, sizeof(bytes));
		assert_true(stage->decoder.bytes.count < 8192);
	}
}

RUN_TESTS_EACH("decode", NULL, NULL, enter, leave)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * decode.h - from a terminal's bytes to keys, pastes and clicks. Pure: no terminal, no curses.
 *
 * An escape sequence is one key or nothing: unknown ones are skipped to their end, so that
 * an "S" inside an answer of the terminal never shuts a VM down. What a terminal
 * pastes comes as one INPUT_PASTE, never as keys. UI thread.
 *
 *	decoder_feed(bytes) -> decoder_next() until false -> decoder_patience_ms() says when to look again
 */
#pragma once

#include "base/vec.h"
#include "engine/key.h"

enum {
	DECODER_ESC_MS = 40,     /* after this, a lone ESC is the Esc key */
	DECODER_PASTE_MS = 2000, /* a paste without an end is ended */
	DECODER_PASTE_MAX = 4096,
	DECODER_BURST_MS = 20, /* keys closer together are not typed by hand */
};

enum input_kind {
	INPUT_KEY,
	INPUT_PASTE,
	INPUT_CLICK,
	INPUT_BACKGROUND, /* the terminal's answer to term_ask_background() */
};

struct input {
	enum input_kind kind;
	struct key key;
	/* Arrived together with others: pasted without bracketing, or typed ahead. Must not confirm anything. */
	bool burst;
	const char *paste; /* bytes from outside, valid until the next call; NUL-terminated */
	size_t paste_len;
	int row, col;  /* INPUT_CLICK, from 0 */
	int button;    /* 0 left, 1 middle, 2 right, 64 wheel up, 65 wheel down */
	bool is_light; /* INPUT_BACKGROUND */
};

struct decoder {
	struct {
		VEC(char);
	} bytes;
	struct {
		VEC(char);
	} paste;
	struct {
		VEC(struct learned {
			char *sequence;
			size_t len;
			struct key key;
		});
	} learned;
	bool is_pasting;
	size_t keys_of_feed;
	int64_t fed_at, key_at;
	bool (*to_unicode)(const char *s, size_t len, size_t *ret_used, uint32_t *ret_code); /* NULL: UTF-8 */
};

void decoder_init(struct decoder *decoder);
void decoder_free(struct decoder *decoder);

/* A key of this very terminal (terminfo); sequences that do not begin with ESC are left out. */
void decoder_learn(struct decoder *decoder, const char *sequence, struct key key);

void decoder_feed(struct decoder *decoder, const char *bytes, size_t len, int64_t now);
bool decoder_next(struct decoder *decoder, int64_t now, struct input *ret_input);
/* Milliseconds until an incomplete sequence is decided without more bytes; -1: there is none. */
int64_t decoder_patience_ms(const struct decoder *decoder, int64_t now);
void decoder_flush(struct decoder *decoder); /* drops typed-ahead input */

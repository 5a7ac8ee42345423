/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_decode.c - bytes of a terminal, or of whoever sits between it and us. The first byte says how many
 * arrive at a time; in which pieces they come must not matter.
 */
#include "base/text.h"
#include "fuzz.h"
#include "ui/tui/term/decode.h"

enum { START_MS = 1000, CALM_MS = 10000 };

struct transcript {
	VEC(char);
};

static void note(struct transcript *transcript, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*VEC_PUSH(transcript) = ((const char *)bytes)[i];
}

static void note_input(struct transcript *transcript, const struct input *input)
{
	note(transcript, &input->kind, sizeof(input->kind));
	switch (input->kind) {
	case INPUT_KEY:
		FUZZ_CHECK(input->key.code >= ' ' && input->key.code <= KEYCODE_LAST);
		note(transcript, &input->key.code, sizeof(input->key.code));
		note(transcript, &input->key.mods, sizeof(input->key.mods));
		break;
	case INPUT_PASTE:
		FUZZ_CHECK(input->paste_len <= DECODER_PASTE_MAX && input->paste[input->paste_len] == '\0');
		note(transcript, input->paste, input->paste_len);
		break;
	case INPUT_CLICK:
		FUZZ_CHECK(input->row >= 0 && input->col >= 0);
		note(transcript, &input->row, sizeof(input->row));
		note(transcript, &input->col, sizeof(input->col));
		note(transcript, &input->button, sizeof(input->button));
		break;
	case INPUT_BACKGROUND:
		note(transcript, &input->is_light, sizeof(input->is_light));
		break;
	}
}

static size_t drain(struct decoder *decoder, int64_t now, struct transcript *transcript)
{
	struct input input;
	size_t count = 0;

	while (decoder_next(decoder, now, &input)) {
		note_input(transcript, &input);
		count++;
	}
	return count;
}

/* What is held back is let go when nothing more comes, and without being asked again and again. */
static size_t wait_until_calm(struct decoder *decoder, struct transcript *transcript, size_t most)
{
	int64_t now = START_MS, patience;
	size_t count = 0;

	for (size_t turns = 0; (patience = decoder_patience_ms(decoder, now)) >= 0; turns++) {
		FUZZ_CHECK(turns <= 2 * most + 2);
		now += patience;
		FUZZ_CHECK(now <= START_MS + CALM_MS * (int64_t)(most + 1));
		count += drain(decoder, now, transcript);
	}
	FUZZ_CHECK(decoder->bytes.count == 0);
	return count;
}

static struct transcript decode(const char *bytes, size_t len, size_t piece)
{
	struct transcript transcript = { 0 };
	struct decoder decoder;
	size_t count = 0;

	decoder_init(&decoder);
	decoder_learn(&decoder, "\033[[A", (struct key){ .code = KEYCODE_F1 });
	for (size_t at = 0; at < len; at += piece) {
		decoder_feed(&decoder, bytes + at, MIN(piece, len - at), START_MS);
		count += drain(&decoder, START_MS, &transcript);
	}
	count += wait_until_calm(&decoder, &transcript, len);
	FUZZ_CHECK(count <= len);
	decoder_flush(&decoder);
	FUZZ_CHECK(decoder_patience_ms(&decoder, START_MS) < 0);
	decoder_free(&decoder);
	return transcript;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript whole, pieces;

	if (size < 2)
		return 0;
	whole = decode((const char *)data + 1, size - 1, size - 1);
	pieces = decode((const char *)data + 1, size - 1, data[0] + 1u);
	FUZZ_CHECK(whole.count == pieces.count);
	FUZZ_CHECK(whole.count == 0 || memcmp(whole.at, pieces.at, whole.count) == 0);
	VEC_FREE(&whole);
	VEC_FREE(&pieces);
	return 0;
}

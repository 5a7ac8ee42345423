/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/term/decode.h"

#include "base/utf8.h"

#define PASTE_END "\033[201~"

enum { SEQUENCE_MAX = 256, STRING_MAX = 4096 };

enum verdict {
	VERDICT_KEY,
	VERDICT_NOTHING, /* swallowed */
	VERDICT_MORE,    /* cut off so far */
};

/* The sequence at the front of the buffer. */
struct front {
	size_t used;
	struct input input;
};

void decoder_init(struct decoder *decoder)
{
	*decoder = (struct decoder){ 0 };
}

void decoder_free(struct decoder *decoder)
{
	for (size_t i = 0; i < decoder->learned.count; i++)
		free(decoder->learned.at[i].sequence);
	VEC_FREE(&decoder->learned);
	VEC_FREE(&decoder->bytes);
	VEC_FREE(&decoder->paste);
}

void decoder_learn(struct decoder *decoder, const char *sequence, struct key key)
{
	if (sequence[0] != '\033' || !sequence[1])
		return;
	*VEC_PUSH(&decoder->learned) =
		(struct learned){ .sequence = mem_strdup(sequence), .len = strlen(sequence), .key = key };
}

void decoder_feed(struct decoder *decoder, const char *bytes, size_t len, int64_t now)
{
	for (size_t i = 0; i < len; i++)
		*VEC_PUSH(&decoder->bytes) = bytes[i];
	decoder->keys_of_feed = 0;
	decoder->fed_at = now;
}

void decoder_flush(struct decoder *decoder)
{
	decoder->bytes.count = 0;
	decoder->paste.count = 0;
	decoder->is_pasting = false;
}

static void consume(struct decoder *decoder, size_t count)
{
	decoder->bytes.count -= count;
	memmove(decoder->bytes.at, decoder->bytes.at + count, decoder->bytes.count);
}

static enum verdict verdict_key(struct front *front, size_t used, uint32_t code, unsigned mods)
{
	front->used = used;
	front->input.kind = INPUT_KEY;
	front->input.key = (struct key){ .code = code, .mods = mods };
	return VERDICT_KEY;
}

static enum verdict verdict_nothing(struct front *front, size_t used)
{
	front->used = used;
	return VERDICT_NOTHING;
}

/* --- escape sequences --- */

static const uint32_t final_codes[128] = {
	['A'] = KEYCODE_UP,   ['B'] = KEYCODE_DOWN,   ['C'] = KEYCODE_RIGHT,    ['D'] = KEYCODE_LEFT,
	['H'] = KEYCODE_HOME, ['F'] = KEYCODE_END,    ['Z'] = KEYCODE_BACK_TAB, ['M'] = KEYCODE_ENTER,
	['P'] = KEYCODE_F1,   ['Q'] = KEYCODE_F1 + 1, ['R'] = KEYCODE_F1 + 2,   ['S'] = KEYCODE_F1 + 3,
};

static const uint32_t tilde_codes[] = {
	[1] = KEYCODE_HOME,    [2] = KEYCODE_INSERT,    [3] = KEYCODE_DELETE,   [4] = KEYCODE_END,
	[5] = KEYCODE_PAGE_UP, [6] = KEYCODE_PAGE_DOWN, [7] = KEYCODE_HOME,     [8] = KEYCODE_END,
	[11] = KEYCODE_F1,     [12] = KEYCODE_F1 + 1,   [13] = KEYCODE_F1 + 2,  [14] = KEYCODE_F1 + 3,
	[15] = KEYCODE_F1 + 4, [17] = KEYCODE_F1 + 5,   [18] = KEYCODE_F1 + 6,  [19] = KEYCODE_F1 + 7,
	[20] = KEYCODE_F1 + 8, [21] = KEYCODE_F1 + 9,   [23] = KEYCODE_F1 + 10, [24] = KEYCODE_F1 + 11,
};

static enum verdict csi_key(struct decoder *decoder, const char *parameters, char final, struct front *front,
			    size_t used)
{
	int number = 1, modifier = 1, button, col, row, len = 0, bits;
	uint32_t code = 0;

	if (parameters[0] == '<') {
		if (sscanf(parameters, "<%4d;%5d;%5d", &button, &col, &row) != 3 || final != 'M' || col < 1 || row < 1)
			return verdict_nothing(front, used);
		front->used = used;
		front->input = (struct input){ .kind = INPUT_CLICK, .row = row - 1, .col = col - 1, .button = button };
		return VERDICT_KEY;
	}
	/* "", "5" or "1;5", and nothing else. */
	sscanf(parameters, "%5d%n;%2d%n", &number, &len, &modifier, &len);
	if (parameters[len])
		return verdict_nothing(front, used);
	if (final == '~' && number == 200) {
		decoder->is_pasting = true;
		return verdict_nothing(front, used);
	}
	if (final == '~' && number > 0 && (size_t)number < ARRAY_SIZE(tilde_codes))
		code = tilde_codes[number];
	else if (final != '~' && final != 'M' && number == 1)
		code = final_codes[final & 0x7f];
	if (!code)
		return verdict_nothing(front, used);
	bits = modifier > 1 && modifier <= 8 ? modifier - 1 : 0; /* xterm's: 1 + shift + 2 alt + 4 ctrl */
	return verdict_key(front, used, code,
			   (bits & 1 ? KEY_SHIFT : 0U) | (bits & 2 ? KEY_ALT : 0U) | (bits & 4 ? KEY_CTRL : 0U));
}

/*
 * Too long to be a key: drops its middle and keeps its start, so that the rest is still skipped
 * and never taken for keys.
 */
static enum verdict shorten(struct decoder *decoder, size_t kept)
{
	decoder->bytes.count = kept;
	return VERDICT_MORE;
}

/* ESC [ parameters intermediates final. Any other byte ends the sequence, which is then ignored. */
static enum verdict take_csi(struct decoder *decoder, const char *s, size_t len, struct front *front)
{
	char parameters[32] = "";
	size_t at = 2;

	if (len > 2 && s[2] == '[') { /* the Linux console's F1 to F5 */
		if (len < 4)
			return VERDICT_MORE;
		return s[3] >= 'A' && s[3] <= 'E' ? verdict_key(front, 4, (uint32_t)(KEYCODE_F1 + s[3] - 'A'), 0)
						  : verdict_nothing(front, 4);
	}
	while (at < len && s[at] >= 0x20 && s[at] <= 0x3f)
		at++;
	if (at == len)
		return len < SEQUENCE_MAX ? VERDICT_MORE : shorten(decoder, SEQUENCE_MAX / 2);
	if (s[at] < 0x40 || s[at] == 0x7f)
		return verdict_nothing(front, at);
	if (at - 2 >= sizeof(parameters))
		return verdict_nothing(front, at + 1);
	memcpy(parameters, s + 2, at - 2);
	if (s[at] == 'M' && at == 2) /* the oldest mouse report: three raw bytes follow */
		return len < 6 ? VERDICT_MORE : verdict_nothing(front, 6);
	return csi_key(decoder, parameters, s[at], front, at + 1);
}

/* "11;rgb:ffff/ffff/dddd", of one to four digits a colour, as xterm answers OSC 11 (ctlseqs, XParseColor(3)). */
static enum verdict verdict_background(const char *answer, size_t len, size_t used, struct front *front)
{
	static const double weights[] = { 0.299, 0.587, 0.114 };
	char text[STRING_MAX];
	char *at = text + strlen("11;rgb:");
	double light = 0;

	snprintf(text, sizeof(text), "%.*s", (int)len, answer);
	if (strncmp(text, "11;rgb:", strlen("11;rgb:")) != 0)
		return verdict_nothing(front, used);
	for (size_t i = 0; i < ARRAY_SIZE(weights); i++) {
		char *end = at + strspn(at, "0123456789abcdefABCDEF");
		size_t digits = (size_t)(end - at);

		if (digits < 1 || digits > 4 || *end != (i < 2 ? '/' : '\0'))
			return verdict_nothing(front, used);
		light += weights[i] * (double)strtoul(at, NULL, 16) / (double)((1U << 4 * digits) - 1);
		at = end + 1;
	}
	front->used = used;
	front->input = (struct input){ .kind = INPUT_BACKGROUND, .is_light = light > 0.5 };
	return VERDICT_KEY;
}

/* An answer of the terminal, up to BEL or ESC \: skipped, but for the one that we ask for. */
static enum verdict take_string(struct decoder *decoder, const char *s, size_t len, struct front *front)
{
	for (size_t at = 2; at < len; at++) {
		const size_t end_len = s[at] == '\a' ? 1 : s[at] == '\033' && at + 1 < len && s[at + 1] == '\\' ? 2 : 0;

		if (end_len && s[1] == ']')
			return verdict_background(s + 2, at - 2, at + end_len, front);
		if (end_len)
			return verdict_nothing(front, at + end_len);
	}
	if (len < STRING_MAX)
		return VERDICT_MORE;
	if (s[len - 1] != '\033')
		return shorten(decoder, 2);
	decoder->bytes.at[2] = '\033'; /* the end may follow it */
	return shorten(decoder, 3);
}

static enum verdict take_character(const struct decoder *decoder, size_t offset, unsigned mods, struct front *front);

static enum verdict take_escape(struct decoder *decoder, struct front *front)
{
	const char *s = decoder->bytes.at;
	size_t len = decoder->bytes.count;
	const struct learned *best = NULL;
	size_t at = 2;
	uint32_t code;

	for (size_t i = 0; i < decoder->learned.count; i++) {
		const struct learned *learned = &decoder->learned.at[i];

		if (learned->len <= len && memcmp(learned->sequence, s, learned->len) == 0 &&
		    (!best || learned->len > best->len))
			best = learned;
	}
	if (best)
		return verdict_key(front, best->len, best->key.code, best->key.mods);
	if (len == 1)
		return VERDICT_MORE;
	switch (s[1]) {
	case '[':
		return take_csi(decoder, s, len, front);
	case 'O':
		while (at < len && s[at] >= '0' && s[at] <= '9')
			at++;
		if (at >= len)
			return len < SEQUENCE_MAX ? VERDICT_MORE : shorten(decoder, SEQUENCE_MAX / 2);
		code = final_codes[s[at] & 0x7f];
		return code ? verdict_key(front, at + 1, code, 0) : verdict_nothing(front, at + 1);
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
		return take_string(decoder, s, len, front);
	case '\033':
		return verdict_key(front, 1, KEYCODE_ESC, 0);
	default:
		return take_character(decoder, 1, KEY_ALT, front);
	}
}

/* --- characters --- */

static enum verdict take_character(const struct decoder *decoder, size_t offset, unsigned mods, struct front *front)
{
	const char *s = decoder->bytes.at + offset;
	size_t len = decoder->bytes.count - offset, used = 0, whole = 1;
	uint32_t code = 0;

	switch (*s) {
	case '\r':
	case '\n':
		return verdict_key(front, offset + 1, KEYCODE_ENTER, mods);
	case '\t':
		return verdict_key(front, offset + 1, KEYCODE_TAB, mods);
	case 0x08:
	case 0x7f:
		return verdict_key(front, offset + 1, KEYCODE_BACKSPACE, mods);
	case 0:
		return verdict_key(front, offset + 1, ' ', mods | KEY_CTRL);
	}
	if ((unsigned char)*s < ' ')
		return verdict_key(front, offset + 1, (uint32_t)*s + (*s < 27 ? 0x60 : 0x40), mods | KEY_CTRL);
	if (decoder->to_unicode) {
		if (!decoder->to_unicode(s, len, &used, &code))
			used = 0;
	} else {
		used = utf8_decode(s, len, &code);
		while (!used && whole < len && (s[whole] & 0xc0) == 0x80)
			whole++;
		if (!used && whole == len && len < utf8_length(*s))
			return VERDICT_MORE; /* the end of the code point has not come yet */
	}
	return used ? verdict_key(front, offset + used, code, mods) : verdict_nothing(front, offset + 1);
}

/* --- pastes --- */

/* Moves bytes from the buffer into the paste. True: its end was found. */
static bool take_paste(struct decoder *decoder)
{
	const size_t end_len = sizeof(PASTE_END) - 1;
	bool is_over = false;
	size_t at = 0;

	for (; at < decoder->bytes.count && !is_over; at++) {
		size_t left = decoder->bytes.count - at;
		size_t same = 0;

		while (same < left && same < end_len && decoder->bytes.at[at + same] == PASTE_END[same])
			same++;
		if (same == end_len) {
			at += end_len - 1;
			is_over = true;
		} else if (same == left) {
			break;
		} else if (decoder->paste.count < DECODER_PASTE_MAX) {
			*VEC_PUSH(&decoder->paste) = decoder->bytes.at[at];
		}
	}
	consume(decoder, at);
	return is_over;
}

/* --- the whole --- */

bool decoder_next(struct decoder *decoder, int64_t now, struct input *ret_input)
{
	while (!decoder->is_pasting && decoder->bytes.count > 0) {
		struct front front = { 0 };
		const bool is_escape = decoder->bytes.at[0] == '\033';
		enum verdict verdict = is_escape ? take_escape(decoder, &front) : take_character(decoder, 0, 0, &front);

		if (verdict == VERDICT_MORE && now - decoder->fed_at < DECODER_ESC_MS)
			return false;
		/* Timeout: a lone ESC is the Esc key, anything else an incomplete sequence. */
		if (verdict == VERDICT_MORE)
			verdict = is_escape && decoder->bytes.count == 1
					  ? verdict_key(&front, 1, KEYCODE_ESC, 0)
					  : verdict_nothing(&front, decoder->bytes.count);
		consume(decoder, front.used);
		if (verdict != VERDICT_KEY)
			continue;
		*ret_input = front.input;
		ret_input->burst = decoder->keys_of_feed > 0 || decoder->bytes.count > 0 ||
				   (decoder->key_at && now - decoder->key_at < DECODER_BURST_MS);
		decoder->keys_of_feed++;
		decoder->key_at = now;
		return true;
	}
	if (!decoder->is_pasting || (!take_paste(decoder) && now - decoder->fed_at < DECODER_PASTE_MS))
		return false;
	*ret_input = (struct input){ .kind = INPUT_PASTE, .burst = true, .paste_len = decoder->paste.count };
	*VEC_PUSH(&decoder->paste) = '\0';
	ret_input->paste = decoder->paste.at;
	decoder->paste.count = 0;
	decoder->is_pasting = false;
	return true;
}

int64_t decoder_patience_ms(const struct decoder *decoder, int64_t now)
{
	int64_t limit = decoder->is_pasting ? DECODER_PASTE_MS : DECODER_ESC_MS;

	if (!decoder->is_pasting && decoder->bytes.count == 0)
		return -1;
	return MAX(limit - (now - decoder->fed_at), 0);
}

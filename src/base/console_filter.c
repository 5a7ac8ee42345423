/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/console_filter.h"

#define ESC 0x1b
#define CSI "\033["
/* What RIS would do as well: drop the scrollback, forget the tab stops. */
#define SOFT_RESET CSI "!p" CSI "m" CSI "r" CSI "2J" CSI "H"

enum state {
	GROUND,
	CHARACTER, /* in the middle of UTF-8 */
	ESCAPE,
	ESCAPE_CHARSET, /* ESC ( or ESC ), which one is in sequence */
	ESCAPE_OTHER,   /* some other intermediate: up to the final byte */
	SEQUENCE,       /* CSI */
	STRING,
};

enum { NUMBER_TOO_LARGE = 10000 }; /* and counted no further */

/* Private modes that a guest may set and reset. */
static const int modes[] = {
	1,                      /* cursor keys */
	5,                      /* reverse screen */
	6,    7,                /* origin, wrap */
	12,   25,               /* cursor: blinks, shows */
	47,   1047, 1048, 1049, /* alternate screen */
	2004,                   /* bracketed paste */
};

void console_filter_init(struct console_filter *filter, bool utf8)
{
	*filter = (struct console_filter){ .utf8 = utf8, .state = GROUND };
}

static void put(struct console_bytes *out, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*VEC_PUSH(out) = bytes[i];
}

static void put_str(struct console_bytes *out, const char *s)
{
	put(out, s, strlen(s));
}

/* --- text --- */

static void end_character(struct console_filter *filter, struct console_bytes *out)
{
	/* clang-format off */
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x00, 0x1f },	    { 0x7f, 0x9f },	{ 0xad, 0xad },	    { 0x61c, 0x61c },	{ 0x200b, 0x200f }, { 0x2028, 0x202e },
		{ 0x2060, 0x206f }, { 0xfdd0, 0xfdef }, { 0xfeff, 0xfeff }, { 0xfff0, 0xfffb }, { 0xe0000, 0xe0fff },
	};
	/* clang-format on */
	uint32_t c;
	bool shows =
		filter->utf8 && utf8_decode(filter->sequence, filter->len, &c) == filter->len && (c & 0xfffe) != 0xfffe;

	for (size_t i = 0; shows && i < ARRAY_SIZE(hidden); i++)
		shows = c < hidden[i].first || c > hidden[i].last;
	filter->state = GROUND;
	if (shows)
		put(out, filter->sequence, filter->len);
	else
		put_str(out, "?");
}

static void take_ground(struct console_filter *filter, char byte, int64_t now, struct console_bytes *out)
{
	if (utf8_length(byte) > 0) {
		filter->sequence[0] = byte;
		filter->len = 1;
		filter->state = CHARACTER;
	} else if ((unsigned char)byte >= 0x80) {
		put_str(out, "?");
	} else if (byte == ESC) {
		filter->state = ESCAPE;
	} else if (byte == '\a') {
		if (now >= filter->bell_at) {
			filter->bell_at = now + CONSOLE_BELL_MS;
			put_str(out, "\a");
		}
	} else if (byte == '\v' || byte == '\f') {
		put_str(out, "\n"); /* as terminals have it */
	} else if ((byte >= ' ' && byte < 0x7f) || (byte && strchr("\r\n\b\t\016\017", byte))) {
		put(out, &byte, 1);
	}
}

/* --- ESC --- */

static void take_escape(struct console_filter *filter, char byte, struct console_bytes *out)
{
	filter->state = GROUND;
	filter->len = 0;
	filter->swallowed = 0;
	if (byte == '[') {
		filter->state = SEQUENCE;
	} else if (byte && strchr("]PX^_", byte)) {
		filter->state = STRING;
		filter->is_osc = byte == ']';
	} else if (byte == '(' || byte == ')') {
		filter->sequence[0] = byte;
		filter->state = ESCAPE_CHARSET;
	} else if (byte >= ' ' && byte <= '/') {
		filter->state = ESCAPE_OTHER;
	} else if (byte == 'c') {
		put_str(out, SOFT_RESET);
	} else if (byte && strchr("78DEM=>", byte)) {
		put(out, (const char[]){ ESC, byte }, 2);
	}
}

/* --- CSI --- */

/* The number at *at, and on to what follows the separator behind it. -1: none stands there. */
static int take_number(const char **at)
{
	int number = -1;

	for (; **at >= '0' && **at <= '9'; (*at)++)
		number = MIN(MAX(number, 0) * 10 + (**at - '0'), NUMBER_TOO_LARGE);
	if (**at)
		(*at)++;
	return number;
}

static bool numbers_hold(const char *numbers, int wanted)
{
	while (*numbers)
		if (take_number(&numbers) == wanted)
			return true;
	return false;
}

static void put_modes(const char *numbers, char final, struct console_bytes *out)
{
	bool any = false;

	while (*numbers) {
		const int mode = take_number(&numbers);
		char digits[16];

		for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
			if (modes[i] != mode)
				continue;
			snprintf(digits, sizeof(digits), "%s%d", any ? ";" : CSI "?", mode);
			put_str(out, digits);
			any = true;
		}
	}
	if (any)
		put(out, &final, 1);
}

/* numbers: digits and separators alone. */
static bool is_harmless(const char *numbers, char final)
{
	if (final == 'm')
		return true;
	if (strchr(numbers, ':'))
		return false;
	if (final == 'J')
		return !numbers_hold(numbers, 3);
	if (final == 'T')
		return !strchr(numbers, ';');
	if (final == 's' || final == 'u')
		return !*numbers;
	if (final == 'h' || final == 'l')
		return strcmp(numbers, "4") == 0;
	return strchr("@ABCDEFGHIKLMPSXZ`abdefr", final) != NULL;
}

static void end_sequence(struct console_filter *filter, char final, struct console_bytes *out)
{
	char *sequence = filter->sequence;
	size_t digits;

	filter->state = GROUND;
	if (filter->len >= sizeof(filter->sequence))
		return;
	sequence[filter->len] = '\0';
	digits = strspn(sequence, "0123456789;:");
	if (*sequence == '?' && (final == 'h' || final == 'l') &&
	    sequence[1 + strspn(sequence + 1, "0123456789;")] == '\0') {
		put_modes(sequence + 1, final, out);
	} else if (numbers_hold(sequence, NUMBER_TOO_LARGE)) {
		return;
	} else if ((!sequence[digits] && is_harmless(sequence, final)) ||
		   (strcmp(sequence, "!") == 0 && final == 'p') ||
		   (digits <= 1 && strcmp(sequence + digits, " ") == 0 && final == 'q')) {
		put_str(out, CSI);
		put_str(out, sequence);
		put(out, &final, 1);
	}
}

/* --- all together --- */

static void take(struct console_filter *filter, char byte, int64_t now, struct console_bytes *out)
{
	if (filter->state > CHARACTER && (byte == ESC || byte == '\030' || byte == '\032')) {
		filter->state = byte == ESC ? ESCAPE : GROUND; /* ends what was under way, whatever it was */
		return;
	}
	if ((unsigned char)byte >= 0x80 && filter->state > CHARACTER && filter->state != STRING)
		filter->state = GROUND;
	switch ((enum state)filter->state) {
	case GROUND:
		take_ground(filter, byte, now, out);
		break;
	case CHARACTER:
		if (((unsigned char)byte & 0xc0) != 0x80) {
			end_character(filter, out); /* it was cut, so it is no character */
			take_ground(filter, byte, now, out);
			break;
		}
		filter->sequence[filter->len++] = byte;
		if (filter->len == utf8_length(filter->sequence[0]))
			end_character(filter, out);
		break;
	case ESCAPE:
		take_escape(filter, byte, out);
		break;
	case ESCAPE_CHARSET:
		filter->state = byte >= ' ' && byte <= '/' ? ESCAPE_OTHER : GROUND;
		if (byte == '0' || byte == 'B')
			put(out, (const char[]){ ESC, filter->sequence[0], byte }, 3);
		break;
	case ESCAPE_OTHER:
		if (byte >= '0' && byte < 0x7f)
			filter->state = GROUND;
		break;
	case SEQUENCE:
		if (byte >= '@' && byte < 0x7f)
			end_sequence(filter, byte, out);
		else if (byte >= ' ' && byte < '@' && filter->len < sizeof(filter->sequence))
			filter->sequence[filter->len++] = byte;
		break;
	case STRING:
		/* One that never ends would make the console fall silent: a new line ends it too, and its length. */
		if (byte == '\n' || (byte == '\a' && filter->is_osc) || ++filter->swallowed > CONSOLE_STRING_MAX)
			filter->state = GROUND;
		break;
	}
}

void console_filter_feed(struct console_filter *filter, const char *bytes, size_t len, int64_t now,
			 struct console_bytes *out)
{
	for (size_t i = 0; i < len; i++)
		take(filter, bytes[i], now, out);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console_filter.h - what of a guest's serial console may reach the terminal of the person who looks at it.
 *
 * The console is the one place where a guest's own sequences are wanted: editors and installers move the cursor.
 * So there is a list of what goes through, and nothing else does:
 *	text        UTF-8 but for C1, bidi marks and invisible characters ("?" instead); CR LF BS TAB;
 *	            BEL now and then; SO, SI
 *	ESC         7 8 D E M = > ; ( ) with 0 or B; c becomes a soft reset and an empty screen
 *	CSI         moving, erasing (not the scrollback), inserting, scrolling, margins, SGR, the cursor's shape,
 *	            and the modes of modes[] in console_filter.c
 * Not: OSC (title, clipboard, palette), DCS, APC, PM, SOS; whatever makes the terminal answer (DA, DSR, DECRQM,
 * ENQ, window reports), since the answer would be typed into the guest; mouse and focus reports; printing;
 * resizing; other character sets; tab stops; 8-bit C1.
 *
 * What does go through is undone by CONSOLE_RESET. A state machine: sequences may be cut anywhere. Any thread.
 */
#pragma once

#include "base/utf8.h"
#include "base/vec.h"

enum { CONSOLE_SEQUENCE_MAX = 64, CONSOLE_STRING_MAX = 4096, CONSOLE_BELL_MS = 250 };

struct console_bytes {
	VEC(char);
};

struct console_filter {
	bool utf8; /* the terminal takes UTF-8 */
	int state;
	char sequence[CONSOLE_SEQUENCE_MAX]; /* of a CSI, without its beginning; or of a character */
	size_t len;
	size_t swallowed; /* of a string */
	bool is_osc;
	int64_t bell_at; /* no bell before */
};

void console_filter_init(struct console_filter *filter, bool utf8);
/* now: clock_ms(). Appends to out; what a byte adds is bounded, and on the whole little more than the input. */
void console_filter_feed(struct console_filter *filter, const char *bytes, size_t len, int64_t now,
			 struct console_bytes *out);

/*
 * A terminal that was lent is a terminal again, whatever was done to it: sequences cut in the middle, alternate
 * screen, modes, keyboard protocols, margins, character sets, colours, cursor. It ends up on the last line.
 */
#define CONSOLE_MODE_OFF(mode) "\033[?" #mode "l"
#define CONSOLE_RESET \
	"\030\033\\" CONSOLE_MODE_OFF(1049) CONSOLE_MODE_OFF(47) "\033[!p\033[4l\033[20l" CONSOLE_MODE_OFF(1) \
		CONSOLE_MODE_OFF(5) CONSOLE_MODE_OFF(6) CONSOLE_MODE_OFF(12) CONSOLE_MODE_OFF(69) CONSOLE_MODE_OFF( \
			9) CONSOLE_MODE_OFF(1000) CONSOLE_MODE_OFF(1001) CONSOLE_MODE_OFF(1002) CONSOLE_MODE_OFF(1003) \
			CONSOLE_MODE_OFF(1004) CONSOLE_MODE_OFF(1005) CONSOLE_MODE_OFF(1006) CONSOLE_MODE_OFF(1015) \
				CONSOLE_MODE_OFF(1016) CONSOLE_MODE_OFF(2004) \
					CONSOLE_MODE_OFF(2026) "\033[?7h\033[?25h\033[<9u\033[>4m\033>" \
							       "\017\033(B\033)B\033[r\033[0 q\033[m\033[999;1H"

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * term.h - the terminal: opened, read, written to, and always restored.
 *
 * Nothing here blocks. The terminal is opened again, so that non-blocking mode does not affect the
 * shell. ncurses composes frames and finds what changed; its bytes go into a memory
 * file, and from there to the terminal as fast as it takes them. While it takes none (Ctrl-S, a dead
 * ssh) no frame is made, and the next one is drawn once it has caught up.
 *
 * Crashes (SIGSEGV, SIGABRT ...), running out of memory and exit() restore the terminal as well,
 * by means that are safe in a signal handler. There is one terminal, hence no handle. UI thread.
 */
#pragma once

#include "engine/loop.h"
#include "ui/tui/term/decode.h"

enum term_event {
	TERM_RESIZED,   /* or resumed: draw */
	TERM_CAUGHT_UP, /* a frame was skipped; now one can be drawn */
	TERM_GONE,      /* hung up: leave */
};

struct term_listener {
	void (*input)(void *data, const struct input *input);
	void (*event)(void *data, enum term_event event);
	void *data;
};

/* False: unusable (ERR_USAGE: no terminal, or a TERM that cannot carry a screen), and nothing was touched. */
bool term_open(struct loop *loop, const struct term_listener *listener, bool mouse, struct err *err);
void term_close(void);

void term_size(int *ret_rows, int *ret_cols);
int term_colors(void); /* 0: none */
/* Asks a terminal that is known to answer for its background (OSC 11): INPUT_BACKGROUND comes, or never. */
void term_ask_background(void);

/* False: the terminal has not taken the last frame yet; draw nothing, TERM_CAUGHT_UP will come. */
bool term_begin_frame(void);
void term_end_frame(void);
void term_redraw(void);      /* the next frame is written whole */
void term_flush_input(void); /* drops typed-ahead input */
void term_suspend(void);     /* to the shell; returns when it comes back */

/*
 * Another program uses the terminal, with its own settings, until term_acquire(): nothing is read, nothing is
 * drawn. term_acquire() resets modes and settings.
 */
void term_release(void);
void term_acquire(void);
void term_print_released(const char *bytes); /* only while it is released: written as they are */
void term_tidy_up(void);                     /* only while it is released: resets modes and settings */

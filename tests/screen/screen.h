/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screen.h - the real program on a pseudo-terminal, seen through a terminal emulator (libvterm).
 *
 *	struct screen *screen = screen_open(24, 80, "--demo=file.conf");
 *	wait_for(screen, "web01");
 *	press(screen, "L");
 *
 * Nothing sleeps: wait_for() reads until the words are there, and fails the test, with the screen as it
 * is, when they do not come. Keys are named as in engine/key.h. What a key does is seen before the next
 * one is pressed, so tests wait for the picture, never for a while.
 */
#ifndef INNKEEPER_TESTS_SCREEN_H
#define INNKEEPER_TESTS_SCREEN_H

#include "base/base.h"

#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

enum { SCREEN_ARGS_MAX = 16, SCREEN_PATIENCE_MS = 60000 };

struct screen_options {
	int rows, cols;
	const char *args[SCREEN_ARGS_MAX]; /* NULL-terminated; the program's own name left out */
	const char *const *env;            /* "NAME=value" or "NAME" to unset; NULL-terminated, on top of the usual */
	bool ignore_hup;
	bool keeps_choices; /* else --no-state: no case sees what another one chose */
	struct {
		int resource;
		unsigned long most;
	} limit;        /* setrlimit(2)'s; none where most is 0 */
	bool as_nobody; /* where the test is root: limits that root is exempt from */
};

struct screen {
	int tty;       /* our end */
	int their_end; /* held open, to look at its settings after they are gone */
	pid_t pid;
	int rows, cols;
	VTerm *vt;
	VTermScreen *cells;
	bool alternate;      /* the alternate screen is shown */
	bool asks;           /* a dialog is shown */
	int64_t asked_until; /* when the last one closed, ms */
	bool cursor_shown;
	struct termios before; /* the terminal's settings when they took it over */
	char *bytes;           /* all that they wrote so far */
	size_t byte_count;
	bool has_ended;
	int status; /* wait status, once ended */
};

struct screen *screen_open(const struct screen_options *options);
/* The demo of a scenario, at rows by cols, in UTF-8. */
struct screen *screen_open_demo(int rows, int cols, const char *scenario, const char *extra);
void screen_close(struct screen *screen); /* kills what still runs; at the end of a case it comes by itself */

/* --- what a person does --- */

/* "L", "^L", "Esc", "Tab Enter": names, between blanks. A person looks: not before a closed dialog lets keys through.
 */
void press(struct screen *screen, const char *keys);
/* Again and again: on a busy machine the key behind an Esc is one with it. */
void press_until_it_ends(struct screen *screen, const char *keys);
/* After a dialog closed: until what is typed is no longer dropped. press() and type_in() do it by themselves. */
void wait_until_heard(struct screen *screen);
void type_in(struct screen *screen, const char *text);                 /* one key after the other */
void send_bytes(struct screen *screen, const char *bytes, size_t len); /* all at once, as they are */
void paste(struct screen *screen, const char *text); /* as a terminal pastes that was asked to say so */
void send_without_reading(struct screen *screen, const char *bytes);
void hang_up(struct screen *screen); /* the terminal is gone */
/* What somebody else writes to the same terminal. */
void send_to_emulator(struct screen *screen, const char *bytes);
void resize(struct screen *screen, int rows, int cols);
/* Types a filter that leaves this VM alone on the screen. */
void go_to_vm(struct screen *screen, const char *vm);
/* Answers a question with y, as soon as it may be answered. words: of the question, gone afterwards. */
void say_yes(struct screen *screen, const char *words);
/* One of these, and what is on the screen then, or no longer. */
void press_to_see(struct screen *screen, const char *keys, const char *words);
void press_to_see_row(struct screen *screen, const char *keys, const char *first, const char *then);
void press_to_close(struct screen *screen, const char *keys, const char *words);
void type_to_see(struct screen *screen, const char *text, const char *words);
void yes_to_see(struct screen *screen, const char *question, const char *words);
void yes_to_see_row(struct screen *screen, const char *question, const char *first, const char *then);

/* --- what a person sees --- */

bool screen_shows(const struct screen *screen, const char *words);
void wait_for(struct screen *screen, const char *words);
void wait_for_row(struct screen *screen, const char *first, const char *then); /* both in one row, in this order */
void wait_until_gone(struct screen *screen, const char *words);
void wait_for_end(struct screen *screen);
void wait_for_end_without_reading(struct screen *screen);
void wait_for_bytes(struct screen *screen, const char *bytes);
/* The text where the terminal's cursor stands begins with these words, blanks left out. */
void wait_for_cursor(struct screen *screen, const char *words);
void wait_for_cursor_behind(struct screen *screen, const char *words); /* where somebody types */
void shows(struct screen *screen, const char *words);
void shows_not(struct screen *screen, const char *words);
/* Row `row` without the blanks at its end; freed by the caller. */
char *row_text(const struct screen *screen, int row);
int row_of(const struct screen *screen, const char *words); /* -1 none */
int col_of(const struct screen *screen, int row, const char *words);
VTermScreenCell cell_at(const struct screen *screen, int row, int col);
/* The whole picture, one line a row; freed by the caller. */
char *screen_text(const struct screen *screen);

/* Reads whatever comes within so many ms; true if anything came. */
bool screen_pump(struct screen *screen, int ms);

int exit_status_of(const struct screen *screen); /* 128 + signal where one ended it */
void terminal_is_as_before(struct screen *screen);
void ends_with(struct screen *screen, int status); /* by itself, and leaves the terminal as it was; closes it */

#endif

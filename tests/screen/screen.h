/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screen.h - the real program on a pseudo-terminal, seen through a terminal emulator (libvterm).
 *
 *	screen_open_demo(24, 80, "file.conf", NULL);
 *	wait_for("web01");
 *	press("L");
 *
 * Nothing sleeps: wait_for() reads until the words are there, and fails the test, with the screen as it
 * is, when they do not come. Keys are named as in engine/key.h. What a key does is seen before the next
 * one is pressed, so tests wait for the picture, never for a while.
 */
#pragma once

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

/* The one that was opened last, which all that follows is about. */
extern struct screen *screen;

void screen_open(const struct screen_options *options);
/* The demo of a scenario, at rows by cols, in UTF-8. */
void screen_open_demo(int rows, int cols, const char *scenario, const char *extra);
void screen_close(void); /* kills what still runs; at the end of a case it comes by itself */

/* --- what a person does --- */

/* "L", "^L", "Esc", "Tab Enter": names, between blanks. A person looks: not before a closed dialog lets keys through.
 */
void press(const char *keys);
/* Again and again: on a busy machine the key behind an Esc is one with it. */
void press_until_it_ends(const char *keys);
/* After a dialog closed: until what is typed is no longer dropped. press() and type_in() do it by themselves. */
void wait_until_heard(void);
void type_in(const char *text);                 /* one key after the other */
void send_bytes(const char *bytes, size_t len); /* all at once, as they are */
void paste(const char *text);                   /* as a terminal pastes that was asked to say so */
void send_without_reading(const char *bytes);
void hang_up(void); /* the terminal is gone */
/* What somebody else writes to the same terminal. */
void send_to_emulator(const char *bytes);
void resize(int rows, int cols);
/* Types a filter that leaves this VM alone on the screen. */
void go_to_vm(const char *vm);
/* Answers a question with y, as soon as it may be answered. words: of the question, gone afterwards. */
void say_yes(const char *words);
/* Both: what asks, and the answer; what takes a text, and the text. */
#define confirm(keys, question)    (press(keys), say_yes(question))
#define press_and_type(keys, text) (press(keys), type_in(text))
/* One of these, and what is on the screen then, or no longer. */
#define press_to_see(keys, words)                       (press(keys), wait_for(words))
#define press_to_see_row(keys, first, then)             (press(keys), wait_for_row(first, then))
#define press_to_close(keys, words)                     (press(keys), wait_until_gone(words))
#define press_to_end(keys, status)                      (press_until_it_ends(keys), ends_with(status))
#define type_to_see(text, words)                        (type_in(text), wait_for(words))
#define press_and_type_to_see(keys, text, words)        (press_and_type(keys, text), wait_for(words))
#define yes_to_see(question, words)                     (say_yes(question), wait_for(words))
#define yes_to_see_row(question, first, then)           (say_yes(question), wait_for_row(first, then))
#define confirm_to_see(keys, question, words)           (confirm(keys, question), wait_for(words))
#define confirm_to_see_row(keys, question, first, then) (confirm(keys, question), wait_for_row(first, then))

/* --- what a person sees --- */

bool screen_shows(const char *words);
void wait_for(const char *words);
void wait_for_row(const char *first, const char *then); /* both in one row, in this order */
void wait_until_gone(const char *words);
void wait_for_end(void);
void wait_for_end_without_reading(void);
void wait_for_bytes(const char *bytes);
/* The text where the terminal's cursor stands begins with these words, blanks left out. */
void wait_for_cursor(const char *words);
void wait_for_cursor_behind(const char *words); /* where somebody types */
void shows(const char *words);
void shows_not(const char *words);
/* Row `row` without the blanks at its end; freed by the caller. */
char *row_text(int row);
int row_of(const char *words); /* -1 none */
int col_of(int row, const char *words);
VTermScreenCell cell_at(int row, int col);
/* The whole picture, one line a row; freed by the caller. */
char *screen_text(void);

/* Reads whatever comes within so many ms; true if anything came. */
bool screen_pump(int ms);

int exit_status_of(void); /* 128 + signal where one ended it */
void terminal_is_as_before(void);
void ends_with(int status); /* by itself, and leaves the terminal as it was; closes it */

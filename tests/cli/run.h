/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - the real program, run with words, and what came of it. On a terminal of its own where a test wants one.
 *
 *	exits(EXIT_DONE, "--demo list --json");  out_has("web01");
 *
 * The program is $INNKEEPER, else ./innkeeper; `FLEET`, `HALF`, `GUESTS`, `DOCTOR`, `DRAINS`, `UNTOLD`, `LATE` and
 *`UNANSWERED` in the words are scenarios beside it.
 */
#pragma once

#include "model/result.h"

#include <sys/types.h>

enum run_with { RUN_PLAIN, RUN_NO_STDIN, RUN_NO_STDOUT, RUN_NO_STDERR, RUN_FULL_DISK, RUN_DEAF_READER };

struct ran {
	int status;      /* exit status; -N: killed by signal N */
	char *out, *err; /* NUL-terminated */
};
extern struct ran ran;

extern const char *run_program; /* NULL: as said above */

/* Once: an empty home, a fixed locale. */
int run_set_up(void **state);
int run_tear_down(void **state);
/* A path in that home; view until the next call. */
const char *run_path(const char *name);
void run_write_file(const char *name, const char *text);

void run(const char *format, ...) PRINTF_LIKE(1, 2);
void exits(enum exit_status status, const char *format, ...) PRINTF_LIKE(2, 3); /* run(), and with which status */
/* The same, with these lines on its standard input, a pipe. */
void reads(enum exit_status status, const char *lines, const char *format, ...) PRINTF_LIKE(3, 4);
/* exits(), and these words are in its standard output, or in its standard error. */
#define prints(status, part, ...)    (exits(status, __VA_ARGS__), out_has(part))
#define complains(status, part, ...) (exits(status, __VA_ARGS__), err_has(part))
void run_with(enum run_with how, const char *words);

/* In pieces: started, and ended by the test. */
pid_t run_start(const char *format, ...) PRINTF_LIKE(1, 2);
void run_finish(int status); /* of ran */
/* Until this is in its standard output so far. */
void run_wait_for_output(const char *part);
void run_kill(int signal); /* what was started last, here or on a terminal */

/* On a terminal: out holds all that was shown. */
void run_on_terminal(const char *format, ...) PRINTF_LIKE(1, 2);
void run_wait_for_screen(const char *part);
void run_type(const char *keys);
/* Waits for the prompt, types the words, and Enter once they are seen behind it. */
void run_answer(const char *prompt, const char *words);
bool run_terminal_echoes(void); /* ... and edits lines, as it does for a shell */
void run_leave_terminal(int status);

void status_is(enum exit_status status);
void out_has(const char *part);
void out_is(const char *whole);
void err_has(const char *part);
void err_is_empty(void);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * child.h - programs of other people: started by their path and a list of arguments, never through a shell.
 *
 * A child gets no descriptor but 0, 1 and 2, the usual signals, and an environment of known names alone: what
 * makes the loader run other people's code (LD_PRELOAD), and what may be secret, stays with us. UI thread.
 */
#pragma once

#include "engine/loop.h"

/*
 * The program's path: owned. name is looked up in $PATH, where relative places, places that everybody can write
 * to, and files of strangers do not count; or it is absolute. NULL: err.
 */
char *child_find_program(const char *name, struct err *err);

struct child_plan {
	const char *const *argv; /* [0]: for child_find_program(); NULL-terminated */
	/*
	 * True: it has our terminal, in our process group; whoever starts it has left the screen. ^C and ^\ are its
	 * alone. False: a session of its own, /dev/null to read from and to write to; it outlives us.
	 */
	bool has_terminal;
};

/*
 * Once, from the loop. wait_status: waitpid(2)'s. last_words: without a terminal, the last line that it wrote to
 * stderr, of the first 64 KiB (view).
 */
typedef void child_over_fn(void *data, int wait_status, struct safe_text last_words);

struct child;
struct child *child_start(struct loop *loop, const struct child_plan *plan, child_over_fn *over, void *data,
			  struct err *err);
/* Over is not called any more; it is left to run, or with hang_up told to end. NULL is fine. */
void child_forget(struct child *child, bool hang_up);

void child_free_list(char **list); /* NULL-terminated, of words that are owned; NULL is fine */

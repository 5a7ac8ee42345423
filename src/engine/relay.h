/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * relay.h - the terminal is a guest's serial console for a while.
 *
 * What is typed goes to a descriptor, what comes from there goes through base/console_filter.h to the terminal,
 * from the loop, both ways without blocking. ^] leaves, whatever either side does: it is looked for before
 * anything else, and typed bytes that the guest does not take are dropped. Afterwards, and when the process
 * dies, the terminal is reset and gets its settings back. One at a time. UI thread.
 */
#pragma once

#include "engine/loop.h"

enum relay_end {
	RELAY_LEFT,   /* ^] */
	RELAY_CLOSED, /* the other side ended it */
	RELAY_GONE,   /* the terminal hung up */
};

const char *relay_end_words(enum relay_end end); /* for records: "left" */

struct relay;
/* Once, from the loop, when the terminal is given back and the relay is no more. */
typedef void relay_over_fn(void *data, enum relay_end end);

/* fd: a stream socket that does not block; owned from here on, even where it fails. hello: the first line. */
struct relay *relay_start(struct loop *loop, int fd, struct safe_text hello, relay_over_fn *over, void *data,
			  struct err *err);
/* Ends it from outside; over is not called. NULL is fine. */
void relay_stop(struct relay *relay);

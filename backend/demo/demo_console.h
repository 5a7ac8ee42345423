/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_console.h - a simulated serial console: a getty that asks who is there, and lets nobody in. On Windows, SAC.
 *
 * It sits at one end of a socket pair and is served by the loop. UI thread, but for creating it.
 */
#ifndef INNKEEPER_DEMO_CONSOLE_H
#define INNKEEPER_DEMO_CONSOLE_H

#include "backend/demo/demo_host.h"
#include "engine/loop.h"

struct demo_console;

/* False: it is over, for the host's part: the guest stopped, or somebody else took it. Asked every moment. */
typedef bool demo_console_lives_fn(void *data, const struct uuid *uuid, unsigned serial);
/* Once. After it the console is no more. */
typedef void demo_console_over_fn(void *data, const struct demo_console *console);

struct demo_console_place {
	struct loop *loop;
	struct uuid uuid;
	unsigned serial;
	demo_console_lives_fn *lives;
	demo_console_over_fn *over;
	void *data;
};

/* Any thread; with the host locked. fd: owned from here on. */
struct demo_console *demo_console_create(const struct demo_guest *guest, const struct demo_console_place *place,
					 int fd);
void demo_console_start(struct demo_console *console);
void demo_console_end(struct demo_console *console);
const struct demo_console_place *demo_console_place(const struct demo_console *console);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loop.h - the one poll(): descriptors, timers, signals, and the queue of other threads.
 *
 * Values cross threads through loop_post() and nowhere else. Everything but loop_post() is for the
 * UI thread. Signals arrive as ordinary callbacks (self-pipe), never in handler context.
 */
#pragma once

#include "base/err.h"

struct loop;
typedef void loop_fn(void *data);
typedef void loop_fd_fn(void *data, int fd, short revents);

struct loop *loop_create(struct err *err);
/* Runs what was posted and not yet run, then frees. No thread may post any more. */
void loop_destroy(struct loop *loop);

/* Any thread. fn(data) runs on the UI thread, in the order posted. Never blocks, never fails. */
void loop_post(struct loop *loop, loop_fn *fn, void *data);

/* events: poll(2)'s. One watch a descriptor; fn NULL ends it. */
void loop_watch(struct loop *loop, int fd, short events, loop_fd_fn *fn, void *data);
/* fn NULL: the signal does again what it did before. One loop at a time has signals. */
void loop_on_signal(struct loop *loop, int signal_number, loop_fn *fn, void *data);

/* Timers: one shot, set again from their own callback where they should repeat. id > 0. */
int loop_after(struct loop *loop, int64_t ms, loop_fn *fn, void *data);
void loop_cancel_timer(struct loop *loop, int id); /* 0 and past ids are fine */

/* Runs once after each batch of callbacks, in the order given: the place to draw. */
void loop_on_idle(struct loop *loop, loop_fn *fn, void *data);

/* One turn: waits at most max_wait_ms (-1: until something happens), then runs what is due. */
void loop_turn(struct loop *loop, int64_t max_wait_ms);
void loop_run(struct loop *loop); /* turns until loop_quit() */
void loop_quit(struct loop *loop);

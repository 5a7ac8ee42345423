/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stderr_capture.h - while the screen is ours, what anything in this process writes to stderr (a library's
 * warning, glib's last words) would stand in the middle of it. So it becomes lines of the event log.
 *
 * Only where stderr is a terminal: who sent it elsewhere finds it there. A build with a sanitizer leaves
 * stderr alone, its report is for whoever runs the tests.
 */
#ifndef INNKEEPER_STDERR_CAPTURE_H
#define INNKEEPER_STDERR_CAPTURE_H

#include "engine/loop.h"

void stderr_capture_open(struct loop *loop);
/* stderr is what it was; what nobody has read yet becomes lines. */
void stderr_capture_close(void);

/* Async-signal-safe, any number of times: these two turn with the screen. */
void stderr_capture_on(void);
void stderr_capture_off(void);
/* Async-signal-safe, at a crash, after off: what nobody has read yet goes to stderr. */
void stderr_capture_pour_out(void);

#endif

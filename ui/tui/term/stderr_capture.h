/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stderr_capture.h - while the screen is in use, anything written to stderr in this process (a library's
 * warning, an abort message of glib) would garble it. It becomes lines of the event log instead.
 *
 * Only if stderr is a terminal; redirected output is left alone. A build with a sanitizer leaves
 * stderr alone, because its report is for the test run.
 */
#pragma once

#include "engine/loop.h"

void stderr_capture_open(struct loop *loop);
/* Restores stderr; unread bytes become log lines. */
void stderr_capture_close(void);

/* Async-signal-safe, any number of times: on and off with the screen. */
void stderr_capture_on(void);
void stderr_capture_off(void);
/* Async-signal-safe, at a crash, after off: unread bytes go to stderr. */
void stderr_capture_pour_out(void);

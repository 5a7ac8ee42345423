/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * written.h - what was written to a terminal or into a file, byte by byte: is there anything in it that a guest could
 * have put there?
 */
#pragma once

#include <stddef.h>

#define ASKS_BACKGROUND "\033]11;?\033\\" /* what the dashboard asks the terminal at the start */

/*
 * Every escape sequence is one of terminfo's for this terminal, or switches bracketed paste or the mouse; every control
 * is one that moves the cursor, or CAN, which ends a torn sequence; everything else is text that may stand on a screen.
 */
void only_what_terminfo_knows_was_written(const char *term);

/* Every line of the file is safe text: no control, no escape, nothing invisible. Returns the number of lines. */
size_t every_line_is_safe(const char *path);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * term_type.h - what terminfo knows of the terminal that TERM names.
 */
#ifndef INNKEEPER_TERM_TYPE_H
#define INNKEEPER_TERM_TYPE_H

#include "base/err.h"
#include "ui/tui/term/decode.h"

/* False: ERR_USAGE; it is not known, or cannot carry a screen. Before curses is there. */
bool term_type_check(struct err *err);
/* The bytes that its keys send. After newterm(). */
void term_type_teach_keys(struct decoder *decoder);

#endif

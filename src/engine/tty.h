/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tty.h - the terminal as bytes: opened anew, so that not blocking is ours alone and not the shell's as well,
 * and its settings as they were.
 */
#pragma once

#include "base/err.h"

#include <sys/types.h>
#include <termios.h>

struct tty {
	int fd;         /* -1: none */
	bool is_shared; /* could not be opened anew: writing may block */
	struct termios cooked, raw;
};

/* That of standard output. False: there is none; tty->fd is -1. */
bool tty_open(struct tty *tty, struct err *err);
void tty_close(struct tty *tty); /* settings stay as they are; may be closed already */
/* As much as it takes now: bytes, or -1 with errno (EAGAIN: none). */
ssize_t tty_write(const struct tty *tty, const char *bytes, size_t len);
/* At the end: all of it, unless the terminal takes nothing for a fifth of a second. Async-signal-safe. */
void tty_write_patiently(const struct tty *tty, const char *bytes, size_t len);
bool tty_is_utf8(void);

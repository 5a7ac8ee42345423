/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state_dir.h - $XDG_STATE_HOME/innkeeper (XDG Base Directory Specification 0.8), made 0700 when needed.
 * A relative or empty variable counts as unset: then $HOME/.local/state. Worker thread: a disk may hang.
 */
#pragma once

#include "base/err.h"

/* What the demo leaves, in a folder of its own: it may be removed at any time. */
#define STATE_DIR_DEMO "demo"

/*
 * An open directory, the caller closes it; -1 with err, and errno ENOENT only where it was never made. sub: a folder
 * in it, or NULL. It, and what lies in it, is a directory and no link, belongs to us, and others cannot write to it.
 * What lies above may be a link; it belongs to root or to us, and others cannot write to it where it is not sticky.
 */
int state_dir_open(const char *sub, bool create, struct err *err);

/* For words: where name of sub lies. Owned. */
char *state_dir_path(const char *sub, const char *name);

/* What was written to fd (a file, or a directory of new names) is on disk when it returns; a signal changes nothing. */
bool state_sync(int fd);
/* A file in an open directory, 0600: whole or not at all, whenever the power goes. False: errno. */
bool state_write(int dir, const char *name, const char *text);

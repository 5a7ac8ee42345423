/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tail.h - the last lines of a file that somebody else writes: a log. Worker thread: a disk may hang.
 */
#pragma once

#include "base/err.h"
#include "base/vec.h"

enum { TAIL_BYTES_MAX = 256 * 1024, TAIL_LINES_MAX = 400 };

struct tail {
	VEC(struct safe_text); /* owned, oldest first */
	bool is_cut;           /* there was more before them */
};

/*
 * At most the last TAIL_LINES_MAX lines of the last TAIL_BYTES_MAX bytes; with a needle, those of them that hold
 * it. at_fd: a directory, or AT_FDCWD. Regular files alone, no symbolic link. False: err.
 */
bool tail_read(int at_fd, const char *path, const char *needle, struct tail *ret_tail, struct err *err);
void tail_free(struct tail *tail);

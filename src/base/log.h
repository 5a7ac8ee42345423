/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - what happened: a ring in memory for the event view (`e`), and a file where --log names one.
 *
 * The file is written by the log's own thread, so a hung disk holds up nobody. It is made with mode
 * 0600 and only added to; a symbolic link or a terminal is refused. One record is one line, whatever
 * a guest put into it. Its first write failure is told once, in the ring; where the disk is slower
 * than the events, the file says how many lines it misses.
 * Debug lines go to the file only. Any thread may log. Nothing here writes to the terminal.
 */
#pragma once

#include "base/err.h"

#include <time.h>

enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_ERROR,
};

enum { LOG_RING_LINES = 512 };

struct log_line {
	time_t when;
	enum log_level level;
	struct safe_text text; /* view, valid inside the log_visit() callback */
};

bool log_open_file(const char *path, struct err *err);
void log_close(void); /* flushes, for at most 500 ms */

void log_add(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3); /* %s: safe or ours */

/* Calls visit for each line in the ring, oldest first, under the log's lock: visit must not log. */
void log_visit(void (*visit)(const struct log_line *line, void *data), void *data);

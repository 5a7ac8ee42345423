/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - what happened: a ring in memory for the event view (`e`), and a file where --log names one.
 *
 * The file is written by the log's own thread, so a hung disk holds up nobody; it is opened with
 * O_NOFOLLOW | O_APPEND | O_CLOEXEC and mode 0600. Its first write failure is told once, in the ring.
 * Any thread may log. Nothing here writes to the terminal.
 */
#ifndef INNKEEPER_LOG_H
#define INNKEEPER_LOG_H

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
void log_close(void); /* flushes for at most 500 ms */

void log_add(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3); /* %s: safe or ours */

/* Calls visit for each line in the ring, oldest first, under the log's lock. */
void log_visit(void (*visit)(const struct log_line *line, void *data), void *data);
/* Grows with each line: lets a view see that something is new. */
uint64_t log_count(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write_buffer.h - a buffer of bytes for a terminal that may be slow.
 */
#ifndef INNKEEPER_WRITE_BUFFER_H
#define INNKEEPER_WRITE_BUFFER_H

#include "base/vec.h"
#include "engine/tty.h"

struct write_buffer {
	VEC(char);
	size_t sent;
};

void write_buffer_add(struct write_buffer *write_buffer, const char *bytes, size_t len);
void write_buffer_add_str(struct write_buffer *write_buffer, const char *s);
void write_buffer_add_file(struct write_buffer *write_buffer, int fd); /* all that is in it; it is empty afterwards */
/* Writes as much as the terminal accepts now. If it is gone, drops all: reading reports that. */
void write_buffer_send(struct write_buffer *write_buffer, const struct tty *tty);
bool write_buffer_is_empty(const struct write_buffer *write_buffer);
void write_buffer_forget(struct write_buffer *write_buffer); /* what waits */
void write_buffer_free(struct write_buffer *write_buffer);

#endif

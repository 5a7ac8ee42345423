/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/term/write_buffer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static char *make_room(struct write_buffer *write_buffer, size_t len)
{
	while (write_buffer->count + len > write_buffer->room)
		write_buffer->at = vec_grow(write_buffer->at, write_buffer->room, &write_buffer->room, 1);
	return write_buffer->at + write_buffer->count;
}

void write_buffer_add(struct write_buffer *write_buffer, const char *bytes, size_t len)
{
	if (len == 0)
		return;
	memcpy(make_room(write_buffer, len), bytes, len);
	write_buffer->count += len;
}

void write_buffer_add_str(struct write_buffer *write_buffer, const char *s)
{
	write_buffer_add(write_buffer, s, strlen(s));
}

void write_buffer_add_file(struct write_buffer *write_buffer, int fd)
{
	off_t size = lseek(fd, 0, SEEK_CUR);
	ssize_t n;

	if (size <= 0)
		return;
	n = pread(fd, make_room(write_buffer, (size_t)size), (size_t)size, 0);
	if (n > 0)
		write_buffer->count += (size_t)n;
	if (ftruncate(fd, 0) == 0)
		lseek(fd, 0, SEEK_SET);
}

void write_buffer_send(struct write_buffer *write_buffer, const struct tty *tty)
{
	ssize_t n = 0;

	while (write_buffer->sent < write_buffer->count) {
		n = tty_write(tty, write_buffer->at + write_buffer->sent, write_buffer->count - write_buffer->sent);
		if (n <= 0)
			break;
		write_buffer->sent += (size_t)n;
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		write_buffer->sent = write_buffer->count;
	if (write_buffer->sent == write_buffer->count)
		write_buffer_forget(write_buffer);
}

bool write_buffer_is_empty(const struct write_buffer *write_buffer)
{
	return write_buffer->count == 0;
}

void write_buffer_forget(struct write_buffer *write_buffer)
{
	write_buffer->count = write_buffer->sent = 0;
}

void write_buffer_free(struct write_buffer *write_buffer)
{
	VEC_FREE(write_buffer);
	write_buffer->sent = 0;
}

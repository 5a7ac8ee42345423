/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/outbox.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static char *make_room(struct outbox *outbox, size_t len)
{
	while (outbox->count + len > outbox->room)
		outbox->at = vec_grow(outbox->at, outbox->room, &outbox->room, 1);
	return outbox->at + outbox->count;
}

void outbox_add(struct outbox *outbox, const char *bytes, size_t len)
{
	if (len == 0)
		return;
	memcpy(make_room(outbox, len), bytes, len);
	outbox->count += len;
}

void outbox_add_str(struct outbox *outbox, const char *s)
{
	outbox_add(outbox, s, strlen(s));
}

void outbox_add_file(struct outbox *outbox, int fd)
{
	off_t size = lseek(fd, 0, SEEK_CUR);
	ssize_t n;

	if (size <= 0)
		return;
	n = pread(fd, make_room(outbox, (size_t)size), (size_t)size, 0);
	if (n > 0)
		outbox->count += (size_t)n;
	if (ftruncate(fd, 0) == 0)
		lseek(fd, 0, SEEK_SET);
}

void outbox_send(struct outbox *outbox, const struct tty *tty)
{
	ssize_t n = 0;

	while (outbox->sent < outbox->count) {
		n = tty_write(tty, outbox->at + outbox->sent, outbox->count - outbox->sent);
		if (n <= 0)
			break;
		outbox->sent += (size_t)n;
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		outbox->sent = outbox->count;
	if (outbox->sent == outbox->count)
		outbox_forget(outbox);
}

bool outbox_is_empty(const struct outbox *outbox)
{
	return outbox->count == 0;
}

void outbox_forget(struct outbox *outbox)
{
	outbox->count = outbox->sent = 0;
}

void outbox_free(struct outbox *outbox)
{
	VEC_FREE(outbox);
	outbox->sent = 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_regular(int at_fd, const char *path, struct stat *st, struct err *err)
{
	const int fd = openat(at_fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0) {
		err_set_errno(err, errno, _("cannot read %s"), path);
		return -1;
	}
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	err_set(err, ERR_SYSTEM, _("%s: not a regular file"), path);
	return -1;
}

static void take_line(struct tail *tail, const char *line, size_t len, const char *needle)
{
	if (needle && !memmem(line, len, needle, strlen(needle)))
		return;
	if (tail->count == TAIL_LINES_MAX) {
		text_free(&tail->at[0]);
		VEC_REMOVE(tail, 0);
		tail->is_cut = true;
	}
	*VEC_PUSH(tail) = text_sanitize(line, len, TEXT_CAP_LINE);
}

static void take_lines(struct tail *tail, const char *bytes, size_t len, const char *needle)
{
	const char *at = bytes, *end = bytes + len;

	if (tail->is_cut) { /* in the middle of one, most likely */
		const char *first = memchr(at, '\n', len);

		at = first ? first + 1 : at;
	}
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t line_len = (size_t)((newline ? newline : end) - at);

		take_line(tail, at, line_len && at[line_len - 1] == '\r' ? line_len - 1 : line_len, needle);
		at += line_len + (newline != NULL);
		if (!newline)
			break;
	}
}

bool tail_read(int at_fd, const char *path, const char *needle, struct tail *ret_tail, struct err *err)
{
	struct tail tail = { 0 };
	struct stat st;
	const int fd = open_regular(at_fd, path, &st, err);
	char *bytes;
	ssize_t n;

	if (fd < 0)
		return false;
	bytes = mem_zalloc(TAIL_BYTES_MAX);
	tail.is_cut = st.st_size > TAIL_BYTES_MAX;
	n = pread(fd, bytes, TAIL_BYTES_MAX, tail.is_cut ? st.st_size - TAIL_BYTES_MAX : 0);
	if (n < 0)
		err_set_errno(err, errno, _("cannot read %s"), path);
	else
		take_lines(&tail, bytes, (size_t)n, needle);
	close(fd);
	free(bytes);
	if (n < 0)
		return false;
	*ret_tail = tail;
	return true;
}

void tail_free(struct tail *tail)
{
	for (size_t i = 0; i < tail->count; i++)
		text_free(&tail->at[i]);
	VEC_FREE(tail);
}

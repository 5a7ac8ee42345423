/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void take_lines(struct tail *tail, const char *bytes, size_t len, const char *needle)
{
	const char *at = bytes, *end = bytes + len;

	if (tail->is_cut) { /* in the middle of one, most likely */
		const char *first = memchr(at, '\n', len);

		at = first ? first + 1 : at;
	}
	for (const char *newline; at < end; at = newline ? newline + 1 : end) {
		size_t line_len;

		newline = memchr(at, '\n', (size_t)(end - at));
		line_len = (size_t)((newline ? newline : end) - at);
		line_len -= line_len && at[line_len - 1] == '\r';
		if (needle && !memmem(at, line_len, needle, strlen(needle)))
			continue;
		if (tail->count == TAIL_LINES_MAX) {
			text_free(&tail->at[0]);
			VEC_REMOVE(tail, 0);
			tail->is_cut = true;
		}
		*VEC_PUSH(tail) = text_sanitize(at, line_len, TEXT_CAP_LINE);
	}
}

bool tail_read(int at_fd, const char *path, const char *needle, struct tail *ret_tail, struct err *err)
{
	struct tail tail = { 0 };
	struct stat st;
	const int fd = openat(at_fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	OWN(bytes) char *bytes = NULL;
	ssize_t n;

	if (fd < 0)
		return err_set_errno(err, errno, _("cannot read %s"), path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(err, ERR_SYSTEM, _("%s: not a regular file"), path);
	}
	bytes = mem_zalloc(TAIL_BYTES_MAX);
	tail.is_cut = st.st_size > TAIL_BYTES_MAX;
	n = pread(fd, bytes, TAIL_BYTES_MAX, tail.is_cut ? st.st_size - TAIL_BYTES_MAX : 0);
	if (n < 0)
		err_set_errno(err, errno, _("cannot read %s"), path);
	else
		take_lines(&tail, bytes, (size_t)n, needle);
	close(fd);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <strings.h>
#include <unistd.h>

enum {
	SHARED_WRITE_MAX = 256, /* what a terminal takes without blocking once poll() says it takes something */
	PATIENCE_MS = 200,
	TURN_MS = 20,
};

bool tty_open(struct tty *tty, struct err *err)
{
	const char *name = ttyname(STDOUT_FILENO);
	const int flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;

	tty->fd = name ? open(name, flags) : -1;
	if (tty->fd < 0)
		tty->fd = open("/dev/tty", flags); /* after su the terminal's own name may be closed to us */
	tty->is_shared = tty->fd < 0;
	if (tty->fd < 0)
		tty->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (tty->fd < 0 || tcgetattr(tty->fd, &tty->cooked) < 0) {
		err_set_errno(err, errno, _("cannot open the terminal"));
		tty_close(tty);
		return false;
	}
	tty->raw = tty->cooked;
	cfmakeraw(&tty->raw);
	return true;
}

void tty_close(struct tty *tty)
{
	if (tty->fd >= 0)
		close(tty->fd);
	tty->fd = -1;
}

ssize_t tty_write(const struct tty *tty, const char *bytes, size_t len)
{
	struct pollfd pollfd = { .fd = tty->fd, .events = POLLOUT };

	if (!tty->is_shared)
		return write(tty->fd, bytes, len);
	if (poll(&pollfd, 1, 0) == 1 && (pollfd.revents & POLLOUT))
		return write(tty->fd, bytes, MIN(len, SHARED_WRITE_MAX));
	errno = EAGAIN;
	return -1;
}

void tty_write_patiently(const struct tty *tty, const char *bytes, size_t len)
{
	struct pollfd pollfd = { .fd = tty->fd, .events = POLLOUT };
	ssize_t n;

	for (int patience = PATIENCE_MS / TURN_MS; len > 0 && patience > 0;) {
		if (poll(&pollfd, 1, TURN_MS) <= 0) {
			patience--;
			continue;
		}
		n = write(tty->fd, bytes, MIN(len, SHARED_WRITE_MAX));
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
}

bool tty_is_utf8(void)
{
	return strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

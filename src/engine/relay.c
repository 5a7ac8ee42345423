/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/relay.h"

#include "base/clock.h"
#include "base/console_filter.h"
#include "base/crash.h"
#include "engine/tty.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum {
	LEAVE_KEY = 035, /* ^] */
	READ_MAX = 4096,
	TO_GUEST_MAX = 4096,
	TO_TERMINAL_MAX = 32 * 1024, /* more is not read from the guest before the terminal took this */
};

struct relay {
	struct loop *loop;
	int fd;
	relay_over_fn *over;
	void *data;
	struct console_filter filter;
	struct console_bytes to_terminal;
	size_t sent;
	char to_guest[TO_GUEST_MAX];
	size_t to_guest_len;
	bool closed; /* the other side; what it said last is still shown */
};

/* What a signal handler gives back. */
static struct tty lent = { .fd = -1 };
static volatile sig_atomic_t is_lent;

static void give_back(void)
{
	if (!is_lent)
		return;
	is_lent = 0;
	tty_write_patiently(&lent, CONSOLE_RESET, sizeof(CONSOLE_RESET) - 1);
	tcsetattr(lent.fd, TCSANOW, &lent.cooked);
}

static void take_again(void)
{
	tcsetattr(lent.fd, TCSANOW, &lent.raw);
	is_lent = 1;
}

static void on_tty(void *data, int fd, short revents);
static void on_guest(void *data, int fd, short revents);

static void watch(struct relay *relay)
{
	const bool behind = relay->sent < relay->to_terminal.count;
	const bool has_room = relay->to_terminal.count - relay->sent < TO_TERMINAL_MAX;
	const short from_guest = !relay->closed && has_room ? POLLIN : 0;
	const short events = (short)(from_guest | (relay->to_guest_len && !relay->closed ? POLLOUT : 0));

	loop_watch(relay->loop, lent.fd, (short)(POLLIN | (behind ? POLLOUT : 0)), on_tty, relay);
	/* Whoever waits for nothing would still hear of the other side's end, again and again. */
	loop_watch(relay->loop, relay->fd, events, events ? on_guest : NULL, relay);
}

void relay_stop(struct relay *relay)
{
	if (!relay)
		return;
	loop_watch(relay->loop, lent.fd, 0, NULL, NULL);
	loop_watch(relay->loop, relay->fd, 0, NULL, NULL);
	loop_on_signal(relay->loop, SIGTSTP, NULL, NULL);
	loop_on_signal(relay->loop, SIGCONT, NULL, NULL);
	give_back();
	tty_close(&lent);
	close(relay->fd);
	VEC_FREE(&relay->to_terminal);
	free(relay);
}

static void end(struct relay *relay, enum relay_end how)
{
	relay_over_fn *over = relay->over;
	void *data = relay->data;

	relay_stop(relay);
	over(data, how);
}

/* --- both ways --- */

static void send_to_guest(struct relay *relay)
{
	const ssize_t n = relay->to_guest_len ? write(relay->fd, relay->to_guest, relay->to_guest_len) : 0;

	if (n > 0) {
		relay->to_guest_len -= (size_t)n;
		memmove(relay->to_guest, relay->to_guest + n, relay->to_guest_len);
	}
}

static void go_on(struct relay *relay)
{
	ssize_t n = 0;

	while (relay->sent < relay->to_terminal.count) {
		n = tty_write(&lent, relay->to_terminal.at + relay->sent, relay->to_terminal.count - relay->sent);
		if (n <= 0)
			break;
		relay->sent += (size_t)n;
	}
	if (relay->sent == relay->to_terminal.count)
		relay->to_terminal.count = relay->sent = 0;
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		end(relay, RELAY_GONE);
	else if (relay->closed && relay->to_terminal.count == 0)
		end(relay, RELAY_CLOSED);
	else
		watch(relay);
}

static void on_tty(void *data, int fd, short revents)
{
	struct relay *relay = data;
	char bytes[READ_MAX];
	const char *leave_key = NULL;
	bool gone = false;
	size_t len;
	ssize_t n = 0;

	if (revents & ~POLLOUT) {
		n = read(fd, bytes, sizeof(bytes));
		gone = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
		leave_key = n > 0 ? memchr(bytes, LEAVE_KEY, (size_t)n) : NULL;
	}
	if (n > 0) {
		len = leave_key ? (size_t)(leave_key - bytes) : (size_t)n;
		len = MIN(len, sizeof(relay->to_guest) - relay->to_guest_len);
		memcpy(relay->to_guest + relay->to_guest_len, bytes, len);
		relay->to_guest_len += len;
		send_to_guest(relay);
	}
	if (leave_key)
		end(relay, RELAY_LEFT);
	else if (gone || revents & (POLLHUP | POLLERR | POLLNVAL))
		end(relay, RELAY_GONE);
	else
		go_on(relay);
}

static void on_guest(void *data, int fd, short revents)
{
	struct relay *relay = data;
	char bytes[READ_MAX];
	ssize_t n;

	if (revents & POLLOUT)
		send_to_guest(relay);
	if (revents & ~POLLOUT) {
		n = read(fd, bytes, sizeof(bytes));
		if (n > 0)
			console_filter_feed(&relay->filter, bytes, (size_t)n, clock_ms(), &relay->to_terminal);
		else if (n == 0 || (errno != EAGAIN && errno != EINTR))
			relay->closed = true;
	}
	go_on(relay);
}

/* --- stopped, and going on --- */

static void on_tstp(void *data UNUSED)
{
	struct sigaction by_default = { .sa_handler = SIG_DFL }, ours;

	give_back();
	sigaction(SIGTSTP, &by_default, &ours);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
	take_again();
}

static void on_cont(void *data UNUSED)
{
	take_again();
}

const char *relay_end_words(enum relay_end end)
{
	static const char *const words[] = {
		[RELAY_LEFT] = "left",
		[RELAY_CLOSED] = "ended by the other side",
		[RELAY_GONE] = "the terminal hung up",
	};

	return words[end];
}

struct relay *relay_start(struct loop *loop, int fd, struct safe_text hello, relay_over_fn *over, void *data,
			  struct err *err)
{
	struct relay *relay;

	if (!tty_open(&lent, err)) {
		close(fd);
		return NULL;
	}
	relay = mem_zalloc(sizeof(*relay));
	relay->loop = loop;
	relay->fd = fd;
	relay->over = over;
	relay->data = data;
	console_filter_init(&relay->filter, tty_is_utf8());
	console_filter_feed(&relay->filter, text_str(hello), strlen(text_str(hello)), clock_ms(), &relay->to_terminal);
	console_filter_feed(&relay->filter, "\r\n", 2, clock_ms(), &relay->to_terminal);
	crash_run(give_back);
	loop_on_signal(loop, SIGTSTP, on_tstp, relay);
	loop_on_signal(loop, SIGCONT, on_cont, relay);
	tcflush(lent.fd, TCIFLUSH);
	take_again();
	watch(relay);
	return relay;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serial consoles: a worker opens one, the UI thread keeps it. A getty asks who is there, and lets nobody in; on
 * Windows, SAC. It sits at one end of a socket pair and is served by the loop.
 */
#include "backend/demo/demo_turn.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOK_MS = 100, LINE_MAX_BYTES = 256, READ_MAX_BYTES = 512, ENTER = '\r', BACKSPACE = 0x7f, ERASE_LINE = 0x15 };

struct demo_console {
	struct demo *demo; /* a reference */
	struct demo_guest *guest;
	unsigned serial;
	int fd, timer;
	bool is_windows, speaks, wants_password;
	size_t len; /* of the line that is being typed */
};

/* What nobody reads is lost, as on a real line. */
static void say(const struct demo_console *console, const char *words)
{
	if (write(console->fd, words, strlen(words)) < 0)
		return;
}

static void prompt(const struct demo_console *console)
{
	if (console->is_windows) {
		say(console, "SAC>");
	} else if (console->wants_password) {
		say(console, "Password: ");
	} else {
		say(console, demo_guest_hostname(console->guest));
		say(console, " login: ");
	}
}

static void take_key(struct demo_console *console, char key)
{
	if (key == ENTER) {
		say(console, "\r\n");
		if (console->is_windows && console->len)
			say(console, "Unrecognized command. Type \"?\" or \"help\" for the list of commands.\r\n");
		else if (console->wants_password)
			say(console, "\r\nLogin incorrect\r\n");
		console->wants_password = !console->is_windows && !console->wants_password && console->len;
		console->len = 0;
		prompt(console);
	} else if (key == BACKSPACE || key == ERASE_LINE) {
		while (console->len > 0) {
			console->len--;
			if (!console->wants_password)
				say(console, "\b \b");
			if (key == BACKSPACE)
				break;
		}
	} else if ((unsigned char)key >= ' ' && console->len < LINE_MAX_BYTES) {
		console->len++;
		if (!console->wants_password)
			say(console, (const char[]){ key, '\0' });
	}
}

void demo_console_end(struct demo_console *console)
{
	struct demo *demo = console->demo;

	loop_watch(demo->loop, console->fd, 0, NULL, NULL);
	loop_cancel_timer(demo->loop, console->timer);
	close(console->fd);
	for (size_t i = demo->consoles.count; i-- > 0;)
		if (demo->consoles.at[i] == console)
			VEC_REMOVE(&demo->consoles, i);
	pthread_mutex_lock(&demo->lock);
	if (console->guest->console_serial == console->serial)
		console->guest->console_open = false;
	pthread_mutex_unlock(&demo->lock);
	free(console);
	demo_unref(demo);
}

static void on_typed(void *data, int fd, short revents UNUSED)
{
	struct demo_console *console = data;
	char bytes[READ_MAX_BYTES];
	const ssize_t n = read(fd, bytes, sizeof(bytes));

	for (ssize_t i = 0; i < n && console->speaks; i++)
		take_key(console, bytes[i]);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		demo_console_end(console);
}

/* It is over where the guest stopped, or somebody else took the console. */
static void on_timer(void *data)
{
	struct demo_console *console = data;
	const struct demo_guest *guest = console->guest;
	struct demo *demo = console->demo;
	bool lives;

	console->timer = 0;
	pthread_mutex_lock(&demo->lock);
	demo_catch_up(demo);
	lives = guest->domain_id >= 0 && guest->console_open && guest->console_serial == console->serial &&
		!demo->stopping && demo_host_is_connected(&demo->host);
	pthread_mutex_unlock(&demo->lock);
	if (lives)
		console->timer = loop_after(demo->loop, LOOK_MS, on_timer, console);
	else
		demo_console_end(console);
}

static void on_console_posted(void *data)
{
	struct demo_console *console = data;
	const struct demo_os *os = console->guest->os;

	*VEC_PUSH(&console->demo->consoles) = console;
	if (console->speaks) {
		if (console->guest->plan->console)
			say(console, console->guest->plan->console);
		if (!console->is_windows) {
			say(console, "\r\n");
			say(console, os->pretty_name ? os->pretty_name : os->name);
			say(console, " ");
			say(console, demo_guest_hostname(console->guest));
			say(console, " ttyS0\r\n\r\n");
		}
		prompt(console);
	}
	loop_watch(console->demo->loop, console->fd, POLLIN, on_typed, console);
	on_timer(console);
}

bool demo_console(struct backend *be, int slot UNUSED, const struct uuid *uuid, bool force, int *ret_fd,
		  struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter_to_write(demo, uuid, err);
	struct demo_console *console;
	int fds[2];

	if (!guest)
		return demo_leave(demo, false);
	if (guest->domain_id < 0)
		return demo_leave(demo, err_set(err, ERR_NOT_RUNNING, _("the VM is not running; start it first")));
	if (guest->plan->no_console)
		return demo_leave(
			demo,
			err_set(err, ERR_UNSUPPORTED,
				_("this VM has no serial console; add <console type='pty'/> to its configuration, "
				  "and in the guest console=ttyS0 to the kernel's command line")));
	if (guest->console_open && !force)
		return demo_leave(
			demo,
			err_set(err, ERR_BUSY, _("this console is in use; `innkeeper console --force` takes it over")));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
		return demo_leave(demo, err_set_errno(err, errno, _("no socket for the console")));
	console = mem_zalloc(sizeof(*console));
	*console = (struct demo_console){
		.demo = demo,
		.guest = guest,
		.serial = ++guest->console_serial,
		.fd = fds[0],
		.is_windows = guest->os->family == FAMILY_WINDOWS,
		.speaks = demo_guest_is_running(guest),
	};
	guest->console_open = true;
	demo->references++;
	loop_post(demo->loop, on_console_posted, console);
	*ret_fd = fds[1];
	return demo_leave(demo, true);
}

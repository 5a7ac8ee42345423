/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_console.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 100, LINE_MAX_BYTES = 256, READ_MAX_BYTES = 512, ENTER = '\r', BACKSPACE = 0x7f, ERASE_LINE = 0x15 };

struct demo_console {
	struct demo_console_place place;
	int fd;
	int timer;
	bool is_windows, speaks;
	char *system, *name, *greeting;
	bool wants_password;
	char line[LINE_MAX_BYTES];
	size_t len;
};

struct demo_console *demo_console_create(const struct demo_guest *guest, const struct demo_console_place *place, int fd)
{
	struct demo_console *console = mem_zalloc(sizeof(*console));
	const struct demo_vm_plan *plan = guest->plan;

	console->place = *place;
	console->fd = fd;
	console->is_windows = guest->os->family == FAMILY_WINDOWS;
	console->speaks = demo_guest_is_running(guest);
	console->system = mem_strdup(guest->os->pretty_name ? guest->os->pretty_name : guest->os->name);
	console->name = mem_strdup(plan->hostname ? plan->hostname : plan->name);
	console->greeting = plan->console ? mem_strdup(plan->console) : NULL;
	return console;
}

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
		say(console, console->name);
		say(console, " login: ");
	}
}

static void greet(const struct demo_console *console)
{
	if (console->greeting)
		say(console, console->greeting);
	if (!console->is_windows) {
		say(console, "\r\n");
		say(console, console->system);
		say(console, " ");
		say(console, console->name);
		say(console, " ttyS0\r\n\r\n");
	}
	prompt(console);
}

static void take_line(struct demo_console *console)
{
	say(console, "\r\n");
	if (console->is_windows && console->len)
		say(console, "Unrecognized command. Type \"?\" or \"help\" for the list of commands.\r\n");
	else if (console->wants_password)
		say(console, "\r\nLogin incorrect\r\n");
	console->wants_password = !console->is_windows && !console->wants_password && console->len;
	console->len = 0;
	prompt(console);
}

static void take_key(struct demo_console *console, char key)
{
	const bool echoes = !console->wants_password;

	if (key == ENTER) {
		take_line(console);
	} else if (key == BACKSPACE || key == ERASE_LINE) {
		while (console->len > 0) {
			console->len--;
			if (echoes)
				say(console, "\b \b");
			if (key == BACKSPACE)
				break;
		}
	} else if ((unsigned char)key >= ' ' && console->len < LINE_MAX_BYTES) {
		console->line[console->len++] = key;
		if (echoes)
			say(console, (const char[]){ key, '\0' });
	}
}

const struct demo_console_place *demo_console_place(const struct demo_console *console)
{
	return &console->place;
}

void demo_console_end(struct demo_console *console)
{
	loop_watch(console->place.loop, console->fd, 0, NULL, NULL);
	loop_cancel_timer(console->place.loop, console->timer);
	close(console->fd);
	console->place.over(console->place.data, console);
	free(console->system);
	free(console->name);
	free(console->greeting);
	free(console);
}

static void on_typed(void *data, int fd, short revents)
{
	struct demo_console *console = data;
	char bytes[READ_MAX_BYTES];
	const ssize_t n = read(fd, bytes, sizeof(bytes));

	(void)revents;
	for (ssize_t i = 0; i < n && console->speaks; i++)
		take_key(console, bytes[i]);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		demo_console_end(console);
}

static void on_timer(void *data)
{
	struct demo_console *console = data;

	console->timer = 0;
	if (!console->place.lives(console->place.data, &console->place.uuid, console->place.serial))
		demo_console_end(console);
	else
		console->timer = loop_after(console->place.loop, LOOK_MS, on_timer, console);
}

void demo_console_start(struct demo_console *console)
{
	if (console->speaks)
		greet(console);
	loop_watch(console->place.loop, console->fd, POLLIN, on_typed, console);
	on_timer(console);
}

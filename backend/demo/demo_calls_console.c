/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Serial consoles: a worker opens one, the UI thread keeps it. */
#include "backend/demo/demo_console.h"
#include "backend/demo/demo_turn.h"

#include <errno.h>
#include <sys/socket.h>

static bool console_lives(void *data, const struct uuid *uuid, unsigned serial)
{
	struct demo *demo = data;
	const struct demo_guest *guest;
	bool lives;

	pthread_mutex_lock(&demo->lock);
	demo_catch_up(demo);
	guest = demo_host_find(&demo->host, uuid);
	lives = guest && guest->domain_id >= 0 && guest->console_open && guest->console_serial == serial &&
		!demo->stopping && demo_host_is_connected(&demo->host);
	pthread_mutex_unlock(&demo->lock);
	return lives;
}

static void on_console_over(void *data, const struct demo_console *console)
{
	const struct demo_console_place *place = demo_console_place(console);
	struct demo *demo = data;
	struct demo_guest *guest;

	for (size_t i = demo->consoles.count; i-- > 0;)
		if (demo->consoles.at[i] == console)
			VEC_REMOVE(&demo->consoles, i);
	pthread_mutex_lock(&demo->lock);
	guest = demo_host_find(&demo->host, &place->uuid);
	if (guest && guest->console_serial == place->serial)
		guest->console_open = false;
	pthread_mutex_unlock(&demo->lock);
	demo_unref(demo);
}

static void on_console_posted(void *data)
{
	struct demo *demo = demo_console_place(data)->data;

	*VEC_PUSH(&demo->consoles) = data;
	demo_console_start(data);
}

static bool may_sit_down(const struct demo_guest *guest, bool force, struct err *err)
{
	if (guest->domain_id < 0)
		return err_set(err, ERR_NOT_RUNNING, _("the VM is not running; start it first"));
	if (guest->plan->no_console)
		return err_set(err, ERR_UNSUPPORTED,
			       _("this VM has no serial console; add <console type='pty'/> to its configuration, and "
				 "in the guest console=ttyS0 to the kernel's command line"));
	if (guest->console_open && !force)
		return err_set(err, ERR_BUSY, _("this console is in use; `innkeeper console --force` takes it over"));
	return true;
}

/* Lock held. */
static bool sit_down(struct demo *demo, struct demo_guest *guest, int *ret_fd, struct err *err)
{
	struct demo_console_place place = {
		.loop = demo->loop, .uuid = guest->uuid, .lives = console_lives, .over = on_console_over, .data = demo
	};
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
		return err_set_errno(err, errno, _("no socket for the console"));
	guest->console_open = true;
	place.serial = ++guest->console_serial;
	demo->references++;
	loop_post(demo->loop, on_console_posted, demo_console_create(guest, &place, fds[0]));
	*ret_fd = fds[1];
	return true;
}

bool demo_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd, struct err *err)
{
	struct demo *demo = demo_of(be);
	struct demo_guest *guest = demo_enter(demo, uuid, err);
	bool ok;

	(void)slot;
	ok = guest && demo_may_write(demo, guest, err) && may_sit_down(guest, force, err) &&
	     sit_down(demo, guest, ret_fd, err);
	return demo_leave(demo, ok);
}

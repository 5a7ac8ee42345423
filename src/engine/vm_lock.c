/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/vm_lock.h"
#include "base/user.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static socklen_t lock_address(const struct uuid *uuid, bool is_private, struct sockaddr_un *ret)
{
	char text[UUID_TEXT_SIZE];

	uuid_format(uuid, text);
	memset(ret, 0, sizeof(*ret));
	ret->sun_family = AF_UNIX;
	if (is_private)
		snprintf(ret->sun_path + 1, sizeof(ret->sun_path) - 1, "innkeeper/%ld/%s", (long)getpid(), text);
	else
		snprintf(ret->sun_path + 1, sizeof(ret->sun_path) - 1, "innkeeper/%s", text);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(ret->sun_path + 1));
}

static void say_who(const struct sockaddr_un *address, socklen_t len, struct err *err)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct ucred who = { .pid = 0 };
	socklen_t who_len = sizeof(who);
	char user[USER_NAME_SIZE];

	if (fd >= 0 && connect(fd, (const struct sockaddr *)address, len) == 0 &&
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &who_len) < 0)
		who.pid = 0;
	if (fd >= 0)
		close(fd);
	if (!who.pid) {
		err_set(err, ERR_UNEXPECTED, "%s", _("another innkeeper is working on this VM; wait until it is done"));
		return;
	}
	user_name(who.uid, user);
	err_set(err, ERR_UNEXPECTED,
		_("another innkeeper is working on this VM (user %s, process %ld); wait until it is done"), user,
		(long)who.pid);
}

int vm_lock_take(const struct uuid *uuid, bool is_private, struct err *err)
{
	struct sockaddr_un address;
	const socklen_t len = lock_address(uuid, is_private, &address);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		err_set_errno(err, errno, "%s", _("the lock of this VM cannot be taken"));
		return -1;
	}
	if (bind(fd, (const struct sockaddr *)&address, len) == 0 && listen(fd, 8) == 0)
		return fd;
	if (errno == EADDRINUSE)
		say_who(&address, len, err);
	else
		err_set_errno(err, errno, "%s", _("the lock of this VM cannot be taken"));
	close(fd);
	return -1;
}

void vm_lock_release(int lock)
{
	if (lock >= 0)
		close(lock);
}

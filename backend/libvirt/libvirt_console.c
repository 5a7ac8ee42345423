/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A domain's serial console: a libvirt stream on one side, a socket on the other.
 *
 * Each has a connection of its own. Once it is open, libvirt's event loop moves the bytes, without blocking. A thread
 * of the console waits for the end, because ending a stream asks the host, which may hang.
 */
#include "backend/libvirt/domain_info.h"
#include "backend/libvirt/libvirt_calls.h"
#include "backend/libvirt/libvirt_host.h"
#include "base/thread.h"

#include <errno.h>
#include <libvirt/virterror.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_SIZE = 16 * 1024 };

struct stream_buffer {
	char bytes[BUFFER_SIZE];
	size_t len;
};

struct console {
	/* the opener's, then the closing thread's */
	struct connection *connection;
	virDomainPtr dom;
	pthread_cond_t changed;
	atomic_int references; /* the closing thread's, and each registration's */

	pthread_mutex_t lock; /* guards what follows */
	virStreamPtr stream;
	int fd, watch;
	struct stream_buffer to_guest, to_person;
	bool guest_ended; /* its last bytes are still delivered */
	bool over;
};

/* Threads that have not closed their console yet: the end of the process waits for them. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int count;
} closing = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static void count_closing(int by)
{
	pthread_mutex_lock(&closing.lock);
	closing.count += by;
	pthread_cond_broadcast(&closing.changed);
	pthread_mutex_unlock(&closing.lock);
}

bool libvirt_consoles_are_closed(int64_t wait_ms)
{
	struct timespec until = thread_deadline(CLOCK_REALTIME, wait_ms);
	bool closed;

	pthread_mutex_lock(&closing.lock);
	while (closing.count > 0 && pthread_cond_timedwait(&closing.changed, &closing.lock, &until) == 0)
		;
	closed = closing.count == 0;
	pthread_mutex_unlock(&closing.lock);
	return closed;
}

static void unref(void *data)
{
	struct console *console = data;

	if (atomic_fetch_sub(&console->references, 1) > 1)
		return;
	pthread_cond_destroy(&console->changed);
	pthread_mutex_destroy(&console->lock);
	free(console);
}

/* --- moving bytes: the event loop's thread, under lock --- */

static void drop_front(struct stream_buffer *buffer, size_t count)
{
	buffer->len -= count;
	memmove(buffer->bytes, buffer->bytes + count, buffer->len);
}

static void move_to_person(struct console *console)
{
	struct stream_buffer *buffer = &console->to_person;

	if (!console->guest_ended && buffer->len < BUFFER_SIZE) {
		const int n = virStreamRecv(console->stream, buffer->bytes + buffer->len, BUFFER_SIZE - buffer->len);

		if (n > 0)
			buffer->len += (size_t)n;
		else if (n != -2)
			console->guest_ended = true;
	}
	if (buffer->len) {
		const ssize_t n = write(console->fd, buffer->bytes, buffer->len);

		if (n > 0)
			drop_front(buffer, (size_t)n);
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			console->over = true;
	}
	if (console->guest_ended && buffer->len == 0)
		console->over = true;
}

static void move_to_guest(struct console *console)
{
	struct stream_buffer *buffer = &console->to_guest;

	if (buffer->len < BUFFER_SIZE) {
		const ssize_t n = read(console->fd, buffer->bytes + buffer->len, BUFFER_SIZE - buffer->len);

		if (n > 0)
			buffer->len += (size_t)n;
		else if (n == 0 || (errno != EAGAIN && errno != EINTR))
			console->over = true;
	}
	if (buffer->len) {
		const int n = virStreamSend(console->stream, buffer->bytes, buffer->len);

		if (n > 0)
			drop_front(buffer, (size_t)n);
		else if (n == -1)
			console->guest_ended = true;
	}
}

static void move_bytes(struct console *console)
{
	int stream_events = 0, socket_events = 0;

	pthread_mutex_lock(&console->lock);
	if (console->over) {
		pthread_mutex_unlock(&console->lock);
		return;
	}
	move_to_person(console);
	move_to_guest(console);
	if (!console->guest_ended && console->to_person.len < BUFFER_SIZE)
		stream_events |= VIR_STREAM_EVENT_READABLE;
	if (console->to_guest.len)
		stream_events |= VIR_STREAM_EVENT_WRITABLE;
	if (console->to_guest.len < BUFFER_SIZE)
		socket_events |= VIR_EVENT_HANDLE_READABLE;
	if (console->to_person.len)
		socket_events |= VIR_EVENT_HANDLE_WRITABLE;
	virStreamEventUpdateCallback(console->stream, console->over ? 0 : stream_events);
	if (console->over) {
		virEventRemoveHandle(console->watch);
		pthread_cond_signal(&console->changed);
	} else {
		virEventUpdateHandle(console->watch, socket_events);
	}
	pthread_mutex_unlock(&console->lock);
}

static void on_stream(virStreamPtr stream UNUSED, int events UNUSED, void *data)
{
	move_bytes(data);
}

static void on_socket(int watch UNUSED, int fd UNUSED, int events UNUSED, void *data)
{
	move_bytes(data);
}

/* --- closing: a thread of its own --- */

static void *close_when_over(void *data)
{
	struct console *console = data;

	pthread_mutex_lock(&console->lock);
	while (!console->over)
		pthread_cond_wait(&console->changed, &console->lock);
	close(console->fd);
	pthread_mutex_unlock(&console->lock);
	virStreamEventRemoveCallback(console->stream);
	virStreamAbort(console->stream);
	virStreamFree(console->stream);
	virDomainFree(console->dom);
	connection_close(console->connection);
	connection_destroy(console->connection);
	unref(console);
	count_closing(-1);
	return NULL;
}

/* --- opening: the slot's thread --- */

static bool open_stream(struct console *console, virConnectPtr conn, const struct uuid *uuid, bool force,
			struct err *err)
{
	const unsigned flags = force ? VIR_DOMAIN_CONSOLE_FORCE : VIR_DOMAIN_CONSOLE_SAFE;
	struct err why = { 0 };
	OWN(bytes) char *xml = NULL;
	int code;

	console->dom = domain_find(conn, uuid, err);
	if (!console->dom)
		return false;
	console->stream = virStreamNew(conn, VIR_STREAM_NONBLOCK);
	if (!console->stream)
		return libvirt_err_last(conn, err);
	if (virDomainOpenConsole(console->dom, NULL, console->stream, flags) == 0)
		return true;
	/* Drivers without exclusive consoles know no flags for them. */
	code = virGetLastErrorCode();
	if ((code == VIR_ERR_INVALID_ARG || code == VIR_ERR_ARGUMENT_UNSUPPORTED) &&
	    virDomainOpenConsole(console->dom, NULL, console->stream, 0) == 0)
		return true;
	if (virGetLastErrorCode() == VIR_ERR_OPERATION_FAILED)
		return err_set(err, ERR_BUSY, _("this console is in use; `innkeeper console --force` takes it over"));
	domain_err_last(console->dom, conn, NULL, &why);
	if (why.kind == ERR_UNEXPECTED)
		xml = virDomainGetXMLDesc(console->dom, 0);
	if (xml && !strstr(xml, "<console ") && !strstr(xml, "<serial "))
		err_set(&why, ERR_UNSUPPORTED,
			_("this VM has no serial console; add <console type='pty'/> to its configuration, and "
			  "in the guest console=ttyS0 to the kernel's command line"));
	if (err)
		*err = why;
	return false;
}

static bool start(struct console *console, virConnectPtr conn, const struct uuid *uuid, bool force, int *ret_fd,
		  struct err *err)
{
	pthread_t thread;
	int fds[2], failure;

	if (!open_stream(console, conn, uuid, force, err))
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
		return err_set_errno(err, errno, _("no socket for the console"));
	console->fd = fds[0];
	/* Under lock: the first bytes may come before both are registered. */
	pthread_mutex_lock(&console->lock);
	atomic_fetch_add(&console->references, 1);
	if (virStreamEventAddCallback(console->stream, VIR_STREAM_EVENT_READABLE, on_stream, console, unref) == 0) {
		atomic_fetch_add(&console->references, 1);
		console->watch = virEventAddHandle(console->fd, VIR_EVENT_HANDLE_READABLE, on_socket, console, unref);
	}
	if (console->watch < 0)
		atomic_fetch_sub(&console->references, 1);
	pthread_mutex_unlock(&console->lock);
	if (console->watch < 0) {
		close(fds[1]);
		return libvirt_err_last(conn, err);
	}
	count_closing(+1);
	failure = thread_start(&thread, 0, close_when_over, console);
	if (failure) {
		count_closing(-1);
		virEventRemoveHandle(console->watch);
		close(fds[1]);
		return err_set_errno(err, failure, _("cannot start a thread for the console"));
	}
	pthread_detach(thread);
	*ret_fd = fds[1];
	return true;
}

bool libvirt_console(struct backend *be, int slot UNUSED, const struct uuid *uuid, bool force, int *ret_fd,
		     struct err *err)
{
	struct libvirt_host *host = (struct libvirt_host *)be;
	struct console *console;
	virConnectPtr conn;

	if (!atomic_load(&host->up))
		return err_set(err, ERR_UNREACHABLE, _("%s is not connected"), be->config.name);
	if (!libvirt_may_write(be, err))
		return false;
	console = mem_zalloc(sizeof(*console));
	console->connection = libvirt_host_connection(host, NULL);
	console->fd = console->watch = -1;
	atomic_init(&console->references, 1);
	pthread_mutex_init(&console->lock, NULL);
	pthread_cond_init(&console->changed, NULL);
	conn = connection_acquire(console->connection, be->config.connect_timeout_ms, err);
	if (conn && start(console, conn, uuid, force, ret_fd, err))
		return true;
	console->over = true;
	if (console->stream) {
		virStreamEventRemoveCallback(console->stream);
		virStreamAbort(console->stream);
		virStreamFree(console->stream);
	}
	if (console->dom)
		virDomainFree(console->dom);
	if (console->fd >= 0)
		close(console->fd);
	connection_close(console->connection);
	connection_destroy(console->connection);
	unref(console);
	return false;
}

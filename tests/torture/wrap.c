/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wrap.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

struct wrap wrap;

void wrap_begin(const struct wrap_plan *plan)
{
	wrap.plan = *plan;
	wrap.allocs = wrap.calls = 0;
}

static void point(void)
{
	if (wrap.point)
		wrap.point();
}

static void done(const char *call, int fd)
{
	if (wrap.done)
		wrap.done(call, fd);
	point();
}

static bool fail(int error)
{
	if (wrap.plan.failed)
		*wrap.plan.failed = true;
	errno = error;
	return true;
}

static bool fails(const char *call)
{
	point();
	if (!wrap.plan.call || strcmp(call, wrap.plan.call) != 0)
		return false;
	wrap.calls++;
	/* A signal comes once; who waits for a call that is interrupted for good waits for ever. */
	if (wrap.calls < wrap.plan.nth ||
	    (wrap.calls > wrap.plan.nth && (!wrap.plan.for_good || wrap.plan.error == EINTR)))
		return false;
	return fail(wrap.plan.error);
}

static bool memory_fails(void)
{
	wrap.allocs++;
	if (wrap.allocs != wrap.plan.alloc_at)
		return false;
	return fail(ENOMEM);
}

/* The linker sends calls of name() to __wrap_name(), which does it with __real_name() or lets it fail. */
#define WRAPPED(type, name, params, args, stops, failed, when_done) \
	type __real_##name params; \
	type __wrap_##name params; \
	type __wrap_##name params \
	{ \
		type result; \
\
		if (stops) \
			return failed; \
		result = __real_##name args; \
		when_done; \
		return result; \
	}
#define WRAPPED_CALL(type, name, params, args, fd) WRAPPED(type, name, params, args, fails(#name), -1, done(#name, fd))
#define WRAPPED_MEMORY(type, name, params, args)   WRAPPED(type, name, params, args, memory_fails(), NULL, (void)0)

WRAPPED_CALL(ssize_t, write, (int fd, const void *bytes, size_t len), (fd, bytes, len), fd)
WRAPPED_CALL(int, close, (int fd), (fd), fd)
WRAPPED_CALL(int, mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode), dir)
WRAPPED_CALL(int, unlinkat, (int dir, const char *path, int flags), (dir, path, flags), dir)
WRAPPED_CALL(int, renameat, (int from_dir, const char *from, int to_dir, const char *to), (from_dir, from, to_dir, to),
	     to_dir)
WRAPPED_CALL(int, flock, (int fd, int how), (fd, how), fd)
WRAPPED_CALL(int, fstat, (int fd, struct stat *st), (fd, st), fd)
WRAPPED_CALL(int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1)
WRAPPED_CALL(int, linkat, (int from_dir, const char *from, int to_dir, const char *to, int flags),
	     (from_dir, from, to_dir, to, flags), to_dir)
WRAPPED_CALL(ssize_t, sendto,
	     (int fd, const void *bytes, size_t len, int flags, const struct sockaddr *to, socklen_t to_len),
	     (fd, bytes, len, flags, to, to_len), fd)

WRAPPED_MEMORY(void *, malloc, (size_t size), (size))
WRAPPED_MEMORY(void *, calloc, (size_t count, size_t size), (count, size))
WRAPPED_MEMORY(void *, realloc, (void *old, size_t size), (old, size))
WRAPPED_MEMORY(char *, strdup, (const char *s), (s))
WRAPPED_MEMORY(char *, strndup, (const char *s, size_t max), (s, max))
WRAPPED_MEMORY(FILE *, open_memstream, (char **ret_bytes, size_t *ret_len), (ret_bytes, ret_len))
WRAPPED_MEMORY(FILE *, fopen, (const char *path, const char *mode), (path, mode))
WRAPPED_MEMORY(DIR *, fdopendir, (int fd), (fd))
WRAPPED(int, vasprintf, (char **ret, const char *format, va_list args), (ret, format, args), memory_fails(), -1,
	(void)0)
/* The same, as _FORTIFY_SOURCE names it. */
WRAPPED(int, __vasprintf_chk, (char **ret, int flag, const char *format, va_list args), (ret, flag, format, args),
	memory_fails(), -1, (void)0)

/* A process that dies loses nothing that the kernel has: nothing needs to reach a disk here. */
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	if (fails("fsync"))
		return -1;
	done("fsync", fd);
	return 0;
}

int __real_openat(int dir, const char *path, int flags, ...);
int __wrap_openat(int dir, const char *path, int flags, ...);
int __wrap_openat(int dir, const char *path, int flags, ...)
{
	int fd;

	if (fails("openat"))
		return -1;
	fd = __real_openat(dir, path, flags, 0600);
	done("openat", fd);
	return fd;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	int fd;

	if (fails("open"))
		return -1;
	fd = __real_open(path, flags, 0600);
	done("open", fd);
	return fd;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/vm_lock.h"

#include "base/user.h"
#include "engine/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_SIZE = UUID_TEXT_SIZE + 24, TRIES = 16 };

struct vm_lock {
	char name[NAME_SIZE];
	struct place {
		int dir_fd, fd; /* -1: not there; not taken */
	} own, shared;
};

static bool cannot(struct err *err)
{
	return err_set_errno(err, errno, "%s", _("cannot lock this VM"));
}

/* ---- one lock in one directory ---- */

static bool lock_file(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

/* The file is another's: nothing but two numbers is believed. */
static void say_who(int fd, struct err *err)
{
	char bytes[64] = "", user[USER_NAME_SIZE];
	unsigned long pid = 0, uid = 0;

	if (pread(fd, bytes, sizeof(bytes) - 1, 0) <= 0 || sscanf(bytes, "%lu %lu\n", &pid, &uid) != 2 || !pid) {
		err_set(err, ERR_UNEXPECTED, "%s", _("another innkeeper is working on this VM; wait until it is done"));
		return;
	}
	user_name((uid_t)uid, user);
	err_set(err, ERR_UNEXPECTED,
		_("another innkeeper is working on this VM (user %s, process %lu); wait until it is done"), user, pid);
}

/*
 * The file gets its name when it is locked and says whose it is, so nobody meets half of one; and we write to nothing
 * but what we made, whatever link stands there. False with errno EEXIST: somebody was faster.
 */
static bool make_file(struct place *place, const char *name, mode_t mode)
{
	static atomic_uint last;
	char new_name[NAME_SIZE + 40];
	int fd, why;

	snprintf(new_name, sizeof(new_name), ".%s.%ld.%u", name, (long)getpid(), atomic_fetch_add(&last, 1));
	fd = openat(place->dir_fd, new_name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	if (fchmod(fd, mode) == 0 && lock_file(fd) &&
	    dprintf(fd, "%ld %lu\n", (long)getpid(), (unsigned long)geteuid()) > 0 &&
	    linkat(place->dir_fd, new_name, place->dir_fd, name, 0) == 0)
		place->fd = fd;
	why = errno;
	unlinkat(place->dir_fd, new_name, 0);
	if (place->fd < 0)
		close(fd);
	errno = why;
	return place->fd >= 0;
}

static bool take(struct place *place, const char *name, mode_t mode, struct err *err)
{
	for (int i = 0; i < TRIES; i++) {
		const int fd = openat(place->dir_fd, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
		struct stat ours, named;
		bool ok;

		if (fd < 0 && errno != ENOENT)
			return cannot(err);
		if (fd < 0 && make_file(place, name, mode))
			return true;
		if (fd < 0 && errno != EEXIST)
			return cannot(err);
		if (fd < 0)
			continue;
		ok = lock_file(fd);
		if (!ok && (errno == EAGAIN || errno == EACCES)) {
			say_who(fd, err);
			close(fd);
			return false;
		}
		ok = ok && fstat(fd, &ours) == 0;
		/* Its holder died without removing it; only who has its lock may. */
		if (ok && fstatat(place->dir_fd, name, &named, AT_SYMLINK_NOFOLLOW) < 0)
			ok = errno == ENOENT;
		else if (ok && ours.st_ino == named.st_ino && ours.st_dev == named.st_dev)
			ok = unlinkat(place->dir_fd, name, 0) == 0;
		if (!ok)
			cannot(err);
		close(fd);
		if (!ok)
			return false;
	}
	errno = EAGAIN;
	return cannot(err);
}

static void give_back(struct place *place, const char *name)
{
	if (place->fd >= 0) {
		unlinkat(place->dir_fd, name, 0);
		close(place->fd);
	}
	if (place->dir_fd >= 0)
		close(place->dir_fd);
}

/* ---- the directory that several users share ---- */

static int open_dir(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool is_safe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_uid == 0 || st.st_uid == geteuid()) && !(st.st_mode & S_IWOTH);
}

/* ret_must: it was named. */
static const char *shared_path(bool *ret_must)
{
	const char *named = getenv("INNKEEPER_LOCK_DIR");

	*ret_must = named && *named == '/';
	return *ret_must ? named : "/run/innkeeper";
}

static bool set_unsafe(const char *path, struct err *err)
{
	return err_set(err, ERR_DENIED,
		       _("the directory of locks %s is not safe: it must belong to root or you, and others must not be "
			 "able to write to it"),
		       path);
}

/* False: there is one that must not be used. ret_fd -1: there is none, or it is not for us. */
static bool open_shared(int *ret_fd, struct err *err)
{
	bool must;
	const char *path = shared_path(&must);
	int fd = open_dir(path);
	struct group entry, *found = NULL;
	char strings[4096];

	*ret_fd = -1;
	if (fd < 0 && errno == ENOENT && (must || geteuid() == 0) && mkdir(path, 0700) == 0) {
		fd = open_dir(path);
		if (fd >= 0 && geteuid() == 0 && getgrnam_r("libvirt", &entry, strings, sizeof(strings), &found) == 0 &&
		    found && fchown(fd, 0, found->gr_gid) == 0)
			fchmod(fd, 02770);
	}
	if (fd >= 0 && !is_safe(fd)) {
		close(fd);
		return set_unsafe(path, err);
	}
	if (fd >= 0 && faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) == 0) {
		*ret_fd = fd;
		return true;
	}
	if (must)
		err_set_errno(err, errno, _("the directory of locks %s (INNKEEPER_LOCK_DIR) cannot be used"), path);
	if (fd >= 0)
		close(fd);
	return !must;
}

int vm_lock_check_shared(struct err *err)
{
	bool must, usable;
	const char *path = shared_path(&must);
	OWN(bytes) char *parent = mem_strdup(path);
	const int fd = open_dir(path);

	*strrchr(parent, '/') = '\0';
	if (fd >= 0)
		usable = faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) == 0;
	else
		usable = errno == ENOENT && (must || geteuid() == 0) &&
			 faccessat(AT_FDCWD, *parent ? parent : "/", W_OK | X_OK, AT_EACCESS) == 0;
	if (!usable)
		err_set_errno(err, errno, _("the directory of locks %s cannot be used"), path);
	if (fd >= 0 && !is_safe(fd)) {
		set_unsafe(path, err);
		must = true;
		usable = false;
	}
	if (fd >= 0)
		close(fd);
	return usable ? 1 : must ? 0 : -1;
}

/* ---- both ---- */

struct vm_lock *vm_lock_take(const struct uuid *uuid, bool is_private, struct err *err)
{
	struct vm_lock *lock = mem_zalloc(sizeof(*lock));

	uuid_format(uuid, lock->name);
	if (is_private)
		snprintf(lock->name + UUID_TEXT_SIZE - 1, NAME_SIZE - UUID_TEXT_SIZE + 1, "-%ld", (long)getpid());
	lock->own.fd = lock->shared.fd = lock->shared.dir_fd = -1;
	lock->own.dir_fd = state_dir_open(is_private ? STATE_DIR_DEMO "/locks" : "locks", true, err);
	if (lock->own.dir_fd >= 0 && take(&lock->own, lock->name, 0600, err) &&
	    (is_private || open_shared(&lock->shared.dir_fd, err)) &&
	    (lock->shared.dir_fd < 0 || take(&lock->shared, lock->name, 0660, err)))
		return lock;
	vm_lock_release(lock);
	return NULL;
}

void vm_lock_release(struct vm_lock *lock)
{
	if (!lock)
		return;
	give_back(&lock->shared, lock->name);
	give_back(&lock->own, lock->name);
	free(lock);
}

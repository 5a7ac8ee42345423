/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/state_dir.h"

#include "base/user.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 16 };

/*
 * From / down, one component after the other: each is opened in the directory that was checked before it, so what
 * is checked is what is used.
 */
struct walk {
	char *goal; /* the whole path, for words */
	char *at;   /* the path of `fd`; "" for / */
	char *rest; /* what is still to go */
	int fd, links;
	bool create;
	bool is_own; /* beyond what the environment says: our own directories */
	struct err *err;
	int why; /* errno's value */
};

static char *base_path(void)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (state && *state == '/')
		return mem_strdup(state);
	if (home && *home == '/')
		return mem_printf("%s/.local/state", home);
	return NULL;
}

static bool refuse(struct walk *walk, const char *path, const char *why)
{
	err_set(walk->err, ERR_DENIED, _("the state directory %s is not safe: %s: %s"), walk->goal, path, why);
	walk->why = EPERM;
	return false;
}

static bool fail(struct walk *walk, const char *path)
{
	walk->why = errno;
	err_set_errno(walk->err, walk->why,
		      walk->create ? _("the state directory %s cannot be made: %s")
				   : _("the state directory %s cannot be opened: %s"),
		      walk->goal, path);
	return false;
}

/* Of the user's name, and nobody else is in it: with such groups umask 002 is common. */
static bool is_private_group(gid_t gid)
{
	struct group entry, *found = NULL;
	char name[USER_NAME_SIZE], strings[4096];

	user_name(geteuid(), name);
	if (getgrgid_r(gid, &entry, strings, sizeof(strings), &found) != 0 || !found)
		return false;
	for (char **member = found->gr_mem; *member; member++)
		if (strcmp(*member, name) != 0)
			return false;
	return strcmp(found->gr_name, name) == 0;
}

static bool is_trusted(uid_t uid)
{
	return uid == 0 || uid == geteuid();
}

static bool check_above(struct walk *walk, const struct stat *st, const char *path)
{
	if (!is_trusted(st->st_uid))
		return refuse(walk, path, _("it belongs to another user; set XDG_STATE_HOME to a directory of yours"));
	/* In a sticky directory others can make names, but not take those of another user away. */
	if (!(st->st_mode & S_ISVTX) &&
	    ((st->st_mode & S_IWOTH) || ((st->st_mode & S_IWGRP) && !is_private_group(st->st_gid))))
		return refuse(walk, path, _("others can write to it; do a chmod go-w, or set XDG_STATE_HOME"));
	return true;
}

/* Takes fd and path over. */
static void move_to(struct walk *walk, int fd, char *path)
{
	if (walk->fd >= 0)
		close(walk->fd);
	free(walk->at);
	walk->fd = fd;
	walk->at = path;
}

static bool start(struct walk *walk)
{
	struct stat st;
	const int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fail(walk, "/");
	move_to(walk, fd, mem_strdup(""));
	return fstat(fd, &st) == 0 ? check_above(walk, &st, "/") : fail(walk, "/");
}

/* /home may be a link of root's, ~/.local one of the user's own. */
static bool follow(struct walk *walk, const char *name, const char *path, const struct stat *link)
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t len;
	char *rest;

	if (walk->is_own)
		return refuse(walk, path, _("it is a symbolic link; remove it, or set XDG_STATE_HOME"));
	if (!is_trusted(link->st_uid))
		return refuse(walk, path, _("this symbolic link belongs to another user; set XDG_STATE_HOME"));
	if (++walk->links > LINKS_MAX || fstatat(walk->fd, name, &st, 0) < 0)
		return refuse(walk, path, _("this symbolic link leads nowhere"));
	len = readlinkat(walk->fd, name, target, sizeof(target) - 1);
	if (len < 0)
		return fail(walk, path);
	target[len] = '\0';
	rest = mem_printf("%s/%s", target, walk->rest);
	free(walk->rest);
	walk->rest = rest;
	return *target != '/' || start(walk);
}

/* O_NOFOLLOW refuses what became a link since it was looked at. */
static bool enter(struct walk *walk, const char *name, const char *path)
{
	const int fd = walk->is_own ? openat(walk->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
				    : openat(walk->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return fail(walk, path);
	move_to(walk, fd, mem_strdup(path));
	if (fstat(fd, &st) < 0)
		return fail(walk, path);
	if (!walk->is_own)
		return check_above(walk, &st, path);
	if (st.st_uid != geteuid())
		return refuse(walk, path, _("it must belong to you; move it away"));
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return refuse(walk, path, _("others can write to it; do a chmod 0700"));
	return true;
}

static bool step(struct walk *walk, const char *name)
{
	OWN(bytes) char *path = mem_printf("%s/%s", walk->at, name);
	struct stat st;
	bool ok = fstatat(walk->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;

	if (!ok && errno == ENOENT && walk->create)
		ok = (mkdirat(walk->fd, name, 0700) == 0 || errno == EEXIST) &&
		     fstatat(walk->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (!ok)
		fail(walk, path);
	else
		ok = S_ISLNK(st.st_mode) ? follow(walk, name, path, &st) : enter(walk, name, path);
	return ok;
}

/* Along all of walk->rest. */
static bool go(struct walk *walk)
{
	bool ok = true;

	while (ok && *walk->rest) {
		const size_t len = strcspn(walk->rest, "/");
		OWN(bytes) char *name = mem_strndup(walk->rest, len);
		const char *next = walk->rest + len + strspn(walk->rest + len, "/");

		memmove(walk->rest, next, strlen(next) + 1);
		if (*name && strcmp(name, ".") != 0)
			ok = step(walk, name);
	}
	return ok;
}

int state_dir_open(const char *sub, bool create, struct err *err)
{
	struct walk walk = { .fd = -1, .create = create, .err = err };
	char *base = base_path();
	bool ok;

	if (!base) {
		errno = EINVAL;
		err_set(err, ERR_SYSTEM, "%s",
			_("neither XDG_STATE_HOME nor HOME is an absolute path; set one of them"));
		return -1;
	}
	walk.goal = mem_printf("%s/innkeeper%s%s", base, sub ? "/" : "", sub ? sub : "");
	walk.rest = base;
	ok = start(&walk) && go(&walk);
	walk.is_own = true;
	free(walk.rest);
	walk.rest = mem_printf("innkeeper/%s", sub ? sub : "");
	ok = ok && go(&walk);
	if (!ok && walk.fd >= 0)
		close(walk.fd);
	free(walk.goal);
	free(walk.at);
	free(walk.rest);
	errno = walk.why;
	return ok ? walk.fd : -1;
}

char *state_dir_path(const char *sub, const char *name)
{
	OWN(bytes) char *base = base_path();

	return mem_printf("%s/innkeeper/%s/%s", base ? base : "", sub, name);
}

bool state_sync(int fd)
{
	int result;

	do
		result = fsync(fd);
	while (result < 0 && errno == EINTR);
	return result == 0;
}

bool state_write(int dir, const char *name, const char *text)
{
	const size_t len = strlen(text);
	OWN(bytes) char *new_name = mem_printf(".%s-%ld", name, (long)getpid());
	const int fd = openat(dir, new_name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	const bool ok = fd >= 0 && write(fd, text, len) == (ssize_t)len && state_sync(fd) &&
			renameat(dir, new_name, dir, name) == 0;
	const int why = errno;

	if (!ok)
		unlinkat(dir, new_name, 0);
	if (fd >= 0)
		close(fd);
	errno = why;
	return ok;
}

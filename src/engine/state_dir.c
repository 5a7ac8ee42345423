/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* mkdir -p: parents of the user's own state directory may be missing on a fresh account. */
static bool make_path(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST) {
			*slash = '/';
			return false;
		}
		*slash = '/';
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static int open_private(const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0) {
		int why = errno;

		err_set_errno(err, why, _("the state directory %s cannot be opened"), path);
		errno = why;
		return -1;
	}
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 022))
		return fd;
	close(fd);
	err_set(err, ERR_DENIED, _("the state directory %s must belong to you and be writable by nobody else"), path);
	errno = EPERM;
	return -1;
}

int state_dir_open(const char *sub, bool create, struct err *err)
{
	char *base = base_path();
	char *path;
	int fd = -1;

	if (!base) {
		errno = EINVAL;
		err_set(err, ERR_SYSTEM, "%s",
			_("neither XDG_STATE_HOME nor HOME is an absolute path; set one of them"));
		return -1;
	}
	path = mem_printf("%s/innkeeper%s%s", base, sub ? "/" : "", sub ? sub : "");
	if (create && !make_path(path))
		err_set_errno(err, errno, _("the state directory %s cannot be made"), path);
	else
		fd = open_private(path, err);
	free(path);
	free(base);
	return fd;
}

bool state_sync(int fd)
{
	int result;

	do
		result = fsync(fd);
	while (result < 0 && errno == EINTR);
	return result == 0;
}

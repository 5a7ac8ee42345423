/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/config_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

bool config_unusable(struct config_complaints *complaints, const char *file, int line, const struct err *why,
		     struct err *err)
{
	config_complain(complaints, file, line, "%s", err_text(why).str);
	if (line > 0)
		return err_set(err, ERR_USAGE, _("%s, line %d: %s"), file, line, err_text(why).str);
	return err_set(err, ERR_USAGE, "%s: %s", file, err_text(why).str);
}

static bool is_dev_null(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/*
 * URIs of the file can run programs: nobody but its reader and root may have written it.
 * /dev/null is how one says that there shall be none.
 */
static bool is_trustworthy(const struct stat *st, struct err *err)
{
	if (is_dev_null(st))
		return true;
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_USAGE, _("it is not a regular file"));
	if (st->st_size > CONFIG_BYTES_MAX)
		return err_set(err, ERR_USAGE, _("it is larger than %d KiB; is this the right file?"),
			       CONFIG_BYTES_MAX / 1024);
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return err_set(err, ERR_USAGE, _("it belongs to another user and is ignored; make your own copy"));
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return err_set(err, ERR_USAGE, _("others can write to it, so it is ignored; run: chmod go-w FILE"));
	return true;
}

static bool slurp(int fd, char *bytes, size_t *ret_len, struct err *err)
{
	size_t len = 0;

	while (len <= CONFIG_BYTES_MAX) {
		ssize_t got = read(fd, bytes + len, CONFIG_BYTES_MAX + 1 - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set_errno(err, errno, _("cannot read it"));
		if (got == 0) {
			bytes[len] = '\0';
			*ret_len = len;
			return true;
		}
		len += (size_t)got;
	}
	return err_set(err, ERR_USAGE, _("it grew while it was read; try again"));
}

bool config_take_file(struct config *config, const char *path, struct config_complaints *complaints, struct err *err)
{
	struct safe_text shown = text_sanitize_str(path, TEXT_CAP_LINE);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char *bytes = NULL;
	struct err why = { 0 };
	struct stat st;
	size_t len = 0;
	bool ok;

	bytes = mem_zalloc(CONFIG_BYTES_MAX + 2);
	ok = fd >= 0 && fstat(fd, &st) == 0;
	if (!ok)
		err_set_errno(&why, errno, _("cannot open it"));
	ok = ok && is_trustworthy(&st, &why) && slurp(fd, bytes, &len, &why);
	if (ok)
		ok = config_take_bytes(config, text_str(shown), bytes, len, complaints, err);
	else
		config_unusable(complaints, text_str(shown), 0, &why, err);
	if (fd >= 0)
		close(fd);
	free(bytes);
	text_free(&shown);
	return ok;
}

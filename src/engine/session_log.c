/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/session_log.h"

#include "engine/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIELDS = 3 + SESSION_LOG_TEXTS };

static const char name[] = "sessions.log", old_name[] = "sessions.log.1";

char *session_log_line(const struct session_log_entry *entry)
{
	char *line = NULL;
	size_t len = 0;
	FILE *out = mem_stream(&line, &len);

	fprintf(out, "%" PRId64 "\t%" PRId64 "\t%s", entry->ended_at, entry->login_time, entry->how);
	/* Safe text holds neither tabs nor newlines. */
	for (int i = 0; i < SESSION_LOG_TEXTS; i++)
		fprintf(out, "\t%s", text_str(entry->texts[i]));
	fputc('\n', out);
	fclose(out);
	return line;
}

static int open_folder(bool is_simulated, bool create, struct err *err)
{
	return state_dir_open(is_simulated ? STATE_DIR_DEMO : NULL, create, err);
}

bool session_log_append(bool is_simulated, const char *lines, struct err *err)
{
	const int dir_fd = open_folder(is_simulated, true, err);
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	const size_t len = strlen(lines);
	struct stat st;
	bool ok;
	int fd;

	if (dir_fd < 0)
		return false;
	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_size > SESSION_LOG_MAX)
		renameat(dir_fd, name, dir_fd, old_name);
	fd = openat(dir_fd, name, flags, 0600);
	close(dir_fd);
	ok = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && write(fd, lines, len) == (ssize_t)len;
	if (!ok)
		err_set_errno(err, errno ? errno : EIO, _("cannot write the history of sessions"));
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool parse_seconds(const char *text, int64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoll(text, &end, 10);
	return !errno && end != text && !*end;
}

void session_log_parse(const char *bytes, size_t len, struct session_log *log)
{
	const char *end;

	for (const char *at = bytes; at < bytes + len && (end = memchr(at, '\n', len - (size_t)(at - bytes)));
	     at = end + 1) {
		OWN(bytes) char *line = mem_printf("%.*s", (int)(end - at), at);
		char *rest = line, *fields[FIELDS + 1] = { NULL };
		struct session_log_entry entry = { 0 };
		size_t count = 0;

		while (rest && count <= FIELDS)
			fields[count++] = strsep(&rest, "\t");
		if (count != FIELDS || !parse_seconds(fields[0], &entry.ended_at) ||
		    !parse_seconds(fields[1], &entry.login_time))
			continue;
		snprintf(entry.how, sizeof(entry.how), "%s", fields[2]);
		text_neutralise(entry.how, sizeof(entry.how));
		for (int i = 0; i < SESSION_LOG_TEXTS; i++)
			entry.texts[i] = text_format("%s", fields[3 + i]);
		*VEC_PUSH(log) = entry;
	}
}

/* A file that is not there has nothing in it. */
static bool read_file(int dir_fd, const char *file, struct session_log *log)
{
	enum { MOST = 4 * SESSION_LOG_MAX };
	const int fd = openat(dir_fd, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	OWN(bytes) char *bytes = NULL;
	size_t len = 0;
	struct stat st;
	ssize_t got = 0;

	if (fd < 0)
		return errno == ENOENT;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		bytes = mem_zalloc(MOST);
		while (len < MOST && (got = read(fd, bytes + len, MOST - len)) > 0)
			len += (size_t)got;
		session_log_parse(bytes, len, log);
	}
	close(fd);
	return bytes && got >= 0;
}

bool session_log_read(bool is_simulated, struct session_log *ret, struct err *err)
{
	struct err why = { 0 };
	const int dir_fd = open_folder(is_simulated, false, &why);
	bool ok;

	*ret = (struct session_log){ 0 };
	if (dir_fd < 0) {
		if (errno == ENOENT)
			return true;
		*err = why;
		return false;
	}
	ok = read_file(dir_fd, old_name, ret) && read_file(dir_fd, name, ret);
	if (!ok)
		err_set_errno(err, errno, _("cannot read the history of sessions"));
	close(dir_fd);
	return ok;
}

void session_log_free(struct session_log *log)
{
	for (size_t i = 0; i < log->count; i++)
		for (int k = 0; k < SESSION_LOG_TEXTS; k++)
			text_free(&log->at[i].texts[k]);
	VEC_FREE(log);
}

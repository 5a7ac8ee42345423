/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/audit.h"

#include "base/clock.h"
#include "base/user.h"
#include "engine/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *socket_path = "/run/systemd/journal/socket";

struct field {
	const char *journal_name, *file_name, *value;
};

enum { FIELDS_MAX = 12 };

static size_t list_fields(const struct audit_record *record, const char *who, struct field fields[FIELDS_MAX])
{
	const struct field all[] = {
		{ "INNKEEPER_ACTION", "action", record->action }, { "INNKEEPER_STATE", "state", record->state },
		{ "INNKEEPER_TASK_ID", "task", record->task_id }, { "INNKEEPER_BY", "by", who },
		{ "INNKEEPER_HOST", "host", record->host },       { "INNKEEPER_URI", "uri", record->uri },
		{ "INNKEEPER_DOMAIN", "vm", record->vm },         { "INNKEEPER_DOMAIN_UUID", "uuid", record->uuid },
		{ "INNKEEPER_USERS", "users", record->users },    { "INNKEEPER_RESULT", "result", record->result },
		{ "INNKEEPER_TEXT", "text", record->text },
	};

	memcpy(fields, all, sizeof(all));
	return ARRAY_SIZE(all);
}

void audit_use_socket(const char *path)
{
	socket_path = path;
}

struct safe_text audit_who(void)
{
	const char *sudo = getenv("SUDO_USER");
	const char *ssh = getenv("SSH_CONNECTION");
	char user[USER_NAME_SIZE];
	OWN(bytes) char *words = NULL;

	user_name(getuid(), user);
	words = mem_printf("%s%s%s%s%.*s", user, sudo ? ", sudo from " : "", sudo ? sudo : "", ssh ? ", ssh from " : "",
			   ssh ? (int)strcspn(ssh, " ") : 0, ssh ? ssh : "");
	return text_sanitize_str(words, TEXT_CAP_USER);
}

/* ---- the file ---- */

char *audit_format_line(const struct audit_record *record, const char *when, const char *who)
{
	struct field fields[FIELDS_MAX];
	const size_t count = list_fields(record, who, fields);
	char *line = NULL;
	size_t size = 0;
	FILE *out = mem_stream(&line, &size);

	fprintf(out, "%s", when);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, " %s=\"", fields[i].file_name);
		for (const char *at = fields[i].value; *at; at++)
			fprintf(out, "%s%c", *at == '"' || *at == '\\' ? "\\" : "", *at);
		putc('"', out);
	}
	putc('\n', out);
	if (fclose(out) == 0)
		return line;
	free(line);
	return NULL;
}

/* One write: whole or not at all among several writers. errno where false. */
static bool append(int fd, const char *line)
{
	const off_t size = lseek(fd, 0, SEEK_END);
	char last = '\n';
	/* A record that a full disk cut has no end, and the next would be read as its rest. */
	const bool is_torn = size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
	OWN(bytes) char *bytes = mem_printf("%s%s", is_torn ? "\n" : "", line);
	const size_t len = strlen(bytes);
	ssize_t wrote;

	do
		wrote = write(fd, bytes, len);
	while (wrote < 0 && errno == EINTR);
	if (wrote >= 0 && (size_t)wrote < len)
		errno = ENOSPC;
	return wrote == (ssize_t)len && state_sync(fd);
}

static bool write_file(const struct audit_record *record, const char *who, struct err *err)
{
	static const char *const refusal = N_("cannot write the audit log; nothing disruptive is done without it");
	const int dir_fd = state_dir_open(record->is_simulated ? STATE_DIR_DEMO : NULL, true, err);
	struct stat st;
	char *line, when[24];
	bool ok;
	int fd;

	if (dir_fd < 0)
		return false;
	fd = openat(dir_fd, "audit.log", O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
	close(dir_fd);
	if (fd < 0)
		return err_set_errno(err, errno, "%s", _(refusal));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set_errno(err, EINVAL, "%s", _(refusal));
	}
	clock_format_utc(clock_wall(), when, sizeof(when));
	line = audit_format_line(record, when, who);
	errno = ENOMEM;
	ok = line && append(fd, line);
	if (!ok)
		err_set_errno(err, errno, "%s", _(refusal));
	free(line);
	close(fd);
	return ok;
}

/* ---- journald ---- */

static bool write_journald(const struct audit_record *record, const char *who)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct field fields[FIELDS_MAX];
	const size_t count = list_fields(record, who, fields);
	OWN(bytes) char *bytes = NULL;
	size_t size = 0;
	FILE *out;
	bool ok;
	int fd;

	if (!*socket_path || strlen(socket_path) >= sizeof(to.sun_path))
		return false;
	memcpy(to.sun_path, socket_path, strlen(socket_path) + 1);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	out = mem_stream(&bytes, &size);
	fprintf(out, "MESSAGE_ID=" AUDIT_MESSAGE_ID "\nPRIORITY=5\nSYSLOG_IDENTIFIER=innkeeper\n");
	fprintf(out, "MESSAGE=%s %s %s/%s by %s: %s%s%s\n", record->action, record->state, record->host, record->vm,
		who, record->users, *record->text ? ": " : "", record->text);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s=%s\n", fields[i].journal_name, fields[i].value);
	ok = fclose(out) == 0 &&
	     sendto(fd, bytes, size, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to)) == (ssize_t)size;
	close(fd);
	return ok;
}

bool audit_write(const struct audit_record *record, struct err *err)
{
	OWN(text) struct safe_text who = audit_who();

	return (!record->is_simulated && write_journald(record, text_str(who))) ||
	       write_file(record, text_str(who), err);
}

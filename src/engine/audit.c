/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/audit.h"
#include "base/clock.h"
#include "base/user.h"
#include "engine/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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
		{ "INNKEEPER_ACTION", "action", record->action },
		{ "INNKEEPER_STATE", "state", record->state },
		{ "INNKEEPER_TASK_ID", "task", record->task_id },
		{ "INNKEEPER_BY", "by", who },
		{ "INNKEEPER_HOST", "host", record->host },
		{ "INNKEEPER_URI", "uri", record->uri },
		{ "INNKEEPER_DOMAIN", "vm", record->vm },
		{ "INNKEEPER_DOMAIN_UUID", "uuid", record->uuid },
		{ "INNKEEPER_USERS", "users", record->users },
		{ "INNKEEPER_RESULT", "result", record->result },
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
	struct safe_text who;
	char *words;

	user_name(getuid(), user);
	words = mem_printf("%s%s%s%s%.*s", user, sudo ? ", sudo from " : "", sudo ? sudo : "",
				 ssh ? ", ssh from " : "", ssh ? (int)strcspn(ssh, " ") : 0, ssh ? ssh : "");
	who = text_from_outside_str(words, TEXT_CAP_USER);
	free(words);
	return who;
}

/* ---- the file ---- */

static void put_quoted(FILE *out, const char *value)
{
	putc('"', out);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			putc('\\', out);
		putc(*value, out);
	}
	putc('"', out);
}

char *audit_format_line(const struct audit_record *record, const char *when, const char *who)
{
	struct field fields[FIELDS_MAX];
	const size_t count = list_fields(record, who, fields);
	char *line = NULL;
	size_t size = 0;
	FILE *out = mem_stream(&line, &size);

	fprintf(out, "%s", when);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, " %s=", fields[i].file_name);
		put_quoted(out, fields[i].value);
	}
	putc('\n', out);
	if (fclose(out) == 0)
		return line;
	free(line);
	return NULL;
}

static bool write_file(const struct audit_record *record, const char *who, struct err *err)
{
	int dir_fd = state_dir_open(record->is_simulated ? STATE_DIR_DEMO : NULL, true, err);
	char when[24];
	char *line;
	ssize_t wrote = -1;
	int fd, why;

	if (dir_fd < 0)
		return false;
	clock_format_utc(clock_wall(), when, sizeof(when));
	line = audit_format_line(record, when, who);
	if (!line) {
		close(dir_fd);
		return err_set_errno(err, ENOMEM,
				     _("the audit log cannot be written; nothing disruptive is done without it"));
	}
	fd = openat(dir_fd, "audit.log", O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd >= 0) {
		/* One write of a line under a page: whole or not at all among several writers. */
		do
			wrote = write(fd, line, strlen(line));
		while (wrote < 0 && errno == EINTR);
		if (wrote == (ssize_t)strlen(line) && !state_sync(fd))
			wrote = -1;
	}
	why = wrote < 0 ? errno : ENOSPC;
	if (fd >= 0)
		close(fd);
	close(dir_fd);
	if (wrote == (ssize_t)strlen(line)) {
		free(line);
		return true;
	}
	free(line);
	return err_set_errno(err, why, _("the audit log cannot be written; nothing disruptive is done without it"));
}

/* ---- journald ---- */

static bool send_datagram(const char *bytes, size_t len)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd;
	bool ok;

	if (!*socket_path || strlen(socket_path) >= sizeof(to.sun_path))
		return false;
	memcpy(to.sun_path, socket_path, strlen(socket_path) + 1);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	ok = sendto(fd, bytes, len, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof(to)) == (ssize_t)len;
	close(fd);
	return ok;
}

static bool write_journald(const struct audit_record *record, const char *who)
{
	struct field fields[FIELDS_MAX];
	const size_t count = list_fields(record, who, fields);
	char *bytes = NULL;
	size_t size = 0;
	FILE *out = mem_stream(&bytes, &size);
	bool ok;

	fprintf(out, "MESSAGE_ID=" AUDIT_MESSAGE_ID "\nPRIORITY=5\nSYSLOG_IDENTIFIER=innkeeper\n");
	fprintf(out, "MESSAGE=%s %s %s/%s by %s: %s%s%s\n", record->action, record->state, record->host, record->vm,
		who, record->users, *record->text ? ": " : "", record->text);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s=%s\n", fields[i].journal_name, fields[i].value);
	ok = fclose(out) == 0 && send_datagram(bytes, size);
	free(bytes);
	return ok;
}

bool audit_write(const struct audit_record *record, struct err *err)
{
	struct safe_text who = audit_who();
	bool ok = (!record->is_simulated && write_journald(record, text_str(who))) ||
		  write_file(record, text_str(who), err);

	text_free(&who);
	return ok;
}

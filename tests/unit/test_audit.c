/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/audit.h"
#include "scratch_dir.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const struct audit_record record = {
	.action = "logoff",
	.state = "begin",
	.task_id = "20261122-150000-1-1",
	.host = "alpha",
	.uri = "qemu:///system",
	.vm = "web01",
	.uuid = "6c0f6f0a-0000-4000-8000-000000000001",
	.users = "alice, bob",
	.result = "-",
	.text = "",
};

FIXTURE(without_journald)
{
	audit_use_socket("");
	scratch_begin();
}

static char *read_log(void)
{
	char *path = keep(mem_printf("%s/innkeeper/audit.log", scratch_path));
	FILE *file = fopen(path, "r");
	char *bytes = mem_zalloc(4096);

	assert_non_null(file);
	assert_true(fread(bytes, 1, 4095, file) > 0);
	fclose(file);
	return bytes;
}

TEST(a_record_says_who_what_where_and_to_whom)
{
	char *bytes;

	setenv("SUDO_USER", "carol", 1);
	setenv("SSH_CONNECTION", "192.0.2.7 5000 192.0.2.8 22", 1);
	assert_true(audit_write(&record, NULL));
	bytes = keep(read_log());
	assert_non_null(strstr(bytes, "sudo from carol, ssh from 192.0.2.7\""));
	assert_non_null(strstr(bytes, "action=\"logoff\" state=\"begin\""));
	assert_non_null(strstr(bytes, "vm=\"web01\" uuid=\"6c0f6f0a-0000-4000-8000-000000000001\""));
	assert_non_null(strstr(bytes, "users=\"alice, bob\""));
}

TEST(a_hostile_value_cannot_forge_a_line_or_a_field)
{
	struct audit_record hostile = record;
	OWN(text)
	struct safe_text users = text_sanitize_str("x\n2026 action=\"logoff\" \" result=\"S_OK", TEXT_CAP_USER);
	char *line;

	hostile.users = text_str(users);
	line = keep(audit_format_line(&hostile, "2026-01-01T00:00:00Z", "root"));
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	assert_null(strstr(line, " action=\"logoff\" \" result"));
	assert_non_null(strstr(line, "\\\" result=\\\"S_OK\""));
}

TEST(the_log_is_for_our_eyes_only)
{
	char *path = keep(mem_printf("%s/innkeeper/audit.log", scratch_path));
	struct stat st;

	assert_true(audit_write(&record, NULL));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

TEST(a_record_that_a_full_disk_cut_does_not_swallow_the_next)
{
	char *path = keep(mem_printf("%s/innkeeper/audit.log", scratch_path));
	FILE *log;
	char *bytes;

	assert_true(audit_write(&record, NULL));
	log = fopen(path, "a");
	assert_non_null(log);
	fputs("2026-01-01T00:00:00Z action=\"logoff\" sta", log);
	fclose(log);
	assert_true(audit_write(&record, NULL));
	assert_true(audit_write(&record, NULL));
	bytes = keep(read_log());
	assert_non_null(strstr(bytes, "\" sta\n2"));
	assert_null(strstr(bytes, "\n\n"));
}

TEST(a_log_that_is_no_file_is_refused)
{
	char *dir = keep(mem_printf("%s/innkeeper", scratch_path));
	char *path = keep(mem_printf("%s/innkeeper/audit.log", scratch_path));
	struct err err = { 0 };
	int reader;

	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	reader = open(path, O_RDONLY | O_NONBLOCK);
	assert_false(audit_write(&record, &err));
	assert_non_null(strstr(err.buf, "audit log"));
	close(reader);
}

TEST(a_log_that_is_a_symlink_is_refused)
{
	char *dir = keep(mem_printf("%s/innkeeper", scratch_path));
	char *path = keep(mem_printf("%s/innkeeper/audit.log", scratch_path));
	struct err err = { 0 };

	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_false(audit_write(&record, &err));
	assert_non_null(strstr(err.buf, "audit log"));
}

TEST(a_state_directory_behind_a_link_is_refused)
{
	char *dir = keep(mem_printf("%s/innkeeper", scratch_path));
	struct err err = { 0 };

	assert_int_equal(symlink("/dev", dir), 0);
	assert_false(audit_write(&record, &err));
}

TEST(journald_gets_fields_of_our_own_and_a_message_id)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char bytes[4096] = "";
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s/journal", scratch_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	audit_use_socket(at.sun_path);
	assert_true(audit_write(&record, NULL));
	assert_true(recv(fd, bytes, sizeof(bytes) - 1, MSG_DONTWAIT) > 0);
	assert_non_null(strstr(bytes, "MESSAGE_ID=" AUDIT_MESSAGE_ID "\n"));
	assert_non_null(strstr(bytes, "\nINNKEEPER_DOMAIN_UUID=6c0f6f0a-0000-4000-8000-000000000001\n"));
	assert_non_null(strstr(bytes, "\nINNKEEPER_USERS=alice, bob\n"));
	close(fd);
}

TEST(what_is_done_to_the_demo_is_written_apart_and_not_told_to_journald)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char *real = keep(mem_printf("%s/innkeeper/audit.log", scratch_path));
	char *demo = keep(mem_printf("%s/innkeeper/demo/audit.log", scratch_path));
	struct audit_record simulated = record;
	char byte;
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s/journal", scratch_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	audit_use_socket(at.sun_path);
	simulated.is_simulated = true;
	assert_true(audit_write(&simulated, NULL));
	assert_true(recv(fd, &byte, 1, MSG_DONTWAIT) < 0);
	assert_int_equal(access(demo, F_OK), 0);
	assert_int_equal(access(real, F_OK), -1);
	close(fd);
}

RUN_TESTS_EACH("audit", NULL, NULL, without_journald, scratch_teardown)

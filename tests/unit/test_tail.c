/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tail.c - the last lines of other people's files, and where QEMU's are. */
#include "scratch_dir.h"
#include "ui/app/app_logs.h"
#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>

static struct tail tail;
static struct err err;

FIXTURE(set_up)
{
	tail = (struct tail){ 0 };
	err = (struct err){ 0 };
	scratch_begin();
}

FIXTURE(tear_down)
{
	tail_free(&tail);
	scratch_end();
}

static char *in_scratch(const char *name)
{
	return mem_printf("%s/%s", scratch_path, name);
}

static void written(const char *bytes, size_t len)
{
	char *path = keep(in_scratch("log"));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static void is_read(const char *needle)
{
	char *path = keep(in_scratch("log"));

	if (!tail_read(AT_FDCWD, path, needle, &tail, &err))
		fail_msg("%s", text_str(err_text(&err)));
}

static void is_refused(const char *name, const char *why)
{
	char *path = keep(in_scratch(name));

	assert_false(tail_read(AT_FDCWD, path, NULL, &tail, &err));
	assert_non_null(strstr(text_str(err_text(&err)), why));
}

TEST(lines_are_told_apart_and_harmless)
{
	static const char log[] = "first\r\n\n\033]0;x\007second\nlast\0one";

	written(log, sizeof(log) - 1);
	is_read(NULL);
	assert_int_equal(tail.count, 4);
	assert_string_equal(text_str(tail.at[0]), "first");
	assert_string_equal(text_str(tail.at[1]), "");
	assert_string_equal(text_str(tail.at[2]), "<U+001B>]0;x<U+0007>second");
	assert_string_equal(text_str(tail.at[3]), "last<U+0000>one");
	assert_false(tail.is_cut);
}

TEST(an_empty_file_has_no_line)
{
	written("", 0);
	is_read(NULL);
	assert_int_equal(tail.count, 0);
}

TEST(of_sixteen_megabytes_the_end_is_kept)
{
	const size_t size = 16 << 20;
	char *bytes = keep(mem_zalloc(size));

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i % 100 == 99 ? '\n' : i * 31);
	memcpy(bytes + size - 4, "\nend", 4);
	written(bytes, size);
	is_read(NULL);
	assert_in_range(tail.count, 1, TAIL_LINES_MAX);
	assert_true(tail.is_cut);
	assert_string_equal(text_str(tail.at[tail.count - 1]), "end");
}

TEST(one_line_without_an_end_is_cut)
{
	char *bytes = keep(mem_zalloc(TAIL_BYTES_MAX * 2));

	memset(bytes, 'x', TAIL_BYTES_MAX * 2);
	written(bytes, TAIL_BYTES_MAX * 2);
	is_read(NULL);
	assert_int_equal(tail.count, 1);
	assert_in_range(strlen(text_str(tail.at[0])), 1, TEXT_CAP_LINE + 8);
}

TEST(with_a_needle_only_lines_that_hold_it_are_kept)
{
	static const char log[] = "uuid=1 a\nuuid=2 b\nuuid=1 c\n";

	written(log, sizeof(log) - 1);
	is_read("uuid=1");
	assert_int_equal(tail.count, 2);
	assert_string_equal(text_str(tail.at[1]), "uuid=1 c");
}

TEST(what_is_no_file_is_refused_at_once)
{
	char *link = keep(in_scratch("link")), *fifo = keep(in_scratch("fifo"));

	assert_int_equal(symlink("/etc/passwd", link), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	is_refused("link", "cannot read");
	is_refused("fifo", "not a regular file");
	is_refused("", "not a regular file");
	is_refused("nothing", "No such file");
}

static void is_at(const char *uri, const char *name, const char *expected)
{
	char *path = keep(app_qemu_log_path(uri, name));

	if (expected)
		assert_string_equal(path, expected);
	else
		assert_null(path);
}

TEST(qemus_log_is_where_libvirt_keeps_it)
{
	setenv("HOME", "/home/eve", 1);
	unsetenv("XDG_CACHE_HOME");
	is_at("qemu:///system", "web01", "/var/log/libvirt/qemu/web01.log");
	is_at("qemu+unix:///system?socket=/run/x", "web01", "/var/log/libvirt/qemu/web01.log");
	is_at("qemu:///session", "web01", "/home/eve/.cache/libvirt/qemu/log/web01.log");
	setenv("XDG_CACHE_HOME", "/cache", 1);
	is_at("qemu:///session", "web01", "/cache/libvirt/qemu/log/web01.log");
}

TEST(other_hosts_and_names_that_lead_elsewhere_have_none)
{
	is_at("qemu+ssh://ams1/system", "web01", NULL);
	is_at("qemu+tls://ams1/session", "web01", NULL);
	is_at("test:///default", "web01", NULL);
	is_at("demo:///default", "web01", NULL);
	is_at("qemu:///system", "../../../etc/passwd", NULL);
	is_at("qemu:///system", "..", NULL);
	is_at("qemu:///system", "", NULL);
}

RUN_TESTS_EACH("tail", NULL, NULL, set_up, tear_down)

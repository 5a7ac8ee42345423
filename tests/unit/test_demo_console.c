/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The demo's serial consoles, as a backend promises them. */
#include "demo_world.h"
#include "tests/paths.h"

#include <unistd.h>

#define CONSOLES "demo:///" SCENARIOS "/consoles.conf"

static struct err err;
static char heard[4096];

static int sit_down(const char *name, bool force)
{
	int fd = -1;

	err = (struct err){ 0 };
	return backend_console(world_backend(), 0, world_uuid(name), force, &fd, &err) ? fd : -1;
}

static void hears(int fd, const char *words)
{
	ssize_t n;

	world_wait(200);
	n = read(fd, heard, sizeof(heard) - 1);
	heard[MAX(n, 0)] = '\0';
	assert_says(heard, words);
}

static void types(int fd, const char *words)
{
	assert_int_equal(write(fd, words, strlen(words)), (ssize_t)strlen(words));
}

static void is_over(int fd)
{
	char bytes[256];

	world_wait(200);
	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
	assert_int_equal(read(fd, bytes, sizeof(bytes)), 0);
	close(fd);
}

static void is_refused(const char *name, bool force, enum err_kind kind, const char *words)
{
	assert_int_equal(sit_down(name, force), -1);
	assert_int_equal(err.kind, kind);
	assert_says(text_str(err_text(&err)), words);
}

TEST(a_getty_asks_and_lets_nobody_in)
{
	int fd;

	world_open(CONSOLES);
	fd = sit_down("a", false);
	hears(fd, "a login: ");
	types(fd, "bobx\177\r");
	hears(fd, "bobx\b \b\r\nPassword: ");
	types(fd, "secret\r");
	hears(fd, "Login incorrect");
	assert_null(strstr(heard, "secret"));
	close(fd);
}

TEST(a_second_one_is_told_and_force_takes_over)
{
	int first, second;

	world_open(CONSOLES);
	first = sit_down("a", false);
	hears(first, "a login: ");
	is_refused("a", false, ERR_BUSY, "console --force");
	second = sit_down("a", true);
	is_over(first);
	hears(second, "a login: ");
	close(second);
	world_wait(200);
	first = sit_down("a", false);
	hears(first, "a login: ");
	close(first);
}

TEST(a_guest_that_stops_ends_its_console)
{
	int fd;

	world_open(CONSOLES);
	fd = sit_down("brief", false);
	hears(fd, "brief login: ");
	world_wait(20000);
	is_over(fd);
	is_refused("brief", false, ERR_NOT_RUNNING, "start it first");
}

TEST(what_has_no_console_says_so)
{
	world_open(CONSOLES);
	is_refused("none", false, ERR_UNSUPPORTED, "no serial console");
	is_refused("off", false, ERR_NOT_RUNNING, "not running");
	is_refused("denied", false, ERR_DENIED, "denied access");
}

TEST(a_read_only_session_gets_none)
{
	world_open_with(CONSOLES, true, false);
	is_refused("a", true, ERR_DENIED, "read-only");
}

TEST(a_demo_that_ends_takes_its_consoles_along)
{
	char byte;
	int fd;

	world_open(CONSOLES);
	fd = sit_down("a", false);
	hears(fd, "a login: ");
	world_close(state);
	assert_int_equal(read(fd, &byte, 1), 0);
	close(fd);
}

RUN_TESTS_EACH("demo_console", NULL, NULL, NULL, world_close)

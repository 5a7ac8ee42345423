/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_monitoring.c - the ranges of `check`, and the listener of `metrics`.
 */
#include "base/clock.h"
#include "engine/scrape_listener.h"
#include "scratch_dir.h"
#include "ui/cli/cli_commands.h"
#include "unit.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* --- ranges --- */

/* "words: values that alert / values that do not" */
static const struct range_row {
	const char *name, *words;
	double alert[2], fine[2];
} range_rows[] = {
	{ "range_one_number_is_the_most_from_0_on", "10", { -1, 10.5 }, { 0, 10 } },
	{ "range_an_open_end_is_the_least", "10:", { -5, 9 }, { 10, 1e12 } },
	{ "range_a_tilde_is_no_least_at_all", "~:10", { 11, 1e12 }, { -1e12, 10 } },
	{ "range_two_numbers_are_both_bounds", "10:20", { 9, 21 }, { 10, 20 } },
	{ "range_an_at_sign_alerts_inside", "@10:20", { 10, 20 }, { 9, 21 } },
	{ "range_bounds_may_be_negative_and_fractions", "-1.5:.5", { -2, 1 }, { -1.5, 0.5 } },
	{ "range_0_alerts_for_everything_else", "0", { 1, -1 }, { 0, 0 } },
};

static void range_alerts(void **state)
{
	const struct range_row *row = *state;
	struct check_range range;

	assert_true(check_range_parse(row->words, &range, NULL));
	for (size_t i = 0; i < 2; i++) {
		assert_true(check_range_alerts(&range, row->alert[i]));
		assert_false(check_range_alerts(&range, row->fine[i]));
	}
}
TESTS_OF(range_rows, range_alerts)

TEST(what_is_no_range_is_refused)
{
	struct check_range range;
	struct err err;

	FOR_EACH(const char *, words, "", "@", "x", "1x", "5:1", "~", "1:2:3", "0x10", "inf", "nan:", " 1", "1e3", "-1",
		 "--1:") {
		assert_err(ERR_USAGE, check_range_parse(*words, &range, &err));
		assert_says(err.buf, "is not a range");
	}
}

/* --- the listener --- */

static struct loop *loop;
static struct scrape_listener *listener;
static char *path, *where;
static size_t page_bytes;
static bool as_openmetrics;

static char *make_page(void *data, bool is_openmetrics, size_t *ret_len)
{
	char *page = mem_zalloc(page_bytes);

	memset(page, 'x', page_bytes);
	*ret_len = page_bytes;
	as_openmetrics = is_openmetrics;
	return page;
}

FIXTURE(open_listener)
{
	struct err err;

	clock_stop_at(1000, 0);
	page_bytes = 4;
	path = mem_printf("%s/scrape", scratch_path);
	where = mem_printf("unix:%s", path);
	loop = loop_create(NULL);
	listener = scrape_listen(loop, where, make_page, NULL, &err);
	assert_non_null(listener);
}

FIXTURE(close_listener)
{
	scrape_close(listener);
	loop_destroy(loop);
	assert_int_not_equal(access(path, F_OK), 0);
	free(path);
	free(where);
}

static void turn(void)
{
	for (int i = 0; i < 4; i++)
		loop_turn(loop, 0);
}

static int connect_and_say(const char *words)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(to.sun_path, path, strlen(path) + 1);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(write(fd, words, strlen(words)), strlen(words));
	turn();
	return fd;
}

/* All that comes before the end; view until the next. */
static const char *answer_to(int fd)
{
	static char answer[1024];
	size_t len = 0;
	ssize_t n;

	while ((n = recv(fd, answer + len, sizeof(answer) - 1 - len, MSG_DONTWAIT)) > 0)
		len += (size_t)n;
	assert_int_equal(n, 0);
	answer[len] = '\0';
	close(fd);
	return answer;
}

static bool is_open(int fd)
{
	char byte;
	const ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);

	return n > 0 || (n < 0 && errno == EAGAIN);
}

TEST_WITH(a_scraper_gets_the_page, open_listener, close_listener)
{
	const char *answer = answer_to(connect_and_say("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"));

	assert_says(answer, "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4;");
	assert_says(answer, "Content-Length: 4\r\n");
	assert_says(answer, "\r\n\r\nxxxx");
	assert_false(as_openmetrics);
}

TEST_WITH(a_scraper_that_accepts_openmetrics_gets_it, open_listener, close_listener)
{
	assert_says(answer_to(connect_and_say(
			    "GET /metrics HTTP/1.1\r\nACCEPT: text/plain, application/openmetrics-text;q=1\r\n\r\n")),
		    "application/openmetrics-text; version=1.0.0");
	assert_true(as_openmetrics);
}

TEST_WITH(another_path_or_method_gets_no_page, open_listener, close_listener)
{
	assert_says(answer_to(connect_and_say("GET / HTTP/1.1\r\n\r\n")), "404 Not Found");
	assert_says(answer_to(connect_and_say("POST /metrics HTTP/1.1\r\n\r\n")), "405 Method Not Allowed");
	assert_says(answer_to(connect_and_say("\r\n\r\n")), "405 Method Not Allowed");
}

TEST_WITH(a_scraper_that_never_asks_hinders_nobody_and_is_dropped, open_listener, close_listener)
{
	const int idle = connect_and_say("GET /met");

	assert_says(answer_to(connect_and_say("GET /metrics HTTP/1.1\r\n\r\n")), "200 OK");
	assert_true(is_open(idle));
	clock_advance(SCRAPE_LIMIT_MS);
	turn();
	assert_false(is_open(idle));
	close(idle);
}

TEST_WITH(a_scraper_that_does_not_read_hinders_nobody_and_is_dropped, open_listener, close_listener)
{
	int deaf;

	page_bytes = 8 << 20;
	deaf = connect_and_say("GET /metrics HTTP/1.1\r\n\r\n");
	page_bytes = 4;
	assert_says(answer_to(connect_and_say("GET /metrics HTTP/1.1\r\n\r\n")), "200 OK");
	clock_advance(SCRAPE_LIMIT_MS);
	turn();
	while (is_open(deaf))
		assert_true(recv(deaf, (char[65536]){ 0 }, 65536, MSG_DONTWAIT) > 0);
	close(deaf);
}

TEST_WITH(more_scrapers_than_are_served_at_once_wait, open_listener, close_listener)
{
	int idle[SCRAPES_AT_ONCE], waits;

	for (size_t i = 0; i < ARRAY_SIZE(idle); i++)
		idle[i] = connect_and_say("");
	waits = connect_and_say("GET /metrics HTTP/1.1\r\n\r\n");
	assert_true(is_open(waits));
	close(idle[0]);
	turn();
	assert_says(answer_to(waits), "200 OK");
	for (size_t i = 1; i < ARRAY_SIZE(idle); i++)
		close(idle[i]);
}

TEST_WITH(a_request_without_end_is_dropped, open_listener, close_listener)
{
	char *words = keep(mem_zalloc(16385));

	memset(words, 'x', 16384);
	assert_false(is_open(connect_and_say(words)));
}

TEST_WITH(a_path_that_exists_is_left_alone, open_listener, close_listener)
{
	struct err err;

	assert_null(scrape_listen(loop, where, make_page, NULL, &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_says(err.buf, "exists; remove it if no other innkeeper listens there");
	assert_int_equal(access(path, F_OK), 0);
}

TEST_WITH(a_free_port_is_taken_once, open_listener, close_listener)
{
	struct scrape_listener *first = scrape_listen(loop, "127.0.0.1:0", make_page, NULL, NULL);
	struct err err;

	assert_non_null(first);
	assert_says(scrape_address(first), "127.0.0.1:");
	assert_string_not_equal(scrape_address(first), "127.0.0.1:0");
	assert_null(scrape_listen(loop, scrape_address(first), make_page, NULL, &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	scrape_close(first);
}

TEST_WITH(only_loopback_and_unix_sockets_are_listened_on, open_listener, close_listener)
{
	struct err err;

	FOR_EACH(const char *, bad, "", "unix:", "0.0.0.0:9177", "192.0.2.1:9177", "[::]:9177", "localhost:9177",
		 "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:http", ":9177", "[127.0.0.1]", "]:1") {
		assert_null(scrape_listen(loop, *bad, make_page, NULL, &err));
		assert_int_equal(err.kind, ERR_USAGE);
	}
}

RUN_TESTS("monitoring", scratch_setup, scratch_teardown)

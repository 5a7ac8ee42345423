/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_connection.c - attempts to connect to a server that takes every call and never answers: how many there
 * are, and when. Time stands still but for the cranking; the threads hang in libvirt for real.
 */
#include "backend/libvirt/connection.h"
#include "backend/libvirt/libvirt_events.h"
#include "base/clock.h"
#include "tests/unit/unit.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { REAL_MAX_MS = 10000, CALLERS_MAX = 8 };

static char *path, *uri;
static int listener;
static int callers[CALLERS_MAX];
static int caller_count;

static int open_server(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct err err;

	path = mem_printf("/tmp/innkeeper-silent-%d", (int)getpid());
	uri = mem_printf("test+unix:///default?socket=%s", path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, CALLERS_MAX) < 0)
		return -1;
	libvirt_process_quieten();
	clock_stop_at(1000000, 0);
	caller_count = 0;
	return libvirt_process_start(&err) ? 0 : -1;
}

static void hang_up_on_all(void)
{
	while (caller_count > 0)
		close(callers[--caller_count]);
}

FIXTURE(close_server)
{
	hang_up_on_all();
	close(listener);
	unlink(path);
	free(path);
	free(uri);
}

/*
 * Waits for what is sure to come; false where it does not. The caller has sent its first request, too: libvirt 11.3
 * leaks the client whose connection ends before that.
 */
static bool somebody_calls(int wait_ms)
{
	struct pollfd waiting = { .fd = listener, .events = POLLIN };

	if (caller_count == CALLERS_MAX || poll(&waiting, 1, wait_ms) != 1)
		return false;
	waiting.fd = callers[caller_count++] = accept(listener, NULL, NULL);
	return poll(&waiting, 1, REAL_MAX_MS) == 1;
}

static struct connection *new_connection(void)
{
	return connection_create(&(struct connection_config){ .uri = uri });
}

static void starts(struct connection *connection)
{
	struct err err = { 0 };

	if (!connection_open(connection, &err))
		fail_msg("%s", text_str(err_text(&err)));
}

TEST(a_second_attempt_waits_a_minute)
{
	struct connection *connection = new_connection();

	starts(connection);
	assert_true(somebody_calls(REAL_MAX_MS));
	starts(connection);
	clock_advance(CONNECTION_RETRY_MS - 1);
	starts(connection);
	assert_int_equal(connection_wait(connection, 0, NULL), CONNECTION_OPENING);
	assert_false(somebody_calls(100));
	clock_advance(1);
	starts(connection);
	assert_true(somebody_calls(REAL_MAX_MS));
	connection_destroy(connection);
}

TEST(there_is_an_end_to_attempts)
{
	struct connection *connection = new_connection();
	struct err err = { 0 };

	for (int i = 0; i < CONNECTION_THREADS_MAX; i++) {
		starts(connection);
		assert_true(somebody_calls(REAL_MAX_MS));
		clock_advance(CONNECTION_RETRY_MS);
	}
	assert_err(ERR_UNREACHABLE, connection_open(connection, &err));
	assert_false(somebody_calls(100));
	connection_destroy(connection);
}

static enum connection_state settles_as(struct connection *connection, struct err *err)
{
	return connection_wait(connection, REAL_MAX_MS, err);
}

TEST(only_the_last_attempt_to_fail_is_a_failure)
{
	struct connection *connection = new_connection();
	struct err err = { 0 };

	starts(connection);
	assert_true(somebody_calls(REAL_MAX_MS));
	clock_advance(CONNECTION_RETRY_MS);
	starts(connection);
	assert_true(somebody_calls(REAL_MAX_MS));
	close(callers[--caller_count]);
	assert_int_equal(connection_wait(connection, 200, &err), CONNECTION_OPENING);
	hang_up_on_all();
	assert_int_equal(settles_as(connection, &err), CONNECTION_IDLE);
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	connection_destroy(connection);
}

TEST(who_gives_up_does_not_wait)
{
	struct connection *connection = new_connection();
	struct err err = { 0 };

	starts(connection);
	assert_true(somebody_calls(REAL_MAX_MS));
	connection_cancel(connection);
	assert_null(connection_acquire(connection, REAL_MAX_MS, &err));
	assert_int_equal(err.kind, ERR_CANCELLED);
	connection_destroy(connection);
}

RUN_TESTS_EACH("connection", NULL, NULL, open_server, close_server)

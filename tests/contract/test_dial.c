/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_dial.c - attempts to connect to a server that takes every call and never answers: how many there
 * are, and when. Time stands still but for the cranking; the threads hang in libvirt for real.
 */
#include "tests/unit/unit.h"

#include "backend/libvirt/dial.h"
#include "backend/libvirt/libvirt_events.h"
#include "base/clock.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

	(void)state;
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

static int close_server(void **state)
{
	(void)state;
	hang_up_on_all();
	close(listener);
	unlink(path);
	free(path);
	free(uri);
	return 0;
}

/* Waits for what is sure to come; false where it does not. */
static bool somebody_calls(int wait_ms)
{
	struct pollfd waiting = { .fd = listener, .events = POLLIN };

	if (caller_count == CALLERS_MAX || poll(&waiting, 1, wait_ms) != 1)
		return false;
	callers[caller_count++] = accept(listener, NULL, NULL);
	return true;
}

static struct dial *new_dial(void)
{
	return dial_create(&(struct dial_config){ .uri = uri });
}

static void starts(struct dial *dial)
{
	struct err err = { 0 };

	if (!dial_start(dial, &err))
		fail_msg("%s", text_str(err_text(&err)));
}

static void a_second_attempt_waits_a_minute(void **state)
{
	struct dial *dial = new_dial();

	(void)state;
	starts(dial);
	assert_true(somebody_calls(REAL_MAX_MS));
	starts(dial);
	clock_crank(DIAL_AGAIN_MS - 1);
	starts(dial);
	assert_int_equal(dial_look(dial, 0, NULL), DIAL_TRYING);
	assert_false(somebody_calls(100));
	clock_crank(1);
	starts(dial);
	assert_true(somebody_calls(REAL_MAX_MS));
	dial_destroy(dial);
}

static void there_is_an_end_to_attempts(void **state)
{
	struct dial *dial = new_dial();
	struct err err = { 0 };

	(void)state;
	for (int i = 0; i < DIAL_THREADS_MAX; i++) {
		starts(dial);
		assert_true(somebody_calls(REAL_MAX_MS));
		clock_crank(DIAL_AGAIN_MS);
	}
	assert_false(dial_start(dial, &err));
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	assert_false(somebody_calls(100));
	dial_destroy(dial);
}

static enum dial_state settles_as(struct dial *dial, struct err *err)
{
	return dial_look(dial, REAL_MAX_MS, err);
}

static void only_the_last_attempt_to_fail_is_a_failure(void **state)
{
	struct dial *dial = new_dial();
	struct err err = { 0 };

	(void)state;
	starts(dial);
	assert_true(somebody_calls(REAL_MAX_MS));
	clock_crank(DIAL_AGAIN_MS);
	starts(dial);
	assert_true(somebody_calls(REAL_MAX_MS));
	close(callers[--caller_count]);
	assert_int_equal(dial_look(dial, 200, &err), DIAL_TRYING);
	hang_up_on_all();
	assert_int_equal(settles_as(dial, &err), DIAL_IDLE);
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	dial_destroy(dial);
}

static void who_gives_up_does_not_wait(void **state)
{
	struct dial *dial = new_dial();
	struct err err = { 0 };

	(void)state;
	starts(dial);
	assert_true(somebody_calls(REAL_MAX_MS));
	dial_give_up(dial);
	assert_null(dial_need(dial, REAL_MAX_MS, &err));
	assert_int_equal(err.kind, ERR_CANCELLED);
	dial_destroy(dial);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_second_attempt_waits_a_minute, open_server, close_server),
		cmocka_unit_test_setup_teardown(there_is_an_end_to_attempts, open_server, close_server),
		cmocka_unit_test_setup_teardown(only_the_last_attempt_to_fail_is_a_failure, open_server, close_server),
		cmocka_unit_test_setup_teardown(who_gives_up_does_not_wait, open_server, close_server),
	};

	return cmocka_run_group_tests_name("dial", tests, NULL, NULL);
}

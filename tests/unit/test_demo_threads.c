/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The demo backend with real threads and a clock that runs: for the thread sanitiser, and for leaving in a hurry. */
#include "backend/backend_impl.h"
#include "demo_world.h"
#include "tests/paths.h"

enum { WORKERS = 4, GIVE_UP_MS = 20000 };

static struct loop *loop;
static struct backend *backend;

static void turn_until(bool (*done)(void))
{
	int64_t give_up_at = clock_ms() + GIVE_UP_MS;

	while (!done()) {
		if (clock_ms() > give_up_at)
			fail_msg("it takes too long");
		loop_turn(loop, 20);
	}
}

static bool is_listed(void)
{
	return world_count() > 0;
}

static void open_host(const char *uri)
{
	struct backend_config config = {
		.uri = uri,
		.name = "test",
		.slots = WORKERS,
		.figures_interval_ms = 50,
		.listener = world_listener,
	};

	world_close(NULL);
	config.loop = loop = loop_create(NULL);
	backend = backend_create(&config, NULL);
	assert_non_null(backend);
	assert_true(backend_start(backend, NULL));
	turn_until(is_listed);
	assert_string_not_equal(world_news(), "");
}

/* --- calls on workers --- */

static size_t done_count, wanted;

struct call {
	const struct uuid *uuid;
	int left;
	bool verbs;
};

static int64_t call_step(void *state, int slot)
{
	static const enum operation verbs[] = { OP_SUSPEND, OP_RESUME, OP_DESTROY, OP_START };
	struct call *call = state;
	struct vm_info info;
	char *reply = NULL;

	if (call->verbs)
		backend_lifecycle(backend, slot, call->uuid, verbs[call->left % 4], false, NULL);
	else if (backend_agent_command(backend, slot, call->uuid, BACKEND_LOOKS, "{\"execute\":\"guest-get-users\"}",
				       10000, &reply, NULL))
		free(reply);
	if (backend_get_info(backend, slot, call->uuid, &info, NULL))
		vm_info_free(&info);
	return --call->left > 0 ? 0 : WORKER_DONE;
}

static void call_done(void *state)
{
	free(state);
	done_count++;
}

static void call(const struct uuid *uuid, int times, bool verbs)
{
	struct call *call = mem_zalloc(sizeof(*call));
	const struct job_spec job = { .step = call_step, .done = call_done, .state = call, .key = uuid };

	*call = (struct call){ .uuid = uuid, .left = times, .verbs = verbs };
	worker_submit(backend->agents, &job);
	wanted++;
}

static bool all_done(void)
{
	return done_count == wanted;
}

FIXTURE(fresh)
{
	done_count = wanted = 0;
}

TEST(many_workers_ask_and_order_at_the_same_time)
{
	open_host("demo:///fleet:1,12");
	for (size_t i = 0; i < world_count(); i++)
		call(world_uuid_at(i), 20, i % 2);
	turn_until(all_done);
	assert_string_not_equal(world_news(), "");
	assert_true(backend_destroy(backend));
	loop_destroy(loop);
}

TEST(leaving_calls_back_who_waits_for_a_mute_guest)
{
	int64_t began;

	open_host("demo:///" SCENARIOS "/silence.conf");
	for (size_t i = 0; i < world_count(); i++)
		call(world_uuid_at(i), 1, false);
	while (worker_busy(backend->agents) < WORKERS)
		loop_turn(loop, 5);
	began = clock_ms();
	assert_true(backend_destroy(backend));
	assert_in_range(clock_ms() - began, 0, 1000);
	loop_destroy(loop);
	assert_int_equal(done_count, wanted);
}

RUN_TESTS_EACH("demo threads", NULL, NULL, fresh, NULL)

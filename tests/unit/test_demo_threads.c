/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The demo backend with real threads and a clock that runs: for the thread sanitiser, and for leaving in a hurry. */
#include "backend/backend_impl.h"
#include "backend/demo/demo.h"
#include "base/clock.h"
#include "tests/paths.h"
#include "unit.h"

#include <string.h>

enum { GUESTS = 12, WORKERS = 4, GIVE_UP_MS = 20000 };

static struct loop *loop;
static struct backend *backend;
static struct uuid uuids[GUESTS];
static size_t guest_count, told;

/* These tests open no real hypervisor. */
struct backend *libvirt_backend_create(const struct backend_config *config, struct err *err)
{
	(void)config;
	err_set(err, ERR_UNSUPPORTED, "no libvirt here");
	return NULL;
}

static void on_host_state(void *data, enum host_state state, enum host_access access, int64_t retry_at,
			  struct safe_text trouble)
{
	(void)data, (void)state, (void)access, (void)retry_at;
	text_free(&trouble);
}

static void on_host_about(void *data, struct safe_text own_name, struct safe_text version)
{
	(void)data;
	text_free(&own_name);
	text_free(&version);
}

static void on_answered(void *data)
{
	(void)data;
}

static void on_list(void *data, struct vm_info *info, size_t count)
{
	(void)data;
	for (size_t i = 0; i < count; i++) {
		if (i < GUESTS)
			uuids[i] = info[i].uuid;
		vm_info_free(&info[i]);
	}
	guest_count = MIN(count, GUESTS);
}

static void on_facts(void *data, struct vm_info *info)
{
	(void)data;
	told++;
	vm_info_free(info);
}

static void on_gone(void *data, const struct uuid *uuid)
{
	(void)data, (void)uuid;
	told++;
}

static void on_started(void *data, const struct uuid *uuid, bool booted)
{
	(void)booted;
	on_gone(data, uuid);
}

static void on_stopped(void *data, const struct uuid *uuid, enum vm_state how)
{
	(void)how;
	on_gone(data, uuid);
}

static void on_channel(void *data, const struct uuid *uuid, enum agent_channel channel)
{
	(void)data, (void)uuid, (void)channel;
}

static void on_figures(void *data, const struct vm_figures *figures, size_t count)
{
	(void)data, (void)figures, (void)count;
}

static void on_note(void *data, const struct uuid *uuid, struct safe_text text)
{
	(void)data, (void)uuid;
	text_free(&text);
}

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
	return guest_count > 0;
}

static void open_host(const char *uri)
{
	struct backend_config config = {
		.uri = uri,
		.name = "test",
		.slots = WORKERS,
		.figures_interval_ms = 50,
		.listener = { .host_state = on_host_state,
			      .host_about = on_host_about,
			      .answered = on_answered,
			      .list = on_list,
			      .info = on_facts,
			      .gone = on_gone,
			      .channel = on_channel,
			      .figures = on_figures,
			      .started = on_started,
			      .stopped = on_stopped,
			      .rebooted = on_gone,
			      .note = on_note },
	};

	guest_count = told = 0;
	config.loop = loop = loop_create(NULL);
	backend = backend_create(&config, NULL);
	assert_non_null(backend);
	assert_true(backend_start(backend, NULL));
	turn_until(is_listed);
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

static int fresh(void **state)
{
	(void)state;
	done_count = wanted = 0;
	return 0;
}

TEST(many_workers_ask_and_order_at_the_same_time)
{
	open_host("demo:///fleet:1,12");
	for (size_t i = 0; i < guest_count; i++)
		call(&uuids[i], 20, i % 2);
	turn_until(all_done);
	assert_true(told > 0);
	assert_true(backend_destroy(backend));
	loop_destroy(loop);
}

TEST(leaving_calls_back_who_waits_for_a_mute_guest)
{
	int64_t began;

	open_host("demo:///" SCENARIOS "/silence.conf");
	for (size_t i = 0; i < guest_count; i++)
		call(&uuids[i], 1, false);
	while (worker_busy(backend->agents) < WORKERS)
		loop_turn(loop, 5);
	began = clock_ms();
	assert_true(backend_destroy(backend));
	assert_in_range(clock_ms() - began, 0, 1000);
	loop_destroy(loop);
	assert_int_equal(done_count, wanted);
}

RUN_TESTS_EACH("demo threads", NULL, NULL, fresh, NULL)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each opens two simulated hosts, lets something be done there, and leaves; on the fake clock, without a thread. */
#include "base/clock.h"
#include "engine/audit.h"
#include "flows.h"
#include "tests/paths.h"
#include "ui/app/app_tasks.h"

static struct app *app;
static struct loop *loop;

static void wait_ms(int64_t ms)
{
	for (int64_t gone = 0; gone < ms; gone += 100) {
		for (size_t i = 0; i < inventory_host_count(app_inventory(app)); i++)
			worker_crank(app_backend(app, (int)i)->agents, NULL);
		loop_turn(loop, 0);
		clock_advance(100);
	}
}

typedef bool deed_fn(struct vm *vm, struct err *err);

static bool in_the_app(enum app_mode mode, const char *name, deed_fn *deed, struct err *err)
{
	struct config config;
	const struct app_settings settings = { .mode = mode, .config = &config };
	struct vm *vm;
	bool ok;

	audit_use_socket("");
	clock_stop_at(1000000, 1767268800);
	config_defaults(&config);
	config.slots = -1;
	loop = loop_create(err);
	if (!loop) {
		config_free(&config);
		return false;
	}
	app = app_create(loop, &settings);
	ok = app_add_host(app, "demo:///" SCENARIOS "/app.conf", err) && app_start(app, err);
	if (ok) {
		wait_ms(2000);
		ok = inventory_resolve(app_inventory(app), name, &vm, err) && deed(vm, err);
		wait_ms(15000);
	}
	app_destroy(app, 0);
	loop_destroy(loop);
	config_free(&config);
	return ok;
}

static bool do_log_off(struct vm *vm, struct err *err)
{
	struct task *task;

	return app_submit(app, &vm->id, &(struct op_params){ .operation = OP_LOGOFF }, &task, err) == S_OK;
}

static bool do_log_off_with_a_message(struct vm *vm, struct err *err)
{
	const struct logoff_options options = { .message = "Patches", .grace_s = 3 };
	struct task *task;

	return app_submit(app, &vm->id, &(struct op_params){ .operation = OP_LOGOFF, .logoff = options }, &task, err) ==
	       S_OK;
}

static bool do_shut_down(struct vm *vm, struct err *err)
{
	struct task *task;

	return app_submit(app, &vm->id, &(struct op_params){ .operation = OP_SHUTDOWN }, &task, err) == S_OK;
}

static bool do_start(struct vm *vm, struct err *err)
{
	struct task *task;

	return app_submit(app, &vm->id, &(struct op_params){ .operation = OP_START }, &task, err) == S_OK;
}

static bool do_lock(struct vm *vm, struct err *err)
{
	struct task *task;

	return app_submit(app, &vm->id, &(struct op_params){ .operation = OP_LOCK }, &task, err) == S_OK;
}

static bool do_drain(struct vm *vm, struct err *err)
{
	struct task *task;

	return app_submit(app, &vm->id, &(struct op_params){ .operation = OP_DRAIN, .shut_down = true }, &task, err) ==
	       S_OK;
}

static bool do_ask(struct vm *vm, struct err *err)
{
	app_watch(app, &vm->id, 1);
	app_focus(app, &vm->id);
	return app_ask_guest(app, vm, true, err);
}

static bool do_cancel(struct vm *vm, struct err *err)
{
	struct task *task;

	if (app_submit(app, &vm->id, &(struct op_params){ .operation = OP_LOGOFF, .logoff = { .grace_s = 60 } }, &task,
		       err) != S_OK)
		return false;
	wait_ms(3000);
	return app_cancel(app, task) == S_OK || err_set(err, ERR_UNEXPECTED, "too late");
}

static bool do_note_a_refusal(struct vm *vm, struct err *err)
{
	struct task *task;
	hresult code = app_submit(app, &vm->id, &(struct op_params){ .operation = OP_LOGOFF }, &task, err);

	if (code == S_OK)
		return true;
	app_note_refusal(app, &vm->id, OP_LOGOFF, code, err);
	return false;
}

#define IN_THE_APP(name, mode, vm, act) \
	static bool name(struct err *err) \
	{ \
		return in_the_app(mode, vm, act, err); \
	}

IN_THE_APP(a_log_off, APP_FULL, "alpha/web01", do_log_off)
IN_THE_APP(a_log_off_with_a_message, APP_FULL, "web02", do_log_off_with_a_message)
IN_THE_APP(a_log_off_of_nobody, APP_FULL, "idle01", do_log_off)
IN_THE_APP(a_log_off_in_silence, APP_FULL, "mute01", do_log_off)
IN_THE_APP(a_log_off_that_is_cancelled, APP_FULL, "web02", do_cancel)
IN_THE_APP(a_log_off_that_is_refused, APP_FULL, "off01", do_note_a_refusal)
IN_THE_APP(a_log_off_while_locked, APP_LOCKED, "web02", do_note_a_refusal)
IN_THE_APP(a_shutdown, APP_FULL, "web02", do_shut_down)
IN_THE_APP(a_start, APP_FULL, "off01", do_start)
IN_THE_APP(a_lock, APP_FULL, "web02", do_lock)
IN_THE_APP(a_drain, APP_FULL, "web02", do_drain)
IN_THE_APP(a_question, APP_FULL, "alpha/web01", do_ask)
IN_THE_APP(a_question_to_a_mute, APP_FULL, "mute01", do_ask)

/* clang-format off */
const struct flow flows_of_app[] = {
	FLOW(a_log_off), FLOW(a_log_off_with_a_message), FLOW(a_log_off_of_nobody), FLOW(a_log_off_in_silence),
	FLOW(a_log_off_that_is_cancelled), FLOW(a_log_off_that_is_refused), FLOW(a_log_off_while_locked),
	FLOW(a_shutdown), FLOW(a_start), FLOW(a_lock), FLOW(a_drain), FLOW(a_question),
	FLOW(a_question_to_a_mute), FLOWS_END,
};
/* clang-format on */

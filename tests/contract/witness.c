/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/contract/witness.h"

#include "base/clock.h"

enum { CALL_MAX_MS = 60000, TURN_MS = 20 };

/* --- the listener --- */

static void on_host_state(void *data, enum host_state state, enum host_access access, int64_t retry_at,
			  struct safe_text trouble)
{
	struct witness *witness = data;

	if (witness->state_count < WITNESS_STATES_MAX)
		witness->states[witness->state_count++] = state;
	inventory_apply_host(witness->inventory, witness->host->index, state, access, retry_at, trouble);
}

static void on_host_about(void *data, struct safe_text own_name, struct safe_text version)
{
	struct witness *witness = data;

	text_free(&own_name);
	text_set(&witness->host->version, version);
}

static void on_answered(void *data)
{
	((struct witness *)data)->answers++;
}

static void on_list(void *data, struct vm_info *info, size_t count)
{
	struct witness *witness = data;

	witness->lists++;
	inventory_apply_list(witness->inventory, witness->host->index, info, count);
}

static void on_facts(void *data, struct vm_info *info)
{
	struct witness *witness = data;

	inventory_apply_facts(witness->inventory, witness->host->index, info);
}

static void on_gone(void *data, const struct uuid *uuid)
{
	struct witness *witness = data;

	witness->gone++;
	inventory_apply_gone(witness->inventory, witness->host->index, uuid);
}

static void on_channel(void *data, const struct uuid *uuid, enum agent_channel channel)
{
	struct witness *witness = data;

	inventory_apply_channel(witness->inventory, witness->host->index, uuid, channel);
}

static void on_figures(void *data, const struct vm_figures *figures, size_t count)
{
	struct witness *witness = data;

	witness->figures++;
	inventory_apply_figures(witness->inventory, witness->host->index, figures, count);
}

static void on_host_figures(void *data, const struct host_figures *figures)
{
	((struct witness *)data)->host->figures = *figures;
}

static void on_started(void *data, const struct uuid *uuid, bool booted)
{
	(void)uuid;
	((struct witness *)data)->boots += booted;
}

static void on_stopped(void *data, const struct uuid *uuid, enum vm_state how)
{
	(void)uuid;
	((struct witness *)data)->stopped = how;
}

static void on_rebooted(void *data, const struct uuid *uuid)
{
	(void)uuid;
	((struct witness *)data)->reboots++;
}

static void on_note(void *data, const struct uuid *uuid, struct safe_text text)
{
	struct witness *witness = data;

	(void)uuid;
	witness->notes++;
	snprintf(witness->last_note, sizeof(witness->last_note), "%s", text_str(text));
	text_free(&text);
}

/* --- coming and going --- */

struct witness *witness_start(const struct witness_config *config)
{
	struct witness *witness = mem_zalloc(sizeof(*witness));
	struct backend_config backend = {
		.uri = config->uri,
		.name = "witness",
		.read_only = config->read_only,
		.locked = config->locked,
		.one_shot = config->one_shot,
		.connect_timeout_ms = config->connect_timeout_ms,
		.figures_interval_ms = config->figures_interval_ms,
		.background_share = config->background_share,
		.keepalive_interval = config->keepalive_interval,
		.keepalive_count = config->keepalive_count,
		.listener = {
			.host_state = on_host_state,
			.host_about = on_host_about,
			.answered = on_answered,
			.list = on_list,
			.info = on_facts,
			.gone = on_gone,
			.channel = on_channel,
			.figures = on_figures,
			.host_figures = on_host_figures,
			.started = on_started,
			.stopped = on_stopped,
			.rebooted = on_rebooted,
			.note = on_note,
			.data = witness,
		},
	};
	struct err err = { 0 };

	witness->loop = loop_create(&err);
	witness->inventory = inventory_create();
	witness->host = inventory_add_host(witness->inventory, "witness", config->uri);
	backend.loop = witness->loop;
	witness->backend = backend_create(&backend, &err);
	if (!witness->backend || !backend_start(witness->backend, &err)) {
		fprintf(stderr, "%s: %s\n", config->uri, text_str(err_text(&err)));
		abort();
	}
	return witness;
}

int64_t witness_finish(struct witness *witness)
{
	int64_t begun = clock_ms(), took;
	bool clean = backend_destroy(witness->backend);

	took = clock_ms() - begun;
	if (!clean)
		return -1;
	loop_destroy(witness->loop);
	inventory_destroy(witness->inventory);
	free(witness);
	return took;
}

bool witness_until(struct witness *witness, witness_condition *condition, int64_t ms)
{
	int64_t until = clock_ms() + ms;

	while (!condition(witness)) {
		if (clock_ms() >= until)
			return false;
		loop_turn(witness->loop, TURN_MS);
	}
	return true;
}

static bool never(struct witness *witness)
{
	(void)witness;
	return false;
}

void witness_turn_for(struct witness *witness, int64_t ms)
{
	witness_until(witness, never, ms);
}

bool witness_is_live(struct witness *witness)
{
	return witness->host->state == HOST_LIVE;
}

bool witness_is_listed(struct witness *witness)
{
	return witness_is_live(witness) && witness->lists > 0;
}

bool witness_is_lost(struct witness *witness)
{
	return witness->host->state == HOST_LOST;
}

bool witness_is_stale(struct witness *witness)
{
	return witness->host->state == HOST_STALE;
}

struct vm *witness_vm_in_state(struct witness *witness, enum vm_state state)
{
	for (size_t i = 0; i < inventory_vm_count(witness->inventory); i++) {
		struct vm *vm = inventory_vm_at(witness->inventory, i);

		if (vm->info.state == state)
			return vm;
	}
	return NULL;
}

struct vm *witness_vm(struct witness *witness, const struct uuid *uuid)
{
	return inventory_find(witness->inventory, &(struct vm_id){ witness->host->index, *uuid });
}

/* --- calls --- */

struct call {
	struct backend *backend;
	struct uuid uuid;
	enum operation operation;
	enum backend_intent intent;
	const char *command;
	char *text;
	struct vm_info info;
	struct snapshot_list snapshots;
	struct address_list addresses;
	struct backend_examination examination;
	int fd;
	const struct snapshot_order *order;
	struct err err;
	int percent;
	bool ok, over;
};

/* A worker's step that makes one call of the backend, of which `call` says the rest. */
#define STEP(name, call_of_the_backend, ...) \
	static int64_t name(void *state, int slot) \
	{ \
		struct call *call = state; \
		call->ok = call_of_the_backend(call->backend, slot, &call->uuid, __VA_ARGS__); \
		return WORKER_DONE; \
	}

STEP(do_verb, backend_lifecycle, call->operation, false, &call->err)
STEP(ask_agent, backend_agent_command, call->intent, call->command, 3000, &call->text, &call->err)
STEP(look, backend_get_info, &call->info, &call->err)
STEP(read_leases, backend_leases, &call->addresses, &call->err)
STEP(open_console, backend_console, false, &call->fd, &call->err)
STEP(list_snapshots, backend_snapshot_list, &call->snapshots, &call->err)
STEP(create_snapshot, backend_snapshot_create, call->order, &call->err)
STEP(revert_snapshot, backend_snapshot_revert, call->command, &call->err)
STEP(delete_snapshot, backend_snapshot_delete, call->command, &call->err)
STEP(examine, backend_examine, &call->examination, &call->err)
STEP(read_percent, backend_job_percent, &call->percent, &call->err)
STEP(abort_job, backend_job_abort, &call->err)

static void call_done(void *state)
{
	((struct call *)state)->over = true;
}

static bool make_call(struct witness *witness, int64_t (*step)(void *state, int slot), struct call *call,
		      struct err *err)
{
	struct job_spec spec = { .step = step, .done = call_done, .state = call, .key = &call->uuid };
	int64_t until = clock_ms() + CALL_MAX_MS;

	call->backend = witness->backend;
	worker_submit(witness->backend->agents, &spec);
	while (!call->over && clock_ms() < until)
		loop_turn(witness->loop, TURN_MS);
	if (!call->over)
		abort(); /* a call that never comes back owns its state: there is no going on */
	*err = call->err;
	return call->ok;
}

bool witness_verb(struct witness *witness, const struct uuid *uuid, enum operation operation, struct err *err)
{
	return make_call(witness, do_verb, &(struct call){ .uuid = *uuid, .operation = operation }, err);
}

bool witness_agent(struct witness *witness, const struct uuid *uuid, enum backend_intent intent, const char *command,
		   char **ret_reply, struct err *err)
{
	struct call call = { .uuid = *uuid, .intent = intent, .command = command };
	bool ok = make_call(witness, ask_agent, &call, err);

	*ret_reply = call.text;
	return ok;
}

bool witness_look(struct witness *witness, const struct uuid *uuid, struct vm_info *ret, struct err *err)
{
	struct call call = { .uuid = *uuid };
	bool ok = make_call(witness, look, &call, err);

	*ret = call.info;
	return ok;
}

bool witness_leases(struct witness *witness, const struct uuid *uuid, struct address_list *ret, struct err *err)
{
	struct call call = { .uuid = *uuid };
	bool ok = make_call(witness, read_leases, &call, err);

	*ret = call.addresses;
	return ok;
}

bool witness_console(struct witness *witness, const struct uuid *uuid, int *ret_fd, struct err *err)
{
	struct call call = { .uuid = *uuid, .fd = -1 };
	bool ok = make_call(witness, open_console, &call, err);

	*ret_fd = call.fd;
	return ok;
}

bool witness_snapshots(struct witness *witness, const struct uuid *uuid, struct snapshot_list *ret, struct err *err)
{
	struct call call = { .uuid = *uuid };
	bool ok = make_call(witness, list_snapshots, &call, err);

	*ret = call.snapshots;
	return ok;
}

bool witness_snapshot_create(struct witness *witness, const struct uuid *uuid, const struct snapshot_order *order,
			     struct err *err)
{
	return make_call(witness, create_snapshot, &(struct call){ .uuid = *uuid, .order = order }, err);
}

bool witness_snapshot_revert(struct witness *witness, const struct uuid *uuid, const char *key, struct err *err)
{
	return make_call(witness, revert_snapshot, &(struct call){ .uuid = *uuid, .command = key }, err);
}

bool witness_snapshot_delete(struct witness *witness, const struct uuid *uuid, const char *key, struct err *err)
{
	return make_call(witness, delete_snapshot, &(struct call){ .uuid = *uuid, .command = key }, err);
}

int witness_job_percent(struct witness *witness, const struct uuid *uuid, struct err *err)
{
	struct call call = { .uuid = *uuid, .percent = -1 };

	make_call(witness, read_percent, &call, err);
	return call.percent;
}

bool witness_examine(struct witness *witness, const struct uuid *uuid, struct backend_examination *ret, struct err *err)
{
	struct call call = { .uuid = *uuid };
	const bool ok = make_call(witness, examine, &call, err);

	*ret = call.examination;
	return ok;
}

bool witness_job_abort(struct witness *witness, const struct uuid *uuid, struct err *err)
{
	return make_call(witness, abort_job, &(struct call){ .uuid = *uuid }, err);
}

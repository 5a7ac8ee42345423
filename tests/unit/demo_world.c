/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "demo_world.h"

#include "backend/backend_impl.h"

enum { BEGINNING_MS = 1000000, WALL = 1900000000, STEP_MS = 50, TIMEOUT_MS = 3000, GUESTS_MAX = 64 };

static struct world {
	struct loop *loop;
	struct backend *backend;
	struct {
		char name[128];
		struct uuid uuid;
		struct vm_figures figures;
		bool has_figures;
	} guests[GUESTS_MAX];
	size_t guest_count;
	enum host_state state;
	enum host_access access;
	enum vm_state stopped;
	int64_t retry_at;
	char trouble[256], news[8192], told[8192], notes[1024];
	char *reply;
	struct agent_output output;
} world;

/* These tests open no real hypervisor. */
struct backend *libvirt_backend_create(const struct backend_config *config, struct err *err)
{
	err_set(err, ERR_UNSUPPORTED, "no libvirt here");
	return NULL;
}

/* --- the listener --- */

static void tell(const char *format, ...) PRINTF_LIKE(1, 2);

static void tell(const char *format, ...)
{
	size_t len = strlen(world.news);
	va_list args;

	va_start(args, format);
	vsnprintf(world.news + len, sizeof(world.news) - len, format, args);
	va_end(args);
}

static const char *name_of(const struct uuid *uuid)
{
	for (size_t i = 0; i < world.guest_count; i++)
		if (uuid_equal(&world.guests[i].uuid, uuid))
			return world.guests[i].name;
	return "?";
}

static void on_host_state(void *data, enum host_state state, enum host_access access, int64_t retry_at,
			  struct safe_text trouble)
{
	world.state = state;
	world.access = access;
	world.retry_at = retry_at;
	snprintf(world.trouble, sizeof(world.trouble), "%s", text_str(trouble));
	tell("%s ", host_state_name(state));
	text_free(&trouble);
}

static void on_host_about(void *data, struct safe_text own_name, struct safe_text version)
{
	text_free(&own_name);
	text_free(&version);
}

static void on_answered(void *data)
{
}

static void on_list(void *data, struct vm_info *info, size_t count)
{
	assert_true(count <= GUESTS_MAX);
	for (size_t i = 0; i < count; i++) {
		snprintf(world.guests[i].name, sizeof(world.guests[i].name), "%s", text_str(info[i].name));
		world.guests[i].uuid = info[i].uuid;
		vm_info_free(&info[i]);
	}
	world.guest_count = count;
	tell("list ");
}

static void on_facts(void *data, struct vm_info *info)
{
	tell("%s:%s ", text_str(info->name), vm_state_name(info->state));
	vm_info_free(info);
}

static void on_gone(void *data, const struct uuid *uuid)
{
	tell("%s:gone ", name_of(uuid));
}

static void on_channel(void *data, const struct uuid *uuid, enum agent_channel channel)
{
	tell("%s:%s ", name_of(uuid), channel == CHANNEL_CONNECTED ? "connected" : "disconnected");
}

static void on_figures(void *data, const struct vm_figures *figures, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < world.guest_count; j++) {
			if (!uuid_equal(&world.guests[j].uuid, &figures[i].uuid))
				continue;
			world.guests[j].figures = figures[i];
			world.guests[j].has_figures = true;
		}
	}
}

static void on_started(void *data, const struct uuid *uuid, bool booted)
{
	tell("%s:%s ", name_of(uuid), booted ? "booted" : "restored");
}

static void on_stopped(void *data, const struct uuid *uuid, enum vm_state how)
{
	world.stopped = how;
}

static void on_rebooted(void *data, const struct uuid *uuid)
{
	tell("%s:rebooted ", name_of(uuid));
}

static void on_note(void *data, const struct uuid *uuid, struct safe_text text)
{
	size_t len = strlen(world.notes);

	snprintf(world.notes + len, sizeof(world.notes) - len, "%s: %s\n", uuid ? name_of(uuid) : "host",
		 text_str(text));
	text_free(&text);
}

const struct backend_listener world_listener = {
	.host_state = on_host_state,
	.host_about = on_host_about,
	.answered = on_answered,
	.list = on_list,
	.info = on_facts,
	.gone = on_gone,
	.channel = on_channel,
	.figures = on_figures,
	.started = on_started,
	.stopped = on_stopped,
	.rebooted = on_rebooted,
	.note = on_note,
};

/* --- the host --- */

void world_wait(int64_t ms)
{
	for (; ms > 0; ms -= STEP_MS) {
		clock_advance(MIN(ms, STEP_MS));
		loop_turn(world.loop, 0);
	}
}

void world_open_with(const char *uri, bool read_only, bool one_shot)
{
	struct err err = { 0 };
	struct backend_config config = {
		.uri = uri,
		.name = "test",
		.read_only = read_only,
		.one_shot = one_shot,
		.slots = -1,
		.listener = world_listener,
	};

	world_close(NULL);
	clock_stop_at(BEGINNING_MS, WALL);
	config.loop = world.loop = loop_create(NULL);
	world.backend = backend_create(&config, &err);
	if (!world.backend)
		fail_msg("%s: %s", uri, text_str(err_text(&err)));
	assert_true(backend_start(world.backend, &err));
	world_wait(1000);
}

void world_open(const char *uri)
{
	world_open_with(uri, false, false);
}

int world_close(void **state)
{
	if (world.backend)
		backend_destroy(world.backend);
	if (world.loop)
		loop_destroy(world.loop);
	free(world.reply);
	agent_output_free(&world.output);
	world = (struct world){ 0 };
	return 0;
}

struct backend *world_backend(void)
{
	return world.backend;
}

const char *world_news(void)
{
	memcpy(world.told, world.news, sizeof(world.told));
	world.news[0] = '\0';
	return world.told;
}

enum host_state world_state(void)
{
	return world.state;
}

enum host_access world_access(void)
{
	return world.access;
}

const char *world_trouble(void)
{
	return world.trouble;
}

int64_t world_retry_in(void)
{
	return world.retry_at - clock_ms();
}

enum vm_state world_stopped(void)
{
	return world.stopped;
}

const char *world_notes(void)
{
	return world.notes;
}

/* --- guests --- */

const struct uuid *world_uuid(const char *name)
{
	for (size_t i = 0; i < world.guest_count; i++)
		if (strcmp(world.guests[i].name, name) == 0)
			return &world.guests[i].uuid;
	fail_msg("there is no guest %s", name);
	return NULL;
}

const struct uuid *world_uuid_at(size_t index)
{
	return &world.guests[index].uuid;
}

size_t world_count(void)
{
	return world.guest_count;
}

static struct vm_info look_at(const char *name)
{
	struct vm_info info;
	struct err err;

	if (!backend_get_info(world.backend, 0, world_uuid(name), &info, &err))
		fail_msg("%s: %s", name, text_str(err_text(&err)));
	vm_info_free(&info);
	return info;
}

enum vm_state world_looks(const char *name)
{
	return look_at(name).state;
}

enum agent_channel world_channel(const char *name)
{
	return look_at(name).channel;
}

const struct vm_figures *world_figures(const char *name)
{
	for (size_t i = 0; i < world.guest_count; i++)
		if (strcmp(world.guests[i].name, name) == 0)
			return world.guests[i].has_figures ? &world.guests[i].figures : NULL;
	return NULL;
}

/* --- the agent --- */

const char *world_ask(const char *name, const char *command)
{
	return world_ask_for(name, command, TIMEOUT_MS);
}

const char *world_ask_for(const char *name, const char *command, int timeout_ms)
{
	struct err err;

	free(world.reply);
	world.reply = NULL;
	if (!backend_agent_command(world.backend, 0, world_uuid(name), BACKEND_LOOKS, command, timeout_ms, &world.reply,
				   &err))
		fail_msg("%s %s: %s", name, command, text_str(err_text(&err)));
	return world.reply;
}

void world_is_refused(const char *name, const char *command, enum err_kind kind, const char *words)
{
	struct err err = { 0 };
	char *reply = NULL;

	if (backend_agent_command(world.backend, 0, world_uuid(name), BACKEND_LOOKS, command, TIMEOUT_MS, &reply, &err))
		fail_msg("%s %s: answered with %s", name, command, reply);
	assert_says(text_str(err_text(&err)), words);
	assert_int_equal(err.kind, kind);
}

const char *world_run(const char *name, const char *path, ...)
{
	const struct agent_target line = { .backend = world.backend, .uuid = *world_uuid(name) };
	const char *argv[16] = { NULL };
	const struct agent_program program = { .path = path, .args = argv, .capture = true, .intent = BACKEND_ACTS };
	struct err err;
	va_list args;
	int64_t pid;

	va_start(args, path);
	for (size_t i = 0; i + 1 < ARRAY_SIZE(argv) && (argv[i] = va_arg(args, const char *)); i++)
		;
	va_end(args);
	agent_output_free(&world.output);
	if (!agent_exec(&line, &program, &pid, &err))
		fail_msg("%s %s: %s", name, path, text_str(err_text(&err)));
	do {
		world_wait(100);
		agent_output_free(&world.output);
		if (!agent_exec_status(&line, pid, &world.output, &err))
			fail_msg("%s %s: %s", name, path, text_str(err_text(&err)));
	} while (!world.output.exited);
	return world.output.out ? world.output.out : "";
}

int world_exit_code(void)
{
	assert_true(world.output.exit_code_known);
	return world.output.exit_code;
}

const char *world_stderr(void)
{
	return world.output.err_out ? world.output.err_out : "";
}

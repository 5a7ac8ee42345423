/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_backend.c - the gate: what is refused is refused before anything is sent, whoever asks. */
#include "backend/backend_impl.h"
#include "tests/unit/unit.h"

static struct {
	int agent_commands, verbs, looks, consoles;
} sent;

static bool agent_command(struct backend *be, int slot, const struct uuid *uuid, const char *command, int timeout_ms,
			  char **ret_reply, struct err *err)
{
	sent.agent_commands++;
	return true;
}

static bool lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation, bool use_agent,
		      struct err *err)
{
	sent.verbs++;
	return true;
}

static bool look(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts, struct err *err)
{
	sent.looks++;
	return true;
}

static bool console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd, struct err *err)
{
	sent.consoles++;
	return true;
}

/* clang-format off */
static const struct backend_impl counting = {
	.console = console,
	.name = "counting", .agent_command = agent_command, .lifecycle = lifecycle, .look = look,
};
/* clang-format on */

static struct backend backend;
static struct err err;

static void given(bool read_only, bool locked)
{
	backend = (struct backend){ .impl = &counting, .config = { .name = "ams1" } };
	backend.config.read_only = read_only;
	backend.config.locked = locked;
	memset(&sent, 0, sizeof(sent));
	memset(&err, 0, sizeof(err));
}

static bool commands(enum backend_intent intent)
{
	struct uuid uuid = { { 0 } };
	char *reply;

	return backend_agent_command(&backend, 0, &uuid, intent, "{}", 1000, &reply, &err);
}

static bool obeys(enum operation operation)
{
	struct uuid uuid = { { 0 } };

	return backend_lifecycle(&backend, 0, &uuid, operation, false, &err);
}

static bool sits_down(void)
{
	struct uuid uuid = { { 0 } };
	int fd;

	return backend_console(&backend, 0, &uuid, false, &fd, &err);
}

static bool shows(void)
{
	struct uuid uuid = { { 0 } };
	struct vm_info info;

	return backend_get_info(&backend, 0, &uuid, &info, &err);
}

static void refused_with(const char *words)
{
	assert_int_equal(err.kind, ERR_DENIED);
	assert_non_null(strstr(text_str(err_text(&err)), words));
}

TEST(read_only_sends_nothing_to_any_guest)
{
	given(true, false);
	assert_false(commands(BACKEND_LOOKS));
	assert_false(commands(BACKEND_ACTS));
	for (enum operation operation = 0; operation < OP_COUNT; operation++)
		assert_false(obeys(operation));
	refused_with("--readonly");
	assert_false(sits_down());
	assert_int_equal(sent.consoles, 0);
	assert_int_equal(sent.agent_commands + sent.verbs, 0);
	assert_true(shows());
	assert_int_equal(sent.looks, 1);
}

TEST(locked_looks_into_guests_and_touches_nothing)
{
	given(false, true);
	assert_true(commands(BACKEND_LOOKS));
	assert_int_equal(sent.agent_commands, 1);
	assert_false(commands(BACKEND_ACTS));
	for (enum operation operation = 0; operation < OP_COUNT; operation++)
		assert_false(obeys(operation));
	refused_with("--lock");
	assert_false(sits_down());
	assert_int_equal(sent.consoles, 0);
	assert_int_equal(sent.agent_commands, 1);
	assert_int_equal(sent.verbs, 0);
	assert_true(shows());
}

TEST(read_only_and_locked_is_read_only)
{
	given(true, true);
	assert_false(commands(BACKEND_LOOKS));
	assert_false(commands(BACKEND_ACTS));
	assert_false(obeys(OP_START));
	assert_int_equal(sent.agent_commands + sent.verbs, 0);
}

TEST(otherwise_everything_passes)
{
	given(false, false);
	assert_true(commands(BACKEND_LOOKS));
	assert_true(commands(BACKEND_ACTS));
	for (enum operation operation = 0; operation < OP_COUNT; operation++)
		assert_true(obeys(operation));
	assert_true(sits_down());
	assert_true(shows());
	assert_int_equal(sent.agent_commands, 2);
	assert_int_equal(sent.verbs, OP_COUNT);
}

/* Two processes may each have a VM of libvirt's test driver, of the same UUID: they are two. */
TEST(whose_vms_are_in_this_process_alone_is_known)
{
	static const struct {
		const char *uri;
		bool is_private;
	} hosts[] = {
		{ "test:///default", true },       { "test:///home/me/fleet.xml", true },
		{ "test+unix:///default", false }, { "test://there/default", false },
		{ "qemu:///system", false },       { "", false },
	};

	given(false, false);
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		backend.config.uri = hosts[i].uri;
		assert_int_equal(backend_is_private(&backend), hosts[i].is_private);
	}
}

RUN_TESTS("backend", NULL, NULL)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_language.c - a libvirtd that speaks German: what its errors mean is decided by codes and states, and what it
 * says is shown as it is. What QEMU's driver says of agents in German: test_standin.c.
 */
#include "tests/contract/daemon.h"
#include "tests/contract/witness.h"
#include "tests/unit/unit.h"

enum { BOOT_MS = 30000 };

static struct daemon *daemon_;
static struct witness *witness;
static struct uuid uuid;
static const char *missing;

FIXTURE(a_german_daemon)
{
	daemon_ = daemon_create(&missing);
	if (!daemon_)
		return;
	if (daemon_speak_german(daemon_, &missing) && daemon_start(daemon_))
		return;
	daemon_destroy(daemon_);
	daemon_ = NULL;
}

FIXTURE(no_daemon)
{
	daemon_destroy(daemon_);
}

static void connect_to_it(void)
{
	struct vm *vm;

	if (!daemon_) {
		print_message("skipped: %s\n", missing);
		skip();
	}
	witness = witness_start(&(struct witness_config){ .uri = daemon_uri(daemon_) });
	assert_true(witness_until(witness, witness_is_listed, BOOT_MS));
	vm = witness_vm_in_state(witness, VM_STATE_RUNNING);
	assert_non_null(vm);
	uuid = vm->info.uuid;
}

FIXTURE(leave_it)
{
	if (witness)
		witness_finish(witness);
	witness = NULL;
}

static void is_refused(enum operation operation, enum err_kind kind, const char *words)
{
	struct err err = { 0 };

	assert_false(witness_verb(witness, &uuid, operation, &err));
	if (err.kind != kind || !strstr(text_str(err_text(&err)), words))
		fail_msg("%s: kind %d, '%s'", operation_name(operation), err.kind, text_str(err_text(&err)));
}

TEST(it_does_speak_german)
{
	connect_to_it();
	is_refused(OP_START, ERR_UNEXPECTED, "läuft bereits");
}

TEST(a_verb_on_what_is_off_is_said_to_be)
{
	struct err err = { 0 };

	connect_to_it();
	assert_true(witness_verb(witness, &uuid, OP_DESTROY, &err));
	FOR_EACH(enum operation, verb, OP_SHUTDOWN, OP_REBOOT, OP_DESTROY, OP_SUSPEND, OP_RESUME, OP_MANAGEDSAVE)
		is_refused(*verb, ERR_NOT_RUNNING, "start it first");
	assert_true(witness_verb(witness, &uuid, OP_START, &err));
}

TEST(a_domain_that_is_not_there_is_said_not_to_be)
{
	struct vm_info info;
	struct err err = { 0 };

	connect_to_it();
	assert_err(ERR_NO_DOMAIN, witness_look(witness, &(struct uuid){ { 1 } }, &info, &err));
	assert_non_null(strstr(text_str(err_text(&err)), "Domain nicht gefunden"));
}

TEST(a_hypervisor_without_agents_says_so)
{
	struct err err = { 0 };
	char *reply;

	connect_to_it();
	assert_false(witness_agent(witness, &uuid, BACKEND_LOOKS, "{\"execute\":\"guest-ping\"}", &reply, &err));
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
}

RUN_TESTS_EACH("another language", a_german_daemon, no_daemon, NULL, leave_it)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_backends.c - what every backend promises, said once and asked of each: the simulated fleet, libvirt
 * in this process, and libvirt behind a daemon. So the demo cannot lie about what a host would do.
 */
#include "base/clock.h"
#include "tests/contract/each.h"
#include "tests/unit/unit.h"

#include <unistd.h>

enum { QUIT_MAX_MS = 1000 };

static const struct uuid nobodys = { { 0xde, 0xad, 0xbe, 0xef, 1, 2, 0x43, 4, 0x85, 6, 7, 8, 9, 10, 11, 12 } };
static const char ping[] = "{\"execute\":\"guest-ping\"}";

static int finish(void **state)
{
	int64_t took;

	if (!witness)
		return 0;
	took = witness_finish(witness);
	witness = NULL;
	/* -1: on a busy machine a call may still be under way; to leave it behind is right, to wait long is not. */
	return took <= QUIT_MAX_MS ? 0 : -1;
}

static void start(void)
{
	start_with((struct witness_config){ .figures_interval_ms = 500 });
}

static struct uuid a_running_one(void)
{
	struct vm *vm = witness_vm_in_state(witness, VM_STATE_RUNNING);

	assert_non_null(vm);
	return vm->info.uuid;
}

static struct uuid wanted_uuid;
static enum vm_state wanted_state;

static bool is_in_wanted_state(struct witness *of)
{
	struct vm *vm = witness_vm(of, &wanted_uuid);

	return vm && vm->info.state == wanted_state;
}

static void comes_to(struct uuid uuid, enum vm_state vm_state)
{
	wanted_uuid = uuid;
	wanted_state = vm_state;
	if (!witness_until(witness, is_in_wanted_state, SOON_MS))
		fail_msg("never %s", vm_state_name(vm_state));
}

static void sends(struct uuid uuid, enum operation operation)
{
	struct err err = { 0 };

	if (!witness_verb(witness, &uuid, operation, &err))
		fail_msg("%s: %s", operation_name(operation), text_str(err_text(&err)));
}

static void is_refused(struct uuid uuid, enum operation operation, enum err_kind kind)
{
	struct err err = { 0 };

	assert_err(kind, witness_verb(witness, &uuid, operation, &err));
	assert_false(text_is_empty(err_text(&err)));
}

static void agent_refuses(struct uuid uuid, enum backend_intent intent, enum err_kind kind)
{
	struct err err = { 0 };
	char *reply;

	assert_false(witness_agent(witness, &uuid, intent, ping, &reply, &err));
	if (err.kind != kind)
		fail_msg("kind %d instead of %d: %s", err.kind, kind, text_str(err_text(&err)));
	assert_false(text_is_empty(err_text(&err)));
}

/* --- listing --- */

TEST(it_connects_before_it_is_live)
{
	start();
	assert_int_equal(witness->states[0], HOST_CONNECTING);
	assert_int_equal(witness->states[1], HOST_LIVE);
	assert_int_equal(witness->host->access, ACCESS_FULL);
	assert_true(text_is_empty(witness->host->trouble));
}

static bool knows_details(struct witness *of)
{
	struct vm *vm = inventory_vm_at(of->inventory, 0);

	return vm->info.autostart >= 0 && vm->info.persistent >= 0 && !text_is_empty(of->host->version);
}

TEST(every_machine_has_a_name_a_state_and_soon_its_details)
{
	start();
	assert_true(inventory_vm_count(witness->inventory) > 0);
	for (size_t i = 0; i < inventory_vm_count(witness->inventory); i++) {
		const struct vm_info *info = &inventory_vm_at(witness->inventory, i)->info;

		assert_false(text_is_empty(info->name));
		assert_int_not_equal(info->state, VM_STATE_UNKNOWN);
		assert_int_equal(info->domain_id >= 0, info->state != VM_STATE_SHUTOFF &&
							       info->state != VM_STATE_SAVED &&
							       info->state != VM_STATE_CRASHED);
	}
	assert_true(witness_until(witness, knows_details, SOON_MS));
}

static bool channels_are_known(struct witness *of)
{
	for (size_t i = 0; i < inventory_vm_count(of->inventory); i++) {
		const struct vm_info *info = &inventory_vm_at(of->inventory, i)->info;

		if (vm_state_is_active(info->state) && info->channel == CHANNEL_UNKNOWN)
			return false;
	}
	return true;
}

TEST(where_the_agent_stands_is_found_out_without_being_asked)
{
	start();
	assert_true(witness_until(witness, channels_are_known, SOON_MS));
}

TEST(a_look_says_what_the_list_says)
{
	OWN(vm_info) struct vm_info info = { 0 };
	struct err err = { 0 };
	struct uuid uuid;

	start();
	uuid = a_running_one();
	assert_true(witness_look(witness, &uuid, &info, &err));
	assert_true(uuid_equal(&info.uuid, &uuid));
	assert_true(text_equal(info.name, witness_vm(witness, &uuid)->info.name));
	assert_int_equal(info.state, VM_STATE_RUNNING);
	assert_int_equal(info.domain_id, witness_vm(witness, &uuid)->info.domain_id);
	assert_true(info.vcpus > 0 && info.memory_kib > 0 && info.max_memory_kib >= info.memory_kib);
	assert_true(info.autostart >= 0 && info.persistent >= 0);
}

/* libvirt's test driver of before 11.3 attaches no device: then nothing is changed. */
TEST(an_agent_channel_is_added_to_the_configuration_or_refused)
{
	struct backend_examination before, after;
	struct err err = { 0 };
	struct uuid uuid;
	bool added;

	start();
	uuid = a_running_one();
	assert_true(witness_examine(witness, &uuid, &before, &err));
	assert_null(before.job);
	added = witness_verb(witness, &uuid, OP_ADD_CHANNEL, &err);
	assert_true(added || err.kind == ERR_UNSUPPORTED);
	assert_true(added || !has_agents);
	assert_true(witness_examine(witness, &uuid, &after, &err));
	assert_int_equal(after.channel_is_defined, added || before.channel_is_defined);
}

static bool lists_again(struct witness *of)
{
	return of->lists > 0;
}

TEST(asked_to_refresh_it_lists_again)
{
	start();
	assert_true(witness_until(witness, knows_details, SOON_MS));
	witness->lists = 0;
	backend_refresh(witness->backend);
	assert_true(witness_until(witness, lists_again, 2000));
}

static bool has_cpu_figures(struct witness *of)
{
	struct vm *vm = witness_vm(of, &wanted_uuid);

	return vm && vm->figures_at > 0 && vm->figures.cpu_percent >= 0;
}

TEST(rows_on_screen_have_figures)
{
	start();
	wanted_uuid = a_running_one();
	backend_watch(witness->backend, &wanted_uuid, 1);
	assert_true(witness_until(witness, has_cpu_figures, SOON_MS));
	assert_true(witness_vm(witness, &wanted_uuid)->figures.cpu_percent <= 100);
}

static bool has_host_figures(struct witness *of)
{
	/* The processors of libvirt's test driver stand still. */
	return of->host->figures.memory_kib > 0 && (of->host->figures.cpu_percent >= 0 || !has_agents);
}

TEST(a_host_says_how_busy_it_is_without_a_row_on_screen)
{
	start();
	assert_true(witness_until(witness, has_host_figures, 30000));
	assert_true(witness->host->figures.cpu_percent <= 100);
	assert_true(witness->host->figures.memory_used_kib <= witness->host->figures.memory_kib);
}

TEST(what_was_shut_off_has_no_figures_left)
{
	struct uuid uuid;

	start();
	uuid = wanted_uuid = a_running_one();
	backend_watch(witness->backend, &uuid, 1);
	assert_true(witness_until(witness, has_cpu_figures, SOON_MS));
	sends(uuid, OP_DESTROY);
	comes_to(uuid, VM_STATE_SHUTOFF);
	witness_turn_for(witness, 1200);
	assert_true(witness_vm(witness, &uuid)->figures.cpu_percent < 0);
	sends(uuid, OP_START);
	comes_to(uuid, VM_STATE_RUNNING);
}

TEST(answers_keep_coming)
{
	size_t answers;

	start();
	answers = witness->answers;
	witness_turn_for(witness, 4500);
	assert_true(witness->answers > answers);
	assert_true(witness_is_live(witness));
}

/* --- verbs --- */

TEST(a_machine_is_paused_and_resumed)
{
	struct uuid uuid;

	start();
	uuid = a_running_one();
	sends(uuid, OP_SUSPEND);
	comes_to(uuid, VM_STATE_PAUSED);
	sends(uuid, OP_RESUME);
	comes_to(uuid, VM_STATE_RUNNING);
	assert_true(witness->notes > 0);
}

TEST(a_machine_is_destroyed_and_started)
{
	struct uuid uuid;
	int first_id;

	start();
	uuid = a_running_one();
	first_id = witness_vm(witness, &uuid)->info.domain_id;
	sends(uuid, OP_DESTROY);
	comes_to(uuid, VM_STATE_SHUTOFF);
	assert_int_equal(witness_vm(witness, &uuid)->info.domain_id, -1);
	sends(uuid, OP_START);
	comes_to(uuid, VM_STATE_RUNNING);
	assert_true(witness_vm(witness, &uuid)->info.domain_id >= 0);
	assert_int_not_equal(witness_vm(witness, &uuid)->info.domain_id, first_id);
}

TEST(a_saved_machine_says_so_and_starts_from_it)
{
	struct uuid uuid;

	start();
	uuid = a_running_one();
	sends(uuid, OP_MANAGEDSAVE);
	comes_to(uuid, VM_STATE_SAVED);
	backend_refresh(witness->backend); /* the list knows it as well */
	witness_turn_for(witness, 500);
	assert_int_equal(witness_vm(witness, &uuid)->info.state, VM_STATE_SAVED);
	sends(uuid, OP_START);
	comes_to(uuid, VM_STATE_RUNNING);
}

static bool was_saved(struct witness *of)
{
	return of->stopped == VM_STATE_SAVED;
}

static bool was_shut_off(struct witness *of)
{
	return of->stopped == VM_STATE_SHUTOFF;
}

TEST(a_machine_that_stops_is_told_with_how_it_did)
{
	struct uuid uuid;

	start();
	uuid = a_running_one();
	sends(uuid, OP_MANAGEDSAVE);
	assert_true(witness_until(witness, was_saved, SOON_MS));
	sends(uuid, OP_START);
	comes_to(uuid, VM_STATE_RUNNING);
	sends(uuid, OP_DESTROY);
	assert_true(witness_until(witness, was_shut_off, SOON_MS));
	comes_to(uuid, VM_STATE_SHUTOFF);
	assert_false(witness_vm(witness, &uuid)->info.off_unexplained);
	sends(uuid, OP_START);
	comes_to(uuid, VM_STATE_RUNNING);
}

static size_t boots_before;

static bool has_booted_again(struct witness *of)
{
	return of->boots == boots_before + 1;
}

TEST(verbs_that_make_no_sense_are_refused)
{
	struct err err = { 0 };
	struct uuid uuid;

	start();
	uuid = a_running_one();
	assert_false(witness_verb(witness, &uuid, OP_START, &err));
	assert_false(text_is_empty(err_text(&err)));
	sends(uuid, OP_DESTROY);
	comes_to(uuid, VM_STATE_SHUTOFF);
	is_refused(uuid, OP_DESTROY, ERR_NOT_RUNNING);
	is_refused(uuid, OP_SUSPEND, ERR_NOT_RUNNING);
	boots_before = witness->boots;
	sends(uuid, OP_START);
	comes_to(uuid, VM_STATE_RUNNING);
	assert_true(witness_until(witness, has_booted_again, SOON_MS));
}

/* --- agents --- */

TEST(a_guest_answers_only_while_it_runs)
{
	struct uuid uuid;

	start();
	if (!has_agents)
		skip();
	uuid = a_running_one();
	sends(uuid, OP_SUSPEND);
	comes_to(uuid, VM_STATE_PAUSED);
	agent_refuses(uuid, BACKEND_LOOKS, ERR_PAUSED);
	sends(uuid, OP_RESUME);
	comes_to(uuid, VM_STATE_RUNNING);
	sends(uuid, OP_DESTROY);
	comes_to(uuid, VM_STATE_SHUTOFF);
	agent_refuses(uuid, BACKEND_LOOKS, ERR_NOT_RUNNING);
}

TEST(a_hypervisor_without_agents_says_so)
{
	start();
	if (has_agents)
		skip();
	agent_refuses(a_running_one(), BACKEND_LOOKS, ERR_UNSUPPORTED);
}

/* --- where it is, and its serial console --- */

TEST(addresses_are_real_ones_or_none_or_the_hypervisor_cannot_tell)
{
	OWN(address_list) struct address_list list = { 0 };
	struct uuid uuid;
	struct err err = { 0 };

	start();
	uuid = a_running_one();
	if (!witness_leases(witness, &uuid, &list, &err))
		assert_int_equal(err.kind, ERR_UNSUPPORTED);
	for (size_t i = 0; i < list.count; i++) {
		struct address again;

		assert_true(address_read(list.at[i].text, strlen(list.at[i].text), &again));
	}
}

TEST(a_console_is_a_socket_or_the_hypervisor_has_none)
{
	struct uuid uuid;
	struct err err = { 0 };
	char byte;
	int fd;

	start();
	uuid = a_running_one();
	if (!witness_console(witness, &uuid, &fd, &err)) {
		assert_false(has_agents);
		assert_int_equal(err.kind, ERR_UNSUPPORTED);
		return;
	}
	assert_int_equal(write(fd, "\r", 1), 1);
	witness_turn_for(witness, 300);
	assert_int_equal(read(fd, &byte, 1), 1);
	close(fd);
}

/* --- who is not there, and what is not allowed --- */

TEST(an_unknown_machine_is_unknown_to_every_call)
{
	struct address_list addresses;
	struct vm_info info;
	struct err err = { 0 };
	int fd;

	start();
	assert_err(ERR_NO_DOMAIN, witness_look(witness, &nobodys, &info, &err));
	is_refused(nobodys, OP_START, ERR_NO_DOMAIN);
	agent_refuses(nobodys, BACKEND_LOOKS, ERR_NO_DOMAIN);
	assert_err(ERR_NO_DOMAIN, witness_leases(witness, &nobodys, &addresses, &err));
	assert_err(ERR_NO_DOMAIN, witness_console(witness, &nobodys, &fd, &err));
}

TEST(read_only_lets_nothing_through_but_looks)
{
	struct vm_info info = { 0 };
	struct err err = { 0 };
	struct uuid uuid;

	start_with((struct witness_config){ .read_only = true });
	assert_int_equal(witness->host->access, ACCESS_READ_ONLY);
	uuid = a_running_one();
	for (enum operation operation = 0; operation < OP_COUNT; operation++)
		is_refused(uuid, operation, ERR_DENIED);
	agent_refuses(uuid, BACKEND_LOOKS, ERR_DENIED);
	agent_refuses(uuid, BACKEND_ACTS, ERR_DENIED);
	assert_true(witness_look(witness, &uuid, &info, &err));
	vm_info_free(&info);
	assert_int_equal(witness_vm(witness, &uuid)->info.state, VM_STATE_RUNNING);
}

TEST(locked_lets_looks_through_and_no_act)
{
	struct err err = { 0 };
	struct uuid uuid;
	char *reply;

	start_with((struct witness_config){ .locked = true });
	uuid = a_running_one();
	for (enum operation operation = 0; operation < OP_COUNT; operation++)
		is_refused(uuid, operation, ERR_DENIED);
	agent_refuses(uuid, BACKEND_ACTS, ERR_DENIED);
	witness_agent(witness, &uuid, BACKEND_LOOKS, ping, &reply, &err);
	assert_int_not_equal(err.kind, ERR_DENIED);
	free(reply);
}

/* --- the end --- */

TEST(it_can_be_left_before_it_has_connected)
{
	if (missing)
		skip();
	for (int i = 0; i < 5; i++) {
		witness = witness_start(&(struct witness_config){ .uri = uri });
		assert_int_equal(finish(NULL), 0);
	}
}

static int run_all(const char *name)
{
	return run_cases_each(name, NULL, NULL, NULL, finish);
}

int main(void)
{
	return ask_each("demo:///default", run_all);
}

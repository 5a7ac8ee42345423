/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_migration.c - a log-off, kill -9, a migration, and the re-check of what was interrupted: what the VM's old
 * host has of it proves nothing, and what its new host has is looked at.
 */
#include "tests/cli/json_rows.h"
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

#include <signal.h>

enum { TRIES = 200 };

#define UUID "uuid = \"11111111-1111-4111-8111-111111111111\"; "
/* Windows lists no log-on times, and each run has its own. */
#define LOGINS \
	"logins = ( { user = \"alice\"; leaves = \"never\"; login_time = 1790000000; }, " \
	"{ user = \"bob\"; leaves = \"never\"; login_time = 1790000000; } ); "
#define WEB01(words)         "{ name = \"web01\"; os = \"windows2022\"; " UUID words " }"
#define MOVED                "{ name = \"web01\"; state = \"migrated\"; " UUID "}"
#define HOST(name, vm)       "{ name = \"" name "\"; connect_ms = 20; vms = ( " vm " ); }"
#define WORLD(before, after) "hosts = ( " HOST("before", before) ", " HOST("after", after) " );\n"

static char *task_id;

static void world_is(const char *scenario)
{
	run_write_file("fleet.conf", scenario);
}

static bool is_sent(void)
{
	run("--demo=%s tasks --json", run_path("fleet.conf"));
	read_json();
	return row_count() == 1 && json_is_string(field("last_send")) && *text_of("last_send");
}

/* Of `verb`, in the middle of it. */
static void given_a_command_that_was_killed(const char *operation)
{
	int tries = 0;

	world_is(WORLD(WEB01("ignores-acpi = true; " LOGINS), ""));
	run_on_terminal("--demo=%s %s web01 --yes", run_path("fleet.conf"), operation);
	while (!is_sent())
		assert_true(tries++ < TRIES);
	free(task_id);
	task_id = strdup(text_of("id"));
	run_kill(SIGKILL);
	run_leave_terminal(-SIGKILL);
}

static void recheck_says(const char *verdict, enum exit_status status, const char *words)
{
	exits_in_json(status, "--demo=%s tasks --recheck %s --json", run_path("fleet.conf"), task_id);
	assert_string_equal(text_of("state"), verdict);
	if (!strstr(text_of("outcome"), words))
		fail_msg("'%s' does not say '%s'", text_of("outcome"), words);
}

static void the_task_is_kept(bool kept)
{
	run("--demo=%s tasks --json", run_path("fleet.conf"));
	read_json();
	assert_int_equal(row_count(), kept);
}

FIXTURE(forget)
{
	run("--demo=%s tasks --forget %s", run_path("fleet.conf"), task_id);
}

TEST_WITH(users_of_a_vm_that_moved_are_not_said_to_be_logged_off, NULL, forget)
{
	given_a_command_that_was_killed("logoff");
	world_is(WORLD(MOVED, ""));
	recheck_says("unknown", EXIT_UNEXPECTED, "moved to another host");
	the_task_is_kept(true);
}

TEST_WITH(they_are_looked_for_on_the_host_that_it_moved_to, NULL, forget)
{
	given_a_command_that_was_killed("logoff");
	world_is(WORLD(MOVED, WEB01(LOGINS)));
	recheck_says("not done", EXIT_TIMED_OUT, "on after now: alice (1) is still logged on");
	the_task_is_kept(true);
	world_is(WORLD(MOVED, WEB01("")));
	recheck_says("done", EXIT_DONE, "on after now: alice (1) is logged off, bob (2) is logged off");
	the_task_is_kept(false);
}

TEST_WITH(a_host_that_does_not_know_why_a_vm_is_off_proves_nothing, NULL, forget)
{
	given_a_command_that_was_killed("logoff");
	world_is(WORLD("{ name = \"web01\"; state = \"shutoff\"; " UUID "}", ""));
	recheck_says("unknown", EXIT_UNEXPECTED, "does not know why");
	the_task_is_kept(true);
}

TEST_WITH(what_another_host_has_of_it_and_does_not_run_proves_nothing, NULL, forget)
{
	given_a_command_that_was_killed("logoff");
	world_is(WORLD("", "{ name = \"web01\"; state = \"crashed\"; " UUID "}"));
	recheck_says("unknown", EXIT_UNEXPECTED, "this VM is not on any connected host; it was on");
	the_task_is_kept(true);
}

TEST_WITH(a_vm_that_moved_is_not_said_to_be_shut_down, NULL, forget)
{
	given_a_command_that_was_killed("shutdown");
	world_is(WORLD(MOVED, ""));
	recheck_says("unknown", EXIT_UNEXPECTED, "moved to another host");
	world_is(WORLD(MOVED, WEB01(LOGINS)));
	recheck_says("not done", EXIT_TIMED_OUT, "on after now: the VM is running");
	the_task_is_kept(true);
}

TEST(a_vm_that_moved_has_a_state_of_its_own_in_every_output)
{
	world_is(WORLD(MOVED, ""));
	run("--demo=%s list --json", run_path("fleet.conf"));
	read_json();
	assert_string_equal(text_of("state"), "migrated");
	assert_string_equal(text_of("agent"), "off");
	run("--demo=%s list -f state:migrated", run_path("fleet.conf"));
	out_has("migrated");
	exits(EXIT_NOT_RUNNING, "--demo=%s start web01 --yes", run_path("fleet.conf"));
	err_has("it migrated to another host");
	run("--demo=%s doctor web01", run_path("fleet.conf"));
	out_has("look for it on the host that it moved to");
	status_is(EXIT_NOT_RUNNING);
}

RUN_TESTS("cli migration", run_set_up, run_tear_down)

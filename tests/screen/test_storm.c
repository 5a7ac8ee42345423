/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_storm.c - every call may be interrupted, of ours and of libraries: sessions as without it, while each thread
 * gets a signal every few milliseconds (storm.c).
 */
#include "tests/contract/daemon.h"
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define INN   SCREEN_DIR "/inn.conf"
#define VAULT SCREEN_DIR "/vault.conf"

enum { MANY = 200 };

static char *counter;

static int set_up(void **state)
{
	if (scratch_setup(state) != 0)
		return -1;
	counter = keep(mem_printf("%s/storm", scratch_path));
	setenv("INNKEEPER", "tests/screen/innkeeper-stormed", 1);
	return setenv("INNKEEPER_STORM", counter, 1);
}

static void there_was_a_storm(long least)
{
	FILE *file = fopen(counter, "r");
	long count = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld", &count), 1);
	fclose(file);
	unlink(counter);
	assert_true(count >= least);
}

static struct daemon *a_daemon(void)
{
	const char *reason;
	struct daemon *daemon = daemon_create(&reason);

	if (!daemon) {
		print_message("skipped: %s\n", reason);
		skip();
	}
	assert_true(daemon_start(daemon));
	return daemon;
}

static void run_command(const char *uri, const char *command, const char *vm)
{
	struct screen_options options = { .rows = 40, .cols = 160, .args = { "-c", uri, command, vm, "--yes" } };

	screen_open(&options);
	wait_for_end();
	if (exit_status_of() != 0 || !strstr(screen->bytes, "done"))
		fail_msg("it ended with %d: %s", exit_status_of(), screen->bytes);
	screen_close();
}

/* --- */

TEST(a_dashboard_logs_off_as_without_it)
{
	screen_open_demo(24, 80, INN, NULL);
	go_to_vm("web01");
	press_to_see("L", "alice");
	yes_to_see("Log off all users of web01?", "done: 2 sessions ended");
	press_to_end("q y", 0);
	there_was_a_storm(MANY);
}

TEST(a_command_logs_off_as_without_it)
{
	run_command("demo:///" VAULT, "logoff", "gold02");
	there_was_a_storm(1);
}

TEST(a_host_behind_libvirt_is_live_and_obeys)
{
	struct daemon *daemon = a_daemon();
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "-c", daemon_uri(daemon) } };

	screen_open(&options);
	wait_for_row("test", "running");
	confirm_to_see_row("D", "Destroy test?", "destroy", "done");
	confirm_to_see_row("s", "Start test?", "start", "done");
	wait_for_row("test", "running");
	press_to_end("q y", 0);
	there_was_a_storm(MANY);
	run_command(daemon_uri(daemon), "suspend", "test");
	run_command(daemon_uri(daemon), "destroy", "test");
	daemon_destroy(daemon);
}

TEST(libvirt_in_this_process_is_listed_and_obeys)
{
	run_command("test:///default", "suspend", "test");
}

RUN_TESTS("storm", set_up, scratch_teardown)

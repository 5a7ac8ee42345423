/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_guest.c - the commands that work in a guest: messages, locks, logins, clocks, drains; and whom a
 * log-off means.
 */
#include "tests/cli/json_rows.h"
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <string.h>

static void one_task_of(const char *operation)
{
	read_json();
	assert_int_equal(row_count(), 1);
	assert_string_equal(text_of("verb"), operation);
}

/* --- small operations --- */

TEST(each_operation_is_a_command_with_the_fields_of_a_task)
{
	/* clang-format off */
	static const char *const commands[][2] = {
		{ "message web01 --message Hello", "message" }, { "lock web01 --yes", "lock" },
		{ "disconnect rds01 --yes", "disconnect" },	{ "disable-logins web01 --yes", "disable-logins" },
		{ "enable-logins web01", "enable-logins" },		{ "set-time web01", "set-time" },
		{ "trim web01", "trim" },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		run("GUESTS %s --json", commands[i][0]);
		status_is(EXIT_DONE);
		err_is_empty();
		one_task_of(commands[i][1]);
		assert_int_equal(number_of("percent"), 100);
		assert_string_equal(text_of("error"), "0x00000000");
	}
}

TEST(a_message_needs_its_text)
{
	run("GUESTS message web01");
	status_is(EXIT_USAGE);
	err_has("--message");
}

TEST(a_message_to_nobody_is_8)
{
	run("GUESTS message idle01 --message Hello");
	status_is(EXIT_NOBODY);
}

TEST(what_the_guests_family_cannot_do_is_5)
{
	run("GUESTS lock rds01 --yes");
	status_is(EXIT_NO_AGENT);
	err_has("Windows sessions cannot be locked from outside; disconnect them instead, which locks them as well");
	run("GUESTS disconnect web01 --yes");
	status_is(EXIT_NO_AGENT);
	err_has("only Windows sessions");
	run("GUESTS disable-logins blocked01 --yes");
	status_is(EXIT_NO_AGENT);
}

TEST(a_vm_that_is_off_is_4)
{
	run("GUESTS trim off01");
	status_is(EXIT_NOT_RUNNING);
	run("GUESTS drain off01 --yes");
	status_is(EXIT_NOT_RUNNING);
}

TEST(locking_and_disabling_logins_ask_first_and_enabling_does_not)
{
	static const char *const asking[] = { "lock", "disconnect", "disable-logins", "drain" };

	for (size_t i = 0; i < ARRAY_SIZE(asking); i++) {
		run("GUESTS %s web01", asking[i]);
		status_is(EXIT_USAGE);
		err_has("--yes");
	}
	run("GUESTS enable-logins web01");
	status_is(EXIT_DONE);
}

TEST(look_dont_touch_refuses_them_all)
{
	static const char *const commands[] = { "message web01 --message Hello",
						"lock web01 --yes",
						"enable-logins web01",
						"set-time web01",
						"trim web01",
						"drain web01 --yes" };

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		run("GUESTS --lock %s", commands[i]);
		status_is(EXIT_DENIED);
	}
}

TEST(a_dry_run_of_an_operation_sends_nothing)
{
	run("GUESTS disable-logins web01 off01 --dry-run");
	status_is(EXIT_MIXED);
	out_has("would be done");
	err_has("off01 is not running");
}

/* --- power, by choice --- */

TEST(a_shutdown_can_be_asked_by_agent_or_by_acpi)
{
	run("GUESTS shutdown idle01 --mode acpi --yes");
	status_is(EXIT_DONE);
	run("GUESTS shutdown idle01 --mode agent --yes");
	status_is(EXIT_DONE);
	run("GUESTS shutdown idle01 --mode smoke --yes");
	status_is(EXIT_USAGE);
	err_has("agent or acpi");
}

TEST(autostart_is_set_and_taken_back)
{
	run("GUESTS autostart web01 off01 --json");
	status_is(EXIT_DONE);
	read_json();
	assert_int_equal(row_count(), 2);
	run("GUESTS no-autostart web01");
	status_is(EXIT_DONE);
}

/* --- whom --- */

TEST(everybody_but_one_is_logged_off)
{
	run("GUESTS logoff web01 --except-user bob --yes --json");
	status_is(EXIT_DONE);
	one_task_of("logoff");
	assert_int_equal(number_of("sessions_after"), 1);
}

TEST(an_exception_that_matches_nobody_refuses_and_says_who_is_on)
{
	static const char *const verbs[] = { "logoff", "lock", "logoff --dry-run" };

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		run("GUESTS %s web01 --except-user bbo --yes --json", verbs[i]);
		status_is(EXIT_USAGE);
		read_json();
		assert_int_equal(row_count(), 1);
		assert_string_equal(text_of("error_name"), "E_INVALIDARG");
		err_has("no user bbo is logged on");
		err_has("alice, bob");
		err_has("--allow-unmatched");
	}
	run("GUESTS logoff web01 --except-user bbo --yes --allow-unmatched --json");
	status_is(EXIT_DONE);
	one_task_of("logoff");
	assert_int_equal(number_of("sessions_after"), 0);
}

TEST(of_several_vms_an_exception_has_to_match_in_one)
{
	run("GUESTS logoff web01 locked01 off01 --except-user bbo --yes --force");
	status_is(EXIT_USAGE);
	err_has("no user bbo is logged on");
	err_has("alice, bob, carl");
	out_is("");
	run("GUESTS logoff web01 locked01 --except-user bob --except-user carl --yes --json");
	status_is(EXIT_DONE);
	read_json();
	assert_int_equal(row_count(), 2);
	run("GUESTS logoff web01 locked01 --except-user bbo --allow-unmatched --force --yes");
	status_is(EXIT_DONE);
}

TEST(where_nobody_would_go_an_exception_need_not_match)
{
	run("GUESTS logoff idle01 --except-user bbo --yes");
	status_is(EXIT_NOBODY);
	run("GUESTS logoff idle01 off01 --except-user bbo --yes");
	status_is(EXIT_MIXED);
}

TEST(an_exception_that_matches_nobody_is_refused_before_the_question)
{
	pid_t pid = run_on_terminal("GUESTS logoff web01 --except-user bbo");

	run_leave_terminal(pid);
	status_is(EXIT_USAGE);
	out_has("no user bbo is logged on");
	assert_null(strstr(ran.out, "[y/N]"));
}

TEST(a_list_that_does_not_name_everybody_says_so)
{
	run("GUESTS users blocked01");
	status_is(EXIT_DONE);
	out_has("gina");
	err_has("blocked01: more users may be logged on: the guest's list is incomplete");
	run("GUESTS users web01");
	assert_null(strstr(ran.err, "may be logged on"));
}

TEST(only_the_disconnected_are_logged_off)
{
	run("GUESTS logoff rds01 --disconnected --dry-run");
	status_is(EXIT_DONE);
	out_has("would log off fred (1 session)");
	run("GUESTS logoff web01 --disconnected --yes");
	status_is(EXIT_NOBODY);
	err_has("web01 has no disconnected sessions");
}

TEST(only_those_idle_or_disconnected_for_long_are_logged_off)
{
	run("GUESTS logoff rds01 --disconnected-for 8h --dry-run");
	status_is(EXIT_DONE);
	out_has("would log off fred (1 session)");
	run("GUESTS logoff rds01 --idle 8h --dry-run");
	out_has("would log off fred (1 session)");
	run("GUESTS logoff rds01 --idle 9h --yes");
	status_is(EXIT_NOBODY);
	err_has("no selected session that is known to be unused for so long");
	run("GUESTS users rds01");
	out_has("8h20m");
	run("GUESTS logoff rds01 --idle 9");
	status_is(EXIT_USAGE);
	err_has("--idle: must be a time such as 90s, 15m, 2h or 1d, not \"9\"");
}

TEST(a_locked_session_goes_only_with_force)
{
	run("GUESTS logoff locked01 --yes");
	err_has("carl");
	assert_int_not_equal(ran.status, EXIT_DONE);
	run("GUESTS logoff locked01 --force --yes");
	status_is(EXIT_DONE);
}

/* --- draining --- */

TEST(a_drained_vm_keeps_its_logins_disabled)
{
	run("GUESTS drain web01 --yes");
	status_is(EXIT_DONE);
	out_has("2 sessions ended; logins stay disabled until you enable them");
}

TEST(a_drained_vm_is_shut_down_where_asked_for)
{
	run("GUESTS drain idle01 --shutdown --yes --json");
	status_is(EXIT_DONE);
	one_task_of("drain");
}

TEST(a_dry_run_of_a_drain_names_who_would_go)
{
	run("GUESTS drain web01 rds01 --shutdown --dry-run");
	status_is(EXIT_DONE);
	out_has("would log off alice, bob (2 sessions)");
	out_has("would log off erin, fred (2 sessions)");
}

TEST(who_cannot_be_logged_off_ends_the_drain)
{
	run("GUESTS drain stuck01 --timeout 2 --shutdown --yes");
	status_is(EXIT_TIMED_OUT);
	err_has("dora");
	assert_null(strstr(ran.out, "stay disabled"));
}

TEST(an_interrupted_drain_enables_logins_before_it_exits)
{
	pid_t pid = run_on_terminal("GUESTS drain web01 --grace 60 --message Patches --yes");

	run_wait_for_screen("grace period");
	kill(pid, SIGINT);
	run_leave_terminal(pid);
	status_is(EXIT_CANCELLED);
	out_has("Interrupted: cancelling what can be cancelled, and enabling logins again; interrupt again to skip "
		"that");
	out_has("cancelled");
	assert_null(strstr(ran.out, "stay disabled"));
}

RUN_TESTS("cli guest", run_set_up, run_tear_down)

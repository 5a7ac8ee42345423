/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_guest.c - the commands that work in a guest: messages, locks, logins, clocks, drains; and whom a
 * log-off means.
 */
#include "tests/cli/json_rows.h"
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

#include <signal.h>

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
		exits(EXIT_DONE, "GUESTS %s --json", commands[i][0]);
		err_is_empty();
		one_task_of(commands[i][1]);
		assert_int_equal(number_of("percent"), 100);
		assert_string_equal(text_of("error"), "0x00000000");
	}
}

TEST(a_message_needs_its_text)
{
	complains(EXIT_USAGE, "--message", "GUESTS message web01");
}

TEST(a_message_to_nobody_is_8)
{
	exits(EXIT_NOBODY, "GUESTS message idle01 --message Hello");
}

TEST(what_the_guests_family_cannot_do_is_5)
{
	exits(EXIT_NO_AGENT, "GUESTS lock rds01 --yes");
	err_has("Windows sessions cannot be locked from outside; disconnect them instead, which locks them as well");
	complains(EXIT_NO_AGENT, "only Windows sessions", "GUESTS disconnect web01 --yes");
	exits(EXIT_NO_AGENT, "GUESTS disable-logins blocked01 --yes");
}

TEST(a_vm_that_is_off_is_4)
{
	exits(EXIT_NOT_RUNNING, "GUESTS trim off01");
	exits(EXIT_NOT_RUNNING, "GUESTS drain off01 --yes");
}

TEST(locking_and_disabling_logins_ask_first_and_enabling_does_not)
{
	FOR_EACH(const char *, verb, "lock", "disconnect", "disable-logins", "drain") {
		complains(EXIT_USAGE, "--yes", "GUESTS %s web01", *verb);
	}
	exits(EXIT_DONE, "GUESTS enable-logins web01");
}

TEST(look_dont_touch_refuses_them_all)
{
	FOR_EACH(const char *, command, "message web01 --message Hello", "lock web01 --yes", "enable-logins web01",
		 "set-time web01", "trim web01", "drain web01 --yes") {
		exits(EXIT_DENIED, "GUESTS --lock %s", *command);
	}
}

TEST(a_dry_run_of_an_operation_sends_nothing)
{
	prints(EXIT_MIXED, "would be done", "GUESTS disable-logins web01 off01 --dry-run");
	err_has("off01 is not running");
}

/* --- power, by choice --- */

TEST(a_shutdown_can_be_asked_by_agent_or_by_acpi)
{
	exits(EXIT_DONE, "GUESTS shutdown idle01 --mode acpi --yes");
	exits(EXIT_DONE, "GUESTS shutdown idle01 --mode agent --yes");
	complains(EXIT_USAGE, "agent or acpi", "GUESTS shutdown idle01 --mode smoke --yes");
}

TEST(autostart_is_set_and_taken_back)
{
	exits_in_json(EXIT_DONE, "GUESTS autostart web01 off01 --json");
	assert_int_equal(row_count(), 2);
	exits(EXIT_DONE, "GUESTS no-autostart web01");
}

/* --- whom --- */

TEST(everybody_but_one_is_logged_off)
{
	exits(EXIT_DONE, "GUESTS logoff web01 --except-user bob --yes --json");
	one_task_of("logoff");
	assert_int_equal(number_of("sessions_after"), 1);
}

TEST(an_exception_that_matches_nobody_refuses_and_says_who_is_on)
{
	FOR_EACH(const char *, verb, "logoff", "lock", "logoff --dry-run") {
		exits_in_json(EXIT_USAGE, "GUESTS %s web01 --except-user bbo --yes --json", *verb);
		assert_int_equal(row_count(), 1);
		assert_string_equal(text_of("error_name"), "E_INVALIDARG");
		err_has("no user bbo is logged on");
		err_has("alice, bob");
		err_has("--allow-unmatched");
	}
	exits(EXIT_DONE, "GUESTS logoff web01 --except-user bbo --yes --allow-unmatched --json");
	one_task_of("logoff");
	assert_int_equal(number_of("sessions_after"), 0);
}

TEST(of_several_vms_an_exception_has_to_match_in_one)
{
	exits(EXIT_USAGE, "GUESTS logoff web01 locked01 off01 --except-user bbo --yes --force");
	err_has("no user bbo is logged on");
	err_has("alice, bob, carl");
	out_is("");
	exits_in_json(EXIT_DONE, "GUESTS logoff web01 locked01 --except-user bob --except-user carl --yes --json");
	assert_int_equal(row_count(), 2);
	exits(EXIT_DONE, "GUESTS logoff web01 locked01 --except-user bbo --allow-unmatched --force --yes");
}

TEST(where_nobody_would_go_an_exception_need_not_match)
{
	exits(EXIT_NOBODY, "GUESTS logoff idle01 --except-user bbo --yes");
	exits(EXIT_MIXED, "GUESTS logoff idle01 off01 --except-user bbo --yes");
}

TEST(an_exception_that_matches_nobody_is_refused_before_the_question)
{
	run_on_terminal("GUESTS logoff web01 --except-user bbo");
	run_leave_terminal(EXIT_USAGE);
	out_has("no user bbo is logged on");
	assert_null(strstr(ran.out, "[y/N]"));
}

TEST(a_list_that_does_not_name_everybody_says_so)
{
	prints(EXIT_DONE, "gina", "GUESTS users blocked01");
	err_has("blocked01: more users may be logged on: the guest's list is incomplete");
	run("GUESTS users web01");
	assert_null(strstr(ran.err, "may be logged on"));
}

TEST(only_the_disconnected_are_logged_off)
{
	prints(EXIT_DONE, "would log off fred (1 session)", "GUESTS logoff rds01 --disconnected --dry-run");
	complains(EXIT_NOBODY, "web01 has no disconnected sessions", "GUESTS logoff web01 --disconnected --yes");
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
	exits(EXIT_DONE, "GUESTS logoff locked01 --force --yes");
}

/* --- draining --- */

TEST(a_drained_vm_keeps_its_logins_disabled)
{
	prints(EXIT_DONE, "2 sessions ended; logins stay disabled until you enable them", "GUESTS drain web01 --yes");
}

TEST(a_drained_vm_is_shut_down_where_asked_for)
{
	exits(EXIT_DONE, "GUESTS drain idle01 --shutdown --yes --json");
	one_task_of("drain");
}

TEST(a_dry_run_of_a_drain_names_who_would_go)
{
	prints(EXIT_DONE, "would log off alice, bob (2 sessions)", "GUESTS drain web01 rds01 --shutdown --dry-run");
	out_has("would log off erin, fred (2 sessions)");
}

TEST(who_cannot_be_logged_off_ends_the_drain)
{
	complains(EXIT_TIMED_OUT, "dora", "GUESTS drain stuck01 --timeout 2 --shutdown --yes");
	assert_null(strstr(ran.out, "stay disabled"));
}

TEST(an_interrupted_drain_enables_logins_before_it_exits)
{
	run_on_terminal("GUESTS drain web01 --grace 60 --message Patches --yes");
	run_wait_for_screen("grace period");
	run_kill(SIGINT);
	run_leave_terminal(EXIT_CANCELLED);
	out_has("Interrupted: cancelling what can be cancelled, and enabling logins again; interrupt again to skip "
		"that");
	out_has("cancelled");
	assert_null(strstr(ran.out, "stay disabled"));
}

TEST(all_that_blocks_the_drain_of_a_host_is_shown_and_nothing_starts)
{
	exits(EXIT_MIXED, "DRAINS drain gamma --yes");
	err_has("gamma/locked01: locked session of erin: use --force");
	err_has("gamma/kept01: tag no-drain");
	err_has("gamma/mute01: ");
	err_has("gamma/exec01: ");
	err_has("gamma/copied01: tag no-drain; its host runs a backup of it: wait until it is over");
	err_has("nothing was done: 5 of 6 VMs are blocked; --skip-blocked drains the others");
	assert_null(strstr(ran.out, "free01"));
}

TEST(a_blocked_dry_run_is_1_and_a_clear_one_0)
{
	exits_in_json(EXIT_UNEXPECTED, "DRAINS drain gamma --dry-run --json");
	assert_int_equal(row_count(), 6);
	exits(EXIT_DONE, "DRAINS drain beta --dry-run");
	prints(EXIT_MIXED, "free01", "DRAINS drain gamma --skip-blocked --yes");
}

static void comes_before(const char *first, const char *second)
{
	out_has(first);
	out_has(second);
	assert_true(strstr(ran.out, first) < strstr(ran.out, second));
}

TEST(a_host_is_drained_by_tag_and_the_fewest_users_first)
{
	exits(EXIT_DONE, "DRAINS drain delta --yes");
	comes_before("early01", "one01");
	comes_before("one01", "two01");
	comes_before("two01", "late01");
	err_has("delta/left01: left as it is (tag drain-leave)");
	assert_null(strstr(ran.out, "left01"));
	out_has("it was off already; autostart stays disabled until uncordon");
	out_has("1 session ended; logins stay disabled until you enable them");
}

TEST(a_host_keeps_its_vms_where_asked_for)
{
	exits(EXIT_DONE, "DRAINS drain beta --no-shutdown --yes");
	out_has("logins stay disabled");
}

TEST(no_more_vms_of_a_tag_than_allowed_are_drained)
{
	complains(EXIT_UNEXPECTED, "web/w2: more than 2 VMs tagged web would be unavailable",
		  "DRAINS -f host:web drain --shutdown --max-unavailable web:2 --yes");
	assert_null(strstr(ran.err, "web/w1: more"));
	exits(EXIT_DONE, "DRAINS drain web --max-unavailable web:4 --yes");
	exits(EXIT_USAGE, "DRAINS drain web --max-unavailable web --yes");
}

TEST(after_so_many_failures_no_further_vm_is_drained)
{
	exits(EXIT_MIXED, "DRAINS drain stuck01 alpha/web01 --parallel 1 --timeout 2 --max-failures 1 --yes");
	out_has("cancelled");
}

TEST(at_the_deadline_what_can_be_is_cancelled)
{
	complains(EXIT_CANCELLED, "The deadline is over", "DRAINS drain stuck01 --grace 60 --deadline 2s --yes");
}

TEST(what_a_drain_found_is_not_forgotten_with_what_is_done)
{
	exits(EXIT_DONE, "DRAINS drain delta --yes");
	exits(EXIT_DONE, "--demo tasks --forget done");
	err_has("stay: uncordon undoes them");
	prints(EXIT_DONE, "logins enabled", "DRAINS uncordon delta");
}

TEST(uncordon_takes_a_host)
{
	prints(EXIT_DONE, "db01  uncordon", "DRAINS uncordon beta");
}

RUN_TESTS("cli guest", run_set_up, run_tear_down)

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

static void each_operation_is_a_command_with_the_fields_of_a_task(void **state)
{
	/* clang-format off */
	static const char *const commands[][2] = {
		{ "message web01 --message Hello", "message" }, { "lock web01 --yes", "lock" },
		{ "disconnect rds01 --yes", "disconnect" },	{ "disable-logins web01 --yes", "disable-logins" },
		{ "enable-logins web01", "enable-logins" },		{ "set-time web01", "set-time" },
		{ "trim web01", "trim" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		run("GUESTS %s --json", commands[i][0]);
		status_is(EXIT_DONE);
		err_is_empty();
		one_task_of(commands[i][1]);
		assert_int_equal(number_of("percent"), 100);
		assert_string_equal(text_of("error"), "0x00000000");
	}
}

static void a_message_needs_its_text(void **state)
{
	(void)state;
	run("GUESTS message web01");
	status_is(EXIT_USAGE);
	err_has("--message");
}

static void a_message_to_nobody_is_8(void **state)
{
	(void)state;
	run("GUESTS message idle01 --message Hello");
	status_is(EXIT_NOBODY);
}

static void what_the_guests_family_cannot_do_is_5(void **state)
{
	(void)state;
	run("GUESTS lock rds01 --yes");
	status_is(EXIT_NO_AGENT);
	err_has("Windows sessions cannot be locked from outside; disconnect them instead, which locks them as well");
	run("GUESTS disconnect web01 --yes");
	status_is(EXIT_NO_AGENT);
	err_has("only Windows sessions");
	run("GUESTS disable-logins blocked01 --yes");
	status_is(EXIT_NO_AGENT);
}

static void a_vm_that_is_off_is_4(void **state)
{
	(void)state;
	run("GUESTS trim off01");
	status_is(EXIT_NOT_RUNNING);
	run("GUESTS drain off01 --yes");
	status_is(EXIT_NOT_RUNNING);
}

static void locking_and_disabling_logins_ask_first_and_enabling_does_not(void **state)
{
	static const char *const asking[] = { "lock", "disconnect", "disable-logins", "drain" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(asking); i++) {
		run("GUESTS %s web01", asking[i]);
		status_is(EXIT_USAGE);
		err_has("--yes");
	}
	run("GUESTS enable-logins web01");
	status_is(EXIT_DONE);
}

static void look_dont_touch_refuses_them_all(void **state)
{
	static const char *const commands[] = { "message web01 --message Hello",
						"lock web01 --yes",
						"enable-logins web01",
						"set-time web01",
						"trim web01",
						"drain web01 --yes" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		run("GUESTS --lock %s", commands[i]);
		status_is(EXIT_DENIED);
	}
}

static void a_dry_run_of_an_operation_sends_nothing(void **state)
{
	(void)state;
	run("GUESTS disable-logins web01 off01 --dry-run");
	status_is(EXIT_MIXED);
	out_has("would be done");
	err_has("off01 is not running");
}

/* --- power, by choice --- */

static void a_shutdown_can_be_asked_by_agent_or_by_acpi(void **state)
{
	(void)state;
	run("GUESTS shutdown idle01 --mode acpi --yes");
	status_is(EXIT_DONE);
	run("GUESTS shutdown idle01 --mode agent --yes");
	status_is(EXIT_DONE);
	run("GUESTS shutdown idle01 --mode smoke --yes");
	status_is(EXIT_USAGE);
	err_has("agent or acpi");
}

static void autostart_is_set_and_taken_back(void **state)
{
	(void)state;
	run("GUESTS autostart web01 off01 --json");
	status_is(EXIT_DONE);
	read_json();
	assert_int_equal(row_count(), 2);
	run("GUESTS no-autostart web01");
	status_is(EXIT_DONE);
}

/* --- whom --- */

static void everybody_but_one_is_logged_off(void **state)
{
	(void)state;
	run("GUESTS logoff web01 --except-user bob --yes --json");
	status_is(EXIT_DONE);
	one_task_of("logoff");
	assert_int_equal(number_of("sessions_after"), 1);
}

static void an_exception_that_matches_nobody_refuses_and_says_who_is_on(void **state)
{
	static const char *const verbs[] = { "logoff", "lock", "logoff --dry-run" };

	(void)state;
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

static void of_several_vms_an_exception_has_to_match_in_one(void **state)
{
	(void)state;
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

static void where_nobody_would_go_an_exception_need_not_match(void **state)
{
	(void)state;
	run("GUESTS logoff idle01 --except-user bbo --yes");
	status_is(EXIT_NOBODY);
	run("GUESTS logoff idle01 off01 --except-user bbo --yes");
	status_is(EXIT_MIXED);
}

static void an_exception_that_matches_nobody_is_refused_before_the_question(void **state)
{
	pid_t pid = run_on_terminal("GUESTS logoff web01 --except-user bbo");

	(void)state;
	run_leave_terminal(pid);
	status_is(EXIT_USAGE);
	out_has("no user bbo is logged on");
	assert_null(strstr(ran.out, "[y/N]"));
}

static void a_list_that_does_not_name_everybody_says_so(void **state)
{
	(void)state;
	run("GUESTS users blocked01");
	status_is(EXIT_DONE);
	out_has("gina");
	err_has("blocked01: more users may be logged on: the guest's list is incomplete");
	run("GUESTS users web01");
	assert_null(strstr(ran.err, "may be logged on"));
}

static void only_the_disconnected_are_logged_off(void **state)
{
	(void)state;
	run("GUESTS logoff rds01 --disconnected --dry-run");
	status_is(EXIT_DONE);
	out_has("would log off fred (1 session)");
	run("GUESTS logoff web01 --disconnected --yes");
	status_is(EXIT_NOBODY);
	err_has("web01 has no disconnected sessions");
}

static void a_locked_session_goes_only_with_force(void **state)
{
	(void)state;
	run("GUESTS logoff locked01 --yes");
	err_has("carl");
	assert_int_not_equal(ran.status, EXIT_DONE);
	run("GUESTS logoff locked01 --force --yes");
	status_is(EXIT_DONE);
}

/* --- draining --- */

static void a_drained_vm_keeps_its_logins_disabled(void **state)
{
	(void)state;
	run("GUESTS drain web01 --yes");
	status_is(EXIT_DONE);
	out_has("2 sessions ended; logins stay disabled until you enable them");
}

static void a_drained_vm_is_shut_down_where_asked_for(void **state)
{
	(void)state;
	run("GUESTS drain idle01 --shutdown --yes --json");
	status_is(EXIT_DONE);
	one_task_of("drain");
}

static void a_dry_run_of_a_drain_names_who_would_go(void **state)
{
	(void)state;
	run("GUESTS drain web01 rds01 --shutdown --dry-run");
	status_is(EXIT_DONE);
	out_has("would log off alice, bob (2 sessions)");
	out_has("would log off erin, fred (2 sessions)");
}

static void who_cannot_be_logged_off_ends_the_drain(void **state)
{
	(void)state;
	run("GUESTS drain stuck01 --timeout 2 --shutdown --yes");
	status_is(EXIT_TIMED_OUT);
	err_has("dora");
	assert_null(strstr(ran.out, "stay disabled"));
}

static void an_interrupted_drain_enables_logins_before_it_exits(void **state)
{
	pid_t pid = run_on_terminal("GUESTS drain web01 --grace 60 --message Patches --yes");

	(void)state;
	run_wait_for_screen("grace period");
	kill(pid, SIGINT);
	run_leave_terminal(pid);
	status_is(EXIT_CANCELLED);
	out_has("Interrupted: cancelling what can be cancelled, and enabling logins again; interrupt again to skip "
		"that");
	out_has("cancelled");
	assert_null(strstr(ran.out, "stay disabled"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_operation_is_a_command_with_the_fields_of_a_task),
		cmocka_unit_test(a_message_needs_its_text),
		cmocka_unit_test(a_message_to_nobody_is_8),
		cmocka_unit_test(what_the_guests_family_cannot_do_is_5),
		cmocka_unit_test(a_vm_that_is_off_is_4),
		cmocka_unit_test(locking_and_disabling_logins_ask_first_and_enabling_does_not),
		cmocka_unit_test(look_dont_touch_refuses_them_all),
		cmocka_unit_test(a_dry_run_of_an_operation_sends_nothing),
		cmocka_unit_test(a_shutdown_can_be_asked_by_agent_or_by_acpi),
		cmocka_unit_test(autostart_is_set_and_taken_back),
		cmocka_unit_test(everybody_but_one_is_logged_off),
		cmocka_unit_test(an_exception_that_matches_nobody_refuses_and_says_who_is_on),
		cmocka_unit_test(of_several_vms_an_exception_has_to_match_in_one),
		cmocka_unit_test(where_nobody_would_go_an_exception_need_not_match),
		cmocka_unit_test(an_exception_that_matches_nobody_is_refused_before_the_question),
		cmocka_unit_test(a_list_that_does_not_name_everybody_says_so),
		cmocka_unit_test(only_the_disconnected_are_logged_off),
		cmocka_unit_test(a_locked_session_goes_only_with_force),
		cmocka_unit_test(a_drained_vm_keeps_its_logins_disabled),
		cmocka_unit_test(a_drained_vm_is_shut_down_where_asked_for),
		cmocka_unit_test(a_dry_run_of_a_drain_names_who_would_go),
		cmocka_unit_test(who_cannot_be_logged_off_ends_the_drain),
		cmocka_unit_test(an_interrupted_drain_enables_logins_before_it_exits),
	};

	return cmocka_run_group_tests_name("cli guest", tests, run_set_up, run_tear_down);
}

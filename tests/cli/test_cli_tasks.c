/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_tasks.c - the commands that act: what they ask first, what comes of it, which exit status says so.
 */
#include "tests/cli/json_rows.h"
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <unistd.h>

TEST(the_history_lists_sessions_that_ended)
{
	run("FLEET history --json");
	status_is(EXIT_DONE);
	assert_string_equal(ran.out, "[]\n");
	run("FLEET logoff bea/twin --yes"); /* makes the folder */
	run_write_file("innkeeper/demo/sessions.log",
		       "1795360000\t1795352800\tlogged-off\tada\tweb01\tu1\talice\t\t4\t10.0.0.7\n"
		       "1795360001\t-1\tinnkeeper\tbea\twin01\tu2\tbob\tCORP\t2\t\n");
	run("FLEET history --json");
	read_json();
	assert_int_equal(row_count(), 2);
	fields_are("ended host vm uuid user domain session remote login_time duration_s how", false);
	assert_int_equal(number_of("duration_s"), 7200);
	assert_string_equal(text_of("how"), "logged-off");
	run("FLEET history ada/web01");
	out_has("alice");
	assert_null(strstr(ran.out, "bob"));
}

TEST(a_log_off_has_the_documented_fields_in_their_order)
{
	exits_in_json(EXIT_DONE, "FLEET logoff bea/twin --yes --json");
	assert_int_equal(row_count(), 1);
	fields_are("id host vm uuid verb description percent complete cancelable result result_name error error_name "
		   "error_description sessions_before sessions_after started elapsed_ms reason",
		   false);
	assert_int_equal(number_of("result"), 0);
	assert_int_equal(number_of("percent"), 100);
	assert_true(json_is_true(field("complete")));
	assert_string_equal(text_of("result_name"), "Success");
	assert_string_equal(text_of("error"), "0x00000000");
	assert_int_equal(number_of("sessions_before"), 1);
	assert_int_equal(number_of("sessions_after"), 0);
}

/* --- exit statuses --- */

TEST(users_who_were_logged_off_are_0)
{
	prints(EXIT_DONE, "done", "FLEET logoff web01 --user bob --yes");
	err_is_empty();
}

TEST(a_vm_that_is_not_there_is_3)
{
	complains(EXIT_NO_VM, "nosuch", "FLEET logoff nosuch --yes");
	exits(EXIT_NO_VM, "FLEET logoff -f name:nosuch --yes");
}

TEST(one_wrong_name_among_several_stops_all_of_them)
{
	exits(EXIT_NO_VM, "FLEET destroy web01 nosuch --yes");
	out_is("");
}

TEST(a_vm_that_does_not_run_is_4)
{
	complains(EXIT_NOT_RUNNING, "off01 is not running", "FLEET logoff off01 --yes");
	exits_in_json(EXIT_NOT_RUNNING, "FLEET logoff paused01 --yes --json");
	assert_string_equal(text_of("error_name"), "VM_E_VM_PAUSED");
	assert_string_equal(text_of("error"), "0xa0040507");
}

TEST(a_vm_that_runs_already_is_not_said_not_to_run)
{
	complains(EXIT_UNEXPECTED, "it is already running", "FLEET start web01 --yes");
	out_has("failed");
}

TEST(a_guest_without_the_means_is_5)
{
	FOR_EACH(const char *, vm, "none01", "down01", "blocked01") {
		exits(EXIT_NO_AGENT, "FLEET logoff %s --yes", *vm);
		err_has(*vm);
	}
}

TEST(what_is_not_permitted_is_6)
{
	complains(EXIT_DENIED, "read-only", "FLEET -r logoff web01 --yes");
	complains(EXIT_DENIED, "--lock", "FLEET --lock logoff web01 --yes");
	exits(EXIT_DENIED, "FLEET --lock destroy web01 --yes");
	exits(EXIT_DENIED, "FLEET logoff denied01 --yes");
	exits(EXIT_DENIED, "FLEET -r users web01");
}

TEST(sessions_that_remain_at_the_deadline_are_7_and_are_named)
{
	complains(EXIT_TIMED_OUT, "dora", "FLEET logoff stuck01 --timeout 2 --yes");
}

TEST(a_wait_that_ends_first_reports_the_task_as_it_stands)
{
	exits_in_json(EXIT_TIMED_OUT, "FLEET logoff stuck01 --wait-timeout 0 --yes --json");
	assert_true(json_is_false(field("complete")));
	assert_true(json_is_null(field("result")));
	assert_true(number_of("percent") < 100);
	err_has("ada/stuck01: stopped before anybody was logged off");
}

TEST(nobody_logged_on_is_8)
{
	exits_in_json(EXIT_NOBODY, "FLEET logoff idle01 --yes --json");
	assert_string_equal(text_of("error"), "0x80070520");
	assert_int_equal(number_of("result"), 0);
}

TEST(done_and_nobody_together_are_0)
{
	exits(EXIT_DONE, "FLEET logoff idle01 bea/twin --yes");
}

TEST(an_interrupt_before_anything_was_begun_begins_nothing)
{
	run_on_terminal("UNTOLD logoff web01 untold01 --yes");
	run_wait_for_screen("agent state of 1 of 2 VMs known");
	run_kill(SIGINT);
	run_leave_terminal(EXIT_CANCELLED);
	out_has("nothing was done");
}

TEST(an_interrupt_in_the_grace_period_cancels_and_is_9)
{
	run_on_terminal("FLEET logoff web01 --grace 60 --yes");
	run_wait_for_screen("grace period");
	run_kill(SIGINT);
	run_leave_terminal(EXIT_CANCELLED);
	out_has("cancelled");
}

TEST(an_interrupt_after_the_first_session_was_told_leaves_and_says_so)
{
	run_on_terminal("FLEET logoff stuck01 --yes");
	run_wait_for_screen("waiting for log-off");
	run_kill(SIGTERM);
	run_leave_terminal(EXIT_CANCELLED);
	out_has("ada/stuck01: still running; check later with: innkeeper --demo tasks");
}

/* The first command is on its way, and nobody knows yet what comes of it. */
TEST(whoever_leaves_while_the_first_command_is_on_its_way_is_not_told_that_nobody_was)
{
	exits(EXIT_TIMED_OUT, "UNANSWERED logoff web01 --wait-timeout 5 --yes --json");
	err_has("ada/web01: still running; check later with: innkeeper --demo tasks");
	read_json();
	assert_true(json_is_false(field("cancelable")));
}

TEST(a_task_that_runs_is_not_forgotten)
{
	run_on_terminal("FLEET logoff web01 --grace 60 --yes");
	char id[64];

	run_wait_for_screen("grace period, ");
	run("FLEET tasks --json -s -running");
	read_json();
	assert_true(json_is_true(field("running")));
	snprintf(id, sizeof(id), "%s", text_of("id"));
	complains(EXIT_USAGE, "is still running", "FLEET tasks --forget %s", id);
	run_kill(SIGINT);
	run_leave_terminal(EXIT_CANCELLED);
	complains(EXIT_USAGE, "no task '", "FLEET tasks --forget %s", id);
}

TEST(users_are_warned_with_the_text_and_the_time_that_were_given)
{
	run_on_terminal("FLEET logoff web01 --message Maintenance --yes");
	run_wait_for_screen("grace period"); /* the configuration's grace of a minute */
	run_kill(SIGINT);
	run_leave_terminal(EXIT_CANCELLED);
	exits(EXIT_DONE, "FLEET logoff bea/twin --message Maintenance --grace 1 --yes");
}

TEST(several_vms_that_ended_differently_are_10)
{
	exits_in_json(EXIT_MIXED, "FLEET logoff bea/twin off01 --yes --json");
	assert_int_equal(row_count(), 2);
}

TEST(a_host_that_cannot_be_reached_is_11_and_the_others_are_served)
{
	prints(EXIT_UNREACHABLE, "web01", "HALF list");
	err_has("gone cannot be reached");
	prints(EXIT_UNREACHABLE, "done", "HALF logoff web01 --yes");
}

/* --- names --- */

TEST(a_name_on_two_hosts_is_an_error_that_lists_both)
{
	complains(EXIT_USAGE, "ada/twin", "FLEET logoff twin --yes");
	err_has("bea/twin");
	prints(EXIT_DONE, "erin", "FLEET users bea/twin");
}

TEST(a_vm_named_twice_is_served_once)
{
	run("FLEET logoff idle01 ada/idle01 --yes --json");
	read_json();
	assert_int_equal(row_count(), 1);
}

TEST(a_filter_with_a_name_comes_from_the_configuration)
{
	run_write_file("saved.conf", "filters = ( { name = \"fronts\"; expr = \"name:web01 | name:evil01\"; } );");
	prints(EXIT_DONE, ",web01,", "FLEET list -o csv --config=%s -f @fronts", run_path("saved.conf"));
	out_has(",evil01,");
	assert_null(strstr(ran.out, ",off01,"));
	complains(EXIT_USAGE, "valid: @fronts", "FLEET list --config=%s -f @nowhere", run_path("saved.conf"));
}

TEST(a_filter_chooses_and_asks_the_guests_for_what_only_they_know)
{
	exits_in_json(EXIT_DONE, "FLEET logoff -f user:erin --dry-run --json");
	assert_int_equal(row_count(), 1);
	assert_string_equal(text_of("host"), "bea");
}

/* --- asking first --- */

TEST(without_a_terminal_it_wants_yes_before_it_asks_any_host)
{
	FOR_EACH(const char *, verb, "logoff", "shutdown", "reboot", "reset", "destroy", "suspend", "managedsave") {
		complains(EXIT_USAGE, "--yes", "HALF %s web01", *verb);
		out_is("");
	}
}

TEST(starting_and_resuming_ask_nobody)
{
	exits(EXIT_DONE, "FLEET start off01");
	exits(EXIT_DONE, "FLEET resume paused01");
}

TEST(a_dry_run_tells_who_would_go_and_needs_no_yes)
{
	prints(EXIT_DONE, "would be done", "FLEET logoff web01 --dry-run");
	out_has("alice");
	exits_in_json(EXIT_MIXED, "FLEET destroy web01 off01 --dry-run --json");
	assert_true(json_is_null(field("id")));
}

TEST(a_dry_run_may_be_had_of_a_locked_innkeeper)
{
	prints(EXIT_DONE, "would log off alice (2), bob", "FLEET --lock logoff web01 --dry-run");
	prints(EXIT_DONE, "would be done", "FLEET --lock destroy web01 --dry-run");
	exits(EXIT_DONE, "FLEET -r destroy web01 --dry-run");
	exits(EXIT_DENIED, "FLEET -r logoff web01 --dry-run");
	err_has("is read-only, so guests cannot be asked, not even for a dry run; use --lock instead of -r");
}

TEST(what_is_done_to_the_demo_leaves_nothing_in_the_real_journal)
{
	run("FLEET logoff web01 --user bob --yes");
	assert_int_equal(access(run_path("innkeeper/demo/tasks"), F_OK), 0);
	assert_int_equal(access(run_path("innkeeper/tasks"), F_OK), -1);
	assert_int_equal(access(run_path("innkeeper/audit.log"), F_OK), -1);
	exits(EXIT_DONE, "tasks --json");
	out_is("[]\n");
}

/* It may be all that is known of a log-off that nobody saw the end of. */
TEST(a_journal_that_cannot_be_read_is_listed_with_its_path_and_is_1)
{
	run("FLEET logoff web01 --user bob --yes");
	run_write_file("innkeeper/demo/tasks/20991122-000000-1-1", "what is this\n");
	prints(EXIT_UNEXPECTED, "unreadable", "FLEET tasks");
	out_has("innkeeper/demo/tasks/20991122-000000-1-1: not a journal of this version");
	err_has("cannot read 1 task; check its file, then remove it with --forget");
	prints(EXIT_UNEXPECTED, "\"unreadable\"", "FLEET tasks --json");
	exits(EXIT_UNEXPECTED, "FLEET tasks --recheck 20991122-000000-1-1");
	err_has("innkeeper/demo/tasks/20991122-000000-1-1: not a journal of this version");
	exits(EXIT_DONE, "FLEET tasks --forget 20991122-000000-1-1");
	exits(EXIT_DONE, "FLEET tasks");
}

TEST(all_tasks_that_are_done_or_simply_all_can_be_forgotten_at_once)
{
	run("FLEET tasks --forget all");
	run("FLEET disable-logins web01 --yes");
	run_write_file("innkeeper/demo/tasks/20991122-000000-1-1", "what is this\n");
	complains(EXIT_DONE, "1 task forgotten", "FLEET tasks --forget done");
	run("FLEET tasks");
	out_has("unreadable");
	assert_null(strstr(ran.out, "disable-logins"));
	complains(EXIT_DONE, "1 task forgotten", "FLEET tasks --forget all");
	run("FLEET tasks --json");
	out_is("[]\n");
}

TEST(who_names_nobody_that_is_on_reads_who_stays)
{
	prints(EXIT_NOBODY, "no session of nobody; 3 others stay", "FLEET logoff web01 --user nobody --yes");
	assert_null(strstr(ran.out, "no users logged on"));
}

TEST(on_a_terminal_the_question_names_vm_host_and_users)
{
	run_on_terminal("FLEET logoff web01");
	run_answer("Log off all users of web01? [y/N] ", "y");
	run_leave_terminal(EXIT_DONE);
	out_has("ada/web01: alice (2), bob");
	out_has("done");
}

TEST(the_question_tells_several_vms_from_one_and_some_users_from_all)
{
	static const char *const questions[][2] = {
		{ "logoff web01 idle01", "Log off all users of these 2 VMs? [y/N] " },
		{ "logoff web01 --user bob", "Log off the selected users of web01? [y/N] " },
		{ "logoff web01 bea/twin --except-user bob", "Log off the selected users of these 2 VMs? [y/N] " },
		{ "lock web01 idle01", "Lock the sessions of these 2 VMs? [y/N] " },
		{ "drain web01", "Drain web01? [y/N] " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
		run_on_terminal("FLEET %s", questions[i][0]);
		run_answer(questions[i][1], "n");
		run_leave_terminal(EXIT_CANCELLED);
		out_has("nothing was done");
	}
}

TEST(declining_does_nothing_and_is_9)
{
	FOR_EACH(const char *, answer, "n", "", "x", "yy") {
		run_on_terminal("FLEET destroy web01");
		run_answer("Destroy web01? [y/N] ", *answer);
		run_leave_terminal(EXIT_CANCELLED);
		out_has("nothing was done");
	}
	run_on_terminal("FLEET destroy web01");
	run_wait_for_screen("[y/N]");
	run_type("\x04");
	run_leave_terminal(EXIT_CANCELLED);
}

TEST(what_was_typed_before_the_question_confirms_nothing)
{
	run_on_terminal("FLEET destroy web01");
	run_type("y\ny\n");
	run_answer("[y/N] ", "n");
	run_leave_terminal(EXIT_CANCELLED);
}

TEST(a_production_host_wants_its_name)
{
	run_on_terminal("FLEET destroy shop01");
	run_answer("prod is a production host. Type its name to continue: ", "y");
	run_leave_terminal(EXIT_CANCELLED);
	run_on_terminal("FLEET destroy shop01");
	run_answer("prod is a production host. Type its name to continue: ", "prod");
	run_leave_terminal(EXIT_DONE);
}

TEST(more_vms_than_the_limit_want_their_number)
{
	run_write_file("limit.conf", "confirm-above = 1;");
	setenv("INNKEEPER_CONFIG", run_path("limit.conf"), 1);
	run_on_terminal("FLEET destroy web01 idle01");
	run_answer("Destroy these 2 VMs?\r\nType the number of VMs (2) to continue: ", "2");
	run_leave_terminal(EXIT_DONE);
	unsetenv("INNKEEPER_CONFIG");
}

TEST(nobody_is_asked_where_nothing_may_be_done)
{
	run_on_terminal("FLEET -r destroy web01");
	run_leave_terminal(EXIT_DENIED);
	assert_null(strstr(ran.out, "[y/N]"));
}

TEST(libvirts_own_test_driver_is_served_like_any_host)
{
	exits(EXIT_NO_AGENT, "-c test:///default logoff test --yes");
	exits_in_json(EXIT_DONE, "-c test:///default shutdown test --yes --json");
	assert_string_equal(text_of("error_name"), "S_OK");
	complains(EXIT_UNEXPECTED, "running", "-c test:///default start test");
}

TEST(a_socket_that_is_not_there_is_11)
{
	exits(EXIT_UNREACHABLE,
	      "-c test:///default -c qemu+unix:///system?socket=/nonexistent/sock destroy test --yes");
	out_has("done");
	err_has("/nonexistent/sock");
}

RUN_TESTS("cli tasks", run_set_up, run_tear_down)

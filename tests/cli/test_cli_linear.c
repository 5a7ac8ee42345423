/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_linear.c - the dashboard without a screen (ui/linear): through a pipe, and on a terminal as expect does it.
 */
#include "engine/action.h"
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <stdlib.h>

static void out_lacks(const char *part)
{
	if (strstr(ran.out, part))
		fail_msg("\"%s\" is in stdout:\n%s", part, ran.out);
}

/* One is behind the other. */
static void out_has_in_order(const char *part, const char *later)
{
	const char *at = strstr(ran.out, part);

	if (!at || !strstr(at, later))
		fail_msg("\"%s\" and then \"%s\" is not in stdout:\n%s", part, later, ran.out);
}

/* Each byte: lines of printable text, nothing that moves a cursor or changes a colour. */
static void out_is_plain(void)
{
	for (const char *at = ran.out; *at; at++)
		if (*at != '\n' && ((unsigned char)*at < 0x20 || *at == 0x7f))
			fail_msg("byte 0x%02x in stdout at:\n%.60s", (unsigned char)*at, at);
}

/* --- what it shows --- */

TEST(vms_are_a_numbered_list_of_sentences)
{
	reads(EXIT_DONE, "sessions web01\nback\n", "FLEET --accessible");
	out_has("14 VMs:\n");
	out_has("on ada, paused\n");
	out_has(". web01 on ada, running, agent up, 2 users\n");
	out_has("alice on web01, host ada, session ");
}

TEST(no_byte_of_any_view_is_an_escape_sequence)
{
	reads(EXIT_DONE,
	      "sessions evil01\nback\ndetails evil01\nback\nlogs "
	      "evil01\nback\neverybody\nback\nhosts\nback\nevents\nback\n"
	      "interrupted\nback\nsnapshots web01\nback\ntasks\nback\nmenu web01\n?\ncolumns cpu,mem,title\nlogoff "
	      "evil01\nno\n"
	      "\033[31mred\033[0m\nback\nquit\n",
	      "FLEET --accessible");
	out_is_plain();
	out_has("<U+001B>");
}

TEST(every_action_is_a_command)
{
	char lines[8192];
	size_t len = 0;

	for (int id = 0; id < ACTION_COUNT; id++)
		if (id != ACTION_QUIT)
			len += (size_t)snprintf(lines + len, sizeof(lines) - len, "%s%s\nno\nback\n",
						action_get((enum action_id)id)->name,
						action_get((enum action_id)id)->needs & NEEDS_VM ? " web01" : "");
	reads(EXIT_DONE, lines, "FLEET --accessible");
	for (int id = 0; id < ACTION_COUNT; id++) {
		char filtered[64];

		snprintf(filtered, sizeof(filtered), "match \"%s", action_get((enum action_id)id)->name);
		out_lacks(filtered);
	}
	out_is_plain();
	out_lacks("innkeeper: ");
}

TEST(words_filter_and_a_number_opens)
{
	reads(EXIT_DONE, "web\n1\nquit\n", "FLEET --accessible");
	out_has("1 of 14 VMs match \"web\"; back shows all.\n1. web01 on ada");
	out_has_in_order("VMs> 1\nweb01\nState: running\n", "Agent: up\n");
}

TEST(a_number_that_is_not_there_is_an_error)
{
	reads(EXIT_DONE, "99\nlogoff 99\nlogoff nosuch\nlogoff\ncolumns nosuch\nquit\n", "FLEET --accessible");
	out_has("error: there is no row 99");
	out_has("error: row 99 is no VM");
	out_has("error: no VM named \"nosuch\"");
	out_has("error: which VM? Type logoff and the number or the name of a VM");
	out_has_in_order("> columns nosuch", "error: ");
}

/* --- what it does --- */

TEST(a_logoff_reads_its_question_whole_and_then_asks)
{
	reads(EXIT_DONE, "logoff web01\nyes\n", "FLEET --accessible");
	out_has_in_order("Log off all users of web01?\nVM: web01\nHost: ada\n", "Log off: yes or no> yes\n");
	out_has("Logged on: alice (2), bob\n");
	out_has("listing sessions, ");
	out_has(" percent\n");
	out_has("Log off 2 users of web01: done: 3 sessions ended\n");
	out_is_plain();
}

TEST(no_does_nothing_and_neither_does_the_end_of_input)
{
	reads(EXIT_DONE, "logoff web01\nno\nlogoff web01\nshutdown\nquit\n", "FLEET --accessible");
	out_has("Cancelled; nothing was done.");
	out_has("error: answer yes or no");
	reads(EXIT_DONE, "logoff web01\n", "FLEET --accessible");
	out_has("Cancelled; nothing was done.");
	out_lacks("done: ");
}

TEST(the_end_of_input_waits_for_tasks_and_the_status_is_theirs)
{
	reads(EXIT_NOBODY, "logoff idle01\nyes\n", "FLEET --accessible");
	out_has("End of input: waiting for 1 task");
	out_has("Log off the users of idle01: no users logged on");
	reads(EXIT_MIXED, "logoff idle01 none01\nyes\n", "FLEET --accessible");
	out_has_in_order("1 of 2 will be refused: none01", "error: Log off the users of none01: ");
}

TEST(quitting_asks_while_a_task_runs_and_names_what_it_leaves)
{
	reads(EXIT_TIMED_OUT, "logoff stuck01\nyes\nquit\nyes\n", "FLEET --accessible");
	out_has_in_order("1 task is running.", "Quit: yes or no> yes");
	out_has("error: ada/stuck01: still running; check later with: ");
}

TEST(a_session_of_the_list_is_logged_off_alone)
{
	reads(EXIT_DONE, "sessions web01\nlogoff 3\nno\nquit\n", "FLEET --accessible");
	out_has_in_order("Sessions:", "3. bob on web01");
	out_has_in_order("2. alice  2  10.0.0.7: no\n", "3. bob    3  pts/1: yes\n");
}

TEST(marked_vms_are_acted_on_together_and_each_outcome_is_told)
{
	reads(EXIT_NOBODY, "mark ada/twin idle01\nlogoff marked\nyes\nwait\nlist\nquit\n", "FLEET --accessible");
	out_has("2 VMs are marked.");
	out_has("Log off all users of 2 VMs?");
	out_has("2 tasks started");
	out_has("Log off the users of twin: no users logged on");
	out_has("Log off the users of idle01: no users logged on");
}

TEST(on_a_production_host_its_name_has_to_be_typed)
{
	reads(EXIT_TIMED_OUT, "logoff shop01\nyes\nshop\nyes\nprod\nquit\nyes\n", "FLEET --accessible");
	out_has_in_order("Host: prod (production)",
			 "Type \"prod\"> shop\nerror: To confirm, type the text in quotes first.");
	out_has("Type \"prod\"> prod\nConfirmed.\n");
}

TEST(for_many_vms_their_number_has_to_be_typed)
{
	run_write_file("few.conf", "confirm-above = 1;\n");
	reads(EXIT_TIMED_OUT, "shutdown web01 idle01\nyes\n1\nyes\n2\ntasks\nquit\nyes\n",
	      "FLEET --accessible --config %s", run_path("few.conf"));
	out_has_in_order("Type \"2\"> 1\nerror: ", "Type \"2\"> 2");
}

TEST(options_are_changed_by_their_numbers_and_a_task_is_cancelled_by_its_own)
{
	reads(EXIT_CANCELLED, "logoff web01\n1\n6 Going down\n7 60\nyes\ntasks\ncancel 1\nyes\nwait\nquit\n",
	      "FLEET --accessible");
	out_has_in_order("1. alice  1  tty1: yes\n", "Log off some users of web01?\n");
	out_has("1. alice  1  tty1: no\n");
	out_has("6. Message: Going down\n");
	out_has("): 60\n");
	out_has_in_order("Cancel this task?", "Cancelling: ");
}

TEST(with_lock_and_readonly_every_change_is_refused)
{
	reads(EXIT_DONE, "logoff web01\nshutdown 1\nsessions web01\nquit\n", "FLEET --accessible --lock");
	out_has("error: read-only (--lock)");
	out_has("bob on web01");
	reads(EXIT_DONE, "logoff web01\nsessions web01\nquit\n", "FLEET --accessible --readonly");
	out_has("error: read-only (--readonly)");
	out_has("error: users denied");
}

TEST(what_takes_the_whole_terminal_is_named)
{
	reads(EXIT_DONE, "console web01\nredraw\nquit\n", "FLEET --accessible");
	out_has("error: console takes the whole terminal; run: innkeeper console VM");
	out_has("error: redraw is for the screen");
}

/* --- how it is chosen --- */

TEST(the_environment_and_the_configuration_choose_it_too)
{
	FOR_EACH(const char *, variable, "ACCESSIBLE", "INNKEEPER_ACCESSIBLE") {
		setenv(*variable, "1", 1);
		reads(EXIT_DONE, "quit\n", "FLEET");
		out_has("VMs> quit");
		setenv(*variable, "0", 1);
		reads(EXIT_USAGE, "quit\n", "FLEET");
		unsetenv(*variable);
	}
	run_write_file("on.conf", "accessible = true;\n");
	reads(EXIT_DONE, "quit\n", "FLEET --config %s", run_path("on.conf"));
	out_has("VMs> quit");
}

TEST(output_that_cannot_be_written_is_an_error)
{
	run_with(RUN_FULL_DISK, "FLEET --accessible");
	status_is(EXIT_UNEXPECTED);
}

/* --- on a terminal --- */

TEST(on_a_dumb_terminal_it_echoes_and_speaks_as_in_a_pipe)
{
	setenv("TERM", "dumb", 1);
	run_on_terminal("FLEET --accessible");
	run_wait_for_screen("VMs> ");
	assert_true(run_terminal_echoes());
	run_answer("VMs> ", "logoff idle01");
	run_wait_for_screen("Logged on: nobody");
	run_answer("Log off: yes or no> ", "yes");
	run_wait_for_screen("Log off the users of idle01: no users logged on");
	run_type("quit\n");
	run_leave_terminal(EXIT_NOBODY);
	setenv("TERM", "xterm", 1);
	assert_null(strchr(ran.out, '\033'));
}

TEST(an_answer_typed_before_the_question_confirms_nothing)
{
	run_on_terminal("FLEET --accessible");
	run_wait_for_screen("VMs> ");
	run_type("logoff web01\nyes\n");
	run_wait_for_screen("Log off: yes or no> ");
	run_type("no\n");
	run_wait_for_screen("Cancelled; nothing was done.");
	run_type("quit\n");
	run_leave_terminal(EXIT_DONE);
	out_lacks("done: ");
}

TEST(changes_are_told_by_themselves)
{
	run_on_terminal("FLEET --accessible");
	run_wait_for_screen("changed: moving01 on bea, paused");
	run_type("quiet\n");
	run_wait_for_screen("Quiet: ");
	run_type("quit\n");
	run_leave_terminal(EXIT_DONE);
}

TEST(ctrl_c_is_no_to_a_question_and_quits_at_the_prompt)
{
	run_on_terminal("FLEET --accessible");
	run_answer("VMs> ", "shutdown web01");
	run_wait_for_screen("Shut down: yes or no> ");
	run_kill(SIGINT);
	run_wait_for_screen("Cancelled; nothing was done.");
	run_kill(SIGINT);
	run_leave_terminal(EXIT_DONE);
}

RUN_TESTS("cli_linear", run_set_up, run_tear_down)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_ask.c - the question before something is done to people: acted on is what it showed, nothing that came
 * while it waited.
 */
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

#include <signal.h>

/* Another innkeeper, started later on the same scenario, tells when the moment at which things change is past. */
static void wait_until_things_changed(void)
{
	run_start("LATE watch late01 late02");
	run_wait_for_output("late01: agent up (was down)");
	run_wait_for_output("late02: agent up (was down)");
	run_kill(SIGINT);
	run_finish(EXIT_DONE);
}

static void out_lacks(const char *part)
{
	if (strstr(ran.out, part))
		fail_msg("\"%s\" is in stdout:\n%s", part, ran.out);
}

/* --- which VMs --- */

TEST(a_vm_whose_agent_comes_up_while_the_question_waits_is_not_hit)
{
	FOR_EACH(const char *, verb, "logoff", "lock") {
		run_on_terminal("LATE %s web01 late01 late02", *verb);
		run_wait_for_screen("[y/N]");
		wait_until_things_changed();
		run_answer("[y/N] ", "y");
		run_leave_terminal(EXIT_MIXED);
		out_has("here/late01: not possible when you were asked, so nothing was done; run the command again");
		out_has("prod/late02: not possible when you were asked");
		out_has("no guest agent is connected in late02");
		out_lacks("late01: erin");
		out_has("here  late01");
	}
}

TEST(a_vm_that_starts_while_the_question_waits_is_not_hit)
{
	run_on_terminal("LATE destroy web01 off01");
	run_wait_for_screen("Destroy web01? [y/N]");
	wait_until_things_changed();
	run_answer("[y/N] ", "y");
	run_leave_terminal(EXIT_MIXED);
	out_has("here/off01: not possible when you were asked");
}

TEST(a_vm_that_enters_the_filter_while_the_question_waits_is_not_hit)
{
	run_on_terminal("LATE logoff -f agent:up");
	run_wait_for_screen("[y/N]");
	wait_until_things_changed();
	run_answer("[y/N] ", "y");
	run_leave_terminal(EXIT_DONE);
	out_lacks("late01");
	out_lacks("late02");
}

/* --- whose sessions --- */

TEST(who_logs_on_while_the_question_waits_stays)
{
	run_on_terminal("LATE logoff web01 idle01");
	run_wait_for_screen("here/web01: alice");
	run_wait_for_screen("here/idle01: no users logged on");
	wait_until_things_changed();
	run_answer("[y/N] ", "y");
	run_leave_terminal(EXIT_DONE);
	out_has("1 session ended; 1 logged on after you were asked and stays: carol; run it again");
	out_has("here/idle01: none of those that you were asked about is logged on to idle01");
	out_has("1 logged on after you were asked and stays: dora; run it again");
}

TEST(who_logs_on_while_the_question_waits_stops_a_plan_before_anybody_goes)
{
	run_on_terminal("LATE drain web01 --shutdown");
	run_wait_for_screen("[y/N]");
	wait_until_things_changed();
	run_answer("[y/N] ", "y");
	run_leave_terminal(EXIT_UNEXPECTED);
	out_has("nobody was logged off; run it again");
}

TEST(the_question_shows_only_the_sessions_that_are_meant)
{
	static const char *const cases[][2] = {
		{ "--user bob", "  ada/web01: bob\r\nLog off the selected users of web01? [y/N] " },
		{ "--except-user bob", "  ada/web01: alice (2)\r\nLog off the selected users of web01? [y/N] " },
		{ "--user nobody", "  ada/web01: none of the selected users is logged on\r\nLog off" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		run_on_terminal("FLEET logoff web01 %s", cases[i][0]);
		run_wait_for_screen(cases[i][1]);
		run_answer("[y/N] ", "n");
		run_leave_terminal(EXIT_CANCELLED);
	}
}

/* --- the answer --- */

TEST(a_pasted_line_answers_nothing_and_the_question_comes_again)
{
	run_on_terminal("LATE destroy web01");
	run_wait_for_screen("[y/N]");
	run_type("y\n");
	run_wait_for_screen("ignored, because it looks pasted");
	run_answer("type the answer\r\nDestroy web01? [y/N] ", "n");
	run_leave_terminal(EXIT_CANCELLED);
	out_has("nothing was done");
}

TEST(who_goes_on_pasting_declines)
{
	run_on_terminal("LATE destroy web01");
	run_wait_for_screen("[y/N]");
	run_type("y\ny\n");
	run_wait_for_screen("type the answer\r\nDestroy web01? [y/N]");
	run_type("yes\n");
	run_wait_for_screen("type the answer\r\nDestroy web01? [y/N] \r\n"
			    "innkeeper: ignored, because it looks pasted; type the answer\r\nDestroy web01? [y/N]");
	run_type("y\n");
	run_leave_terminal(EXIT_CANCELLED);
	out_has("nothing was done");
}

TEST(a_pasted_name_of_a_production_host_answers_nothing)
{
	run_on_terminal("FLEET destroy shop01");
	run_wait_for_screen("Destroy shop01?\r\nprod is a production host. Type its name to continue: ");
	run_type("prod\n");
	run_answer("type the answer\r\nprod is a production host. Type its name to continue: ", "prod");
	run_leave_terminal(EXIT_DONE);
}

TEST(what_was_typed_can_be_corrected)
{
	run_on_terminal("LATE destroy web01");
	run_wait_for_screen("[y/N] ");
	run_type("nö");
	run_wait_for_screen("[y/N] nö");
	run_type("\x7f\x7fx\x15");
	run_wait_for_screen("[y/N] nö\b \b\b \bx\b \b");
	run_type("\033[A");
	run_type("y");
	run_wait_for_screen("x\b \by");
	run_type("\n");
	run_leave_terminal(EXIT_DONE);
}

TEST(the_terminal_is_as_it_was_after_an_answer_and_after_an_interrupt)
{
	run_on_terminal("LATE destroy web01");
	assert_true(run_terminal_echoes());
	run_wait_for_screen("[y/N]");
	assert_false(run_terminal_echoes());
	run_kill(SIGINT);
	run_wait_for_screen("nothing was done");
	assert_true(run_terminal_echoes());
	run_leave_terminal(EXIT_CANCELLED);
	run_on_terminal("LATE destroy web01");
	run_answer("[y/N] ", "n");
	run_wait_for_screen("nothing was done");
	assert_true(run_terminal_echoes());
	run_leave_terminal(EXIT_CANCELLED);
}

RUN_TESTS("cli_ask", run_set_up, run_tear_down)

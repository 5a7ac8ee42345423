/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_ask.c - the question before something is done to people: acted on is what it showed, nothing that came
 * while it waited.
 */
#include "unit/unit.h"

#include "cli/run.h"

#include <signal.h>
#include <string.h>

/* Another innkeeper, started later on the same scenario, tells when the moment at which things change is past. */
static void wait_until_things_changed(void)
{
	pid_t pid = run_start("LATE watch late01 late02");

	run_wait_for_output("late01  down  up");
	run_wait_for_output("late02  down  up");
	kill(pid, SIGINT);
	run_finish(pid);
}

static void out_lacks(const char *part)
{
	if (strstr(ran.out, part))
		fail_msg("\"%s\" is in stdout:\n%s", part, ran.out);
}

/* --- which VMs --- */

static void a_vm_whose_agent_comes_up_while_the_question_waits_is_not_hit(void **state)
{
	static const char *const verbs[] = { "logoff", "lock", "maintain" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		char words[64];
		pid_t pid;

		snprintf(words, sizeof(words), "LATE %s web01 late01 late02", verbs[i]);
		pid = run_on_terminal(words);
		run_wait_for_screen("[y/N]");
		wait_until_things_changed();
		run_answer("[y/N] ", "y");
		run_leave_terminal(pid);
		status_is(EXIT_MIXED);
		out_has("here/late01: it could not be done when you were asked, so nothing was done; run it again");
		out_has("prod/late02: it could not be done when you were asked");
		out_has("no guest agent is connected in late02");
		out_lacks("late01: erin");
		out_has("here  late01");
	}
}

static void a_vm_that_starts_while_the_question_waits_is_not_hit(void **state)
{
	pid_t pid = run_on_terminal("LATE destroy web01 off01");

	(void)state;
	run_wait_for_screen("this VM? [y/N]");
	wait_until_things_changed();
	run_answer("[y/N] ", "y");
	run_leave_terminal(pid);
	status_is(EXIT_MIXED);
	out_has("here/off01: it could not be done when you were asked");
}

static void a_vm_that_enters_the_filter_while_the_question_waits_is_not_hit(void **state)
{
	pid_t pid = run_on_terminal("LATE logoff -f agent:up");

	(void)state;
	run_wait_for_screen("[y/N]");
	wait_until_things_changed();
	run_answer("[y/N] ", "y");
	run_leave_terminal(pid);
	out_lacks("late01");
	out_lacks("late02");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vm_whose_agent_comes_up_while_the_question_waits_is_not_hit),
		cmocka_unit_test(a_vm_that_starts_while_the_question_waits_is_not_hit),
		cmocka_unit_test(a_vm_that_enters_the_filter_while_the_question_waits_is_not_hit),
	};

	return cmocka_run_group_tests(tests, run_set_up, run_tear_down);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "logoff_run.h"

static void everybody_but_one_can_be_meant(void **state)
{
	const char *const except[] = { "bob", NULL };

	(void)state;
	three_users();
	options.whom.except_users = except;
	log_off();
	it_is_done();
	was_sent("guest-exec loginctl terminate-session", 1);
	was_sent("guest-exec loginctl terminate-session 1", 1);
	assert_int_equal(session_list_total(logoff_sessions(logoff)), 2);
}

static void where_only_the_spared_one_is_on_nobody_is_meant(void **state)
{
	const char *const except[] = { "alice", NULL };

	(void)state;
	fake_logon(&guest, "1", "alice", "tty1");
	options.whom.except_users = except;
	log_off();
	it_ends(E_NO_SUCH_LOGON_SESSION, TASK_RESULT_SUCCESS, "nobody else is logged on to web01");
	nobody_was_told();
}

static void sparing_one_user_does_not_ask_for_locked_sessions(void **state)
{
	const char *const except[] = { "bob", NULL };

	(void)state;
	three_users();
	fake_find(&guest, "1")->locked = true;
	options.whom.except_users = except;
	log_off();
	it_ends(E_MACHINE_LOCKED, TASK_RESULT_UNEXPECTED_ERROR, "alice");
	nobody_was_told();
}

static void only_the_disconnected_can_be_meant(void **state)
{
	(void)state;
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "");
	fake_logon(&guest, "3", "bob", "")->state = FAKE_WTS_DISCONNECTED;
	options.whom.only_disconnected = true;
	log_off();
	it_is_done();
	was_sent("guest-exec powershell.exe # innkeeper end 1", 0);
	was_sent("guest-exec powershell.exe # innkeeper end 3", 1);
}

static void linux_has_no_disconnected_sessions(void **state)
{
	(void)state;
	three_users();
	options.whom.only_disconnected = true;
	log_off();
	it_ends(E_NO_SUCH_LOGON_SESSION, TASK_RESULT_SUCCESS, "no session of web01 is disconnected");
	nobody_was_told();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, a_guest, no_guest)
	const struct CMUnitTest tests[] = {
		TEST(everybody_but_one_can_be_meant),
		TEST(where_only_the_spared_one_is_on_nobody_is_meant),
		TEST(sparing_one_user_does_not_ask_for_locked_sessions),
		TEST(only_the_disconnected_can_be_meant),
		TEST(linux_has_no_disconnected_sessions),
	};

	return cmocka_run_group_tests_name("logoff, who is meant", tests, NULL, NULL);
}

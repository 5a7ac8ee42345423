/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "logoff_run.h"

#include "backend/guest/logoff_private.h"

#include <stdio.h>

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
	assert_int_equal(session_list_total(op_sessions(op)), 2);
}

static void a_name_with_blanks_can_be_spared(void **state)
{
	char **names = session_names_typed(" John Smith,bob  eve,, ");

	(void)state;
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "John Smith", "");
	fake_logon(&guest, "2", "bob", "");
	fake_logon(&guest, "3", "eve", "");
	fake_logon(&guest, "4", "carol", "");
	options.whom.except_users = (const char *const *)names;
	log_off();
	it_is_done();
	was_sent("guest-exec powershell.exe # innkeeper end", 1);
	was_sent("guest-exec powershell.exe # innkeeper end 4", 1);
	session_free_typed(names);
	names = session_names_typed("");
	assert_null(names[0]);
	session_free_typed(names);
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

/* Chosen from a list that people looked at for a while. */
static void an_id_that_is_somebody_elses_by_now_is_not_meant(void **state)
{
	const char *const ids[] = { "1", "2", NULL };
	uint64_t stamps[2];

	(void)state;
	three_users();
	options.dry_run = true;
	log_off();
	stamps[0] = session_stamp(session_list_find(op_sessions(op), "1"));
	stamps[1] = session_stamp(session_list_find(op_sessions(op), "2"));
	forget_run();
	snprintf(fake_find(&guest, "1")->user, sizeof(guest.sessions[0].user), "carol");
	options = (struct logoff_options){ .whom = { .sessions = ids, .stamps = stamps } };
	log_off();
	it_is_done();
	it_notes("no such session: 1");
	was_sent("guest-exec loginctl terminate-session", 1);
	was_sent("guest-exec loginctl terminate-session 2", 1);
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

static bool same(struct session a, struct session b)
{
	return logoff_is_same_session(&a, &b);
}

static void a_session_is_known_again_by_all_that_it_is(void **state)
{
#define ALICE .id = "1", .user = TEXT_OURS("alice"), .domain = TEXT_OURS("INN"), .login_time = 100
	const struct session alice = { ALICE };
	struct session other;

	(void)state;
	assert_true(same(alice, alice));
	other = (struct session){ ALICE, .locked = true };
	assert_true(same(alice, other));
	other = alice;
	other.login_time = -1;
	assert_true(same(alice, other));
	assert_true(same(other, alice));
	other.login_time = 200;
	assert_false(same(alice, other));
	other = alice;
	other.id[0] = '2';
	assert_false(same(alice, other));
	other = alice;
	other.user = TEXT_OURS("bob");
	assert_false(same(alice, other));
	other = alice;
	other.domain = TEXT_OURS("OUT");
	assert_false(same(alice, other));
}

static void without_an_id_the_line_tells_them_apart(void **state)
{
	const struct session first = { .user = TEXT_OURS("alice"), .tty = TEXT_OURS("tty1"), .login_time = -1 };
	struct session second = first;

	(void)state;
	assert_true(same(first, second));
	second.tty = TEXT_OURS("tty2");
	assert_false(same(first, second));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, a_logoff, no_guest)
	const struct CMUnitTest tests[] = {
		TEST(everybody_but_one_can_be_meant),
		TEST(a_name_with_blanks_can_be_spared),
		TEST(where_only_the_spared_one_is_on_nobody_is_meant),
		TEST(sparing_one_user_does_not_ask_for_locked_sessions),
		TEST(an_id_that_is_somebody_elses_by_now_is_not_meant),
		TEST(only_the_disconnected_can_be_meant),
		TEST(linux_has_no_disconnected_sessions),
		cmocka_unit_test(a_session_is_known_again_by_all_that_it_is),
		cmocka_unit_test(without_an_id_the_line_tells_them_apart),
	};

	return cmocka_run_group_tests_name("logoff, who is meant", tests, NULL, NULL);
}

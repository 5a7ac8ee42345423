/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/logoff_private.h"
#include "base/clock.h"
#include "logoff_run.h"

TEST_WITH(everybody_but_one_can_be_meant, a_logoff, no_guest)
{
	const char *const except[] = { "bob", NULL };

	three_users();
	options.whom.except_users = except;
	it_logs_off();
	was_sent("guest-exec loginctl terminate-session", 1);
	was_sent("guest-exec loginctl terminate-session 1", 1);
	assert_int_equal(session_list_total(op_sessions(op)), 2);
}

TEST_WITH(a_name_with_blanks_can_be_spared, a_logoff, no_guest)
{
	char **names = session_names_typed(" John Smith,bob  eve,, ");

	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "John Smith", "");
	fake_logon(&guest, "2", "bob", "");
	fake_logon(&guest, "3", "eve", "");
	fake_logon(&guest, "4", "carol", "");
	options.whom.except_users = (const char *const *)names;
	options.whom.allow_unmatched = true; /* John and Smith alone are nobody */
	it_logs_off();
	was_sent("guest-exec powershell.exe # innkeeper end", 1);
	was_sent("guest-exec powershell.exe # innkeeper end 4", 1);
	session_free_typed(names);
	names = session_names_typed("bob, eve,bob");
	assert_string_equal(names[0], "bob");
	assert_string_equal(names[1], "eve");
	assert_null(names[2]);
	session_free_typed(names);
	names = session_names_typed("");
	assert_null(names[0]);
	session_free_typed(names);
}

TEST_WITH(an_exception_that_matches_nobody_spares_everybody, a_logoff, no_guest)
{
	const char *const except[] = { "alice", "bbo", "bbo", NULL };

	three_users();
	options.whom.except_users = except;
	options.grace_s = 60;
	the_log_off_ends(E_INVALIDARG, "no user bbo is logged on to web01");
	it_ends(E_INVALIDARG, "logged on: alice, bob (2)");
	nobody_was_told();
	was_sent("guest-exec wall", 0);
	options.whom.allow_unmatched = true;
	it_logs_off();
	was_sent("guest-exec loginctl terminate-session", 2);
}

TEST(of_what_a_person_typed_each_part_has_to_match)
{
	const struct session on[] = { { .user = TEXT_TRUSTED("John Smith") }, { .user = TEXT_TRUSTED("bob") } };
	/* clang-format off */
	static const struct {
		const char *typed, *missing;
	} rows[] = {
		{ "", "" }, { "bob", "" }, { "John Smith, bob", "" }, { "bob  John Smith", "John, Smith" },
		{ "bob eve", "eve" }, { "eve,bob,carol", "eve, carol" }, { "Jon Smyth,bob", "Jon Smyth" },
		{ "eve, eve", "eve" },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char **names = session_names_typed(rows[i].typed);
		const struct session_selector whom = { .except_users = (const char *const *)names };
		struct session_choice choice;
		struct safe_text missing;

		session_choice_init(&choice, &whom);
		for (size_t k = 0; k < ARRAY_SIZE(on); k++)
			session_choice_takes(&choice, &on[k], FAMILY_WINDOWS);
		missing = session_typed_missing(&choice.except_users, rows[i].typed);
		assert_string_equal(text_str(missing), rows[i].missing);
		text_free(&missing);
		session_choice_free(&choice);
		session_free_typed(names);
	}
}

TEST_WITH(where_only_the_spared_one_is_on_nobody_is_meant, a_logoff, no_guest)
{
	const char *const except[] = { "alice", NULL };

	fake_logon(&guest, "1", "alice", "tty1");
	options.whom.except_users = except;
	the_log_off_ends(E_NO_SUCH_LOGON_SESSION, "nobody else is logged on to web01");
	nobody_was_told();
}

TEST_WITH(sparing_one_user_does_not_ask_for_locked_sessions, a_logoff, no_guest)
{
	const char *const except[] = { "bob", NULL };

	three_users();
	fake_find(&guest, "1")->locked = true;
	options.whom.except_users = except;
	the_log_off_ends(E_MACHINE_LOCKED, "alice");
	nobody_was_told();
}

/* Chosen from a list that people looked at for a while. */
TEST_WITH(an_id_that_is_somebody_elses_by_now_is_not_meant, a_logoff, no_guest)
{
	const char *const ids[] = { "1", "2", NULL };
	uint64_t stamps[2];

	three_users();
	options.dry_run = true;
	log_off();
	stamps[0] = session_stamp(session_list_find(op_sessions(op), "1"));
	stamps[1] = session_stamp(session_list_find(op_sessions(op), "2"));
	forget_run();
	snprintf(fake_find(&guest, "1")->user, sizeof(guest.sessions[0].user), "carol");
	options = (struct logoff_options){ .whom = { .sessions = ids, .stamps = stamps } };
	it_logs_off();
	it_notes("no such session: 1");
	was_sent("guest-exec loginctl terminate-session", 1);
	was_sent("guest-exec loginctl terminate-session 2", 1);
}

/* --- those that a question showed --- */

static struct session_list shown;

FIXTURE(nothing_shown)
{
	session_list_free(&shown);
	no_guest(NULL);
}

/* As somebody sees it, who is then asked. */
static void the_question_shows_who_is_on(void)
{
	options.dry_run = true;
	log_off();
	session_list_copy(&shown, op_sessions(op));
	forget_run();
	options = (struct logoff_options){ .whom.shown = &shown };
}

TEST_WITH(who_logs_on_while_the_question_waits_stays, a_logoff, nothing_shown)
{
	three_users();
	the_question_shows_who_is_on();
	carol_comes(&guest.backend);
	it_logs_off();
	it_notes("3 sessions ended");
	it_notes("1 logged on after you were asked and stays: carol; run it again");
	was_sent("guest-exec loginctl terminate-session", 3);
	was_sent("guest-exec loginctl terminate-session 9", 0);
	assert_int_equal(report()->sessions_after, 1);
}

TEST_WITH(who_comes_in_the_grace_period_stays_where_the_question_showed_others, a_logoff, nothing_shown)
{
	three_users();
	the_question_shows_who_is_on();
	options.grace_s = 60;
	fake_fault(&guest, "guest-exec-status wall", 0, ERR_NONE, NULL)->then = carol_comes;
	guest.faults[0].reply = "{\"return\":{\"exited\":true,\"exitcode\":0}}";
	it_logs_off();
	it_notes("1 logged on after you were asked and stays: carol; run it again");
	was_sent("guest-exec loginctl terminate-session", 3);
	was_sent("guest-exec loginctl terminate-session 9", 0);
}

TEST_WITH(where_the_question_showed_nobody_nobody_goes, a_logoff, nothing_shown)
{
	the_question_shows_who_is_on();
	three_users();
	the_log_off_ends(E_NO_SUCH_LOGON_SESSION, "none of those that you were asked about is logged on to web01");
	it_notes("3 logged on after you were asked and stay: alice, bob (2); run it again");
	nobody_was_told();
}

TEST_WITH(a_later_session_under_the_id_that_was_shown_stays, a_logoff, nothing_shown)
{
	three_users();
	the_question_shows_who_is_on();
	snprintf(fake_find(&guest, "1")->user, sizeof(guest.sessions[0].user), "carol");
	it_logs_off();
	it_notes("1 logged on after you were asked and stays: carol");
	was_sent("guest-exec loginctl terminate-session", 2);
	was_sent("guest-exec loginctl terminate-session 1", 0);
}

TEST_WITH(of_those_shown_one_can_be_spared_and_who_came_is_still_named, a_logoff, nothing_shown)
{
	const char *const except[] = { "bob", NULL };

	three_users();
	the_question_shows_who_is_on();
	options.whom.except_users = except;
	carol_comes(&guest.backend);
	fake_logon(&guest, "10", "bob", "tty6");
	it_logs_off();
	it_notes("1 logged on after you were asked and stays: carol; run it again");
	was_sent("guest-exec loginctl terminate-session", 1);
	was_sent("guest-exec loginctl terminate-session 1", 1);
}

TEST_WITH(whom_a_list_missed_that_names_some_is_not_said_to_have_come, a_logoff, nothing_shown)
{
	three_users();
	the_question_shows_who_is_on();
	shown.proven = false;
	carol_comes(&guest.backend);
	it_logs_off();
	it_notes("1 was not seen when you were asked and stays: carol; run it again");
	was_sent("guest-exec loginctl terminate-session 9", 0);
}

TEST_WITH(where_all_or_nobody_goes_one_who_came_stops_it, a_logoff, nothing_shown)
{
	three_users();
	the_question_shows_who_is_on();
	options.all_or_nobody = true;
	carol_comes(&guest.backend);
	the_log_off_ends(DISP_E_EXCEPTION, "nobody was logged off; run it again");
	it_notes("1 logged on after you were asked and stays: carol");
	nobody_was_told();
}

TEST_WITH(where_all_or_nobody_goes_one_who_comes_in_the_grace_period_stops_it, a_logoff, nothing_shown)
{
	three_users();
	the_question_shows_who_is_on();
	options.all_or_nobody = true;
	options.grace_s = 60;
	fake_fault(&guest, "guest-exec-status wall", 0, ERR_NONE, NULL)->then = carol_comes;
	guest.faults[0].reply = "{\"return\":{\"exited\":true,\"exitcode\":0}}";
	the_log_off_ends(DISP_E_EXCEPTION, "nobody was logged off; run it again");
	nobody_was_told();
}

/* --- */

TEST_WITH(only_the_disconnected_can_be_meant, a_logoff, no_guest)
{
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "");
	fake_logon(&guest, "3", "bob", "")->state = FAKE_WTS_DISCONNECTED;
	options.whom.only_disconnected = true;
	it_logs_off();
	was_sent("guest-exec powershell.exe # innkeeper end 1", 0);
	was_sent("guest-exec powershell.exe # innkeeper end 3", 1);
}

TEST_WITH(linux_has_no_disconnected_sessions, a_logoff, no_guest)
{
	three_users();
	options.whom.only_disconnected = true;
	the_log_off_ends(E_NO_SUCH_LOGON_SESSION, "web01 has no disconnected sessions");
	nobody_was_told();
}

static void two_idle_users(void)
{
	fake_logon(&guest, "1", "alice", "tty1")->idle_s = 2 * 3600;
	fake_logon(&guest, "2", "bob", "tty2")->idle_s = 3 * 3600;
	fake_logon(&guest, "3", "carol", "tty3")->idle_s = 7000;
	fake_logon(&guest, "4", "dora", "pts/0")->remote = true; /* logind does not know her terminal */
	for (size_t i = 0; i < 4; i++)
		guest.sessions[i].since -= 9 * 3600;
	options.whom.idle_s = 2 * 3600;
}

TEST_WITH(only_the_idle_can_be_meant, a_logoff, no_guest)
{
	two_idle_users();
	it_logs_off();
	was_sent("guest-exec loginctl terminate-session", 2);
	was_sent("guest-exec loginctl terminate-session 1", 1);
	was_sent("guest-exec loginctl terminate-session 2", 1);
	it_notes("2 sessions ended");
	it_notes("how long they have been idle or disconnected is unknown, not logged off: dora");
}

static void bob_types(struct backend *backend)
{
	fake_find((struct fake_guest *)backend, "2")->idle_s = 0;
}

TEST_WITH(whoever_reads_the_warning_and_goes_on_working_stays, a_logoff, no_guest)
{
	two_idle_users();
	options.message = "Idle sessions end in a minute.";
	options.grace_s = 60;
	fake_fault(&guest, "guest-exec-status wall", 0, ERR_NONE, NULL)->then = bob_types;
	guest.faults[0].reply = "{\"return\":{\"exited\":true,\"exitcode\":0}}";
	it_logs_off();
	was_sent("guest-exec loginctl terminate-session", 1);
	was_sent("guest-exec loginctl terminate-session 1", 1);
	it_notes("in use again, not logged off: bob");
}

TEST_WITH(where_nobody_is_idle_nobody_is_told, a_logoff, no_guest)
{
	two_idle_users();
	options.whom.idle_s = 4 * 3600;
	the_log_off_ends(E_NO_SUCH_LOGON_SESSION, "no selected session that is known to be unused for so long");
	nobody_was_told();
	it_notes("unknown, not logged off: dora");
}

TEST_WITH(only_those_disconnected_for_long_can_be_meant, a_logoff, no_guest)
{
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "")->idle_s = 9 * 3600;
	*fake_logon(&guest, "3", "bob", "") = (struct fake_session){
		.id = "3", .user = "bob", .state = FAKE_WTS_DISCONNECTED, .idle_s = 8 * 3600, .since = 1
	};
	*fake_logon(&guest, "4", "carol", "") = (struct fake_session){
		.id = "4", .user = "carol", .state = FAKE_WTS_DISCONNECTED, .idle_s = 7 * 3600, .since = 1
	};
	options.whom.disconnected_s = 8 * 3600;
	it_logs_off();
	was_sent("guest-exec powershell.exe # innkeeper end", 1);
	was_sent("guest-exec powershell.exe # innkeeper end 3", 1);
}

static bool same(struct session a, struct session b)
{
	return logoff_is_same_session(&a, &b);
}

TEST(a_session_is_known_again_by_all_that_it_is)
{
#define ALICE .id = "1", .user = TEXT_TRUSTED("alice"), .domain = TEXT_TRUSTED("INN"), .login_time = 100
	const struct session alice = { ALICE };
	struct session other;

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
	other.user = TEXT_TRUSTED("bob");
	assert_false(same(alice, other));
	other = alice;
	other.domain = TEXT_TRUSTED("OUT");
	assert_false(same(alice, other));
}

TEST(without_an_id_the_line_tells_them_apart)
{
	const struct session first = { .user = TEXT_TRUSTED("alice"), .tty = TEXT_TRUSTED("tty1"), .login_time = -1 };
	struct session second = first;

	assert_true(same(first, second));
	second.tty = TEXT_TRUSTED("tty2");
	assert_false(same(first, second));
}

/* --- ids that become other people's between the list and the command --- */

static void carol_takes_the_line(struct backend *backend)
{
	struct fake_session *session = fake_find((struct fake_guest *)backend, "pts/4");

	snprintf(session->user, sizeof(session->user), "carol");
	session->since = clock_wall();
}

TEST_WITH(whoever_took_a_line_since_is_not_hung_up, a_logoff, no_guest)
{
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "pts/4", "bob", "");
	fake_fault(&guest, "guest-exec pkill", 1, ERR_NONE, NULL)->then = carol_takes_the_line;
	it_logs_off();
	assert_false(fake_find(&guest, "pts/4")->closing);
	it_notes("skipped: session pts/4 (bob)");
	it_notes("logged on in the meantime: carol");
	was_sent("guest-exec pkill -HUP -u bob -t pts/4", 1);
}

TEST_WITH(whoever_took_a_line_since_is_not_killed_either, a_logoff, no_guest)
{
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "pts/4", "bob", "")->resists = true;
	fake_fault(&guest, "guest-exec pkill -KILL", 1, ERR_NONE, NULL)->then = carol_takes_the_line;
	options.force = true;
	it_logs_off();
	was_sent("guest-exec pkill -KILL -u bob -t pts/4", 1);
	assert_false(fake_find(&guest, "pts/4")->gone_at);
}

static void bob_takes_the_session(struct backend *backend)
{
	snprintf(fake_find((struct fake_guest *)backend, "2")->user, 16, "bob");
}

TEST_WITH(whoever_took_a_session_of_windows_since_is_not_logged_off, a_logoff, no_guest)
{
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "2", "alice", "");
	fake_fault(&guest, "guest-exec powershell.exe # innkeeper end", 1, ERR_NONE, NULL)->then =
		bob_takes_the_session;
	it_logs_off();
	assert_false(fake_find(&guest, "2")->closing);
	it_notes("skipped: session 2 (alice)");
	it_notes("logged on in the meantime: bob");
}

TEST_WITH(a_line_without_a_process_of_its_user_is_told_as_that, a_logoff, no_guest)
{
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "pts/4", "bob", "")->has_no_process = true;
	the_log_off_ends(VM_E_TIMED_OUT, "bob");
	it_notes("skipped: session pts/4 (bob)");
}

/* To pkill a name of digits is a user id, and a comma stands between two users. */
TEST_WITH(users_whom_pkill_would_take_for_others_are_not_ended, a_logoff, no_guest)
{
	FOR_EACH(const char *, name, "1234", "0", "-5", "+0", "0x0", "alice,root") {
		this_guest(FAKE_SYSVINIT);
		fake_logon(&guest, "pts/4", *name, "");
		the_log_off_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, *name);
		was_sent("guest-exec pkill", 0);
	}
}

TEST_WITH(names_as_they_come_are_ended, a_logoff, no_guest)
{
	FOR_EACH(const char *, name, "_apt", "CORP\\ivan", "ivan@corp.example.com", "жанна", "a.b-c", "pc$") {
		this_guest(FAKE_SYSVINIT);
		fake_logon(&guest, "pts/4", *name, "");
		it_logs_off();
		was_sent("guest-exec pkill", 1);
	}
}

static void six_seconds_pass(struct backend *backend)
{
	clock_advance(6 * 1000);
}

/* Ids of logind are not used again within a boot; those of lines and of Windows are, at once. */
TEST_WITH(a_list_of_lines_is_old_after_five_seconds, a_logoff, no_guest)
{
	this_guest(FAKE_SYSVINIT);
	fake_logon(&guest, "pts/4", "bob", "");
	fake_fault(&guest, "guest-exec pkill", 1, ERR_BUSY, "held")->then = six_seconds_pass;
	begin();
	step_until(fake_count(&guest, "guest-exec pkill") >= 2);
	was_sent("guest-exec who", 2);
	it_is_done();
}

RUN_TESTS("logoff, who is meant", NULL, NULL)

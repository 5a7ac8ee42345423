/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long a system has been up: in words, counted on, and as its guest tells. */
#include "backend/guest/agent_uptime.h"
#include "base/clock.h"
#include "fake_guest.h"
#include "model/uptime.h"
#include "unit.h"

static const int64_t minute = 60 * 1000, hour = 60 * 60 * 1000, day = 24 * 60 * 60 * 1000;

/* --- words --- */

static void reads(int64_t ms, const char *expected)
{
	char words[UPTIME_WORDS_SIZE];

	uptime_words(ms, words, sizeof(words));
	assert_string_equal(words, expected);
}

TEST(the_words_say_the_two_largest_units)
{
	reads(-1, "");
	reads(0, "<1m");
	reads(minute - 1, "<1m");
	reads(minute, "1m");
	reads(hour - 1, "59m");
	reads(hour, "1h0m");
	reads(day - 1, "23h59m");
	reads(day, "1d0h");
	reads(100 * day - 1, "99d23h");
	reads(100 * day, "100d");
	reads(INT64_C(36500) * day, "36500d");
}

TEST(the_words_are_others_when_they_said_they_would_be)
{
	FOR_EACH(int64_t, some, 0, 1, 59999, 60000, 61500, 3599999, 3600000, 86399999, 86400000, 90061000) {
		const int64_t last = uptime_words_last_ms(*some);
		char now[UPTIME_WORDS_SIZE], before[UPTIME_WORDS_SIZE], then[UPTIME_WORDS_SIZE];

		uptime_words(*some, now, sizeof(now));
		uptime_words(*some + last - 1, before, sizeof(before));
		uptime_words(*some + last, then, sizeof(then));
		assert_string_equal(now, before);
		assert_string_not_equal(now, then);
	}
	assert_int_equal(uptime_words_last_ms(-1), -1);
}

TEST(what_is_known_is_counted_on_and_doubt_keeps_it)
{
	struct uptime uptime = { 0 };

	assert_int_equal(uptime_ms(&uptime, 500), -1);
	uptime_note(&uptime, 10 * day, 1000); /* longer than our clock runs */
	assert_int_equal(uptime_ms(&uptime, 3000), 10 * day + 2000);
	uptime_doubt(&uptime);
	assert_int_equal(uptime_ms(&uptime, 3000), 10 * day + 2000);
	assert_false(uptime.sure);
	uptime_forget(&uptime);
	assert_int_equal(uptime_ms(&uptime, 3000), -1);
}

/* --- as a guest prints it --- */

static void prints(const char *out, int64_t expected)
{
	int64_t ms = -1;

	assert_true(uptime_parse(out, strlen(out), &ms));
	assert_int_equal(ms, expected);
}

static void prints_nonsense(const char *out)
{
	int64_t ms;

	if (uptime_parse(out, strlen(out), &ms))
		fail_msg("\"%s\" was taken", out);
}

TEST(the_kernels_form_is_read_and_no_other)
{
	prints("35735.12 71000.03\n", 35735120);
	prints("0.00 0.00\n", 0);
	prints("7.05\n", 7050);
	prints_nonsense("");
	prints_nonsense("\n");
	prints_nonsense("35735");
	prints_nonsense("35735.1");
	prints_nonsense("35735.12");
	prints_nonsense("-35735.12 71000.03\n");
	prints_nonsense(" 35735.12 71000.03\n");
	prints_nonsense("35735.1x 71000.03\n");
	prints_nonsense("35735.123 71000.03\n");
	prints_nonsense("35735,12 71000,03\n");
	prints_nonsense(".12 0.00\n");
	prints_nonsense("99999999999.00 0.00\n");
	prints_nonsense("99999999999999999999999999999999.00 0.00\n");
	prints_nonsense("up 3 days, 2 users\n");
}

/* --- asking --- */

static struct fake_guest guest;
static struct err err;

FIXTURE(a_guest)
{
	fake_guest_init(&guest, FAKE_LOGIND);
	err = (struct err){ 0 };
}

FIXTURE(no_guest)
{
	fake_guest_free(&guest);
}

static struct guest_profile asked = { .family = FAMILY_LOGIND };

static enum query_outcome ask(int64_t *ret_ms)
{
	const struct agent_target line = { .backend = &guest.backend };
	struct uptime_query query = { 0 };
	enum query_outcome outcome;
	size_t calls = guest.log_count;
	int64_t wait_ms;

	while ((outcome = uptime_query_step(&query, &asked, &line, &wait_ms, ret_ms, &err)) == QUERY_AGAIN) {
		assert_true(guest.log_count - calls <= 1);
		calls = guest.log_count;
		clock_advance(wait_ms);
	}
	uptime_query_end(&query);
	return outcome;
}

TEST_WITH(a_linux_guest_tells, a_guest, no_guest)
{
	int64_t ms;

	guest.uptime = "86400.50 1000.00\n";
	assert_int_equal(ask(&ms), QUERY_DONE);
	assert_int_equal(ms, 86400500);
	assert_string_equal(guest.log[0],
			    "guest-exec cat /proc/uptime /sys/fs/selinux/enforce /proc/self/attr/current");
}

TEST_WITH(nonsense_is_not_believed, a_guest, no_guest)
{
	int64_t ms;

	guest.uptime = "a while\n";
	assert_int_equal(ask(&ms), QUERY_FAILED);
	assert_int_equal(err.kind, ERR_AGENT_BROKEN);
}

TEST_WITH(a_guest_without_the_file_is_left_unknown, a_guest, no_guest)
{
	int64_t ms;

	assert_int_equal(ask(&ms), QUERY_FAILED);
	assert_non_null(strstr(text_str(err_text(&err)), "No such file"));
}

TEST_WITH(a_guest_that_falls_silent_is_left_unknown, a_guest, no_guest)
{
	int64_t ms;

	guest.uptime = "5.00 1.00\n";
	fake_fault(&guest, "guest-exec cat", 1, ERR_NO_ANSWER, "no answer");
	assert_int_equal(ask(&ms), QUERY_FAILED);
	assert_int_equal(err.kind, ERR_NO_ANSWER);
}

TEST(only_who_can_run_cat_is_asked)
{
	struct guest_profile profile = { .known = true, .family = FAMILY_LOGIND, .capabilities.exec = true };

	assert_true(uptime_query_is_possible(&profile));
	profile.family = FAMILY_UTMP;
	assert_true(uptime_query_is_possible(&profile));
	profile.family = FAMILY_WINDOWS;
	assert_false(uptime_query_is_possible(&profile));
	profile.family = FAMILY_LOGIND;
	profile.capabilities.exec = false;
	assert_false(uptime_query_is_possible(&profile));
}

TEST(the_label_of_the_agent_comes_with_it)
{
	int64_t ms = -1;

	a_guest(NULL);
	guest.uptime = "86400.50 1000.00\n";
	assert_int_equal(ask(&ms), QUERY_DONE);
	assert_false(asked.is_confined);
	guest.fedora_policy = true;
	assert_int_equal(ask(&ms), QUERY_DONE);
	assert_true(asked.is_confined);
	assert_int_equal(ms, 86400500);
	no_guest(NULL);
}

RUN_TESTS("uptime", NULL, NULL)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "asking.h"
#include "backend/guest/guest_os_posix.h"
#include "backend/guest/session_query.h"
#include "backend/guest/session_usage.h"
#include "base/base64.h"

/* --- ids --- */

TEST(every_family_has_its_whitelist)
{
	/* clang-format off */
	static const struct {
		enum guest_family family;
		const char *good, *bad; /* blanks between */
	} rows[] = {
		{ FAMILY_LOGIND, "1 c12 12345678901234567890123456789012 a_b-c",
		  "123456789012345678901234567890123 -1 --help _x a.b a/b é $(x)" },
		{ FAMILY_UTMP, "tty1 tty63 ttyS0 pts/0 pts/1234567", "? tty pts/ pts/a ttyS tty1x :0 console ttyv0 /dev/tty1 pts/12345678 tty1,tty2" },
		{ FAMILY_WINDOWS, "1 2 65535", "0 65536 01 -1 1x 123456" },
		{ FAMILY_UNKNOWN, "", "1 tty1" },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *good = keep(mem_strdup(rows[i].good)), *bad = keep(mem_strdup(rows[i].bad)), *rest;

		for (char *id = strtok_r(good, " ", &rest); id; id = strtok_r(NULL, " ", &rest))
			if (!session_id_is_valid(rows[i].family, id))
				fail_msg("%s was refused", id);
		for (char *id = strtok_r(bad, " ", &rest); id; id = strtok_r(NULL, " ", &rest))
			if (session_id_is_valid(rows[i].family, id))
				fail_msg("%s was taken", id);
		assert_false(session_id_is_valid(rows[i].family, ""));
	}
}

/* --- logind's parsers --- */

static char ids[8][SESSION_ID_SIZE];
static size_t id_count, id_more;

static void ids_of(const char *out)
{
	sessions_parse_logind_ids(out, strlen(out), ids, ARRAY_SIZE(ids), &id_count, &id_more);
}

TEST(logind_252_and_257_are_read_alike)
{
	ids_of("      1 1000 alice seat0 tty1\n     c2 1001 bob         \n");
	assert_int_equal(id_count, 2);
	assert_string_equal(ids[1], "c2");
	ids_of("\t1\t1000 alice seat0 150 user    tty1 no -\n2 1000 alice -     151 manager -    no -\n");
	assert_int_equal(id_count, 2);
	assert_int_equal(id_more, 0);
}

TEST(lines_that_hold_no_id_are_counted_not_believed)
{
	ids_of("\n  \n1 x\n1 again\n--help\n\x1b[1m3\nsome.thing\n123456789012345678901234567890123456789\n");
	assert_int_equal(id_count, 1);
	assert_int_equal(id_more, 4);
	ids_of("1\n2\n3\n4\n5\n6\n7\n8\n9\n10");
	assert_int_equal(id_count, 8);
	assert_int_equal(id_more, 2);
}

#define SHOWN "Id=3\nName=alice\nClass=%s\nState=active\nTTY=tty2\nRemote=no\n"

static enum logind_show show(const char *out, struct session *ret)
{
	*ret = (struct session){ 0 };
	return sessions_parse_logind_show(out, strlen(out), "3", 1795360000, ret);
}

static void forget(struct session *session)
{
	OWN(session_list) struct session_list one = { 0 };

	*VEC_PUSH(&one) = *session;
}

TEST(log_ons_are_the_classes_that_begin_with_user)
{
	struct session session;

	FOR_EACH(const char *, logon, "user", "user-early", "user-light") {
		char *out = mem_printf(SHOWN, *logon);

		assert_int_equal(show(out, &session), LOGIND_LOGON);
		assert_string_equal(text_str(session.class_name), *logon);
		forget(&session);
		free(out);
	}
	FOR_EACH(const char *, other, "greeter", "lock-screen", "background", "background-light", "manager",
		 "manager-early", "user-incomplete", "use") {
		char *out = mem_printf(SHOWN, *other);

		assert_int_equal(show(out, &session), LOGIND_NO_LOGON);
		free(out);
	}
}

TEST(all_that_logind_tells_is_kept)
{
	struct session session;

	assert_int_equal(show("Class=user\nRemote=yes\nRemoteHost=192.0.2.7\nTTY=\nState=closing\nName=alice\nId=3\n"
			      "LockedHint=yes\nTimestamp=Sun 2026-11-22 15:09:13 UTC\nService=sshd\n",
			      &session),
			 LOGIND_LOGON);
	assert_string_equal(session.id, "3");
	assert_string_equal(text_str(session.remote), "192.0.2.7");
	assert_string_equal(text_str(session.state), "closing");
	assert_true(text_is_empty(session.tty));
	assert_true(session.remote_known && session.is_remote && session.locked);
	assert_int_equal(session.login_time, 1795360153);
	forget(&session);
}

TEST(what_logind_does_not_tell_stays_unknown)
{
	struct session session;

	FOR_EACH(const char *, stamp, "", "Timestamp=\n", "Timestamp=Sun 2026-11-22 15:09:13 CET\n",
		 "Timestamp=Sun 2026-xx-22 15:09:13 UTC\n", "Timestamp=n/a\n",
		 "Timestamp=Sun 1826-11-22 15:09:13 UTC\n", "Timestamp=Sun 2026/11-22 15:09:13 UTC\n",
		 "Timestamp=Sun 2026-11/22 15:09:13 UTC\n", "Timestamp=Sun 2026-11-22T15:09:13 UTC\n",
		 "Timestamp=Sun 2026-11-22 15.09:13 UTC\n", "Timestamp=Sun xxxx-11-22 15:09:13 UTC\n",
		 "Timestamp=Sun 2026-11-xx 15:09:13 UTC\n", "Timestamp=Sun 2026-11-22 xx:09:13 UTC\n",
		 "Timestamp=Sun 2026-11-22 15:xx:13 UTC\n") {
		char *out = keep(mem_printf("Id=3\nName=alice\nClass=user\n%s", *stamp));

		assert_int_equal(show(out, &session), LOGIND_LOGON);
		assert_int_equal(session.login_time, -1);
		assert_false(session.remote_known || session.locked);
		forget(&session);
	}
}

TEST(idle_time_is_that_of_the_terminal_or_what_the_desktop_says)
{
	static const struct {
		const char *out;
		int64_t idle_s;
	} rows[] = {
		{ "Type=tty\nIdleHint=no\nIdleSinceHint=1795352800123456\n", 7200 },
		{ "Type=tty\nIdleHint=no\nIdleSinceHint=1795359999999999\n", 1 },
		{ "Type=tty\nIdleHint=no\nIdleSinceHint=1795360009000000\n", 0 },
		{ "Type=x11\nIdleHint=yes\nIdleSinceHint=1795352800000000\n", 7200 },
		{ "Type=x11\nIdleHint=no\nIdleSinceHint=1795352800000000\n", 0 },
		{ "Type=wayland\nIdleHint=no\nIdleSinceHint=0\n", -1 },
		{ "Type=wayland\nIdleSinceHint=1795352800000000\n", -1 },
		{ "Type=tty\nIdleHint=no\nIdleSinceHint=0\n", -1 },
		{ "Type=tty\nIdleHint=no\nIdleSinceHint=\n", -1 },
		{ "Type=tty\nIdleHint=no\nIdleSinceHint=-5\n", -1 },
		{ "Type=tty\nIdleHint=no\nIdleSinceHint=Fri 2026-11-27\n", -1 },
		{ "Type=tty\nIdleHint=no\nIdleSinceHint=1795352800000000999999999\n", -1 },
		{ "Type=tty\n", -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *out = keep(mem_printf("Id=3\nName=alice\nClass=user\n%s", rows[i].out));
		struct session session;

		assert_int_equal(show(out, &session), LOGIND_LOGON);
		if (session.idle_s != rows[i].idle_s)
			fail_msg("%s: %lld", rows[i].out, (long long)session.idle_s);
		forget(&session);
		assert_int_equal(sessions_parse_logind_show(out, strlen(out), "3", -1, &session), LOGIND_LOGON);
		assert_true(session.idle_s <= 0);
		forget(&session);
	}
}

TEST(an_answer_about_another_session_is_malformed)
{
	struct session session;

	FOR_EACH(const char *, bad, "", "Id=4\nName=alice\nClass=user\n", "Id=3\nName=alice\n", "Id=3\nClass=user\n",
		 "Id=3\nName=alice\nClass=\n", "Id=3\nName=alice\nClass=user\nClass=manager\n",
		 "Id=33\nName=alice\nClass=user\n", "no equals sign")
		assert_int_equal(show(*bad, &session), LOGIND_MALFORMED);
}

/* --- who's parser --- */

static void who_is(const char *out)
{
	session_list_free(&list);
	sessions_parse_who(out, strlen(out), &list);
}

TEST(who_of_coreutils_busybox_and_bsd_is_read)
{
	who_is("alice    tty1         Nov 22 14:00\n"
	       "bob      pts/0        2026-11-22 14:05 (192.0.2.7)\n"
	       "USER            TTY             IDLE    TIME             HOST\n"
	       "carol           ttyS0           00:03   Nov 22 14:10:33  gw\r\n"
	       "root             pts/1        Nov 22 14:15\n");
	assert_int_equal(list.count, 4);
	session_is(0, "tty1", "alice");
	assert_int_equal(list.at[0].login_time, 1795356000);
	assert_false(list.at[0].remote_known);
	session_is(1, "pts/0", "bob");
	assert_int_equal(list.at[1].login_time, 1795356300);
	assert_true(list.at[1].is_remote);
	assert_string_equal(text_str(list.at[1].remote), "192.0.2.7");
	session_is(2, "ttyS0", "carol");
	assert_int_equal(list.at[2].login_time, 1795356600);
	session_is(3, "pts/1", "root");
}

TEST(who_tells_idle_times)
{
	static const int64_t idle_s[] = { 0, 7 * 60, 86400, -1, -1, 3 * 60, -1, 0 };

	who_is("alice    tty1         Nov 22 14:00   .          1234\n"
	       "bob      pts/0        2026-11-22 14:05 00:07       1235 (192.0.2.7)\n"
	       "carol    pts/1        2026-11-22 14:05  old        1236\n"
	       "dora     pts/2        2026-11-22 14:05   ?         1237\n"
	       "erin     pts/3        2026-11-22 14:05\n"
	       "carol    ttyS0           00:03   Nov 22 14:10:33  gw\n"
	       "kim      pts/4        Nov 22 14:05 0x:07 (10.0.0.3)\n"
	       "kim      pts/5        Nov 22 14:05   .   (10.0.0.3)\n");
	assert_int_equal(list.count, ARRAY_SIZE(idle_s));
	for (size_t i = 0; i < list.count; i++)
		assert_int_equal(list.at[i].idle_s, idle_s[i]);
	assert_int_equal(session_list_idle(&list), -1);
}

TEST(a_day_later_in_the_year_was_last_year)
{
	who_is("alice tty1 Dec 24 18:00\n");
	assert_int_equal(list.at[0].login_time, 1766599200);
}

TEST(times_that_are_none_stay_unknown)
{
	who_is("a tty1\nb tty2 Nov\nc tty3 Nov x 14:00\nd tty4 Nov 22 14\ne tty5 Xyz 22 14:00\n"
	       "f tty6 2026-11-22 xx:00\ng tty7 Nov 123 14:00\nh tty8 Nov 22 1x:00\n"
	       "i tty9 Nov 22 14:0x\nj tty10 2026-11-22  14:00\nk tty11 x2026-11-2 14:00\n");
	assert_int_equal(list.count, 11);
	for (size_t i = 0; i < list.count; i++)
		assert_int_equal(list.at[i].login_time, -1);
}

TEST(displays_are_shown_but_have_no_id)
{
	who_is("alice :0 Nov 22 14:00 (:0)\nbob console Nov 22 14:00\ncarol\n  \n");
	assert_int_equal(list.count, 3);
	session_is(0, "", "alice");
	assert_string_equal(text_str(list.at[0].tty), ":0");
	assert_true(list.at[0].remote_known);
	assert_false(list.at[0].is_remote);
	session_is(1, "", "bob");
	session_is(2, "", "carol");
}

TEST(lines_beyond_the_most_are_counted)
{
	session_list_free(&list);
	for (int i = 0; i < SESSION_LIST_MAX + 36; i++) {
		char row[64];

		snprintf(row, sizeof(row), "u%d pts/%d Nov 22 14:00\n", i, i);
		sessions_parse_who(row, strlen(row), &list);
	}
	assert_int_equal(list.count, SESSION_LIST_MAX);
	assert_int_equal(list.more, 36);
}

/* --- WTS --- */

static bool refused;

static bool wts_is(const char *out)
{
	session_list_free(&list);
	return sessions_parse_wts(out, strlen(out), false, &list, &refused, &err);
}

TEST(wts_rows_carry_names_as_base64)
{
	assert_true(wts_is("S 2 0 Q09SUFxhbGljZQ== 1\r\nS 3 4 XGJvYg== -\r\nS 4 1 Y2Fyb2w=\r\nsome noise\r\nZ\r\n"));
	assert_int_equal(list.count, 3);
	session_is(0, "2", "alice");
	assert_string_equal(text_str(list.at[0].domain), "CORP");
	assert_string_equal(text_str(list.at[0].account), "Q09SUFxhbGljZQ==");
	assert_string_equal(text_str(list.at[0].state), "active");
	assert_true(list.at[0].locked);
	session_is(1, "3", "bob");
	assert_true(list.at[1].disconnected);
	assert_true(text_is_empty(list.at[1].domain));
	assert_string_equal(text_str(list.at[1].state), "disconnected");
	assert_false(list.at[1].locked);
	session_is(2, "4", "carol");
	assert_false(refused);
}

TEST(wts_rows_tell_when_somebody_logged_on_was_idle_and_disconnected)
{
	assert_true(wts_is("S 2 0 YQ== 0 1795352800 60 -\nS 3 4 Yg== - 1795352801 7200 7100\n"
			   "S 4 0 Yw== 0 - - 1795352802\nS 5 4 ZA== - x -1 9999999999999999999\nZ\n"));
	assert_int_equal(list.at[0].login_time, 1795352800);
	assert_int_equal(list.at[0].idle_s, 60);
	assert_int_equal(list.at[0].disconnected_s, -1);
	assert_int_equal(list.at[1].idle_s, 7200);
	assert_int_equal(list.at[1].disconnected_s, 7100);
	for (size_t i = 2; i < 4; i++) {
		assert_int_equal(list.at[i].login_time, -1);
		assert_int_equal(list.at[i].idle_s, -1);
		assert_int_equal(list.at[i].disconnected_s, -1);
	}
}

/* --- what they use --- */

static void uses(size_t index, int64_t cpu_s, int64_t memory_kib)
{
	assert_int_equal(list.at[index].cpu_s, cpu_s);
	assert_int_equal(list.at[index].memory_kib, memory_kib);
}

TEST(what_a_session_uses_is_the_sum_of_its_processes)
{
	static const char ps[] = "      5  12876 ?        0::/init.scope\n"
				 "     10   4000 tty1     0::/user.slice/user-1000.slice/session-1.scope\n"
				 "      2   1000 ?        0::/user.slice/user-1000.slice/session-1.scope/child\n"
				 "    900   9000 pts/0    0::/user.slice/user-1000.slice/session-12.scope\n"
				 "     -3   1000 tty1     0::/user.slice/user-1000.slice/session-1.scope\n"
				 "99999999999 1 tty1      0::/user.slice/user-1000.slice/session-1.scope\n"
				 "      7    700 tty2     3:cpu:/,1:name=elogind:/c4\n"
				 "      1\n\n";

	who_is("alice tty1 Nov 22 14:00\nbob tty2 Nov 22 14:00\ncarol :0 Nov 22 14:00\n");
	list.family = FAMILY_UTMP;
	usage_parse_ps(ps, sizeof(ps) - 1, &list);
	uses(0, 10, 4000);
	uses(1, 7, 700);
	uses(2, -1, -1);
	who_is("alice tty1 Nov 22 14:00\nbob tty2 Nov 22 14:00\ncarol tty3 Nov 22 14:00\n");
	list.family = FAMILY_LOGIND;
	snprintf(list.at[0].id, SESSION_ID_SIZE, "1");
	snprintf(list.at[1].id, SESSION_ID_SIZE, "c4");
	list.at[1].leaves_processes = true;
	usage_parse_ps(ps, sizeof(ps) - 1, &list);
	uses(0, 12, 5000);
	uses(1, 7, 700);
	uses(2, -1, -1);
}

TEST(windows_tells_what_sessions_use_by_their_number)
{
	static const char told[] = "P 0 99 9000\r\nP 2 60 310000\r\nP 3 x 5\r\nP 3\r\nP\r\nnoise 3 4\r\nZ\r\n";

	assert_true(wts_is("S 2 0 YQ==\nS 3 0 Yg==\nZ\n"));
	usage_parse_windows(told, sizeof(told) - 1, &list);
	uses(0, 60, 310000);
	uses(1, -1, -1);
}

/* --- WTS's trouble --- */

TEST(wts_rows_that_are_off_break_the_list)
{
	FOR_EACH(const char *, bad, "S 0 0 YQ==\n", "S 65536 0 YQ==\n", "S 2 x YQ==\n", "S 2 10 YQ==\n", "S 2 0\n",
		 "S 2 0 !!!!\n", "S x 0 YQ==\n", "E 0 alice\n", "S 12345678901234567890123456789012345 0 YQ==\n") {
		if (wts_is(*bad))
			fail_msg("%s was taken", *bad);
		it_says(ERR_AGENT_BROKEN, "invalid session list of the guest");
	}
}

TEST(a_wts_list_without_its_last_line_is_none)
{
	FOR_EACH(const char *, broken_off, "", "R\r\n", "S 2 0 Q09SUFxhbGljZQ== 1\r\n", "Zx\r\n", "hello\r\n") {
		if (wts_is(*broken_off))
			fail_msg("%s was taken", *broken_off);
		it_says(ERR_AGENT_BROKEN, "breaks off");
	}
}

TEST(a_wts_list_that_is_cut_is_counted_so)
{
	static const char out[] = "S 2 0 Q09SUFxhbGljZQ== 1\r\n";

	session_list_free(&list);
	assert_true(sessions_parse_wts(out, sizeof(out) - 1, true, &list, &refused, &err));
	assert_int_equal(list.count, 1);
	assert_int_equal(list.more, 1);
}

/* WTSQuerySessionInformation failed: somebody is on, and nobody knows who. */
TEST(a_session_whose_user_cannot_be_read_is_counted)
{
	assert_true(wts_is("U 2\r\nS 3 4 XGJvYg== -\r\nZ\r\n"));
	assert_int_equal(list.count, 1);
	assert_int_equal(list.more, 1);
}

TEST(explorers_owners_stand_in_where_types_may_not_be_added)
{
	assert_true(wts_is("R\r\nE 2 CORP\\alice\r\nE 2 CORP\\alice\r\nE 3 bob of sales\r\nZ\r\n"));
	assert_true(refused);
	assert_int_equal(list.count, 2);
	session_is(0, "2", "alice");
	session_is(1, "3", "bob of sales");
}

/* --- programs --- */

static struct session_program program;

static void the_program_is(const char *words)
{
	char told[256] = "";

	snprintf(told, sizeof(told), "%s", program.program.path);
	for (size_t i = 0; program.args[i]; i++)
		snprintf(told + strlen(told), sizeof(told) - strlen(told), " %s", program.args[i]);
	if (strcmp(told, words) != 0)
		fail_msg("\"%s\" is not \"%s\"", told, words);
	session_program_free(&program);
}

static bool end_program(enum guest_family family, const char *id, bool force)
{
	struct session session = { .user = TEXT_TRUSTED("alice") };

	snprintf(session.id, sizeof(session.id), "%s", id);
	profile.family = family;
	return session_end_program(&program, &profile, &session, force, &err);
}

TEST(each_family_ends_a_session_its_own_way)
{
	assert_true(end_program(FAMILY_LOGIND, "c2", false));
	the_program_is("loginctl terminate-session c2");
	assert_true(end_program(FAMILY_LOGIND, "c2", true));
	the_program_is("loginctl kill-session --signal=KILL c2");
	assert_true(end_program(FAMILY_UTMP, "pts/0", false));
	the_program_is("pkill -HUP -u alice -t pts/0");
	assert_true(end_program(FAMILY_UTMP, "pts/0", true));
	the_program_is("pkill -KILL -u alice -t pts/0");
	profile.no_wts = true;
	assert_true(end_program(FAMILY_WINDOWS, "3", false));
	the_program_is("C:\\Windows\\System32\\logoff.exe 3");
	profile.sysnative = true;
	assert_true(end_program(FAMILY_WINDOWS, "3", false));
	the_program_is("C:\\Windows\\Sysnative\\logoff.exe 3");
	assert_false(end_program(FAMILY_WINDOWS, "3", true));
	it_says(ERR_UNSUPPORTED, "no stronger means");
}

TEST(nothing_but_listed_ids_reaches_a_command_line)
{
	assert_false(end_program(FAMILY_LOGIND, "", false));
	assert_false(end_program(FAMILY_LOGIND, "--help", false));
	assert_false(end_program(FAMILY_UTMP, "?", false));
	assert_false(end_program(FAMILY_WINDOWS, "1; x", false));
	assert_false(end_program(FAMILY_UNKNOWN, "1", false));
	it_says(ERR_UNSUPPORTED, "the session of alice on an unknown display cannot be ended");
}

static char *script(void)
{
	char *text;

	assert_string_equal(program.program.path, "powershell.exe");
	assert_string_equal(program.args[3], "-Command");
	assert_null(program.args[5]);
	assert_null(program.program.env);
	text = mem_strdup(program.args[4]);
	assert_true(strlen(text) < 32000);
	session_program_free(&program);
	return text;
}

/* What endpoint protection looks for, and what the agent would have to escape. */
TEST(no_script_compiles_hides_or_quotes_anything)
{
	assert_true(end_program(FAMILY_WINDOWS, "3", false));
	for (int i = 0; i < 3; i++) {
		const char *text;

		if (i == 1)
			wts_list_program(&program);
		else if (i == 2)
			guest_os_windows.warn(&program, &(struct guest_profile){ 0 }, "\"now\"", 60);
		text = keep(script());
		FOR_EACH(const char *, word, "Add-Type", "\"", "-EncodedCommand", "Bypass", "$env:TEMP")
			assert_null(strstr(text, *word));
	}
}

TEST(whose_session_it_is_goes_along_as_the_guest_told_it)
{
	static const struct {
		const char *account, *goes;
	} rows[] = {
		{ "Q09SUFxhbGljZQ==", "\n$x='Q09SUFxhbGljZQ=='\n" },
		{ "'; Remove-Item C:\\ ;'", "\n$x='Q09SUFxhbGljZQ=='\n" },
		{ "", "\n$x='Q09SUFxhbGljZQ=='\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct session session = { .id = "3",
						 .user = TEXT_TRUSTED("alice"),
						 .domain = TEXT_TRUSTED("CORP"),
						 .account = TEXT_TRUSTED(rows[i].account) };
		char *text;

		assert_true(guest_os_windows.end(&program, &(struct guest_profile){ 0 }, &session, false, &err));
		text = keep(script());
		assert_non_null(strstr(text, rows[i].goes));
		assert_null(strstr(text, "Remove-Item"));
	}
}

TEST(powershell_gets_whole_scripts_without_quoting)
{
	char *text;

	assert_true(end_program(FAMILY_WINDOWS, "3", false));
	text = script();
	assert_int_equal(strncmp(text, "# innkeeper end 3\n", 18), 0);
	assert_non_null(strstr(text, "$api::WTSLogoffSession($nul,3,$false)"));
	assert_non_null(strstr(text, "\n$x='XGFsaWNl'\n")); /* \alice */
	free(text);
	wts_list_program(&program);
	assert_int_equal(program.program.intent, BACKEND_LOOKS);
	text = script();
	assert_non_null(strstr(text, "WTSEnumerateSessionsW"));
	assert_null(strstr(text, "::WTSLogoffSession("));
	free(text);
}

static bool warn_program(enum guest_family family, const char *message, int seconds)
{
	profile.family = family;
	return session_warn_program(&program, &profile, message, seconds, &err);
}

TEST(a_warning_reaches_terminals_as_input_of_wall)
{
	assert_true(warn_program(FAMILY_LOGIND, "$(reboot) 'now'", 60));
	assert_string_equal(program.program.input, "$(reboot) 'now'\nYou will be logged off in 60 seconds.\n");
	assert_true(program.program.capture && program.is_silent);
	assert_int_equal(program.program.intent, BACKEND_ACTS);
	the_program_is("wall");
	assert_true(warn_program(FAMILY_UTMP, "now", 0));
	assert_string_equal(program.program.input, "now");
	session_program_free(&program);
}

TEST(a_warning_on_windows_travels_as_base64)
{
	char *text;

	assert_true(warn_program(FAMILY_WINDOWS, "'; Remove-Item C:\\ ;'", 90));
	text = keep(script());
	assert_int_equal(strncmp(text, "# innkeeper warn\n", 17), 0);
	assert_null(strstr(text, "Remove-Item"));
	assert_non_null(strstr(text, ",0x30,90,"));
	profile.no_wts = true;
	assert_true(warn_program(FAMILY_WINDOWS, "now", 5));
	assert_string_equal(program.args[1], "/time:60");
	session_program_free(&program);
	assert_false(warn_program(FAMILY_UNKNOWN, "now", 5));
	it_says(ERR_UNSUPPORTED, "cannot be warned");
}

TEST(listing_looks_and_ending_acts)
{
	logind_list_program(&program);
	assert_int_equal(program.program.intent, BACKEND_LOOKS);
	logind_show_program(&program, (const char *const[]){ "1" }, 1);
	assert_int_equal(program.program.intent, BACKEND_LOOKS);
	who_program(&program, true);
	assert_int_equal(program.program.intent, BACKEND_LOOKS);
	assert_true(end_program(FAMILY_LOGIND, "1", false));
	assert_int_equal(program.program.intent, BACKEND_ACTS);
	assert_true(end_program(FAMILY_UTMP, "tty1", false));
	assert_int_equal(program.program.intent, BACKEND_ACTS);
}

TEST(what_a_session_of_elogind_left_is_found_by_its_cgroup)
{
	static const char *const lines[][2] = {
		{ "    198 bash            0::/4\n    221 sleep           0::/4\n", "bash 198, sleep 221" },
		{ "    198 bash            0::/41\n    199 sh              0::/\n", "" },
		{ "    198 a 0::/4         0::/3\n", "" },
		{ "    198 two words       9:cpu:/,1:name=elogind:/4\n", "two words 198" },
		{ "198\n\n  \n", "" },
		{ "1 a 0::/4\n2 b 0::/4\n3 c 0::/4\n4 d 0::/4\n5 e 0::/4\n6 f 0::/4", "a 1, b 2, c 3, d 4, +2 more" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct safe_text found = sessions_parse_leftovers(lines[i][0], strlen(lines[i][0]), "4");

		assert_string_equal(text_str(found), lines[i][1]);
		text_free(&found);
	}
}

#define ETC(service, line) "/etc/pam.d/" service ":" line "\n"

TEST(services_that_do_not_ask_for_disabled_logins_are_found)
{
	static const char *const lines[][2] = {
		/* Debian 12 */
		{ ETC("login", "auth       requisite  pam_nologin.so") ETC("login", "@include common-auth")
			  ETC("sshd", "account    required     pam_nologin.so") ETC("su", "@include common-auth"),
		  "" },
		{ ETC("sshd", "account required pam_nologin.so") ETC("greetd", "@include common-auth")
			  ETC("xrdp-sesman", "@include common-account"),
		  "greetd, xrdp-sesman" },
		/* Arch: login includes system-local-login, and that system-login */
		{ ETC("login", "auth include system-local-login") ETC("system-local-login", "auth include system-login")
			  ETC("system-login", "auth requisite pam_nologin.so"),
		  "" },
		/* with a key, sshd does not ask "auth" lines */
		{ ETC("sshd", "auth requisite pam_nologin.so"), "sshd" },
		{ ETC("sshd", "account include a") ETC("a", "account required pam_nologin.so"), "" },
		/* the vendor's files are behind the administrator's */
		{ "/usr/lib/pam.d/login:auth requisite pam_nologin.so\n", "" },
		{ "/usr/lib/pam.d/login:auth requisite pam_nologin.so\n" ETC("login", "auth include a"), "login" },
		{ ETC("login", "auth include login"), "login" },
		{ ETC("login", "auth requisite pam_nologin.so") "/etc/inittab:1:2345:respawn:/sbin/agetty --autologin "
								"kiosk tty1\n",
		  "agetty --autologin" },
		/* Fedora */
		{ ETC("login", "account    required     pam_nologin.so") "/etc/inittab:1:2345:respawn:/sbin/agetty "
									 "--autologin kiosk tty1\n",
		  "" },
		/* Debian 13: a greeter asks, its automatic session does not */
		{ ETC("greetd", "@include login") ETC("login", "auth requisite pam_nologin.so"), "" },
		{ ETC("greetd", "@include login")
			  ETC("login", "auth requisite pam_nologin.so") "/etc/greetd/config.toml:[initial_session]\n",
		  "greetd (initial_session)" },
		{ ETC("sshd", "account required pam_nologin.so") "/etc/ssh/sshd_config:UsePAM no\n",
		  "sshd (UsePAM no)" },
	};
	struct safe_text found = { NULL };

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_true(sessions_parse_open_logins(lines[i][0], strlen(lines[i][0]), &found));
		assert_string_equal(text_str(found), lines[i][1]);
		text_free(&found);
	}
	assert_false(sessions_parse_open_logins("", 0, &found));
}

TEST(an_ipv4_address_on_a_socket_for_both_is_shown_as_one)
{
	static const char shown[] = "Id=4\nName=bob\nClass=user\nRemote=yes\nRemoteHost=::ffff:127.0.0.1\n";
	static const char who[] = "bob      pts/0        Nov 27 10:00 (::FFFF:192.0.2.7)\n";
	struct session session = { 0 };
	OWN(session_list) struct session_list seen = { 0 };

	assert_int_equal(sessions_parse_logind_show(shown, strlen(shown), "4", -1, &session), LOGIND_LOGON);
	assert_string_equal(text_str(session.remote), "127.0.0.1");
	*VEC_PUSH(&seen) = session;
	sessions_parse_who(who, strlen(who), &seen);
	assert_string_equal(text_str(seen.at[1].remote), "192.0.2.7");
}

RUN_TESTS_EACH("sessions", NULL, NULL, a_guest_to_ask, no_guest_to_ask)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What guests say where it is cut, turned around or out of place: each corner of the readers, one by one. */
#include "asking.h"
#include "backend/guest/agent_json.h"
#include "backend/guest/session_choice.h"
#include "backend/guest/session_query.h"
#include "base/base64.h"

/* --- who --- */

static void who_says(const char *out)
{
	session_list_free(&list);
	sessions_parse_who(out, strlen(out), &list);
}

TEST(a_time_that_is_none_is_unknown)
{
	FOR_EACH(const char *, one, "2026x11-22 15:09", "2026-11x22 15:09", "2026-11-22 15x09", "20a6-11-22 15:09",
		 "2026-a1-22 15:09", "2026-11-a2 15:09", "2026-11-22 a5:09", "2026-11-22 15:a9", "2026-11-22 15",
		 "2026-11-2 15:09", "2026-11-22  15:09", "Nov x 15:09", "Nov 223 15:09", "Nov 22 1509x", "Nov 22 1x:09",
		 "Nov 22 15:x9", "Nov 22 15", "Nov 22", "Nox 22 15:09", "November 22 15:09", "-") {
		char *out = keep(mem_printf("alice tty1 %s\n", *one));

		who_says(out);
		assert_int_equal(list.count, 1);
		if (list.at[0].login_time != -1)
			fail_msg("%s is no time", *one);
	}
}

TEST(seconds_are_read_where_they_stand)
{
	who_says("alice\ttty1\t 2026-11-22 14:59:13\nbob tty2 2026-11-22 14:59x13\ncarol tty3 2026-11-22 14:59 "
		 "(10.0.0.7)\n"
		 "dave pts/1 12:01 Nov 22 14:59 old\n");
	assert_int_equal(list.at[0].login_time, 1795359553);
	assert_int_equal(list.at[1].login_time, 1795359540);
	assert_int_equal(list.at[2].login_time, 1795359540);
	assert_string_equal(text_str(list.at[2].remote), "10.0.0.7");
	assert_int_equal(list.at[3].login_time, 1795359540);
}

TEST(a_remote_that_is_none_is_not_made_up)
{
	FOR_EACH(const char *, last, "(", "()", "(x", "x)", "xyz", "(10.0.0.7") {
		char *out = keep(mem_printf("alice tty1 Nov 22 14:59 %s\n", *last));

		who_says(out);
		assert_false(list.at[0].remote_known);
	}
	who_says("alice tty7 Nov 22 14:59 (:0)\n");
	assert_true(list.at[0].remote_known);
	assert_false(list.at[0].is_remote);
}

TEST(headings_blanks_and_long_lines_are_borne)
{
	who_says("USER TTY LOGIN@\n\n   \nUSER tty1 Nov 22 14:59\nalone\n"
		 "eve tty12345678901234567890123456789012345678901234567890 Nov 22 14:59\na tty2 b c d e f g h i j k");
	assert_int_equal(list.count, 4);
	assert_string_equal(list.at[0].id, "tty1");
	assert_string_equal(text_str(list.at[1].user), "alone");
	assert_string_equal(list.at[1].id, "");
	assert_string_equal(list.at[2].id, "");
	assert_string_equal(list.at[3].id, "tty2");
}

TEST(a_utmp_that_overflows_is_counted)
{
	enum { LINES = SESSION_LIST_MAX + 16 };
	char *out = keep(mem_zalloc((LINES + 1) * 16));

	for (int i = 0; i < LINES; i++)
		snprintf(out + strlen(out), 16, "u%d tty%d\n", i, i % 60);
	who_says(out);
	assert_true(list.more > 0);
	assert_int_equal(list.count + list.more, LINES);
}

/* --- Windows --- */

static bool wts_says(const char *out, bool *refused)
{
	session_list_free(&list);
	return sessions_parse_wts(out, strlen(out), false, &list, refused, &err);
}

TEST(what_is_no_line_of_ours_says_nothing)
{
	bool refused;

	assert_true(wts_says("S\nE\nSx1\nEx1\nX 1\nRR\nhello\n\nZ\n", &refused));
	assert_false(refused);
	assert_int_equal(list.count, 0);
	assert_true(wts_says("R\nZ\n", &refused));
	assert_true(refused);
}

TEST(half_a_session_makes_no_sense)
{
	bool refused;

	FOR_EACH(const char *, one, "S 1\n", "S 1 0\n", "S 1 00 YQ==\n", "S 1 x YQ==\n", "S 0 0 YQ==\n", "S x 0 YQ==\n",
		 "S 1 0 ###\n", "E x alice\n", "E 0\n", "S 11111111111111111111111111111111111111111111 0 YQ==\n") {
		if (wts_says(*one, &refused))
			fail_msg("%s was believed", *one);
		assert_int_equal(err.kind, ERR_AGENT_BROKEN);
	}
}

TEST(a_session_is_listed_once_and_its_owner_taken_apart)
{
	bool refused;

	/* Q09SUFxhbm4= is CORP\ann, YW5u is ann */
	assert_true(wts_says("S 1 0 Q09SUFxhbm4= 1\nS 1 4 YW5u\nS 2 4 YW5u 0\nE 2 ann\nE 3   CORP\\bob\nE 4 \nZ\n",
			     &refused));
	assert_int_equal(list.count, 4);
	assert_string_equal(text_str(list.at[0].domain), "CORP");
	assert_string_equal(text_str(list.at[0].user), "ann");
	assert_true(list.at[0].locked);
	assert_true(list.at[1].disconnected);
	assert_false(list.at[1].locked);
	assert_string_equal(text_str(list.at[2].domain), "CORP");
	assert_string_equal(text_str(list.at[3].user), "");
}

/* --- the query --- */

TEST(a_program_that_a_signal_ended_did_not_exit_well)
{
	fake_logon(&guest, "1", "alice", "tty1");
	fake_fault(&guest, "guest-exec-status loginctl list", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":true,\"exitcode\":0,\"signal\":9}}";
	assert_int_equal(ask(), QUERY_FAILED);
	assert_false(text_is_empty(err_text(&err)));
}

TEST(a_question_that_breaks_off_ends_the_query)
{
	FOR_EACH(const char *, call, "guest-info", "guest-get-osinfo", "guest-get-host-name") {
		this_guest_to_ask(FAKE_LOGIND);
		fake_fault(&guest, *call, 0, ERR_NO_ANSWER, "it is silent");
		assert_int_equal(ask(), QUERY_FAILED);
		assert_int_equal(err.kind, ERR_NO_ANSWER);
	}
}

/* --- what the host cannot ask --- */

TEST(each_question_fails_where_the_host_does)
{
	struct agent_users users;
	struct safe_text name;
	struct agent_os os;
	int64_t bytes;
	bool frozen;

	guest.channel = CHANNEL_DISCONNECTED;
	assert_false(agent_os(&line, &os, &err));
	assert_false(agent_host_name(&line, &name, &err));
	assert_false(agent_users(&line, &users, &err));
	assert_false(agent_fsfreeze_is_frozen(&line, &frozen, &err));
	assert_false(agent_set_time(&line, 1, &err));
	assert_err(ERR_NO_AGENT, agent_fstrim(&line, 1000, &bytes, &err));
}

TEST(each_question_fails_where_the_answer_is_none)
{
	struct agent_users users;
	struct safe_text name;
	struct agent_os os;
	int64_t bytes;
	bool frozen;

	fake_fault(&guest, "guest-", 0, ERR_NONE, NULL)->reply = "{\"nothing\":1}";
	assert_false(agent_os(&line, &os, &err));
	assert_false(agent_host_name(&line, &name, &err));
	assert_false(agent_users(&line, &users, &err));
	assert_false(agent_fsfreeze_is_frozen(&line, &frozen, &err));
	assert_false(agent_set_time(&line, 1, &err));
	assert_err(ERR_AGENT_BROKEN, agent_fstrim(&line, 1000, &bytes, &err));
}

TEST(a_detail_that_is_refused_stays_unknown)
{
	FOR_EACH(enum err_kind, refusal, ERR_AGENT_REFUSED, ERR_AGENT_BLOCKED, ERR_AGENT_ABSENT) {
		this_guest_to_ask(FAKE_LOGIND);
		fake_fault(&guest, "guest-get-host-name", 0, *refusal, "no");
		assert_int_equal(ask(), QUERY_DONE);
		assert_true(text_is_empty(profile.host_name));
	}
}

TEST(output_of_another_type_is_broken)
{
	struct agent_output output;

	FOR_EACH(const char *, reply, "{\"return\":{\"exited\":true,\"out-data\":1}}",
		 "{\"return\":{\"exited\":true,\"err-data\":[]}}", "{\"return\":{\"exited\":\"yes\"}}",
		 "{\"return\":{}}") {
		assert_err(ERR_AGENT_BROKEN, agent_parse_output(*reply, strlen(*reply), &output, &err));
	}
}

TEST(output_that_was_cut_says_so_on_either_side)
{
	struct agent_output output;

	FOR_EACH(const char *, reply, "{\"return\":{\"exited\":true,\"out-truncated\":true}}",
		 "{\"return\":{\"exited\":true,\"err-truncated\":true}}") {
		assert_true(agent_parse_output(*reply, strlen(*reply), &output, &err));
		assert_true(output.truncated);
		agent_output_free(&output);
	}
}

TEST(output_is_cut_only_where_it_is_said_to_be)
{
	struct agent_output output;

	FOR_EACH(const char *, reply, "{\"return\":{\"exited\":true}}",
		 "{\"return\":{\"exited\":true,\"out-truncated\":false,\"err-truncated\":false}}",
		 "{\"return\":{\"exited\":true,\"out-truncated\":1,\"err-truncated\":\"no\"}}") {
		assert_true(agent_parse_output(*reply, strlen(*reply), &output, &err));
		assert_false(output.truncated);
		agent_output_free(&output);
	}
}

TEST(a_program_whose_arguments_are_no_text_is_not_sent)
{
	const char *const args[] = { "\xff", NULL };
	const struct agent_program program = { .path = "wall", .args = args };
	int64_t pid;

	assert_err(ERR_USAGE, agent_exec(&line, &program, &pid, &err));
	assert_int_equal(guest.log_count, 0);
}

/* --- whom it is for --- */

TEST(a_session_without_an_id_is_never_meant_by_one)
{
	static const char *const ids[] = { "1", "", NULL };
	const struct session_selector wishes = { .sessions = ids };
	const struct session nameless = { .id = "" }, first = { .id = "1" };
	OWN(session_choice) struct session_choice choice;

	session_choice_init(&choice, &wishes);
	assert_false(session_choice_takes(&choice, &nameless, FAMILY_LOGIND));
	assert_true(session_choice_takes(&choice, &first, FAMILY_LOGIND));
}

TEST(each_wish_narrows_and_none_does_not)
{
	static const char *const names[] = { "ann", NULL };
	/* clang-format off */
	const struct session_selector wishes[] = {
		{ .users = names }, { .sessions = names }, { .except_users = names }, { .only_disconnected = true },
	};
	/* clang-format on */
	const struct session_selector none = { 0 };
	struct session_choice choice;

	for (size_t i = 0; i < ARRAY_SIZE(wishes); i++) {
		session_choice_init(&choice, &wishes[i]);
		assert_true(session_choice_is_narrowed(&choice));
		assert_int_equal(session_choice_has_names(&choice), i < 2);
		session_choice_free(&choice);
	}
	session_choice_init(&choice, &none);
	assert_false(session_choice_is_narrowed(&choice));
	session_choice_free(&choice);
}

TEST(an_ability_that_is_not_said_to_be_enabled_is_none)
{
	static const char reply[] = "{\"return\":{\"supported_commands\":["
				    "{\"name\":\"guest-get-users\",\"enabled\":false},"
				    "{\"name\":\"guest-fstrim\"},{\"name\":\"guest-get-osinfo\",\"enabled\":true}]}}";
	struct agent_capabilities capabilities;

	assert_true(agent_parse_info(reply, strlen(reply), &capabilities, &err));
	assert_false(capabilities.get_users);
	assert_false(capabilities.fstrim);
	assert_true(capabilities.osinfo);
	agent_abilities_free(&capabilities);
}

/* --- programs that fail --- */

TEST(a_failed_program_is_told_in_its_own_words)
{
	static const struct {
		bool known;
		char *out, *err;
		enum err_kind kind;
		const char *words;
	} rows[] = {
		{ true, NULL, (char *)"Access denied", ERR_DENIED, "Access denied" },
		{ true, (char *)"Permission denied", NULL, ERR_DENIED, "Permission denied" },
		{ true, NULL, NULL, ERR_UNEXPECTED, "no output" },
		{ false, NULL, NULL, ERR_UNEXPECTED, "no output" },
		{ false, NULL, (char *)"oh", ERR_UNEXPECTED, "was killed in the guest: oh" },
	};
	OWN(session_program) struct session_program program;

	logind_list_program(&program);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		/* clang-format off */
		const struct agent_output output = {
			.exit_code_known = rows[i].known, .exit_code = 1,
			.out = rows[i].out, .out_len = rows[i].out ? strlen(rows[i].out) : 0,
			.err_out = rows[i].err, .err_len = rows[i].err ? strlen(rows[i].err) : 0,
		};
		/* clang-format on */

		assert_err(rows[i].kind, session_program_failed(&program, &output, &err));
		assert_says(text_str(err_text(&err)), rows[i].words);
		if (!rows[i].err)
			assert_false(logind_session_is_gone(&output));
	}
}

RUN_TESTS_EACH("guest_corners", NULL, NULL, a_guest_to_ask, no_guest_to_ask)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "asking.h"
#include "backend/guest/agent_json.h"
#include "backend/refusal.h"
#include "base/base64.h"
#include "base/clock.h"

#include <malloc.h>

/* --- what the agent's words mean --- */

TEST(every_wording_of_a_disabled_command_is_known)
{
	FOR_EACH(const char *, word, "The command guest-exec has been disabled for this instance",
		 "Command guest-exec has been disabled",
		 "Command guest-exec has been disabled: the command is not allowed")
		assert_int_equal(agent_classify_refusal(*word), ERR_AGENT_BLOCKED);
}

TEST(frozen_and_unknown_commands_are_told_apart)
{
	assert_int_equal(agent_classify_refusal("Command guest-exec has been disabled: the agent is in frozen state"),
			 ERR_AGENT_FROZEN);
	assert_int_equal(agent_classify_refusal("The command guest-exec has not been found"), ERR_AGENT_ABSENT);
	assert_int_equal(agent_classify_refusal("Invalid parameter 'pid'"), ERR_AGENT_REFUSED);
	assert_int_equal(agent_classify_refusal(NULL), ERR_AGENT_REFUSED);
}

static bool is_among(enum err_kind kind, const enum err_kind *kinds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (kinds[i] == kind)
			return true;
	}
	return false;
}

#define IS_AMONG(kind, kinds) is_among(kind, kinds, ARRAY_SIZE(kinds))

TEST(each_kind_of_error_tells_what_came_of_the_command)
{
	static const enum err_kind in_flight[] = { ERR_LOST, ERR_NO_ANSWER, ERR_AGENT_BROKEN, ERR_TIMED_OUT };
	static const enum err_kind says_nothing[] = { ERR_NONE, ERR_UNEXPECTED, ERR_SYSTEM };
	static const enum err_kind passing[] = { ERR_NOT_SENT, ERR_BUSY };
	static const enum err_kind agents[] = { ERR_NO_CHANNEL,   ERR_NO_AGENT,      ERR_AGENT_CLOSED,
						ERR_NOT_SENT,     ERR_AGENT_REFUSED, ERR_AGENT_BLOCKED,
						ERR_AGENT_ABSENT, ERR_AGENT_FROZEN,  ERR_BUSY,
						ERR_UNSUPPORTED };

	for (enum err_kind kind = ERR_NONE; kind <= ERR_TIMED_OUT; kind++) {
		const struct err failed = { .kind = kind };

		assert_int_equal(agent_err_is_in_flight(&failed), IS_AMONG(kind, in_flight));
		assert_int_equal(agent_err_is_surely_unsent(&failed),
				 !IS_AMONG(kind, in_flight) && !IS_AMONG(kind, says_nothing));
		assert_int_equal(agent_err_is_agents_no(&failed), IS_AMONG(kind, agents));
		assert_int_equal(agent_err_is_passing(&failed), IS_AMONG(kind, passing));
	}
}

/* --- replies --- */

static bool parse_nothing(const char *reply)
{
	err = (struct err){ 0 };
	return agent_parse_nothing(reply, strlen(reply), &err);
}

TEST(a_reply_is_a_result_or_an_error)
{
	assert_true(parse_nothing("{\"return\":{}}"));
	assert_false(parse_nothing(
		"{\"error\":{\"class\":\"CommandNotFound\",\"desc\":\"Command guest-exec has been disabled\"}}"));
	it_says(ERR_AGENT_BLOCKED, "has been disabled");
	assert_false(parse_nothing("{\"error\":{}}"));
	it_says(ERR_AGENT_REFUSED, "no reason given");
	assert_false(parse_nothing("{}"));
	it_says(ERR_AGENT_BROKEN, "neither");
}

TEST(what_is_no_reply_is_broken)
{
	FOR_EACH(const char *, bad, "", "null", "[]", "{", "42", "garbage",
		 "{\"return\":", "{\"return\":1,\"return\":2}", "{\"return\":\"\\u0000\"}", "{\"return\":\"\xff\"}",
		 "{\"return\":1e999}", "{\"return\":18446744073709551616}") {
		assert_false(parse_nothing(*bad));
		it_says(ERR_AGENT_BROKEN, "invalid answer of the guest agent");
	}
	assert_false(agent_parse_nothing("{\"return\":{}}\0x", 15, &err));
}

TEST(the_agents_words_arrive_harmless)
{
	assert_false(parse_nothing("{\"error\":{\"desc\":\"\\u001b]0;PWNED\\u0007\"}}"));
	it_says(ERR_AGENT_REFUSED, "<U+001B>]0;PWNED<U+0007>");
}

static char *nested(size_t depth)
{
	char *brackets = keep(mem_zalloc(2 * depth + 1)), *json;

	memset(brackets, '[', depth);
	memset(brackets + depth, ']', depth);
	json = mem_printf("{\"return\":%s}", brackets);
	return json;
}

TEST(nesting_stops_at_32)
{
	char *deep = keep(nested(AGENT_JSON_DEPTH_MAX - 1)), *deeper = keep(nested(AGENT_JSON_DEPTH_MAX)),
	     *deepest = keep(nested(200000));

	assert_true(parse_nothing(deep));
	assert_false(parse_nothing(deeper));
	it_says(ERR_AGENT_BROKEN, "nested");
	assert_false(parse_nothing(deepest));
}

TEST(brackets_in_strings_do_not_count)
{
	assert_true(parse_nothing("{\"return\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[\\\\\"}"));
}

TEST(more_than_4_mib_is_not_even_parsed)
{
	char *big = keep(mem_zalloc(AGENT_REPLY_MAX + 2));

	memset(big, ' ', AGENT_REPLY_MAX + 1);
	memcpy(big, "{\"return\":{}}", 13);
	assert_true(agent_parse_nothing(big, AGENT_REPLY_MAX, &err));
	assert_false(agent_parse_nothing(big, AGENT_REPLY_MAX + 1, &err));
	it_says(ERR_AGENT_BROKEN, "4 MiB");
}

/* --- guest-info --- */

static struct agent_capabilities abilities_of(const char *commands)
{
	struct agent_capabilities capabilities = { 0 };
	char *reply = keep(mem_printf("{\"return\":{\"version\":\"7.2\",\"supported_commands\":%s}}", commands));

	assert_true(agent_parse_info(reply, strlen(reply), &capabilities, &err));
	return capabilities;
}

#define ON(name)  "{\"name\":\"" name "\",\"enabled\":true}"
#define OFF(name) "{\"name\":\"" name "\",\"enabled\":false}"

TEST(abilities_come_from_what_is_enabled)
{
	OWN(agent_abilities)
	struct agent_capabilities capabilities = abilities_of("[" ON("guest-exec") "," ON("guest-exec-status") "," ON(
		"guest-get-users") "," OFF("guest-get-osinfo") "," ON("guest-shutdown") "]");

	assert_true(capabilities.known);
	assert_string_equal(text_str(capabilities.version), "7.2");
	assert_true(capabilities.exec);
	assert_false(capabilities.exec_known_blocked);
	assert_true(capabilities.get_users);
	assert_false(capabilities.osinfo);
	assert_true(capabilities.shutdown);
	assert_false(capabilities.host_name);
}

TEST(exec_needs_both_its_halves)
{
	OWN(agent_abilities)
	struct agent_capabilities half = abilities_of("[" ON("guest-exec") "," OFF("guest-exec-status") "]");
	OWN(agent_abilities)
	struct agent_capabilities other = abilities_of("[" OFF("guest-exec") "," ON("guest-exec-status") "]");
	OWN(agent_abilities) struct agent_capabilities none = abilities_of("[]");

	assert_false(half.exec);
	assert_true(half.exec_known_blocked);
	assert_false(other.exec);
	assert_true(other.exec_known_blocked);
	assert_false(none.exec);
	assert_false(none.exec_known_blocked);
}

TEST(wrong_types_in_guest_info_are_no_abilities)
{
	FOR_EACH(const char *, odd, "7", "null", "[7,null,{},[],{\"name\":7},{\"name\":\"guest-exec\"}]",
		 "[{\"name\":\"guest-exec\",\"enabled\":\"yes\"}]") {
		struct agent_capabilities capabilities = abilities_of(*odd);

		assert_false(capabilities.exec);
		assert_false(capabilities.exec_known_blocked);
		agent_abilities_free(&capabilities);
	}
}

TEST(of_commands_beyond_reason_the_rest_is_not_read)
{
	char *commands = mem_strdup("[{}"), *longer;
	OWN(agent_abilities) struct agent_capabilities capabilities;

	for (int i = 1; i < 1024; i++) {
		longer = mem_printf("%s,{}", commands);
		free(commands);
		commands = longer;
	}
	longer = mem_printf("%s," ON("guest-exec") "," ON("guest-exec-status") "]", commands);
	capabilities = abilities_of(longer);
	assert_false(capabilities.exec);
	free(commands);
	free(longer);
}

TEST(a_command_listed_twice_with_exec_enabled_is_not_called_blocked)
{
	struct agent_capabilities capabilities =
		abilities_of("[" OFF("guest-exec") "," ON("guest-exec") "," ON("guest-exec-status") "]");

	assert_true(capabilities.exec);
	assert_false(capabilities.exec_known_blocked);
	agent_abilities_free(&capabilities);
}

/* --- guest-get-osinfo, host name --- */

TEST(os_fields_may_be_missing_or_of_another_type)
{
	static const char reply[] =
		"{\"return\":{\"id\":\"debian\",\"version-id\":12,\"kernel-release\":\"6.1\\u001b[2J\"}}";
	struct agent_os os;

	assert_true(agent_parse_os(reply, strlen(reply), &os, &err));
	assert_string_equal(text_str(os.id), "debian");
	assert_string_equal(text_str(os.kernel), "6.1<U+001B>[2J");
	assert_true(text_is_empty(os.version_id));
	assert_true(text_is_empty(os.pretty_name));
	agent_os_free(&os);
}

TEST(a_host_name_of_300000_letters_is_cut)
{
	char *name = keep(mem_zalloc(300001)), *reply;
	struct safe_text host_name;

	memset(name, 'x', 300000);
	reply = keep(mem_printf("{\"return\":{\"host-name\":\"%s\"}}", name));
	assert_true(agent_parse_host_name(reply, strlen(reply), &host_name, &err));
	assert_true(strlen(text_str(host_name)) < TEXT_CAP_HOST + 8);
	text_free(&host_name);
}

/* 3.9 MiB is the most that libvirt carries. */
TEST(host_names_of_megabytes_leave_short_ones)
{
	const size_t len = 39 * 1024 * 1024 / 10;
	char *name = keep(mem_zalloc(len + 1)), *reply;
	struct safe_text names[40];
	/* Where it is slow (valgrind), and memory is not counted anyway. */
	const size_t count = getenv("INNKEEPER_VALGRIND") ? 2 : ARRAY_SIZE(names);
	size_t kept;

	memset(name, 'x', len);
	reply = keep(mem_printf("{\"return\":{\"host-name\":\"%s\"}}", name));
	kept = mallinfo2().uordblks;
	for (size_t i = 0; i < count; i++)
		assert_true(agent_parse_host_name(reply, strlen(reply), &names[i], &err));
	kept = mallinfo2().uordblks - kept;
	for (size_t i = 0; i < count; i++)
		text_free(&names[i]);
	assert_in_range(kept, 0, count * 1024);
}

TEST(a_result_of_another_type_is_broken)
{
	static const char array[] = "{\"return\":[]}", object[] = "{\"return\":{}}";
	struct agent_capabilities capabilities;
	struct agent_output output;
	struct agent_users users;
	struct safe_text name;
	struct agent_os os;
	int64_t pid;
	bool frozen;

	assert_false(agent_parse_info(array, strlen(array), &capabilities, &err));
	assert_false(agent_parse_os(array, strlen(array), &os, &err));
	assert_false(agent_parse_host_name(array, strlen(array), &name, &err));
	assert_false(agent_parse_users(object, strlen(object), &users, &err));
	assert_false(agent_parse_fsfreeze(object, strlen(object), &frozen, &err));
	assert_false(agent_parse_fstrim(array, strlen(array), &pid, &err));
	assert_false(agent_parse_pid(array, strlen(array), &pid, &err));
	assert_false(agent_parse_output(array, strlen(array), &output, &err));
	it_says(ERR_AGENT_BROKEN, "the result has the wrong type");
}

/* --- guest-get-users --- */

static struct agent_users users_of(const char *rows)
{
	char *reply = keep(mem_printf("{\"return\":%s}", rows));
	struct agent_users users;

	assert_true(agent_parse_users(reply, strlen(reply), &users, &err));
	return users;
}

TEST(users_come_with_seconds_as_floats)
{
	struct agent_users users =
		users_of("[{\"user\":\"alice\",\"login-time\":1700000000.75},{\"user\":\"bob\",\"domain\":\"CORP\"},"
			 "{\"user\":\"eve\",\"login-time\":1e300},{\"user\":\"dan\",\"login-time\":-1},"
			 "{\"user\":\"kim\",\"login-time\":\"7\"}]");

	assert_int_equal(users.count, 5);
	assert_string_equal(text_str(users.at[0].name), "alice");
	assert_int_equal(users.at[0].login_time, 1700000000);
	assert_string_equal(text_str(users.at[1].domain), "CORP");
	for (size_t i = 1; i < 5; i++)
		assert_int_equal(users.at[i].login_time, -1);
	agent_users_free(&users);
}

TEST(rows_that_name_nobody_are_left_out)
{
	OWN(agent_users) struct agent_users users = users_of("[7,null,{},{\"user\":7},{\"user\":\"alice\"}]");

	assert_int_equal(users.count, 1);
}

TEST(of_10000_users_some_are_kept_and_all_are_counted)
{
	static const char row[] = "{\"user\":\"u0001\"},";
	const size_t size = strlen(row);
	char *rows = keep(mem_zalloc(10000 * size + 2));
	OWN(agent_users) struct agent_users users;

	rows[0] = '[';
	for (size_t i = 0; i < 10000; i++)
		memcpy(rows + 1 + i * size, row, size);
	rows[10000 * size] = ']';
	users = users_of(rows);
	assert_int_equal(users.count, SESSION_LIST_MAX);
	assert_int_equal(users.more, 10000 - SESSION_LIST_MAX);
}

/* --- guest-fstrim --- */

/* --- guest-exec --- */

TEST(a_program_becomes_one_command)
{
	const char *const args[] = { "show-session", "a \"b\"", NULL }, *const env[] = { "LC_ALL=C", NULL };
	char *command = keep(agent_exec_command(
		&(struct agent_program){ .path = "loginctl", .args = args, .env = env, .capture = true }));

	assert_string_equal(
		command, "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"loginctl\",\"arg\":[\"show-session\","
			 "\"a \\\"b\\\"\"],\"env\":[\"LC_ALL=C\"],\"capture-output\":true}}");
}

TEST(a_program_without_arguments_sends_none)
{
	const char *const none[] = { NULL };
	char *command =
		keep(agent_exec_command(&(struct agent_program){ .path = "wall", .args = none, .input = "hi" }));

	assert_string_equal(command,
			    "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"wall\",\"input-data\":\"aGk=\","
			    "\"capture-output\":false}}");
}

TEST(an_argument_that_is_no_utf8_is_refused)
{
	const char *const bad[] = { "\xff", NULL }, *const good[] = { "x", NULL };
	int64_t pid;

	assert_false(agent_exec(&line, &(struct agent_program){ .path = "x", .args = bad }, &pid, &err));
	it_says(ERR_USAGE, "UTF-8");
	assert_null(agent_exec_command(&(struct agent_program){ .path = "x", .env = bad }));
	assert_null(agent_exec_command(&(struct agent_program){ .path = "\xff" }));
	assert_null(agent_exec_command(&(struct agent_program){ .path = "\xff", .args = good, .env = good }));
	assert_int_equal(guest.log_count, 0);
}

TEST(a_process_id_is_a_positive_integer)
{
	int64_t pid = 0;

	FOR_EACH(const char *, bad, "{}", "{\"pid\":0}", "{\"pid\":-1}", "{\"pid\":\"7\"}", "{\"pid\":7.5}") {
		char *reply = keep(mem_printf("{\"return\":%s}", *bad));

		assert_false(agent_parse_pid(reply, strlen(reply), &pid, &err));
		it_says(ERR_AGENT_BROKEN, "process id");
	}
	assert_true(agent_parse_pid("{\"return\":{\"pid\":7}}", 20, &pid, &err));
	assert_int_equal(pid, 7);
}

static bool output_of(const char *status, struct agent_output *ret)
{
	char *reply = keep(mem_printf("{\"return\":%s}", status));
	const bool ok = agent_parse_output(reply, strlen(reply), ret, &err);

	return ok;
}

TEST(output_is_decoded_and_its_end_known)
{
	OWN(agent_output) struct agent_output output;

	assert_true(output_of(
		"{\"exited\":true,\"exitcode\":3,\"out-data\":\"Zm9v\",\"err-data\":\"YmFy\",\"out-truncated\":true}",
		&output));
	assert_true(output.exited && output.exit_code_known && output.truncated && !output.signalled);
	assert_int_equal(output.exit_code, 3);
	assert_string_equal(output.out, "foo");
	assert_string_equal(output.err_out, "bar");
}

TEST(a_killed_program_has_no_exit_code)
{
	struct agent_output output;

	assert_true(output_of("{\"exited\":true,\"signal\":9}", &output));
	assert_true(output.signalled);
	assert_false(output.exit_code_known);
	agent_output_free(&output);
	assert_true(output_of("{\"exited\":true,\"exitcode\":\"0\"}", &output));
	assert_false(output.exit_code_known);
	agent_output_free(&output);
	assert_true(output_of("{\"exited\":true,\"exitcode\":4294967296}", &output));
	assert_false(output.exit_code_known);
	agent_output_free(&output);
	assert_true(output_of("{\"exited\":true,\"exitcode\":-4294967296,\"err-truncated\":true}", &output));
	assert_false(output.exit_code_known);
	assert_true(output.truncated);
	agent_output_free(&output);
}

TEST(output_that_lies_about_itself_is_broken)
{
	struct agent_output output;

	FOR_EACH(const char *, bad, "{}", "{\"exited\":1}", "{\"exited\":true,\"out-data\":7}",
		 "{\"exited\":true,\"out-data\":\"!!!!\"}",
		 "{\"exited\":true,\"out-data\":\"Zm9v\",\"err-data\":\"Z\"}", "{\"exited\":true,\"err-data\":[]}") {
		assert_false(output_of(*bad, &output));
		assert_int_equal(err.kind, ERR_AGENT_BROKEN);
	}
}

TEST(output_is_kept_up_to_a_cap)
{
	char *bytes = keep(mem_zalloc(AGENT_OUTPUT_MAX + 3)),
	     *encoded = keep(base64_encode(bytes, AGENT_OUTPUT_MAX + 3));
	char *status = keep(mem_printf("{\"exited\":true,\"exitcode\":0,\"out-data\":\"%s\"}", encoded));
	OWN(agent_output) struct agent_output output;

	assert_true(output_of(status, &output));
	assert_int_equal(output.out_len, AGENT_OUTPUT_MAX);
	assert_true(output.truncated);
}

/* --- calls --- */

TEST(each_question_makes_exactly_one_call)
{
	OWN(agent_abilities) struct agent_capabilities capabilities;
	OWN(text) struct safe_text name;
	OWN(agent_users) struct agent_users users;
	OWN(agent_os) struct agent_os os;
	bool frozen = true;

	assert_true(agent_ping(&line, &err) && agent_info(&line, &capabilities, &err) && agent_os(&line, &os, &err));
	assert_true(agent_host_name(&line, &name, &err) && agent_users(&line, &users, &err));
	assert_true(agent_fsfreeze_is_frozen(&line, &frozen, &err));
	assert_false(frozen);
	assert_string_equal(text_str(name), "fake");
	assert_int_equal(guest.log_count, 6);
}

TEST(what_the_host_says_is_passed_on)
{
	struct agent_capabilities capabilities;

	guest.channel = CHANNEL_DISCONNECTED;
	assert_false(agent_info(&line, &capabilities, &err));
	it_says(ERR_NO_AGENT, "not connected");
}

TEST(a_read_only_backend_is_asked_nothing)
{
	guest.backend.config.read_only = true;
	assert_err(ERR_DENIED, agent_ping(&line, &err));
	assert_int_equal(guest.log_count, 0);
}

/* --- programs, step by step --- */

static const struct agent_program who = { .path = "who", .capture = true };

static enum agent_run_outcome run_to_end(struct agent_run *run, const struct agent_program *program, int *ret_steps)
{
	enum agent_run_outcome outcome;
	int64_t wait_ms;

	*ret_steps = 0;
	while ((outcome = agent_run_step(run, &line, program, &wait_ms, &err)) == RUN_AGAIN) {
		clock_advance(wait_ms);
		++*ret_steps;
		assert_in_range(wait_ms, 1, 3200);
	}
	return outcome;
}

TEST(a_program_runs_and_is_read_once)
{
	OWN(agent_run) struct agent_run run;
	int steps;

	fake_logon(&guest, "tty1", "alice", "tty1");
	agent_run_init(&run, 10000);
	assert_int_equal(run_to_end(&run, &who, &steps), RUN_EXITED);
	assert_int_equal(steps, 1);
	assert_non_null(strstr(run.output.out, "alice"));
}

TEST(a_program_that_never_ends_is_given_up_in_time)
{
	struct agent_run run;
	int steps;

	fake_fault(&guest, "guest-exec-status", 0, ERR_NONE, NULL)->reply = "{\"return\":{\"exited\":false}}";
	agent_run_init(&run, 10000);
	assert_int_equal(run_to_end(&run, &who, &steps), RUN_FAILED);
	it_says(ERR_TIMED_OUT, "who");
	assert_true(run.maybe_started);
	assert_in_range(clock_ms() - FAKE_START_MS, 10000, 11000);
	/* 100, 200, 400, 800, 1600, then every 3200 ms */
	assert_in_range(steps, 8, 9);
	agent_run_free(&run);
}

TEST(a_status_without_answer_is_asked_again)
{
	FOR_EACH(enum err_kind, passing, ERR_NO_ANSWER, ERR_NOT_SENT, ERR_BUSY, ERR_LOST, ERR_UNREACHABLE) {
		OWN(agent_run) struct agent_run run;
		int steps;

		guest.fault_count = 0;
		fake_fault(&guest, "guest-exec-status", 1, *passing, "nothing heard");
		agent_run_init(&run, 10000);
		assert_int_equal(run_to_end(&run, &who, &steps), RUN_EXITED);
	}
}

TEST(a_lost_last_status_leaves_the_result_unknown)
{
	OWN(agent_run) struct agent_run run;
	int steps;

	fake_fault(&guest, "guest-exec-status", 1, ERR_NO_ANSWER, "nothing heard")->carried_out = true;
	agent_run_init(&run, 10000);
	assert_int_equal(run_to_end(&run, &who, &steps), RUN_FAILED);
	it_says(ERR_AGENT_REFUSED, "pid");
	assert_true(run.maybe_started);
	assert_int_equal(fake_count(&guest, "guest-exec who"), 1);
}

TEST(a_babbling_agent_may_have_started_it)
{
	struct agent_run run;
	int steps;

	fake_fault(&guest, "guest-exec who", 1, ERR_NONE, NULL)->reply = "{\"return\":{\"pid\":\"seven\"}}";
	agent_run_init(&run, 10000);
	assert_int_equal(run_to_end(&run, &who, &steps), RUN_FAILED);
	it_says(ERR_AGENT_BROKEN, "process id");
	assert_true(run.maybe_started);
	agent_run_free(&run);
	guest.fault_count = 0;
	fake_fault(&guest, "guest-exec-status", 1, ERR_NONE, NULL)->reply = "garbage";
	agent_run_init(&run, 10000);
	assert_int_equal(run_to_end(&run, &who, &steps), RUN_FAILED);
	it_says(ERR_AGENT_BROKEN, "it is not a JSON object");
	agent_run_free(&run);
}

TEST(each_question_passes_its_failure_on)
{
	struct safe_text name;
	struct agent_users users;
	struct agent_os os;
	bool frozen;

	guest.state = VM_STATE_PAUSED;
	assert_false(agent_ping(&line, &err) || agent_os(&line, &os, &err) || agent_host_name(&line, &name, &err) ||
		     agent_users(&line, &users, &err) || agent_fsfreeze_is_frozen(&line, &frozen, &err));
	it_says(ERR_PAUSED, "not running");
}

TEST(a_program_without_answer_may_have_started)
{
	OWN(agent_run) struct agent_run run;
	int steps;

	fake_fault(&guest, "guest-exec who", 1, ERR_NO_ANSWER, "nothing heard");
	agent_run_init(&run, 10000);
	assert_int_equal(run_to_end(&run, &who, &steps), RUN_FAILED);
	assert_true(run.maybe_started);
}

TEST(a_program_that_is_not_there_surely_did_not_start)
{
	const struct agent_program missing = { .path = "quser" };
	OWN(agent_run) struct agent_run run;
	int steps;

	agent_run_init(&run, 10000);
	assert_int_equal(run_to_end(&run, &missing, &steps), RUN_FAILED);
	assert_false(run.maybe_started);
	assert_true(agent_err_is_missing_program(&err));
	assert_false(agent_err_is_denied_program(&err));
}

/* --- what changes the guest: what it tells, and the gate that it passes --- */

TEST(trimmed_bytes_are_summed_where_they_are_told)
{
	static const struct {
		const char *value;
		int64_t bytes;
	} rows[] = {
		{ "{}", -1 },
		{ "{\"paths\":7}", -1 },
		{ "{\"paths\":[{\"path\":\"/\",\"error\":\"no\"},7,{\"trimmed\":\"7\"},{\"trimmed\":-5}]}", -1 },
		{ "{\"paths\":[{\"trimmed\":0}]}", 0 },
		{ "{\"paths\":[{\"trimmed\":5},{\"trimmed\":7}]}", 12 },
		{ "{\"paths\":[{\"trimmed\":5},{\"trimmed\":9223372036854775807}]}", 5 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *reply = keep(mem_printf("{\"return\":%s}", rows[i].value));
		int64_t bytes = 99;

		assert_true(agent_parse_fstrim(reply, strlen(reply), &bytes, &err));
		assert_int_equal(bytes, rows[i].bytes);
	}
}

TEST(acting_commands_pass_the_gate_as_such)
{
	int64_t bytes;

	assert_true(agent_set_time(&line, 1700000000000000000, &err));
	assert_true(agent_fstrim(&line, 1000, &bytes, &err));
	assert_int_equal(guest.log_count, 2);
	guest.backend.config.locked = true;
	assert_err(ERR_DENIED, agent_set_time(&line, 0, &err));
	assert_err(ERR_DENIED, agent_fstrim(&line, 1000, &bytes, &err));
	assert_int_equal(guest.log_count, 2);
}

RUN_TESTS_EACH("agent", NULL, NULL, a_guest_to_ask, no_guest_to_ask)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/result.h"
#include "unit.h"

static void error_becomes(enum err_kind kind, hresult code)
{
	assert_int_equal(result_from_err(kind), code);
}

static void together(enum exit_status expected, size_t count, const enum exit_status *each)
{
	assert_int_equal(result_exit_combine(each, count), expected);
}
#define TOGETHER(expected, ...) \
	together(expected, sizeof((enum exit_status[]){ __VA_ARGS__ }) / sizeof(enum exit_status), \
		 (enum exit_status[]){ __VA_ARGS__ })

TEST(every_code_of_the_contract_has_one_row)
{
	/* clang-format off */
	static const hresult codes[] = {
		S_OK, DISP_E_EXCEPTION, E_POINTER, E_FAIL, E_INVALIDARG, E_ACCESS_DENIED, VM_E_TIMED_OUT,
		VM_E_VM_NOT_RUNNING, VM_E_VM_PAUSED, VM_E_VM_UNKNOWN, VM_E_ADDITIONS_NOT_AVAIL,
		VM_E_ADDITIONS_FEATURE_NOT_AVAIL, E_NO_SUCH_LOGON_SESSION, E_MACHINE_LOCKED, E_NOT_READY,
		E_SHUTDOWN_IN_PROGRESS,
	};
	/* clang-format on */
	size_t rows;

	result_table(&rows);
	assert_int_equal(rows, ARRAY_SIZE(codes));
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		assert_int_equal(result_find(codes[i])->code, codes[i]);
}

TEST(every_row_has_words)
{
	size_t rows;
	const struct result_info *table = result_table(&rows);

	for (size_t i = 0; i < rows; i++) {
		assert_non_null(table[i].name);
		assert_true(strlen(table[i].short_words) > 0 && strlen(table[i].short_words) <= 26);
		assert_true(strlen(table[i].meaning) > 0);
	}
}

TEST(the_values_are_the_originals)
{
	char buf[11];

	result_format(E_NO_SUCH_LOGON_SESSION, buf);
	assert_string_equal(buf, "0x80070520");
	result_format(S_OK, buf);
	assert_string_equal(buf, "0x00000000");
	result_format(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, buf);
	assert_string_equal(buf, "0xa0040505");
	assert_int_equal(E_INVALIDARG, 0x80000003);
	assert_int_equal(VM_E_TIMED_OUT, 0xA0040202);
}

TEST(an_unknown_code_is_an_unexpected_error)
{
	assert_string_equal(result_find(0x12345678)->name, "DISP_E_EXCEPTION");
	assert_int_equal(result_find(0x12345678)->result, TASK_RESULT_UNEXPECTED_ERROR);
}

TEST(failures_become_the_contracts_codes)
{
	error_becomes(ERR_NONE, S_OK);
	error_becomes(ERR_NO_CHANNEL, VM_E_ADDITIONS_FEATURE_NOT_AVAIL);
	error_becomes(ERR_NO_AGENT, VM_E_ADDITIONS_NOT_AVAIL);
	error_becomes(ERR_AGENT_CLOSED, VM_E_ADDITIONS_NOT_AVAIL);
	error_becomes(ERR_AGENT_BLOCKED, VM_E_ADDITIONS_FEATURE_NOT_AVAIL);
	error_becomes(ERR_AGENT_ABSENT, VM_E_ADDITIONS_FEATURE_NOT_AVAIL);
	error_becomes(ERR_UNSUPPORTED, VM_E_ADDITIONS_FEATURE_NOT_AVAIL);
	error_becomes(ERR_NO_ANSWER, VM_E_TIMED_OUT);
	error_becomes(ERR_NOT_SENT, VM_E_TIMED_OUT);
	error_becomes(ERR_TIMED_OUT, VM_E_TIMED_OUT);
	error_becomes(ERR_BUSY, VM_E_TIMED_OUT);
	error_becomes(ERR_DENIED, E_ACCESS_DENIED);
	error_becomes(ERR_NO_DOMAIN, VM_E_VM_UNKNOWN);
	error_becomes(ERR_NOT_RUNNING, VM_E_VM_NOT_RUNNING);
	error_becomes(ERR_PAUSED, VM_E_VM_PAUSED);
}

TEST(no_failure_ever_becomes_success)
{
	for (int kind = ERR_NONE + 1; kind <= ERR_TIMED_OUT + 5; kind++)
		assert_int_not_equal(result_from_err((enum err_kind)kind), S_OK);
	error_becomes(ERR_LOST, DISP_E_EXCEPTION);
	error_becomes(ERR_AGENT_FROZEN, VM_E_ADDITIONS_FEATURE_NOT_AVAIL);
	error_becomes(ERR_UNREACHABLE, DISP_E_EXCEPTION);
}

TEST(nobody_logged_on_is_no_failure)
{
	assert_int_equal(result_find(E_NO_SUCH_LOGON_SESSION)->result, TASK_RESULT_SUCCESS);
	assert_int_equal(result_exit(TASK_RESULT_SUCCESS, E_NO_SUCH_LOGON_SESSION), EXIT_NOBODY);
}

TEST(one_tasks_exit_status_follows_its_error)
{
	assert_int_equal(result_exit(TASK_RESULT_SUCCESS, S_OK), EXIT_DONE);
	assert_int_equal(result_exit(TASK_RESULT_TIME_OUT, VM_E_TIMED_OUT), EXIT_TIMED_OUT);
	assert_int_equal(result_exit(TASK_RESULT_UNEXPECTED_ERROR, VM_E_VM_PAUSED), EXIT_NOT_RUNNING);
	assert_int_equal(result_exit(TASK_RESULT_UNEXPECTED_ERROR, VM_E_VM_NOT_RUNNING), EXIT_NOT_RUNNING);
	assert_int_equal(result_exit(TASK_RESULT_UNEXPECTED_ERROR, VM_E_ADDITIONS_NOT_AVAIL), EXIT_NO_AGENT);
	assert_int_equal(result_exit(TASK_RESULT_UNEXPECTED_ERROR, E_ACCESS_DENIED), EXIT_DENIED);
	assert_int_equal(result_exit(TASK_RESULT_UNEXPECTED_ERROR, VM_E_VM_UNKNOWN), EXIT_NO_VM);
	assert_int_equal(result_exit(TASK_RESULT_CANCELLED, S_OK), EXIT_CANCELLED);
	assert_int_equal(result_exit(TASK_RESULT_CANCELLED, DISP_E_EXCEPTION), EXIT_CANCELLED);
	assert_int_equal(result_exit(TASK_RESULT_OUT_OF_MEMORY, S_OK), EXIT_UNEXPECTED);
}

TEST(equal_outcomes_keep_their_exit_status)
{
	TOGETHER(EXIT_DONE, EXIT_DONE, EXIT_DONE);
	TOGETHER(EXIT_NOBODY, EXIT_NOBODY, EXIT_NOBODY);
	TOGETHER(EXIT_TIMED_OUT, EXIT_TIMED_OUT, EXIT_TIMED_OUT);
	TOGETHER(EXIT_CANCELLED, EXIT_CANCELLED);
	assert_int_equal(result_exit_combine(NULL, 0), EXIT_DONE);
}

TEST(done_and_nobody_together_are_done)
{
	TOGETHER(EXIT_DONE, EXIT_NOBODY, EXIT_DONE, EXIT_NOBODY);
}

TEST(different_outcomes_are_mixed)
{
	TOGETHER(EXIT_MIXED, EXIT_DONE, EXIT_TIMED_OUT);
	TOGETHER(EXIT_MIXED, EXIT_NOBODY, EXIT_DENIED);
	TOGETHER(EXIT_MIXED, EXIT_NO_AGENT, EXIT_TIMED_OUT);
}

TEST(an_unreachable_host_outweighs_the_rest)
{
	TOGETHER(EXIT_UNREACHABLE, EXIT_DONE, EXIT_UNREACHABLE);
	TOGETHER(EXIT_UNREACHABLE, EXIT_DONE, EXIT_TIMED_OUT, EXIT_UNREACHABLE);
}

TEST(results_have_the_originals_names)
{
	assert_string_equal(task_result_name(TASK_RESULT_TIME_OUT), "TimeOutError");
	assert_string_equal(task_result_name(TASK_RESULT_SHUTDOWN_ABORT), "ShutdownAbort");
	assert_string_equal(task_result_name((enum task_result)77), "UnexpectedError");
}

RUN_TESTS("result", NULL, NULL)

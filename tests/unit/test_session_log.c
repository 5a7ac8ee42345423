/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/session_log.h"
#include "scratch_dir.h"
#include "unit.h"

#include <sys/stat.h>

static struct session_log_entry ended(void)
{
	return (struct session_log_entry){
		.ended_at = 1795360000,
		.login_time = 1795352800,
		.how = "logged-off",
		.texts = { [LOG_HOST] = TEXT_TRUSTED("ams1"),
			   [LOG_VM] = TEXT_TRUSTED("web01"),
			   [LOG_UUID] = TEXT_TRUSTED("6c0f6f0a-0000-4000-8000-000000000001"),
			   [LOG_USER] = TEXT_TRUSTED("alice"),
			   [LOG_SESSION] = TEXT_TRUSTED("4"),
			   [LOG_FROM] = TEXT_TRUSTED("10.0.0.7") },
	};
}

static size_t kept(struct session_log *log)
{
	struct err err = { 0 };

	if (!session_log_read(true, log, &err))
		fail_msg("%s", text_str(err_text(&err)));
	return log->count;
}

TEST_WITH(sessions_that_ended_are_read_as_they_were_kept, scratch_setup, scratch_teardown)
{
	OWN(session_log) struct session_log none = { 0 }, log = { 0 };
	const struct session_log_entry one = ended();
	OWN(bytes) char *line = session_log_line(&one);
	struct err err = { 0 };

	assert_int_equal(kept(&none), 0);
	assert_true(session_log_append(true, line, &err));
	assert_true(session_log_append(true, line, &err));
	assert_int_equal(kept(&log), 2);
	assert_int_equal(log.at[1].ended_at, one.ended_at);
	assert_int_equal(log.at[1].login_time, one.login_time);
	assert_string_equal(log.at[1].how, "logged-off");
	for (int i = 0; i < SESSION_LOG_TEXTS; i++)
		assert_string_equal(text_str(log.at[1].texts[i]), text_str(one.texts[i]));
}

TEST_WITH(a_full_file_gives_way_to_a_new_one_and_is_read_before_it, scratch_setup, scratch_teardown)
{
	OWN(session_log) struct session_log log = { 0 };
	const struct session_log_entry one = ended();
	OWN(bytes) char *line = session_log_line(&one), *much = NULL;
	const size_t count = SESSION_LOG_MAX / strlen(line) + 1;
	struct err err = { 0 };
	size_t len;
	FILE *out = mem_stream(&much, &len);

	for (size_t i = 0; i < count; i++)
		fputs(line, out);
	fclose(out);
	for (int i = 0; i < 4; i++)
		assert_true(session_log_append(true, much, &err));
	assert_int_equal(kept(&log), 2 * count);
}

TEST(lines_that_are_none_are_left_out)
{
	static const char bytes[] = "x\t1\toff\ta\tb\tc\td\te\tf\tg\n1\t2\toff\ta\tb\n\n"
				    "1\t2\toff\ta\tb\tc\td\te\tf\tg\th\n1\t-1\tof\033f\ta\tb\tc\td\te\tf\t\n"
				    "1\t2\toff\ta\tb\tc\td\te\tf\ttorn";
	OWN(session_log) struct session_log log = { 0 };

	session_log_parse(bytes, sizeof(bytes) - 1, &log);
	assert_int_equal(log.count, 1);
	assert_int_equal(log.at[0].login_time, -1);
	assert_null(strchr(log.at[0].how, '\033'));
	assert_true(text_is_empty(log.at[0].texts[LOG_FROM]));
}

RUN_TESTS("session_log", NULL, NULL)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/journal.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "scratch_dir.h"

static const struct journal_plan plan = {
	.verb = "logoff",
	.host = "alpha",
	.uri = "qemu:///system",
	.vm = "web01",
	.uuid = "6c0f6f0a-0000-4000-8000-000000000001",
	.by = "root",
};

static struct journal *begin(void)
{
	struct err err = { 0 };
	struct journal *journal = journal_create(&plan, &err);

	if (!journal)
		fail_msg("%s", err.buf);
	return journal;
}

/* What another process finds after this one died without a word. */
static void die_after(void (*deed)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		deed();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void assert_left_behind(enum journal_state state)
{
	struct journal_entries entries;
	struct err err = { 0 };
	size_t unreadable;

	assert_true(journal_read_all(false, &entries, &unreadable, &err));
	assert_int_equal(entries.count, 1);
	assert_int_equal(unreadable, 0);
	assert_string_equal(journal_state_name(entries.at[0].state), journal_state_name(state));
	assert_string_equal(text_str(entries.at[0].vm), "web01");
	assert_string_equal(text_str(entries.at[0].uuid), plan.uuid);
	assert_false(entries.at[0].alive);
	journal_entries_free(&entries);
}

static void assert_nothing_left(void)
{
	struct journal_entries entries;
	size_t unreadable;

	assert_true(journal_read_all(false, &entries, &unreadable, NULL));
	assert_int_equal(entries.count + unreadable, 0);
	journal_entries_free(&entries);
}

static void plan_only(void)
{
	begin();
}

static void begin_a_send(void)
{
	struct journal *journal = begin();

	journal_session(journal, "4", "alice", 1767268000, NULL);
	journal_sending(journal, "terminate-session 4", NULL);
}

static void see_it_sent(void)
{
	struct journal *journal = begin();

	journal_sending(journal, "terminate-session 4", NULL);
	journal_sent(journal, NULL);
}

static void a_death_before_the_first_send_leaves_not_sent(void **state)
{
	(void)state;
	die_after(plan_only);
	assert_left_behind(JOURNAL_NOT_SENT);
}

static void a_death_during_a_send_leaves_unknown(void **state)
{
	(void)state;
	die_after(begin_a_send);
	assert_left_behind(JOURNAL_UNKNOWN);
}

static void a_death_after_a_send_leaves_sent(void **state)
{
	(void)state;
	die_after(see_it_sent);
	assert_left_behind(JOURNAL_SENT);
}

static void a_task_that_ended_leaves_nothing(void **state)
{
	(void)state;
	journal_close(begin(), "S_OK", false);
	assert_nothing_left();
}

static void an_uncertain_end_stays_for_a_recheck(void **state)
{
	(void)state;
	journal_close(begin(), "VM_E_TIMED_OUT", true);
	assert_left_behind(JOURNAL_DONE);
}

static void leaving_before_anything_was_sent_leaves_nothing(void **state)
{
	(void)state;
	journal_leave(begin(), false);
	assert_nothing_left();
}

static void a_first_run_complains_of_nothing(void **state)
{
	struct journal_entries entries;
	struct err err = { 0 };
	size_t unreadable;

	(void)state;
	assert_true(journal_read_all(false, &entries, &unreadable, &err));
	assert_int_equal(entries.count, 0);
	assert_int_equal(err.kind, ERR_NONE);
}

static void a_running_task_is_told_from_an_interrupted_one(void **state)
{
	struct journal_entries entries;
	struct journal *journal = begin();
	size_t unreadable;

	(void)state;
	assert_true(journal_read_all(false, &entries, &unreadable, NULL));
	assert_true(entries.at[0].alive);
	journal_entries_free(&entries);
	journal_close(journal, "S_OK", false);
}

static void the_sessions_and_the_last_send_are_remembered(void **state)
{
	struct journal_entries entries;
	size_t unreadable;

	(void)state;
	die_after(begin_a_send);
	assert_true(journal_read_all(false, &entries, &unreadable, NULL));
	assert_int_equal(entries.at[0].sessions.count, 1);
	assert_string_equal(text_str(entries.at[0].sessions.at[0].id), "4");
	assert_string_equal(text_str(entries.at[0].sessions.at[0].user), "alice");
	assert_int_equal(entries.at[0].sessions.at[0].login_time, 1767268000);
	assert_string_equal(text_str(entries.at[0].what), "terminate-session 4");
	journal_entries_free(&entries);
}

static void a_torn_last_line_counts_as_not_written(void **state)
{
	static const char torn[] =
		"innkeeper-task 1\nvm web01\nplanned 2026-01-01T00:00:00Z -\nsending 2026-01-01T00:0";
	struct journal_entry entry;

	(void)state;
	assert_true(journal_parse(torn, sizeof(torn) - 1, &entry));
	assert_int_equal(entry.state, JOURNAL_NOT_SENT);
	journal_entry_free(&entry);
}

static void a_logon_time_that_is_none_is_unknown(void **state)
{
	static const char bytes[] = "innkeeper-task 1\nsince 5\nsession 4 alice\nsince -1\nsession 5 bob\n"
				    "since 1234567890123\nsession 6 carol\nsince 17\n";
	struct journal_entry entry;

	(void)state;
	assert_true(journal_parse(bytes, sizeof(bytes) - 1, &entry));
	assert_int_equal(entry.sessions.count, 3);
	assert_int_equal(entry.sessions.at[0].login_time, -1);
	assert_int_equal(entry.sessions.at[1].login_time, -1);
	assert_int_equal(entry.sessions.at[2].login_time, 17);
	journal_entry_free(&entry);
}

static void a_foreign_file_is_no_journal(void **state)
{
	struct journal_entry entry;

	(void)state;
	assert_false(journal_parse("", 0, &entry));
	assert_false(journal_parse("innkeeper-task 1", 16, &entry));
	assert_false(journal_parse("innkeeper-task 2\n", 17, &entry));
}

static void forgetting_takes_only_ids_of_ours(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_false(journal_forget(false, "../audit.log", &err));
	assert_int_equal(err.kind, ERR_USAGE);
	assert_false(journal_id_is_valid(""));
	assert_false(journal_id_is_valid("../1"));
}

static void forgetting_removes_one_task_once(void **state)
{
	struct journal_entries entries;
	struct err err = { 0 };
	size_t unreadable;

	(void)state;
	assert_false(journal_forget(false, "20261122-202128-1420-1", &err));
	assert_int_equal(err.kind, ERR_USAGE);
	die_after(see_it_sent);
	assert_true(journal_read_all(false, &entries, &unreadable, NULL));
	assert_true(journal_forget(false, entries.at[0].id, NULL));
	assert_false(journal_forget(false, entries.at[0].id, &err));
	assert_non_null(strstr(text_str(err_text(&err)), "there is no task"));
	journal_entries_free(&entries);
	assert_nothing_left();
}

static void the_file_is_for_our_eyes_only(void **state)
{
	struct journal *journal = begin();
	char *path = mem_printf("%s/innkeeper/tasks/%s", scratch_path, journal_id(journal));
	struct stat st;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	free(path);
	journal_close(journal, "S_OK", false);
}

static void a_directory_that_others_can_write_is_refused(void **state)
{
	char *path = mem_printf("%s/innkeeper", scratch_path);
	struct err err = { 0 };

	(void)state;
	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
	path = mem_printf("%s/innkeeper/tasks", scratch_path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0777), 0);
	free(path);
	assert_null(journal_create(&plan, &err));
	assert_int_equal(err.kind, ERR_DENIED);
}

#define journal_test(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

static void the_demo_has_a_journal_of_its_own(void **state)
{
	struct journal_plan simulated = plan;
	struct journal_entries entries;
	struct journal *journal;
	size_t unreadable;

	(void)state;
	simulated.is_simulated = true;
	journal = journal_create(&simulated, NULL);
	assert_non_null(journal);
	assert_true(journal_sending(journal, "end session 4 of alice", NULL));
	journal_leave(journal, true);
	assert_true(journal_read_all(false, &entries, &unreadable, NULL));
	assert_int_equal(entries.count, 0);
	assert_true(journal_read_all(true, &entries, &unreadable, NULL));
	assert_int_equal(entries.count, 1);
	assert_false(journal_forget(false, entries.at[0].id, NULL));
	assert_true(journal_forget(true, entries.at[0].id, NULL));
	journal_entries_free(&entries);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		journal_test(a_first_run_complains_of_nothing),
		journal_test(a_death_before_the_first_send_leaves_not_sent),
		journal_test(a_death_during_a_send_leaves_unknown),
		journal_test(a_death_after_a_send_leaves_sent),
		journal_test(a_task_that_ended_leaves_nothing),
		journal_test(an_uncertain_end_stays_for_a_recheck),
		journal_test(leaving_before_anything_was_sent_leaves_nothing),
		journal_test(a_running_task_is_told_from_an_interrupted_one),
		journal_test(the_sessions_and_the_last_send_are_remembered),
		journal_test(a_torn_last_line_counts_as_not_written),
		journal_test(a_logon_time_that_is_none_is_unknown),
		journal_test(a_foreign_file_is_no_journal),
		journal_test(forgetting_takes_only_ids_of_ours),
		journal_test(forgetting_removes_one_task_once),
		journal_test(the_file_is_for_our_eyes_only),
		journal_test(a_directory_that_others_can_write_is_refused),
		journal_test(the_demo_has_a_journal_of_its_own),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}

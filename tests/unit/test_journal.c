/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/journal.h"
#include "scratch_dir.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const struct journal_plan plan = {
	.operation = "logoff",
	.host = "alpha",
	.uri = "qemu:///system",
	.vm = "web01",
	.uuid = "6c0f6f0a-0000-4000-8000-000000000001",
	.by = "root",
	.reason = "ticket 8812",
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
	OWN(journal_entries) struct journal_entries entries;
	struct err err = { 0 };
	size_t unreadable;

	assert_true(journal_read_all(false, &entries, &unreadable, &err));
	assert_int_equal(entries.count, 1);
	assert_int_equal(unreadable, 0);
	assert_string_equal(journal_state_name(entries.at[0].state), journal_state_name(state));
	assert_string_equal(text_str(entries.at[0].vm), "web01");
	assert_string_equal(text_str(entries.at[0].uuid), plan.uuid);
	assert_string_equal(text_str(entries.at[0].reason), plan.reason);
	assert_false(entries.at[0].alive);
}

static void assert_nothing_left(void)
{
	OWN(journal_entries) struct journal_entries entries;
	size_t unreadable;

	assert_true(journal_read_all(false, &entries, &unreadable, NULL));
	assert_int_equal(entries.count + unreadable, 0);
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

TEST(a_death_before_the_first_send_leaves_not_sent)
{
	die_after(plan_only);
	assert_left_behind(JOURNAL_NOT_SENT);
}

TEST(a_death_during_a_send_leaves_unknown)
{
	die_after(begin_a_send);
	assert_left_behind(JOURNAL_UNKNOWN);
}

TEST(a_death_after_a_send_leaves_sent)
{
	die_after(see_it_sent);
	assert_left_behind(JOURNAL_SENT);
}

TEST(a_task_that_ended_leaves_nothing)
{
	journal_close(begin(), "S_OK", false);
	assert_nothing_left();
}

TEST(an_uncertain_end_stays_for_a_recheck)
{
	journal_close(begin(), "VM_E_TIMED_OUT", true);
	assert_left_behind(JOURNAL_DONE);
}

TEST(leaving_before_anything_was_sent_leaves_nothing)
{
	journal_leave(begin(), false);
	assert_nothing_left();
}

TEST(a_first_run_complains_of_nothing)
{
	struct journal_entries entries;
	struct err err = { 0 };
	size_t unreadable;

	assert_true(journal_read_all(false, &entries, &unreadable, &err));
	assert_int_equal(entries.count, 0);
	assert_int_equal(err.kind, ERR_NONE);
}

TEST(a_running_task_is_told_from_an_interrupted_one)
{
	struct journal_entries entries;
	struct journal *journal = begin();
	size_t unreadable;

	assert_true(journal_read_all(false, &entries, &unreadable, NULL));
	assert_true(entries.at[0].alive);
	journal_entries_free(&entries);
	journal_close(journal, "S_OK", false);
}

TEST(the_sessions_and_the_last_send_are_remembered)
{
	OWN(journal_entries) struct journal_entries entries;
	size_t unreadable;

	die_after(begin_a_send);
	assert_true(journal_read_all(false, &entries, &unreadable, NULL));
	assert_int_equal(entries.at[0].sessions.count, 1);
	assert_string_equal(text_str(entries.at[0].sessions.at[0].id), "4");
	assert_string_equal(text_str(entries.at[0].sessions.at[0].user), "alice");
	assert_int_equal(entries.at[0].sessions.at[0].login_time, 1767268000);
	assert_string_equal(text_str(entries.at[0].what), "terminate-session 4");
}

TEST(a_torn_last_line_counts_as_not_written)
{
	static const char torn[] =
		"innkeeper-task 1\nvm web01\nplanned 2026-01-01T00:00:00Z -\nsending 2026-01-01T00:0";
	OWN(journal_entry) struct journal_entry entry;

	assert_true(journal_parse(torn, sizeof(torn) - 1, &entry));
	assert_int_equal(entry.state, JOURNAL_NOT_SENT);
}

TEST(a_logon_time_that_is_none_is_unknown)
{
	static const char bytes[] = "innkeeper-task 1\nsince 5\nsession 4 alice\nsince -1\nsession 5 bob\n"
				    "since 1234567890123\nsession 6 carol\nsince 17\n";
	OWN(journal_entry) struct journal_entry entry;

	assert_true(journal_parse(bytes, sizeof(bytes) - 1, &entry));
	assert_int_equal(entry.sessions.count, 3);
	assert_int_equal(entry.sessions.at[0].login_time, -1);
	assert_int_equal(entry.sessions.at[1].login_time, -1);
	assert_int_equal(entry.sessions.at[2].login_time, 17);
}

TEST(a_foreign_file_is_no_journal)
{
	struct journal_entry entry;

	assert_false(journal_parse("", 0, &entry));
	assert_false(journal_parse("innkeeper-task 1", 16, &entry));
	assert_false(journal_parse("innkeeper-task 2\n", 17, &entry));
}

TEST(forgetting_takes_only_ids_of_ours)
{
	struct err err = { 0 };

	assert_err(ERR_USAGE, journal_forget(false, "../audit.log", &err));
	assert_false(journal_id_is_valid(""));
	assert_false(journal_id_is_valid("../1"));
}

TEST(forgetting_removes_one_task_once)
{
	struct journal_entries entries;
	struct err err = { 0 };
	size_t unreadable;

	assert_err(ERR_USAGE, journal_forget(false, "20261122-202128-1420-1", &err));
	die_after(see_it_sent);
	assert_true(journal_read_all(false, &entries, &unreadable, NULL));
	assert_true(journal_forget(false, entries.at[0].id, NULL));
	assert_false(journal_forget(false, entries.at[0].id, &err));
	assert_non_null(strstr(text_str(err_text(&err)), "no task '"));
	journal_entries_free(&entries);
	assert_nothing_left();
}

TEST(the_file_is_for_our_eyes_only)
{
	struct journal *journal = begin();
	char *path = keep(mem_printf("%s/innkeeper/tasks/%s", scratch_path, journal_id(journal)));
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	journal_close(journal, "S_OK", false);
}

TEST(a_directory_that_others_can_write_is_refused)
{
	char *path = mem_printf("%s/innkeeper", scratch_path);
	struct err err = { 0 };

	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
	path = mem_printf("%s/innkeeper/tasks", scratch_path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0777), 0);
	free(path);
	assert_null(journal_create(&plan, &err));
	assert_int_equal(err.kind, ERR_DENIED);
}

/* The only task that was left behind. */
static struct journal_entry *left_behind(struct journal_entries *entries)
{
	struct err err = { 0 };
	size_t unreadable;

	if (!journal_read_all(false, entries, &unreadable, &err))
		fail_msg("%s", err.buf);
	assert_int_equal(unreadable, 0);
	assert_int_equal(entries->count, 1);
	return &entries->at[0];
}

/* As long as a name can be, and of bytes that each take four when they are written down. */
static struct safe_text long_name(int i)
{
	char bytes[TEXT_CAP_USER];

	memset(bytes, 0x1b, sizeof(bytes));
	memcpy(bytes, &i, sizeof(i));
	return text_sanitize(bytes, sizeof(bytes), TEXT_CAP_USER);
}

enum { CROWD = 300 };

static void name_a_crowd(void)
{
	struct journal *journal = begin();
	char id[16];

	for (int i = 0; i < CROWD; i++) {
		OWN(text) struct safe_text name = long_name(i);

		snprintf(id, sizeof(id), "%d", i);
		if (!journal_session(journal, id, text_str(name), 1767268000, NULL))
			_exit(1);
	}
	if (!journal_sending(journal, "end session 0", NULL))
		_exit(1);
}

TEST(the_longest_names_of_three_hundred_are_read_as_they_were_written)
{
	OWN(journal_entries) struct journal_entries entries;
	struct journal_entry *entry;

	die_after(name_a_crowd);
	entry = left_behind(&entries);
	assert_int_equal(entry->state, JOURNAL_UNKNOWN);
	assert_int_equal(entry->sessions.count, CROWD);
	for (int i = 0; i < CROWD; i++) {
		OWN(text) struct safe_text name = long_name(i);

		assert_string_equal(text_str(entry->sessions.at[i].user), text_str(name));
	}
}

static void name_until_it_is_full(void)
{
	struct journal *journal = begin();
	struct safe_text name = long_name(1);
	struct err err = { 0 };
	int count = 0;

	journal_sending(journal, "end session 1", NULL);
	while (count < 1000000 && journal_session(journal, "1", text_str(name), 1, &err))
		count++;
	if (count < 4096 || count == 1000000 || !strstr(err.buf, "nothing is sent without it"))
		_exit(1);
	if (journal_sending(journal, text_str(name), NULL))
		_exit(2);
}

/* Whoever answers with ever new people gets it full, and then nobody is told any more. */
TEST(what_does_not_fit_is_refused_and_the_rest_can_be_read)
{
	OWN(journal_entries) struct journal_entries entries;
	struct journal_entry *entry;

	die_after(name_until_it_is_full);
	entry = left_behind(&entries);
	assert_int_equal(entry->state, JOURNAL_UNKNOWN);
	assert_string_equal(text_str(entry->what), "end session 1");
	assert_true(entry->sessions.count >= 4096);
}

static void name_some_and_count_the_rest(void)
{
	struct journal *journal = begin();

	journal_session(journal, "4", "alice", -1, NULL);
	journal_more(journal, 44, NULL);
	journal_session(journal, "5", "bob", -1, NULL);
	journal_more(journal, 43, NULL);
	journal_sending(journal, "end session 4 of alice", NULL);
}

TEST(those_who_could_not_be_named_are_counted)
{
	OWN(journal_entries) struct journal_entries entries;
	struct journal_entry *entry;

	die_after(name_some_and_count_the_rest);
	entry = left_behind(&entries);
	assert_int_equal(entry->sessions.count, 2);
	assert_int_equal(entry->more, 43);
}

TEST(a_count_that_is_none_is_many)
{
	static const char bytes[] = "innkeeper-task 1\nsession 4 alice\nmore x\n";
	OWN(journal_entry) struct journal_entry entry;

	assert_true(journal_parse(bytes, sizeof(bytes) - 1, &entry));
	assert_true(entry.more > 0);
}

/* Lets the file grow by so many bytes, as a disk that is nearly full does. */
static void leave_room_for(const struct journal *journal, rlim_t bytes)
{
	char *path = keep(mem_printf("%s/innkeeper/tasks/%s", scratch_path, journal_id(journal)));
	struct rlimit limit;
	struct stat st;

	if (stat(path, &st) < 0 || getrlimit(RLIMIT_FSIZE, &limit) < 0)
		_exit(1);
	limit.rlim_cur = bytes == RLIM_INFINITY ? limit.rlim_max : (rlim_t)st.st_size + bytes;
	sigaction(SIGXFSZ, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
		_exit(1);
}

static void fill_the_disk_while_sending(void)
{
	struct journal *journal = begin();

	journal_sending(journal, "end session 4 of alice", NULL);
	journal_sent(journal, NULL);
	leave_room_for(journal, 12);
	if (journal_sending(journal, "end session 5 of bob", NULL))
		_exit(1);
	leave_room_for(journal, RLIM_INFINITY);
	journal_session(journal, "6", "carol", -1, NULL);
}

/* Half a line says nothing, and the next one does not grow together with it. */
TEST(what_a_full_disk_cut_is_as_if_it_had_not_been_written)
{
	OWN(journal_entries) struct journal_entries entries;
	struct journal_entry *entry;

	die_after(fill_the_disk_while_sending);
	entry = left_behind(&entries);
	assert_int_equal(entry->state, JOURNAL_SENT);
	assert_string_equal(text_str(entry->what), "end session 4 of alice");
	assert_int_equal(entry->sessions.count, 1);
	assert_string_equal(text_str(entry->sessions.at[0].user), "carol");
}

TEST(a_journal_that_cannot_be_read_stays_in_the_list_with_its_path)
{
	char *path;
	OWN(journal_entries) struct journal_entries entries;
	size_t unreadable;

	die_after(see_it_sent);
	path = keep(mem_printf("%s/innkeeper/tasks/20991122-000000-1-2", scratch_path));
	assert_int_equal(mkdir(path, 0700), 0);
	assert_true(journal_read_all(false, &entries, &unreadable, NULL));
	assert_int_equal(unreadable, 1);
	assert_int_equal(entries.count, 2);
	assert_string_equal(entries.at[0].id, "20991122-000000-1-2");
	assert_string_equal(journal_state_name(entries.at[0].state), "unreadable");
	assert_non_null(strstr(text_str(entries.at[0].outcome), path));
	assert_int_equal(entries.at[1].state, JOURNAL_SENT);
}

TEST(the_demo_has_a_journal_of_its_own)
{
	struct journal_plan simulated = plan;
	OWN(journal_entries) struct journal_entries entries;
	struct journal *journal;
	size_t unreadable;

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
}

RUN_TESTS_EACH("journal", NULL, NULL, scratch_setup, scratch_teardown)

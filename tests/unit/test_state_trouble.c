/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Journal, audit and lock where the disk or the kernel says no: nothing is believed written, nothing half is left. */
#include "engine/audit.h"
#include "engine/choices.h"
#include "engine/journal.h"
#include "engine/state_dir.h"
#include "engine/vm_lock.h"
#include "scratch_dir.h"
#include "tests/torture/wrap.h"
#include "unit.h"

#include <errno.h>
#include <sys/stat.h>

#define ID "20261122-202128-1420-1"

/* clang-format off */
static const struct journal_plan plan = {
	.operation = "logoff", .host = "alpha", .uri = "qemu:///system", .vm = "web01", .uuid = "1", .by = "root",
};
/* clang-format on */
/* clang-format off */
static const struct audit_record record = {
	.action = "logoff", .state = "begin", .task_id = ID, .host = "alpha", .uri = "qemu:///system", .vm = "web\\01",
	.uuid = "1", .users = "alice", .result = "-", .text = "",
};
/* clang-format on */
static struct err err;
static bool failed;

FIXTURE(fresh_start)
{
	err = (struct err){ 0 };
	audit_use_socket("");
	scratch_begin();
}

FIXTURE(clean_up)
{
	wrap_begin(&(struct wrap_plan){ 0 });
	scratch_end();
}

static void let_fail(const char *call, int nth, int error)
{
	failed = false;
	err = (struct err){ 0 };
	wrap_begin(&(struct wrap_plan){ .call = call, .nth = nth, .error = error, .failed = &failed });
}

static void it_says(const char *words)
{
	assert_says(text_str(err_text(&err)), words);
}

/* Below the state directory; its folders are made. */
static char *path_of(const char *name)
{
	char *path = mem_printf("%s/innkeeper/%s", scratch_path, name);

	for (char *slash = strchr(path + strlen(scratch_path) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	return path;
}

static void write_file(const char *name, const char *bytes, size_t len)
{
	char *path = keep(path_of(name));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static void the_journal_holds(size_t tasks, size_t unreadable)
{
	OWN(journal_entries) struct journal_entries entries;
	size_t found;

	assert_true(journal_read_all(false, &entries, &found, &err));
	assert_int_equal(entries.count, tasks + unreadable);
	assert_int_equal(found, unreadable);
	for (size_t i = 0; i < entries.count; i++) {
		const bool is_unreadable = entries.at[i].state == JOURNAL_UNREADABLE;

		assert_int_equal(!text_is_empty(entries.at[i].outcome), is_unreadable);
		unreadable -= is_unreadable;
	}
	assert_int_equal(unreadable, 0);
}

/* --- the journal --- */

TEST(a_task_whose_journal_fails_at_any_call_does_not_begin_and_leaves_nothing)
{
	/* Directories first: they are made once. */

	FOR_EACH(const char *, call, "mkdirat", "openat", "flock", "write", "fsync", "renameat", "open", "fstat") {
		for (int nth = 1;; nth++) {
			struct journal *journal;

			let_fail(*call, nth, ENOSPC);
			journal = journal_create(&plan, &err);
			wrap_begin(&(struct wrap_plan){ 0 });
			if (!failed) {
				assert_true(nth > 1);
				journal_leave(journal, false);
				break;
			}
			assert_null(journal);
			assert_int_not_equal(err.kind, ERR_NONE);
			the_journal_holds(0, 0);
		}
	}
}

TEST(what_cannot_be_written_down_may_not_be_sent)
{
	struct journal *journal = journal_create(&plan, &err);

	let_fail("write", 1, ENOSPC);
	assert_false(journal_session(journal, "4", "alice", 1767268000, &err));
	it_says("nothing is sent without it");
	let_fail("write", 1, ENOSPC);
	assert_false(journal_sending(journal, "end session 4 of alice", &err));
	it_says("nothing is sent without it");
	let_fail("fsync", 1, EIO);
	assert_false(journal_sending(journal, "end session 4 of alice", &err));
	it_says("nothing is sent without it");
	journal_leave(journal, false);
}

TEST(a_signal_in_between_fails_nothing)
{
	struct journal *journal = journal_create(&plan, &err);

	let_fail("write", 1, EINTR);
	assert_true(journal_sending(journal, "end session 4 of alice", &err));
	assert_true(failed);
	let_fail("fsync", 1, EINTR);
	assert_true(journal_sent(journal, &err));
	assert_true(failed);
	journal_leave(journal, false);
	let_fail("write", 1, EINTR);
	assert_true(audit_write(&record, &err));
	assert_true(failed);
}

TEST(what_is_no_journal_is_counted_not_read)
{
	static char big[70 * 1024];
	char *path = path_of("tasks/20261122-000000-1-2");

	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
	path = path_of("tasks/20261122-000000-1-3");
	assert_int_equal(symlink("/etc/passwd", path), 0);
	free(path);
	write_file("tasks/20261122-000000-1-4", big, sizeof(big));
	write_file("tasks/20261122-000000-1-5", "innkeeper-task 1 or so\n", 23);
	write_file("tasks/20261122-000000-1-6", "innkeeper-task 1\n", 17);
	path = path_of("tasks/20261122-000000-1-6");
	assert_int_equal(truncate(path, JOURNAL_FILE_MAX + 1), 0);
	free(path);
	write_file("tasks/notes.txt", "x", 1);
	write_file("tasks/" ID, "innkeeper-task 1\nvm web01\n", 26);
	the_journal_holds(1, 5);
}

TEST(a_journal_that_cannot_be_looked_at_is_counted)
{
	write_file("tasks/" ID, "innkeeper-task 1\nvm web01\n", 26);
	let_fail("fstat", 6, EIO); /* behind those of /, tmp, the scratch directory, innkeeper and tasks */
	the_journal_holds(0, 1);
}

TEST(whoever_cannot_be_told_from_the_dead_counts_as_dead)
{
	OWN(journal_entries) struct journal_entries entries;
	size_t unreadable;

	write_file("tasks/" ID, "innkeeper-task 1\nvm web01\n", 26);
	let_fail("flock", 1, ENOLCK);
	assert_true(journal_read_all(false, &entries, &unreadable, &err));
	assert_true(failed);
	assert_false(entries.at[0].alive);
}

TEST(a_folder_that_others_can_write_is_not_read_either)
{
	struct journal_entries entries;
	size_t unreadable;
	char *path = keep(path_of("tasks/x"));

	*strrchr(path, '/') = '\0';
	assert_int_equal(chmod(path, 0777), 0);
	assert_err(ERR_DENIED, journal_read_all(false, &entries, &unreadable, &err));
	assert_err(ERR_DENIED, journal_forget(false, ID, &err));
}

TEST(what_cannot_be_forgotten_is_said_and_stays)
{
	write_file("tasks/" ID, "innkeeper-task 1\nvm web01\n", 26);
	let_fail("unlinkat", 1, EROFS);
	assert_false(journal_forget(false, ID, &err));
	it_says("cannot forget task");
	the_journal_holds(1, 0);
}

TEST(lines_that_say_less_are_read_as_far_as_they_go)
{
	static const char bytes[] = "innkeeper-task 1\nvm web01\nvmx\nsession 4\nplanned now\nsent\nsending then\n";
	char id[80];
	struct journal_entry entry;

	assert_true(journal_parse(bytes, sizeof(bytes) - 1, &entry));
	assert_string_equal(text_str(entry.vm), "web01");
	assert_int_equal(entry.sessions.count, 0);
	assert_int_equal(entry.state, JOURNAL_UNKNOWN);
	assert_string_equal(text_str(entry.changed_at), "then");
	assert_true(text_is_empty(entry.what));
	journal_entry_free(&entry);
	memset(id, '1', sizeof(id));
	id[sizeof(id) - 1] = '\0';
	assert_false(journal_id_is_valid(id));
}

/* --- the audit --- */

TEST(an_audit_that_is_not_on_the_disk_is_none)
{
	static const struct {
		const char *call;
		int nth;
	} rows[] = {
		{ "openat", 1 }, { "write", 1 }, { "fsync", 1 }, { "open", 1 }, { "fstat", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		let_fail(rows[i].call, rows[i].nth, ENOSPC);
		if (audit_write(&record, &err) || !failed)
			fail_msg("%s", rows[i].call);
		assert_int_not_equal(err.kind, ERR_NONE);
	}
}

TEST(without_a_socket_the_audit_goes_to_the_file)
{
	char *path;
	struct stat st;

	audit_use_socket("/nowhere/journal/socket");
	let_fail("socket", 1, EMFILE);
	assert_true(audit_write(&record, &err));
	assert_true(failed);
	path = keep(path_of("audit.log"));
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size > 0);
}

/* --- the state directory --- */

TEST(only_an_absolute_path_is_a_state_directory)
{
	char *home = keep(mem_strdup(getenv("HOME") ? getenv("HOME") : "/"));
	int fd;

	unsetenv("XDG_STATE_HOME");
	setenv("HOME", scratch_path, 1);
	fd = state_dir_open("tasks", true, &err);
	assert_true(fd >= 0);
	close(fd);
	setenv("XDG_STATE_HOME", "state", 1);
	fd = state_dir_open("tasks", false, &err);
	assert_true(fd >= 0);
	close(fd);
	setenv("HOME", "home", 1);
	assert_int_equal(state_dir_open("tasks", true, &err), -1);
	it_says("set one of them");
	unsetenv("HOME");
	unsetenv("XDG_STATE_HOME");
	assert_int_equal(state_dir_open("tasks", true, &err), -1);
	it_says("set one of them");
	setenv("HOME", home, 1);
}

TEST(a_directory_that_cannot_be_made_is_said)
{
	write_file("file", "x", 1);
	assert_int_equal(state_dir_open("file/tasks", true, &err), -1);
	it_says("cannot be made");
}

/* --- the lock --- */

TEST(a_lock_that_cannot_be_had_stops_the_task_and_is_not_held)
{
	static const struct {
		const char *call;
		int nth;
	} rows[] = {
		/* five directories lead to our own; then the file is looked for, and made */
		{ "openat", 5 }, { "openat", 6 }, { "linkat", 1 }, { "linkat", 2 }, { "fstat", 6 },
	};
	const struct uuid uuid = { .bytes = { 7 } };

	vm_lock_release(vm_lock_take(&uuid, false, &err)); /* directories are made once */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vm_lock *lock;

		let_fail(rows[i].call, rows[i].nth, EMFILE);
		lock = vm_lock_take(&uuid, false, &err);
		if (lock || !failed || err.kind == ERR_NONE)
			fail_msg("%s %d: %d %d %s", rows[i].call, rows[i].nth, !!lock, failed, err.buf);
		wrap_begin(&(struct wrap_plan){ 0 });
		lock = vm_lock_take(&uuid, false, &err);
		assert_non_null(lock);
		vm_lock_release(lock);
	}
}

/* --- what was chosen in the dashboard --- */

static void choose(struct choices *choices, const char *column, struct loop *loop, struct worker *disk)
{
	assert_true(choices_see(choices, CHOICE_SORT, column));
	choices_write(choices, disk);
	worker_crank(disk, NULL);
	loop_turn(loop, 0);
	assert_int_equal(choices->writing, 0);
}

static void is_found_again(const char *column)
{
	struct choices choices;

	assert_true(choices_open(&choices, false, "here", &err));
	assert_string_equal(choices.kept[CHOICE_SORT], column);
	choices_free(&choices);
	assert_true(choices_open(&choices, false, "elsewhere", &err));
	assert_null(choices.kept[CHOICE_SORT]);
	choices_free(&choices);
}

TEST(choices_whose_writing_fails_at_any_call_are_as_they_were)
{
	static const char *const calls[] = { "openat", "write", "fsync", "renameat" };
	struct loop *loop = loop_create(&err);
	struct worker *disk = worker_create(loop, "disk", 0);
	struct choices choices;

	assert_true(choices_open(&choices, false, "here", &err));
	assert_false(choices_see(&choices, CHOICE_SORT, "name"));
	choose(&choices, "cpu", loop, disk);
	is_found_again("cpu");
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		let_fail(calls[i], 1, ENOSPC);
		choose(&choices, i % 2 ? "mem" : "os", loop, disk);
		wrap_begin(&(struct wrap_plan){ 0 });
		assert_true(failed && choices.has_warned);
		is_found_again("cpu");
	}
	choose(&choices, "host", loop, disk);
	is_found_again("host");
	choices_free(&choices);
	worker_destroy(disk, 0);
	loop_destroy(loop);
}

RUN_TESTS_EACH("state, trouble", NULL, NULL, fresh_start, clean_up)

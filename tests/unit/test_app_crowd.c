/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests with more users than anybody looks at: all who are told to go are in the audit, and in the journal. */
#include "engine/audit.h"
#include "engine/journal.h"
#include "scratch_dir.h"
#include "tests/unit/app_world.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct err err;

enum { SEVENTY = 70, THREE_HUNDRED = 300, LONG_TIME_S = 3600 };

static void write_crowd(FILE *file, const char *name, const char *os, int count, const char *more)
{
	fprintf(file, "{ name = \"%s\"; os = \"%s\"; logins = (\n", name, os);
	for (int i = 0; i < count; i++)
		fprintf(file, "{ user = \"%s-user%03d\"; %s }%s\n", name, i, more, i < count - 1 ? "," : "");
	fprintf(file, "); }");
}

static char *write_fleet(void)
{
	char *path = mem_printf("%s/crowd.conf", scratch_path);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "seed = 8;\nhosts = ( { name = \"alpha\"; vms = (\n");
	write_crowd(file, "linux", "debian12", SEVENTY, "");
	fprintf(file, ",\n");
	write_crowd(file, "terminal", "windows2022", THREE_HUNDRED, "");
	fprintf(file, ",\n");
	write_crowd(file, "stubborn", "windows2022", THREE_HUNDRED, "leaves = \"never\";");
	fprintf(file, "); } );\n");
	fclose(file);
	return path;
}

FIXTURE(open_app)
{
	char *path;

	scratch_begin();
	path = keep(write_fleet());
	app_world_begin(path, 0, 3000);
}

static const struct op_params patient = { .operation = OP_LOGOFF, .logoff.timeout_s = LONG_TIME_S };

static void it_names(const char *words, size_t len, const char *vm, int count)
{
	for (int i = 0; i < count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s-user%03d", vm, i);
		if (!memmem(words, len, name, strlen(name)))
			fail_msg("%s is not named", name);
	}
}

static void the_audit_names_all(const char *vm, int count)
{
	struct task *task = begin_task(vm_named(vm), &patient);
	char *audit, *end;

	while (!task->report.complete)
		wait_ms(1000);
	if (task->report.error != S_OK)
		fail_msg("%s", text_str(task->report.error_description));
	audit = keep(read_audit());
	end = strstr(audit, "state=\"end\"");
	assert_non_null(end);
	it_names(audit, (size_t)(end - audit), vm, count);
	it_names(end, strlen(end), vm, count);
}

TEST(all_of_seventy_are_named_before_they_are_told_and_at_the_end)
{
	the_audit_names_all("linux", SEVENTY);
}

/* A line is as long as the view of the logs shows one. */
TEST(all_of_three_hundred_are_named_in_lines_that_can_be_shown)
{
	char *audit;

	the_audit_names_all("terminal", THREE_HUNDRED);
	audit = keep(read_audit());
	for (char *line = audit, *newline; *line; line = newline + 1) {
		newline = strchr(line, '\n');
		assert_non_null(newline);
		assert_in_range(newline - line, 1, TEXT_CAP_LINE);
		assert_non_null(strstr(line, "action=\"logoff\""));
	}
}

/* What the journal knows of it when we end in the middle. */
TEST(the_journal_names_or_counts_all)
{
	struct task *task = begin_task(vm_named("stubborn"), &patient);
	struct journal_entries entries;
	size_t unreadable;

	wait_until_told(task);
	assert_true(journal_read_all(true, &entries, &unreadable, &err));
	assert_int_equal(unreadable, 0);
	assert_int_equal(entries.count, 1);
	assert_int_equal(entries.at[0].sessions.count, SESSION_LIST_MAX);
	assert_int_equal(entries.at[0].more, THREE_HUNDRED - SESSION_LIST_MAX);
	assert_string_equal(text_str(entries.at[0].sessions.at[0].user), "stubborn-user000");
	journal_entries_free(&entries);
}

RUN_TESTS_EACH("app, crowds", NULL, NULL, open_app, app_world_end)

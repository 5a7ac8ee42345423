/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks that an earlier run left behind: offered, looked at again, forgotten; never done again. */
#include "engine/journal.h"
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>

#define INN SCREEN_DIR "/inn.conf"

static void open_inn(void)
{
	screen_open_demo(24, 80, INN, NULL);
	wait_for_row("web01", "running");
}

/* A log-off that never ends, and its innkeeper killed in the middle of it. */
static void given_an_innkeeper_that_was_killed(void)
{
	open_inn();
	go_to_vm("slow01");
	confirm_to_see("L", "Log off all users of slow01?", "waiting for zoe");
	screen_close();
}

static size_t tasks_in_the_journal(void)
{
	struct journal_entries entries;
	size_t unreadable, count;

	assert_true(journal_read_all(true, &entries, &unreadable, NULL));
	count = entries.count;
	journal_entries_free(&entries);
	return count;
}

TEST(what_was_interrupted_is_offered_and_looked_at_again)
{
	given_an_innkeeper_that_was_killed();
	assert_int_equal(tasks_in_the_journal(), 1);
	open_inn();
	wait_for("1 unfinished (J)");
	press_to_see("J", "Unfinished tasks");
	wait_for_row("inn/slow01", "logoff");
	wait_for("zoe (1) is "); /* still logged on, or gone: each process has its own demo */
	shows_not("─ Tasks");
	screen_close();
	assert_int_equal(tasks_in_the_journal(), 1);
}

TEST(a_forgotten_task_is_gone_from_the_disk)
{
	given_an_innkeeper_that_was_killed();
	open_inn();
	wait_for("1 unfinished (J)");
	press_to_see_row("J", "inn/slow01", "logoff");
	confirm_to_see("X", "Forget this task?", "No unfinished tasks.");
	press_to_close("Esc", "No unfinished tasks.");
	press("q");
	wait_for_end();
	screen_close();
	assert_int_equal(tasks_in_the_journal(), 0);
}

TEST(a_narrow_screen_cuts_nothing_of_it)
{
	char *row;

	given_an_innkeeper_that_was_killed();
	open_inn();
	resize(24, 40);
	press_to_see("J", "logoff: sent, end session");
	wait_for("zoe (1) is ");
	row = keep(row_text(row_of("end session") + 1));
	assert_string_equal(row, "  1 of zoe");
}

/* The same world again, but for where its VM is now. */
static void open_world(const char *here, const char *there)
{
	static const char vm[] = "name = \"web01\"; uuid = \"11111111-1111-4111-8111-111111111111\";";
	char path[sizeof(scratch_path) + 16];
	FILE *file;

	snprintf(path, sizeof(path), "%s/world.conf", scratch_path);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "hosts = ( { name = \"old\"; connect_ms = 20; vms = ( { %s %s } ); },\n", vm, here);
	fprintf(file, "{ name = \"new\"; connect_ms = 20; vms = ( { %s %s } ); } );\n", vm, there);
	assert_int_equal(fclose(file), 0);
	screen_open_demo(24, 80, path, NULL);
	wait_for("web01");
}

TEST(a_vm_that_moved_to_another_host_is_looked_at_there_or_not_at_all)
{
	static const char zoe[] =
		"os = \"windows2022\"; logins = ( { user = \"zoe\"; leaves = \"never\"; login_time = 1790000000; } );";

	open_world(zoe, "absent = true;");
	confirm_to_see("L", "Log off all users of web01?", "waiting for ");
	screen_close();
	open_world("state = \"migrated\";", "absent = true;");
	wait_for_row("web01", "migrated");
	press_to_see("J", "unknown: the VM moved to another host");
	screen_close();
	open_world("state = \"migrated\";", zoe);
	press_to_see("J", "not done: on new now: zoe (1) is still logged on");
	screen_close();
	assert_int_equal(tasks_in_the_journal(), 1);
}

TEST(a_task_of_another_host_is_not_counted)
{
	given_an_innkeeper_that_was_killed();
	open_world("state = \"running\";", "absent = true;");
	press_to_see("J", "No unfinished tasks.");
	shows_not("unfinished (J)");
	screen_close();
	assert_int_equal(tasks_in_the_journal(), 1);
}

TEST(disabled_logins_are_no_unfinished_task_and_forgotten_elsewhere_are_gone)
{
	struct journal_entries entries;
	size_t unreadable;

	screen_open_demo(24, 120, INN, NULL);
	wait_for_row("web01", "running");
	go_to_vm("web01");
	press_and_type_to_see(":", "disable-logins", "Disable logins");
	confirm_to_see("Enter", "Disable logins on web01?", "1 VM with logins disabled");
	press_to_see("J", "Unfinished tasks: 0 · finished, logins still disabled: 1");
	wait_for("disable-logins: done");
	shows_not("unfinished (J)");
	assert_true(journal_read_all(true, &entries, &unreadable, NULL));
	assert_int_equal(entries.count, 1);
	assert_true(journal_forget(true, entries.at[0].id, NULL));
	journal_entries_free(&entries);
	wait_for("No unfinished tasks.");
	wait_until_gone("with logins disabled");
}

TEST(where_nothing_was_interrupted_nothing_is_said)
{
	open_inn();
	press_to_see("J", "No unfinished tasks.");
}

RUN_TESTS_EACH("interrupted", NULL, NULL, scratch_setup, scratch_teardown)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is where: the sessions of many VMs in one list, found, marked, ended. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define EVERYBODY SCREEN_DIR "/everybody.conf"

static void open_list(int rows, int cols)
{
	screen_open_demo(rows, cols, EVERYBODY, NULL);
	wait_for_row("desk03", "running");
	press_to_see("w", "5 sessions on 3");
}

static void narrow(const char *words, const char *shown)
{
	press_to_see("/", "user, VM, host");
	type_to_see(words, shown);
	press_to_close("Enter", "Enter: apply");
}

TEST(everybody_is_listed_and_it_says_where_it_could_not_look)
{
	open_list(24, 80);
	wait_for_row("bob", "desk01");
	shows("unknown on 1");
	wait_for_row("Unknown", "mute01 (none)");
	press_to_see("Esc", "AGENT");
}

TEST(somebody_is_found_and_logged_off_wherever_he_is)
{
	open_list(24, 80);
	narrow("bob", "2 shown: bob");
	press_to_see("*", "2 marked");
	press_to_see_row("L", "Sessions", "bob on desk01, bob on desk02");
	yes_to_see("Log off 2 sessions in 2 VMs?", "2 done");
	wait_for("No session matches \"bob\".");
	press_to_see("Esc", "3 sessions on 2");
	wait_for_row("alice", "desk01");
}

TEST(esc_takes_the_filter_then_the_marks_then_the_list)
{
	open_list(24, 80);
	press_to_see("Space", "1 marked");
	narrow("bob", "2 shown: bob");
	press_to_close("Esc", "shown: bob");
	shows("1 marked");
	press_to_close("Esc", "1 marked");
	shows("5 sessions on 3");
	press_to_see("w", "AGENT");
}

TEST(of_marked_vms_one_list_is_made)
{
	screen_open_demo(24, 80, EVERYBODY, NULL);
	wait_for_row("desk03", "running");
	press_to_see("Space Space", "2 marked");
	press_to_see("u", "2 VMs  3 sessions on 2");
	shows_not("carol");
}

TEST(in_one_vm_the_session_under_the_cursor_is_meant)
{
	screen_open_demo(24, 80, EVERYBODY, NULL);
	go_to_vm("desk01");
	press_to_see("u", "2 sessions");
	press_to_see("G L", "[x] bob");
	shows("[ ] alice");
	yes_to_see("Log off some users of desk01?", "done: 1 session ended");
	wait_for("1 session,");
	shows("alice");
}

TEST(f2_shows_what_each_session_uses)
{
	open_list(24, 120);
	wait_for_row("USER", "IDLE");
	press_to_see("F2", "CPU TIME");
	wait_for_row("alice", "0:00:");
	press("F2");
	wait_until_gone("CPU TIME");
}

TEST(a_session_is_disconnected_alone)
{
	screen_open_demo(24, 80, EVERYBODY, NULL);
	go_to_vm("desk03");
	press_to_see("u", "2 sessions");
	press_and_type(":", "disconnect");
	press_to_see("Enter", "[ ] dave");
	shows("[x] carol");
	yes_to_see("Disconnect the sessions of desk03?", "done: 1");
	wait_for_row("carol", "disconnected");
}

TEST(what_is_for_vms_is_for_the_vm_of_the_session)
{
	open_list(24, 80);
	narrow("carol", "1 shown: carol");
	press_and_type(":", "message");
	press_to_see("Enter", "The message goes to all users, not only to the selected ones.");
	press_to_close("Esc", "The message goes to all users, not only to the selected ones.");
	press_to_see("R", "Reboot desk03?");
	press_to_close("Esc", "Reboot desk03?");
	press_to_see("Enter", "vCPU");
	shows("desk03");
	press_to_see("Esc", "1 shown: carol");
}

/* One of them locked, on two VMs. */
static char *write_eight_people(void)
{
	char *path = mem_printf("%s/eight.conf", scratch_path);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("hosts = ( { name = \"inn\"; connect_ms = 20; vms = (", file);
	fputs("{ name = \"many\"; os = \"windows2022\"; logins = ( { user = \"abel\"; locked = true; }", file);
	for (char letter = 'b'; letter < 'h'; letter++)
		fprintf(file, ", { user = \"%cob\"; }", letter);
	fputs("); }, { name = \"other\"; logins = ( { user = \"zoe\"; } ); } ); } );", file);
	assert_int_equal(fclose(file), 0);
	return path;
}

TEST(the_question_names_six_and_who_is_locked)
{
	char *path = keep(write_eight_people());

	screen_open_demo(30, 120, path, NULL);
	wait_for_row("other", "running");
	press_to_see("w", "8 sessions on 2");
	press_to_see("*", "8 marked");
	press_to_see("L", "Log off 8 sessions in 2 VMs?");
	wait_for("abel on many (locked)");
	wait_for("and 2 more");
	shows_not("zoe on other");
	press_to_close("Esc", "Log off 8 sessions");
}

RUN_TESTS_EACH("who is where", NULL, NULL, scratch_setup, scratch_teardown)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is where: the sessions of many VMs in one list, found, marked, ended. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define EVERYBODY SCREEN_DIR "/everybody.conf"

static struct screen *open_list(int rows, int cols)
{
	struct screen *screen = screen_open_demo(rows, cols, EVERYBODY, NULL);

	wait_for_row(screen, "desk03", "running");
	press_to_see(screen, "w", "5 sessions on 3");
	return screen;
}

static void narrow(struct screen *screen, const char *words, const char *shown)
{
	press_to_see(screen, "/", "user, VM, host");
	type_to_see(screen, words, shown);
	press_to_close(screen, "Enter", "Enter: apply");
}

TEST(everybody_is_listed_and_it_says_where_it_could_not_look)
{
	struct screen *screen = open_list(24, 80);

	wait_for_row(screen, "bob", "desk01");
	shows(screen, "unknown on 1");
	wait_for_row(screen, "Unknown", "mute01 (none)");
	press_to_see(screen, "Esc", "AGENT");
}

TEST(somebody_is_found_and_logged_off_wherever_he_is)
{
	struct screen *screen = open_list(24, 80);

	narrow(screen, "bob", "2 shown: bob");
	press_to_see(screen, "*", "2 marked");
	press_to_see_row(screen, "L", "Sessions", "bob on desk01, bob on desk02");
	yes_to_see(screen, "Log off 2 sessions in 2 VMs?", "2 done");
	wait_for(screen, "No session matches \"bob\".");
	press_to_see(screen, "Esc", "3 sessions on 2");
	wait_for_row(screen, "alice", "desk01");
}

TEST(esc_takes_the_filter_then_the_marks_then_the_list)
{
	struct screen *screen = open_list(24, 80);

	press_to_see(screen, "Space", "1 marked");
	narrow(screen, "bob", "2 shown: bob");
	press_to_close(screen, "Esc", "shown: bob");
	shows(screen, "1 marked");
	press_to_close(screen, "Esc", "1 marked");
	shows(screen, "5 sessions on 3");
	press_to_see(screen, "w", "AGENT");
}

TEST(of_marked_vms_one_list_is_made)
{
	struct screen *screen = screen_open_demo(24, 80, EVERYBODY, NULL);

	wait_for_row(screen, "desk03", "running");
	press_to_see(screen, "Space Space", "2 marked");
	press_to_see(screen, "u", "2 VMs  3 sessions on 2");
	shows_not(screen, "carol");
}

TEST(in_one_vm_the_session_under_the_cursor_is_meant)
{
	struct screen *screen = screen_open_demo(24, 80, EVERYBODY, NULL);

	go_to_vm(screen, "desk01");
	press_to_see(screen, "u", "2 sessions");
	press_to_see(screen, "G L", "[x] bob");
	shows(screen, "[ ] alice");
	yes_to_see(screen, "Log off some users of desk01?", "done: 1 session ended");
	wait_for(screen, "1 session,");
	shows(screen, "alice");
}

TEST(a_session_is_disconnected_alone)
{
	struct screen *screen = screen_open_demo(24, 80, EVERYBODY, NULL);

	go_to_vm(screen, "desk03");
	press_to_see(screen, "u", "2 sessions");
	press(screen, ":");
	type_in(screen, "disconnect");
	press_to_see(screen, "Enter", "[ ] dave");
	shows(screen, "[x] carol");
	yes_to_see(screen, "Disconnect the sessions of desk03?", "done: 1");
	wait_for_row(screen, "carol", "disconnected");
}

TEST(what_is_for_vms_is_for_the_vm_of_the_session)
{
	struct screen *screen = open_list(24, 80);

	narrow(screen, "carol", "1 shown: carol");
	press(screen, ":");
	type_in(screen, "message");
	press_to_see(screen, "Enter", "The message goes to all users, not only to the selected ones.");
	press_to_close(screen, "Esc", "The message goes to all users, not only to the selected ones.");
	press_to_see(screen, "R", "Reboot desk03?");
	press_to_close(screen, "Esc", "Reboot desk03?");
	press_to_see(screen, "Enter", "vCPU");
	shows(screen, "desk03");
	press_to_see(screen, "Esc", "1 shown: carol");
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
	char *path = write_eight_people();
	struct screen *screen = screen_open_demo(30, 120, path, NULL);

	wait_for_row(screen, "other", "running");
	press_to_see(screen, "w", "8 sessions on 2");
	press_to_see(screen, "*", "8 marked");
	press_to_see(screen, "L", "Log off 8 sessions in 2 VMs?");
	wait_for(screen, "abel on many (locked)");
	wait_for(screen, "and 2 more");
	shows_not(screen, "zoe on other");
	press_to_close(screen, "Esc", "Log off 8 sessions");
	free(path);
}

RUN_TESTS_EACH("who is where", NULL, NULL, scratch_setup, scratch_teardown)

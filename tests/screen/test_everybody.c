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
	press(screen, "w");
	wait_for(screen, "5 sessions on 3");
	return screen;
}

static void narrow(struct screen *screen, const char *words, const char *shown)
{
	press(screen, "/");
	wait_for(screen, "user, VM, host");
	type_in(screen, words);
	wait_for(screen, shown);
	press(screen, "Enter");
	wait_until_gone(screen, "Enter: apply");
}

TEST(everybody_is_listed_and_it_says_where_it_could_not_look)
{
	struct screen *screen = open_list(24, 80);

	wait_for_row(screen, "bob", "desk01");
	shows(screen, "unknown on 1");
	wait_for_row(screen, "Unknown", "mute01 (none)");
	press(screen, "Esc");
	wait_for(screen, "AGENT");
	screen_close(screen);
}

TEST(somebody_is_found_and_logged_off_wherever_he_is)
{
	struct screen *screen = open_list(24, 80);

	narrow(screen, "bob", "2 shown: bob");
	press(screen, "*");
	wait_for(screen, "2 marked");
	press(screen, "L");
	wait_for_row(screen, "Sessions", "bob on desk01, bob on desk02");
	say_yes(screen, "Log off 2 sessions in 2 VMs?");
	wait_for(screen, "2 done");
	wait_for(screen, "No session matches \"bob\".");
	press(screen, "Esc");
	wait_for(screen, "3 sessions on 2");
	wait_for_row(screen, "alice", "desk01");
	screen_close(screen);
}

TEST(esc_takes_the_filter_then_the_marks_then_the_list)
{
	struct screen *screen = open_list(24, 80);

	press(screen, "Space");
	wait_for(screen, "1 marked");
	narrow(screen, "bob", "2 shown: bob");
	press(screen, "Esc");
	wait_until_gone(screen, "shown: bob");
	shows(screen, "1 marked");
	press(screen, "Esc");
	wait_until_gone(screen, "1 marked");
	shows(screen, "5 sessions on 3");
	press(screen, "w");
	wait_for(screen, "AGENT");
	screen_close(screen);
}

TEST(of_marked_vms_one_list_is_made)
{
	struct screen *screen = screen_open_demo(24, 80, EVERYBODY, NULL);

	wait_for_row(screen, "desk03", "running");
	press(screen, "Space Space");
	wait_for(screen, "2 marked");
	press(screen, "u");
	wait_for(screen, "2 VMs  3 sessions on 2");
	shows_not(screen, "carol");
	screen_close(screen);
}

TEST(in_one_vm_the_session_under_the_cursor_is_meant)
{
	struct screen *screen = screen_open_demo(24, 80, EVERYBODY, NULL);

	go_to_vm(screen, "desk01");
	press(screen, "u");
	wait_for(screen, "2 sessions");
	press(screen, "G L");
	wait_for(screen, "[x] bob");
	shows(screen, "[ ] alice");
	say_yes(screen, "Log off some users of desk01?");
	wait_for(screen, "done: 1 session ended");
	wait_for(screen, "1 session,");
	shows(screen, "alice");
	screen_close(screen);
}

TEST(f2_shows_what_each_session_uses)
{
	struct screen *screen = open_list(24, 120);

	wait_for_row(screen, "USER", "IDLE");
	press(screen, "F2");
	wait_for_row(screen, "USER", "CPU TIME");
	wait_for_row(screen, "alice", "0:00:");
	press(screen, "F2");
	wait_until_gone(screen, "CPU TIME");
	screen_close(screen);
}

TEST(a_session_is_disconnected_alone)
{
	struct screen *screen = screen_open_demo(24, 80, EVERYBODY, NULL);

	go_to_vm(screen, "desk03");
	press(screen, "u");
	wait_for(screen, "2 sessions");
	press(screen, ":");
	type_in(screen, "disconnect");
	press(screen, "Enter");
	wait_for(screen, "[ ] dave");
	shows(screen, "[x] carol");
	say_yes(screen, "Disconnect the sessions of desk03?");
	wait_for(screen, "done: 1");
	wait_for_row(screen, "carol", "disconnected");
	screen_close(screen);
}

TEST(what_is_for_vms_is_for_the_vm_of_the_session)
{
	struct screen *screen = open_list(24, 80);

	narrow(screen, "carol", "1 shown: carol");
	press(screen, ":");
	type_in(screen, "message");
	press(screen, "Enter");
	wait_for(screen, "The message goes to all users, not only to the selected ones.");
	press(screen, "Esc");
	wait_until_gone(screen, "The message goes to all users, not only to the selected ones.");
	press(screen, "R");
	wait_for(screen, "Reboot desk03?");
	press(screen, "Esc");
	wait_until_gone(screen, "Reboot desk03?");
	press(screen, "Enter");
	wait_for(screen, "vCPU");
	shows(screen, "desk03");
	press(screen, "Esc");
	wait_for(screen, "1 shown: carol");
	screen_close(screen);
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
	press(screen, "w");
	wait_for(screen, "8 sessions on 2");
	press(screen, "*");
	wait_for(screen, "8 marked");
	press(screen, "L");
	wait_for(screen, "Log off 8 sessions in 2 VMs?");
	wait_for(screen, "abel on many (locked)");
	wait_for(screen, "and 2 more");
	shows_not(screen, "zoe on other");
	press(screen, "Esc");
	wait_until_gone(screen, "Log off 8 sessions");
	screen_close(screen);
	free(path);
}

RUN_TESTS_EACH("who is where", NULL, NULL, scratch_setup, scratch_teardown)

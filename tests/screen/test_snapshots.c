/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The snapshots of a VM on the screen: seen, taken, gone back to, deleted, by keys. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <string.h>

#define FLEET SCREEN_DIR "/snapshots.conf"

static struct screen *open_snapshots(int rows, int cols, const char *vm, const char *extra)
{
	struct screen *screen = screen_open_demo(rows, cols, FLEET, extra);

	wait_for_row(screen, "web01", "running");
	go_to_vm(screen, vm);
	press_to_see(screen, "V", ", updated");
	return screen;
}

static void wait_for_current(struct screen *screen, const char *name)
{
	wait_for_row(screen, "▸", name);
}

/* --- what is seen --- */

TEST(they_stand_as_a_tree_with_time_state_and_a_mark)
{
	struct screen *screen = open_snapshots(24, 120, "web01", NULL);

	shows(screen, "3 snapshots");
	wait_for_row(screen, "root", "shutoff");
	wait_for_row(screen, "trunk", "running");
	wait_for_row(screen, "twig", "disks only");
	wait_for_current(screen, "twig");
	shows(screen, "└─ trunk");
	shows(screen, "▸    └─ twig");
	assert_true(row_of(screen, "root") < row_of(screen, "trunk") &&
		    row_of(screen, "trunk") < row_of(screen, "twig"));
	shows(screen, "the very first");
	press_to_close(screen, "V", "3 snapshots");
}

TEST(the_details_of_a_vm_show_them_too)
{
	struct screen *screen = screen_open_demo(40, 120, FLEET, NULL);
	wait_for_row(screen, "web01", "running");
	go_to_vm(screen, "web01");
	press_to_see(screen, "Enter", "Snapshots (3)");
	wait_for_row(screen, "   └─ twig", "current");
}

TEST(in_ascii_the_tree_is_drawn_too)
{
	struct screen *screen = open_snapshots(24, 80, "web01", "--ascii");
	shows(screen, "`- trunk");
	shows(screen, ">    `- twig");
}

TEST(at_80_and_at_40_columns_what_matters_stays)
{
	struct screen *screen = open_snapshots(24, 80, "web01", NULL);

	press_to_see(screen, "Home", "the very first");
	shows(screen, "T Take snapshot  B Revert  E Delete");
	resize(screen, 10, 40);
	wait_for(screen, "SNAPSHOT");
	wait_for_current(screen, "twig");
	shows(screen, "TAKEN");
	shows_not(screen, "STATE");
}

TEST(hostile_names_do_nothing_and_lead_to_their_snapshot)
{
	struct screen *screen = open_snapshots(24, 120, "evil01", NULL);

	shows(screen, "<U+202E>toor<U+001B>]0;owned<U+0007>");
	shows(screen, "<U+001B>[2J<U+001B>[31mred");
	shows(screen, "a</name><U+000A>%s%n");
	shows(screen, "<U+003C>U+202E>");
	press(screen, "Home");
	press(screen, "E");
	yes_to_see(screen, "Delete a snapshot of evil01?", "1 snapshot,");
}

TEST(a_vm_without_any_says_so)
{
	struct screen *screen = open_snapshots(24, 80, "bare01", NULL);

	wait_for(screen, "It has no snapshots.");
	shows_not(screen, "Revert");
	press_to_see(screen, "B", "No snapshot here");
}

/* --- taking one --- */

TEST(one_is_taken_with_memory_and_is_the_current_one)
{
	struct screen *screen = open_snapshots(24, 80, "web01", NULL);

	press_to_see(screen, "T", "Saves disks and memory: the guest is paused meanwhile");
	press(screen, "^U");
	type_in(screen, "mine");
	press(screen, "Tab");
	type_to_see(screen, "for the test", "for the test");
	press(screen, "Tab");
	yes_to_see(screen, "Take a snapshot of web01?", "4 snapshots");
	wait_for_current(screen, "mine");
	wait_for_row(screen, "mine", "running");
	shows(screen, "snapshot-create");
}

TEST(that_it_cannot_be_quiesced_is_said_before_and_after)
{
	struct screen *screen = open_snapshots(24, 120, "bare01", NULL);

	press_to_see(screen, "T", "Saves disks and memory: the guest is paused meanwhile");
	press_to_see(screen, "Tab Tab Space", "Cannot be quiesced, the disks will be as after a power failure");
	shows(screen, "guest agent is connected in bare01");
	yes_to_see(screen, "Take a snapshot of bare01?", "done: not quiesced");
	wait_for(screen, "disks only");
}

TEST(without_freezing_the_disks_are_as_after_a_power_cut)
{
	struct screen *screen = open_snapshots(24, 120, "web01", NULL);

	press_to_see(screen, "T", "Saves disks and memory: the guest is paused meanwhile");
	press_to_see(screen, "Tab Tab Space", "freezes the file systems");
	press_to_see(screen, "Tab Space", "Not quiesced: the disks will be as after a power failure.");
	press_to_see(screen, "BackTab Space", "Saves disks and memory: the guest is paused meanwhile");
	press_to_close(screen, "Esc", "Take a snapshot of web01?");
	shows_not(screen, "Tasks");
}

TEST(a_name_that_cannot_be_is_not_sent)
{
	struct screen *screen = open_snapshots(24, 80, "web01", NULL);

	press_to_see(screen, "T", "Saves disks and memory: the guest is paused meanwhile");
	press(screen, "^U");
	type_in(screen, "a/b");
	press(screen, "BackTab");
	for (int tries = 0; tries < 20 && !screen_shows(screen, "without / and"); tries++) {
		press(screen, "y");
		screen_pump(screen, 100);
	}
	shows(screen, "without / and");
	shows_not(screen, "Tasks");
}

/* --- going back, deleting --- */

TEST(going_back_says_what_is_lost_and_moves_the_mark)
{
	struct screen *screen = open_snapshots(24, 80, "web01", NULL);

	press_to_see_row(screen, "Home Down B", "Snapshot", "trunk");
	shows(screen, "is lost");
	say_yes(screen, "Revert web01 to a snapshot?");
	wait_for_current(screen, "trunk");
	wait_for(screen, "done");
}

TEST(a_deleted_one_leaves_its_children)
{
	struct screen *screen = open_snapshots(24, 80, "web01", NULL);

	press_to_see(screen, "Home Down Del", "this cannot be undone.");
	yes_to_see(screen, "Delete a snapshot of web01?", "2 snapshots");
	shows_not(screen, "trunk");
	shows(screen, "twig");
}

TEST(on_a_production_host_its_name_has_to_be_typed)
{
	struct screen *screen = open_snapshots(24, 80, "till01", NULL);

	press_to_see(screen, "B", "Type \"shop\"");
	for (int tries = 0; tries < 20 && !screen_shows(screen, "To confirm, type"); tries++) {
		press(screen, "y");
		screen_pump(screen, 100);
	}
	shows(screen, "To confirm, type");
	press_to_close(screen, "Esc", "Type \"shop\"");
	shows_not(screen, "Tasks");
}

/* --- how far the host is --- */

TEST(saving_shows_how_far_it_is_and_can_be_stopped_on_the_way)
{
	struct screen *screen = open_snapshots(24, 80, "huge01", NULL);

	press(screen, ":");
	type_to_see(screen, "managedsave", "Save to disk and stop");
	press(screen, "Enter");
	yes_to_see(screen, "Save huge01 to disk and stop?", "running on host");
	wait_for(screen, " 1%");
	press(screen, "x");
	yes_to_see(screen, "Cancel this task?", "cancelled on the host: the VM is unchanged");
	press_to_see_row(screen, "Esc", "huge01", "running");
}

/* --- who may only look --- */

TEST(locked_and_read_only_show_them_and_refuse_the_keys)
{
	static const char *const modes[] = { "--lock", "-r" };

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		struct screen *screen = open_snapshots(24, 80, "web01", modes[i]);

		shows(screen, "3 snapshots");
		shows_not(screen, "Revert");
		press_to_see(screen, "B", i ? "read-only (--readonly)" : "read-only (--lock)");
		press(screen, "T");
		press_to_see(screen, "E", i ? "read-only (--readonly)" : "read-only (--lock)");
		shows_not(screen, "Tasks");
		screen_close(screen);
	}
}

TEST(from_the_palette_they_lead_to_the_view_first)
{
	struct screen *screen = screen_open_demo(24, 80, FLEET, NULL);

	wait_for_row(screen, "web01", "running");
	press(screen, ":");
	type_to_see(screen, "snapshot-revert", "Revert to snapshot");
	press_to_see(screen, "Enter", "Select the snapshot first");
	wait_for(screen, ", updated");
}

RUN_TESTS("snapshots by keys", scratch_setup, scratch_teardown)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The snapshots of a VM on the screen: seen, taken, gone back to, deleted, by keys. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define FLEET SCREEN_DIR "/snapshots.conf"

static void open_snapshots(int rows, int cols, const char *vm, const char *extra)
{
	screen_open_demo(rows, cols, FLEET, extra);
	wait_for_row("web01", "running");
	go_to_vm(vm);
	press_to_see("V", ", updated");
}

static void wait_for_current(const char *name)
{
	wait_for_row("▸", name);
}

/* --- what is seen --- */

TEST(they_stand_as_a_tree_with_time_state_and_a_mark)
{
	open_snapshots(24, 120, "web01", NULL);
	shows("3 snapshots");
	wait_for_row("root", "shutoff");
	wait_for_row("trunk", "running");
	wait_for_row("twig", "disks only");
	wait_for_current("twig");
	shows("└─ trunk");
	shows("▸    └─ twig");
	assert_true(row_of("root") < row_of("trunk") && row_of("trunk") < row_of("twig"));
	shows("the very first");
	press_to_close("V", "3 snapshots");
}

TEST(the_details_of_a_vm_show_them_too)
{
	screen_open_demo(40, 120, FLEET, NULL);
	wait_for_row("web01", "running");
	go_to_vm("web01");
	press_to_see("Enter", "Snapshots (3)");
	wait_for_row("   └─ twig", "current");
}

TEST(in_ascii_the_tree_is_drawn_too)
{
	open_snapshots(24, 80, "web01", "--ascii");
	shows("`- trunk");
	shows(">    `- twig");
}

TEST(at_80_and_at_40_columns_what_matters_stays)
{
	open_snapshots(24, 80, "web01", NULL);
	press_to_see("Home", "the very first");
	shows("T Take snapshot  B Revert  E Delete");
	resize(10, 40);
	wait_for("SNAPSHOT");
	wait_for_current("twig");
	shows("TAKEN");
	shows_not("STATE");
}

TEST(hostile_names_do_nothing_and_lead_to_their_snapshot)
{
	open_snapshots(24, 120, "evil01", NULL);
	shows("<U+202E>toor<U+001B>]0;owned<U+0007>");
	shows("<U+001B>[2J<U+001B>[31mred");
	shows("a</name><U+000A>%s%n");
	shows("<U+003C>U+202E>");
	press("Home");
	confirm_to_see("E", "Delete a snapshot of evil01?", "1 snapshot,");
}

TEST(a_vm_without_any_says_so)
{
	open_snapshots(24, 80, "bare01", NULL);
	wait_for("It has no snapshots.");
	shows_not("Revert");
	press_to_see("B", "No snapshot here");
}

/* --- taking one --- */

TEST(one_is_taken_with_memory_and_is_the_current_one)
{
	open_snapshots(24, 80, "web01", NULL);
	press_to_see("T", "Saves disks and memory: the guest is paused meanwhile");
	press_and_type("^U", "mine");
	press_and_type_to_see("Tab", "for the test", "for the test");
	confirm_to_see("Tab", "Take a snapshot of web01?", "4 snapshots");
	wait_for_current("mine");
	wait_for_row("mine", "running");
	shows("snapshot-create");
}

TEST(that_it_cannot_be_quiesced_is_said_before_and_after)
{
	open_snapshots(24, 120, "bare01", NULL);
	press_to_see("T", "Saves disks and memory: the guest is paused meanwhile");
	press_to_see("Tab Tab Space", "Cannot be quiesced, the disks will be as after a power failure");
	shows("guest agent is connected in bare01");
	yes_to_see("Take a snapshot of bare01?", "done: not quiesced");
	wait_for("disks only");
}

TEST(without_freezing_the_disks_are_as_after_a_power_cut)
{
	open_snapshots(24, 120, "web01", NULL);
	press_to_see("T", "Saves disks and memory: the guest is paused meanwhile");
	press_to_see("Tab Tab Space", "freezes the file systems");
	press_to_see("Tab Space", "Not quiesced: the disks will be as after a power failure.");
	press_to_see("BackTab Space", "Saves disks and memory: the guest is paused meanwhile");
	press_to_close("Esc", "Take a snapshot of web01?");
	shows_not("Tasks");
}

TEST(a_name_that_cannot_be_is_not_sent)
{
	open_snapshots(24, 80, "web01", NULL);
	press_to_see("T", "Saves disks and memory: the guest is paused meanwhile");
	press_and_type("^U", "a/b");
	press("BackTab");
	for (int tries = 0; tries < 20 && !screen_shows("without / and"); tries++) {
		press("y");
		screen_pump(100);
	}
	shows("without / and");
	shows_not("Tasks");
}

/* --- going back, deleting --- */

TEST(going_back_says_what_is_lost_and_moves_the_mark)
{
	open_snapshots(24, 80, "web01", NULL);
	press_to_see_row("Home Down B", "Snapshot", "trunk");
	shows("is lost");
	say_yes("Revert web01 to a snapshot?");
	wait_for_current("trunk");
	wait_for("done");
}

TEST(a_deleted_one_leaves_its_children)
{
	open_snapshots(24, 80, "web01", NULL);
	press_to_see("Home Down Del", "this cannot be undone.");
	yes_to_see("Delete a snapshot of web01?", "2 snapshots");
	shows_not("trunk");
	shows("twig");
}

TEST(on_a_production_host_its_name_has_to_be_typed)
{
	open_snapshots(24, 80, "till01", NULL);
	press_to_see("B", "Type \"shop\"");
	for (int tries = 0; tries < 20 && !screen_shows("To confirm, type"); tries++) {
		press("y");
		screen_pump(100);
	}
	shows("To confirm, type");
	press_to_close("Esc", "Type \"shop\"");
	shows_not("Tasks");
}

/* --- how far the host is --- */

TEST(saving_shows_how_far_it_is_and_can_be_stopped_on_the_way)
{
	open_snapshots(24, 80, "huge01", NULL);
	press_and_type_to_see(":", "managedsave", "Save to disk and stop");
	confirm_to_see("Enter", "Save huge01 to disk and stop?", "running on host");
	wait_for(" 1%");
	confirm_to_see("x", "Cancel this task?", "cancelled on the host: the VM is unchanged");
	press_to_see_row("Esc", "huge01", "running");
}

/* --- who may only look --- */

TEST(locked_and_read_only_show_them_and_refuse_the_keys)
{
	static const char *const modes[] = { "--lock", "-r" };

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		open_snapshots(24, 80, "web01", modes[i]);
		shows("3 snapshots");
		shows_not("Revert");
		press_to_see("B", i ? "read-only (--readonly)" : "read-only (--lock)");
		press("T");
		press_to_see("E", i ? "read-only (--readonly)" : "read-only (--lock)");
		shows_not("Tasks");
		screen_close();
	}
}

TEST(from_the_palette_they_lead_to_the_view_first)
{
	screen_open_demo(24, 80, FLEET, NULL);
	wait_for_row("web01", "running");
	press_and_type_to_see(":", "snapshot-revert", "Revert to snapshot");
	press_to_see("Enter", "Select the snapshot first");
	wait_for(", updated");
}

RUN_TESTS("snapshots by keys", scratch_setup, scratch_teardown)

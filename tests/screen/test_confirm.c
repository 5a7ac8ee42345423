/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The gate before whatever hits people: what has to be typed, what may not be pasted, and what the answer is worth. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define VAULT SCREEN_DIR "/vault.conf"

enum { PATIENCE = 40 };

static void open_vault(int rows)
{
	screen_open_demo(rows, 80, VAULT, NULL);
	wait_for_row("gold01", "running");
	wait_for("4+ users");
}

#define HOST(name, more, vms) "{ name = \"" name "\"; connect_ms = 20; " more " vms = ( " vms " ); }\n"
#define VM(name, more)        "{ name = \"" name "\"; " more " }\n"
#define ANN                   "logins = ( { user = \"ann\"; } ); "
#define PAUSED                "state = \"paused\"; "
#define FALLS_ASLEEP          "events = ( { what = \"pause\"; at = 4; } ); "
#define GOES_SOON             "transient = true; events = ( { what = \"destroy\"; at = 4; } ); "

/* A scenario of the test's own, and settings. */
static void open_world(const char *hosts, const char *settings)
{
	char *scenario = keep(mem_printf("%s/world.conf", scratch_path)),
	     *demo = keep(mem_printf("--demo=%s", scenario));
	char *config = keep(mem_printf("INNKEEPER_CONFIG=%s/innkeeper.conf", scratch_path));
	const char *const env[] = { config, NULL };
	const struct screen_options options = { .rows = 24, .cols = 80, .args = { demo }, .env = env };
	FILE *file = fopen(scenario, "w");

	assert_non_null(file);
	fprintf(file, "hosts = ( %s );\n", hosts);
	fclose(file);
	file = fopen(strchr(config, '=') + 1, "w");
	assert_non_null(file);
	fputs(settings, file);
	fclose(file);
	screen_open(&options);
}

/* Until it may be answered it takes no answer. */
static void answer_until(const char *key, const char *words)
{
	for (int times = 0; times < PATIENCE && !screen_shows(words); times++) {
		send_bytes(key, 1);
		for (int i = 0; i < 10 && !screen_shows(words); i++)
			screen_pump(50);
	}
	shows(words);
}

TEST(a_production_host_is_typed_or_nothing_goes)
{
	open_vault(30);
	press_to_see("L", "Type \"fort-knox-vault-9\"");
	answer_until("y", "To confirm, type the text in quotes first.");
	type_to_see("fort-knox", "fort-knox ");
	press("Enter"); /* where it is not the name, nothing moves on */
	wait_for("To confirm, type the text in quotes first.");
	press_to_close("Tab Right", "To confirm, type");
	answer_until("y", "To confirm, type the text in quotes first.");
	paste("-vault-9");
	type_to_see("x", "fort-knoxx");
	press_and_type("Backspace", "-vault-9");
	wait_for_row("Type \"fort-knox-vault-9\"", " fort-knox-vault-9 ");
	press_to_see("Enter", "[ Log off (y) ]");
	while (screen_shows("[ Log off (y) ]"))
		press("Enter");
	wait_for_row("gold01", "running");
}

TEST(over_several_production_hosts_the_number_is_typed)
{
	open_world(HOST("north", "production = true;",
			VM("n1", "")) "," HOST("south", "production = true;",
					       VM("s1", "")) "," HOST("west", "production = true;",
								      VM("w1", "")) "," HOST("toys", "", VM("t1", "")),
		   "");
	wait_for("4 VMs");
	wait_for_row("t1", "running");
	wait_for_row("w1", "running");
	press_to_see("* L", "Type \"4\"");
	answer_until("y", "To confirm, type the text in quotes first.");
	press_to_close("^C", "Type \"4\"");
}

TEST(more_than_the_settings_say_are_counted_by_hand)
{
	open_world(HOST("toys", "", VM("t1", ANN) "," VM("t2", ANN) "," VM("t3", PAUSED)), "confirm-above = 1;\n");
	wait_for("3 VMs");
	wait_for("2 users");
	press_to_see("* L", "Type \"3\"");
	shows("1 of 3 will be refused: t3 (paused)");
	shows("1 not running");
	answer_until("y", "To confirm, type the text in quotes first.");
	type_in("3");
	press("Enter");
	answer_until("y", "2 started, 1 refused: t3 is paused");
	shows_not("marked");
}

#define BLOCKED "agent = \"blocked\"; "

TEST(a_vm_that_cannot_be_asked_is_named_before_with_what_helps)
{
	open_world(HOST("toys", "", VM("t1", ANN) "," VM("t2", BLOCKED ANN)), "");
	wait_for_row("t2", "blocked");
	press_to_see("G L", "Log off all users of t2?");
	wait_for("The agent refuses guest-exec: in the guest, allow guest-exec");
	press_to_close("Esc", "Log off all");
	press_to_see("* L", "1 of 2 will be refused: t2 (blocked)");
	press_to_close("Esc", "Log off all");
	press_and_type(":", "trim");
	press("Enter");
	wait_for("Trim the file systems of 2 VMs?"); /* an agent command: nothing in the guest's way */
	shows_not("will be refused");
}

TEST(where_all_may_go_their_number_is_said)
{
	open_world(HOST("toys", "", VM("t1", ANN) "," VM("t2", ANN)), "confirm-above = 0;\n");
	wait_for("2 users");
	press_to_see("* L", "Log off all users of 2 VMs?");
	shows_not("Type \"");
	answer_until("y", "2 tasks started");
}

#define TEN(name) \
	VM(name "0", ANN) \
	"," VM(name "1", ANN) "," VM(name "2", ANN) "," VM(name "3", ANN) "," VM(name "4", ANN) "," VM( \
		name "5", ANN) "," VM(name "6", ANN) "," VM(name "7", ANN) "," VM(name "8", ANN) "," VM(name "9", ANN)

TEST(of_very_many_each_one_is_asked)
{
	open_world(HOST("toys", "", TEN("a") "," TEN("b") "," TEN("c") "," TEN("d")) "," HOST(
			   "inn", "production = true;", TEN("e") "," TEN("f") "," TEN("g")),
		   "");
	wait_for("70 VMs, 70 running");
	press_to_see("* L", "70 users on 70 of them");
	shows("and 64 more");
	shows("toys, inn (production)");
	press_to_close("Esc", "on 70 of them");
}

TEST(a_vm_that_goes_meanwhile_is_said_to_be_gone)
{
	open_world(HOST("toys", "", VM("stays", "") "," VM("goes", ANN GOES_SOON)), "");
	wait_for_row("goes", "running");
	press_to_see("L", "of goes?");
	wait_for("This VM no longer exists.");
	press_to_close("Esc", "no longer exists");
}

TEST(one_of_many_that_goes_meanwhile_is_counted_as_unknown)
{
	open_world(HOST("toys", "", VM("stays", ANN) "," VM("goes", ANN GOES_SOON)), "");
	wait_for_row("goes", "running");
	wait_for_row("stays", "running");
	press_to_see("* L", "users of 2 VMs?");
	wait_for("1 unknown");
	wait_for_row("VMs", "a VM that no longer exists");
	press_to_close("Esc", "of 2 VMs?");
}

TEST(what_cannot_be_done_any_more_is_said_and_refused)
{
	open_world(HOST("toys", "", VM("web", ANN FALLS_ASLEEP)), "");
	wait_for("1 user");
	press_to_see("L", "of web?");
	wait_for_row("web is paused", "");
	yes_to_see_row("of web?", "web is paused", "");
}

TEST(all_who_are_named_are_spared_however_many)
{
	open_world(HOST("toys", "", VM("t1", ANN) "," VM("t2", ANN)), "");
	wait_for("2 users");
	press_to_see("* L", "Log off all users of 2 VMs?");
	press_to_see_row("Tab Tab Tab Space", "[x]", "Only disconnected sessions");
	shows("Log off some users of 2 VMs?");
	press_to_see("Space", "Log off all users of 2 VMs?");
	press_and_type_to_see("Up", "a b c d e f g h i j k l m n o p q ann", "Log off some users of 2 VMs?");
	press("Enter");
	answer_until("y", "2 tasks started");
	wait_for("2 without users");
	shows("2 users");
}

#define CAROL_COMES \
	"logins = ( { user = \"ann\"; }, { user = \"carol\"; absent = true; } ); " \
	"events = ( { what = \"logon\"; at = 4; user = \"carol\"; } ); "
#define WAKES_LATER PAUSED "events = ( { what = \"resume\"; at = 4.5; } ); "

TEST(who_logs_on_while_the_question_waits_stays)
{
	FOR_EACH(const char *, mark, "L", "* L") {
		open_world(HOST("toys", "", VM("web", CAROL_COMES) "," VM("zzz", WAKES_LATER)),
			   "users-interval = 3600;\n");
		wait_for("1 user");
		press_to_see(*mark, "Log off all users of");
		wait_for("2 running"); /* carol is on by now */
		yes_to_see("Log off all users of", "1 session ended; 1 logged on");
		screen_close();
	}
}

TEST(who_logs_on_while_the_question_waits_stops_a_plan)
{
	open_world(HOST("toys", "", VM("web", CAROL_COMES) "," VM("zzz", WAKES_LATER)), "users-interval = 3600;\n");
	wait_for("1 user");
	press_and_type(":", "drain");
	press_to_see("Enter", "Drain web?");
	wait_for("2 running");
	yes_to_see("Drain web?", "failed: other users are logged on than when you");
	press_to_see("t", "1 logged on after you were asked");
}

TEST(an_exception_that_matches_nobody_is_asked_about)
{
	open_world(HOST("toys", "", VM("t1", ANN) "," VM("t2", ANN)), "");
	wait_for("2 users");
	press_to_see("* L", "Log off all users of 2 VMs?");
	press_and_type_to_see("Tab Tab", "ana", "Log off some users of 2 VMs?");
	press("Enter");
	answer_until("y", "No user ana is logged on to these VMs.");
	press_to_see("Down Down Down", "[ ] Continue anyway");
	for (int i = 0; i < PATIENCE && !screen_shows("[x] Continue anyway"); i++)
		press("Tab Space");
	answer_until("y", "2 tasks started");
}

TEST(the_rest_of_a_long_question_can_be_read)
{
	open_vault(15);
	press_to_see("* L", "PgDn: more");
	press_to_close("PgDn PgDn", "PgDn: more");
	press_to_see("PgUp PgUp", "PgDn: more");
	press("Up Up Down BackTab Tab");
	press("n");
}

TEST(a_message_may_be_pasted)
{
	open_vault(30);
	press_to_see("L", "Type \"fort-knox-vault-9\"");
	for (int i = 0; i < 12 && !screen_shows("Maintenance at noon"); i++) {
		press("Tab");
		paste("Maintenance at noon");
		screen_pump(200);
		while (screen_pump(50))
			;
	}
	wait_for_row("Message", "Maintenance at noon");
	assert_false(screen_shows("fort-knox-vault-9\"  Maintenance"));
}

TEST(what_asks_nothing_takes_no_yes)
{
	open_world(HOST("toys", "", VM("t1", ANN)), "");
	wait_for("1 user");
	confirm_to_see("L", "Log off all users of t1?", "1 session ended");
	press_to_see("t Enter", "[ Close ]");
	press("Tab y BackTab y PgDn");
	shows("[ Close ]");
	press_to_close("Enter", "[ Close ]");
}

RUN_TESTS("confirm", scratch_setup, scratch_teardown)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli.c - what the commands that look write: fields, forms, streams, words.
 */
#include "tests/cli/json_rows.h"
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(list_has_the_documented_fields_in_their_order)
{
	exits_in_json(EXIT_DONE, "FLEET list --json -f name:web01");
	assert_int_equal(row_count(), 1);
	fields_are("host name uuid id state agent heartbeat_percent users users_state os hostname vcpus memory_kib "
		   "cpu_percent autostart persistent stale_s tags addresses note",
		   false);
	assert_string_equal(text_of("host"), "ada");
	assert_string_equal(text_of("state"), "running");
	assert_string_equal(text_of("users_state"), "known");
	assert_int_equal(number_of("users"), 2);
	assert_true(json_is_number(field("cpu_percent")));
	assert_true(json_is_false(field("autostart")));
}

TEST(what_is_unknown_is_null_in_json_and_a_dash_in_the_table)
{
	run("FLEET list --json -f name:off01");
	read_json();
	assert_true(json_is_null(field("users")));
	assert_true(json_is_null(field("id")));
	assert_true(json_is_null(field("cpu_percent")));
	run("FLEET list -f name:off01");
	out_has("ada   off01  shutoff  off        -  -");
}

/* mute01 is named first: it is the others that must not wait. */
static void write_mute_fleet(void)
{
	run_write_file("mute.conf",
		       "hosts = ( { name = \"ada\"; vms = ( { name = \"mute01\"; agent = \"mute\"; },"
		       "{ name = \"web01\"; os = \"debian12\"; logins = ( { user = \"alice\"; } ); } ); } );");
}

TEST(a_guest_that_was_asked_and_does_not_answer_is_silent)
{
	write_mute_fleet();
	exits_in_json(EXIT_DONE, "--demo=%s list --json", run_path("mute.conf"));
	assert_string_equal(text_of("agent"), "silent");
	assert_true(json_is_null(field("users")));
	assert_non_null(strstr(text_of("note"), "did not answer"));
}

TEST(list_says_why_it_does_not_know_who_is_logged_on)
{
	run("FLEET list --json off01");
	read_json();
	assert_string_equal(text_of("note"), "the VM is not running");
	run("FLEET list --json none01");
	read_json();
	assert_string_equal(text_of("note"), "the VM has no agent channel");
	run("FLEET list --json web01");
	read_json();
	assert_true(json_is_null(field("note")));
}

TEST(list_fails_where_its_time_is_over_before_all_were_asked)
{
	exits(EXIT_TIMED_OUT, "FLEET list --wait-timeout 0");
	err_has("VMs could not be asked in time; a longer --wait-timeout may help");
	out_has("web01");
	exits(EXIT_DONE, "FLEET list");
	err_is_empty();
}

TEST(list_asks_a_thousand_guests)
{
	exits(EXIT_DONE, "--demo=fleet:10,100 list -o csv");
	err_is_empty();
	assert_null(strstr(ran.out, "was not asked"));
}

TEST(rows_come_on_a_terminal_before_a_mute_guest_is_given_up)
{
	write_mute_fleet();
	run_on_terminal("--demo=%s users", run_path("mute.conf"));
	run_leave_terminal(EXIT_MIXED);
	out_has("alice");
	assert_non_null(strstr(strstr(ran.out, "alice"), "mute01: the agent did not answer"));
}

TEST(times_are_local_in_the_table_and_have_their_offset_in_json)
{
	char *local;

	setenv("TZ", "XYZ-05:30", 1);
	run("FLEET users web01 --json");
	read_json();
	assert_string_equal(text_of("login_time") + strlen("2026-11-22T15:56:00"), "+05:30");
	local = keep(mem_printf("%.10s %.5s  ", text_of("login_time"), text_of("login_time") + strlen("2026-11-22T")));
	run("FLEET users web01");
	unsetenv("TZ");
	out_has(local);
}

TEST(a_name_with_a_wildcard_means_all_vms_that_match)
{
	prints(EXIT_DONE, "\r\nada,web01,", "FLEET list -o csv ada/*1 web01 off01");
	out_has("\r\nada,off01,");
	assert_null(strstr(ran.out, "\r\nbea,"));
	complains(EXIT_NO_VM, "no VM matches \"zz*\"", "FLEET users zz*");
	exits(EXIT_NO_VM, "FLEET ssh web*");
}

TEST(a_name_that_no_vm_has_gets_the_nearest)
{
	complains(EXIT_NO_VM, "no VM named \"wbe01\"; did you mean web01?", "FLEET list wbe01");
}

TEST(help_of_a_command_is_its_help)
{
	prints(EXIT_DONE, "Usage: innkeeper [OPTION]... logoff VM...", "help logoff");
	out_has("--except-user");
}

TEST(users_has_the_documented_fields_in_their_order)
{
	exits_in_json(EXIT_DONE, "FLEET users web01 --json");
	assert_int_equal(row_count(), 3);
	fields_are("host vm user domain session class state tty remote login_time type idle_s disconnected_since",
		   false);
	assert_string_equal(text_of("user"), "alice");
	assert_true(json_is_null(field("domain")));
}

TEST(info_begins_with_the_fields_of_list_and_holds_the_sessions)
{
	exits_in_json(EXIT_DONE, "FLEET info web01 --json");
	fields_are("host name uuid id state agent heartbeat_percent users users_state os hostname vcpus memory_kib "
		   "cpu_percent autostart persistent stale_s tags addresses",
		   true);
	assert_int_equal(json_array_size(field("sessions")), 3);
	assert_string_equal(text_of("title"), "Shop, front");
	assert_in_range(number_of("uptime_s"), 3600, INT32_MAX);
	run("FLEET info web01");
	out_has("alice (2), bob");
}

TEST(an_uptime_is_asked_for_where_a_filter_wants_it)
{
	prints(EXIT_DONE, ",web01,", "FLEET list -f uptime>1m -o csv");
	assert_null(strstr(ran.out, "off01"));
	run("FLEET list -f uptime>1000w -o csv");
	assert_null(strstr(ran.out, "web01"));
	run("FLEET -r info web01 --json");
	read_json();
	assert_true(json_is_null(field("uptime_s")));
}

/* --- CSV and tables --- */

TEST(csv_has_a_header_and_quotes_what_holds_a_comma)
{
	exits(EXIT_DONE, "FLEET users evil01 -o csv");
	out_has("host,vm,user,domain,session,class,state,tty,remote,login_time,type,idle_s,disconnected_since\r\n");
	out_has("ada,evil01,\"<U+001B>[31mmallory,\"\"x\"\"\",,");
}

TEST(no_user_is_a_formula_in_csv_and_none_is_unknown_because_he_is_called_dash)
{
	prints(EXIT_DONE, "\r\nada,sums01,'=cmd|' /C calc'!A0,,1,", "GUESTS users sums01 -o csv");
	out_has("\r\nada,sums01,'-,,2,");
	out_has("\r\nada,sums01,<U+0009>=1,,3,");
	run("GUESTS users sums01");
	out_has("ada   sums01  =cmd|' /C calc'!A0  1 ");
	out_has("ada   sums01  \"-\"                 2 ");
}

TEST(rows_are_sorted_by_a_field)
{
	run("FLEET list -o csv -s -name -f host:bea");
	assert_true(strstr(ran.out, "bea,twin") < strstr(ran.out, "bea,moving01"));
	exits(EXIT_DONE, "FLEET list -o csv -s -cpu -f host:bea");
	exits(EXIT_DONE, "FLEET info -o csv -s maxmem -f host:bea");
	complains(EXIT_USAGE, "unknown sort column colour; valid: host name uuid", "FLEET list -s colour");
	run("GUESTS --lock lock web01 off01 --dry-run -o csv -s -vm");
	assert_true(strstr(ran.out, ",web01,") < strstr(ran.out, ",off01,"));
}

TEST(nothing_that_a_guest_says_reaches_the_terminal_as_an_escape)
{
	FOR_EACH(const char *, form, "FLEET list -f name:evil01", "FLEET list --json -f name:evil01",
		 "FLEET list -o csv -f name:evil01", "FLEET users evil01", "FLEET users evil01 --json",
		 "FLEET info evil01", "FLEET info evil01 --json", "FLEET doctor evil01",
		 "FLEET logoff evil01 --dry-run") {
		run("%s", *form);
		for (const char *c = ran.out; *c; c++)
			assert_true(*c == '\n' || *c == '\r' || (unsigned char)*c >= ' ');
		assert_null(strchr(ran.err, '\x1b'));
	}
}

/* --- exit statuses --- */

TEST(a_wrong_command_line_is_2_and_says_why)
{
	static const struct {
		const char *words, *why;
	} wrong[] = {
		{ "lst", "unknown command 'lst'; did you mean 'list'?" },
		{ "list --frobnicate", "unrecognized or ambiguous option '--frobnicate'" },
		{ "list -d 0", "whole number" },
		{ "logoff", "logoff: missing VM name (or -f EXPR)" },
		{ "FLEET list -f bogus:1", "bogus" },
		{ "--config /nonexistent list", "/nonexistent" },
		{ "--demo=/nonexistent list", "/nonexistent" },
		{ "FLEET list -s nmae", "unknown sort column nmae; did you mean name?" },
		{ "FLEET list -s zzz", "valid: host name uuid id state agent heartbeat users users-state os" },
		{ "FLEET logoff web01 --yes -s nmae", "unknown sort column nmae" },
		{ "FLEET doctor -s vm", "--sort does not apply" },
		{ "FLEET list --sort=", "--sort: empty value" },
		{ "FLEET list -s -", "--sort: empty value" },
		{ "tasks -s nope", "unknown sort column nope; valid: id" },
		{ "FLEET list -G hots", "\"; valid: host, state, os, tag, none" },
		{ "FLEET start off01 -G hots", "\"; valid: host, state, os, tag, none" },
		{ "FLEET list --theme night", "unknown theme \"night\"; valid: nights" },
		{ "FLEET users --theme colour", "unknown theme \"colour\"" },
	};

	mkdir(run_path("innkeeper"), 0700);
	mkdir(run_path("innkeeper/themes"), 0700);
	run_write_file("innkeeper/themes/nights.theme", "good = \"green\";\n");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		complains(EXIT_USAGE, wrong[i].why, "%s", wrong[i].words);
		out_is("");
	}
}

TEST(what_fails_before_there_are_data_still_writes_an_array_or_a_header)
{
	FOR_EACH(const char *, command, "FLEET logoff nosuch --yes", "FLEET logoff web01",
		 "FLEET logoff -f name:nosuch --yes", "FLEET logoff web01 stuck01 --except-user nosuch --yes",
		 "FLEET list -s colour", "FLEET list -G colour", "FLEET list -f name:~[",
		 "FLEET list --config=/nonexistent", "FLEET list --theme nosuch", "--demo=/nonexistent.conf list",
		 "tasks --recheck nosuch", "tasks --forget nosuch", "FLEET info nosuch", "FLEET users nosuch",
		 "FLEET snapshots nosuch", "FLEET snapshot-delete nosuch old --yes", "FLEET doctor nosuch",
		 "FLEET logoff", "FLEET list nosuch", "-c test:///nonexistent list") {
		run("%s --json", *command);
		assert_int_not_equal(ran.status, EXIT_DONE);
		out_is("[]\n");
		run("%s -o csv", *command);
		assert_non_null(strstr(ran.out, ","));
		assert_string_equal(strstr(ran.out, "\r\n"), "\r\n");
		run("%s", *command);
		assert_null(strstr(ran.out, "[]"));
		assert_null(strstr(ran.out, ","));
	}
	run("FLEET watch -s name --json"); /* a stream of objects, of which there was none */
	out_is("");
}

TEST(locked_users_are_still_seen)
{
	prints(EXIT_DONE, "alice", "FLEET --lock users web01");
}

/* --- names --- */

TEST(a_uuid_names_a_vm)
{
	run("FLEET list --json -f name:web01");
	read_json();
	prints(EXIT_DONE, "bob", "FLEET users %s", text_of("uuid"));
}

TEST(users_without_a_name_asks_every_connected_guest)
{
	prints(EXIT_DONE, "ada,web01,alice", "FLEET users -o csv");
	out_has("bea,twin,erin");
	assert_null(strstr(ran.out, "off01"));
}

/* --- streams --- */

TEST(a_full_disk_is_an_error)
{
	FOR_EACH(const char *, command, "FLEET list", "FLEET list --json", "FLEET users web01 -o csv",
		 "FLEET info web01", "FLEET doctor web01", "--help", "--version") {
		run_with(RUN_FULL_DISK, *command);
		status_is(EXIT_UNEXPECTED);
		err_has("cannot write the output: ");
	}
}

TEST(a_reader_that_went_away_is_quiet)
{
	run_with(RUN_DEAF_READER, "FLEET list");
	status_is(EXIT_DONE);
	err_is_empty();
	run_with(RUN_DEAF_READER, "--help");
	status_is(EXIT_DONE);
	err_is_empty();
}

TEST(a_terminal_that_is_no_utf_8_one_gets_ascii)
{
	setenv("LC_ALL", "C", 1);
	run_on_terminal("FLEET info evil01");
	run_leave_terminal(EXIT_DONE);
	setenv("LC_ALL", "C.UTF-8", 1);
	out_has("Ren<U+00E9>e");
	run("FLEET info evil01");
	out_has("Renée");
}

TEST(progress_is_for_terminals_and_not_for_the_quiet)
{
	run_on_terminal("FLEET users web01");
	run_leave_terminal(EXIT_DONE);
	out_has("hosts have answered");
	run_on_terminal("FLEET -q users web01");
	run_leave_terminal(EXIT_DONE);
	assert_null(strstr(ran.out, "answered"));
	run("FLEET users web01");
	err_is_empty();
}

TEST(closed_descriptors_are_no_trap)
{
	run_with(RUN_NO_STDIN, "FLEET list");
	status_is(EXIT_DONE);
	out_has("web01");
	run_with(RUN_NO_STDERR, "FLEET list");
	status_is(EXIT_DONE);
	run_with(RUN_NO_STDOUT, "FLEET list");
	status_is(EXIT_UNEXPECTED);
	err_has("cannot write the output: ");
}

TEST(quiet_leaves_out_remarks_but_not_errors)
{
	exits(EXIT_NOBODY, "FLEET -q logoff idle01 --yes");
	err_is_empty();
	run("FLEET -q logoff off01 --yes");
	err_has("off01");
}

TEST(events_are_told_in_sentences_with_their_time)
{
	run_start("FLEET watch");
	run_wait_for_output("bea/moving01: paused (was running)\n");
	run_wait_for_output("bea/moving01: running (was paused)\n");
	run_kill(SIGINT);
	run_finish(EXIT_DONE);
	out_has(" ada: connected\n");
	assert_true(ran.out[2] == ':' && ran.out[5] == ':' && ran.out[8] == ' ');
}

TEST(events_are_told_until_it_is_interrupted)
{
	run_start("FLEET watch --json");
	json_t *event;
	char *end;

	run_wait_for_output("\"event\":\"state\"");
	run_kill(SIGINT);
	run_finish(EXIT_DONE);
	for (char *line = ran.out; *line; line = end + 1) {
		end = strchr(line, '\n');
		assert_non_null(end);
		event = json_loadb(line, (size_t)(end - line), 0, NULL);
		assert_true(json_is_object(event));
		assert_true(json_is_string(json_object_get(event, "time")));
		json_decref(event);
	}
	out_has("\"vm\":\"moving01\"");
	out_has("\"after\":\"paused\"");
}

TEST(who_logs_on_and_off_is_told_of_vms_that_are_named)
{
	char *often;

	run_write_file(
		"people.conf",
		"hosts = ( { name = \"h\"; connect_ms = 20; vms = ("
		"{ name = \"busy\"; logins = ( { user = \"ada\"; }, { user = \"nina\"; absent = true; } ); events = ("
		"{ what = \"logon\"; user = \"nina\"; at = 4; every = 8; },"
		"{ what = \"logoff\"; user = \"nina\"; at = 8; every = 8; } ); },"
		"{ name = \"other\"; events = ( { what = \"shutdown\"; at = 2; } ); } ); } );");
	run_write_file("often.conf", "users-interval = 1;");
	often = strdup(run_path("often.conf"));
	run_start("--config %s --demo=%s watch busy --json", often, run_path("people.conf"));
	free(often);
	run_wait_for_output("\"event\":\"logoff\"");
	run_kill(SIGINT);
	run_finish(EXIT_DONE);
	out_has("\"event\":\"logon\"");
	out_has("\"user\":\"nina\"");
	out_has("logged off");
	assert_null(strstr(ran.out, "ada"));
	assert_null(strstr(ran.out, "other"));
	exits(EXIT_NO_VM, "FLEET watch nosuch");
}

TEST(reboots_and_full_disks_are_told)
{
	run_write_file("trouble.conf", "hosts = ( { name = \"h\"; connect_ms = 20; vms = ("
				       "{ name = \"busy\"; events = ( { what = \"reboot\"; at = 1; } ); },"
				       "{ name = \"full\"; events = ( { what = \"disk-full\"; at = 2; } ); } ); } );");
	run_start("--demo=%s watch --json", run_path("trouble.conf"));
	run_wait_for_output("\"event\":\"reboot\"");
	run_wait_for_output("its host's disk is full: no space left for its writes");
	run_wait_for_output("\"after\":\"paused\"");
	run_kill(SIGINT);
	run_finish(EXIT_DONE);
	out_has("\"event\":\"note\"");
}

/* --- the rest --- */

TEST(the_doctor_names_what_is_wrong_and_the_remedy)
{
	exits(EXIT_DONE, "FLEET doctor web01");
	out_is("VMs: 1 ready for a log-off, 0 with problems, 0 not checked. Hosts: 1 OK, 0 with problems. --all lists "
	       "all checks.\n");
	prints(EXIT_DONE, "✓  ok    sessions", "FLEET doctor web01 --all");
	prints(EXIT_NO_AGENT, "✗  FAIL  guest-exec", "FLEET doctor blocked01");
	out_has("remedy: ");
	run("FLEET doctor blocked01 --ascii");
	out_has("x  FAIL  guest-exec");
	out_has("\nVMs: 0 ready for a log-off, 1 with problems");
	exits(EXIT_DONE, "FLEET doctor web01");
	assert_null(strstr(ran.out, "bea"));
	exits_in_json(EXIT_UNREACHABLE, "HALF doctor --json");
	fields_are("host vm check ok finding remedy", false);
}

TEST(the_doctor_says_what_to_do_about_frozen_file_systems)
{
	run_write_file("frozen.conf", "hosts = ( { name = \"ada\"; vms = ( { name = \"web01\"; os = \"debian12\"; "
				      "agent = \"frozen\"; } ); } );\n");
	exits(EXIT_TIMED_OUT, "--demo=%s doctor web01", run_path("frozen.conf"));
	out_has("✗  FAIL  agent       the guest's file systems are frozen; unknown: since when\n");
	out_has("remedy: wait until the backup is done; if none is running,\n"
		"                     thaw them: virsh domfsthaw VM\n");
}

TEST(the_doctor_says_when_locks_cannot_be_taken)
{
	char *before = keep(mem_strdup(getenv("INNKEEPER_LOCK_DIR")));

	run("-c test:///default doctor");
	assert_null(strstr(ran.out, "locks"));
	setenv("INNKEEPER_LOCK_DIR", "/nonexistent/locks", 1);
	run("-c test:///default doctor");
	out_has("✗  FAIL  locks       the directory of locks /nonexistent/locks cannot be used:\n"
		"                     No such file or directory\n");
	out_has("remedy: VMs cannot be locked, so every action is refused:\n"
		"                     correct the directory\n");
	assert_int_not_equal(ran.status, EXIT_DONE);
	setenv("INNKEEPER_LOCK_DIR", before, 1);
}

TEST(check_config_complains_with_file_and_line)
{
	char expected[256];

	run_write_file("bad.conf", "delay = 3;\ndelai = 4;\nslots = 99;\n");
	snprintf(expected, sizeof(expected), "%s:2: unknown setting delai; did you mean delay?\n",
		 run_path("bad.conf"));
	prints(EXIT_USAGE, expected, "check-config %s", run_path("bad.conf"));
	out_has(":3: slots: must be 1 to 8, not 99; using 8");
	run("check-config %s --json", run_path("bad.conf"));
	read_json();
	fields_are("file line complaint", false);
	run_write_file("bad.conf", "delay = 3;\ntheme = \"colour\";\n");
	prints(EXIT_USAGE, ":2: theme: ", "check-config %s", run_path("bad.conf"));
	out_has("unknown theme \"colour\"");
	mkdir(run_path("innkeeper"), 0700);
	mkdir(run_path("innkeeper/themes"), 0700);
	run_write_file("innkeeper/themes/nights.theme", "good = \"green\";\n");
	run_write_file("good.conf", "delay = 3;\ntheme = \"nights\";\n");
	exits(EXIT_DONE, "check-config %s", run_path("good.conf"));
	out_is("");
}

TEST(check_config_says_which_files_it_read_or_where_it_looked)
{
	exits(EXIT_DONE, "check-config");
	out_is("");
	err_has("no configuration file found, and none is needed; searched");
	err_has("/etc/innkeeper/innkeeper.conf\n");
	err_has(run_path("innkeeper/innkeeper.conf"));
	mkdir(run_path("innkeeper"), 0700);
	run_write_file("innkeeper/innkeeper.conf", "keys = {\n logoff = \"F9\";\n shutdown = \"F9\"; };\n");
	exits(EXIT_USAGE, "check-config");
	out_has("innkeeper.conf:3: key F9 is assigned to shutdown, and in line 2 to logoff; shutdown gets it");
	run_write_file("innkeeper/innkeeper.conf", "delay = 3;\n");
	complains(EXIT_DONE, "innkeeper.conf: configuration OK", "check-config");
	run("check-config -q");
	err_is_empty();
	unlink(run_path("innkeeper/innkeeper.conf"));
}

static void copy_file(const char *from, const char *to, mode_t mode)
{
	char bytes[1 << 16];
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	size_t len;

	assert_non_null(in);
	assert_non_null(out);
	while ((len = fread(bytes, 1, sizeof(bytes), in)) > 0)
		assert_int_equal(fwrite(bytes, 1, len, out), len);
	fclose(in);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(to, mode), 0);
}

TEST(the_example_configuration_is_without_fault)
{
	const char *folder = getenv("srcdir");
	char example[4096];

	snprintf(example, sizeof(example), "%s/doc/innkeeper.conf.example", folder ? folder : ".");
	copy_file(example, run_path("example.conf"), 0600); /* a clone may be group writable, which is refused */
	exits(EXIT_DONE, "check-config %s", run_path("example.conf"));
	out_is("");
}

TEST(the_configuration_locks_and_an_unreadable_one_stops_commands)
{
	run_write_file("lock.conf", "lock = true;\n");
	exits(EXIT_DENIED, "--config %s FLEET logoff web01 --yes", run_path("lock.conf"));
	run_write_file("broken.conf", "lock = = true;\n");
	complains(EXIT_USAGE, "line 1", "--config %s FLEET logoff web01 --yes", run_path("broken.conf"));
}

TEST(help_and_version_are_given)
{
	prints(EXIT_DONE, "Usage: innkeeper", "--help");
	out_has("how to report a bug");
	run("logoff --help");
	out_has("--grace SEC");
	prints(EXIT_DONE, "innkeeper ", "-V");
	out_has("License GPL-2.0-or-later");
	out_has("NO WARRANTY");
}

TEST(help_fits_80_columns_and_lists_no_empty_options)
{
	FOR_EACH(const char *, command, "", "logoff", "drain", "snapshot-create", "watch", "ssh", "viewer") {
		exits(EXIT_DONE, "%s --help", *command);
		for (const char *line = ran.out; *line; line += strcspn(line, "\n") + 1)
			assert_in_range(strcspn(line, "\n"), 0, 80);
	}
	assert_null(strstr(ran.out, "Options of viewer"));
	out_has("General options: innkeeper --help");
}

TEST(a_copy_that_borrows_rights_refuses)
{
	const char *program = getenv("INNKEEPER");

	if (geteuid() != 0)
		skip();
	copy_file(program ? program : "./innkeeper", run_path("borrowed"), 0755);
	assert_int_equal(chown(run_path("borrowed"), 65534, 65534), 0);
	assert_int_equal(chmod(run_path("borrowed"), 04755), 0);
	assert_int_equal(chmod(run_path("."), 0755), 0);
	run_program = run_path("borrowed");
	run("--demo list");
	run_program = NULL;
	err_has("setuid");
#ifndef __SANITIZE_ADDRESS__ /* LeakSanitizer cannot look into such a process, and ends it with a status of its own */
	status_is(EXIT_DENIED);
#endif
}

/* --- secrets --- */

static void the_secret_is_not_in(const char *text)
{
	assert_null(strstr(text, "geheim"));
}

static const char *read_whole(const char *path)
{
	static char text[1 << 16];
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return text;
}

TEST(a_reason_is_told_and_recorded)
{
	const char *audit;

	run_write_file("messages.conf",
		       "messages = ( { name = \"patch\"; text = \"{vm} ends in {minutes} min: {reason}\"; } );");
	run("FLEET message web01 --config %s --message @patch --reason ticket-8812 --yes --json",
	    run_path("messages.conf"));
	status_is(EXIT_DONE);
	read_json();
	assert_string_equal(text_of("reason"), "ticket-8812");
	audit = read_whole(run_path("innkeeper/demo/audit.log"));
	assert_says(audit, "action=\"message\" state=\"begin\"");
	assert_says(audit, "text=\"ticket-8812\"");
	run("FLEET message web01 --config %s --message @pacth --yes", run_path("messages.conf"));
	status_is(EXIT_USAGE);
	err_has("no message is called @pacth in the configuration");
}

TEST(a_password_in_a_uri_is_told_to_nobody)
{
	static const char *const uris[] = {
		"test://somebody:geheim@/default",
		"qemu+tcp://somebody:geheim@127.0.0.1:1/system",
		"nonsense://somebody:geheim@nowhere/system",
	};
	static const char *const commands[] = { "list", "list --json", "doctor", "suspend test --yes" };

	for (size_t i = 0; i < ARRAY_SIZE(uris) * ARRAY_SIZE(commands); i++) {
		run("-c %s --log=%s %s", uris[i % ARRAY_SIZE(uris)], run_path("log"), commands[i / ARRAY_SIZE(uris)]);
		the_secret_is_not_in(ran.out);
		the_secret_is_not_in(ran.err);
	}
	the_secret_is_not_in(read_whole(run_path("log")));
	assert_non_null(strstr(read_whole(run_path("innkeeper/audit.log")), "uri=\"test://somebody@/default\""));
	the_secret_is_not_in(read_whole(run_path("innkeeper/audit.log")));
}

TEST(whoever_may_hold_a_password_leaves_no_core)
{
	const pid_t pid = run_start("-c test://somebody:geheim@/default watch");
	char limits[64];

	snprintf(limits, sizeof(limits), "/proc/%d/limits", (int)pid);
	while (!strstr(read_whole(limits), "Max core file size        0                    0 "))
		poll(NULL, 0, 20);
	run_kill(SIGINT);
	run_finish(EXIT_DONE);
}

TEST(the_environment_starts_no_program)
{
	setenv("LIBVIRT_DEFAULT_URI", "qemu+ext:///system?command=/bin/true", 1);
	run("list");
	unsetenv("LIBVIRT_DEFAULT_URI");
	status_is(EXIT_USAGE);
	err_has("would start a program");
}

RUN_TESTS("cli", run_set_up, run_tear_down)

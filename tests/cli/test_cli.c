/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli.c - the commands as a script meets them: exit status, data on stdout, words on stderr.
 */
#include "unit/unit.h"

#include "run.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- JSON --- */

static json_t *rows;

static void read_json(void)
{
	json_error_t error;

	json_decref(rows);
	rows = json_loads(ran.out, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_array(rows))
		fail_msg("no JSON array: %s\n%s", error.text, ran.out);
}

static json_t *first_row(void)
{
	assert_true(json_array_size(rows) > 0);
	return json_array_get(rows, 0);
}

static const char *text_of(const char *field)
{
	return json_string_value(json_object_get(first_row(), field));
}

/* Their names and their order; fields that come behind are welcome where `more`. */
static void fields_are(const char *names, bool more)
{
	char found[1024] = "";
	const char *name;
	json_t *value;
	size_t len = 0;

	json_object_foreach(first_row(), name, value)
		len += (size_t)snprintf(found + len, sizeof(found) - len, "%s%s", len ? " " : "", name);
	if (more && len > strlen(names))
		found[strlen(names)] = '\0';
	assert_string_equal(found, names);
}

static void list_has_the_documented_fields_in_their_order(void **state)
{
	(void)state;
	run("FLEET list --json -f name:web01");
	status_is(EXIT_DONE);
	read_json();
	assert_int_equal(json_array_size(rows), 1);
	fields_are("host name uuid id state agent heartbeat_percent users users_state os hostname vcpus memory_kib cpu_percent "
		   "autostart persistent stale_s",
		   false);
	assert_string_equal(text_of("host"), "ada");
	assert_string_equal(text_of("state"), "running");
	assert_string_equal(text_of("users_state"), "known");
	assert_int_equal(json_integer_value(json_object_get(first_row(), "users")), 2);
	assert_true(json_is_number(json_object_get(first_row(), "cpu_percent")));
	assert_true(json_is_false(json_object_get(first_row(), "autostart")));
}

static void what_is_unknown_is_null_in_json_and_a_dash_in_the_table(void **state)
{
	(void)state;
	run("FLEET list --json -f name:off01");
	read_json();
	assert_true(json_is_null(json_object_get(first_row(), "users")));
	assert_true(json_is_null(json_object_get(first_row(), "id")));
	assert_true(json_is_null(json_object_get(first_row(), "cpu_percent")));
	run("FLEET list -f name:off01");
	out_has("ada   off01  shutoff  off        -  -");
}

static void users_has_the_documented_fields_in_their_order(void **state)
{
	(void)state;
	run("FLEET users web01 --json");
	status_is(EXIT_DONE);
	read_json();
	assert_int_equal(json_array_size(rows), 3);
	fields_are("host vm user domain session class state tty remote login_time", false);
	assert_string_equal(text_of("user"), "alice");
	assert_true(json_is_null(json_object_get(first_row(), "domain")));
}

static void info_begins_with_the_fields_of_list_and_holds_the_sessions(void **state)
{
	(void)state;
	run("FLEET info web01 --json");
	status_is(EXIT_DONE);
	read_json();
	fields_are("host name uuid id state agent heartbeat_percent users users_state os hostname vcpus memory_kib cpu_percent "
		   "autostart persistent stale_s",
		   true);
	assert_int_equal(json_array_size(json_object_get(first_row(), "sessions")), 3);
	assert_string_equal(text_of("title"), "Shop, front");
	run("FLEET info web01");
	out_has("alice (2), bob");
}

static void a_log_off_has_the_documented_fields_in_their_order(void **state)
{
	(void)state;
	run("FLEET logoff bea/twin --yes --json");
	status_is(EXIT_DONE);
	read_json();
	assert_int_equal(json_array_size(rows), 1);
	fields_are("id host vm uuid verb description percent complete cancelable result result_name error error_name "
		   "error_description sessions_before sessions_after started elapsed_ms",
		   false);
	assert_int_equal(json_integer_value(json_object_get(first_row(), "result")), 0);
	assert_int_equal(json_integer_value(json_object_get(first_row(), "percent")), 100);
	assert_true(json_is_true(json_object_get(first_row(), "complete")));
	assert_string_equal(text_of("result_name"), "Success");
	assert_string_equal(text_of("error"), "0x00000000");
	assert_int_equal(json_integer_value(json_object_get(first_row(), "sessions_before")), 1);
	assert_int_equal(json_integer_value(json_object_get(first_row(), "sessions_after")), 0);
}

/* --- CSV and tables --- */

static void csv_has_a_header_and_quotes_what_holds_a_comma(void **state)
{
	(void)state;
	run("FLEET users evil01 -o csv");
	status_is(EXIT_DONE);
	out_has("host,vm,user,domain,session,class,state,tty,remote,login_time\r\n");
	out_has("ada,evil01,\"<U+001B>[31mmallory,\"\"x\"\"\",-,");
}

static void rows_are_sorted_by_a_field(void **state)
{
	(void)state;
	run("FLEET list -o csv -s -name -f host:bea");
	assert_true(strstr(ran.out, "bea,twin") < strstr(ran.out, "bea,moving01"));
	run("FLEET list -s colour");
	status_is(EXIT_USAGE);
	err_has("there is no column colour");
}

static void nothing_that_a_guest_says_reaches_the_terminal_as_an_escape(void **state)
{
	static const char *const forms[] = {
		"FLEET list -f name:evil01", "FLEET list --json -f name:evil01", "FLEET list -o csv -f name:evil01",
		"FLEET users evil01", "FLEET users evil01 --json", "FLEET info evil01", "FLEET info evil01 --json",
		"FLEET doctor evil01", "FLEET logoff evil01 --dry-run",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		run(forms[i]);
		for (const char *c = ran.out; *c; c++)
			assert_true(*c == '\n' || *c == '\r' || (unsigned char)*c >= ' ');
		assert_null(strchr(ran.err, '\x1b'));
	}
}

/* --- exit statuses --- */

static void users_who_were_logged_off_are_0(void **state)
{
	(void)state;
	run("FLEET logoff web01 --user bob --yes");
	status_is(EXIT_DONE);
	out_has("done");
	err_is_empty();
}

static void a_wrong_command_line_is_2_and_says_why(void **state)
{
	static const struct {
		const char *words, *why;
	} wrong[] = {
		{ "lst", "did you mean list?" },
		{ "list --frobnicate", "no option" },
		{ "list -d 0", "whole number" },
		{ "logoff", "which VM?" },
		{ "FLEET list -f bogus:1", "bogus" },
		{ "--config /nonexistent list", "/nonexistent" },
		{ "--demo=/nonexistent list", "/nonexistent" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		run(wrong[i].words);
		status_is(EXIT_USAGE);
		err_has(wrong[i].why);
		out_is("");
	}
}

static void a_vm_that_is_not_there_is_3(void **state)
{
	(void)state;
	run("FLEET logoff nosuch --yes");
	status_is(EXIT_NO_VM);
	err_has("nosuch");
	run("FLEET logoff -f name:nosuch --yes");
	status_is(EXIT_NO_VM);
}

static void one_wrong_name_among_several_stops_all_of_them(void **state)
{
	(void)state;
	run("FLEET destroy web01 nosuch --yes");
	status_is(EXIT_NO_VM);
	out_is("");
}

static void a_vm_that_does_not_run_is_4(void **state)
{
	(void)state;
	run("FLEET logoff off01 --yes");
	status_is(EXIT_NOT_RUNNING);
	err_has("off01 is not running");
	run("FLEET logoff paused01 --yes --json");
	status_is(EXIT_NOT_RUNNING);
	read_json();
	assert_string_equal(text_of("error_name"), "VM_E_VM_PAUSED");
	assert_string_equal(text_of("error"), "0xa0040507");
}

static void a_guest_without_the_means_is_5(void **state)
{
	static const char *const vms[] = { "none01", "down01", "blocked01" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vms); i++) {
		run("FLEET logoff %s --yes", vms[i]);
		status_is(EXIT_NO_AGENT);
		err_has(vms[i]);
	}
}

static void what_is_not_permitted_is_6(void **state)
{
	(void)state;
	run("FLEET -r logoff web01 --yes");
	status_is(EXIT_DENIED);
	err_has("read-only");
	run("FLEET --lock logoff web01 --yes");
	status_is(EXIT_DENIED);
	err_has("--lock");
	run("FLEET --lock destroy web01 --yes");
	status_is(EXIT_DENIED);
	run("FLEET logoff denied01 --yes");
	status_is(EXIT_DENIED);
	run("FLEET -r users web01");
	status_is(EXIT_DENIED);
}

static void locked_users_are_still_seen(void **state)
{
	(void)state;
	run("FLEET --lock users web01");
	status_is(EXIT_DONE);
	out_has("alice");
}

static void sessions_that_remain_at_the_deadline_are_7_and_are_named(void **state)
{
	(void)state;
	run("FLEET logoff stuck01 --timeout 2 --yes");
	status_is(EXIT_TIMED_OUT);
	err_has("dora");
}

static void a_wait_that_ends_first_reports_the_task_as_it_stands(void **state)
{
	(void)state;
	run("FLEET logoff stuck01 --wait-timeout 0 --yes --json");
	status_is(EXIT_TIMED_OUT);
	read_json();
	assert_true(json_is_false(json_object_get(first_row(), "complete")));
	assert_true(json_is_null(json_object_get(first_row(), "result")));
	assert_true(json_integer_value(json_object_get(first_row(), "percent")) < 100);
}

static void nobody_logged_on_is_8(void **state)
{
	(void)state;
	run("FLEET logoff idle01 --yes --json");
	status_is(EXIT_NOBODY);
	read_json();
	assert_string_equal(text_of("error"), "0x80070520");
	assert_int_equal(json_integer_value(json_object_get(first_row(), "result")), 0);
}

static void done_and_nobody_together_are_0(void **state)
{
	(void)state;
	run("FLEET logoff idle01 bea/twin --yes");
	status_is(EXIT_DONE);
}

static void an_interrupt_in_the_grace_period_cancels_and_is_9(void **state)
{
	pid_t pid = run_on_terminal("FLEET logoff web01 --grace 60 --yes");

	(void)state;
	run_wait_for_screen("warned, waiting");
	kill(pid, SIGINT);
	run_leave_terminal(pid);
	status_is(EXIT_CANCELLED);
	out_has("cancelled");
}

static void several_vms_that_ended_differently_are_10(void **state)
{
	(void)state;
	run("FLEET logoff bea/twin off01 --yes --json");
	status_is(EXIT_MIXED);
	read_json();
	assert_int_equal(json_array_size(rows), 2);
}

static void a_host_that_cannot_be_reached_is_11_and_the_others_are_served(void **state)
{
	(void)state;
	run("HALF list");
	status_is(EXIT_UNREACHABLE);
	out_has("web01");
	err_has("gone cannot be reached");
	run("HALF logoff web01 --yes");
	status_is(EXIT_UNREACHABLE);
	out_has("done");
}

/* --- names --- */

static void a_name_on_two_hosts_is_an_error_that_lists_both(void **state)
{
	(void)state;
	run("FLEET logoff twin --yes");
	status_is(EXIT_USAGE);
	err_has("ada/twin");
	err_has("bea/twin");
	run("FLEET users bea/twin");
	status_is(EXIT_DONE);
	out_has("erin");
}

static void a_uuid_names_a_vm(void **state)
{
	(void)state;
	run("FLEET list --json -f name:web01");
	read_json();
	run("FLEET users %s", text_of("uuid"));
	status_is(EXIT_DONE);
	out_has("bob");
}

static void a_vm_named_twice_is_served_once(void **state)
{
	(void)state;
	run("FLEET logoff idle01 ada/idle01 --yes --json");
	read_json();
	assert_int_equal(json_array_size(rows), 1);
}

static void a_filter_chooses_and_asks_the_guests_for_what_only_they_know(void **state)
{
	(void)state;
	run("FLEET logoff -f user:erin --dry-run --json");
	status_is(EXIT_DONE);
	read_json();
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(text_of("host"), "bea");
}

static void users_without_a_name_asks_every_connected_guest(void **state)
{
	(void)state;
	run("FLEET users -o csv");
	status_is(EXIT_DONE);
	out_has("ada,web01,alice");
	out_has("bea,twin,erin");
	assert_null(strstr(ran.out, "off01"));
}

/* --- asking first --- */

static void without_a_terminal_it_wants_yes_before_it_asks_any_host(void **state)
{
	static const char *const verbs[] = { "logoff", "shutdown", "reboot", "reset", "destroy", "suspend", "managedsave" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		run("HALF %s web01", verbs[i]);
		status_is(EXIT_USAGE);
		err_has("--yes");
		out_is("");
	}
}

static void starting_and_resuming_ask_nobody(void **state)
{
	(void)state;
	run("FLEET start off01");
	status_is(EXIT_DONE);
	run("FLEET resume paused01");
	status_is(EXIT_DONE);
}

static void a_dry_run_tells_who_would_go_and_needs_no_yes(void **state)
{
	(void)state;
	run("FLEET logoff web01 --dry-run");
	status_is(EXIT_DONE);
	out_has("would be done");
	out_has("alice");
	run("FLEET destroy web01 off01 --dry-run --json");
	status_is(EXIT_MIXED);
	read_json();
	assert_true(json_is_null(json_object_get(first_row(), "id")));
}

static void on_a_terminal_the_question_names_vm_host_and_users(void **state)
{
	pid_t pid = run_on_terminal("FLEET logoff web01");

	(void)state;
	run_wait_for_screen("[y/N]");
	run_type("y\n");
	run_leave_terminal(pid);
	status_is(EXIT_DONE);
	out_has("ada/web01: alice (2), bob");
	out_has("done");
}

static void declining_does_nothing_and_is_9(void **state)
{
	static const char *const answers[] = { "n\n", "\n", "x\n", "\x04" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		pid_t pid = run_on_terminal("FLEET destroy web01");

		run_wait_for_screen("[y/N]");
		run_type(answers[i]);
		run_leave_terminal(pid);
		status_is(EXIT_CANCELLED);
		out_has("nothing was done");
	}
}

static void what_was_typed_before_the_question_confirms_nothing(void **state)
{
	pid_t pid = run_on_terminal("FLEET destroy web01");

	(void)state;
	run_type("y\ny\n");
	run_wait_for_screen("[y/N]");
	run_type("n\n");
	run_leave_terminal(pid);
	status_is(EXIT_CANCELLED);
}

static void a_production_host_wants_its_name(void **state)
{
	pid_t pid = run_on_terminal("FLEET destroy shop01");

	(void)state;
	run_wait_for_screen("type its name");
	run_type("y\n");
	run_leave_terminal(pid);
	status_is(EXIT_CANCELLED);
	pid = run_on_terminal("FLEET destroy shop01");
	run_wait_for_screen("type its name");
	run_type("prod\n");
	run_leave_terminal(pid);
	status_is(EXIT_DONE);
}

static void more_vms_than_the_limit_want_their_number(void **state)
{
	pid_t pid;

	(void)state;
	run_write_file("limit.conf", "confirm-above = 1;");
	setenv("INNKEEPER_CONFIG", run_path("limit.conf"), 1);
	pid = run_on_terminal("FLEET destroy web01 idle01");
	run_wait_for_screen("type the number");
	run_type("2\n");
	run_leave_terminal(pid);
	unsetenv("INNKEEPER_CONFIG");
	status_is(EXIT_DONE);
}

static void nobody_is_asked_where_nothing_may_be_done(void **state)
{
	pid_t pid = run_on_terminal("FLEET -r destroy web01");

	(void)state;
	run_leave_terminal(pid);
	status_is(EXIT_DENIED);
	assert_null(strstr(ran.out, "[y/N]"));
}

/* --- streams --- */

static void a_full_disk_is_an_error(void **state)
{
	static const char *const commands[] = { "FLEET list", "FLEET list --json", "FLEET users web01 -o csv", "FLEET info web01",
						"FLEET doctor web01", "--help", "--version" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		run_with(RUN_FULL_DISK, commands[i]);
		status_is(EXIT_UNEXPECTED);
		err_has("could not be written");
	}
}

static void a_reader_that_went_away_is_quiet(void **state)
{
	(void)state;
	run_with(RUN_DEAF_READER, "FLEET list");
	status_is(EXIT_DONE);
	err_is_empty();
	run_with(RUN_DEAF_READER, "--help");
	status_is(EXIT_DONE);
	err_is_empty();
}

static void closed_descriptors_are_no_trap(void **state)
{
	(void)state;
	run_with(RUN_NO_STDIN, "FLEET list");
	status_is(EXIT_DONE);
	out_has("web01");
	run_with(RUN_NO_STDERR, "FLEET list");
	status_is(EXIT_DONE);
	run_with(RUN_NO_STDOUT, "FLEET list");
	status_is(EXIT_UNEXPECTED);
	err_has("could not be written");
}

static void quiet_leaves_out_remarks_but_not_errors(void **state)
{
	(void)state;
	run("FLEET -q logoff idle01 --yes");
	status_is(EXIT_NOBODY);
	err_is_empty();
	run("FLEET -q logoff off01 --yes");
	err_has("off01");
}

static void events_are_told_until_it_is_interrupted(void **state)
{
	pid_t pid = run_start("FLEET watch --json");
	json_t *event;
	char *end;

	(void)state;
	run_wait_for_output("\"event\":\"state\"");
	kill(pid, SIGINT);
	run_finish(pid);
	status_is(EXIT_DONE);
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

/* --- the rest --- */

static void the_doctor_names_what_is_wrong_and_the_remedy(void **state)
{
	(void)state;
	run("FLEET doctor web01");
	status_is(EXIT_DONE);
	out_has("✓  ok    sessions");
	run("FLEET doctor blocked01");
	status_is(EXIT_NO_AGENT);
	out_has("✗  FAIL  guest-exec");
	out_has("remedy: ");
	run("FLEET doctor blocked01 --ascii");
	out_has("x  FAIL  guest-exec");
	run("HALF doctor --json");
	status_is(EXIT_UNREACHABLE);
	read_json();
	fields_are("host vm check ok finding remedy", false);
}

static void check_config_complains_with_file_and_line(void **state)
{
	char expected[256];

	(void)state;
	run_write_file("bad.conf", "delay = 3;\ndelai = 4;\nslots = 99;\n");
	snprintf(expected, sizeof(expected), "%s:2: there is no setting delai; did you mean delay?\n", run_path("bad.conf"));
	run("check-config %s", run_path("bad.conf"));
	status_is(EXIT_USAGE);
	out_has(expected);
	out_has(":3: slots takes 1 to 8");
	run("check-config %s --json", run_path("bad.conf"));
	read_json();
	fields_are("file line complaint", false);
	run_write_file("good.conf", "delay = 3;\n");
	run("check-config %s", run_path("good.conf"));
	status_is(EXIT_DONE);
	out_is("");
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

static void the_example_configuration_is_without_fault(void **state)
{
	const char *folder = getenv("srcdir");
	char example[4096];

	(void)state;
	snprintf(example, sizeof(example), "%s/doc/innkeeper.conf.example", folder ? folder : ".");
	copy_file(example, run_path("example.conf"), 0600); /* a clone may be group writable, which is refused */
	run("check-config %s", run_path("example.conf"));
	status_is(EXIT_DONE);
	out_is("");
}

static void the_configuration_locks_and_an_unreadable_one_stops_commands(void **state)
{
	(void)state;
	run_write_file("lock.conf", "lock = true;\n");
	run("--config %s FLEET logoff web01 --yes", run_path("lock.conf"));
	status_is(EXIT_DENIED);
	run_write_file("broken.conf", "lock = = true;\n");
	run("--config %s FLEET logoff web01 --yes", run_path("broken.conf"));
	status_is(EXIT_USAGE);
	err_has("line 1");
}

static void help_and_version_are_given(void **state)
{
	(void)state;
	run("--help");
	status_is(EXIT_DONE);
	out_has("Usage: innkeeper");
	run("logoff --help");
	out_has("--grace SEC");
	run("-V");
	status_is(EXIT_DONE);
	out_has("innkeeper ");
}

static void a_copy_that_borrows_rights_refuses(void **state)
{
	const char *program = getenv("INNKEEPER");

	(void)state;
	if (geteuid() != 0)
		skip();
	copy_file(program ? program : "./innkeeper", run_path("borrowed"), 0755);
	assert_int_equal(chown(run_path("borrowed"), 65534, 65534), 0);
	assert_int_equal(chmod(run_path("borrowed"), 04755), 0);
	assert_int_equal(chmod(run_path("."), 0755), 0);
	run_program = run_path("borrowed");
	run("--demo list");
	run_program = NULL;
	status_is(EXIT_DENIED);
	err_has("setuid");
}

static int clean_up(void **state)
{
	json_decref(rows);
	return run_tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_has_the_documented_fields_in_their_order),
		cmocka_unit_test(what_is_unknown_is_null_in_json_and_a_dash_in_the_table),
		cmocka_unit_test(users_has_the_documented_fields_in_their_order),
		cmocka_unit_test(info_begins_with_the_fields_of_list_and_holds_the_sessions),
		cmocka_unit_test(a_log_off_has_the_documented_fields_in_their_order),
		cmocka_unit_test(csv_has_a_header_and_quotes_what_holds_a_comma),
		cmocka_unit_test(rows_are_sorted_by_a_field),
		cmocka_unit_test(nothing_that_a_guest_says_reaches_the_terminal_as_an_escape),
		cmocka_unit_test(users_who_were_logged_off_are_0),
		cmocka_unit_test(a_wrong_command_line_is_2_and_says_why),
		cmocka_unit_test(a_vm_that_is_not_there_is_3),
		cmocka_unit_test(one_wrong_name_among_several_stops_all_of_them),
		cmocka_unit_test(a_vm_that_does_not_run_is_4),
		cmocka_unit_test(a_guest_without_the_means_is_5),
		cmocka_unit_test(what_is_not_permitted_is_6),
		cmocka_unit_test(locked_users_are_still_seen),
		cmocka_unit_test(sessions_that_remain_at_the_deadline_are_7_and_are_named),
		cmocka_unit_test(a_wait_that_ends_first_reports_the_task_as_it_stands),
		cmocka_unit_test(nobody_logged_on_is_8),
		cmocka_unit_test(done_and_nobody_together_are_0),
		cmocka_unit_test(an_interrupt_in_the_grace_period_cancels_and_is_9),
		cmocka_unit_test(several_vms_that_ended_differently_are_10),
		cmocka_unit_test(a_host_that_cannot_be_reached_is_11_and_the_others_are_served),
		cmocka_unit_test(a_name_on_two_hosts_is_an_error_that_lists_both),
		cmocka_unit_test(a_uuid_names_a_vm),
		cmocka_unit_test(a_vm_named_twice_is_served_once),
		cmocka_unit_test(a_filter_chooses_and_asks_the_guests_for_what_only_they_know),
		cmocka_unit_test(users_without_a_name_asks_every_connected_guest),
		cmocka_unit_test(without_a_terminal_it_wants_yes_before_it_asks_any_host),
		cmocka_unit_test(starting_and_resuming_ask_nobody),
		cmocka_unit_test(a_dry_run_tells_who_would_go_and_needs_no_yes),
		cmocka_unit_test(on_a_terminal_the_question_names_vm_host_and_users),
		cmocka_unit_test(declining_does_nothing_and_is_9),
		cmocka_unit_test(what_was_typed_before_the_question_confirms_nothing),
		cmocka_unit_test(a_production_host_wants_its_name),
		cmocka_unit_test(more_vms_than_the_limit_want_their_number),
		cmocka_unit_test(nobody_is_asked_where_nothing_may_be_done),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test(a_reader_that_went_away_is_quiet),
		cmocka_unit_test(closed_descriptors_are_no_trap),
		cmocka_unit_test(quiet_leaves_out_remarks_but_not_errors),
		cmocka_unit_test(events_are_told_until_it_is_interrupted),
		cmocka_unit_test(the_doctor_names_what_is_wrong_and_the_remedy),
		cmocka_unit_test(check_config_complains_with_file_and_line),
		cmocka_unit_test(the_example_configuration_is_without_fault),
		cmocka_unit_test(the_configuration_locks_and_an_unreadable_one_stops_commands),
		cmocka_unit_test(help_and_version_are_given),
		cmocka_unit_test(a_copy_that_borrows_rights_refuses),
	};

	return cmocka_run_group_tests_name("cli", tests, run_set_up, clean_up);
}

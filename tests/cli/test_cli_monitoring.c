/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_monitoring.c - `metrics` and `check`, as Prometheus and Nagios run them.
 */
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* A plugin has exit statuses of its own. */
#define OK       ((enum exit_status)0)
#define WARNING  ((enum exit_status)1)
#define CRITICAL ((enum exit_status)2)
#define UNKNOWN  ((enum exit_status)3)

static void has_no(const char *part)
{
	if (strstr(ran.out, part))
		fail_msg("\"%s\" is in:\n%s", part, ran.out);
}

/* --- metrics --- */

TEST(metrics_ask_no_guest_and_have_no_sample_for_what_they_do_not_know)
{
	exits(EXIT_DONE, "FLEET metrics");
	err_is_empty();
	out_has("# TYPE innkeeper_host_up gauge\ninnkeeper_host_up{host=\"ada\"} 1\n");
	out_has("innkeeper_vm_state{host=\"ada\",domain=\"web01\",state=\"running\"} 1\n");
	out_has("innkeeper_vm_state{host=\"ada\",domain=\"web01\",state=\"paused\"} 0\n");
	out_has("innkeeper_agent_state{host=\"ada\",domain=\"web01\",state=\"up\"} 1\n");
	out_has("innkeeper_sessions_known{host=\"ada\",domain=\"web01\"} 0\n");
	out_has("innkeeper_logins_disabled{host=\"ada\",domain=\"web01\"} 0\n");
	has_no("innkeeper_sessions{");
	has_no("innkeeper_sessions_known{host=\"ada\",domain=\"off01\"}");
	has_no("innkeeper_logins_disabled{host=\"ada\",domain=\"off01\"}");
	has_no("_total");
	assert_string_equal(ran.out + strlen(ran.out) - strlen("\n# EOF\n"), "\n# EOF\n");
}

TEST(metrics_with_ask_count_sessions_by_state_and_name_users_only_on_request)
{
	exits(EXIT_DONE, "GUESTS metrics --ask");
	out_has("innkeeper_sessions{host=\"ada\",domain=\"rds01\",state=\"active\"} 1\n");
	out_has("innkeeper_sessions{host=\"ada\",domain=\"rds01\",state=\"disconnected\"} 1\n");
	out_has("innkeeper_sessions{host=\"ada\",domain=\"idle01\",state=\"active\"} 0\n");
	out_has("innkeeper_session_oldest_login_timestamp_seconds{host=\"ada\",domain=\"web01\"} ");
	has_no("innkeeper_session_oldest_login_timestamp_seconds{host=\"ada\",domain=\"idle01\"}");
	out_has("innkeeper_session_idle_seconds_min{host=\"ada\",domain=\"rds01\"} ");
	has_no("innkeeper_session_idle_seconds_min{host=\"ada\",domain=\"idle01\"}");
	has_no("alice");
	exits(EXIT_DONE, "GUESTS metrics --ask --with-users");
	out_has("innkeeper_user_sessions{host=\"ada\",domain=\"web01\",user=\"alice\"} 1\n");
}

TEST(a_label_is_sanitised_and_escaped)
{
	run_write_file("odd.conf", "hosts = ( { name = \"ada\"; vms = ( { name = \"a\\\"b\\\\c\\x1b[2Jd\"; "
				   "logins = ( { user = \"e\\\"\\\\f\"; } ); } ); } );");
	exits(EXIT_DONE, "--demo=%s metrics --ask --with-users", run_path("odd.conf"));
	out_has("domain=\"a\\\"b\\\\c<U+001B>[2Jd\"");
	out_has("user=\"e\\\"\\\\f\"");
}

TEST(a_host_that_is_gone_is_down_and_the_others_are_served)
{
	exits(EXIT_UNREACHABLE, "HALF metrics");
	out_has("innkeeper_host_up{host=\"here\"} 1\n");
	out_has("innkeeper_host_up{host=\"gone\"} 0\n");
	has_no("innkeeper_host_contact_timestamp_seconds{host=\"gone\"}");
	out_has("domain=\"web01\"");
}

TEST(disabled_logins_are_told_with_their_time)
{
	exits(EXIT_DONE, "GUESTS disable-logins idle01 --yes");
	exits(EXIT_DONE, "GUESTS metrics");
	out_has("innkeeper_logins_disabled{host=\"ada\",domain=\"idle01\"} 1\n");
	out_has("innkeeper_logins_disabled_timestamp_seconds{host=\"ada\",domain=\"idle01\"} 1");
	has_no("innkeeper_logins_disabled_timestamp_seconds{host=\"ada\",domain=\"web01\"}");
	prints(WARNING, "LOGINS WARNING - VMs with logins disabled: 1, VMs: 8: idle01 | logins_disabled=1;0;;0;8\n",
	       "GUESTS check logins -w 0");
	exits(EXIT_DONE, "GUESTS tasks --forget all");
}

TEST(a_text_file_is_replaced_as_a_whole_and_everybody_may_read_it)
{
	struct stat st;

	run_write_file("node.prom", "old\n");
	exits(EXIT_DONE, "FLEET metrics --textfile %s", run_path("node.prom"));
	out_is("");
	assert_int_equal(stat(run_path("node.prom"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_true(st.st_size > 1000);
}

TEST(a_text_file_that_cannot_be_written_is_an_error_and_nothing_is_left)
{
	assert_int_equal(mkdir(run_path("folder.prom"), 0700), 0);
	complains(EXIT_UNEXPECTED, "folder.prom: Is a directory", "FLEET metrics --textfile %s",
		  run_path("folder.prom"));
	complains(EXIT_UNEXPECTED, "No such file or directory", "FLEET metrics --textfile %s", run_path("none/x.prom"));
	complains(EXIT_USAGE, "the name must end in .prom", "FLEET metrics --textfile %s", run_path("x.txt"));
	complains(EXIT_USAGE, "not both", "FLEET metrics --textfile x.prom --listen unix:y");
	run_with(RUN_FULL_DISK, "FLEET metrics");
	status_is(EXIT_UNEXPECTED);
	assert_int_equal(rmdir(run_path("folder.prom")), 0);
}

TEST(where_it_may_not_listen_it_says_so)
{
	complains(EXIT_USAGE, "must be unix:PATH or a loopback address", "FLEET metrics --listen 0.0.0.0:9177");
	run_write_file("taken", "");
	complains(EXIT_UNEXPECTED, "exists; remove it", "FLEET metrics --listen unix:%s", run_path("taken"));
	assert_int_equal(access(run_path("taken"), F_OK), 0);
}

TEST(a_thousand_vms_take_less_than_a_second)
{
	struct rusage before, after;

	getrusage(RUSAGE_CHILDREN, &before);
	exits(EXIT_DONE, "--demo=fleet:10,100 metrics");
	getrusage(RUSAGE_CHILDREN, &after);
	err_is_empty();
	out_has("domain=");
	assert_in_range(after.ru_utime.tv_sec * 1000 + after.ru_utime.tv_usec / 1000 - before.ru_utime.tv_sec * 1000 -
				before.ru_utime.tv_usec / 1000,
			0, 1000);
}

/* --- check --- */

static const struct check_row {
	const char *name;
	enum exit_status status;
	const char *words, *line;
} check_rows[] = {
	{ "sessions_within_the_ranges_are_ok", OK, "GUESTS check sessions web01 rds01 -w 10 -c 20",
	  "SESSIONS OK - sessions: 4, VMs: 2 | sessions=4;10;20;0;\n" },
	{ "sessions_above_the_first_are_a_warning", WARNING, "GUESTS check sessions web01 rds01 -w 3 -c 20",
	  "SESSIONS WARNING - sessions: 4, VMs: 2 | sessions=4;3;20;0;\n" },
	{ "sessions_above_the_second_are_critical", CRITICAL, "GUESTS check sessions web01 -w 1 -c 1",
	  "SESSIONS CRITICAL - sessions: 2, VMs: 1 | sessions=2;1;1;0;\n" },
	{ "a_vm_that_is_off_has_no_sessions", OK, "GUESTS check sessions off01 idle01 -c 0",
	  "SESSIONS OK - sessions: 0, VMs: 2 | sessions=0;;0;0;\n" },
	{ "unknown_is_never_0", UNKNOWN, "FLEET check sessions web01 none01 -c 10",
	  "SESSIONS UNKNOWN - sessions: 3, VMs: 2; unknown: none01 | sessions=U;;10;0;\n" },
	{ "an_agent_that_is_not_up_is_a_warning", WARNING, "FLEET check agents web01 none01",
	  "AGENTS WARNING - running VMs whose agent is not up: 1, VMs: 2: none01 (none) | agents_not_up=1;0;;0;2\n" },
	{ "a_filter_selects_vms", OK, "FLEET check agents -f name:web01",
	  "AGENTS OK - running VMs whose agent is not up: 0, VMs: 1 | agents_not_up=0;0;;0;1\n" },
	{ "hosts_that_answer_are_ok", OK, "FLEET check hosts",
	  "HOSTS OK - hosts that cannot be reached: 0, hosts: 3 | hosts_unreachable=0;;0;0;3\n" },
	{ "a_host_that_does_not_answer_is_critical", CRITICAL, "HALF check hosts",
	  "HOSTS CRITICAL - hosts that cannot be reached: 1, hosts: 2: gone | hosts_unreachable=1;;0;0;2\n" },
	{ "the_vms_of_a_host_that_does_not_answer_are_unknown", UNKNOWN, "HALF check sessions",
	  "SESSIONS UNKNOWN - sessions: 1, VMs: 1; unknown: gone | sessions=U;;;0;\n" },
	{ "a_vm_that_there_is_not_is_unknown", UNKNOWN, "FLEET check sessions nobody", "CHECK UNKNOWN - " },
	{ "a_wrong_range_is_unknown", UNKNOWN, "FLEET check sessions -w x", "CHECK UNKNOWN - " },
	{ "a_wrong_option_is_unknown", UNKNOWN, "check sessions --frobnicate", "CHECK UNKNOWN - " },
	{ "a_check_of_nothing_is_unknown", UNKNOWN, "FLEET check", "CHECK UNKNOWN - " },
	{ "a_check_of_hosts_has_no_vms", UNKNOWN, "FLEET check hosts web01", "CHECK UNKNOWN - " },
};

static void check_writes(void **state)
{
	const struct check_row *row = *state;

	prints(row->status, row->line, "%s", row->words);
	assert_ptr_equal(strchr(ran.out, '\n'), ran.out + strlen(ran.out) - 1);
}
TESTS_OF(check_rows, check_writes)

TEST(a_bar_in_a_name_begins_no_performance_data)
{
	run_write_file("bar.conf", "hosts = ( { name = \"ada\"; vms = ( { name = \"a|b\"; agent = \"none\"; } ); } );");
	prints(WARNING, ": a/b (none) | agents_not_up=1;", "--demo=%s check agents", run_path("bar.conf"));
}

RUN_TESTS("cli_monitoring", run_set_up, run_tear_down)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated hosts and guests: their lives, their figures, and log-offs through the real protocol. */
#include "backend/guest/drain.h"
#include "backend/guest/guest_op.h"
#include "backend/guest/lifecycle.h"
#include "backend/guest/logoff.h"
#include "demo_world.h"
#include "tests/paths.h"

#define HOST(name) "demo:///" SCENARIOS "/hosts.conf?host=" name
#define SESSIONS   "demo:///" SCENARIOS "/sessions.conf"

/* --- hosts --- */

TEST(a_host_connects_and_lists_its_guests)
{
	world_open(HOST("steady"));
	assert_string_equal(world_news(), "connecting live list ");
	assert_int_equal(world_access(), ACCESS_FULL);
	assert_int_equal(world_count(), 8);
}

TEST(an_unreachable_host_is_tried_again_and_again_with_growing_pauses)
{
	world_open(HOST("unreachable"));
	world_wait(500);
	assert_string_equal(world_news(), "connecting lost ");
	assert_string_equal(world_trouble(), "no route to host");
	assert_in_range(world_retry_in(), 1, 1000);
	world_wait(1300);
	assert_string_equal(world_news(), "connecting ");
	world_wait(1200);
	assert_string_equal(world_news(), "lost ");
	assert_in_range(world_retry_in(), 1001, 2000);
}

TEST(a_command_line_tries_once)
{
	world_open_with(HOST("unreachable"), false, true);
	world_wait(60000);
	assert_string_equal(world_news(), "connecting lost ");
}

TEST(a_short_hang_is_only_slow)
{
	int64_t began;

	world_open(HOST("hiccup"));
	world_wait(4500);
	world_news();
	began = clock_ms();
	assert_int_equal(world_looks("c"), VM_STATE_RUNNING);
	assert_in_range(clock_ms() - began, 2000, 3000);
	world_wait(1000);
	assert_string_equal(world_news(), "");
}

TEST(a_hang_makes_a_host_stale_and_then_live_again)
{
	world_open(HOST("stale"));
	world_news();
	world_wait(14500);
	assert_string_equal(world_news(), "stale ");
	world_wait(5000);
	assert_string_equal(world_news(), "live list ");
}

TEST(a_long_hang_loses_the_host_and_the_calls_in_flight)
{
	int64_t began;

	world_open(HOST("hung"));
	world_wait(5000);
	began = clock_ms();
	world_is_refused("d", "{\"execute\":\"guest-ping\"}", ERR_LOST, "may have been carried out");
	assert_in_range(clock_ms() - began, 19000, 21000);
	world_is_refused("d", "{\"execute\":\"guest-ping\"}", ERR_UNREACHABLE, "not connected");
	world_wait(60000);
	assert_int_equal(world_state(), HOST_LIVE);
	world_ask("d", "{\"execute\":\"guest-ping\"}");
}

TEST(a_cut_connection_is_lost_at_once_and_comes_back)
{
	world_open(HOST("cut"));
	world_wait(4500);
	assert_string_equal(world_news(), "connecting live list lost ");
	assert_says(world_trouble(), "closed by the host");
	world_wait(20000);
	assert_int_equal(world_state(), HOST_LIVE);
}

TEST(a_person_need_not_wait_for_the_next_try)
{
	world_open(HOST("cut"));
	world_wait(15000);
	assert_int_equal(world_state(), HOST_LOST);
	world_news();
	backend_refresh(world_backend());
	world_wait(500);
	assert_string_equal(world_news(), "connecting live list ");
}

TEST(a_monitored_host_shows_its_guests_and_does_nothing)
{
	struct err err = { 0 };

	world_open(HOST("monitor"));
	assert_int_equal(world_access(), ACCESS_MONITOR);
	assert_int_equal(world_channel("h"), CHANNEL_CONNECTED);
	world_is_refused("h", "{\"execute\":\"guest-get-users\"}", ERR_DENIED, "read-only connection");
	assert_err(ERR_DENIED, backend_lifecycle(world_backend(), 0, world_uuid("h"), OP_DESTROY, false, &err));
	assert_int_equal(world_looks("h"), VM_STATE_RUNNING);
}

TEST(a_read_only_session_sees_the_channel_and_no_users)
{
	world_open_with(HOST("steady"), true, false);
	assert_int_equal(world_access(), ACCESS_READ_ONLY);
	assert_int_equal(world_channel("a"), CHANNEL_CONNECTED);
	world_is_refused("a", "{\"execute\":\"guest-get-users\"}", ERR_DENIED, "read-only");
}

TEST(a_slow_host_takes_its_time_for_each_call)
{
	int64_t began;

	world_open(HOST("slow"));
	world_wait(2000);
	began = clock_ms();
	world_looks("g");
	assert_int_equal(clock_ms() - began, 800);
}

/* --- guests --- */

static bool orders(const char *guest, enum operation operation)
{
	struct err err;

	return backend_lifecycle(world_backend(), 0, world_uuid(guest), operation, false, &err);
}

TEST(a_destroyed_guest_is_off_and_starts_again_with_a_new_agent)
{
	world_open(HOST("steady"));
	world_news();
	assert_true(orders("a", OP_DESTROY));
	world_wait(50);
	assert_string_equal(world_news(), "a:shutoff a:disconnected ");
	assert_true(orders("a", OP_START));
	world_wait(1000);
	assert_string_equal(world_news(), "a:booted a:running a:disconnected ");
	world_wait(6000);
	assert_string_equal(world_news(), "a:connected ");
}

TEST(a_shut_down_guest_loses_its_agent_first)
{
	world_open(HOST("steady"));
	world_news();
	assert_true(orders("a", OP_SHUTDOWN));
	assert_int_equal(world_looks("a"), VM_STATE_RUNNING);
	world_wait(6000);
	assert_string_equal(world_news(), "a:disconnected a:shutoff ");
}

TEST(a_reboot_is_told_and_empties_the_guest)
{
	world_open(SESSIONS);
	world_news();
	assert_true(orders("ubuntu", OP_RESET));
	world_wait(50);
	assert_string_equal(world_news(), "ubuntu:rebooted ubuntu:disconnected ");
	world_wait(8000);
	assert_string_equal(world_ask("ubuntu", "{\"execute\":\"guest-get-users\"}"), "{\"return\":[]}");
}

TEST(a_saved_guest_keeps_its_people)
{
	world_open(SESSIONS);
	assert_true(orders("ubuntu", OP_MANAGEDSAVE));
	assert_int_equal(world_looks("ubuntu"), VM_STATE_SAVED);
	assert_true(orders("ubuntu", OP_START));
	world_wait(1000);
	assert_says(world_ask("ubuntu", "{\"execute\":\"guest-get-users\"}"), "carol");
}

TEST(time_stands_still_in_a_paused_guest)
{
	world_open(SESSIONS);
	world_run("ubuntu", "loginctl", "terminate-session", "1", NULL);
	assert_true(orders("ubuntu", OP_SUSPEND));
	world_wait(20000);
	assert_true(orders("ubuntu", OP_RESUME));
	assert_says(world_run("ubuntu", "loginctl", NULL), "carol");
	world_wait(4000);
	assert_string_equal(world_run("ubuntu", "loginctl", NULL), "");
}

TEST(a_deaf_guest_ignores_the_power_button)
{
	world_open(HOST("steady"));
	assert_true(orders("deaf", OP_SHUTDOWN));
	world_wait(60000);
	assert_int_equal(world_looks("deaf"), VM_STATE_RUNNING);
	assert_true(orders("deaf", OP_DESTROY));
	assert_int_equal(world_looks("deaf"), VM_STATE_SHUTOFF);
}

TEST(a_transient_guest_is_gone_when_it_ends)
{
	world_open(HOST("steady"));
	world_news();
	assert_true(orders("transient", OP_DESTROY));
	world_wait(50);
	assert_string_equal(world_news(), "transient:gone ");
	world_is_refused("transient", "{\"execute\":\"guest-ping\"}", ERR_NO_DOMAIN, "no such VM");
}

TEST(verbs_that_make_no_sense_are_refused)
{
	world_open(HOST("steady"));
	assert_false(orders("a", OP_START));
	assert_false(orders("a", OP_RESUME));
	assert_false(orders("transient", OP_MANAGEDSAVE));
	assert_true(orders("a", OP_DESTROY));
	assert_false(orders("a", OP_DESTROY));
	assert_false(orders("a", OP_SUSPEND));
}

/* --- events --- */

TEST(scripted_people_come_and_go)
{
	world_open(HOST("steady"));
	for (int round = 0; round < 3; round++) {
		world_wait(30000);
		assert_says(world_run("logon", "loginctl", NULL), "nina");
		world_wait(30000);
		assert_string_equal(world_run("logon", "loginctl", NULL), "");
		world_wait(39800);
	}
}

TEST(scripted_guests_crash_vanish_and_freeze)
{
	world_open(HOST("steady"));
	world_wait(8000);
	world_news();
	world_wait(2500);
	assert_string_equal(world_ask("freezer", "{\"execute\":\"guest-fsfreeze-status\"}"), "{\"return\":\"frozen\"}");
	world_wait(9500);
	assert_says(world_news(), "leaver:gone ");
	assert_string_equal(world_ask("freezer", "{\"execute\":\"guest-fsfreeze-status\"}"), "{\"return\":\"thawed\"}");
	assert_int_equal(world_looks("crasher"), VM_STATE_CRASHED);
	world_wait(20000);
	assert_int_equal(world_looks("crasher"), VM_STATE_RUNNING);
}

TEST(a_channel_may_flap)
{
	world_open(HOST("steady"));
	world_wait(8900);
	world_news();
	world_wait(550);
	assert_says(world_news(), "flapping:disconnected flapping:connected flapping:disconnected flapping:connected");
}

/* --- one seed, one world --- */

static struct vm_figures figures_after(const char *uri, int64_t ms)
{
	world_open(uri);
	world_wait(ms);
	assert_non_null(world_figures("a"));
	return *world_figures("a");
}

TEST(the_same_seed_and_clock_give_the_same_figures)
{
	struct vm_figures one = figures_after(HOST("steady"), 33000), two = figures_after(HOST("steady"), 33000);

	assert_memory_equal(&one, &two, sizeof(one));
	two = figures_after(HOST("steady") "&seed=43", 33000);
	assert_true(uuid_equal(&one.uuid, &two.uuid));
	assert_true(one.cpu_percent != two.cpu_percent);
}

TEST(figures_wander_and_stay_possible)
{
	double least = 1000, most = -1;

	world_open(HOST("steady"));
	for (int i = 0; i < 200; i++) {
		const struct vm_figures *now;

		world_wait(2000);
		now = world_figures("a");
		least = now->cpu_percent < least ? now->cpu_percent : least;
		most = now->cpu_percent > most ? now->cpu_percent : most;
		assert_true(now->cpu_percent >= 0 && now->cpu_percent <= 100);
		assert_in_range(now->memory_kib, 1, 8192 * 1024);
		assert_true(now->disk_read_bps >= 0 && now->net_tx_bps >= 0);
	}
	assert_true(most - least > 10);
}

TEST(only_running_guests_have_figures)
{
	world_open("demo:///default");
	assert_non_null(world_figures("web01"));
	assert_null(world_figures("cache01"));
}

TEST(a_command_asks_for_no_figures)
{
	world_open_with(HOST("steady"), false, true);
	world_wait(10000);
	assert_null(world_figures("a"));
}

/* --- log-offs, by the code that runs on real hosts --- */

struct outcome {
	hresult error;
	int before, after;
	int64_t took_ms;
	char words[512];
};

static struct outcome log_off(const char *guest, const struct logoff_options *options)
{
	struct op *logoff = logoff_create(world_backend(), world_uuid(guest), TEXT_TRUSTED(guest), options, NULL);
	int64_t began = clock_ms(), wait_ms;
	const struct task_report *report;
	struct outcome outcome;

	while ((wait_ms = op_step(logoff, 0)) != WORKER_DONE)
		world_wait(wait_ms);
	report = op_report(logoff);
	assert_true(report->complete);
	outcome = (struct outcome){
		.error = report->error,
		.before = report->sessions_before,
		.after = report->sessions_after,
		.took_ms = clock_ms() - began,
	};
	snprintf(outcome.words, sizeof(outcome.words), "%s | %s", text_str(report->error_description),
		 text_str(report->note));
	op_destroy(logoff);
	return outcome;
}

static void assert_logs_off(const char *guest, bool force, hresult error, int before, int after)
{
	const struct logoff_options options = { .force = force };
	struct outcome outcome = log_off(guest, &options);

	if (outcome.error != error || outcome.before != before || outcome.after != after)
		fail_msg("%s: 0x%08x, %d before, %d after: %s", guest, outcome.error, outcome.before, outcome.after,
			 outcome.words);
}

TEST(every_family_can_be_logged_off)
{
	world_open(SESSIONS);
	assert_logs_off("blind", false, S_OK, 2, 0);
	assert_logs_off("ubuntu", false, S_OK, 1, 0);
	assert_logs_off("sysvinit", false, S_OK, 3, 0);
	assert_logs_off("bsd", false, S_OK, 1, 0);
	assert_logs_off("constrained", true, S_OK, 1, 0);
	assert_logs_off("logind", true, S_OK, 3, 0);
	assert_logs_off("windows", true, S_OK, 3, 0);
}

TEST(nobody_to_log_off_is_no_alarm)
{
	world_open(SESSIONS);
	assert_logs_off("nobody", false, E_NO_SUCH_LOGON_SESSION, 0, 0);
}

TEST(one_who_will_not_go_is_named_after_the_time_out)
{
	const struct logoff_options options = { 0 };
	struct outcome outcome;

	world_open("demo:///default");
	outcome = log_off("build01", &options);
	assert_int_equal(outcome.error, VM_E_TIMED_OUT);
	assert_says(outcome.words, "2 of 3 gone, gunnar is still there");
	assert_in_range(outcome.took_ms, 150000, 156000);
	assert_logs_off("build01", true, S_OK, 1, 0);
}

TEST(who_comes_back_by_himself_is_reported)
{
	const struct logoff_options options = { 0 };
	struct outcome outcome;

	world_open("demo:///default");
	outcome = log_off("kiosk01", &options);
	assert_int_equal(outcome.error, S_OK);
	assert_says(outcome.words, "kiosk");
}

TEST(the_default_shows_every_error_of_the_contract)
{
	world_open("demo:///default?host=ams1");
	assert_logs_off("web01", false, S_OK, 3, 0);
	assert_logs_off("mail01", false, E_NO_SUCH_LOGON_SESSION, 0, 0);
	assert_logs_off("cache01", false, VM_E_VM_PAUSED, -1, -1);
	world_open("demo:///default?host=ams2");
	assert_logs_off("db01", false, VM_E_ADDITIONS_FEATURE_NOT_AVAIL, 2, 2);
	assert_logs_off("erp01", false, VM_E_TIMED_OUT, -1, -1);
	assert_logs_off("vault01", false, E_ACCESS_DENIED, -1, -1);
	assert_logs_off("legacy01", false, S_OK, 2, 0);
	world_open("demo:///default?host=lab");
	assert_logs_off("installer", false, VM_E_ADDITIONS_NOT_AVAIL, -1, -1);
	assert_logs_off("router9", false, VM_E_ADDITIONS_FEATURE_NOT_AVAIL, -1, -1);
	assert_logs_off("trixie-test", false, VM_E_VM_NOT_RUNNING, -1, -1);
	assert_logs_off("archive", false, VM_E_VM_NOT_RUNNING, -1, -1);
	assert_logs_off("mallory", false, S_OK, 2, 0);
}

TEST(an_undefined_guest_is_unknown_to_the_contract)
{
	world_open(HOST("steady"));
	assert_true(orders("transient", OP_DESTROY));
	assert_logs_off("transient", false, VM_E_VM_UNKNOWN, -1, -1);
}

TEST(a_machine_can_be_shut_down_as_a_task)
{
	struct op *lifecycle;
	int64_t wait_ms;

	world_open(HOST("steady"));
	lifecycle = lifecycle_create(world_backend(), world_uuid("a"), TEXT_TRUSTED("a"), OP_SHUTDOWN, 60, NULL);
	while ((wait_ms = op_step(lifecycle, 0)) != WORKER_DONE)
		world_wait(wait_ms);
	assert_int_equal(op_report(lifecycle)->error, S_OK);
	assert_int_equal(world_looks("a"), VM_STATE_SHUTOFF);
	op_destroy(lifecycle);
}

/* --- the other machines --- */

static void assert_works(struct op *machine, const char *what)
{
	const struct task_report *report;
	int64_t wait_ms;

	while ((wait_ms = op_step(machine, 0)) != WORKER_DONE)
		world_wait(wait_ms);
	report = op_report(machine);
	if (report->error != S_OK)
		fail_msg("%s: 0x%08x %s", what, report->error, text_str(report->error_description));
	op_destroy(machine);
}

TEST(every_guest_operation_finds_what_it_needs)
{
	/* clang-format off */
	static const struct {
		const char *guest;
		int op;
	} cases[] = {
		{ "logind", OP_MESSAGE },	 { "windows", OP_MESSAGE },	 { "logind", OP_LOCK },
		{ "windows", OP_DISCONNECT },	 { "logind", OP_DISABLE_LOGINS },	 { "logind", OP_ENABLE_LOGINS },
		{ "sysvinit", OP_DISABLE_LOGINS }, { "windows", OP_DISABLE_LOGINS }, { "logind", OP_SET_TIME },
		{ "logind", OP_TRIM },
	};
	/* clang-format on */
	const struct guest_op_options options = { .message = "Hello" };

	world_open(SESSIONS);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_works(guest_op_create(world_backend(), world_uuid(cases[i].guest), TEXT_TRUSTED(cases[i].guest),
					     cases[i].op, &options, NULL),
			     operation_name(cases[i].op));
}

TEST(a_kiosk_can_be_drained_for_maintenance)
{
	const struct drain_options options = { .logoff = { .message = "Maintenance", .grace_s = 5 },
					       .shut_down = true };

	world_open("demo:///default");
	assert_works(drain_create(world_backend(), world_uuid("kiosk01"), TEXT_TRUSTED("kiosk01"), &options, NULL),
		     "drain");
	assert_int_equal(world_looks("kiosk01"), VM_STATE_SHUTOFF);
	assert_says(world_notes(), "kiosk01: the terminals in the guest show: Maintenance");
}

RUN_TESTS_EACH("demo", NULL, NULL, NULL, world_close)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/drain.h"
#include "base/clock.h"
#include "op_run.h"

static struct drain_options options;

FIXTURE(a_plan)
{
	options = (struct drain_options){ .logoff = { .message = "Patches" } };
	a_guest(NULL);
}

static void begin(void)
{
	op = drain_create(&guest.backend, &guest.uuid, TEXT_TRUSTED("web01"), &options, &journal);
}

static void drain(void)
{
	begin();
	go_on();
}

static void it_drains(void)
{
	begin();
	it_is_done();
}

static void the_drain_ends(hresult error, const char *words)
{
	begin();
	it_ends(error, words);
}

/* Cranks until the plan has come so far. */
static void until(enum task_phase phase)
{
	step_until(report()->phase == phase);
}

static void logins_are_disabled(bool disabled)
{
	assert_int_equal(guest.nologin != NULL, disabled);
	assert_int_equal(drain_left_logins_disabled(op), disabled);
}

/* --- the good way --- */

TEST(the_vm_is_drained_and_its_logins_stay_disabled)
{
	two_users();
	it_drains();
	it_notes("2 sessions ended");
	it_notes("logins stay disabled until you enable them");
	logins_are_disabled(true);
	assert_int_equal(report()->sessions_before, 2);
	assert_int_equal(report()->sessions_after, 0);
	was_sent("lifecycle", 0);
}

TEST(everything_happens_in_its_order)
{
	two_users();
	options.logoff.grace_s = 30;
	options.shut_down = true;
	it_drains();
	was_journalled("disable-logins; warn the users; end session 1 of alice; end session 2 of bob; "
		       "shutdown (agent)");
	assert_true(phases_seen[TASK_PHASE_WARN] && phases_seen[TASK_PHASE_VERIFY] && phases_seen[TASK_PHASE_WAIT]);
}

TEST(after_a_shutdown_logins_are_not_said_to_be_disabled)
{
	two_users();
	options.shut_down = true;
	it_drains();
	assert_int_equal(guest.state, VM_STATE_SHUTOFF);
	assert_false(drain_left_logins_disabled(op));
	assert_null(strstr(text_str(report()->note), "logins"));
	was_sent("guest-exec rm", 0);
}

TEST(an_empty_vm_whose_logins_are_disabled_is_done)
{
	it_drains();
	it_notes("nobody was logged on; logins stay disabled");
	logins_are_disabled(true);
}

TEST(nobody_on_is_a_cleared_vm)
{
	options.shut_down = true;
	it_drains();
	assert_int_equal(guest.state, VM_STATE_SHUTOFF);
}

TEST(the_grace_period_can_be_seen)
{
	two_users();
	options.logoff.grace_s = 60;
	begin();
	until(TASK_PHASE_WARN);
	step_until(report()->grace_until);
	assert_true(report()->cancelable);
	assert_in_range(report()->grace_until - clock_ms(), 1, 60000);
	logins_are_disabled(true);
}

static bool was_drained;

static void is_it_drained(struct backend *backend)
{
	was_drained = ((struct fake_guest *)backend)->drained;
}

TEST(windows_stays_drained_until_it_restarts)
{
	this_guest(FAKE_WINDOWS);
	guest.is_session_host = true;
	was_drained = false;
	fake_logon(&guest, "1", "alice", "");
	fake_fault(&guest, "lifecycle shutdown", 1, ERR_NONE, NULL)->then = is_it_drained;
	options.shut_down = true;
	it_drains();
	assert_true(was_drained);
	was_journalled("disable-logins; warn the users; end session 1 of alice; shutdown (agent)");
	was_sent("guest-exec C:\\Windows\\System32\\chglogon.exe /drainuntilrestart", 1);
	assert_false(drain_left_logins_disabled(op));
	assert_null(strstr(text_str(report()->note), "logins"));
}

TEST(windows_that_is_not_shut_down_stays_drained)
{
	this_guest(FAKE_WINDOWS);
	guest.is_session_host = true;
	fake_logon(&guest, "1", "alice", "");
	it_drains();
	assert_true(guest.drained);
	was_sent("guest-exec C:\\Windows\\System32\\chglogon.exe /drainuntilrestart", 0);
	was_sent("guest-exec C:\\Windows\\System32\\chglogon.exe /drain", 1);
	assert_true(drain_left_logins_disabled(op));
}

/* --- who comes meanwhile --- */

static void it_was_not_shut_down(const char *who)
{
	it_ends(DISP_E_EXCEPTION, who);
	it_ends(DISP_E_EXCEPTION, "not shut down");
	it_notes("2 sessions ended");
	assert_int_equal(report()->sessions_after, 1);
	was_sent("lifecycle", 0);
	logins_are_disabled(false);
}

TEST(who_logs_on_where_logins_stay_enabled_is_not_shut_down_with_it)
{
	guest.run_is_read_only = true;
	two_users();
	fake_fault(&guest, "guest-exec loginctl terminate-session 2", 1, ERR_NONE, NULL)->then = carol_comes;
	options.shut_down = true;
	drain();
	it_was_not_shut_down("carol");
}

/* Root may, and not every program that logs users on reads /run/nologin. */
TEST(who_logs_on_despite_disabled_logins_is_not_shut_down_with_it)
{
	two_users();
	fake_find(&guest, "1")->comes_back = true;
	options.shut_down = true;
	drain();
	it_was_not_shut_down("alice");
	was_sent("guest-exec rm", 1);
}

TEST(who_logs_on_while_the_question_waits_stops_the_plan_before_anybody_goes)
{
	const struct session_list nobody = { .proven = true };

	two_users();
	options.logoff.whom.shown = &nobody;
	options.shut_down = true;
	the_drain_ends(DISP_E_EXCEPTION, "nobody was logged off; run it again");
	it_notes("2 logged on after you were asked and stay: alice, bob");
	logins_are_disabled(false);
	was_journalled("disable-logins; enable-logins");
}

/* --- logins that cannot be disabled --- */

TEST(a_guest_whose_logins_cannot_be_disabled_is_drained_all_the_same)
{
	guest.run_is_read_only = true;
	two_users();
	it_drains();
	it_notes("Read-only file system");
	logins_are_disabled(false);
}

TEST(a_drain_leaves_logins_that_somebody_else_disabled)
{
	guest.nologin = mem_strdup("Disabled by the other admin\n");
	two_users();
	it_drains();
	it_notes("already disabled by somebody else; not changed");
	assert_false(drain_left_logins_disabled(op));
	assert_string_equal(guest.nologin, "Disabled by the other admin\n");
}

TEST(logins_that_may_be_disabled_are_enabled_and_nobody_logged_off)
{
	two_users();
	fake_fault(&guest, "guest-exec tee", 1, ERR_NO_ANSWER, "no answer in time")->carried_out = true;
	the_drain_ends(VM_E_TIMED_OUT, "unknown");
	logins_are_disabled(false);
	was_sent("guest-exec tee", 1);
	was_sent("guest-exec loginctl terminate-session", 0);
}

/* --- cancelled, failed --- */

TEST(cancelling_in_the_grace_period_enables_logins)
{
	two_users();
	options.logoff.grace_s = 60;
	begin();
	until(TASK_PHASE_WARN);
	op_request_cancel(op);
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	logins_are_disabled(false);
	was_sent("guest-exec loginctl terminate-session", 0);
}

TEST(cancelling_before_logins_are_disabled_leaves_everything_as_it_was)
{
	two_users();
	begin();
	assert_true(step());
	op_request_cancel(op);
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "cancelled");
	was_journalled("");
}

TEST(too_late_to_cancel_the_log_off_is_in_time_for_the_shutdown)
{
	two_users();
	options.shut_down = true;
	begin();
	until(TASK_PHASE_VERIFY);
	op_request_cancel(op);
	go_on();
	assert_int_equal(report()->result, TASK_RESULT_CANCELLED);
	assert_int_equal(guest.state, VM_STATE_RUNNING);
	assert_int_equal(report()->sessions_after, 0);
	logins_are_disabled(false);
}

TEST(a_session_that_stays_enables_logins_and_stops_the_plan)
{
	two_users();
	fake_find(&guest, "2")->immortal = true;
	options.shut_down = true;
	the_drain_ends(VM_E_TIMED_OUT, "bob");
	logins_are_disabled(false);
	was_sent("lifecycle", 0);
}

TEST(a_guest_that_ignores_the_shutdown_has_its_logins_enabled_again)
{
	two_users();
	guest.ignores_verbs = true;
	options.shut_down = true;
	drain();
	assert_int_equal(report()->error, VM_E_TIMED_OUT);
	logins_are_disabled(false);
	was_sent("lifecycle shutdown", 1);
}

TEST(a_windows_that_ignores_the_shutdown_ends_the_plan_once)
{
	this_guest(FAKE_WINDOWS);
	guest.is_session_host = guest.ignores_verbs = true;
	fake_logon(&guest, "1", "alice", "");
	options.shut_down = true;
	drain();
	assert_int_equal(report()->error, VM_E_TIMED_OUT);
	assert_false(guest.drained);
	was_sent("guest-exec C:\\Windows\\System32\\chglogon.exe /enable", 1);
}

TEST(windows_logins_that_stay_disabled_are_reported)
{
	this_guest(FAKE_WINDOWS);
	guest.is_session_host = guest.ignores_verbs = true;
	fake_logon(&guest, "1", "alice", "");
	fake_fault(&guest, "guest-exec C:\\Windows\\System32\\chglogon.exe /enable", 0, ERR_NO_ANSWER,
		   "no answer in time");
	options.shut_down = true;
	drain();
	assert_int_equal(report()->error, VM_E_TIMED_OUT);
	it_notes("logins stay disabled until you enable them");
	assert_true(drain_left_logins_disabled(op));
}

TEST(logins_that_cannot_be_enabled_again_are_reported)
{
	two_users();
	fake_find(&guest, "1")->immortal = true;
	fake_fault(&guest, "guest-exec rm", 1, ERR_NO_ANSWER, "no answer in time");
	the_drain_ends(VM_E_TIMED_OUT, "alice");
	it_notes("logins stay disabled until you enable them");
	logins_are_disabled(true);
	was_sent("guest-exec rm", 1);
}

TEST(a_vm_that_is_off_has_nothing_to_clear)
{
	guest.state = VM_STATE_SHUTOFF;
	the_drain_ends(VM_E_VM_NOT_RUNNING, "not running");
	was_journalled("");
}

TEST(a_dry_run_touches_nothing)
{
	two_users();
	options.logoff.dry_run = options.shut_down = true;
	options.logoff.grace_s = 60;
	drain();
	it_ends_as(S_OK, TASK_RESULT_SUCCESS, "");
	it_notes("would log off alice, bob");
	was_journalled("");
	logins_are_disabled(false);
	was_sent("lifecycle", 0);
}

TEST(a_guest_whose_selinux_defeats_nologin_is_not_said_to_be_drained)
{
	two_users();
	guest.fedora_policy = true;
	options.logoff.message = NULL;
	drain();
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "users can log on again");
	it_notes("users could still log on: SELinux");
	assert_int_equal(report()->sessions_after, 0);
	logins_are_disabled(false);
}

TEST(a_guest_whose_selinux_defeats_nologin_is_shut_down_all_the_same)
{
	two_users();
	guest.fedora_policy = true;
	options.logoff.message = NULL;
	options.shut_down = true;
	drain();
	it_is_done();
	assert_int_equal(guest.state, VM_STATE_SHUTOFF);
}

RUN_TESTS_EACH("drain", NULL, NULL, a_plan, no_guest)

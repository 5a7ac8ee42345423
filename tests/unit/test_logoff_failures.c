/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Log-offs of simulated guests in which one step goes wrong: whatever it is, nothing is called done that is not. */
#include "backend/guest/drain.h"
#include "backend/guest/guest_op.h"
#include "backend/guest/logoff.h"
#include "demo_world.h"
#include "tests/paths.h"

static struct op *op;
static struct logoff_options options;

FIXTURE(open_failures)
{
	options = (struct logoff_options){ 0 };
	world_open("demo:///" SCENARIOS "/failures.conf");
}

FIXTURE(close_failures)
{
	op_destroy(op);
	op = NULL;
	world_close(NULL);
}

static void go_on(void)
{
	for (;;) {
		const int64_t wait_ms = op_step(op, 0);

		if (wait_ms == WORKER_DONE)
			return;
		world_wait(wait_ms);
	}
}

static void log_off(const char *name)
{
	op_destroy(op);
	op = logoff_create(world_backend(), world_uuid(name), TEXT_TRUSTED(name), &options, NULL);
	go_on();
}

static const struct task_report *report(void)
{
	return op_report(op);
}

static void it_ends(hresult error, const char *words)
{
	if (report()->error != error)
		fail_msg("it ended with 0x%08x: %s (%s)", report()->error, text_str(report()->error_description),
			 text_str(report()->note));
	assert_says(text_str(report()->error_description), words);
}

static void it_notes(const char *words)
{
	assert_says(text_str(report()->note), words);
}

/* Told for certain, and seen by a second pair of eyes. */
static void is_on(const char *name, const char *user, bool on)
{
	const char *reply = world_ask(name, "{\"execute\":\"guest-get-users\"}");

	if ((strstr(reply, user) != NULL) != on)
		fail_msg("%s: %s", user, reply);
}

/* --- the list fails from its second time on --- */

TEST(without_types_the_later_list_proves_nothing)
{
	log_off("list-no-types");
	it_ends(VM_E_TIMED_OUT, "still logged on");
	it_notes("0 of 2 gone, alice, bob are still there");
}

TEST(an_empty_list_of_owners_proves_nobody_gone)
{
	log_off("list-blind");
	it_ends(VM_E_TIMED_OUT, "alice, bob may still be logged on");
	it_notes("whether alice, bob are gone is unknown");
	assert_true(report()->maybe_sent);
	assert_int_equal(report()->sessions_after, -1);
}

TEST(after_a_grace_period_an_empty_list_of_owners_tells_nobody)
{
	options.grace_s = 5;
	log_off("list-blind");
	it_ends(DISP_E_EXCEPTION, "nobody was logged off");
	assert_false(report()->maybe_sent);
	assert_null(strstr(text_str(report()->note), "ended"));
}

TEST(what_the_agent_confirms_is_proven)
{
	log_off("list-no-types-confirmed");
	it_ends(VM_E_TIMED_OUT, "bob");
	it_notes("1 of 2 gone, bob is still there");
	is_on("list-no-types-confirmed", "bob", true);
	is_on("list-no-types-confirmed", "alice", false);
}

TEST(a_later_list_that_is_none_leaves_it_unknown)
{
	FOR_EACH(const char *, one, "list-missing", "list-silent", "list-error") {
		log_off(*one);
		it_ends(VM_E_TIMED_OUT, "cannot be verified");
		assert_true(report()->maybe_sent);
	}
}

TEST(a_later_list_that_is_cut_leaves_it_unknown)
{
	log_off("list-cut");
	it_ends(VM_E_TIMED_OUT, "alice");
	assert_true(report()->maybe_sent);
}

TEST(a_list_that_is_silent_from_the_beginning_is_no_list)
{
	log_off("list-never");
	it_ends(DISP_E_EXCEPTION, "breaks off");
	is_on("list-never", "alice", true);
}

/* After the grace period nobody is told on such a list's word, and nobody is said to have left. */
TEST(after_a_grace_period_no_such_list_is_acted_on)
{
	options.grace_s = 5;
	FOR_EACH(const char *, one, "list-missing", "list-silent", "list-error") {
		log_off(*one);
		assert_int_not_equal(report()->error, S_OK);
		assert_false(report()->maybe_sent);
		assert_null(strstr(text_str(report()->note), "ended"));
	}
}

/* --- the warning fails --- */

TEST(who_cannot_be_warned_stays_on)
{
	static const struct {
		const char *guest;
		hresult error;
	} rows[] = { { "warn-missing", VM_E_ADDITIONS_FEATURE_NOT_AVAIL },
		     { "warn-silent", DISP_E_EXCEPTION },
		     { "warn-error", DISP_E_EXCEPTION } };

	options.message = "now";
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		log_off(rows[i].guest);
		it_ends(rows[i].error, "could not be warned, so nobody was logged off");
		is_on(rows[i].guest, "alice", true);
	}
}

TEST(without_types_msg_exe_warns)
{
	options.message = "now";
	log_off("warn-no-types");
	it_ends(S_OK, "");
	is_on("warn-no-types", "alice", false);
}

/* --- the end fails --- */

TEST(without_types_logoff_exe_ends_it)
{
	log_off("end-no-types");
	it_ends(S_OK, "");
	it_notes("2 sessions ended");
}

TEST(a_program_that_is_missing_tells_nobody)
{
	log_off("end-missing");
	it_ends(VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "nobody was logged off");
	is_on("end-missing", "alice", true);
}

TEST(an_end_that_did_nothing_is_seen)
{
	log_off("end-silent");
	it_ends(VM_E_TIMED_OUT, "bob");
	it_notes("1 of 2 gone, bob is still there");
	it_notes("no output");
}

TEST(an_end_that_failed_is_said)
{
	log_off("end-error");
	it_ends(VM_E_TIMED_OUT, "bob");
	it_notes("error 7");
	log_off("end-denied");
	it_ends(E_ACCESS_DENIED, "not all users could be logged off");
	is_on("end-denied", "bob", true);
}

TEST(an_end_without_an_answer_is_seen_by_the_list)
{
	log_off("end-lost");
	it_ends(S_OK, "");
	it_notes("1 session ended");
}

/* --- the session becomes carol's right before --- */

TEST(whoever_has_the_id_by_then_is_not_hit)
{
	FOR_EACH(const char *, one, "end-taken", "line-taken") {
		log_off(*one);
		it_ends(S_OK, "");
		it_notes("skipped: session");
		it_notes("logged on in the meantime: carol");
		world_wait(10000);
		is_on(*one, "carol", true);
	}
}

TEST(nor_is_she_disconnected)
{
	const struct guest_op_options small = { 0 };

	op = guest_op_create(world_backend(), world_uuid("disconnect-taken"), TEXT_TRUSTED("disconnect-taken"),
			     OP_DISCONNECT, &small, NULL);
	go_on();
	it_ends(DISP_E_EXCEPTION, "was another user's by then, and was skipped");
}

/* --- logins cannot be disabled or enabled --- */

static void drain(const char *name, bool shut_down)
{
	const struct drain_options plan = { .logoff = options, .shut_down = shut_down };

	op = drain_create(world_backend(), world_uuid(name), TEXT_TRUSTED(name), &plan, NULL);
	go_on();
}

TEST(logins_that_cannot_be_disabled_are_reported)
{
	drain("disable-error", false);
	it_ends(S_OK, "");
	it_notes("error 1");
	assert_false(drain_left_logins_disabled(op));
}

TEST(logins_that_stay_disabled_are_reported)
{
	drain("enable-error", false);
	it_ends(VM_E_TIMED_OUT, "alice");
	it_notes("logins stay disabled");
	assert_true(drain_left_logins_disabled(op));
}

RUN_TESTS_EACH("logoff, failures on the way", NULL, NULL, open_failures, close_failures)

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/guest_op.h"
#include "base/clock.h"
#include "op_run.h"

static struct guest_op_options options;

FIXTURE(an_operation)
{
	options = (struct guest_op_options){ 0 };
	a_guest(NULL);
}

static void begin(enum operation operation)
{
	forget_run();
	op = guest_op_create(&guest.backend, &guest.uuid, TEXT_TRUSTED("web01"), operation, &options, &journal);
}

static void run(enum operation operation)
{
	begin(operation);
	go_on();
}

static void does(enum operation operation)
{
	run(operation);
	it_is_done();
}

static void fails(enum operation operation, hresult error, const char *words)
{
	run(operation);
	it_ends(error, words);
}

static void run_row(void **state)
{
	const struct op_case *row = *state;

	op_case_begins(row);
	options = row->options;
	run(row->operation);
	op_case_holds(row);
}

/* Lost or refused at the first call that begins so. */
static void loses(const char *call, bool carried_out)
{
	fake_fault(&guest, call, 1, ERR_NO_ANSWER, "no answer in time")->carried_out = carried_out;
}

TEST(an_empty_list_that_proves_nothing_is_not_nobody)
{
	options.message = "Anybody?";
	FOR_EACH(int, verb, OP_MESSAGE, OP_LOCK) {
		this_guest(FAKE_SYSVINIT);
		guest.os_id = "alpine"; /* musl keeps no utmp */
		fails(*verb, DISP_E_EXCEPTION, "cannot determine whether anybody is logged on to web01");
		was_sent("guest-exec wall", 0);
	}
}

TEST(those_beyond_what_a_list_keeps_are_not_said_to_be_done)
{
	char id[16];

	for (int i = 1; i <= SESSION_LIST_MAX + 6; i++) {
		snprintf(id, sizeof(id), "%d", i);
		fake_logon(&guest, id, "alice", "")->type = "x11";
	}
	fails(OP_LOCK, DISP_E_EXCEPTION, "6 sessions beyond the limit, which were skipped");
	it_notes("256 of 262 sessions");
}

static void two_desktops(void)
{
	two_users();
	guest.sessions[0].type = guest.sessions[1].type = "x11";
}

/* --- for the record --- */

static void is_for(const char *wanted)
{
	const struct session_list *targets = op_targets(op);
	OWN(text) struct safe_text names;

	assert_non_null(targets);
	names = session_list_names(targets, 8);
	assert_string_equal(text_str(names), wanted);
}

TEST(whom_it_is_done_to_is_known_before_anything_is_sent)
{
	two_desktops();
	guest.sessions[1].locked = true;
	begin(OP_LOCK);
	step_until(sent_count);
	is_for("alice");
	go_on();
	options.message = "Reboot at noon";
	guest.sessions[0].type = NULL;
	run(OP_MESSAGE);
	is_for("alice, bob");
	run(OP_DISABLE_LOGINS);
	is_for("");
}

/* --- messages --- */

TEST(a_message_reaches_everybody_through_wall)
{
	two_users();
	options.message = "Reboot at noon";
	does(OP_MESSAGE);
	was_sent("guest-exec wall", 1);
	assert_non_null(strstr(guest.last_input, "Reboot at noon"));
	assert_int_equal(sent_count, 1);
	assert_string_equal(sent[0], "message");
}

TEST(control_characters_of_a_message_stay_out_of_the_guest)
{
	two_users();
	options.message = "Red \033[31malert";
	does(OP_MESSAGE);
	assert_null(strchr(guest.last_input, '\033'));
}

/* util-linux 2.38 to 2.41 under Fedora's policy: exit status 0, one line of stderr. */
TEST(a_message_that_wall_could_not_deliver_was_not_sent)
{
	two_users();
	guest.fedora_policy = true;
	options.message = "Reboot at noon";
	fails(OP_MESSAGE, E_ACCESS_DENIED, "wall: error getting sessions: Permission denied");
	was_sent("guest-exec wall", 1);
}

TEST(whom_a_message_could_not_be_shown_is_named)
{
	two_users();
	fake_logon(&guest, "3", "carol", "tty7")->type = "x11";
	fake_logon(&guest, "4", "dave", ""); /* ssh on Debian 13 */
	options.message = "Reboot at noon";
	does(OP_MESSAGE);
	it_notes("2 of 4 could not be shown it: carol, dave");
}

TEST(a_message_that_nobody_could_be_shown_failed)
{
	fake_logon(&guest, "3", "carol", "")->type = "wayland";
	options.message = "Reboot at noon";
	fails(OP_MESSAGE, VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "nobody saw the message");
}

/* --- lock, disconnect --- */

TEST(every_session_is_locked)
{
	two_desktops();
	does(OP_LOCK);
	it_notes("2 sessions asked to lock; 2 confirmed");
	assert_true(fake_find(&guest, "1")->locked && fake_find(&guest, "2")->locked);
	assert_string_equal(sent[1], "lock session 2 of bob");
}

TEST(only_the_named_are_locked)
{
	const char *const users[] = { "bob", NULL };

	two_desktops();
	options.whom.users = users;
	does(OP_LOCK);
	assert_false(fake_find(&guest, "1")->locked);
	assert_true(fake_find(&guest, "2")->locked);
}

TEST(one_user_can_be_left_out)
{
	const char *const except[] = { "bob", NULL };

	two_desktops();
	options.whom.except_users = except;
	does(OP_LOCK);
	assert_true(fake_find(&guest, "1")->locked);
	assert_false(fake_find(&guest, "2")->locked);
}

TEST(an_exception_that_matches_nobody_locks_nobody)
{
	const char *const except[] = { "bbo", NULL };

	two_desktops();
	options.whom.except_users = except;
	fails(OP_LOCK, E_INVALIDARG, "no user bbo is logged on to web01");
	assert_int_equal(sent_count, 0);
}

TEST(who_logs_on_while_the_question_waits_is_not_locked)
{
	OWN(session_list) struct session_list shown;

	two_desktops();
	begin(OP_LOCK);
	step_until(report()->phase == TASK_PHASE_ACT);
	session_list_copy(&shown, op_sessions(op));
	options.whom.shown = &shown;
	fake_logon(&guest, "9", "carol", "tty5")->type = "x11";
	does(OP_LOCK);
	it_notes("1 logged on after you were asked and stays: carol; run it again");
	assert_false(fake_find(&guest, "9")->locked);
	fake_find(&guest, "1")->gone = fake_find(&guest, "2")->gone = true;
	fails(OP_LOCK, E_NO_SUCH_LOGON_SESSION, "none of the selected users is logged on to");
	it_notes("1 logged on after you were asked");
}

TEST(an_unproven_list_proves_nobody_absent)
{
	const char *const users[] = { "carol", NULL };

	this_guest(FAKE_WINDOWS_CLM);
	guest.users_unknown = true;
	fake_logon(&guest, "1", "alice", "");
	options.whom.users = users;
	fails(OP_DISCONNECT, DISP_E_EXCEPTION, "cannot determine whether the selected users are logged on to web01");
	assert_int_equal(sent_count, 0);
	options.whom.users = NULL;
	forget_run();
	fails(OP_DISCONNECT, DISP_E_EXCEPTION, "others may be logged on");
	assert_int_equal(fake_find(&guest, "1")->state, FAKE_WTS_DISCONNECTED);
}

TEST(a_session_that_went_meanwhile_spoils_its_own_lock_alone)
{
	two_desktops();
	begin(OP_LOCK);
	while (fake_count(&guest, "guest-exec loginctl show-session") == 0 || report()->phase != TASK_PHASE_ACT)
		assert_true(step());
	fake_find(&guest, "1")->gone = true;
	it_ends(DISP_E_EXCEPTION, "No session '1' known");
	it_notes("1 of 2 sessions");
	assert_false(report()->maybe_sent);
	assert_true(fake_find(&guest, "2")->locked);
}

/* systemd's lock-session only sends a signal; nobody listens to it on a terminal (logind-session-dbus.c). */
TEST(terminals_are_not_asked_to_lock)
{
	two_users();
	guest.sessions[1].type = "wayland";
	does(OP_LOCK);
	it_notes("1 session asked to lock; 1 confirmed");
	assert_false(fake_find(&guest, "1")->locked);
	was_sent("guest-exec loginctl lock-session 1", 0);
}

TEST(where_there_are_only_terminals_nothing_can_lock)
{
	two_users();
	fails(OP_LOCK, VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "only terminals");
	assert_int_equal(sent_count, 0);
}

/* light-locker 1.8 switches to its greeter, and LockedHint stays "no". */
TEST(a_lock_that_the_desktop_does_not_confirm_is_unknown)
{
	two_desktops();
	guest.sessions[1].never_tells_locked = true;
	fails(OP_LOCK, VM_E_TIMED_OUT, "whether these sessions are locked is unknown: bob");
	it_notes("2 sessions asked to lock; 1 confirmed");
	was_sent("guest-exec loginctl lock-session", 2);
}

TEST(windows_sessions_are_disconnected_and_live_on)
{
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "");
	fake_logon(&guest, "3", "bob", "")->state = FAKE_WTS_DISCONNECTED;
	does(OP_DISCONNECT);
	was_sent("guest-exec powershell.exe # innkeeper disconnect 1", 1);
	was_sent("guest-exec powershell.exe # innkeeper disconnect 3", 0);
	was_sent("guest-exec C:", 0);
	assert_int_equal(fake_find(&guest, "1")->state, FAKE_WTS_DISCONNECTED);
	it_notes("2 of 2");
}

static void bob_takes_the_session(struct backend *backend)
{
	snprintf(fake_find((struct fake_guest *)backend, "1")->user, 16, "bob");
}

TEST(whoever_took_a_session_since_is_not_disconnected)
{
	this_guest(FAKE_WINDOWS);
	fake_logon(&guest, "1", "alice", "");
	fake_fault(&guest, "guest-exec powershell.exe # innkeeper disconnect", 1, ERR_NONE, NULL)->then =
		bob_takes_the_session;
	fails(OP_DISCONNECT, DISP_E_EXCEPTION, "session 1 of alice had already ended, or was another user's by then");
	assert_int_equal(fake_find(&guest, "1")->state, 0);
}

TEST(where_types_are_forbidden_meanwhile_the_small_programs_do_it)
{
	this_guest(FAKE_WINDOWS);
	guest.types_forbidden_from = 2;
	fake_logon(&guest, "1", "alice", "");
	does(OP_DISCONNECT);
	was_sent("guest-exec C:\\Windows\\System32\\tsdiscon.exe 1", 1);
	guest.scripts = 0;
	forget_run();
	does(OP_MESSAGE);
	was_sent("guest-exec C:\\Windows\\System32\\msg.exe", 1);
}

/* base64: "U 4\r\nW\r\n", and "Will not\r\n". */
TEST(what_else_powershell_says_of_a_message_does_not_matter)
{
	static const char *const replies[] = {
		"{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"VSA0DQpXDQo=\"}}",
		"{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"V2lsbCBub3QNCg==\"}}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(replies); i++) {
		this_guest(FAKE_WINDOWS);
		fake_logon(&guest, "1", "alice", "");
		fake_fault(&guest, "guest-exec-status powershell.exe # innkeeper warn", 1, ERR_NONE, NULL)->reply =
			replies[i];
		run(OP_MESSAGE);
		assert_int_equal(report()->error, i == 0 ? S_OK : DISP_E_EXCEPTION);
	}
}

/* --- logins --- */

TEST(disabled_logins_say_why_and_whose_they_are)
{
	options.message = "Patches until noon";
	does(OP_DISABLE_LOGINS);
	assert_string_equal(guest.nologin, "# innkeeper\nPatches until noon\n");
	assert_string_equal(sent[0], "disable-logins");
}

TEST(freebsd_has_its_nologin_file_elsewhere)
{
	this_guest(FAKE_SYSVINIT);
	guest.os_id = "freebsd";
	does(OP_DISABLE_LOGINS);
	was_sent("guest-exec tee /var/run/nologin", 1);
	does(OP_ENABLE_LOGINS);
	was_sent("guest-exec rm -f /var/run/nologin", 1);
}

TEST(logins_that_we_disabled_are_enabled_again)
{
	run(OP_DISABLE_LOGINS);
	does(OP_ENABLE_LOGINS);
	assert_null(guest.nologin);
}

TEST(logins_that_are_as_wanted_are_not_changed)
{
	does(OP_ENABLE_LOGINS);
	run(OP_DISABLE_LOGINS);
	does(OP_DISABLE_LOGINS);
	was_sent("guest-exec tee", 1);
	was_sent("guest-exec rm", 0);
}

TEST(logins_that_somebody_else_disabled_are_disabled_enough)
{
	guest.nologin = mem_strdup("System is booting up.\n");
	does(OP_DISABLE_LOGINS);
	it_notes("already disabled by somebody else; not changed");
	assert_false(guest_op_disabled_logins(op));
	assert_string_equal(guest.nologin, "System is booting up.\n");
	assert_int_equal(sent_count, 0);
}

TEST(logins_that_somebody_else_disabled_are_not_enabled)
{
	guest.nologin = mem_strdup("System is booting up.\n");
	fails(OP_ENABLE_LOGINS, E_ACCESS_DENIED, "/run/nologin");
	assert_string_equal(guest.nologin, "System is booting up.\n");
	assert_int_equal(sent_count, 0);
}

TEST(logins_that_cannot_be_disabled_say_why)
{
	guest.run_is_read_only = true;
	fails(OP_DISABLE_LOGINS, DISP_E_EXCEPTION, "Read-only file system");
	assert_false(report()->maybe_sent);
}

TEST(a_lost_disabling_is_unknown_and_not_repeated)
{
	loses("guest-exec tee", true);
	fails(OP_DISABLE_LOGINS, VM_E_TIMED_OUT, "unknown");
	assert_true(report()->maybe_sent);
	was_sent("guest-exec tee", 1);
	assert_non_null(guest.nologin);
}

static void carol_comes_in(struct backend *backend)
{
	fake_logon(&guest, "7", "carol", "tty3");
}

/* tee, as any program of Fedora's virt_qemu_ga_t, makes a file that sshd and login cannot read (virt.te). */
TEST(logins_are_not_disabled_by_a_file_that_sshd_may_not_read)
{
	guest.fedora_policy = true;
	fails(OP_DISABLE_LOGINS, VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "users could still log on: SELinux");
	assert_non_null(strstr(text_str(report()->error_description), "type_transition"));
	assert_null(guest.nologin);
	was_journalled("disable-logins; enable-logins");
}

TEST(such_a_file_of_somebody_else_is_not_removed)
{
	guest.fedora_policy = true;
	guest.nologin = mem_strdup("System is booting up.\n");
	fails(OP_DISABLE_LOGINS, VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "users could still log on");
	assert_non_null(guest.nologin);
	assert_int_equal(sent_count, 0);
}

TEST(the_file_that_disables_logins_can_be_read_by_all)
{
	does(OP_DISABLE_LOGINS);
	was_sent("guest-exec chmod 644 /run/nologin", 1);
}

TEST(who_comes_in_while_logins_are_being_disabled_is_named)
{
	two_users();
	fake_fault(&guest, "guest-exec stat", 1, ERR_NONE, NULL)->then = carol_comes_in;
	does(OP_DISABLE_LOGINS);
	it_notes("logged on while logins were being disabled: carol");
	assert_true(guest_op_disabled_logins(op));
	assert_null(strstr(text_str(report()->note), "alice"));
}

TEST(logins_that_could_not_be_verified_say_so)
{
	loses("guest-exec stat", false);
	does(OP_DISABLE_LOGINS);
	it_notes("not verified that logins are disabled");
	was_sent("guest-exec tee", 1);
}

TEST(services_that_could_not_be_asked_about_disabled_logins_say_so)
{
	loses("guest-exec grep", false);
	does(OP_DISABLE_LOGINS);
	it_notes("not verified who asks for disabled logins: ");
}

TEST(a_session_host_is_drained_and_enabled)
{
	this_guest(FAKE_WINDOWS);
	guest.is_session_host = true;
	does(OP_DISABLE_LOGINS);
	assert_true(guest.drained);
	does(OP_ENABLE_LOGINS);
	assert_false(guest.drained);
}

TEST(a_windows_that_is_no_session_host_cannot_disable_logins)
{
	this_guest(FAKE_WINDOWS);
	fails(OP_DISABLE_LOGINS, VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "logins on Fake cannot be disabled or enabled");
	assert_false(guest.drained);
}

/* --- clock, file systems --- */

TEST(the_guests_clock_is_set_to_ours)
{
	does(OP_SET_TIME);
	assert_true(guest.time_ns == (int64_t)clock_wall() * 1000000000);
	was_sent("guest-exec", 0);
}

/* --- common to all --- */

TEST(no_operation_starts_where_there_is_no_guest_to_talk_to)
{
	for (enum operation operation = OP_MESSAGE; operation <= OP_TRIM; operation++) {
		guest.state = VM_STATE_SHUTOFF;
		fails(operation, VM_E_VM_NOT_RUNNING, "start it first");
		guest.state = VM_STATE_PAUSED;
		fails(operation, VM_E_VM_PAUSED, "resume it");
		guest.state = VM_STATE_RUNNING;
		guest.channel = CHANNEL_DISCONNECTED;
		fails(operation, VM_E_ADDITIONS_NOT_AVAIL, "qemu-guest-agent");
		guest.channel = CHANNEL_CONNECTED;
	}
	was_sent("guest-", 0);
}

TEST(nothing_is_sent_without_a_journal)
{
	two_desktops();
	sent_allowed = 0;
	for (enum operation operation = 0; operation < OP_COUNT; operation++) {
		if (operation_get(operation)->kind != OPERATION_OF_GUEST || operation == OP_DISCONNECT ||
		    operation == OP_ENABLE_LOGINS)
			continue;
		run(operation);
		it_ends_as(DISP_E_EXCEPTION, TASK_RESULT_DISK_RELATED, "no space left");
	}
	was_sent("guest-exec wall", 0);
	was_sent("guest-exec loginctl lock-session", 0);
	was_sent("guest-exec tee", 0);
	was_sent("guest-set-time", 0);
	was_sent("guest-fstrim", 0);
}

TEST(it_is_cancelled_before_the_first_word)
{
	two_users();
	begin(OP_LOCK);
	assert_true(step());
	op_request_cancel(op);
	it_ends_as(S_OK, TASK_RESULT_CANCELLED, "before anything was sent");
	assert_int_equal(sent_count, 0);
}

TEST(after_the_first_word_it_goes_on_to_the_end)
{
	two_desktops();
	begin(OP_LOCK);
	step_until(!report()->cancelable);
	op_request_cancel(op);
	it_is_done();
	it_notes("2 sessions asked to lock; 2 confirmed");
}

/* clang-format off */
static const struct op_case operations[] = {
	/* --- messages --- */
	{ "a_message_to_windows_goes_in_a_box", OP_MESSAGE, .kind = FAKE_WINDOWS,
	  .on = { { .id = "2", .user = "alice" } }, .options.message = "Reboot at noon",
	  .sent = { { "guest-exec powershell.exe # innkeeper warn", 1 } } },
	{ "a_message_to_nobody_is_not_sent", OP_MESSAGE, .options.message = "Anybody?", .ends = E_NO_SUCH_LOGON_SESSION,
	  .says = { "nobody is logged on to web01" }, .sent = { { "guest-exec wall", 0 } },
	  .nothing_journalled = true },
	{ "a_message_whose_answer_was_lost_is_not_sent_again", OP_MESSAGE, .users = 2,
	  .faults = { { "guest-exec wall", 1, ERR_NO_ANSWER, .text = "no answer in time", .carried_out = true } },
	  .ends = VM_E_TIMED_OUT, .says = { "the result is unknown, check the guest" },
	  .sent = { { "guest-exec wall", 1 } }, .doubt = MAYBE_SENT },
	{ "what_the_agent_surely_refused_is_no_mystery", OP_MESSAGE, .users = 2,
	  .faults = { { "guest-exec wall", 1, ERR_AGENT_REFUSED,
	    .text = "Failed to execute child process (Permission denied)" } }, .ends = E_ACCESS_DENIED,
	  .says = { "Permission denied" }, .doubt = NOT_SENT },
	/* --- lock, disconnect --- */
	{ "what_is_locked_already_is_not_told_again", OP_LOCK, .users = 2, .on_desktops = true, .locked = "1",
	  .notes = { "1 session asked to lock; 1 confirmed" },
	  .sent = { { "guest-exec loginctl lock-session", 1 } } },
	{ "nobody_named_is_told_apart_from_nobody_there", OP_LOCK, .users = 2, .on_desktops = true,
	  .options.whom.users = (const char *const[]){ "carol", NULL }, .ends = E_NO_SUCH_LOGON_SESSION,
	  .says = { "none of the selected users is logged on to" } },
	{ "a_lost_lock_is_told_and_the_next_one_sent", OP_LOCK, .users = 2, .on_desktops = true,
	  .faults = { { "guest-exec loginctl lock-session 1", 1, ERR_NO_ANSWER, .text = "no answer in time",
	    .carried_out = true } }, .ends = VM_E_TIMED_OUT, .says = { "the result is unknown, check the guest" },
	  .sent = { { "guest-exec loginctl lock-session 1", 1 }, { "guest-exec loginctl lock-session 2", 1 } },
	  .doubt = MAYBE_SENT },
	{ "guests_without_logind_cannot_lock", OP_LOCK, .kind = FAKE_SYSVINIT,
	  .on = { { .id = "tty1", .user = "alice" } }, .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	  .says = { "without logind" }, .nothing_journalled = true },
	{ "windows_says_that_disconnecting_locks", OP_LOCK, .kind = FAKE_WINDOWS,
	  .on = { { .id = "1", .user = "alice" } }, .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	  .says = {
	    "Windows sessions cannot be locked from outside; disconnect them instead, which locks them as well" } },
	{ "a_message_without_a_trace_was_not_shown", OP_MESSAGE, .kind = FAKE_WINDOWS,
	  .on = { { .id = "1", .user = "alice" } },
	  .faults = { { "guest-exec-status powershell.exe # innkeeper warn", 1,
	    .reply = "{\"return\":{\"exited\":true,\"exitcode\":0}}" } }, .ends = DISP_E_EXCEPTION,
	  .says = { "no output" } },
	{ "a_32_bit_agent_finds_tsdiscon_in_sysnative", OP_DISCONNECT, .kind = FAKE_WINDOWS_CLM,
	  .on = { { .id = "1", .user = "alice" } }, .sysnative = true,
	  .sent = { { "guest-exec C:\\Windows\\Sysnative\\tsdiscon.exe 1", 1 } } },
	{ "in_whatever_language_it_says_that_there_is_none", OP_DISCONNECT, .kind = FAKE_WINDOWS_CLM,
	  .on = { { .id = "1", .user = "alice" } }, .sysnative = true,
	  .no_program = "Das System kann die angegebene Datei nicht finden.",
	  .sent = { { "guest-exec C:\\Windows\\Sysnative\\tsdiscon.exe 1", 1 } } },
	{ "linux_sessions_cannot_be_disconnected", OP_DISCONNECT, .users = 2, .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	  .says = { "only Windows sessions" } },
	/* --- logins --- */
	{ "an_unanswered_look_changes_nothing", OP_DISABLE_LOGINS,
	  .faults = { { "guest-exec cat", 1, ERR_NO_ANSWER, .text = "no answer in time" } }, .ends = VM_E_TIMED_OUT,
	  .says = { "no answer" }, .sent = { { "guest-exec tee", 0 } }, .doubt = NOT_SENT },
	{ "a_windows_without_chglogon_cannot_disable_logins", OP_DISABLE_LOGINS, .kind = FAKE_WINDOWS,
	  .faults = { { "guest-exec C:", 0, ERR_AGENT_REFUSED,
	   
	    .text = "Failed to execute child process (No such file or directory)" } },
	  .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	  .says = { "cannot be disabled or enabled: only session hosts (Windows Server) support it" },
	  .nothing_journalled = true },
	/* --- clock, file systems --- */
	{ "a_clock_that_may_be_set_is_not_set_again", OP_SET_TIME,
	  .faults = { { "guest-set-time", 1, ERR_NO_ANSWER, .text = "no answer in time", .carried_out = true } },
	  .ends = VM_E_TIMED_OUT, .says = { "unknown" }, .sent = { { "guest-set-time", 1 } } },
	{ "trimming_tells_what_was_given_back", OP_TRIM,
	  .faults = { { "guest-fstrim", 0,
	    .reply = "{\"return\":{\"paths\":[{\"path\":\"/\",\"trimmed\":3145728,\"minimum\":0}]}}" } },
	  .notes = { "3.0 MiB" } },
	{ "a_frozen_guest_is_not_trimmed", OP_TRIM,
	  .faults = { { "guest-fstrim", 1, ERR_AGENT_FROZEN, .text = "the agent is in frozen state" } },
	  .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL, .says = { "frozen" }, .doubt = NOT_SENT },
	/* --- common to all --- */
	{ "blocked_guest_exec_names_the_remedy", OP_MESSAGE, .users = 2, .exec_disabled = true,
	  .ends = VM_E_ADDITIONS_FEATURE_NOT_AVAIL, .says = { "guest-exec" } },
	{ "a_guest_that_never_ends_a_program_ends_the_task", OP_MESSAGE, .users = 2,
	  .faults = { { "guest-exec-status wall", 0, .reply = "{\"return\":{\"exited\":false}}" } },
	  .ends = VM_E_TIMED_OUT, .says = { "the result is unknown, check the guest" },
	  .sent = { { "guest-exec wall", 1 } }, .doubt = MAYBE_SENT },
	{ "a_short_time_is_kept", OP_LOCK, .users = 2, .on_desktops = true, .latency_ms = 900, .options.timeout_s = 3,
	  .ends = VM_E_TIMED_OUT, .says = { "not done in 3 s" }, .doubt = NOT_SENT },
};
/* clang-format on */

TESTS_OF(operations, run_row)

RUN_TESTS_EACH("guest_op", NULL, NULL, an_operation, no_guest)

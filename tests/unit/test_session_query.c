/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "asking.h"

/* --- queries --- */

TEST(sessions_of_logind_are_proven)
{
	struct fake_session *ssh;

	fake_logon(&guest, "1", "alice", "tty1");
	ssh = fake_logon(&guest, "c5", "bob", "");
	ssh->remote = true;
	snprintf(ssh->host, sizeof(ssh->host), "192.0.2.7");
	snprintf(fake_logon(&guest, "6", "bob", "")->class_name, 32, "manager");
	it_answers(QUERY_DONE, true, 2);
	session_is(0, "1", "alice");
	session_is(1, "c5", "bob");
	assert_int_equal(list.family, FAMILY_LOGIND);
	assert_int_equal(err.kind, ERR_NONE);
	assert_true(profile.known);
	assert_string_equal(text_str(profile.host_name), "fake");
	assert_string_equal(text_str(profile.os.id), "debian");
}

TEST(a_known_guest_is_not_asked_again_what_it_is)
{
	it_answers(QUERY_DONE, true, 0);
	it_answers(QUERY_DONE, true, 0);
	assert_int_equal(fake_count(&guest, "guest-info"), 1);
	assert_int_equal(fake_count(&guest, "guest-get-osinfo"), 1);
}

TEST(old_loginctl_is_read_as_well)
{
	guest.old_loginctl = true;
	fake_logon(&guest, "1", "alice", "tty1");
	it_answers(QUERY_DONE, true, 1);
}

TEST(idle_times_are_told_by_the_guests_clock)
{
	fake_logon(&guest, "1", "alice", "tty1")->idle_s = 1800;
	fake_logon(&guest, "2", "bob", "tty2");
	fake_logon(&guest, "3", "carol", "pts/0")->remote = true; /* of whose terminal logind 257 does not know */
	it_answers(QUERY_DONE, true, 3);
	assert_int_equal(fake_count(&guest, "guest-get-time"), 1);
	assert_in_range(list.at[0].idle_s, 1800, 1900);
	assert_in_range(list.at[1].idle_s, 0, 60);
	assert_int_equal(list.at[2].idle_s, -1);
}

TEST(without_the_guests_clock_idle_times_are_unknown)
{
	fake_logon(&guest, "1", "alice", "tty1")->idle_s = 1800;
	fake_fault(&guest, "guest-get-time", 0, ERR_AGENT_REFUSED, "The command guest-get-time has been disabled");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(list.at[0].idle_s, -1);
}

TEST(a_who_without_idle_times_is_asked_plainly_from_then_on)
{
	this_guest_to_ask(FAKE_SYSVINIT);
	fake_logon(&guest, "tty1", "alice", "")->idle_s = 1800;
	it_answers(QUERY_DONE, true, 1);
	assert_in_range(list.at[0].idle_s, 1800, 1900);
	guest.busybox = true;
	it_answers(QUERY_DONE, true, 1);
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(list.at[0].idle_s, -1);
	assert_int_equal(fake_count(&guest, "guest-exec who -u"), 2);
}

TEST(what_sessions_use_costs_one_program_and_its_failure_nothing)
{
	asks_usage = true;
	fake_logon(&guest, "1", "alice", "tty1");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(fake_count(&guest, "guest-exec ps"), 1);
	assert_in_range(list.at[0].memory_kib, 1, 100000);
	assert_in_range(list.at[0].cpu_s, 0, 3600);
	fake_fault(&guest, "guest-exec ps", 0, ERR_AGENT_REFUSED, "Failed to execute child process");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(list.at[0].memory_kib, -1);
	assert_int_equal(err.kind, ERR_NONE);
}

TEST(windows_is_asked_what_sessions_use)
{
	this_guest_to_ask(FAKE_WINDOWS);
	asks_usage = true;
	fake_logon(&guest, "2", "alice", "");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(fake_count(&guest, "guest-exec powershell.exe # innkeeper usage"), 1);
	assert_in_range(list.at[0].memory_kib, 300000, 400000);
}

static void end_it(struct backend *backend)
{
	fake_find((struct fake_guest *)backend, "1")->gone = true;
}

TEST(a_session_that_goes_while_we_ask_is_left_out)
{
	fake_logon(&guest, "1", "alice", "tty1");
	fake_logon(&guest, "2", "bob", "tty2");
	*fake_fault(&guest, "guest-exec loginctl show-session 1", 1, ERR_NONE, NULL) = (struct fake_fault){
		.call = "guest-exec loginctl show-session 1",
		.nth = 1,
		.reply = "{\"return\":{\"pid\":4002}}",
		.carried_out = true,
		.then = end_it,
	};
	it_answers(QUERY_DONE, true, 1);
	session_is(0, "2", "bob");
}

TEST(log_ons_beyond_the_most_are_counted)
{
	for (int i = 0; i < SESSION_LIST_MAX + 36; i++) {
		char id[8];

		snprintf(id, sizeof(id), "%d", i + 1);
		fake_logon(&guest, id, "alice", "");
	}
	it_answers(QUERY_DONE, true, SESSION_LIST_MAX);
	assert_int_equal(list.more, 36);
}

TEST(without_logind_who_is_asked)
{
	this_guest_to_ask(FAKE_SYSVINIT);
	fake_logon(&guest, "tty1", "alice", "");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(list.family, FAMILY_UTMP);
	session_is(0, "tty1", "alice");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(fake_count(&guest, "guest-exec loginctl"), 1);
}

TEST(loginctl_without_logind_counts_as_none)
{
	guest.no_logind = true;
	fake_logon(&guest, "pts/0", "alice", "");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(list.family, FAMILY_UTMP);
}

TEST(an_empty_who_proves_only_where_logind_is_surely_missing)
{
	this_guest_to_ask(FAKE_SYSVINIT);
	it_answers(QUERY_DONE, true, 0);
	guest_profile_free(&profile);
	guest.os_id = "alpine"; /* musl keeps no utmp */
	it_answers(QUERY_DONE, false, 0);
	guest_profile_free(&profile);
	guest.os_id = "postmarketos"; /* nor here */
	it_answers(QUERY_DONE, false, 0);
	guest_profile_free(&profile);
	guest.os_id = "devuan";
	fake_fault(&guest, "guest-exec loginctl", 0, ERR_AGENT_REFUSED,
		   "Kindprozess »loginctl« konnte nicht ausgeführt werden");
	it_answers(QUERY_DONE, false, 0);
}

TEST(a_guest_with_logind_never_becomes_another_family)
{
	fake_logon(&guest, "1", "alice", "tty1");
	it_answers(QUERY_DONE, true, 1);
	fake_fault(&guest, "guest-exec loginctl list-sessions", 0, ERR_AGENT_REFUSED,
		   "Failed to execute child process “loginctl” (No such file or directory)");
	assert_int_equal(ask(), QUERY_FAILED);
	assert_int_equal(fake_count(&guest, "guest-exec who"), 0);
	guest.fault_count = 0;
	guest.no_logind = true;
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_UNEXPECTED, "Failed to connect to bus");
}

TEST(windows_is_asked_through_powershell)
{
	this_guest_to_ask(FAKE_WINDOWS);
	fake_logon(&guest, "2", "alice", "");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(list.family, FAMILY_WINDOWS);
	assert_int_equal(fake_count(&guest, "guest-exec loginctl"), 0);
	assert_int_equal(fake_count(&guest, "guest-exec powershell.exe # innkeeper list"), 1);
}

TEST(windows_that_forbids_types_proves_nothing)
{
	this_guest_to_ask(FAKE_WINDOWS_CLM);
	fake_logon(&guest, "2", "alice", "");
	guest.users_unknown = true;
	it_answers(QUERY_DONE, false, 1);
	assert_true(profile.no_wts);
}

/* On Windows the agent asks WTS itself. */
TEST(but_there_the_agents_own_list_does)
{
	this_guest_to_ask(FAKE_WINDOWS_CLM);
	fake_logon(&guest, "2", "alice", "");
	it_answers(QUERY_DONE, true, 1);
	session_is(0, "2", "alice");
	fake_find(&guest, "2")->gone = true;
	it_answers(QUERY_DONE, true, 0);
}

TEST(who_has_no_explorer_is_listed_by_name)
{
	this_guest_to_ask(FAKE_WINDOWS_CLM);
	fake_logon(&guest, "2", "alice", "");
	guest.users = "[{\"user\":\"ALICE\",\"domain\":\"WIN\"},{\"user\":\"bob\",\"domain\":\"WIN\"}]";
	it_answers(QUERY_DONE, true, 2);
	session_is(0, "2", "alice");
	session_is(1, "", "bob");
}

TEST(the_agents_own_list_proves_nothing_where_it_misses_somebody)
{
	static const char *const lists[] = { "[]", "[{\"user\":\"bob\"}]" };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		this_guest_to_ask(FAKE_WINDOWS_CLM);
		fake_logon(&guest, "2", "alice", "");
		guest.users = lists[i];
		it_answers(QUERY_DONE, false, i + 1);
	}
}

TEST(the_agents_own_list_that_is_not_answered_is_asked_for_again)
{
	this_guest_to_ask(FAKE_WINDOWS_CLM);
	fake_logon(&guest, "2", "alice", "");
	fake_fault(&guest, "guest-get-users", 1, ERR_NO_ANSWER, "silence");
	it_answers(QUERY_FAILED, false, 1);
	it_answers(QUERY_DONE, true, 1);
	fake_fault(&guest, "guest-get-users", 1, ERR_AGENT_REFUSED, "no");
	it_answers(QUERY_DONE, false, 1);
}

TEST(an_agent_without_osinfo_is_tried_out)
{
	this_guest_to_ask(FAKE_WINDOWS);
	guest.os_id = NULL;
	fake_logon(&guest, "2", "alice", "");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(list.family, FAMILY_WINDOWS);
	assert_int_equal(fake_count(&guest, "guest-exec who"), 1);
}

/* --- where only an unreliable list is left --- */

TEST(a_blocked_agent_tells_users_that_prove_nothing)
{
	guest.exec_disabled = true;
	fake_logon(&guest, "1", "alice", "tty1");
	it_answers(QUERY_DONE, false, 1);
	it_says(ERR_AGENT_BLOCKED, "/etc/qemu/qemu-ga.conf");
	session_is(0, "", "alice");
	assert_int_equal(fake_count(&guest, "guest-exec"), 0);
}

TEST(exec_that_is_refused_only_when_used_is_blocked_as_well)
{
	fake_fault(&guest, "guest-exec loginctl", 0, ERR_AGENT_BLOCKED, "Command guest-exec has been disabled");
	it_answers(QUERY_DONE, false, 0);
	it_says(ERR_AGENT_BLOCKED, "qemu-ga.conf");
	assert_false(profile.capabilities.exec);
	this_guest_to_ask(FAKE_LOGIND);
	fake_fault(&guest, "guest-exec loginctl", 0, ERR_AGENT_ABSENT, "The command guest-exec has not been found");
	it_answers(QUERY_DONE, false, 0);
	it_says(ERR_AGENT_ABSENT, "does not support guest-exec; install version 2.5 or later in the guest");
	assert_false(profile.capabilities.exec || profile.capabilities.exec_known_blocked);
}

TEST(an_agent_too_old_for_exec_is_said_to_be)
{
	guest.exec_unknown = true;
	it_answers(QUERY_DONE, false, 0);
	it_says(ERR_AGENT_ABSENT, "7.2.22");
}

TEST(an_agent_that_tells_nothing_of_itself_is_asked_nothing_else)
{
	fake_fault(&guest, "guest-info", 0, ERR_NONE, NULL)->reply = "{\"return\":{}}";
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_AGENT_ABSENT, "(version unknown) does not support guest-exec");
	assert_int_equal(guest.log_count, 1);
}

TEST(a_guest_without_any_program_is_said_to_have_none)
{
	this_guest_to_ask(FAKE_NO_TOOLS);
	it_answers(QUERY_DONE, false, 0);
	it_says(ERR_UNSUPPORTED, "neither loginctl nor who");
	guest_profile_free(&profile);
	guest.os_id = NULL;
	it_answers(QUERY_DONE, false, 0);
	it_says(ERR_UNSUPPORTED, "PowerShell");
}

TEST(without_get_users_either_nothing_is_left)
{
	guest.exec_disabled = guest.users_unknown = true;
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_AGENT_BLOCKED, "qemu-ga.conf");
	guest.users_unknown = false;
	guest_profile_free(&profile);
	fake_fault(&guest, "guest-get-users", 0, ERR_AGENT_REFUSED, "no");
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_AGENT_BLOCKED, "qemu-ga.conf");
	fake_fault(&guest, "guest-get-users", 0, ERR_NO_ANSWER, "silence");
	guest.faults[0].call = "nothing";
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_NO_ANSWER, "silence");
}

TEST(each_family_is_told_its_own_remedy)
{
	static const struct {
		const char *id, *version, *words;
	} rows[] = {
		{ "rhel", "7.9", "BLACKLIST_RPC in /etc/sysconfig/qemu-ga" },
		{ "almalinux", "8.10", "BLACKLIST_RPC in /etc/sysconfig/qemu-ga" },
		{ "rocky", "9.4", "BLOCK_RPCS" },
		{ "centos", "10", "FILTER_RPC_ARGS" },
		{ "rhel", "", "FILTER_RPC_ARGS" },
		{ "fedora", "41", "QEMU_GA_ARGS" },
		{ "debian", "12", "/etc/qemu/qemu-ga.conf" },
		{ "ubuntu", "24.04", "/etc/qemu/qemu-ga.conf" },
		{ "opensuse-leap", "15.6", "/etc/qemu/qemu-ga.conf" },
		{ "mswindows", "11", "Services\\QEMU-GA" },
		{ "freebsd", "14.1", "Disabled RPCs" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		guest.exec_disabled = true;
		guest.os_id = rows[i].id;
		guest.os_version = rows[i].version;
		ask();
		it_says(ERR_AGENT_BLOCKED, rows[i].words);
		guest_profile_free(&profile);
	}
}

/* --- failures --- */

TEST(a_frozen_guest_is_not_taken_for_a_blocked_one)
{
	guest.frozen = true;
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_AGENT_FROZEN, "backup");
	assert_false(profile.known);
	guest.frozen = false;
	it_answers(QUERY_DONE, true, 0);
}

TEST(selinux_is_named_where_a_program_may_not_start)
{
	fake_fault(&guest, "guest-exec loginctl", 0, ERR_AGENT_REFUSED,
		   "Failed to execute child process “loginctl” (Permission denied)");
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_DENIED, "ausearch -m avc");
}

TEST(a_silent_agent_fails_the_query)
{
	FOR_EACH(const char *, call, "guest-info", "guest-get-osinfo", "guest-get-host-name",
		 "guest-exec loginctl list") {
		guest.fault_count = 0;
		fake_fault(&guest, *call, 0, ERR_NO_ANSWER, "silence");
		guest_profile_free(&profile);
		assert_int_equal(ask(), QUERY_FAILED);
		it_says(ERR_NO_ANSWER, "silence");
	}
}

TEST(a_session_object_that_is_unknown_is_gone_too)
{
	fake_logon(&guest, "1", "alice", "tty1");
	/* "Unknown object" */
	fake_fault(&guest, "guest-exec-status loginctl show", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":true,\"exitcode\":1,\"err-data\":\"VW5rbm93biBvYmplY3Q=\"}}";
	it_answers(QUERY_DONE, true, 0);
	guest.faults[0].reply = "{\"return\":{\"exited\":true,\"exitcode\":1}}";
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_UNEXPECTED, "exit status 1");
	guest.fault_count = 0;
	fake_fault(&guest, "guest-exec loginctl show", 0, ERR_NO_ANSWER, "silence");
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_NO_ANSWER, "silence");
}

TEST(whether_it_is_frozen_may_not_be_known)
{
	guest.exec_disabled = true;
	fake_fault(&guest, "guest-fsfreeze-status", 1, ERR_AGENT_REFUSED, "no");
	it_answers(QUERY_DONE, false, 0);
	it_says(ERR_AGENT_BLOCKED, "qemu-ga.conf");
	guest_profile_free(&profile);
	fake_fault(&guest, "guest-fsfreeze-status", 0, ERR_NO_ANSWER, "silence");
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_NO_ANSWER, "silence");
}

TEST(refused_details_do_not_matter)
{
	fake_fault(&guest, "guest-get-osinfo", 0, ERR_AGENT_REFUSED, "no");
	fake_fault(&guest, "guest-get-host-name", 0, ERR_AGENT_ABSENT, "no");
	fake_logon(&guest, "1", "alice", "tty1");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(err.kind, ERR_NONE);
}

TEST(loginctl_that_fails_is_quoted)
{
	fake_fault(&guest, "guest-exec-status loginctl list", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":true,\"exitcode\":1,\"err-data\":"
		"\"RmFpbGVkIHRvIGxpc3Qgc2Vzc2lvbnM6IEFjY2VzcyBkZW5pZWQ=\"}}";
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_DENIED, "exit status 1): Failed to list sessions: Access denied");
	guest.fault_count = 0;
	fake_fault(&guest, "guest-exec-status loginctl list", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":true,\"signal\":9}}";
	assert_int_equal(ask(), QUERY_FAILED);
	it_says(ERR_UNEXPECTED, "killed");
}

TEST(answers_without_sense_fail_the_query)
{
	/* clang-format off */
	static const struct {
		const char *call, *reply;
		enum fake_kind kind;
	} rows[] = {
		{ "guest-info", "garbage", FAKE_LOGIND },
		{ "guest-exec-status loginctl show", "{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"\"}}", FAKE_LOGIND },
		{ "guest-exec-status powershell", "{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"UyAwIDAgWVE9PQ==\"}}", FAKE_WINDOWS },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		this_guest_to_ask(rows[i].kind);
		fake_logon(&guest, "1", "alice", "tty1");
		fake_fault(&guest, rows[i].call, 0, ERR_NONE, NULL)->reply = rows[i].reply;
		assert_int_equal(ask(), QUERY_FAILED);
		assert_int_equal(err.kind, ERR_AGENT_BROKEN);
	}
}

TEST(programs_of_other_families_fail_as_clearly)
{
	static const struct {
		enum fake_kind kind;
		const char *call;
	} rows[] = { { FAKE_SYSVINIT, "guest-exec-status who" }, { FAKE_WINDOWS, "guest-exec-status powershell" } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		this_guest_to_ask(rows[i].kind);
		fake_fault(&guest, rows[i].call, 0, ERR_NONE, NULL)->reply =
			"{\"return\":{\"exited\":true,\"exitcode\":1}}";
		assert_int_equal(ask(), QUERY_FAILED);
		it_says(ERR_UNEXPECTED, "no output");
		guest.fault_count = 0;
		fake_fault(&guest, rows[i].call, 0, ERR_NO_AGENT, "gone");
		assert_int_equal(ask(), QUERY_FAILED);
		it_says(ERR_NO_AGENT, "gone");
	}
}

TEST(half_an_id_at_the_end_of_cut_output_is_dropped)
{
	fake_logon(&guest, "1", "alice", "tty1");
	fake_logon(&guest, "12", "bob", "tty2");
	/* "12 x\n1": the last line may have been the head of 15 */
	fake_fault(&guest, "guest-exec-status loginctl list", 0, ERR_NONE, NULL)->reply =
		"{\"return\":{\"exited\":true,\"exitcode\":0,\"out-truncated\":true,\"out-data\":\"MTIgeAox\"}}";
	it_answers(QUERY_DONE, true, 1);
	session_is(0, "12", "bob");
	assert_int_equal(list.more, 1);
	/* "12": all of it is cut, which is not nobody */
	guest.faults[0].reply =
		"{\"return\":{\"exited\":true,\"exitcode\":0,\"out-truncated\":true,\"out-data\":\"MTI=\"}}";
	it_answers(QUERY_DONE, true, 0);
	assert_int_equal(list.more, 1);
}

/* --- in the background --- */

TEST(all_sessions_are_shown_by_one_program)
{
	for (int i = 1; i <= LOGIND_SHOW_MOST + 1; i++)
		fake_logon(&guest, keep(mem_printf("%d", i)), "alice", "");
	it_answers(QUERY_DONE, true, LOGIND_SHOW_MOST + 1);
	assert_int_equal(fake_count(&guest, "guest-exec loginctl show-session"), 2);
}

TEST(a_look_at_a_guest_whose_sessions_are_known_starts_one_process)
{
	fake_logon(&guest, "1", "alice", "tty1")->locked = true;
	snprintf(fake_logon(&guest, "2", "alice", "")->class_name, 32, "manager");
	fake_logon(&guest, "3", "mary ann", "");
	it_answers(QUERY_DONE, true, 2);
	FOR_EACH(bool, old, false, true) {
		guest.old_loginctl = *old;
		assert_in_range(looks(), 1, 2);
		assert_int_equal(looks(), 1);
		assert_int_equal(list.count, 2);
		assert_true(list.proven && list.at[0].locked && !list.lacks_ids);
		session_is(1, "3", "mary ann");
	}
	fake_find(&guest, "1")->gone = true;
	assert_int_equal(looks(), 1);
	assert_int_equal(list.count, 1);
}

TEST(only_the_sessions_that_are_new_are_shown)
{
	fake_logon(&guest, "1", "alice", "tty1");
	it_answers(QUERY_DONE, true, 1);
	fake_logon(&guest, "7", "bob", "tty2");
	snprintf(fake_logon(&guest, "8", "bob", "")->class_name, 32, "manager");
	assert_int_equal(looks(), 2);
	assert_int_equal(fake_count(&guest, "guest-exec loginctl show-session 7 "), 1);
	session_is(1, "7", "bob");
	assert_int_equal(looks(), 1);
	assert_int_equal(list.count, 2);
}

/* After a reboot that nobody told us of, say. */
TEST(a_session_that_is_listed_otherwise_than_it_is_known_is_shown_again)
{
	struct fake_session *one = fake_logon(&guest, "1", "alice", "tty1");

	snprintf(fake_logon(&guest, "2", "alice", "")->class_name, 32, "manager");
	it_answers(QUERY_DONE, true, 1);
	snprintf(one->user, sizeof(one->user), "al");
	assert_int_equal(looks(), 2);
	session_is(0, "1", "al");
	snprintf(one->tty, sizeof(one->tty), "tty3");
	assert_int_equal(looks(), 2);
	assert_string_equal(text_str(list.at[0].tty), "tty3");
	snprintf(fake_find(&guest, "2")->class_name, 32, "user");
	assert_int_equal(looks(), 2);
	assert_int_equal(list.count, 2);
}

TEST(a_reboot_forgets_the_ids)
{
	fake_logon(&guest, "1", "alice", "tty1");
	it_answers(QUERY_DONE, true, 1);
	guest_profile_free(&profile);
	session_list_free(&list);
	assert_int_equal(looks(), 2);
	session_is(0, "1", "alice");
}

TEST(a_look_asks_the_program_seldom_whether_it_has_ended)
{
	fake_logon(&guest, "1", "alice", "tty1");
	it_answers(QUERY_DONE, true, 1);
	looks();
	assert_in_range(guest.log_at[guest.log_count - 1] - guest.log_at[guest.log_count - 2], 1000, 1010);
}

TEST(a_look_at_windows_starts_none)
{
	this_guest_to_ask(FAKE_WINDOWS);
	fake_logon(&guest, "2", "alice", "");
	assert_int_equal(looks(), 0);
	assert_true(list.proven && list.lacks_ids);
	session_is(0, "", "alice");
	it_answers(QUERY_DONE, true, 1);
	assert_false(list.lacks_ids);
	fake_logon(&guest, "3", "bob", "");
	assert_int_equal(looks(), 0);
	session_is(0, "2", "alice");
	session_is(1, "", "bob");
	assert_true(list.proven && list.lacks_ids);
	fake_find(&guest, "2")->gone = fake_find(&guest, "3")->gone = true;
	assert_int_equal(looks(), 0);
	assert_int_equal(list.count, 0);
	assert_true(list.proven && !list.lacks_ids);
}

/* The agent names nobody where it cannot ask, either. */
TEST(that_nobody_is_on_windows_is_asked_in_full_once)
{
	this_guest_to_ask(FAKE_WINDOWS);
	assert_int_equal(looks(), 1);
	assert_true(list.proven && list.count == 0);
	assert_int_equal(looks(), 0);
	assert_true(list.proven && list.count == 0);
}

TEST(where_who_was_asked_once_the_agent_does_as_well)
{
	this_guest_to_ask(FAKE_SYSVINIT);
	fake_logon(&guest, "tty1", "alice", "");
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(looks(), 0);
	session_is(0, "tty1", "alice");
	guest.users_unknown = true;
	guest_profile_free(&profile);
	it_answers(QUERY_DONE, true, 1);
	assert_int_equal(looks(), 1);
	session_is(0, "tty1", "alice");
}

RUN_TESTS_EACH("session query", NULL, NULL, a_guest_to_ask, no_guest_to_ask)

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated guest agent: each kind of guest, in the protocol's own words. */
#include "demo_world.h"
#include "tests/paths.h"

#define AGENTS   "demo:///" SCENARIOS "/agents.conf"
#define SESSIONS "demo:///" SCENARIOS "/sessions.conf"

FIXTURE(open_agents)
{
	world_open(AGENTS);
}

FIXTURE(open_sessions)
{
	world_open(SESSIONS);
}

/* --- the protocol --- */

TEST_WITH(a_healthy_agent_answers_ping_sync_and_info, open_agents, world_close)
{
	assert_string_equal(world_ask("up", "{\"execute\":\"guest-ping\"}"), "{\"return\":{}}");
	assert_string_equal(world_ask("up", "{\"execute\":\"guest-sync\",\"arguments\":{\"id\":4711}}"),
			    "{\"return\":4711}");
	assert_says(world_ask("up", "{\"execute\":\"guest-info\"}"), "\"version\":\"7.2.22\"");
	assert_says(world_ask("up", "{\"execute\":\"guest-info\"}"), "{\"enabled\":true,\"name\":\"guest-exec\"");
	assert_string_equal(world_ask("up", "{\"execute\":\"guest-ping\",\"id\":\"a\"}"),
			    "{\"return\":{},\"id\":\"a\"}");
}

TEST_WITH(it_knows_its_system_and_its_name, open_agents, world_close)
{
	assert_says(world_ask("up", "{\"execute\":\"guest-get-osinfo\"}"),
		    "\"pretty-name\":\"Debian GNU/Linux 12 (bookworm)\"");
	assert_string_equal(world_ask("up", "{\"execute\":\"guest-get-host-name\"}"),
			    "{\"return\":{\"host-name\":\"up\"}}");
	assert_says(world_ask("up", "{\"execute\":\"guest-network-get-interfaces\"}"), "\"ip-address\":\"127.0.0.1\"");
	assert_says(world_ask("up", "{\"execute\":\"guest-network-get-interfaces\"}"), "\"ip-address\":\"198.18.");
}

TEST_WITH(wrong_commands_are_refused_in_qemus_words, open_agents, world_close)
{
	world_is_refused("up", "{\"execute\":\"guest-nonsense\"}", ERR_AGENT_ABSENT,
			 "The command guest-nonsense has not been found");
	world_is_refused("up", "{\"execute\":\"guest-exec-status\"}", ERR_AGENT_REFUSED, "Parameter 'pid' is missing");
	world_is_refused("up", "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":\"x\"}}", ERR_AGENT_REFUSED,
			 "Invalid parameter type for 'pid', expected: integer");
	world_is_refused("up", "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":1}}", ERR_AGENT_REFUSED,
			 "Invalid parameter 'pid'");
	world_is_refused("up", "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/nope\"}}", ERR_AGENT_REFUSED,
			 "Failed to execute child process “/bin/nope” (No such file or directory)");
	world_is_refused("up", "{\"execute\":", ERR_AGENT_REFUSED, "JSON parse error");
}

TEST_WITH(a_finished_program_can_be_asked_about_once, open_agents, world_close)
{
	assert_says(world_ask("up",
			      "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"who\",\"capture-output\":true}}"),
		    "{\"return\":{\"pid\":701}}");
	assert_string_equal(world_ask("up", "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":701}}"),
			    "{\"return\":{\"exited\":false}}");
	world_wait(100);
	assert_says(world_ask("up", "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":701}}"),
		    "\"exited\":true");
	world_is_refused("up", "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":701}}", ERR_AGENT_REFUSED,
			 "Invalid parameter 'pid'");
}

TEST_WITH(users_are_listed_once_with_the_time_of_their_logon, open_agents, world_close)
{
	assert_string_equal(world_ask("up", "{\"execute\":\"guest-get-users\"}"),
			    "{\"return\":[{\"user\":\"alice\",\"login-time\":1900000000.0},"
			    "{\"user\":\"bob\",\"login-time\":1900000000.0}]}");
}

/* --- what an agent can be --- */

TEST_WITH(without_an_agent_on_the_line_nothing_is_asked, open_agents, world_close)
{
	static const struct {
		const char *guest;
		enum err_kind kind;
	} cases[] = {
		{ "none", ERR_NO_CHANNEL },     { "down", ERR_NO_AGENT },      { "denied", ERR_DENIED },
		{ "shutoff", ERR_NOT_RUNNING }, { "saved", ERR_NOT_RUNNING },  { "crashed", ERR_NOT_RUNNING },
		{ "paused", ERR_PAUSED },       { "pmsuspended", ERR_PAUSED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t began = clock_ms();

		world_is_refused(cases[i].guest, "{\"execute\":\"guest-ping\"}", cases[i].kind, "");
		assert_int_equal(clock_ms(), began);
	}
}

TEST_WITH(the_channel_is_seen_from_the_host, open_agents, world_close)
{
	assert_int_equal(world_channel("up"), CHANNEL_CONNECTED);
	assert_int_equal(world_channel("none"), CHANNEL_ABSENT);
	assert_int_equal(world_channel("down"), CHANNEL_DISCONNECTED);
	assert_int_equal(world_channel("denied"), CHANNEL_DENIED);
	assert_int_equal(world_channel("unread"), CHANNEL_UNKNOWN);
	world_wait(20000);
	assert_int_equal(world_channel("unread"), CHANNEL_CONNECTED);
}

TEST_WITH(a_blocked_guest_exec_is_listed_as_disabled_and_refused, open_agents, world_close)
{
	assert_says(world_ask("blocked", "{\"execute\":\"guest-info\"}"), "{\"enabled\":false,\"name\":\"guest-exec\"");
	world_is_refused("blocked", "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"who\"}}", ERR_AGENT_BLOCKED,
			 "Command guest-exec has been disabled");
	world_is_refused("rhel", "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"who\"}}", ERR_AGENT_BLOCKED,
			 "the command is not allowed");
	assert_says(world_ask("rhel", "{\"execute\":\"guest-get-users\"}"), "alice");
}

TEST_WITH(selinux_lets_a_confined_agent_start_nothing, open_agents, world_close)
{
	world_is_refused("confined", "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"loginctl\"}}",
			 ERR_AGENT_REFUSED, "(Permission denied)");
}

TEST_WITH(a_frozen_guest_answers_little, open_agents, world_close)
{
	world_ask("frozen", "{\"execute\":\"guest-ping\"}");
	assert_string_equal(world_ask("frozen", "{\"execute\":\"guest-fsfreeze-status\"}"), "{\"return\":\"frozen\"}");
	world_is_refused("frozen", "{\"execute\":\"guest-get-users\"}", ERR_AGENT_FROZEN,
			 "the agent is in frozen state");
	assert_string_equal(world_ask("frozen", "{\"execute\":\"guest-fsfreeze-thaw\"}"), "{\"return\":1}");
	assert_string_equal(world_ask("frozen", "{\"execute\":\"guest-get-users\"}"), "{\"return\":[]}");
}

TEST_WITH(an_old_agent_knows_neither_users_nor_programs, open_agents, world_close)
{
	assert_null(strstr(world_ask("old", "{\"execute\":\"guest-info\"}"), "guest-exec"));
	world_is_refused("old", "{\"execute\":\"guest-get-users\"}", ERR_AGENT_ABSENT, "has not been found");
}

static void assert_takes(const char *guest, enum err_kind kind, int64_t ms)
{
	int64_t began = clock_ms();

	world_is_refused(guest, "{\"execute\":\"guest-ping\"}", kind, "");
	assert_int_equal(clock_ms() - began, ms);
}

TEST_WITH(silence_takes_as_long_as_the_call_would_wait, open_agents, world_close)
{
	assert_takes("mute", ERR_NO_ANSWER, 3000);
	assert_takes("nosync", ERR_NOT_SENT, 5000);
	assert_takes("busy", ERR_BUSY, 30000);
}

TEST_WITH(what_was_answered_too_late_was_done_all_the_same, open_agents, world_close)
{
	world_is_refused("slow", "{\"execute\":\"guest-fsfreeze-freeze\"}", ERR_NO_ANSWER, "did not answer in time");
	assert_string_equal(world_ask_for("slow", "{\"execute\":\"guest-fsfreeze-status\"}", 10000),
			    "{\"return\":\"frozen\"}");
}

TEST_WITH(a_forgetful_agent_misses_some_pings, open_agents, world_close)
{
	int answered = 0;

	for (int i = 0; i < 40; i++) {
		struct err err;
		char *reply = NULL;

		answered += backend_agent_command(world_backend(), 0, world_uuid("forgetful"), BACKEND_LOOKS,
						  "{\"execute\":\"guest-ping\"}", 3000, &reply, &err);
		free(reply);
		world_wait(1000);
	}
	assert_in_range(answered, 10, 30);
}

/* --- hostile ones: none may be taken for a healthy one above the seam --- */

static bool agent_layer_believes(const char *guest)
{
	const struct agent_target line = { .backend = world_backend(), .uuid = *world_uuid(guest) };
	OWN(agent_abilities) struct agent_capabilities capabilities = { 0 };
	struct err err = { 0 };
	bool believed = agent_info(&line, &capabilities, &err) && capabilities.exec;

	return believed;
}

TEST_WITH(nonsense_is_not_believed, open_agents, world_close)
{
	assert_true(agent_layer_believes("up"));
	FOR_EACH(const char *, liar, "garbage", "oversize", "deep", "nulls", "twisted", "doubled")
		if (agent_layer_believes(*liar))
			fail_msg("%s was believed", *liar);
}

TEST_WITH(hostile_replies_are_as_hostile_as_they_say, open_agents, world_close)
{
	assert_true(strlen(world_ask("oversize", "{\"execute\":\"guest-get-host-name\"}")) > AGENT_REPLY_MAX);
	assert_says(world_ask("deep", "{\"execute\":\"guest-ping\"}"), "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[");
	assert_says(world_ask("nulls", "{\"execute\":\"guest-get-host-name\"}"), "{\"host-name\":null}");
	assert_says(world_ask("twisted", "{\"execute\":\"guest-get-host-name\"}"), "{\"host-name\":7}");
	assert_says(world_ask("numbers", "{\"execute\":\"guest-get-time\"}"), "{\"return\":-1}");
	assert_says(world_ask("doubled", "{\"execute\":\"guest-ping\"}"), "{\"return\":null,\"return\":{}}");
	assert_says(world_ask("crowd", "{\"execute\":\"guest-get-users\"}"), "user09999");
	assert_says(world_ask("hostile", "{\"execute\":\"guest-get-host-name\"}"), "\\u001B]0;owned\\u0007\\r\\nroot");
}

/* --- loginctl --- */

TEST_WITH(systemd_252_prints_five_columns_with_blanks, open_sessions, world_close)
{
	assert_string_equal(world_run("logind", "loginctl", "list-sessions", "--no-legend", "--no-pager", NULL),
			    "     c1  117 Debian-gdm seat0 tty1\n"
			    "      1 1168 alice    seat0 tty1\n"
			    "      2 1168 alice          pts/0\n"
			    "      3 1758 bob      seat0 tty2\n");
}

TEST_WITH(systemd_257_prints_nine_columns_and_managers, open_sessions, world_close)
{
	const char *list;

	list = world_run("blind", "loginctl", "list-sessions", NULL);
	assert_says(list, "      1 1168 alice    -     518    user          -     no -\n");
	assert_says(list, "   1001 1168 alice    -     518    manager       -     no -\n");
	assert_says(list, "user-early");
	assert_says(list, "manager-early");
}

TEST_WITH(show_session_gives_what_was_asked_for_in_its_own_order, open_sessions, world_close)
{
	assert_string_equal(world_run("logind", "loginctl", "show-session", "2", "-p", "State", "-p", "Id", "-p",
				      "RemoteHost", "-p", "Class", NULL),
			    "Id=2\nRemoteHost=10.0.0.7\nClass=user\nState=active\n");
	assert_says(world_run("logind", "loginctl", "show-session", "3", NULL), "LockedHint=yes");
	assert_string_equal(world_run("logind", "loginctl", "show-session", "77", NULL), "");
	assert_int_equal(world_exit_code(), 1);
	assert_says(world_stderr(), "No session '77' known");
}

TEST_WITH(an_ended_session_closes_first_and_is_gone_soon, open_sessions, world_close)
{
	world_run("logind", "loginctl", "terminate-session", "2", NULL);
	assert_int_equal(world_exit_code(), 0);
	assert_says(world_run("logind", "loginctl", "show-session", "2", "-p", "State", NULL), "State=closing");
	world_wait(4000);
	assert_null(strstr(world_run("logind", "loginctl", NULL), "pts/0"));
	assert_says(world_run("logind", "loginctl", NULL), "tty1");
}

static void assert_is_on(const char *guest, const char *user, bool on)
{
	const char *list = world_run(guest, "loginctl", NULL);

	if (!strstr(list, user) == on)
		fail_msg("%s is %s: %s", user, on ? "gone" : "still there", list);
}

TEST_WITH(some_only_go_late_or_by_force_or_never, open_sessions, world_close)
{
	for (const char *id = "1234"; *id; id++)
		world_run("stubborn", "loginctl", "terminate-session", (char[]){ *id, '\0' }, NULL);
	world_wait(5000);
	assert_is_on("stubborn", "quick", false);
	assert_is_on("stubborn", "late", true);
	world_wait(90000);
	assert_is_on("stubborn", "late", false);
	assert_is_on("stubborn", "killed", true);
	world_run("stubborn", "loginctl", "kill-session", "--signal=KILL", "3", NULL);
	world_run("stubborn", "loginctl", "kill-user", "-s", "KILL", "never", NULL);
	world_wait(5000);
	assert_is_on("stubborn", "killed", false);
	assert_is_on("stubborn", "never", true);
}

TEST_WITH(an_automatic_login_comes_back_under_a_new_id, open_sessions, world_close)
{
	world_run("revenant", "loginctl", "terminate-session", "1", NULL);
	world_wait(8000);
	assert_says(world_run("revenant", "loginctl", NULL), "      2 ");
}

TEST_WITH(sessions_can_be_locked, open_sessions, world_close)
{
	world_run("logind", "loginctl", "lock-session", "1", NULL);
	assert_says(world_run("logind", "loginctl", "show-session", "1", "-p", "LockedHint", NULL), "LockedHint=yes");
	world_run("logind", "loginctl", "unlock-sessions", NULL);
	assert_says(world_run("logind", "loginctl", "show-session", "3", "-p", "LockedHint", NULL), "LockedHint=no");
}

TEST_WITH(an_unknown_user_is_not_logged_in_or_lingering, open_sessions, world_close)
{
	world_run("logind", "loginctl", "terminate-user", "mallory", NULL);
	assert_int_equal(world_exit_code(), 1);
	assert_says(world_stderr(), "is not logged in or lingering");
}

/* --- utmp --- */

TEST_WITH(the_agent_of_a_guest_without_utmp_is_blind, open_sessions, world_close)
{
	assert_string_equal(world_ask("blind", "{\"execute\":\"guest-get-users\"}"), "{\"return\":[]}");
	assert_string_equal(world_run("blind", "who", NULL), "");
	assert_says(world_run("blind", "loginctl", NULL), "alice");
}

TEST_WITH(without_logind_there_are_who_and_pkill, open_sessions, world_close)
{
	world_is_refused("sysvinit", "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"loginctl\"}}",
			 ERR_AGENT_REFUSED,
			 "error was 'Failed to execute child process “loginctl” (No such file or directory)'");
	assert_string_equal(world_run("sysvinit", "who", NULL), "walter   tty1         Mar 17 17:46\n"
								"ada      pts/0        Mar 17 17:46 (10.0.0.9)\n"
								"tom      ttyS0        Mar 17 17:46\n");
	world_run("sysvinit", "pkill", "-HUP", "-t", "pts/0", NULL);
	assert_int_equal(world_exit_code(), 0);
	world_wait(1000);
	assert_null(strstr(world_run("sysvinit", "who", NULL), "ada"));
	world_run("sysvinit", "pkill", "-HUP", "-t", "pts/0", NULL);
	assert_int_equal(world_exit_code(), 1);
}

TEST_WITH(nologin_keeps_everybody_out_until_it_is_removed, open_sessions, world_close)
{
	world_run("revenant", "cat", "/run/nologin", NULL);
	assert_int_equal(world_exit_code(), 1);
	assert_says(world_stderr(), "No such file");
	world_run("revenant", "tee", "/run/nologin", NULL);
	world_run("revenant", "loginctl", "terminate-session", "1", NULL);
	world_wait(20000);
	assert_string_equal(world_run("revenant", "loginctl", NULL), "");
	world_run("revenant", "rm", "-f", "/run/nologin", NULL);
	world_wait(10000);
	assert_says(world_run("revenant", "loginctl", NULL), "kiosk");
}

TEST_WITH(freebsds_nologin_lies_elsewhere, open_sessions, world_close)
{
	world_run("bsd", "tee", "/run/nologin", NULL);
	assert_int_equal(world_exit_code(), 1);
	world_run("bsd", "tee", "/var/run/nologin", NULL);
	assert_int_equal(world_exit_code(), 0);
	world_run("bsd", "cat", "/var/run/nologin", NULL);
	assert_int_equal(world_exit_code(), 0);
}

TEST_WITH(wall_is_seen_in_the_event_log, open_sessions, world_close)
{
	world_run("logind", "wall", "Please save your work\x1b[2J", NULL);
	world_wait(100);
	assert_says(world_notes(), "logind: the terminals in the guest show: Please save your work<U+001B>[2J");
}

/* --- Windows --- */

TEST_WITH(windows_has_no_loginctl_and_tells_domains, open_sessions, world_close)
{
	world_is_refused("windows", "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"loginctl\"}}",
			 ERR_AGENT_REFUSED, "No such file or directory");
	assert_says(world_ask("windows", "{\"execute\":\"guest-get-osinfo\"}"), "\"id\":\"mswindows\"");
	assert_says(world_ask("windows", "{\"execute\":\"guest-get-users\"}"), "\"domain\":\"ACME\"");
}

TEST_WITH(logoff_exe_ends_a_session_and_sysnative_is_not_there, open_sessions, world_close)
{
	world_is_refused(
		"windows",
		"{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"C:\\\\Windows\\\\Sysnative\\\\logoff.exe\"}}",
		ERR_AGENT_REFUSED, "No such file or directory");
	world_run("windows", "C:\\Windows\\System32\\LOGOFF.EXE", "2", NULL);
	assert_int_equal(world_exit_code(), 0);
	world_wait(4000);
	assert_null(strstr(world_ask("windows", "{\"execute\":\"guest-get-users\"}"), "j.smith"));
	world_run("windows", "logoff.exe", "2", NULL);
	assert_int_equal(world_exit_code(), 1);
}

TEST_WITH(powershell_runs_no_script_but_ours, open_sessions, world_close)
{
	world_run("windows", "powershell.exe", "-Command", "echo", NULL);
	assert_int_equal(world_exit_code(), 1);
	world_run("windows", "powershell.exe", "-EncodedCommand", "ZQBjAGgAbwA=", NULL);
	assert_int_equal(world_exit_code(), 1);
}

RUN_TESTS("demo agent", NULL, NULL)

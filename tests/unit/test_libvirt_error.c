/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_error.h"
#include "tests/unit/unit.h"

#include <errno.h>

/* What libvirt 9.0 and 11.2 were seen to say. Codes as numbers, as they stand in logs. */
enum { FROM_QEMU = 10, FROM_RPC = 7, FROM_TEST = 12, FROM_NONE = 0, VERSION_11_2 = 11002000 };

struct case_row {
	const char *when;
	struct libvirt_failure failure;
	enum err_kind kind;
};

static const struct case_row calls[] = {
	{ "no such domain",
	  { 42, FROM_QEMU, .message = "Domain not found: no domain with matching uuid" },
	  ERR_NO_DOMAIN },
	{ "read-only connection",
	  { 29, 0, .message = "operation forbidden: read only access prevents virDomainQemuAgentCommand" },
	  ERR_DENIED },
	{ "polkit's ACL", { 88, 0, .message = "access denied: 'QEMU' denied access" }, ERR_DENIED },
	{ "a verb on what is off",
	  { 55, FROM_QEMU, .message = "Requested operation is not valid: domain is not running",
	    .state = VM_STATE_SHUTOFF },
	  ERR_NOT_RUNNING },
	{ "... in German",
	  { 55, FROM_QEMU, .message = "Angeforderte Operation ist nicht gültig: Domain läuft nicht",
	    .state = VM_STATE_SAVED },
	  ERR_NOT_RUNNING },
	{ "... and in the test driver, which has no code for it",
	  { 1, FROM_TEST, .message = "Interner Fehler: Domain 'test' läuft nicht", .state = VM_STATE_CRASHED },
	  ERR_NOT_RUNNING },
	{ "a verb on what went to another host",
	  { 55, FROM_QEMU, .message = "domain is not running", .state = VM_STATE_MIGRATED },
	  ERR_NOT_RUNNING },
	{ "a pause of what is paused",
	  { 55, FROM_QEMU, .message = "domain is already paused", .state = VM_STATE_PAUSED },
	  ERR_UNEXPECTED },
	{ "flags that are not known, in Korean",
	  { 8, FROM_QEMU, .message = "잘못된 인수: 미지원 플래그 (0x10) (함수 qemuDomainSnapshotCreateXML에서)" },
	  ERR_UNSUPPORTED },
	{ "a start of what runs",
	  { 55, FROM_QEMU, .message = "Requested operation is not valid: domain is already running",
	    .state = VM_STATE_RUNNING },
	  ERR_UNEXPECTED },
	{ "a driver without the call",
	  { 3, 0, .message = "this function is not supported by the connection driver" },
	  ERR_UNSUPPORTED },
	{ "another job on the domain",
	  { 68, FROM_QEMU, .message = "Timed out during operation: cannot acquire state change lock" },
	  ERR_BUSY },
	{ "keepalive gave up",
	  { 1, FROM_RPC, .message = "internal error: connection closed due to keepalive timeout", .broken = true },
	  ERR_LOST },
	{ "the socket closed",
	  { 38, FROM_RPC, .message = "Cannot recv data: Connection reset by peer", .broken = true },
	  ERR_LOST },
	{ "something else", { 1, FROM_QEMU, .message = "internal error: the cat sat on it" }, ERR_UNEXPECTED },
	{ "no words at all", { 0 }, ERR_UNEXPECTED },
};

static const struct case_row connections[] = {
	{ "no daemon",
	  { 38, FROM_RPC, ENOENT,
	    .message = "Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory" },
	  ERR_UNREACHABLE },
	{ "a daemon that went",
	  { 38, FROM_RPC, ECONNREFUSED, .message = "Failed to connect socket: Connection refused" },
	  ERR_UNREACHABLE },
	{ "the socket's permissions",
	  { 38, FROM_RPC, EACCES, .message = "Failed to connect socket: Permission denied" },
	  ERR_DENIED },
	{ "not permitted on this host: denied by polkit; join the group libvirt and log in again, or allow "
	  "org.libvirt.unix.manage",
	  { 45, 0, .message = "authentication failed: access denied by policy" },
	  ERR_DENIED },
	{ "a wrong password", { 45, 0, .message = "authentication failed: authentication failed" }, ERR_DENIED },
	{ "not permitted on this host: no polkit agent available; join the group libvirt and log in again, or be root",
	  { 94, 0, .message = "authentication unavailable: no polkit agent available" },
	  ERR_DENIED },
	{ "the person cancelled", { 79, 0, .message = "authentication cancelled" }, ERR_DENIED },
	{ "ssh's host key",
	  { 38, FROM_RPC, .message = "Cannot recv data: Host key verification failed.: Connection reset by peer" },
	  ERR_UNREACHABLE },
	{ "no such driver", { 5, 0, .message = "no connection driver available for nonsense:///" }, ERR_UNREACHABLE },
};

#define AGENT(code_, domain_, detail_, elapsed, timeout) \
	{ \
		.code = (code_), .domain = (domain_), .message = "error: " detail_, .detail = (detail_), \
		.agent = true, .command = "guest-exec", .elapsed_ms = (elapsed), .timeout_ms = (timeout) \
	}

static const struct case_row agents[] = {
	{ "off or paused", AGENT(55, FROM_QEMU, "domain is not running", 1, 3000), ERR_NOT_RUNNING },
	{ "no channel", AGENT(74, FROM_QEMU, "QEMU guest agent is not configured", 1, 3000), ERR_NO_CHANNEL },
	{ "nobody on it", AGENT(86, FROM_QEMU, "QEMU guest agent is not connected", 1, 3000), ERR_NO_AGENT },
	{ "after an oversize reply", AGENT(86, FROM_QEMU, "QEMU guest agent is not available due to an error", 1, 3000),
	  ERR_AGENT_CLOSED },
	{ "9.0: mute, a short command", AGENT(86, FROM_QEMU, "Guest agent not available for now", 5004, 3000),
	  ERR_NO_ANSWER },
	{ "9.0: mute, a long command: it was the sync",
	  AGENT(86, FROM_QEMU, "Guest agent not available for now", 5004, 10000), ERR_NOT_SENT },
	{ "9.0: stalls after the sync", AGENT(86, FROM_QEMU, "Guest agent not available for now", 10006, 10000),
	  ERR_NO_ANSWER },
	{ "11.2: mute",
	  AGENT(86, FROM_QEMU, "guest agent didn't respond to synchronization within '5' seconds", 5004, 10000),
	  ERR_NOT_SENT },
	{ "11.2: stalls", AGENT(112, FROM_QEMU, "guest agent didn't respond to command within '3' seconds", 3004, 3000),
	  ERR_NO_ANSWER },
	{ "9.0: the guest went", AGENT(86, FROM_QEMU, "Guest agent disappeared while executing command", 800, 10000),
	  ERR_NO_ANSWER },
	{ "11.2: the guest went", AGENT(112, FROM_QEMU, "Guest agent disappeared while executing command", 800, 10000),
	  ERR_NO_ANSWER },
	/* Whoever closed the channel at once may have read the command before: it is not sent a second time. */
	{ "another language, at once", AGENT(86, FROM_QEMU, "Der Gast-Agent antwortet nicht", 3, 3000), ERR_NO_ANSWER },
	{ "another language, earlier than the time-out",
	  AGENT(86, FROM_QEMU, "Gast-Agent derzeit nicht verfügbar", 5004, 10000), ERR_NO_ANSWER },
	{ "another language, late", AGENT(86, FROM_QEMU, "Der Gast-Agent antwortet nicht", 5004, 3000), ERR_NO_ANSWER },
	{ "unsynced, of old", AGENT(97, FROM_QEMU, "guest agent replied with wrong id", 5000, 3000), ERR_NOT_SENT },
	{ "9.0: blocked",
	  AGENT(1, FROM_QEMU, "unable to execute QEMU agent command 'guest-exec': Command guest-exec has been disabled",
		5, 10000),
	  ERR_AGENT_BLOCKED },
	{ "11.2: blocked",
	  AGENT(113, FROM_QEMU,
		"unable to execute QEMU agent command 'guest-exec': Command guest-exec has been disabled: the command "
		"is not allowed",
		5, 10000),
	  ERR_AGENT_BLOCKED },
	{ "frozen",
	  AGENT(1, FROM_QEMU,
		"unable to execute QEMU agent command 'guest-exec': Command guest-exec has been disabled: the agent is "
		"in frozen state",
		5, 10000),
	  ERR_AGENT_FROZEN },
	{ "an old agent",
	  AGENT(1, FROM_QEMU,
		"unable to execute QEMU agent command 'guest-exec': The command guest-exec has not been found", 5,
		3000),
	  ERR_AGENT_ABSENT },
	{ "a program that is missing",
	  AGENT(1, FROM_QEMU,
		"unable to execute QEMU agent command 'guest-exec': Failed to execute child process \"x\" (No such "
		"file or directory)",
		5, 10000),
	  ERR_AGENT_REFUSED },
	{ "no JSON", AGENT(1, FROM_NONE, "cannot parse json xyz: lexical error", 5, 3000), ERR_AGENT_BROKEN },
	{ "no JSON, in German", AGENT(1, FROM_NONE, "Kann json xyz: lexical error nicht parsen", 5, 3000),
	  ERR_AGENT_BROKEN },
	{ "neither a result nor an error",
	  AGENT(1, FROM_QEMU, "unable to execute QEMU agent command 'guest-exec'", 5, 3000), ERR_AGENT_BROKEN },
	{ "11.2: the same", AGENT(113, FROM_QEMU, "unable to execute QEMU agent command 'guest-exec'", 5, 3000),
	  ERR_AGENT_BROKEN },
	{ "over 10 MB", AGENT(38, FROM_QEMU, "No complete agent response found in 10485760 bytes", 900, 3000),
	  ERR_AGENT_BROKEN },
	{ "over 10 MB, in Japanese",
	  AGENT(38, FROM_QEMU, "10485760 バイトに完全なエージェントの応答が見つかりませんでした", 900, 3000),
	  ERR_AGENT_BROKEN },
	{ "no channel, in German", AGENT(74, FROM_QEMU, "QEMU Gast-Agent ist nicht konfiguriert", 1, 3000),
	  ERR_NO_CHANNEL },
	{ "over 4 MB", AGENT(39, FROM_RPC, "Unable to encode message payload", 900, 3000), ERR_AGENT_BROKEN },
	{ "another client holds it",
	  AGENT(68, FROM_QEMU, "cannot acquire state change lock (held by agent=qemuDispatchDomainAgentCommand)", 30001,
		3000),
	  ERR_BUSY },
	{ "too many wait", AGENT(9, FROM_QEMU, "cannot acquire state change lock due to max_queued limit", 1, 3000),
	  ERR_BUSY },
	{ "no such domain", AGENT(42, FROM_QEMU, "no domain with matching uuid", 1, 3000), ERR_NO_DOMAIN },
	{ "a driver without agents", AGENT(3, 0, "virDomainQemuAgentCommand", 0, 3000), ERR_UNSUPPORTED },
};

/* "unable to execute QEMU agent command '%s': %s" in libvirt's catalogues, around the name and the agent's words. */
static const struct {
	const char *before, *between, *after;
} refusals[] = {
	{ "unable to execute QEMU agent command '", "': ", "" },
	{ "Agent QEMU-befehl '", "' kann nicht ausgeführt werden: ", "" },
	{ "nedaří se vykonat příkaz QEMU agenta „", "“: ", "" },
	{ "No se puede ejecutar comando de agente QEMU '", "': ", "" },
	{ "QEMU エージェントコマンド '", "' を実行できません: ", "" },
	{ "QEMU 에이전트 명령 '", "'을 실행할 수 없음: ", "" },
	{ "QEMU एजेंट आदेश '", "': ", " चालवणे अशक्य" },
	{ "não foi possível executar o comando de agente QEMU \"", "\": ", "" },
	{ "не удалось выполнить команду агента QEMU «", "»: ", "" },
	{ "无法执行 QEMU 代理命令 '", "'：", "" },
};

static void means(const struct case_row *row)
{
	enum err_kind kind = libvirt_failure_kind(&row->failure);

	if (kind != row->kind)
		fail_msg("%s: kind %d instead of %d", row->when, kind, row->kind);
}

TEST(each_error_of_a_call_has_its_kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		means(&calls[i]);
}

TEST(each_error_of_connecting_has_its_kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(connections); i++) {
		struct case_row row = connections[i];

		row.failure.connecting = true;
		means(&row);
	}
}

TEST(each_error_of_the_agent_path_has_its_kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(agents); i++)
		means(&agents[i]);
}

TEST(a_refusal_has_its_kind_and_its_words_in_every_language)
{
	static const struct {
		const char *words;
		enum err_kind kind;
	} said[] = {
		{ "Command guest-exec has been disabled", ERR_AGENT_BLOCKED },
		{ "Command guest-exec has been disabled: the agent is in frozen state", ERR_AGENT_FROZEN },
		{ "The command guest-exec has not been found", ERR_AGENT_ABSENT },
		{ "Failed to execute child process “loginctl” (No such file or directory)", ERR_AGENT_REFUSED },
		{ "Kindprozess »loginctl« konnte nicht ausgeführt werden", ERR_AGENT_REFUSED },
	};
	static const int codes[] = { 1, 113 };

	for (size_t i = 0; i < ARRAY_SIZE(refusals) * ARRAY_SIZE(said) * ARRAY_SIZE(codes); i++) {
		const size_t words = i / ARRAY_SIZE(refusals) % ARRAY_SIZE(said), language = i % ARRAY_SIZE(refusals);
		const int code = codes[i / ARRAY_SIZE(refusals) / ARRAY_SIZE(said)];
		struct libvirt_failure failure = AGENT(code, FROM_QEMU, "", 5, 10000);
		struct safe_text detail =
			text_format("%sguest-exec%s%s%s", refusals[language].before, refusals[language].between,
				    said[words].words, refusals[language].after);
		struct err err = { 0 };

		failure.detail = text_str(detail);
		assert_int_equal(libvirt_failure_kind(&failure), said[words].kind);
		libvirt_failure_tell(&failure, &err);
		assert_int_equal(strncmp(text_str(err_text(&err)), said[words].words, strlen(said[words].words)), 0);
		text_free(&detail);
	}
}

/* From there on a command that was sent has a code of its own: what is left of the other one was never written. */
TEST(from_11_2_on_an_agent_without_answer_was_sent_nothing_in_any_language)
{
	struct case_row at_once = { "at once", AGENT(86, FROM_QEMU, "Ten agent milczy", 3, 3000), ERR_NO_AGENT };
	struct case_row later = { "later", AGENT(86, FROM_QEMU, "Ten agent milczy", 5004, 10000), ERR_NOT_SENT };

	at_once.failure.daemon_version = later.failure.daemon_version = VERSION_11_2;
	means(&at_once);
	means(&later);
	later.failure.daemon_version = VERSION_11_2 - 1;
	later.kind = ERR_NO_ANSWER;
	means(&later);
}

TEST(the_state_says_what_to_do_first)
{
	static const struct {
		enum vm_state state;
		enum err_kind kind;
		const char *words;
	} rows[] = {
		{ VM_STATE_SHUTOFF, ERR_NOT_RUNNING, "start it first" },
		{ VM_STATE_PAUSED, ERR_PAUSED, "resume it first" },
		{ VM_STATE_PMSUSPENDED, ERR_PAUSED, "resume it first" },
		{ VM_STATE_MIGRATING, ERR_PAUSED, "wait until it is on its other host" },
		{ VM_STATE_MIGRATED, ERR_NOT_RUNNING, "the host that it moved to" },
		{ VM_STATE_UNKNOWN, ERR_NOT_RUNNING, "start it first" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct libvirt_failure failure = AGENT(55, FROM_QEMU, "Domain läuft nicht", 1, 3000);
		struct err err = { 0 };

		failure.state = rows[i].state;
		assert_true(libvirt_failure_wants_state(&failure));
		libvirt_failure_tell(&failure, &err);
		assert_int_equal(err.kind, rows[i].kind);
		assert_says(text_str(err_text(&err)), rows[i].words);
	}
}

TEST(a_call_in_flight_when_the_line_breaks_is_lost_whatever_the_code)
{
	for (size_t i = 0; i < ARRAY_SIZE(agents); i++) {
		struct case_row row = agents[i];

		row.failure.broken = true;
		row.kind = ERR_LOST;
		means(&row);
	}
}

TEST(the_agents_own_words_stand_alone)
{
	struct err err = { 0 };

	assert_false(libvirt_failure_tell(
		&(struct libvirt_failure)AGENT(
			1, FROM_QEMU,
			"unable to execute QEMU agent command 'guest-exec': Command guest-exec has been disabled", 5,
			10000),
		&err));
	assert_string_equal(text_str(err_text(&err)), "Command guest-exec has been disabled");
}

TEST(other_errors_say_what_to_do_and_then_what_libvirt_said)
{
	struct err err = { 0 };

	libvirt_failure_tell(
		&(struct libvirt_failure)AGENT(86, FROM_QEMU, "QEMU guest agent is not connected", 1, 3000), &err);
	assert_int_equal(err.kind, ERR_NO_AGENT);
	assert_non_null(strstr(text_str(err_text(&err)), "install or start qemu-guest-agent"));
	assert_non_null(strstr(text_str(err_text(&err)), "QEMU guest agent is not connected"));
}

TEST(what_a_guest_puts_into_an_error_cannot_reach_a_terminal)
{
	struct err err = { 0 };

	libvirt_failure_tell(&(struct libvirt_failure)AGENT(
				     1, FROM_QEMU,
				     "unable to execute QEMU agent command 'guest-exec': \033]0;PWNED\a\xc2\x9b", 5,
				     3000),
			     &err);
	assert_int_equal(err.kind, ERR_AGENT_REFUSED);
	assert_true(text_is_safe(text_str(err_text(&err))));
	assert_null(strchr(text_str(err_text(&err)), '\033'));
}

TEST(who_cannot_connect_is_told_what_to_do)
{
	static const char *const next_steps[ARRAY_SIZE(connections)] = {
		"start libvirtd.socket",
		"systemctl start libvirtd",
		"usermod -aG libvirt",
		"org.libvirt.unix.manage",
		".config/libvirt/auth.conf",
		("not permitted on this host: no polkit agent available; "
		 "join the group libvirt and log in again, or be root"),
		"not permitted",
		"log in there once with ssh",
		"check the URI",
	};

	for (size_t i = 0; i < ARRAY_SIZE(connections); i++) {
		struct libvirt_failure failure = connections[i].failure;
		struct err err = { 0 };

		failure.connecting = true;
		libvirt_failure_tell(&failure, &err);
		if (!strstr(text_str(err_text(&err)), next_steps[i]) ||
		    !strstr(text_str(err_text(&err)), failure.message))
			fail_msg("%s: %s", connections[i].when, text_str(err_text(&err)));
	}
}

TEST(advice_on_connecting_is_for_connecting_alone)
{
	struct err err = { 0 };

	libvirt_failure_tell(&(struct libvirt_failure){ 38, FROM_QEMU, EACCES, .message = "cannot open a file" }, &err);
	assert_null(strstr(text_str(err_text(&err)), "usermod"));
}

RUN_TESTS("libvirt_error", NULL, NULL)

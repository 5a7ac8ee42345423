/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_error.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

/* What libvirt 9.0 and 11.2 were seen to say. Codes as numbers, as they stand in logs. */
enum { FROM_QEMU = 10, FROM_RPC = 7, FROM_NONE = 0 };

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
	  { 55, FROM_QEMU, .message = "Requested operation is not valid: domain is not running" },
	  ERR_NOT_RUNNING },
	{ "a start of what runs",
	  { 55, FROM_QEMU, .message = "Requested operation is not valid: domain is already running" },
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
	{ "polkit says no", { 45, 0, .message = "authentication failed: access denied by policy" }, ERR_DENIED },
	{ "a wrong password", { 45, 0, .message = "authentication failed: authentication failed" }, ERR_DENIED },
	{ "polkit has nobody to ask",
	  { 94, 0, .message = "authentication unavailable: no polkit agent available" },
	  ERR_DENIED },
	{ "the person cancelled", { 79, 0, .message = "authentication cancelled" }, ERR_DENIED },
	{ "ssh's host key",
	  { 38, FROM_RPC, .message = "Cannot recv data: Host key verification failed.: Connection reset by peer" },
	  ERR_UNREACHABLE },
	{ "no such driver", { 5, 0, .message = "no connection driver available for nonsense:///" }, ERR_UNREACHABLE },
};

#define AGENT(code_, domain_, detail_, elapsed, timeout)                                                               \
	{                                                                                                              \
		.code = (code_), .domain = (domain_), .message = "error: " detail_, .detail = (detail_),               \
		.agent = true, .elapsed_ms = (elapsed), .timeout_ms = (timeout)                                        \
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
	{ "another language, at once", AGENT(86, FROM_QEMU, "Der Gast-Agent antwortet nicht", 3, 3000), ERR_NO_AGENT },
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
	  AGENT(
	      1, FROM_QEMU,
	      "unable to execute QEMU agent command 'guest-get-users': The command guest-get-users has not been found",
	      5, 3000),
	  ERR_AGENT_ABSENT },
	{ "a program that is missing",
	  AGENT(1, FROM_QEMU,
		"unable to execute QEMU agent command 'guest-exec': Failed to execute child process \"x\" (No such "
		"file or directory)",
		5, 10000),
	  ERR_AGENT_REFUSED },
	{ "no JSON", AGENT(1, FROM_NONE, "cannot parse json xyz: lexical error", 5, 3000), ERR_AGENT_BROKEN },
	{ "over 10 MB", AGENT(38, FROM_QEMU, "No complete agent response found in 10485760 bytes", 900, 3000),
	  ERR_AGENT_BROKEN },
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

static void means(const struct case_row *row)
{
	enum err_kind kind = libvirt_failure_kind(&row->failure);

	if (kind != row->kind)
		fail_msg("%s: kind %d instead of %d", row->when, kind, row->kind);
}

static void each_error_of_a_call_has_its_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		means(&calls[i]);
}

static void each_error_of_connecting_has_its_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(connections); i++) {
		struct case_row row = connections[i];

		row.failure.connecting = true;
		means(&row);
	}
}

static void each_error_of_the_agent_path_has_its_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(agents); i++)
		means(&agents[i]);
}

static void a_call_in_flight_when_the_line_breaks_is_lost_whatever_the_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(agents); i++) {
		struct case_row row = agents[i];

		row.failure.broken = true;
		row.kind = ERR_LOST;
		means(&row);
	}
}

static void the_agents_own_words_stand_alone(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_false(libvirt_failure_tell(
	    &(struct libvirt_failure)AGENT(
		1, FROM_QEMU, "unable to execute QEMU agent command 'guest-exec': Command guest-exec has been disabled",
		5, 10000),
	    &err));
	assert_string_equal(text_str(err_text(&err)), "Command guest-exec has been disabled");
}

static void other_errors_say_what_to_do_and_then_what_libvirt_said(void **state)
{
	struct err err = { 0 };

	(void)state;
	libvirt_failure_tell(
	    &(struct libvirt_failure)AGENT(86, FROM_QEMU, "QEMU guest agent is not connected", 1, 3000), &err);
	assert_int_equal(err.kind, ERR_NO_AGENT);
	assert_non_null(strstr(text_str(err_text(&err)), "install or start qemu-guest-agent"));
	assert_non_null(strstr(text_str(err_text(&err)), "QEMU guest agent is not connected"));
}

static void what_a_guest_puts_into_an_error_cannot_reach_a_terminal(void **state)
{
	struct err err = { 0 };

	(void)state;
	libvirt_failure_tell(
	    &(struct libvirt_failure)AGENT(
		1, FROM_QEMU, "unable to execute QEMU agent command 'guest-info': \033]0;PWNED\a\xc2\x9b", 5, 3000),
	    &err);
	assert_int_equal(err.kind, ERR_AGENT_REFUSED);
	assert_true(text_is_safe(text_str(err_text(&err))));
	assert_null(strchr(text_str(err_text(&err)), '\033'));
}

static void who_cannot_connect_is_told_what_to_do(void **state)
{
	static const char *const next_steps[ARRAY_SIZE(connections)] = {
		"start libvirtd.socket", "systemctl start libvirtd", "usermod -aG libvirt", "org.libvirt.unix.manage",
		".config/libvirt/auth.conf",
		"polkit has nobody to ask", "not permitted", "log in there once with ssh", "look at the URI",
	};

	(void)state;
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

static void advice_on_connecting_is_for_connecting_alone(void **state)
{
	struct err err = { 0 };

	(void)state;
	libvirt_failure_tell(&(struct libvirt_failure){ 38, FROM_QEMU, EACCES, .message = "cannot open a file" }, &err);
	assert_null(strstr(text_str(err_text(&err)), "usermod"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_error_of_a_call_has_its_kind),
		cmocka_unit_test(each_error_of_connecting_has_its_kind),
		cmocka_unit_test(each_error_of_the_agent_path_has_its_kind),
		cmocka_unit_test(a_call_in_flight_when_the_line_breaks_is_lost_whatever_the_code),
		cmocka_unit_test(who_cannot_connect_is_told_what_to_do),
		cmocka_unit_test(advice_on_connecting_is_for_connecting_alone),
		cmocka_unit_test(the_agents_own_words_stand_alone),
		cmocka_unit_test(other_errors_say_what_to_do_and_then_what_libvirt_said),
		cmocka_unit_test(what_a_guest_puts_into_an_error_cannot_reach_a_terminal),
	};

	return cmocka_run_group_tests_name("libvirt_error", tests, NULL, NULL);
}

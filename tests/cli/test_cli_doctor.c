/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `doctor` finds: a VM for each cause (doctor.conf), all asked at once, and what it does about a missing channel.
 */
#include "tests/cli/json_rows.h"
#include "tests/cli/run.h"
#include "tests/unit/unit.h"

#include <string.h>

static json_t *findings; /* of the whole fleet */

static int ask_all(void **state)
{
	run_set_up(state);
	run("DOCTOR doctor --json");
	status_is(EXIT_MIXED);
	findings = json_loads(ran.out, 0, NULL);
	assert_true(json_is_array(findings));
	return 0;
}

static int forget_all(void **state)
{
	json_decref(findings);
	return run_tear_down(state);
}

/* NULL: the check was not made. */
static json_t *finding(const char *vm, const char *check)
{
	json_t *row;
	size_t i;

	json_array_foreach(findings, i, row) {
		const char *of = json_string_value(json_object_get(row, "vm"));

		if (strcmp(json_string_value(json_object_get(row, "check")), check) == 0 && of && strcmp(of, vm) == 0)
			return row;
	}
	return NULL;
}

static const struct doctor_case {
	const char *name, *vm, *check;
	enum { WRONG, RIGHT, UNKNOWN } is;
	const char *finding, *remedy; /* parts; NULL: none */
} cases[] = {
	{ "a_missing_channel_comes_with_its_xml", "bare1", "channel", WRONG,
	  "the VM has no channel org.qemu.guest_agent.0",
	  "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>" },
	{ "a_channel_that_is_not_live_needs_a_power_cycle", "notlive", "channel", WRONG,
	  "the configuration has the channel, but not the running VM", "a reboot is not enough" },
	{ "an_absent_agent_of_debian", "deb", "agent", WRONG, "not installed, not started, or no virtio_console driver",
	  "apt install qemu-guest-agent; if it is installed: systemctl start qemu-guest-agent (udev starts it" },
	{ "an_absent_agent_of_windows", "win", "agent", WRONG, "no agent connected", "virtio-win guest tools" },
	{ "an_absent_agent_of_freebsd", "bsd", "agent", WRONG, "no agent connected", "kldload virtio_console" },
	{ "an_absent_agent_of_nobody_knows_what", "what", "agent", WRONG, "the host cannot tell which",
	  "modprobe virtio_console" },
	{ "blocked_programs_with_the_words_to_allow", "alma", "guest-exec", WRONG, "refused by the agent",
	  "add guest-exec,guest-exec-status to --allow-rpcs of FILTER_RPC_ARGS" },
	{ "an_agent_that_is_too_old", "old", "agent", WRONG, "version 2.1.2 is too old for guest-exec",
	  "2.5 or later" },
	{ "frozen_by_nobody_known", "frozen", "agent", WRONG, "unknown: since when and by whom", "virsh domfsthaw VM" },
	{ "frozen_by_a_backup", "backup", "agent", WRONG, "frozen by the host's backup job, for",
	  "wait until it is done" },
	{ "frozen_for_long", "stuck", "agent", WRONG, "frozen longer than a minute, by the host's backup job, for 30",
	  "virsh domjobinfo" },
	{ "a_confined_agent", "confined", "selinux", WRONG, "(enforcing, system_u:system_r:virt_qemu_ga_t:s0)",
	  "doc/logoff.md" },
	{ "a_permissive_selinux", "warned", "selinux", RIGHT,
	  "permissive; the agent's label: system_u:system_r:virt_qemu_ga_t:s0", NULL },
	{ "no_selinux", "fine", "selinux", RIGHT, "off, or none", NULL },
	{ "a_leak", "leak", "processes", WRONG, "the agent uses 900 MiB of memory", "restart qemu-guest-agent" },
	{ "zombies", "zombies", "processes", WRONG, "the agent has 7 zombie children", "restart qemu-guest-agent" },
	{ "an_agent_as_it_should_be", "fine", "processes", RIGHT, "4 MiB of memory, no zombie children", NULL },
	{ "processes_of_windows", "windows", "processes", UNKNOWN, "unknown: ", NULL },
	{ "a_clock_ahead", "ahead", "clock", WRONG, "s ahead of this computer's", "innkeeper set-time VM" },
	{ "a_clock_behind", "behind", "clock", WRONG, "s behind this computer's", "innkeeper set-time VM" },
	{ "a_clock_that_is_right", "fine", "clock", RIGHT, "as this computer's", NULL },
	{ "a_masked_unit", "masked", "services", WRONG, "systemd-logind.service masked", "systemctl unmask" },
	{ "units_that_work", "fine", "services", RIGHT, "neither masked nor failed", NULL },
	{ "xml_that_may_not_be_read", "denied", "rights", WRONG, "no permission to read",
	  "org.libvirt.api.domain.read" },
	{ "a_vm_that_is_off_was_not_meant", "off", "state", UNKNOWN, "shutoff", "start it first" },
};

static void is_found(void **state)
{
	const struct doctor_case *of = *state;
	json_t *row = finding(of->vm, of->check);
	json_t *ok = row ? json_object_get(row, "ok") : NULL;

	assert_non_null(row);
	assert_true(of->is == WRONG ? json_is_false(ok) : of->is == RIGHT ? json_is_true(ok) : json_is_null(ok));
	assert_says(json_string_value(json_object_get(row, "finding")), of->finding);
	if (of->remedy)
		assert_says(json_string_value(json_object_get(row, "remedy")), of->remedy);
	else
		assert_true(json_is_null(json_object_get(row, "remedy")));
}

TESTS_OF(cases, is_found)

TEST(what_does_not_concern_a_guest_is_not_checked)
{
	assert_null(finding("windows", "services"));
	assert_null(finding("windows", "selinux"));
	assert_null(finding("freebsd", "selinux"));
	assert_null(finding("devuan", "services"));
	assert_null(finding("bare1", "agent"));
	assert_null(finding("off", "channel"));
}

TEST(the_exit_status_is_that_of_the_first_fault)
{
	run("DOCTOR doctor fine devuan freebsd windows warned");
	status_is(EXIT_DONE);
	out_is("VMs: 5 ready for a log-off, 0 with problems, 0 not checked. Hosts: 1 OK, 0 with problems. --all lists "
	       "all checks.\n");
	run("DOCTOR doctor bare1 zombies masked");
	status_is(EXIT_NO_AGENT);
	run("DOCTOR doctor denied");
	status_is(EXIT_DENIED);
}

TEST(each_finding_stands_once_and_in_eighty_columns)
{
	run("DOCTOR doctor bare1 fine bare2 notlive ahead -C --ascii");
	out_has("\nx  FAIL  channel     the VM has no channel org.qemu.guest_agent.0\n"
		"                     on: ada/bare1, ada/bare2\n"
		"                     remedy: innkeeper doctor --fix VM; or virsh edit VM, add to\n");
	assert_null(strstr(ran.out, "fine"));
	for (const char *line = ran.out; *line && strncmp(line, "\nVMs: ", 6) != 0;) {
		const size_t len = strcspn(line, "\n");

		assert_true(len <= 80);
		line += len + 1;
	}
}

TEST(the_channel_is_added_after_asking)
{
	complains(EXIT_USAGE, "--yes", "DOCTOR doctor bare1 --fix");
	run_on_terminal("DOCTOR doctor bare1 --fix");
	run_answer("Add the agent channel to bare1? [y/N] ", "n");
	run_leave_terminal(EXIT_CANCELLED);
	run("DOCTOR doctor bare1 bare2 notlive fine --fix --yes --json");
	status_is(EXIT_DONE);
	read_json();
	assert_int_equal(row_count(), 3);
	assert_string_equal(text_of("verb"), "add-channel");
	run("DOCTOR doctor notlive --fix --yes");
	status_is(EXIT_DONE);
	out_has("the running VM cannot get it: shut it down and start it; a reboot is not enough");
	run("DOCTOR doctor fine --fix --yes");
	status_is(EXIT_DONE);
	err_has("no VM lacks the agent's channel");
}

TEST(who_may_only_look_adds_no_channel)
{
	FOR_EACH(const char *, option, "--lock", "-r") {
		run("DOCTOR doctor bare1 --fix --yes %s", *option);
		status_is(EXIT_DENIED);
		err_has("bare1");
	}
}

RUN_TESTS("cli doctor", ask_all, forget_all)

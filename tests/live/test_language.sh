#!/usr/bin/env bash
# A libvirtd that speaks German, and real agents behind it: what their answers mean does not depend on its words.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"
rm -f "$work/german"
trap '[ -n "$LIVE_SKIP" ] || { lab daemon kill; lab daemon start; }' EXIT

speaks_german_helper()
{
	local answer
	[ -e /usr/share/locale/de/LC_MESSAGES/libvirt.mo ] || skip "libvirt-l10n is not installed"
	if [ ! -e "$work/german" ]; then
		lab daemon kill
		lab daemon german
		touch "$work/german"
	fi
	answer=$(lab virsh suspend off 2>&1 || true)
	[[ $answer == *"Domain läuft nicht"* ]] || wrong "libvirtd does not speak German: $answer"
}

# Agents connect again to a libvirtd that was started.
agent_is_connected_helper()
{
	for _ in {1..40}; do
		! lab status | grep -E "^$1 +running +connected" >/dev/null || return 0
		sleep 0.5
	done
	skip "the agent of $1 does not come back"
}

a_guest_without_logind_is_asked_another_way()
{
	speaks_german_helper
	agent_is_connected_helper sysv
	people_are_logged_in sysv
	logoff sysv
	ends_with 0
	says '.[0] | .error_name == "S_OK" and .sessions_before > 0 and .sessions_after == 0'
	inside sysv ""
}

an_agent_that_refuses_guest_exec_lacks_the_feature()
{
	speaks_german_helper
	agent_is_connected_helper blocked
	guest_is_up blocked
	logoff blocked
	ends_with 5
	says '.[0] | .error_name == "VM_E_ADDITIONS_FEATURE_NOT_AVAIL" and (.error_description | test("guest-exec"))'
	is_told_times blocked ENDS-A-SESSION 0
}

a_frozen_guest_is_told_nothing()
{
	speaks_german_helper
	agent_is_connected_helper frozen
	guest_is_up frozen
	logoff frozen
	ends_with 5
	says '.[0].error_description | test("frozen")'
	is_told_times frozen 'guest-exec ' 0
}

a_vm_without_an_agent_lacks_the_agent()
{
	speaks_german_helper
	logoff no-agent
	ends_with 5
	says '.[0].error_name == "VM_E_ADDITIONS_NOT_AVAIL"'
	innkeeper shutdown no-agent --mode agent --yes --json
	ends_with 5
	says '.[0].error_name == "VM_E_ADDITIONS_NOT_AVAIL"'
}

a_vm_that_is_off_is_said_to_be_not_running()
{
	speaks_german_helper
	innkeeper destroy off --yes --json
	ends_with 4
	says '.[0].error_name == "VM_E_VM_NOT_RUNNING"'
}

what_was_sent_and_not_answered_is_told_once()
{
	speaks_german_helper
	anew lose-answer
	agent_is_connected_helper lose-answer
	logoff lose-answer
	says '.[0].complete'
	is_told_times lose-answer ENDS-A-SESSION 1
}

run_cases

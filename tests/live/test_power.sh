#!/usr/bin/env bash
# What is done to a VM itself, each once, on a real hypervisor, and what came of it: asked of libvirt and of the guest.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

is_now_helper() { [ "$(lab virsh domstate "$1" | head -n 1)" = "$2" ] || wrong "$1 is $(lab virsh domstate "$1"), not $2"; }
autostart_is_helper() { [[ $(lab virsh dominfo "$1") =~ Autostart:\ +$2 ]] || wrong "autostart of $1 is not: $2"; }

# came_up_helper GUEST TIMES: so often it has booted and its agent was there, since its QEMU began
came_up_helper()
{
	for _ in {1..120}; do
		[ "$(count_told "$1" '^up')" != "$2" ] || return 0
		sleep 0.5
	done
	wrong "$1 came up $(count_told "$1" '^up') times, not $2"
}

a_vm_is_paused_and_goes_on_saved_and_comes_back()
{
	anew spare
	does suspend spare
	is_now_helper spare paused
	does resume spare
	is_now_helper spare running
	does managedsave spare
	is_now_helper spare "shut off"
	innkeeper list --json -f name:spare
	says '.[0].state == "saved"'
	does start spare
	is_now_helper spare running
	is_told_times spare '^up' 0
}

it_starts_with_its_host_or_does_not()
{
	guest_is_up spare
	does autostart spare
	autostart_is_helper spare enable
	does no-autostart spare
	autostart_is_helper spare disable
}

it_is_reset_rebooted_and_shut_down_by_its_agent_and_its_plug_is_pulled()
{
	anew spare
	does reset spare
	came_up_helper spare 2
	does reboot spare --mode agent
	came_up_helper spare 3
	does shutdown spare --mode agent
	is_told_times spare '^command guest-shutdown' 2
	is_now_helper spare "shut off"
	does start spare
	came_up_helper spare 1
	does destroy spare
	is_now_helper spare "shut off"
}

run_cases

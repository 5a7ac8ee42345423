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

# bare_is_helper FINDING: what doctor finds of it, and what to do
bare_is_helper()
{
	innkeeper doctor bare --json
	ends_with 5
	says "any(.[]; .ok == false and (.finding | contains(\"$1\")) and (.remedy | contains(\"$2\")))"
}

# A machine of its own, with a BIOS and nothing to boot; it has no virtio-serial controller, so that nothing can be added live.
a_missing_channel_is_added_to_the_configuration_and_is_there_after_a_power_cycle()
{
	cat >"$work/bare.xml" <<-END
		<domain type='qemu'><name>bare</name><memory unit='MiB'>32</memory><os><type arch='x86_64'>hvm</type></os>
		<metadata><o:libosinfo xmlns:o='http://libosinfo.org/xmlns/libvirt/domain/1.0'>
		<o:os id='http://debian.org/debian/12'/></o:libosinfo></metadata></domain>
	END
	lab virsh define "$work/bare.xml"
	lab virsh start bare
	bare_is_helper "the VM has no channel" "<channel type="
	innkeeper doctor bare --fix --yes --lock
	ends_with 6
	innkeeper doctor bare --fix --yes
	ends_with 0
	bare_is_helper "but not the running VM" "a reboot is not enough"
	lab virsh destroy bare
	lab virsh start bare
	bare_is_helper "no agent connected" "apt install qemu-guest-agent"
	lab virsh destroy bare
	lab virsh undefine bare
}

run_cases

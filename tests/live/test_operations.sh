#!/usr/bin/env bash
# Each operation once, on a real hypervisor, and what came of it: asked of libvirt, or inside the guest.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

# does_helper VERB VM [ARG...]: it is done
does_helper()
{
	innkeeper "$@" --yes --json
	ends_with 0
	says '.[0] | .complete and .error == "0x00000000"'
}

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
	does_helper suspend spare
	is_now_helper spare paused
	does_helper resume spare
	is_now_helper spare running
	does_helper managedsave spare
	is_now_helper spare "shut off"
	innkeeper list --json -f name:spare
	says '.[0].state == "saved"'
	does_helper start spare
	is_now_helper spare running
	is_told_times spare '^up' 0
}

it_starts_with_its_host_or_does_not()
{
	guest_is_up spare
	does_helper autostart spare
	autostart_is_helper spare enable
	does_helper no-autostart spare
	autostart_is_helper spare disable
}

it_is_reset_rebooted_and_shut_down_by_its_agent_and_its_plug_is_pulled()
{
	anew spare
	does_helper reset spare
	came_up_helper spare 2
	does_helper reboot spare --mode agent
	came_up_helper spare 3
	does_helper shutdown spare --mode agent
	is_told_times spare '^command guest-shutdown' 2
	is_now_helper spare "shut off"
	does_helper start spare
	came_up_helper spare 1
	does_helper destroy spare
	is_now_helper spare "shut off"
}

the_people_on_a_debian_read_a_message()
{
	people_are_logged_in deb12
	does_helper message deb12 --message 'The lift is out of order'
	grep -q 'The lift is out of order' "$(lab console deb12)"
}

a_debian_s_door_is_closed_and_opened()
{
	guest_is_up deb12
	does_helper close-door deb12 --message 'Back at six'
	[ "$(lab exec deb12 tail -n 1 /run/nologin)" = 'Back at six' ] || wrong "nobody would read why"
	does_helper open-door deb12
	lab exec deb12 test ! -e /run/nologin || wrong "its door is still closed"
}

a_door_that_somebody_else_closed_is_left_alone()
{
	guest_is_up deb12
	lab exec deb12 sh -c 'echo theirs >/run/nologin'
	innkeeper open-door deb12 --yes --json
	ends_with 6
	[ "$(lab exec deb12 cat /run/nologin)" = theirs ] || wrong "it is not theirs any more"
	lab exec deb12 rm /run/nologin
}

a_debian_s_clock_is_set_to_ours()
{
	guest_is_up deb12
	lab exec deb12 date -s '2031-01-01 00:00:00'
	does_helper set-time deb12
	local apart=$(($(lab exec deb12 date +%s) - $(date +%s)))
	[ "${apart#-}" -lt 60 ] || wrong "its clock is $apart s from ours"
}

a_debian_is_cleared_for_maintenance()
{
	people_are_logged_in deb12
	does_helper maintain deb12 --message 'New discs' --grace 3
	inside deb12 ""
	[ "$(lab exec deb12 tail -n 1 /run/nologin)" = 'New discs' ] || wrong "its door is not closed while one works on it"
	does_helper open-door deb12
	lab exec deb12 test ! -e /run/nologin || wrong "its door is still closed"
}

windows_sessions_are_disconnected_each_told_once_and_live_on()
{
	anew terminal
	does_helper disconnect terminal
	is_told_times terminal '^disconnected 1 alice' 1
	innkeeper users terminal --json
	says 'length == 3 and all(.[]; .state == "disconnected")'
}

windows_is_told_a_message_and_to_drain()
{
	guest_is_up terminal
	does_helper message terminal --message 'The lift is out of order'
	is_told_times terminal '^message to all' 1
	does_helper close-door terminal
	is_told_times terminal '^door closed' 1
	does_helper open-door terminal
	is_told_times terminal '^door open' 1
}

run_cases

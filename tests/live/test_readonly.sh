#!/usr/bin/env bash
# Looking without touching: what the guests' agents hear of it is counted inside the guests.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

with_r_no_agent_is_asked_anything_and_users_are_denied()
{
	guest_is_up windows
	guest_is_up nobody
	innkeeper -r list --json
	ends_with 0
	says '.[] | select(.name == "windows") | .users == null and .users_state == "denied" and .agent == "up"'
	innkeeper -r users windows --json
	ends_with 6
	innkeeper -r info windows --json
	is_told_times windows ^command 0
	is_told_times nobody ^command 0
}

with_r_a_log_off_is_refused_and_nothing_is_sent()
{
	guest_is_up windows
	logoff windows -r
	ends_with 6
	is_told_times windows ^command 0
}

with_r_the_verbs_are_refused()
{
	innkeeper -r destroy --yes nobody
	ends_with 6
	[ "$(lab virsh domstate nobody)" = running ]
}

on_libvirts_own_read_only_socket_a_log_off_is_refused()
{
	guest_is_up windows
	lab_uri=$(lab uri --readonly) innkeeper logoff --yes windows
	[ "$status" != 0 ] || wrong "it ended with 0"
	is_told_times windows ^command 0
}

locked_users_are_seen_and_nothing_can_be_done()
{
	anew windows
	innkeeper --lock users windows --json
	ends_with 0
	says 'length == 3'
	logoff --lock windows
	ends_with 6
	innkeeper --lock destroy --yes windows
	ends_with 6
	[ "$(lab virsh domstate windows)" = running ]
	is_told_times windows ENDS-A-SESSION 0
}

run_cases

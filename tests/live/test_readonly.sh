#!/usr/bin/env bash
# Looking without touching: what the guests' agents hear of it is counted inside the guests.
. "$(dirname "$0")/live.sh"

count_all_commands_helper()
{
	local guest
	for guest in windows nobody blocked; do
		lab truth "$guest"
	done | grep -c ^command || true
}

with_r_no_agent_is_asked_anything_and_users_are_denied()
{
	local before
	guest_is_up windows
	before=$(count_all_commands_helper)
	innkeeper -r list --json
	ends_with 0
	says '.[] | select(.vm == "windows" or .name == "windows") | .users == null and .users_state == "denied" and .agent == "up"'
	innkeeper -r users windows --json
	ends_with 6
	innkeeper -r info windows --json
	[ "$(count_all_commands_helper)" = "$before" ] || wrong "an agent was asked"
}

with_r_a_log_off_is_refused_and_nothing_is_sent()
{
	local before
	guest_is_up windows
	before=$(count_all_commands_helper)
	logoff windows -r
	ends_with 6
	[ "$(count_all_commands_helper)" = "$before" ] || wrong "an agent was told something"
}

with_r_the_verbs_are_refused()
{
	innkeeper -r destroy --yes nobody
	ends_with 6
	[ "$(lab virsh domstate nobody)" = running ]
}

on_libvirts_own_read_only_socket_a_log_off_is_refused()
{
	status=0
	"$INNKEEPER" -c "$(lab uri --readonly)" logoff --yes windows </dev/null || status=$?
	[ $status != 0 ]
	is_told_times windows ENDS-A-SESSION "$(lab truth windows | grep -c ENDS-A-SESSION)"
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

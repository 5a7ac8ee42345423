#!/usr/bin/env bash
# The Windows way, against a simulation in a real QEMU guest: no Windows can run here.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

its_sessions_are_listed_with_their_domains_the_disconnected_one_too()
{
	anew windows
	innkeeper users windows --json
	ends_with 0
	says '[.[] | .domain + "\\" + .user] | sort == ["ACME\\alice", "ACME\\bob", "WIN-LAB\\Jörg Müller"]'
	says '[.[] | select(.state == "disconnected") | .user] == ["bob"]'
}

one_of_its_users_is_logged_off_alone()
{
	anew windows
	logoff windows --user bob
	ends_with 0
	is_told_times windows '^ended' 1
	is_told_times windows '^ended 2 bob' 1
}

all_of_its_users_are_logged_off_each_told_once()
{
	anew windows
	logoff windows
	ends_with 0
	says '.[0] | .sessions_before == 3 and .sessions_after == 0'
	is_told_times windows ENDS-A-SESSION 3
	is_told_times windows '^ended' 3
}

run_cases

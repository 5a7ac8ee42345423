#!/usr/bin/env bash
# The main job, through the command line, on three real families of Debian.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

everybody_helper() { echo "alice:tty1 alice:ttyS0 bob:tty2"; }

everybody_is_logged_off_helper()
{
	people_are_logged_in "$1"
	inside "$1" "$(everybody_helper)"
	logoff "$1"
	ends_with 0
	says '.[0] | .complete and .percent == 100 and .result == 0 and .error == "0x00000000"'
	says '.[0] | .sessions_before == 3 and .sessions_after == 0'
	inside "$1" ""
}

everybody_on_a_debian_12_is_logged_off_and_gone_inside()
{
	everybody_is_logged_off_helper deb12
}

everybody_on_a_debian_13_whose_agent_sees_no_users_is_logged_off_and_gone_inside()
{
	everybody_is_logged_off_helper deb13
}

everybody_on_a_debian_without_logind_is_logged_off_and_gone_inside()
{
	everybody_is_logged_off_helper sysv
}

a_guest_that_everybody_left_has_nobody_to_log_off()
{
	local guest
	for guest in deb12 deb13 sysv; do
		guest_is_up "$guest"
		logoff "$guest"
		ends_with 8
		says '.[0] | .error_name == "ERROR_NO_SUCH_LOGON_SESSION" and .result == 0 and .sessions_before == 0'
	done
}

users_are_listed_with_their_terminals_in_all_three_families()
{
	local guest
	people_are_logged_in deb12 deb13 sysv
	innkeeper users deb12 deb13 sysv --json
	ends_with 0
	for guest in deb12 deb13 sysv; do
		says "[.[] | select(.vm == \"$guest\") | .user + \":\" + .tty] | sort == [\"alice:tty1\", \"alice:ttyS0\", \"bob:tty2\"]"
	done
}

a_rehearsal_names_them_and_leaves_them_in()
{
	people_are_logged_in deb12
	logoff deb12 --dry-run
	ends_with 0
	inside deb12 "$(everybody_helper)"
}

one_user_alone_is_logged_off_where_one_is_named()
{
	people_are_logged_in deb12
	logoff deb12 --user bob
	ends_with 0
	inside deb12 "alice:tty1 alice:ttyS0"
}

one_session_alone_is_ended_where_one_is_named()
{
	people_are_logged_in deb12
	innkeeper users deb12 --json
	logoff deb12 --session "$(jq -r '.[] | select(.tty == "ttyS0") | .session' "$work/out")"
	ends_with 0
	inside deb12 "alice:tty1 bob:tty2"
}

people_are_warned_on_their_terminals_before_they_have_to_go()
{
	people_are_logged_in deb12
	logoff deb12 --message 'The house closes for the night' --grace 5
	ends_with 0
	grep -q 'The house closes for the night' "$(lab console deb12)"
	inside deb12 ""
}

who_resists_is_named_at_the_deadline_and_killed_by_force()
{
	people_are_logged_in deb12
	lab exec deb12 sh -c 'umask 022; echo "trap \"\" HUP TERM; while :; do sleep 5; done" >/home/bob/.bash_profile'
	logoff deb12 --user bob
	lab login deb12
	lab exec deb12 rm /home/bob/.bash_profile
	logoff deb12 --timeout 40
	ends_with 7
	says '.[0] | .error_name == "VM_E_TIMED_OUT" and (.error_description | contains("bob"))'
	says '.[0] | .sessions_before == 3 and .sessions_after == 1'
	logoff deb12 --timeout 60 --force
	ends_with 0
	inside deb12 ""
}

several_guests_are_logged_off_at_once_and_each_has_its_outcome()
{
	people_are_logged_in deb12 sysv
	logoff deb12 sysv off
	ends_with 10
	says '[.[] | {vm, error_name}] | sort_by(.vm) == [
		{vm: "deb12", error_name: "S_OK"}, {vm: "off", error_name: "VM_E_VM_NOT_RUNNING"}, {vm: "sysv", error_name: "S_OK"}]'
	inside deb12 ""
	inside sysv ""
}

run_cases

#!/usr/bin/env bash
# Guests that are part of the lab with INNKEEPER_FAMILIES=all only: Debian 11, sid, and SELinux, where the agent is confined
# as Fedora's policy confines it.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

# A confined agent may not signal a getty, so nobody is logged in again there without a restart.
people_are_on_selinux_helper()
{
	guest_is_up selinux
	[ "$(people_inside selinux)" = "alice:tty1 alice:ttyS0 bob:tty2" ] || anew selinux
}

bob_logs_on_helper() { lab exec "$1" ssh bob@localhost true; }

everybody_is_logged_off_helper()
{
	if [ "$1" = selinux ]; then
		people_are_on_selinux_helper
	else
		people_are_logged_in "$1"
	fi
	logoff "$1"
	ends_with 0
	says '.[0] | .sessions_before == 3 and .sessions_after == 0'
	inside "$1" ""
}

disabled_logins_keep_bob_out_helper()
{
	guest_is_up "$1"
	bob_logs_on_helper "$1"
	does disable-logins "$1"
	! bob_logs_on_helper "$1" || wrong "bob gets in"
	does enable-logins "$1"
	bob_logs_on_helper "$1"
}

everybody_on_a_debian_11_is_logged_off_and_gone_inside()
{
	everybody_is_logged_off_helper deb11
}

disabled_logins_keep_bob_out_of_a_debian_11()
{
	disabled_logins_keep_bob_out_helper deb11
}

everybody_on_sid_is_logged_off_and_gone_inside()
{
	everybody_is_logged_off_helper sid
}

disabled_logins_keep_bob_out_of_sid()
{
	disabled_logins_keep_bob_out_helper sid
}

who_left_a_program_behind_is_logged_off()
{
	people_are_logged_in deb12
	lab exec deb12 systemd-run --quiet --wait -p PAMName=login -p User=bob -E XDG_SESSION_CLASS=user \
		-E XDG_SESSION_TYPE=tty sh -c 'setsid sleep 7006 >/dev/null 2>&1 &'
	innkeeper users deb12 --json
	says 'any(.[]; .user == "bob" and .state == "closing")'
	logoff deb12
	ends_with 0
	! lab exec deb12 pgrep -f '^sleep 7006' || wrong "the program still runs"
}

a_terminal_of_a_debian_12_refuses_bob()
{
	disabled_logins_refuse_bob deb12
}

a_terminal_without_systemd_refuses_bob()
{
	disabled_logins_refuse_bob sysv
}

a_terminal_with_elogind_refuses_bob()
{
	disabled_logins_refuse_bob elogind
}

a_terminal_of_a_debian_11_refuses_bob()
{
	disabled_logins_refuse_bob deb11
}

a_terminal_of_sid_refuses_bob()
{
	disabled_logins_refuse_bob sid
}

logins_that_selinux_keeps_open_are_not_said_to_be_disabled()
{
	guest_is_up selinux
	innkeeper disable-logins selinux --yes
	ends_with 5
	says_of_it 'users could still log on: SELinux'
	says_of_it 'type_transition'
	bob_logs_on_helper selinux
	lab exec selinux test ! -e /run/nologin || wrong "what keeps nobody out was not removed"
}

a_warning_that_selinux_stops_is_not_said_to_be_delivered()
{
	people_are_on_selinux_helper
	innkeeper message selinux --message 'The lift is out of order' --yes
	ends_with 6
	says_of_it 'error getting sessions: Permission denied'
	logoff selinux --message 'Maintenance'
	ends_with 6
	says_of_it 'nobody was logged off'
	inside selinux "alice:tty1 alice:ttyS0 bob:tty2"
}

a_guest_whose_logins_selinux_keeps_open_is_not_said_to_be_drained()
{
	people_are_on_selinux_helper
	innkeeper drain selinux --yes
	ends_with 5
	says_of_it 'users can log on again'
	inside selinux ""
}

doctor_names_the_confined_agent_and_the_remedy()
{
	guest_is_up selinux
	innkeeper doctor selinux --json
	says 'any(.[]; .check == "selinux" and .ok == false and (.remedy | contains("doc/logoff.md")))'
}

everybody_on_a_guest_with_selinux_is_logged_off_and_gone_inside()
{
	everybody_is_logged_off_helper selinux
}

run_cases

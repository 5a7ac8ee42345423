#!/usr/bin/env bash
# What differs between families of guests, and what must not be claimed of any.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

# A desktop as logind sees it: a session without a terminal.
bob_has_a_desktop_helper()
{
	lab exec "$1" systemd-run --quiet --collect --unit=lab-desktop -p PAMName=login -p User=bob -E XDG_SESSION_CLASS=user \
		-E XDG_SESSION_TYPE=x11 sleep infinity
	for _ in {1..20}; do
		innkeeper users "$1" --json
		! jq -e 'any(.[]; .type == "x11")' <"$work/out" >/dev/null || return 0
		sleep 0.5
	done
	wrong "the desktop's session does not come up"
}

who_has_no_terminal_is_named_by_a_message()
{
	people_are_logged_in deb12
	bob_has_a_desktop_helper deb12
	innkeeper message deb12 --message 'The lift is out of order' --yes
	lab exec deb12 systemctl stop lab-desktop
	ends_with 0
	says_of_it '1 of 4 could not be shown it: bob'
}

a_desktop_that_does_not_confirm_its_lock_is_unknown()
{
	people_are_logged_in deb12
	bob_has_a_desktop_helper deb12
	innkeeper lock deb12 --yes
	lab exec deb12 systemctl stop lab-desktop
	ends_with 7
	says_of_it '1 session asked to lock; 0 confirmed'
}

terminals_are_not_said_to_be_locked()
{
	people_are_logged_in deb12
	innkeeper lock deb12 --yes
	ends_with 5
	says_of_it 'only terminals'
}

the_file_that_disables_logins_can_be_read_by_all()
{
	local guest
	for guest in deb12 sysv elogind; do
		guest_is_up "$guest"
		does disable-logins "$guest"
		[ "$(lab exec "$guest" stat -c %a /run/nologin)" = 644 ] || wrong "its mode is $(lab exec "$guest" stat -c %a /run/nologin)"
		does enable-logins "$guest"
	done
}

disabled_logins_refuse_a_password_at_a_terminal()
{
	disabled_logins_refuse_bob deb13
}

who_lingers_after_the_log_off_is_named()
{
	people_are_logged_in deb12
	lab exec deb12 sh -c 'mkdir -p /var/lib/systemd/linger && : >/var/lib/systemd/linger/bob'
	innkeeper logoff deb12 --yes
	lab exec deb12 rm /var/lib/systemd/linger/bob
	ends_with 0
	says_of_it 'because they linger: bob'
}

# A record of utmp without a session of logind, as ssh leaves one of a user whose name is a number.
who_is_on_without_a_session_of_logind_is_an_outcome_of_its_own()
{
	people_are_logged_in deb12
	lab exec deb12 perl -e 'open(my $utmp, ">>", "/run/utmp") or die; print $utmp pack("s x2 l Z32 a4 Z32 Z256 x4 l l l x36",
		7, $$, "pts/9", "ts/9", "1234", "", 0, time, 0)'
	logoff deb12 --user 1234
	lab exec deb12 perl -e 'truncate("/run/utmp", (-s "/run/utmp") - 384) or die'
	ends_with 5
	says_of_it 'logged on without a session of logind, by guest-get-users: 1234'
	inside deb12 "alice:tty1 alice:ttyS0 bob:tty2"
}

bob_resists_helper()
{
	lab exec elogind sh -c 'umask 022; echo "trap \"\" HUP TERM; while :; do sleep 5; done" >/home/bob/.bash_profile'
	logoff elogind --user bob
	lab login elogind
	lab exec elogind rm /home/bob/.bash_profile
}

everybody_on_elogind_is_logged_off_and_gone_inside()
{
	people_are_logged_in elogind
	logoff elogind
	ends_with 0
	inside elogind ""
}

processes_that_outlive_their_session_on_elogind_are_named()
{
	people_are_logged_in elogind
	bob_resists_helper
	logoff elogind
	ends_with 7
	says_of_it 'some of their processes are left: bob: bash'
	lab exec elogind pkill -KILL -u bob
}

force_leaves_no_process_of_a_session_on_elogind()
{
	people_are_logged_in elogind
	bob_resists_helper
	logoff elogind --force
	ends_with 0
	inside elogind ""
	! lab exec elogind pgrep -u bob || wrong "bob has processes"
}

# finds_helper CHECK WORDS
finds_helper() { says "any(.[]; .check == \"$1\" and .ok == false and (.finding | contains(\"$2\")))"; }

doctor_looks_into_a_guest_for_masked_units_and_a_wrong_clock()
{
	guest_is_up deb12
	innkeeper doctor deb12 --json
	ends_with 0
	says 'any(.[]; .check == "processes" and .ok) and all(.[]; .ok)'
	lab exec deb12 systemctl mask --runtime systemd-logind.service
	lab exec deb12 date -s '+100 seconds'
	innkeeper doctor deb12 --json
	ends_with 5
	finds_helper services "systemd-logind.service masked"
	finds_helper clock "ahead of this computer"
	lab exec deb12 systemctl unmask --runtime systemd-logind.service
	does set-time deb12
	innkeeper doctor deb12 --json
	ends_with 0
}

run_cases

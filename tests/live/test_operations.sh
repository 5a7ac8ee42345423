#!/usr/bin/env bash
# What is done to a guest through its agent, each once, and what came of it: asked inside the guest.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

the_people_on_a_debian_read_a_message()
{
	people_are_logged_in deb12
	does message deb12 --message 'The lift is out of order'
	grep -q 'The lift is out of order' "$(lab console deb12)"
}

logins_of_a_debian_are_disabled_and_enabled()
{
	guest_is_up deb12
	does disable-logins deb12 --message 'Back at six'
	[ "$(lab exec deb12 tail -n 1 /run/nologin)" = 'Back at six' ] || wrong "nobody would read why"
	does enable-logins deb12
	lab exec deb12 test ! -e /run/nologin || wrong "its logins are still disabled"
}

logins_that_somebody_else_disabled_stay_disabled()
{
	guest_is_up deb12
	lab exec deb12 sh -c 'echo theirs >/run/nologin'
	innkeeper enable-logins deb12 --yes --json
	ends_with 6
	[ "$(lab exec deb12 cat /run/nologin)" = theirs ] || wrong "it is not theirs any more"
	lab exec deb12 rm /run/nologin
}

a_debian_s_clock_is_set_to_ours()
{
	guest_is_up deb12
	lab exec deb12 date -s '2031-01-01 00:00:00'
	does set-time deb12
	local apart=$(($(lab exec deb12 date +%s) - $(date +%s)))
	[ "${apart#-}" -lt 60 ] || wrong "its clock is $apart s from ours"
}

how_long_a_debian_is_up_is_what_it_says_itself()
{
	guest_is_up deb12
	innkeeper info deb12 --json
	local apart=$(($(lab exec deb12 cut -d. -f1 /proc/uptime) - $(jq '.[0].uptime_s' "$work/out")))
	[ "${apart#-}" -lt 60 ] || wrong "$apart s from what it says"
}

a_debian_is_drained_for_maintenance()
{
	people_are_logged_in deb12
	does drain deb12 --message 'New discs' --grace 3
	inside deb12 ""
	[ "$(lab exec deb12 tail -n 1 /run/nologin)" = 'New discs' ] || wrong "its logins are not disabled while one works on it"
	does enable-logins deb12
	lab exec deb12 test ! -e /run/nologin || wrong "its logins are still disabled"
}

windows_sessions_are_disconnected_each_told_once_and_live_on()
{
	anew terminal
	does disconnect terminal
	is_told_times terminal '^disconnected 1 alice' 1
	innkeeper users terminal --json
	says 'length == 3 and all(.[]; .state == "disconnected")'
}

windows_is_told_a_message_and_to_drain()
{
	guest_is_up terminal
	does message terminal --message 'The lift is out of order'
	is_told_times terminal '^message to all' 1
	does disable-logins terminal
	is_told_times terminal '^logins disabled' 1
	does enable-logins terminal
	is_told_times terminal '^logins enabled' 1
}

run_cases

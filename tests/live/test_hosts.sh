#!/usr/bin/env bash
# Hosts that are not there, hang, die and come back, and guests that vanish while something is done to them.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"
# shellcheck source=tests/live/screen.sh
. "$(dirname "$0")/screen.sh"
trap 'end_screen; [ -n "$LIVE_SKIP" ] || { lab daemon go-on; lab daemon start; }' EXIT

nowhere_helper() { echo "qemu+unix:///system?socket=$work/no-such-socket"; }

a_host_that_is_not_there_is_said_to_be_unreachable()
{
	lab_uri=$(nowhere_helper) innkeeper list
	ends_with 11
	[ -s "$work/err" ] || wrong "it said nothing"
}

beside_a_host_that_is_not_there_the_other_is_served()
{
	innkeeper -c "$(nowhere_helper)" list --json
	ends_with 11
	says '[.[].name] | index("windows")'
}

a_command_does_not_wait_for_ever_on_a_daemon_that_hangs()
{
	local started=$SECONDS
	lab daemon hang
	innkeeper list
	lab daemon go-on
	ends_with 11
	[ $((SECONDS - started)) -lt 40 ] || wrong "it waited $((SECONDS - started)) s"
}

the_dashboard_shows_a_daemon_that_hangs_and_still_answers_keys()
{
	start_dashboard
	see ' live\|cpu [0-9]'
	see deb12
	lab daemon hang
	see 'stale\|lost' 60
	press '?'
	see 'Half a page down' 5
	go_back
	lab daemon go-on
	see ' live\|cpu [0-9]' 90
	quit
}

the_dashboard_finds_a_daemon_again_that_died()
{
	start_dashboard
	see ' live\|cpu [0-9]'
	lab daemon kill
	see lost 30
	lab daemon start
	see ' live\|cpu [0-9]' 90
	see deb12
	quit
}

a_vm_destroyed_in_the_middle_of_a_log_off_ends_it_with_words()
{
	anew slow
	(sleep 8; lab virsh destroy slow) &
	logoff slow --timeout 60
	wait
	says '.[0] | .complete and .result != 0 and (.error_description | length > 10)'
}

a_daemon_that_dies_when_a_session_was_told_to_end_leaves_it_told_once()
{
	anew slow
	(
		until lab truth slow | grep -q ENDS-A-SESSION; do
			sleep 0.1
		done
		lab daemon kill
	) &
	logoff slow --timeout 60
	wait
	lab daemon start
	says '.[0] | .complete and .result != 0'
	sleep 5
	is_told_times slow ENDS-A-SESSION 1
}

run_cases

#!/usr/bin/env bash
# Seventy-two sessions (guest/crowded): who counts, who goes, who is left. Part of the lab with INNKEEPER_FAMILIES=all.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

# the_crowd_is_there_helper [SESSIONS]: so many at least
the_crowd_is_there_helper()
{
	guest_is_up crowded
	innkeeper users crowded --json
	says "length >= ${1:-72}" || {
		anew crowded
		lab exec crowded /usr/local/sbin/lab-crowd
	}
}

runs_helper() { lab exec crowded pgrep -f "^(/usr/bin/)?sleep $1" || wrong "sleep $1 does not run"; }
runs_not_helper() { ! lab exec crowded pgrep -f "^(/usr/bin/)?sleep $1" || wrong "sleep $1 still runs"; }

who_has_a_session_counts_whatever_the_name()
{
	the_crowd_is_there_helper
	innkeeper users crowded --json
	says '[.[].user] | (map(select(. == "many")) | length) == 60'
	for name in 'mary ann' 'жанна' 'CORP\\ivan' ivan@corp.example.com a-name-that-is-32-letters-long-x carol dave frank; do
		says "map(select(.user == \"$name\")) | length == 1"
	done
}

who_is_somebody_else_inside_a_session_does_not_count()
{
	the_crowd_is_there_helper
	innkeeper users crowded --json
	says 'map(select(.user == "bob")) | length == 2'
	says 'map(select(.user == "root" or .user == "erin")) | length == 0'
}

who_left_a_tmux_behind_is_still_closing()
{
	the_crowd_is_there_helper
	innkeeper users crowded --json
	says '.[] | select(.user == "frank") | .state == "closing"'
}

those_who_are_named_go_and_nobody_else()
{
	the_crowd_is_there_helper
	logoff crowded --user 'CORP\ivan' --user 'mary ann' --user 'жанна' --user a-name-that-is-32-letters-long-x
	ends_with 0
	says '.[0] | .sessions_before == 72'
	innkeeper users crowded --json
	says 'length == 68 and any(.[]; .user == "ivan@corp.example.com")'
}

everybody_is_logged_off_and_what_is_nobodys_goes_on()
{
	the_crowd_is_there_helper 60
	innkeeper logoff crowded --yes
	ends_with 0
	says_of_it 'because they linger: dave'
	for number in 7001 7002 7003 7004 7005 7006 7008; do
		runs_not_helper $number
	done
	runs_helper 7007
	runs_helper 7009
	runs_helper 7010
}

run_cases

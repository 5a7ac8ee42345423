#!/usr/bin/env bash
# The main job as a person does it: the dashboard on a terminal, its own keys, and a look inside the guest.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

# shellcheck source=tests/live/screen.sh
. "$(dirname "$0")/screen.sh"
trap end_screen EXIT

both_people_of_a_debian_are_logged_off_by_L_and_y_and_gone_inside()
{
	people_are_logged_in deb12
	start_dashboard
	go_to deb12 up
	press L
	see 'Log off all users of deb12'
	see 'Logged on .*alice (2)' 60
	see 'Logged on .*bob' 60
	sleep 1
	press y
	see 'deb12 .*done' 150
	inside deb12 ""
	quit
}

the_question_answered_with_n_leaves_everybody_in()
{
	people_are_logged_in deb12
	start_dashboard
	go_to deb12 up
	press L
	see 'Log off all users of deb12'
	sleep 1
	press n
	sleep 3
	look
	inside deb12 "alice:tty1 alice:ttyS0 bob:tty2"
	quit
}

windows_users_are_logged_off_by_the_same_keys()
{
	anew windows
	start_dashboard
	go_to windows up
	press L
	see 'Log off all users of windows'
	sleep 1
	press y
	see 'windows .*done' 90
	is_told_times windows ENDS-A-SESSION 3
	is_told_times windows '^ended' 3
	quit
}

read_only_says_so_and_no_agent_hears_of_it()
{
	guest_is_up windows
	start_dashboard -r
	see READ-ONLY
	go_to windows denied
	press L y Enter
	sleep 3
	look
	is_told_times windows ^command 0
	quit
}

locked_says_so_and_ends_no_session()
{
	anew windows
	start_dashboard --lock
	see LOCKED
	go_to windows up
	press L y Enter
	sleep 3
	look
	is_told_times windows ENDS-A-SESSION 0
	go_back
	quit
}

a_hostile_guest_reaches_neither_title_nor_screen()
{
	anew hostile
	start_dashboard
	tmux -L "$screen" select-pane -T untouched
	go_to hostile up
	see 'Evil OS' 60
	press u
	see mallory 60
	look >"$work/screen"
	cat "$work/screen"
	is_harmless "$work/screen"
	[ "$(tmux -L "$screen" display-message -p '#{pane_title}')" = untouched ] || wrong "the guest changed the title"
	go_back
	quit
}

run_cases

#!/usr/bin/env bash
# The main job as a person does it: the dashboard on a terminal, its own keys, and a look inside the guest.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

export TMUX_TMPDIR=/tmp
screen=innkeeper-live-$$
trap 'tmux -L "$screen" kill-server 2>/dev/null || true' EXIT

dashboard_helper()
{
	command -v tmux >/dev/null || skip "tmux is not installed"
	tmux -L "$screen" kill-server 2>/dev/null || true
	tmux -L "$screen" -f /dev/null new-session -d -x 110 -y 30 "$INNKEEPER" -c "$(lab uri)" "$@"
	tmux -L "$screen" set-option -g remain-on-exit on
}

keys_helper() { tmux -L "$screen" send-keys "$@"; }
back_helper() { keys_helper Escape; sleep 0.5; } # a key right behind it would make it Alt
see_helper() { tmux -L "$screen" capture-pane -p; }

# sees_helper PATTERN [SECONDS]: until it stands on the screen
sees_helper()
{
	local until=$((SECONDS + ${2:-20}))
	until see_helper | grep -q -- "$1"; do
		if [ $SECONDS -ge $until ]; then
			see_helper
			wrong "the screen never said: $1"
		fi
		sleep 0.2
	done
}

# Its row alone, and the cursor on it.
goes_to_helper()
{
	sees_helper NAME
	keys_helper /
	keys_helper -l "$1"
	keys_helper Enter
	sees_helper "^  $1 .* $2" 60
}

# tmux is slow to bury its dead, so a zombie has left.
leaves_helper()
{
	local pid
	pid=$(tmux -L "$screen" display-message -p '#{pane_pid}')
	keys_helper q
	for _ in {1..50}; do
		grep -q '^State:[[:space:]]*[^Z]' "/proc/$pid/status" 2>/dev/null || return 0
		sleep 0.1
	done
	see_helper
	wrong "it did not quit"
}

both_people_of_a_debian_are_logged_off_by_L_and_y_and_gone_inside()
{
	people_are_logged_in deb12
	dashboard_helper
	goes_to_helper deb12 up
	keys_helper L
	sees_helper 'Log off all users of deb12'
	sees_helper 'alice (2), bob' 60
	sleep 1
	keys_helper y
	sees_helper 'deb12 .*done' 150
	inside deb12 ""
	leaves_helper
}

the_question_answered_with_n_leaves_everybody_in()
{
	people_are_logged_in deb12
	dashboard_helper
	goes_to_helper deb12 up
	keys_helper L
	sees_helper 'Log off all users of deb12'
	sleep 1
	keys_helper n
	sleep 3
	see_helper
	inside deb12 "alice:tty1 alice:ttyS0 bob:tty2"
	leaves_helper
}

windows_users_are_logged_off_by_the_same_keys()
{
	anew windows
	dashboard_helper
	goes_to_helper windows up
	keys_helper L
	sees_helper 'Log off all users of windows'
	sleep 1
	keys_helper y
	sees_helper 'windows .*done' 90
	is_told_times windows ENDS-A-SESSION 3
	is_told_times windows '^ended' 3
	leaves_helper
}

read_only_says_so_and_no_agent_hears_of_it()
{
	guest_is_up windows
	dashboard_helper -r
	sees_helper READ-ONLY
	goes_to_helper windows denied
	keys_helper L y Enter
	sleep 3
	see_helper
	is_told_times windows ^command 0
	leaves_helper
}

locked_says_so_and_ends_no_session()
{
	anew windows
	dashboard_helper --lock
	sees_helper LOCKED
	goes_to_helper windows up
	keys_helper L y Enter
	sleep 3
	see_helper
	is_told_times windows ENDS-A-SESSION 0
	back_helper
	leaves_helper
}

a_hostile_guest_reaches_neither_title_nor_screen()
{
	anew hostile
	dashboard_helper
	tmux -L "$screen" select-pane -T untouched
	goes_to_helper hostile up
	sees_helper 'Evil OS' 60
	keys_helper u
	sees_helper mallory 60
	see_helper >"$work/screen"
	cat "$work/screen"
	is_harmless "$work/screen"
	[ "$(tmux -L "$screen" display-message -p '#{pane_title}')" = untouched ] || wrong "the guest changed the title"
	back_helper
	leaves_helper
}

run_cases

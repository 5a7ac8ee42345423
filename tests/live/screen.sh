# Sourced by the tests that use the dashboard: it runs on a terminal of tmux's, keys go in, the screen is read.
# shellcheck shell=bash disable=SC2154
export TMUX_TMPDIR=/tmp
screen=innkeeper-live-$$

end_screen() { tmux -L "$screen" kill-server 2>/dev/null || true; }

start_dashboard()
{
	command -v tmux >/dev/null || skip "tmux is not installed"
	local tries=0
	end_screen
	# A server that is just about to end takes nobody in.
	until tmux -L "$screen" -f /dev/null new-session -d -x 110 -y 44 "$INNKEEPER" -c "$(lab uri)" "$@"; do
		[ $((tries += 1)) -lt 20 ] || return
		sleep 0.2
	done
	tmux -L "$screen" set-option -g remain-on-exit on
}

press() { tmux -L "$screen" send-keys "$@"; }
go_back() { press Escape; sleep 0.5; } # a key right behind it would make it Alt
look() { tmux -L "$screen" capture-pane -p; }

# see PATTERN [SECONDS]: until it stands on the screen
see()
{
	local until=$((SECONDS + ${2:-20}))
	until look | grep -q -- "$1"; do
		if [ $SECONDS -ge $until ]; then
			look
			wrong "the screen never said: $1"
		fi
		sleep 0.2
	done
}

# go_to VM PATTERN: its row alone, the cursor on it, and the pattern in it
go_to()
{
	see NAME
	press /
	press -l "name=$1"
	press Enter
	see "^  $1 .* $2" 60
}

# tmux is slow to bury its dead, so a zombie has left.
quit()
{
	local pid
	pid=$(tmux -L "$screen" display-message -p '#{pane_pid}')
	press F10
	for _ in {1..50}; do
		grep -q '^State:[[:space:]]*[^Z[:space:]]' "/proc/$pid/status" 2>/dev/null || return 0
		sleep 0.1
	done
	look
	wrong "it did not quit"
}

#!/usr/bin/env bash
# QEMUs and agents that stand still: nobody else waits for them, neither our other machines nor other clients of the daemon.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"
# shellcheck source=tests/live/screen.sh
. "$(dirname "$0")/screen.sh"
: "${INNKEEPER_LAB_RUN:=/run/innkeeper-lab}"
silent=${INNKEEPER_LIVE_SILENT:-6} # 20 are as many as the daemon has workers
trap 'end_screen; [ -n "$LIVE_SKIP" ] || { go_on_helper; undo_clones_helper; }' EXIT

send_qemu_helper() # SIGNAL GUEST
{
	as_root_helper kill "-$1" "$(as_root_helper cat "$INNKEEPER_LAB_RUN/run/qemu/$2.pid")"
}

as_root_helper() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

go_on_helper() { send_qemu_helper CONT nobody 2>/dev/null || true; }

# clone_helper N: another guest of the character of "stall": it answers the sync, and then nothing
clone_helper()
{
	lab virsh dumpxml stall --inactive | sed -e "s|<name>stall</name>|<name>stall-$1</name>|" -e '/<uuid>/d' -e '/<mac /d' \
		-e "s|truth/stall'|truth/stall-$1'|; s|console/stall'|console/stall-$1'|" >"$work/stall-$1.xml"
	lab virsh define "$work/stall-$1.xml" >/dev/null
	lab virsh start "stall-$1" >/dev/null
}

undo_clones_helper()
{
	local i
	for ((i = 1; i <= silent; i++)); do
		lab virsh destroy "stall-$i" >/dev/null 2>&1 || true
		lab virsh undefine "stall-$i" >/dev/null 2>&1 || true
	done
}

one_qemu_that_stands_still_holds_up_no_other()
{
	local started
	guest_is_up nobody
	anew slow
	start_dashboard
	see 'nobody .*running'
	send_qemu_helper STOP nobody
	started=$SECONDS
	innkeeper list --json
	ends_with 0
	says '[.[] | select(.state == "running") | .name] | index("slow") and index("nobody")'
	[ $((SECONDS - started)) -lt 30 ] || wrong "the list took $((SECONDS - started)) s"
	logoff slow --timeout 120
	ends_with 0
	press '?'
	see 'Half a page down' 5
	go_back
	see ' live\|cpu [0-9]'
	see 'slow .*running'
	send_qemu_helper CONT nobody
	quit
}

a_console_killed_in_the_middle_of_a_call_leaves_no_agent_job_behind()
{
	local started
	guest_is_up stall
	timeout -s KILL 4 "$INNKEEPER" -c "$(lab uri)" users stall >/dev/null 2>&1 || true
	started=$SECONDS
	lab agent stall '{"execute":"guest-ping"}' 3 >"$work/ping" 2>&1 || true
	cat "$work/ping"
	if grep -q 'state change lock' "$work/ping"; then
		wrong "the job of the dead console is still held"
	fi
	[ $((SECONDS - started)) -le 20 ] || wrong "another client waited $((SECONDS - started)) s"
}

silent_guests_keep_no_other_client_from_the_daemon()
{
	local i began took worst=0 pid
	guest_is_up stall
	for ((i = 1; i <= silent; i++)); do clone_helper "$i"; done
	for ((i = 1; i <= silent; i++)); do
		for _ in {1..240}; do
			[[ $(lab virsh dumpxml "stall-$i") != *"guest_agent.0' state='connected'"* ]] || break
			sleep 0.5
		done
	done
	start_dashboard
	see 'stall-1 .*running'
	timeout 120 "$INNKEEPER" -c "$(lab uri)" -f 'name:stall' logoff --yes --parallel 64 --timeout 25 >"$work/all" 2>&1 </dev/null &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		began=$(date +%s%N)
		timeout 10 virsh -q -c "$(lab uri)" capabilities >/dev/null || wrong "another client got no answer within 10 s"
		took=$((($(date +%s%N) - began) / 1000000))
		[ $took -le $worst ] || worst=$took
		sleep 0.5
	done
	wait $pid || true
	cat "$work/all"
	echo "$silent silent guests: another client waited $worst ms at the most"
	[ $worst -le 3000 ] || wrong "another client waited $worst ms"
	see ' live\|cpu [0-9]'
	! look | grep -q 'lost\|stale' || wrong "the host was thought lost"
	quit
	undo_clones_helper
}

a_new_vm_of_the_same_name_is_told_nothing()
{
	local pid
	anew slow
	timeout 200 "$INNKEEPER" -c "$(lab uri)" logoff slow --yes --json --message 'Maintenance' --grace 30 --timeout 90 \
		>"$work/out" 2>"$work/err" </dev/null &
	pid=$!
	sleep 10
	anew slow
	wait $pid || true
	cat "$work/out" "$work/err"
	says '.[0] | .complete and .result != 0 and (.error_description | length > 10)'
	is_told_times slow ENDS-A-SESSION 0
	is_told_times slow '^ended' 0
}

run_cases

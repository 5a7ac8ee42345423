#!/usr/bin/env bash
# A serial console over libvirt's own stream: a VM without a system, whose BIOS speaks on the serial line.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

# shellcheck source=tests/live/screen.sh
. "$(dirname "$0")/screen.sh"
trap 'end_screen; [ -n "$LIVE_SKIP" ] || { lab daemon go-on >/dev/null 2>&1 || true; no_bios_helper; }' EXIT

no_bios_helper()
{
	lab virsh destroy bios >/dev/null 2>&1 || true
	lab virsh undefine bios >/dev/null 2>&1 || true
}

# bios_helper [DEVICES]: it starts over every other second, so there is always something to read.
bios_helper()
{
	no_bios_helper
	cat >"$work/bios.xml" <<-END
	<domain type='qemu'><name>bios</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
	  <os><type arch='x86_64' machine='pc'>hvm</type><bios ${1-useserial='yes'} rebootTimeout='2000'/></os>
	  <devices><emulator>$(command -v qemu-system-x86_64)</emulator>
	    ${1-<console type='pty'><target type='serial' port='0'/></console>}
	  </devices></domain>
	END
	lab virsh define "$work/bios.xml" >/dev/null || skip "the lab's libvirt takes no such VM"
	lab virsh start bios >/dev/null || skip "a VM without a system does not start here"
}

# console_helper ARG...: the command on a terminal of its own; what it showed is in $work/shown.
console_helper()
{
	timeout -k 5 12 script -qec "'$INNKEEPER' -c '$(lab uri)' console $*" /dev/null >"$work/shown" 2>&1 </dev/null || true
	cat "$work/shown"
}

open_console_helper()
{
	start_dashboard
	go_to bios running
	press c
	see 'Open serial console of bios?'
	sleep 1
	press y
	see 'Serial console of bios'
	see 'No bootable device' 30
}

what_the_bios_says_is_seen_and_left()
{
	bios_helper
	open_console_helper
	press C-]
	see 'Left the console of bios'
	see NAME
	quit
}

a_second_person_is_told_and_may_take_over()
{
	bios_helper
	open_console_helper
	console_helper bios
	grep -q 'this console is in use' "$work/shown" || wrong "nobody was told"
	console_helper --force bios &
	see 'Console of bios closed'
	quit
	wait
	grep -q 'SeaBIOS\|bootable' "$work/shown" || wrong "who took over saw nothing"
}

a_vm_that_stops_ends_its_console()
{
	bios_helper
	open_console_helper
	lab virsh destroy bios >/dev/null
	see 'Console of bios closed'
	quit
}

a_daemon_that_hangs_keeps_nobody_at_a_console()
{
	bios_helper
	open_console_helper
	lab daemon hang
	press -l typed
	press C-]
	see 'Left the console of bios' 3
	lab daemon go-on
	quit
}

a_vm_without_one_says_so()
{
	bios_helper ''
	console_helper bios
	grep -q 'has no serial console' "$work/shown" || wrong "it did not say so"
}

run_cases

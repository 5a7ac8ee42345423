#!/usr/bin/env bash
# Snapshots on a real hypervisor: of a machine that never gets past its BIOS, with a qcow2 disk, and of a Debian whose
# agent freezes its file systems. What came of it is asked of libvirt.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

vm=snaps
disk=${INNKEEPER_LAB_RUN:-/run/innkeeper-lab}/disk/$vm.qcow2

# An empty qcow2 of 64 MiB: header, refcount table, one refcount block, an L1 table, one cluster each.
make_disk_helper()
{
	mkdir -p "$(dirname "$disk")"
	truncate -s 0 "$disk"
	truncate -s 262144 "$disk"
	write_helper 0 'QFI\xfb\0\0\0\3' '\0\0\0\0\0\0\0\0\0\0\0\0' '\0\0\0\20' '\0\0\0\0\4\0\0\0' '\0\0\0\0' '\0\0\0\1' \
		'\0\0\0\0\0\3\0\0' '\0\0\0\0\0\1\0\0' '\0\0\0\1' '\0\0\0\0\0\0\0\0\0\0\0\0'
	write_helper 96 '\0\0\0\4' '\0\0\0\150'
	write_helper 65536 '\0\0\0\0\0\2\0\0'
	write_helper 131072 '\0\1\0\1\0\1\0\1'
}

# write_helper OFFSET BYTES...
write_helper()
{
	local at=$1
	shift
	# shellcheck disable=SC2059 # the bytes are escapes
	printf "$(printf '%s' "$@")" | dd of="$disk" bs=1 seek="$at" conv=notrunc status=none
}

forget_helper()
{
	lab virsh destroy "$vm" || true
	for snapshot in $(lab virsh snapshot-list "$vm" --name || true); do
		lab virsh snapshot-delete "$vm" "$snapshot" --metadata
	done
	lab virsh undefine "$vm" || true
	rm -f "${disk%.qcow2}".*
} >/dev/null 2>&1

a_machine_helper()
{
	trap forget_helper EXIT
	forget_helper
	make_disk_helper
	cat >"$work/$vm.xml" <<-END
	<domain type='qemu'><name>$vm</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
	  <os><type arch='x86_64' machine='pc'>hvm</type></os>
	  <devices><emulator>$(command -v qemu-system-x86_64)</emulator>
	    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='$disk'/><target dev='vda' bus='virtio'/></disk>
	    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
	  </devices></domain>
	END
	lab virsh define "$work/$vm.xml" >/dev/null
	lab virsh start "$vm" >/dev/null
}

does_helper()
{
	innkeeper "$@" --yes --json
	ends_with 0
	says '.[0] | .complete and .error == "0x00000000"'
}

current_is_helper()
{
	[ "$(lab virsh snapshot-current "$vm" --name)" = "$1" ] || wrong "current is $(lab virsh snapshot-current "$vm" --name), not $1"
}

one_with_memory_is_taken_gone_back_to_and_deleted()
{
	a_machine_helper
	does_helper snapshot-create "$vm" --name first --description 'a <b> & "c"'
	does_helper snapshot-create "$vm" --name second
	current_is_helper second
	innkeeper snapshots "$vm" --json
	says '[.[].name] == ["first", "second"] and .[1].parent == "first" and .[0].state == "running"'
	says '.[0].description == "a <b> & \"c\""'
	lab virsh destroy "$vm"
	does_helper snapshot-revert "$vm" first
	current_is_helper first
	[ "$(lab virsh domstate "$vm" | head -n 1)" = running ] || wrong "it does not run"
	does_helper snapshot-delete "$vm" second
	innkeeper snapshots "$vm" --json
	says '[.[].name] == ["first"]'
}

without_an_agent_the_disks_are_taken_as_they_are_or_not_at_all()
{
	a_machine_helper
	innkeeper snapshot-create "$vm" --quiesce --yes
	ends_with 5
	innkeeper snapshots "$vm" --json
	says 'length == 0'
	innkeeper snapshot-create "$vm" --disk-only --name disks --yes
	ends_with 0
	grep -q 'not quiesced: no guest agent is connected' "$work/out" || wrong "that it was not quiesced is not said"
	innkeeper snapshots "$vm" --json
	says '.[0] | .name == "disks" and .state == "disk-snapshot" and .current'
	does_helper snapshot-delete "$vm" disks
}

what_is_locked_or_read_only_has_its_snapshots_listed_and_left_alone()
{
	a_machine_helper
	does_helper snapshot-create "$vm" --name kept
	innkeeper --lock snapshot-delete "$vm" kept --yes
	ends_with 6
	innkeeper -r snapshot-revert "$vm" kept --yes
	ends_with 6
	innkeeper -r snapshots "$vm" --json
	says '[.[].name] == ["kept"]'
}

a_debian_is_frozen_for_the_moment_that_it_takes()
{
	guest_is_up deb12
	trap 'lab virsh snapshot-delete deb12 frozen >/dev/null 2>&1 || true' EXIT
	does_helper snapshot-create deb12 --name frozen --quiesce
	innkeeper snapshots deb12 --json
	says '.[0] | .name == "frozen" and .state == "disk-snapshot"'
	lab exec deb12 journalctl -u qemu-guest-agent --no-pager >"$work/agent"
	grep -q 'guest-fsfreeze called' "$work/agent" || wrong "its agent says nothing of freezing"
	[ "$(lab agent deb12 '{"execute":"guest-fsfreeze-status"}')" = '{"return":"thawed"}' ] || wrong "deb12 is still frozen"
	does_helper snapshot-delete deb12 frozen
}

run_cases

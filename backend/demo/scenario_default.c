/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scenario `default`: a small shop on three hosts, where every word and every outcome can be met. */
#include "backend/demo/scenario_read.h"

#define LOGINS(array)    .logins = (array), .login_count = ARRAY_SIZE(array)
#define EVENTS(array)    .events = (array), .event_count = ARRAY_SIZE(array)
#define SNAPSHOTS(array) .snapshots = (array), .snapshot_count = ARRAY_SIZE(array)

/* One row a login, an event, a snapshot, a VM. */
/* clang-format off */

/* --- ams1: the people's machines --- */

static const struct demo_login on_web01[] = {
	{ .user = "alice", .via = VIA_CONSOLE, .since_s = 5 * 3600, .idle_s = 3 * 3600 + 720 },
	{ .user = "alice", .via = VIA_SSH, .from = "10.4.1.21", .since_s = 2 * 3600 },
	{ .user = "bob", .via = VIA_SSH, .from = "10.4.1.37", .since_s = 1500, .idle_s = 460 },
	{ .user = "nina", .via = VIA_SSH, .from = "vpn-12.example.net", .absent = true },
};
static const struct demo_event at_web01[] = {
	{ .what = EVENT_LOGON, .at_s = 45, .every_s = 240, .user = "nina" },
	{ .what = EVENT_LOGOFF, .at_s = 165, .every_s = 240, .user = "nina" },
};
static const struct demo_snapshot of_web01[] = {
	{ .name = "installed", .description = "Debian 12, nothing else", .state = VM_STATE_SHUTOFF, .taken_s = 61 * 86400 },
	{ .name = "shop-4.1", .parent = "installed", .description = "The last one before the new basket", .taken_s = 9 * 86400 },
	{ .name = "shop-4.2-try", .parent = "installed", .disk_only = true, .taken_s = 5 * 86400 },
	{ .name = "before-kernel-update", .parent = "shop-4.1", .description = "Taken by petra, ticket 8812", .taken_s = 26 * 3600 },
};
static const struct demo_login on_web02[] = {
	{ .user = "carol", .via = VIA_SSH, .from = "10.4.1.44", .since_s = 3200 },
	{ .user = "deploy", .via = VIA_SSH, .from = "10.4.0.5", .since_s = 240 },
	{ .user = "root", .via = VIA_CONSOLE, .since_s = 9 * 86400, .idle_s = 2 * 86400 },
};
static const struct demo_login on_build01[] = {
	{ .user = "dmitri", .via = VIA_SSH, .from = "10.4.2.8", .since_s = 6 * 3600 },
	{ .user = "gunnar", .via = VIA_SSH, .from = "10.4.2.15", .leaves = LEAVES_KILLED, .since_s = 3 * 86400, .idle_s = 19 * 3600 },
	{ .user = "sofia", .via = VIA_SSH, .from = "10.4.2.9", .since_s = 4100 },
};
static const struct demo_login on_kiosk01[] = {
	{ .user = "kiosk", .via = VIA_DESKTOP, .returns = true, .since_s = 40 * 3600 },
};
static const struct demo_snapshot of_kiosk01[] = {
	{ .name = "golden", .description = "What reception shall look like", .state = VM_STATE_SHUTOFF, .taken_s = 40 * 86400 },
};
static const struct demo_login on_rds01[] = {
	{ .user = "j.smith", .domain = "ACME", .from = "PC-0417", .since_s = 3 * 3600 },
	{ .user = "l.moreau", .domain = "ACME", .from = "PC-0202", .since_s = 5400, .idle_s = 4000 },
	{ .user = "h.tanaka", .domain = "ACME", .from = "PC-0338", .since_s = 900 },
	{ .user = "Administrator", .domain = "RDS01", .disconnected = true, .since_s = 2 * 86400, .idle_s = 30 * 3600 },
};
static const struct demo_login on_desk07[] = {
	{ .user = "olivia", .domain = "DESK07", .via = VIA_CONSOLE, .locked = true, .since_s = 4 * 3600 },
};

static const struct demo_vm_plan ams1[] = {
	{ .name = "web01", .title = "Shop front, blue", .tags = "web prod", .os = &demo_os_rows[OS_DEBIAN12],
	  .vcpus = 2, .memory_mib = 4096, .load = LOAD_STEADY, .autostart = true, LOGINS(on_web01), EVENTS(at_web01),
	  SNAPSHOTS(of_web01) },
	{ .name = "web02", .title = "Shop front, green", .tags = "web prod", .os = &demo_os_rows[OS_DEBIAN13],
	  .vcpus = 2, .memory_mib = 4096, .load = LOAD_STEADY, .autostart = true, LOGINS(on_web02) },
	{ .name = "build01", .tags = "build", .os = &demo_os_rows[OS_UBUNTU2404], .vcpus = 8, .memory_mib = 16384,
	  .load = LOAD_BURSTS, LOGINS(on_build01) },
	{ .name = "kiosk01", .title = "Reception desk", .tags = "desk", .os = &demo_os_rows[OS_DEBIAN12], .vcpus = 1,
	  .memory_mib = 2048, LOGINS(on_kiosk01), SNAPSHOTS(of_kiosk01) },
	{ .name = "rds01", .title = "Terminal server", .tags = "desk prod", .os = &demo_os_rows[OS_WINDOWS2022],
	  .hostname = "RDS01", .vcpus = 8, .memory_mib = 32768, .load = LOAD_BUSY, .autostart = true,
	  LOGINS(on_rds01) },
	{ .name = "desk07", .tags = "desk", .os = &demo_os_rows[OS_WINDOWS11], .hostname = "DESK07", .vcpus = 4,
	  .memory_mib = 8192, LOGINS(on_desk07) },
	{ .name = "mail01", .title = "Nobody is logged on here", .tags = "office prod",
	  .os = &demo_os_rows[OS_DEBIAN12], .vcpus = 2, .memory_mib = 4096, .autostart = true, .greeter = true },
	{ .name = "cache01", .os = &demo_os_rows[OS_DEBIAN12], .state = VM_STATE_PAUSED, .vcpus = 1,
	  .memory_mib = 1024 },
};

/* --- ams2: the production host --- */

static const struct demo_login on_db01[] = {
	{ .user = "dba", .via = VIA_SSH, .from = "10.4.0.9", .since_s = 7 * 3600 },
	{ .user = "petra", .via = VIA_SSH, .from = "10.4.1.60", .since_s = 1900 },
};
static const struct demo_login on_files01[] = {
	{ .user = "samir", .via = VIA_SSH, .from = "10.4.1.71", .since_s = 800 },
};
static const struct demo_event at_files01[] = {
	{ .what = EVENT_THAW, .at_s = 420, .every_s = 900 },
	{ .what = EVENT_FREEZE, .at_s = 840, .every_s = 900 },
};
static const struct demo_login on_vpn01[] = {
	{ .user = "ines", .via = VIA_SSH, .from = "vpn-03.example.net", .since_s = 2600 },
	{ .user = "ruth", .via = VIA_SSH, .from = "vpn-08.example.net", .since_s = 700 },
};
static const struct demo_login on_legacy01[] = {
	{ .user = "walter", .via = VIA_CONSOLE, .since_s = 11 * 86400, .idle_s = 86000 },
	{ .user = "ada", .via = VIA_SSH, .from = "10.4.1.90", .since_s = 3000 },
};

static const struct demo_vm_plan ams2[] = {
	{ .name = "db01", .title = "Orders, primary", .tags = "data prod", .os = &demo_os_rows[OS_ALMA9], .vcpus = 16,
	  .memory_mib = 65536, .load = LOAD_BUSY, .autostart = true, LOGINS(on_db01) },
	{ .name = "files01", .title = "Backup window until seven minutes in", .tags = "office prod",
	  .os = &demo_os_rows[OS_DEBIAN12], .behaviour = BEHAVIOUR_FROZEN, .vcpus = 4, .memory_mib = 8192,
	  .load = LOAD_STEADY, .autostart = true, LOGINS(on_files01), EVENTS(at_files01) },
	{ .name = "vpn01", .title = "Far away: every answer takes its time", .os = &demo_os_rows[OS_DEBIAN12],
	  .latency_ms = 900, .misses_percent = 20, .vcpus = 1, .memory_mib = 1024, .autostart = true,
	  LOGINS(on_vpn01) },
	{ .name = "legacy01", .title = "No logind: who and pkill", .tags = "office", .os = &demo_os_rows[OS_DEVUAN5],
	  .vcpus = 1, .memory_mib = 1024, .autostart = true, LOGINS(on_legacy01) },
	{ .name = "erp01", .title = "Its agent has stopped answering", .tags = "office prod",
	  .os = &demo_os_rows[OS_DEBIAN12], .behaviour = BEHAVIOUR_MUTE, .vcpus = 8, .memory_mib = 32768,
	  .load = LOAD_BUSY, .autostart = true },
	{ .name = "vault01", .title = "Not ours to touch", .os = &demo_os_rows[OS_DEBIAN13],
	  .behaviour = BEHAVIOUR_DENIED, .vcpus = 2, .memory_mib = 4096 },
};

/* --- lab: where things are tried, and break --- */

static const struct demo_login on_gw[] = {
	{ .user = "kim", .via = VIA_SSH, .from = "10.9.0.3", .since_s = 1200 },
};
static const struct demo_login on_mallory[] = {
	{ .user = "\xe2\x80\xaetoor\x1b[2J", .via = VIA_SSH, .from = "198.51.100.66", .since_s = 60 },
	{ .user = "mallory", .via = VIA_SSH, .from = "\x1b]0;owned\x07", .since_s = 66 },
};
static const struct demo_snapshot of_mallory[] = {
	{ .name = "\xe2\x80\xaeorofeb\x1b[2J", .description = "<name>&amp;\x1b]0;owned\x07\r\nroot", .taken_s = 3600 },
};
static const struct demo_event at_trixie[] = {
	{ .what = EVENT_START, .at_s = 110, .every_s = 360 },
	{ .what = EVENT_SHUTDOWN, .at_s = 290, .every_s = 360 },
};
static const struct demo_event at_lab[] = {
	{ .what = EVENT_HANG, .at_s = 200, .every_s = 600, .for_s = 14 },
	{ .what = EVENT_LOSE, .at_s = 500, .every_s = 600, .for_s = 9 },
};

static const struct demo_vm_plan lab[] = {
	{ .name = "gw-test", .tags = "test", .os = &demo_os_rows[OS_FREEBSD14], .vcpus = 1, .memory_mib = 512,
	  LOGINS(on_gw) },
	{ .name = "mallory", .title = "A guest that \x1b[31mlies\x1b[0m\xe2\x80\x8b",
	  .hostname = "<U+0041>\x1b]52;c;aGk=\x07\r\nroot", .os = &demo_os_rows[OS_DEBIAN12], .vcpus = 2,
	  .memory_mib = 2048, .transient = true, LOGINS(on_mallory), SNAPSHOTS(of_mallory) },
	{ .name = "installer", .title = "No agent in it yet", .os = &demo_os_rows[OS_UBUNTU2404],
	  .behaviour = BEHAVIOUR_DOWN, .vcpus = 4, .memory_mib = 4096, .load = LOAD_BURSTS },
	{ .name = "edge02", .title = "Its host takes a while to tell about it", .os = &demo_os_rows[OS_DEBIAN12],
	  .behaviour = BEHAVIOUR_UNREAD, .vcpus = 1, .memory_mib = 512 },
	{ .name = "router9", .title = "An appliance without an agent channel", .os = &demo_os_rows[OS_FREEBSD14],
	  .behaviour = BEHAVIOUR_NONE, .vcpus = 1, .memory_mib = 256 },
	{ .name = "trixie-test", .tags = "test", .os = &demo_os_rows[OS_DEBIAN13], .state = VM_STATE_SHUTOFF,
	  .vcpus = 2, .memory_mib = 2048, EVENTS(at_trixie) },
	{ .name = "archive", .os = &demo_os_rows[OS_DEBIAN12], .state = VM_STATE_SAVED, .vcpus = 2,
	  .memory_mib = 2048 },
};

static const struct demo_host_plan hosts[] = {
	{ .name = "ams1", .version = "QEMU 8.2.2, libvirt 10.0.0", .vms = ams1, .vm_count = ARRAY_SIZE(ams1) },
	{ .name = "ams2", .version = "QEMU 7.2.22, libvirt 9.0.0", .production = true, .latency_ms = 12, .vms = ams2,
	  .vm_count = ARRAY_SIZE(ams2) },
	{ .name = "lab", .version = "QEMU 10.0.3, libvirt 11.3.0", .latency_ms = 45, .vms = lab,
	  .vm_count = ARRAY_SIZE(lab), EVENTS(at_lab) },
};

/* clang-format on */

const struct demo_scenario scenario_default = { .seed = 1, .hosts = hosts, .host_count = ARRAY_SIZE(hosts) };

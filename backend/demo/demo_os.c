/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_os.h"

#include "base/base.h"

#define ROW(row, called, kind, qga, os_id, os_name, pretty, whole_version, short_version, release, kernel, ...) \
	[row] = { .word = called, \
		  .family = kind, \
		  .agent = qga, \
		  .id = os_id, \
		  .name = os_name, \
		  .pretty_name = pretty, \
		  .version = whole_version, \
		  .version_id = short_version, \
		  .kernel_release = release, \
		  .kernel_version = kernel, \
		  __VA_ARGS__ }

const struct demo_os demo_os_rows[OS_COUNT] = {
	ROW(OS_DEBIAN12, "debian12", FAMILY_LOGIND, "7.2.22", "debian", "Debian GNU/Linux",
	    "Debian GNU/Linux 12 (bookworm)", "12 (bookworm)", "12", "6.1.0-40-amd64",
	    "#1 SMP PREEMPT_DYNAMIC Debian 6.1.153-1 (2025-09-20)", .systemd = 252, .boot_ms = 5200),
	ROW(OS_DEBIAN13, "debian13", FAMILY_LOGIND, "10.0.3", "debian", "Debian GNU/Linux",
	    "Debian GNU/Linux 13 (trixie)", "13 (trixie)", "13", "6.12.48+deb13-amd64",
	    "#1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1 (2025-09-20)", .systemd = 257, .blind = true, .boot_ms = 4600),
	ROW(OS_UBUNTU2404, "ubuntu2404", FAMILY_LOGIND, "8.2.2", "ubuntu", "Ubuntu", "Ubuntu 24.04.3 LTS",
	    "24.04.3 LTS (Noble Numbat)", "24.04", "6.8.0-85-generic",
	    "#85-Ubuntu SMP PREEMPT_DYNAMIC Thu Sep 18 15:26:59 UTC 2025", .systemd = 255, .boot_ms = 6100),
	ROW(OS_ALMA9, "alma9", FAMILY_LOGIND, "9.1.0", "almalinux", "AlmaLinux", "AlmaLinux 9.6 (Sage Margay)",
	    "9.6 (Sage Margay)", "9.6", "5.14.0-570.42.2.el9_6.x86_64",
	    "#1 SMP PREEMPT_DYNAMIC Tue Sep 9 10:05:26 EDT 2025", .systemd = 252, .exec_blocked = true,
	    .boot_ms = 6800),
	ROW(OS_DEVUAN5, "devuan5", FAMILY_UTMP, "7.2.22", "devuan", "Devuan GNU/Linux", "Devuan GNU/Linux 5 (daedalus)",
	    "5 (daedalus)", "5", "6.1.0-40-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.153-1 (2025-09-20)",
	    .boot_ms = 4100),
	ROW(OS_FREEBSD14, "freebsd14", FAMILY_UTMP, "9.2.0", "freebsd", "FreeBSD", "FreeBSD 14.3-RELEASE",
	    "14.3-RELEASE", "14.3", "14.3-RELEASE-p3", "FreeBSD 14.3-RELEASE-p3 GENERIC", .boot_ms = 7400),
	ROW(OS_WINDOWS2022, "windows2022", FAMILY_WINDOWS, "109.1.0", "mswindows", "Microsoft Windows",
	    "Windows Server 2022 Standard", "Microsoft Windows Server 2022", "2022", "20348", "10.0",
	    .variant = "server", .variant_id = "server", .boot_ms = 9500),
	ROW(OS_WINDOWS11, "windows11", FAMILY_WINDOWS, "109.1.0", "mswindows", "Microsoft Windows", "Windows 11 Pro",
	    "Microsoft Windows 11", "11", "26100", "10.0", .variant = "client", .variant_id = "client",
	    .boot_ms = 8200),
};

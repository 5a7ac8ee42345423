/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_os.h - the operating systems that simulated guests run: one row each (os.c).
 */
#pragma once

#include "model/session.h"

enum demo_os_row {
	OS_DEBIAN12, /* what a guest runs where nothing else was said */
	OS_DEBIAN13,
	OS_UBUNTU2404,
	OS_ALMA9,
	OS_DEVUAN5,
	OS_FREEBSD14,
	OS_WINDOWS2022,
	OS_WINDOWS11,
	OS_COUNT
};

struct demo_os {
	const char *word; /* as scenarios call it */
	enum guest_family family;
	const char *agent;                                          /* the agent's version */
	const char *id, *name, *pretty_name, *version, *version_id; /* guest-get-osinfo */
	const char *variant, *variant_id;
	const char *kernel_release, *kernel_version;
	int systemd;              /* its version decides how loginctl prints; 0: none */
	bool blind;               /* no utmp: guest-get-users sees nobody */
	bool exec_blocked;        /* the distribution's own filter */
	const char *agent_domain; /* SELinux's, by Fedora's policy; NULL: nothing confines the agent */
	bool elogind;             /* its loginctl */
	bool agent_is_32_bit;     /* Windows: it finds the system's programs in Sysnative */
	const char *no_such_file; /* in the words of its C library; NULL: in English */
	int boot_ms;              /* from the start until the agent connects */
};

extern const struct demo_os demo_os_rows[OS_COUNT];

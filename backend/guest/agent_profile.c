/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_sessions.h"

void guest_profile_free(struct guest_profile *profile)
{
	agent_abilities_free(&profile->capabilities);
	agent_os_free(&profile->os);
	text_free(&profile->host_name);
	*profile = (struct guest_profile){ 0 };
}

struct remedy {
	const char *ids;              /* blank before and behind each */
	int from_version, to_version; /* to_version 0: any */
	const char *words;
};

static const struct remedy remedies[] = {
	{ " mswindows ", 0, 0,
	  N_("in the guest, remove guest-exec and guest-exec-status from the -b list (or add them to the -a list) in "
	     "ImagePath of HKLM\\SYSTEM\\CurrentControlSet\\Services\\QEMU-GA, then restart the service QEMU-GA") },
	{ " fedora ", 0, 0,
	  N_("in the guest, allow guest-exec and guest-exec-status in QEMU_GA_ARGS (older: BLACKLIST_RPC) of "
	     "/etc/sysconfig/qemu-ga, then: systemctl restart qemu-guest-agent") },
	{ " rhel centos almalinux rocky ol scientific ", 1, 8,
	  N_("in the guest, remove guest-exec and guest-exec-status from BLACKLIST_RPC in /etc/sysconfig/qemu-ga, "
	     "then: systemctl restart qemu-guest-agent") },
	{ " rhel centos almalinux rocky ol ", 9, 9,
	  N_("in the guest, in /etc/sysconfig/qemu-ga, add guest-exec,guest-exec-status to --allow-rpcs of "
	     "FILTER_RPC_ARGS (before 9.4: remove them from BLOCK_RPCS), then: systemctl restart qemu-guest-agent") },
	{ " rhel centos almalinux rocky ol rhcos ", 0, 0,
	  N_("in the guest, add guest-exec,guest-exec-status to --allow-rpcs of FILTER_RPC_ARGS in "
	     "/etc/sysconfig/qemu-ga, then: "
	     "systemctl restart qemu-guest-agent") },
	{ " freebsd ", 0, 0,
	  N_("in the guest, allow guest-exec and guest-exec-status where the agent is configured (OPNsense, pfSense: "
	     "\"Disabled "
	     "RPCs\" of the plugin; else qemu_guest_agent_flags in rc.conf), then restart the agent") },
	{ NULL, 0, 0,
	  N_("in the guest, remove guest-exec and guest-exec-status from block-rpcs (before 9.1: blacklist), or add "
	     "them to allow-rpcs, in [general] of /etc/qemu/qemu-ga.conf, then: systemctl restart qemu-guest-agent") },
};

static const struct remedy *find_remedy(const struct agent_os *os)
{
	char *id = mem_printf(" %s ", text_str(os->id));
	const int version = (int)strtol(text_str(os->version_id), NULL, 10);
	const struct remedy *found = remedies;

	while (found->ids && (!strstr(found->ids, id) ||
			      (found->to_version && (version < found->from_version || version > found->to_version))))
		found++;
	free(id);
	return found;
}

bool guest_profile_explain_blocked(const struct guest_profile *profile, struct err *err)
{
	if (profile->capabilities.exec_known_blocked)
		return err_set(err, ERR_AGENT_BLOCKED, _("the guest agent refuses guest-exec: %s"),
			       _(find_remedy(&profile->os)->words));
	return err_set(err, ERR_AGENT_ABSENT,
		       _("the guest agent (version %s) does not support guest-exec; install version 2.5 or later in "
			 "the guest"),
		       text_is_empty(profile->capabilities.version) ? _("unknown")
								    : text_str(profile->capabilities.version));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/guest_check.h"

static bool check_channel(enum agent_channel channel, const char *name, struct err *err)
{
	switch (channel) {
	case CHANNEL_ABSENT:
		return err_set(err, ERR_NO_CHANNEL,
			       _("%s has no guest agent channel; add an org.qemu.guest_agent.0 channel to the VM"),
			       name);
	case CHANNEL_DISCONNECTED:
		return err_set(
			err, ERR_NO_AGENT,
			_("no guest agent is connected in %s: it is not installed, not started, or the guest is still "
			  "booting; install or start qemu-guest-agent in the guest"),
			name);
	case CHANNEL_DENIED:
		return err_set(err, ERR_DENIED,
			       _("the host does not allow reading the definition of %s; ask for the right to read and "
				 "write this VM"),
			       name);
	default:
		return true;
	}
}

bool guest_check_facts(const struct vm_info *info, struct safe_text vm_name, struct err *err)
{
	return vm_state_allows_guest(info->state, text_str(vm_name), err) &&
	       check_channel(info->channel, text_str(vm_name), err);
}

bool guest_check(const struct agent_target *target, struct safe_text vm_name, struct err *err)
{
	struct vm_info info = { 0 };
	struct err why = { 0 };
	bool ok;

	if (!backend_get_info(target->backend, target->slot, &target->uuid, &info, &why))
		return err_set(err, why.kind, _("%s: cannot read its state: %s"), text_str(vm_name),
			       text_str(err_text(&why)));
	ok = guest_check_facts(&info, vm_name, err);
	vm_info_free(&info);
	return ok;
}

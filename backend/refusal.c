/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/refusal.h"

/*
 * QEMU gives "disabled" and "unknown" the same class (CommandNotFound), and libvirt before 11.2 the same
 * code as everything else, so the words are what tells them apart. qemu-ga never translates them.
 */
enum err_kind agent_classify_refusal(const char *desc)
{
	if (!desc)
		return ERR_AGENT_REFUSED;
	if (strstr(desc, "has been disabled"))
		return strstr(desc, "frozen state") ? ERR_AGENT_FROZEN : ERR_AGENT_BLOCKED;
	if (strstr(desc, "has not been found"))
		return ERR_AGENT_ABSENT;
	return ERR_AGENT_REFUSED;
}

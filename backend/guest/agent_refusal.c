/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent.h"

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

bool agent_err_is_surely_unsent(const struct err *err)
{
	switch (err->kind) {
	case ERR_USAGE:
	case ERR_CANCELLED:
	case ERR_DENIED:
	case ERR_UNREACHABLE:
	case ERR_NO_DOMAIN:
	case ERR_NOT_RUNNING:
	case ERR_PAUSED:
	case ERR_NO_CHANNEL:
	case ERR_NO_AGENT:
	case ERR_NOT_SENT:
	case ERR_AGENT_REFUSED:
	case ERR_AGENT_BLOCKED:
	case ERR_AGENT_ABSENT:
	case ERR_AGENT_FROZEN:
	case ERR_BUSY:
	case ERR_UNSUPPORTED:
		return true;
	default:
		return false;
	}
}

bool agent_err_is_passing(const struct err *err)
{
	return err->kind == ERR_NOT_SENT || err->kind == ERR_BUSY;
}

/* qemu-ga passes on glib's sentence and strerror(3), both in the agent's locale; LC_ALL=C is what services run in. */
static bool failed_to_execute(const struct err *err, const char *reason)
{
	return err->kind == ERR_AGENT_REFUSED && strstr(err->buf, reason);
}

bool agent_err_is_missing_program(const struct err *err)
{
	return failed_to_execute(err, "No such file or directory");
}

bool agent_err_is_denied_program(const struct err *err)
{
	return failed_to_execute(err, "Permission denied");
}

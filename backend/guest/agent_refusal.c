/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent.h"

enum fate {
	IN_FLIGHT = 1, /* nobody knows: the answer was lost, or makes no sense */
	UNSENT = 2,    /* refused by us, by the host or by the agent, or never written */
	AGENTS = 4,    /* ... and it is the agent who cannot: another way may serve */
	PASSING = 8,   /* ... and some seconds later it may */
};

/* Kinds without a row say nothing of the command: libvirt's errors that we have no kind for, system calls. */
static const unsigned char fates[ERR_KIND_COUNT] = {
	[ERR_USAGE] = UNSENT,
	[ERR_CANCELLED] = UNSENT,
	[ERR_DENIED] = UNSENT,
	[ERR_UNREACHABLE] = UNSENT,
	[ERR_LOST] = IN_FLIGHT,
	[ERR_NO_DOMAIN] = UNSENT,
	[ERR_NOT_RUNNING] = UNSENT,
	[ERR_PAUSED] = UNSENT,
	[ERR_NO_CHANNEL] = UNSENT | AGENTS,
	[ERR_NO_AGENT] = UNSENT | AGENTS,
	[ERR_AGENT_CLOSED] = UNSENT | AGENTS,
	[ERR_NOT_SENT] = UNSENT | AGENTS | PASSING,
	[ERR_NO_ANSWER] = IN_FLIGHT,
	[ERR_AGENT_REFUSED] = UNSENT | AGENTS,
	[ERR_AGENT_BLOCKED] = UNSENT | AGENTS,
	[ERR_AGENT_ABSENT] = UNSENT | AGENTS,
	[ERR_AGENT_FROZEN] = UNSENT | AGENTS,
	[ERR_AGENT_BROKEN] = IN_FLIGHT,
	[ERR_BUSY] = UNSENT | AGENTS | PASSING,
	[ERR_UNSUPPORTED] = UNSENT | AGENTS,
	[ERR_TIMED_OUT] = IN_FLIGHT,
};

static bool has_fate(const struct err *err, enum fate fate)
{
	return fates[err->kind] & fate;
}

bool agent_err_is_in_flight(const struct err *err)
{
	return has_fate(err, IN_FLIGHT);
}

bool agent_err_is_surely_unsent(const struct err *err)
{
	return has_fate(err, UNSENT);
}

bool agent_err_is_agents_no(const struct err *err)
{
	return has_fate(err, AGENTS);
}

bool agent_err_is_passing(const struct err *err)
{
	return has_fate(err, PASSING);
}

/*
 * qemu-ga passes on glib's sentence and strerror(3). It sets no locale, so both are in English; were they not, the next
 * way is tried as well (any refusal to start is one), and only what follows from a program's surely missing does not.
 */
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

hresult agent_err_code(const struct err *err)
{
	if (agent_err_is_denied_program(err))
		return E_ACCESS_DENIED;
	if (agent_err_is_missing_program(err))
		return VM_E_ADDITIONS_FEATURE_NOT_AVAIL;
	return result_from_err(err->kind);
}

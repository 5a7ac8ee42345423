/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_check.h - is there a guest to talk to at all? One look at the domain; the first step of every
 * machine that works through the agent. Worker thread.
 */
#ifndef INNKEEPER_GUEST_CHECK_H
#define INNKEEPER_GUEST_CHECK_H

#include "backend/guest/agent.h"

/* The same of facts that were looked at already. */
bool guest_check_facts(const struct vm_info *info, struct safe_text vm_name, struct err *err);
/* False: err's kind is the contract's reason (not running, paused, no channel ...), its text the next step. */
bool guest_check(const struct agent_target *target, struct safe_text vm_name, struct err *err);

#endif

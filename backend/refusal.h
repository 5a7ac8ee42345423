/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refusal.h - what the QEMU guest agent means when it refuses a command. Pure; any thread.
 */
#pragma once

#include "base/err.h"

/*
 * desc: the agent's own words for an error. ERR_AGENT_BLOCKED, _FROZEN, _ABSENT, else ERR_AGENT_REFUSED. libvirt puts
 * them behind "unable to execute QEMU agent command 'guest-exec': "; that prefix may stay. NULL is fine.
 *	qemu-ga 2.12   "The command guest-exec has been disabled for this instance"
 *	qemu-ga 7.2    "Command guest-exec has been disabled"
 *	newer          "Command guest-exec has been disabled: the command is not allowed"
 *	frozen         "Command guest-exec has been disabled: the agent is in frozen state"
 *	unknown        "The command guest-exec has not been found"
 */
enum err_kind agent_classify_refusal(const char *desc);

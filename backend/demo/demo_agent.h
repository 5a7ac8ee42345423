/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_agent.h - the simulated qemu-ga: one JSON command in, one JSON reply out, in the words and with
 * the errors of the real one.
 *
 * Source: QEMU, qga/qapi-schema.json, qga/commands*.c and qapi/qmp-dispatch.c (7.2 to 10.0).
 */
#pragma once

#include "backend/demo/demo_host.h"

/*
 * With the host locked, at host->now. *ret_reply is freed by the caller; NULL: no reply will come, because
 * the command (guest-shutdown) answers only where it fails. An error of the agent becomes err, as libvirt does it.
 */
bool demo_agent_answer(struct demo_host *host, struct demo_guest *guest, const char *command, char **ret_reply,
		       struct err *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_error.h - what libvirt's errors mean.
 *
 * Its texts (message, str1, str2) are in the language of the daemon, or in ours where the library itself raised the
 * error: no decision needs them. Codes, domains and errno decide, and the state of the domain, asked afterwards. What
 * stands in them as it is in every language may be looked for: the name of our agent command, and behind it the agent's
 * own words, which qemu-ga does not translate.
 *
 * Codes alone do not tell everything: libvirt before 11.2 says AGENT_UNRESPONSIVE both for an agent that is not there
 * and for one that was sent a command and kept silent. There the English words, where we find them, make it exact;
 * without them the command counts as sent, so that it is never sent twice. Pure, but for what reads or asks.
 */
#pragma once

#include "model/vm_info.h"

#include <libvirt/libvirt.h>

/* One error, with what we know about the call that met it. */
struct libvirt_failure {
	int code, domain, int1; /* virError */
	const char *message;    /* "internal error: unable to ..." */
	const char *detail;     /* str2: the same without its prefix; NULL where libvirt gave none */
	bool connecting;        /* met while opening the connection */
	void *owner;            /* of the texts: libvirt_failure_free(); NULL: they are borrowed */
	bool broken;            /* the connection is not alive any more */
	bool agent;             /* met by an agent command, with: */
	const char *command;    /* "guest-exec"; also of a call that sends one by the way. NULL: none */
	int64_t elapsed_ms;
	int64_t timeout_ms;
	enum vm_state state;          /* asked afterwards, where libvirt_failure_wants_state(); UNKNOWN: was not */
	unsigned long daemon_version; /* 11002000: 11.2; 0: was not asked */
};

bool libvirt_failure_wants_state(const struct libvirt_failure *failure);
enum err_kind libvirt_failure_kind(const struct libvirt_failure *failure);
/* Kind and text. Returns false. */
bool libvirt_failure_tell(const struct libvirt_failure *failure, struct err *err);

/*
 * For who asks further before it is told: this thread's last error, met by a call on conn (NULL: none yet). The
 * caller filled in connecting, agent, command and its times before.
 */
void libvirt_failure_read(struct libvirt_failure *failure, virConnectPtr conn);
void libvirt_failure_free(struct libvirt_failure *failure);

/* This thread's last error, met by a call on conn (NULL: none yet). Returns false. */
bool libvirt_err_last(virConnectPtr conn, struct err *err);
/* The same where more is known. */
bool libvirt_err_last_of(const struct libvirt_failure *known, virConnectPtr conn, struct err *err);

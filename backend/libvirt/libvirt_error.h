/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt_error.h - what libvirt's errors mean.
 *
 * Codes alone do not tell: libvirt before 11.2 says AGENT_UNRESPONSIVE both for an agent that is not
 * there and for one that was sent a command and kept silent, and INTERNAL_ERROR for whatever the agent
 * refused. So the words and the time that went by decide as well. Pure, but for libvirt_err_last*().
 */
#ifndef INNKEEPER_LIBVIRT_ERROR_H
#define INNKEEPER_LIBVIRT_ERROR_H

#include "base/err.h"

#include <libvirt/libvirt.h>

/* One error, with what we know about the call that met it. */
struct libvirt_failure {
	int code, domain, int1; /* virError */
	const char *message;    /* "internal error: unable to ..." */
	const char *detail;     /* str2: the same without its prefix; NULL where libvirt gave none */
	bool connecting;        /* met while opening the connection */
	bool broken;            /* the connection is not alive any more */
	bool agent;             /* met by an agent command, with: */
	int64_t elapsed_ms;
	int64_t timeout_ms;
};

enum err_kind libvirt_failure_kind(const struct libvirt_failure *failure);
/* Kind and text. Returns false. */
bool libvirt_failure_tell(const struct libvirt_failure *failure, struct err *err);

/* This thread's last error, met by a call on conn (NULL: none yet). Returns false. */
bool libvirt_err_last(virConnectPtr conn, struct err *err);
/* The same where more is known: the caller filled connecting, agent and its times. */
bool libvirt_err_last_of(const struct libvirt_failure *known, virConnectPtr conn, struct err *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * err.h - failure with words.
 *
 * A function that can fail takes `struct err *err` last, fills it and returns false (or NULL).
 * The kind is for code, the text is for a person: it says what failed and what to do next.
 * A struct err lives on the caller's stack, owns nothing and is copied by assignment.
 * Its text is safe at every moment. Any thread.
 */
#pragma once

#include "base/text.h"

enum err_kind {
	ERR_NONE,
	ERR_UNEXPECTED,    /* no row of its own; the text goes along */
	ERR_USAGE,         /* the user's words are off: command line, configuration, filter */
	ERR_SYSTEM,        /* a system call failed */
	ERR_CANCELLED,     /* by the user */
	ERR_DENIED,        /* read-only connection, lock, ACL, polkit, authentication */
	ERR_UNREACHABLE,   /* a host cannot be connected to */
	ERR_LOST,          /* the connection broke; a call in flight may have been carried out */
	ERR_NO_DOMAIN,     /* no such domain, or undefined meanwhile */
	ERR_NOT_RUNNING,   /* shut off, crashed, saved, shutting down */
	ERR_PAUSED,        /* paused, pm-suspended */
	ERR_NO_CHANNEL,    /* no org.qemu.guest_agent.0 channel in the domain */
	ERR_NO_AGENT,      /* the channel exists, no agent is connected on it */
	ERR_AGENT_CLOSED,  /* ... nor will be before it restarts: the host gave it up, and sends it nothing */
	ERR_NOT_SENT,      /* the agent did not answer the sync: the command was surely not sent */
	ERR_NO_ANSWER,     /* no answer in time: the command may have been carried out, or still may */
	ERR_AGENT_REFUSED, /* the agent answered with an error; the text is its description */
	ERR_AGENT_BLOCKED, /* ... namely: the command is disabled in the guest */
	ERR_AGENT_ABSENT,  /* ... namely: this agent does not know the command */
	ERR_AGENT_FROZEN,  /* ... namely: file systems are frozen, few commands are answered */
	ERR_AGENT_BROKEN,  /* what the agent answered is no valid reply (garbage, oversize) */
	ERR_BUSY,          /* another client holds the guest's agent */
	ERR_UNSUPPORTED,   /* this hypervisor driver has no such call */
	ERR_TIMED_OUT,     /* our own deadline */
	ERR_KIND_COUNT
};

enum { ERR_TEXT_MAX = 768 };

struct err {
	enum err_kind kind;
	char buf[ERR_TEXT_MAX]; /* read it with err_text() */
};

/* Sets kind and text; returns false, so that a function can end in `return err_set(...)`. err may be NULL. */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);
/* The same with ": strerror(error_number)" behind it; the kind is ERR_SYSTEM. */
bool err_set_errno(struct err *err, int error_number, const char *format, ...) PRINTF_LIKE(3, 4);
/* For sentences from outside (libvirt's message, an agent's description): it is sanitised. */
bool err_set_outside(struct err *err, enum err_kind kind, const char *ours, const char *outside);

static inline struct safe_text err_text(const struct err *err)
{
	return TEXT_TRUSTED(err->buf); /* view: valid while *err is */
}

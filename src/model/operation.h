/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * operation.h - what can be done to a VM: one row an operation (operation_rows.h).
 *
 * The row feeds the command line and its help, the dashboard's keys, menu, palette and dialogs, the man page, the
 * audit, the journal, JSON, and the re-check of unfinished tasks. Who carries it out stands in one more table,
 * backend/guest/op_create.c.
 */
#pragma once

#include "base/err.h"
#include "model/vm_info.h"

/* Who does it. */
enum operation_kind {
	OPERATION_OF_HOST,     /* one libvirt call on the domain, watched until its state is there (lifecycle.h) */
	OPERATION_OF_SESSIONS, /* the log-off (logoff.h) */
	OPERATION_OF_GUEST,    /* one command or program in the guest, or one a session (guest_op.h) */
	OPERATION_OF_PLAN,     /* made of others (drain.h) */
	OPERATION_OF_SNAPSHOT, /* libvirt's snapshots (snapshot_op.h) */
	OPERATION_KIND_COUNT
};

enum operation_flags {
	ASKS_ON_TERMINAL = 1,     /* the command line asks first; --yes elsewhere */
	DISRUPTS = 2,             /* production hosts' names, or the number of VMs, are typed; a warning in menus */
	LOSES_DATA = 4,           /* what the guest has not written, or what the VM is now, is lost */
	CHOOSES_SESSIONS = 8,     /* some of the sessions instead of all: --user, --session, boxes in the dialog */
	NEEDS_MESSAGE = 16,       /* nothing to do without one */
	NEEDS_SNAPSHOT = 32,      /* one that is there: its name stands behind the VM's */
	HAS_SHUTDOWN_MODES = 64,  /* by agent or by ACPI */
	REHEARSES_IN_GUEST = 128, /* a dry run asks the guest; others need no more than the VM's state */
	SHOWN_IN_FOOTER = 256,
	FOR_SYSTEM = 1024,   /* one agent command for the guest's system; users do not notice */
	HITS_SESSIONS = 512, /* done to the sessions that the question showed, not to whoever is on later */
};

enum operation {
#define OPERATION(id, ...) OP_##id,
#include "model/operation_rows.h"
#undef OPERATION
	OP_COUNT
};

struct operation_info {
	const char *name; /* on the command line, in JSON, journal and audit: "logoff" */
	enum operation_kind kind;
	unsigned flags;          /* enum operation_flags */
	const char *key;         /* in the dashboard (key.h); "" none */
	const char *action;      /* N_(), menu and help: "Log off users" */
	const char *help;        /* N_(), one sentence for the command line and the man page */
	const char *task;        /* N_(), "Log off the users of %s" */
	const char *question;    /* N_(), "Log off all users of %s?"; %s: a VM's name, or "3 VMs" */
	const char *button;      /* N_(), the answer that does it: "Log off" */
	const char *consequence; /* N_(), what happens, for the dialog; "" where the button says it */
	const char *late;     /* N_(), after the time-out: what is so, and what to do; "" where the operation says it */
	enum vm_state wanted; /* the state that shows that it is done; VM_STATE_UNKNOWN: none does */
	const char *refused[VM_STATE_COUNT]; /* N_(), why it makes no sense in this state; NULL: it may */
};

const struct operation_info *operation_get(enum operation operation);
const char *operation_name(enum operation operation);
bool operation_needs_agent(enum operation operation);
/* False also where no state shows it. */
bool operation_is_reached(enum operation operation, enum vm_state state);
/* By its name, or as journals of versions before 0.2 have it: "maintain", "close-door", "open-door". */
bool operation_find_recorded(const char *name, enum operation *ret_operation);
/* "Log off the users of web01"; owned. */
struct safe_text operation_describe(enum operation operation, struct safe_text vm_name);
/* "Log off all users of web01?"; name: a VM's, or "3 VMs". Owned. */
struct safe_text operation_question(enum operation operation, struct safe_text name);

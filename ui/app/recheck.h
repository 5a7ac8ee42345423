/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recheck.h - what a look at the VM says of an interrupted task: nothing is sent again, only compared.
 *
 * A log-off is compared by the sessions that its journal names: gone when a whole and proven list has none with
 * that id, user and log-on time. A verb is compared by the VM's state, a snapshot by the list of them. Of a door
 * nothing can be seen without touching the guest: the words say how it is opened.
 *
 * A VM that moved to another host proves nothing by being off here. It is looked at where it runs, if that host is
 * open, too; that another host has it and it does not run there says nothing either. Pure; recheck_find(): UI thread.
 */
#pragma once

#include "engine/journal.h"
#include "model/inventory.h"

enum recheck_verdict {
	RECHECK_DONE,        /* what it wanted is so */
	RECHECK_NOT_DONE,    /* it is not; start the task anew if it is still wanted */
	RECHECK_CANNOT_TELL, /* the VM does not show it */
};

struct recheck {
	enum recheck_verdict verdict;
	struct safe_text words;         /* owned: "alice is gone, bob is still logged on" */
	bool may_leave_logins_disabled; /* or something else that only the journal knows: not to be forgotten */
};

/* It ended well, and is kept because logins stay disabled: nothing to re-check, and no unfinished task. */
bool recheck_is_finished(const struct journal_entry *entry);
/* For one of snapshots, the VM's have to be asked for. */
bool recheck_needs_snapshots(const struct journal_entry *entry);
/* The VM of the task: where it runs, else on the host that the task was for. NULL: neither. elsewhere: NULL there. */
struct vm *recheck_find(const struct inventory *inventory, const struct journal_entry *entry,
			const struct host **ret_elsewhere);
/* vm, elsewhere: from recheck_find(), freshly looked at (for a log-off: its users asked). */
struct recheck recheck_entry(const struct journal_entry *entry, const struct vm *vm, const struct host *elsewhere);

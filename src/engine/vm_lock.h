/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm_lock.h - two consoles, one VM: one of them acts, the other is told who does.
 *
 * A lock is a file named after the UUID and locked by the kernel (F_OFD_SETLK, fcntl(2)), so it ends with its process
 * however that dies. It is taken in up to two directories, which decide who excludes whom:
 *
 *	$XDG_STATE_HOME/innkeeper/locks   always: all consoles of one user
 *	/run/innkeeper                    where it is there and we can write to it: all who can. Root makes it when it
 *	                                  first acts, for root and the group libvirt (2770); nobody else can enter, so
 *	                                  nobody else can hold up anybody. $INNKEEPER_LOCK_DIR names another one.
 *
 * Network namespaces make no difference. Other machines, and containers with files of their own, are not excluded; nor
 * are two users of whom one cannot write to /run/innkeeper. Worker thread: a disk may hang.
 */
#pragma once

#include "base/err.h"
#include "base/uuid.h"

struct vm_lock;

/*
 * Released with vm_lock_release(). NULL with ERR_UNEXPECTED: held by another, the text says who. NULL with another
 * kind: it cannot be taken.
 * is_private: a VM in this process alone; others may have one of the same UUID.
 */
struct vm_lock *vm_lock_take(const struct uuid *uuid, bool is_private, struct err *err);
void vm_lock_release(struct vm_lock *lock); /* NULL is fine */

/*
 * Looks at the directory that users share; makes nothing. 1: it is there, or is made with the first lock. 0: no lock
 * can be taken. -1: locks are taken, but exclude this user's consoles only. err says what is wrong with it.
 */
int vm_lock_check_shared(struct err *err);

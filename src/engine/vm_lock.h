/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm_lock.h - two consoles, one VM: one of them acts, the other is told who does.
 *
 * The lock is an abstract unix socket named after the UUID (unix(7)): it is seen by all users of the
 * machine, leaves nothing on disk, ends with its process however that dies, and the kernel tells who
 * holds it (SO_PEERCRED). It does not reach other machines, nor other network namespaces. Any thread.
 */
#ifndef INNKEEPER_VM_LOCK_H
#define INNKEEPER_VM_LOCK_H

#include "base/err.h"
#include "base/uuid.h"

/*
 * A descriptor to hold, released with vm_lock_release(); -1: held by another, the text says who.
 * is_private: a VM in this process alone; others may have one of the same UUID.
 */
int vm_lock_take(const struct uuid *uuid, bool is_private, struct err *err);
void vm_lock_release(int lock); /* -1 is fine */

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_guest_calls.h - how the fake guest answers what its host is asked: for fake_guest*.c alone. */
#ifndef INNKEEPER_TESTS_FAKE_GUEST_CALLS_H
#define INNKEEPER_TESTS_FAKE_GUEST_CALLS_H

#include "fake_guest.h"

/* Notes the call (its log line; taken over), lets time pass, and returns the fault that is planned for it, or NULL. */
struct fake_fault *fake_begin_call(struct fake_guest *guest, char *line);
bool fake_end_call(const struct fake_fault *fault, struct err *err);

bool fake_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			struct err *err);
bool fake_snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			  struct err *err);
bool fake_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err);
bool fake_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err);

#endif

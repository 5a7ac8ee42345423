/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_guest_calls.h"

#include <string.h>

static void make_current(struct fake_guest *guest, const char *key)
{
	for (size_t i = 0; i < guest->snapshots.count; i++)
		guest->snapshots.at[i].current = strcmp(guest->snapshots.at[i].key, key) == 0;
}

bool fake_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault = fake_begin_call(guest, mem_strdup("snapshots"));

	(void)slot, (void)uuid;
	*ret = (struct snapshot_list){ .more = guest->snapshots.more };
	for (size_t i = 0; !fault && i < guest->snapshots.count; i++) {
		struct snapshot *copy = snapshot_list_add(ret, guest->snapshots.at[i].key);

		copy->current = guest->snapshots.at[i].current;
		copy->created = guest->snapshots.at[i].created;
	}
	return fake_end_call(fault, err);
}

bool fake_snapshot_create(struct backend *be, int slot, const struct uuid *uuid, const struct snapshot_order *order,
			  struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault = fake_begin_call(guest, mem_printf("snapshot-create %s%s%s", order->name,
									   order->disks_only ? " disks" : "",
									   order->quiesce ? " quiesced" : ""));

	(void)slot, (void)uuid;
	if (!fault || fault->carried_out) {
		snapshot_list_add(&guest->snapshots, order->name);
		make_current(guest, order->name);
	}
	return fake_end_call(fault, err);
}

bool fake_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault = fake_begin_call(guest, mem_printf("snapshot-revert %s", key));

	(void)slot, (void)uuid;
	if (!fault || fault->carried_out)
		make_current(guest, key);
	return fake_end_call(fault, err);
}

bool fake_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key, struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault = fake_begin_call(guest, mem_printf("snapshot-delete %s", key));

	(void)slot, (void)uuid;
	for (size_t i = guest->snapshots.count; (!fault || fault->carried_out) && i-- > 0;)
		if (strcmp(guest->snapshots.at[i].key, key) == 0)
			snapshot_list_remove(&guest->snapshots, i);
	return fake_end_call(fault, err);
}
